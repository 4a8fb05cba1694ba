//! What maps hold where they leave the program: in files, in figures, and in the window.

use std::fs;
use std::path::Path;

use image::{GrayImage, Luma};
use kizumi_engine::message::{Command, Event, Job, OpenedImage};
use kizumi_image::picture::Picture;
use kizumi_method::anomaly_map::percentile;
use kizumi_method::config::{MapConfig, MapKind, ProjectionConfig};
use kizumi_method::iterate::Inspection;
use kizumi_method::recording::Recording;
use serde_json::Value;
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;

use crate::cli::Place;
use crate::rig::{Rig, ended};

/// Settings of maps, and the unit of what they give with a calibrated model.
const SETTINGS: [(&[&str], &str); 6] = [
    (&[], "usual"),
    (&["--no-early-stop"], "usual"),
    (&["--no-early-stop", "--absolute"], "absolute"),
    (&["--no-early-stop", "--map", "fused"], "usual"),
    // The levels of other maps say nothing about these.
    (&["--no-early-stop", "--map", "pixels"], "absolute"),
    (&["--no-early-stop", "--map", "structure"], "absolute"),
];

/// The values of a float TIFF, and its description.
pub fn read_tiff(path: &Path) -> (Picture, String) {
    let file = fs::File::open(path).expect("it is there");
    let mut decoder = Decoder::new(file).expect("a TIFF");
    let (width, height) = decoder.dimensions().expect("a size");
    let unit = decoder
        .get_tag_ascii_string(Tag::ImageDescription)
        .expect("a description");
    let DecodingResult::F32(values) = decoder.read_image().expect("pixels") else {
        panic!("{} has no floats", path.display());
    };
    let picture = Picture::new(1, height as usize, width as usize, values);
    (picture, unit)
}

fn rows(place: &Place) -> Vec<Value> {
    let rows = fs::read_to_string(place.path("results/results.jsonl")).expect("rows");
    let rows = rows.lines();
    rows.map(|row| serde_json::from_str(row).expect("JSON"))
        .collect()
}

fn file(place: &Place, row: &Value, column: &str) -> std::path::PathBuf {
    let name = row[column].as_str().expect("a name");
    place.path("results").join(name)
}

fn number(row: &Value, column: &str) -> f32 {
    row[column].as_f64().expect("a number") as f32
}

#[test]
fn an_exported_map_holds_what_its_score_was_made_of() {
    let place = Place::with_model(3);
    for (settings, unit) in SETTINGS {
        place
            .inspect(&[&["data", "--pictures", "map"], settings].concat())
            .succeeds();
        for row in rows(&place) {
            let (map, description) = read_tiff(&file(&place, &row, "map"));
            assert_eq!(description, format!("unit: {unit}"), "{settings:?}");
            assert_eq!(row["unit"], unit);
            assert!(row["map_high"].is_null(), "floats need no range");
            // The score is the 99th percentile of the map.
            let score = percentile(map.pixels, 99.0).expect("pixels");
            assert_eq!(score, number(&row, "projected_score"), "{settings:?}");
        }
    }
}

#[test]
fn a_map_in_sixteen_bits_says_its_range_and_is_not_cut_off() {
    let place = Place::with_model(1);
    for (settings, _) in SETTINGS {
        let map = ["data/test", "--pictures", "map"];
        place.inspect(&[&map[..], settings].concat()).succeeds();
        let exact = rows(&place);
        let sixteen = ["--map-format", "png"];
        place
            .inspect(&[&map[..], settings, &sixteen].concat())
            .succeeds();
        for (row, exact) in rows(&place).iter().zip(&exact) {
            let (exact, _) = read_tiff(&file(&place, exact, "map"));
            let path = file(&place, row, "map");
            let samples = image::open(&path).expect("a PNG").into_luma16();
            let high = number(row, "map_high");
            // An image that was normal enough from the start has a black map.
            assert_eq!(high, if exact.max() > 0.0 { exact.max() } else { 1.0 });
            for (sample, value) in samples.iter().zip(&exact.pixels) {
                let stands_for = f32::from(*sample) / 65_535.0 * high;
                assert!(
                    (stands_for - value).abs() <= high / 65_535.0,
                    "{settings:?}"
                );
            }
            let png = fs::File::open(&path).expect("it is there");
            let reader = png::Decoder::new(std::io::BufReader::new(png));
            let reader = reader.read_info().expect("a PNG");
            let texts = &reader.info().uncompressed_latin1_text;
            let text = |keyword: &str| {
                let chunk = texts.iter().find(|chunk| chunk.keyword == keyword);
                chunk.expect("a text").text.clone()
            };
            assert_eq!(text("high").parse(), Ok(high));
            assert_eq!(text("low").parse(), Ok(0.0));
            assert_eq!(row["unit"], text("unit"));
        }
    }
}

