//! Projects many image files, a few at a time, so that memory stays bounded.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::sync_channel;

use anyhow::{Result, anyhow};

use super::model::Model;
use super::progress::Progress;
use crate::compute::inspector::{Inspector, Subject};
use crate::data::catalog::Entry;
use crate::data::config::Mode;
use crate::data::file_error::FileError;
use crate::data::iterate::{Inspection, StopRule};
use crate::data::mask::load_mask;
use crate::data::picture::Picture;
use crate::data::prepare::{Prepared, prepare};

/// Images projected as one batch in object mode; in texture mode the tiles of one image are one.
const OBJECT_BATCH: usize = 8;

/// One projected image.
pub struct Inspected {
    /// Its file, and what is known of it.
    pub entry: Entry,
    /// x_0.
    pub original: Picture,
    /// 1 where a pixel counts, where not all do.
    pub counted: Option<Picture>,
    /// The ground truth, if there is one and it fits.
    pub mask: Option<Picture>,
    /// Maps and scores.
    pub inspection: Inspection,
}

/// An image file as it was read.
struct Read {
    entry: Entry,
    prepared: Prepared,
    mask: Option<Result<Picture, FileError>>,
}

/// Projects the images in order and hands each one to `each`. The next batch is read while one is
/// projected. Returns the files that could not be used; what is odd about the others is said.
///
/// # Errors
/// When the device fails, or `each` does.
pub fn inspect_each(
    model: &Model,
    entries: &[Entry],
    progress: &Progress,
    mut each: impl FnMut(Inspected) -> Result<()>,
) -> Result<Vec<FileError>> {
    let batch = match model.artifact.header.data.mode {
        Mode::Object => OBJECT_BATCH,
        Mode::Texture => 1,
    };
    let mut said = HashSet::new();
    let mut broken = Vec::new();
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(1);
        scope.spawn(move || {
            // One file after the other: there is never more than one original in memory.
            for chunk in entries.chunks(batch) {
                let read: Vec<_> = chunk.iter().map(|entry| read(model, entry)).collect();
                if sender.send(read).is_err() {
                    return;
                }
            }
        });
        for results in receiver {
            let mut usable = Vec::new();
            for result in results {
                match result {
                    Ok(read) => {
                        say_oddities(&read, &mut said, progress);
                        usable.push(read);
                    }
                    Err(error) => {
                        progress.say(&error);
                        progress.add_one();
                        broken.push(error);
                    }
                }
            }
            for inspected in project(model, usable)? {
                if inspected.inspection.stop == StopRule::NotFinite {
                    progress.say(format_args!(
                        "{}: the projection became NaN or infinite; its last finite iterate is used",
                        inspected.entry.path.display()
                    ));
                }
                each(inspected)?;
                progress.add_one();
            }
        }
        Ok(broken)
    })
}

fn read(model: &Model, entry: &Entry) -> Result<Read, FileError> {
    let header = &model.artifact.header;
    let prepared = prepare(&entry.path, &header.data, Some(header.network.channels))?;
    let mask = entry.mask.as_deref();
    let mask = mask.map(|mask| load_mask(mask, &prepared.placement));
    Ok(Read {
        entry: entry.clone(),
        prepared,
        mask,
    })
}

/// What is odd about an image: a note that concerns many images is said once.
fn say_oddities(read: &Read, said: &mut HashSet<String>, progress: &Progress) {
    for note in &read.prepared.notes {
        if said.insert(note.clone()) {
            let path = read.entry.path.display();
            progress.say(format_args!(
                "{path}: {note} (Said once, though others may follow.)"
            ));
        }
    }
    if let Some(Err(error)) = &read.mask {
        progress.say(format_args!("{error}; left out of pixel metrics"));
    }
}

fn project(model: &Model, images: Vec<Read>) -> Result<Vec<Inspected>> {
    if images.is_empty() {
        return Ok(Vec::new());
    }
    let subjects: Vec<Subject> = images
        .iter()
        .map(|read| Subject {
            picture: read.prepared.picture.clone(),
            counted: read
                .prepared
                .placement
                .counted(model.artifact.ignored.as_ref()),
        })
        .collect();
    let inspections = run(model, subjects.clone())?;
    let inspected = images.into_iter().zip(subjects).zip(inspections);
    Ok(inspected
        .map(|((read, subject), inspection)| Inspected {
            entry: read.entry,
            original: subject.picture,
            counted: subject.counted,
            mask: read.mask.and_then(Result::ok),
            inspection,
        })
        .collect())
}

/// A graphics driver that gives up makes the tensor library panic; for the person that is a
/// failed device.
fn run(model: &Model, subjects: Vec<Subject>) -> Result<Vec<Inspection>> {
    let Model {
        artifact,
        projection,
        map,
        ..
    } = model;
    let project = || {
        let data = &artifact.header.data;
        let threshold = model.stop_threshold();
        Inspector::new(
            &artifact.network,
            data,
            subjects,
            *projection,
            *map,
            threshold,
        )?
        .run()
    };
    let inspections = catch_unwind(AssertUnwindSafe(project))
        .map_err(|_| anyhow!("the device failed in the middle of a projection"))?;
    Ok(inspections?)
}
