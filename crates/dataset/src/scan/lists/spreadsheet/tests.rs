#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// The name of a sheet, and its rows.
type Rows<'a> = (&'a str, &'a [&'a [&'a str]]);

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        let options = SimpleFileOptions::default().compression_level(Some(1));
        archive.start_file(*name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The parts that name the sheets, and where they lie.
fn workbook(names: &[&str]) -> [(String, String); 3] {
    let sheets = names.iter().enumerate();
    let sheets =
        sheets.map(|(at, name)| format!(r#"<sheet name="{name}" sheetId="{at}" r:id="r{at}"/>"#));
    let sheets: String = sheets.collect();
    let links = (0..names.len()).map(|at| {
        let target = format!("worksheets/sheet{at}.xml");
        format!(r#"<Relationship Id="r{at}" Type="{RELATIONS}/worksheet" Target="{target}"/>"#)
    });
    let links: String = links.collect();
    let book = format!(
        r#"<Relationship Id="b" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>"#
    );
    [
        (
            "_rels/.rels".into(),
            format!("<Relationships>{book}</Relationships>"),
        ),
        (
            "xl/workbook.xml".into(),
            format!(r#"<workbook xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets></workbook>"#),
        ),
        (
            "xl/_rels/workbook.xml.rels".into(),
            format!("<Relationships>{links}</Relationships>"),
        ),
    ]
}

/// A spreadsheet of Excel. Numbers are numbers in it.
pub(in crate::scan) fn xlsx(sheets: &[Rows<'_>]) -> Vec<u8> {
    let names: Vec<&str> = sheets.iter().map(|(name, _)| *name).collect();
    let mut files: Vec<(String, String)> = workbook(&names).into();
    let (mut texts, mut known) = (String::new(), 0);
    for (at, (_, rows)) in sheets.iter().enumerate() {
        let mut sheet = String::new();
        for (row, cells) in rows.iter().enumerate() {
            sheet += &format!(r#"<row r="{}">"#, row + 1);
            for (column, cell) in cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| !cell.is_empty())
            {
                let place = format!("{}{}", char::from(b'A' + column as u8), row + 1);
                if cell.parse::<f64>().is_ok() {
                    sheet += &format!(r#"<c r="{place}"><v>{cell}</v></c>"#);
                } else {
                    sheet += &format!(r#"<c r="{place}" t="s"><v>{known}</v></c>"#);
                    texts += &format!("<si><t>{cell}</t></si>");
                    known += 1;
                }
            }
            sheet += "</row>";
        }
        let sheet = format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>");
        files.push((format!("xl/worksheets/sheet{at}.xml"), sheet));
    }
    let texts = format!(r#"<sst uniqueCount="{known}">{texts}</sst>"#);
    files.push(("xl/sharedStrings.xml".into(), texts));
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    archive(&files)
}

/// A spreadsheet of LibreOffice.
pub(in crate::scan) fn ods(sheets: &[Rows<'_>]) -> Vec<u8> {
    let cell =
        |cell: &&str| format!("<table:table-cell><text:p>{cell}</text:p></table:table-cell>");
    let row = |cells: &&[&str]| {
        let cells: String = cells.iter().map(cell).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let sheet = |(name, rows): &Rows<'_>| {
        let rows: String = rows.iter().map(row).collect();
        format!(r#"<table:table table:name="{name}">{rows}</table:table>"#)
    };
    ods_of(&sheets.iter().map(sheet).collect::<String>())
}

fn ods_of(sheets: &str) -> Vec<u8> {
    archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        (
            "content.xml",
            &format!("<office:body>{sheets}</office:body>"),
        ),
    ])
}

fn read(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let dir = crate::test_folder::test_folder();
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    sheets(&path)
}

#[test]
fn sheets_are_read_with_their_names_and_texts_and_numbers() {
    let rows: [&[&str]; 3] = [
        &["file", "", "x"],
        &["a &amp; b.png", "1.5"],
        &["c.png", "7"],
    ];
    let two = [("OK", &rows[..]), ("other", &[])];
    for (name, bytes) in [("t.xlsx", xlsx(&two)), ("t.ods", ods(&two))] {
        let read = read(name, &bytes).unwrap();
        assert_eq!([&read[0].name, &read[1].name], ["OK", "other"]);
        let expected: [&[&str]; 3] = [&["file", "", "x"], &["a & b.png", "1.5"], &["c.png", "7"]];
        assert_eq!(read[0].rows, expected, "{name}");
        assert!(read[1].rows.is_empty());
    }
}

#[test]
fn repeated_cells_are_repeated_and_remarks_are_none() {
    let cells = r#"<table:table-row table:number-rows-repeated="2">
        <table:table-cell table:number-columns-repeated="2"/>
        <table:table-cell table:number-columns-repeated="2"><office:annotation><text:p>no</text:p>
        </office:annotation><text:p>OK</text:p></table:table-cell>
        <table:table-cell table:number-columns-repeated="16380"/></table:table-row>
        <table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>"#;
    let bytes = ods_of(&format!(
        r#"<table:table table:name="s">{cells}</table:table>"#
    ));
    let row: &[&str] = &["", "", "OK", "OK"];
    assert_eq!(read("t.ods", &bytes).unwrap()[0].rows, [row, row]);
}

#[test]
fn what_would_fill_the_memory_is_refused() {
    let long = "x".repeat(1 << 16);
    let cell = |repeated: usize| {
        format!(
            r#"<table:table-cell table:number-columns-repeated="{repeated}"><text:p>{long}</text:p></table:table-cell>"#
        )
    };
    for (rows, columns) in [(1_000_000, 200), (1, 1_000_000)] {
        let row = format!(
            r#"<table:table table:name="s"><table:table-row table:number-rows-repeated="{rows}">{}</table:table-row></table:table>"#,
            cell(columns)
        );
        assert_eq!(read("t.ods", &ods_of(&row)), Err(TOO_LARGE.into()));
    }
    let [links, workbook, sheets] = workbook(&["s"]);
    let sheet = "<worksheet><sheetData/></worksheet>";
    let claims = r#"<sst uniqueCount="99999999999999"/>"#;
    let packed = " ".repeat(MAX_UNPACKED_BYTES as usize + 1);
    for (name, text) in [
        ("xl/sharedStrings.xml", claims),
        ("xl/media/x.bin", &packed),
    ] {
        let files = [
            (workbook.0.as_str(), workbook.1.as_str()),
            (&links.0, &links.1),
            (&sheets.0, &sheets.1),
            ("xl/worksheets/sheet0.xml", sheet),
            (name, text),
        ];
        assert_eq!(
            read("t.xlsx", &archive(&files)),
            Err(TOO_LARGE.into()),
            "{name}"
        );
    }
}

#[test]
fn what_is_damaged_or_protected_is_said() {
    let whole = xlsx(&[("s", &[&["a.png", "OK"]])]);
    for bytes in [&b""[..], b"PK", &whole[..whole.len() / 2]] {
        for name in ["t.xlsx", "t.ods"] {
            let error = read(name, bytes).unwrap_err();
            assert!(error.starts_with("it is damaged"), "{error}");
        }
    }
    let manifest = "<manifest:encryption-data/>";
    let bytes = archive(&[("META-INF/manifest.xml", manifest), ("content.xml", "..")]);
    assert_eq!(read("t.ods", &bytes), Err(PROTECTED.into()));
}

#[test]
fn cells_that_are_merged_with_those_below_say_the_same() {
    let text = |place: &str, text: &str| {
        format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    };
    let rows = [
        [text("A1", "a.png"), text("B1", "OK")],
        [text("A2", "b.png"), String::new()],
        [text("A3", "c.png"), text("B3", "NG")],
        [text("A4", "d.png"), String::new()],
        [text("A5", "e.png"), String::new()],
    ];
    let rows = rows.iter().enumerate();
    let rows = rows.map(|(at, cells)| format!(r#"<row r="{}">{}</row>"#, at + 1, cells.concat()));
    let sheet = format!(
        r#"<worksheet><sheetData>{}</sheetData><mergeCells count="2"><mergeCell ref="B1:B2"/><mergeCell ref="B3:C4"/></mergeCells></worksheet>"#,
        rows.collect::<String>()
    );
    let mut files: Vec<(String, String)> = workbook(&["Sheet1"]).into();
    files.push(("xl/worksheets/sheet0.xml".into(), sheet));
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    let sheets = xlsx::sheets(&archive(&files)).unwrap();
    let expected: [&[&str]; 5] = [
        &["a.png", "OK"],
        &["b.png", "OK"],
        &["c.png", "NG"],
        &["d.png", "NG"],
        &["e.png"],
    ];
    assert_eq!(sheets[0].rows, expected);
}
