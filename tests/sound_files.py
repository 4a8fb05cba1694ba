#!/usr/bin/env python3
"""300 sound image files of every kind that cameras, scanners and programs write, and what the program reads.

    cargo build --release -p kizumi-image --example decode
    tests/sound_files.py target/release/examples/decode [FOLDER]

Needs numpy, Pillow, tifffile and imagecodecs. Each file is made of known pixels. It is right when the program's
pixels are within 1/255 of what is expected (of lossy files: of what Pillow or tifffile reads), or when it is
refused for the reason that the list says. Exit 0 when all are.
"""
import io, itertools, pathlib, struct, subprocess, sys, tempfile, zlib

import numpy as np
import tifffile
from PIL import Image, PngImagePlugin

H, W = 37, 53  # neither square nor whole blocks or tiles
CASES = []  # name, bytes, expected [H, W] or [H, W, 3] in 0..1 or words of the refusal, tolerance


def case(name, data, expected, tolerance=1 / 255):
    CASES.append((name, data, expected, tolerance))


def grey(white):
    y, x = np.mgrid[:H, :W]
    return ((y / H * 0.7 + 0.3 * np.sin(x / 5) ** 2) * white + 0.5).clip(0, white).astype(int)


def rgb(white):
    y, x = np.mgrid[:H, :W]
    planes = [y / H, x / W, 0.5 + 0.5 * np.sin((x + 2 * y) / 9)]
    return (np.stack(planes, -1) * white + 0.5).clip(0, white).astype(int)


def alpha(white):
    y, x = np.mgrid[:H, :W]
    return ((x / W) * white + 0.5).clip(0, white).astype(int)


def over_white(colour, a):
    a = a[..., None] if colour.ndim == 3 else a
    return colour * a + 1 - a


def turned(array, orientation):
    """As EXIF says: what is stored, made upright."""
    flips = {1: lambda a: a, 2: np.fliplr, 3: lambda a: np.rot90(a, 2), 4: np.flipud,
             5: lambda a: a.swapaxes(0, 1), 6: lambda a: np.rot90(a, 3),
             7: lambda a: np.rot90(a, 2).swapaxes(0, 1), 8: np.rot90}
    return flips[orientation](array)


def exif(orientation, prefix=b''):
    return prefix + b'II*\0' + struct.pack('<IHHHIHHI', 8, 1, 274, 3, 1, orientation, 0, 0)


def pil(array, **options):
    out = io.BytesIO()
    image = array if isinstance(array, Image.Image) else Image.fromarray(array)
    image.save(out, **options)
    return out.getvalue()


def read_by_pillow(data):
    image = Image.open(io.BytesIO(data))
    array = np.asarray(image.convert('L' if image.mode == 'L' else 'RGB')) / 255
    return array


# --- PNG ---------------------------------------------------------------------------------------------------

def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def png(samples, bits, colour, palette=b'', trns=b'', interlaced=False, extra=b'', behind=b''):
    """Written by hand: samples [H, W, C], bits each, colour type of the header."""
    def packed(part):
        out = b''
        for row in part.reshape(len(part), -1):
            if bits == 16:
                raw = row.astype('>u2').tobytes()
            elif bits == 8:
                raw = row.astype('u1').tobytes()
            else:
                flat = np.unpackbits(row.astype('u1')[:, None], axis=1)[:, 8 - bits:].reshape(-1)
                raw = np.packbits(flat).tobytes()
            out += b'\0' + raw
        return out
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    if interlaced:
        data = b''.join(packed(samples[y::dy, x::dx]) for y, x, dy, dx in passes if samples[y::dy, x::dx].size)
    else:
        data = packed(samples)
    h, w = samples.shape[:2]
    header = struct.pack('>IIBBBBB', w, h, bits, colour, 0, 0, int(interlaced))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + extra + (chunk(b'PLTE', palette) if palette else b'')
            + (chunk(b'tRNS', trns) if trns else b'') + chunk(b'IDAT', zlib.compress(data)) + behind
            + chunk(b'IEND', b''))


