//! Ground-truth masks, at the network's resolution or at their own.

use std::path::Path;

use super::compact::pad;
use super::decode::Limits;
use super::file_error::FileError;
#[cfg(doc)]
use super::file_error::Reason;
use super::mask_layers::Layers;
use super::mask_oddity::MaskOddity;
use super::mask_regions::MaskRegions;
use super::mask_source::MaskSource;
use super::picture::Picture;
use super::placement::Placement;
use super::remark::Remark;

/// The image file that a mask belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Photograph<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// Whether its orientation tag turned or mirrored it when it was read.
    pub reoriented: bool,
}

impl<'a> Photograph<'a> {
    /// A file of which this was remarked when it was read.
    pub fn new(path: &'a Path, remarks: &[Remark]) -> Self {
        Self {
            path,
            reoriented: remarks.contains(&Remark::Reoriented),
        }
    }
}

/// A mask that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Marked<T> {
    /// What it marks.
    pub mask: T,
    /// What a person should know of it.
    pub oddities: Vec<MaskOddity>,
}

/// Reads the mask of an image that was placed by `placement`: one channel of the canvas' size,
/// 1 for defective, 0 for not.
///
/// What counts as defective in a file: everything but 0, whatever stands for which defect; in files that
/// are compressed with loss, whose blacks are noisy, what is brighter than an eighth of white. A coloured mask
/// counts by its strongest channel, transparent is not defective, unless nothing else tells the pixels apart. All
/// pages of a TIFF count. A mask that has the size of its image
/// before the orientation tag turned it is turned, too. A pixel of the result is defective when at least
/// half of its area is; should that leave nothing, the pixel with the largest share stands for the defect.
///
/// # Errors
/// Those of [`super::decode::decode`], [`Reason::MaskSize`] when the mask is not as large as its image, and
/// [`Reason::MarksTooDark`].
pub fn load_mask(
    mask: &MaskSource,
    of: Photograph<'_>,
    placement: &Placement,
) -> Result<Marked<Picture>, FileError> {
    // Rounding must not turn an exact half into less.
    load_covered(mask, of, placement, |largest| largest.min(0.5 - 1e-4))
}

/// Reads a hole, given as a mask, of an image that was placed by `placement`: as [`load_mask`], but
/// every pixel with a part in it belongs to it, so that nothing of what it covers shines through.
///
/// # Errors
/// As [`load_mask`].
pub fn load_hole(
    mask: &MaskSource,
    of: Photograph<'_>,
    placement: &Placement,
) -> Result<Marked<Picture>, FileError> {
    load_covered(mask, of, placement, |_| 1e-4)
}

/// 1 where more than nothing and at least the `needed` share of a canvas pixel is marked; `needed` is
/// told the largest share.
fn load_covered(
    mask: &MaskSource,
    of: Photograph<'_>,
    placement: &Placement,
    needed: impl Fn(f32) -> f32,
) -> Result<Marked<Picture>, FileError> {
    let image_px = placement.source_px;
    let mut marked = vec![false; image_px.0 * image_px.1];
    let layers = Layers {
        of,
        image_px,
        limits: Limits::HARD,
    };
    let oddities = layers.for_each(mask, |layer| {
        for (marked, layer) in marked.iter_mut().zip(layer) {
            *marked |= layer;
        }
    })?;
    let mut share = coverage(&marked, image_px, (placement.width, placement.height));
    let needed = needed(share.iter().copied().fold(0.0, f32::max));
    for value in &mut share {
        *value = f32::from(u8::from(*value > 0.0 && *value >= needed));
    }
    let (width, height) = placement.canvas_px;
    Ok(Marked {
        mask: Picture::new(1, height, width, pad(&share, 1, placement)),
        oddities,
    })
}

/// Reads the mask of an image of `image_px` (width, height) as it is, without resizing it. What is
/// defective is as in [`load_mask`]; the regions of each file stay regions of their own.
///
/// # Errors
/// As [`load_mask`].
pub fn load_mask_regions(
    mask: &MaskSource,
    of: Photograph<'_>,
    image_px: (usize, usize),
) -> Result<Marked<MaskRegions>, FileError> {
    load_mask_regions_within(mask, of, image_px, Limits::HARD)
}

