//! Lists in Parquet, as those of Kaputt are.

use std::path::Path;

use kizumi_image::guarded::guarded;
use kizumi_image::regular;
use parquet::basic::Compression;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::record::Field;
use parquet::record::reader::RowIter;
use parquet::schema::types::{Type, TypePtr};

use super::table::{MAX_CELLS, MAX_COLUMNS, MAX_ROWS};

/// The most that all columns may hold once they are unpacked, and the most text in all cells: one text may stand
/// in very many of them.
const MAX_BYTES: usize = 256 << 20;

/// What a cell of a column holds on average, at most: what holds more is a picture.
const MAX_CELL_BYTES: i64 = 4 << 10;

/// The rows of a table, the first of them the names of the columns. Columns of pictures and of nested things are
/// left out.
///
/// # Errors
/// Why it cannot be read: it is damaged, packed in a way that is not known, or holds more than any list does.
pub(super) fn rows(file: &Path) -> Result<Vec<Vec<String>>, String> {
    let damaged = || "it is damaged".to_owned();
    guarded(|| read(file)).unwrap_or_else(|| Err(damaged()))
}

fn read(file: &Path) -> Result<Vec<Vec<String>>, String> {
    let damaged = |error: parquet::errors::ParquetError| format!("it is damaged: {error}");
    let file = regular::open(file).map_err(|error| error.to_string())?;
    let reader = SerializedFileReader::new(file).map_err(damaged)?;
    let metadata = reader.metadata();
    let schema = metadata.file_metadata().schema();
    let fields = schema.get_fields().iter();
    let fields = fields.filter(|field| is_text(field) && !is_picture(field, metadata));
    let fields: Vec<TypePtr> = fields.cloned().collect();
    check(&fields, metadata)?;
    let mut names = Vec::new();
    names.extend(fields.iter().map(|field| field.name().to_owned()));
    let columns = Type::group_type_builder(schema.name()).with_fields(fields);
    let columns = columns.build().map_err(damaged)?;
    let mut rows = vec![names];
    let mut bytes = 0;
    for row in RowIter::from_file(Some(columns), &reader).map_err(damaged)? {
        let row = row.map_err(damaged)?;
        let cells = row.get_column_iter().map(|(_, field)| text_of(field));
        let cells: Vec<String> = cells.collect();
        bytes += cells.iter().map(String::len).sum::<usize>();
        if bytes > MAX_BYTES {
            return Err(TOO_LARGE.into());
        }
        rows.push(cells);
    }
    Ok(rows)
}

const TOO_LARGE: &str = "it holds more than any list does";

/// A single value, or a list of them.
fn is_text(field: &TypePtr) -> bool {
    let is_list = || match field.get_fields() {
        [repeated] if !repeated.is_primitive() => {
            matches!(repeated.get_fields(), [element] if element.is_primitive())
        }
        [repeated] => repeated.is_primitive(),
        _ => false,
    };
    field.is_primitive() || is_list()
}

/// The sizes of a column in all groups of rows, and how many rows those have.
fn size_of(field: &TypePtr, metadata: &ParquetMetaData) -> (i64, i64) {
    let (mut bytes, mut rows) = (0_i64, 0_i64);
    for group in metadata.row_groups() {
        rows = rows.saturating_add(group.num_rows());
        for column in group.columns() {
            if column.column_path().parts().first().map(String::as_str) == Some(field.name()) {
                bytes = bytes.saturating_add(column.uncompressed_size());
            }
        }
    }
    (bytes, rows)
}

fn is_picture(field: &TypePtr, metadata: &ParquetMetaData) -> bool {
    let (bytes, rows) = size_of(field, metadata);
    bytes / rows.max(1) > MAX_CELL_BYTES
}

/// Looks at what the file says of itself before anything is unpacked.
fn check(fields: &[TypePtr], metadata: &ParquetMetaData) -> Result<(), String> {
    let sizes = fields.iter().map(|field| size_of(field, metadata).0);
    let bytes = sizes.fold(0_i64, i64::saturating_add);
    let rows = metadata.file_metadata().num_rows();
    let (rows, bytes) = (usize::try_from(rows), usize::try_from(bytes));
    let (Ok(rows), Ok(bytes)) = (rows, bytes) else {
        return Err("it is damaged: its sizes cannot be".into());
    };
    if rows > MAX_ROWS
        || fields.len() > MAX_COLUMNS
        || rows.saturating_mul(fields.len()) > MAX_CELLS
        || bytes > MAX_BYTES
    {
        return Err(TOO_LARGE.into());
    }
    let columns = metadata
        .row_groups()
        .iter()
        .flat_map(|group| group.columns());
    for column in columns {
        match column.compression() {
            Compression::UNCOMPRESSED | Compression::SNAPPY => {}
            other => return Err(format!("it is packed with {other}, which is not read")),
        }
    }
    Ok(())
}

fn text_of(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.trim().to_owned(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).trim().to_owned(),
        Field::Float(number) => number.to_string(),
        Field::Double(number) => number.to_string(),
        Field::ListInternal(list) if list.elements().is_empty() => "[]".to_owned(),
        Field::ListInternal(list) => {
            let texts: Vec<String> = list.elements().iter().map(text_of).collect();
            texts.join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
#[path = "parquet_tests.rs"]
pub(in crate::scan) mod tests;
