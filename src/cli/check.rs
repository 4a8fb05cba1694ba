//! `kizumi check`: training images that look unlike the others.

use std::borrow::Cow;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::dataset;
use super::output::{count_of, note, print, print_json, print_lines, say, worded};
use super::progress::Progress;
use super::roles::RoleOptions;
use super::said::{fail, said};
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
    let progress = Progress::new(said!("Comparing", "比較中"), search.progress().1 as u64);
    while !search.is_done() {
        search.step();
        progress.set(search.progress().0 as u64);
    }
    drop(progress);
    search.broken().iter().for_each(|error| say(worded(error)));
    search.notes().for_each(|one| note(worded(&one)));
    let broken = search.broken().to_vec();
    let found = search.finish();
    let Some(crowd) = found.crowd else {
        let data = shown(&options.data);
        fail!(
            "{data}: there are no two images to be compared",
            "{data}：比較できる画像が2枚ありません"
        );
    };
    if found.unmeasured > 0 {
        let count = found.unmeasured;
        let images = count_of(count, "image");
        say(said!(
            "{images} could not be compared, there are so many: --resolution 256 takes less memory.",
            "画像が多すぎるため{count}枚を比較できませんでした。--resolution 256ではメモリが少なく済みます。"
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
        return Err(anyhow::Error::msg(summary));
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
    let mut lines = vec![said!("   score  image", "  スコア  画像")];
    for image in found.shown() {
        let mark = match image.is_suspect {
            true => said!("  (suspect)", "（要確認）"),
            false => String::new(),
        };
        let path = shown(&image.path);
        lines.push(format!("{:>8.3}  {path}{mark}", image.score));
    }
    let Crowd { median, limit } = crowd;
    lines.push(said!(
        "{median:>8.3}  is the median; suspects are above {limit:.3}.",
        "{median:>8.3}  が中央値です。{limit:.3}を超えるものが要確認です。"
    ));
    lines.join("\n")
}

/// How many training images are suspects, in a sentence.
pub(super) fn summary(found: &Suspects) -> String {
    let images = found.ranking.len();
    match found.strange().len() {
        0 => {
            let all = count_of(images, "training image");
            said!(
                "All {all} look alike.",
                "学習画像{images}枚はどれも似ています。"
            )
        }
        1 => said!(
            "1 of {images} training images looks unlike the others.",
            "学習画像{images}枚のうち1枚が、ほかと異なります。"
        ),
        suspects => said!(
            "{suspects} of {images} training images look unlike the others.",
            "学習画像{images}枚のうち{suspects}枚が、ほかと異なります。"
        ),
    }
}