/// As [`load_mask_regions`], of files within these limits.
///
/// # Errors
/// As [`load_mask`].
pub fn load_mask_regions_within(
    mask: &MaskSource,
    of: Photograph<'_>,
    image_px: (usize, usize),
    limits: Limits,
) -> Result<Marked<MaskRegions>, FileError> {
    let layers = Layers {
        of,
        image_px,
        limits,
    };
    let mut regions = MaskRegions::new(image_px.0, &vec![false; image_px.0 * image_px.1]);
    let oddities = layers.for_each(mask, |layer| {
        regions.add(MaskRegions::new(image_px.0, &layer));
    })?;
    Ok(Marked {
        mask: regions,
        oddities,
    })
}

/// The defective share of each target pixel's area, row after row; sizes are (width, height).
fn coverage(defective: &[bool], from: (usize, usize), to: (usize, usize)) -> Vec<f32> {
    let columns = overlaps(from.0, to.0);
    let rows = overlaps(from.1, to.1);
    let mut shares = vec![0.0; to.0 * to.1];
    let mut row_shares = vec![0.0; to.0];
    let mut summed_row = None;
    for &(source_y, target_y, height) in &rows {
        // Enlarging meets the same source row many times.
        if summed_row != Some(source_y) {
            let row = &defective[source_y * from.0..(source_y + 1) * from.0];
            row_shares.fill(0.0);
            for &(source_x, target_x, width) in &columns {
                if row[source_x] {
                    row_shares[target_x] += width;
                }
            }
            summed_row = Some(source_y);
        }
        let target = &mut shares[target_y * to.0..(target_y + 1) * to.0];
        for (share, row_share) in target.iter_mut().zip(&row_shares) {
            *share += height * row_share;
        }
    }
    shares
}

