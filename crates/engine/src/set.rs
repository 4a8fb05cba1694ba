//! The worker's run over many images: a few are read, projected and told, then the next.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use kizumi_compute::inspector::Subject;
use kizumi_compute::rounds::Rounds;
use kizumi_compute::tensors::ComputeError;
use kizumi_dataset::catalog::Kind;
use kizumi_dataset::truth::truth_of;
use kizumi_image::found_region::FoundRegions;
use kizumi_image::mask::{Photograph, load_mask};
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_image::prepare::prepare_all;
use kizumi_image::stamp::Stamp;
use kizumi_image::thumbnail::{max_pooled, thumbnail};
use kizumi_method::iterate::Inspection;

use super::detector::Detector;
use super::message::{
    Denial, Event, Failure, Job, Outcome, SetId, SetPixels, SetRequest, SetResult, SetScores,
    THUMBNAIL_PX,
};
use super::outbox::Outbox;
use super::pace::Pace;

/// How often the pixels so far are told.
const PIXELS_EVERY: Duration = Duration::from_secs(1);

/// A run in the making. The detector is the one that it began with.
pub struct SetJob {
    detector: Detector,
    request: SetRequest,
    /// Images projected together.
    batch: usize,
    /// Images read so far.
    read: usize,
    /// The images being worked on, in order.
    slots: Vec<Slot>,
    projecting: Option<Rounds>,
    pixels: SetPixels,
    pixels_told_at: Instant,
    /// What was said of images: there may be a thousand more.
    said: HashSet<String>,
    going: Going,
}

#[derive(Clone, Copy, PartialEq)]
enum Going {
    On,
    /// Until the images being worked on are done.
    UntilDone,
    Paused,
}

/// An image being worked on.
struct Slot {
    index: usize,
    read: Result<ReadImage, Failure>,
}

struct ReadImage {
    /// Its file, just before it was read.
    stamp: Option<Stamp>,
    placement: Placement,
    /// Until it is projected.
    subject: Option<Subject>,
    mask: Option<Picture>,
}

impl SetJob {
    /// Nothing read yet.
    ///
    /// # Errors
    /// Parameters out of range, or no images.
    pub fn new(detector: Detector, request: SetRequest, pace: Pace) -> Result<Self, Failure> {
        request.projection.validate()?;
        request.map.validate()?;
        if request.images.is_empty() {
            return Err(Denial::NoImages.into());
        }
        Ok(Self {
            batch: pace.set_images(&detector.lens.data),
            pixels: SetPixels {
                set: request.set,
                ..Default::default()
            },
            detector,
            request,
            read: 0,
            slots: Vec::new(),
            projecting: None,
            pixels_told_at: Instant::now(),
            said: HashSet::new(),
            going: Going::On,
        })
    }

    /// Which inspection.
    pub fn id(&self) -> SetId {
        self.request.set
    }

    /// Whether there is something to do now.
    pub fn is_going(&self) -> bool {
        self.going != Going::Paused
    }

    /// Whether the next slice reads images, or did; else it computes.
    pub fn is_reading(&self) -> bool {
        self.projecting.is_none()
            && self.slots.len() < self.batch
            && self.read < self.request.images.len()
    }

    /// Suspends the run once the images being worked on are done.
    pub fn pause(&mut self, out: &mut Outbox) {
        if self.going == Going::On {
            self.going = Going::UntilDone;
            self.pause_between_images(out);
        }
    }

    /// Goes on after a pause.
    pub fn resume(&mut self, out: &mut Outbox) {
        if std::mem::replace(&mut self.going, Going::On) == Going::Paused {
            out.send(Event::SetResumed(self.id()));
        }
    }

    fn pause_between_images(&mut self, out: &mut Outbox) {
        if self.going == Going::UntilDone && self.slots.is_empty() {
            self.going = Going::Paused;
            out.send(Event::SetPaused(self.id()));
        }
    }

    /// Reads a few images, or does one iteration; `true` when all images were inspected.
    pub fn advance(&mut self, out: &mut Outbox) -> Result<bool, ComputeError> {
        let total = self.request.images.len();
        match &mut self.projecting {
            Some(rounds) => {
                if let Some(inspected) = rounds.step()? {
                    self.projecting = None;
                    self.conclude(inspected, out);
                }
            }
            None if self.slots.len() < self.batch && self.read < total => self.read_some(out),
            None => {
                self.begin()?;
                if self.projecting.is_none() {
                    self.conclude(Vec::new(), out);
                }
            }
        }
        let is_done = self.read == total && self.slots.is_empty();
        if !is_done {
            self.pause_between_images(out);
        }
        Ok(is_done)
    }

    /// Tells the pixels of what was inspected, and that it is over.
    pub fn finish(self, outcome: Outcome, out: &mut Outbox) {
        let job = Job::InspectingSet(self.id());
        out.send(Event::SetPixels(Box::new(self.pixels)));
        out.send(Event::Ended(job, outcome));
    }

