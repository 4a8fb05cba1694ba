//! Projects many image files, a few at a time, so that memory stays bounded.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::thread::{available_parallelism, scope};

use anyhow::Result;
use rayon::prelude::*;

use super::in_order::in_order;
use super::model::Model;
use super::output::worded;
use super::progress::Progress;
use super::said::said;
use crate::text::Worded as _;
use kizumi_compute::inspector::Subject;
use kizumi_compute::rounds::Rounds;
use kizumi_dataset::catalog::Entry;
use kizumi_dataset::truth::{Truth, truth_of};
use kizumi_image::decode::Limits;
use kizumi_image::file_error::FileError;
use kizumi_image::mask::{Photograph, load_mask_regions};
use kizumi_image::mask_regions::MaskRegions;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_image::prepare::{Prepared, prepare_within};
use kizumi_image::shown::shown;
use kizumi_method::config::Mode;
use kizumi_method::iterate::{Inspection, StopRule};

/// Images projected as one batch in object mode; in texture mode the tiles of one image are one.
const OBJECT_BATCH: usize = 8;

/// Threads that read, at most.
const MAX_READERS: usize = 4;

/// One projected image.
pub struct Inspected {
    /// Its place among all images that were asked for, counted from 0.
    pub index: usize,
    /// Its file, and what is known of it.
    pub entry: Entry,
    /// x_0.
    pub original: Picture,
    /// Where the file's pixels lie in it.
    pub placement: Placement,
    /// 1 where a pixel counts, where not all do.
    pub counted: Option<Picture>,
    /// The whole photograph at the resolution of the features, if the model looks at any.
    pub view: Option<Picture>,
    /// How far the features of each pixel are from normal ones, where any are remembered.
    pub distance: Option<Picture>,
    /// The ground truth of a defective image, if there is one and it fits, and what is odd about masks.
    pub truth: Truth<MaskRegions>,
    /// Maps and scores.
    pub inspection: Inspection,
}

/// An image file as it was read.
struct Read {
    index: usize,
    entry: Entry,
    prepared: Prepared,
    truth: Truth<MaskRegions>,
}

/// Images that `model` projects at once.
pub fn batch_images(model: &Model) -> usize {
    match model.artifact.header.data.mode {
        Mode::Object => OBJECT_BATCH,
        Mode::Texture => 1,
    }
}

/// What became of an image file.
pub enum Outcome {
    /// It was projected.
    Inspected(Box<Inspected>),
    /// It cannot be used.
    Unusable {
        /// Its place among all images that were asked for, counted from 0.
        index: usize,
        /// Why.
        error: FileError,
    },
}

/// Projects the images in order and hands each one to `each`. The next batch is read while one is
/// projected; nothing is kept of an image that was handed over. Returns how many files could not
/// be used; which ones, and what is odd about the others, is said.
///
/// # Errors
/// When the device fails, or `each` does.
pub fn inspect_each(
    model: &Model,
    entries: impl Iterator<Item = Entry> + Send,
    progress: &Progress,
    mut each: impl FnMut(Inspected) -> Result<()>,
) -> Result<usize> {
    let mut oddities = Oddities::default();
    let mut broken = 0;
    look_at_each(model, entries, progress, &mut oddities, |outcome| {
        match outcome {
            Outcome::Inspected(inspected) => each(*inspected)?,
            Outcome::Unusable { error, .. } => {
                progress.say(worded(&error));
                broken += 1;
            }
        }
        progress.add_one();
        Ok(())
    })?;
    oddities.say_rest(progress);
    Ok(broken)
}

/// As [`inspect_each`], but hands over what cannot be used, too, without a word, where it stands among
/// the others by a batch at most. What is odd about images is said unless `oddities` knows it.
///
/// # Errors
/// As there.
pub fn look_at_each(
    model: &Model,
    entries: impl Iterator<Item = Entry> + Send,
    progress: &Progress,
    oddities: &mut Oddities,
    mut each: impl FnMut(Outcome) -> Result<()>,
) -> Result<()> {
    let batch = batch_images(model);
    // Half of the processor would read at most: reading is to be hidden, not to be in the way.
    let readers = available_parallelism().map_or(1, |cores| cores.get() / 2);
    let reader = Reader {
        model,
        large: Mutex::new(()),
    };
    scope(|scope| {
        let mut files = in_order(
            scope,
            readers.clamp(1, MAX_READERS),
            batch,
            entries.enumerate(),
            |(index, entry)| reader.read(index, entry).map_err(|error| (index, error)),
        );
        loop {
            let mut usable = Vec::with_capacity(batch);
            while usable.len() < batch
                && let Some(file) = files.next()
            {
                match file {
                    Ok(read) => {
                        oddities.say(&read, progress);
                        usable.push(read);
                    }
                    Err((index, error)) => each(Outcome::Unusable { index, error })?,
                }
            }
            if usable.is_empty() {
                return Ok(());
            }
            for inspected in project(model, usable)? {
                if inspected.inspection.stop == StopRule::NotFinite {
                    let path = shown(&inspected.entry.path);
                    progress.say(said!(
                        "{path}: the projection became NaN or infinite; its last finite iterate is used",
                        "{path}：投影がNaNまたは無限大になったため、最後の有限の画像を使います"
                    ));
                }
                each(Outcome::Inspected(Box::new(inspected)))?;
            }
        }
    })
}