/// Every pair of a source and a target cell that overlap when `from` cells are laid over `to`
/// cells, with the overlap as a share of the target cell.
fn overlaps(from: usize, to: usize) -> Vec<(usize, usize, f32)> {
    // In units of 1 / (from * to) of the whole length everything is an integer.
    let mut pairs = Vec::with_capacity(from + to);
    let (mut source, mut target, mut at) = (0, 0, 0);
    while source < from && target < to {
        let end = ((source + 1) * to).min((target + 1) * from);
        pairs.push((source, target, (end - at) as f32 / from as f32));
        at = end;
        if end == (source + 1) * to {
            source += 1;
        }
        if end == (target + 1) * from {
            target += 1;
        }
    }
    pairs
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::PathBuf;

    use image::{DynamicImage, GrayImage, ImageBuffer, Luma, Rgba, RgbaImage};

    use super::*;
    use crate::input::{Aspect, DataConfig};

    fn placement(source_px: (usize, usize), size_px: usize, aspect: Aspect) -> Placement {
        let config = DataConfig {
            size_px,
            aspect,
            ..DataConfig::default()
        };
        Placement::new(source_px, &config).unwrap()
    }

    /// An image that lies as it was stored.
    fn upright() -> Photograph<'static> {
        Photograph {
            path: Path::new("part.png"),
            reoriented: false,
        }
    }

    fn marked(image: impl Into<DynamicImage>, name: &str, size_px: usize) -> Marked<Picture> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        let image = image.into();
        image.save(&path).unwrap();
        let source_px = (image.width() as usize, image.height() as usize);
        let placement = placement(source_px, size_px, Aspect::Stretch);
        load_mask(&path.into(), upright(), &placement).unwrap()
    }

    fn load(image: impl Into<DynamicImage>, name: &str, size_px: usize) -> Picture {
        marked(image, name, size_px).mask
    }

    fn quarter(value: u8) -> GrayImage {
        GrayImage::from_fn(64, 64, |x, y| {
            Luma([if x < 32 && y < 32 { value } else { 0 }])
        })
    }

    #[test]
    fn shades_labels_and_depths_mean_the_same() {
        let expected = Picture::from_fn(1, 16, 16, |_, y, x| f32::from(x < 8 && y < 8));
        for value in [255, 128, 100, 1, 2] {
            assert_eq!(load(quarter(value), "mask.png", 16), expected, "{value}");
        }
        for value in [65_535, 255, 1] {
            let deep: ImageBuffer<Luma<u16>, Vec<u16>> = ImageBuffer::from_fn(64, 64, |x, y| {
                Luma([if x < 32 && y < 32 { value } else { 0 }])
            });
            assert_eq!(load(deep, "mask.png", 16), expected, "{value}");
        }
        for value in [255, 100, 60] {
            assert_eq!(load(quarter(value), "mask.jpg", 16), expected, "{value}");
        }
        let red = RgbaImage::from_fn(64, 64, |x, y| {
            let inside = x < 32 && y < 32;
            Rgba([255, 0, 0, if inside { 255 } else { 0 }])
        });
        assert_eq!(load(red, "mask.png", 16), expected);
    }

    #[test]
    fn every_value_but_0_is_a_defect_beside_brighter_ones() {
        let expected = Picture::from_fn(1, 16, 16, |_, _, x| f32::from(x < 8));
        let halves = |above: u8, below: u8| {
            GrayImage::from_fn(64, 64, |x, y| {
                Luma([match (x < 32, y < 32) {
                    (false, _) => 0,
                    (true, true) => above,
                    (true, false) => below,
                }])
            })
        };
        for (above, below) in [(60, 255), (10, 33), (1, 255), (255, 254)] {
            let mask = load(halves(above, below), "mask.png", 16);
            assert_eq!(mask, expected, "{above} and {below}");
        }
        let deep: ImageBuffer<Luma<u16>, Vec<u16>> = ImageBuffer::from_fn(64, 64, |x, y| {
            Luma([if x < 32 {
                [1, 65_535][y as usize / 32]
            } else {
                0
            }])
        });
        assert_eq!(load(deep, "mask.png", 16), expected);
        let classes = image::RgbImage::from_fn(64, 64, |x, y| {
            image::Rgb(if x < 32 {
                [[0, 0, 128], [224, 224, 192]][y as usize / 32]
            } else {
                [0; 3]
            })
        });
        assert_eq!(load(classes.clone(), "mask.png", 16), expected);
        // WebP as this encoder writes it is lossless.
        assert_eq!(load(classes, "mask.webp", 16), expected);
    }

    #[test]
    fn a_mask_that_marks_nothing_or_nearly_all_is_odd() {
        assert_eq!(marked(quarter(255), "mask.png", 16).oddities, []);
        assert_eq!(
            marked(quarter(0), "mask.png", 16).oddities,
            [MaskOddity::Empty]
        );
        let mut inverted = GrayImage::from_pixel(64, 64, Luma([255]));
        inverted.put_pixel(3, 3, Luma([0]));
        let oddities = marked(inverted, "mask.png", 16).oddities;
        assert_eq!(oddities, [MaskOddity::NearlyAll(100)]);
    }

    /// A JPEG of 40 x 20 pixels whose tag asks for this orientation.
    fn tagged(dir: &Path, exif_orientation: u8) -> PathBuf {
        let path = dir.join(format!("{exif_orientation}.jpg"));
        let mut bytes = std::io::Cursor::new(Vec::new());
        GrayImage::new(40, 20)
            .write_to(&mut bytes, image::ImageFormat::Jpeg)
            .unwrap();
        let mut exif =
            b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([exif_orientation, 0, 0, 0, 0, 0, 0]);
        let mut bytes = bytes.into_inner();
        bytes.splice(2..2, exif);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn a_mask_of_the_stored_pixels_is_turned_with_its_image() {
        const QUARTER_TURN_RIGHT: u8 = 6;
        const UPSIDE_DOWN: u8 = 3;
        let dir = tempfile::tempdir().unwrap();
        let top_left = |width, height| {
            let path = dir.path().join(format!("{width}.png"));
            let image = GrayImage::from_fn(width, height, |x, y| {
                Luma([u8::from(x < width / 2 && y < height / 2)])
            });
            image.save(&path).unwrap();
            MaskSource::from(path)
        };
        let load = |orientation, mask: &MaskSource, size_px| {
            let path = tagged(dir.path(), orientation);
            let of = Photograph {
                path: &path,
                reoriented: true,
            };
            load_mask_regions(mask, of, size_px)
        };
        let (lying, standing) = (top_left(40, 20), top_left(20, 40));
        let turned = load(QUARTER_TURN_RIGHT, &lying, (20, 40)).unwrap();
        assert_eq!(turned.oddities, [MaskOddity::Turned]);
        let run = turned.mask.runs()[0];
        assert_eq!(
            (run.y, run.start, run.end),
            (0, 10, 20),
            "top left is top right then"
        );
        let drawn_upright = load(QUARTER_TURN_RIGHT, &standing, (20, 40)).unwrap();
        assert_eq!(drawn_upright.oddities, []);
        assert_eq!(drawn_upright.mask.runs()[0].start, 0);
        let either = load(UPSIDE_DOWN, &lying, (40, 20)).unwrap();
        assert_eq!(either.oddities, [MaskOddity::PerhapsNotTurned]);
        assert!(load(UPSIDE_DOWN, &standing, (40, 20)).is_err());
    }

    #[test]
    fn outlines_are_a_mask_of_their_images_size() {
        use crate::outlines::{Outlines, Shape};
        let outlines = |size_px| {
            MaskSource::Outlines(std::sync::Arc::new(Outlines {
                file: "part.json".into(),
                size_px,
                shapes: vec![Shape::rectangle([0.0, 0.0], [0.5, 0.5])],
            }))
        };
        let placement = placement((64, 64), 16, Aspect::Stretch);
        let shares = load_mask(&outlines(None), upright(), &placement).unwrap();
        assert_eq!(shares.mask, load(quarter(255), "mask.png", 16));
        let error = load_mask(&outlines(Some((65, 64))), upright(), &placement).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("part.json: is a mask of 65 x 64 pixels"),
            "{text}"
        );
    }

    #[test]
    fn a_black_mask_is_empty() {
        assert_eq!(load(quarter(0), "mask.png", 16).max(), 0.0);
        assert_eq!(load(quarter(3), "traces.jpg", 16).max(), 0.0);
    }

    fn error(image: impl Into<DynamicImage>, name: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        image.into().save(&path).unwrap();
        let error = load_mask_regions(&path.into(), upright(), (64, 64)).unwrap_err();
        error.to_string()
    }

    #[test]
    fn a_dark_mask_with_loss_is_not_understood_instead_of_empty() {
        let text = error(quarter(20), "mask.jpg");
        assert!(text.contains("mask.jpg: is compressed with loss"), "{text}");
    }

    #[test]
    fn what_is_marked_in_colours_or_in_alpha_alone_is_marked() {
        let expected = load(quarter(255), "mask.png", 16);
        let drawn = |inside: [u8; 4], outside: [u8; 4]| {
            RgbaImage::from_fn(64, 64, |x, y| {
                Rgba(if x < 32 && y < 32 { inside } else { outside })
            })
        };
        for (inside, outside) in [
            ([255, 255, 255, 0], [0, 0, 0, 0]),
            ([0, 0, 0, 255], [0, 0, 0, 0]),
            ([0, 0, 0, 255], [255, 255, 255, 0]),
            ([0, 0, 0, 9], [200, 0, 0, 0]),
            ([255, 0, 0, 255], [0, 0, 0, 255]),
        ] {
            let mask = load(drawn(inside, outside), "mask.png", 16);
            assert_eq!(mask, expected, "{inside:?} on {outside:?}");
        }
        for nothing in [[255, 255, 255, 0], [0, 0, 0, 255], [0, 0, 0, 0]] {
            let mask = load(drawn(nothing, nothing), "mask.png", 16);
            assert_eq!(mask.max(), 0.0, "{nothing:?}");
        }
        let grey = image::GrayAlphaImage::from_fn(64, 64, |x, y| {
            image::LumaA([100 * u8::from(x < 32 && y < 32), 0])
        });
        assert_eq!(load(grey, "mask.png", 16), expected);
    }

    #[test]
    fn every_page_of_a_mask_counts() {
        use tiff::encoder::{TiffEncoder, colortype::Gray8};
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mask.tif");
        let write = |pages: &[(u32, &GrayImage)]| {
            let mut encoder = TiffEncoder::new(std::fs::File::create(&path).unwrap()).unwrap();
            for (size_px, page) in pages {
                let image = image::imageops::thumbnail(*page, *size_px, *size_px);
                encoder
                    .write_image::<Gray8>(*size_px, *size_px, &image)
                    .unwrap();
            }
            load_mask_regions(&path.clone().into(), upright(), (64, 64))
        };
        let (black, corner) = (quarter(0), quarter(255));
        for pages in [
            &[(64, &black), (64, &corner)][..],
            &[(64, &corner), (16, &corner), (64, &black)],
        ] {
            let mask = write(pages).unwrap();
            assert_eq!(mask.mask.areas(|_, _| true), [32 * 32]);
            assert_eq!(mask.oddities, []);
        }
        assert_eq!(
            write(&[(64, &black); 2]).unwrap().oddities,
            [MaskOddity::Empty]
        );
        assert!(write(&[(64, &black); 101]).is_err());
    }

    #[test]
    fn a_single_pixel_never_vanishes() {
        let mut image = GrayImage::new(1000, 900);
        image.put_pixel(501, 20, Luma([255]));
        let mask = load(image, "mask.png", 16);
        assert_eq!(mask.pixels.iter().sum::<f32>(), 1.0);
        assert_eq!(mask.at(0, 0, 8), 1.0);
    }

    #[test]
    fn half_covered_counts_less_does_not() {
        // Target pixels are 3 x 3; columns 0 and 1 of the first are two thirds of it.
        let thirds =
            |columns| GrayImage::from_fn(48, 48, |x, _| Luma([255 * u8::from(x < columns)]));
        assert_eq!(
            load(thirds(3 + 2), "mask.png", 16).pixels[..3],
            [1.0, 1.0, 0.0]
        );
        assert_eq!(
            load(thirds(3 + 1), "mask.png", 16).pixels[..3],
            [1.0, 0.0, 0.0]
        );
    }

    #[test]
    fn letterbox_moves_the_mask_with_its_image() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mask.png");
        GrayImage::from_pixel(20, 10, Luma([255]))
            .save(&path)
            .unwrap();
        let placed = placement((20, 10), 16, Aspect::Letterbox);
        let mask = load_mask(&path.into(), upright(), &placed).unwrap().mask;
        assert_eq!(mask, placed.validity());
    }

    #[test]
    fn at_its_own_size_no_pixel_is_lost_or_gained() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mask.png");
        let mut image = GrayImage::new(1000, 900);
        for (x, y) in [(0, 0), (501, 20), (502, 21), (999, 899)] {
            image.put_pixel(x, y, Luma([255]));
        }
        image.save(&path).unwrap();
        let source = path.into();
        let load = |size_px| load_mask_regions(&source, upright(), size_px);
        let mask = load((1000, 900)).unwrap().mask;
        assert_eq!(mask.size_px(), (1000, 900));
        assert_eq!(mask.areas(|_, _| true), [1, 2, 1]);
        assert!(load((900, 1000)).is_err());
    }

    #[test]
    fn several_files_are_one_mask_and_regions_of_their_own() {
        let dir = tempfile::tempdir().unwrap();
        // Two that overlap, and one that touches the second.
        let columns = [0..8, 4..16, 16..20].map(|columns| {
            let path = dir.path().join(format!("{}.png", columns.start));
            let image = GrayImage::from_fn(32, 16, |x, _| Luma([u8::from(columns.contains(&x))]));
            image.save(&path).unwrap();
            path
        });
        let source = MaskSource::Files(columns.to_vec());
        let load = |source| load_mask_regions(source, upright(), (32, 16));
        let regions = load(&source).unwrap().mask;
        assert_eq!(regions.areas(|_, _| true), [8 * 16, 12 * 16, 4 * 16]);
        let placement = placement((32, 16), 16, Aspect::Stretch);
        let mask = load_mask(&source, upright(), &placement).unwrap();
        assert_eq!(
            mask.mask,
            Picture::from_fn(1, 16, 16, |_, _, x| f32::from(x < 10))
        );

        let missing = MaskSource::Files(vec![columns[0].clone(), dir.path().join("gone.png")]);
        let error = load(&missing).unwrap_err();
        assert!(error.path.ends_with("gone.png"), "{error}");
    }

    #[test]
    fn another_size_is_refused_with_both_sizes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("part_mask.png");
        quarter(255).save(&path).unwrap();
        let placement = placement((65, 64), 16, Aspect::Stretch);
        let error = load_mask(&path.into(), upright(), &placement).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("part_mask.png: is a mask of 64 x 64 pixels for an image of 65 x 64")
        );
    }

    #[test]
    fn overlaps_cover_every_target_exactly_once() {
        for (from, to) in [(1, 1), (7, 3), (3, 7), (1000, 16), (16, 16), (1, 9)] {
            let mut sums = vec![0.0; to];
            for (source, target, share) in overlaps(from, to) {
                assert!(source < from);
                sums[target] += share;
            }
            assert!(
                sums.iter().all(|sum: &f32| (sum - 1.0).abs() < 1e-4),
                "{from} {to}"
            );
        }
    }
}
