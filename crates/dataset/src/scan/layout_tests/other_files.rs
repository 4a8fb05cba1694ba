//! Files beside images that nobody here understands, and that may say which are defective.

use super::*;

/// What is found in a folder of these files, with texts in it.
fn scanned(files: &[Files], texts: &[(&str, &str)]) -> Result<Catalog, ScanError> {
    let folder = build(files);
    for (name, text) in texts {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    scan(folder.path())
}

const SORTED: [Files; 2] = [("OK/{}.png", 10, Photo), ("NG/1{}.png", 3, Photo)];

#[test]
fn images_that_a_file_nobody_understands_sets_apart_are_not_learned_from() {
    let returns = "file,comment\n7.png,customer 4\n8.png,customer 9\n";
    for name in ["returns.csv", "クレーム.csv", "RMA.txt"] {
        let catalog = scanned(&SORTED, &[(name, returns)]).unwrap();
        assert_eq!(counts(&catalog), (8, 0, 3, 2, 0, 1), "{name}");
        let labels: String = (0..10)
            .map(|at| format!("{at}.png,{}\n", if at == 9 { "NG" } else { "OK" }))
            .collect();
        let labels = format!("file,label\n{labels}");
        let flat = [("{}.png", 10, Photo)];
        let catalog = scanned(&flat, &[("labels.csv", &labels), (name, returns)]).unwrap();
        assert_eq!(counts(&catalog), (7, 0, 1, 2, 0, 1), "{name}");
    }
    let memo = [("memo.txt", "3.png has a scratch\n")];
    assert_eq!(scanned(&SORTED, &memo).unwrap().train.len(), 9);
    let memo = [("memo.txt", "7-9 NG\n")];
    assert_eq!(scanned(&SORTED, &memo).unwrap().train.len(), 7);
}

#[test]
fn a_record_of_all_images_sets_none_apart() {
    let lines: String = (0..10)
        .map(|at| format!("{at}.png,{}\n", 20 + at))
        .collect();
    let log = format!("file,exposure\n{lines}");
    let catalog = scanned(&SORTED, &[("log.csv", &log)]).unwrap();
    assert_eq!(catalog.train.len(), 10);
    let is_said = |note: &crate::note::Note| matches!(note, crate::note::Note::Unread { .. });
    assert!(catalog.notes.iter().any(is_said));
}

#[test]
fn outlines_of_none_of_the_images_are_asked_about_where_nothing_is_defective() {
    let outlines = [
        ("labels/a.txt", "0 .5 .5 .2 .2\n"),
        ("labels/b.txt", "0 .5 .5 .2 .2\n"),
    ];
    let asked = scanned(&SORTED[..1], &outlines);
    assert!(
        matches!(asked, Err(ScanError::Ambiguous { .. })),
        "{asked:?}"
    );
    assert_eq!(scanned(&SORTED, &outlines).unwrap().train.len(), 10);
}

#[test]
fn classes_that_are_counted_from_0_are_asked_about_where_nothing_says_that_0_is_normal() {
    let list = |column: &str| -> String {
        let rows = (0..10).map(|at| format!("{at}.png,{}\n", at % 4));
        format!("image,{column}\n{}", rows.collect::<String>())
    };
    let flat = [("{}.png", 10, Photo)];
    for column in ["label", "defect_type"] {
        let asked = scanned(&flat, &[("list.csv", &list(column))]);
        assert!(
            matches!(asked, Err(ScanError::Ambiguous { .. })),
            "{column}: {asked:?}"
        );
    }
    let masks = [
        ("{}.png", 10, Photo),
        ("masks/1.png", 1, Blob),
        ("masks/2.png", 1, Blob),
    ];
    let with_masks: String = (0..10)
        .map(|at| {
            let mask = if at % 4 == 1 || at % 4 == 2 {
                format!("masks/{}.png", at % 4)
            } else {
                String::new()
            };
            format!("{at}.png,{},{mask}\n", at % 4)
        })
        .collect();
    let with_masks = format!("image,label,mask\n{with_masks}");
    let catalog = scanned(&masks, &[("list.csv", &with_masks)]).unwrap();
    assert_eq!(catalog.train.len(), 3);
}
