//! `kizumi labels`: what people said of single images, and a data set made of it.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::dataset;
use super::interrupt::Interrupt;
use super::output::{count_of, print, print_raw, say};
use super::progress::Progress;
use super::roles::RoleOptions;
use kizumi_dataset::labels::Label;
use kizumi_dataset::labels::save_as::{Transfer, save_as};
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
}

/// Lists the labels, one a line, or writes the data set that they make.
///
/// # Errors
/// A bad data set; labels that cannot be read; a folder that is not empty; files that cannot be read or written.
pub fn run(options: &Options) -> Result<()> {
    let (catalog, labels) = dataset::open_labelled(&options.data, &options.roles)?;
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
