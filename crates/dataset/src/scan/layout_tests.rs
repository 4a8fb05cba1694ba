//! The layouts of public data sets, and those of people who sort parts, each built small.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use image::{GrayImage, Luma};

use super::*;
use crate::catalog::{Kind, Note};
use crate::left_out::Reason;

/// What a file holds.
#[derive(Clone, Copy)]
enum Content {
    /// A photograph.
    Photo,
    /// A mask with a region.
    Blob,
    /// A mask that marks nothing.
    Black,
    /// A mask with soft edges.
    Soft,
    /// No picture at all.
    Text,
}
use Content::{Black, Blob, Photo, Soft, Text};

/// `count` files; `{}` in the name is the number, from 0 on.
type Files = (&'static str, usize, Content);

/// Normal images to train on; normal, defective, unknown ones to test with; masks; files left out.
type Counts = (usize, usize, usize, usize, usize, usize);

/// A layout: its name, what is in it, what is found, which kinds of defects.
type Row = (
    &'static str,
    &'static [Files],
    Counts,
    &'static [&'static str],
);

const LAYOUTS: &[Row] = &[
    (
        "MVTec AD, MPDD, GoodsAD, VAD, ITD",
        &[
            ("train/good/{}.png", 12, Photo),
            ("test/good/{}.png", 3, Photo),
            ("test/dent/{}.png", 4, Photo),
            ("ground_truth/dent/{}_mask.png", 4, Blob),
            ("license.txt", 1, Text),
        ],
        (12, 3, 4, 0, 4, 1),
        &["dent"],
    ),
    (
        "MVTec AD 2",
        &[
            ("train/good/{}_regular.png", 10, Photo),
            ("validation/good/{}_regular.png", 3, Photo),
            ("test_public/good/{}_regular.png", 2, Photo),
            ("test_public/bad/{}_overexposed.png", 4, Photo),
            (
                "test_public/ground_truth/bad/{}_overexposed_mask.png",
                4,
                Blob,
            ),
            ("test_private/{}_regular.png", 5, Photo),
            ("test_private_mixed/{}_mixed.png", 5, Photo),
        ],
        (13, 2, 4, 10, 4, 0),
        &["bad"],
    ),
    (
        "MVTec LOCO",
        &[
            ("train/good/{}.png", 10, Photo),
            ("validation/good/{}.png", 2, Photo),
            ("test/good/{}.png", 3, Photo),
            ("test/logical_anomalies/{}.png", 4, Photo),
            ("test/structural_anomalies/{}.png", 2, Photo),
            ("ground_truth/logical_anomalies/{}/000.png", 4, Blob),
            ("ground_truth/logical_anomalies/{}/001.png", 4, Blob),
            ("ground_truth/structural_anomalies/{}/000.png", 2, Blob),
        ],
        (12, 3, 6, 0, 6, 0),
        &["logical_anomalies", "structural_anomalies"],
    ),
    (
        "AutoVI",
        &[
            ("train/good/{}.png", 10, Photo),
            ("test/good/{}.png", 3, Photo),
            ("test/missing/{}.png", 4, Photo),
            ("ground_truth/missing/{}/0000.png", 4, Blob),
        ],
        (10, 3, 4, 0, 4, 0),
        &["missing"],
    ),
    (
        "VisA",
        &[
            ("Data/Images/Normal/{}.JPG", 12, Photo),
            ("Data/Images/Anomaly/{}.JPG", 5, Photo),
            ("Data/Masks/Anomaly/{}.png", 5, Blob),
        ],
        (12, 0, 5, 0, 5, 0),
        &["Anomaly"],
    ),
    (
        "BTAD",
        &[
            ("train/ok/{}.bmp", 10, Photo),
            ("test/ok/{}.bmp", 3, Photo),
            ("test/ko/{}.bmp", 4, Photo),
            ("ground_truth/ko/{}.png", 4, Blob),
        ],
        (10, 3, 4, 0, 4, 0),
        &["ko"],
    ),
    (
        "KolektorSDD",
        &[
            ("kos{}/Part0.jpg", 10, Photo),
            ("kos{}/Part0_label.bmp", 10, Black),
            ("kos{}/Part1.jpg", 4, Photo),
            ("kos{}/Part1_label.bmp", 4, Blob),
        ],
        (10, 0, 4, 0, 4, 0),
        &["defect"],
    ),
    (
        "KolektorSDD2",
        &[
            ("train/1{}.png", 10, Photo),
            ("train/1{}_GT.png", 10, Black),
            ("train/2{}.png", 2, Photo),
            ("train/2{}_GT.png", 2, Blob),
            ("test/1{}.png", 3, Photo),
            ("test/1{}_GT.png", 3, Black),
            ("test/2{}.png", 4, Photo),
            ("test/2{}_GT.png", 4, Blob),
        ],
        (10, 3, 4, 0, 4, 2),
        &["defect"],
    ),
    (
        "KolektorSDD2 with folders",
        &[
            ("train/img/1{}.png", 10, Photo),
            ("train/ann/1{}.png", 10, Black),
            ("test/img/1{}.png", 3, Photo),
            ("test/ann/1{}.png", 3, Black),
            ("test/img/2{}.png", 4, Photo),
            ("test/ann/2{}.png", 4, Blob),
        ],
        (10, 3, 4, 0, 4, 0),
        &["defect"],
    ),
    (
        "DAGM",
        &[
            ("Train/1{}.PNG", 10, Photo),
            ("Train/2{}.PNG", 2, Photo),
            ("Train/Label/2{}_label.PNG", 2, Blob),
            ("Train/Label/Labels.txt", 1, Text),
            ("Test/1{}.PNG", 3, Photo),
            ("Test/2{}.PNG", 4, Photo),
            ("Test/Label/2{}_label.PNG", 4, Blob),
        ],
        (10, 3, 4, 0, 4, 3),
        &["defect"],
    ),
    (
        "AITEX",
        &[
            ("NODefect_images/2306881-210020u/{}_000_00.png", 10, Photo),
            ("Defect_images/{}_002_00.png", 4, Photo),
            ("Mask_images/{}_002_00_mask.png", 4, Blob),
        ],
        (10, 0, 4, 0, 4, 0),
        &["Defect_images"],
    ),
    (
        "magnetic tile",
        &[
            ("MT_Free/Imgs/{}.jpg", 10, Photo),
            ("MT_Free/Imgs/{}.png", 10, Black),
            ("MT_Blowhole/Imgs/{}.jpg", 3, Photo),
            ("MT_Blowhole/Imgs/{}.png", 3, Blob),
            ("MT_Uneven/Imgs/{}.jpg", 2, Photo),
            ("MT_Uneven/Imgs/{}.png", 2, Blob),
        ],
        (10, 0, 5, 0, 5, 0),
        &["MT_Blowhole", "MT_Uneven"],
    ),
    (
        "Real-IAD",
        &[
            ("OK/S0001/{}_C1.jpg", 10, Photo),
            ("NG/AK/S0001/{}_C1.jpg", 3, Photo),
            ("NG/AK/S0001/{}_C1_mask.png", 3, Blob),
            ("NG/HS/S0002/{}_C1.jpg", 2, Photo),
            ("NG/HS/S0002/{}_C1_mask.png", 2, Blob),
        ],
        (10, 0, 5, 0, 5, 0),
        &["AK", "HS"],
    ),
    (
        "BMAD",
        &[
            ("train/good/{}.png", 10, Photo),
            ("valid/good/img/{}.png", 2, Photo),
            ("valid/good/label/{}.png", 2, Black),
            ("valid/Ungood/img/{}.png", 2, Photo),
            ("valid/Ungood/label/{}.png", 2, Blob),
            ("test/good/img/{}.png", 3, Photo),
            ("test/good/label/{}.png", 3, Black),
            ("test/Ungood/img/{}.png", 4, Photo),
            ("test/Ungood/label/{}.png", 4, Blob),
        ],
        (12, 3, 4, 0, 4, 2),
        &["Ungood"],
    ),
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
        &[("{}.png", 11, Photo), ("face_mask.png", 1, Photo)],
        (12, 0, 0, 0, 0, 0),
        &[],
    ),
];

