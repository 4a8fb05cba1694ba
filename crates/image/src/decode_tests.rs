#![allow(clippy::unwrap_used)]

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{
    ExtendedColorType, GrayImage, ImageBuffer, ImageEncoder, Luma, Rgb, RgbImage, Rgba, RgbaImage,
};
use proptest::prelude::*;

use super::*;
use crate::input::DataConfig;
use crate::prepare::prepare;
use crate::remark::{FileDoubt, Remark};

const FORMATS: [ImageFormat; 5] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::Bmp,
    ImageFormat::Tiff,
    ImageFormat::WebP,
];

fn photo() -> RgbImage {
    RgbImage::from_fn(32, 24, |x, y| {
        Rgb([x as u8 * 8, y as u8 * 10, 255 - x as u8 * 8])
    })
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn decode_all(bytes: &[u8]) -> Result<DynamicImage, Reason> {
    decode_bytes(bytes, Limits::HARD, Backdrop::White).map(|decoded| decoded.image)
}

/// An Exif block that holds nothing but an orientation, little endian.
fn exif(orientation: u8) -> Vec<u8> {
    let mut block = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    block
}

/// A PNG chunk with its checksum.
fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = (data.len() as u32).to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(data);
    let mut crc = u32::MAX;
    for &byte in &chunk[4..] {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 * (crc & 1));
        }
    }
    chunk.extend((!crc).to_be_bytes());
    chunk
}

/// A well-formed PNG whose header promises a huge black picture in a few bytes.
fn png_bomb(side: u32) -> Vec<u8> {
    let mut header = side.to_be_bytes().repeat(2);
    header.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(png_chunk(b"IHDR", &header));
    png.extend(png_chunk(b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]));
    png.extend(png_chunk(b"IEND", &[]));
    png
}

#[test]
fn every_format_keeps_grey_and_rgb_apart() {
    for format in FORMATS {
        let rgb = decode_all(&encode(&photo().into(), format)).unwrap();
        assert_eq!((rgb.width(), rgb.height()), (32, 24), "{format:?}");
        let near =
            |a: &RgbImage, b: &RgbImage| a.iter().zip(b.iter()).all(|(&a, &b)| a.abs_diff(b) < 40);
        let DynamicImage::ImageRgb8(pixels) = rgb else {
            panic!("{format:?} lost its colours")
        };
        assert!(near(&pixels, &photo()), "{format:?}");
        let mut grey: DynamicImage = GrayImage::from_pixel(5, 4, Luma([90])).into();
        if format == ImageFormat::WebP {
            grey = grey.to_rgb8().into();
        }
        let decoded = decode_all(&encode(&grey, format)).unwrap();
        assert_eq!(decoded.color(), image::ColorType::L8, "{format:?}");
        assert!(decoded.as_bytes().iter().all(|&v| v.abs_diff(90) < 3));
    }
}

#[test]
fn sixteen_bits_survive() {
    let deep: ImageBuffer<Luma<u16>, Vec<u16>> =
        ImageBuffer::from_fn(7, 5, |x, y| Luma([(x * 9001 + y * 77) as u16]));
    let colour: ImageBuffer<Rgb<u16>, Vec<u16>> =
        ImageBuffer::from_fn(7, 5, |x, y| Rgb([x as u16 * 9001, y as u16 * 13001, 12345]));
    for format in [ImageFormat::Png, ImageFormat::Tiff] {
        let grey = decode_all(&encode(&deep.clone().into(), format)).unwrap();
        assert_eq!(grey, deep.clone().into(), "{format:?}");
        let rgb = decode_all(&encode(&colour.clone().into(), format)).unwrap();
        assert_eq!(rgb, colour.clone().into(), "{format:?}");
    }
}

