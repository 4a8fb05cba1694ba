//! The image files below a folder.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use super::natural::natural_cmp;
use super::path_list::PathList;

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
    /// How many files were passed over, by their ending (`.txt`, or empty without one).
    pub passed_over: BTreeMap<String, usize>,
    /// Files and folders that the operating system would not show, with the reason.
    pub unreadable: Vec<(PathBuf, String)>,
    /// Whether there was too much to look at all of it.
    pub gave_up: bool,
}

/// Finds the image files below `folder`, at any depth. Hidden files and folders are left out;
/// links are followed, each folder is entered once.
///
/// # Errors
/// When `folder` itself cannot be read; trouble further down is listed in [`Walk::unreadable`].
pub fn walk(folder: &Path) -> io::Result<Walk> {
    let mut found = Walk::default();
    let mut entered = HashSet::from([folder.canonicalize()?]);
    let mut pending = vec![folder.to_owned()];
    let mut seen = 0;
    while let Some(next) = pending.pop() {
        let entries = match fs::read_dir(&next) {
            Ok(entries) => entries,
            Err(error) if next == folder => return Err(error),
            Err(error) => {
                found.unreadable.push((next, error.to_string()));
                continue;
            }
        };
        let mut folders = Vec::new();
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) if next == folder => return Err(error),
                Err(error) => {
                    found.unreadable.push((next.clone(), error.to_string()));
                    break;
                }
            };
            seen += 1;
            if seen > MAX_ENTRIES {
                found.gave_up = true;
                return Ok(found);
            }
            let path = entry.path();
            if is_hidden(&path) {
                continue;
            }
            match is_folder(&entry) {
                Ok(true) => folders.push(path),
                Ok(false) if is_image(&path) => {
                    let below = path.strip_prefix(folder).unwrap_or(&path);
                    found.images.push(below);
                }
                Ok(false) => *found.passed_over.entry(ending(&path)).or_default() += 1,
                Err(error) => found.unreadable.push((path, error.to_string())),
            }
        }
        // Of two links to one folder the first is entered: always the same one.
        folders.sort_unstable();
        for path in folders {
            match path.canonicalize().map(|place| entered.insert(place)) {
                Ok(true) => pending.push(path),
                Ok(false) => {}
                Err(error) => found.unreadable.push((path, error.to_string())),
            }
        }
    }
    found.images.sort_by(natural_cmp);
    found.unreadable.sort();
    Ok(found)
}

/// Follows links, and fails for those that lead nowhere. Asks for what is no link at no cost.
fn is_folder(entry: &DirEntry) -> io::Result<bool> {
    let kind = entry.file_type()?;
    if kind.is_symlink() {
        Ok(fs::metadata(entry.path())?.is_dir())
    } else {
        Ok(kind.is_dir())
    }
}

/// The visible folders directly in `folder`, in natural order; none when it cannot be read.
pub fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| is_folder(entry).unwrap_or(false))
        .map(|entry| entry.path())
        .filter(|path| !is_hidden(path))
        .collect();
    folders.sort_by(|a, b| natural_cmp(a, b));
    folders
}

/// Whether the ending is one of [`EXTENSIONS`], in any case.
pub fn is_image(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
}

fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().starts_with('.')
}

fn ending(path: &Path) -> String {
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
        let passed_over = BTreeMap::from([(String::new(), 1), (".txt".to_owned(), 1)]);
        assert_eq!(found.passed_over, passed_over);
        assert!(!found.gave_up && found.unreadable.is_empty());
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
        let found = walk(dir.path()).unwrap();
        assert_eq!(names(&found), ["a/x.png"]);
        assert_eq!(found.unreadable.len(), 1);
        assert!(found.unreadable[0].0.ends_with("dead.png"));
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
