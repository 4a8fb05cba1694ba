//! A file that one program at a time has.

use std::fs::{File, TryLockError};

/// An open file that is locked for as long as this lives.
#[derive(Debug)]
pub struct Held(File);

impl Held {
    /// Takes the lock; `None` when somebody else has it. Where files cannot be locked (some network file
    /// systems) everybody may have it.
    pub fn take(file: File) -> Option<Self> {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => None,
            Ok(()) | Err(TryLockError::Error(_)) => Some(Self(file)),
        }
    }

    /// Takes the lock as soon as nobody else has it. Where files cannot be locked that is at once.
    pub fn wait(file: File) -> Self {
        // Without locks the last one who writes wins, as if there were none to ask for.
        let _ = file.lock();
        Self(file)
    }

    /// One that was locked when it was made.
    pub(crate) fn locked(file: File) -> Self {
        Self(file)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Closing is not enough: a process that is being started elsewhere in this program has copies of
        // all open files until it runs, and the lock would last as long. Where there is no lock there is
        // nothing to give back.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_has_it_and_the_next_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let open = || File::create(&path).unwrap();
        let file = open();
        // What a process that is being started has.
        let copy = file.try_clone().unwrap();
        let first = Held::take(file).unwrap();
        assert!(Held::take(open()).is_none());
        drop(first);
        assert!(Held::take(open()).is_some());
        drop(copy);
    }
}
