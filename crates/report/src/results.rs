//! `results.csv` and `results.jsonl`: one row, one object for each inspected image.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serializer;

use super::append::AppendFile;
use super::cell::{Bom, Cell, csv_head, csv_line};
use super::watched;
use crate::occupied::Occupied;
use kizumi_dataset::catalog::Kind;
use kizumi_image::found_region::FoundRegions;
use kizumi_image::shown::path_text;
use kizumi_image::undone::{Doing as _, Task};
use kizumi_method::anomaly_map::Unit;
use kizumi_method::calibration::MapVersion;
use kizumi_method::decision::Verdict;
use kizumi_method::iterate::StopRule;
use kizumi_method::judgement::Judgement;
use kizumi_method::limited_score::LimitedScore;
use kizumi_method::limits::Limits;

/// The settings of a whole run, repeated in every row so that rows of several runs can be mixed.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSettings {
    /// Step size.
    pub alpha: f32,
    /// Weight of the regulariser.
    pub lambda: f32,
    /// The most iterations.
    pub max_iterations: usize,
    /// The model file; empty for a model without one.
    pub model: PathBuf,
    /// Millimetres in a pixel of the image files, where somebody has said so.
    pub mm_per_px: Option<f32>,
}

/// What is reported of one image.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageResult {
    /// The image file.
    pub path: PathBuf,
    /// What the folder says it shows.
    pub kind: Kind,
    /// What scores and maps are.
    pub unit: Unit,
    /// Image score of the plain map.
    pub plain_score: f32,
    /// Image score of the projected map.
    pub projected_score: f32,
    /// Percent of the validation normals whose plain score is lower.
    pub plain_percentile: Option<f32>,
    /// Percent of the validation normals whose projected score is lower.
    pub projected_percentile: Option<f32>,
    /// What becomes of the part; `None` where nothing says so.
    pub judgement: Option<Judgement>,
    /// The limits of the projected score; `None` where none belong to it.
    pub limits: Option<Limits>,
    /// What of the projected map is above the threshold of pixels; `None` where none belongs to it.
    pub regions: Option<FoundRegions>,
    /// Which way of making maps the scores are of.
    pub map_version: MapVersion,
    /// Iterations done.
    pub iterations: usize,
    /// What ended the projection.
    pub stop: StopRule,
    /// Names of the pictures written.
    pub pictures: PictureNames,
}

/// File names of the pictures of one image, relative to the results; `None` where none was written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PictureNames {
    /// The projected map in colours.
    pub heatmap: Option<String>,
    /// The heatmap laid over the original.
    pub overlay: Option<String>,
    /// x_T.
    pub projected: Option<String>,
    /// Everything side by side.
    pub strip: Option<String>,
    /// The projected map's values.
    pub map: Option<MapFile>,
}

/// A file with the values of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapFile {
    /// Its name.
    pub name: String,
    /// The value that white stands for, black being 0; a file of floats needs no such range.
    pub high: Option<f32>,
}

/// Writes both files of a run.
///
/// They are valid at any moment: each row is one write of a whole line, and a line that did not fit
/// is taken back.
#[derive(Debug)]
pub struct ResultsWriter {
    settings: RunSettings,
    csv: AppendFile,
    jsonl: AppendFile,
}

impl ResultsWriter {
    /// Starts `results.csv` and `results.jsonl` afresh in `folder`, which is made if need be.
    /// Without a `head` the table has no line of column names: it continues another one.
    ///
    /// # Errors
    /// If a file cannot be written, or is of a watched folder; the text names it, and what it held is still there.
    pub fn create(folder: &Path, settings: RunSettings, head: Option<Bom>) -> Result<Self> {
        std::fs::create_dir_all(folder).doing(Task::MakeFolder, folder)?;
        if watched::are_there(folder) {
            return Err(Occupied::ByWatching(folder.to_owned()).into());
        }
        let head = head.map(|bom| csv_head(COLUMNS, bom)).transpose()?;
        Ok(Self {
            settings,
            csv: AppendFile::create(&folder.join("results.csv"), &head.unwrap_or_default())?,
            jsonl: AppendFile::create(&folder.join("results.jsonl"), b"")?,
        })
    }

