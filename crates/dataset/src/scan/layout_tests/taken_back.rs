//! Names that take "normal" back without a word that is known.

use super::*;

/// Files in folders of these names; whoever needs `'static` names leaks them.
fn files(folders: &[(&str, usize)]) -> Vec<Files> {
    let file = |folder: &str| -> &'static str { format!("{folder}/{{}}.png").leak() };
    let files = folders.iter();
    files
        .map(|(folder, count)| (file(folder), *count, Photo))
        .collect()
}

/// The folders of which "normal" is not taken for granted.
fn doubted(folders: &[(&str, usize)]) -> Vec<String> {
    let groups = asked(&files(folders)).into_iter();
    let doubted = groups.filter(|(_, _, guess)| *guess == Kind::Unknown);
    doubted.map(|(name, ..)| name).collect()
}

fn learned(folders: &[(&str, usize)]) -> usize {
    let folder = build(&files(folders));
    let catalog = scan(folder.path()).unwrap_or_else(|error| panic!("{folders:?}: {error}"));
    catalog.train.len()
}

#[test]
fn numbered_folders_with_other_letters_than_those_beside_them_are_asked_about() {
    for [plain, other] in [
        ["20261128", "RMA-20261129"],
        ["Lot 20261128", "RMA-20261129"],
        ["20261128", "NCR-0012"],
        ["LOT 0012", "MRB 0012"],
        ["SN1001", "QN200123"],
        ["20261128", "返品1129"],
        ["11月28日", "廃棄1129"],
        ["20261128", "別件1129"],
        ["20261128", "退货20261129"],
        ["20261128", "20261128n"],
    ] {
        assert_eq!(asked(&files(&[(plain, 6), (other, 4)])).len(), 2, "{other}");
        let [train, aside] = [plain, other].map(|name| format!("train/{name}"));
        let groups = asked(&files(&[(&train, 6), (&aside, 4), ("test/NG", 3)]));
        assert_eq!(groups.len(), 3, "{other}");
        let [good, aside] = [plain, other].map(|name| format!("OK/{name}"));
        let groups = doubted(&[(&good, 6), (&aside, 4), ("NG", 3)]);
        assert!(groups.contains(&aside), "{groups:?}");
    }
    for [one, other] in [
        ["20261128", "Lot 20261129"],
        ["S0001", "s0002"],
        ["cam1", "cam2"],
        ["11月28日", "2026-11-29"],
    ] {
        assert_eq!(learned(&[(one, 6), (other, 4)]), 10, "{other}");
        for above in ["train", "OK"] {
            let [one, other] = [one, other].map(|name| format!("{above}/{name}"));
            let bad = if above == "OK" { "NG" } else { "test/NG" };
            assert_eq!(learned(&[(&one, 6), (&other, 4), (bad, 3)]), 10, "{other}");
        }
    }
}

#[test]
fn folders_below_good_that_differ_by_a_word_are_asked_about() {
    for [one, other] in [
        ["確認済", "別件"],
        ["sicher", "Sonderfall"],
        ["released", "returned"],
        ["bolt", "rework"],
        ["checked", "doubt"],
        ["lote1", "rebaba"],
        ["front", "別件"],
        ["cam1", "別件"],
        ["bolt", "bolt (?)"],
    ] {
        let [one, other] = [one, other].map(|name| format!("OK/{name}"));
        let groups = doubted(&[(&one, 6), (&other, 4), ("NG", 3)]);
        assert!(groups.contains(&other), "{groups:?}");
    }
    // Kinds of parts of which there are defective ones, too.
    let parts = [("OK/a", 6), ("OK/b", 4), ("NG/a", 1), ("NG/b/crack", 1)];
    assert_eq!(learned(&parts), 10);
    let more = [&parts[..], &[("OK/rework", 2)]].concat();
    assert!(doubted(&more).contains(&"OK/rework".to_owned()));
    for [one, other] in [["front", "back"], ["1", "2"], ["Probe 1", "Probe 2"]] {
        let [one, other] = [one, other].map(|name| format!("OK/{name}"));
        assert_eq!(learned(&[(&one, 6), (&other, 4), ("NG", 3)]), 10, "{other}");
    }
}

