//! What tells a file from what it was, without reading it.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

/// Size and time of a file: when one of them is another, so is what the file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its size.
    pub bytes: u64,
    /// When it was last written, in nanoseconds since 1970; `None` where nobody notes that.
    pub modified_ns: Option<u64>,
}

impl Stamp {
    /// That of the file as it is now; `None` when it cannot be reached.
    pub fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        let since = metadata.modified().ok();
        let since = since.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Some(Self {
            bytes: metadata.len(),
            modified_ns: since.and_then(|since| since.as_nanos().try_into().ok()),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn another_size_or_time_is_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        assert_eq!(Stamp::of(&path), None);
        fs::write(&path, "one").unwrap();
        let first = Stamp::of(&path).unwrap();
        assert_eq!(Stamp::of(&path), Some(first));
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(UNIX_EPOCH).unwrap();
        let older = Stamp::of(&path).unwrap();
        assert_ne!(older, first);
        file.set_len(1).unwrap();
        file.set_modified(UNIX_EPOCH).unwrap();
        assert_ne!(Stamp::of(&path), Some(older), "as old, but shorter");
    }
}
