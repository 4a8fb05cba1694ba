//! The committed pictures are what this code renders, and the masks are where it changed them.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;

use super::*;

/// The files of one photograph.
fn files(
    set: Set,
    split: &'static str,
    kind: Option<&'static str>,
    index: usize,
) -> Vec<SampleFile> {
    let shot = Shot {
        set,
        split,
        kind,
        index,
    };
    shot.files()
}

/// The sets as committed.
fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample_data")
}

#[test]
fn committed_files_are_regenerated_pixel_for_pixel() {
    for set in SETS {
        let folder = committed().join(set);
        let mut counts = BTreeMap::new();
        for file in generate(set) {
            let path = folder.join(&file.relative_path);
            assert!(write::holds(&path, &file), "{} differs", path.display());
            let parent = file.relative_path.parent().unwrap().to_path_buf();
            *counts.entry(parent).or_insert(0) += 1;
        }
        assert_eq!(counts, promised(set));
        let count = counts.values().sum::<usize>();
        assert_eq!(count, set.file_count());
        assert_eq!(png_count(&folder), count, "stray files in {set}");
    }
}

/// Files per folder.
fn promised(set: Set) -> BTreeMap<PathBuf, usize> {
    let mut counts = BTreeMap::from([
        (PathBuf::from("train/good"), TRAIN_IMAGES),
        (PathBuf::from("test/good"), TEST_IMAGES),
    ]);
    for kind in set.kinds() {
        counts.insert(Path::new("test").join(kind), KIND_IMAGES);
        counts.insert(Path::new("ground_truth").join(kind), KIND_IMAGES);
    }
    counts
}

/// One file does not depend on those before it, nor on anything but its name.
#[test]
fn every_file_is_fixed_by_its_name() {
    for set in SETS {
        let first = files(set, "test", Some(set.kinds()[1]), 3);
        let again = files(set, "test", Some(set.kinds()[1]), 3);
        assert_eq!(first, again);
        let other = files(set, "test", Some(set.kinds()[1]), 4);
        assert_ne!(first[0].pixels, other[0].pixels);
        let train = files(set, "train", None, 3);
        let test = files(set, "test", None, 3);
        assert_ne!(train[0].pixels, test[0].pixels);
    }
}

fn png_count(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { png_count(&path) } else { 1 })
        .sum()
}

#[test]
fn committed_files_stay_small() {
    fn bytes(folder: &Path) -> u64 {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap())
            .map(|entry| match entry.metadata().unwrap() {
                data if data.is_dir() => bytes(&entry.path()),
                data => data.len(),
            })
            .sum()
    }
    assert!(bytes(&committed()) <= 8_000_000);
}

/// Without the defect the same file would show the clean specimen under the same noise: the mask
/// holds every pixel that visibly differs, and nothing far from such a pixel.
#[test]
fn masks_cover_exactly_what_changed() {
    for set in SETS {
        for kind in set.kinds() {
            let index = 4;
            let name = format!("{set}/test/{kind}/{index:03}");
            let photograph = set.photograph(&name, Some((kind, severity(index))));
            let files = files(set, "test", Some(kind), index);
            let [picture, mask] = &files[..] else {
                panic!("a picture and its mask");
            };
            let clean =
                camera::expose(&photograph.clean, &mut Dice::new(&format!("{name}/sensor")));
            let difference = |pixel: usize| {
                let range = pixel * picture.channels..(pixel + 1) * picture.channels;
                range
                    .map(|i| picture.pixels[i].abs_diff(clean[i]))
                    .max()
                    .unwrap()
            };
            let side = mask.width;
            let mut defective = 0;
            for pixel in 0..side * side {
                let (y, x) = (pixel / side, pixel % side);
                match mask.pixels[pixel] {
                    // 0.02 of 255 is 5.1; rounding may add one.
                    0 => assert!(difference(pixel) <= 6, "{name}: ({x}, {y}) is missing"),
                    255 => {
                        let near = |v: usize| v.saturating_sub(1)..=(v + 1).min(side - 1);
                        let cause = near(y)
                            .flat_map(|y| near(x).map(move |x| y * side + x))
                            .any(|pixel| difference(pixel) >= 4);
                        assert!(cause, "{name}: ({x}, {y}) did not change");
                        defective += 1;
                    }
                    other => panic!("{name}: mask value {other}"),
                }
            }
            assert!(defective >= 24, "{name}: {defective} pixels");
        }
    }
}

/// Checked on the committed masks, which the first test ties to the code.
#[test]
fn every_defect_is_local_and_large_enough() {
    for set in SETS {
        for kind in set.kinds() {
            for index in 0..KIND_IMAGES {
                let name = format!("ground_truth/{kind}/{index:03}_mask.png");
                let mask = image::open(committed().join(set).join(&name)).unwrap();
                let pixels = mask.as_bytes();
                assert!(pixels.iter().all(|pixel| [0, 255].contains(pixel)));
                let defective = pixels.iter().filter(|pixel| **pixel == 255).count();
                let share = defective as f32 / pixels.len() as f32;
                assert!((0.0014..0.15).contains(&share), "{set}/{name}: {share}");
            }
        }
    }
}

#[test]
fn writing_again_changes_nothing_and_foreign_files_survive() {
    let folder = tempfile::tempdir().unwrap();
    let first = folder.path().join("train/good/000.png");
    let mut last = (0, 0);
    write_set(Set::Washer, folder.path(), &mut |done, total| {
        last = (done, total)
    })
    .unwrap();
    assert_eq!(last, (Set::Washer.file_count(), Set::Washer.file_count()));
    assert_eq!(png_count(folder.path()), Set::Washer.file_count());
    let written = fs::metadata(&first).unwrap().modified().unwrap();
    write_set(Set::Washer, folder.path(), &mut |_, _| {}).unwrap();
    assert_eq!(fs::metadata(&first).unwrap().modified().unwrap(), written);

    fs::write(&first, b"somebody's own").unwrap();
    let error = write_set(Set::Washer, folder.path(), &mut |_, _| {}).unwrap_err();
    assert!(error.to_string().contains("000.png"), "{error}");
    assert_eq!(fs::read(&first).unwrap(), b"somebody's own");
}

#[test]
fn a_file_in_the_way_of_a_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("washer"), b"").unwrap();
    let error = write(folder.path(), &mut |_, _| {}).unwrap_err();
    assert!(matches!(error, WriteError::Folder { .. }), "{error}");
    assert!(error.to_string().contains("washer"), "{error}");
}
