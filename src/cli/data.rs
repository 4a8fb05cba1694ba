//! `kizumi data`: what of a folder would be used, and what would not.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::dataset;
use super::output::{count_of, print, print_json};
use super::progress::Progress;
use super::roles::RoleOptions;
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
    let test = &report.test;
    print(format_args!("layout    {}", layout(report.layout)))?;
    print(format_args!("training  {} normal", report.normal))?;
    print(format_args!(
        "test      {} normal, {} defective, {} unknown",
        test.normal, test.defective, test.unknown
    ))?;
    for (kind, count) in &report.kinds {
        print(format_args!("  {kind}: {count}"))?;
    }
    print(format_args!(
        "masks     {}; {} without one",
        report.masks,
        count_of(report.without_mask, "defective image")
    ))?;
    if counts != LabelCounts::default() {
        print(format_args!("labels    {counts}"))?;
    }
    for one in report.labels.iter().flat_map(|labels| &labels.unmatched) {
        print(format_args!(
            "  {}: {}",
            escaped(&one.image),
            one.why.words()
        ))?;
    }
    for one in report.labels.iter().flat_map(|labels| &labels.unused_masks) {
        let (mask, why) = (escaped(&one.mask), one.why.words());
        print(format_args!("  {MASKS_FOLDER}/{mask}: {why}"))?;
    }
    print(format_args!("left out  {}", report.left_out.len()))?;
    for LeftOut { path, reason } in &report.left_out {
        print(format_args!("  {path}: {reason}"))?;
    }
    let progress = Progress::new("Looking at masks, copies and 16 bits", 0);
    let found = CloserLook::new(&catalog).finish();
    let copies = duplicates_note(&catalog);
    drop(progress);
    if !found.broken.is_empty() {
        let images = count_of(found.broken.len(), "image");
        print(format_args!(
            "broken    {images} counted above: the head cannot be read"
        ))?;
    }
    for path in &found.broken {
        print(format_args!("  {}", shown(path)))?;
    }
    if let Some(note) = copies {
        print(format_args!("copies    {note}"))?;
    }
    if let Depth::Sixteen { used_bits } = found.depth.depth {
        print(format_args!("depth     16 bits a value, {used_bits} used"))?;
    }
    for note in found.depth.notes {
        print(format_args!("  {note}"))?;
    }
    if !found.masks.is_empty() {
        print(format_args!("masks to look at  {}", found.masks.len()))?;
    }
    for note in found.masks {
        print(format_args!("  {note}"))?;
    }
    Ok(())
}

fn layout(layout: Layout) -> &'static str {
    match layout {
        Layout::Mvtec => "folders for training and for a test",
        Layout::GoodBad => "folders of normal and of defective images",
        Layout::Masked => "images with masks, which say what they show",
        Layout::Plain => "images, all taken as normal",
        Layout::Listed => "a list of images",
        Layout::Given => "as the options say",
    }
}
