//! The cells of sheets, as many as a list may have.

use super::TOO_LARGE;
use crate::scan::lists::table::{MAX_CELLS, MAX_COLUMNS, MAX_ROWS};

/// The most text in all cells of a spreadsheet. One text may stand in very many of them.
const MAX_TEXT_BYTES: usize = 256 << 20;

/// A sheet of a spreadsheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::scan::lists) struct Sheet {
    pub name: String,
    /// Without empty rows, and no longer than the last cell that is not empty.
    pub rows: Vec<Vec<String>>,
}

/// The sheets of a spreadsheet.
#[derive(Default)]
pub(super) struct Sheets {
    pub all: Vec<Sheet>,
    cells: usize,
    text_bytes: usize,
}

impl Sheets {
    /// One more sheet, which the next rows are of.
    pub fn start(&mut self, name: String) {
        self.all.push(Sheet {
            name,
            rows: Vec::new(),
        });
    }

    /// One more row.
    ///
    /// # Errors
    /// When that is more than any list holds.
    pub fn push(&mut self, mut row: Vec<String>) -> Result<(), String> {
        let filled = row.iter().rposition(|cell| !cell.is_empty());
        row.truncate(filled.map_or(0, |last| last + 1));
        let Some(sheet) = self.all.last_mut().filter(|_| !row.is_empty()) else {
            return Ok(());
        };
        self.cells += row.len();
        self.text_bytes += row.iter().map(String::len).sum::<usize>();
        let is_too_large = row.len() > MAX_COLUMNS
            || sheet.rows.len() == MAX_ROWS
            || self.cells > MAX_CELLS
            || self.text_bytes > MAX_TEXT_BYTES;
        if is_too_large {
            return Err(TOO_LARGE.into());
        }
        sheet.rows.push(row);
        Ok(())
    }
}

/// Puts a cell into a row at its place.
///
/// # Errors
/// When the row becomes longer than that of any list.
pub(super) fn put(row: &mut Vec<String>, column: usize, text: &str) -> Result<(), String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(());
    }
    if column >= MAX_COLUMNS {
        return Err(TOO_LARGE.into());
    }
    if row.len() <= column {
        row.resize(column + 1, String::new());
    }
    row[column] = text.to_owned();
    Ok(())
}