fn write(path: &Path, content: Content) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let value: fn(u32, u32) -> u8 = match content {
        Photo => |x, y| (40 + 9 * x + 5 * y) as u8,
        Blob => |x, y| 255 * u8::from(x < 3 && y < 4),
        Black => |_, _| 0,
        Soft => |x, y| 250_u32.saturating_sub(9 * (x + 5 * y)) as u8 * u8::from(x < 5 && y < 5),
        Text => return std::fs::write(path, "text").unwrap(),
    };
    GrayImage::from_fn(12, 12, |x, y| Luma([value(x, y)]))
        .save(path)
        .unwrap();
}

fn build(files: &[Files]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, count, content) in files {
        for number in 0..*count {
            let name = name.replace("{}", &number.to_string());
            write(&folder.path().join(name), *content);
        }
    }
    folder
}

fn counts(catalog: &Catalog) -> Counts {
    let test = catalog.counts();
    (
        catalog.train.len(),
        test.normal,
        test.defective,
        test.unknown,
        test.masks,
        catalog.left_out.len(),
    )
}

#[test]
fn every_layout_is_counted_as_it_is_meant() {
    for (name, files, expected, kinds) in LAYOUTS {
        let folder = build(files);
        let catalog = scan(folder.path()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            counts(&catalog),
            *expected,
            "{name}: {:?}",
            catalog.left_out
        );
        let found = catalog.counts().kinds;
        assert!(found.keys().eq(kinds.iter()), "{name}: {found:?}");
        let all = catalog.train.iter().chain(&catalog.test);
        for entry in all {
            assert!(entry.path.is_file(), "{name}");
        }
    }
}

