//! A row of a watcher's results, as it comes in a line of JSON.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::DateTime;
use serde::Deserialize;

use kizumi_image::shown::escaped;
use kizumi_image::stamp::Stamp;
use kizumi_method::decision::Verdict;

/// Letters of a line that is no row that are shown.
const QUOTED: usize = 80;

/// An image that came.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which one, of all that the window has seen.
    pub number: u64,
    /// Its file.
    pub path: PathBuf,
    /// The file when it was inspected.
    pub stamp: Stamp,
    /// When it was inspected.
    pub at: SystemTime,
    /// What becomes of the part; `None` where nothing says so.
    pub verdict: Option<Verdict>,
    /// How sure a defect is.
    pub confidence: Option<f32>,
    /// Its score.
    pub score: Option<f32>,
    /// Why it could not be used.
    pub error: Option<String>,
}

/// The columns that are read.
#[derive(Deserialize)]
struct Line {
    path: PathBuf,
    bytes: u64,
    modified: String,
    inspected: String,
    verdict: Option<Verdict>,
    confidence: Option<f32>,
    projected_score: Option<f32>,
    error: Option<String>,
}

impl Row {
    /// Reads a line.
    ///
    /// # Errors
    /// Why it is no row, with its beginning.
    pub fn read(line: &str) -> Result<Self, String> {
        let wrong = |reason: &dyn std::fmt::Display| {
            let beginning: String = line.chars().take(QUOTED).collect();
            format!("{reason}: {}", escaped(&beginning))
        };
        let read: Line = serde_json::from_str(line).map_err(|error| wrong(&error))?;
        let [modified, at] = [&read.modified, &read.inspected].map(|text| time_of(text));
        let modified = modified.map_err(|error| wrong(&error))?;
        let since = modified.duration_since(UNIX_EPOCH).ok();
        Ok(Self {
            number: 0,
            path: read.path,
            stamp: Stamp {
                bytes: read.bytes,
                modified_ns: since.and_then(|since| since.as_nanos().try_into().ok()),
            },
            at: at.map_err(|error| wrong(&error))?,
            verdict: read.verdict,
            confidence: read.confidence,
            score: read.projected_score,
            error: read.error,
        })
    }
}

/// The time that a table names, to the nanosecond.
fn time_of(text: &str) -> Result<SystemTime, chrono::ParseError> {
    let time = DateTime::parse_from_rfc3339(text)?;
    let nanos = Duration::from_nanos(u64::from(time.timestamp_subsec_nanos()));
    let secs = Duration::from_secs(time.timestamp().unsigned_abs());
    let whole = match time.timestamp() < 0 {
        true => UNIX_EPOCH.checked_sub(secs),
        false => UNIX_EPOCH.checked_add(secs),
    };
    Ok(whole
        .and_then(|whole| whole.checked_add(nanos))
        .unwrap_or(UNIX_EPOCH))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_to_the_nanosecond() {
        let time = time_of("2025-11-30T11:06:40.123456789Z").unwrap();
        let since = time.duration_since(UNIX_EPOCH).unwrap();
        assert_eq!(since, Duration::from_nanos(1_764_500_800_123_456_789));
        let early = time_of("1969-12-31T23:59:58.500000000Z").unwrap();
        let before = UNIX_EPOCH.duration_since(early).unwrap();
        assert_eq!(before, Duration::from_millis(1500));
        assert!(time_of("yesterday").is_err());
    }
}
