//! Data sets that annotations of defects describe.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::arrangement::Order;
use super::deciding::Candidate;
use super::error::ScanError;
use super::found::Found;
use super::names::is_called_normal;
use super::names_below;
use super::reading::{Split, Use, says_bad};
use super::role::Role;
use crate::annotations::{Annotation, find};
use crate::catalog::Kind;
use crate::left_out::{LeftOut, Reason};
use crate::note::Note;
use kizumi_image::mask_source::MaskSource;

/// Endings of files that may describe images.
const DOCUMENTS: [&str; 18] = [
    ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".txt", ".lst", ".list", ".xml", ".yaml", ".yml",
    ".names", ".parquet", ".xlsx", ".xlsm", ".ods", ".xls", "",
];

/// Whether some of what was left out may describe images.
pub(super) fn has_documents(left_out: &[LeftOut]) -> bool {
    left_out.iter().any(is_document)
}

fn is_document(one: &LeftOut) -> bool {
    match &one.reason {
        Reason::NotAnImage(ending) => DOCUMENTS.contains(&ending.as_str()),
        _ => false,
    }
}

/// Those files, below the folder.
pub(super) fn documents<'a>(root: &Path, left_out: &'a [LeftOut]) -> Vec<&'a Path> {
    let documents = left_out.iter().filter(|one| is_document(one));
    documents
        .filter_map(|one| one.path.strip_prefix(root).ok())
        .collect()
}

/// What annotations say of the images of a folder.
pub(super) struct Annotations {
    by_image: HashMap<PathBuf, Annotation>,
    damaged: BTreeSet<PathBuf>,
    /// Images that one of them may be of, or of another of their name.
    doubtful: BTreeSet<PathBuf>,
    /// Images for the test, whatever their folders are called.
    tested: BTreeSet<PathBuf>,
    /// Whether they say more than the names of folders.
    decides: bool,
    left_out: Vec<LeftOut>,
    files: BTreeSet<PathBuf>,
}

impl Annotations {
    /// Looks for them; `None` without any.
    ///
    /// # Errors
    /// A damaged file that is about many images.
    pub fn find(root: &Path, found: &Found, order: Order) -> Result<Option<Self>, ScanError> {
        let below = |path: &PathBuf| path.strip_prefix(root).ok().map(Path::to_owned);
        let images: Vec<PathBuf> = found.images.iter().filter_map(below).collect();
        let images: Vec<&Path> = images.iter().map(PathBuf::as_path).collect();
        let documents = documents(root, &found.left_out);
        let annotated = find::find(root, &images, &documents);
        let annotated = annotated.map_err(|error| ScanError::Annotation {
            path: error.file,
            reason: error.reason,
        })?;
        let is_any = annotated.is_any();
        if !is_any && annotated.left_out.is_empty() {
            return Ok(None);
        }
        let mut files = annotated.files;
        let left_out = annotated.left_out.into_iter().map(|error| LeftOut {
            path: error.file,
            reason: Reason::Annotation(error.reason),
        });
        let left_out: Vec<LeftOut> = left_out.collect();
        files.extend(left_out.iter().map(|one| one.path.clone()));
        let images = annotated.images.into_iter();
        let all = |paths: HashSet<PathBuf>| paths.into_iter().map(|path| root.join(path)).collect();
        Ok(Some(Self {
            files,
            by_image: images
                .map(|(path, annotation)| (root.join(path), annotation))
                .collect(),
            damaged: all(annotated.damaged),
            doubtful: all(annotated.doubtful),
            tested: all(annotated.tested),
            decides: annotated.is_complete || is_any && order == Order::Loose,
            left_out,
        }))
    }

    /// An image that is for what its annotation says where that decides, else for what names say. A defect that
    /// is drawn on a training image keeps that out of training.
    pub fn applied(&self, root: &Path, image: Candidate) -> Candidate {
        Candidate {
            is_for: self.use_of(root, &image.path, image.is_for),
            path: image.path,
        }
    }

