//! Sample pictures for trying the program out: rendered, seeded, with exact masks.
//!
//! Two sets in the layout of MVTec AD, [`Set::Washer`] (an object, RGB) and [`Set::Fabric`] (a
//! texture, grey), each with normal pictures, [`Set::kinds`] of defects from faint to obvious, and
//! masks of what each defect changed. Every file is fixed by its name: the same pixels on every
//! machine, in any order.

mod camera;
mod fabric;
mod noise;
mod vector;
mod washer;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use kizumi_image::picture::Picture;
use kizumi_method::config::{
    AugmentConfig, DataConfig, Mode, Objective, ProjectionConfig, Recipe, TrainingConfig,
    TrainingLimit, TrainingPlan,
};
use noise::Dice;
pub use write::{SampleWriter, WriteError, write, write_set};

/// Normal pictures to learn from, per set.
pub const TRAIN_IMAGES: usize = 60;
/// Normal pictures to inspect, per set.
pub const TEST_IMAGES: usize = 20;
/// Defective pictures per kind.
pub const KIND_IMAGES: usize = 8;

/// The sample sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Set {
    /// A turned steel washer: an object, RGB.
    Washer,
    /// Woven cloth: a texture, grey.
    Fabric,
}

/// Both sets.
pub const SETS: [Set; 2] = [Set::Washer, Set::Fabric];

/// One file of a set, not yet encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleFile {
    /// Place in the set's folder: `train/good/000.png`.
    pub relative_path: PathBuf,
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// 1 (grey, masks) or 3 (RGB).
    pub channels: usize,
    /// `height * width * channels` interleaved 8-bit values; masks are 0 or 255.
    pub pixels: Vec<u8>,
}

impl Set {
    /// The name of the set's folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Washer => "washer",
            Self::Fabric => "fabric",
        }
    }

    /// The kinds of defects, named as their folders.
    pub fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Washer => washer::Washer::KINDS,
            Self::Fabric => fabric::Fabric::KINDS,
        }
    }

    /// How a network learns this set well within two minutes on two cores, and how its pictures are
    /// projected.
    pub fn plan(self) -> TrainingPlan {
        TrainingPlan {
            recipe: self.recipe(),
            projection: Self::projection(),
            ..TrainingPlan::default()
        }
    }

    /// So small a set has a few training images that are learned by heart; stopping at their error
    /// would end most images after a step or two, at maps that do not compare. So clean pictures
    /// leave small residuals, which a larger weight holds where they are.
    fn projection() -> ProjectionConfig {
        ProjectionConfig {
            alpha: 0.5,
            lambda: 0.1,
            stop_early: false,
            ..ProjectionConfig::default()
        }
    }

    /// `beta` is about twice the variance of what cannot be predicted in these pictures (sensor
    /// noise, grain), which is what the likelihood of a squared error asks for. All pictures of a set
    /// are taken in one light, by one camera: nothing is to be relit or bent.
    fn recipe(self) -> Recipe {
        let objective = Objective::Vae { beta: 0.01 };
        let data = match self {
            Self::Washer => DataConfig {
                mode: Mode::Object,
                size_px: 64,
                channels: Some(3),
                ..DataConfig::default()
            },
            Self::Fabric => DataConfig {
                mode: Mode::Texture,
                size_px: 64,
                channels: Some(1),
                texture_side_px: fabric::Fabric::SIZE_PX,
                ..DataConfig::default()
            },
        };
        Recipe {
            data,
            training: TrainingConfig {
                objective,
                augment: AugmentConfig {
                    rotation_deg: 3.0,
                    shift_fraction: 0.02,
                    scale_fraction: 0.02,
                    ..AugmentConfig::off()
                },
                learning_rate: 1e-3,
                images_per_epoch: 24_000,
                limit: TrainingLimit {
                    epochs: Some(1),
                    ..TrainingLimit::default()
                },
                ..TrainingConfig::default()
            },
            ..Recipe::recommended(objective)
        }
    }

    /// How many files [`generate`] yields.
    pub fn file_count(self) -> usize {
        TRAIN_IMAGES + TEST_IMAGES + 2 * KIND_IMAGES * self.kinds().len()
    }

    fn photograph(self, name: &str, defect: Option<(&str, f32)>) -> Photograph {
        match self {
            Self::Washer => photograph::<washer::Washer>(name, defect),
            Self::Fabric => photograph::<fabric::Fabric>(name, defect),
        }
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl AsRef<Path> for Set {
    fn as_ref(&self) -> &Path {
        Path::new(self.name())
    }
}

/// All files of a set, each rendered when it is asked for.
pub fn generate(set: Set) -> impl Iterator<Item = SampleFile> {
    shots(set).into_iter().flat_map(|shot| shot.files())
}

/// One photograph of a set, not yet taken.
#[derive(Clone, Copy)]
struct Shot {
    set: Set,
    split: &'static str,
    kind: Option<&'static str>,
    index: usize,
}

/// The photographs of a set.
fn shots(set: Set) -> Vec<Shot> {
    let several = |split, kind, count| {
        (0..count).map(move |index| Shot {
            set,
            split,
            kind,
            index,
        })
    };
    let bad = set.kinds().iter();
    several("train", None, TRAIN_IMAGES)
        .chain(several("test", None, TEST_IMAGES))
        .chain(bad.flat_map(|kind| several("test", Some(*kind), KIND_IMAGES)))
        .collect()
}

impl Shot {
    /// The picture and, for a defect, its mask.
    fn files(self) -> Vec<SampleFile> {
        let Self {
            set,
            split,
            kind,
            index,
        } = self;
        let folder = kind.unwrap_or("good");
        let name = format!("{set}/{split}/{folder}/{index:03}");
        let defect = kind.map(|kind| (kind, severity(index)));
        let photograph = set.photograph(&name, defect);
        let picture = photograph.damaged.as_ref().unwrap_or(&photograph.clean);
        let file = |relative_path: String, channels, pixels| SampleFile {
            relative_path: relative_path.into(),
            width: picture.width,
            height: picture.height,
            channels,
            pixels,
        };
        let mut files = vec![file(
            format!("{split}/{folder}/{index:03}.png"),
            picture.channels,
            camera::expose(picture, &mut Dice::new(&format!("{name}/sensor"))),
        )];
        if let Some(damaged) = &photograph.damaged {
            let change = camera::change(&photograph.clean, damaged);
            files.push(file(
                format!("ground_truth/{folder}/{index:03}_mask.png"),
                1,
                camera::mask(&change, picture.width),
            ));
        }
        files
    }
}

/// From 0 (faint) to 1 (obvious), spread over a kind's pictures in mixed order.
fn severity(index: usize) -> f32 {
    (index * 5 + 2) as f32 % KIND_IMAGES as f32 / (KIND_IMAGES - 1) as f32
}

/// Something that can be photographed whole or damaged.
trait Subject: Sync {
    /// 1 or 3.
    const CHANNELS: usize;
    /// Side of the square photograph.
    const SIZE_PX: usize;
    /// Samples per pixel in each direction.
    const GRID: usize;
    /// The kinds of defects.
    const KINDS: &'static [&'static str];
    /// A defect of any kind.
    type Defect: Sync;

    /// A normal specimen under its light.
    fn draw(dice: &mut Dice) -> Self;

    /// A defect of one of [`Self::KINDS`]; `severity` goes from 0 (small and faint) to 1.
    fn draw_defect(&self, kind: &str, severity: f32, dice: &mut Dice) -> Self::Defect;

    /// Linear light from a point of the picture; grey subjects use the first value alone.
    fn radiance(&self, defect: Option<&Self::Defect>, x: f32, y: f32) -> [f32; 3];
}

