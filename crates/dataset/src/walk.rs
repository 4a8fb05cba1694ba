//! The image files below a folder.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use super::labels::{FILE_NAME, MASKS_FOLDER};
use super::left_out::{LeftOut, Reason};
use super::natural::natural_cmp;
use super::path_list::PathList;
use super::scan::beside::{Beside, beside};
use super::scan::results::{is_result_folder, is_result_picture};
use kizumi_image::regular;

/// File name endings of the formats that are read, in lower case.
pub const EXTENSIONS: [&str; 9] = [
    "png", "jpg", "jpeg", "jpe", "jfif", "bmp", "tif", "tiff", "webp",
];

/// The most files and folders that are looked at: somebody opened the whole disk by mistake.
const MAX_ENTRIES: usize = 1_000_000;

/// What lies below a folder.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Image files by their ending, below the folder, in natural order.
    pub images: PathList,
    /// Those that are masks of images in the same folder; they are not among the images.
    pub masks: PathList,
    /// Everything else, with the reason, in natural order.
    pub left_out: Vec<LeftOut>,
    /// Whether there was too much to look at all of it.
    pub gave_up: bool,
}

/// Finds the image files below `folder`, at any depth. Hidden files and folders and results of this program are
/// left out; links are followed, each folder is entered once.
///
/// # Errors
/// When `folder` itself cannot be read; trouble further down is listed in [`Walk::left_out`].
pub fn walk(folder: &Path) -> io::Result<Walk> {
    let mut found = Walk::default();
    let mut entered = HashSet::from([folder.canonicalize()?]);
    let mut pending = vec![folder.to_owned()];
    let mut seen = 0;
    while let Some(next) = pending.pop() {
        let is_top = next == folder;
        let listing = match Listing::of(&next, is_top) {
            Ok(listing) => listing,
            Err(error) if is_top => return Err(error),
            Err(error) => {
                found.leave_out(next, unreadable(&error, true));
                continue;
            }
        };
        seen += listing.len;
        if seen > MAX_ENTRIES {
            found.gave_up = true;
            return Ok(found);
        }
        let has_results = listing.has_results();
        if has_results && !is_top {
            found.leave_out(next, Reason::Results);
            continue;
        }
        found.left_out.extend(listing.left_out);
        let (images, others): (Vec<_>, Vec<_>) =
            listing.files.into_iter().partition(|path| is_image(path));
        for path in others {
            let reason = Reason::NotAnImage(ending(&path));
            found.leave_out(path, reason);
        }
        let found_as = beside(&images);
        for (path, is) in images.into_iter().zip(found_as) {
            if has_results && is_result_picture(&stem(&path)) {
                found.leave_out(path, Reason::Results);
                continue;
            }
            let below = path.strip_prefix(folder).unwrap_or(&path);
            match is {
                Beside::Mask => found.masks.push(below),
                Beside::Image => found.images.push(below),
                Beside::Unclear => found.leave_out(path, Reason::MaskOrImage),
            }
        }
        // Of two links to one folder the first is entered: always the same one.
        let mut folders = listing.folders;
        folders.sort_unstable();
        for path in folders {
            match path.canonicalize().map(|place| entered.insert(place)) {
                Ok(true) => pending.push(path),
                Ok(false) => found.leave_out(path, Reason::FolderElsewhere),
                Err(error) => found.leave_out(path, unreadable(&error, true)),
            }
        }
    }
    found.images.sort_by(natural_cmp);
    found.masks.sort_by(natural_cmp);
    found.left_out.sort_by(|a, b| natural_cmp(&a.path, &b.path));
    Ok(found)
}

impl Walk {
    fn leave_out(&mut self, path: PathBuf, reason: Reason) {
        self.left_out.push(LeftOut { path, reason });
    }
}

/// What lies directly in a folder.
#[derive(Default)]
struct Listing {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    left_out: Vec<LeftOut>,
    len: usize,
}

impl Listing {
    fn of(folder: &Path, is_top: bool) -> io::Result<Self> {
        let mut listing = Self::default();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            listing.len += 1;
            if listing.len > MAX_ENTRIES {
                break;
            }
            let path = entry.path();
            // What people say of the images is read by itself, where it is of the folder that is opened.
            let is_ours = |name: &OsStr| name == FILE_NAME || name == MASKS_FOLDER;
            if path.file_name().is_some_and(is_ours) {
                if !is_top {
                    let reason = Reason::LabelsOfPart;
                    listing.left_out.push(LeftOut { path, reason });
                }
                continue;
            }
            if is_hidden(&path) {
                let reason = Reason::Hidden;
                listing.left_out.push(LeftOut { path, reason });
                continue;
            }
            match is_folder(&entry) {
                Ok(true) => listing.folders.push(path),
                Ok(false) => listing.files.push(path),
                Err(error) => {
                    // A dead link without an ending was one to a folder, most likely.
                    let is_missed = is_image(&path) || path.extension().is_none();
                    let reason = unreadable(&error, is_missed);
                    listing.left_out.push(LeftOut { path, reason });
                }
            }
        }
        Ok(listing)
    }

    fn has_results(&self) -> bool {
        let files = self.files.iter().filter_map(|path| path.file_name());
        is_result_folder(files.filter_map(|name| name.to_str()))
    }
}