/// Reads files for a model, on several threads at once.
struct Reader<'a> {
    model: &'a Model,
    /// Held by the one thread that reads a large file.
    large: Mutex<()>,
}

impl Reader<'_> {
    fn read(&self, index: usize, entry: Entry) -> Result<Read, FileError> {
        let header = &self.model.artifact.header;
        let prepare = |limits| {
            let channels = Some(header.network.channels);
            prepare_within(&entry.path, &header.data, channels, limits)
        };
        let mut alone = None;
        let mut prepared = prepare(Limits::PARALLEL);
        if prepared
            .as_ref()
            .is_err_and(|error| error.reason.exceeds_limits())
        {
            // There is never more than one large original in memory.
            alone = Some(self.large.lock().unwrap_or_else(PoisonError::into_inner));
            prepared = prepare(Limits::HARD);
        }
        let prepared = prepared?;
        let photograph = Photograph::new(&entry.path, &prepared.remarks);
        let truth = truth_of(&entry, |mask| {
            load_mask_regions(mask, photograph, &prepared.placement)
        });
        drop(alone);
        Ok(Read {
            index,
            entry,
            prepared,
            truth,
        })
    }
}

/// What was said of images: a note that concerns many is said once, of masks the first few are named.
#[derive(Default)]
pub struct Oddities {
    said: HashSet<String>,
    masks: usize,
}

impl Oddities {
    const MASKS_SHOWN: usize = 5;

    fn say(&mut self, read: &Read, progress: &Progress) {
        for remark in &read.prepared.remarks {
            let sentence = remark.sentence();
            if !self.said.contains(&sentence) {
                let (path, in_japanese) = (shown(&read.entry.path), remark.japanese());
                progress.say(said!(
                    "{path}: {sentence} (Said once, though others may follow.)",
                    "{path}：{in_japanese}（以後同じものは表示しません）"
                ));
                self.said.insert(sentence);
            }
        }
        for note in &read.truth.notes {
            self.masks += 1;
            if self.masks <= Self::MASKS_SHOWN {
                progress.note(worded(note));
            }
        }
    }

    /// Says how many notes of masks there were in all, where not all were said.
    pub fn say_rest(&self, progress: &Progress) {
        if self.masks > Self::MASKS_SHOWN {
            let count = self.masks;
            progress.note(said!(
                "{count} such notes of masks in all.",
                "マスクについての注は全部で{count}件です。"
            ));
        }
    }
}

fn project(model: &Model, images: Vec<Read>) -> Result<Vec<Inspected>> {
    if images.is_empty() {
        return Ok(Vec::new());
    }
    let memories = model.artifact.memories.as_ref();
    let distances = images
        .par_iter()
        .map(|read| memories?.distance_of(&read.prepared));
    let distances: Vec<Option<Picture>> = distances.collect();
    let mut subjects = Vec::with_capacity(images.len());
    let mut files = Vec::with_capacity(images.len());
    for (read, distance) in images.into_iter().zip(distances) {
        let doubt = read.prepared.doubt();
        let Prepared {
            picture,
            placement,
            view,
            ..
        } = read.prepared;
        let counted = placement.counted(model.artifact.ignored.as_ref());
        let subject = Subject::new(picture, counted).with_distance(distance);
        subjects.push(subject.doubted(doubt));
        files.push((read.index, read.entry, placement, view, read.truth));
    }
    let inspections = run(model, subjects)?;
    let inspected = files.into_iter().zip(inspections);
    Ok(inspected
        .map(
            |((index, entry, placement, view, truth), (subject, inspection))| Inspected {
                index,
                entry,
                original: subject.picture,
                placement,
                counted: subject.counted,
                view,
                distance: subject.distance,
                truth,
                inspection,
            },
        )
        .collect())
}

/// A graphics driver that gives up makes the tensor library panic; for the person that is a
/// failed device.
fn run(model: &Model, subjects: Vec<Subject>) -> Result<Vec<(Subject, Inspection)>> {
    let Model {
        artifact,
        projection,
        ..
    } = model;
    let project = || {
        let data = &artifact.header.data;
        let mapper = model.mapper();
        let threshold = mapper.stop_threshold();
        Rounds::new(
            &artifact.network,
            data,
            subjects,
            *projection,
            mapper,
            threshold,
        )?
        .run()
    };
    let inspections = catch_unwind(AssertUnwindSafe(project)).map_err(|_| {
        anyhow::Error::msg(said!(
            "the device failed in the middle of a projection",
            "投影の途中で計算デバイスに問題が発生しました"
        ))
    })?;
    Ok(inspections?)
}
