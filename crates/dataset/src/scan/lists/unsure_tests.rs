//! What hand-written lists say with marks, numbers and names, and what they must not be taken to say.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use super::find;
use super::spreadsheet::tests::xlsx;
use super::tests::{lines, listed};
use super::unread::{doubts, unread};
use crate::scan::found::Found;

const IMAGES: [&str; 4] = ["a.png", "b.png", "c.png", "d.png"];

/// The kinds of the four images by a list with these columns and cells; `None` where it is not understood.
fn kinds(columns: &str, cells: [&str; 4]) -> Option<Vec<String>> {
    kinds_in("list.csv", columns, cells)
}

fn kinds_in(name: &str, columns: &str, cells: [&str; 4]) -> Option<Vec<String>> {
    let rows = IMAGES.iter().zip(cells);
    let rows: String = rows
        .map(|(image, cells)| format!("{image},{cells}\n"))
        .collect();
    let list = format!("image,{columns}\n{rows}");
    let found = listed(&IMAGES, &[(name, &list)])?;
    let kind = |line: &String| line.split(' ').skip(2).collect::<Vec<_>>().join(" ");
    let kind = |line: &String| kind(line).trim_end_matches(" []").to_owned();
    Some(lines(&found).iter().map(kind).collect())
}

#[test]
fn a_mark_in_a_column_for_bad_ones_is_bad() {
    for (good, bad) in [("OK", "NG"), ("良品", "不良品"), ("Pass", "Fail")] {
        for mark in ["○", "◯", "〇", "✓", "✔", "√", "レ", "x", "X", "●"] {
            let (is_good, is_bad) = (format!("{mark},"), format!(",{mark}"));
            let found = kinds(&format!("{good},{bad}"), [&is_good, &is_good, &is_bad, ","]);
            let found = found.unwrap();
            let message = format!("{good} {bad} {mark}: {found:?}");
            assert_eq!(found[..2], ["normal", "normal"], "{message}");
            assert!(!["normal", "?"].contains(&&*found[2]), "{message}");
            assert_eq!(found[3], "?", "{message}");
        }
    }
}

#[test]
fn marks_under_names_of_defects_are_those_defects() {
    for mark in ["○", "✓", "×", "x"] {
        let found = kinds(
            "キズ,汚れ",
            [",", &format!("{mark},-"), &format!("-,{mark}"), "-,-"],
        );
        assert_eq!(
            found.unwrap(),
            ["normal", "キズ", "汚れ", "normal"],
            "{mark}"
        );
    }
    for name in ["defect", "defects", "NG", "anomaly"] {
        let found = kinds(name, ["-", "-", "○", "○"]).unwrap();
        assert_eq!(found, ["normal", "normal", "defect", "defect"], "{name}");
    }
}

#[test]
fn two_marks_under_the_name_of_a_defect_are_not_understood() {
    for name in ["キズ", "キズ有無", "NG", "anomaly"] {
        for cross in ["×", "x"] {
            assert_eq!(kinds(name, ["○", "○", "○", cross]), None, "{name}");
        }
        assert_eq!(kinds(name, ["○", "○", "○", "bent"]), None, "{name}");
    }
    let judged = kinds("判定", ["○", "○", "○", "×"]).unwrap();
    assert_eq!(judged, ["normal", "normal", "normal", "×"]);
    let good = kinds("OK", ["○", "○", "○", "×"]).unwrap();
    assert_eq!(good, ["normal", "normal", "normal", "defect"]);
}

#[test]
fn a_mark_that_something_was_done_is_no_label() {
    for name in ["checked", "検査済", "撮影"] {
        let found = kinds(name, ["○", "○", "", "○"]);
        assert_eq!(found, None, "{name}");
    }
}

#[test]
fn a_mark_for_as_above_says_what_stands_above() {
    for mark in ["〃", "同上", "″", "↑", "idem", "dito"] {
        let found = kinds("label", ["OK", mark, "bent", mark]).unwrap();
        assert_eq!(found, ["normal", "normal", "bent", "bent"], "{mark}");
    }
}

