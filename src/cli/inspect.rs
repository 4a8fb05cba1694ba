//! `kizumi inspect`: maps and scores of images.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use super::Usage;
use super::csv::CsvOptions;
use super::inspecting::{Inspected, Oddities, Outcome, batch_images, look_at_each};
use super::model::Model;
use super::options::{DeviceOption, ProjectionOptions, ScaleOption, named};
use super::out_lock::OutLock;
use super::output::{count_of, note, print, print_json_text, say, worded};
use super::pictures::{MapFormat, PictureSize, Pictures};
use super::progress::Progress;
use super::result_folder::{ResultFolder, Style};
use super::roles::RoleOptions;
use super::said::{fail, language, said};
use super::shard::Shard;
use super::targets::Targets;
use super::writing::write_beside;
use crate::text::report_text;
use kizumi_dataset::catalog::{Entry, Kind};
use kizumi_image::colormap::Colormap;
use kizumi_image::file_error::{FileError, Reason};
use kizumi_image::shown::shown;
use kizumi_method::decision::Verdict;
use kizumi_report::results::ImageResult;

/// Options of `kizumi inspect`.
#[derive(Args, Debug)]
pub struct Options {
    /// Model file
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Images, folders of images, or data sets (of which the test images are taken)
    #[arg(value_name = "IMAGE_OR_DIR", required = true)]
    images: Vec<PathBuf>,
    #[command(flatten)]
    roles: RoleOptions,
    /// Folder for the results: results.csv, results.jsonl, and for each image NAME_heatmap.png,
    /// NAME_overlay.png, NAME_projected.png, NAME_strip.png (original, reconstruction, projected,
    /// heatmap, overlay) and NAME_map.tiff, the map's values as 32-bit floats. README explains the columns
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Pictures to write: all, none, or some of heatmap, overlay, projected, strip, map, separated
    /// by commas
    #[arg(long, value_name = "LIST", default_value = "all")]
    pictures: Pictures,
    /// How large overlays are: as the image files, or as the network sees the images, which is square and quicker
    #[arg(long, value_parser = named::<PictureSize>(&["file", "network"]), default_value = "file")]
    picture_size: PictureSize,
    /// How the values of the maps are written: as 32-bit floats (NAME_map.tiff), or in 16 bits
    /// (NAME_map.png) from 0 to the map's largest value, which is in the file and, as map_high, in
    /// the tables
    #[arg(long, value_parser = named::<MapFormat>(&["tiff", "png"]), default_value = "tiff")]
    map_format: MapFormat,
    /// Inspect part K of N of the images only: consecutive ones of the sorted list, the same on
    /// every machine, in parts that differ by one image at most. Put together in the order of K,
    /// the results.csv of all parts (`cat part*/results.csv`) are that of one run over everything,
    /// and so are the results.jsonl: only part 1 writes the line of column names. Pictures have
    /// the names that one run gives them. A part without images succeeds
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    #[command(flatten)]
    device: DeviceOption,
    /// Rows on stdout as lines of JSON
    #[arg(long)]
    json: bool,
    /// Colours of the heatmaps. The threshold of the model's calibration has the colour in the middle, where
    /// that is of the same kind of maps; else the range is each map's own
    #[arg(long, value_parser = named::<Colormap>(&["inferno", "viridis", "cividis", "grey"]), default_value = "inferno")]
    colormap: Colormap,
    /// Strongest cover of the overlay, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = Style::default().opacity)]
    opacity: f32,
    #[command(flatten)]
    csv: CsvOptions,
    #[command(flatten)]
    scale: ScaleOption,
    #[command(flatten)]
    projection: ProjectionOptions,
}

#[cfg(test)]
impl Options {
    pub(crate) fn images(&self) -> &[PathBuf] {
        &self.images
    }

    pub(crate) fn roles(&self) -> &RoleOptions {
        &self.roles
    }

    pub(crate) fn projection(&self) -> &ProjectionOptions {
        &self.projection
    }
}

