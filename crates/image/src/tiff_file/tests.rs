#![allow(clippy::unwrap_used)]

mod left_over;

use image::DynamicImage;

use crate::decode::{Backdrop, Decoded, Limits, decode_bytes};
use crate::file_error::Reason;
use crate::remark::Remark;

const BITS: u16 = 258;
const COMPRESSION: u16 = 259;
const PHOTOMETRIC: u16 = 262;
const FILL_ORDER: u16 = 266;
const ORIENTATION: u16 = 274;
const SAMPLES: u16 = 277;
const PLANES: u16 = 284;
const PREDICTOR: u16 = 317;
const COLOUR_MAP: u16 = 320;
const EXTRA_SAMPLES: u16 = 338;
const SAMPLE_FORMAT: u16 = 339;

/// A page: its size, tags beside those of the pieces, and the pieces.
struct Page {
    size: (u16, u16),
    tags: Vec<(u16, Vec<u16>)>,
    /// Width and height of tiles; strips are as high as the picture.
    tile: Option<(u16, u16)>,
    pieces: Vec<Vec<u8>>,
}

fn page(size: (u16, u16), tags: &[(u16, &[u16])], bytes: &[u8]) -> Page {
    Page {
        size,
        tags: tags
            .iter()
            .map(|(tag, values)| (*tag, values.to_vec()))
            .collect(),
        tile: None,
        pieces: vec![bytes.to_vec()],
    }
}

/// How numbers are written: classic little endian, classic big endian, or BigTIFF little endian.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Little,
    Big,
    BigTiff,
}

impl Kind {
    fn number(self, value: u64, bytes: usize) -> Vec<u8> {
        match self {
            Self::Big => value.to_be_bytes()[8 - bytes..].to_vec(),
            _ => value.to_le_bytes()[..bytes].to_vec(),
        }
    }

    fn word(self) -> usize {
        if self == Self::BigTiff { 8 } else { 4 }
    }

    /// A file of these pages, every directory behind its pieces.
    fn file(self, pages: &[Page]) -> Vec<u8> {
        let word = self.word();
        let mut file = match self {
            Self::Little => b"II\x2a\0".to_vec(),
            Self::Big => b"MM\0\x2a".to_vec(),
            Self::BigTiff => b"II\x2b\0\x08\0\0\0".to_vec(),
        };
        let mut link = file.len();
        file.extend(vec![0; word]);
        for page in pages {
            let mut starts = Vec::new();
            for piece in &page.pieces {
                starts.push(file.len() as u64);
                file.extend(piece);
            }
            let lengths: Vec<u64> = page.pieces.iter().map(|piece| piece.len() as u64).collect();
            let wide = |values: &[u16]| values.iter().map(|value| u64::from(*value)).collect();
            let mut tags: Vec<(u16, u64, Vec<u64>)> = vec![
                (256, 3, vec![page.size.0.into()]),
                (257, 3, vec![page.size.1.into()]),
            ];
            for (tag, values) in &page.tags {
                tags.push((*tag, 3, wide(values)));
            }
            match page.tile {
                Some((width, height)) => tags.extend([
                    (322, 3, vec![width.into()]),
                    (323, 3, vec![height.into()]),
                    (324, 4, starts),
                    (325, 4, lengths),
                ]),
                None => tags.extend([(273, 4, starts), (279, 4, lengths)]),
            }
            tags.sort();
            let mut entries = Vec::new();
            for (tag, kind, values) in &tags {
                let size = if *kind == 3 { 2 } else { 4 };
                let mut value: Vec<u8> = values
                    .iter()
                    .flat_map(|value| self.number(*value, size))
                    .collect();
                if value.len() > word {
                    let at = file.len() as u64;
                    file.extend(value);
                    value = self.number(at, word);
                }
                value.resize(word, 0);
                entries.extend(self.number((*tag).into(), 2));
                entries.extend(self.number(*kind, 2));
                entries.extend(self.number(values.len() as u64, word));
                entries.extend(value);
            }
            let at = self.number(file.len() as u64, word);
            file[link..link + word].copy_from_slice(&at);
            let count = if self == Self::BigTiff { 8 } else { 2 };
            file.extend(self.number(tags.len() as u64, count));
            file.extend(entries);
            link = file.len();
            file.extend(vec![0; word]);
        }
        file
    }
}