#[test]
fn yes_and_no_do_not_say_which_of_them_is_good() {
    for column in ["判定", "良否", "合否", "result", "label"] {
        for (one, other) in [("TRUE", "FALSE"), ("yes", "no"), ("はい", "いいえ")] {
            assert_eq!(
                kinds(column, [one, one, one, other]),
                None,
                "{column} {one}"
            );
        }
        if column != "label" {
            assert_eq!(kinds(column, ["1", "1", "1", "0"]), None, "{column}");
        }
    }
    let classes = kinds("label", ["0", "0", "0", "1"]).unwrap();
    assert_eq!(classes, ["normal", "normal", "normal", "defect"]);
}

#[test]
fn names_of_images_say_which_answer_is_good() {
    let images = ["OK/a.png", "OK/b.png", "NG/c.png", "NG/d.png"];
    for (good, bad) in [("TRUE", "FALSE"), ("FALSE", "TRUE"), ("1", "0")] {
        let list = format!(
            "image,判定\nOK/a.png,{good}\nOK/b.png,{good}\nNG/c.png,{bad}\nNG/d.png,{bad}\n"
        );
        let found = lines(&listed(&images, &[("list.csv", &list)]).unwrap());
        let normal = found.iter().filter(|line| line.contains("normal"));
        assert!(
            normal.clone().all(|line| line.starts_with("OK")),
            "{found:?}"
        );
        assert_eq!(normal.count(), 2, "{found:?}");
    }
}

#[test]
fn numbers_that_are_none_of_classes_are_not_understood() {
    for column in ["label", "anomaly", "判定", "defective", "good"] {
        for cells in [["1", "1", "1", "-1"], ["0.97", "0.03", "0.9", "0.02"]] {
            assert_eq!(kinds(column, cells), None, "{column} {cells:?}");
        }
    }
    assert_eq!(kinds("label", ["1", "1", "2", "2"]), None);
    let counts = kinds("defects", ["1", "2", "2", "0"]).unwrap();
    assert_eq!(
        counts,
        ["defect", "defect 2", "defect 2", "normal"].map(|one| one.split(' ').next().unwrap())
    );
}

#[test]
fn a_list_of_all_images_that_is_called_after_a_test_leaves_normal_ones_to_train_on() {
    let text = "image,label\na.png,OK\nb.png,OK\nc.png,OK\nd.png,NG\n";
    for name in ["test_results.csv", "prueba.csv", "検査.csv"] {
        let found = lines(&listed(&IMAGES, &[(name, text)]).unwrap());
        assert_eq!(found[0], "a.png - normal []", "{name}");
    }
    let lists = [("train.csv", "image,label\na.png,OK\n"), ("test.csv", text)];
    let found = listed(&IMAGES, &lists).unwrap();
    assert!(
        lines(&found)
            .iter()
            .any(|line| line.starts_with("b.png test"))
    );
}

/// Whether a workbook is understood that judges all images, with this sheet behind.
fn is_read_with(sheet: &[&[&str]]) -> bool {
    let judged: [&[&str]; 5] = [
        &["image", "label"],
        &["a.png", "OK"],
        &["b.png", "OK"],
        &["c.png", "OK"],
        &["d.png", "NG"],
    ];
    let dir = crate::test_folder::test_folder();
    let book = xlsx(&[("判定", &judged), ("クレーム", sheet)]);
    std::fs::write(dir.path().join("list.xlsx"), book).unwrap();
    let images = IMAGES.map(Path::new);
    find(dir.path(), &images, &[], &[Path::new("list.xlsx")]).is_some()
}

#[test]
fn a_sheet_that_names_some_images_and_does_not_say_why_leaves_the_workbook_unread() {
    assert!(!is_read_with(&[&["image"], &["c.png"]]));
    assert!(!is_read_with(&[&["c.png"]]));
    assert!(is_read_with(&[&["day", "shift"], &["Monday", "2"]]));
    let all: [&[&str]; 5] = [&["image"], &["a.png"], &["b.png"], &["c.png"], &["d.png"]];
    assert!(is_read_with(&all), "a list of what there is");
}