#[test]
fn alpha_lies_over_white_and_for_masks_over_black() {
    let image = RgbaImage::from_fn(2, 1, |x, _| {
        Rgba([200, 0, 100, if x == 0 { 0 } else { 51 }])
    });
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Tiff] {
        let bytes = encode(&image.clone().into(), format);
        let over = |backdrop| decode_bytes(&bytes, Limits::HARD, backdrop).unwrap().image;
        assert_eq!(
            over(Backdrop::White).as_bytes(),
            [255, 255, 255, 244, 204, 224]
        );
        assert_eq!(over(Backdrop::Black).as_bytes(), [0, 0, 0, 40, 0, 20]);
    }
    let deep: ImageBuffer<image::LumaA<u16>, Vec<u16>> =
        ImageBuffer::from_fn(2, 1, |x, _| image::LumaA([1000, [0, 65_535][x as usize]]));
    let decoded = decode_all(&encode(&deep.into(), ImageFormat::Png)).unwrap();
    assert_eq!(decoded.as_luma16().unwrap().as_raw(), &[65_535, 1000]);
}

#[test]
fn orientation_tags_turn_the_picture() {
    // White on the left; orientation 6 means "turn a quarter clockwise": white on top.
    let image = GrayImage::from_fn(32, 16, |x, _| Luma([if x < 16 { 255 } else { 0 }]));
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 95);
    encoder.set_exif_metadata(exif(6)).unwrap();
    encoder.encode_image(&image).unwrap();
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(&mut png);
    encoder.set_exif_metadata(exif(6)).unwrap();
    encoder
        .write_image(&image, 32, 16, ExtendedColorType::L8)
        .unwrap();
    for bytes in [jpeg, png] {
        let decoded = decode_bytes(&bytes, Limits::HARD, Backdrop::White).unwrap();
        assert_eq!(decoded.remarks, [Remark::Reoriented]);
        let upright = decoded.image.to_luma8();
        assert_eq!((upright.width(), upright.height()), (16, 32));
        assert!(upright.get_pixel(8, 4)[0] > 250 && upright.get_pixel(8, 28)[0] < 5);
    }
}

#[test]
fn a_jpeg_of_a_revision_that_there_is_none_of_is_doubtful() {
    let mut bytes = Vec::new();
    let image = GrayImage::from_fn(16, 16, |x, _| Luma([10 * x as u8]));
    JpegEncoder::new(&mut bytes).encode_image(&image).unwrap();
    let at = bytes.windows(5).position(|part| part == b"JFIF\0").unwrap() + 5;
    let mut remarks = |major| {
        bytes[at] = major;
        let decoded = decode_bytes(&bytes, Limits::HARD, Backdrop::White);
        decoded.unwrap().remarks
    };
    assert_eq!(remarks(1), []);
    let found = remarks(65);
    assert_eq!(found[0].doubt(), Some(FileDoubt::Pixels), "{found:?}");
    assert!(found[0].to_string().contains("revision 65."), "{found:?}");
}

#[test]
fn mirrored_orientation_keeps_the_size() {
    let image = GrayImage::from_fn(8, 4, |x, _| Luma([x as u8]));
    let mut png = Vec::new();
    let mut encoder = PngEncoder::new(&mut png);
    encoder.set_exif_metadata(exif(2)).unwrap();
    encoder
        .write_image(&image, 8, 4, ExtendedColorType::L8)
        .unwrap();
    let decoded = decode_all(&png).unwrap();
    assert_eq!(decoded.as_bytes()[..8], [7, 6, 5, 4, 3, 2, 1, 0]);
}

#[test]
fn a_cut_off_file_is_never_taken_for_the_image() {
    for format in FORMATS {
        let bytes = encode(&photo().into(), format);
        let whole = decode_all(&bytes).unwrap();
        for len in 1..bytes.len() {
            // A file that only lost bytes behind its last pixel may still be read.
            if let Ok(image) = decode_all(&bytes[..len]) {
                assert_eq!(image, whole, "{format:?} cut to {len} of {}", bytes.len());
            }
        }
        let half = decode_all(&bytes[..bytes.len() / 2]).unwrap_err();
        assert!(
            matches!(half, Reason::Truncated(_) | Reason::Damaged(_)),
            "{format:?}: {half}"
        );
    }
}

#[test]
fn bytes_behind_the_image_do_no_harm() {
    for format in FORMATS {
        let mut bytes = encode(&photo().into(), format);
        let whole = decode_all(&bytes).unwrap();
        bytes.extend([0xFF, 0xE0, 0, 1, 2, 3]);
        assert_eq!(decode_all(&bytes).as_ref(), Ok(&whole), "{format:?}");
    }
}

