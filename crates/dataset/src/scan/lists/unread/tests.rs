#![allow(clippy::unwrap_used)]

use super::*;
use crate::left_out::Reason;
use crate::scan::found::Found;
use crate::scan::lists::spreadsheet::tests::{ods, xlsx};

const IMAGES: [&str; 6] = [
    "i/a1.png",
    "i/a2.png",
    "i/a3.png",
    "i/a4.png",
    "i/a5.png",
    "i/007.png",
];

/// Which of these files, beside the images, are unread.
fn unread_of(files: &[(&str, &[u8])]) -> Vec<String> {
    let dir = crate::test_folder::test_folder();
    let images = IMAGES.iter().map(|name| (*name, &b""[..]));
    for (name, bytes) in files.iter().copied().chain(images) {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let found = Found::below(dir.path()).unwrap();
    let unread = unread(dir.path(), &found.images, &found.left_out);
    let below = |path: PathBuf| path.strip_prefix(dir.path()).unwrap().display().to_string();
    unread.into_iter().map(below).collect()
}

#[test]
fn texts_that_name_several_images_are_unread_in_any_form_and_encoding() {
    let book = |rows: &[&[&str]]| xlsx(&[("Sheet1", rows)]);
    let utf16: Vec<u8> = "a1.png;x\r\na2.png;y\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (name, bytes) in [
        ("t.csv", &b"file,state\na1.png,x\na2.png,y\n"[..]),
        ("deep/er/t.txt", b"C:\\x\\A1.PNG  x\nC:\\x\\A2.PNG  y\n"),
        ("t.tsv", &utf16),
        ("t.csv", b"a1.png,\x95s\x97\xc7\na2.png,\x97\xc7\x95i\n"),
        ("t.json", br#"{"x": ["a1", "a2"]}"#),
        ("t.xml", b"<f name='a1.png'/><f name='i/a2.png'/>"),
        ("t.txt", b"a1 1\n007 0\n"),
        ("bad.txt", b"a1.png\na2.png\n"),
        ("labels.xlsx", b"PK"),
        ("検査.xls", b"PK"),
        ("book.ods", &ods(&[("Sheet1", &[&["a1.png"], &["a2.png"]])])),
        (
            "book.xlsx",
            &book(&[&["serial", "1"], &["S1", "OK"], &["S2", "NG"]]),
        ),
        ("costs.ods", b"PK"),
        ("costs.parquet", b"PAR1"),
        ("costs.zip", b"PK"),
        ("costs.db", b"SQLite"),
        (".labels.csv", b"a1.png,x\na2.png,y\n"),
        (".hidden/labels.csv", b"a1.png,x\na2.png,y\n"),
        ("memo.py", b"bad = ['a1.png', 'a2.png']\n"),
        ("labels.csv~", b"a1.png,x\na2.png,y\n"),
        ("memo.txt", b"a3.png has a scratch\n"),
        ("memo.txt", "a3.pngにキズあり\n".as_bytes()),
        ("readme.md", b"All are good, but exclude a3.png.\n"),
        (
            "book.xlsx",
            &book(&[
                &["No", "x"],
                &["1", ""],
                &["2", "p"],
                &["3", ""],
                &["4", ""],
            ]),
        ),
        ("numbers.csv", b"no,x\n1,0\n2,1\n3,0\n4,0\n5,0\n7,0\n"),
        ("states.txt", b"0\n0\n1\n0\n0\n0\n"),
        ("t.csv", b"a1.bmp,x\na2.bmp,y\n"),
        ("t.csv", b"7,x\na2,y\n"),
        ("t.csv", b"a1.png_1,x\na2.png_1,y\n"),
        ("t.csv", b"S1,OK\nS2,NG\nS3,OK\nS4,NG\n"),
        ("t.yaml", b"a1.png: x\na2.png: y\n"),
        (
            "t.yml",
            b"- file: a1.png\n  x: 1\n- file: a2.png\n  x: 1\n- file: a3.png\n  x: 2\n",
        ),
        ("states.json", b"[0, 0, 1, 0, 0, 0]"),
        ("states.txt", b"0 0 1 0 0 0"),
        ("_ng", b"a1\n"),
        ("boxes.vott", b"{}"),
        ("Prüfung.odt", b"PK"),
    ] {
        assert_eq!(unread_of(&[(name, bytes)]), [name]);
    }
}

#[test]
fn sentences_about_defects_that_name_images_in_any_way_are_unread() {
    for text in [
        "a1, a3 and 007 have scratches",
        "007: n.i.O.",
        "007番はキズあり",
        "007にキズあり",
        "NG: 7 a2",
        "Bilder 1 bis 7: Ausschuss",
        "001 to 007 are scrap",
    ] {
        assert_eq!(
            unread_of(&[("memo.txt", text.as_bytes())]),
            ["memo.txt"],
            "{text}"
        );
    }
    assert_eq!(
        unread_of(&[
            (
                "d.json",
                br#"{"defective": [
        7,
        1]}"#
            ),
            ("i/1.png", b"")
        ]),
        ["d.json"]
    );
    for text in [
        "7 parts have scratches",
        "2026-11-07 10:07: no scratches",
        "0.7 mm is the limit for scratches",
    ] {
        assert_eq!(
            unread_of(&[("memo.txt", text.as_bytes())]),
            [""; 0],
            "{text}"
        );
    }
}

