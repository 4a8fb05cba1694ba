//! The layouts of people who sort parts, and those of other programs.

use std::path::PathBuf;

use super::*;

const LAYOUTS: &[Row] = &[
    (
        "OK and NG",
        &[("OK/{}.png", 12, Photo), ("NG/{}.png", 5, Photo)],
        (12, 0, 5, 0, 0, 0),
        &["NG"],
    ),
    (
        "OK and NG by day",
        &[
            ("2026-11-29/OK/{}.png", 6, Photo),
            ("2026-11-29/NG/{}.png", 2, Photo),
            ("2026-11-30/OK/{}.png", 6, Photo),
            ("2026-11-30/NG/dent/{}.png", 3, Photo),
        ],
        (12, 0, 5, 0, 0, 0),
        &["NG", "dent"],
    ),
    (
        "OK and NG in Japanese",
        &[("良品/{}.png", 12, Photo), ("不良品/{}.png", 5, Photo)],
        (12, 0, 5, 0, 0, 0),
        &["不良品"],
    ),
    (
        "numbered, with spaces",
        &[
            ("0_good /{}.png", 12, Photo),
            ("1_no good/{}.png", 5, Photo),
            ("2_unknown/{}.png", 2, Photo),
        ],
        (12, 0, 5, 2, 0, 0),
        &["1_no good"],
    ),
    (
        "good and named defects",
        &[
            ("good/{}.png", 12, Photo),
            ("scratch/{}.png", 3, Photo),
            ("キズ/{}.png", 2, Photo),
        ],
        (12, 0, 5, 0, 0, 0),
        &["scratch", "キズ"],
    ),
    (
        "folders as anomalib is told of",
        &[
            ("good/{}.jpg", 12, Photo),
            ("crack/{}.jpg", 5, Photo),
            ("mask/crack/{}.jpg", 5, Blob),
        ],
        (12, 0, 5, 0, 5, 0),
        &["crack"],
    ),
    (
        "casting: classes in train and test",
        &[
            ("train/ok_front/{}.jpeg", 12, Photo),
            ("train/def_front/{}.jpeg", 5, Photo),
            ("test/ok_front/{}.jpeg", 3, Photo),
            ("test/def_front/{}.jpeg", 4, Photo),
        ],
        (12, 3, 4, 0, 0, 5),
        &["def_front"],
    ),
    (
        "MVTec in Japanese",
        &[
            ("学習/良品/{}.png", 12, Photo),
            ("テスト/良品/{}.png", 6, Photo),
            ("テスト/キズ/{}.png", 6, Photo),
            ("正解/キズ/{}.png", 6, Blob),
        ],
        (12, 6, 6, 0, 6, 0),
        &["キズ"],
    ),
    (
        "masks beside test images",
        &[
            ("train/good/{}.png", 10, Photo),
            ("test/blob/{}.png", 6, Photo),
            ("test/blob/mask_{}.png", 6, Blob),
        ],
        (10, 0, 6, 0, 6, 0),
        &["blob"],
    ),
    (
        "masks in a folder beside that of their images",
        &[
            ("train/good/{}.png", 10, Photo),
            ("test/good/{}.png", 3, Photo),
            ("test/blob/{}.png", 6, Photo),
            ("test/blob_mask/{}.png", 6, Blob),
        ],
        (10, 3, 6, 0, 6, 0),
        &["blob"],
    ),
    (
        "masks flat, of other endings",
        &[
            ("train/good/{}.jpg", 10, Photo),
            ("test/good/g{}.jpg", 3, Photo),
            ("test/blob/b{}.jpg", 6, Photo),
            ("GroundTruth/b{}-mask.bmp", 6, Blob),
        ],
        (10, 3, 6, 0, 6, 0),
        &["blob"],
    ),
    (
        "images and masks",
        &[
            ("images/{}.png", 14, Photo),
            ("masks/{}.png", 10, Black),
            ("masks/1{}.png", 4, Blob),
        ],
        (10, 0, 4, 0, 4, 0),
        &["defect"],
    ),
    (
        "days",
        &[
            ("2026-11-29/{}.png", 6, Photo),
            ("2026-11-30/{}.png", 6, Photo),
        ],
        (12, 0, 0, 0, 0, 0),
        &[],
    ),
    (
        "images alone",
        &[("{}_face_mask.png", 12, Photo)],
        (12, 0, 0, 0, 0, 0),
        &[],
    ),
];

