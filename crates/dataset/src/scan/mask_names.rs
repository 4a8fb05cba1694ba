//! How masks are named after their images.

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
}
