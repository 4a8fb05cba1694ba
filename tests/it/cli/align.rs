//! `--align`: a model that looks for its part in each photograph.

use std::fs;

use kizumi_image::picture::Picture;
use serde_json::Value;

use super::Place;
use super::place::{QUICK, Ran};

const PHOTOGRAPH_PX: (usize, usize) = (240, 160);

/// Where the part lies in the first photograph.
const CENTRE: (f64, f64) = (120.0, 80.0);
const CROP: &str = "66,26,108,108";

/// A washer with two marks, its centre at a point, turned clockwise, on ground that is another one for each `seed`;
/// with a scratch, if it has one, that only the part's own place tells apart from the others. And where the scratch is.
fn photograph(
    (x, y): (f64, f64),
    degrees: f64,
    seed: usize,
    scratched: bool,
) -> (Picture, Picture) {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let own = |column: usize, row: usize| {
        let (x, y) = (column as f64 + 0.5 - x, row as f64 + 0.5 - y);
        (cos * x + sin * y, cos * y - sin * x)
    };
    let is_scratch =
        |(x, y): (f64, f64)| scratched && (-40.0..-24.0).contains(&x) && (-4.0..4.0).contains(&y);
    let (width, height) = PHOTOGRAPH_PX;
    let picture = Picture::from_fn(3, height, width, |_, row, column| {
        let at = own(column, row);
        let (radius, degrees) = (at.0.hypot(at.1), at.1.atan2(at.0).to_degrees());
        let noise = ((column * 73 + row * 179 + seed * 911) % 64) as f32 / 3000.0;
        let is_mark =
            |from: f64, to: f64| (from..to).contains(&degrees) && (30.0..42.0).contains(&radius);
        noise
            + match (20.0..50.0).contains(&radius) {
                true if is_scratch(at) => 0.95,
                true if is_mark(-90.0, -70.0) || is_mark(-58.0, -50.0) => 0.35,
                true => 0.6,
                false => 0.12 + 0.08 * (seed % 3) as f32,
            }
    });
    let mask = Picture::from_fn(1, height, width, |_, row, column| {
        f32::from(u8::from(is_scratch(own(column, row))))
    });
    (picture, mask)
}

/// Where the part lies in a photograph, and how it is turned; in the first as it is.
fn pose(seed: usize) -> ((f64, f64), f64) {
    let spread = |factor: usize, over: usize| (seed * factor % over) as f64 / over as f64 - 0.5;
    match seed {
        0 => (CENTRE, 0.0),
        _ => (
            (120.0 + 70.0 * spread(37, 101), 80.0 + 40.0 * spread(61, 97)),
            360.0 * spread(83, 359),
        ),
    }
}

fn place() -> Place {
    let place = Place::empty();
    for seed in 0..14 {
        let (centre, degrees) = pose(seed);
        let (picture, _) = photograph(centre, degrees, seed, false);
        place.save(&format!("data/train/good/{seed:02}.png"), &picture);
    }
    for seed in 20..24 {
        let (centre, degrees) = pose(seed);
        let (picture, mask) = photograph(centre, degrees, seed, seed >= 22);
        match seed {
            ..22 => place.save(&format!("data/test/good/{seed}.png"), &picture),
            _ => {
                place.save(&format!("data/test/scratch/{seed}.png"), &picture);
                place.save(&format!("data/ground_truth/scratch/{seed}_mask.png"), &mask);
            }
        }
    }
    place
}

fn train(place: &Place, more: &[&str]) -> Ran {
    let quick = &QUICK[2..];
    let features = [
        "train",
        "data",
        "--out",
        "model.safetensors",
        "--features-only",
    ];
    place.run(&[&features, quick, more].concat())
}

#[test]
fn a_scratch_on_a_part_that_lies_anywhere_is_found_where_it_is_in_the_file() {
    let place = place();
    train(&place, &["--align", "--crop", CROP]).succeeds();
    let data = place.model("model.safetensors").header.data;
    let crop = data.crop.expect("it is kept");
    assert_eq!(
        (crop.area.to_string().as_str(), crop.photograph_px),
        (CROP, Some(PHOTOGRAPH_PX))
    );
    let template = data.align.and_then(|align| align.template);
    assert!(template.expect("it was learned").turns());

    place.inspect(&["data/test"]).succeeds();
    let text = fs::read_to_string(place.path("results/results.jsonl")).expect("rows");
    let rows = text
        .lines()
        .map(|row| serde_json::from_str(row).expect("JSON"));
    let rows: Vec<Value> = rows.collect();
    assert_eq!(rows.len(), 4);
    for row in &rows {
        let path = row["path"].as_str().expect("a path");
        let is_scratched = path.contains("scratch");
        let regions = row["regions"].as_array().cloned().unwrap_or_default();
        assert_eq!(!regions.is_empty(), is_scratched, "{path}: {regions:?}");
        for region in regions.iter().take(1) {
            let seed: usize = path
                .trim_end_matches(".png")
                .rsplit('/')
                .next()
                .and_then(|name| name.parse().ok())
                .expect("a number");
            let (centre, degrees) = pose(seed);
            let (sin, cos) = degrees.to_radians().sin_cos();
            let scratch = (centre.0 - 32.0 * cos, centre.1 - 32.0 * sin);
            let at = |name: &str| region[name].as_f64().expect("a number");
            let off = (at("peak_x") - scratch.0).hypot(at("peak_y") - scratch.1);
            assert!(off < 14.0, "{path}: {off} px beside {scratch:?}");
        }
    }
    // Masks are turned as their images are.
    let figures = place
        .evaluate(&["--json", "--out", "out"])
        .succeeds()
        .json();
    let text = figures.to_string();
    assert!(
        figures["masks_to_look_at"]
            .as_array()
            .is_some_and(Vec::is_empty),
        "{text}"
    );
    assert!(place.path("out/contact_sheet.png").is_file());
}