#[test]
fn every_layout_of_sorted_parts_is_counted_as_it_is_meant() {
    hold(LAYOUTS);
}

#[test]
fn what_images_show_may_be_said_before_what_they_are_for() {
    for [train, test, bad] in [
        ["good/train", "good/test", "bad/test"],
        ["train_ok", "test_ok", "test_ng"],
        ["良品_学習用", "良品_評価用", "不良品_評価用"],
        ["OK/学習", "OK/評価", "NG/評価"],
        ["train/bolt/OK", "test/bolt/OK", "test/bolt/NG"],
        ["OK/学習画像", "OK/テスト画像", "NG/テスト画像"],
        ["good/1_train", "good/2_test", "bad/2_test"],
    ] {
        let folder = crate::test_folder::test_folder();
        for (inner, count) in [(train, 12), (test, 3), (bad, 4)] {
            for number in 0..count {
                write(&folder.path().join(format!("{inner}/{number}.png")), Photo);
            }
        }
        let catalog = scan(folder.path()).unwrap();
        assert_eq!(counts(&catalog), (12, 3, 4, 0, 0, 0), "{train}");
    }
}

#[test]
fn results_of_this_program_are_no_images() {
    let folder = build(&[
        ("{}.png", 12, Photo),
        ("out/{}_heatmap.png", 12, Photo),
        ("out/results.csv", 1, Text),
        ("out/results.jsonl", 1, Text),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(counts(&catalog), (12, 0, 0, 0, 0, 1));
    assert_eq!(catalog.left_out[0].path, folder.path().join("out"));
    assert!(
        catalog
            .notes
            .iter()
            .any(|note| note.to_string().contains("out: results of this program"))
    );
    // Written among the images themselves.
    let folder = build(&[
        ("{}.png", 12, Photo),
        ("{}_heatmap.png", 12, Photo),
        ("results.csv", 1, Text),
        ("results.jsonl", 1, Text),
    ]);
    assert_eq!(scan(folder.path()).unwrap().train.len(), 12);
}

#[test]
fn the_answer_is_taken() {
    let folder = build(&[
        ("left/{}.png", 9, Photo),
        ("right/dent/{}.png", 4, Photo),
        ("right/ok/{}.png", 2, Photo),
        ("right/{}.png", 1, Photo),
        ("marks/dent/{}.png", 4, Blob),
        ("old/{}.png", 5, Photo),
    ]);
    let at = |name: &str| vec![folder.path().join(name)];
    let roles = Roles {
        normal: at("left"),
        test: at("right"),
        masks: at("marks"),
        ..Roles::default()
    };
    let catalog = scan_as(folder.path(), &roles).unwrap();
    assert_eq!(counts(&catalog), (9, 2, 4, 1, 4, 5));
    assert_eq!(catalog.layout, Layout::Given);
    // A folder of normal images within the one for the test is not tested with.
    let roles = Roles {
        normal: at("left"),
        test: vec![folder.path().to_owned()],
        ..Roles::default()
    };
    let catalog = scan_as(folder.path(), &roles).unwrap();
    assert_eq!(catalog.train.len(), 9);
    let ours: Vec<PathBuf> = catalog
        .test
        .iter()
        .map(|entry| entry.path.clone())
        .collect();
    assert!(
        !ours
            .iter()
            .any(|path| path.starts_with(folder.path().join("left")))
    );
}
