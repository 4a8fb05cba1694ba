//! Opening a data set: saying what was recognised, and what is odd about it.

use std::path::Path;

use anyhow::Result;

use super::output::{count_of, say};
use super::roles::RoleOptions;
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
    say(format_args!(
        "note: these are images alone, and nothing but their labels says what they show; --normal {} calls all others \
         normal",
        shown(folder)
    ));
    Ok(opened)
}

fn say_opened(folder: &Path, by_folder: Catalog) -> Result<(Catalog, Labels)> {
    let labels = Labels::of(&by_folder)?;
    let catalog = labels.applied(&by_folder);
    say(format_args!("{}: {}.", shown(folder), catalog.summary()));
    say_labels(&labels);
    for note in &catalog.notes {
        say(format_args!("note: {note}"));
    }
    Ok((catalog, labels))
}

/// Says how many labels there are, and which of them belong to no image.
pub fn say_labels(labels: &Labels) {
    let counts = labels.counts();
    if counts != LabelCounts::default() {
        say(format_args!("labels: {counts}"));
    }
    for remark in &labels.remarks {
        say(format_args!("note: {remark}."));
    }
    for one in &labels.unmatched {
        let (image, why) = (escaped(&one.image), one.why.words());
        say(format_args!(
            "note: a label is kept and not used, its image {why}: {image}"
        ));
    }
    for one in &labels.unused_masks {
        let (mask, why) = (escaped(&one.mask), one.why.words());
        say(format_args!(
            "note: a drawn mask is not used, it {why}: {MASKS_FOLDER}/{mask}"
        ));
    }
    for (from, to) in &labels.renamed {
        let [from, to] = [from, to].map(|name| escaped(name));
        say(format_args!(
            "note: the label of {from} is used for {to}, which holds the same"
        ));
    }
}

/// Lists files that could not be used, with the reasons.
pub fn say_broken(broken: &[FileError]) {
    if !broken.is_empty() {
        let files = count_of(broken.len(), "file");
        say(format_args!("{files} could not be used:"));
    }
    for error in broken {
        say(format_args!("  {error}"));
    }
}

/// Reports training images that are there twice, and test images that are training images, too: these
/// make every figure look better.
pub fn say_duplicates(catalog: &Catalog) {
    if let Some(note) = duplicates_note(catalog) {
        say(format_args!("note: {note}"));
    }
}
