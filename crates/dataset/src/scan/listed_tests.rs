//! Data sets with lists, whatever their form, each built small.

#![allow(clippy::unwrap_used)]

use super::described_tests::{left_out, lines, scanned, tree};
use super::*;
use crate::catalog::Note;

/// A folder of four images with this list.
fn with_list(name: &str, bytes: &[u8]) -> tempfile::TempDir {
    let dir = tree(&["a.png", "b.png", "c.png", "d.png"].map(|name| (name, "")));
    std::fs::write(dir.path().join(name), bytes).unwrap();
    dir
}

#[test]
fn lists_of_any_form_say_which_images_are_defective() {
    let expected = [
        "train a.png normal",
        "train b.png normal",
        "test c.png NG",
        "test d.png NG",
    ];
    let rows = "a.png,OK\nb.png,OK\nc.png,NG\nd.png,NG\n";
    let head = |head: &str| format!("{head}\n{rows}");
    let utf16: Vec<u8> = head("filename,label")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (name, text) in [
        ("list.csv", rows.to_owned()),
        ("list.csv", head("Results of 2026-11-30\n\nfilename,label")),
        ("list.csv", head("# made by hand\nfilename,label")),
        ("list.csv", head("filename,status")),
        ("list.csv", head("filename,result")),
        ("list.csv", head("name,OK/NG")),
        ("list.csv", head("filename,ok")),
        ("list.csv", head("filename,label").replace(".png", "")),
        ("list.csv", head("image_id,label").replace(".png", "")),
        (
            "list.csv",
            head("filename,split,status")
                .replace(".png", ".png,train")
                .replace("train,NG", "test,NG"),
        ),
        ("list.txt", rows.replace(',', " ")),
        (
            "labels.json",
            r#"{"a.png": "OK", "b.png": "OK", "c.png": "NG", "d.png": "NG"}"#.into(),
        ),
        (
            "labels.json",
            r#"{"OK": ["a.png", "b.png"], "NG": ["c.png", "d.png"]}"#.into(),
        ),
        (
            "labels.json",
            r#"[{"image": "a.png", "labels": []}, {"image": "b.png", "labels": ["OK"]},
            {"image": "c.png", "labels": ["NG"]}, {"image": "d.png", "labels": ["NG"]}]"#
                .into(),
        ),
    ] {
        let dir = with_list(name, text.as_bytes());
        assert_eq!(
            lines(&scan(dir.path()).unwrap()),
            expected,
            "{name}: {text}"
        );
    }
    assert_eq!(
        lines(&scan(with_list("list.csv", &utf16).path()).unwrap()),
        expected
    );

    let shift_jis = b"\x89\xe6\x91\x9c,\x94\xbb\x92\xe8\na.png,\x97\xc7\x95i\nb.png,\x97\xc7\x95i\nc.png,\x95s\x97\xc7\nd.png,\x95s\x97\xc7\n";
    let expected = expected.map(|line| line.replace("NG", "不良"));
    assert_eq!(
        lines(&scan(with_list("list.csv", shift_jis).path()).unwrap()),
        expected
    );
}