#[test]
fn folders_that_say_good_with_different_words_are_asked_about() {
    for [one, other] in [
        ["OK_sicher", "OK_Sonderfall"],
        ["OK確定", "OK別件"],
        ["good_verified", "good_old"],
        ["pass_auto", "pass_manual"],
    ] {
        let groups = asked(&files(&[(one, 6), (other, 4), ("NG", 3)]));
        let guesses = groups.into_iter().filter(|(name, ..)| name != "NG");
        let guesses: Vec<Kind> = guesses.map(|(.., guess)| guess).collect();
        assert_eq!(guesses, [Kind::Unknown, Kind::Unknown], "{other}");
    }
    let views = [("OK_front", 6), ("OK_back", 4), ("NG", 3)];
    let lots = [("OK_lot1", 6), ("OK_lot2", 4), ("NG", 3)];
    let parts = [("OK_bolt", 6), ("OK_nut", 4), ("NG_bolt", 1), ("NG_nut", 2)];
    for alike in [&views[..], &lots[..], &parts[..]] {
        assert_eq!(learned(alike), 10, "{alike:?}");
    }
}

#[test]
fn without_a_folder_for_the_test_that_for_validation_is_it_or_asked_about() {
    for [train, validation] in [
        ["train", "val"],
        ["学習", "検証"],
        ["训练", "验证"],
        ["train", "dev"],
    ] {
        let flat = asked(&files(&[(train, 6), (validation, 5)]));
        assert_eq!(flat.len(), 2, "{validation}");
        assert_eq!(flat[1].2, Kind::Unknown);
        let [learned_from, good, bad] = [(train, "OK"), (validation, "OK"), (validation, "NG")]
            .map(|(split, name)| format!("{split}/{name}"));
        let sorted = files(&[(&learned_from, 6), (&good, 3), (&bad, 4)]);
        let catalog = scan(build(&sorted).path()).unwrap();
        assert_eq!(counts(&catalog), (6, 3, 4, 0, 0, 0), "{validation}");
        // Beside a test it joins training.
        let tested = files(&[(train, 6), (validation, 5), ("test/OK", 1), ("test/NG", 1)]);
        assert_eq!(scan(build(&tested).path()).unwrap().train.len(), 11);
    }
}

#[test]
fn words_for_good_below_test_are_no_kind_of_defect() {
    for name in [
        "fehlerfrei",
        "einwandfrei",
        "sem_defeito",
        "sem defeitos",
        "sin_falla",
        "sans_defaut",
        "ohne Befund",
        "bez wady",
        "hatasız",
        "ノーマル",
        "適合",
        "無欠点",
        "양호",
        "无问题",
        "達標",
        "达标",
        "優",
        "apto",
        "perfeito",
        "goedgekeurd",
        "godkänd",
        "nominal",
        "reference",
        "zero_defect",
        "defectless",
        "NFF",
        "ОК",
        "годен",
    ] {
        let test = format!("test/{name}");
        let sorted = files(&[("train/good", 6), (&test, 4), ("test/scratch", 3)]);
        let catalog = scan(build(&sorted).path()).unwrap();
        assert_eq!(counts(&catalog), (6, 4, 3, 0, 0, 0), "{name}");
    }
    for name in [
        "nicht fehlerfrei",
        "no apto",
        "不適合",
        "未達標",
        "non-nominal",
        "off_nominal",
        "не годен",
        "SEM_defect",
        "stainless",
        "0_defect",
        "zero",
    ] {
        let test = format!("test/{name}");
        let sorted = files(&[("train/good", 6), (&test, 4), ("test/scratch", 3)]);
        let catalog = scan(build(&sorted).path()).unwrap();
        assert_eq!(counts(&catalog), (6, 0, 7, 0, 0, 0), "{name}");
    }
}

