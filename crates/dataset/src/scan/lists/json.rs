//! Lists in JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::column_names;
use super::columns::Part;
use super::table::{MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Table, reduced};
use crate::scan::names::word;

/// How deep the entries of a list may lie, and what they say in those: parts, classes, entries, what was found.
const MAX_DEPTH: usize = 8;

/// The most labels of one image that are read.
const MAX_LABELS: usize = 16;

/// What stands for outlines and the like.
const SOMETHING: &str = "defect";

/// Fields of an object that say what it is.
const NAMES: [&str; 5] = ["label", "class", "type", "category", "name"];

/// Fields in which what was chosen lies.
const CHOSEN: [&str; 3] = ["choices", "value", "result"];

/// What the files of COCO and of Datumaro have.
const ANNOTATIONS: [[&str; 2]; 2] = [["images", "annotations"], ["categories", "items"]];

type Cells = BTreeMap<String, String>;

/// The table in JSON, or JSON on each line: objects in a list, or in lists by the names of parts and classes;
/// names of images in such lists; what is said of each image by its name; columns as lists. The name of a part
/// becomes a cell of the column `split`, that of a class one of `class`. `is_image` knows the names of images.
/// `None` for what is no such list.
pub(super) fn table(text: &str, is_image: &dyn Fn(&str) -> bool) -> Option<Table> {
    let values = serde_json::Deserializer::from_str(text).into_iter();
    let values: Vec<Value> = values.collect::<Result<_, _>>().ok()?;
    let mut entries = Entries {
        all: Vec::new(),
        is_image,
    };
    match &values[..] {
        // Of COCO or Datumaro: annotations, not a list.
        [Value::Object(fields)]
            if ANNOTATIONS
                .iter()
                .any(|names| names.iter().all(|name| fields.contains_key(*name))) =>
        {
            return None;
        }
        [value] => entries.collect(value, Place::default()),
        lines => lines.iter().for_each(|line| {
            if let Value::Object(fields) = line {
                entries.push(cells(fields), Place::default());
            }
        }),
    }
    let mut columns: Vec<String> = Vec::new();
    for name in entries.all.iter().flat_map(BTreeMap::keys) {
        if !columns.contains(name) {
            columns.push(name.clone());
            if columns.len() > MAX_COLUMNS {
                return None;
            }
        }
    }
    if columns.len() * entries.all.len() > MAX_CELLS {
        return None;
    }
    let rows = entries.all.into_iter().map(|mut entry| {
        let cells = columns.iter().map(|name| entry.remove(name));
        cells.map(Option::unwrap_or_default).collect()
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then_some(Table { columns, rows })
}

/// The names of the lists that an entry lies in.
#[derive(Clone, Copy, Default)]
struct Place<'a> {
    split: Option<&'a str>,
    class: Option<&'a str>,
    depth: usize,
}

impl<'a> Place<'a> {
    fn below(self, name: &'a str) -> Self {
        let says = |name: &&str| word(name).is_some();
        let is_part = Part::of(name).is_some();
        Self {
            split: self.split.or(is_part.then_some(name)),
            class: match is_part {
                true => self.class,
                false => self.class.filter(says).or(Some(name)),
            },
            depth: self.depth + 1,
        }
    }
}

struct Entries<'f> {
    all: Vec<Cells>,
    is_image: &'f dyn Fn(&str) -> bool,
}

impl Entries<'_> {
    fn push(&mut self, mut cells: Cells, place: Place<'_>) {
        if self.all.len() < MAX_ROWS {
            if let Some(split) = place.split {
                cells.entry("split".into()).or_insert(split.into());
            }
            self.all.push(cells);
        }
    }

    /// Takes the entries out of nested lists.
    fn collect(&mut self, value: &Value, place: Place<'_>) {
        match value {
            Value::Array(values) => {
                for value in values {
                    match value {
                        Value::Object(fields) => {
                            let cells = cells(fields);
                            let is_entry = cells.values().any(|cell| (self.is_image)(cell));
                            let is_deeper = !is_entry && place.depth + 1 < MAX_DEPTH;
                            if !(is_deeper && self.collect_inside(fields, place)) {
                                self.push(cells, place);
                            }
                        }
                        Value::String(name) if (self.is_image)(name) => {
                            let class = place.class.unwrap_or_default();
                            self.push(named(name, class.into()), place);
                        }
                        _ => {}
                    }
                }
            }
            Value::Object(fields) if self.are_images(fields) => {
                for (name, value) in fields {
                    let cells = match value {
                        Value::Object(said) => {
                            let mut cells = cells(said);
                            cells.entry("image".into()).or_insert(name.clone());
                            cells
                        }
                        said => named(name, text_of(said).unwrap_or_default()),
                    };
                    self.push(cells, place);
                }
            }
            Value::Object(fields) => {
                let rows = rows_of_columns(fields, self.is_image);
                if let Some(rows) = rows {
                    rows.into_iter().for_each(|row| self.push(row, place));
                } else if place.depth + 1 < MAX_DEPTH {
                    for (name, value) in fields {
                        self.collect(value, place.below(name));
                    }
                }
            }
            _ => {}
        }
    }

    /// Takes the entries out of the lists in an object that is none itself; whether there are some.
    fn collect_inside(&mut self, fields: &Map<String, Value>, place: Place<'_>) -> bool {
        let before = self.all.len();
        for value in fields.values().filter(|value| value.is_array()) {
            let inner = Place {
                depth: place.depth + 1,
                ..place
            };
            self.collect(value, inner);
        }
        self.all.len() > before
    }

    fn are_images(&self, fields: &Map<String, Value>) -> bool {
        let images = fields.keys().filter(|name| (self.is_image)(name)).count();
        images * 2 > fields.len()
    }
}