    /// Appends one image to both files.
    ///
    /// # Errors
    /// If a line cannot be written; the text names the file, which holds the lines before.
    pub fn append(&mut self, result: &ImageResult) -> Result<()> {
        let cells = cells(result, &self.settings);
        self.csv.append(&csv_line(cells.iter().map(Cell::csv))?)?;
        self.jsonl.append(&json_line(COLUMNS, &cells)?)
    }

    /// Appends an image in which the part that is aligned was not found: it is to be looked at, and has no score.
    /// Gives its line of `results.jsonl`, without the line's end.
    ///
    /// # Errors
    /// As [`ResultsWriter::append`].
    pub fn append_without_part(&mut self, path: &Path, kind: &Kind) -> Result<String> {
        let cells = without_part(path, &self.settings, kind);
        self.csv.append(&csv_line(cells.iter().map(Cell::csv))?)?;
        let line = json_line(COLUMNS, &cells)?;
        self.jsonl.append(&line)?;
        Ok(String::from_utf8(line)?.trim_end().to_owned())
    }

    /// The image's line of `results.jsonl`, without the line's end.
    ///
    /// # Errors
    /// If it cannot be put into JSON.
    pub fn json_row(&self, result: &ImageResult) -> Result<String> {
        let line = json_line(COLUMNS, &cells(result, &self.settings))?;
        Ok(String::from_utf8(line)?.trim_end().to_owned())
    }
}

/// Why an image is to be looked at that has no score: the part that is aligned is not in it.
pub const PART_NOT_FOUND: &str = "part-not-found";

/// The row of an image in which the part was not found.
pub(super) fn without_part(
    path: &Path,
    settings: &RunSettings,
    kind: &Kind,
) -> [Cell; COLUMNS.len()] {
    of_unscored(path, settings, |column| match column {
        "kind" => kind_cell(kind),
        "verdict" => Cell::Text("review".into()),
        "reasons" => Cell::Text(PART_NOT_FOUND.into()),
        _ => Cell::Missing,
    })
}

/// The row of an image without scores, with what else is known of it by column.
pub(super) fn of_unscored(
    path: &Path,
    settings: &RunSettings,
    known: impl Fn(&str) -> Cell,
) -> [Cell; COLUMNS.len()] {
    COLUMNS.map(|column| match column {
        "path" => Cell::Text(path_text(path).into_owned()),
        "model" => Cell::Text(path_text(&settings.model).into_owned()),
        other => known(other),
    })
}

/// What an image is said to show.
fn kind_cell(kind: &Kind) -> Cell {
    match kind {
        Kind::Normal => Cell::Text("normal".into()),
        Kind::Defect(name) => Cell::Text(name.clone()),
        Kind::Unknown => Cell::Missing,
    }
}

/// Names of the CSV columns and JSON keys.
pub(super) const COLUMNS: [&str; 32] = [
    "path",
    "kind",
    "plain_score",
    "projected_score",
    "plain_percentile",
    "projected_percentile",
    "iterations",
    "stop",
    "alpha",
    "lambda",
    "max_iterations",
    "model",
    "heatmap",
    "overlay",
    "projected",
    "strip",
    "map",
    "map_high",
    "unit",
    "verdict",
    "reasons",
    "confidence",
    "threshold",
    "threshold_low",
    "threshold_high",
    "review_threshold",
    "scale",
    "map_version",
    "pixel_threshold",
    "region_count",
    "regions",
    "mm_per_px",
];