/// What is unread and doubted in a folder of ten images with this memo, and which images it sets apart.
fn of_memo(text: &str) -> (bool, bool, Vec<usize>) {
    let dir = crate::test_folder::test_folder();
    for at in 0..10 {
        std::fs::write(dir.path().join(format!("{at:03}.png")), "").unwrap();
    }
    std::fs::write(dir.path().join("memo.txt"), text).unwrap();
    let all = Found::below(dir.path()).unwrap();
    let unread = unread(dir.path(), &all.images, &all.left_out);
    let doubts = doubts(dir.path(), &all.images, &all.left_out);
    let set_apart = doubts.set_apart.into_iter().collect();
    (!unread.is_empty(), !doubts.files.is_empty(), set_apart)
}

#[test]
fn a_memo_that_calls_a_range_of_images_bad_is_unread_and_sets_them_apart() {
    for text in ["000〜006 良品\n007〜009 キズ\n", "7-9 NG\n", "7 - 9 NG\n"] {
        assert_eq!(of_memo(text), (true, true, vec![7, 8, 9]), "{text}");
    }
}

#[test]
fn a_memo_that_speaks_of_a_part_of_the_images_is_unread() {
    for text in [
        "good: 0-6\n",
        "Use only 0-6\n",
        "first 7 are ok\n",
        "007 - 009 verzogen\n",
        "Les images 7 à 9 sont pliées.\n",
        "Bilder 7-9 zeigen Dellchen.\n",
    ] {
        let (is_unread, is_doubted, _) = of_memo(text);
        assert!(is_unread && is_doubted, "{text}");
    }
}

#[test]
fn numbers_of_other_things_and_of_all_images_say_nothing() {
    for text in [
        "checked 2026-07-09, 2 defects\n",
        "lamp 20-90 lm, no defects\n",
        "7-9 h\n",
        "the last 3 days\n",
        "first 10 are ok\n",
        "use only 0-9\n",
    ] {
        assert_eq!(of_memo(text), (false, false, vec![]), "{text}");
    }
}

#[test]
fn numbers_that_may_count_rows_are_not_taken_for_names_of_images() {
    let images: Vec<String> = (0..12).map(|at| format!("{at:03}.png")).collect();
    let images: Vec<&str> = images.iter().map(String::as_str).collect();
    let read = |name: &str, numbers: std::ops::Range<usize>| {
        let rows = numbers.map(|at| format!("{at},{}\n", if at % 4 == 3 { "NG" } else { "OK" }));
        let list = format!("{name},result\n{}", rows.collect::<String>());
        listed(&images, &[("list.csv", &list)]).is_some()
    };
    for name in ["No", "Index", "番号", "image", "id"] {
        assert!(!read(name, 1..13), "{name}: one row further");
        assert!(read(name, 0..12), "{name}");
        assert!(read(name, 0..15), "{name}: some images were deleted");
        assert!(read(name, 0..9), "{name}: not all are listed");
    }
    assert!(!read("No", 2..11), "rows may begin with any image");
    assert!(read("image", 2..11));
}

#[test]
fn classes_that_label_studio_and_fiftyone_export_are_read() {
    let studio = |(image, class): (&&str, &&str)| {
        format!(
            r#"{{"id": 1, "data": {{"image": "/data/upload/1/{image}"}}, "annotations": [{{"result":
            [{{"type": "choices", "from_name": "c", "value": {{"choices": ["{class}"]}}}}]}}]}}"#
        )
    };
    let fiftyone = |(image, class): (&&str, &&str)| {
        format!(
            r#"{{"filepath": "data/{image}", "ground_truth": {{"_cls": "Classification", "label": "{class}"}}}}"#
        )
    };
    let all = |classes: [&str; 4], entry: &dyn Fn((&&str, &&str)) -> String| {
        let entries: Vec<String> = IMAGES.iter().zip(&classes).map(entry).collect();
        entries.join(",")
    };
    let samples = all(["normal", "normal", "anomalous", "normal"], &fiftyone);
    let lists = [
        format!("[{}]", all(["OK", "OK", "NG", "OK"], &studio)),
        format!(r#"{{"samples": [{samples}]}}"#),
    ];
    for list in lists {
        let found = listed(&IMAGES, &[("export.json", &list)]).unwrap();
        let is_normal: Vec<bool> = lines(&found)
            .iter()
            .map(|line| line.contains(" normal"))
            .collect();
        assert_eq!(is_normal, [true, true, false, true], "{list}");
        assert_eq!(found.left_out, [], "{list}");
    }
}
