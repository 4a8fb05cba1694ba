//! `kizumi inspect`: maps and scores of images.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use super::Usage;
use super::inspecting::inspect_each;
use super::model::Model;
use super::options::{DeviceOption, ProjectionOptions, named};
use super::output::{count_of, print, say};
use super::progress::Progress;
use super::result_folder::{ResultFolder, Style, picture_name};
use crate::data::catalog::{Entry, Kind, Layout};
use crate::data::colormap::Colormap;
use crate::data::results::ImageResult;
use crate::data::scan::scan;

/// Options of `kizumi inspect`.
#[derive(Args, Debug)]
pub struct Options {
    /// Model file
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Images, folders of images, or data sets (of which the test images are taken)
    #[arg(value_name = "IMAGE_OR_DIR", required = true)]
    images: Vec<PathBuf>,
    /// Folder for the results: results.csv, results.jsonl, and for each image NAME_heatmap.png,
    /// NAME_overlay.png, NAME_projected.png, NAME_strip.png (original, reconstruction, projected,
    /// heatmap, overlay) and NAME_map.png (16 bit, white is a change of 1)
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    device: DeviceOption,
    /// Rows on stdout as lines of JSON
    #[arg(long)]
    json: bool,
    /// Colours of the heatmaps; their range is fixed by the model's calibration
    #[arg(long, value_parser = named::<Colormap>(&["inferno", "viridis", "cividis", "grey"]), default_value = "inferno")]
    colormap: Colormap,
    /// Strongest cover of the overlay, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = Style::default().opacity)]
    opacity: f32,
    #[command(flatten)]
    projection: ProjectionOptions,
}

/// An image to inspect, what its folder says it shows, and the name of its pictures.
struct Target {
    entry: Entry,
    kind: Option<Kind>,
    name: String,
}

/// Inspects. Fails only when not a single image can be used: broken ones are listed and counted.
///
/// # Errors
/// [`Usage`]; a bad model; a path without images; no usable image; files that cannot be written.
pub fn run(options: &Options) -> Result<()> {
    if !(0.0..=1.0).contains(&options.opacity) {
        return Err(Usage::from(format!("opacity {} is not in 0..=1", options.opacity)).into());
    }
    options.projection.validate()?;
    let mut targets = Vec::new();
    for path in &options.images {
        targets.extend(targets_of(path)?);
    }
    let compute = options.device.open()?;
    let model = Model::load(&options.model, &compute, &options.projection)?;
    let style = Style {
        colormap: options.colormap,
        opacity: options.opacity,
    };
    let mut results = ResultFolder::create(&options.out, &model, style)?;

    let progress = Progress::new("Inspecting", targets.len() as u64);
    let entries: Vec<Entry> = targets.iter().map(|target| target.entry.clone()).collect();
    let mut waiting = targets.iter();
    let mut inspected_count = 0;
    let broken = inspect_each(&model, &entries, &progress, |inspected| {
        // Broken images were passed over in between.
        let target = waiting
            .find(|target| target.entry.path == inspected.entry.path)
            .context("an image came back that nobody asked for")?;
        let result = results.write(&model, &inspected, &target.name, target.kind.clone())?;
        inspected_count += 1;
        let row = if options.json {
            results.json_row(&result)?
        } else {
            row_text(&result)
        };
        progress.suspend(|| print(row))
    })?;
    drop(progress);

    if inspected_count == 0 {
        bail!(
            "none of {} could be inspected",
            count_of(targets.len(), "image")
        );
    }
    let mut summary = count_of(inspected_count, "image") + " inspected";
    if !broken.is_empty() {
        summary += &format!(", {} could not be used", broken.len());
    }
    say(format_args!("{summary}: {}", options.out.display()));
    Ok(())
}

fn targets_of(path: &Path) -> Result<Vec<Target>> {
    let target = |entry: Entry, kind: Option<Kind>| Target {
        name: picture_name(&entry.path, path),
        kind,
        entry,
    };
    // A missing path is told by the scan, in its words.
    if path.is_file() {
        let entry = Entry {
            path: path.into(),
            kind: Kind::Normal,
            mask: None,
        };
        return Ok(vec![target(entry, None)]);
    }
    let catalog = scan(path)?;
    Ok(match catalog.layout {
        Layout::Mvtec if catalog.test.is_empty() => {
            bail!("{}: this data set has no test images", path.display())
        }
        Layout::Mvtec => catalog
            .test
            .into_iter()
            .map(|entry| {
                let kind = entry.kind.clone();
                target(entry, Some(kind))
            })
            .collect(),
        // Nothing says that these are normal.
        Layout::Plain => catalog
            .train
            .into_iter()
            .map(|entry| target(entry, None))
            .collect(),
    })
}

fn row_text(result: &ImageResult) -> String {
    let percentile = match result.projected_percentile {
        Some(percentile) => format!(", higher than {percentile:.0} % of normals"),
        None => String::new(),
    };
    format!(
        "{}: score {:.4}{percentile} (plain {:.4})",
        result.path.display(),
        result.projected_score,
        result.plain_score
    )
}
