#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::*;

/// A column of a table.
pub(in crate::scan) enum Column<'a> {
    Texts(&'a [&'a str]),
    Numbers(&'a [i64]),
    Truths(&'a [bool]),
}

/// Writes a table.
pub(in crate::scan) fn write(path: &Path, columns: &[(&str, Column<'_>)], packed: Compression) {
    let fields = columns.iter().map(|(name, column)| match column {
        Column::Texts(_) => format!("optional binary {name} (UTF8);"),
        Column::Numbers(_) => format!("required int64 {name};"),
        Column::Truths(_) => format!("required boolean {name};"),
    });
    let fields: String = fields.collect();
    let schema = Arc::new(parse_message_type(&format!("message m {{ {fields} }}")).unwrap());
    let properties = WriterProperties::builder().set_compression(packed).build();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for (_, column) in columns {
        let mut next = group.next_column().unwrap().unwrap();
        match column {
            Column::Texts(texts) => {
                // An empty one is none.
                let levels: Vec<i16> = texts
                    .iter()
                    .map(|text| i16::from(!text.is_empty()))
                    .collect();
                let texts = texts.iter().filter(|text| !text.is_empty());
                let texts: Vec<ByteArray> = texts.map(|text| ByteArray::from(*text)).collect();
                let column = next.typed::<ByteArrayType>();
                column.write_batch(&texts, Some(&levels), None).unwrap();
            }
            Column::Numbers(numbers) => {
                let column = next.typed::<Int64Type>();
                column.write_batch(numbers, None, None).unwrap();
            }
            Column::Truths(truths) => {
                let column = next.typed::<BoolType>();
                column.write_batch(truths, None, None).unwrap();
            }
        }
        next.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
}

#[test]
fn rows_are_read_plain_and_packed() {
    let dir = crate::test_folder::test_folder();
    let path = dir.path().join("t.parquet");
    let columns = [
        ("file", Column::Texts(&["a.png", "b.png"])),
        ("why", Column::Texts(&["", "dent"])),
        ("number", Column::Numbers(&[7, -1])),
        ("defect", Column::Truths(&[false, true])),
    ];
    for packed in [Compression::UNCOMPRESSED, Compression::SNAPPY] {
        write(&path, &columns, packed);
        let expected: [&[&str]; 3] = [
            &["file", "why", "number", "defect"],
            &["a.png", "", "7", "false"],
            &["b.png", "dent", "-1", "true"],
        ];
        assert_eq!(rows(&path).unwrap(), expected);
    }
    let whole = std::fs::read(&path).unwrap();
    for cut in [0, 4, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..cut]).unwrap();
        assert!(rows(&path).unwrap_err().starts_with("it is damaged"));
    }
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x5a;
        std::fs::write(&path, bytes).unwrap();
        // Not one stops the program.
        drop(rows(&path));
    }
}

#[test]
fn pictures_in_a_table_are_left_out() {
    let dir = crate::test_folder::test_folder();
    let path = dir.path().join("t.parquet");
    let picture = "x".repeat(3 * MAX_CELL_BYTES as usize);
    let columns = [
        ("file", Column::Texts(&["a.png"])),
        ("bytes", Column::Texts(&[&picture])),
    ];
    write(&path, &columns, Compression::SNAPPY);
    assert_eq!(rows(&path).unwrap(), [["file"], ["a.png"]]);
}