#[test]
fn a_folder_of_masks_is_one_mask_of_several_files() {
    let folder = build(&[
        ("train/good/{}.png", 1, Photo),
        ("test/a/{}.png", 1, Photo),
        ("ground_truth/a/0/{}.png", 3, Blob),
    ]);
    let catalog = scan(folder.path()).unwrap();
    let mask = catalog.test[0].mask.as_ref().unwrap();
    assert_eq!(mask.paths().count(), 3);
}

#[test]
fn of_images_of_one_name_each_has_the_mask_of_its_own_ending() {
    let folder = build(&[
        ("test/blob/{}.png", 3, Photo),
        ("test/blob/{}.bmp", 3, Photo),
        ("ground_truth/blob/{}_mask.png", 3, Blob),
        ("ground_truth/blob/{}_mask.bmp", 3, Blob),
        ("ground_truth/blob/9_mask.png", 1, Blob),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(catalog.test.len(), 6);
    for entry in &catalog.test {
        let mask = entry.mask.as_ref().unwrap().paths().next().unwrap();
        assert_eq!(mask.extension(), entry.path.extension());
        let stem = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
        assert_eq!(stem(mask), stem(&entry.path) + "_mask");
    }
    assert_eq!(catalog.left_out.len(), 1);
}

#[test]
fn a_mask_that_either_of_two_images_may_have_is_nobodys_and_said() {
    let folder = build(&[
        ("test/blob/0.png", 1, Photo),
        ("test/blob/0.bmp", 1, Photo),
        ("ground_truth/blob/0_mask.tif", 1, Blob),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert!(catalog.test.iter().all(|entry| entry.mask.is_none()));
    assert_eq!(catalog.left_out[0].reason, Reason::MaskOfSeveral);
}

#[test]
fn names_written_in_two_unicode_forms_are_one_name() {
    let folder = build(&[
        ("test/Scha\u{308}den/tu\u{308}r.png", 1, Photo),
        ("ground_truth/Sch\u{e4}den/t\u{fc}r_mask.png", 1, Blob),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert!(catalog.test[0].mask.is_some());
    assert_eq!(catalog.test[0].kind, Kind::Defect("Sch\u{e4}den".into()));
}

#[test]
fn a_mask_beside_a_normal_image_is_no_image() {
    let folder = build(&[
        ("{}.png", 3, Photo),
        ("{}_mask.png", 3, Black),
        ("train.png", 1, Photo),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!((catalog.train.len(), catalog.test.len()), (3, 1));
    assert_eq!(
        catalog.test[0].kind,
        Kind::Unknown,
        "it has no mask, and the others have"
    );
}

#[test]
fn a_picture_beside_a_photograph_of_its_name_is_an_image_when_it_looks_like_one() {
    let folder = build(&[("{}.jpg", 3, Photo), ("{}.png", 3, Photo)]);
    assert_eq!(scan(folder.path()).unwrap().train.len(), 6);
}

#[test]
fn what_its_own_mask_calls_defective_is_not_learned_from() {
    for [image, mask] in [
        ["train/good/{}.png", "train/good/{}_mask.png"],
        ["OK/{}.jpg", "OK/{}.png"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str, number: &str| folder.path().join(name.replace("{}", number));
        for number in ["0", "1", "2"] {
            write(&at(image, number), Photo);
        }
        write(&at(mask, "0"), Blob);
        write(&at(mask, "1"), Black);
        let catalog = scan(folder.path()).unwrap();
        assert_eq!(catalog.train.len(), 2, "{image}");
        let left_out = catalog
            .left_out
            .iter()
            .find(|one| one.path == at(image, "0"));
        assert_eq!(left_out.unwrap().reason, Reason::DefectInTraining);
        // Nor from one whose mask cannot be read.
        if mask.contains("_mask") {
            std::fs::write(at(mask, "2"), "no picture").unwrap();
            assert_eq!(scan(folder.path()).unwrap().train.len(), 1);
        }
    }
    // Whoever says that it is normal.
    let folder = build(&[("{}.png", 3, Photo), ("m/{}.png", 1, Blob)]);
    let list = "image,label,mask\n0.png,OK,m/0.png\n1.png,OK,\n2.png,OK,\n";
    std::fs::write(folder.path().join("list.csv"), list).unwrap();
    assert_eq!(scan(folder.path()).unwrap().train.len(), 2);
}

#[test]
fn what_shows_defects_is_never_learned_from() {
    for (bad, good) in [
        ("bad/{}.png", "{}.png"),
        ("train/NG/{}.png", "train/{}.png"),
        ("OK/NG/{}.png", "OK/{}.png"),
        ("train/good/defect/{}.png", "train/good/{}.png"),
        ("validation/bad/{}.png", "train/good/{}.png"),
    ] {
        let folder = build(&[(bad, 3, Photo), (good, 1, Photo)]);
        let catalog = scan(folder.path()).unwrap();
        assert!(catalog.train.len() < 2, "{bad}");
    }
}

/// Which files are said to name images and not to be understood.
fn not_understood(files: &[(&str, &str)]) -> Vec<String> {
    let folder = build(&[("train/{}.png", 5, Photo), ("test/ok/{}.png", 2, Photo)]);
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    match scan(folder.path()) {
        Err(ScanError::Ambiguous { path, unread, .. }) => {
            let below = |file: PathBuf| file.strip_prefix(&path).unwrap().display().to_string();
            unread.into_iter().map(below).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_names_images_and_is_not_understood_is_asked_about_where_nothing_else_says_what_they_show() {
    let remarks = (
        "train.csv",
        "ImageId,where,remark\n0.png,upper left,page 1\n3.png,below,page 2\n",
    );
    assert_eq!(not_understood(&[remarks]), ["train.csv"]);
    let sheet = ("labels.xlsx", "PK");
    assert_eq!(
        not_understood(&[sheet, remarks]),
        ["labels.xlsx", "train.csv"]
    );
    // Folders that say it are not asked about.
    let folder = build(&[("OK/{}.png", 5, Photo), ("NG/{}.png", 2, Photo)]);
    std::fs::write(folder.path().join(sheet.0), sheet.1).unwrap();
    assert_eq!(scan(folder.path()).unwrap().train.len(), 5);
}

fn asked(files: &[Files]) -> Vec<(String, usize, Kind)> {
    let folder = build(files);
    match scan(folder.path()) {
        Err(ScanError::Ambiguous { path, groups, .. }) => {
            assert_eq!(path, folder.path());
            let text = scan(folder.path()).unwrap_err().to_string();
            assert!(
                text.contains("--normal DIR") && text.contains("--test DIR"),
                "{text}"
            );
            let name = |group: &Group| {
                assert!(!group.samples.is_empty() && group.samples.len() <= 6);
                let below = group.folder.strip_prefix(folder.path()).unwrap();
                below.display().to_string()
            };
            let groups = groups.iter();
            groups
                .map(|group| (name(group), group.images, group.guess.clone()))
                .collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn where_names_leave_it_open_a_person_is_asked() {
    assert_eq!(
        asked(&[("left/{}.png", 9, Photo), ("right/{}.png", 4, Photo)]),
        [
            ("left".into(), 9, Kind::Unknown),
            ("right".into(), 4, Kind::Unknown)
        ]
    );
    assert_eq!(
        asked(&[("{}.png", 9, Photo), ("old/{}.png", 4, Photo)]),
        [
            ("".into(), 9, Kind::Unknown),
            ("old".into(), 4, Kind::Unknown)
        ]
    );
    assert_eq!(
        asked(&[("good/{}.png", 9, Photo), ("other/{}.png", 4, Photo)]),
        [
            ("good".into(), 9, Kind::Normal),
            ("other".into(), 4, Kind::Unknown)
        ]
    );
    assert_eq!(
        asked(&[("0/{}.png", 9, Photo), ("1/{}.png", 4, Photo)]).len(),
        2
    );
    // Numbers of classes and grades, which are no numbers of days and cameras.
    for pair in [
        [("class0/{}.png", 9, Photo), ("class1/{}.png", 4, Photo)],
        [("A1/{}.png", 9, Photo), ("A2/{}.png", 4, Photo)],
        [("train/0/{}.png", 9, Photo), ("train/1/{}.png", 4, Photo)],
        [
            ("train/1_a/{}.png", 9, Photo),
            ("train/2_b/{}.png", 4, Photo),
        ],
        [("train/good/{}.png", 9, Photo), ("test/0/{}.png", 4, Photo)],
        [
            ("day1/{}.png", 9, Photo),
            ("day2/recalled/{}.png", 4, Photo),
        ],
        [("OK/{}.png", 9, Photo), ("見逃しOK/{}.png", 4, Photo)],
        // A word that nobody knows may say that it is not.
        [
            ("Conforme/{}.png", 9, Photo),
            ("não conforme/{}.png", 4, Photo),
        ],
        [("OK/{}.png", 9, Photo), ("OK以外/{}.png", 4, Photo)],
        [
            ("train/ok/{}.png", 9, Photo),
            ("train/niet ok/{}.png", 4, Photo),
        ],
        [("good/{}.png", 9, Photo), ("good_test/{}.png", 4, Photo)],
        [("OK/{}.png", 9, Photo), ("no_hole/{}.png", 4, Photo)],
    ] {
        assert_eq!(asked(&pair).len(), 2, "{}", pair[0].0);
    }
    // Masks, whatever they are called, and files that are called as images are.
    let named = [("image_{}.png", 9, Photo), ("m{}.png", 9, Blob)];
    assert_eq!(asked(&named).len(), 1);
    for beside in ["{}.ini", "{}.hobj", "{}_mask.tga"] {
        let sidecars = [("{}.png", 9, Photo), (beside, 3, Text)];
        assert_eq!(asked(&sidecars).len(), 1, "{beside}");
    }
    let made = [("{}.png", 9, Photo), ("{}_overlay.png", 3, Photo)];
    assert_eq!(asked(&made).len(), 1);
    let below = [
        ("OK/image_{}.png", 9, Photo),
        ("OK/m{}.png", 9, Blob),
        ("NG/{}.png", 1, Photo),
    ];
    assert_eq!(asked(&below).len(), 2);
    let tested = [
        ("OK/my_train/{}.png", 9, Photo),
        ("OK/my_test/{}.png", 3, Photo),
        ("NG/{}.png", 1, Photo),
    ];
    assert_eq!(asked(&tested).len(), 3);
    // Masks that are of none of them may be of some.
    let unpaired = [
        ("images/image_{}.png", 9, Photo),
        ("masks/mask_{}.png", 9, Blob),
    ];
    assert_eq!(asked(&unpaired), [("images".into(), 9, Kind::Unknown)]);
    // What says which ones show defects is there, and nobody here understands it.
    assert_eq!(
        asked(&[
            ("JPEGImages/{}.jpg", 9, Photo),
            ("Annotations/{}.xml", 9, Text),
        ]),
        [("JPEGImages".into(), 9, Kind::Unknown)]
    );
    let groups = asked(&[
        ("train/left/{}.png", 9, Photo),
        ("train/right/{}.png", 9, Photo),
        ("test/good/{}.png", 4, Photo),
    ]);
    assert_eq!(groups.len(), 3);
    // Deep down, where no rule is to be seen, "NG" counts all the same.
    let deep = [
        ("x1/y/OK/{}.png", 2, Photo),
        ("x1/y/NG/{}.png", 1, Photo),
        ("x2/y/NG/{}.png", 1, Photo),
    ];
    let groups = asked(&deep);
    assert_eq!(groups[0], ("x1/y/NG".into(), 1, Kind::Defect("NG".into())));
    assert_eq!(groups.len(), 3);
    // To inspect them nothing needs to be known.
    for files in [
        &deep[..],
        &[("a/OK/{}.png", 2, Photo), ("b/NG/{}.png", 2, Photo)][..],
    ] {
        let folder = build(files);
        let Listed::Plain(images, _) = list(folder.path()).unwrap() else {
            panic!("nobody said what they show");
        };
        assert_eq!(images.len(), 4);
    }
    let folder = build(&[("left/{}.png", 2, Photo), ("right/{}.png", 4, Photo)]);
    assert!(matches!(list(folder.path()), Ok(Listed::Plain(images, _)) if images.len() == 6));
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
fn a_plain_folder_whose_names_say_defect_is_warned_about() {
    for name in ["{}_NG.png", "defect-{}.png", "不良{}.png"] {
        let folder = build(&[("{}.png", 12, Photo), (name, 2, Photo)]);
        let catalog = scan(folder.path()).unwrap();
        let is_said = |note: &Note| matches!(note, Note::NamedBad(names) if names.count() == 2);
        assert!(catalog.notes.iter().any(is_said), "{:?}", catalog.notes);
    }
    for (files, opened, named) in [
        ("NG/{}.png", "NG", "NG"),
        ("scratch/{}.png", "scratch", "scratch"),
        ("day1/scratch/{}.png", "", "scratch"),
    ] {
        let folder = build(&[(files, 2, Photo)]);
        let catalog = scan(&folder.path().join(opened)).unwrap();
        let said = Note::FolderNamedBad {
            folder: named.to_owned(),
        };
        assert_eq!(catalog.notes[0], said);
    }
}

#[test]
fn names_of_defects_are_warned_about_where_not_all_images_have_them() {
    let notes = |files: &[Files]| scan(build(files).path()).unwrap().notes;
    for name in ["scratch_{}.png", "キズ_{}.png"] {
        let said = notes(&[("{}.png", 12, Photo), (name, 2, Photo)]);
        assert!(
            said[0].to_string().contains("names of 2 images"),
            "{said:?}"
        );
    }
    // Then it is what the part is called.
    assert_eq!(notes(&[("hole_{}.png", 12, Photo)]), [] as [Note; 0]);
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
        let folder = tempfile::tempdir().unwrap();
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
fn what_lies_aside_below_good_is_asked_about_or_unknown() {
    let aside = [
        ("OK/{}.png", 9, Photo),
        ("OK/要確認/{}.png", 3, Photo),
        ("NG/{}.png", 1, Photo),
    ];
    assert_eq!(asked(&aside).len(), 3);
    let open = build(&[
        ("OK/{}.png", 9, Photo),
        ("OK/不明/{}.png", 3, Photo),
        ("NG/{}.png", 1, Photo),
    ]);
    assert_eq!(counts(&scan(open.path()).unwrap()), (9, 0, 1, 3, 0, 0));
    let parts = build(&[
        ("OK/bolt/{}.png", 9, Photo),
        ("OK/nut/{}.png", 3, Photo),
        ("NG/nut/{}.png", 1, Photo),
    ]);
    assert_eq!(scan(parts.path()).unwrap().train.len(), 12);
}

#[test]
fn folders_of_masks_are_known_by_those_of_their_images() {
    for [good, good_masks, bad, bad_masks] in [
        ["良品", "良品マスク", "不良品", "不良品マスク"],
        ["OK", "OKマスク", "NG", "NGマスク"],
        ["good", "good_mask_images", "bad", "bad_mask_images"],
        ["OK", "ok_gt", "NG", "defect_gt"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        for (inner, count, content) in [
            (good, 12, Photo),
            (good_masks, 12, Black),
            (bad, 4, Photo),
            (bad_masks, 4, Blob),
        ] {
            for number in 0..count {
                let path = folder.path().join(format!("{inner}/{number}.png"));
                write(&path, content);
            }
        }
        let catalog = scan(folder.path()).unwrap();
        let (normal, good, bad, unknown, masks, _) = counts(&catalog);
        assert_eq!(
            (normal, good, bad, unknown, masks),
            (12, 0, 4, 0, 4),
            "{good_masks}"
        );
    }
}

#[test]
fn a_mask_beside_its_image_is_known_by_what_it_looks_like_whatever_it_is_called() {
    let photo = "{}.png";
    for (image, mask) in [
        ("{}.bmp", "{}.png"),
        ("{}.tif", "{}.png"),
        ("{}.png", "{}.bmp"),
        ("{}.jpg", "{}.png"),
        ("{}.jpg", "{}.jpeg"),
        (photo, "{}_gt_mask.png"),
        (photo, "{}_defect_mask.png"),
        (photo, "{}_mask_scratch.png"),
        (photo, "{}_msk.png"),
        (photo, "{}_mask(1).png"),
        (photo, "{}_mask-1.png"),
        (photo, "{}_mask_a.png"),
        (photo, "{}_labels.bmp"),
        (photo, "{}_bw.png"),
        (photo, "{}_binary.png"),
        (photo, "{}_annotation_mask.png"),
        (photo, "{}_scratch.png"),
        (photo, "{}-1.png"),
        (photo, "{}マスク画像.png"),
        ("{}.jpg", "{}_mask.jpg"),
        ("{}.jpg", "{}_scratch.jpg"),
    ] {
        let folder = build(&[("ok{}.png", 10, Photo), (image, 3, Photo), (mask, 3, Blob)]);
        let catalog = scan(folder.path()).unwrap();
        // Nobody says that nothing is wrong with the others.
        let expected = (0, 0, 3, 10, 3, 0);
        assert_eq!(counts(&catalog), expected, "{mask}: {:?}", catalog.left_out);
    }
    // More than are looked into, and not all alike: the last ones are photographs.
    let folder = build(&[
        ("{}.png", 40, Photo),
        ("{}_back.png", 40, Photo),
        ("2{}_back.png", 10, Black),
        ("{}_ok.png", 40, Black),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(catalog.train.len(), 40, "{:?}", catalog.notes);
    assert_eq!(catalog.test.len(), 30, "the backs have no masks");
}

#[test]
fn a_photograph_that_is_named_as_a_mask_is_an_image() {
    for name in ["{}_label.png", "{}_seg.jpg", "{}_scratch.png", "{}.bmp"] {
        let folder = build(&[("{}.png", 12, Photo), (name, 12, Photo)]);
        let catalog = scan(folder.path()).unwrap();
        assert_eq!(catalog.train.len(), 24, "{name}");
        let is_said = |note: &Note| matches!(note, Note::NamedMasks(names) if names.count() == 12);
        let is_marked = name.contains("_label") || name.contains("_seg");
        assert_eq!(catalog.notes.iter().any(is_said), is_marked, "{name}");
    }
    // Soft edges do not make a photograph of what is called a mask.
    let folder = build(&[("{}.png", 12, Photo), ("{}_mask.png", 12, Soft)]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(counts(&catalog), (0, 0, 12, 0, 12, 0));
}

#[test]
fn what_may_be_a_mask_or_an_image_is_left_out_and_said() {
    for (one, other) in [(Blob, Blob), (Photo, Soft)] {
        let folder = build(&[
            ("ok{}.png", 10, Photo),
            ("{}.png", 1, one),
            ("{}.bmp", 1, other),
        ]);
        let catalog = scan(folder.path()).unwrap();
        let mut left_out = catalog.left_out.iter();
        assert!(left_out.all(|one| one.reason == Reason::MaskOrImage));
        assert!(catalog.train.len() < 12 && !catalog.left_out.is_empty());
    }
    // Where masks lie they are masks.
    let folder = build(&[
        ("train/good/{}.png", 10, Photo),
        ("test/dent/{}.png", 2, Photo),
        ("test/dent/{}.bmp", 2, Photo),
        ("ground_truth/dent/{}.png", 2, Blob),
        ("ground_truth/dent/{}.bmp", 2, Blob),
    ]);
    assert_eq!(counts(&scan(folder.path()).unwrap()), (10, 0, 4, 0, 4, 0));
}

#[test]
fn a_region_of_interest_beside_an_image_is_neither_image_nor_mask() {
    let folder = build(&[("{}.png", 12, Photo), ("{}_roi.png", 12, Blob)]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(counts(&catalog), (12, 0, 0, 0, 0, 12));
    assert_eq!(catalog.left_out[0].reason, Reason::MaskWithoutImage);
}

#[test]
fn a_mask_in_a_folder_of_masks_may_say_what_it_shows() {
    let folder = build(&[
        ("train/good/{}.png", 10, Photo),
        ("test/NG/{}.png", 3, Photo),
        ("ground_truth/NG/{}_mask_scratch.png", 3, Blob),
        ("ground_truth/NG/{}_dent.png", 3, Blob),
        ("ground_truth/NG/{}_7.png", 3, Blob),
    ]);
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(counts(&catalog), (10, 0, 3, 0, 3, 3));
    let mask = catalog.test[0].mask.as_ref().unwrap();
    assert_eq!(mask.paths().count(), 2);
}

#[test]
fn a_mask_that_cannot_be_understood_makes_no_image_normal() {
    let folder = build(&[
        ("images/{}.jpg", 12, Photo),
        ("masks/{}.png", 11, Black),
        ("masks/11.jpg", 1, Blob),
    ]);
    let dark = GrayImage::from_fn(12, 12, |x, _| Luma([20 * u8::from(x < 8)]));
    dark.save(folder.path().join("masks/11.jpg")).unwrap();
    let catalog = scan(folder.path()).unwrap();
    assert_eq!(counts(&catalog), (11, 0, 0, 1, 0, 1));
    let why = catalog.left_out[0].reason.to_string();
    assert!(why.contains("too dark to be told"), "{why}");
}

#[test]
fn a_file_that_is_not_read_and_may_be_the_mask_of_an_image_is_asked_about() {
    for mask in ["{}.gif", "{}.npy"] {
        let groups = asked(&[("{}.png", 12, Photo), (mask, 3, Text)]);
        assert_eq!(groups, [("".into(), 12, Kind::Unknown)], "{mask}");
    }
}