def pngs():
    for interlaced, bits in itertools.product([False, True], [1, 2, 4, 8, 16]):
        white = 2**bits - 1
        tag = f"{bits}{'_interlaced' if interlaced else ''}.png"
        case(f'grey_{tag}', png(grey(white)[..., None], bits, 0, interlaced=interlaced), grey(white) / white)
        if bits >= 8:
            g, c, a = grey(white), rgb(white), alpha(white)
            case(f'rgb_{tag}', png(c, bits, 2, interlaced=interlaced), c / white)
            both = np.concatenate([g[..., None], a[..., None]], -1)
            case(f'grey_alpha_{tag}', png(both, bits, 4, interlaced=interlaced), over_white(g / white, a / white))
            both = np.concatenate([c, a[..., None]], -1)
            case(f'rgba_{tag}', png(both, bits, 6, interlaced=interlaced), over_white(c / white, a / white))
            both[..., 3] = 0
            case(f'rgba_alpha0_{tag}', png(both, bits, 6, interlaced=interlaced), c / white)
        if bits <= 8:
            colours = (np.arange(3 * 2**bits).reshape(-1, 3) * 37 % 256).astype('u1')
            index = grey(white)
            case(f'palette_{tag}', png(index[..., None], bits, 3, colours.tobytes(), interlaced=interlaced),
                 colours[index] / 255)
            trns = (np.arange(2**bits) * 11 % 256).astype('u1')
            case(f'palette_trns_{tag}', png(index[..., None], bits, 3, colours.tobytes(), trns.tobytes(), interlaced),
                 over_white(colours[index] / 255, trns[index] / 255))
    g = grey(255)
    for place, orientation in itertools.product(['before', 'behind'], range(1, 9)):
        block = chunk(b'eXIf', exif(orientation))
        data = png(g[..., None], 8, 0, **({'extra': block} if place == 'before' else {'behind': block}))
        case(f'exif_{place}_{orientation}.png', data, turned(g, orientation) / 255)
    trns = struct.pack('>H', 100)
    clear = np.where(g == 100, 0.0, 1.0)
    case('grey_trns.png', png(g[..., None], 8, 0, trns=trns), over_white(g / 255, clear))
    used = grey(4095)
    case('grey_12_of_16.png', png(used[..., None], 16, 0), used / 4095)


# --- BMP ---------------------------------------------------------------------------------------------------

def bmp(header_bytes, bits, compression, rows, palette=b'', masks=b'', top_down=False, colours=0):
    header = struct.pack('<IiiHHIIiiII', header_bytes, W, -H if top_down else H, 1, bits, compression, len(rows),
                         2835, 2835, colours, 0)
    body = header + masks
    body += b'\0' * max(0, header_bytes - len(body)) + palette
    return b'BM' + struct.pack('<IHHI', 14 + len(body) + len(rows), 0, 0, 14 + len(body)) + body + rows


def bmp_rows(values, top_down=False):
    """values [H, bytes]: padded to 4 bytes, the last row first."""
    pad = -values.shape[1] % 4
    values = np.pad(values.astype('u1'), ((0, 0), (0, pad)))
    return (values if top_down else values[::-1]).tobytes()


def rle8(index):
    out = b''
    for row in index[::-1]:
        for value, run in itertools.groupby(row):
            n = len(list(run))
            while n:
                out += bytes([min(n, 255), value])
                n -= min(n, 255)
        out += b'\0\0'
    return out[:-2] + b'\0\1'


def rle4(index):
    out = b''
    for row in index[::-1]:
        for value, run in itertools.groupby(row):
            n = len(list(run))
            out += bytes([n, value * 17])
        out += b'\0\0'
    return out[:-2] + b'\0\1'