fn decoded(file: &[u8]) -> Result<Decoded, Reason> {
    decode_bytes(file, Limits::HARD, Backdrop::White)
}

fn pixels(page: Page) -> DynamicImage {
    decoded(&Kind::Little.file(&[page])).unwrap().image
}

#[test]
fn a_palette_becomes_rgb() {
    let mut map = vec![0u16; 3 * 256];
    (map[1], map[256 + 1], map[512 + 1]) = (65_535, 257 * 51, 0);
    let tags: [(u16, &[u16]); 3] = [(BITS, &[8]), (PHOTOMETRIC, &[3]), (COLOUR_MAP, &map)];
    assert_eq!(
        pixels(page((2, 1), &tags, &[1, 0])).as_bytes(),
        [255, 51, 0, 0, 0, 0]
    );
    let mut map = vec![0u16; 3 * 4];
    (map[3], map[4 + 3], map[8 + 3]) = (255, 51, 0);
    let tags: [(u16, &[u16]); 3] = [(BITS, &[2]), (PHOTOMETRIC, &[3]), (COLOUR_MAP, &map)];
    let of_two_bits = pixels(page((2, 1), &tags, &[0b1100_0000]));
    assert_eq!(
        of_two_bits.as_bytes(),
        [255, 51, 0, 0, 0, 0],
        "levels of 8 bits"
    );
}

#[test]
fn values_of_any_number_of_bits_fill_the_range() {
    let of = |bits: u16, bytes: &[u8]| {
        pixels(page((3, 1), &[(BITS, &[bits]), (PHOTOMETRIC, &[1])], bytes))
    };
    assert_eq!(of(1, &[0b1010_0000]).as_bytes(), [255, 0, 255]);
    assert_eq!(of(2, &[0b1101_0000]).as_bytes(), [255, 85, 0]);
    assert_eq!(of(4, &[0xF1, 0x00]).as_bytes(), [255, 17, 0]);
    let twelve = of(12, &[0xFF, 0xF8, 0x00, 0x00, 0x00]);
    assert_eq!(twelve.as_luma16().unwrap().as_raw(), &[65_535, 32_776, 0]);
    let inverted = page((3, 1), &[(BITS, &[4]), (PHOTOMETRIC, &[0])], &[0xF1, 0x00]);
    assert_eq!(pixels(inverted).as_bytes(), [0, 238, 255]);
}

#[test]
fn pixels_whose_number_of_bits_is_lost_are_no_picture() {
    let refused = |tags: &[(u16, &[u16])], bytes: &[u8]| {
        let file = Kind::Little.file(&[page((2, 4), tags, bytes)]);
        decoded(&file).unwrap_err().to_string()
    };
    let colours = refused(&[(PHOTOMETRIC, &[2]), (SAMPLES, &[3])], &[7; 24]);
    assert!(colours.contains("how many bits"), "{colours}");
    let grey = refused(&[(PHOTOMETRIC, &[1])], &[7; 8]);
    assert!(grey.contains("far more than its pixels"), "{grey}");
    // One bit is what a file means that says nothing.
    let bilevel = page((2, 4), &[(PHOTOMETRIC, &[1])], &[0x80; 4]);
    assert_eq!(pixels(bilevel).as_bytes(), [255, 0, 255, 0, 255, 0, 255, 0]);
}

