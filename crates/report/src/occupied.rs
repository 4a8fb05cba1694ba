//! Why tables cannot be written where others are.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use kizumi_image::shown::shown;

/// What is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occupied {
    /// The results of a watched folder, in this one.
    ByWatching(PathBuf),
    /// This table, of something else.
    ByOtherTable(PathBuf),
}

impl fmt::Display for Occupied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByWatching(folder) => write!(
                f,
                "{}: the results of a watched folder are there, which go on with 'kizumi watch'",
                shown(folder)
            ),
            Self::ByOtherTable(table) => {
                write!(f, "{}: a table of something else is there", shown(table))
            }
        }
    }
}

impl Error for Occupied {}
