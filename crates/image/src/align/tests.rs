//! Parts that are drawn where it is known, found again.

use std::path::PathBuf;

use image::{DynamicImage, GrayImage, Luma};

use super::*;
use crate::crop::Area;
use crate::depth::Depth;
use crate::file_error::Reason;

const SIZE_PX: (u32, u32) = (360, 240);

/// What is drawn.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// A washer with two marks on it, which tell its turn.
    Marked,
    /// A washer alone.
    Plain,
    /// The one with marks, without a sixth of it.
    Broken,
    /// A plate with a notch.
    Plate,
}

/// Grey of the part at a point from its centre; `None` beside it.
fn grey(part: Part, x: f64, y: f64) -> Option<f64> {
    let (radius, degrees) = (x.hypot(y), y.atan2(x).to_degrees());
    let in_ring = (25.0..60.0).contains(&radius);
    let is_mark =
        |from: f64, to: f64| (from..to).contains(&degrees) && (36.0..50.0).contains(&radius);
    match part {
        Part::Plate => {
            let inside = x.abs() < 70.0 && y.abs() < 40.0;
            let in_notch = x > 40.0 && y < -20.0;
            (inside && !in_notch).then_some(150.0)
        }
        Part::Broken if (100.0..160.0).contains(&degrees) => None,
        Part::Plain => in_ring.then_some(150.0),
        _ if !in_ring => None,
        _ if is_mark(-90.0, -72.0) || is_mark(-60.0, -54.0) => Some(95.0),
        _ => Some(150.0),
    }
}

/// A photograph of it with its centre at a point, turned clockwise, on ground that is another one for each `seed`.
fn scene(part: Part, (x, y): (f64, f64), degrees: f64, seed: u32) -> GrayImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let ground = 40.0 + f64::from(seed % 3) * 20.0;
    let noise = |column: u32, row: u32| {
        let mixed = (column * 73 + row * 179 + seed * 911).wrapping_mul(2_654_435_761);
        f64::from(mixed >> 24) / 32.0
    };
    GrayImage::from_fn(SIZE_PX.0, SIZE_PX.1, |column, row| {
        // Four points a pixel.
        let points = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];
        let sum: f64 = points
            .iter()
            .map(|(right, down)| {
                let (x, y) = (f64::from(column) + right - x, f64::from(row) + down - y);
                let own = grey(part, cos * x + sin * y, cos * y - sin * x);
                own.unwrap_or(ground + f64::from(column) * 0.1 * f64::from(seed % 2))
            })
            .sum();
        let bar = seed % 4 == 3 && (column + 2 * row) % 97 < 6 && sum < 500.0;
        Luma([(sum / 4.0 + noise(column, row) + 30.0 * f64::from(u8::from(bar))) as u8])
    })
}

/// Where the part of a photograph lies, and how it is turned.
fn place(seed: u32) -> ((f64, f64), f64) {
    let (a, b, c) = (
        f64::from(seed * 37 % 101),
        f64::from(seed * 61 % 97),
        f64::from(seed * 83 % 359),
    );
    (
        (180.0 + (a - 50.0) * 1.1, 120.0 + (b - 48.0) * 0.7),
        c - 179.0,
    )
}

/// Saves some photographs, the first of them with its part in the middle, as it is.
fn photographs(folder: &std::path::Path, part: Part, count: u32) -> Vec<PathBuf> {
    let saved = (0..count).map(|seed| {
        let path = folder.join(format!("{seed}.png"));
        let (centre, degrees) = match seed {
            0 => ((180.0, 120.0), 0.0),
            _ => place(seed),
        };
        let photograph = scene(part, centre, degrees, seed);
        photograph.save(&path).expect("a picture can be saved");
        path
    });
    saved.collect()
}

fn learned(part: Part, area: Option<&str>) -> Learned {
    let folder = tempfile::tempdir().expect("a folder");
    let photographs = photographs(folder.path(), part, 8);
    let area = area.map(|area| area.parse().expect("an area"));
    let learner = Learner::new(&photographs, None, area, Depth::ByFile);
    learner.finish().expect("a part")
}

/// By how much a part is found beside where it is, in pixels and degrees.
fn error(template: &Template, part: Part, seed: u32) -> (f64, f64) {
    let (centre, degrees) = place(seed);
    let image = DynamicImage::from(scene(part, centre, degrees, seed));
    let pose = template.find(&image).expect("the part").pose;
    let own = pose.photograph_from_reference((180.0, 120.0));
    let turn = (pose.turn_degrees - degrees + 180.0).rem_euclid(360.0) - 180.0;
    ((own.0 - centre.0).hypot(own.1 - centre.1), turn.abs())
}

