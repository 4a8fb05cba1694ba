//! `--crop`: a model that sees a part of each photograph.

use std::fs;

use kizumi_image::crop::{Area, Crop};
use kizumi_image::picture::Picture;
use serde_json::Value;

use super::Place;
use super::place::scratched;
use crate::common::{SIZE_PX, pictures, weight_bits};

/// Where the part lies in a photograph, and how large that is.
const CROP: &str = "40,30,64,64";
const PHOTOGRAPH_PX: (usize, usize) = (160, 120);

/// A photograph with the picture in the crop; what is around it differs from one to the other.
fn around(picture: &Picture, ground: usize) -> Picture {
    let (width, height) = PHOTOGRAPH_PX;
    let crop: Area = CROP.parse().expect("a crop");
    Picture::from_fn(picture.channels, height, width, |c, y, x| {
        match (x.checked_sub(crop.x), y.checked_sub(crop.y)) {
            (Some(x), Some(y)) if x < crop.width && y < crop.height => picture.at(c, y, x),
            _ => ((x * (3 + ground) + y * 7) % 100) as f32 / 100.0,
        }
    })
}

/// The images of [`Place::with_data`] as parts of photographs; masks as well.
fn with_photographs() -> Place {
    let place = Place::empty();
    let black = Picture::filled(1, SIZE_PX, SIZE_PX, 0.0);
    for (i, picture) in pictures(1, 18).iter().enumerate() {
        match i {
            0..12 => place.save(&format!("data/train/good/{i}.png"), &around(picture, i)),
            12..15 => place.save(&format!("data/test/good/{i}.png"), &around(picture, i)),
            _ => {
                let (scratched, mask) = scratched(picture);
                let crop: Area = CROP.parse().expect("a crop");
                let mask = Picture::from_fn(1, PHOTOGRAPH_PX.1, PHOTOGRAPH_PX.0, |_, y, x| {
                    let inside = (y.wrapping_sub(crop.y), x.wrapping_sub(crop.x));
                    match inside {
                        (y, x) if y < SIZE_PX && x < SIZE_PX => mask.at(0, y, x),
                        _ => black.at(0, 0, 0),
                    }
                });
                place.save(
                    &format!("data/test/scratch/{i}.png"),
                    &around(&scratched, i),
                );
                place.save(&format!("data/ground_truth/scratch/{i}_mask.png"), &mask);
            }
        }
    }
    place
}

/// Puts the model of `from` into `into`, with a crop and parting normal images by their names: their content
/// is another one there.
fn with_crop(from: &Place, into: &Place) {
    let mut model = from.model("model.safetensors");
    model.header.dataset.held_out_below = None;
    model
        .save(&from.path("model.safetensors"))
        .expect("a model can be saved");
    let crop = Crop::new(CROP.parse().expect("a crop")).of_most(&[PHOTOGRAPH_PX]);
    model.header.data.crop = Some(crop);
    model
        .save(&into.path("model.safetensors"))
        .expect("a model can be saved");
}

fn rows(place: &Place) -> Vec<Value> {
    let text = fs::read_to_string(place.path("results/results.jsonl")).expect("rows");
    let rows = text.lines().map(serde_json::from_str);
    rows.map(|row| row.expect("JSON")).collect()
}

#[test]
fn photographs_with_a_crop_have_the_verdicts_and_figures_of_those_cut_beforehand() {
    let (cut, whole) = (Place::with_model(1), with_photographs());
    with_crop(&cut, &whole);
    for place in [&cut, &whole] {
        place.inspect(&["data/test"]).succeeds();
    }
    let (of_cut, of_whole) = (rows(&cut), rows(&whole));
    assert_eq!(of_cut.len(), 6);
    let mut regions = 0;
    for (cut, whole) in of_cut.iter().zip(&of_whole) {
        for column in ["plain_score", "projected_score", "verdict", "confidence"] {
            assert_eq!(cut[column], whole[column], "{column}");
        }
        let all = |row: &Value| row["regions"].as_array().cloned().unwrap_or_default();
        let (cut, whole) = (all(cut), all(whole));
        assert_eq!(cut.len(), whole.len());
        regions += cut.len();
        for (cut, whole) in cut.iter().zip(&whole) {
            for (side, offset) in [("x", 40), ("y", 30), ("peak_x", 40), ("peak_y", 30)] {
                let at = |region: &Value| region[side].as_u64().expect("a number");
                assert_eq!(at(cut) + offset, at(whole), "{side}");
            }
            for same in ["width", "height", "area", "peak"] {
                assert_eq!(cut[same], whole[same], "{same}");
            }
        }
    }
    assert!(regions > 0);
    let figures = |place: &Place| {
        place
            .evaluate(&["--json", "--out", "out"])
            .succeeds()
            .json()
    };
    assert_eq!(figures(&cut), figures(&whole));
    let sheet =
        |place: &Place| image::open(place.path("out/contact_sheet.png")).expect("a picture");
    assert_eq!(sheet(&cut), sheet(&whole), "it shows what the model sees");

    // Both go on alike: with the same weights to the same calibration.
    let more = ["train", "data", "--out", "more.safetensors"];
    let more = [
        &more[..],
        &["--resume", "model.safetensors", "--images", "32"],
    ]
    .concat();
    for place in [&cut, &whole] {
        place
            .run(&[&more[..], &["--device", "cpu"]].concat())
            .succeeds();
    }
    let [cut, whole] = [&cut, &whole].map(|place| place.model("more.safetensors"));
    assert_eq!(weight_bits(&cut.network), weight_bits(&whole.network));
    assert_eq!(cut.header.calibration, whole.header.calibration);
    let crop = whole.header.data.crop.expect("it is kept");
    assert_eq!(
        (crop.area.to_string().as_str(), crop.photograph_px),
        (CROP, Some(PHOTOGRAPH_PX))
    );
}

