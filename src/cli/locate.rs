//! `kizumi locate`: where a model that aligns finds its part.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;
use serde::Serialize;

use super::options::DeviceOption;
use super::output::{count_of, print, print_json, say};
use super::roles::RoleOptions;
use super::targets::Targets;
use kizumi_compute::artifact::Artifact;
use kizumi_image::align::{Found, Template};
use kizumi_image::decode::Limits;
use kizumi_image::depth::{Depth, photograph};
use kizumi_image::file_error::FileError;
use kizumi_image::shown::{path_text, shown};

/// Options of `kizumi locate`.
#[derive(Args, Debug)]
pub struct Options {
    /// Model file, trained with --align
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// Images, folders of images, or data sets (of which the test images are taken)
    #[arg(value_name = "IMAGE_OR_DIR", required = true)]
    images: Vec<PathBuf>,
    #[command(flatten)]
    roles: RoleOptions,
    #[command(flatten)]
    device: DeviceOption,
    /// A JSON object a line on stdout, one for each image
    #[arg(long)]
    json: bool,
}

/// A part as `--json` has it.
#[derive(Serialize)]
struct Row<'a> {
    path: Cow<'a, str>,
    /// Its centre, in pixels of the file.
    x: f64,
    y: f64,
    /// Clockwise.
    turn_degrees: f64,
    likeness: f32,
}

/// Looks for the part in each image, one after the other.
///
/// # Errors
/// A bad model, or one that does not align; an image that cannot be read, or in which the part is not.
pub fn run(options: &Options) -> Result<()> {
    let targets = Targets::find(&options.images, &options.roles)?;
    let device = options.device.open()?.device;
    let data = Artifact::load(&options.model, &device)?.header.data;
    let Some(template) = data.align.and_then(|align| align.template) else {
        bail!(
            "{}: the model takes photographs as they are: it was trained without --align",
            shown(&options.model)
        );
    };
    let mut missing = 0;
    for path in (0..targets.len()).filter_map(|index| targets.path(index)) {
        match find(&template, &path, data.depth) {
            Ok(Found { pose, likeness }) => {
                let ((x, y), turn_degrees) = (pose.centre, pose.turn_degrees);
                match options.json {
                    true => print_json(&Row {
                        path: path_text(&path),
                        x,
                        y,
                        turn_degrees,
                        likeness,
                    })?,
                    false => print(format_args!(
                        "{}: at {x:.1}, {y:.1}, turned by {turn_degrees:.1} degrees, likeness {likeness:.2}",
                        shown(&path)
                    ))?,
                }
            }
            Err(error) => {
                say(error);
                missing += 1;
            }
        }
    }
    match missing {
        0 => Ok(()),
        _ => bail!(
            "in {} of {} no part was found, or they could not be read",
            missing,
            count_of(targets.len(), "image")
        ),
    }
}

fn find(template: &Template, path: &Path, depth: Depth) -> Result<Found, FileError> {
    let image = photograph(path, Limits::HARD, depth)?.image;
    template.find(&image).map_err(|reason| reason.of(path))
}
