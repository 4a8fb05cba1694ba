//! Files that are about many images: those of COCO and of Datumaro.

use std::path::Path;

use rayon::prelude::*;

use super::by_name::ByName;
use super::datumaro::Parsed;
use super::find::{Annotated, has_ending};
use super::{AnnotationError, coco, datumaro};
use crate::file_name::{comparable, stem};
use crate::scan::is_called_after_test;
use crate::walk;
use kizumi_image::regular;

/// How much of a JSON file is read to see whether it is one of COCO: what stands there before its images are
/// a licence and the names of classes.
const HEAD_BYTES: u64 = 256 << 10;

/// Reads all files of COCO and of Datumaro. What several of them say of one image counts together.
///
/// The beginning of every JSON file is read, which costs an open file each; of a set with a file of LabelMe for
/// each image it is but a part of what is read anyway.
///
/// # Errors
/// A damaged one that is not called as an image: it would have been about all of them.
pub(super) fn find(
    root: &Path,
    documents: &[&Path],
    by_name: &ByName<'_>,
) -> Result<Annotated, AnnotationError> {
    let files: Vec<&Path> = documents
        .par_iter()
        .copied()
        .filter(|path| has_ending(path, "json"))
        .filter(|path| {
            let may_be = is_meant(path) && by_name.called(path).is_empty();
            may_be || begins_as_coco(&root.join(path))
        })
        .collect();
    let mut found = Annotated::default();
    for path in files {
        let file = root.join(path);
        let entries = match parse(&file) {
            Ok(Some(entries)) => entries,
            Ok(None) => continue,
            // It is about the images that are called so, and spares the others.
            Err(error) if !by_name.called(path).is_empty() => {
                match by_name.images_of(path) {
                    Ok(images) => images
                        .iter()
                        .for_each(|image| found.damage(image, error.clone())),
                    Err(_) => found.doubt(by_name.called(path), file, &error.reason),
                }
                continue;
            }
            Err(error) => return Err(error),
        };
        found.files.insert(file);
        let is_of_test = is_called_after_test(&stem(path));
        for (name, annotation) in entries {
            match (place(by_name, path, &name), annotation) {
                (Place::Of(image), annotation) => {
                    match annotation {
                        Some(annotation) => found.add(image, annotation),
                        None => drop(found.doubtful.insert(image.into())),
                    }
                    if is_of_test {
                        found.tested.insert(image.into());
                    }
                }
                (Place::Missing, _) => found.left_out.push(AnnotationError {
                    file: root.join(name),
                    reason: "annotated, but missing".into(),
                }),
                (Place::OfSeveral(images), _) => found.doubt(
                    &images,
                    root.join(name),
                    "annotated, but several images are called so",
                ),
            }
        }
    }
    found.is_complete = !(found.images.is_empty() && found.doubtful.is_empty());
    Ok(found)
}

fn parse(file: &Path) -> Result<Option<Parsed>, AnnotationError> {
    let known = |(name, annotation)| (name, Some(annotation));
    match coco::parse(file)? {
        Some(entries) => Ok(Some(entries.into_iter().map(known).collect())),
        None => datumaro::parse(file),
    }
}

/// Whether a file by its name or folder holds annotations: damaged, it is no other program's.
fn is_meant(path: &Path) -> bool {
    let text = path.to_string_lossy().to_lowercase();
    ["annotation", "coco", "instances_"]
        .iter()
        .any(|word| text.contains(word))
}

/// Whether what can be read of a file begins as those of COCO do, whatever becomes of the rest.
fn begins_as_coco(file: &Path) -> bool {
    let head = regular::beginning(file, HEAD_BYTES);
    head.is_ok_and(|head| coco::begins_so(&String::from_utf8_lossy(&head)))
}

/// What is called by a name in a file.
enum Place<'a> {
    Of(&'a Path),
    Missing,
    OfSeveral(Vec<&'a Path>),
}

/// The image that a shared file calls `name`: the one whose path ends so, and of several the one that lies
/// nearest to the file.
fn place<'a>(by_name: &ByName<'a>, file: &Path, name: &str) -> Place<'a> {
    let name = comparable(&name.replace('\\', "/"));
    let wanted: Vec<&str> = name
        .split('/')
        .filter(|part| !matches!(*part, "" | "." | ".."))
        .collect();
    let is_bare = !walk::is_image(Path::new(&name));
    let ends_so = |image: &&Path| {
        let bare = image.with_extension("");
        let own = if is_bare { &bare } else { *image };
        let own = own.iter().rev();
        let own = own.map(|part| comparable(&part.to_string_lossy()));
        let mut own = own.map(Some).chain(std::iter::repeat(None));
        wanted
            .iter()
            .rev()
            .all(|part| own.next().flatten().is_some_and(|own| own == *part))
    };
    let stem = stem(file);
    let words: Vec<&str> = stem.split(|one: char| !one.is_alphanumeric()).collect();
    // Folders in common, then folders that the file is called after: instances_val2017 is of val2017.
    let nearness = |image: &Path| {
        let common = image
            .components()
            .zip(file.components())
            .take_while(|(one, other)| one == other)
            .count();
        let called = image.parent().is_some_and(|folder| {
            folder
                .iter()
                .any(|part| words.contains(&&*comparable(&part.to_string_lossy())))
        });
        (common, called)
    };
    // Looking through all images for each of as many entries would be slow.
    let (last, folders) = wanted.split_last().unwrap_or((&"", &[]));
    // The dot in a name without ending begins none.
    let called = if is_bare {
        format!("{last}.")
    } else {
        last.to_string()
    };
    let mut candidates = by_name.called_below(Path::new(&called), folders.iter().copied());
    candidates.retain(ends_so);
    candidates.sort_by_key(|image| std::cmp::Reverse(nearness(image)));
    match candidates[..] {
        [] => Place::Missing,
        [image] => Place::Of(image),
        [image, next, ..] if nearness(image) > nearness(next) => Place::Of(image),
        _ => Place::OfSeveral(candidates),
    }
}
