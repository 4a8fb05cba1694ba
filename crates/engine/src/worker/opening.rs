//! Opening data sets and sample data.

use std::path::Path;

use kizumi_dataset::fingerprint::leak_note;
use kizumi_dataset::sample::{SampleWriter, Set};
use kizumi_dataset::scan;

use super::{Dataset, Worker};
use crate::message::{Command, DatasetId, Event, Job, Outcome};

impl Worker {
    pub(super) fn open_dataset(&mut self, id: DatasetId, path: &Path) -> Result<(), String> {
        let mut catalog = scan::scan(path).map_err(|error| error.to_string())?;
        catalog.notes.extend(leak_note(&catalog));
        let summary = catalog.summary();
        self.out.send(Event::DatasetOpened {
            dataset: id,
            catalog: catalog.clone(),
            summary,
        });
        self.dataset = Some(Dataset { id, catalog });
        Ok(())
    }

    pub(super) fn open_demo(&mut self, id: DatasetId, into: &Path, set: Set) {
        self.end_demo(Outcome::Stopped);
        self.demo = Some((SampleWriter::new(set, into), into.join(set), id));
        self.out.send(Event::Started(Job::Demo));
    }

    pub(super) fn advance_demo(&mut self) {
        let Some((writer, folder, dataset)) = &mut self.demo else {
            return;
        };
        let outcome = writer.step().map_err(|error| format!("{error:#}"));
        let (done, total) = writer.progress();
        let (done, total) = (done as u64, total as u64);
        self.out.offer(Event::Progress {
            job: Job::Demo,
            done,
            total,
        });
        let (path, dataset) = (folder.clone(), *dataset);
        match outcome {
            Err(reason) => self.end_demo(Outcome::Failed(reason)),
            Ok(()) if done == total => {
                self.end_demo(Outcome::Done);
                self.obey(Command::OpenDataset { dataset, path });
            }
            Ok(()) => {}
        }
    }

    pub(super) fn end_demo(&mut self, outcome: Outcome) {
        if self.demo.take().is_some() {
            self.out.send(Event::Ended(Job::Demo, outcome));
        }
    }
}
