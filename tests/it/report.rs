//! Reports of sample pictures, as files that a browser can open: `tests/report_in_browser.py`
//! does. They go to the folder `KIZUMI_REPORT_DIR` if it is set, else to one of cargo's.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use kizumi_dataset::catalog::{Entry, Kind};
use kizumi_dataset::scan::scan;
use kizumi_image::colormap::Colormap;
use kizumi_image::crop::Area;
use kizumi_image::mask_source::MaskSource;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_image::regions::regions;
use kizumi_image::rgb8::Rgb8;
use kizumi_image::smooth::gaussian;
use kizumi_method::anomaly_map::score;
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::decision::{Decision, Verdict};
use kizumi_method::iterate::{Iterate, IterateScalars, StopRule};
use kizumi_method::judgement::Judgement;
use kizumi_method::limited_score::LimitedScore;
use kizumi_method::limits::Limits;
use kizumi_method::mapper::{Mapper, Seen};
use kizumi_report::picks::Reason;
use kizumi_report::{
    ColourScale, ContactSheet, ENGLISH, Figure, FolderReport, ImageReport, JAPANESE, Model,
    RegionTable, Row, RowScores, ScaleBasis, Score, Settings, SheetImage, Subject, Text,
};

/// Names that would break a careless report, and its table.
const HOSTILE: &str = "<script>alert(1)</script> & \"quoted\" 'name' \u{202e}gnp.a-very-long-name-without-any-place-to-break-a-line.png";

const SCALE: ColourScale = ColourScale {
    colormap: Colormap::Inferno,
    low: 0.0,
    high: 0.12,
    basis: ScaleBasis::Normals,
};

/// A sample picture and what a projection could make of it. No network is involved: "normal" is
/// the picture, blurred where its mask says that it is defective.
struct Sample {
    path: PathBuf,
    kind: Kind,
    original: Picture,
    reconstruction: Picture,
    projected: Picture,
    mask: Option<Picture>,
    plain_map: Picture,
    projected_map: Picture,
}

impl Sample {
    fn new(entry: &Entry) -> Self {
        let original = picture(&entry.path);
        let mask = entry.mask.iter().flat_map(MaskSource::paths).next();
        let mask = mask.map(picture);
        let blurred = |picture: &Picture, sigma_px: f32| {
            let planes = (0..picture.channels).flat_map(|channel| {
                let plane = picture.plane(channel).to_vec();
                let plane = Picture::new(1, picture.height, picture.width, plane);
                gaussian(&plane, sigma_px).pixels
            });
            Picture::new(
                picture.channels,
                picture.height,
                picture.width,
                planes.collect(),
            )
        };
        let reconstruction = blurred(&original, 2.0);
        let far = blurred(&original, 9.0);
        let share = |y, x| 0.45 * mask.as_ref().map_or(0.0, |mask: &Picture| mask.at(0, y, x));
        let projected = Picture::from_fn(3, original.height, original.width, |c, y, x| {
            let moved = share(y, x) * (far.at(c, y, x) - original.at(c, y, x));
            original.at(c, y, x) + moved + 0.3 * (reconstruction.at(c, y, x) - original.at(c, y, x))
        });
        let map = MapConfig::default();
        let iterate = Iterate {
            scalars: Default::default(),
            iterate: projected.clone(),
            reconstruction: reconstruction.clone(),
            gradient: Picture::default(),
            distance: None,
        };
        let mapper = Mapper::from(map);
        let path = entry.path.strip_prefix(folder()).expect("below the folder");
        Self {
            path: Path::new("washers").join(path),
            kind: entry.kind.clone(),
            plain_map: mapper.plain(&Seen::new(&original), &reconstruction).values,
            projected_map: mapper.projected(&Seen::new(&original), &iterate).values,
            original,
            reconstruction,
            projected,
            mask,
        }
    }

    fn scores(&self) -> (f32, f32) {
        let map = MapConfig::default();
        (
            score(&self.plain_map, &map, None),
            score(&self.projected_map, &map, None),
        )
    }
}

/// The washers.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/washer")
}

fn picture(path: &Path) -> Picture {
    let image = image::open(path).expect("a sample image");
    let (height, width) = (image.height() as usize, image.width() as usize);
    let channels = usize::from(image.color().channel_count());
    let bytes = image.as_bytes();
    Picture::from_fn(channels, height, width, |c, y, x| {
        f32::from(bytes[(y * width + x) * channels + c]) / 255.0
    })
}

