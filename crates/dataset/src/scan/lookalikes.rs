//! Images that look like masks, and are not named after others.

use std::collections::BTreeMap;
use std::path::Path;

use kizumi_image::decode::Limits;
use kizumi_image::mask_look::{Look, look};

use crate::file_name::stem;

/// Images of a series that are looked at, and the most series.
const LOOKED_AT: usize = 3;
const MAX_SERIES: usize = 16;

/// Of the images to learn from those that are called otherwise than the rest and look like masks, all of their series
/// that are looked at: `m0` and `m1` beside `p0` and `p1`, whether each folder holds many of them or one.
pub(super) fn lookalikes<'a>(learned: &[&'a Path]) -> Vec<&'a Path> {
    let mut by_name: BTreeMap<String, Vec<&Path>> = BTreeMap::new();
    let mut by_folder: BTreeMap<(&Path, String), Vec<&Path>> = BTreeMap::new();
    for path in learned {
        let folder = path.parent().unwrap_or(path);
        let letters = stem(path).replace(char::is_numeric, "");
        by_name.entry(letters.clone()).or_default().push(path);
        by_folder.entry((folder, letters)).or_default().push(path);
    }
    let found = among(by_name.into_values().collect());
    match found.is_empty() {
        true => among(by_folder.into_values().collect()),
        false => found,
    }
}

/// The series that look like masks, unless all do: then the parts look so.
fn among(series: Vec<Vec<&Path>>) -> Vec<&Path> {
    // As many names as that are no series.
    if !(2..=MAX_SERIES).contains(&series.len()) {
        return Vec::new();
    }
    let are_masks = |images: &&Vec<&Path>| {
        // A few may be blank by mistake.
        let mut shown = (0..LOOKED_AT).map(|at| images[at * images.len() / LOOKED_AT]);
        images.len() >= LOOKED_AT
            && shown.all(|image| look(image, Limits::PARALLEL) == Ok(Look::Mask))
    };
    let masks: Vec<_> = series.iter().filter(are_masks).collect();
    match masks.len() < series.len() {
        true => masks.into_iter().flatten().copied().collect(),
        false => Vec::new(),
    }
}
