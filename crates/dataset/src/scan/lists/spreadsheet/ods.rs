//! Spreadsheets of LibreOffice. They are read here cell by cell, and not by `calamine`: what is said to be repeated
//! a million times would be in memory as often.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::sheet::{Sheets, put};
use super::{MAX_UNPACKED_BYTES, PROTECTED, Sheet, TOO_LARGE, attribute};

pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    if part(bytes, "META-INF/manifest.xml").is_ok_and(|text| text.contains("encryption-data")) {
        return Err(PROTECTED.into());
    }
    let content = part(bytes, "content.xml")?;
    let damaged = |error: quick_xml::Error| format!("it is damaged: {error}");
    let mut reader = Reader::from_str(&content);
    let (mut sheets, mut row) = (Sheets::default(), Row::default());
    // Remarks stand inside of the cells that they are of.
    let mut remarks = 0;
    loop {
        let event = reader.read_event().map_err(damaged)?;
        let name = match &event {
            Event::Start(tag) | Event::Empty(tag) => tag.name().as_ref().to_vec(),
            Event::End(tag) => tag.name().as_ref().to_vec(),
            _ => Vec::new(),
        };
        match (&event, name.as_slice()) {
            (Event::Eof, _) => return Ok(sheets.all),
            (Event::Start(tag), b"table:table") => {
                sheets.start(attribute(tag, b"table:name").unwrap_or_default());
            }
            (Event::Start(_), b"office:annotation") => remarks += 1,
            (Event::End(_), b"office:annotation") => remarks -= 1,
            (Event::Start(tag), b"table:table-row") => row = Row::of(tag),
            (Event::Start(tag), b"table:table-cell" | b"table:covered-table-cell") => {
                row.repeated = repeated(tag, b"table:number-columns-repeated");
                row.text = String::new();
            }
            (Event::Empty(tag), b"table:table-cell" | b"table:covered-table-cell") => {
                row.at = row
                    .at
                    .saturating_add(repeated(tag, b"table:number-columns-repeated"));
            }
            (Event::End(_), b"table:table-cell" | b"table:covered-table-cell") => row.end_cell()?,
            (Event::Text(text), _) if remarks == 0 => {
                row.text
                    .push_str(&text.decode().map_err(|error| damaged(error.into()))?);
            }
            (Event::GeneralRef(of), _) if remarks == 0 => row.text.push_str(&character(of)),
            (Event::End(_), b"text:p") if remarks == 0 => row.text.push(' '),
            (Event::Empty(_), b"text:s" | b"text:tab" | b"text:line-break") => row.text.push(' '),
            (Event::End(_), b"table:table-row") => {
                for _ in 0..row.rows_repeated {
                    if row.cells.is_empty() {
                        break;
                    }
                    sheets.push(row.cells.clone())?;
                }
                row = Row::default();
            }
            _ => {}
        }
    }
}

/// The row that is being read.
#[derive(Default)]
struct Row {
    cells: Vec<String>,
    rows_repeated: usize,
    /// Where the next cell stands, and in how many columns.
    at: usize,
    repeated: usize,
    text: String,
}

impl Row {
    fn of(tag: &BytesStart<'_>) -> Self {
        Self {
            rows_repeated: repeated(tag, b"table:number-rows-repeated"),
            ..Self::default()
        }
    }

    fn end_cell(&mut self) -> Result<(), String> {
        if !self.text.trim().is_empty() {
            for _ in 0..self.repeated {
                put(&mut self.cells, self.at, &self.text)?;
                self.at += 1;
            }
        } else {
            self.at = self.at.saturating_add(self.repeated);
        }
        self.text.clear();
        Ok(())
    }
}

/// A file in the archive, as text.
fn part(bytes: &[u8], name: &str) -> Result<String, String> {
    let damaged = |error: String| format!("it is damaged: {error}");
    let archive = ZipArchive::new(Cursor::new(bytes));
    let mut archive = archive.map_err(|error| damaged(error.to_string()))?;
    let file = archive.by_name(name);
    let file = file.map_err(|error| damaged(error.to_string()))?;
    let mut text = Vec::new();
    let read = file.take(MAX_UNPACKED_BYTES + 1).read_to_end(&mut text);
    read.map_err(|error| damaged(error.to_string()))?;
    match text.len() as u64 > MAX_UNPACKED_BYTES {
        true => Err(TOO_LARGE.into()),
        false => String::from_utf8(text).map_err(|error| damaged(error.to_string())),
    }
}

fn repeated(tag: &BytesStart<'_>, name: &[u8]) -> usize {
    let count = attribute(tag, name).and_then(|count| count.parse().ok());
    count.unwrap_or(1)
}

/// What `&amp;` and its like stand for.
fn character(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    let name = String::from_utf8_lossy(reference).into_owned();
    quick_xml::escape::resolve_predefined_entity(&name).map_or_else(String::new, str::to_owned)
}
