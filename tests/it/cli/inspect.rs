//! `kizumi inspect`.

use std::collections::HashSet;
use std::fs;

use kizumi_image::picture::Picture;
use serde_json::Value;

use super::Place;
use crate::common::{SIZE_PX, pictures};

#[test]
fn projection_options_are_used() {
    let place = Place::with_model(1);
    let image = "data/test/scratch/15.png";
    let options = [
        "--alpha",
        "0.25",
        "--lambda",
        "0",
        "--iterations",
        "3",
        "--no-early-stop",
    ];
    let more = [
        "--step",
        "plain",
        "--regulariser",
        "l2",
        "--smoothing",
        "0",
        "--json",
    ];
    let row = place
        .inspect(&[&[image], &options[..], &more].concat())
        .succeeds();
    let row = row.says("calibrated with other settings").json();
    assert_eq!((&row["alpha"], &row["lambda"]), (&0.25.into(), &0.0.into()));
    assert_eq!(
        (&row["iterations"], &row["stop"]),
        (&3.into(), &"iterations".into())
    );
    assert!(row["projected_percentile"].is_null() && row["kind"].is_null());
}

#[test]
fn overlays_have_the_size_and_shape_of_the_file() {
    let place = Place::with_model(1);
    let wide = image::RgbImage::from_pixel(90, 40, image::Rgb([90, 120, 60]));
    wide.save(place.path("wide.png")).expect("it is written");
    for (size, wanted) in [(None, (90, 40)), (Some("network"), (256, 256))] {
        let size = size.map(|size| ["--picture-size", size]);
        let options = size.as_ref().map_or(&[][..], |size| &size[..]);
        place.inspect(&[&["wide.png"], options].concat()).succeeds();
        let overlay = image::open(place.path("results/wide_overlay.png")).expect("a picture");
        assert_eq!((overlay.width(), overlay.height()), wanted);
    }
}

#[test]
fn names_are_unique_across_folders() {
    let place = Place::with_model(1);
    let both = ["data/test/good/12.png", "data/test/good", "data/test"];
    place.inspect(&both).succeeds();
    let rows = fs::read_to_string(place.path("results/results.jsonl")).expect("rows");
    let names: HashSet<String> = rows
        .lines()
        .map(|row| serde_json::from_str::<Value>(row).expect("JSON")["heatmap"].to_string())
        .collect();
    assert_eq!(names.len(), 1 + 3 + 6);
}

#[test]
fn broken_files_are_listed_and_the_rest_is_used() {
    let place = Place::with_data(1);
    let good = fs::read(place.path("data/test/good/12.png")).expect("an image");
    for split in ["train", "test"] {
        place.write(&format!("data/{split}/good/zero.png"), b"");
        place.write(
            &format!("data/{split}/good/text.png"),
            b"this is no image at all",
        );
        place.write(
            &format!("data/{split}/good/cut.png"),
            &good[..good.len() / 2],
        );
        place.write(&format!("data/{split}/good/bomb.png"), &bomb());
    }
    let trained = place.train(&["--images", "16"]).succeeds();
    trained
        .says("4 files could not be used")
        .says("zero.png: is empty")
        .says("text.png: is no PNG")
        .says("cut.png: is cut off")
        .says("bomb.png: is too large");
    place
        .inspect(&["data"])
        .says("zero.png: is empty")
        .says("6 images inspected, 4 could not be used")
        .fails_saying(&["4 of what may be images could not be read"]);
    place
        .evaluate(&[])
        .succeeds()
        .says("4 test images could not be used");
    place
        .inspect(&["data/test/good/zero.png", "data/test/good/text.png"])
        .says("zero.png: is empty")
        .fails_saying(&["none of 2 images"]);

    let place = Place::empty();
    for i in 0..3 {
        place.write(&format!("data/{i}.png"), b"this is no image at all");
    }
    place
        .train(&["--images", "16"])
        .fails_saying(&["can be used"]);
}

/// A PNG that claims 100 000 x 100 000 pixels.
fn bomb() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = b"IHDR".to_vec();
    header.extend(100_000u32.to_be_bytes());
    header.extend(100_000u32.to_be_bytes());
    header.extend([8, 0, 0, 0, 0]);
    bytes.extend(13u32.to_be_bytes());
    bytes.extend(&header);
    bytes.extend(crc32(&header).to_be_bytes());
    for empty in [b"IDAT", b"IEND"] {
        bytes.extend([0, 0, 0, 0]);
        bytes.extend(empty);
        bytes.extend(crc32(empty).to_be_bytes());
    }
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    })
}

#[test]
fn names_too_long_for_pictures_are_shortened_and_end_no_run() {
    let place = Place::with_model(1);
    let picture = pictures(1, 1).remove(0);
    let long = "n".repeat(250);
    for last in ["1", "2"] {
        place.save(&format!("many/{long}{last}.png"), &picture);
    }
    place.save("many/short.png", &picture);
    let ran = place.inspect(&["many", "--pictures", "map"]).succeeds();
    ran.says("names of 2 images are too long")
        .says("3 images inspected");
    let table = fs::read_to_string(place.path("results/results.jsonl")).expect("a table");
    let maps: Vec<Value> = table
        .lines()
        .map(|row| {
            let row: Value = serde_json::from_str(row).expect("JSON");
            row["map"].clone()
        })
        .collect();
    let files: HashSet<&str> = maps.iter().filter_map(Value::as_str).collect();
    assert_eq!(files.len(), 3, "{table}");
    for file in files {
        assert!(place.path("results").join(file).is_file(), "{file}");
    }
}

