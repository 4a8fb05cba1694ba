#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use image::{DynamicImage, GrayImage, ImageBuffer, Luma, Rgba, RgbaImage};

use super::*;
use crate::crop::Crop;
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
        load_mask_regions(mask, of, &Placement::whole(size_px))
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
    let error =
        load_mask_regions(&path.into(), upright(), &Placement::whole((64, 64))).unwrap_err();
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
        load_mask_regions(&path.clone().into(), upright(), &Placement::whole((64, 64)))
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
    let thirds = |columns| GrayImage::from_fn(48, 48, |x, _| Luma([255 * u8::from(x < columns)]));
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
    let load = |size_px| load_mask_regions(&source, upright(), &Placement::whole(size_px));
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
    let load = |source| load_mask_regions(source, upright(), &Placement::whole((32, 16)));
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
    assert!(text.contains("part_mask.png: is a mask of 64 x 64 pixels for an image of 65 x 64"));
}

#[test]
fn a_crop_cuts_the_mask_as_its_image() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("part_mask.png");
    // Two legs below a bar, which lies above the crop.
    let legs = [20..24, 60..70];
    let image = GrayImage::from_fn(100, 50, |x, y| {
        let in_leg = legs.iter().any(|leg| leg.contains(&x)) && (10..40).contains(&y);
        Luma([u8::from((8..10).contains(&y) || in_leg)])
    });
    image.save(&path).unwrap();
    let source = MaskSource::from(path);
    let cropped = |crop: &str| {
        let data = DataConfig {
            size_px: 64,
            crop: Some(Crop::new(crop.parse().unwrap())),
            ..DataConfig::default()
        };
        let placement = Placement::new((100, 50), &data).unwrap();
        let regions = load_mask_regions(&source, upright(), &placement).unwrap();
        (load_mask(&source, upright(), &placement).unwrap(), regions)
    };
    let (mask, regions) = cropped("22,10,64,32");
    assert_eq!(regions.mask.size_px(), (64, 32));
    assert_eq!(regions.mask.areas(|_, _| true), [2 * 30, 10 * 30]);
    assert_eq!(regions.mask.runs()[1].columns(), 38..48);
    assert_eq!((mask.oddities, regions.oddities), (vec![], vec![]));
    // Twice as high as in the file.
    assert_eq!(mask.mask.pixels.iter().sum::<f32>(), 12.0 * 60.0);

    let (mask, regions) = cropped("26,16,32,32");
    assert_eq!(mask.oddities, [MaskOddity::Outside]);
    assert_eq!(regions.oddities, [MaskOddity::Outside]);
    assert_eq!((mask.mask.max(), regions.mask.count()), (0.0, 0));
}