fn named(image: &str, class: String) -> Cells {
    Cells::from([("image".into(), image.into()), ("class".into(), class)])
}

fn cells(fields: &Map<String, Value>) -> Cells {
    let mut cells = Cells::new();
    add_cells(&mut cells, "", fields, 0);
    cells
}

/// The fields of an object, and those of objects in it, which are called as those where no other is.
fn add_cells(cells: &mut Cells, outer: &str, fields: &Map<String, Value>, depth: usize) {
    let inner = fields.iter().filter_map(|(name, value)| {
        let cell = text_of(value);
        let (true, Value::Object(inner)) = (cell.is_none(), value) else {
            let name = match cells.contains_key(&reduced(name)) {
                true => reduced(&format!("{outer} {name}")),
                false => reduced(name),
            };
            cells.insert(name, cell.unwrap_or_default());
            return None;
        };
        Some((name, inner))
    });
    let inner: Vec<(&String, &Map<String, Value>)> = inner.collect();
    for (name, fields) in inner {
        match depth < MAX_DEPTH {
            true => add_cells(cells, name, fields, depth + 1),
            // Whatever it says, it says something.
            false => drop(cells.insert(reduced(name), SOMETHING.into())),
        }
    }
}

/// The rows of a table that is written column by column, each a list or an object by the numbers of rows.
fn rows_of_columns(
    columns: &Map<String, Value>,
    is_image: &dyn Fn(&str) -> bool,
) -> Option<Vec<Cells>> {
    let is_of_images = |name: &String| column_names::is_image_name(&reduced(name));
    let values = |value: &Value| -> Option<Vec<String>> {
        let text = |value: &Value| text_of(value).unwrap_or_default();
        match value {
            Value::Array(cells) if !cells.iter().any(Value::is_object) => {
                Some(cells.iter().map(text).collect())
            }
            Value::Object(cells) => Some(cells.values().map(text).collect()),
            _ => None,
        }
    };
    let (_, images) = columns.iter().find(|(name, _)| is_of_images(name))?;
    let images = values(images)?;
    let len = images.len();
    if images.iter().filter(|name| is_image(name)).count() * 2 <= len {
        return None;
    }
    let mut rows = vec![Cells::new(); len];
    for (name, value) in columns {
        if let Some(cells) = values(value).filter(|cells| cells.len() == len) {
            for (row, cell) in rows.iter_mut().zip(cells) {
                row.insert(reduced(name), cell);
            }
        }
    }
    Some(rows)
}

/// What a field says: that of a list what its entries say, `[]` for an empty one.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::String(value) => Some(value.trim().to_owned()),
        Value::Array(values) if values.is_empty() => Some("[]".into()),
        Value::Array(values) => {
            let numbers = values.iter().filter(|value| value.is_number()).count();
            let few = values.iter().take(MAX_LABELS);
            let texts = few.map(|value| match value {
                Value::Array(_) => SOMETHING.to_owned(),
                Value::Number(_) if numbers > 1 => SOMETHING.to_owned(),
                value => text_of(value).unwrap_or(SOMETHING.to_owned()),
            });
            let mut texts: Vec<String> = texts.collect();
            texts.dedup();
            Some(texts.join(", "))
        }
        // Label Studio has the class of an image so.
        Value::Object(fields) => CHOSEN
            .iter()
            .find_map(|name| chosen(fields.get(*name)?))
            .or_else(|| {
                let name = NAMES.iter().find_map(|name| fields.get(*name)?.as_str());
                name.map(str::to_owned)
            }),
    }
}

