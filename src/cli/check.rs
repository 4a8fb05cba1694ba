//! `kizumi check`: training images that look unlike the others.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;
use serde::Serialize;

use super::dataset;
use super::output::{count_of, print, print_json, print_lines, say};
use super::progress::Progress;
use kizumi_compute::suspect_search::{Strangeness, SuspectSearch, Suspects};
use kizumi_method::config::FeatureResolution;
use kizumi_method::suspects::Crowd;

/// Images that are listed where none is a suspect.
const SHOWN: usize = 5;

/// Options of `kizumi check`.
#[derive(Args, Debug)]
pub struct Options {
    /// The folder of images to learn from
    #[arg(value_name = "DATA")]
    data: PathBuf,
    /// How large images are looked at, in pixels: auto, 256, 384, 512, 768 or 1024, the side of a square of the
    /// same area
    #[arg(long, value_name = "PX", default_value = "auto")]
    resolution: FeatureResolution,
    /// One JSON object on stdout, with every image, instead of a table
    #[arg(long)]
    json: bool,
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
    path: &'a Path,
    score: f32,
    suspect: bool,
}

impl<'a> From<&'a Strangeness> for Image<'a> {
    fn from(image: &'a Strangeness) -> Self {
        Self {
            path: &image.path,
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
    let catalog = dataset::open(&options.data)?;
    let mut search = SuspectSearch::new(catalog.train, options.resolution);
    let progress = Progress::new("Looking", search.progress().1 as u64);
    while !search.is_done() {
        search.step();
        progress.set(search.progress().0 as u64);
    }
    progress.phase("Comparing", 0);
    let found = search.finish()?;
    drop(progress);
    for error in &found.broken {
        say(error);
    }
    let Some(crowd) = found.crowd else {
        bail!(
            "{}: there are no two images to be compared",
            options.data.display()
        );
    };
    if found.unmeasured > 0 {
        say(format_args!(
            "{} could not be compared, there are so many: --resolution 256 takes less memory.",
            count_of(found.unmeasured, "image")
        ));
    }
    let suspects = found.ranking.iter().filter(|image| image.is_suspect);
    let suspects = suspects.count();
    let summary = summary(suspects, found.ranking.len());
    if options.json {
        print_json(&report(&found, suspects, crowd))?;
    } else {
        print_lines(&table(&found.ranking, suspects, crowd))?;
        print(&summary)?;
    }
    if options.strict && suspects > 0 {
        bail!("{summary}");
    }
    Ok(())
}

fn report(found: &Suspects, suspects: usize, crowd: Crowd) -> Report<'_> {
    Report {
        images: found.ranking.len(),
        suspects,
        median: crowd.median,
        limit: crowd.limit,
        broken: found.broken.iter().map(ToString::to_string).collect(),
        ranking: found.ranking.iter().map(Image::from).collect(),
    }
}

fn table(ranking: &[Strangeness], suspects: usize, crowd: Crowd) -> String {
    let shown = &ranking[..ranking.len().min(suspects.max(SHOWN))];
    let mut lines = vec![format!("{:>8}  image", "score")];
    for image in shown {
        let mark = if image.is_suspect { "  (suspect)" } else { "" };
        let path = image.path.display();
        lines.push(format!("{:>8.3}  {path}{mark}", image.score));
    }
    let Crowd { median, limit } = crowd;
    lines.push(format!(
        "{median:>8.3}  is the median; suspects are above {limit:.3}."
    ));
    lines.join("\n")
}

fn summary(suspects: usize, images: usize) -> String {
    match suspects {
        0 => format!("All {} look alike.", count_of(images, "training image")),
        1 => format!("1 of {images} training images looks unlike the others."),
        _ => format!("{suspects} of {images} training images look unlike the others."),
    }
}
