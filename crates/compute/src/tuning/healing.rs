//! How well a model's projection heals synthetic defects on the normal images that were held out.

use super::cases::{Amount, Cases, Role};
use crate::artifact::Artifact;
use crate::inspector::Subject;
use crate::memories::Memories;
use crate::model_normals::{ModelNormals, RecalibrationError};
use crate::network::Vae;
use crate::refusal::{Purpose, Refusal};
use crate::rounds::Rounds;
use kizumi_dataset::catalog::Catalog;
use kizumi_image::picture::Picture;
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::iterate::Inspection;
use kizumi_method::metrics::Healing;

/// Images with synthetic defects.
const IMAGES: usize = 32;

/// Spoils held-out images, projects them, and compares them with what they were; a little of it a step.
pub struct HealingRun {
    network: Vae,
    memories: Option<Memories>,
    ignored: Option<Picture>,
    projection: ProjectionConfig,
    stop_threshold: f32,
    stage: Stage,
}

enum Stage {
    Loading(Box<ModelNormals>),
    Projecting(Box<(Cases, Rounds)>),
    Over(Option<Healing>),
}

impl HealingRun {
    /// Nothing read yet; see [`ModelNormals::new`] for the data set. The projection is the model's own.
    ///
    /// # Errors
    /// Why this cannot be the model's data set, or that nothing was held out.
    pub fn new(artifact: &Artifact, catalog: &Catalog) -> Result<Self, Refusal> {
        let normals = ModelNormals::new(artifact, catalog, Purpose::Heal)?
            .held_out_alone()
            .keeping_views(IMAGES);
        let mark = artifact.mark()?;
        let projection = artifact.header.settings().0.fitting(mark);
        let calibration = artifact.header.calibration.as_ref();
        Ok(Self {
            network: artifact.network.clone(),
            memories: artifact.memories.clone(),
            ignored: artifact.ignored.clone(),
            projection,
            stop_threshold: calibration.map_or(0.0, |made| {
                made.stop_threshold_of(&projection, mark.regions)
            }),
            stage: Stage::Loading(Box::new(normals)),
        })
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        matches!(self.stage, Stage::Over(_))
    }

    /// The medians over the images once all is done; `None` where no defect could be drawn.
    pub fn finish(self) -> Option<Healing> {
        match self.stage {
            Stage::Over(healing) => healing,
            _ => None,
        }
    }

    /// Reads a few files, or takes a step of the projection.
    ///
    /// # Errors
    /// See [`RecalibrationError`].
    pub fn step(&mut self) -> Result<(), RecalibrationError> {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Over(None)) {
            Stage::Loading(mut normals) if !normals.is_done() => {
                normals.step();
                Stage::Loading(normals)
            }
            Stage::Loading(normals) => self.begin(*normals)?,
            Stage::Projecting(mut run) => match run.1.step()? {
                Some(done) => Stage::Over(healing(&run.0, &done)),
                None => Stage::Projecting(run),
            },
            Stage::Over(healing) => Stage::Over(healing),
        };
        Ok(())
    }

    fn begin(&self, normals: ModelNormals) -> Result<Stage, RecalibrationError> {
        let data = normals.data().clone();
        let amount = Amount {
            spoilt: IMAGES,
            others: 0,
        };
        let cases = Cases::new(
            &normals.finish()?,
            &data,
            self.ignored.as_ref(),
            self.memories.as_ref(),
            amount,
            0,
            "healing",
        );
        let spoilt = cases.all.iter().filter(|case| case.role == Role::Spoilt);
        let rounds = Rounds::new(
            &self.network,
            &data,
            spoilt.map(|case| case.subject.clone()).collect(),
            self.projection,
            MapConfig::paper(),
            self.stop_threshold,
        )?;
        Ok(Stage::Projecting(Box::new((cases, rounds))))
    }
}

/// The medians over the spoilt images.
fn healing(cases: &Cases, done: &[(Subject, Inspection)]) -> Option<Healing> {
    let spoilt = (0..cases.all.len()).filter(|case| cases.all[*case].role == Role::Spoilt);
    let each = spoilt.zip(done);
    let each = each.filter_map(|(case, (_, end))| cases.healed(case, &end.projected));
    Healing::median(&each.collect::<Vec<_>>())
}
