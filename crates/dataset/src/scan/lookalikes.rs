//! Images that look like masks, and are not named after others.

use std::collections::BTreeMap;
use std::path::Path;

use kizumi_image::decode::Limits;
use kizumi_image::mask_look::{Look, look};

use super::names::{comparable, readable};

/// Images of a series that are looked at, and the most series.
const LOOKED_AT: usize = 3;
const MAX_SERIES: usize = 16;

/// Of the images to learn from those that are called otherwise than the rest and look like masks, all of their series
/// that are looked at.
pub(super) fn lookalikes<'a>(learned: &[&'a Path]) -> Vec<&'a Path> {
    let mut series: BTreeMap<(&Path, String), Vec<&Path>> = BTreeMap::new();
    for path in learned {
        let folder = path.parent().unwrap_or(path);
        let stem = comparable(&readable(path.file_stem().unwrap_or_default()));
        let letters = stem.replace(char::is_numeric, "");
        series.entry((folder, letters)).or_default().push(path);
    }
    // As many names as that are no series.
    if !(2..=MAX_SERIES).contains(&series.len()) {
        return Vec::new();
    }
    let are_masks = |images: &&Vec<&Path>| {
        // A few may be blank by mistake.
        if images.len() < LOOKED_AT {
            return false;
        }
        let shown = images.len().min(LOOKED_AT);
        let mut shown = (0..shown).map(|at| images[at * images.len() / shown]);
        shown.all(|image| look(image, Limits::PARALLEL) == Ok(Look::Mask))
    };
    let masks: Vec<_> = series.values().filter(are_masks).collect();
    // Where all look so, the parts do.
    match masks.len() < series.len() {
        true => masks.into_iter().flatten().copied().collect(),
        false => Vec::new(),
    }
}