#[test]
fn bits_in_reverse_order_are_turned_round() {
    let tags: [(u16, &[u16]); 3] = [(BITS, &[1]), (PHOTOMETRIC, &[1]), (FILL_ORDER, &[2])];
    assert_eq!(
        pixels(page((3, 1), &tags, &[0b0000_0011])).as_bytes(),
        [255, 255, 0]
    );
    let tags: [(u16, &[u16]); 3] = [(BITS, &[8]), (PHOTOMETRIC, &[1]), (FILL_ORDER, &[2])];
    assert_eq!(
        pixels(page((1, 1), &tags, &[0b0000_0001])).as_bytes(),
        [128]
    );
}

#[test]
fn grey_with_alpha_lies_over_white() {
    let tags: [(u16, &[u16]); 4] = [
        (BITS, &[8, 8]),
        (PHOTOMETRIC, &[1]),
        (SAMPLES, &[2]),
        (EXTRA_SAMPLES, &[2]),
    ];
    assert_eq!(
        pixels(page((2, 1), &tags, &[100, 0, 100, 255])).as_bytes(),
        [255, 100]
    );
}

#[test]
fn associated_alpha_is_not_multiplied_twice() {
    let rgba = |extra: u16| {
        let extra = [extra];
        let tags: [(u16, &[u16]); 4] = [
            (BITS, &[8; 4]),
            (PHOTOMETRIC, &[2]),
            (SAMPLES, &[4]),
            (EXTRA_SAMPLES, &extra),
        ];
        pixels(page((1, 1), &tags, &[40, 0, 51, 51])).into_bytes()
    };
    assert_eq!(rgba(1), [244, 204, 255]);
    assert_eq!(rgba(2), [212, 204, 214]);
    assert_eq!(rgba(0), [40, 0, 51], "not said to be alpha");
}

#[test]
fn alpha_that_is_0_everywhere_is_no_alpha_and_said() {
    let tags: [(u16, &[u16]); 4] = [
        (BITS, &[8; 4]),
        (PHOTOMETRIC, &[2]),
        (SAMPLES, &[4]),
        (EXTRA_SAMPLES, &[2]),
    ];
    let file = Kind::Little.file(&[page((1, 1), &tags, &[40, 0, 51, 0])]);
    let decoded = decoded(&file).unwrap();
    assert_eq!(decoded.image.as_bytes(), [40, 0, 51]);
    assert_eq!(decoded.remarks, [Remark::AlphaIgnored]);
}

#[test]
fn more_channels_than_colours_are_said() {
    let tags: [(u16, &[u16]); 4] = [
        (BITS, &[8; 5]),
        (PHOTOMETRIC, &[1]),
        (SAMPLES, &[5]),
        (EXTRA_SAMPLES, &[0; 4]),
    ];
    let decoded = decoded(&Kind::Little.file(&[page((1, 1), &tags, &[9, 1, 2, 3, 4])])).unwrap();
    assert_eq!(decoded.image.as_bytes(), [9]);
    assert_eq!(decoded.remarks, [Remark::ChannelsIgnored { channels: 4 }]);
}

#[test]
fn every_byte_order_and_size_of_offsets_is_read() {
    let deep = |value: u16, kind: Kind| kind.number(value.into(), 2);
    for kind in [Kind::Little, Kind::Big, Kind::BigTiff] {
        let bytes = [deep(1000, kind), deep(65_535, kind)].concat();
        let page = page((2, 1), &[(BITS, &[16]), (PHOTOMETRIC, &[1])], &bytes);
        let decoded = decoded(&kind.file(&[page])).unwrap();
        assert_eq!(decoded.image.as_luma16().unwrap().as_raw(), &[1000, 65_535]);
        assert_eq!((decoded.bits, decoded.largest), (16, Some(65_535)));
    }
}