#[test]
fn heatmaps_use_the_range_of_the_maps_in_force() {
    let place = Place::with_model(1);
    for (settings, unit) in SETTINGS {
        let grey = ["data/test/scratch", "--colormap", "grey"];
        let ran = place.inspect(&[&grey[..], settings].concat()).succeeds();
        if unit == "usual" {
            // Normal images have set the range.
            continue;
        }
        ran.says("each heatmap has its own range");
        for row in rows(&place) {
            let heatmap = image::open(file(&place, &row, "heatmap")).expect("a picture");
            let brightest = heatmap.into_luma8().iter().copied().max();
            assert_eq!(brightest, Some(255), "{settings:?}");
        }
    }
}

/// Defects of the images made here: left, top, right, bottom.
const BARS: [[u32; 4]; 2] = [[20, 30, 60, 36], [70, 50, 90, 70]];
/// Unlike the network's, and not square, so that maps are enlarged.
const SIZE_PX: (u32, u32) = (100, 80);

fn stripes(seed: u32, bars: &[[u32; 4]]) -> GrayImage {
    GrayImage::from_fn(SIZE_PX.0, SIZE_PX.1, |x, y| {
        let wave = (0.2 * x as f32 + 0.1 * y as f32 + seed as f32).sin();
        let grain = (x * 31 + y * 17 + seed * 7) * 2_654_435_761u32.wrapping_shr(16) % 23;
        let value = 110.0 + 60.0 * wave + grain as f32;
        let defect = covers(bars, x, y);
        Luma([if defect { 255.0 - value } else { value } as u8])
    })
}

fn covers(bars: &[[u32; 4]], x: u32, y: u32) -> bool {
    let inside = |bar: &[u32; 4]| (bar[0]..bar[2]).contains(&x) && (bar[1]..bar[3]).contains(&y);
    bars.iter().any(inside)
}