#[test]
fn the_content_decides_the_format() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("really_a.png");
    std::fs::write(&path, encode(&photo().into(), ImageFormat::Jpeg)).unwrap();
    let decoded = decode(&path, Limits::HARD, Backdrop::White).unwrap();
    assert_eq!(decoded.format, ImageFormat::Jpeg);
    assert_eq!(
        decoded.file_hash,
        blake3::hash(&std::fs::read(&path).unwrap())
    );
}

#[test]
fn unusable_files_are_named_with_their_reason() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let cases = [
        (write("zero.png", b""), "zero.png: is empty (0 bytes)"),
        (
            write("text.png", b"hello, this is text"),
            "text.png: is no PNG",
        ),
        (write("bomb.png", &png_bomb(60_000)), "60000 x 60000 pixels"),
        (write("none.png", &png_bomb(0)), "none.png: is damaged"),
        (
            dir.path().join("missing.png"),
            "missing.png: cannot be read",
        ),
        (dir.path().to_path_buf(), "is not a file"),
    ];
    for (path, expected) in cases {
        let error = prepare(&path, &DataConfig::default(), None).unwrap_err();
        assert_eq!(error.path, path);
        let text = error.to_string();
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn bombs_are_refused_in_every_format_by_their_header() {
    // A BMP and a TIFF header are patched to 60000 x 60000.
    let image: DynamicImage = photo().into();
    let mut bmp = encode(&image, ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&60_000_u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&60_000_u32.to_le_bytes());
    let mut jpeg = encode(&image, ImageFormat::Jpeg);
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xEA, 0x60, 0xEA, 0x60]);
    let mut tiff = encode(&image, ImageFormat::Tiff);
    let ifd = u32::from_le_bytes([tiff[4], tiff[5], tiff[6], tiff[7]]) as usize;
    for entry in tiff[ifd + 2..].chunks_exact_mut(12) {
        // Width (256), height (257) and rows a strip (278) as LONG.
        if [0, 1, 22].contains(&entry[0]) && entry[1] == 1 {
            entry[2..4].copy_from_slice(&4_u16.to_le_bytes());
            entry[8..12].copy_from_slice(&60_000_u32.to_le_bytes());
        }
    }
    for bytes in [png_bomb(60_000), bmp, jpeg, tiff] {
        let refused = decode_all(&bytes).unwrap_err();
        assert!(
            matches!(refused, Reason::TooManyPixels { width: 60_000, .. }),
            "{refused}"
        );
    }
}

#[test]
fn limits_bind_before_decoding() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("photo.png");
    std::fs::write(&path, encode(&photo().into(), ImageFormat::Png)).unwrap();
    let reason = |limits| decode(&path, limits, Backdrop::White).unwrap_err().reason;
    let small = Limits {
        file_bytes: 10,
        ..Limits::HARD
    };
    assert!(matches!(
        reason(small),
        Reason::TooManyBytes {
            limit_bytes: 10,
            ..
        }
    ));
    let few = Limits {
        pixels: 767,
        ..Limits::HARD
    };
    assert!(matches!(
        reason(few),
        Reason::TooManyPixels { limit_px: 767, .. }
    ));
    let tight = Limits {
        decoded_bytes: 2303,
        ..Limits::HARD
    };
    assert!(matches!(reason(tight), Reason::TooManyPixels { .. }));
}

/// A BMP of 32 bits a pixel with alpha by its own header (V5, bit fields), 1 x 1 pixel.
fn bmp_v5(bgra: [u8; 4]) -> Vec<u8> {
    let mut bmp = b"BM".to_vec();
    for value in [142_u32, 0, 138, 124, 1, 1] {
        bmp.extend(value.to_le_bytes());
    }
    bmp.extend([1, 0, 32, 0, 3, 0, 0, 0]);
    bmp.extend([0; 20]);
    for mask in [0x00FF_0000_u32, 0xFF00, 0xFF, 0xFF00_0000] {
        bmp.extend(mask.to_le_bytes());
    }
    bmp.resize(138, 0);
    bmp.extend(bgra);
    bmp
}