#[test]
fn a_part_is_found_wherever_it_lies_and_however_it_is_turned() {
    for (part, area) in [
        (Part::Marked, "116,56,128,128"),
        (Part::Plate, "104,74,152,92"),
    ] {
        let learned = learned(part, Some(area));
        assert!(learned.template.turns());
        assert_eq!(learned.area.to_string(), area);
        for seed in 20..32 {
            let (px, degrees) = error(&learned.template, part, seed);
            assert!(
                px < 1.0 && degrees < 1.0,
                "{seed}: {px} px, {degrees} degrees"
            );
        }
    }
}

#[test]
fn what_the_photographs_share_is_the_part() {
    let Learned { template, area, .. } = learned(Part::Marked, None);
    let Area {
        x,
        y,
        width,
        height,
    } = area;
    let near = |own: usize, right: usize| own.abs_diff(right) <= 8;
    assert!(
        near(x, 120) && near(y, 60) && near(x + width, 240) && near(y + height, 180),
        "{area}"
    );
    for seed in 20..26 {
        let (px, degrees) = error(&template, Part::Marked, seed);
        assert!(
            px < 1.0 && degrees < 1.0,
            "{seed}: {px} px, {degrees} degrees"
        );
    }
}

#[test]
fn a_part_without_an_angle_is_moved_and_never_turned() {
    let Learned { template, .. } = learned(Part::Plain, Some("116,56,128,128"));
    assert!(!template.turns());
    let (centre, _) = place(21);
    let pose = template
        .find(&scene(Part::Plain, centre, 77.0, 21).into())
        .expect("a part")
        .pose;
    assert_eq!(pose.turn_degrees, 0.0);
    let own = pose.photograph_from_reference((180.0, 120.0));
    assert!((own.0 - centre.0).hypot(own.1 - centre.1) < 1.0);
}

#[test]
fn a_part_that_lacks_a_piece_is_found_and_another_one_is_not() {
    let Learned { template, .. } = learned(Part::Marked, Some("116,56,128,128"));
    for seed in 20..26 {
        let (px, degrees) = error(&template, Part::Broken, seed);
        assert!(
            px < 2.0 && degrees < 2.0,
            "{seed}: {px} px, {degrees} degrees"
        );
    }
    let empty = GrayImage::from_fn(SIZE_PX.0, SIZE_PX.1, |x, y| Luma([(x / 3 + y / 9) as u8]));
    for other in [empty, scene(Part::Plate, (180.0, 120.0), 30.0, 3)] {
        let refused = template.find(&other.into());
        let Err(Reason::PartNotFound {
            likeness, least, ..
        }) = refused
        else {
            panic!("{refused:?}");
        };
        assert!(likeness < least && least < 0.6);
    }
}

#[test]
fn what_cannot_be_learned_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let few = photographs(folder.path(), Part::Marked, 3);
    let learn = |paths: &[PathBuf], reference: Option<PathBuf>, area: Option<&str>| {
        let area = area.map(|area| area.parse().expect("an area"));
        Learner::new(paths, reference, area, Depth::ByFile).finish()
    };
    let complaint =
        |result: Result<Learned, LearnError>| result.expect_err("a complaint").to_string();
    assert!(complaint(learn(&few, None, None)).contains("3 normal photographs are too few"));
    assert!(complaint(learn(&[], None, None)).contains("no normal photograph"));
    let beyond = complaint(learn(&few, None, Some("300,0,100,100")));
    assert!(
        beyond.contains("300,0,100,100") && beyond.contains("360 x 240"),
        "{beyond}"
    );
    let gone = folder.path().join("gone.png");
    assert!(complaint(learn(&few, Some(gone), Some("116,56,128,128"))).contains("gone.png"));
    let flat = folder.path().join("flat.png");
    GrayImage::from_pixel(360, 240, Luma([90]))
        .save(&flat)
        .expect("a picture can be saved");
    let paths = [flat.clone(), flat.clone(), flat.clone(), flat];
    let no_edges = complaint(learn(&paths, None, Some("20,20,90,90")));
    assert!(
        no_edges.contains("flat.png") && no_edges.contains("no edges"),
        "{no_edges}"
    );
    let blank = complaint(learn(&paths, None, None));
    assert!(
        blank.contains("flat.png") && blank.contains("shows nothing"),
        "{blank}"
    );
    let others = photographs(folder.path(), Part::Marked, 8);
    let blank_first = [&paths[..1], &others].concat();
    let blank = complaint(learn(&blank_first, None, None));
    assert!(blank.contains("flat.png"), "{blank}");
}

