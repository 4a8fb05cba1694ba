//! Lists whose numbers say less than they seem to.

use super::*;
use crate::note::Note;

#[test]
fn numbers_of_other_things_are_no_names_of_images() {
    for (name, text) in [
        (
            "defects_config.json",
            r#"[{"defect_name": "missing_pushpin", "pixel_value": 25, "saturation_threshold": 6300},
                {"defect_name": "front_bent", "pixel_value": 24, "saturation_threshold": 1}]"#,
        ),
        (
            "recipe.json",
            r#"[{"label": "scratch", "score": 15}, {"label": "dent", "score": 20}]"#,
        ),
        (
            "params.json",
            r#"{"defects": [{"type": "scratch", "threshold": 12}, {"type": "dent", "threshold": 20}]}"#,
        ),
        ("classes.csv", "id,label\n0,good\n1,scratch\n2,dent\n"),
        ("codes.csv", "コード,不良名\n1,キズ\n2,打痕\n"),
        ("shifts.csv", "shift,ok,ng\n1,480,3\n2,512,9\n"),
        ("confusion.csv", "label,count\ngood,12\nbad,15\n"),
        (
            "metrics.csv",
            "category,auroc,n\nscratch,99,12\ndent,98,20\n",
        ),
        (
            "_classes.csv",
            "Pixel Value, Class\n0, background\n1, scratch\n",
        ),
    ] {
        let folder = build(&[
            ("train/good/{}.png", 30, Photo),
            ("test/bad/5{}.png", 4, Photo),
            (name, 1, Said(text)),
        ]);
        let catalog = scan(folder.path()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (train, normal, defective, ..) = counts(&catalog);
        assert_eq!((train, normal, defective), (30, 0, 4), "{name}");
    }
}

#[test]
fn numbers_are_names_where_most_are_named_or_several_are_said_to_show_the_same() {
    let all: String = (0..12)
        .map(|at| format!("{at};{}\n", if at > 9 { "NG" } else { "OK" }))
        .collect();
    for text in [format!("id;label\n{all}"), "id,label\n3,NG\n7,NG\n".into()] {
        let folder = build(&[
            ("{}.png", 12, Photo),
            ("list.csv", 1, Said(text.clone().leak())),
        ]);
        let catalog = scan(folder.path()).unwrap();
        assert_eq!(counts(&catalog).2, 2, "{text}");
    }
}

/// A list of 17 images, of which the first twelve have this number and the others that one.
fn numbered(column: &str, first: u8, last: u8) -> Vec<Files> {
    let row = |at: usize| format!("{at}.png,{}\n", if at < 12 { first } else { last });
    let rows: String = (0..17).map(row).collect();
    let list = format!("image,{column}\n{rows}");
    vec![("{}.png", 17, Photo), ("list.csv", 1, Said(list.leak()))]
}

#[test]
fn which_of_two_numbers_is_the_normal_one_is_asked_where_most_images_have_the_other() {
    for column in ["label", "Label", "class", "target", "ラベル"] {
        assert!(!asked(&numbered(column, 1, 0)).is_empty(), "{column}");
        let folder = build(&numbered(column, 0, 1));
        let catalog = scan(folder.path()).unwrap();
        assert_eq!(counts(&catalog).2, 5, "{column}");
        let is_said = |note: &Note| matches!(note, Note::ByNumber { .. });
        assert!(catalog.notes.iter().any(is_said), "{column}");
    }
    for (column, normal, bad) in [
        ("is_good", 1, 0),
        ("ok", 1, 0),
        ("defect", 0, 1),
        ("anomaly", 0, 1),
    ] {
        let folder = build(&numbered(column, normal, bad));
        assert_eq!(counts(&scan(folder.path()).unwrap()).2, 5, "{column}");
    }
    // Its own name says it of the many.
    let folder = build(&numbered("defect", 1, 0));
    assert_eq!(counts(&scan(folder.path()).unwrap()).2, 12);
}