#[test]
fn without_a_crop_the_part_is_what_the_photographs_have_in_common() {
    let place = place();
    train(&place, &["--align"]).succeeds();
    let crop = place
        .model("model.safetensors")
        .header
        .data
        .crop
        .expect("a crop")
        .area;
    let near = |own: usize, right: usize| own.abs_diff(right) <= 14;
    assert!(near(crop.x, 70) && near(crop.y, 30), "{crop}");
    assert!(near(crop.width, 100) && near(crop.height, 100), "{crop}");
}

#[test]
fn a_photograph_without_the_part_is_named_and_to_be_reviewed() {
    let place = place();
    let (width, height) = PHOTOGRAPH_PX;
    let nothing = Picture::from_fn(3, height, width, |_, y, x| {
        ((x + 2 * y) % 90) as f32 / 200.0
    });
    place.save("data/train/good/nothing.png", &nothing);
    place.save("data/test/good/nothing.png", &nothing);
    let refused = "good/nothing.png: the part was not found in it: likeness 0.";
    train(&place, &["--align", "--crop", CROP])
        .succeeds()
        .says(refused);
    assert_eq!(
        place
            .model("model.safetensors")
            .header
            .dataset
            .normal_images(),
        14
    );
    let inspected = place.inspect(&["data/test/good"]);
    let said = inspected
        .fails_saying(&["in 1 image the part was not found"])
        .stdout();
    let text = "good/nothing.png: Review: the part was not found in it: likeness 0.";
    assert!(said.contains(text), "{said}");
    let blank = row(&place, "nothing.png");
    assert_eq!(
        (&blank["verdict"], &blank["reasons"]),
        (&"review".into(), &"part-not-found".into())
    );
    assert!(blank["projected_score"].is_null());
    let table = fs::read_to_string(place.path("results/results.csv")).expect("a table");
    assert!(table.contains("part-not-found"));
    let lost = place.run(&["locate", "model.safetensors", "data/test/good/nothing.png"]);
    lost.fails_saying(&["in 1 of 1 image no part was found"]);
}

/// The row of an image in the results of the last inspection.
fn row(place: &Place, name: &str) -> Value {
    let text = fs::read_to_string(place.path("results/results.jsonl")).expect("rows");
    let rows = text
        .lines()
        .map(|row| -> Value { serde_json::from_str(row).expect("JSON") });
    let mut of_image = rows.filter(|row| {
        row["path"]
            .as_str()
            .is_some_and(|path| path.ends_with(name))
    });
    of_image.next().expect("a row of its own")
}

#[test]
fn a_photograph_with_two_parts_is_to_be_reviewed() {
    let place = place();
    train(&place, &["--align", "--crop", CROP]).succeeds();
    let (width, height) = PHOTOGRAPH_PX;
    let one = photograph((66.0, 80.0), 20.0, 25, false).0;
    let other = photograph((174.0, 80.0), 130.0, 26, false).0;
    let two = Picture::from_fn(3, height, width, |channel, row, column| {
        let side = if column < width / 2 { &one } else { &other };
        side.at(channel, row, column)
    });
    place.save("odd/two.png", &two);
    place.inspect(&["odd"]).succeeds();
    let two = row(&place, "two.png");
    assert_eq!(two["verdict"], "review");
    let reasons = two["reasons"].as_str().expect("reasons");
    assert!(reasons.contains("two-parts"), "{reasons}");
    let located = place
        .run(&["locate", "model.safetensors", "odd/two.png", "--json"])
        .succeeds()
        .json();
    assert!(located["second"]["x"].is_number(), "{located}");
}

#[test]
fn what_cannot_be_aligned_to_is_named_once() {
    let place = place();
    let (width, height) = PHOTOGRAPH_PX;
    let blank = Picture::from_fn(3, height, width, |_, _, _| 0.5);
    place.save("data/train/good/00.png", &blank);
    let ran = train(&place, &["--align", "--crop", CROP]).fails_saying(&["00.png", "no edges"]);
    let said = String::from_utf8_lossy(&ran.0.stderr).into_owned();
    assert_eq!(said.matches("no edges").count(), 1, "{said}");
}

#[test]
fn what_cannot_be_aligned_says_why() {
    let place = place();
    train(&place, &["--align", "--crop", "200,100,60,40"])
        .fails_saying(&["200,100,60,40 reaches beyond", "240 x 160"]);
    train(&place, &["--align=gone.png", "--crop", CROP]).fails_saying(&["gone.png"]);
    // In a photograph where the part lies elsewhere.
    let named = "--align=data/train/good/05.png";
    let (centre, _) = pose(5);
    let crop = format!(
        "{},{},108,108",
        centre.0 as usize - 54,
        centre.1 as usize - 54
    );
    train(&place, &[named, "--crop", &crop]).succeeds();
    let align = place
        .model("model.safetensors")
        .header
        .data
        .align
        .expect("it is kept");
    assert_eq!(align.reference, None, "no path is in a model");
    place.inspect(&["data/test/good"]).succeeds();
}
