//! What an image file holds, so that its label finds it under another name and never another image under its own.

use std::io;
use std::path::Path;

use kizumi_image::regular;
use kizumi_image::stamp::Stamp;
use serde::{Deserialize, Serialize};

#[cfg(unix)]
fn number_of(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).map_or(0, |file| file.ino())
}

#[cfg(not(unix))]
fn number_of(_: &Path) -> u64 {
    0
}

/// The content of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Its size and its time: where both are as they were, and it is the same file, it is not read.
    #[serde(flatten)]
    stamp: Stamp,
    /// The number that the file system gives it: files that change names keep theirs. 0 where it gives none.
    #[serde(default)]
    number: u64,
    /// BLAKE3 of all of it, in hexadecimal digits.
    blake3: String,
}

impl Content {
    /// That of the file as it is now, which is read to the end.
    ///
    /// # Errors
    /// Those of the system; and what it is, when it is no file.
    pub fn of(path: &Path) -> io::Result<Self> {
        let stamp = Stamp::of(path).ok_or(io::ErrorKind::NotFound)?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(regular::open(path)?)?;
        Ok(Self {
            stamp,
            number: number_of(path),
            blake3: hasher.finalize().to_hex().to_string(),
        })
    }

    /// Its size.
    pub fn bytes(&self) -> u64 {
        self.stamp.bytes
    }

    /// Whether it is the same file, of the same size and time: then it holds this, and is not read.
    pub fn is_stamped(&self, path: &Path) -> bool {
        Stamp::of(path).is_some_and(|now| {
            now == self.stamp
                && now.modified_ns.is_some()
                && self.number != 0
                && self.number == number_of(path)
        })
    }

    /// Whether the file holds this. One that cannot be read holds nothing.
    pub fn is_of(&self, path: &Path) -> bool {
        let is_as_large = || Stamp::of(path).is_some_and(|now| now.bytes == self.bytes());
        let holds_it = || Self::of(path).is_ok_and(|content| content.blake3 == self.blake3);
        self.is_stamped(path) || is_as_large() && holds_it()
    }
}
