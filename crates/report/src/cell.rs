//! Cells of tables that go to files.

use anyhow::Result;
use serde::Serialize;

/// One value of a row. In JSON a missing or not finite one is `null`, in CSV an empty cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Cell {
    Text(String),
    Real(f32),
    Figure(f64),
    Count(usize),
    Missing,
}

impl Cell {
    /// As it stands in CSV.
    pub fn csv(&self) -> String {
        match self {
            Self::Text(text) => guarded(text),
            Self::Real(value) if value.is_finite() => value.to_string(),
            Self::Figure(value) if value.is_finite() => value.to_string(),
            Self::Count(value) => value.to_string(),
            Self::Real(_) | Self::Figure(_) | Self::Missing => String::new(),
        }
    }
}

impl From<Option<f64>> for Cell {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Missing, Self::Figure)
    }
}

impl From<Option<f32>> for Cell {
    fn from(value: Option<f32>) -> Self {
        value.map_or(Self::Missing, Self::Real)
    }
}

/// Spreadsheets run a cell that begins like this as a formula; a quote in front makes it text.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A line of CSV with its end.
///
/// # Errors
/// Only if memory could not take it.
pub(super) fn csv_line<T: AsRef<[u8]>>(cells: impl IntoIterator<Item = T>) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells)?;
    Ok(writer.into_inner().map_err(|error| error.into_error())?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not_touched() {
        for text in ["=1+1", "+a", "-a", "@a", "\ta", "\ra"] {
            assert_eq!(Cell::Text(text.into()).csv(), format!("'{text}"));
        }
        assert_eq!(Cell::Text("a=b".into()).csv(), "a=b");
        assert_eq!(Cell::Real(-1.5).csv(), "-1.5");
        assert_eq!(Cell::Real(0.1).csv(), "0.1");
        assert_eq!(Cell::Figure(0.1).csv(), "0.1");
        for missing in [Cell::Real(f32::NAN), Cell::Figure(f64::INFINITY)] {
            assert_eq!(missing.csv(), "");
            assert_eq!(serde_json::to_string(&missing).unwrap(), "null");
        }
    }
}