/// Inspects. What cannot be read is listed and counted, and hinders no other image; in the end the
/// inspection fails all the same, because somebody may take what was not looked at for good.
///
/// # Errors
/// [`Usage`]; a bad model; a path without images; an image, or what may hold some, that cannot be read; another
/// run into the same folder; files that cannot be written.
pub fn run(options: &Options) -> Result<()> {
    if !(0.0..=1.0).contains(&options.opacity) {
        let opacity = options.opacity;
        let complaint = said!(
            "opacity {opacity} is not in 0..=1",
            "不透明度{opacity}は0..=1の範囲外です"
        );
        return Err(Usage::from(complaint).into());
    }
    options.projection.validate()?;
    let targets = Targets::find(&options.images, &options.roles)?;
    let shard = options.shard.unwrap_or(Shard::WHOLE);
    let range = shard.range(targets.len());
    let compute = options.device.open()?;
    let model = Model::load(&options.model, &compute, &options.projection)?.scaled(&options.scale);
    model.say_what_is_uncertain();
    let style = Style {
        colormap: options.colormap,
        opacity: options.opacity,
        size: options.picture_size,
    };
    let folder = ResultFolder::new(
        &options.out,
        &model,
        style,
        options.pictures.clone(),
        options.map_format,
    );
    let _held = OutLock::hold(&options.out)?;
    let mut tables = folder.tables(shard.is_first().then(|| options.csv.bom()))?;
    targets.notes.iter().for_each(|one| note(worded(one)));
    let shortened = targets.shortened();
    if shortened > 0 && folder.has_pictures() {
        let images = count_of(shortened, "image");
        note(said!(
            "the names of {images} are too long for those of pictures, which are shortened; the tables name them.",
            "画像{shortened}枚は名前が長すぎるため、出力画像の名前を短くします。対応は表にあります。"
        ));
    }

    let progress = Progress::new(said!("Inspecting", "検査中"), range.len() as u64);
    let write = |row: Row| match row {
        Row::Scored(mut row, Some(pictured)) => {
            let (inspected, name) = *pictured;
            row.pictures = folder.write_pictures(&inspected, &name)?;
            Ok(Row::Scored(row, None))
        }
        row => Ok(row),
    };
    let append = |row: &Row| {
        let (line, text) = match row {
            Row::Scored(row, _) => {
                tables.append(row)?;
                (tables.json_row(row)?, row_text(row))
            }
            Row::WithoutPart { error, kind } => {
                let line = tables.append_without_part(&error.path, kind)?;
                let verdict = report_text(language()).verdict(Verdict::Review);
                let (path, reason) = (shown(&error.path), worded(&error.reason));
                let text = said!("{path}: {verdict}: {reason}", "{path}：{verdict}：{reason}");
                (line, text)
            }
        };
        match options.json {
            true => progress.suspend(|| print_json_text(&line)),
            false => progress.suspend(|| print(text)),
        }
    };
    let entries = range
        .clone()
        .filter_map(|index| targets.path(index))
        .map(Entry::alone);
    let ahead = batch_images(&model);
    let ((broken, without_part), rows) = write_beside(ahead, write, append, |hand_over| {
        let (mut broken, mut without_part) = (0, 0);
        let mut oddities = Oddities::default();
        look_at_each(&model, entries, &progress, &mut oddities, |outcome| {
            let index = match &outcome {
                Outcome::Inspected(inspected) => inspected.index,
                Outcome::Unusable { index, .. } => *index,
            };
            let label = targets
                .label(range.start + index)
                .context("an image came back that nobody asked for")?;
            progress.add_one();
            match outcome {
                Outcome::Inspected(inspected) => {
                    let row = Box::new(model.row(&inspected, label.kind));
                    // Pixels that nobody needs any more are freed where they were made.
                    let pictured = folder.has_pictures();
                    let pictured = pictured.then(|| Box::new((*inspected, label.name)));
                    hand_over(Row::Scored(row, pictured))
                }
                Outcome::Unusable { error, .. } => match error.reason {
                    Reason::PartNotFound { .. } => {
                        without_part += 1;
                        hand_over(Row::WithoutPart {
                            error,
                            kind: label.kind,
                        })
                    }
                    _ => {
                        progress.say(worded(&error));
                        broken += 1;
                        Ok(())
                    }
                },
            }
        })?;
        oddities.say_rest(&progress);
        Ok((broken, without_part))
    })?;
    drop(progress);

    let inspected = rows - without_part;
    if rows == 0 && shard.is_whole() {
        let count = targets.len();
        let images = count_of(count, "image");
        fail!(
            "none of {images} could be inspected",
            "画像{count}枚のどれも検査できませんでした"
        );
    }
    let images = count_of(inspected, "image");
    let mut summary = said!("{images} inspected", "検査{inspected}枚");
    if without_part > 0 {
        summary += &said!(
            ", {without_part} without the part",
            "、部品なし{without_part}枚"
        );
    }
    if broken > 0 {
        summary += &said!(", {broken} could not be used", "、使用不可{broken}枚");
    }
    let left_out = targets.left_out;
    if left_out > 0 {
        summary += &said!(", {left_out} left out", "、対象外{left_out}件");
    }
    let out = shown(&options.out);
    say(said!("{summary}: {out}", "{summary}：{out}"));
    // Of the parts of one inspection one says what none of them has seen.
    let missed = targets.missed * usize::from(shard.is_first());
    if broken + missed > 0 {
        let unread = broken + missed;
        fail!(
            "{unread} of what may be images could not be read; the results are of the others",
            "画像の可能性がある{unread}件を読み込めませんでした。結果はそれ以外のものです"
        );
    }
    if without_part > 0 {
        let images = count_of(without_part, "image");
        fail!(
            "in {images} the part was not found; the tables name them, for review",
            "{without_part}枚で部品が見つかりませんでした。表に要確認として載せています"
        );
    }
    Ok(())
}