/// The same specimen without and with its defect, before sensor noise.
struct Photograph {
    clean: Picture,
    damaged: Option<Picture>,
}

/// Photographs the specimen called `name`, with a defect of the given kind and severity if any.
fn photograph<S: Subject>(name: &str, defect: Option<(&str, f32)>) -> Photograph {
    let subject = S::draw(&mut Dice::new(name));
    let develop = |defect: Option<&S::Defect>, grid: usize| {
        camera::develop(S::CHANNELS, S::SIZE_PX, grid, |x, y| {
            subject.radiance(defect, x, y)
        })
    };
    let damaged = defect.map(|(kind, severity)| {
        let draw = |attempt: usize| {
            let mut dice = Dice::new(&format!("{name}/{kind}/{attempt}"));
            subject.draw_defect(kind, severity, &mut dice)
        };
        // Some places hide a defect (a groove along the light, say): look for another. A coarse
        // picture is enough to see that.
        let clean = develop(None, 1);
        let visible =
            |defect: &S::Defect| is_visible(&camera::change(&clean, &develop(Some(defect), 1)));
        let defect = (1..MAX_ATTEMPTS)
            .map(draw)
            .find(visible)
            .unwrap_or_else(|| draw(MAX_ATTEMPTS));
        develop(Some(&defect), S::GRID)
    });
    Photograph {
        clean: develop(None, S::GRID),
        damaged,
    }
}

/// Places tried for a defect before the last one is taken as it is.
const MAX_ATTEMPTS: usize = 12;

/// Whether a person would find the defect: enough pixels, and enough contrast in them.
fn is_visible(change: &[f32]) -> bool {
    const MIN_PIXELS: usize = 24;
    const MIN_MEAN: f32 = 0.075;
    let changed: Vec<f32> = change
        .iter()
        .copied()
        .filter(|value| *value > camera::VISIBLE)
        .collect();
    let sum: f32 = changed.iter().sum();
    changed.len() >= MIN_PIXELS && sum / changed.len() as f32 >= MIN_MEAN
}

#[cfg(test)]
mod tests;
