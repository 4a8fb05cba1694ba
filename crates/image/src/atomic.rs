//! Files that are either the old ones or the new ones, never half of each.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Replaces the file at `path` (or makes it) with `bytes`.
///
/// # Errors
/// As [`write_atomic_with`].
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    write_atomic_with(path, |file| file.write_all(bytes))
}

/// Replaces the file at `path` (or makes it) with what `write` writes.
///
/// The bytes go to a temporary sibling, reach the disk, and the sibling is renamed over `path`.
/// A new file gets the permissions that any new file gets; a replaced one keeps its own. A
/// symbolic link stays one: the file it points to is replaced.
///
/// # Errors
/// If the folder is missing, nothing can be written there, the disk is full or `path` is not a
/// regular file; the text names `path`. The old file is untouched then and the sibling is gone.
pub fn write_atomic_with(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<()> {
    replace(path, write).with_context(|| format!("cannot write {}", path.display()))
}

fn replace(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let target = followed(path);
    let replaced = match fs::metadata(&target) {
        Ok(metadata) if metadata.is_file() => Some(metadata),
        Ok(metadata) if metadata.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        // A rename would replace a device or a pipe by a file.
        Ok(_) => return Err(io::Error::other("not a regular file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Dropping the sibling removes it, whichever line below fails.
    let mut sibling = new_sibling(folder)?;
    write(sibling.as_file_mut())?;
    sibling.as_file().sync_all()?;
    keep_permissions(sibling.as_file(), replaced.as_ref())?;
    sibling.persist(&target).map_err(|error| error.error)?;
    sync_folder(folder);
    Ok(())
}

/// Where a symbolic link leads; any other path, and a dangling link, as it is.
fn followed(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn new_sibling(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".kizumi-").suffix(".tmp");
    #[cfg(unix)]
    {
        // Temporary files are private by default. This one becomes an ordinary file, so it gets
        // the mode of one; the system takes the umask off.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

fn keep_permissions(file: &File, replaced: Option<&Metadata>) -> io::Result<()> {
    match replaced {
        Some(metadata) => file.set_permissions(metadata.permissions()),
        None => Ok(()),
    }
}

/// Makes the rename itself durable. The file is complete under its name already, so a file system
/// that cannot sync folders is no reason to report a failure.
fn sync_folder(folder: &Path) {
    #[cfg(unix)]
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = folder;
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn makes_and_replaces_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.bin");
        write_atomic(&path, b"one").unwrap();
        write_atomic(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(names(folder.path()), ["a.bin"]);
    }

    #[test]
    fn a_full_disk_leaves_the_old_file_and_no_litter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        write_atomic(&path, b"precious").unwrap();
        let error = write_atomic_with(&path, |file| {
            file.write_all(b"half of the new")?;
            Err(io::ErrorKind::StorageFull.into())
        })
        .unwrap_err();
        assert!(format!("{error:#}").contains(&path.display().to_string()));
        assert_eq!(fs::read(&path).unwrap(), b"precious");
        assert_eq!(names(folder.path()), ["model"]);
    }

    #[test]
    fn errors_name_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        write_atomic(&file, b"").unwrap();
        for path in [
            file.join("below a file"),
            folder.path().join("missing/folder"),
            folder.path().to_owned(),
        ] {
            let error = format!("{:#}", write_atomic(&path, b"x").unwrap_err());
            assert!(error.contains(&path.display().to_string()), "{error}");
        }
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_device_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/dev/full", &link).unwrap();
        let error = format!("{:#}", write_atomic(&link, b"x").unwrap_err());
        assert!(error.contains("not a regular file"), "{error}");
        assert!(!fs::metadata("/dev/full").unwrap().is_file());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_those_of_an_ordinary_file() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = tempfile::tempdir().unwrap();
        let ordinary = folder.path().join("ordinary");
        File::create(&ordinary).unwrap();
        let path = folder.path().join("ours");
        write_atomic(&path, b"x").unwrap();
        assert_eq!(mode(&path), mode(&ordinary));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        write_atomic(&path, b"y").unwrap();
        assert_eq!(mode(&path), 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_atomic(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