/// What the tables say of an image.
enum Row {
    /// It was inspected; with what its pictures are made of, and their name, until they are written.
    Scored(Box<ImageResult>, Option<Box<(Inspected, String)>>),
    /// The part is not in it.
    WithoutPart {
        /// The image, and how far anything in it is from the part.
        error: FileError,
        /// What it is said to show.
        kind: Kind,
    },
}

/// "part.png: Review, score 3.2 (threshold 4, confidence 0.31, higher than 88 % of normals, plain 2.8): why."
pub(super) fn row_text(result: &ImageResult) -> String {
    let path = shown(&result.path);
    let (projected, plain) = (result.projected_score, result.plain_score);
    let percentile = match result.projected_percentile {
        Some(percentile) => said!(
            ", higher than {percentile:.0} % of normals",
            "、良品の{percentile:.0} %より高い"
        ),
        None => String::new(),
    };
    let Some(judgement) = &result.judgement else {
        return said!(
            "{path}: score {projected:.4}{percentile} (plain {plain:.4})",
            "{path}：スコア{projected:.4}{percentile}（再構成{plain:.4}）"
        );
    };
    let threshold = match &result.limits {
        Some(limits) if projected.is_finite() => {
            let (threshold, confidence) = (limits.thresholds.reject, limits.confidence(projected));
            said!(
                "threshold {threshold:.4}, confidence {confidence:.2}{percentile}, ",
                "しきい値{threshold:.4}、確信度{confidence:.2}{percentile}、"
            )
        }
        _ => String::new(),
    };
    let words = report_text(language());
    let verdict = words.verdict(judgement.verdict);
    let mut text = said!(
        "{path}: {verdict}, score {projected:.4} ({threshold}plain {plain:.4})",
        "{path}：{verdict}、スコア{projected:.4}（{threshold}再構成{plain:.4}）"
    );
    if judgement.verdict == Verdict::Review {
        let reasons = judgement.reasons.iter();
        let reasons: Vec<&str> = reasons.map(|one| words.judging.reason(one)).collect();
        let (spaced, joined) = (reasons.join(" "), reasons.concat());
        text += &said!(": {spaced}", "：{joined}");
    }
    text
}