#[test]
fn planes_in_tiles_that_reach_beyond_the_picture_are_read() {
    // 3 x 3 pixels in tiles of 2 x 2: four tiles a plane, of which three are not whole.
    let value = |channel: usize, x: usize, y: usize| (100 * channel + 10 * y + x) as u8;
    let mut pieces = Vec::new();
    for channel in 0..3 {
        for (left, top) in [(0, 0), (2, 0), (0, 2), (2, 2)] {
            let places = [(0, 0), (1, 0), (0, 1), (1, 1)];
            pieces.push(
                places
                    .iter()
                    .map(|(x, y)| value(channel, left + x, top + y))
                    .collect(),
            );
        }
    }
    let tags: [(u16, &[u16]); 4] = [
        (BITS, &[8; 3]),
        (PHOTOMETRIC, &[2]),
        (SAMPLES, &[3]),
        (PLANES, &[2]),
    ];
    let planar = Page {
        tile: Some((2, 2)),
        pieces,
        ..page((3, 3), &tags, &[])
    };
    let image = pixels(planar).into_rgb8();
    for (x, y, pixel) in image.enumerate_pixels() {
        let expected = [0, 1, 2].map(|channel| value(channel, x as usize, y as usize));
        assert_eq!(pixel.0, expected, "{x} {y}");
    }
}

#[test]
fn differences_are_added_up() {
    for kind in [Kind::Little, Kind::Big] {
        let steps = [300u64, 5, 65_535]
            .map(|step| kind.number(step, 2))
            .concat();
        let packed = [&[2u8 + 3], steps.as_slice()].concat();
        let tags: [(u16, &[u16]); 4] = [
            (BITS, &[16]),
            (PHOTOMETRIC, &[1]),
            (COMPRESSION, &[8]),
            (PREDICTOR, &[2]),
        ];
        let mut deflated = flate2::write::ZlibEncoder::new(Vec::new(), Default::default());
        std::io::Write::write_all(&mut deflated, &packed[1..]).unwrap();
        let page = page((3, 1), &tags, &deflated.finish().unwrap());
        let image = decoded(&kind.file(&[page])).unwrap().image;
        assert_eq!(image.as_luma16().unwrap().as_raw(), &[300, 305, 304]);
    }
}

#[test]
fn floating_point_values_are_shares_of_white_and_their_range_is_said() {
    let of = |values: [f32; 2]| {
        let bytes = values.map(f32::to_le_bytes).concat();
        let tags: [(u16, &[u16]); 3] = [(BITS, &[32]), (PHOTOMETRIC, &[1]), (SAMPLE_FORMAT, &[3])];
        decoded(&Kind::Little.file(&[page((2, 1), &tags, &bytes)]))
    };
    let read = of([0.25, 1.0]).unwrap();
    assert_eq!(read.image.as_luma16().unwrap().as_raw(), &[16_384, 65_535]);
    assert_eq!(
        read.remarks,
        [Remark::FloatingPoint {
            min: 0.25,
            max: 1.0
        }]
    );
    assert_eq!(read.largest, None, "white is known");
    assert_eq!(of([0.0, f32::NAN]).unwrap_err(), Reason::NotFinite);
    let refused = of([-3.0, 4095.0]).unwrap_err();
    assert_eq!(
        refused,
        Reason::OutOfRange {
            min: -3.0,
            max: 4095.0
        }
    );
}

#[test]
fn a_thumbnail_before_the_picture_is_not_taken_for_it() {
    let grey: [(u16, &[u16]); 3] = [(BITS, &[8]), (PHOTOMETRIC, &[1]), (254, &[1])];
    let file = Kind::Little.file(&[
        page((1, 1), &grey, &[7]),
        page((2, 1), &grey[..2], &[1, 2]),
        page((2, 1), &grey[..2], &[3, 4]),
    ]);
    let several = decoded(&file).unwrap();
    assert_eq!(several.image.as_bytes(), [1, 2]);
    assert_eq!(
        several.remarks,
        [Remark::SeveralPages { page: 2, pages: 3 }]
    );
    let one = decoded(&Kind::Little.file(&[page((1, 1), &grey, &[7])])).unwrap();
    assert_eq!(
        (one.image.as_bytes(), one.remarks.as_slice()),
        ([7].as_slice(), [].as_slice())
    );
}