/// Every second test picture of the washers, read once.
static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    let catalog = scan(&folder()).expect("the washers");
    catalog.test.iter().step_by(2).map(Sample::new).collect()
});

fn curve() -> Vec<IterateScalars> {
    (0..=25)
        .map(|t| {
            let done = 1.0 - (-0.12 * t as f32).exp();
            let (reconstruction_error, regulariser) = (61.0 - 24.0 * done, 96.0 * done);
            IterateScalars {
                t,
                energy: reconstruction_error + 0.05 * regulariser,
                reconstruction_error,
                regulariser,
                feature_distance: 0.0,
                reconstruction_shift: 3.2 * done,
                largest_change: 0.05 * (1.0 - done),
                alpha: 0.5,
            }
        })
        .collect()
}

fn model() -> Model {
    Model {
        path: Some("models/washer.safetensors".into()),
        images_seen: 9_600,
        data_summary: "60 normal for training, 20 normal and 24 defective (3 kinds) for test"
            .into(),
        calibration_normals: Some(20),
        device: "CPU (Flex), 2 threads".into(),
        ..Model::default()
    }
}

/// Sorted scores of the good samples stand for the held-out normals.
fn normals(samples: &[Sample], score: impl Fn(&Sample) -> f32) -> Vec<f32> {
    let good = samples.iter().filter(|sample| sample.kind == Kind::Normal);
    let mut scores: Vec<f32> = good.map(score).collect();
    scores.sort_by(f32::total_cmp);
    scores
}

fn image_report(samples: &[Sample], title: &str) -> ImageReport {
    let defective = |sample: &&Sample| sample.kind != Kind::Normal;
    let sample = samples
        .iter()
        .filter(defective)
        .max_by(|a, b| a.scores().1.total_cmp(&b.scores().1))
        .expect("there are defective samples");
    let decision = Decision::default();
    let (plain, projected) = sample.scores();
    let scored = |value, normals: Vec<f32>| {
        let limits = Limits::automatic(&decision, &normals);
        Score::new(LimitedScore { value, limits }, &normals)
    };
    let threshold = 0.06;
    let found = regions(&sample.projected_map, threshold, 12);
    let (map, original) = (&sample.projected_map, &sample.original);
    ImageReport {
        title: title.into(),
        date: "2026-03-14 15:09".into(),
        path: sample.path.clone(),
        kind: sample.kind.clone(),
        placement: Some(Placement {
            source_px: (1024, 1024),
            seen: Area::whole((1024, 1024)),
            pose: None,
            canvas_px: (original.width, original.height),
            x: 0,
            y: 0,
            width: original.width,
            height: original.height,
        }),
        notes: vec!["16 bit a channel; shown in 8.".into()],
        plain: scored(plain, normals(samples, |sample| sample.scores().0)),
        projected: scored(projected, normals(samples, |sample| sample.scores().1)),
        unlike: None,
        iterations: 25,
        stop: StopRule::Iterations,
        figures: vec![
            Figure::picture(Subject::Original, original),
            Figure::picture(Subject::Reconstruction, &sample.reconstruction),
            Figure::picture(Subject::Projected, &sample.projected),
            Figure::picture(Subject::ProjectedReconstruction, &sample.reconstruction),
            Figure::heatmap(map, SCALE),
            Figure::overlay(original, map, SCALE, 0.6, found.clone()),
            Figure::picture(
                Subject::GroundTruth,
                sample.mask.as_ref().expect("defects have masks"),
            ),
        ],
        regions: Some(RegionTable {
            threshold,
            regions: found,
        }),
        curve: curve(),
        settings: Settings {
            projection: ProjectionConfig::default(),
            map: MapConfig::default(),
            decision: Some(decision),
        },
        model: Some(model()),
    }
}

/// What cannot be known is not there.
fn bare(report: ImageReport) -> ImageReport {
    let alone = |of: Score| {
        let score = LimitedScore {
            limits: None,
            ..of.score
        };
        Score::new(score, &[])
    };
    ImageReport {
        kind: Kind::Unknown,
        placement: None,
        notes: vec![],
        plain: alone(report.plain),
        projected: alone(report.projected),
        figures: report.figures.into_iter().take(1).collect(),
        regions: None,
        curve: vec![],
        settings: Settings::default(),
        model: None,
        ..report
    }
}

fn judgement(sample: &Sample, [plain, projected]: &[Option<Limits>; 2]) -> Option<Judgement> {
    let scores = sample.scores();
    let limited = |value, limits| LimitedScore { value, limits };
    let (plain, projected) = (limited(scores.0, *plain), limited(scores.1, *projected));
    Judgement::of(&projected, &plain, None)
}

