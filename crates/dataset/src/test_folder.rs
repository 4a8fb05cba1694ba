//! Folders for tests, whose names say nothing.

use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::{Builder, TempDir};

/// An empty folder. Random letters now and then make a word: `.tmpqKoBVK` is called bad by its `Ko`.
pub(crate) fn test_folder() -> TempDir {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let start = std::time::UNIX_EPOCH
        .elapsed()
        .unwrap_or_default()
        .as_nanos();
    let name = format!("{}-{start}-{count}", std::process::id());
    let folder = Builder::new().prefix(&name).rand_bytes(0).tempdir();
    folder.expect("the name is new")
}
