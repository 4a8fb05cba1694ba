//! `kizumi labels`: what people said of single images, and a data set made of it.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::dataset;
use super::interrupt::Interrupt;
use super::output::{count_of, note, print, print_raw, say, worded};
use super::progress::Progress;
use super::roles::RoleOptions;
use super::said::said;
use kizumi_dataset::catalog::Entry;
use kizumi_dataset::labels::pattern::{Rule, Sorting};
use kizumi_dataset::labels::save_as::{SavedAs, Transfer, save_as};
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
    let progress = Progress::new(
        said!("Writing", "書き出し中"),
        (catalog.train.len() + catalog.test.len()) as u64,
    );
    let saved = save_as(&catalog, out, transfer, &mut |done, _| {
        progress.set(done as u64);
        !interrupt.is_requested()
    })?;
    drop(progress);
    if saved.unknown > 0 {
        let count = saved.unknown;
        let unknown = count_of(count, "image");
        note(said!(
            "{unknown} not written: nobody has said what they show",
            "ラベルのない{count}枚は書き出しません（良品か不良品か不明です）"
        ));
    }
    let SavedAs {
        train,
        good,
        defective,
        masks: drawn,
        ..
    } = saved;
    let (out, masks) = (shown(out), count_of(drawn, "mask"));
    print(said!(
        "{out}: {train} normal for training, {good} normal and {defective} defective for test, {masks}",
        "{out}：学習用 良品{train}枚、テスト用 良品{good}枚・不良品{defective}枚、マスク{drawn}枚"
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
    let (kept, unfit) = (sorting.kept, sorting.unfit);
    if kept > 0 {
        let images = count_of(kept, "image");
        let keep = if kept == 1 { "keeps" } else { "keep" };
        note(said!(
            "{images} {keep} another label; --relabel replaces it",
            "別のラベルのまま{kept}枚（--relabelで置き換えます）"
        ));
    }
    if unfit > 0 {
        let images = count_of(unfit, "image");
        let fit = if unfit == 1 { "fits" } else { "fit" };
        note(said!("{images} {fit} no pattern", "該当なし{unfit}枚"));
    }
    if !options.apply {
        note(said!(
            "nothing is labelled without --apply",
            "--applyなしではラベルを付けません"
        ));
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
        let why = worded(why);
        note(said!(
            "not kept beside the images: {why}",
            "画像の隣に保存できませんでした：{why}"
        ));
    }
    if let Some(why) = &saved.above {
        let why = worded(why);
        note(said!(
            "labels of a folder above still say what they did: {why}",
            "上のフォルダのラベルを書き換えられませんでした：{why}"
        ));
    }
    let (count, path) = (changes.len(), shown(&saved.path));
    let labelled = count_of(count, "image");
    say(said!(
        "{labelled} labelled in {path}",
        "{count}枚にラベルを付けました：{path}"
    ));
    Ok(())
}
