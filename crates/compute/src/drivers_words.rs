//! What graphics drivers and the libraries below them print while they are looked for: "error: XDG_RUNTIME_DIR is
//! invalid", where there is no screen. None of it is this program's, and most of it is no error.

#[cfg(unix)]
pub use unix::aside;

/// Runs something; what it prints is printed.
#[cfg(not(unix))]
pub fn aside<T>(run: impl FnOnce() -> T) -> T {
    run()
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::{Read, Seek, Write, stderr};
    use std::os::fd::{AsFd, OwnedFd};
    use std::sync::{Mutex, PoisonError};

    use nix::unistd::dup2_stderr;

    /// There is one stderr.
    static ASIDE: Mutex<()> = Mutex::new(());

    /// Runs something. What is written to stderr meanwhile is a detail of the log, unless it panics.
    pub fn aside<T>(run: impl FnOnce() -> T) -> T {
        let _alone = ASIDE.lock().unwrap_or_else(PoisonError::into_inner);
        let _held = Held::new();
        run()
    }

    /// Stderr leads to a file while this lives.
    struct Held {
        stderr: OwnedFd,
        words: File,
    }

    impl Held {
        /// `None` where that cannot be done: then words are printed as ever.
        fn new() -> Option<Self> {
            let held = Self {
                stderr: stderr().as_fd().try_clone_to_owned().ok()?,
                words: tempfile::tempfile().ok()?,
            };
            dup2_stderr(&held.words).ok()?;
            Some(held)
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            if dup2_stderr(&self.stderr).is_err() {
                return;
            }
            let mut words = Vec::new();
            if self.words.rewind().is_err() || self.words.read_to_end(&mut words).is_err() {
                return;
            }
            if std::thread::panicking() {
                // They may say why, and nobody could do anything about an error here.
                let _ = stderr().write_all(&words);
                return;
            }
            for line in String::from_utf8_lossy(&words).lines() {
                tracing::debug!("a graphics driver: {line}");
            }
        }
    }
}
