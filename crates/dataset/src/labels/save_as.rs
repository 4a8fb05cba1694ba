//! A data set written anew in the layout of MVTec AD: `train/good`, `test/good`, `test/<kind>`,
//! `ground_truth/<kind>`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use kizumi_image::bitmap::Bitmap;
use kizumi_image::decode::Limits;
use kizumi_image::depth::{Depth, photograph};
use kizumi_image::export::save_marks;
use kizumi_image::mask::{Photograph, load_mask_regions};
use kizumi_image::mask_source::MaskSource;
use kizumi_image::placement::Placement;
use kizumi_image::safe_name::safe_name;
use kizumi_image::shown::shown;

use crate::catalog::{Catalog, Entry, Kind};
use crate::scan::is_called_normal;

/// How the images get there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// Each is copied.
    Copy,
    /// Each is a link to where it lies.
    Link,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SavedAs {
    /// Normal images to learn from.
    pub train: usize,
    /// Normal images to test with.
    pub good: usize,
    /// Defective ones.
    pub defective: usize,
    /// Masks.
    pub masks: usize,
    /// Images of which nobody has said what they show: they are not written.
    pub unknown: usize,
}

/// Writes the images of a data set, as they are labelled, and their masks to a new folder. `tell` hears of the images
/// done and those in all, and says whether to go on.
///
/// # Errors
/// When the folder holds something already or lies in the data set; at the first file that cannot be read or written;
/// when `tell` says so. What was written by then stays.
pub fn save_as(
    catalog: &Catalog,
    out: &Path,
    transfer: Transfer,
    tell: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<SavedAs> {
    let root = std::path::absolute(&catalog.root)?;
    let target = std::path::absolute(out)?;
    ensure!(
        !target.starts_with(&root),
        SaveAsError::Inside(out.to_owned())
    );
    let mut there = fs::read_dir(out).into_iter().flatten();
    ensure!(
        there.next().is_none(),
        SaveAsError::NotEmpty(out.to_owned())
    );
    let mut names = Names::default();
    let mut saved = SavedAs::default();
    let train = catalog.train.iter().map(|entry| (entry, true));
    let test = catalog.test.iter().map(|entry| (entry, false));
    let total = catalog.train.len() + catalog.test.len();
    for (done, (entry, is_train)) in train.chain(test).enumerate() {
        let (part, kind, count) = match (&entry.kind, is_train) {
            (_, true) => ("train", "good".to_owned(), &mut saved.train),
            (Kind::Normal, false) => ("test", "good".to_owned(), &mut saved.good),
            (Kind::Defect(kind), false) => ("test", folder_of(kind), &mut saved.defective),
            (Kind::Unknown, false) => {
                saved.unknown += 1;
                continue;
            }
        };
        let (folder, stem) = (
            out.join(part).join(&kind),
            names.free(part, &kind, &entry.path),
        );
        let ending = ending(&entry.path);
        bring(
            &entry.path,
            &folder.join(format!("{stem}{ending}")),
            transfer,
        )?;
        *count += 1;
        if let (Some(mask), Kind::Defect(_)) = (&entry.mask, &entry.kind) {
            let folder = out.join("ground_truth").join(&kind);
            bring_mask(entry, mask, &folder, &stem, transfer)?;
            saved.masks += 1;
        }
        ensure!(tell(done + 1, total), SaveAsError::Stopped(out.to_owned()));
    }
    Ok(saved)
}

/// Why images are not written to a folder as they are labelled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaveAsError {
    /// The folder lies in the data set.
    #[error("{}: lies in the data set itself; choose a folder beside it", shown(.0))]
    Inside(PathBuf),
    /// There is something in the folder.
    #[error("{}: is not empty", shown(.0))]
    NotEmpty(PathBuf),
    /// A person wanted that.
    #[error("{}: stopped", shown(.0))]
    Stopped(PathBuf),
}

/// What the folder of a kind is called: never as one of normal images is.
fn folder_of(kind: &str) -> String {
    let name = safe_name(Path::new(kind)).replace(['/', '\\'], "_");
    match name.as_str() {
        "" | "." | ".." => "defect".into(),
        _ if is_called_normal(&name) => format!("defect_{name}"),
        _ => name,
    }
}

fn ending(path: &Path) -> String {
    path.extension()
        .map_or_else(String::new, |ending| format!(".{}", ending.display()))
}