#[test]
fn a_training_with_a_crop_sees_nothing_else() {
    for mode in [
        &["--features", "none", "--images", "16"][..],
        &["--features", "none", "--images", "16", "--mode", "texture"],
        &["--features", "lite0", "--features-only"],
    ] {
        let model = |around_it: Option<usize>| {
            let place = Place::empty();
            let picture = &pictures(1, 1)[0];
            // Of a single one nothing is held out, whatever its content.
            let crop = ["--crop", CROP];
            let (picture, crop) = match around_it {
                Some(ground) => (&around(picture, ground), &crop[..]),
                None => (picture, &[][..]),
            };
            place.save("data/train/good/0.png", picture);
            let quick = [
                "train",
                "data",
                "--out",
                "model.safetensors",
                "--size",
                "64",
            ];
            let network = [
                "--width", "4", "--latent", "4", "--batch", "8", "--device", "cpu",
            ];
            place
                .run(&[&quick[..], &network, mode, crop].concat())
                .succeeds();
            place.model("model.safetensors")
        };
        let (alone, one, other) = (model(None), model(Some(0)), model(Some(5)));
        for cropped in [&one, &other] {
            assert_eq!(weight_bits(&alone.network), weight_bits(&cropped.network));
            assert_eq!(alone.header.data.view, cropped.header.data.view);
            let fingerprints = [&alone, cropped].map(|model| {
                let memories = model.memories.as_ref();
                memories.map(|memories| memories.fingerprint())
            });
            assert_eq!(fingerprints[0], fingerprints[1], "{mode:?}");
            let crop = cropped.header.data.crop.expect("a crop");
            assert_eq!(crop.photograph_px, Some(PHOTOGRAPH_PX));
        }
    }
}

#[test]
fn photographs_that_the_crop_does_not_fit_are_refused_by_name() {
    let place = with_photographs();
    let odd = &pictures(1, 1)[0];
    place.save("data/train/good/odd.png", odd);
    place.save("data/test/good/odd.png", odd);
    place
        .train(&["--images", "16", "--crop", CROP])
        .succeeds()
        .says("good/odd.png: has 64 x 64 pixels; the crop is of photographs of 160 x 120");
    place
        .inspect(&["data/test/good"])
        .says("good/odd.png: has 64 x 64 pixels; the crop is of photographs of 160 x 120")
        .fails_saying(&["1 of what may be images could not be read"]);
    let header = place.model("model.safetensors").header;
    assert_eq!(header.dataset.normal_images(), 12);
    // A model file whose crop cannot be.
    let mut bytes = fs::read(place.path("model.safetensors")).expect("a model");
    let crop = br#"\"x\":40"#;
    let at = bytes.windows(crop.len()).position(|part| part == crop);
    let at = at.expect("it is in the header") + crop.len() - 2;
    bytes[at..at + 2].copy_from_slice(b"99");
    place.write("odd.safetensors", &bytes);
    let reason = "the crop 99,30,64,64 reaches beyond photographs of 160 x 120 pixels";
    place
        .run(&["inspect", "odd.safetensors", "data/test", "--out", "odd"])
        .fails_saying(&["odd.safetensors", reason]);

    place
        .train(&["--images", "16", "--crop", "100,30,64,64"])
        .fails_saying(&["reaches beyond", "160 x 120"]);
    for (crop, complaint) in [("0,0,15,64", "too small"), ("0,0,64", "X,Y,WIDTH,HEIGHT")] {
        let ran = place
            .train(&["--images", "16", "--crop", crop])
            .ends_with(2);
        ran.says(complaint);
    }
}

#[test]
fn a_mask_outside_of_the_crop_is_said_and_left_out() {
    let (cut, place) = (Place::with_model(1), with_photographs());
    with_crop(&cut, &place);
    let corner = Picture::from_fn(1, PHOTOGRAPH_PX.1, PHOTOGRAPH_PX.0, |_, y, x| {
        f32::from(u8::from(y < 10 && x < 10))
    });
    place.save("data/ground_truth/scratch/15_mask.png", &corner);
    let evaluated = place.evaluate(&["--json"]).succeeds();
    let odd = &evaluated.json()["masks_to_look_at"];
    let reason = odd[0]["reason"].as_str().expect("a reason");
    assert!(reason.contains("outside of the crop"), "{reason}");
    assert_eq!(evaluated.json()["images"]["left_out_of_pixel_auroc"], 1);
}
