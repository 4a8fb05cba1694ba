//! `kizumi labels`: what people said of single images, and a data set made of it.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::dataset;
use super::interrupt::Interrupt;
use super::output::{count_of, print, print_raw, say};
use super::progress::Progress;
use super::roles::RoleOptions;
use kizumi_dataset::catalog::Entry;
use kizumi_dataset::labels::pattern::{Rule, Sorting};
use kizumi_dataset::labels::save_as::{Transfer, save_as};
use kizumi_dataset::labels::{Change, Label, Labels, save};
use kizumi_dataset::opening;
use kizumi_dataset::scan::{Roles, ScanError};
use kizumi_image::shown::{escaped, shown};

/// Options of `kizumi labels`.
#[derive(Args, Debug)]
pub struct Options {
    /// Folder of images that were labelled in the window
    #[arg(value_name = "DATA")]
    data: PathBuf,
    #[command(flatten)]
    roles: RoleOptions,
    /// Write the images, as they are labelled, and their masks to this new folder: train/good, test/good,
    /// test/<kind>, ground_truth/<kind>
    #[arg(long, value_name = "DIR")]
    save_as: Option<PathBuf>,
    /// With --save-as: link the images instead of copying them
    #[arg(long, requires = "save_as")]
    link: bool,
    /// Label images by their names: NG_*=NG, NG_*=NG:scratch, ok*=OK, test_*=out (left out of training); as often as
    /// needed, the first one that fits counts. * is any letters, ? one, capitals do not matter; a pattern
    /// with / is of the path below DATA. Says how many images each is of, and labels none without --apply
    #[arg(long, value_name = "PATTERN=LABEL", conflicts_with = "save_as")]
    pattern: Vec<Rule>,
    /// With --pattern: label them
    #[arg(long, requires = "pattern")]
    apply: bool,
    /// With --pattern: those, too, that have another label
    #[arg(long, requires = "pattern")]
    relabel: bool,
}

/// Lists the labels, one a line, gives them by names, or writes the data set that they make.
///
/// # Errors
/// A bad data set; labels that cannot be read; a folder that is not empty; files that cannot be read or written.
pub fn run(options: &Options) -> Result<()> {
    if !options.pattern.is_empty() {
        return sort(options);
    }
    let open = match options.save_as {
        Some(_) => dataset::open_said,
        None => dataset::open_labelled,
    };
    let (catalog, labels) = open(&options.data, &options.roles)?;
    let Some(out) = &options.save_as else {
        for (image, label) in labels.iter() {
            let image = escaped(image);
            match label {
                Label::Ok => print_raw(format_args!("OK\t\t{image}"))?,
                Label::Ng { kind } => {
                    let kind = escaped(kind.as_deref().unwrap_or_default());
                    print_raw(format_args!("NG\t{kind}\t{image}"))?;
                }
                Label::LeftOut => print_raw(format_args!("left out\t\t{image}"))?,
            }
        }
        return Ok(());
    };
    let transfer = match options.link {
        true => Transfer::Link,
        false => Transfer::Copy,
    };
    let interrupt = Interrupt::listen()?;
    let progress = Progress::new("Writing", (catalog.train.len() + catalog.test.len()) as u64);
    let saved = save_as(&catalog, out, transfer, &mut |done, _| {
        progress.set(done as u64);
        !interrupt.is_requested()
    })?;
    drop(progress);
    if saved.unknown > 0 {
        let unknown = count_of(saved.unknown, "image");
        say(format_args!(
            "note: {unknown} not written: nobody has said what they show"
        ));
    }
    print(format_args!(
        "{}: {} normal for training, {} normal and {} defective for test, {}",
        shown(out),
        saved.train,
        saved.good,
        saved.defective,
        count_of(saved.masks, "mask")
    ))
}

/// Labels images by their names, or says how many there would be.
fn sort(options: &Options) -> Result<()> {
    let root = &options.data;
    let catalog = match opening::open(root, &options.roles.of(root)) {
        // What a person would be asked is what the patterns say.
        Err(ScanError::Ambiguous { .. }) => {
            let roles = Roles {
                to_inspect: true,
                ..Roles::default()
            };
            opening::open(root, &roles)?
        }
        opened => opened?,
    };
    let labels = Labels::of(&catalog)?;
    dataset::say_labels(&labels);
    let entries: Vec<&Entry> = catalog.train.iter().chain(&catalog.test).collect();
    let entries = entries.into_iter().filter(|one| one.path.starts_with(root));
    let images: Vec<(String, &Entry)> = entries
        .map(|entry| (catalog.name_of(&entry.path), entry))
        .collect();
    let names = images.iter().map(|(name, _)| name.as_str());
    let sorting = Sorting::new(&options.pattern, names, &labels, options.relabel);
    for (rule, count) in options.pattern.iter().zip(&sorting.labelled) {
        print_raw(format_args!("{count}\t{}", escaped(&rule.to_string())))?;
    }
    for (count, one, several) in [
        (
            sorting.kept,
            "keeps another label; --relabel replaces it",
            "keep another label; --relabel replaces it",
        ),
        (sorting.unfit, "fits no pattern", "fit no pattern"),
    ] {
        if count > 0 {
            let words = if count == 1 { one } else { several };
            say(format_args!("note: {} {words}", count_of(count, "image")));
        }
    }
    if !options.apply {
        say(format_args!("note: nothing is labelled without --apply"));
        return Ok(());
    }
    let changes = sorting.labels.into_iter().map(|(place, label)| {
        let (image, entry) = &images[place];
        let renamed = labels.renamed.iter().find(|(_, now)| now == image);
        Change {
            earlier_name: renamed.map(|(earlier, _)| earlier.clone()),
            ..Change::of(image, &entry.path, Some(label))
        }
    });
    let changes: Vec<Change> = changes.collect();
    if changes.is_empty() {
        return Ok(());
    }
    let saved = save(root, &changes)?;
    if let Some(why) = &saved.aside {
        say(format_args!("note: not kept beside the images: {why}"));
    }
    if let Some(why) = &saved.above {
        say(format_args!(
            "warning: labels of a folder above still say what they did: {why}"
        ));
    }
    let labelled = count_of(changes.len(), "image");
    say(format_args!(
        "{labelled} labelled in {}",
        shown(&saved.path)
    ));
    Ok(())
}
