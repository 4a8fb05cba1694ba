//! Reading files that are files: behind a name may be a pipe, which nobody writes to, or a device, which
//! never ends.

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// Opens a file for reading. Links are followed.
///
/// # Errors
/// Those of the system; and what it is, when it is a folder, a pipe, a socket or a device.
pub fn open(path: &Path) -> io::Result<File> {
    // Asked before opening: opening a pipe would wait for a writer.
    check(&fs::metadata(path)?)?;
    File::open(path)
}

/// All bytes of a file.
///
/// # Errors
/// As [`open`]; and its size, when that is more than `limit_bytes`.
pub fn read(path: &Path, limit_bytes: u64) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    check(&metadata)?;
    let too_large = |bytes: u64| {
        let [size, limit] = [bytes, limit_bytes].map(size_text);
        let text = format!("{size} are too many, at most {limit} are read");
        io::Error::new(io::ErrorKind::FileTooLarge, text)
    };
    if metadata.len() > limit_bytes {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    // The kernel's own files say that they are empty, and some make a reader wait.
    if metadata.len() > 0 {
        bytes.reserve_exact(metadata.len() as usize);
        let file = File::open(path)?;
        file.take(limit_bytes + 1).read_to_end(&mut bytes)?;
    }
    match bytes.len() as u64 {
        grown if grown > limit_bytes => Err(too_large(grown)),
        _ => Ok(bytes),
    }
}

/// The first bytes of a file, `len_bytes` at most.
///
/// # Errors
/// As [`open`].
pub fn beginning(path: &Path, len_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(len_bytes).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// As [`read`], of a text.
///
/// # Errors
/// As [`read`], and when it is no UTF-8.
pub fn read_text(path: &Path, limit_bytes: u64) -> io::Result<String> {
    let bytes = read(path, limit_bytes)?;
    String::from_utf8(bytes).map_err(|error| {
        let text = format!("it is no text ({})", error.utf8_error());
        io::Error::new(io::ErrorKind::InvalidData, text)
    })
}

/// # Errors
/// What it is, unless it is a file.
pub fn check(metadata: &Metadata) -> io::Result<()> {
    let kind = metadata.file_type();
    match kind {
        _ if kind.is_file() => Ok(()),
        _ if kind.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        _ => Err(io::Error::other(format!(
            "it is {}, not a file",
            special(kind)
        ))),
    }
}

/// What is neither file nor folder.
#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match kind {
        _ if kind.is_fifo() => "a pipe",
        _ if kind.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "something else"
}

/// A size as people read it: "512 bytes", "10.7 GB".
pub fn size_text(bytes: u64) -> String {
    let units = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    let fits = units.iter().find(|(_, unit)| bytes as f64 >= *unit);
    match fits {
        Some((name, unit)) => format!("{:.1} {name}", bytes as f64 / unit),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, b"12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert_eq!(beginning(&path, 4).unwrap(), b"1234");
        let error = read(&path, 4).unwrap_err().to_string();
        assert!(
            error.contains("5 bytes are too many, at most 4 bytes"),
            "{error}"
        );
        fs::write(&path, b"\xff").unwrap();
        assert!(
            read_text(&path, 9)
                .unwrap_err()
                .to_string()
                .contains("no text")
        );
        let error = open(&folder.path().join("missing")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        let error = open(folder.path()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
    }

    #[test]
    fn sizes_are_said_as_people_read_them() {
        let texts = [999, 1000, 2_500_000, 10_737_418_240].map(size_text);
        assert_eq!(texts, ["999 bytes", "1.0 kB", "2.5 MB", "10.7 GB"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_no_file_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let socket = folder.path().join("socket");
        let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let link = folder.path().join("link.png");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        for (path, what) in [(pipe, "a pipe"), (socket, "a socket"), (link, "a device")] {
            for error in [open(&path).unwrap_err(), read(&path, 99).unwrap_err()] {
                assert_eq!(error.to_string(), format!("it is {what}, not a file"));
            }
        }
        // It has no size, and a reader waits for the next message of the kernel.
        assert_eq!(read(Path::new("/proc/kmsg"), 99).unwrap_or_default(), b"");
    }
}
