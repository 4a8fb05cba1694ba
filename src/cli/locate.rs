//! `kizumi locate`: where a model that aligns finds its part.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::options::DeviceOption;
use super::output::{count_of, print, print_json, say, worded};
use super::roles::RoleOptions;
use super::said::{fail, said};
use super::targets::Targets;
use kizumi_compute::artifact::Artifact;
use kizumi_image::align::{Found, Pose, Template};
use kizumi_image::decode::Limits;
use kizumi_image::depth::{Depth, photograph};
use kizumi_image::file_error::{FileError, Reason};
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
    /// Another part like it, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<Second>,
}

/// Another part.
#[derive(Serialize)]
struct Second {
    x: f64,
    y: f64,
    turn_degrees: f64,
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
        let model = shown(&options.model);
        fail!(
            "{model}: the model takes photographs as they are: it was trained without --align",
            "{model}：このモデルは--alignなしで学習されており、位置合わせを行いません"
        );
    };
    let (mut missing, mut unreadable) = (0, 0);
    for path in (0..targets.len()).filter_map(|index| targets.path(index)) {
        match find(&template, &path, data.depth) {
            Ok(Found {
                pose,
                likeness,
                second,
            }) => {
                let ((x, y), turn_degrees) = (pose.centre, pose.turn_degrees);
                match options.json {
                    true => print_json(&Row {
                        path: path_text(&path),
                        x,
                        y,
                        turn_degrees,
                        likeness,
                        second: second.map(|pose| Second {
                            x: pose.centre.0,
                            y: pose.centre.1,
                            turn_degrees: pose.turn_degrees,
                        }),
                    })?,
                    false => {
                        let second = second.map(|Pose { centre: (x, y), .. }| {
                            said!(
                                "; another part at {x:.1}, {y:.1}",
                                "、もう1つの部品 {x:.1}, {y:.1}"
                            )
                        });
                        let (path, second) = (shown(&path), second.unwrap_or_default());
                        print(said!(
                            "{path}: at {x:.1}, {y:.1}, turned by {turn_degrees:.1} degrees, likeness \
                             {likeness:.2}{second}",
                            "{path}：位置 {x:.1}, {y:.1}、回転 {turn_degrees:.1}度、類似度 {likeness:.2}{second}"
                        ))?;
                    }
                }
            }
            Err(error) => {
                match error.reason {
                    Reason::PartNotFound { .. } => missing += 1,
                    _ => unreadable += 1,
                }
                say(worded(&error));
            }
        }
    }
    let count = targets.len();
    let of_all = count_of(count, "image");
    match (missing, unreadable) {
        (0, 0) => Ok(()),
        (missing, 0) => fail!(
            "in {missing} of {of_all} no part was found",
            "{count}枚のうち{missing}枚で部品が見つかりませんでした"
        ),
        (0, unreadable) => fail!(
            "{unreadable} of {of_all} could not be read",
            "{count}枚のうち{unreadable}枚を読み込めませんでした"
        ),
        (missing, unreadable) => fail!(
            "in {missing} of {of_all} no part was found, and {unreadable} could not be read",
            "{count}枚のうち{missing}枚で部品が見つからず、{unreadable}枚を読み込めませんでした"
        ),
    }
}

fn find(template: &Template, path: &Path, depth: Depth) -> Result<Found, FileError> {
    let image = photograph(path, Limits::HARD, depth)?.image;
    template.find(&image).map_err(|reason| reason.of(path))
}