#[test]
fn what_is_seen_lies_as_in_the_reference() {
    let Learned {
        template,
        area,
        photograph_px,
        ..
    } = learned(Part::Marked, Some("116,56,128,128"));
    let data = crate::input::DataConfig {
        size_px: 64,
        crop: Some(crate::crop::Crop {
            area,
            photograph_px: Some(photograph_px),
        }),
        align: Some(Align::to(template)),
        ..Default::default()
    };
    let folder = tempfile::tempdir().expect("a folder");
    let read = |name: &str, image: GrayImage| {
        let path = folder.path().join(name);
        image.save(&path).expect("a picture can be saved");
        crate::prepare::prepare(&path, &data, None).expect("a part")
    };
    // On the same ground.
    let upright = read("upright.png", scene(Part::Marked, (180.0, 120.0), 0.0, 22));
    let moved = read("moved.png", scene(Part::Marked, (205.0, 100.0), 130.0, 22));
    let beside: Vec<f32> = upright
        .picture
        .pixels
        .iter()
        .zip(&moved.picture.pixels)
        .map(|(a, b)| (a - b).abs())
        .collect();
    let mean = beside.iter().sum::<f32>() / beside.len() as f32;
    assert!(mean < 0.02, "{mean}");
    // The middle of the canvas is that of the part.
    let (x, y) = moved.placement.source_from_canvas(32.0, 32.0);
    assert!((x - 205.0).hypot(y - 100.0) < 1.0, "{x}, {y}");
    let (x, y) = moved.placement.canvas_from_source(x, y);
    assert!((x - 32.0).abs() < 1e-6 && (y - 32.0).abs() < 1e-6);
    // A corner beyond the photograph does not count.
    let edge = read("edge.png", scene(Part::Marked, (300.0, 62.0), 45.0, 22));
    let counted = edge.placement.counted(None).expect("not all counts");
    let of_all = counted.pixels.iter().sum::<f32>() / counted.pixels.len() as f32;
    assert!((0.8..1.0).contains(&of_all), "{of_all}");
    assert_eq!(upright.placement.counted(None), None);
}

#[test]
fn a_template_is_read_as_it_was_written() {
    let Learned { template, .. } = learned(Part::Marked, Some("116,56,128,128"));
    let text = serde_json::to_string(&Align::to(template.clone())).expect("text");
    assert!(text.len() < 200_000, "{}", text.len());
    let read: Align = serde_json::from_str(&text).expect("a template");
    assert_eq!(read.template.as_deref(), Some(&template));
    assert_eq!(read.validate(), Ok(()));
    let odd = text.replacen("\"directions\":\"", "\"directions\":\"00", 1);
    let read: Align = serde_json::from_str(&odd).expect("a template");
    assert!(read.validate().is_err());
    let odd = text.replacen("\"directions\":\"", "\"directions\":\"x0", 1);
    assert!(serde_json::from_str::<Align>(&odd).is_err());
}

/// Two photographs in one, each with a part, the second to the right of the first.
fn beside(first: GrayImage, second: &GrayImage) -> DynamicImage {
    let mut both = GrayImage::new(2 * SIZE_PX.0, SIZE_PX.1);
    image::imageops::replace(&mut both, &first, 0, 0);
    image::imageops::replace(&mut both, second, i64::from(SIZE_PX.0), 0);
    both.into()
}

#[test]
fn a_second_part_is_found_beside_the_first_and_none_where_there_is_none() {
    for (part, area) in [
        (Part::Marked, "116,56,128,128"),
        (Part::Plain, "116,56,128,128"),
        (Part::Plate, "104,74,152,92"),
    ] {
        let Learned { template, .. } = learned(part, Some(area));
        let broken = match part {
            Part::Marked => Part::Broken,
            other => other,
        };
        for seed in 20..32 {
            let (centre, degrees) = place(seed);
            let photograph = scene(part, centre, degrees, seed);
            let found = template.find(&photograph.clone().into()).expect("a part");
            assert_eq!(found.second, None, "{area}, {seed}");
            let (other, other_degrees) = place(seed + 1);
            let both = beside(photograph, &scene(broken, other, other_degrees, seed));
            let found = template.find(&both).expect("a part");
            let second = found.second.expect("another part");
            let right = (other.0 + f64::from(SIZE_PX.0), other.1);
            let near = |pose: &Pose, (x, y): (f64, f64)| {
                let own = pose.photograph_from_reference((180.0, 120.0));
                (own.0 - x).hypot(own.1 - y) < 3.0
            };
            let poses = [found.pose, second];
            assert!(
                poses.iter().any(|pose| near(pose, centre))
                    && poses.iter().any(|pose| near(pose, right)),
                "{area}, {seed}: {poses:?} are not at {centre:?} and {right:?}"
            );
        }
    }
}