fn unreadable(error: &io::Error, image: bool) -> Reason {
    Reason::Unreadable {
        why: error.to_string(),
        image,
    }
}

/// Follows links, and fails for those that lead nowhere or to what is neither folder nor file: a pipe, a
/// socket, a device. Asks for what is no link at no cost.
fn is_folder(entry: &DirEntry) -> io::Result<bool> {
    let kind = entry.file_type()?;
    if kind.is_file() || kind.is_dir() {
        return Ok(kind.is_dir());
    }
    let metadata = fs::metadata(entry.path())?;
    if !metadata.is_dir() {
        regular::check(&metadata)?;
    }
    Ok(metadata.is_dir())
}

/// The visible folders directly in `folder` that hold no results of this program, in natural order; none
/// when it cannot be read.
pub fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let mut folders = Listing::of(folder, true).unwrap_or_default().folders;
    folders.retain(|folder| !Listing::of(folder, true).is_ok_and(|listing| listing.has_results()));
    folders.sort_by(|a, b| natural_cmp(a, b));
    folders
}

/// Whether the ending is one of [`EXTENSIONS`], in any case.
pub fn is_image(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
}

/// Folders in which network drives and archives keep thumbnails, deleted files and the like.
const KEPT_BY_STORAGE: [&str; 5] = [
    "@eaDir",
    "#recycle",
    "$RECYCLE.BIN",
    "__MACOSX",
    "System Volume Information",
];

fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    let name = name.to_string_lossy();
    name.starts_with('.') || KEPT_BY_STORAGE.contains(&name.as_ref())
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

pub(crate) fn ending(path: &Path) -> String {
    path.extension().map_or_else(String::new, |extension| {
        format!(".{}", extension.to_string_lossy().to_lowercase())
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn touch(root: &Path, name: &str) {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, b"x").unwrap();
    }

    fn names(found: &Walk) -> Vec<String> {
        let paths = found.images.iter();
        paths.map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn finds_images_at_any_depth_in_natural_order() {
        let dir = tempfile::tempdir().unwrap();
        for name in [
            "b10.png",
            "b9.PNG",
            "a/x.JPEG",
            "a/b/y.tif",
            "readme.TXT",
            "LICENSE",
            ".hidden.png",
            ".git/z.png",
            "a/._y.tif",
        ] {
            touch(dir.path(), name);
        }
        let found = walk(dir.path()).unwrap();
        let expected = ["a/b/y.tif", "a/x.JPEG", "b9.PNG", "b10.png"];
        assert_eq!(names(&found), expected);
        let others = found.left_out.iter().map(|one| one.reason.clone());
        let mut others: Vec<Reason> = others.collect();
        others.sort();
        let expected = ["", ".txt"].map(|ending| Reason::NotAnImage(ending.into()));
        assert_eq!(others[..2], expected);
        assert_eq!(
            others[2..],
            [Reason::Hidden, Reason::Hidden, Reason::Hidden]
        );
        assert!(!found.gave_up);
    }

    #[cfg(unix)]
    #[test]
    fn link_loops_end_and_dead_links_are_reported() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        touch(dir.path(), "a/x.png");
        symlink(dir.path(), dir.path().join("a/up")).unwrap();
        symlink(dir.path().join("a"), dir.path().join("a/self")).unwrap();
        symlink("nowhere", dir.path().join("dead.png")).unwrap();
        symlink("nowhere", dir.path().join("dead.txt")).unwrap();
        symlink("nowhere", dir.path().join("scratch")).unwrap();
        let found = walk(dir.path()).unwrap();
        assert_eq!(names(&found), ["a/x.png"]);
        let left_out = found.left_out.iter();
        let left_out = left_out.map(|left| {
            let below = left.path.strip_prefix(dir.path()).unwrap();
            let is_elsewhere = left.reason == Reason::FolderElsewhere;
            (
                below.to_str().unwrap(),
                is_elsewhere,
                left.reason.is_missed(),
            )
        });
        let expected = [
            ("a/self", true, false),
            ("a/up", true, false),
            ("dead.png", false, true),
            ("dead.txt", false, false),
            ("scratch", false, true),
        ];
        assert_eq!(left_out.collect::<Vec<_>>(), expected);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn links_to_what_is_no_file_are_listed_with_the_reason() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        touch(dir.path(), "x.png");
        symlink("/dev/zero", dir.path().join("endless.png")).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(dir.path().join("pipe.png"))
            .status();
        assert!(made.unwrap().success());
        symlink(dir.path().join("pipe.png"), dir.path().join("to-pipe.png")).unwrap();
        let found = walk(dir.path()).unwrap();
        assert_eq!(names(&found), ["x.png"]);
        let reasons = found.left_out.iter();
        let reasons: Vec<String> = reasons.map(|left| left.reason.to_string()).collect();
        let of = |what: &str| {
            let those = reasons.iter().filter(|reason| reason.contains(what));
            those.count()
        };
        assert_eq!((of("a device"), of("a pipe")), (1, 2), "{reasons:?}");
    }

    #[cfg(unix)]
    #[test]
    fn linked_folders_and_files_are_followed() {
        use std::os::unix::fs::symlink;
        let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        touch(elsewhere.path(), "x.png");
        symlink(elsewhere.path(), dir.path().join("linked")).unwrap();
        let found = walk(dir.path()).unwrap();
        assert_eq!(names(&found), ["linked/x.png"]);
    }
}
