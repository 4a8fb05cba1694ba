//! Cells of tables that go to files.

use anyhow::Result;
use serde::Serialize;

use kizumi_image::found_region::FoundRegion;
use kizumi_image::shown::cell_text;

/// One value of a row. In JSON a missing or not finite one is `null`, in CSV an empty cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Cell {
    Text(String),
    Real(f32),
    Figure(f64),
    Count(usize),
    /// In CSV the text of the JSON.
    Regions(Vec<FoundRegion>),
    Missing,
}

impl Cell {
    /// As it stands in CSV.
    pub fn csv(&self) -> String {
        match self {
            Self::Text(text) => cell_text(text).into_owned(),
            Self::Real(value) if value.is_finite() => value.to_string(),
            Self::Figure(value) if value.is_finite() => value.to_string(),
            Self::Count(value) => value.to_string(),
            Self::Regions(regions) => serde_json::to_string(regions).unwrap_or_default(),
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

/// Whether a table begins with a byte order mark. Some spreadsheets take a table without one for the
/// encoding of the system and show other letters; programs that read tables mostly expect none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bom {
    /// It does not.
    #[default]
    Without,
    /// It does.
    With,
}

impl Bom {
    /// What stands before everything.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Without => "",
            Self::With => "\u{feff}",
        }
    }
}

/// The first line of a table, the names of its columns, with whatever stands before it.
///
/// # Errors
/// As [`csv_line`].
pub(super) fn csv_head<T: AsRef<[u8]>>(
    columns: impl IntoIterator<Item = T>,
    bom: Bom,
) -> Result<Vec<u8>> {
    Ok([bom.mark().as_bytes(), &csv_line(columns)?].concat())
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
        assert_eq!(Cell::Text("=1+1".into()).csv(), "'=1+1");
        assert_eq!(Cell::Real(-1.5).csv(), "-1.5");
        assert_eq!(Cell::Real(0.1).csv(), "0.1");
        assert_eq!(Cell::Figure(0.1).csv(), "0.1");
        for missing in [Cell::Real(f32::NAN), Cell::Figure(f64::INFINITY)] {
            assert_eq!(missing.csv(), "");
            assert_eq!(serde_json::to_string(&missing).unwrap(), "null");
        }
    }
}
