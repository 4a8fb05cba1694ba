//! A list as it stands in its file: columns with names, and rows of text.

use std::path::Path;

use super::column_names;
use crate::walk;

/// The most columns: what has more is no list of images.
pub(super) const MAX_COLUMNS: usize = 256;
/// The most rows that are read.
pub(super) const MAX_ROWS: usize = 1_000_000;
/// The most cells, also where rows are short: every row has all columns in memory.
pub(super) const MAX_CELLS: usize = 16 << 20;

/// How many lines tell what parts the cells, and where the names of the columns stand.
const HEAD: usize = 32;

/// What may part cells; of equally many the last.
const DELIMITERS: [char; 4] = ['|', '\t', ';', ','];

/// Rows of cells by the names of their columns, which are reduced to small letters and digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// Empty where a column has no name.
    pub columns: Vec<String>,
    /// As many cells as there are columns; empty where there is nothing.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// From CSV, whose cells are parted by commas, semicolons, tabs or bars: whichever most lines have. The
    /// names of columns may be missing, or stand below a title; `is_image` knows the names of images. `None`
    /// for what is no such table.
    pub fn from_csv(text: &str, is_image: &dyn Fn(&str) -> bool) -> Option<Self> {
        let (delimiter, _) = delimiter_of(text);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter as u8)
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut cells = 0;
        for record in reader.records().take(MAX_ROWS) {
            let record = record.ok()?;
            cells += record.len();
            if record.len() > MAX_COLUMNS || cells > MAX_CELLS {
                return None;
            }
            rows.push(record.iter().map(str::to_owned).collect());
        }
        Self::from_rows(rows, is_image)
    }

    /// From rows of cells, as [`Table::from_csv`].
    pub fn from_rows(mut rows: Vec<Vec<String>>, is_image: &dyn Fn(&str) -> bool) -> Option<Self> {
        let names_image = |row: &Vec<String>| row.iter().any(|cell| names_image(cell, is_image));
        let first = rows.iter().take(HEAD).position(names_image);
        let head = match first {
            None => Some(0),
            Some(first) => {
                let above = rows[..first].iter();
                let is_known = |row: &Vec<String>| {
                    row.iter().any(|cell| column_names::is_name(&reduced(cell)))
                };
                let is_as_long = |row: &Vec<String>| row.len() == rows[first].len();
                let known = above.clone().position(is_known);
                known.or_else(|| above.clone().position(is_as_long))
            }
        };
        let mut data = rows.split_off(
            head.map_or(first.unwrap_or(0), |head| head + 1)
                .min(rows.len()),
        );
        let mut columns: Vec<String> = match head {
            Some(head) => rows.get(head)?.iter().map(|name| reduced(name)).collect(),
            None => Vec::new(),
        };
        if head.is_none() {
            let longest = data.iter().map(Vec::len).max().unwrap_or(0);
            columns.resize(longest, String::new());
        }
        if columns.len() * data.len() > MAX_CELLS {
            return None;
        }
        for row in &mut data {
            row.resize(columns.len(), String::new());
        }
        Some(Self {
            columns,
            rows: data,
        })
    }

    /// From lines that each name an image, and perhaps say something of it behind the name; from CSV where
    /// most have what parts cells. Other lines are passed over.
    pub fn from_text(text: &str, is_image: &dyn Fn(&str) -> bool) -> Option<Self> {
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        if delimiter_of(text).1 * 2 > lines().take(HEAD).count() {
            return Self::from_csv(text, is_image);
        }
        let is_image = |cell: &str| names_image(cell, is_image);
        let cells = |line: &str| match (
            line.split_once(char::is_whitespace),
            line.rsplit_once(char::is_whitespace),
        ) {
            _ if is_image(line) => Some([line.to_owned(), String::new()]),
            (Some((name, said)), _) | (_, Some((name, said))) if is_image(name) => {
                Some([name.to_owned(), said.trim().to_owned()])
            }
            _ => None,
        };
        let rows = lines().filter_map(cells).map(Vec::from).take(MAX_ROWS);
        Some(Self {
            columns: vec![String::new(); 2],
            rows: rows.collect(),
        })
    }

    /// The number of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The cells of a column.
    pub fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |row| row[column].as_str())
    }
}