    fn use_of(&self, root: &Path, path: &Path, by_names: Use) -> Use {
        if self.damaged.contains(path) {
            return Use::LeftOut(Reason::AnnotationDamaged);
        }
        if self.doubtful.contains(path) {
            return match by_names {
                Use::Train | Use::Look(Split::Train | Split::Given, _) => {
                    Use::LeftOut(Reason::NotKnownNormal)
                }
                Use::Test(Kind::Defect(_)) | Use::LeftOut(_) => by_names,
                _ => Use::Test(Kind::Unknown),
            };
        }
        if self.by_image.is_empty() && !self.decides {
            // They are of images that are not here under their names: nothing is normal for want of a mask.
            return match by_names {
                Use::Look(Split::Open, None) => Use::Look(Split::Open, Some("defect".into())),
                by_names => by_names,
            };
        }
        let kind = self.by_image.get(path).map(Annotation::kind);
        if !self.decides {
            let is_defective = matches!(kind, Some(Kind::Defect(_)));
            return match (by_names, kind) {
                (Use::Train | Use::Ask | Use::Look(Split::Train | Split::Given, _), _)
                    if is_defective =>
                {
                    Use::LeftOut(Reason::DefectInTraining)
                }
                (Use::Look(Split::Test | Split::Open, _), Some(kind)) => Use::Test(kind),
                (by_names, _) => by_names,
            };
        }
        match (kind, by_names) {
            // In a folder called NG, or unsorted, nobody outlined anything yet: that makes nothing normal.
            (
                Some(Kind::Normal),
                by_names @ (Use::Test(Kind::Defect(_) | Kind::Unknown)
                | Use::LeftOut(Reason::DefectInTraining | Reason::NotKnownNormal)),
            ) => by_names,
            // What may take "normal" back in the name of a folder. Asking would lose the outlines of all the others.
            (Some(Kind::Normal), Use::Ask)
                if folders_of(root, path)
                    .iter()
                    .any(|name| is_called_normal(name)) =>
            {
                Use::Test(Kind::Unknown)
            }
            // Too deep down to be read as a rule.
            (Some(Kind::Normal), _) if says_bad(&folders_of(root, path)) => {
                Use::Test(Kind::Unknown)
            }
            (Some(Kind::Normal), _) if self.tested.contains(path) => Use::Test(Kind::Normal),
            (Some(Kind::Normal), _)
                if !folders_of(root, path).iter().any(|name| is_for_test(name)) =>
            {
                Use::Train
            }
            // Those who outline defects part them for another kind of training; here they are for the test.
            (Some(kind), _) => Use::Test(kind),
            (None, _) => Use::Test(Kind::Unknown),
        }
    }

    /// Whether they say what images show, instead of the names of folders.
    pub fn decides(&self) -> bool {
        self.decides
    }

    /// Takes what was used off the list of what is left out, and adds what cannot be used.
    pub fn correct(&self, left_out: &mut Vec<LeftOut>) {
        left_out.retain(|one| !self.files.contains(&one.path));
        left_out.extend(self.left_out.iter().cloned());
    }

    /// What a person should know.
    pub fn notes(&self) -> Vec<Note> {
        let boxes = self.by_image.values().filter(|one| one.has_boxes).count();
        let mut notes = Vec::new();
        if !self.by_image.is_empty() {
            notes.push(Note::Annotated {
                images: self.by_image.len(),
            });
        }
        if boxes > 0 {
            notes.push(Note::Boxed { images: boxes });
        }
        let unclear = self.by_image.values().filter(|one| !one.unclear.is_empty());
        let words: BTreeSet<&String> = unclear.clone().flat_map(|one| &one.unclear).collect();
        if !words.is_empty() {
            notes.push(Note::UnknownWords {
                images: unclear.count(),
                words: words.into_iter().cloned().collect(),
            });
        }
        notes
    }

    /// The images that they call defective.
    pub fn defective(&self) -> impl Iterator<Item = &Path> {
        let defective = self.by_image.iter();
        let defective = defective.filter(|(_, one)| matches!(one.kind(), Kind::Defect(_)));
        defective.map(|(path, _)| path.as_path())
    }

    /// The shapes of an image as its mask.
    pub fn mask_of(&self, path: &Path) -> Option<MaskSource> {
        self.by_image.get(path)?.clone().mask()
    }
}

/// The names of the folders that an image lies in.
fn folders_of(root: &Path, path: &Path) -> Vec<String> {
    let folder = path.parent().unwrap_or(path);
    names_below(folder, root).unwrap_or_default()
}

/// Whether a folder's name says that its images are to test with.
pub(super) fn is_for_test(name: &str) -> bool {
    matches!(Role::of(name), Role::Test | Role::Private)
}
