//! Choosing the settings of a trained network: they are tried on synthetic defects, drawn onto the
//! normal images that were held out of training.
//!
//! Three rounds, each on more images: a coarse grid over step size, weight, step rule and distance; the best
//! of it and what lies around it, with all kinds of maps; at last the best setting against the one
//! from before on defects that neither was chosen by. One projection shows what shorter ones do,
//! and every map is made from the same iterates. See [`kizumi_method::tuning`] for what is made
//! large, and by how much a setting must be better to be taken.

mod cases;
mod grid;
mod healing;
mod measurement;
mod search;

pub use healing::HealingRun;

use std::sync::Arc;

use super::artifact::Artifact;
use super::model_normals::{ModelNormals, RecalibrationError};
use super::network::Vae;
use super::refusal::{Purpose, Refusal};
use kizumi_dataset::catalog::Catalog;
use kizumi_image::picture::Picture;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::DataConfig;
use kizumi_method::maker::ModelMark;
use kizumi_method::tuning::{Setting, Trial, TuningResult};

use search::{Search, Task};

/// The fewest held-out images that say something: their errors are estimated, too.
pub const FEWEST_HELD_OUT: usize = 4;

/// The most iterations of a setting to start with: everything is compared with it.
pub const MOST_ITERATIONS: usize = 500;

/// The most held-out images whose features are taken again with synthetic defects.
const VIEWS: usize = 64;

/// How settings are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TuningOptions {
    /// Decides the synthetic defects, and which images.
    pub seed: u64,
    /// Spoilt images of the last round, `1..=256`; the rounds before have fewer.
    pub images: usize,
}

impl Default for TuningOptions {
    fn default() -> Self {
        Self {
            seed: 0,
            images: 32,
        }
    }
}

/// Why there is no result.
pub type TuningError = RecalibrationError;

/// A search for settings; the model stays as it is.
pub struct Tuning {
    network: Vae,
    model: ModelMark,
    data: DataConfig,
    ignored: Option<Picture>,
    calibration: Arc<Calibration>,
    start: Setting,
    options: TuningOptions,
    files: u64,
    is_hurried: bool,
    stage: Stage,
}

enum Stage {
    Loading(Box<ModelNormals>),
    Searching(Box<Search>),
    /// Between two stages, done or failed.
    Over,
}

impl Tuning {
    /// Nothing read yet; see [`ModelNormals::new`] for the data set. The search starts with the
    /// settings of the model's calibration.
    ///
    /// # Errors
    /// Why this cannot be the model's data set, that too few images were held out, or that the
    /// model's own projection takes too long.
    pub fn new(
        artifact: &Artifact,
        catalog: &Catalog,
        options: TuningOptions,
    ) -> Result<Self, Refusal> {
        let normals = ModelNormals::new(artifact, catalog, Purpose::Tune)?
            .anew()
            .keeping_views(VIEWS);
        if artifact.features_only() {
            return Err(Refusal::Untrained);
        }
        let calibration = artifact.header.calibration.as_ref();
        let start: Setting = artifact.header.settings();
        if start.0.iterations > MOST_ITERATIONS {
            return Err(Refusal::TooManyIterations {
                iterations: start.0.iterations,
                most: MOST_ITERATIONS,
            });
        }
        too_few(artifact.header.dataset.validation_images)?;
        Ok(Self {
            network: artifact.network.clone(),
            model: artifact.mark()?,
            data: normals.data().clone(),
            ignored: artifact.ignored.clone(),
            calibration: Arc::new(calibration.cloned().unwrap_or_default()),
            start,
            options: TuningOptions {
                images: options.images.clamp(1, 256),
                ..options
            },
            files: normals.files() as u64,
            is_hurried: false,
            stage: Stage::Loading(Box::new(normals)),
        })
    }

    /// The settings to start with.
    pub fn start(&self) -> Setting {
        self.start
    }

    /// What was tried so far, in order.
    pub fn tried(&self) -> &[Trial] {
        match &self.stage {
            Stage::Searching(search) => search.tried(),
            Stage::Loading(_) | Stage::Over => &[],
        }
    }

    /// Files read and work done, and both in all; the latter is a guess that gets better.
    pub fn progress(&self) -> (u64, u64) {
        match &self.stage {
            Stage::Loading(normals) => {
                let [(trained, _), (kept, _)] = normals.progress();
                let read = (trained + kept) as u64;
                // About nine parts of ten come later.
                (read, 10 * self.files)
            }
            Stage::Searching(search) => {
                let (done, total) = search.progress();
                let scale = 9.0 * self.files as f64 / total.max(1) as f64;
                (self.files + (done as f64 * scale) as u64, 10 * self.files)
            }
            Stage::Over => (10 * self.files, 10 * self.files),
        }
    }

    /// Time is running out: the best so far is compared with the start, and that is it.
    pub fn hurry(&mut self) {
        self.is_hurried = true;
        if let Stage::Searching(search) = &mut self.stage {
            search.hurry();
        }
    }

    /// Reads some files, does one iteration of a few images, or measures a map; at the end the
    /// result.
    ///
    /// # Errors
    /// See [`TuningError`]; the search is over then.
    pub fn step(&mut self) -> Result<Option<TuningResult>, TuningError> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Loading(mut normals) if !normals.is_done() => {
                normals.step();
                self.stage = Stage::Loading(normals);
            }
            Stage::Loading(normals) => {
                let mut search = self.search(*normals)?;
                if self.is_hurried {
                    search.hurry();
                }
                self.stage = Stage::Searching(Box::new(search));
            }
            Stage::Searching(mut search) => {
                let result = search.step()?;
                if result.is_some() {
                    return Ok(result);
                }
                self.stage = Stage::Searching(search);
            }
            Stage::Over => {}
        }
        Ok(None)
    }

    fn search(&self, normals: ModelNormals) -> Result<Search, TuningError> {
        let normals = normals.finish()?;
        too_few(normals.held_out.len())?;
        // As the model will be with the result: its own memory may be older, or of other regions.
        let (network, model) = normals.remembered_by(&self.network, self.model);
        let task = Task {
            network,
            model,
            memories: normals.memories().cloned(),
            data: self.data.clone(),
            ignored: self.ignored.clone(),
            calibration: self.calibration.clone(),
            start: self.start,
            seed: self.options.seed,
            images: self.options.images,
        };
        let search = Search::new(task, Arc::new(normals));
        if search.spoilt() == 0 {
            return Err(Refusal::NothingToSpoil.into());
        }
        Ok(search)
    }
}

fn too_few(held_out: usize) -> Result<(), Refusal> {
    let fewest = FEWEST_HELD_OUT;
    match held_out < fewest {
        true => Err(Refusal::TooFewHeldOut { held_out, fewest }),
        false => Ok(()),
    }
}
