//! `kizumi data`: what of a folder would be used, and what would not.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::dataset;
use super::output::{count_of, print, print_json, worded};
use super::progress::Progress;
use super::roles::RoleOptions;
use super::said::{language, said};
use crate::text::{layout, missing, why_unused};
use kizumi_dataset::catalog::{Catalog, Counts, Layout};
use kizumi_dataset::closer_look::CloserLook;
use kizumi_dataset::fingerprint::duplicates_note;
use kizumi_dataset::labels::{LabelCounts, Labels, MASKS_FOLDER, Unmatched, UnusedMask};
use kizumi_image::depth::Depth;
use kizumi_image::shown::{escaped, path_text, shown};

/// Options of `kizumi data`.
#[derive(Args, Debug)]
pub struct Options {
    /// Folder of images
    #[arg(value_name = "DATA")]
    data: PathBuf,
    /// One JSON object on stdout instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    roles: RoleOptions,
}

/// The result as `--json` has it.
#[derive(Serialize)]
struct Report {
    layout: Layout,
    /// Normal images to learn from.
    normal: usize,
    test: Test,
    /// Defective images of each kind.
    kinds: BTreeMap<String, usize>,
    masks: usize,
    without_mask: usize,
    left_out: Vec<LeftOut>,
    /// Where somebody has said something.
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<LabelReport>,
}

/// What people said of single images.
#[derive(Serialize)]
struct LabelReport {
    ok: usize,
    ng: usize,
    left_out: usize,
    /// NG images with a mask that somebody drew.
    drawn_masks: usize,
    /// Drawn masks that are not used.
    unused_masks: Vec<UnusedMask>,
    /// Labels that are kept and not used.
    unmatched: Vec<Unmatched>,
    /// Images that are known by their content: their names in the file of labels, and their names now.
    renamed: Vec<(String, String)>,
    /// What else a person should know of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<String>,
}

#[derive(Serialize)]
struct Test {
    normal: usize,
    defective: usize,
    unknown: usize,
}

#[derive(Serialize)]
struct LeftOut {
    /// Bytes in it that are no text stand as `\xff`.
    path: String,
    reason: String,
}

impl Report {
    fn of(catalog: &Catalog, labels: Labels) -> Self {
        let Counts {
            normal,
            defective,
            unknown,
            kinds,
            masks,
            without_mask,
        } = catalog.counts();
        let left_out = catalog.left_out.iter().map(|one| LeftOut {
            path: path_text(&one.path).into_owned(),
            reason: one.reason.to_string(),
        });
        Self {
            layout: catalog.layout,
            normal: catalog.train.len(),
            test: Test {
                normal,
                defective,
                unknown,
            },
            kinds,
            masks,
            without_mask,
            left_out: left_out.collect(),
            labels: LabelReport::of(labels),
        }
    }
}

impl LabelReport {
    fn of(labels: Labels) -> Option<Self> {
        let counts = labels.counts();
        let LabelCounts {
            ok,
            ng,
            left_out,
            drawn,
            ..
        } = counts;
        let remarks = labels.remarks.iter().map(ToString::to_string);
        let remarks: Vec<String> = remarks.collect();
        let says_something = counts != LabelCounts::default()
            || !labels.unused_masks.is_empty()
            || !remarks.is_empty();
        says_something.then_some(Self {
            ok,
            ng,
            left_out,
            drawn_masks: drawn,
            unused_masks: labels.unused_masks,
            remarks,
            unmatched: labels.unmatched,
            renamed: labels.renamed,
        })
    }
}

/// Says what was recognised. Nothing is trained. Pictures are read where masks alone say what images show, and
/// for what the text says of masks, copies and 16 bits, not for JSON.
///
/// # Errors
/// When it is no data set, or a person has to say which images are normal; stdout that cannot be written.
pub fn run(options: &Options) -> Result<()> {
    let (catalog, labels) = dataset::open_labelled(&options.data, &options.roles)?;
    let counts = labels.counts();
    let report = Report::of(&catalog, labels);
    if options.json {
        return print_json(&report);
    }
    let how = layout(report.layout, language());
    print(said!("layout    {how}", "構成      {how}"))?;
    let train = report.normal;
    print(said!("training  {train} normal", "学習用    良品{train}枚"))?;
    let Test {
        normal,
        defective,
        unknown,
    } = report.test;
    print(said!(
        "test      {normal} normal, {defective} defective, {unknown} unknown",
        "テスト用  良品{normal}枚、不良品{defective}枚、不明{unknown}枚"
    ))?;
    for (kind, count) in &report.kinds {
        print(format_args!("  {kind}: {count}"))?;
    }
    let (masks, bare) = (report.masks, report.without_mask);
    let without = count_of(bare, "defective image");
    print(said!(
        "masks     {masks}; {without} without one",
        "マスク    {masks}枚、マスクのない不良品{bare}枚"
    ))?;
    if counts != LabelCounts::default() {
        let counts = worded(&counts);
        print(said!("labels    {counts}", "ラベル    {counts}"))?;
    }
    for one in report.labels.iter().flat_map(|labels| &labels.unmatched) {
        let (image, why, in_japanese) = (escaped(&one.image), one.why.words(), missing(one.why));
        print(said!("  {image}: {why}", "  {image}：{in_japanese}"))?;
    }
    for one in report.labels.iter().flat_map(|labels| &labels.unused_masks) {
        let (mask, why, in_japanese) = (escaped(&one.mask), one.why.words(), why_unused(one.why));
        print(said!(
            "  {MASKS_FOLDER}/{mask}: {why}",
            "  {MASKS_FOLDER}/{mask}：{in_japanese}"
        ))?;
    }
    let count = report.left_out.len();
    print(said!("left out  {count}", "対象外    {count}件"))?;
    for one in &catalog.left_out {
        let (path, reason) = (path_text(&one.path), worded(&one.reason));
        print(said!("  {path}: {reason}", "  {path}：{reason}"))?;
    }
    let progress = Progress::new(
        said!(
            "Looking at masks, copies and 16 bits",
            "マスク・複製・16ビットを確認中"
        ),
        0,
    );
    let found = CloserLook::new(&catalog).finish();
    let copies = duplicates_note(&catalog);
    drop(progress);
    if !found.broken.is_empty() {
        let count = found.broken.len();
        let images = count_of(count, "image");
        print(said!(
            "broken    {images} counted above: the head cannot be read",
            "破損      上の枚数のうち{count}枚は先頭部分を読み込めません"
        ))?;
    }
    for path in &found.broken {
        print(format_args!("  {}", shown(path)))?;
    }
    if let Some(note) = copies {
        let note = worded(&note);
        print(said!("copies    {note}", "複製      {note}"))?;
    }
    if let Depth::Sixteen { used_bits } = found.depth.depth {
        print(said!(
            "depth     16 bits a value, {used_bits} used",
            "ビット数  16ビット（使用{used_bits}ビット）"
        ))?;
    }
    for note in &found.depth.notes {
        print(format_args!("  {}", worded(note)))?;
    }
    if !found.masks.is_empty() {
        let count = found.masks.len();
        print(said!(
            "masks to look at  {count}",
            "確認が必要なマスク  {count}件"
        ))?;
    }
    for note in &found.masks {
        print(format_args!("  {}", worded(note)))?;
    }
    Ok(())
}
