//! `kizumi inpaint`: fill a hole in an image with what is normal there.

use std::borrow::Cow;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::options::{DeviceOption, ProjectionOptions};
use super::output::{note, print, print_json, say, worded};
use super::progress::Progress;
use super::said::{fail, said};
use crate::text::Worded as _;
use kizumi_compute::artifact::Artifact;
use kizumi_compute::inspector::{Inspector, Subject};
use kizumi_image::decode::Limits;
use kizumi_image::depth::photograph;
use kizumi_image::export::save_photograph;
use kizumi_image::inpaint::{fill_with_noise, lay_over};
use kizumi_image::mask::{Photograph, load_hole};
use kizumi_image::prepare::prepare;
use kizumi_image::shown::{path_text, shown};
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::iterate::{Iterate, StopRule};

/// Options of `kizumi inpaint`.
#[derive(Args, Debug)]
pub struct Options {
    /// Model file
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Image
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
    /// What to fill: an image of the same size, not black there
    #[arg(long, value_name = "FILE")]
    mask: PathBuf,
    /// PNG to write: the image at its own size, filled; RGB, 16 bit where the image has more than 8
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    device: DeviceOption,
    /// Decides the noise that the hole starts with
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// One JSON object on stdout instead of a sentence
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    projection: ProjectionOptions,
}

/// The result as `--json` has it.
#[derive(Serialize)]
struct Report<'a> {
    image: Cow<'a, str>,
    out: Cow<'a, str>,
    /// Share of the network's pixels that were filled.
    hole: f64,
    iterations: usize,
    stop: StopRule,
    energy: f32,
}

/// Fills, and writes the image.
///
/// # Errors
/// [`super::Usage`]; a bad model, image or mask; a mask without anything to fill; a file that
/// cannot be written.
pub fn run(options: &Options) -> Result<()> {
    let usual = (ProjectionConfig::filling(), MapConfig::paper());
    let (settings, map) = options.projection.apply(usual.0, usual.1)?;
    let compute = options.device.open()?;
    let artifact = Artifact::load(&options.model, &compute.device)?;
    if artifact.features_only() {
        let model = shown(&options.model);
        fail!(
            "{model}: its network has learned nothing yet, so it has nothing to fill with",
            "{model}：ネットワークが未学習のため、埋めることができません"
        );
    }
    let data = &artifact.header.data;
    let channels = Some(artifact.header.network.channels);
    let prepared = prepare(&options.image, data, channels)?;
    for remark in &prepared.remarks {
        let (image, words) = (shown(&options.image), remark.japanese());
        say(said!("{image}: {remark}", "{image}：{words}"));
    }
    let of = Photograph::new(&options.image, &prepared.remarks);
    let mask = options.mask.clone().into();
    let hole = load_hole(&mask, of, &prepared.placement)?;
    for oddity in &hole.oddities {
        let (mask, words) = (options.mask.display(), worded(oddity));
        note(said!("{mask}: {words}", "{mask}：{words}"));
    }
    let hole = hole.mask;
    let share = hole
        .pixels
        .iter()
        .map(|&marked| f64::from(marked))
        .sum::<f64>()
        / hole.pixels.len() as f64;
    if share == 0.0 {
        let mask = shown(&options.mask);
        fail!(
            "{mask}: nothing is marked, so nothing is to be filled",
            "{mask}：何も塗られていないため、埋める範囲がありません"
        );
    }
    let mut picture = prepared.picture;
    fill_with_noise(&mut picture, &hole, options.seed);
    let counted = prepared.placement.counted(artifact.ignored.as_ref());
    let subject = Subject {
        hole: Some(hole.clone()),
        ..Subject::new(picture, counted)
    };
    // Another stop threshold than 0 would be that of whole images.
    let inspector = Inspector::new(&artifact.network, data, vec![subject], settings, map, 0.0)?;
    let (last, stop) = project(inspector)?;
    let photograph = photograph(&options.image, Limits::HARD, data.depth)?.image;
    let photograph = lay_over(photograph, &last.iterate, &hole, &prepared.placement);
    save_photograph(&options.out, &photograph)?;
    let report = Report {
        image: path_text(&options.image),
        out: path_text(&options.out),
        hole: share,
        iterations: last.scalars.t,
        stop,
        energy: last.scalars.energy,
    };
    if options.json {
        return print_json(&report);
    }
    let (out, percent) = (shown(&options.out), 100.0 * report.hole);
    let iterations = report.iterations;
    print(said!(
        "{out}: {percent:.1} % of the image filled in {iterations} iterations.",
        "{out}：画像の{percent:.1} %を{iterations}回の反復で埋めました。"
    ))
}

/// The last iterate, and why it is the last.
fn project(mut inspector: Inspector) -> Result<(Iterate, StopRule)> {
    let progress = Progress::new(
        said!("Filling", "埋めています"),
        inspector.config().iterations as u64,
    );
    loop {
        let mut step = inspector.observe()?;
        if let (Some(last), Some(Some(stop))) = (step.iterates.pop(), step.stopped.pop()) {
            return Ok((last, stop));
        }
        inspector.step();
        progress.set(inspector.t() as u64);
    }
}
