//! Which label belongs to which image.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::above;
use super::alike::Read;
use super::file::{LabelError, Record, read};
use super::kind_name::kind_fault;
use super::masks::{find, not_named};
use super::{Label, Labels, Missing, Remark, Unmatched, UnusedMask, WhyUnused, without_ending};
use crate::catalog::{Catalog, name_below};
use crate::path_list::PathList;
use kizumi_image::drawn_mask::DrawnMask;
use kizumi_image::stamp::Stamp;

impl Labels {
    /// The labels of a data set, for the images that it has: those of its own file, and those of its images in the
    /// files of the folders above.
    ///
    /// # Errors
    /// When there are labels that cannot be read.
    pub fn of(catalog: &Catalog) -> Result<Self, LabelError> {
        let entries = catalog.train.iter().chain(&catalog.test);
        let images = entries.map(|entry| (catalog.name_of(&entry.path), entry.path.clone()));
        Self::of_images(&catalog.root, |_| images.collect())
    }

    /// The same for images below a folder of which nothing else is known.
    ///
    /// # Errors
    /// As [`Labels::of`].
    pub fn of_list(root: &Path, images: &PathList) -> Result<Self, LabelError> {
        let images = images.iter();
        let images = images.map(|below| (name_below(root, below), root.join(below)));
        Self::of_images(root, |_| images.collect())
    }

    /// The same for images that have come into a folder: what holds the same as an image that was labelled before is
    /// known. Other images of the folder are not looked at.
    ///
    /// # Errors
    /// As [`Labels::of`].
    pub fn of_new(root: &Path, images: &PathList) -> Result<Self, LabelError> {
        let new = images.iter();
        let new = new.map(|below| (name_below(root, below), root.join(below)));
        Self::of_images(root, |records| {
            let named = records.iter().map(|said| &said.record.image);
            let named = named.map(|image| (image.clone(), root.join(image)));
            named
                .filter(|(_, path)| path.is_file())
                .chain(new)
                .collect()
        })
    }

    fn of_images(
        root: &Path,
        images: impl FnOnce(&[Said]) -> BTreeMap<String, PathBuf>,
    ) -> Result<Self, LabelError> {
        let (records, mut remarks) = records(root)?;
        if records.is_empty() {
            return Ok(Self {
                remarks,
                unused_masks: not_named(root, &[]),
                ..Self::default()
            });
        }
        let images = images(&records);
        let mut labels = matched(root, records, &images);
        labels.find_alike_among(&images, &mut Read::default());
        remarks.append(&mut labels.remarks);
        Ok(Self { remarks, ..labels })
    }
}

impl Labels {
    /// What is said of an image that is there.
    fn give(&mut self, name: &str, Said { record, root, .. }: Said) {
        self.set(name, Some(record.label));
        let Some(mask) = record.mask else {
            return;
        };
        // A mask lies beside the labels that name it.
        match find(&root, &mask) {
            Some(file) => self.set_drawn(name, Some(DrawnMask::kept(file))),
            None => self.unused_masks.push(UnusedMask {
                mask,
                why: WhyUnused::Gone,
            }),
        }
    }
}

/// What a file says of an image; `file` is that of a folder above.
pub(super) struct Said {
    pub(super) record: Record,
    /// The folder whose labels these are.
    pub(super) root: PathBuf,
    pub(super) file: Option<PathBuf>,
}

/// What all files say that count, the nearest first, each of an image once, and what is odd about it.
fn records(root: &Path) -> Result<(Vec<Said>, Vec<Remark>), LabelError> {
    let mut remarks = Vec::new();
    let own = once_each(read(root)?, &mut remarks);
    let own = own.into_iter().map(|record| Said {
        record,
        root: root.to_owned(),
        file: None,
    });
    let mut all: Vec<Said> = own.collect();
    for above::Said {
        root,
        file,
        records,
    } in above::read(root)
    {
        match records {
            Ok(records) if records.is_empty() => {}
            Ok(records) => {
                let records = once_each(records, &mut remarks);
                remarks.push(Remark::Above {
                    file: file.clone(),
                    labels: records.len(),
                });
                all.extend(records.into_iter().map(|record| Said {
                    record,
                    root: root.clone(),
                    file: Some(file.clone()),
                }));
            }
            Err(error) => remarks.push(Remark::unread(error)),
        }
    }
    Ok((all, remarks))
}