fn folder_report(samples: &[Sample], title: &str) -> FolderReport {
    let small = |picture: &Picture| Some(Rgb8::from(picture));
    let decision = Decision {
        false_alarms: 0.1,
        unsure: 0.2,
        ..Decision::default()
    };
    let plain = normals(samples, |sample| sample.scores().0);
    let normals = normals(samples, |sample| sample.scores().1);
    let limits = [&plain, &normals].map(|normals| Limits::automatic(&decision, normals));
    let mut rows: Vec<Row> = samples
        .iter()
        .map(|sample| {
            let (plain_score, projected_score) = sample.scores();
            let bytes = SCALE
                .colormap
                .apply(&sample.projected_map, SCALE.low, SCALE.high);
            let map = &sample.projected_map;
            Row {
                path: sample.path.clone(),
                kind: sample.kind.clone(),
                outcome: Ok(RowScores {
                    plain_score,
                    projected_score,
                    judgement: judgement(sample, &limits),
                    iterations: 25,
                    stop: StopRule::Iterations,
                    thumbnail: small(&sample.original),
                    heatmap: Some(Rgb8::new(map.width, map.height, bytes)),
                }),
            }
        })
        .collect();
    rows[3].path = Path::new("washers").join(HOSTILE);
    rows.push(Row {
        path: "washers/test/good/<broken>.png".into(),
        kind: Kind::Normal,
        outcome: Err("not an image: <b>unexpected end of file</b>".into()),
    });
    FolderReport {
        title: title.into(),
        date: "2026-03-14 15:09".into(),
        path: "washers".into(),
        rows,
        left_out: 2,
        thresholds: decision.thresholds(&normals),
        normals,
        pixel_auroc: [Some(0.8421), Some(0.9734)],
        pixels_left_out: 3,
        masks: vec!["/set/mask.png: marks 97 % of the image".into()],
        settings: Settings {
            decision: Some(decision),
            ..Settings::default()
        },
        model: Some(model()),
    }
}

fn bare_folder(mut report: FolderReport) -> FolderReport {
    for row in &mut report.rows {
        row.kind = Kind::Unknown;
        if let Ok(scores) = &mut row.outcome {
            scores.thumbnail = None;
            scores.heatmap = None;
        }
    }
    report.rows.retain(|row| row.outcome.is_ok());
    FolderReport {
        normals: vec![],
        thresholds: None,
        left_out: 0,
        pixel_auroc: [None; 2],
        pixels_left_out: 0,
        masks: Vec::new(),
        settings: Settings::default(),
        model: None,
        ..report
    }
}

/// Samples, each beside its negative.
fn contact_sheet(samples: &[Sample], title: &str) -> ContactSheet {
    let image = |sample: &Sample| {
        let picture = Rgb8::from(&sample.original);
        let inverted = picture.bytes.iter().map(|byte| 255 - byte).collect();
        let inverted = Rgb8::new(picture.width, picture.height, inverted);
        SheetImage {
            path: sample.path.clone(),
            kind: sample.kind.clone(),
            score: sample.scores().1,
            pair: Rgb8::side_by_side(&[picture, inverted], 2),
        }
    };
    let mut images: Vec<SheetImage> = samples.iter().map(image).collect();
    images[0].path = HOSTILE.into();
    let groups = [Reason::Found, Reason::Missed, Reason::Alarming];
    let groups = groups.into_iter().zip(images.chunks(4));
    ContactSheet {
        title: title.into(),
        date: "2026-03-14 15:09".into(),
        groups: groups
            .map(|(reason, images)| (reason, images.to_vec()))
            .collect(),
    }
}

/// What every report must keep to, as far as its text shows it.
fn check(html: &str, text: &Text) {
    let (pictures, words): (Vec<&str>, Vec<&str>) = html
        .split('"')
        .partition(|part| part.starts_with("data:image/png;base64,"));
    assert_eq!(pictures.len(), html.matches("<img ").count());
    assert!(
        !words
            .iter()
            .any(|word| word.contains("NaN") || word.contains("inf "))
    );
    assert!(html.starts_with("<!DOCTYPE html><html lang=\""));
    assert!(html.contains(&format!("<html lang=\"{}\">", text.lang)));
    for outside in [
        "http:",
        "https:",
        "url(",
        "@import",
        "<script",
        "<link rel=\"style",
    ] {
        assert!(!html.contains(outside), "{outside}");
    }
    for attribute in ["src=\"", "href=\""] {
        for (at, _) in html.match_indices(attribute) {
            let value = &html[at + attribute.len()..];
            assert!(value.starts_with("data:"), "{}", &value[..40]);
        }
    }
    for image in html.split("<img ").skip(1) {
        let element = image.split('>').next().expect("an element ends");
        assert!(
            element.contains("alt=\"") && !element.contains("alt=\"\""),
            "{element:.80}"
        );
    }
    assert!(html.contains(concat!("Kizumi ", env!("CARGO_PKG_VERSION"))));
}