#[test]
fn a_thumbnail_before_the_picture_is_known_by_its_size_where_no_tag_says_it() {
    let grey: [(u16, &[u16]); 2] = [(BITS, &[8]), (PHOTOMETRIC, &[1])];
    let file = Kind::Little.file(&[
        page((1, 1), &grey, &[7]),
        page((4, 1), &grey, &[1, 2, 3, 4]),
    ]);
    let several = decoded(&file).unwrap();
    assert_eq!(several.image.as_bytes(), [1, 2, 3, 4]);
    assert_eq!(
        several.remarks,
        [Remark::SeveralPages { page: 2, pages: 2 }]
    );
    // A stack of layers begins with its first.
    let stack = Kind::Little.file(&[
        page((2, 1), &grey, &[7, 8]),
        page((4, 1), &grey, &[1, 2, 3, 4]),
    ]);
    assert_eq!(decoded(&stack).unwrap().image.as_bytes(), [7, 8]);
}

#[test]
fn jpeg_inside_is_read_in_the_colours_that_the_tags_say() {
    let photo = image::RgbImage::from_pixel(8, 8, image::Rgb([200, 40, 90]));
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 100)
        .encode_image(&photo)
        .unwrap();
    let tags = |photometric: &'static [u16]| -> [(u16, &[u16]); 4] {
        [
            (BITS, &[8; 3]),
            (PHOTOMETRIC, photometric),
            (SAMPLES, &[3]),
            (COMPRESSION, &[7]),
        ]
    };
    let ycbcr = pixels(page((8, 8), &tags(&[6]), &jpeg));
    for (value, expected) in ycbcr.as_bytes()[..3].iter().zip([200u8, 40, 90]) {
        assert!(value.abs_diff(expected) < 4, "{value} {expected}");
    }
    let as_stored = pixels(page((8, 8), &tags(&[2]), &jpeg));
    for (value, expected) in as_stored.as_bytes()[..3].iter().zip([94u8, 126, 204]) {
        assert!(value.abs_diff(expected) < 4, "{value} {expected}");
    }
    jpeg.truncate(jpeg.len() - 2);
    let cut = decoded(&Kind::Little.file(&[page((8, 8), &tags(&[6]), &jpeg)]));
    assert!(matches!(cut, Err(Reason::Truncated(_))), "{cut:?}");
}

#[test]
fn what_is_not_read_is_refused_in_true_words() {
    let refused = |tags: &[(u16, &[u16])], words: &str| {
        let error = decoded(&Kind::Little.file(&[page((1, 1), tags, &[0; 16])])).unwrap_err();
        assert!(matches!(error, Reason::Unsupported(_)), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    };
    let grey = (PHOTOMETRIC, &[1u16] as &[u16]);
    refused(&[(BITS, &[32]), grey], "integers of 32 bits");
    refused(
        &[(BITS, &[16]), grey, (SAMPLE_FORMAT, &[2])],
        "signed integers of 16 bits",
    );
    refused(
        &[(BITS, &[64]), grey, (SAMPLE_FORMAT, &[3])],
        "floating-point values of 64 bits",
    );
    refused(
        &[(BITS, &[8]), grey, (COMPRESSION, &[50_000])],
        "Zstandard compression",
    );
    refused(
        &[(BITS, &[8; 3]), (PHOTOMETRIC, &[8]), (SAMPLES, &[3])],
        "L*a*b*",
    );
    refused(
        &[(BITS, &[8; 3]), (PHOTOMETRIC, &[6]), (SAMPLES, &[3])],
        "YCbCr",
    );
}

#[test]
fn the_orientation_of_the_page_that_is_read_counts() {
    let tags: [(u16, &[u16]); 3] = [(BITS, &[8]), (PHOTOMETRIC, &[1]), (ORIENTATION, &[6])];
    let decoded = decoded(&Kind::Big.file(&[page((2, 1), &tags, &[1, 2])])).unwrap();
    assert_eq!(
        (decoded.image.width(), decoded.image.as_bytes()),
        (1, [1, 2].as_slice())
    );
    assert_eq!(decoded.remarks, [Remark::Reoriented]);
}

#[test]
fn forged_headers_cost_nothing() {
    let huge = Page {
        tile: Some((65_520, 65_520)),
        ..page((2, 1), &[(BITS, &[8]), (PHOTOMETRIC, &[1])], &[1, 2])
    };
    let error = decoded(&Kind::Little.file(&[huge])).unwrap_err();
    assert!(matches!(error, Reason::Damaged(_)), "{error}");
    let mut circle = Kind::Little.file(&[page((1, 1), &[(BITS, &[8]), (PHOTOMETRIC, &[1])], &[1])]);
    let first: [u8; 4] = circle[4..8].try_into().unwrap();
    let link = circle.len() - 4;
    circle[link..].copy_from_slice(&first);
    assert!(matches!(decoded(&circle), Err(Reason::Damaged(_))));
}

/// Counts the bytes that are read.
struct Counting<'a> {
    source: std::io::Cursor<&'a [u8]>,
    read_bytes: usize,
}

