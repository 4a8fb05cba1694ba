//! Before images are loaded: learning what the part looks like that they are aligned to.

use std::path::PathBuf;

use super::run::RunError;
use kizumi_dataset::catalog::Catalog;
use kizumi_dataset::split::Parting;
use kizumi_image::align::{Learned, Learner};
use kizumi_method::config::DataConfig;

/// What is left to do before images are loaded.
pub(super) struct Aligning {
    learner: Learner,
    /// The images that are loaded then.
    pub(super) catalog: Catalog,
    pub(super) parting: Parting,
}

impl Aligning {
    /// Where photographs are to be aligned to a part that is not known yet.
    pub fn new(catalog: &Catalog, data: &DataConfig, parting: Parting) -> Option<Self> {
        let align = data.align.as_ref()?;
        if align.template.is_some() {
            return None;
        }
        let photographs: Vec<PathBuf> = catalog
            .train
            .iter()
            .map(|entry| entry.path.clone())
            .collect();
        let area = data.crop.map(|crop| crop.area);
        let reference = align.reference.clone();
        Some(Self {
            learner: Learner::new(&photographs, reference, area, data.depth),
            catalog: catalog.clone(),
            parting,
        })
    }

    /// Units done, and in all.
    pub fn progress(&self) -> (usize, usize) {
        self.learner.progress()
    }

    /// Does a little. Gives what was learned at the end, once.
    ///
    /// # Errors
    /// Why nothing can be learned.
    pub fn step(&mut self) -> Result<Option<Learned>, RunError> {
        self.learner.step()?;
        Ok(self.learner.learned().cloned())
    }
}
