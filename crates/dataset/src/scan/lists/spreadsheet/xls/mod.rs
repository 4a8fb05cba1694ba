//! Spreadsheets of Excel 97 to 2003. They are read here, and not by `calamine`, which takes as much memory as a file
//! claims to need.

mod container;
mod texts;

use super::sheet::{Sheets, put};
use super::{PROTECTED, Sheet};
use container::stream;
use texts::{Chunks, number};

/// Kinds of records.
const CONTINUE: u16 = 0x003c;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const PASSWORD: u16 = 0x002f;
const SHEET: u16 = 0x0085;
const TEXTS: u16 = 0x00fc;
const TEXT_BY_NUMBER: u16 = 0x00fd;
const TEXT: u16 = 0x0204;
const FLOAT: u16 = 0x0203;
const SMALL: u16 = 0x027e;
const SMALLS: u16 = 0x00bd;
const TRUTH: u16 = 0x0205;
const FORMULA: u16 = 0x0006;
const TEXT_OF_FORMULA: u16 = 0x0207;

/// What a workbook of Excel 97 and later says of itself.
const VERSION: usize = 0x0600;

/// The most sheets: each may claim to begin anywhere.
const MAX_SHEETS: usize = 256;

const DAMAGED: &str = "it is damaged";

pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let book = stream(bytes, &["Workbook", "Book"]).ok_or(DAMAGED)?;
    let (mut places, mut texts) = (Vec::new(), Vec::new());
    for (at, record) in Records::new(&book).enumerate() {
        let data = record.data;
        match record.kind {
            BEGIN if at == 0 && number(data, 0, 2) != Some(VERSION) => {
                return Err("it is of an Excel before that of 1997, which is not read".into());
            }
            PASSWORD => return Err(PROTECTED.into()),
            SHEET if data.get(5) == Some(&0) => {
                let name = data.get(6).map_or(0, |len| usize::from(*len));
                let name = Chunks::new(&[data.get(7..).unwrap_or_default()]).text(name);
                places.push((number(data, 0, 4).ok_or(DAMAGED)?, name.unwrap_or_default()));
            }
            TEXTS => texts = Chunks::new(&record.with_continued(&book)).texts(),
            END => break,
            _ => {}
        }
    }
    if places.is_empty() || places.len() > MAX_SHEETS {
        return Err(DAMAGED.into());
    }
    let mut sheets = Sheets::default();
    for (start, name) in places {
        sheets.start(name);
        let sheet = book.get(start..).ok_or(DAMAGED)?;
        read(sheet, &texts, &mut sheets)?;
    }
    Ok(sheets.all)
}

/// The rows of a sheet.
fn read(sheet: &[u8], texts: &[String], sheets: &mut Sheets) -> Result<(), String> {
    let (mut row, mut row_at) = (Vec::new(), 0);
    // Charts in a sheet have cells of their own.
    let mut depth = 0;
    let mut of_formula = (0, 0);
    for record in Records::new(sheet) {
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            _ => {}
        }
        if depth != 1 {
            continue;
        }
        let cells = match record.kind {
            TEXT_OF_FORMULA => {
                let text = Chunks::new(&[record.data.get(2..).unwrap_or_default()]);
                let len = number(record.data, 0, 2).unwrap_or(0);
                vec![(of_formula.1, text.text_once(len))]
            }
            _ => record.cells(texts),
        };
        let at = match record.kind {
            TEXT_OF_FORMULA => of_formula.0,
            _ => number(record.data, 0, 2).unwrap_or(0),
        };
        if record.kind == FORMULA {
            of_formula = (at, number(record.data, 2, 2).unwrap_or(0));
        }
        for (column, text) in cells {
            if at != row_at {
                sheets.push(std::mem::take(&mut row))?;
                row_at = at;
            }
            put(&mut row, column, &text)?;
        }
    }
    sheets.push(row)
}

/// A record: a kind, and what it says.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    /// Where the next one begins.
    end: usize,
}

impl Record<'_> {
    /// The cells that it has, by their columns.
    fn cells(&self, texts: &[String]) -> Vec<(usize, String)> {
        let number = |at, len| number(self.data, at, len);
        let float = |at: usize| {
            let bytes = self.data.get(at..at + 8)?;
            Some(f64::from_le_bytes(bytes.try_into().ok()?))
        };
        let column = number(2, 2).unwrap_or(0);
        let text = match self.kind {
            TEXT_BY_NUMBER => number(6, 4).and_then(|at| texts.get(at).cloned()),
            TEXT => {
                let chars = Chunks::new(&[self.data.get(8..).unwrap_or_default()]);
                number(6, 2).map(|len| chars.text_once(len))
            }
            FLOAT => float(6).map(|number| number.to_string()),
            SMALL => number(6, 4).map(small),
            TRUTH if self.data.get(7) == Some(&0) => {
                self.data.get(6).map(|one| (*one != 0).to_string())
            }
            FORMULA if self.data.get(12..14) != Some(&[0xff, 0xff]) => {
                float(6).map(|number| number.to_string())
            }
            FORMULA if self.data.get(6) == Some(&1) => {
                self.data.get(8).map(|one| (*one != 0).to_string())
            }
            SMALLS => {
                let values = self.data.get(4..self.data.len().saturating_sub(2));
                let values = values.unwrap_or_default().as_chunks::<6>().0.iter();
                let values = values.filter_map(|value| texts::number(value, 2, 4).map(small));
                return (column..).zip(values).collect();
            }
            _ => None,
        };
        text.map(|text| (column, text)).into_iter().collect()
    }

    /// What it says, and what the records behind it add to that.
    fn with_continued<'b>(&self, book: &'b [u8]) -> Vec<&'b [u8]> {
        let own = &book[self.end - self.data.len()..self.end];
        let more = Records {
            bytes: book,
            at: self.end,
        };
        let more = more.take_while(|record| record.kind == CONTINUE);
        std::iter::once(own)
            .chain(more.map(|record| record.data))
            .collect()
    }
}

/// A number in four bytes: a whole one, or the upper half of a float; a hundredth of it, or not.
fn small(bits: usize) -> String {
    let bits = bits as u32;
    let number = match bits & 2 {
        0 => f64::from_bits(u64::from(bits & !3) << 32),
        _ => f64::from(bits as i32 >> 2),
    };
    match bits & 1 {
        0 => number.to_string(),
        _ => (number / 100.0).to_string(),
    }
}

/// The records from a place on.
struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let [kind, len] = [0, 2].map(|offset| number(self.bytes, self.at + offset, 2));
        let end = self.at + 4 + len?;
        let data = self.bytes.get(self.at + 4..end)?;
        self.at = end;
        Some(Record {
            kind: kind? as u16,
            data,
            end,
        })
    }
}

#[cfg(test)]
mod tests;
