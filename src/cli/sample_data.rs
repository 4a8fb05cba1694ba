//! `kizumi sample-data`: the built-in sample pictures.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::output::print;
use super::progress::Progress;
use super::said::said;
use kizumi_dataset::sample::{SETS, write};
use kizumi_image::shown::shown;

/// Options of `kizumi sample-data`.
#[derive(Args, Debug)]
pub struct Options {
    /// Folder for the data sets
    #[arg(value_name = "DIR")]
    into: PathBuf,
}

/// Writes all sets and prints their folders.
///
/// # Errors
/// At the first file that cannot be written; nothing that existed is changed.
pub fn run(options: &Options) -> Result<()> {
    write_sets(&options.into)?;
    for set in SETS {
        print(shown(&options.into.join(set)))?;
    }
    Ok(())
}

/// Writes all sets below `into`. Pictures that are there already stay.
pub(super) fn write_sets(into: &Path) -> Result<()> {
    let total: usize = SETS.iter().map(|set| set.files().len()).sum();
    let progress = Progress::new(
        said!("Writing sample data", "サンプルデータを書き出し中"),
        total as u64,
    );
    write(into, &mut |done, _| progress.set(done as u64))?;
    Ok(())
}
