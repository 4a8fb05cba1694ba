//! What shows defects is not learned from, or is said.

use super::*;
use crate::catalog::Note;
use crate::left_out::Reason;

#[test]
fn what_its_own_mask_calls_defective_is_not_learned_from() {
    for [image, mask] in [
        ["train/good/{}.png", "train/good/{}_mask.png"],
        ["OK/{}.jpg", "OK/{}.png"],
    ] {
        let folder = crate::test_folder::test_folder();
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

#[test]
fn a_plain_folder_where_some_names_say_defect_is_asked_about() {
    for name in [
        "{}_NG.png",
        "defect-{}.png",
        "不良{}.png",
        "scratch_{}.png",
        "キズ_{}.png",
        "OK/{}_NG.png",
    ] {
        let part = if name.starts_with("OK") {
            "OK/part{}.png"
        } else {
            "part{}.png"
        };
        let asked = scan(build(&[(part, 12, Photo), (name, 2, Photo)]).path());
        let Err(ScanError::Ambiguous { doubts, .. }) = asked else {
            panic!("{name}: {asked:?}");
        };
        assert!(matches!(&doubts[..], [Doubt::NamedOtherwise(names)] if names.count() == 2));
    }
}

#[test]
fn what_is_all_named_bad_is_warned_about() {
    let notes = |files: &[Files]| scan(build(files).path()).unwrap().notes;
    let said = notes(&[("{}_NG.png", 12, Photo)]);
    assert!(
        said[0].to_string().contains("names of 12 images"),
        "{said:?}"
    );
    // Then it is what the part is called.
    assert_eq!(notes(&[("hole_{}.png", 12, Photo)]), [] as [Note; 0]);
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
