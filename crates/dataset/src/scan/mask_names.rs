//! How masks are named after their images.

use super::role::Role;

/// Words that mark a mask, before or behind the name of its image.
const MARKS: [&str; 16] = [
    "mask",
    "masks",
    "gt",
    "label",
    "labels",
    "seg",
    "segmentation",
    "groundtruth",
    "ground_truth",
    "ground-truth",
    "ann",
    "annotation",
    "defectmask",
    "マスク",
    "正解",
    "掩码",
];

const SEPARATORS: [char; 4] = ['_', '-', '.', ' '];

/// The name of the image in a mask's name, both without their endings and as
/// [`super::names::comparable`] makes them: `000_mask`, `000-mask2` and `mask_000` belong to `000`. `None`
/// for a name without a mark.
pub(super) fn image_name(stem: &str) -> Option<&str> {
    let behind = stem.trim_end_matches(|letter: char| letter.is_ascii_digit());
    // A number behind the mark tells the masks of one image apart.
    let behind = match stem.len() == behind.len() {
        true => behind,
        false => behind.trim_end_matches(SEPARATORS),
    };
    let suffix = MARKS.iter().find_map(|mark| {
        let name = behind.strip_suffix(mark)?;
        name.strip_suffix(SEPARATORS)
    });
    let prefix = || {
        MARKS.iter().find_map(|mark| {
            let name = stem.strip_prefix(mark)?;
            name.strip_prefix(SEPARATORS)
        })
    };
    suffix.or_else(prefix).filter(|name| !name.is_empty())
}

/// The name of the folder of images in that of the folder of their masks, such as `good_mask_images` and
/// `良品マスク`, as [`joined_words`] of what [`super::names::comparable`] makes it. `None` for a name without a mark.
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
        ] {
            assert_eq!(image_name(mask), Some("000"), "{mask}");
        }
        assert_eq!(image_name("0.png_mask"), Some("0.png"));
        for image in [
            "000", "mask", "_mask", "unmasked", "label1", "000mask", "gtx_1",
        ] {
            assert_eq!(image_name(image), None, "{image}");
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