/// Names that are taken in each folder, without endings: a mask is called after its image without it.
#[derive(Default)]
struct Names(BTreeMap<(&'static str, String), BTreeSet<String>>);

impl Names {
    /// The name of a file without its ending, with a number where another one has it.
    fn free(&mut self, part: &'static str, kind: &str, path: &Path) -> String {
        let taken = self.0.entry((part, kind.to_owned())).or_default();
        let stem = safe_name(Path::new(path.file_stem().unwrap_or_default()));
        let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
        let mut names = std::iter::once(stem.clone()).chain(numbered);
        // File systems may not tell capitals from small letters.
        let free = names.find(|name| taken.insert(name.to_lowercase()));
        free.unwrap_or(stem)
    }
}

fn bring(from: &Path, to: &Path, transfer: Transfer) -> Result<()> {
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).with_context(|| shown(folder).to_string())?;
    let brought = match transfer {
        Transfer::Copy => fs::copy(from, to).map(drop),
        Transfer::Link => link(from, to),
    };
    brought.with_context(|| format!("{} as {}", shown(from), shown(to)))
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(std::path::absolute(from)?, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to)
}

/// One mask file is taken as it is; several, and shapes, are drawn as one.
fn bring_mask(
    entry: &Entry,
    mask: &MaskSource,
    folder: &Path,
    stem: &str,
    transfer: Transfer,
) -> Result<()> {
    if let MaskSource::Files(files) = mask
        && let [file] = files.as_slice()
    {
        let to = folder.join(format!("{stem}_mask{}", ending(file)));
        return bring(file, &to, transfer);
    }
    let opened = photograph(&entry.path, Limits::HARD, Depth::ByFile)?;
    let size_px = (
        opened.image.width() as usize,
        opened.image.height() as usize,
    );
    let of = Photograph::new(&entry.path, &opened.remarks);
    let marked = load_mask_regions(mask, of, &Placement::whole(size_px))?;
    fs::create_dir_all(folder).with_context(|| shown(folder).to_string())?;
    let to: PathBuf = folder.join(format!("{stem}_mask.png"));
    save_marks(&to, &Bitmap::from(&marked.mask)).with_context(|| shown(&to).to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::labels::{Label, Labels};
    use crate::opening::open;
    use crate::scan::{Roles, scan};
    use crate::test_folder::test_folder;

    fn png(path: &Path, level: u8) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        image::GrayImage::from_pixel(4, 4, image::Luma([level]))
            .save(path)
            .unwrap();
    }

    /// A flat folder of five images, four of which are labelled, one with a name that normal ones have.
    fn labelled(root: &Path) -> Catalog {
        for name in ["1.png", "2.png", "sub/1.png", "4.png", "5.png"] {
            // Each of them shows something else.
            png(&root.join(name), name.bytes().fold(0, u8::wrapping_add));
        }
        let ng = |kind: &str| Label::Ng {
            kind: Some(kind.into()),
        };
        let labels = [
            ("1.png", Label::Ok),
            ("sub/1.png", Label::Ok),
            ("4.png", ng("ok/not")),
            ("5.png", ng("good")),
        ];
        let labels = labels.into_iter();
        let labels: Labels = labels
            .map(|(name, label)| (name.to_owned(), label))
            .collect();
        let roles = Roles {
            to_inspect: true,
            ..Roles::default()
        };
        labels.applied(&open(root, &roles).unwrap())
    }

    #[test]
    fn what_is_written_is_a_data_set_with_the_same_counts() {
        let folder = test_folder();
        let catalog = labelled(&folder.path().join("flat"));
        for (transfer, name) in [(Transfer::Copy, "copied"), (Transfer::Link, "linked")] {
            let out = folder.path().join(name);
            let saved = save_as(&catalog, &out, transfer, &mut |_, _| true).unwrap();
            let expected = SavedAs {
                train: 2,
                defective: 2,
                unknown: 1,
                ..SavedAs::default()
            };
            assert_eq!(saved, expected);
            let again = scan(&out).unwrap();
            assert_eq!((again.train.len(), again.test.len()), (2, 2));
            assert_eq!(again.counts().defective, 2, "whatever a kind is called");
            let again = save_as(&catalog, &out, transfer, &mut |_, _| true).unwrap_err();
            assert!(again.to_string().contains("not empty"), "{again}");
        }
    }

    #[test]
    fn masks_come_along_and_several_become_one() {
        let folder = test_folder();
        let root = folder.path().join("set");
        png(&root.join("train/good/1.png"), 9);
        png(&root.join("test/dent/2.png"), 8);
        png(&root.join("ground_truth/dent/2_mask.png"), 255);
        let mut catalog = scan(&root).unwrap();
        let one = folder.path().join("one");
        let saved = save_as(&catalog, &one, Transfer::Copy, &mut |_, _| true).unwrap();
        assert_eq!((saved.masks, scan(&one).unwrap().counts().masks), (1, 1));
        let mask = root.join("ground_truth/dent/2_mask.png");
        catalog.test[0].mask = Some(MaskSource::Files(vec![mask.clone(), mask]));
        let two = folder.path().join("two");
        save_as(&catalog, &two, Transfer::Copy, &mut |_, _| true).unwrap();
        let drawn = image::open(two.join("ground_truth/dent/2_mask.png")).unwrap();
        assert!(drawn.into_luma8().pixels().all(|pixel| pixel.0 == [255]));
    }

    #[test]
    fn a_data_set_is_not_written_into_itself() {
        let folder = test_folder();
        let catalog = labelled(folder.path());
        let error = save_as(
            &catalog,
            &folder.path().join("new"),
            Transfer::Copy,
            &mut |_, _| true,
        );
        assert!(error.unwrap_err().to_string().contains("data set itself"));
    }
}
