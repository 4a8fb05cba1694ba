//! Opening a data set: saying what was recognised, and what is odd about it.

use std::path::Path;

use anyhow::Result;

use super::output::{count_of, note, say, worded};
use super::roles::RoleOptions;
use super::said::said;
use crate::text::{Summary, missing, why_unused};
use kizumi_dataset::catalog::{Catalog, Layout};
use kizumi_dataset::fingerprint::duplicates_note;
use kizumi_dataset::labels::{LabelCounts, Labels, MASKS_FOLDER};
use kizumi_dataset::opening;
use kizumi_dataset::scan::Roles;
use kizumi_image::file_error::FileError;
use kizumi_image::shown::{escaped, shown};

/// Recognises a folder, so far as the options do not say what it holds, and says it. Labels of single images go
/// before what their folders say.
///
/// # Errors
/// When it is no data set; names the folder and what was looked for. When there are labels that cannot be read.
pub fn open(folder: &Path, roles: &RoleOptions) -> Result<Catalog> {
    Ok(open_labelled(folder, roles)?.0)
}

/// The same, with the labels.
///
/// # Errors
/// As [`open`].
pub fn open_labelled(folder: &Path, roles: &RoleOptions) -> Result<(Catalog, Labels)> {
    say_opened(folder, opening::open(folder, &roles.of(folder))?)
}

/// The same of a folder whose images alone say nothing: of plain images only those are known that are labelled.
///
/// # Errors
/// As [`open`].
pub fn open_said(folder: &Path, roles: &RoleOptions) -> Result<(Catalog, Labels)> {
    let roles = roles.of(folder);
    let opened = opening::open(folder, &roles)?;
    if opened.layout != Layout::Plain || !roles.is_empty() {
        return say_opened(folder, opened);
    }
    let to_inspect = Roles {
        to_inspect: true,
        ..roles
    };
    let opened = say_opened(folder, opening::open(folder, &to_inspect)?)?;
    let all = shown(folder);
    note(said!(
        "these are images alone, and nothing but their labels says what they show; --normal {all} calls all others \
         normal",
        "画像だけのフォルダで、良否を示すのはラベルだけです。ほかの画像をすべて良品とするには--normal {all}を指定します"
    ));
    Ok(opened)
}

fn say_opened(folder: &Path, by_folder: Catalog) -> Result<(Catalog, Labels)> {
    let labels = Labels::of(&by_folder)?;
    let catalog = labels.applied(&by_folder);
    let (name, summary) = (shown(folder), worded(&Summary::from(&catalog)));
    say(said!("{name}: {summary}.", "{name}：{summary}"));
    say_labels(&labels);
    catalog.notes.iter().for_each(|one| note(worded(one)));
    Ok((catalog, labels))
}

/// Says how many labels there are, and which of them belong to no image.
pub fn say_labels(labels: &Labels) {
    let counts = labels.counts();
    if counts != LabelCounts::default() {
        let counts = worded(&counts);
        say(said!("labels: {counts}", "ラベル：{counts}"));
    }
    for remark in &labels.remarks {
        let remark = worded(remark);
        note(said!("{remark}.", "{remark}。"));
    }
    for one in &labels.unmatched {
        let (image, why, in_japanese) = (escaped(&one.image), one.why.words(), missing(one.why));
        note(said!(
            "a label is kept and not used, its image {why}: {image}",
            "使われていないラベル：{image}：{in_japanese}"
        ));
    }
    for one in &labels.unused_masks {
        let (mask, why, in_japanese) = (escaped(&one.mask), one.why.words(), why_unused(one.why));
        note(said!(
            "a drawn mask is not used, it {why}: {MASKS_FOLDER}/{mask}",
            "使われていない描画マスク：{MASKS_FOLDER}/{mask}：{in_japanese}"
        ));
    }
    for (from, to) in &labels.renamed {
        let [from, to] = [from, to].map(|name| escaped(name));
        note(said!(
            "the label of {from} is used for {to}, which holds the same",
            "{from} のラベルを、内容が同じ {to} に使います"
        ));
    }
}

/// Lists files that could not be used, with the reasons.
pub fn say_broken(broken: &[FileError]) {
    if !broken.is_empty() {
        let count = broken.len();
        let files = count_of(count, "file");
        say(said!(
            "{files} could not be used:",
            "使えないファイルが{count}件あります："
        ));
    }
    for error in broken {
        say(format_args!("  {}", worded(error)));
    }
}

/// Reports training images that are there twice, and test images that are training images, too: these
/// make every figure look better.
pub fn say_duplicates(catalog: &Catalog) {
    if let Some(twins) = duplicates_note(catalog) {
        note(worded(&twins));
    }
}