/// The values, in the order of [`COLUMNS`].
pub(super) fn cells(result: &ImageResult, settings: &RunSettings) -> [Cell; COLUMNS.len()] {
    let path = |path: &Path| match path.as_os_str().is_empty() {
        true => Cell::Missing,
        false => Cell::Text(path_text(path).into_owned()),
    };
    let name = |name: &Option<String>| name.clone().map_or(Cell::Missing, Cell::Text);
    let map = result.pictures.map.as_ref();
    let found = result.regions.as_ref();
    let (judgement, limits) = (result.judgement, result.limits);
    let score = LimitedScore {
        value: result.projected_score,
        limits,
    };
    let of_limits = |value: fn(&Limits) -> f32| limits.as_ref().map(value).into();
    let interval = limits.and_then(|limits| limits.interval);
    let verdict = judgement.map(|judgement| match judgement.verdict {
        Verdict::Pass => "pass",
        Verdict::Review => "review",
        Verdict::Reject => "reject",
    });
    let reasons = judgement.map(|judgement| {
        let names: Vec<&str> = judgement.reasons.iter().map(|one| one.name()).collect();
        names.join(" ")
    });
    let stop = match result.stop {
        StopRule::Threshold => "threshold",
        StopRule::Iterations => "iterations",
        StopRule::NotFinite => "not-finite",
        StopRule::Cancelled => "cancelled",
    };
    [
        path(&result.path),
        kind_cell(&result.kind),
        Cell::Real(result.plain_score),
        Cell::Real(result.projected_score),
        result.plain_percentile.into(),
        result.projected_percentile.into(),
        Cell::Count(result.iterations),
        Cell::Text(stop.into()),
        Cell::Real(settings.alpha),
        Cell::Real(settings.lambda),
        Cell::Count(settings.max_iterations),
        path(&settings.model),
        name(&result.pictures.heatmap),
        name(&result.pictures.overlay),
        name(&result.pictures.projected),
        name(&result.pictures.strip),
        map.map_or(Cell::Missing, |map| Cell::Text(map.name.clone())),
        map.and_then(|map| map.high).into(),
        Cell::Text(result.unit.name().into()),
        name(&verdict.map(ToOwned::to_owned)),
        name(&reasons),
        score.confidence().into(),
        of_limits(|limits| limits.thresholds.reject),
        interval.map(|interval| interval.low).into(),
        interval.and_then(|interval| interval.high).into(),
        of_limits(|limits| limits.thresholds.review),
        of_limits(|limits| limits.scale),
        Cell::Count(result.map_version.number() as usize),
        found.map(|found| found.threshold).into(),
        found.map_or(Cell::Missing, |found| Cell::Count(found.count)),
        found.map_or(Cell::Missing, |found| {
            let first = found.first.iter();
            let measured = first.map(|region| region.measured(settings.mm_per_px));
            Cell::Regions(measured.collect())
        }),
        settings.mm_per_px.into(),
    ]
}

