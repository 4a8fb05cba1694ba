//! Spreadsheets of Excel.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, copy, sink};

use calamine::{DataRef, Dimensions, Reader as _, SheetType, Xlsx, XlsxError};
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::sheet::{Sheets, put};
use super::{MAX_UNPACKED_BYTES, PROTECTED, Sheet, TOO_LARGE, attribute};
use crate::scan::lists::table::MAX_CELLS;

pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    const DOCUMENT_OF_OLE: &[u8] = b"\xd0\xcf\x11\xe0";
    if !bytes.starts_with(DOCUMENT_OF_OLE) {
        check_size(bytes)?;
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(reason)?;
    let mut sheets = Sheets::default();
    for one in book.sheets_metadata().to_vec() {
        if one.typ != SheetType::WorkSheet {
            continue;
        }
        let merged = book.merge_cells_by_sheet_name(&one.name).map_err(reason)?;
        let mut merged = Merged::new(&merged);
        // Cell by cell: a sheet as a whole would be as large as it claims to be.
        let mut cells = book.worksheet_cells_reader(&one.name).map_err(reason)?;
        sheets.start(one.name);
        let (mut row, mut row_at) = (Vec::new(), 0);
        while let Some(cell) = cells.next_cell().map_err(reason)? {
            let (at, column) = cell.get_position();
            if at != row_at {
                merged.fill(row_at, &mut row)?;
                sheets.push(std::mem::take(&mut row))?;
                row_at = at;
            }
            put(&mut row, column as usize, &text_of(cell.get_value()))?;
        }
        merged.fill(row_at, &mut row)?;
        sheets.push(row)?;
    }
    Ok(sheets.all)
}

/// Cells that were merged with those below them: only the uppermost one has the text of all.
struct Merged {
    /// The last rows, by the place of the uppermost cell.
    last_rows: BTreeMap<(u32, u32), u32>,
    /// The last row and the text of what reaches further down, by column.
    open: BTreeMap<u32, (u32, String)>,
}

impl Merged {
    fn new(all: &[Dimensions]) -> Self {
        let all = all.iter().filter(|one| one.end.0 > one.start.0);
        Self {
            last_rows: all.map(|one| (one.start, one.end.0)).collect(),
            open: BTreeMap::new(),
        }
    }

    /// Puts the texts of those above into a row of this number; rows come in their order.
    fn fill(&mut self, at: u32, row: &mut Vec<String>) -> Result<(), String> {
        self.open.retain(|_, (last, _)| *last >= at);
        for ((_, column), last) in self.last_rows.range((at, 0)..=(at, u32::MAX)) {
            let text = row.get(*column as usize).cloned().unwrap_or_default();
            self.open.insert(*column, (*last, text));
        }
        for (column, (_, text)) in &self.open {
            put(row, *column as usize, text)?;
        }
        Ok(())
    }
}

fn reason(error: XlsxError) -> String {
    match error {
        XlsxError::Password => PROTECTED.into(),
        error => format!("it is damaged: {error}"),
    }
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(is_true) => is_true.to_string(),
        DataRef::DateTime(date) => date.as_f64().to_string(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Unpacks all once and keeps nothing: what the archive says of sizes need not be true.
fn check_size(bytes: &[u8]) -> Result<(), String> {
    let damaged = |error: zip::result::ZipError| format!("it is damaged: {error}");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut left = MAX_UNPACKED_BYTES;
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).map_err(damaged)?;
        let name = file.name().map_err(damaged)?.to_lowercase();
        let has_texts = name.ends_with("sharedstrings.xml");
        let mut unpacked = (&mut file).take(left + 1);
        let len = match has_texts {
            true => {
                let mut texts = Vec::new();
                let read = unpacked.read_to_end(&mut texts);
                check_count(&texts)?;
                read.map(|len| len as u64)
            }
            false => copy(&mut unpacked, &mut sink()),
        };
        let len = len.map_err(|error| format!("it is damaged: {error}"))?;
        left = left.checked_sub(len).ok_or(TOO_LARGE)?;
    }
    Ok(())
}

/// How many texts there are is what memory is taken for before one is read.
fn check_count(texts: &[u8]) -> Result<(), String> {
    let mut reader = Reader::from_reader(texts);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let count = attribute(&tag, b"uniqueCount");
                let count = count.and_then(|count| count.trim().parse::<usize>().ok());
                return match count {
                    Some(count) if count > MAX_CELLS => Err(TOO_LARGE.into()),
                    _ => Ok(()),
                };
            }
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}