/// A trained model, and a test set of good parts and of parts with one and with two defects.
fn place_of_stripes() -> Place {
    let place = Place::empty();
    let save = |name: String, image: GrayImage| {
        let path = place.path(&name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        image.save(path).expect("it can be saved");
    };
    for seed in 0..12 {
        save(format!("data/train/good/{seed}.png"), stripes(seed, &[]));
    }
    for seed in 12..15 {
        save(format!("data/test/good/{seed}.png"), stripes(seed, &[]));
        let bars = &BARS[..1 + seed as usize % 2];
        save(format!("data/test/bar/{seed}.png"), stripes(seed, bars));
        let mask = GrayImage::from_fn(SIZE_PX.0, SIZE_PX.1, |x, y| {
            Luma([255 * u8::from(covers(bars, x, y))])
        });
        save(format!("data/ground_truth/bar/{seed}_mask.png"), mask);
    }
    place.train(&["--images", "128"]).succeeds();
    place
}

/// A pixel of a test image: its map value, and the defect that it belongs to.
type Pixel = (f64, Option<usize>);

/// A map with the pixels of its file: bilinear between the centres of its own.
fn enlarged(map: &Picture) -> Vec<f64> {
    let tap = |at: u32, length: u32, own: usize| {
        let place = (f64::from(at) + 0.5) * own as f64 / f64::from(length) - 0.5;
        let place = place.clamp(0.0, (own - 1) as f64);
        let low = (place as usize).min(own - 1);
        (low, (low + 1).min(own - 1), place - low as f64)
    };
    let mut values = Vec::new();
    for y in 0..SIZE_PX.1 {
        let (top, bottom, down) = tap(y, SIZE_PX.1, map.height);
        for x in 0..SIZE_PX.0 {
            let (left, right, across) = tap(x, SIZE_PX.0, map.width);
            let at = |y, x| f64::from(map.at(0, y, x));
            let upper = at(top, left) + across * (at(top, right) - at(top, left));
            let lower = at(bottom, left) + across * (at(bottom, right) - at(bottom, left));
            values.push(upper + down * (lower - upper));
        }
    }
    values
}

/// AUROC, average precision and AUPRO up to 30 % false alarms, by their definitions: every value is a
/// threshold.
fn figures(mut pixels: Vec<Pixel>) -> [f64; 3] {
    pixels.sort_by(|a, b| b.0.total_cmp(&a.0));
    let regions = pixels.iter().filter_map(|pixel| pixel.1).max();
    let mut sizes = vec![0.0; regions.map_or(0, |last| last + 1)];
    for (_, region) in &pixels {
        if let Some(region) = region {
            sizes[*region] += 1.0;
        }
    }
    let defective: f64 = sizes.iter().sum();
    let normal = pixels.len() as f64 - defective;
    let mut found = vec![0.0; sizes.len()];
    let (mut false_alarms, mut hits) = (0.0, 0.0);
    let (mut auroc, mut precision, mut overlap) = (0.0, 0.0, 0.0);
    let mut before = (0.0, 0.0, 0.0);
    for (place, (value, region)) in pixels.iter().enumerate() {
        match region {
            Some(region) => {
                found[*region] += 1.0;
                hits += 1.0;
            }
            None => false_alarms += 1.0,
        }
        if pixels.get(place + 1).is_some_and(|next| next.0 == *value) {
            continue;
        }
        let shares = found.iter().zip(&sizes).map(|(found, size)| found / size);
        let shares: f64 = shares.sum::<f64>() / sizes.len() as f64;
        let now = (false_alarms / normal, hits / defective, shares);
        auroc += (now.0 - before.0) * (now.1 + before.1) / 2.0;
        precision += (now.1 - before.1) * hits / (hits + false_alarms);
        // The part of this step below 30 %.
        let end = now.0.min(0.3);
        if end > before.0 {
            let slope = (now.2 - before.2) / (now.0 - before.0);
            let height = before.2 + slope * (end - before.0);
            overlap += (end - before.0) * (before.2 + height) / 2.0;
        }
        before = now;
    }
    [auroc, precision, overlap / 0.3]
}

#[test]
fn figures_of_exported_maps_are_those_of_the_evaluation() {
    let place = place_of_stripes();
    for (settings, _) in SETTINGS {
        let maps = ["data", "--pictures", "map"];
        place.inspect(&[&maps[..], settings].concat()).succeeds();
        let mut pixels = Vec::new();
        let mut regions = 0;
        for row in rows(&place) {
            let (map, _) = read_tiff(&file(&place, &row, "map"));
            let bars = match row["kind"].as_str().expect("a kind") {
                "normal" => &BARS[..0],
                _ => {
                    let path = Path::new(row["path"].as_str().expect("a path"));
                    let name = path.file_stem().and_then(|stem| stem.to_str());
                    let seed: usize = name.and_then(|name| name.parse().ok()).expect("a seed");
                    &BARS[..1 + seed % 2]
                }
            };
            for (at, value) in enlarged(&map).into_iter().enumerate() {
                let (x, y) = (at as u32 % SIZE_PX.0, at as u32 / SIZE_PX.0);
                let bar = bars.iter().position(|bar| covers(&[*bar], x, y));
                pixels.push((value, bar.map(|bar| regions + bar)));
            }
            regions += bars.len();
        }
        assert_eq!(regions, 4);
        let evaluation = place.evaluate(&[&["--json"], settings].concat());
        let evaluation = &evaluation.succeeds().json()["projected"];
        let names = ["pixel_auroc", "pixel_average_precision", "aupro"];
        for (name, figure) in names.into_iter().zip(figures(pixels)) {
            let evaluated = evaluation[name].as_f64().expect("a number");
            assert!(
                (evaluated - figure).abs() < 0.002,
                "{settings:?}: {name} is {evaluated}, of the files {figure}"
            );
        }
    }
}

fn of_length(iterations: usize) -> ProjectionConfig {
    ProjectionConfig {
        iterations,
        stop_early: false,
        ..Default::default()
    }
}

/// What the window keeps of a projection, and what it says at its end.
fn recorded(rig: &Rig, config: ProjectionConfig, map: MapConfig) -> (Recording, Inspection) {
    let request = rig.request(config, map);
    rig.engine.send(Command::Project(request));
    let mut recording = Recording::default();
    let mut result = None;
    for event in rig.until(ended(Job::Projecting(request.ticket.run))) {
        match event {
            Event::Iterated { iterate, .. } => recording.push(*iterate),
            Event::Inspected { inspection, .. } => result = Some(*inspection),
            _ => {}
        }
    }
    (
        recording,
        result.expect("a projection ends with its result"),
    )
}

/// The third of six iterates, as the window has it, gives the map and the score of a run of three.
fn assert_three_of_six(rig: &Rig, opened: &OpenedImage, kind: MapKind) -> Inspection {
    let config = MapConfig {
        kind,
        ..MapConfig::without_features()
    };
    let (recording, six) = recorded(rig, of_length(6), config);
    let iterate = recording.frame(3).expect("an iterate");
    let mapper = six.mapper.clone().after(3);
    let valid = opened.valid();
    let map = mapper.projected(&opened.seen(valid.as_ref()), &iterate);
    let score = mapper.score(&map, valid.as_ref());
    let (_, three) = rig.projected(of_length(3), config);
    assert_eq!(map, three.projected_map);
    assert_eq!(score, three.projected_score);
    assert_ne!(score.value, six.projected_score.value);
    assert_ne!(score.by, six.projected_score.by);
    six
}

#[test]
fn fewer_iterations_have_the_score_of_a_run_of_that_length() {
    let rig = Rig::with_model();
    let opened = rig.open(rig.image_file());
    let six = assert_three_of_six(&rig, &opened, MapKind::Fused);

    // The command line gives the same.
    let place = Place::empty();
    fs::copy(rig.model_file(), place.path("model.safetensors")).expect("it is there");
    fs::copy(rig.image_file(), place.path("image.png")).expect("it is there");
    let row = place.inspect(&[
        "image.png",
        "--iterations",
        "6",
        "--no-early-stop",
        "--json",
    ]);
    let row = row.succeeds().json();
    assert_eq!(number(&row, "projected_score"), six.projected_score.value);
    assert_eq!(number(&row, "plain_score"), six.plain_score.value);
}

#[test]
fn a_hole_is_left_out_of_fewer_iterations_too() {
    let rig = Rig::with_model();
    let file = rig.open(rig.image_file());
    let (height, width) = (file.picture.height, file.picture.width);
    let square = |y: usize, x: usize| (20..40).contains(&y) && (16..48).contains(&x);
    let hole = Picture::from_fn(1, height, width, |_, y, x| {
        f32::from(u8::from(square(y, x)))
    });
    let mask = Picture::filled(1, height, width, 0.0);
    rig.repaint(file.picture, mask, Some(hole.clone()));
    // Pixels beside the hole do not move, but are reconstructed otherwise.
    let six = assert_three_of_six(&rig, &rig.opened(), MapKind::Structure);
    for (value, hole) in six.projected_map.pixels.iter().zip(&hole.pixels) {
        assert!(*hole == 0.0 || *value == 0.0);
    }
}