/// A line of JSON with its end.
pub(super) fn json_line(
    columns: impl IntoIterator<Item = &'static str>,
    cells: &[Cell],
) -> Result<Vec<u8>> {
    let mut line = Vec::new();
    // Pairs rather than a map type, so that the keys keep their order.
    serde_json::Serializer::new(&mut line).collect_map(columns.into_iter().zip(cells))?;
    line.push(b'\n');
    Ok(line)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{TableFormat, save_table};
    use kizumi_image::found_region::FoundRegion;
    use kizumi_method::interval::Interval;
    use std::fs;

    fn settings() -> RunSettings {
        RunSettings {
            alpha: 0.5,
            lambda: 0.05,
            max_iterations: 25,
            model: "-washer.safetensors".into(),
            mm_per_px: Some(0.5),
        }
    }

    fn result(path: &str) -> ImageResult {
        ImageResult {
            path: path.into(),
            kind: Kind::Defect("dent".into()),
            unit: Unit::Usual,
            plain_score: -0.25,
            projected_score: 0.1,
            plain_percentile: Some(98.0),
            projected_percentile: None,
            judgement: Some(judged().0),
            limits: Some(judged().1),
            regions: Some(found()),
            map_version: MapVersion::default(),
            iterations: 25,
            stop: StopRule::NotFinite,
            pictures: PictureNames {
                heatmap: Some("a_heatmap.png".into()),
                map: Some(MapFile {
                    name: "a_map.png".into(),
                    high: Some(2.5),
                }),
                ..Default::default()
            },
        }
    }

    fn found() -> FoundRegions {
        let region = FoundRegion {
            area: 8,
            area_mm2: None,
            height: 2,
            length: 4.5,
            length_mm: None,
            peak: 3.5,
            peak_x: 10,
            peak_y: 17,
            width: 4,
            x: 8,
            y: 16,
        };
        FoundRegions {
            threshold: 1.25,
            count: 60,
            first: vec![region],
        }
    }

    /// A part above the threshold of twenty normals.
    fn judged() -> (Judgement, Limits) {
        let limits = Limits {
            thresholds: [0.05, 0.0625].into(),
            scale: 0.0375,
            interval: Some(Interval {
                low: 0.03125,
                high: None,
            }),
            normals: 20,
            too_few: true,
        };
        let limited = |limits| LimitedScore { value: 0.1, limits };
        let judgement = Judgement::of(&limited(Some(limits)), &limited(None), None);
        (judgement.unwrap(), limits)
    }

    fn csv_rows(folder: &Path) -> Vec<Vec<String>> {
        csv::Reader::from_path(folder.join("results.csv"))
            .unwrap()
            .deserialize()
            .map(|row| row.unwrap())
            .collect()
    }

    #[test]
    fn both_files_say_the_same_and_are_valid_after_every_image() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("new");
        let mut writer = ResultsWriter::create(&folder, settings(), Some(Bom::Without)).unwrap();
        let region = serde_json::json!({
            "x": 8, "y": 16, "width": 4, "height": 2, "area": 8, "area_mm2": 2.0,
            "length": 4.5, "length_mm": 2.25, "peak": 3.5, "peak_x": 10, "peak_y": 17,
        });
        for count in 0..3 {
            assert_eq!(csv_rows(&folder).len(), count);
            let text = fs::read_to_string(folder.join("results.jsonl")).unwrap();
            assert_eq!(text.lines().count(), count);
            for line in text.lines() {
                let object: serde_json::Value = serde_json::from_str(line).unwrap();
                assert_eq!(
                    object,
                    serde_json::json!({
                        "path": "x,\"y\"\nz.png", "kind": "dent",
                        "plain_score": -0.25, "projected_score": 0.1,
                        "plain_percentile": 98.0, "projected_percentile": null,
                        "iterations": 25, "stop": "not-finite",
                        "alpha": 0.5, "lambda": 0.05, "max_iterations": 25,
                        "model": "-washer.safetensors",
                        "heatmap": "a_heatmap.png", "overlay": null, "projected": null,
                        "strip": null, "map": "a_map.png", "map_high": 2.5, "unit": "usual",
                        "verdict": "reject", "reasons": "above-threshold",
                        "confidence": 0.7310586, "threshold": 0.0625, "threshold_low": 0.03125,
                        "threshold_high": null, "review_threshold": 0.05, "scale": 0.0375,
                        "map_version": MapVersion::default().number(),
                        "pixel_threshold": 1.25, "region_count": 60,
                        "regions": [region], "mm_per_px": 0.5,
                    })
                );
            }
            for row in csv_rows(&folder) {
                assert_eq!(row[0], "x,\"y\"\nz.png");
                assert_eq!(row[1..6], ["dent", "-0.25", "0.1", "98", ""]);
                assert_eq!(row[6..11], ["25", "not-finite", "0.5", "0.05", "25"]);
                let judged = [
                    "reject",
                    "above-threshold",
                    "0.7310586",
                    "0.0625",
                    "0.03125",
                    "",
                ];
                assert_eq!(row[19..25], judged);
                assert_eq!(row[28..30], ["1.25", "60"]);
                assert!(row[30].starts_with("[{\"area\":8,\"area_mm2\":2.0,\"height\":2,"));
                assert_eq!(
                    row[11..19],
                    [
                        "'-washer.safetensors",
                        "a_heatmap.png",
                        "",
                        "",
                        "",
                        "a_map.png",
                        "2.5",
                        "usual"
                    ]
                );
            }
            writer.append(&result("x,\"y\"\nz.png")).unwrap();
        }
    }

    #[test]
    fn a_table_that_is_saved_whole_is_what_a_run_writes_line_by_line() {
        let folder = tempfile::tempdir().unwrap();
        let rows = ["a.png", "=b,\"c\".png"].map(result);
        let mut writer = ResultsWriter::create(folder.path(), settings(), Some(Bom::With)).unwrap();
        for row in &rows {
            writer.append(row).unwrap();
        }
        for format in [TableFormat::Csv, TableFormat::JsonLines] {
            let whole = folder.path().join("whole");
            save_table(&whole, (format, Bom::With), &settings(), &rows).unwrap();
            let lines = folder.path().join(format!("results.{}", format.ending()));
            assert_eq!(
                fs::read(whole).unwrap(),
                fs::read(lines).unwrap(),
                "{format:?}"
            );
        }
    }

    #[test]
    fn a_model_without_a_file_has_an_empty_cell() {
        let settings = RunSettings {
            model: PathBuf::new(),
            ..settings()
        };
        let model = COLUMNS
            .iter()
            .position(|column| *column == "model")
            .unwrap();
        assert_eq!(cells(&result("a"), &settings)[model], Cell::Missing);
    }

    #[test]
    fn a_mark_for_spreadsheets_stands_before_the_names_of_columns() {
        let folder = tempfile::tempdir().unwrap();
        let table = |head| {
            let mut writer = ResultsWriter::create(folder.path(), settings(), head).unwrap();
            writer.append(&result("部品.png")).unwrap();
            fs::read_to_string(folder.path().join("results.csv")).unwrap()
        };
        assert!(table(Some(Bom::With)).starts_with("\u{feff}path,kind,"));
        assert!(table(Some(Bom::Without)).starts_with("path,kind,"));
        assert!(table(None).starts_with("部品.png,"), "it continues another");
    }

    #[test]
    fn a_score_that_is_not_finite_has_an_empty_cell_and_no_confidence() {
        let not_finite = ImageResult {
            projected_score: f32::NAN,
            ..result("a")
        };
        let cells = cells(&not_finite, &settings());
        for name in ["projected_score", "confidence"] {
            let column = COLUMNS.iter().position(|column| *column == name).unwrap();
            assert_eq!(cells[column].csv(), "", "{name}");
        }
        let line = String::from_utf8(json_line(COLUMNS, &cells).unwrap()).unwrap();
        assert!(line.contains("\"projected_score\":null"), "{line}");
    }

    #[cfg(unix)]
    #[test]
    fn files_whose_names_differ_in_bytes_that_are_no_text_have_rows_of_their_own() {
        use std::os::unix::ffi::OsStrExt;
        let name = |bytes: &'static [u8]| Path::new(std::ffi::OsStr::from_bytes(bytes));
        let of = |path: &Path| {
            let row = ImageResult {
                path: path.into(),
                ..result("")
            };
            cells(&row, &settings())[0].csv()
        };
        assert_eq!(of(name(b"\xff.png")), "\\xff.png");
        assert_ne!(of(name(b"\xff.png")), of(name(b"\xfe.png")));
    }

    #[test]
    fn the_stop_rule_is_written_as_serde_writes_it() {
        for stop in [
            StopRule::Threshold,
            StopRule::Iterations,
            StopRule::NotFinite,
            StopRule::Cancelled,
        ] {
            let written = cells(
                &ImageResult {
                    stop,
                    ..result("a")
                },
                &settings(),
            )[7]
            .clone();
            assert_eq!(
                serde_json::to_value(written).unwrap(),
                serde_json::to_value(stop).unwrap()
            );
        }
    }

    #[test]
    fn a_new_run_starts_afresh() {
        let folder = tempfile::tempdir().unwrap();
        let mut first =
            ResultsWriter::create(folder.path(), settings(), Some(Bom::Without)).unwrap();
        first.append(&result("a")).unwrap();
        ResultsWriter::create(folder.path(), settings(), Some(Bom::Without)).unwrap();
        assert!(csv_rows(folder.path()).is_empty());
        assert_eq!(fs::read(folder.path().join("results.jsonl")).unwrap(), b"");
    }

    #[test]
    fn an_impossible_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "precious").unwrap();
        let below = file.join("out");
        let error = format!(
            "{:#}",
            ResultsWriter::create(&below, settings(), Some(Bom::Without)).unwrap_err()
        );
        assert!(error.contains(&below.display().to_string()), "{error}");
        assert_eq!(fs::read(&file).unwrap(), b"precious");
    }
}
