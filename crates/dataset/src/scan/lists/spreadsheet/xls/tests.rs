#![allow(clippy::unwrap_used)]

use super::*;

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let head = [kind.to_le_bytes(), (data.len() as u16).to_le_bytes()];
    [&head.concat()[..], data].concat()
}

/// A text, of bytes where that does, behind its length in so many bytes.
fn text(text: &str, len_bytes: usize) -> Vec<u8> {
    let letters: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = letters.len().to_le_bytes()[..len_bytes].to_vec();
    let is_wide = letters.iter().any(|letter| *letter > 255);
    bytes.push(u8::from(is_wide));
    for letter in letters {
        match is_wide {
            true => bytes.extend(letter.to_le_bytes()),
            false => bytes.push(letter as u8),
        }
    }
    bytes
}

/// A cell at this place.
fn cell(kind: u16, row: u16, column: u16, data: &[u8]) -> Vec<u8> {
    let place = [row, column, 0].map(u16::to_le_bytes).concat();
    record(kind, &[&place[..], data].concat())
}

const VERSION_8: [u8; 4] = [0, 6, 5, 0];

/// A workbook of one sheet with these cells, and the texts that they name, in one record or continued.
fn book(texts: &[&[u8]], cells: &[Vec<u8>], more: &[u8]) -> Vec<u8> {
    let mut book = record(BEGIN, &VERSION_8);
    book.extend(more);
    let place = book.len();
    let sheet = |start: usize| {
        let start = (start as u32).to_le_bytes();
        record(SHEET, &[&start[..], &[0, 0], &text("OK", 1)].concat())
    };
    let mut all: Vec<u8> = Vec::new();
    for (at, chunk) in texts.iter().enumerate() {
        all.extend(match at {
            0 => record(TEXTS, &[&[0; 8][..], chunk].concat()),
            _ => record(CONTINUE, chunk),
        });
    }
    let start = place + sheet(0).len() + all.len() + 4;
    book.extend([sheet(start), all, record(END, &[])].concat());
    book.extend(record(BEGIN, &VERSION_8));
    book.extend(cells.concat());
    book.extend(record(END, &[]));
    book
}

/// A document that holds it, in sectors of 512 bytes behind its directory and its table.
fn document(book: &[u8]) -> Vec<u8> {
    let mut stream = book.to_vec();
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = stream.len() / 512;
    let mut header = vec![0; 512];
    header[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    header[30] = 9;
    let mut put =
        |at: usize, number: u32| header[at..at + 4].copy_from_slice(&number.to_le_bytes());
    put(48, 1);
    put(56, 4096);
    put(60, 0xffff_fffe);
    put(68, 0xffff_fffe);
    (0..109).for_each(|at| put(76 + 4 * at, 0xffff_ffff));
    put(76, 0);
    let last = 0xffff_fffe;
    let chain = (0..sectors).map(|at| {
        if at + 1 == sectors {
            last
        } else {
            at as u32 + 3
        }
    });
    let table = [0xffff_fffd, last].into_iter().chain(chain);
    let mut table: Vec<u8> = table.flat_map(u32::to_le_bytes).collect();
    table.resize(512, 0xff);
    let entry = |name: &str, kind: u8, start: u32, len: usize| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let name_len = entry.len() as u8 + 2;
        entry.resize(128, 0);
        (entry[64], entry[66]) = (name_len, kind);
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&(len as u32).to_le_bytes());
        entry
    };
    let mut directory = entry("Root Entry", 5, last, 0);
    directory.extend(entry("Workbook", 2, 2, stream.len()));
    directory.resize(512, 0);
    [header, table, directory, stream].concat()
}

/// A spreadsheet with these cells.
fn sample() -> Vec<u8> {
    // The second text goes on in the next record, where it is wide.
    let texts = [&text("a.png", 2)[..], &[2, 0, 0, b'O']].concat();
    let number = |number: u32| number.to_le_bytes();
    let result = [0, 0, 0, 0, 0, 0, 0xff, 0xff];
    let cells = [
        cell(TEXT_BY_NUMBER, 0, 0, &number(0)),
        cell(TEXT_BY_NUMBER, 0, 1, &number(1)),
        cell(TEXT, 1, 0, &text("良品", 2)),
        cell(FLOAT, 1, 1, &1.5_f64.to_le_bytes()),
        cell(SMALL, 1, 2, &number(7 << 2 | 2)),
        cell(TRUTH, 1, 3, &[1, 0]),
        cell(FORMULA, 2, 1, &result),
        record(TEXT_OF_FORMULA, &text("NG", 2)),
    ];
    let smalls = [&number(3 << 2 | 2)[..], &[0, 0], &number(350 << 2 | 3)].concat();
    let smalls = cell(SMALLS, 3, 0, &[&smalls[..], &[1, 0]].concat());
    book(
        &[&texts, &[1, b'K', 0]],
        &[&cells[..], &[smalls]].concat(),
        &[],
    )
}

#[test]
fn cells_of_every_kind_are_read() {
    let sheets = sheets(&document(&sample())).unwrap();
    let expected: [&[&str]; 4] = [
        &["a.png", "OK"],
        &["良品", "1.5", "7", "true"],
        &["", "NG"],
        &["3", "3.5"],
    ];
    assert_eq!(
        (sheets[0].name.as_str(), &sheets[0].rows[..]),
        (
            "OK",
            &expected
                .map(<[&str]>::to_vec)
                .map(|row| row.into_iter().map(str::to_owned).collect::<Vec<_>>())[..]
        )
    );
}

#[test]
fn what_is_damaged_protected_or_old_is_said_and_nothing_stops_the_program() {
    let whole = document(&sample());
    for cut in [0, 8, 600, 1100] {
        assert_eq!(sheets(&whole[..cut]), Err(DAMAGED.into()), "{cut}");
    }
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        drop(sheets(&bytes));
    }
    let protected = book(&[], &[], &record(PASSWORD, &[1, 0]));
    assert_eq!(sheets(&document(&protected)), Err(PROTECTED.into()));
    let mut old = sample();
    old[5] = 5;
    assert!(
        sheets(&document(&old))
            .unwrap_err()
            .contains("before that of 1997")
    );
}
