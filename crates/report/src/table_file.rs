//! Tables that are whole when they are written, for people who save what they see.

use std::path::Path;

use anyhow::Result;

use super::cell::{Bom, Cell, csv_head, csv_line};
use super::results::{COLUMNS, ImageResult, RunSettings, cells, json_line};
use kizumi_image::atomic::write_atomic;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableFormat {
    /// For spreadsheets: a line of column names, and one for each image.
    Csv,
    /// For programs: a line of JSON for each image.
    JsonLines,
}

impl TableFormat {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

/// Writes a table of these images, with the columns and values that [`super::results`] has. A table in JSON
/// begins with no mark, whatever `bom` says.
///
/// # Errors
/// If the file cannot be written; the text names it, and what was there before stays as it was.
pub fn save_table<'a>(
    path: &Path,
    (format, bom): (TableFormat, Bom),
    settings: &RunSettings,
    results: impl IntoIterator<Item = &'a ImageResult>,
) -> Result<()> {
    let mut bytes = match format {
        TableFormat::Csv => csv_head(COLUMNS, bom)?,
        TableFormat::JsonLines => Vec::new(),
    };
    for result in results {
        let cells = cells(result, settings);
        bytes.extend(match format {
            TableFormat::Csv => csv_line(cells.iter().map(Cell::csv))?,
            TableFormat::JsonLines => json_line(COLUMNS, &cells)?,
        });
    }
    write_atomic(path, &bytes)
}
