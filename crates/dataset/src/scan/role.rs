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

const TRAIN: &[&str] = &[
    "train",
    "training",
    "trains",
    "trainset",
    "traindata",
    "trainingset",
    "entrainement",
    "apprentissage",
    "entrenamiento",
    "treino",
    "trainingsdaten",
    "learn",
    "learning",
    "addestramento",
    "allenamento",
    "entraînement",
    "treinamento",
    "eğitim",
    "trening",
    "обучение",
    "обучающая",
    "学習",
    "学習用",
    "学習データ",
    "教師",
    "トレーニング",
    "訓練",
    "训练",
    "训练集",
    "학습",
    "학습용",
    "훈련",
    "훈련용",
];
const VALIDATION: &[&str] = &[
    "validation",
    "valid",
    "val",
    "validate",
    "validationset",
    "dev",
    "検証",
    "検証用",
    "验证",
    "验证集",
    "검증",
    "검증용",
    "バリデーション",
    "ヴァリデーション",
    "validierung",
    "validación",
    "validacion",
    "validazione",
];
const TEST: &[&str] = &[
    "test",
    "testing",
    "tests",
    "testset",
    "testdata",
    "testpublic",
    "eval",
    "evaluation",
    "inference",
    "prueba",
    "pruebas",
    "teste",
    "testes",
    "testdaten",
    "holdout",
    "predict",
    "тест",
    "тестовая",
    "тестовые",
    "テスト",
    "テスト用",
    "評価",
    "評価用",
    "検査",
    "検査用",
    "推論",
    "推論用",
    "ホールドアウト",
    "測試",
    "測試集",
    "测试",
    "测试集",
    "评估",
    "推断",
    "테스트",
    "테스트용",
    "평가",
    "추론",
    "시험",
];
/// Words for a test and for other things, too, such as specimens: below "good", and beside a folder for training,
/// they are read as the test.
const PERHAPS_TEST: &[&str] = &[
    "trial",
    "trials",
    "try",
    "check",
    "unseen",
    "prediction",
    "predictions",
    "prova",
    "prove",
    "essai",
    "essais",
    "probe",
    "proben",
    "versuch",
    "versuche",
    "próba",
    "zkouška",
    "testowanie",
    "проверка",
    "проверочный",
    "контроль",
    "試験",
    "試験用",
    "試し",
    "お試し",
    "トライ",
    "確認用",
    "判定用",
];
const PRIVATE: &[&str] = &["testprivate", "testprivatemixed"];
const MASKS: &[&str] = &[
    "mask",
    "masks",
    "maskimages",
    "maskimage",
    "gt",
    "gts",
    "groundtruth",
    "groundtruths",
    "gtmasks",
    "gtmask",
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
    // As CamVid calls them.
    "trainannot",
    "valannot",
    "testannot",
    "defaultannot",
    "defectmasks",
    "defectmask",
    "maske",
    "masken",
    "masque",
    "masques",
    "máscara",
    "máscaras",
    "mascara",
    "mascaras",
    "maschera",
    "maschere",
    "マスク",
    "マスク画像",
    "正解",
    "正解マスク",
    "正解画像",
    "掩码",
    "掩膜",
    "标签",
    "标注",
    "마스크",
    "라벨",
];
const CONTAINERS: &[&str] = &[
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
    "bilder",
    "画像",
    "写真",
    "データ",
    "数据",
    "데이터",
    "图像",
    "图片",
    "이미지",
];

impl Role {
    /// By the name of a folder.
    pub fn of(name: &str) -> Self {
        let whole = joined(name);
        // `2_test` is for the test; `0_data` and `1_data` may be two classes, and `1_mask` is of `1`.
        let joined = whole.trim_start_matches(char::is_numeric);
        let is_numbered = whole.len() - joined.len() == 1;
        // `学習画像` and `test_images` are for what the first word says.
        let bare = |container: &&str| joined.strip_suffix(*container);
        let bare = CONTAINERS
            .iter()
            .filter_map(bare)
            .find(|bare| !bare.is_empty());
        let bare = bare.unwrap_or(joined);
        // `検査画像` are images of an inspection.
        let bare = if bare == "検査" { joined } else { bare };
        let is = |names: &[&str]| names.contains(&joined) || names.contains(&bare);
        if is(TRAIN) {
            Self::Train
        } else if is(VALIDATION) {
            Self::Validation
        } else if is(PRIVATE) {
            Self::Private
        } else if is(TEST) {
            Self::Test
        } else if is(MASKS) {
            Self::Masks
        } else if CONTAINERS.contains(&joined) && !is_numbered {
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

/// Whether the name of a file has a word for the test in it, and none for another part.
pub(crate) fn is_called_after_test(stem: &str) -> bool {
    let words = stem.split(|one: char| !one.is_alphanumeric());
    let mut parts = words
        .map(Role::of)
        .filter(|role| role.is_split())
        .peekable();
    parts.peek().is_some() && parts.all(|role| matches!(role, Role::Test | Role::Private))
}

/// Whether a name may be that of images to test with.
pub(super) fn may_test(name: &str) -> bool {
    PERHAPS_TEST.contains(&joined(name).as_str())
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
            ("01_images", Role::Container),
            ("1_images", Role::Other),
            ("2_test", Role::Test),
            ("検査", Role::Test),
            ("検査画像", Role::Other),
            ("kos01", Role::Other),
        ] {
            assert_eq!(Role::of(name), role, "{name}");
        }
    }
}
