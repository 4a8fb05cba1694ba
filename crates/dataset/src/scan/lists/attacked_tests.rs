//! What hand-written lists say with marks, numbers and names, and what they must not be taken to say.

#![allow(clippy::unwrap_used)]

use super::tests::{lines, listed};

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
