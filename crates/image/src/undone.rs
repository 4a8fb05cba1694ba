//! What could not be done with a file or a folder.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::shown::shown;

/// What was to be done with a file or a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Read it.
    Read,
    /// Read what lies in the folder.
    List,
    /// Write it.
    Write,
    /// Write something in the folder.
    WriteIn,
    /// Make the folder.
    MakeFolder,
    /// Remove it.
    Remove,
}

/// A task that failed; displays as "cannot write PATH", and its source is why.
#[derive(Debug)]
pub struct Undone {
    /// What was to be done.
    pub task: Task,
    /// The file or the folder.
    pub path: PathBuf,
    why: anyhow::Error,
}

impl fmt::Display for Undone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = shown(&self.path);
        match self.task {
            Task::Read => write!(f, "cannot read {path}"),
            Task::List => write!(f, "cannot read the folder {path}"),
            Task::Write => write!(f, "cannot write {path}"),
            Task::WriteIn => write!(f, "cannot write in {path}"),
            Task::MakeFolder => write!(f, "cannot make the folder {path}"),
            Task::Remove => write!(f, "cannot remove {path}"),
        }
    }
}

impl Error for Undone {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.why.as_ref())
    }
}

/// Says of an error what could not be done because of it.
pub trait Doing<T> {
    /// The same result, whose error is an [`Undone`] of this file or folder.
    ///
    /// # Errors
    /// Where this is one.
    fn doing(self, task: Task, path: &Path) -> anyhow::Result<T>;
}

impl<T, E: Into<anyhow::Error>> Doing<T> for Result<T, E> {
    fn doing(self, task: Task, path: &Path) -> anyhow::Result<T> {
        self.map_err(|why| {
            let path = path.to_owned();
            let why = why.into();
            Undone { task, path, why }.into()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn the_answer_of_the_system_stays_its_cause() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let failed: io::Result<()> = Err(full());
        let error = failed
            .doing(Task::Write, Path::new("/m/a.png"))
            .expect_err("it failed");
        assert_eq!(
            format!("{error:#}"),
            format!("cannot write /m/a.png: {}", full())
        );
        let mut causes = error.chain();
        assert!(causes.any(|cause| cause.is::<io::Error>()));
    }
}
