//! Masks that lie beside their images.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use kizumi_image::decode::Limits;
use kizumi_image::dimensions::size_px;
use kizumi_image::file_error::FileError;
use kizumi_image::mask_look::{Look, look};
use kizumi_image::read_all::read_all;
use rayon::prelude::*;

use super::mask_names::{image_names, prefixes};
use crate::file_name;

/// How many files that are named in the same way are looked into before the others are taken to be alike.
const LOOKED_INTO: usize = 8;

/// Ways of naming that are told apart in a folder; where there are more, each file counts for itself, and what was
/// found of others says nothing of it.
const WAYS_MAX: usize = 64;

/// What an image file is beside the others in its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    /// An image.
    Image,
    /// The mask of another one.
    Mask,
    /// The one or the other.
    Unclear,
}

/// How the name of a file is made from that of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    /// It says that it is a mask: `X_mask` beside `X`.
    Marked,
    /// By its ending alone: `X.png` beside `X.bmp`.
    Alike,
    /// It goes on: `X_a` beside `X`.
    Longer,
}

/// Which of the image files of one folder are masks of others among them, by their names and by what they look
/// like, since neither says it alone: `X_label.png` may be a photograph of the label.
///
/// Only files that are named after others are looked into, [`LOOKED_INTO`] of each way of naming, each with the
/// file that it is named after; where these are alike the heads of the others are read. So of 50 000 images and
/// as many masks a few are decoded, unless they differ.
pub(crate) fn beside(files: &[PathBuf]) -> Vec<Beside> {
    let names: Vec<Name> = files.iter().map(|file| Name::of(file)).collect();
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        by_name.entry(&name.stem).or_default().push(at);
        by_name.entry(&name.whole).or_default().push(at);
    }
    let mut ways: BTreeMap<(Named, String), Vec<Candidate>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        if let Some((way, candidate)) = name.candidate(at, &by_name) {
            ways.entry((candidate.named, way))
                .or_default()
                .push(candidate);
        }
    }
    let are_merged = ways.len() > WAYS_MAX;
    if are_merged {
        let all = std::mem::take(&mut ways);
        for ((named, _), candidates) in all {
            ways.entry((named, String::new()))
                .or_default()
                .extend(candidates);
        }
    }
    let mut found = vec![Beside::Image; files.len()];
    for mut candidates in ways.into_values() {
        candidates.sort_by_key(|candidate| &files[candidate.at]);
        for (at, what) in decided(files, &candidates, are_merged) {
            found[at] = what;
        }
    }
    found
}

/// A file that is named after others.
struct Candidate {
    at: usize,
    /// The others.
    after: Vec<usize>,
    named: Named,
}

/// What files are that are named in one way, or in several that `are_merged`.
fn decided(files: &[PathBuf], candidates: &[Candidate], are_merged: bool) -> Vec<(usize, Beside)> {
    let step = candidates.len().div_ceil(LOOKED_INTO);
    let sample: Vec<&Candidate> = candidates.iter().step_by(step).collect();
    let sample = looked_into(files, &sample);
    let what = sample[0];
    let are_alike = sample.iter().all(|other| *other == what);
    let (alike, others): (Vec<&Candidate>, Vec<&Candidate>) = candidates
        .par_iter()
        .partition(|one| are_alike && agrees(&files[one.at], what, are_merged));
    let looked_into = looked_into(files, &others);
    let others = others.iter().map(|one| one.at).zip(looked_into);
    let alike = alike.iter().map(|one| (one.at, what));
    alike.chain(others).collect()
}

fn looked_into(files: &[PathBuf], candidates: &[&Candidate]) -> Vec<Beside> {
    let found = read_all(candidates, |one, limits| one.looked_into(files, limits));
    let found = found.into_iter();
    found.map(|what| what.unwrap_or(Beside::Image)).collect()
}

/// Whether a file may be the same as others of its name, as far as its size tells: masks compress to almost
/// nothing. Where that tells nothing the name must do, unless several ways of naming `are_merged`.
fn agrees(file: &Path, what: Beside, are_merged: bool) -> bool {
    /// Smaller files are looked into in no time.
    const SMALL_BYTES: u64 = 4 << 10;
    let ending = Name::of(file).ending;
    if matches!(&ending[..], "bmp" | "tif" | "tiff") {
        return !are_merged;
    }
    let Some((width, height)) = size_px(file) else {
        return true;
    };
    let bytes = fs::metadata(file).map_or(0, |metadata| metadata.len());
    // Photographs take half a bit a pixel, and mostly more; masks hardly ever two.
    let eighths = 64 * bytes / (width as u64 * height as u64).max(1);
    match what {
        Beside::Image => bytes > SMALL_BYTES && eighths > 4,
        _ => bytes < SMALL_BYTES || eighths < 16,
    }
}

