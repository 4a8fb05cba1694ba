//! The image files below a folder.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use super::natural::natural_key;

/// File name endings of the formats that are read, in lower case.
pub const EXTENSIONS: [&str; 9] = [
    "png", "jpg", "jpeg", "jpe", "jfif", "bmp", "tif", "tiff", "webp",
];

/// The most files and folders that are looked at: somebody opened the whole disk by mistake.
const MAX_ENTRIES: usize = 1_000_000;

/// What lies below a folder.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Image files by their ending, in natural order.
    pub images: Vec<PathBuf>,
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
        let mut paths = match list(&next) {
            Ok(paths) => paths,
            Err(error) if next == folder => return Err(error),
            Err(error) => {
                found.unreadable.push((next, error.to_string()));
                continue;
            }
        };
        seen += paths.len();
        if seen > MAX_ENTRIES {
            found.gave_up = true;
            break;
        }
        // Of two links to one folder the first is entered: always the same one.
        paths.sort_unstable();
        for path in paths.into_iter().filter(|path| !is_hidden(path)) {
            match is_new_folder(&path, &mut entered) {
                Ok(Some(true)) => pending.push(path),
                Ok(Some(false)) => {}
                Ok(None) if is_image(&path) => found.images.push(path),
                Ok(None) => *found.passed_over.entry(ending(&path)).or_default() += 1,
                Err(error) => found.unreadable.push((path, error.to_string())),
            }
        }
    }
    found.images.sort_by_cached_key(|path| natural_key(path));
    found.unreadable.sort();
    Ok(found)
}

fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect()
}

/// For a folder whether it was not entered yet, for anything else `None`.
fn is_new_folder(path: &Path, entered: &mut HashSet<PathBuf>) -> io::Result<Option<bool>> {
    // Follows links, and fails for those that lead nowhere.
    if std::fs::metadata(path)?.is_dir() {
        Ok(Some(entered.insert(path.canonicalize()?)))
    } else {
        Ok(None)
    }
}

/// The visible folders directly in `folder`, in natural order; none when it cannot be read.
pub fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = list(folder)
        .unwrap_or_default()
        .into_iter()
        .filter(|path| !is_hidden(path) && path.is_dir())
        .collect();
    folders.sort_by_cached_key(|path| natural_key(path));
    folders
}

/// Whether the ending is one of [`EXTENSIONS`], in any case.
fn is_image(path: &Path) -> bool {
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

    fn names(root: &Path, found: &Walk) -> Vec<String> {
        let relative = |path: &PathBuf| path.strip_prefix(root).unwrap().display().to_string();
        found.images.iter().map(relative).collect()
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
        assert_eq!(names(dir.path(), &found), expected);
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
        assert_eq!(names(dir.path(), &found), ["a/x.png"]);
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
        assert_eq!(names(dir.path(), &found), ["linked/x.png"]);
    }
}