/// What was chosen of several answers, as it lies in results of annotators.
fn chosen(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => CHOSEN.iter().find_map(|name| chosen(fields.get(*name)?)),
        Value::Array(values) if values.iter().all(Value::is_string) => text_of(value),
        Value::Array(values) => {
            let all = values.iter().take(MAX_LABELS).map(chosen);
            let mut texts = all.collect::<Option<Vec<String>>>()?;
            texts.dedup();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn is_image(name: &str) -> bool {
        ["a.png", "b.png", "c"].contains(&name)
    }

    /// "column=cell ..." of each row, without empty cells, in order.
    fn lines(text: &str) -> Vec<String> {
        let table = table(text, &is_image).unwrap();
        let line = |row: &Vec<String>| {
            let mut cells: Vec<String> = table
                .columns
                .iter()
                .zip(row)
                .filter(|(_, cell)| !cell.is_empty())
                .map(|(column, cell)| format!("{column}={cell}"))
                .collect();
            cells.sort();
            cells.join(" ")
        };
        let mut lines: Vec<String> = table.rows.iter().map(line).collect();
        lines.sort();
        lines
    }

    #[test]
    fn entries_are_found_in_parts_and_classes_and_on_lines() {
        let expected = [
            "imagepath=a.png label=0 split=train",
            "imagepath=b.png split=test",
        ];
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
            assert_eq!(lines(text), expected, "{text}");
        }
    }

    #[test]
    fn images_have_their_class_by_name_or_lie_in_the_list_of_it() {
        let expected = ["class=NG image=b.png", "class=OK image=a.png"];
        for text in [
            r#"{"a.png": "OK", "b.png": "NG"}"#,
            r#"{"labels": {"a.png": "OK", "b.png": "NG"}, "by": "hand"}"#,
            r#"{"OK": ["a.png"], "NG": ["b.png"]}"#,
            r#"{"OK": {"images": ["a.png"]}, "NG": {"images": ["b.png"]}}"#,
            r#"{"a.png": {"class": "OK"}, "b.png": {"class": ["NG"]}}"#,
            r#"{"image": ["a.png", "b.png"], "class": ["OK", "NG"]}"#,
            r#"{"image": {"0": "a.png", "1": "b.png"}, "class": {"0": "OK", "1": "NG"}}"#,
        ] {
            assert_eq!(lines(text), expected, "{text}");
        }
        let parts = r#"{"train": {"OK": ["a.png"]}, "test": {"NG": ["b.png"]}}"#;
        let expected = [
            "class=NG image=b.png split=test",
            "class=OK image=a.png split=train",
        ];
        assert_eq!(lines(parts), expected);
    }

    #[test]
    fn what_stands_deeper_is_of_the_entry_that_it_is_in() {
        for text in [
            r#"[{"image": "a.png", "result": {"judge": "NG"}}]"#,
            r#"{"images": [{"meta": {"image": "a.png", "by": {"judge": "NG"}}}]}"#,
            r#"[{"line": 2, "parts": [{"image": "a.png", "judge": "NG"}]}]"#,
        ] {
            assert_eq!(lines(text), ["image=a.png judge=NG"], "{text}");
        }
        let twice = r#"[{"image": "a.png", "n": 1, "info": {"n": 2}}]"#;
        assert_eq!(lines(twice), ["image=a.png infon=2 n=1"]);
    }

    #[test]
    fn several_labels_are_one_cell() {
        let text = r#"[{"image": "a.png", "labels": []},
            {"image": "b.png", "labels": [{"type": "dent", "box": [1, 2]}, "crack"]}]"#;
        assert_eq!(
            lines(text),
            ["image=a.png labels=[]", "image=b.png labels=dent, crack"]
        );
    }

    #[test]
    fn what_is_no_list_is_none() {
        let of = |text: &str| table(text, &is_image);
        for text in ["", "7", "{", "{}", "[1, 2]", r#"{"a": {"b": 1}}"#] {
            assert_eq!(of(text), None, "{text}");
        }
        assert_eq!(of(&"[".repeat(100_000)), None);
    }

    #[test]
    fn entries_of_few_fields_take_no_more_memory_than_full_ones() {
        let fields = (0..MAX_COLUMNS).map(|at| format!(r#""{at}": 1"#));
        let wide = fields.collect::<Vec<_>>().join(",");
        let of = |entries: usize| {
            let text = format!("[{{{wide}}}{}]", r#",{"0": 1}"#.repeat(entries));
            table(&text, &is_image).is_some()
        };
        assert!(of(9));
        assert!(!of(MAX_CELLS / MAX_COLUMNS));
    }
}
