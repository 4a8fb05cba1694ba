//! The sets that the program carries are whole, and writing them harms nothing.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;

use super::*;

fn write_washer(folder: &Path) -> anyhow::Result<(usize, usize)> {
    let mut writer = SampleWriter::new(Set::Washer, folder);
    while !writer.is_done() {
        writer.step()?;
    }
    Ok(writer.progress())
}

#[test]
fn each_set_has_what_its_description_promises() {
    for set in SETS {
        let mut counts = BTreeMap::new();
        for file in set.files() {
            let folder = file.path().strip_prefix(set).unwrap().parent().unwrap();
            *counts.entry(folder.to_str().unwrap()).or_insert(0) += 1;
        }
        let defects = counts
            .keys()
            .filter(|folder| folder.starts_with("test/") && **folder != "test/good");
        let kinds: Vec<&str> = defects.map(|folder| &folder["test/".len()..]).collect();
        assert_eq!(kinds.len(), 5, "{set}");
        for kind in kinds {
            assert_eq!(counts[format!("test/{kind}").as_str()], 8, "{set} {kind}");
            let masks = format!("ground_truth/{kind}");
            assert_eq!(counts[masks.as_str()], 8, "{set} {kind}");
        }
        assert_eq!((counts["train/good"], counts["test/good"]), (60, 20));
        assert_eq!(set.files().len(), 160);
    }
}

#[test]
fn every_defect_is_local_and_large_enough() {
    for set in SETS {
        let masks = set.files().into_iter().filter(|file| {
            let path = file.path().strip_prefix(set).unwrap();
            path.starts_with("ground_truth")
        });
        for file in masks {
            let mask = image::load_from_memory(file.contents()).unwrap();
            let pixels = mask.as_bytes();
            assert!(pixels.iter().all(|pixel| [0, 255].contains(pixel)));
            let defective = pixels.iter().filter(|pixel| **pixel == 255).count();
            let share = defective as f32 / pixels.len() as f32;
            assert!(
                (0.0014..0.15).contains(&share),
                "{}: {share}",
                file.path().display()
            );
        }
    }
}

#[test]
fn writing_again_changes_nothing_and_foreign_files_survive() {
    let folder = tempfile::tempdir().unwrap();
    let first = folder.path().join("washer/train/good/000.png");
    assert_eq!(write_washer(folder.path()).unwrap(), (160, 160));
    let written = fs::metadata(&first).unwrap().modified().unwrap();
    write_washer(folder.path()).unwrap();
    assert_eq!(fs::metadata(&first).unwrap().modified().unwrap(), written);

    fs::write(&first, b"somebody's own").unwrap();
    let error = write_washer(folder.path()).unwrap_err();
    assert!(error.to_string().contains("000.png"), "{error}");
    assert_eq!(fs::read(&first).unwrap(), b"somebody's own");
}

#[test]
fn a_file_in_the_way_of_a_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("washer"), b"").unwrap();
    let error = write(folder.path(), &mut |_, _| {}).unwrap_err();
    let error = format!("{error:#}");
    assert!(
        error.contains("cannot create the folder") && error.contains("washer"),
        "{error}"
    );
}
