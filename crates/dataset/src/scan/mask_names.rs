//! How masks are named after their images.

use std::path::Path;

use super::names::{Word, word};
use super::role::Role;
use crate::file_name::stem;

/// Words that mark a mask, before or behind the name of its image.
const MARKS: [&str; 17] = [
    "mask",
    "masks",
    "msk",
    "gt",
    "label",
    "labels",
    "seg",
    "segmentation",
    "groundtruth",
    "truth",
    "ann",
    "annotation",
    "defectmask",
    "マスク画像",
    "マスク",
    "正解",
    "掩码",
];

/// What stands between the words of a name.
pub(super) const SEPARATORS: [char; 8] = ['_', '-', '.', ' ', '(', ')', '（', '）'];

/// The names that the image of a mask may have, the longest first, all without their endings and as
/// [`crate::file_name::comparable`] makes them: `000_mask`, `000-mask2`, `000_gt_mask`, `000_mask_a(1)` and `mask_000`
/// may belong to `000`. None for a name without a mark.
pub(super) fn image_names(stem: &str) -> impl Iterator<Item = &str> {
    let is_marked = |rest: &str| {
        let mut words = rest.split(SEPARATORS);
        words.any(|word| {
            MARKS.contains(&word.trim_end_matches(|letter: char| letter.is_ascii_digit()))
        })
    };
    let before = prefixes(stem).filter(move |name| is_marked(&stem[name.len()..]));
    let behind = stem
        .match_indices(SEPARATORS)
        .map(|(at, separator)| (&stem[..at], &stem[at + separator.len()..]))
        .filter(move |(rest, name)| !name.is_empty() && is_marked(rest))
        .map(|(_, name)| name);
    // Japanese and Chinese are written without spaces.
    let unspaced = MARKS
        .iter()
        .filter(|mark| !mark.is_ascii())
        .filter_map(|mark| stem.strip_suffix(mark).or_else(|| stem.strip_prefix(mark)))
        .map(|name| name.trim_matches(SEPARATORS))
        .filter(|name| !name.is_empty());
    before.chain(behind).chain(unspaced)
}

/// The beginnings of a name that end before a separator, the longest first.
pub(super) fn prefixes(stem: &str) -> impl Iterator<Item = &str> {
    stem.rmatch_indices(SEPARATORS)
        .map(|(at, _)| stem[..at].trim_end_matches(SEPARATORS))
        .filter(|name| !name.is_empty())
}

/// Whether what follows the name of an image in that of a mask says that it marks no defects but where to look.
pub(super) fn is_of_interest(rest: &str) -> bool {
    rest.split(SEPARATORS).any(|word| word == "roi")
}

/// Words for a region to look at, and for one where something was found.
const REGIONS: [&str; 12] = [
    "region",
    "regions",
    "area",
    "zone",
    "aoi",
    "fov",
    "crop",
    "foreground",
    "fg",
    "object",
    "領域",
    "検査領域",
];

/// Whether a mask is called as one that marks no defects but where to look may be, and not as one of defects.
pub(super) fn may_be_of_interest(mask: &Path) -> bool {
    let stem = stem(mask);
    let mut words = stem.split(SEPARATORS);
    words.any(|word| REGIONS.contains(&word)) && !word(&stem).is_some_and(Word::is_bad)
}

/// The name of the folder of images in that of the folder of their masks, such as `good_mask_images` and
/// `良品マスク`, as [`joined_words`] of what [`crate::file_name::comparable`] makes it. `None` for a name without a mark.
pub(super) fn folder_name(name: &str) -> Option<String> {
    let unspaced = MARKS.iter().filter(|mark| !mark.is_ascii());
    let mut rest = name.to_owned();
    for mark in unspaced {
        rest = rest.replace(mark, "_");
    }
    let is_about_images = |word: &&str| !MARKS.contains(word) && Role::of(word) != Role::Container;
    let images = rest.split(SEPARATORS).filter(is_about_images);
    let images = joined_words(&images.collect::<Vec<_>>().join("_"));
    let is_marked = rest != name || name.split(SEPARATORS).any(|word| MARKS.contains(&word));
    (is_marked && !images.is_empty()).then_some(images)
}

/// A name with one separator between all its words.
pub(super) fn joined_words(name: &str) -> String {
    let words = name.split(SEPARATORS).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_before_or_behind_the_name_of_the_image() {
        for mask in [
            "000_mask",
            "000_gt",
            "000_label",
            "000_seg",
            "000-mask",
            "000.mask",
            "000 mask",
            "mask_000",
            "gt-000",
            "000_mask_1",
            "000_mask2",
            "000_ground_truth",
            "000_マスク",
            "000マスク画像",
            "マスク000",
            "000_gt_mask",
            "000_defect_mask",
            "000_msk",
            "000_mask_a",
            "000_mask(1)",
            "000_mask-1",
            "000_mask_scratch",
            "000_annotation_mask",
            "gt_mask_000",
        ] {
            assert!(image_names(mask).any(|name| name == "000"), "{mask}");
        }
        assert_eq!(image_names("0.png_mask").next(), Some("0.png"));
        for image in [
            "000", "mask", "_mask", "unmasked", "label1", "000mask", "gtx_1",
        ] {
            assert_eq!(image_names(image).next(), None, "{image}");
        }
    }

    #[test]
    fn folders_of_masks_are_named_after_those_of_their_images() {
        for (masks, images) in [
            ("scratch_mask", Some("scratch")),
            ("good_mask_images", Some("good")),
            ("defect_gt", Some("defect")),
            ("良品マスク", Some("良品")),
            ("マスク画像_ng", Some("ng")),
            ("masks", None),
            ("maskless", None),
            ("good_images", None),
        ] {
            assert_eq!(folder_name(masks).as_deref(), images, "{masks}");
        }
    }
}