#[test]
fn numbers_of_two_classes_are_kinds_and_others_are_asked_about() {
    for head in ["filename,class", "filename,pass", "filename,defects"] {
        let (good, bad) = match head.ends_with("pass") {
            true => (1, 0),
            false => (0, 1),
        };
        let text = format!("{head}\na.png,{good}\nb.png,{good}\nc.png,{good}\nd.png,{bad}\n");
        let found = lines(&scan(with_list("list.csv", text.as_bytes()).path()).unwrap());
        let expected = [
            "train a.png normal",
            "train b.png normal",
            "train c.png normal",
            "test d.png defect",
        ];
        assert_eq!(found, expected, "{text}");
    }
    for (name, text) in [
        (
            "list.csv",
            "filename,status\na.png,0\nb.png,0\nc.png,1\nd.png,1\n",
        ),
        (
            "list.csv",
            "filename,split,grade\na.png,train,p\nb.png,train,p\nc.png,train,q\nd.png,test,q\n",
        ),
        ("list.txt", "a.png 0\nb.png 0\nc.png 1\nd.png 1\n"),
        (
            "labels.json",
            r#"{"a.png": "p", "b.png": "p", "c.png": "q", "d.png": "q"}"#,
        ),
    ] {
        let dir = with_list(name, text.as_bytes());
        let unread_of = match scan(dir.path()) {
            Err(ScanError::Ambiguous { unread, .. }) => unread,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(unread_of, [dir.path().join(name)]);
    }
}

#[test]
fn lists_called_after_what_they_list_say_it() {
    let images = ["a.png", "b.png", "c.png", "d.png"].map(|name| (name, ""));
    let lists = [("good.txt", "a.png\nb.png\n"), ("ng.txt", "c.png\nd.png\n")];
    let expected = [
        "train a.png normal",
        "train b.png normal",
        "test c.png ng",
        "test d.png ng",
    ];
    assert_eq!(lines(&scanned(&[&images[..], &lists].concat())), expected);
    // What no list names is not known.
    let catalog = scanned(&[&images[..], &lists[1..]].concat());
    let expected = [
        "test c.png ng",
        "test d.png ng",
        "test a.png ?",
        "test b.png ?",
    ];
    assert_eq!(lines(&catalog), expected);
    let lists = [("train.txt", "a\nb\n"), ("test.txt", "c\n")];
    let catalog = scanned(&[&images[..], &lists].concat());
    let expected = ["train a.png normal", "train b.png normal", "test c.png ?"];
    assert_eq!(lines(&catalog), expected);
    assert_eq!(left_out(&catalog), ["d.png: the list does not name it"]);
}

const OK_NG: [(&str, &str); 4] = [
    ("OK/a.png", ""),
    ("OK/b.png", ""),
    ("NG/c.png", ""),
    ("NG/d.png", ""),
];

#[test]
fn a_list_of_parts_leaves_folders_to_say_what_images_show() {
    let expected = [
        "train OK/a.png normal",
        "test OK/b.png normal",
        "test NG/c.png NG",
        "test NG/d.png NG",
    ];
    let split = "path,split\nOK/a.png,train\nOK/b.png,test\nNG/c.png,train\nNG/d.png,test\n";
    let both = [
        ("train.csv", "path,number\nOK/a.png,1\nNG/c.png,2\n"),
        ("test.csv", "path,number\nOK/b.png,1\nNG/d.png,2\n"),
    ];
    for lists in [&[("split.csv", split)][..], &both] {
        let catalog = scanned(&[&OK_NG[..], lists].concat());
        assert_eq!(lines(&catalog), expected, "{lists:?}");
        assert!(matches!(catalog.notes[0], Note::PartsListed { .. }));
    }
    // Nor does it answer what folders leave open.
    let split = ("split.csv", "path,split\n0/a.png,train\n1/b.png,train\n");
    let dir = tree(&[("0/a.png", ""), ("1/b.png", ""), split]);
    assert!(matches!(scan(dir.path()), Err(ScanError::Ambiguous { .. })));
}

#[test]
fn a_list_of_masks_makes_nothing_in_a_bad_folder_normal() {
    let list = "image,mask\nOK/a.png,\nOK/b.png,m/c.png\nNG/c.png,m/c.png\nNG/d.png,\n";
    let catalog = scanned(&[&OK_NG[..], &[("m/c.png", ""), ("list.csv", list)]].concat());
    let expected = [
        "train OK/a.png normal",
        "test NG/d.png NG",
        "test NG/c.png defect m/c.png",
        "test OK/b.png defect m/c.png",
    ];
    assert_eq!(lines(&catalog), expected);
}

#[test]
fn an_image_in_a_bad_folder_that_a_list_calls_normal_is_left_out() {
    let list = "image,label\nOK/a.png,good\nOK/b.png,bent\nNG/c.png,good\nNG/d.png,bent\n";
    let catalog = scanned(&[&OK_NG[..], &[("list.csv", list)]].concat());
    let expected = [
        "train OK/a.png normal",
        "test NG/d.png bent",
        "test OK/b.png bent",
    ];
    assert_eq!(lines(&catalog), expected);
    let expected = ["NG/c.png: its list says that it is normal, and its folder that it is not"];
    assert_eq!(left_out(&catalog), expected);
}

#[test]
fn a_list_of_few_images_leaves_the_folders_of_the_others_to_say_what_they_show() {
    for list in [
        "image,label\nNG/c.png,bent\n",
        "image,label,split\nNG/c.png,bent,test\n",
    ] {
        let catalog = scanned(&[&OK_NG[..], &[("list.csv", list)]].concat());
        let expected = [
            "train OK/a.png normal",
            "train OK/b.png normal",
            "test NG/d.png NG",
            "test NG/c.png bent",
        ];
        assert_eq!(lines(&catalog), expected);
        assert!(
            catalog.notes.contains(&Note::Unlisted { images: 3 }),
            "{:?}",
            catalog.notes
        );
    }
}

#[test]
fn parts_and_labels_of_several_lists_are_joined_and_contradictions_left_out() {
    let images = ["a.png", "b.png", "c.png", "d.png"].map(|name| (name, ""));
    let lists = [
        (
            "split.csv",
            "filename,split\na.png,train\nb.png,train\nc.png,train\nd.png,test\n",
        ),
        (
            "labels.csv",
            "filename,label\na.png,OK\nb.png,OK\nc.png,NG\nd.png,NG\n",
        ),
        ("checked.csv", "filename,result\nb.png,NG\n"),
    ];
    let catalog = scanned(&[&images[..], &lists].concat());
    assert_eq!(lines(&catalog), ["train a.png normal", "test d.png NG"]);
    let expected = [
        "b.png: its lists contradict each other",
        "c.png: listed for training, but defective",
    ];
    assert_eq!(left_out(&catalog), expected);
}

#[test]
fn folders_for_a_test_stay_for_the_test_where_a_list_says_no_part() {
    let catalog = scanned(&[
        ("train/1.png", ""),
        ("train/2.png", ""),
        ("test/1.png", ""),
        ("test/2.png", ""),
        ("train/labels.csv", "filename,label\n1.png,OK\n2.png,NG\n"),
        ("test/labels.csv", "filename,label\n1.png,OK\n2.png,NG\n"),
    ]);
    let expected = [
        "train train/1.png normal",
        "test test/1.png normal",
        "test test/2.png NG",
        "test train/2.png NG",
    ];
    assert_eq!(lines(&catalog), expected);
}

#[test]
fn outlines_say_what_the_images_of_a_list_of_parts_show() {
    let catalog = scanned(&[
        ("images/a.jpg", ""),
        ("images/b.jpg", ""),
        ("images/c.jpg", ""),
        ("labels/b.txt", "0 0.5 0.5 0.2 0.2"),
        ("train.txt", "images/a.jpg\nimages/b.jpg\n"),
        ("val.txt", "images/c.jpg\n"),
    ]);
    let expected = [
        "train images/a.jpg normal",
        "train images/c.jpg normal",
        "test images/b.jpg class 0 labels/b.txt",
    ];
    assert_eq!(lines(&catalog), expected);
    assert_eq!(left_out(&catalog), [""; 0]);
}

#[test]
fn outlines_in_a_list_of_training_images_are_not_passed_over() {
    let images = ["a.png", "b.png"].map(|name| (name, ""));
    let entry = |field: &str, outlines: &str| {
        format!(
            r#"[{{"image": "a.png", "{field}": []}}, {{"image": "b.png", "{field}": {outlines}}}]"#
        )
    };
    for (field, outlines, kind) in [
        (
            "annotations",
            r#"[{"label": "dent", "points": [[1, 1]]}]"#,
            "dent",
        ),
        ("boxes", "[[1, 1, 5, 5]]", "defect"),
    ] {
        let list = entry(field, outlines);
        let catalog = scanned(&[&images[..], &[("list.json", &list[..])]].concat());
        assert_eq!(
            lines(&catalog),
            ["train a.png normal", &format!("test b.png {kind}")]
        );
        let catalog = scanned(&[&images[..], &[("train.json", &list[..])]].concat());
        assert_eq!(lines(&catalog), ["train a.png normal"]);
    }
}

#[test]
fn what_a_list_of_defects_does_not_name_is_normal_where_its_folder_says_so() {
    let list = "ImageId,ClassId,EncodedPixels\nb.png,1,1 5\n";
    let images = ["train/a.png", "train/b.png", "train/c.png"].map(|name| (name, ""));
    let catalog = scanned(&[&images[..], &[("train.csv", list)]].concat());
    let expected = ["train train/a.png normal", "train train/c.png normal"];
    assert_eq!(lines(&catalog), expected);
    let expected = ["train/b.png: listed for training, but defective"];
    assert_eq!(left_out(&catalog), expected);
    // A folder that says nothing does not.
    let images = ["images/a.png", "images/b.png", "images/c.png"].map(|name| (name, ""));
    let catalog = scanned(&[&images[..], &[("train.csv", list)]].concat());
    assert_eq!(
        lines(&catalog),
        ["test images/a.png ?", "test images/c.png ?"]
    );
}

#[test]
fn a_list_that_may_be_of_either_folder_is_asked_about() {
    let list = ("labels.csv", "filename,label\n1.png,OK\n2.png,NG\n");
    let images = ["cam1/1.png", "cam1/2.png", "cam2/1.png", "cam2/2.png"].map(|name| (name, ""));
    let dir = tree(&[&images[..], &[list]].concat());
    let asked =
        matches!(scan(dir.path()), Err(ScanError::Ambiguous { unread, .. }) if unread.len() == 1);
    assert!(asked);
}

#[test]
fn a_list_of_the_test_alone_trains_none_of_it() {
    let images = [
        "train/good/1.png",
        "train/good/2.png",
        "test/3.png",
        "test/4.png",
    ];
    let list = "image,label\n3.png,OK\n4.png,NG\n";
    let files: Vec<(&str, &str)> = images.iter().map(|name| (*name, "")).collect();
    let catalog = scanned(&[&files[..], &[("test/labels.csv", list)]].concat());
    let counts = catalog.counts();
    assert_eq!(
        (catalog.train.len(), counts.normal, counts.defective),
        (2, 1, 1)
    );
}

#[test]
fn a_list_in_which_all_is_normal_is_believed_only_where_nothing_else_differs() {
    let images: Vec<String> = (0..6).map(|number| format!("{number}.png")).collect();
    let files: Vec<(&str, &str)> = images.iter().map(|name| (&name[..], "")).collect();
    let list = |head: &str, row: &dyn Fn(usize) -> String| -> String {
        let rows = (0..6).map(|number| format!("{number}.png,{}\n", row(number)));
        format!("{head}\n{}", rows.collect::<String>())
    };
    let of = |text: &str| scan(tree(&[&files[..], &[("list.csv", text)]].concat()).path());
    for text in [
        list("image,status,remark", &|number| {
            format!("OK,{}", if number > 3 { "scratch" } else { "" })
        }),
        list("image,split,severity", &|number| {
            format!("train,{}", number / 2)
        }),
        list("image,split,remarks", &|number| {
            format!("train,note {number}")
        }),
        list("image,split,is_ok", &|number| {
            format!("train,{}", if number > 3 { "b" } else { "a" })
        }),
    ] {
        assert!(
            matches!(of(&text), Err(ScanError::Ambiguous { .. })),
            "{text}"
        );
    }
    let flags = list("image,is_ok", &|number| {
        (if number > 3 { "N" } else { "Y" }).into()
    });
    assert_eq!(of(&flags).unwrap().train.len(), 4);
    let plain = list("image,label,number", &|number| format!("OK,{number}"));
    assert_eq!(of(&plain).unwrap().train.len(), 6);
    let qualified = list("image,label", &|number| {
        (if number > 3 { "OK以外" } else { "OK" }).into()
    });
    assert_eq!(of(&qualified).unwrap().train.len(), 4);
}
