//! Which images of a folder are annotated, and by which files.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::by_name::ByName;
use super::{Annotation, AnnotationError, each, labels, shared};
use crate::catalog::Kind;
use crate::file_name::stem;

/// The annotations of a folder. Paths of images are below it.
#[derive(Debug, Default)]
pub(crate) struct Annotated {
    /// By image.
    pub images: BTreeMap<PathBuf, Annotation>,
    /// Whether they say of every image what it shows, whatever its folder is called.
    pub is_complete: bool,
    /// Files that were read as annotations.
    pub files: BTreeSet<PathBuf>,
    /// Files that cannot be used, and why: annotations, and the images that they are of.
    pub left_out: Vec<AnnotationError>,
    /// Images for the test, by the name of the file that annotates them.
    pub tested: HashSet<PathBuf>,
    /// Images whose annotation cannot be used.
    pub damaged: HashSet<PathBuf>,
    /// Images that an annotation may be of, and just as well of another image: nobody knows what they show.
    pub doubtful: HashSet<PathBuf>,
    /// The names of those of which all of one name are.
    pub(super) doubted: HashSet<String>,
}

/// Looks for annotations of these images in these documents, all below `root`: files of COCO and Datumaro, then labels of
/// YOLO in folders of their own, then a file of LabelMe or Pascal VOC for each image, then labels of YOLO
/// beside the images, as Darknet lays them, or in any other folder.
///
/// # Errors
/// A damaged file that would have been about all images.
pub(crate) fn find(
    root: &Path,
    images: &[&Path],
    documents: &[&Path],
) -> Result<Annotated, AnnotationError> {
    let mut found = in_any_form(root, images, documents)?;
    found.leave_open();
    Ok(found)
}

fn in_any_form(
    root: &Path,
    images: &[&Path],
    documents: &[&Path],
) -> Result<Annotated, AnnotationError> {
    let by_name = ByName::new(images);
    let shared = shared::find(root, documents, &by_name)?;
    if shared.is_complete {
        return Ok(shared);
    }
    let torn: HashSet<&Path> = shared
        .left_out
        .iter()
        .map(|one| one.file.as_path())
        .collect();
    let others: Vec<&Path> = documents
        .iter()
        .copied()
        .filter(|path| !torn.contains(root.join(path).as_path()))
        .collect();
    let documents = &others[..];
    let mut found = labels::in_labels(root, images, documents)
        .or_else(|| Some(each::find(root, documents, &by_name)).filter(Annotated::is_any))
        .or_else(|| labels::by_name(root, images, documents, &by_name))
        .unwrap_or_default();
    found.files.extend(shared.files);
    found.left_out.extend(shared.left_out);
    found.damaged.extend(shared.damaged);
    found.doubtful.extend(shared.doubtful);
    found.tested.extend(shared.tested);
    Ok(found)
}

impl Annotated {
    /// Whether they say something of some image.
    pub fn is_any(&self) -> bool {
        !(self.images.is_empty() && self.damaged.is_empty() && self.doubtful.is_empty())
    }

    /// One more annotation of an image: what any of them draws is defective.
    pub(super) fn add(&mut self, image: &Path, annotation: Annotation) {
        let file = annotation.outlines.file.clone();
        self.files.insert(file.clone());
        let joined = match self.images.remove(image) {
            Some(before) => before.joined(annotation),
            None => Ok(annotation),
        };
        match joined {
            Ok(annotation) => drop(self.images.insert(image.into(), annotation)),
            Err(reason) => self.damage(image, AnnotationError { file, reason }),
        }
    }

    /// Makes images doubtful of which something is said that nobody here knows, and that is not said of all of them.
    fn leave_open(&mut self) {
        let all = self.images.len();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for annotation in self.images.values() {
            let words: BTreeSet<&str> = annotation.unclear.iter().map(String::as_str).collect();
            words
                .into_iter()
                .for_each(|word| *counts.entry(word).or_default() += 1);
        }
        let plain: BTreeSet<String> = counts
            .into_iter()
            .filter(|(_, count)| all > 1 && *count == all)
            .map(|(word, _)| word.to_owned())
            .collect();
        for (image, annotation) in &mut self.images {
            annotation.unclear.retain(|word| !plain.contains(word));
            if !annotation.unclear.is_empty() && annotation.kind() == Kind::Normal {
                self.doubtful.insert(image.clone());
            }
        }
    }

    /// An annotation of an image that cannot be used.
    pub(super) fn damage(&mut self, image: &Path, error: AnnotationError) {
        self.damaged.insert(image.into());
        self.left_out.push(error);
    }

    /// A file that may be of any of the images that are called as it is. Very many files may be of as many images
    /// of one name: those are taken once.
    pub(super) fn doubt_called(
        &mut self,
        by_name: &ByName<'_>,
        root: &Path,
        file: &Path,
        reason: &str,
    ) {
        let called = match self.doubted.insert(stem(file)) {
            true => by_name.called(file),
            false => &[],
        };
        self.doubt(called, root.join(file), reason);
    }

    /// A file, or what one calls an image, that may be of any of these images.
    pub(super) fn doubt(&mut self, images: &[&Path], file: PathBuf, reason: &str) {
        self.doubtful
            .extend(images.iter().map(|image| image.to_path_buf()));
        self.left_out.push(AnnotationError {
            file,
            reason: reason.into(),
        });
    }
}

/// Whether the ending is this one, in any case.
pub(super) fn has_ending(path: &Path, ending: &str) -> bool {
    let own = path.extension().unwrap_or_default();
    own.eq_ignore_ascii_case(ending)
}

#[cfg(test)]
#[path = "find_tests.rs"]
mod tests;
