//! What a run begins with: nothing, a model, or a training that was interrupted.

use burn::tensor::Device;

use super::aligning::Aligning;
use super::autosave::RunRecord;
use super::run::{RunError, Stage, TrainingRun};
use crate::artifact::{Artifact, DatasetSummary, Header};
use crate::normals::NormalsLoader;
use crate::refusal::Refusal;
use kizumi_dataset::catalog::Catalog;
use kizumi_dataset::load_note::LoadMatter;
use kizumi_dataset::split::Parting;
use kizumi_image::crop::Crop;
use kizumi_image::depth::Depth;
use kizumi_image::dimensions::size_px;
use kizumi_image::picture::Picture;
use kizumi_method::config::{DataConfig, MapConfig, Recipe, TrainingLimit, TrainingPlan};

impl TrainingRun {
    /// Training from random weights, on the normal images that the catalog does not leave out.
    ///
    /// # Errors
    /// Which setting is out of range, or that the data set has no normal images to learn from.
    pub fn new(catalog: &Catalog, plan: TrainingPlan, device: &Device) -> Result<Self, Refusal> {
        Self::start(catalog, plan, device, None)
    }

    /// Goes on with a saved model, with its own configuration; what it left out stays left out. The limits in `more` count from
    /// where it is.
    ///
    /// # Errors
    /// As [`TrainingRun::new`].
    pub fn resume(
        artifact: Artifact,
        catalog: &Catalog,
        more: TrainingLimit,
        device: &Device,
    ) -> Result<Self, Refusal> {
        let Header {
            training,
            features,
            images_seen,
            ..
        } = &artifact.header;
        // What was measured by features alone says nothing of how the network is to be used.
        let (projection, map) = match artifact.features_only() {
            true => (features.network.projection(), MapConfig::default()),
            false => artifact.header.settings(),
        };
        let mut plan = TrainingPlan {
            recipe: recipe_of(&artifact.header),
            projection,
            map,
        };
        let epochs = more
            .epochs
            .map(|epochs| epochs.saturating_mul(training.images_per_epoch));
        let images = [epochs, more.images].into_iter().flatten().min();
        plan.recipe.training.limit = TrainingLimit {
            epochs: None,
            images: images.map(|images| images_seen.saturating_add(images)),
            ..more
        };
        Self::start(catalog, plan, device, Some(artifact))
    }

    /// Goes on with a run that was interrupted, to the limits that it had, or straight to its calibration
    /// with those in `record`.
    ///
    /// Weights, optimiser and the place in the seeded streams are those of the interruption; what was
    /// known of the best weights until then is not, so patience begins anew.
    ///
    /// # Errors
    /// As [`TrainingRun::new`].
    pub fn go_on(
        artifact: Artifact,
        record: &RunRecord,
        catalog: &Catalog,
        device: &Device,
    ) -> Result<Self, Refusal> {
        let mut recipe = recipe_of(&artifact.header);
        if record.is_trained {
            recipe.training.limit.images = Some(artifact.header.images_seen);
        }
        let plan = TrainingPlan {
            recipe,
            projection: record.projection,
            map: record.map,
        };
        Self::start(catalog, plan, device, Some(artifact))
    }

    fn start(
        catalog: &Catalog,
        mut plan: TrainingPlan,
        device: &Device,
        start: Option<Artifact>,
    ) -> Result<Self, Refusal> {
        plan.validate()?;
        let data = &mut plan.recipe.data;
        if start.is_none() {
            data.depth = Depth::ByFile;
            let of_these = |crop: Crop| crop.of_most(&sizes_px(catalog));
            data.crop = data.crop.map(of_these);
        }
        let catalog = match &start {
            Some(start) => &catalog.without(&start.header.dataset.excluded),
            None => catalog,
        };
        let parting = match &start {
            // An untrained start, a test's for one, has seen no image.
            Some(start) if start.header.dataset != DatasetSummary::default() => {
                start.header.dataset.parting()
            }
            _ => Parting::New,
        };
        let ignored = start.as_ref().and_then(|start| start.ignored.clone());
        let aligning = Aligning::new(catalog, data, parting);
        let folder = catalog.root.clone();
        let (stage, aligned) = match aligning {
            Some(aligning) => {
                let (_, units) = aligning.progress();
                (Stage::Aligning(Box::new(aligning)), units)
            }
            None => {
                let loader = loader(catalog, &mut plan.recipe, parting, ignored.as_ref())?;
                (Stage::Loading(Box::new(loader)), 0)
            }
        };
        Ok(Self {
            stage,
            aligned,
            plan,
            device: device.clone(),
            folder,
            ignored,
            ground: None,
            start,
        })
    }

    /// Learns a little of what the part looks like; then its images can be loaded.
    pub(super) fn align(&mut self) -> Result<(), RunError> {
        let Stage::Aligning(aligning) = &mut self.stage else {
            return Ok(());
        };
        let Some(learned) = aligning.step()? else {
            return Ok(());
        };
        let recipe = &mut self.plan.recipe;
        learned.align(&mut recipe.data);
        let ground = learned
            .ignored(&recipe.data)
            .filter(|_| self.ignored.is_none());
        if let Some(ground) = ground {
            let share = ground.pixels.iter().sum::<f32>() / ground.pixels.len() as f32;
            let percent = (100.0 * share).round() as u8;
            self.ground = Some(LoadMatter::GroundLeftOut { percent }.into());
            self.ignored = Some(ground);
        }
        let (catalog, parting) = (&aligning.catalog, aligning.parting);
        let loader = loader(catalog, recipe, parting, self.ignored.as_ref());
        self.stage = Stage::Loading(Box::new(loader?));
        Ok(())
    }
}

/// What loads the normal images, at a view that is chosen by their size where the recipe has none yet.
fn loader(
    catalog: &Catalog,
    recipe: &mut Recipe,
    parting: Parting,
    ignored: Option<&Picture>,
) -> Result<NormalsLoader, Refusal> {
    let Recipe { data, features, .. } = recipe;
    if data.view.is_none() {
        data.view = match data.crop {
            Some(crop) => features.view(&[crop.area.size_px()]),
            None => features.view(&sizes_px(catalog)),
        };
    }
    NormalsLoader::new(catalog, data, recipe.training.seed, parting, ignored)
}

/// Files that are asked for their size.
const ASKED_FILES: usize = 16;

/// The sizes of some of the training images.
fn sizes_px(catalog: &Catalog) -> Vec<(usize, usize)> {
    let step = catalog.train.len().div_ceil(ASKED_FILES).max(1);
    let asked = catalog.train.iter().step_by(step);
    asked.filter_map(|entry| size_px(&entry.path)).collect()
}

/// What a model was made by.
fn recipe_of(header: &Header) -> Recipe {
    let network = &header.network;
    Recipe {
        data: DataConfig {
            channels: Some(network.channels),
            ..header.data.clone()
        },
        latent: network.latent,
        width: network.width,
        skips: network.skips,
        features: header.features,
        training: header.training.clone(),
    }
}
