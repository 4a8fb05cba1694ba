//! Files that are either the old ones or the new ones, never half of each.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use crate::held::Held;
use crate::undone::{Doing as _, Task};

/// How the temporary siblings are called: this, as many random letters and digits, and [`SUFFIX`].
const PREFIX: &str = ".kizumi-";
const RANDOM_LETTERS: usize = 12;
const SUFFIX: &str = ".tmp";

/// Siblings that are younger may just be about to be locked.
const YOUNG: Duration = Duration::from_secs(10);

/// Where files cannot be locked, siblings that are older belong to nobody any more.
const OLD: Duration = Duration::from_secs(24 * 3600);

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
    replace(path, true, write)
        .map(drop)
        .doing(Task::Write, path)
}

/// As [`write_atomic`]; the new file is held, so that others can tell that somebody still writes it.
///
/// # Errors
/// As [`write_atomic_with`].
pub fn write_held(path: &Path, bytes: &[u8]) -> Result<Held> {
    replace(path, true, |file| file.write_all(bytes))
        .map(Held::locked)
        .doing(Task::Write, path)
}

/// As [`write_atomic`], but a file that is there already is never replaced.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] then; else as [`write_atomic_with`].
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, false, |file| file.write_all(bytes)).map(drop)
}

/// Removes the temporary siblings that killed programs left in a folder. Those that are being
/// written are locked, so they stay.
pub fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        // Opening a pipe would wait for somebody at its other end.
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && is_sibling(&entry.file_name()) && is_abandoned(&entry.path()) {
            // One that stays is swept the next time.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether this is a name that [`new_sibling`] gives.
fn is_sibling(name: &OsStr) -> bool {
    let name = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
    let random = name.and_then(|name| name.strip_suffix(SUFFIX));
    random.is_some_and(|random| {
        random.len() == RANDOM_LETTERS && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_abandoned(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    let age = file.metadata().and_then(|metadata| metadata.modified());
    let age = age.ok().and_then(|modified| modified.elapsed().ok());
    let age = age.unwrap_or_default();
    match file.try_lock() {
        Ok(()) => age >= YOUNG,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(_)) => age >= OLD,
    }
}

/// Gives the file, locked where the system can do that.
fn replace(
    path: &Path,
    over_another: bool,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<File> {
    let target = followed(path);
    let replaced = match fs::metadata(&target) {
        Ok(_) if !over_another => return Err(io::ErrorKind::AlreadyExists.into()),
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
    let file = match over_another {
        true => sibling.persist(&target),
        false => sibling.persist_noclobber(&target),
    };
    let file = file.map_err(|error| error.error)?;
    sync_folder(folder);
    Ok(file)
}

/// Where a symbolic link leads; any other path, and a dangling link, as it is.
fn followed(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn new_sibling(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    builder.rand_bytes(RANDOM_LETTERS);
    #[cfg(unix)]
    {
        // Temporary files are private by default. This one becomes an ordinary file, so it gets
        // the mode of one; the system takes the umask off.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let sibling = builder.tempfile_in(folder)?;
    // Where files cannot be locked, a sweep goes by their age.
    let _ = sibling.as_file().try_lock();
    Ok(sibling)
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

    #[test]
    fn what_killed_saves_left_is_swept_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let old = |name: &str| {
            let file = File::create(path(name)).unwrap();
            let yesterday = std::time::SystemTime::now() - 2 * OLD;
            file.set_modified(yesterday).unwrap();
            file
        };
        drop(old(".kizumi-Killed12AbCd.tmp"));
        let being_written = old(".kizumi-Busy34567890.tmp");
        being_written.try_lock().unwrap();
        File::create(path(".kizumi-Young4567890.tmp")).unwrap();
        // What people call their files.
        for name in ["notes", "2026-11-29-b", "Killed12AbC", "Killed12AbCde"] {
            drop(old(&format!(".kizumi-{name}.tmp")));
        }
        fs::create_dir(path(".kizumi-Folder567890.tmp")).unwrap();
        let mut left = names(folder.path());
        left.retain(|name| name != ".kizumi-Killed12AbCd.tmp");
        sweep(folder.path());
        assert_eq!(names(folder.path()), left);
    }

    #[test]
    fn what_a_killed_save_leaves_has_the_name_that_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let sibling = new_sibling(folder.path()).unwrap();
        assert!(is_sibling(sibling.path().file_name().unwrap()));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_in_the_folder_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".kizumi-Pipe34567890.tmp");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        sweep(folder.path());
        assert!(fs::symlink_metadata(&path).is_ok(), "it is somebody's");
    }

    #[test]
    fn a_held_file_is_known_as_such_until_it_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        let held = write_held(&path, b"one").unwrap();
        let is_held = || Held::take(File::open(&path).unwrap()).is_none();
        assert!(is_held());
        let again = write_held(&path, b"two").unwrap();
        drop(held);
        assert!(is_held(), "the newer one is");
        drop(again);
        // A process that another test starts has a copy of the lock for a moment, until it begins.
        assert!((0..100_000).any(|_| !is_held()));
    }

    #[test]
    fn a_new_file_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        write_new(&path, b"first").unwrap();
        let error = write_new(&path, b"second").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(names(folder.path()), ["model"]);
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