/// What one file says: of an image that is named twice what comes last, and of a kind whose name is none only that there
/// is a defect.
fn once_each(records: Vec<Record>, remarks: &mut Vec<Remark>) -> Vec<Record> {
    let mut of_image: BTreeMap<String, Record> = BTreeMap::new();
    for mut record in records {
        if let Label::Ng { kind } = &mut record.label
            && let Some(fault) = kind.as_deref().and_then(kind_fault)
        {
            remarks.push(Remark::KindRefused {
                image: record.image.clone(),
                kind: kind.take().unwrap_or_default(),
                fault,
            });
        }
        let label = record.label.clone();
        if let Some(before) = of_image.insert(record.image.clone(), record)
            && before.label != label
        {
            remarks.push(Remark::Twice {
                image: before.image,
                used: label,
                unused: before.label,
            });
        }
    }
    of_image.into_values().collect()
}

/// Gives each label to the image of its name if that holds what it held, else to one that does and has no label of
/// its own. Of several labels of an image the first counts.
fn matched(root: &Path, records: Vec<Said>, images: &BTreeMap<String, PathBuf>) -> Labels {
    let holds = |Said { record, .. }: &Said| {
        let path = images.get(&record.image)?;
        let content = record.content.as_ref();
        Some(content.is_none_or(|content| content.is_of(path)))
    };
    let fate: Vec<Option<bool>> = records.par_iter().map(holds).collect();
    let (mut labels, mut lost) = (Labels::default(), Vec::new());
    labels.unused_masks = not_named(root, &records);
    for (said, holds) in records.into_iter().zip(fate) {
        let record = &said.record;
        match (holds, &said.file, labels.get(&record.image)) {
            (Some(true), Some(file), Some(used)) if *used != record.label => {
                let remark = Remark::Contradicted {
                    image: record.image.clone(),
                    used: used.clone(),
                    unused: record.label.clone(),
                    file: file.clone(),
                };
                labels.remarks.push(remark);
            }
            (Some(true), _, Some(_)) => {}
            (Some(true), _, None) => labels.give(&record.image.clone(), said),
            // It was labelled anew since.
            (Some(false), Some(_), Some(_)) => {}
            (Some(false), ..) => lost.push((said, Missing::Changed)),
            (None, ..) if root.join(&record.image).is_file() => {
                lost.push((said, Missing::Unused));
            }
            (None, ..) => lost.push((said, Missing::Gone)),
        }
    }
    if lost.is_empty() {
        return labels;
    }
    let mut of_size: HashMap<u64, Vec<(&String, &Path)>> = HashMap::new();
    let unlabelled = images.iter().filter(|(name, _)| labels.get(name).is_none());
    for (name, path) in unlabelled {
        if let Some(stamp) = Stamp::of(path) {
            of_size.entry(stamp.bytes).or_default().push((name, path));
        }
    }
    for (said, why) in lost {
        let content = said.record.content.as_ref();
        let alike = content.and_then(|content| {
            let mut alike = of_size.get(&content.bytes())?.iter();
            alike.find(|(name, path)| labels.get(name).is_none() && content.is_of(path))
        });
        match alike {
            Some((name, _)) => {
                let was = said.record.image.clone();
                labels.renamed.push((was, (*name).clone()));
                labels.give(name, said);
            }
            None => {
                if matches!(said.record.label, Label::Ng { .. }) {
                    labels.lapsed.insert(without_ending(&said.record.image));
                }
                labels.unmatched.push(Unmatched {
                    image: said.record.image,
                    label: said.record.label,
                    why,
                })
            }
        }
    }
    labels
}
