//! Trainings that were interrupted: finding them, going on with them, giving them up.

use std::path::{Path, PathBuf};

use super::Worker;
use crate::message::{DatasetId, Denial, Event, Failure, ModelId, Waiting};
use kizumi_compute::training::autosave::{self, RunRecord};
use kizumi_compute::training::keeping::Keeping;
use kizumi_compute::training::run::TrainingRun;
use kizumi_dataset::scan::Roles;

impl Worker {
    /// Looks for interrupted trainings in these folders, now and after each change to them.
    pub(super) fn find_interrupted(&mut self, folders: Vec<PathBuf>) {
        self.autosaved_in = folders;
        self.announce_interrupted();
    }

    fn announce_interrupted(&mut self) {
        let mut folders = self.autosaved_in.clone();
        folders.sort();
        folders.dedup();
        let found = folders
            .iter()
            .flat_map(|folder| autosave::interrupted(folder));
        self.out.send(Event::Interrupted(found.collect()));
    }

    /// Goes on with an interrupted training, on the images that it had; with `keep` only to measure the
    /// normal images and to save the model.
    pub(super) fn resume_interrupted(
        &mut self,
        becomes: (ModelId, DatasetId),
        path: &Path,
        roles: &Roles,
        keep: bool,
    ) -> Result<(), Failure> {
        if self.training.is_some() {
            return Err(Denial::WhileTraining(Waiting::Training).into());
        }
        let device = self.device()?.device;
        let (artifact, record) = autosave::load(path, &device)?;
        let record = record.ok_or_else(|| {
            let path = path.display();
            format!("{path}: this model does not say how its training was to go on")
        })?;
        if !self.open_dataset(becomes.1, &record.data, roles)? {
            return Err(Denial::Undecided.into());
        }
        let record = RunRecord {
            is_trained: record.is_trained || keep,
            ..record
        };
        let target = record.target.clone();
        let plan = record.clone();
        let begun = self.begin_training(
            becomes,
            |catalog, device| TrainingRun::go_on(artifact, &plan, catalog, device),
            || {
                let keeping = Keeping::take_over(path, record, &target)?;
                Ok(Some(if keep { keeping.as_new() } else { keeping }))
            },
        );
        self.announce_interrupted();
        begun
    }

    pub(super) fn discard_interrupted(&mut self, path: &Path) -> Result<(), Failure> {
        let discarded = autosave::discard(path).map_err(Failure::from);
        self.announce_interrupted();
        discarded
    }
}
