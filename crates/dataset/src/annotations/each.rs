//! A file for each image: `X.json` of LabelMe or `X.xml` of Pascal VOC for `X.png`, beside it or in a folder of
//! its own.

use std::path::Path;

use rayon::prelude::*;

use super::by_name::ByName;
use super::find::{Annotated, has_ending};
use super::{labelme, voc};

/// Reads all that are named as images are.
pub(super) fn find(root: &Path, documents: &[&Path], by_name: &ByName<'_>) -> Annotated {
    let files: Vec<&Path> = documents
        .iter()
        .copied()
        .filter(|path| has_ending(path, "json") || has_ending(path, "xml"))
        .filter(|path| !by_name.called(path).is_empty())
        .collect();
    let read: Vec<_> = files
        .par_iter()
        .map(|path| match has_ending(path, "xml") {
            true => voc::parse(&root.join(path)),
            false => labelme::parse(&root.join(path)),
        })
        .collect();
    let is_any = read.iter().any(|read| matches!(read, Ok(Some(_))));
    let mut found = Annotated::default();
    for (path, annotation) in files.into_iter().zip(read) {
        let called = by_name.called(path);
        let is_beside = || called.iter().any(|image| image.parent() == path.parent());
        match annotation {
            Ok(None) => continue,
            // Among sound annotations it is one that was damaged.
            Err(_) if !(is_any || is_beside()) => continue,
            _ => {}
        }
        let images = match by_name.images_of(path) {
            Ok(images) => images,
            Err(reason) => {
                found.doubt_called(by_name, root, path, reason);
                continue;
            }
        };
        for image in images {
            match &annotation {
                Ok(Some(annotation)) => found.add(image, annotation.clone()),
                Ok(None) => {}
                Err(error) => found.damage(image, error.clone()),
            }
        }
    }
    found
}