    /// One image a core, so that it takes about as long as one.
    fn read_some(&mut self, out: &mut Outbox) {
        let missing = self.batch - self.slots.len();
        let end = self.read + missing.min(rayon::current_num_threads().max(1));
        let entries = &self.request.images[self.read..end.min(self.request.images.len())];
        let paths: Vec<&Path> = entries.iter().map(|entry| entry.path.as_path()).collect();
        let stamps: Vec<_> = paths.iter().map(|path| Stamp::of(path)).collect();
        let lens = &self.detector.lens;
        let prepared = prepare_all(&paths, &lens.data, lens.channels);
        let measured: Vec<_> = prepared
            .into_par_iter()
            .map(|prepared| {
                prepared.map(|prepared| {
                    let memories = lens.memories.as_ref();
                    let distance = memories.and_then(|memories| memories.distance_of(&prepared));
                    (prepared, distance)
                })
            })
            .collect();
        for ((entry, stamp), measured) in entries.iter().zip(stamps).zip(measured) {
            let read = match measured {
                Ok((prepared, distance)) => {
                    let remarks = prepared.remarks.iter();
                    let remarks = remarks.filter(|remark| !remark.is_harmless());
                    for remark in remarks {
                        if self.said.insert(remark.sentence()) {
                            let odd = Failure::from(remark).of(&entry.path);
                            out.send(Event::Warning(odd));
                        }
                    }
                    let photograph = Photograph::new(&entry.path, &prepared.remarks);
                    let placement = &prepared.placement;
                    let truth = truth_of(entry, |mask| load_mask(mask, photograph, placement));
                    let notes = truth.notes.into_iter();
                    self.pixels.masks.extend(notes.map(Failure::from));
                    let counted = prepared.placement.counted(lens.ignored.as_ref());
                    let doubt = prepared.doubt();
                    let placement = prepared.placement;
                    let picture = prepared.picture;
                    let subject = Subject::new(picture, counted).with_distance(distance);
                    let subject = subject.doubted(doubt);
                    Ok(ReadImage {
                        stamp,
                        placement,
                        subject: Some(subject),
                        mask: truth.mask,
                    })
                }
                Err(error) => Err(error.into()),
            };
            let index = self.read;
            self.slots.push(Slot { index, read });
            self.read += 1;
        }
    }

    /// Starts the projection of the images that could be read, if there is one.
    fn begin(&mut self) -> Result<(), ComputeError> {
        let SetRequest {
            projection, map, ..
        } = self.request;
        let read = self.slots.iter_mut();
        let read = read.filter_map(|slot| slot.read.as_mut().ok());
        let subjects: Vec<_> = read.filter_map(|read| read.subject.take()).collect();
        if !subjects.is_empty() {
            self.projecting = Some(self.detector.inspect_all(subjects, projection, map)?);
        }
        Ok(())
    }

    /// Tells what became of the images being worked on.
    fn conclude(&mut self, inspected: Vec<(Subject, Inspection)>, out: &mut Outbox) {
        let mut inspected = inspected.into_iter();
        for Slot { index, read } in std::mem::take(&mut self.slots) {
            let outcome = read.and_then(|read| {
                let (subject, inspection) = inspected
                    .next()
                    .ok_or_else(|| Denial::Mistake("it was not projected".into()))?;
                self.count(index, &subject, read.mask.as_ref(), &inspection);
                Ok(self.scores(&read, &subject.picture, inspection))
            });
            let result = SetResult {
                set: self.id(),
                index,
                outcome,
            };
            out.send(Event::SetInspected(Box::new(result)));
        }
        out.offer(Event::Progress {
            job: Job::InspectingSet(self.id()),
            done: self.read as u64,
            total: self.request.images.len() as u64,
        });
        if self.pixels_told_at.elapsed() >= PIXELS_EVERY && out.is_idle() {
            self.pixels_told_at = Instant::now();
            out.offer(Event::SetPixels(Box::new(self.pixels.clone())));
        }
    }

    /// Counts the pixels of an image of which is known which ones are defective.
    fn count(
        &mut self,
        index: usize,
        subject: &Subject,
        mask: Option<&Picture>,
        inspection: &Inspection,
    ) {
        let mask = match (&self.request.images[index].kind, mask) {
            (Kind::Normal, _) => None,
            (Kind::Defect(_), Some(mask)) => Some(mask),
            (Kind::Defect(_), None) => {
                self.pixels.left_out += 1;
                return;
            }
            (Kind::Unknown, _) => return,
        };
        let counted = subject.counted.as_ref();
        let SetPixels {
            plain, projected, ..
        } = &mut self.pixels;
        plain.add_counted(&inspection.plain_map, mask, counted);
        projected.add_counted(&inspection.projected_map, mask, counted);
    }

    fn scores(&self, read: &ReadImage, original: &Picture, inspection: Inspection) -> SetScores {
        let map = &inspection.projected_map;
        let threshold = self.request.pixel_threshold;
        SetScores {
            stamp: read.stamp,
            plain_score: inspection.plain_score,
            projected_score: inspection.projected_score,
            unlike: inspection.unlike,
            iterations: inspection.iterations,
            stop: inspection.stop,
            regions: threshold.map(|threshold| FoundRegions::of(map, threshold, &read.placement)),
            thumbnail: thumbnail(original, THUMBNAIL_PX),
            map: max_pooled(map, THUMBNAIL_PX),
        }
    }
}