impl std::io::Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.read_bytes += read;
        Ok(read)
    }
}

impl std::io::Seek for Counting<'_> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.source.seek(to)
    }
}

/// What the head of a file is, and how many bytes were read for it.
fn head_of(file: &[u8]) -> (Result<(u64, u64), Reason>, usize) {
    let mut counting = Counting {
        source: std::io::Cursor::new(file),
        read_bytes: 0,
    };
    let head = super::head(&mut counting).map(|head| head.size_px);
    (head, counting.read_bytes)
}

/// A file of directories of these tags, all of which hold the same bytes, each of them 1.
fn upon_one_another(directories: usize, tags: &[u16], count: u32) -> Vec<u8> {
    let number = |value: usize, bytes| Kind::Little.number(value as u64, bytes);
    let mut file = b"II\x2a\0".to_vec();
    file.extend(number(8, 4));
    let directory_bytes = 2 + 12 * tags.len() + 4;
    let values = 8 + directories * directory_bytes;
    for directory in 1..=directories {
        file.extend(number(tags.len(), 2));
        for tag in tags {
            file.extend(number(usize::from(*tag), 2));
            file.extend(number(1, 2));
            file.extend(number(count as usize, 4));
            file.extend(number(values, 4));
        }
        let next = 8 + directory * directory_bytes;
        let is_last = directory == directories;
        file.extend(number(if is_last { 0 } else { next }, 4));
    }
    file.resize(values + (count as usize).min(1 << 14), 1);
    file
}

#[test]
fn tags_upon_one_another_are_refused_before_they_fill_the_memory() {
    let file = upon_one_another(10, &super::layout::TAGS, 1 << 14);
    let (head, read_bytes) = head_of(&file);
    let refused = Reason::Damaged("its tags lie one upon another".into());
    assert_eq!(head, Err(refused));
    assert!(read_bytes <= 4 * file.len(), "{read_bytes}");
}

#[test]
fn of_pages_that_are_not_the_picture_only_their_kind_is_read() {
    // Behind the end of the file.
    let grey: [(u16, &[u16]); 3] = [(BITS, &[8]), (PHOTOMETRIC, &[1]), (COLOUR_MAP, &[7; 6])];
    let mut file = Kind::Little.file(&[
        page((2, 1), &grey[..2], &[1, 2]),
        page((2, 1), &grey, &[3, 4]),
    ]);
    let entry = [64, 1, 3, 0, 6, 0, 0, 0];
    let at = file.windows(8).rposition(|bytes| bytes == entry).unwrap();
    file[at + 8..at + 12].fill(0xFF);
    assert_eq!(decoded(&file).unwrap().image.as_bytes(), [1, 2]);
}