#[test]
fn two_parts_in_one_photograph_are_a_remark() {
    let learned = learned(Part::Marked, Some("116,56,128,128"));
    let mut data = crate::input::DataConfig::default();
    learned.align(&mut data);
    data.crop = None;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("two.png");
    let (centre, degrees) = place(21);
    let one = scene(Part::Marked, centre, degrees, 21);
    beside(one.clone(), &one)
        .save(&path)
        .expect("a picture can be saved");
    let prepared = crate::prepare::prepare(&path, &data, None).expect("a part");
    assert_eq!(
        prepared.doubt(),
        Some(crate::remark::FileDoubt::SeveralParts)
    );
    one.save(&path).expect("a picture can be saved");
    let prepared = crate::prepare::prepare(&path, &data, None).expect("a part");
    assert_eq!(prepared.doubt(), None);
}

#[test]
fn a_part_is_found_in_a_photograph_that_is_many_times_as_large() {
    for (part, area) in [
        (Part::Marked, "116,56,128,128"),
        (Part::Plate, "104,74,152,92"),
    ] {
        let Learned { template, .. } = learned(part, Some(area));
        let (mut large, at) = (GrayImage::from_pixel(4000, 3000, Luma([60])), (3000, 1900));
        for (x, y) in (0..3000)
            .step_by(7)
            .flat_map(|y| (0..4000).step_by(5).map(move |x| (x, y)))
        {
            large.put_pixel(x, y, Luma([60 + ((x * 31 + y * 17) % 7) as u8]));
        }
        let (centre, degrees) = place(24);
        image::imageops::replace(&mut large, &scene(part, centre, degrees, 24), at.0, at.1);
        let found = template.find(&large.clone().into()).expect("the part");
        let own = found.pose.photograph_from_reference((180.0, 120.0));
        let right = (centre.0 + at.0 as f64, centre.1 + at.1 as f64);
        assert!(
            (own.0 - right.0).hypot(own.1 - right.1) < 1.0,
            "{area}: {own:?}, not {right:?}"
        );
        let turn = (found.pose.turn_degrees - degrees + 180.0).rem_euclid(360.0) - 180.0;
        assert!(turn.abs() < 1.0 && found.second.is_none(), "{area}: {turn}");
        image::imageops::replace(&mut large, &scene(part, centre, degrees, 24), 300, 200);
        let found = template.find(&large.into()).expect("the part");
        assert!(found.second.is_some(), "{area}");
    }
}

/// The ground of parts, at points of the reference, where photographs lie on grounds of several greys.
fn is_ground(part: Part, area: &str, count: u32) -> impl Fn(f64, f64) -> Option<bool> {
    let folder = tempfile::tempdir().expect("a folder");
    let photographs = photographs(folder.path(), part, count);
    let area = area.parse().expect("an area");
    let learned = Learner::new(&photographs, None, Some(area), Depth::ByFile).finish();
    let Learned { ground, area, .. } = learned.expect("a part");
    move |x: f64, y: f64| {
        let ground = ground.as_ref()?;
        let at = |at: f64, start: usize, length: usize, px: usize| {
            ((at - start as f64) * px as f64 / length as f64) as usize
        };
        let row = at(y, area.y, area.height, ground.height);
        let column = at(x, area.x, area.width, ground.width);
        Some(ground.at(0, row, column) > 0.5)
    }
}

#[test]
fn what_is_something_else_in_every_photograph_is_ground_also_in_a_hole() {
    let is_ground = is_ground(Part::Marked, "116,56,128,128", 14);
    for degrees in (0..360).step_by(15) {
        let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
        let at = |radius: f64| is_ground(180.0 + radius * cos, 120.0 + radius * sin);
        for radius in [28.0, 42.0, 57.0] {
            assert_eq!(at(radius), Some(false), "part, {degrees} degrees, {radius}");
        }
        assert_eq!(at(15.0), Some(true), "hole, {degrees} degrees");
    }
    for (x, y) in [(120.0, 60.0), (240.0, 60.0), (120.0, 180.0), (240.0, 180.0)] {
        assert_eq!(is_ground(x, y), Some(true), "{x}, {y}");
    }
}

#[test]
fn of_few_photographs_nobody_knows_what_is_ground() {
    let is_ground = is_ground(Part::Marked, "116,56,128,128", 7);
    assert_eq!(is_ground(120.0, 60.0), None);
}