#[test]
fn images_called_otherwise_than_those_beside_them_are_asked_about() {
    for [one, other] in [
        ["00{}○", "10{}×"],
        ["00{}", "10{}×"],
        ["00{}", "10{}_？"],
        ["00{}", "10{}!!"],
        ["cam1_{}_OK", "cam1_1{}_N.G"],
        ["00{}_P", "10{}_F"],
        ["00{}_T", "10{}_F"],
        ["00{}_true", "10{}_false"],
        ["neg_{}", "pos_{}"],
        ["OK_{}", "再検_{}"],
        ["00{}-OK", "10{}-XX"],
        ["good_{}", "blob_{}"],
        ["ryohin_{}", "furyo_{}"],
        ["00{}", "10{}_def"],
        ["00{}", "10{}_err"],
        ["Teil_{}", "Delle_{}"],
        ["00{}", "10{}(凹)"],
    ] {
        for folder in ["", "OK/"] {
            let name = |name: &str| -> &'static str { format!("{folder}{name}.png").leak() };
            let mut images = vec![(name(one), 7, Photo), (name(other), 3, Photo)];
            if !folder.is_empty() {
                images.push(("NG/{}.png", 3, Photo));
            }
            assert!(!asked(&images).is_empty(), "{other}");
        }
    }
    // Labels that nobody knows are doubted where no folder says that the images are normal.
    for [one, other] in [
        ["A_00{}", "B_20{}"],
        ["0_00{}", "1_10{}"],
        ["00{}_0", "10{}_1"],
        ["pieza_{}", "golpeada_{}"],
        ["00{}", "10{}_rma"],
    ] {
        let name =
            |folder: &str, name: &str| -> &'static str { format!("{folder}{name}.png").leak() };
        for folder in ["", "train/"] {
            let images = [
                (name(folder, one), 7, Photo),
                (name(folder, other), 3, Photo),
            ];
            assert_eq!(doubts(&images), 1, "{folder}{other}");
        }
        let good = [
            (name("OK/", one), 7, Photo),
            (name("OK/", other), 3, Photo),
            ("NG/{}.png", 3, Photo),
        ];
        // There other words are those of parts, and a field of 0 and 1 is a class all the same.
        match other.contains("_1") {
            true => assert_eq!(doubts(&good), 1, "{other}"),
            false => assert_eq!(
                scan(build(&good).path()).unwrap().train.len(),
                10,
                "{other}"
            ),
        }
    }
    for [one, other] in [
        ["cam1_{}", "cam2_{}"],
        ["left_{}", "right_{}"],
        ["red_{}", "blue_{}"],
        ["IMG_{}", "DSC0{}"],
        ["2026-11-29_{}", "2026-11-30_{}"],
        ["00{}_L", "00{}_R"],
        ["00{}_a", "00{}_b"],
        ["x{}_0", "x{}_1"],
        ["ok_{}", "good_{}"],
    ] {
        let name = |name: &str| -> &'static str { format!("{name}.png").leak() };
        let images = [(name(one), 7, Photo), (name(other), 3, Photo)];
        assert_eq!(
            scan(build(&images).path()).unwrap().train.len(),
            10,
            "{other}"
        );
    }
}

/// How many things make it doubtful which of these images are normal.
fn doubts(files: &[Files]) -> usize {
    match scan(build(files).path()) {
        Err(ScanError::Ambiguous { doubts, .. }) => doubts.len(),
        other => panic!("{files:?}: {other:?}"),
    }
}

#[test]
fn a_few_folders_with_short_numbers_are_asked_about() {
    for [one, other] in [["001", "002"], ["images_0", "images_1"], ["No.1", "No.2"]] {
        assert_eq!(asked(&files(&[(one, 6), (other, 4)])).len(), 2, "{other}");
        let [one, other] = [one, other].map(|name| format!("train/{name}"));
        assert_eq!(asked(&files(&[(&one, 6), (&other, 4)])).len(), 2, "{other}");
    }
    // Parts by their numbers, and what a folder says is normal.
    let parts: Vec<String> = (1..=24).map(|part| format!("{part:03}")).collect();
    let parts: Vec<_> = parts.iter().map(|part| (part.as_str(), 1)).collect();
    assert_eq!(learned(&parts), 24);
    assert_eq!(learned(&[("1041", 6), ("1042", 4)]), 10);
    assert_eq!(learned(&[("001", 6)]), 6);
    assert_eq!(learned(&[("OK/001", 6), ("OK/002", 4), ("NG", 3)]), 10);
    assert_eq!(learned(&[("train/good/001", 6), ("train/good/002", 4)]), 10);
}

#[test]
fn pictures_with_something_drawn_on_an_image_are_asked_about_whatever_they_are_called() {
    let photo = |mark: bool, value: u8| {
        GrayImage::from_fn(40, 30, |x, y| match mark && (8..12).contains(&x) && y < 6 {
            true => Luma([255]),
            false => Luma([value + (x + y) as u8]),
        })
    };
    for (name, drawn) in [
        ("000_ink", "000_ink.png"),
        ("000b", "000b.png"),
        ("000 2", "000 2.png"),
        ("IMG_E0000", "IMG_E0000.png"),
    ] {
        let original = if name.starts_with("IMG") {
            "IMG_0000.png"
        } else {
            "000.png"
        };
        let folder = build(&[("OK/{}9.png", 4, Photo)]);
        let save = |name: &str, image: GrayImage| image.save(folder.path().join("OK").join(name));
        save(original, photo(false, 20)).unwrap();
        save(drawn, photo(true, 20)).unwrap();
        let asked = scan(folder.path());
        assert!(matches!(asked, Err(ScanError::Ambiguous { .. })), "{name}");
        // Another photograph of the part.
        save(drawn, photo(true, 60)).unwrap();
        assert!(scan(folder.path()).is_ok(), "{name}");
    }
}