def bmps():
    c, a = rgb(255), alpha(255)
    for top_down in [False, True]:
        tag = '_top_down.bmp' if top_down else '.bmp'
        for bits in [1, 4, 8]:
            colours = (np.arange(4 * 2**bits).reshape(-1, 4) * 41 % 256).astype('u1')
            index = grey(2**bits - 1)
            flat = np.unpackbits(index.astype('u1')[..., None], axis=2)[..., 8 - bits:].reshape(H, -1)
            rows = bmp_rows(np.packbits(flat, axis=1), top_down)
            case(f'palette_{bits}{tag}', bmp(40, bits, 0, rows, colours.tobytes(), top_down=top_down),
                 colours[index][..., 2::-1] / 255)
        bgr = c[..., ::-1].reshape(H, -1)
        case(f'rgb_24{tag}', bmp(40, 24, 0, bmp_rows(bgr, top_down), top_down=top_down), c / 255)
        for value in [0, 255, None]:
            bgra = np.dstack([c[..., ::-1], a if value is None else np.full((H, W), value)]).reshape(H, -1)
            rows = bmp_rows(bgra, top_down)
            name = {0: 'zero', 255: 'full', None: 'ramp'}[value]
            case(f'info_32_{name}{tag}', bmp(40, 32, 0, rows, top_down=top_down), c / 255)
            masks = struct.pack('<IIII', 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
            blended = over_white(c / 255, a / 255) if value is None else c / 255
            for size in [56, 108, 124]:
                case(f'v{size}_32_{name}{tag}', bmp(size, 32, 3, rows, masks=masks, top_down=top_down), blended)
        c5 = rgb(31)
        for used, name in [(0x8000, 'opaque'), (0, 'zero')]:
            word = (c5[..., 0] << 10 | c5[..., 1] << 5 | c5[..., 2] | used).astype('<u2')
            rows = bmp_rows(word.view('u1').reshape(H, -1), top_down)
            masks = struct.pack('<IIII', 0x7C00, 0x3E0, 0x1F, 0x8000)
            case(f'a1r5g5b5_{name}{tag}', bmp(56, 16, 3, rows, masks=masks, top_down=top_down), c5 / 31)
            case(f'x1r5g5b5_{name}{tag}', bmp(40, 16, 0, rows, top_down=top_down), c5 / 31)
    colours = (np.arange(4 * 256).reshape(-1, 4) * 41 % 256).astype('u1')
    index = grey(255)
    case('rle8.bmp', bmp(40, 8, 1, rle8(index), colours.tobytes()), colours[index][..., 2::-1] / 255)
    index = grey(15)
    case('rle4.bmp', bmp(40, 4, 2, rle4(index), colours[:16].tobytes()), colours[index][..., 2::-1] / 255)
    same = np.repeat(grey(255)[..., None], 3, -1)
    case('grey_24.bmp', bmp(40, 24, 0, bmp_rows(same.reshape(H, -1))), grey(255) / 255)


# --- JPEG and WebP -----------------------------------------------------------------------------------------

def jpegs():
    smooth = Image.fromarray(rgb(255).astype('u1')).resize((W, H))
    for quality, sampling, progressive in itertools.product([75, 95], [0, 1, 2], [False, True]):
        data = pil(smooth, format='JPEG', quality=quality, subsampling=sampling, progressive=progressive)
        case(f'q{quality}_s{sampling}{"_progressive" if progressive else ""}.jpg', data, read_by_pillow(data), 0.1 / 255)
    g = Image.fromarray(grey(255).astype('u1'))
    data = pil(g, format='JPEG', quality=90)
    case('grey.jpg', data, read_by_pillow(data))
    for orientation in range(1, 9):
        data = pil(g, format='JPEG', quality=90, exif=exif(orientation, b'Exif\0\0'))
        case(f'exif_{orientation}.jpg', data, turned(read_by_pillow(data), orientation))


def riff(chunks):
    body = b'WEBP' + b''.join(k + struct.pack('<I', len(d)) + d + b'\0' * (len(d) % 2) for k, d in chunks)
    return b'RIFF' + struct.pack('<I', len(body)) + body


def webps():
    c, a, g = rgb(255), alpha(255), grey(255)
    case('lossless.webp', pil(c.astype('u1'), format='WEBP', lossless=True), c / 255)
    both = np.dstack([c, a]).astype('u1')
    case('lossless_alpha.webp', pil(both, format='WEBP', lossless=True, exact=True), over_white(c / 255, a / 255))
    both[..., 3] = 0
    case('lossless_alpha0.webp', pil(both, format='WEBP', lossless=True, exact=True), c / 255)
    same = np.repeat(g[..., None], 3, -1).astype('u1')
    case('grey.webp', pil(same, format='WEBP', lossless=True), g / 255)
    for quality in [60, 90]:
        data = pil(c.astype('u1'), format='WEBP', quality=quality)
        case(f'q{quality}.webp', data, read_by_pillow(data))
    both[..., 3] = a
    data = pil(both, format='WEBP', quality=90)
    read = np.asarray(Image.open(io.BytesIO(data)).convert('RGBA')) / 255
    case('q90_alpha.webp', data, over_white(read[..., :3], read[..., 3]))
    plain = pil(c.astype('u1'), format='WEBP', lossless=True)
    for orientation, prefix in itertools.product(range(1, 9), [b'', b'Exif\0\0']):
        head = struct.pack('<I', 8) + struct.pack('<I', W - 1)[:3] + struct.pack('<I', H - 1)[:3]
        size = struct.unpack('<I', plain[16:20])[0]
        data = riff([(b'VP8X', head), (plain[12:16], plain[20:20 + size]), (b'EXIF', exif(orientation, prefix))])
        name = f'exif_{orientation}{"_prefix" if prefix else ""}.webp'
        case(name, data, turned(c, orientation) / 255)


# --- TIFF --------------------------------------------------------------------------------------------------

def tif(array, **options):
    out = io.BytesIO()
    big = options.pop('bigtiff', False)
    order = options.pop('byteorder', '<')
    with tifffile.TiffWriter(out, bigtiff=big, byteorder=order) as writer:
        writer.write(array, **{'metadata': None, **options})
    return out.getvalue()


def tiffs():
    kinds = {'grey': dict(photometric='minisblack'), 'rgb': dict(photometric='rgb')}
    packings = {'none': dict(), 'lzw': dict(compression='lzw'), 'deflate': dict(compression='zlib'),
                'packbits': dict(compression='packbits'), 'lzw_predictor': dict(compression='lzw', predictor=2),
                'deflate_predictor': dict(compression='zlib', predictor=2)}
    for (kind, how), bits, (packing, packed), order in itertools.product(
            kinds.items(), [8, 16], packings.items(), '<>'):
        white = 2**bits - 1
        values = (grey if kind == 'grey' else rgb)(white).astype(f'u{bits // 8}')
        name = f'{kind}_{bits}_{packing}_{"le" if order == "<" else "be"}.tif'
        case(name, tif(values, byteorder=order, rowsperstrip=10, **how, **packed), values / white)
    for kind, packing, planar in itertools.product(['grey', 'rgb'], ['none', 'lzw_predictor', 'deflate'], [0, 1]):
        if kind == 'grey' and planar:
            continue
        values = (grey if kind == 'grey' else rgb)(255).astype('u1')
        stored = np.moveaxis(values, -1, 0) if planar else values
        how = dict(photometric='rgb' if kind == 'rgb' else 'minisblack', **packings[packing])
        if kind == 'rgb':
            how['planarconfig'] = 'separate' if planar else 'contig'
        tag = f'{kind}_{packing}{"_planar" if planar else ""}'
        case(f'tiled_{tag}.tif', tif(stored, tile=(16, 32), **how), values / 255)
        case(f'big_{tag}.tif', tif(stored, bigtiff=True, **how), values / 255)
        case(f'big_tiled_{tag}.tif', tif(stored, bigtiff=True, byteorder='>', tile=(32, 16), **how), values / 255)
        if planar:
            case(f'strips_{tag}.tif', tif(stored, rowsperstrip=7, **how), values / 255)
            deep = np.moveaxis(rgb(65535), -1, 0).astype('u2')
            case(f'tiled_16_{tag}.tif', tif(deep, tile=(16, 16), byteorder='>', **how), rgb(65535) / 65535)
    for bits in [1, 2, 4, 6, 7]:
        white = 2**bits - 1
        values = grey(white).astype('u1')
        for kind in ['minisblack', 'miniswhite']:
            expected = values / white if kind == 'minisblack' else 1 - values / white
            data = tif(values.astype(bool) if bits == 1 else values, photometric=kind,
                       **({} if bits == 1 else {'bitspersample': bits}))
            case(f'{kind}_{bits}.tif', data, expected)
    for bits in [10, 12, 14]:
        values = grey(2**bits - 1).astype('u2')
        case(f'packed_{bits}.tif', tif(values, photometric='minisblack', bitspersample=bits), values / (2**bits - 1))
        case(f'used_{bits}_of_16.tif', tif(values, photometric='minisblack'), values / (2**bits - 1))
    case('miniswhite_8.tif', tif(grey(255).astype('u1'), photometric='miniswhite'), 1 - grey(255) / 255)
    case('miniswhite_16.tif', tif(grey(65535).astype('u2'), photometric='miniswhite'), 1 - grey(65535) / 65535)
    for bits, kind in itertools.product([8, 16], ['grey', 'rgb']):
        white = 2**bits - 1
        colour = (grey if kind == 'grey' else rgb)(white)
        a = alpha(white)
        how = dict(photometric='rgb' if kind == 'rgb' else 'minisblack')
        stack = lambda c, a: np.dstack([c, a]).astype(f'u{bits // 8}')
        name = f'{kind}_alpha_{bits}'
        case(f'{name}.tif', tif(stack(colour, a), extrasamples=['unassalpha'], planarconfig='contig', **how),
             over_white(colour / white, a / white))
        share = a / white if kind == 'grey' else a[..., None] / white
        multiplied = (colour * share + 0.5).astype(int)
        case(f'{name}_associated.tif',
             tif(stack(multiplied, a), extrasamples=['assocalpha'], planarconfig='contig', **how),
             over_white(colour / white, a / white))
        case(f'{name}_zero.tif', tif(stack(colour, a * 0), extrasamples=['unassalpha'], planarconfig='contig', **how),
             colour / white)
        case(f'{name}_unspecified.tif',
             tif(stack(colour, a), extrasamples=['unspecified'], planarconfig='contig', **how), colour / white)
    for bits in [4, 8]:
        map_ = (np.arange(3 * 256).reshape(3, -1) * 977 % 65536).astype('u2')
        index = grey(2**bits - 1).astype('u1')
        options = {} if bits == 8 else {'bitspersample': 4}
        for packing in ['none', 'lzw', 'packbits']:
            if bits == 4 and packing != 'none':
                continue
            data = tif(index, photometric='palette', colormap=map_, **options, **packings[packing])
            case(f'palette_{bits}_{packing}.tif', data, np.moveaxis(map_[:, index], 0, -1) / 65535)
    for kind in ['grey', 'rgb']:
        values = ((grey if kind == 'grey' else rgb)(65535) / 65535).astype('f4')
        how = dict(photometric='rgb' if kind == 'rgb' else 'minisblack')
        for order, predictor in itertools.product('<>', [None, 3]):
            packed = dict(compression='zlib', predictor=3) if predictor else {}
            name = f'float32_{kind}_{"le" if order == "<" else "be"}{"_predictor" if predictor else ""}.tif'
            case(name, tif(values, byteorder=order, **how, **packed), values)
        case(f'float32_{kind}_beyond.tif', tif(values * 4095, **how), 'floating-point values from')
        case(f'float64_{kind}.tif', tif(values.astype('f8'), **how), 'floating-point values of 64 bits')
        case(f'float16_{kind}.tif', tif(values.astype('f2'), **how), 'floating-point values of 16 bits')
    g = grey(255)
    for dtype, words in [('u4', 'integers of 32 bits'), ('i2', 'signed integers of 16 bits'), ('i1', 'signed'),
                         ('u8', 'integers of 64 bits')]:
        case(f'{dtype}.tif', tif((g // 3).astype(dtype), photometric='minisblack'), words)
    case('zstd.tif', tif(g.astype('u1'), photometric='minisblack', compression='zstd'), 'Zstandard compression')
    case('lzma.tif', tif(g.astype('u1'), photometric='minisblack', compression='lzma'), 'LZMA compression')
    case('cmyk.tif', pil(Image.fromarray(np.dstack([rgb(255), g // 2]).astype('u1'), 'CMYK'), format='TIFF'),
         (1 - rgb(255) / 255) * (1 - (g // 2)[..., None] / 255))
    for orientation in range(1, 9):
        tag = [(274, 'H', 1, orientation, True)]
        case(f'orientation_{orientation}.tif', tif(g.astype('u1'), photometric='minisblack', extratags=tag),
             turned(g, orientation) / 255)
    fours = np.array(Image.fromarray(rgb(255).astype('u1')))
    for tile, colour in itertools.product([None, (32, 32)], ['ycbcr', 'rgb']):
        how = dict(photometric='rgb', compression='jpeg', compressionargs={'level': 95})
        if colour == 'rgb':
            how['compressionargs'] = {'level': 95, 'outcolorspace': 'rgb'}
        if tile:
            how['tile'] = tile
        data = tif(fours, **how)
        expected = tifffile.imread(io.BytesIO(data)) / 255
        case(f'jpeg_{colour}{"_tiled" if tile else ""}.tif', data, expected)
    data = tif(g.astype('u1'), photometric='minisblack', compression='jpeg')
    case('jpeg_grey.tif', data, tifffile.imread(io.BytesIO(data)) / 255)
    # By libtiff: with its tables apart, 16 rows a strip.
    for mode, quality in itertools.product(['RGB', 'L', 'YCbCr'], [75, 95]):
        image = Image.fromarray(fours).convert(mode)
        data = pil(image, format='TIFF', compression='jpeg', quality=quality)
        expected = read_by_pillow(data)
        case(f'libtiff_jpeg_{mode}_{quality}.tif', data, expected)
    for packing in ['tiff_lzw', 'tiff_adobe_deflate', 'packbits', 'group4', 'group3']:
        if packing.startswith('group'):
            bits = Image.fromarray((g > 99).astype('u1') * 255).convert('1')
            expected = (g > 99) * 1.0 if packing == 'group4' else 'CCITT group 3'
            case(f'libtiff_{packing}.tif', pil(bits, format='TIFF', compression=packing), expected)
        else:
            case(f'libtiff_{packing}.tif', pil(fours, format='TIFF', compression=packing), rgb(255) / 255)
    # The lowest bit first: of bytes, of bits, and of what is compressed.
    mirrored = lambda raw: bytes(int(f'{byte:08b}'[::-1], 2) for byte in raw)
    for bits, packing in [(1, 'none'), (4, 'none'), (8, 'none'), (8, 'lzw'), (8, 'packbits')]:
        white = 2**bits - 1
        values = grey(white).astype('u1')
        options = {} if bits in (1, 8) else {'bitspersample': bits}
        data = tif(values.astype(bool) if bits == 1 else values, photometric='minisblack', **options,
                   **packings[packing])
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            places = list(zip(file.pages[0].dataoffsets, file.pages[0].databytecounts))
        for start, length in places:
            data = data[:start] + mirrored(data[start:start + length]) + data[start + length:]
        # The unit of the resolution makes way for the order.
        unit = struct.pack('<HHI', 296, 3, 1)
        at = data.index(unit)
        data = data[:at] + struct.pack('<HHIHH', 266, 3, 1, 2, 0) + data[at + 12:]
        case(f'fill_order_{bits}_{packing}.tif', data, values / white)
    # Several pages.
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        writer.write(fours[::4, ::4], photometric='rgb', subfiletype=1, metadata=None)
        writer.write(fours, photometric='rgb', metadata=None)
        writer.write(fours[::-1], photometric='rgb', metadata=None)
    case('thumbnail_first.tif', out.getvalue(), rgb(255) / 255)
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        writer.write(fours, photometric='rgb', subifds=1, metadata=None)
        writer.write(fours[::2, ::2], photometric='rgb', subfiletype=1, metadata=None)
    case('pyramid.tif', out.getvalue(), rgb(255) / 255)
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        writer.write(fours[::2, ::2], photometric='rgb', subfiletype=1, subifds=1, metadata=None)
        writer.write(fours, photometric='rgb', metadata=None)
    case('thumbnail_with_the_picture_inside.tif', out.getvalue(), rgb(255) / 255)
    five = np.dstack([rgb(255), g, g]).astype('u1')
    case('five_channels.tif', tif(five, photometric='rgb', planarconfig='contig', extrasamples=['unspecified'] * 2),
         rgb(255) / 255)


def compare(program, folder):
    paths = []
    for name, data, _, _ in CASES:
        path = folder / name
        path.write_bytes(data)
        paths.append(str(path))
    pixels = folder / 'pixels'
    pixels.mkdir(exist_ok=True)
    lines = {}
    for at in range(0, len(paths), 100):
        run = subprocess.run([program, str(pixels), *paths[at:at + 100]], capture_output=True, text=True, check=True)
        lines.update((line.split('\t')[0], line.split('\t')[1:]) for line in run.stdout.splitlines())
    wrong = refused = 0
    for name, _, expected, tolerance in CASES:
        line = lines[name]
        if isinstance(expected, str):
            ok, what = line[0] == 'refused' and expected in line[1], ' '.join(line)
            refused += ok
        elif line[0] == 'refused':
            ok, what = False, ' '.join(line)
        else:
            width, height, channels = map(int, line[:3])
            raw = np.frombuffer((pixels / f'{name}.raw').read_bytes(), '<u2') / 65535
            got = raw.reshape(height, width, channels)
            want = expected if expected.ndim == 3 else expected[..., None]
            # Grey in three channels is the same picture.
            fits = got.shape[:2] == want.shape[:2]
            off = np.abs(got - want).max() if fits else 9
            ok, what = off <= tolerance + 1e-4, f'{got.shape} for {want.shape}, off by {off * 255:.1f} / 255'
        if not ok:
            wrong += 1
            print(f'{name}: {what}')
    print(f'{len(CASES)} sound files: {len(CASES) - wrong - refused} read with the right pixels, {refused} refused in '
          f'true words, {wrong} wrong')
    return wrong


if __name__ == '__main__':
    for make in [pngs, bmps, jpegs, webps, tiffs]:
        make()
    assert len({name for name, *_ in CASES}) == len(CASES), 'two cases of one name'
    with tempfile.TemporaryDirectory() as spare:
        target = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else spare)
        target.mkdir(parents=True, exist_ok=True)
        sys.exit(bool(compare(sys.argv[1], target)))
