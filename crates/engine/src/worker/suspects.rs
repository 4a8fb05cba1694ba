//! Looking for training images that are unlike the others.

use std::path::Path;

use kizumi_compute::suspect_search::SuspectSearch;
use kizumi_compute::suspects::Suspects;
use kizumi_image::depth::Depth;
use kizumi_method::config::FeatureResolution;

use super::{Worker, thumbnails};
use crate::message::{Broken, DatasetId, Denial, Event, Failure, Job, Outcome, Waiting};

/// A search in the making.
pub(super) struct SuspectsJob {
    pub(super) dataset: DatasetId,
    search: SuspectSearch,
}

/// Images that are shown with a thumbnail, at most.
const THUMBNAILS: usize = 24;

/// What was found, with thumbnails; `depth` is that of the files.
pub(crate) fn found(dataset: DatasetId, suspects: Suspects, depth: Depth) -> Event {
    let shown = suspects.shown().iter().take(THUMBNAILS);
    let paths: Vec<&Path> = shown.map(|image| image.path.as_path()).collect();
    Event::Suspects {
        dataset,
        thumbnails: thumbnails::of(&paths, depth),
        suspects: Box::new(suspects),
    }
}

impl Worker {
    pub(super) fn find_suspects(
        &mut self,
        dataset: DatasetId,
        resolution: FeatureResolution,
    ) -> Result<(), Failure> {
        if self.training.is_some() {
            return Err(Denial::WhileTraining(Waiting::Comparing).into());
        }
        let open = self.dataset.as_ref().filter(|open| open.id == dataset);
        let open = open.ok_or(Denial::OtherFolder)?;
        let search = SuspectSearch::new(&open.catalog, resolution);
        self.end_suspects(Outcome::Stopped);
        self.out.send(Event::Started(Job::FindingSuspects(dataset)));
        self.suspects = Some(SuspectsJob { dataset, search });
        Ok(())
    }

    pub(super) fn end_suspects(&mut self, outcome: Outcome) {
        if let Some(job) = self.suspects.take() {
            let job = Job::FindingSuspects(job.dataset);
            self.out.send(Event::Ended(job, outcome));
        }
    }

    pub(super) fn advance_suspects(&mut self) {
        let Some(SuspectsJob { dataset, search }) = &mut self.suspects else {
            return;
        };
        let dataset = *dataset;
        let job = Job::FindingSuspects(dataset);
        if !search.is_done() {
            search.step();
            let (done, total) = search.progress();
            let (done, total) = (done as u64, total as u64);
            self.out.offer(Event::Progress { job, done, total });
            return;
        }
        let Some(SuspectsJob { search, .. }) = self.suspects.take() else {
            return;
        };
        let broken: Vec<Broken> = search.broken().iter().map(Broken::from).collect();
        for note in search.notes() {
            self.out.send(Event::Warning((&note).into()));
        }
        let depth = search.depth();
        let suspects = search.finish();
        let outcome = match suspects.crowd {
            Some(_) => Outcome::Done,
            None => Outcome::Failed(Denial::NothingToCompare.into()),
        };
        if !broken.is_empty() {
            self.out.send(Event::BrokenFiles(broken));
        }
        if outcome == Outcome::Done {
            self.out.send(found(dataset, suspects, depth));
        }
        self.out.send(Event::Ended(job, outcome));
    }
}