#[test]
fn sentences_in_many_languages_that_name_images_are_unread() {
    for text in [
        "a3 et 007 sont à rejeter",
        "a3 e 007 da scartare",
        "007 复检不合格",
        "007以外は良品",
        "007はみんなと違う",
        "a3 и 007 другие",
        "a3 und 007 sind anders",
    ] {
        for name in ["memo.txt", "备注.txt", "memo.md"] {
            assert_eq!(unread_of(&[(name, text.as_bytes())]), [name], "{text}");
        }
        let whole = text.replace("007", "007.png");
        assert_eq!(unread_of(&[("README.md", whole.as_bytes())]), ["README.md"]);
    }
    let chinese = encoding_rs::GB18030.encode("007 复检不合格\n").0;
    assert_eq!(unread_of(&[("备注.txt", &chinese)]), ["备注.txt"]);
}

#[test]
fn values_for_each_image_somewhere_in_json_are_unread() {
    for text in [
        &br#"{"labels": [0, 0, 1, 0, 0, 1]}"#[..],
        br#"{"set": {"version": 3, "y": ["a", "b", "a", "a", "b", "a"]}}"#,
    ] {
        assert_eq!(unread_of(&[("d.json", text)]), ["d.json"]);
    }
    for text in [
        &br#"{"mean": [0.1, 0.2, 0.3]}"#[..],
        br#"{"sizes": [1, 2, 3, 4, 5, 6]}"#,
    ] {
        assert_eq!(unread_of(&[("d.json", text)]), [""; 0]);
    }
}

#[test]
fn what_says_the_same_of_all_images_is_none_of_them() {
    let names = ["a1", "a2", "a3", "a4", "a5", "007"];
    let log = |said: fn(usize) -> String| -> String {
        let lines = names.iter().enumerate();
        let lines = lines
            .map(|(at, name)| format!("2026-11-30 10:00:0{at} saved {name}.png {}\n", said(at)));
        lines.collect()
    };
    let same = log(|_| "gain=0".into());
    assert_eq!(unread_of(&[("capture.log", same.as_bytes())]), [""; 0]);
    let other = log(|at| format!("state={}", at / 4));
    assert_eq!(
        unread_of(&[("capture.log", other.as_bytes())]),
        ["capture.log"]
    );
    let taken = "filename,exposure_us\na1.png,1000\na2.png,2000\n";
    assert_eq!(unread_of(&[("metadata.csv", taken.as_bytes())]), [""; 0]);
}

#[test]
fn texts_that_are_called_as_several_images_are_unread() {
    let files = [("x/a1.png.json", &b"{}"[..]), ("x/a2.xml", b"<x/>")];
    assert_eq!(unread_of(&files), ["x/a1.png.json", "x/a2.xml"]);
    assert!(unread_of(&files[..1]).is_empty());
    let longer = [
        ("i/a1.png-meta.json", &b"{}"[..]),
        ("i/a2.png-meta.json", b"{}"),
    ];
    assert_eq!(unread_of(&longer).len(), 2);
}

