//! What a folder is for, by its name.

use super::names::{Word, joined, word};

/// What a folder is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Images to learn from.
    Train,
    /// More of them, kept aside by some to choose settings with.
    Validation,
    /// Images to test with.
    Test,
    /// The same, of which the truth is kept secret.
    Private,
    /// Masks.
    Masks,
    /// Images, and it does not say which.
    Container,
    /// Images of which it says what they show.
    Truth(Word),
    /// It does not say.
    Other,
}

const TRAIN: [&str; 8] = [
    "train",
    "training",
    "trainset",
    "traindata",
    "trainingset",
    "学習",
    "学習用",
    "训练",
];
const VALIDATION: [&str; 7] = [
    "validation",
    "valid",
    "val",
    "validate",
    "dev",
    "検証",
    "验证",
];
const TEST: [&str; 13] = [
    "test",
    "testing",
    "tests",
    "testset",
    "testdata",
    "testpublic",
    "eval",
    "evaluation",
    "inference",
    "テスト",
    "評価",
    "検査",
    "测试",
];
const PRIVATE: [&str; 2] = ["testprivate", "testprivatemixed"];
const MASKS: [&str; 28] = [
    "mask",
    "masks",
    "maskimages",
    "maskimage",
    "gt",
    "gts",
    "groundtruth",
    "groundtruths",
    "gtmasks",
    "groundtruthmasks",
    "label",
    "labels",
    "labelimages",
    "seg",
    "segs",
    "segmentation",
    "segmentations",
    "segmentationmasks",
    "binarymasks",
    "ann",
    "anns",
    "annotation",
    "annotations",
    "defectmasks",
    "マスク",
    "正解",
    "正解マスク",
    "掩码",
];
const CONTAINERS: [&str; 19] = [
    "images",
    "image",
    "img",
    "imgs",
    "data",
    "dataset",
    "photo",
    "photos",
    "pics",
    "pictures",
    "jpegimages",
    "rgb",
    "input",
    "inputs",
    "画像",
    "写真",
    "データ",
    "图像",
    "图片",
];

impl Role {
    /// By the name of a folder.
    pub fn of(name: &str) -> Self {
        let joined = joined(name);
        let is = |names: &[&str]| names.contains(&joined.as_str());
        if is(&TRAIN) {
            Self::Train
        } else if is(&VALIDATION) {
            Self::Validation
        } else if is(&PRIVATE) {
            Self::Private
        } else if is(&TEST) {
            Self::Test
        } else if is(&MASKS) {
            Self::Masks
        } else if is(&CONTAINERS) {
            Self::Container
        } else {
            word(name).map_or(Self::Other, Self::Truth)
        }
    }

    /// Whether it says which images are for what.
    pub fn is_split(self) -> bool {
        matches!(
            self,
            Self::Train | Self::Validation | Self::Test | Self::Private
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_known_whatever_the_spelling_of_their_names() {
        for (name, role) in [
            ("Train", Role::Train),
            ("validation", Role::Validation),
            ("val2017", Role::Validation),
            ("TEST", Role::Test),
            ("test_public", Role::Test),
            ("test_private_mixed", Role::Private),
            ("Ground-Truth", Role::Masks),
            ("Mask_images", Role::Masks),
            ("Label", Role::Masks),
            ("faulty_label", Role::Truth(Word::Defective)),
            ("Imgs", Role::Container),
            ("kos01", Role::Other),
        ] {
            assert_eq!(Role::of(name), role, "{name}");
        }
    }
}
