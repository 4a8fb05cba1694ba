//! Opening data sets and sample data, and closing what is open.

use std::path::{Path, PathBuf};

use kizumi_dataset::labels::{Labels, Read};
use kizumi_dataset::opening;
use kizumi_dataset::sample::{SampleWriter, Set};
use kizumi_dataset::scan::{Doubt, Group, Roles, ScanError};
use kizumi_image::depth::Depth;

use super::{Dataset, Worker, thumbnails};
use crate::checking::Checking;
use crate::message::{
    Command, DatasetId, Denial, Event, Extent, Failure, Job, Outcome, UnclearGroup, Waiting,
};

/// Images that a person is shown to tell which are normal, at most.
const SAMPLES: usize = 36;

/// What a person is asked.
fn unclear(
    dataset: DatasetId,
    path: PathBuf,
    groups: Vec<Group>,
    doubts: Vec<Doubt>,
    unread: Vec<PathBuf>,
) -> Event {
    let each = (SAMPLES / groups.len().max(1)).max(1);
    let mut room = SAMPLES;
    let shown: Vec<usize> = groups
        .iter()
        .map(|group| {
            let shown = group.samples.len().min(each).min(room);
            room -= shown;
            shown
        })
        .collect();
    let samples = groups.iter().zip(&shown);
    let samples: Vec<&Path> = samples
        .flat_map(|(group, shown)| group.samples.iter().take(*shown).map(PathBuf::as_path))
        .collect();
    let mut pictures = thumbnails::of(&samples, Depth::ByFile).into_iter();
    let groups = groups
        .into_iter()
        .zip(shown)
        .map(|(group, shown)| UnclearGroup {
            folder: group.folder,
            images: group.images,
            guess: group.guess,
            samples: pictures.by_ref().take(shown).collect(),
        });
    Event::DatasetUnclear {
        dataset,
        path,
        groups: groups.collect(),
        doubts,
        unread,
    }
}

impl Worker {
    /// Whether it is open now: else a person is asked which images are normal.
    pub(super) fn open_dataset(
        &mut self,
        id: DatasetId,
        path: &Path,
        roles: &Roles,
    ) -> Result<bool, Failure> {
        let catalog = match opening::open(path, roles) {
            Err(ScanError::Ambiguous {
                path,
                groups,
                doubts,
                unread,
            }) => {
                self.out.send(unclear(id, path, groups, doubts, unread));
                return Ok(false);
            }
            scanned => scanned?,
        };
        self.end_check();
        self.end_suspects(Outcome::Stopped);
        let summary = catalog.summary();
        self.out.send(Event::DatasetOpened {
            dataset: id,
            catalog: catalog.clone(),
            summary,
        });
        let labels = Labels::of(&catalog).unwrap_or_else(|error| {
            self.out.send(Event::Warning(error.to_string().into()));
            Labels::default()
        });
        let labelled = labels.applied(&catalog);
        if labels != Labels::default() {
            self.out.send(Event::Labelled {
                dataset: id,
                labels,
            });
        }
        self.check = Some(Checking::start(id, labelled.clone(), &mut self.out));
        self.dataset = Some(Dataset {
            id,
            by_folder: catalog,
            catalog: labelled,
            read: Read::default(),
        });
        Ok(true)
    }

    /// The images of the data set have other labels from now on.
    pub(super) fn set_labels(&mut self, id: DatasetId, labels: &Labels) -> Result<(), Failure> {
        if let Some(open) = self.dataset.as_mut().filter(|open| open.id == id) {
            let mut labels = labels.clone();
            let before = std::mem::take(&mut labels.alike);
            labels.find_alike(&open.by_folder, &mut open.read);
            open.catalog = labels.applied(&open.by_folder);
            if labels.alike != before {
                self.out.send(Event::LabelsAlike {
                    dataset: id,
                    alike: labels.alike,
                });
            }
        }
        Ok(())
    }

    pub(super) fn end_check(&mut self) {
        if let Some(check) = self.check.take() {
            check.stop(&mut self.out);
        }
    }

    pub(super) fn let_go(&mut self, extent: Extent) -> Result<(), Failure> {
        match extent {
            Extent::Image(id) => {
                let opened = self.image.as_ref().map(|image| image.opened().id);
                if opened.is_some_and(|opened| opened <= id) {
                    self.let_image_go();
                }
                Ok(())
            }
            _ if self.training.is_some() => Err(Denial::WhileTraining(Waiting::Leaving).into()),
            Extent::Model(id) => {
                self.the_model(id)?;
                self.let_model_go();
                Ok(())
            }
            Extent::Everything => {
                self.end_demo(Outcome::Stopped);
                self.end_check();
                self.end_suspects(Outcome::Stopped);
                self.let_image_go();
                self.let_model_go();
                self.drop_rival();
                self.dataset = None;
                Ok(())
            }
        }
    }

    fn let_image_go(&mut self) {
        self.leave_image();
        self.image = None;
    }

    fn let_model_go(&mut self) {
        self.leave_model();
        self.model = None;
        self.announce_model();
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
        let outcome = writer.step().map_err(Failure::from);
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
                let roles = Roles::default();
                self.obey(Command::OpenDataset {
                    dataset,
                    path,
                    roles,
                });
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
