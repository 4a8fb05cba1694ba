//! Masks that lie beside their images.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use kizumi_image::mask_look::looks_like_mask;
use kizumi_image::shown::path_text;

use super::mask_names::image_name;
use super::names::comparable;

/// Endings of photographs that a mask of the same name may lie beside: it would not survive them.
const LOSSY: [&str; 4] = ["jpg", "jpeg", "jpe", "jfif"];

/// How many files of a folder are looked into before all of their kind are taken as masks.
const LOOKED_INTO: usize = 3;

/// Which of the image files of one folder are masks of others among them: `X_mask.png` beside `X.png`, and
/// `X.png` beside `X.jpg` where it looks like a mask.
pub(crate) fn masks_beside(files: &[PathBuf]) -> Vec<bool> {
    let names: Vec<Name> = files.iter().map(|file| Name::of(file)).collect();
    let stems: HashSet<&str> = names.iter().map(|name| name.stem.as_str()).collect();
    let whole: HashSet<&str> = names.iter().map(|name| name.whole.as_str()).collect();
    let is_marked = |name: &Name| {
        image_name(&name.stem).is_some_and(|image| stems.contains(image) || whole.contains(image))
    };
    let mut is_mask: Vec<bool> = names.iter().map(is_marked).collect();

    let photographs: HashSet<&str> = names
        .iter()
        .filter(|name| name.is_lossy())
        .map(|name| name.stem.as_str())
        .collect();
    let twins = names.iter().enumerate();
    let twins =
        twins.filter(|(_, name)| !name.is_lossy() && photographs.contains(name.stem.as_str()));
    let twins: Vec<usize> = twins.map(|(at, _)| at).collect();
    let mut looked_into = twins.iter().take(LOOKED_INTO);
    if looked_into.all(|&at| looks_like_mask(&files[at])) {
        for at in twins {
            is_mask[at] = true;
        }
    }
    is_mask
}

/// A file's name as it is compared.
struct Name {
    whole: String,
    stem: String,
    ending: String,
}

impl Name {
    fn of(file: &Path) -> Self {
        let text = |part: Option<&std::ffi::OsStr>| {
            comparable(&path_text(Path::new(part.unwrap_or_default())))
        };
        Self {
            whole: text(file.file_name()),
            stem: text(file.file_stem()),
            ending: text(file.extension()),
        }
    }

    fn is_lossy(&self) -> bool {
        LOSSY.contains(&self.ending.as_str())
    }
}
