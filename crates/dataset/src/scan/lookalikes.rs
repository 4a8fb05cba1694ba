//! Images that look like masks, and are not named after others.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kizumi_image::decode::Limits;
use kizumi_image::mask_look::{Look, look};

use crate::file_name::stem;

/// Images of a series that are looked at, and the most series.
const LOOKED_AT: usize = 3;
const MAX_SERIES: usize = 16;

/// How many times the bytes of a mask a photograph of its size needs, at least.
const SMALLER: u64 = 8;

/// One of them may be a picture that went wrong.
const FEWEST: usize = 2;

/// Small files that are looked at.
const MAX_SMALL: usize = 256;

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
    let found = match found.is_empty() {
        true => among(by_folder.into_values().collect()),
        false => found,
    };
    match found.is_empty() {
        true => small(learned),
        false => found,
    }
}

/// Those that look like masks among photographs that need many times the bytes, whatever they are called.
fn small<'a>(learned: &[&'a Path]) -> Vec<&'a Path> {
    let bytes = |path: &&'a Path| {
        let metadata = fs::metadata(path).ok()?;
        Some((metadata.len(), *path))
    };
    let mut by_size: Vec<(u64, &Path)> = learned.iter().filter_map(bytes).collect();
    by_size.sort_unstable();
    let larger = &by_size[by_size.len() / 2..];
    let Some((most, _)) = larger.first().copied() else {
        return Vec::new();
    };
    let small = by_size
        .iter()
        .map_while(|(bytes, path)| (SMALLER * bytes < most).then_some(*path));
    let small: Vec<&Path> = small.take(MAX_SMALL).collect();
    // Parts may look so, too.
    let is = |what: Look| move |image: &&Path| look(image, Limits::PARALLEL) == Ok(what);
    let mut shown = (0..LOOKED_AT).map(|at| larger[at * larger.len() / LOOKED_AT].1);
    if small.len() < FEWEST || !shown.all(|image| is(Look::Photograph)(&image)) {
        return Vec::new();
    }
    let masks: Vec<&Path> = small.into_iter().filter(is(Look::Mask)).collect();
    match masks.len() < FEWEST {
        true => Vec::new(),
        false => masks,
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