fn ids(html: &str) -> Vec<&str> {
    html.split("<section id=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().expect("an attribute ends"))
        .collect()
}

#[test]
fn reports_hold_everything_they_show() {
    let folder = match std::env::var_os("KIZUMI_REPORT_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports"),
    };
    fs::create_dir_all(&folder).expect("a folder for the reports");
    let samples = &*SAMPLES;
    for (text, title) in [(&ENGLISH, "Washer 003"), (&JAPANESE, "ワッシャー 003")] {
        let image = image_report(samples, title);
        assert_eq!(image.projected.score.verdict(), Some(Verdict::Reject));
        let many = folder_report(samples, title);
        for (name, html, sections) in [
            (
                "image",
                image.to_html(text),
                "figures scores regions energy settings model",
            ),
            (
                "image-bare",
                bare(image).to_html(text),
                "figures scores settings",
            ),
            (
                "folder",
                many.to_html(text),
                "summary curves histogram images failed settings model",
            ),
            (
                "folder-bare",
                bare_folder(many).to_html(text),
                "summary histogram images settings",
            ),
            (
                "sheet",
                contact_sheet(samples, title).to_html(text),
                "found missed alarming",
            ),
        ] {
            check(&html, text);
            assert_eq!(ids(&html).join(" "), sections, "{name}");
            let path = folder.join(format!("{name}.{}.html", text.lang));
            kizumi_report::save(&path, &html).expect("the report can be written");
            assert_eq!(fs::read_to_string(&path).expect("it is there"), html);
        }
    }
}

#[test]
fn a_folders_figures_add_up() {
    let samples = &*SAMPLES;
    let report = folder_report(samples, HOSTILE);
    let html = report.to_html(&ENGLISH);
    check(&html, &ENGLISH);
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot;"));
    assert!(html.contains("&lt;b&gt;unexpected end of file&lt;/b&gt;"));
    assert!(html.contains("1 mask to look at") && html.contains("marks 97 % of the image"));
    assert!(html.contains("3 defective images have no mask"));
    // What could not be inspected is counted apart.
    let normals = report.rows.iter().filter(|row| row.kind == Kind::Normal);
    let normals = normals.filter(|row| row.outcome.is_ok()).count();
    let row = format!("<th scope=\"row\">{}</th>", ENGLISH.normal);
    let row = format!("{row}<td class=\"n\">{normals}</td><td class=\"n\">1</td>");
    assert!(html.contains(&row), "{row}");

    let scores = report
        .rows
        .iter()
        .filter_map(|row| row.outcome.as_ref().ok());
    let judged = scores.map(|scores| scores.judgement.expect("there are normals"));
    let verdicts: Vec<Verdict> = judged.map(|judged| judged.verdict).collect();
    assert!(verdicts.contains(&Verdict::Review));
    assert!(html.contains(ENGLISH.judging.near_threshold));
    for verdict in Verdict::ALL {
        let count = verdicts.iter().filter(|&&other| other == verdict).count();
        let class = match verdict {
            Verdict::Pass => "pass",
            Verdict::Review => "review",
            Verdict::Reject => "reject",
        };
        assert!(html.contains(&format!("<li class=\"{class}\"><b>{count}</b>")));
    }
    // The most conspicuous image comes first.
    let best = samples
        .iter()
        .map(|sample| sample.scores().1)
        .fold(0.0, f32::max);
    let table = html
        .split("<section id=\"images\">")
        .nth(1)
        .expect("the table");
    let first = table
        .split("<tr><td class=\"n\">1</td>")
        .nth(1)
        .expect("its first row");
    let first = first.split("</tr>").next().expect("a row ends");
    // Reports write four digits that count.
    let decimals = (3.0 - best.log10().floor()) as usize;
    assert!(first.contains(&format!(">{best:.decimals$}<")), "{first}");
}