/// What parts the cells, and how many of the first lines have it.
fn delimiter_of(text: &str) -> (char, usize) {
    let lines = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(HEAD);
    let lines: Vec<&str> = lines.collect();
    let count = |delimiter: char| {
        let having = lines.iter().filter(|line| line.contains(delimiter)).count();
        let all: usize = lines
            .iter()
            .map(|line| line.matches(delimiter).count())
            .sum();
        (having, all)
    };
    let best = DELIMITERS
        .into_iter()
        .max_by_key(|delimiter| count(*delimiter));
    let best = best.unwrap_or(',');
    (best, count(best).0)
}

/// Whether a cell has the name of an image of the folder, or one that an image may have.
fn names_image(cell: &str, is_image: &dyn Fn(&str) -> bool) -> bool {
    is_image(cell) || walk::is_image(Path::new(cell))
}

/// A column's name in small letters and digits alone: `Image Path` and `image_path` are the same. `#` is a number.
pub(in crate::scan) fn reduced(name: &str) -> String {
    if ["#", "№"].contains(&name.trim()) {
        return "no".to_owned();
    }
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

    fn is_image(cell: &str) -> bool {
        ["007", "my part 1"].contains(&cell)
    }

    #[test]
    fn cells_are_parted_as_most_lines_are() {
        let expected = table(
            &["imagepath", "label"],
            &[&["a,b.png", "ok"], &["c.png", ""]],
        );
        for text in [
            "Image Path,Label\n\"a,b.png\",ok\nc.png\n",
            "image_path;label\r\na,b.png;ok\r\n\r\nc.png;\r\n",
            "image-path\tlabel\n\"a,b.png\"\t ok\nc.png\t\n",
            "Checked in spring, line 2\n\nimage path;label\na,b.png;ok\nc.png;\n",
        ] {
            assert_eq!(
                Table::from_csv(text, &is_image),
                Some(expected.clone()),
                "{text}"
            );
        }
        assert_eq!(Table::from_csv("", &is_image), None);
    }

    #[test]
    fn columns_without_names_are_columns_and_so_are_those_below_a_title() {
        let rows: [&[&str]; 2] = [&["a.png", "ok"], &["007", "ng"]];
        let bare = Table::from_csv("a.png,ok\n007,ng\n", &is_image);
        assert_eq!(bare, Some(table(&["", ""], &rows)));
        for title in [
            "Results 2026-11-30\n",
            "# by hand\n\n",
            "date,2026-11-30\nline,2\n",
        ] {
            let text = format!("{title}part,label\na.png,ok\n007,ng\n");
            let found = Table::from_csv(&text, &is_image);
            assert_eq!(found, Some(table(&["part", "label"], &rows)), "{title}");
        }
    }

    #[test]
    fn short_rows_below_a_wide_head_take_no_more_memory_than_full_ones() {
        let text = |columns: usize, rows: usize| {
            let head = vec!["name"; columns].join(",");
            format!("{head}\n{}", "a.png\n".repeat(rows))
        };
        let found = |columns, rows| Table::from_csv(&text(columns, rows), &is_image).is_some();
        assert!(found(MAX_COLUMNS, 9));
        assert!(!found(MAX_COLUMNS + 1, 9));
        assert!(!found(MAX_COLUMNS, MAX_CELLS / MAX_COLUMNS + 1));
    }

    #[test]
    fn lines_of_names_are_a_table() {
        let rows: [&[&str]; 3] = [&["a.png", "1"], &["007", "no good"], &["my part 1", "ok"]];
        let text = "the list of Monday\na.png 1\n\n007 no good\nmy part 1 ok\n";
        assert_eq!(
            Table::from_text(text, &is_image),
            Some(table(&["", ""], &rows))
        );
        let csv = Table::from_text("a.png;1\n007;0\n", &is_image);
        assert_eq!(
            csv,
            Some(table(&["", ""], &[&["a.png", "1"], &["007", "0"]]))
        );
    }
}
