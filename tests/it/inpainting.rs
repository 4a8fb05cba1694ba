//! Holes filled by projection: on the command line.

use std::fs;

use image::{GrayImage, ImageBuffer, Luma, Rgb, RgbImage};

use crate::cli::{Place, Ran};

/// The test image, and a mask with a square hole in it.
fn place_with_hole() -> Place {
    let place = Place::with_model(3);
    let photograph = RgbImage::from_fn(96, 64, |x, y| Rgb([x as u8, 2 * y as u8, 77]));
    photograph
        .save(place.path("photograph.png"))
        .expect("it can be saved");
    mask(&place, 96);
    place
}

fn mask(place: &Place, width: u32) {
    let inside = |x: u32, y: u32| (30..54).contains(&x) && (20..44).contains(&y);
    let mask = RgbImage::from_fn(width, 64, |x, y| Rgb([255 * u8::from(inside(x, y)); 3]));
    mask.save(place.path("mask.png")).expect("it can be saved");
}

fn inpaint(place: &Place, more: &[&str]) -> Ran {
    let arguments = [
        "inpaint",
        "model.safetensors",
        "photograph.png",
        "--mask",
        "mask.png",
        "--device",
        "cpu",
    ];
    place.run(&[&arguments[..], more].concat())
}

fn pixels(place: &Place, name: &str) -> RgbImage {
    let image = image::open(place.path(name)).expect("an image");
    image.to_rgb8()
}

#[test]
fn a_hole_is_filled_and_the_rest_is_as_it_was() {
    let place = place_with_hole();
    let ran = inpaint(&place, &["--out", "filled.png", "--json"]).succeeds();
    let report = ran.json();
    assert_eq!(report["iterations"], 25);
    let hole = report["hole"].as_f64().expect("a share");
    assert!((0.05..0.2).contains(&hole), "{hole}");
    let (before, after) = (
        pixels(&place, "photograph.png"),
        pixels(&place, "filled.png"),
    );
    assert_eq!(before.dimensions(), after.dimensions());
    let mut changed = 0;
    for (x, y, pixel) in after.enumerate_pixels() {
        let same = pixel == before.get_pixel(x, y);
        if (33..51).contains(&x) && (23..41).contains(&y) {
            changed += usize::from(!same);
        } else if !(26..58).contains(&x) || !(16..48).contains(&y) {
            assert!(same, "{x}, {y} is outside of the hole");
        }
    }
    assert!(changed > 300, "{changed} of 324");
    let told = inpaint(&place, &["--out", "again.png"]).succeeds().stdout();
    assert!(
        told.contains("again.png") && told.contains("25 iterations"),
        "{told}"
    );
    assert_eq!(after, pixels(&place, "again.png"), "one seed, one result");
    inpaint(
        &place,
        &["--out", "other.png", "--seed", "1", "--iterations", "1"],
    )
    .succeeds();
    inpaint(&place, &["--out", "one.png", "--iterations", "1"]).succeeds();
    assert_ne!(pixels(&place, "one.png"), pixels(&place, "other.png"));
}

#[test]
fn bad_holes_are_refused_and_nothing_is_written() {
    let place = place_with_hole();
    mask(&place, 64);
    inpaint(&place, &["--out", "x.png"]).fails_saying(&["mask.png", "64", "96"]);
    RgbImage::new(96, 64)
        .save(place.path("mask.png"))
        .expect("it can be saved");
    inpaint(&place, &["--out", "x.png"]).fails_saying(&["mask.png", "nothing is marked"]);
    place.write("mask.png", b"no image");
    inpaint(&place, &["--out", "x.png"]).fails_saying(&["mask.png"]);
    inpaint(&place, &["--out", "x.png", "--alpha", "-1"]).ends_with(2);
    assert!(!place.path("x.png").exists());
    mask(&place, 96);
    fs::remove_file(place.path("photograph.png")).expect("it is there");
    inpaint(&place, &["--out", "x.png"]).fails_saying(&["photograph.png"]);
}

#[test]
fn a_large_photograph_of_sixteen_bits_keeps_its_size_and_its_depth() {
    let place = Place::with_model(1);
    let photograph: ImageBuffer<Rgb<u16>, Vec<u16>> = ImageBuffer::from_fn(8300, 40, |x, y| {
        Rgb([x as u16 * 7 + 1, y as u16 * 1001 + 3, 12_345])
    });
    photograph
        .save(place.path("photograph.png"))
        .expect("it can be saved");
    let inside = |x: u32, y: u32| (2000..4000).contains(&x) && (10..30).contains(&y);
    let mask = GrayImage::from_fn(8300, 40, |x, y| Luma([255 * u8::from(inside(x, y))]));
    mask.save(place.path("mask.png")).expect("it can be saved");
    inpaint(&place, &["--out", "filled.png", "--iterations", "2"]).succeeds();
    let filled = image::open(place.path("filled.png")).expect("an image");
    assert_eq!((filled.width(), filled.height()), (8300, 40));
    assert_eq!(filled.color(), image::ColorType::Rgb16);
    let filled = filled.into_rgb16();
    // A network pixel is 130 of the photograph's.
    let mut changed = 0;
    for (x, y, pixel) in filled.enumerate_pixels() {
        let same = pixel == photograph.get_pixel(x, y);
        if !(1700..4300).contains(&x) {
            assert!(same, "{x}, {y} is outside of the hole");
        } else if inside(x, y) {
            changed += usize::from(!same);
        }
    }
    assert!(changed > 30_000, "{changed} of 40000");
}
