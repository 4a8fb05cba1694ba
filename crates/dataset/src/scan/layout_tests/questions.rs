//! When a person is asked which images are normal.

use std::path::PathBuf;

use super::*;
use crate::note::Note;

#[test]
fn where_names_leave_it_open_a_person_is_asked() {
    assert_eq!(
        asked(&[("alt/{}.png", 9, Photo), ("neu/{}.png", 4, Photo)]),
        [
            ("alt".into(), 9, Kind::Unknown),
            ("neu".into(), 4, Kind::Unknown)
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
    assert_eq!(
        doubts(&named),
        ["9 images like masks: m0.png, m1.png, m2.png and 6 more."]
    );
    for beside in ["{}.ini", "{}.hobj", "{}_mask.tga"] {
        let sidecars = [("{}.png", 9, Photo), (beside, 3, Text)];
        assert_eq!(asked(&sidecars).len(), 1, "{beside}");
    }
    let made = [("{}.png", 9, Photo), ("{}_overlay.png", 3, Other)];
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
        ("train/alt/{}.png", 9, Photo),
        ("train/neu/{}.png", 9, Photo),
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
    let folder = build(&[("alt/{}.png", 2, Photo), ("neu/{}.png", 4, Photo)]);
    assert!(matches!(list(folder.path()), Ok(Listed::Plain(images, _)) if images.len() == 6));
}

#[test]
fn what_lies_aside_below_good_is_asked_about_or_unknown() {
    let aside = [
        ("OK/{}.png", 9, Photo),
        ("OK/別件/{}.png", 3, Photo),
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
        ("NG/bolt/{}.png", 1, Photo),
        ("NG/nut/{}.png", 1, Photo),
    ]);
    assert_eq!(scan(parts.path()).unwrap().train.len(), 12);
}

#[test]
fn a_file_that_is_not_read_and_may_be_the_mask_of_an_image_is_asked_about() {
    for mask in ["{}.gif", "{}.npy", "{}_mask.heic"] {
        let groups = asked(&[("{}.png", 12, Photo), (mask, 3, Text)]);
        assert_eq!(groups, [("".into(), 12, Kind::Unknown)], "{mask}");
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

/// What makes it doubtful which of these images are normal.
fn doubts(files: &[Files]) -> Vec<String> {
    let folder = build(files);
    match scan(folder.path()) {
        Err(ScanError::Ambiguous { doubts, .. }) => doubts.iter().map(Doubt::to_string).collect(),
        other => panic!("{files:?}: {other:?}"),
    }
}

fn learned(files: &[Files]) -> usize {
    let catalog = scan(build(files).path());
    catalog
        .unwrap_or_else(|error| panic!("{error}"))
        .train
        .len()
}

#[test]
fn signs_beside_good_are_asked_about() {
    for name in ["OK?", "OK？", "OK×", "OK△", "OK(?)", "!OK", "OK❌", "OK！"] {
        let files = name.to_owned() + "/{}.png";
        let doubtful: &[Files] = &[
            ("OK/{}.png", 9, Photo),
            (files.leak(), 4, Photo),
            ("NG/{}.png", 1, Photo),
        ];
        let expected = format!("Names that may take \"normal\" back: {name}.");
        assert_eq!(doubts(doubtful), [expected]);
        // What it says of itself needs no other to be doubted.
        if !name.contains('！') {
            assert_eq!(doubts(&doubtful[1..]).len(), 1, "{name}");
        }
    }
    for name in ["OK！/{}.png", "OK(1)/{}.png", "【OK】/{}.png", "●OK/{}.png"] {
        assert_eq!(
            learned(&[(name, 9, Photo), ("NG/{}.png", 1, Photo)]),
            9,
            "{name}"
        );
    }
}

#[test]
fn numbered_words_for_good_are_not_asked_about() {
    for [one, other] in [
        ["pass1/{}.png", "pass2/{}.png"],
        ["good1/{}.png", "good2/{}.png"],
    ] {
        let files = [
            (one, 9, Photo),
            (other, 4, Photo),
            ("bad1/{}.png", 1, Photo),
        ];
        assert_eq!(learned(&files), 13);
        assert_eq!(learned(&files[..2]), 13);
    }
}

#[test]
fn what_is_good_of_the_light_is_asked_about() {
    for [good, bad] in [
        ["good_lighting/{}.png", "bad_lighting/{}.png"],
        ["ok_machine/{}.png", "ng_machine/{}.png"],
        ["カメラOK/{}.png", "カメラNG/{}.png"],
    ] {
        assert_eq!(
            asked(&[(good, 9, Photo), (bad, 4, Photo)]).len(),
            2,
            "{good}"
        );
    }
    let all = [
        ("OK/{}.png", 9, Photo),
        ("good_camera/{}.png", 4, Photo),
        ("NG/{}.png", 1, Photo),
    ];
    assert_eq!(asked(&all).len(), 3);
    assert_eq!(
        learned(&[("OK_camera1/{}.png", 9, Photo), ("NG/{}.png", 1, Photo)]),
        9
    );
}

#[test]
fn words_for_a_test_below_good_are_asked_about_in_many_languages() {
    for name in [
        "prova",
        "essai",
        "prueba",
        "тест",
        "проверка",
        "probe",
        "Versuch",
        "試験",
        "テスト",
        "検証",
        "測試",
        "测试",
        "시험",
        "teste",
        "holdout",
        "hold_out",
        "predict",
        "inference",
        "推論",
        "評価",
        "eval",
        "val",
    ] {
        let inside = format!("OK/{name}/{{}}.png");
        let beside = format!("OK_{name}/{{}}.png");
        for tested in [inside, beside] {
            let files = [
                ("OK/a/{}.png", 9, Photo),
                (&*tested.leak(), 4, Photo),
                ("NG/{}.png", 1, Photo),
            ];
            assert_eq!(doubts(&files).len(), 1, "{name}");
        }
        // Beside a folder for training it is that for the test.
        let split = |inner: &str| -> &'static str { format!("{name}/{inner}/{{}}.png").leak() };
        let files = [
            ("train/OK/{}.png", 9, Photo),
            (split("OK"), 4, Photo),
            (split("NG"), 1, Photo),
        ];
        assert_eq!(learned(&files), 9, "{name}");
    }
    // Specimens are numbered.
    let files = [
        ("OK/Probe 1/{}.png", 9, Photo),
        ("OK/Probe 2/{}.png", 4, Photo),
    ];
    assert_eq!(learned(&files), 13);
}

#[test]
fn views_of_good_parts_are_not_asked_about() {
    for view in [
        "front", "back", "top", "side", "left", "cam1", "upper", "表", "裏", "正面",
    ] {
        let files = |name: String| -> [Files; 3] {
            [
                ("OK/{}.png", 9, Photo),
                (name.leak(), 4, Photo),
                ("NG/{}.png", 1, Photo),
            ]
        };
        assert_eq!(learned(&files(format!("OK_{view}/{{}}.png"))), 13, "{view}");
        assert_eq!(learned(&files(format!("OK/{view}/{{}}.png"))), 13, "{view}");
    }
}

#[test]
fn changed_copies_and_images_named_bad_after_others_are_asked_about() {
    for (name, expected) in [
        (
            "0 - コピー",
            "1 image named after others as copies and results are, and not the same: OK/0 - コピー.png.",
        ),
        ("0_NG", "1 image named after others, and bad: OK/0_NG.png."),
    ] {
        let folder = build(&[("OK/{}.png", 9, Photo), ("NG/{}.png", 1, Photo)]);
        let image = |name: &str| folder.path().join(format!("OK/{name}.png"));
        std::fs::copy(image("0"), image(name)).unwrap();
        if !name.contains("NG") {
            assert_eq!(scan(folder.path()).unwrap().train.len(), 10);
        }
        write(&image(name), Other);
        let error = scan(folder.path()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn what_cameras_keep_beside_images_raises_no_question() {
    for beside in [
        ".xmp", ".THM", ".aae", ".dng", ".ARW", ".cr2", ".nef", ".mov", ".heic",
    ] {
        let name: &'static str = ("{}".to_owned() + beside).leak();
        assert_eq!(
            learned(&[("{}.png", 9, Photo), (name, 3, Text)]),
            9,
            "{beside}"
        );
    }
}

#[test]
fn a_word_that_may_turn_good_round_is_asked_about_whatever_lies_beside_it() {
    for (first, second) in [
        ("parafuso_ok", "não conforme"),
        ("ネジOK", "OK以外"),
        ("front_ok", "ok_not"),
    ] {
        let files = [(first, 9), (second, 4)].map(|(folder, count)| {
            let name: &'static str = format!("{folder}/{{}}.png").leak();
            (name, count, Photo)
        });
        assert_eq!(asked(&files).len(), 2, "{second}");
    }
    let tested = [
        ("train/peça ok/{}.png", 9, Photo),
        ("test/não conforme/{}.png", 4, Photo),
    ];
    assert_eq!(asked(&tested).len(), 2);
}

#[test]
fn a_digit_before_a_word_for_images_is_that_of_a_class() {
    for pair in [
        [("0_data/{}.png", 9, Photo), ("1_data/{}.png", 4, Photo)],
        [("0_images/{}.png", 9, Photo), ("1_images/{}.png", 4, Photo)],
        [
            ("train/0_data/{}.png", 9, Photo),
            ("train/1_data/{}.png", 4, Photo),
        ],
    ] {
        assert_eq!(asked(&pair).len(), 2, "{}", pair[0].0);
    }
}

#[test]
fn masks_among_images_are_found_in_however_many_folders() {
    let many: Vec<Files> = (0..20)
        .flat_map(|folder| {
            let name =
                |letter: &str| -> &'static str { format!("lot{folder}/{letter}{{}}.png").leak() };
            [(name("p"), 2, Photo), (name("q"), 2, Blob)]
        })
        .collect();
    assert!(!asked(&many).is_empty());
}

#[test]
fn a_mask_that_says_that_a_normal_image_is_normal_is_no_assumption() {
    hold(&[(
        "black masks of training images, and a log",
        &[
            ("train/good/{}.png", 9, Photo),
            ("test/good/{}.png", 2, Photo),
            ("test/bent/{}.png", 3, Photo),
            ("ground_truth/good/{}_mask.png", 9, Black),
            ("ground_truth/bent/{}_mask.png", 3, Blob),
            ("log.csv", 1, Text),
        ],
        (9, 2, 3, 0, 3, 1),
        &["bent"],
    )]);
}

#[test]
fn a_folder_that_is_asked_about_is_not_guessed_to_be_normal() {
    let groups = asked(&[("OK/{}.png", 9, Photo), ("OK以外/{}.png", 4, Photo)]);
    assert_eq!(
        groups,
        [
            ("OK".into(), 9, Kind::Normal),
            ("OK以外".into(), 4, Kind::Unknown)
        ]
    );
}

#[test]
fn masks_that_are_called_as_the_images_are_asked_about_and_none_of_them_is_given() {
    let folder = crate::test_folder::test_folder();
    let save = |number: u32, value: &dyn Fn(u32, u32) -> u8| {
        let image = GrayImage::from_fn(64, 64, |x, y| Luma([value(x, y)]));
        image
            .save(folder.path().join(format!("{number}.png")))
            .unwrap();
    };
    for number in 0..7 {
        save(number, &|x, y| {
            (number + 31 * x * (y + 3) + 17 * y * y) as u8
        });
    }
    for number in 7..9 {
        save(number, &|x, y| 255 * u8::from(x + y < number));
    }
    let Err(ScanError::Ambiguous { doubts, .. }) = scan(folder.path()) else {
        panic!("two of them are masks");
    };
    assert!(matches!(&doubts[..], [Doubt::Lookalikes(names)] if names.count() == 2));
    let roles = Roles {
        normal: vec![folder.path().to_owned()],
        ..Roles::default()
    };
    assert_eq!(scan_as(folder.path(), &roles).unwrap().train.len(), 7);
}

#[test]
fn a_part_that_is_on_hold_is_unknown() {
    for held in [
        "保留",
        "再検査",
        "pending",
        "on_hold",
        "recheck",
        "OK_unchecked",
        "unsure",
        "unklar",
        "待定",
    ] {
        let name = |above: &str| -> &'static str { format!("{above}{held}/{{}}.png").leak() };
        let sorted = [
            ("OK/{}.png", 9, Photo),
            (name(""), 4, Photo),
            ("NG/{}.png", 2, Photo),
        ];
        let inside = [
            ("OK/{}.png", 9, Photo),
            (name("OK/"), 4, Photo),
            ("NG/{}.png", 2, Photo),
        ];
        for files in [sorted, inside] {
            let folder = build(&files);
            let catalog = scan(folder.path()).unwrap_or_else(|error| panic!("{held}: {error}"));
            assert_eq!(counts(&catalog), (9, 0, 2, 4, 0, 0), "{held}");
        }
        let alone = scan(build(&[(name(""), 4, Photo)]).path()).unwrap();
        assert_eq!(counts(&alone), (0, 0, 0, 4, 0, 0), "{held}");
    }
}

#[test]
fn places_and_times_are_not_asked_about() {
    for [one, other] in [
        ["KW20", "KW21"],
        ["早番", "夜勤"],
        ["Frühschicht", "Spätschicht"],
        ["day shift", "night shift"],
        ["top", "bottom"],
        ["front", "back"],
        ["cam_top", "cam_side"],
        ["Kamera oben", "Kamera unten"],
        ["2024/05/13", "2024/05/14"],
        ["2024/05", "2024/06"],
        ["100CANON", "101CANON"],
        ["Linie 1", "Linie 2"],
        ["Charge 4711", "Charge 4712"],
    ] {
        let [one, other] = [one, other].map(|name| format!("{name}/{{}}.png"));
        let files = [(&*one.leak(), 9, Photo), (&*other.leak(), 4, Photo)];
        assert_eq!(learned(&files), 13, "{}", files[1].0);
    }
}

#[test]
fn a_folder_that_says_nothing_beside_good_and_bad_ones_is_named_in_the_question() {
    let mixed = [
        ("OK/{}.png", 9, Photo),
        ("NG/{}.png", 2, Photo),
        ("mixed/{}.png", 4, Photo),
    ];
    let expected = "Names that do not say what the images show: mixed.";
    assert_eq!(doubts(&mixed), [expected]);
    assert_eq!(
        doubts(&[("alt/{}.png", 9, Photo), ("neu/{}.png", 4, Photo)]),
        [""; 0]
    );
}

#[test]
fn a_class_in_the_names_of_images_in_a_folder_called_good_is_asked_about() {
    let files = [
        ("OK/00{}_0.png", 9, Photo),
        ("OK/01{}_1.png", 3, Photo),
        ("NG/{}.png", 2, Photo),
    ];
    assert_eq!(doubts(&files).len(), 1);
    let views = [
        ("OK/00{}_0.png", 9, Photo),
        ("OK/00{}_1.png", 9, Photo),
        ("NG/{}.png", 2, Photo),
    ];
    assert_eq!(learned(&views), 18);
}

#[test]
fn a_text_that_speaks_of_defects_and_names_no_image_is_said() {
    let folder = build(&[
        ("set/{}.png", 12, Photo),
        ("set/notes.txt", 1, Said("the last five are bad")),
    ]);
    let notes = scan(&folder.path().join("set")).unwrap().notes;
    let said = notes.iter().map(Note::to_string);
    assert!(
        said.into_iter()
            .any(|note| note.contains("speaks of defects") && note.contains("notes.txt"))
    );
}

#[test]
fn ratings_and_keywords_of_a_program_for_photographs_that_differ_are_asked_about() {
    const GOOD: &str =
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description xmp:Rating="5"/></x:xmpmeta>"#;
    const BAD: &str =
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description xmp:Rating="-1"/></x:xmpmeta>"#;
    const WORD: &str = "<dc:subject><rdf:Bag><rdf:li>Kratzer</rdf:li></rdf:Bag></dc:subject>";
    for bad in [BAD, WORD] {
        let files = [
            ("{}.png", 12, Photo),
            ("{}.xmp", 12, Said(GOOD)),
            ("1.xmp", 1, Said(bad)),
        ];
        assert_eq!(doubts(&files).len(), 1, "{bad}");
    }
    assert_eq!(
        learned(&[("{}.png", 12, Photo), ("{}.xmp", 12, Said(GOOD))]),
        12
    );
}