impl Candidate {
    /// # Errors
    /// When a file is beyond these limits, and might be within wider ones.
    fn looked_into(&self, files: &[PathBuf], limits: Limits) -> Result<Beside, FileError> {
        // What cannot be read is what its name says.
        let look = |at: usize| match look(&files[at], limits) {
            Err(error) if error.reason.exceeds_limits() && limits != Limits::HARD => Err(error),
            read => Ok(read.ok()),
        };
        let others = || -> Result<Look, FileError> {
            let mut found = None;
            for at in &self.after {
                found = found.max(Some(look(*at)?.unwrap_or(Look::Photograph)));
            }
            Ok(found.unwrap_or(Look::Photograph))
        };
        Ok(match (self.named, look(self.at)?) {
            (Named::Marked, Some(Look::Photograph)) => Beside::Image,
            (Named::Marked, _) => Beside::Mask,
            (_, None | Some(Look::Photograph)) => Beside::Image,
            (_, Some(Look::Mask)) if others()? != Look::Mask => Beside::Mask,
            (_, Some(Look::Unclear)) if others()? == Look::Photograph => Beside::Unclear,
            // Of two that look like masks either may be the image.
            (Named::Alike, Some(Look::Mask)) => Beside::Unclear,
            _ => Beside::Image,
        })
    }
}

/// A file's name as it is compared.
struct Name {
    whole: String,
    stem: String,
    ending: String,
}

impl Name {
    fn of(file: &Path) -> Self {
        Self {
            whole: file_name::whole(file),
            stem: file_name::stem(file),
            ending: file_name::ending(file),
        }
    }

    /// What it is named after, if anything, and in which way.
    fn candidate(
        &self,
        at: usize,
        by_name: &HashMap<&str, Vec<usize>>,
    ) -> Option<(String, Candidate)> {
        let known = |name: &&str| by_name.contains_key(name);
        // Of `X`, `X_1` and `X_1_mask` the first is an image for sure.
        let marked = image_names(&self.stem).filter(known).last();
        let longer = || prefixes(&self.stem).filter(known).last();
        let alike = &by_name[&*self.stem];
        let (named, after, way) = if let Some(name) = marked {
            (Named::Marked, &by_name[name], self.stem.replace(name, ""))
        } else if alike.len() > 1 {
            (Named::Alike, alike, String::new())
        } else {
            let name = longer()?;
            (Named::Longer, &by_name[name], self.stem.replace(name, ""))
        };
        let after = after.iter().copied().filter(|other| *other != at);
        let letters = way.chars().filter(|letter| !letter.is_numeric());
        let way = letters.chain(['.']).chain(self.ending.chars()).collect();
        let after: Vec<usize> = after.collect();
        Some((way, Candidate { at, after, named }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;

    #[test]
    fn masks_are_found_among_photographs_of_very_many_names() {
        let dir = crate::test_folder::test_folder();
        let save = |name: &str, value: fn(u32, u32) -> u8| {
            let path = dir.path().join(name);
            let image = GrayImage::from_fn(32, 32, |x, y| Luma([value(x, y)]));
            image.save(&path).unwrap();
            path
        };
        let mut files = vec![save("p.bmp", |x, y| (7 * x + y) as u8)];
        for at in 0..=WAYS_MAX {
            let letters = ["abcdefgh"; 2].map(|all| all.chars());
            let [mut first, mut last] = letters;
            let (first, last) = (first.nth(at / 8).unwrap_or('x'), last.nth(at % 8).unwrap());
            let value = match at {
                5 => |x, y| 255 * u8::from(x + y < 9),
                _ => |x, y| (7 * x + y) as u8,
            };
            files.push(save(&format!("p_{first}{last}.bmp"), value));
        }
        let found = beside(&files);
        let masks = found.iter().enumerate();
        let masks = masks.filter(|(_, what)| **what != Beside::Image);
        let masks: Vec<_> = masks.map(|(at, what)| (at, *what)).collect();
        assert_eq!(masks, [(6, Beside::Mask)]);
    }
}
