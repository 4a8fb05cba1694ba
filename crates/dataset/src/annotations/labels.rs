//! Labels of YOLO: a text for each image.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use super::by_name::ByName;
use super::find::{Annotated, has_ending};
use super::{Annotation, yolo};
use crate::catalog::Kind;
use crate::file_name::stem;

/// Labels in folders of their own beside those of the images, if there are any.
pub(super) fn in_labels(root: &Path, images: &[&Path], documents: &[&Path]) -> Option<Annotated> {
    let pairs = images
        .iter()
        .filter_map(|image| Some((*image, labels_of(image)?)));
    find_yolo(root, pairs.collect(), documents)
}

/// Labels that lie beside their images or in any folder, if there are any.
pub(super) fn by_name(
    root: &Path,
    images: &[&Path],
    documents: &[&Path],
    by_name: &ByName<'_>,
) -> Option<Annotated> {
    let texts = documents
        .iter()
        .filter(|path| has_ending(path, "txt") && !by_name.called(path).is_empty());
    let mut of_image: HashMap<&Path, Vec<PathBuf>> = HashMap::new();
    let mut doubtful = Vec::new();
    for text in texts {
        match by_name.images_of(text) {
            Ok(images) => images
                .iter()
                .for_each(|image| of_image.entry(image).or_default().push(text.into())),
            Err(reason) => doubtful.push((*text, reason)),
        }
    }
    let pairs = images.iter().flat_map(|image| {
        let texts = of_image.remove(image);
        let texts = texts.unwrap_or_else(|| vec![image.with_extension("txt")]);
        texts.into_iter().map(|text| (*image, text))
    });
    let mut found = find_yolo(root, pairs.collect(), documents)?;
    for (text, reason) in doubtful {
        found.doubt_called(by_name, root, text, reason);
    }
    Some(found)
}

/// Each image is labelled by the file that it is paired with; without such a file it is normal.
fn find_yolo(root: &Path, pairs: Vec<(&Path, PathBuf)>, documents: &[&Path]) -> Option<Annotated> {
    let labels: HashSet<&Path> = documents
        .iter()
        .copied()
        .filter(|path| has_ending(path, "txt"))
        .collect();
    let has_labels = |(_, path): &&(&Path, PathBuf)| labels.contains(path.as_path());
    if pairs.iter().filter(has_labels).count() == 0 {
        return None;
    }
    let classes = class_names(root, documents);
    let names = classes.as_ref().map_or(&[][..], |(_, names)| names);
    let strays = match pairs.iter().all(|pair| has_labels(&pair)) {
        true => Vec::new(),
        false => strays(root, &pairs, &labels),
    };
    let read: Vec<_> = pairs
        .par_iter()
        .map(|pair| match has_labels(&pair) {
            true => yolo::parse(&root.join(&pair.1), names),
            false => Ok(Annotation::nothing(&root.join(&pair.1), None)),
        })
        .collect();
    let mut found = Annotated {
        is_complete: true,
        ..Annotated::default()
    };
    found
        .files
        .extend(classes.iter().map(|(file, _)| file.clone()));
    let mut is_yolo = false;
    for ((image, path), annotation) in pairs.iter().zip(read) {
        match annotation {
            // Any of those may be its own.
            Ok(_) if !strays.is_empty() && !labels.contains(path.as_path()) => {
                found.doubtful.insert(image.into());
            }
            Ok(annotation) => {
                // Empty texts may be of anything.
                is_yolo = is_yolo || labels.contains(path.as_path()) && has_words(&root.join(path));
                found.add(image, annotation);
            }
            Err(error) => found.damage(image, error),
        }
    }
    for stray in strays {
        found.doubt(&[], root.join(stray), "labels an image that is not there");
    }
    // Not one of them could be read: they are something else.
    is_yolo.then_some(found)
}

/// Labels with shapes that are called as no image is.
fn strays<'d>(
    root: &Path,
    pairs: &[(&Path, PathBuf)],
    labels: &HashSet<&'d Path>,
) -> Vec<&'d Path> {
    let images: HashSet<String> = pairs.iter().map(|(image, _)| stem(image)).collect();
    let mut strays: Vec<&Path> = labels
        .par_iter()
        .copied()
        .filter(|path| !images.contains(&stem(path)))
        .filter(|path| {
            let read = yolo::parse(&root.join(path), &[]);
            read.is_ok_and(|annotation| annotation.kind() != Kind::Normal)
        })
        .collect();
    strays.sort();
    strays
}

fn has_words(text: &Path) -> bool {
    let text = super::read(text).unwrap_or_default();
    !text.trim_ascii().is_empty()
}

/// `labels/.../X.txt` for `images/.../X.jpg`, as Ultralytics looks for it.
fn labels_of(image: &Path) -> Option<PathBuf> {
    let parts: Vec<Component<'_>> = image.components().collect();
    let is_images = |part: &Component<'_>| part.as_os_str().eq_ignore_ascii_case("images");
    let at = parts.iter().rposition(is_images)?;
    let parts = parts.iter().enumerate();
    let path: PathBuf = parts
        .map(|(index, part)| match index == at {
            true => OsStr::new("labels"),
            false => part.as_os_str(),
        })
        .collect();
    Some(path.with_extension("txt"))
}

/// What the classes are called, and the file that says it.
fn class_names(root: &Path, documents: &[&Path]) -> Option<(PathBuf, Vec<String>)> {
    let is_one = |path: &&&Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_near = path.components().count() <= 2;
        let endings = ["yaml", "yml", "names"];
        is_near && (name == "classes.txt" || endings.iter().any(|ending| has_ending(path, ending)))
    };
    let files = documents.iter().filter(is_one);
    let mut names = files.filter_map(|path| {
        let file = root.join(path);
        let bytes = super::read(&file).ok()?;
        let names = yolo::class_names(&String::from_utf8_lossy(super::without_bom(&bytes)));
        (!names.is_empty()).then_some((file, names))
    });
    names.next()
}