#[test]
fn a_tag_that_comes_many_times_is_read_once() {
    let tags = [[256; 1000].as_slice(), &[257]].concat();
    let file = upon_one_another(1, &tags, 1 << 14);
    let (head, read_bytes) = head_of(&file);
    assert_eq!(head, Ok((1, 1)));
    assert!(read_bytes <= 4 * file.len(), "{read_bytes}");
}

#[test]
fn more_numbers_in_tags_than_any_picture_needs_are_refused() {
    let (head, _) = head_of(&upon_one_another(1, &[256], (1 << 23) + 1));
    let refused = Reason::Unsupported("a TIFF with more than 8388608 numbers in its tags".into());
    assert_eq!(head, Err(refused));
}

#[test]
fn a_tile_beyond_the_limits_is_refused_before_it_is_decoded() {
    let tags: [(u16, &[u16]); 3] = [(BITS, &[8]), (PHOTOMETRIC, &[1]), (COMPRESSION, &[8])];
    let bomb = Page {
        tile: Some((1024, 1024)),
        ..page((2, 1), &tags, &[0])
    };
    let limits = Limits {
        pixels: 1000,
        ..Limits::HARD
    };
    let error = decode_bytes(&Kind::Little.file(&[bomb]), limits, Backdrop::White).unwrap_err();
    let refused = Reason::TooManyPixels {
        width: 1024,
        height: 1024,
        limit_px: 1000,
    };
    assert_eq!(error, refused);
}

#[test]
fn fax_strips_with_more_rows_than_are_read_are_not_called_truncated() {
    let tags: [(u16, &[u16]); 3] = [(BITS, &[1]), (PHOTOMETRIC, &[0]), (COMPRESSION, &[4])];
    for (side, words) in [(0u8, "70000 x 9 pixels"), (1, "9 x 70000 pixels")] {
        let mut file = Kind::Little.file(&[page((9, 9), &tags, &[0])]);
        let entry = [side, 1, 3, 0, 1, 0, 0, 0, 9, 0, 0, 0];
        let at = file.windows(12).position(|bytes| bytes == entry).unwrap();
        file[at + 2] = 4;
        file[at + 8..at + 12].copy_from_slice(&70_000u32.to_le_bytes());
        let error = decoded(&file).unwrap_err();
        assert!(matches!(error, Reason::Unsupported(_)), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn strips_that_lie_upon_one_another_are_damage() {
    const OFFSETS: u16 = 273;
    let grey = |pieces: usize| {
        let tags: [(u16, &[u16]); 2] = [(BITS, &[8]), (PHOTOMETRIC, &[1])];
        let mut page = page((4, 2 * pieces as u16), &tags, &[]);
        page.tags.push((278, vec![2]));
        page.pieces = (0..pieces).map(|piece| vec![piece as u8; 8]).collect();
        Kind::Little.file(&[page])
    };
    let sound = grey(3);
    assert!(decoded(&sound).is_ok());
    // The offsets lie where the tag says: all made those of the first strip, or of another one, or of the head.
    let tag = sound
        .windows(4)
        .position(|four| four == [17, 1, 4, 0])
        .unwrap();
    assert_eq!(u16::from_le_bytes([sound[tag], sound[tag + 1]]), OFFSETS);
    let at = u32::from_le_bytes(sound[tag + 8..tag + 12].try_into().unwrap()) as usize;
    for offsets in [[8, 8, 8], [8, 12, 24], [0, 16, 24]] {
        let mut forged = sound.clone();
        for (number, offset) in offsets.into_iter().enumerate() {
            forged[at + 4 * number..][..4].copy_from_slice(&u32::to_le_bytes(offset));
        }
        let refused = decoded(&forged).err().map(|reason| reason.to_string());
        let expected = "is damaged: strips or tiles lie upon one another";
        assert_eq!(refused.as_deref(), Some(expected), "{offsets:?}");
    }
}
