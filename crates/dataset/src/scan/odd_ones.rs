//! A few images among many of another size or other colours than these: what was put into the folder by mistake.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use kizumi_image::dimensions::size_px;
use kizumi_image::regular;
use rayon::prelude::*;

use crate::file_name::ending;

/// Images whose heads are read, in all.
const MAX_IMAGES: usize = 4096;

/// Images of a folder that are alike, at least, and the smallest share of it.
const FEWEST: usize = 6;
const MOST: f64 = 0.8;

/// How many times the pixels, or the longer side for the same shorter one, of others a picture has at least that is none of them.
const TIMES_PIXELS: f64 = 1.3;
const TIMES_LONGER: f64 = 1.15;

/// What the head of a file says of its picture.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Head {
    /// The longer and the shorter side: cameras are turned.
    sides: (usize, usize),
    /// Whether it has colours, and more than 8 bits, where that is cheap to know.
    colours: Option<(bool, bool)>,
}

/// The images that are clearly of another size, shape, depth or other colours than nearly all others in their folder.
pub(super) fn odd_ones(images: &[PathBuf]) -> Vec<&PathBuf> {
    let mut folders: BTreeMap<Option<&Path>, Vec<&PathBuf>> = BTreeMap::new();
    for image in images {
        folders.entry(image.parent()).or_default().push(image);
    }
    let mut left = MAX_IMAGES;
    let mut odd = Vec::new();
    for images in folders.into_values() {
        if images.len() <= FEWEST || images.len() > left {
            continue;
        }
        left -= images.len();
        let heads: Vec<Option<Head>> = images.par_iter().map(|image| Head::of(image)).collect();
        let mut counts: HashMap<Head, usize> = HashMap::new();
        for head in heads.iter().flatten() {
            *counts.entry(*head).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        let are_alike =
            |count: usize| count >= FEWEST && count as f64 >= MOST * images.len() as f64;
        let Some((usual, _)) = most.filter(|(_, count)| are_alike(*count)) else {
            continue;
        };
        let both = images.into_iter().zip(heads);
        let others = both.filter(|(_, head)| head.is_some_and(|head| head.is_other_than(&usual)));
        odd.extend(others.map(|(image, _)| image));
    }
    odd
}

impl Head {
    fn of(image: &Path) -> Option<Self> {
        let (width, height) = size_px(image)?;
        let colours = match ending(image).as_str() {
            // Behind the size stand the bits of a value and what values there are.
            "png" => regular::beginning(image, 26).ok().and_then(|head| {
                let [.., bits, kind] = head[..] else {
                    return None;
                };
                Some((matches!(kind, 2 | 3 | 6), bits > 8))
            }),
            _ => None,
        };
        Some(Self {
            sides: (width.max(height), width.min(height)),
            colours,
        })
    }

    fn is_other_than(&self, usual: &Self) -> bool {
        let times = |one: f64, other: f64| one.max(other) / one.min(other).max(f64::MIN_POSITIVE);
        let pixels = |head: &Self| head.sides.0 as f64 * head.sides.1 as f64;
        let longer = |head: &Self| head.sides.0 as f64 / head.sides.1.max(1) as f64;
        let both = self.colours.zip(usual.colours);
        both.is_some_and(|(own, other)| own != other)
            || times(pixels(self), pixels(usual)) >= TIMES_PIXELS
            || times(longer(self), longer(usual)) >= TIMES_LONGER
    }
}