#[test]
fn alpha_that_is_0_everywhere_is_no_alpha_and_said() {
    let mut files = vec![bmp_v5([100, 0, 200, 0])];
    let image = RgbaImage::from_pixel(1, 1, Rgba([200, 0, 100, 0]));
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Tiff] {
        files.push(encode(&image.clone().into(), format));
    }
    for bytes in files {
        let decoded = decode_bytes(&bytes, Limits::HARD, Backdrop::White).unwrap();
        assert_eq!(
            decoded.image.as_bytes(),
            [200, 0, 100],
            "{:?}",
            decoded.format
        );
        assert_eq!(decoded.remarks, [Remark::AlphaIgnored]);
    }
    let half = decode_bytes(&bmp_v5([100, 0, 200, 51]), Limits::HARD, Backdrop::White).unwrap();
    assert_eq!(half.image.as_bytes(), [244, 204, 224]);
    assert_eq!(half.remarks, []);
}

#[test]
fn a_mask_that_is_transparent_everywhere_stays_empty() {
    let image = RgbaImage::from_pixel(1, 1, Rgba([255, 0, 0, 0]));
    let bytes = encode(&image.into(), ImageFormat::Png);
    let mask = decode_bytes(&bytes, Limits::HARD, Backdrop::Black).unwrap();
    assert_eq!(mask.image.as_bytes(), [0, 0, 0]);
}

#[test]
fn an_orientation_behind_the_pixels_of_a_png_counts() {
    let image = GrayImage::from_fn(8, 4, |x, _| Luma([x as u8]));
    let mut png = encode(&image.into(), ImageFormat::Png);
    let end = png.len() - 12;
    png.splice(end..end, png_chunk(b"eXIf", &exif(2)));
    let decoded = decode_bytes(&png, Limits::HARD, Backdrop::White).unwrap();
    assert_eq!(decoded.image.as_bytes()[..8], [7, 6, 5, 4, 3, 2, 1, 0]);
    assert_eq!(decoded.remarks, [Remark::Reoriented]);
}

#[test]
fn the_orientation_of_a_webp_counts_with_the_prefix_of_jpeg_and_without() {
    let image = RgbImage::from_fn(8, 4, |x, _| Rgb([x as u8, 0, 9]));
    for prefix in [b"".as_slice(), b"Exif\0\0"] {
        let block = [prefix, &exif(2)].concat();
        let plain = encode(&image.clone().into(), ImageFormat::WebP);
        // An extended header (EXIF; the sides less one) before the pixels, the block behind them.
        let mut body = b"WEBPVP8X\x0a\0\0\0\x08\0\0\0\x07\0\0\x03\0\0".to_vec();
        body.extend(&plain[12..]);
        body.extend(b"EXIF");
        body.extend((block.len() as u32).to_le_bytes());
        body.extend(block);
        let mut webp = b"RIFF".to_vec();
        webp.extend((body.len() as u32).to_le_bytes());
        webp.extend(body);
        let decoded = decode_bytes(&webp, Limits::HARD, Backdrop::White).unwrap();
        assert_eq!(decoded.image.as_bytes()[..3], [7, 0, 9], "{prefix:?}");
        assert_eq!(decoded.remarks, [Remark::Reoriented]);
    }
}

fn mutated() -> impl Strategy<
    Value = (
        usize,
        Vec<(prop::sample::Index, u8)>,
        prop::sample::Index,
        bool,
    ),
> {
    (
        0..FORMATS.len(),
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..24),
        any::<prop::sample::Index>(),
        prop::bool::weighted(0.2),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_bytes_give_an_error_or_a_finite_picture((format, edits, end, cut) in mutated()) {
        let mut bytes = encode(&photo().into(), FORMATS[format]);
        for (at, value) in edits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        // A forged header may promise much: a small limit keeps the test small.
        let limits = Limits { pixels: 4_000_000, decoded_bytes: 32_000_000, ..Limits::HARD };
        if let Ok(decoded) = decode_bytes(&bytes, limits, Backdrop::White) {
            let picture = crate::resize::resize(&decoded.image, 16, 16).unwrap().to_picture();
            prop_assert!(picture.is_finite());
        }
    }
}
