//! `kizumi check`: training images that look unlike the others.

use std::borrow::Cow;
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use serde::Serialize;

use super::dataset;
use super::output::{count_of, print, print_json, print_lines, say};
use super::progress::Progress;
use super::roles::RoleOptions;
use kizumi_compute::suspect_search::SuspectSearch;
use kizumi_compute::suspects::{Strangeness, Suspects};
use kizumi_image::file_error::FileError;
use kizumi_image::shown::{path_text, shown};
use kizumi_method::config::FeatureResolution;
use kizumi_method::suspects::Crowd;

/// Options of `kizumi check`.
#[derive(Args, Debug)]
pub struct Options {
    /// The folder of images to learn from
    #[arg(value_name = "DATA")]
    data: PathBuf,
    #[command(flatten)]
    roles: RoleOptions,
    /// How large images are looked at, in pixels: auto, 256, 384, 512, 768 or 1024, the side of a square of the
    /// same area
    #[arg(long, value_name = "PX", default_value = "auto")]
    resolution: FeatureResolution,
    /// One JSON object on stdout, with every image, instead of a table
    #[arg(long)]
    json: bool,
    /// Nothing but the files of the suspects on stdout, one a line: 'kizumi train --exclude-list' leaves them out
    #[arg(long, conflicts_with = "json")]
    list: bool,
    /// Fail when there is a suspect
    #[arg(long)]
    strict: bool,
}

/// The result as `--json` has it.
#[derive(Serialize)]
struct Report<'a> {
    images: usize,
    suspects: usize,
    median: f32,
    limit: f32,
    broken: Vec<String>,
    /// The strangest first.
    ranking: Vec<Image<'a>>,
}

/// An image of it.
#[derive(Serialize)]
struct Image<'a> {
    path: Cow<'a, str>,
    score: f32,
    suspect: bool,
}

impl<'a> From<&'a Strangeness> for Image<'a> {
    fn from(image: &'a Strangeness) -> Self {
        Self {
            path: path_text(&image.path),
            score: image.score,
            suspect: image.is_suspect,
        }
    }
}

/// Measures each normal image by a memory of the others, and lists the strangest.
///
/// # Errors
/// A bad data set; fewer than two usable images; with `--strict` a suspect.
pub fn run(options: &Options) -> Result<()> {
    let catalog = dataset::open(&options.data, &options.roles)?;
    let mut search = SuspectSearch::new(&catalog, options.resolution);
    let progress = Progress::new("Comparing", search.progress().1 as u64);
    while !search.is_done() {
        search.step();
        progress.set(search.progress().0 as u64);
    }
    drop(progress);
    for error in search.broken() {
        say(error);
    }
    for note in search.notes() {
        say(format_args!("note: {note}"));
    }
    let broken = search.broken().to_vec();
    let found = search.finish();
    let Some(crowd) = found.crowd else {
        bail!(
            "{}: there are no two images to be compared",
            shown(&options.data)
        );
    };
    if found.unmeasured > 0 {
        say(format_args!(
            "{} could not be compared, there are so many: --resolution 256 takes less memory.",
            count_of(found.unmeasured, "image")
        ));
    }
    let summary = summary(&found);
    if options.json {
        print_json(&report(&found, &broken, crowd))?;
    } else if options.list {
        for image in found.strange() {
            print(shown(&image.path))?;
        }
        say(&summary);
    } else {
        print_lines(&table(&found, crowd))?;
        print(&summary)?;
    }
    if options.strict && !found.strange().is_empty() {
        bail!("{summary}");
    }
    Ok(())
}

fn report<'a>(found: &'a Suspects, broken: &[FileError], crowd: Crowd) -> Report<'a> {
    Report {
        images: found.ranking.len(),
        suspects: found.strange().len(),
        median: crowd.median,
        limit: crowd.limit,
        broken: broken.iter().map(ToString::to_string).collect(),
        ranking: found.ranking.iter().map(Image::from).collect(),
    }
}

fn table(found: &Suspects, crowd: Crowd) -> String {
    let mut lines = vec![format!("{:>8}  image", "score")];
    for image in found.shown() {
        let mark = if image.is_suspect { "  (suspect)" } else { "" };
        let path = shown(&image.path);
        lines.push(format!("{:>8.3}  {path}{mark}", image.score));
    }
    let Crowd { median, limit } = crowd;
    lines.push(format!(
        "{median:>8.3}  is the median; suspects are above {limit:.3}."
    ));
    lines.join("\n")
}

/// How many training images are suspects, in a sentence.
pub(super) fn summary(found: &Suspects) -> String {
    let images = found.ranking.len();
    match found.strange().len() {
        0 => format!("All {} look alike.", count_of(images, "training image")),
        1 => format!("1 of {images} training images looks unlike the others."),
        suspects => format!("{suspects} of {images} training images look unlike the others."),
    }
}