#[cfg(unix)]
#[test]
fn names_of_files_forge_no_line_and_command_no_terminal() {
    let place = Place::with_model(1);
    let name = "a\nkizumi: forged\u{1b}[2J\u{202e}";
    place.save(&format!("many/{name}.png"), &pictures(1, 1).remove(0));
    place.write(
        &format!("many/{name}-broken.png"),
        b"this is no image at all",
    );
    let ran = place.inspect(&["many", "--pictures", "none"]).ends_with(1);
    for text in [ran.stdout(), ran.stderr()] {
        assert!(
            text.contains("a\\nkizumi: forged\\u{1b}[2J\\u{202e}"),
            "{text}"
        );
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}'),
            "{text}"
        );
        assert!(!text.lines().any(|line| line.starts_with("kizumi: forged")));
    }
}

#[test]
fn channels_are_converted_and_it_is_said_once() {
    let (grey, colour) = (Place::with_model(1), Place::with_model(3));
    let colour_test = colour.path("data/test").display().to_string();
    let grey_test = grey.path("data/test").display().to_string();
    let to_grey = grey
        .inspect(&[&colour_test])
        .succeeds()
        .says("converted to grey");
    assert_eq!(to_grey.stderr().matches("converted to grey").count(), 1);
    let to_colour = colour
        .inspect(&[&grey_test])
        .succeeds()
        .says("repeated to RGB");
    assert_eq!(to_colour.stderr().matches("repeated to RGB").count(), 1);
}

#[test]
fn foreign_and_truncated_models_are_refused() {
    let place = Place::with_model(1);
    let model = fs::read(place.path("model.safetensors")).expect("a model");
    place.write("cut.safetensors", &model[..model.len() / 2]);
    place.write(
        "text.safetensors",
        b"this is a text, and a rather long one at that",
    );
    place.write("empty.safetensors", b"");
    for (name, reason) in [
        ("cut.safetensors", "truncated"),
        ("text.safetensors", "not a .safetensors file"),
        ("empty.safetensors", "not a model file"),
        ("missing.safetensors", "No such file"),
        ("data", "data"),
    ] {
        for arguments in [
            vec!["inspect", name, "data/test", "--out", "results"],
            vec!["evaluate", name, "data"],
            vec!["train", "data", "--out", "new", "--resume", name],
        ] {
            let arguments = [&arguments[..], &["--device", "cpu"]].concat();
            place.run(&arguments).fails_saying(&[name, reason]);
        }
    }
    assert!(!place.path("new").exists() && !place.path("results").exists());
}

#[test]
fn a_file_whose_data_and_pixels_do_not_agree_is_to_be_looked_at() {
    let place = Place::with_model(3);
    let whole = image::open(place.path("data/test/good/12.png")).expect("an image");
    whole
        .save(place.path("whole.bmp"))
        .expect("it can be saved");
    let mut bytes = fs::read(place.path("whole.bmp")).expect("it was");
    bytes.extend([0; 4 * SIZE_PX]);
    place.write("more.bmp", &bytes);
    for (name, is_odd) in [("whole.bmp", false), ("more.bmp", true)] {
        let row = place.inspect(&[name, "--json", "--pictures", "none"]);
        let row = row.succeeds().json();
        let reasons = row["reasons"].as_str().expect("reasons");
        assert_eq!(reasons.contains("doubtful-file"), is_odd, "{row}");
        assert!(!is_odd || row["verdict"] == "review", "{row}");
    }
}

#[test]
fn a_picture_of_something_else_is_to_be_looked_at() {
    let place = Place::with_model(3);
    place.save("blank.png", &Picture::filled(3, SIZE_PX, SIZE_PX, 0.5));
    for (name, reason) in [
        ("blank.png", "unlike-model:contrast"),
        ("data/test/good/12.png", ""),
    ] {
        let row = place.inspect(&[name, "--json", "--pictures", "none"]);
        let row = row.succeeds().json();
        let reasons = row["reasons"].as_str().expect("reasons");
        assert_eq!(
            reasons.contains("unlike-model"),
            !reason.is_empty(),
            "{row}"
        );
        assert!(reasons.contains(reason), "{row}");
        if !reason.is_empty() {
            assert_eq!(row["verdict"], "review");
        }
    }
    let said = place
        .inspect(&["blank.png", "--pictures", "none"])
        .succeeds();
    assert!(said.stdout().contains("blank.png: Review, score"));
    assert!(said.stdout().contains("blank, other contrast"));
}

#[test]
fn regions_are_in_millimetres_where_the_scale_is_known() {
    let place = Place::with_model(1);
    let image = "data/test/scratch/15.png";
    let options = [image, "--json", "--pictures", "none"];
    let plain = place.inspect(&options).succeeds().json();
    assert!(plain["mm_per_px"].is_null());
    let region = &plain["regions"][0];
    assert!(
        region["area"].is_u64() && region.get("area_mm2").is_none(),
        "{plain}"
    );

    let row = place
        .inspect(&[&options[..], &["--mm-per-px", "0.5"]].concat())
        .succeeds()
        .json();
    assert_eq!(row["mm_per_px"], 0.5);
    let region = &row["regions"][0];
    let number = |name: &str| region[name].as_f64().expect("a number");
    assert_eq!(number("area_mm2"), 0.25 * number("area"));
    assert!((number("length_mm") - 0.5 * number("length")).abs() < 1e-4);
    for nonsense in ["0", "-1", "nan", "wide"] {
        let option = format!("--mm-per-px={nonsense}");
        let said = place.inspect(&[&options[..], &[&option]].concat());
        said.ends_with(2).says("--mm-per-px");
    }
}