#[test]
fn lists_that_cannot_be_opened_count_by_their_names() {
    let root = Path::new("nowhere");
    let unread_of = |name: &str| {
        let left_out = [LeftOut {
            path: root.join(name),
            reason: Reason::NotAnImage(".csv".into()),
        }];
        unread(root, &[root.join("a1.png")], &left_out).len()
    };
    assert_eq!(unread_of("labels.csv"), 1);
    assert_eq!(unread_of("machine.csv"), 0);
}

#[test]
fn lists_behind_many_other_texts_count_by_their_names() {
    let names: Vec<String> = (0..MAX_READ).map(|at| format!("x{at}.txt")).collect();
    let others = names.iter().map(|name| (name.as_str(), &b"-"[..]));
    let list = ("deep/labels.csv", &b"a1.png,x\na2.png,y\n"[..]);
    let files: Vec<_> = others.chain([list]).collect();
    assert_eq!(unread_of(&files), ["deep/labels.csv"]);
}

#[test]
fn a_list_of_all_images_says_nothing_though_some_share_their_names() {
    let (again, name) = (("j/a1.png", &b""[..]), "all.txt");
    let all = b"i/a1.png\nj/a1.png\na2.png\na3.png\na4.png\na5.png\n007.png\n";
    assert_eq!(unread_of(&[(name, all), again]), [""; 0]);
}

#[test]
fn names_that_look_like_two_endings_are_names() {
    let images = ["b.jpg.png", "c.jpg.png"].map(|name| (name, &b""[..]));
    let list = ("t.csv", &b"b.jpg.png,x\nc.jpg.png,y\n"[..]);
    assert_eq!(unread_of(&[images[0], images[1], list]), ["t.csv"]);
}

#[test]
fn other_texts_are_none_of_them() {
    for (name, bytes) in [
        ("t.txt", &b"Taken in spring; a1.png is the first."[..]),
        ("README.txt", b"Look at a1.png, a2.png and a3.png."),
        ("checksums.txt", b"00  a1.png\n01  a2.png\n"),
        (
            "results.csv",
            b"path,kind,plain_score\na1.png,,1\na2.png,,2\n",
        ),
        (
            "set.json",
            br#"{"layout": "plain", "left_out": [{"path": "a1.png"}, {"path": "a2.png"}]}"#,
        ),
        ("numbers.csv", b"hour,degree\n1,7\n2,007\n"),
        (
            "all.txt",
            b"a1.png\na2.png\na3.png\na4.png\na5.png\n007.png\n",
        ),
        ("strange.txt", b"a1.png\na2.png\n"),
        ("costs.xlsx", &xlsx(&[("Sheet1", &[&["camera", "7000"]])])),
        ("~$labels.xlsx", b"lock"),
        (".DS_Store", b"bytes"),
        (".git/labels.csv", b"a1.png,x\na2.png,y\n"),
        (
            "temperature.csv",
            b"hour,degree\n1,20.5\n2,20.6\n3,20.7\n4,20.8\n5,21\n6,22\n",
        ),
        (
            "evaluation.csv",
            b"kind,pixel_auroc\ngood,1\ngood,1\nNG,1\nNG,1\n",
        ),
        ("log.txt", b"10:00 OK\n10:01 error: not ready\n"),
    ] {
        assert_eq!(unread_of(&[(name, bytes)]), [""; 0], "{name}");
    }
}

#[test]
fn a_list_in_the_folder_above_that_names_most_images_is_unread() {
    let dir = crate::test_folder::test_folder();
    let root = dir.path().join("set");
    std::fs::create_dir(&root).unwrap();
    let images = ["a1.png", "a2.png", "a3.png"].map(|name| root.join(name));
    let list = dir.path().canonicalize().unwrap().join("labels.csv");
    for (text, is_unread) in [
        ("set/a1.png,x\nset/a2.png,y\n", true),
        ("set/a1.png,x\nother/b.png,y\n", false),
        ("serial,state\n1,OK\n2,NG\n", false),
    ] {
        std::fs::write(&list, text).unwrap();
        let expected = if is_unread {
            vec![list.clone()]
        } else {
            vec![]
        };
        assert_eq!(unread(&root, &images, &[]), expected, "{text}");
    }
}
