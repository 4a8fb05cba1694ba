//! Opening data sets, sample data and images.

use std::path::Path;

use super::Worker;
use crate::data::catalog::Entry;
use crate::data::fingerprint::leak_note;
use crate::data::sample::{SampleWriter, Set};
use crate::data::scan;
use crate::engine::image::{self, Lens};
use crate::engine::message::{Command, Event, Job, Outcome};
use crate::engine::training::TrainingJob;

impl Worker {
    pub(super) fn open_dataset(&mut self, path: &Path) -> Result<(), String> {
        let mut catalog = scan::scan(path).map_err(|error| error.to_string())?;
        catalog.notes.extend(leak_note(&catalog));
        let summary = catalog.summary();
        self.out.send(Event::DatasetOpened {
            catalog: catalog.clone(),
            summary,
        });
        self.catalog = Some(catalog);
        Ok(())
    }

    pub(super) fn open_demo(&mut self, into: &Path, set: Set) {
        self.end_demo(Outcome::Stopped);
        let folder = into.join(set.name());
        self.demo = Some((SampleWriter::new(set, &folder), folder));
        self.out.send(Event::Started(Job::Demo));
    }

    pub(super) fn advance_demo(&mut self) {
        let Some((writer, folder)) = &mut self.demo else {
            return;
        };
        let outcome = writer.step().map_err(|error| error.to_string());
        let (done, total) = writer.progress();
        let (done, total) = (done as u64, total as u64);
        self.out.offer(Event::Progress {
            job: Job::Demo,
            done,
            total,
        });
        let folder = folder.clone();
        match outcome {
            Err(reason) => self.end_demo(Outcome::Failed(reason)),
            Ok(()) if done == total => {
                self.end_demo(Outcome::Done);
                self.obey(Command::OpenDataset(folder));
            }
            Ok(()) => {}
        }
    }

    pub(super) fn end_demo(&mut self, outcome: Outcome) {
        if self.demo.take().is_some() {
            self.out.send(Event::Ended(Job::Demo, outcome));
        }
    }

    pub(super) fn open_image(&mut self, entry: Entry) -> Result<(), String> {
        self.cancel_projection();
        self.projection = None;
        let (image, opened) = image::open(entry, self.lens()).map_err(|error| error.to_string())?;
        self.image = Some(image);
        self.out.send(Event::ImageOpened(Box::new(opened)));
        Ok(())
    }

    /// How the network at hand sees images: the one in training before the one in memory.
    pub(super) fn lens(&self) -> Lens {
        let model = self.model.as_ref().map(|model| {
            let header = &model.artifact.header;
            (&header.data, header.network.channels)
        });
        let training = self.training.as_ref().and_then(TrainingJob::lens);
        training
            .or(model)
            .map_or_else(Lens::default, |(data, channels)| Lens {
                data: data.clone(),
                channels: Some(channels),
            })
    }

    /// Prepares the open image anew when another network sees it differently.
    pub(super) fn refocus(&mut self) -> Result<(), String> {
        let lens = self.lens();
        match self.image.take() {
            Some(image) if image.lens != lens => self.open_image(image.entry),
            image => {
                self.image = image;
                Ok(())
            }
        }
    }
}
