//! A list as it stands in its file: columns with names, and rows of text.

use std::collections::BTreeMap;

use serde_json::Value;

use super::text::text_of;
use crate::scan::names::word;

/// The most columns: what has more is no list of images, such as one object by the name of each.
const MAX_COLUMNS: usize = 256;
/// The most rows that are read.
const MAX_ROWS: usize = 1_000_000;

/// How deep the entries of a JSON list may lie: parts, classes, entries.
const MAX_DEPTH: usize = 4;

/// Rows of cells by the names of their columns, which are reduced to small letters and digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub columns: Vec<String>,
    /// As many cells as there are columns; empty where there is nothing.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// From CSV with a row of names, whose cells are parted by commas, semicolons, tabs or bars: whichever
    /// the first row has most of. `None` for what is no such table.
    pub fn from_csv(bytes: &[u8]) -> Option<Self> {
        let text = text_of(bytes, &|cell| word(cell).is_some());
        let head = text.lines().find(|line| !line.trim().is_empty())?;
        let count = |delimiter: &u8| head.bytes().filter(|byte| byte == delimiter).count();
        // Of equally many the last: a comma.
        let delimiter = *b"|\t;,".iter().max_by_key(|delimiter| count(delimiter))?;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let columns: Vec<String> = reader.headers().ok()?.iter().map(reduced).collect();
        if columns.len() > MAX_COLUMNS {
            return None;
        }
        let mut rows = Vec::new();
        for record in reader.records().take(MAX_ROWS) {
            let mut row: Vec<String> = record.ok()?.iter().map(str::to_owned).collect();
            row.resize(columns.len(), String::new());
            rows.push(row);
        }
        Some(Self { columns, rows })
    }

    /// From JSON, or JSON on each line: objects in a list, or in lists by the names of parts and classes. The
    /// name of a part becomes a cell of the column `split`. `None` for what is no such list.
    pub fn from_json(bytes: &[u8]) -> Option<Self> {
        let text = text_of(bytes, &|cell| word(cell).is_some());
        let values = serde_json::Deserializer::from_str(&text).into_iter();
        let values: Vec<Value> = values.collect::<Result<_, _>>().ok()?;
        let mut entries = Vec::new();
        match &values[..] {
            [value] => collect(value, None, 0, &mut entries),
            lines => lines
                .iter()
                .for_each(|line| collect(line, None, MAX_DEPTH, &mut entries)),
        }
        let mut columns: Vec<String> = Vec::new();
        for name in entries.iter().flat_map(BTreeMap::keys) {
            if !columns.contains(name) {
                columns.push(name.clone());
                if columns.len() > MAX_COLUMNS {
                    return None;
                }
            }
        }
        let rows = entries.into_iter().map(|mut entry| {
            let cells = columns.iter().map(|name| entry.remove(name));
            cells.map(Option::unwrap_or_default).collect()
        });
        let rows: Vec<_> = rows.collect();
        (!rows.is_empty()).then_some(Self { columns, rows })
    }

    /// The number of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

type Cells = BTreeMap<String, String>;

/// Takes the objects out of nested lists.
fn collect(value: &Value, split: Option<&str>, depth: usize, entries: &mut Vec<Cells>) {
    if entries.len() >= MAX_ROWS {
        return;
    }
    match value {
        Value::Array(values) => {
            for value in values {
                if let Value::Object(fields) = value {
                    let cells = fields.iter().filter_map(|(name, value)| {
                        let text = text_of_scalar(value)?;
                        Some((reduced(name), text))
                    });
                    let mut cells: Cells = cells.collect();
                    if let Some(split) = split {
                        cells.entry("split".into()).or_insert(split.into());
                    }
                    entries.push(cells);
                }
            }
        }
        // A line of its own.
        Value::Object(_) if depth == MAX_DEPTH => {
            let line = Value::Array(vec![value.clone()]);
            collect(&line, split, depth, entries);
        }
        Value::Object(parts) if depth + 1 < MAX_DEPTH => {
            for (name, value) in parts {
                let split = split.or_else(|| super::columns::Part::of(name).map(|_| name.as_str()));
                collect(value, split, depth + 1, entries);
            }
        }
        _ => {}
    }
}

fn text_of_scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::String(value) => Some(value.trim().to_owned()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// A column's name in small letters and digits alone: `Image Path` and `image_path` are the same.
pub(super) fn reduced(name: &str) -> String {
    let kept = name.chars().filter(|one| one.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn table(columns: &[&str], rows: &[&[&str]]) -> Table {
        let row = |cells: &&[&str]| cells.iter().map(ToString::to_string).collect();
        Table {
            columns: columns.iter().map(ToString::to_string).collect(),
            rows: rows.iter().map(row).collect(),
        }
    }

    #[test]
    fn cells_are_parted_as_the_first_row_is() {
        let expected = table(
            &["imagepath", "label"],
            &[&["a,b.png", "ok"], &["c.png", ""]],
        );
        for text in [
            "Image Path,Label\n\"a,b.png\",ok\nc.png\n",
            "\u{feff}image_path;label\r\na,b.png;ok\r\n\r\nc.png;\r\n",
            "image-path\tlabel\n\"a,b.png\"\t ok\nc.png\t\n",
        ] {
            assert_eq!(
                Table::from_csv(text.as_bytes()),
                Some(expected.clone()),
                "{text}"
            );
        }
        let utf16: Vec<u8> = "\u{feff}image_path;label\na,b.png;ok\nc.png;"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(Table::from_csv(&utf16), Some(expected.clone()));
    }

    #[test]
    fn entries_of_json_are_found_in_parts_and_classes_and_on_lines() {
        let columns = ["imagepath", "label", "split"];
        let expected = table(
            &columns,
            &[&["a.png", "0", "train"], &["b.png", "", "test"]],
        );
        for text in [
            r#"{"meta": {"x": 1}, "train": [{"image_path": "a.png", "label": 0}],
                "test": [{"image_path": "b.png", "label": null}]}"#,
            r#"{"train": {"bolt": [{"image_path": "a.png", "label": 0}]},
                "test": {"bolt": [{"image_path": "b.png", "label": ""}]}}"#,
            r#"[{"image_path": "a.png", "label": 0, "split": "train"},
                {"image_path": "b.png", "label": "", "split": "test"}]"#,
            "{\"image_path\": \"a.png\", \"label\": 0, \"split\": \"train\"}
             {\"image_path\": \"b.png\", \"split\": \"test\"}",
        ] {
            let mut table = Table::from_json(text.as_bytes()).unwrap();
            // A part's name comes first or last, as the file has it.
            table.rows.sort();
            assert_eq!(table, expected.clone(), "{text}");
        }
    }

    #[test]
    fn what_is_no_list_is_none() {
        for text in ["", "7", "{", "{}", "[1, 2]", r#"{"a": {"b": 1}}"#] {
            assert_eq!(Table::from_json(text.as_bytes()), None, "{text}");
        }
        assert_eq!(Table::from_csv(b""), None);
        let deep = "[".repeat(100_000);
        assert_eq!(Table::from_json(deep.as_bytes()), None);
    }
}
