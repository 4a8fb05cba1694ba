//! `results.csv` and `results.jsonl` of a folder that is watched: they go on where they ended.
//!
//! The lines of JSON are what counts: a file is inspected once its line is there, in one write. The table
//! for spreadsheets is made anew from them at the start, in case the program ended between the two.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use super::append::AppendFile;
use super::cell::{Bom, Cell, csv_head, csv_line};
use super::results::{
    COLUMNS, ImageResult, RunSettings, cells, json_line, of_unscored, without_part,
};
use crate::occupied::Occupied;
use kizumi_dataset::catalog::Kind;
use kizumi_image::atomic::write_atomic_with;
use kizumi_image::shown::shown;
use kizumi_image::undone::{Doing as _, Task};

/// What a watched folder's tables say beside [`super::results`]: what the file was, when it was inspected,
/// the copy of it, and why it could not be.
const MORE: [&str; 5] = ["bytes", "modified", "inspected", "copy", "error"];

/// A file as it was when it was inspected: another one of its name is another image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileState {
    /// Its size.
    pub bytes: u64,
    /// When it was last written.
    pub modified: SystemTime,
}

/// What was done with a file.
#[derive(Clone, Debug)]
pub enum Watched<'a> {
    /// It was inspected.
    Inspected(&'a ImageResult),
    /// The part that is aligned is not in it: it is to be looked at.
    WithoutPart {
        /// The file.
        path: &'a Path,
        /// What it is said to show.
        kind: Kind,
        /// How far anything in it is from the part.
        reason: String,
    },
    /// It cannot be used.
    Unusable {
        /// The file.
        path: &'a Path,
        /// Why.
        reason: String,
    },
}

/// A row that was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The file, as tables name it ([`kizumi_image::shown::path_text`]).
    pub path: String,
    /// What it was.
    pub state: FileState,
    /// The model file.
    pub model: String,
}

/// The tables of a watched folder.
#[derive(Debug)]
pub struct WatchedTables {
    csv: AppendFile,
    jsonl: AppendFile,
}

impl WatchedTables {
    /// Opens the tables in `folder`, which is there, or begins them, and hands each row that they have to
    /// `earlier`, in their order. A line that was cut off by the end of the program is taken away.
    ///
    /// # Errors
    /// If they cannot be read or written, or are those of another kind of inspection; the text names the file.
    pub fn open(folder: &Path, bom: Bom, mut earlier: impl FnMut(Earlier)) -> Result<Self> {
        let [csv, jsonl] = ["results.csv", "results.jsonl"].map(|name| folder.join(name));
        if csv.exists() && !jsonl.exists() {
            return Err(Occupied::ByOtherTable(csv).into());
        }
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(&jsonl)
            .doing(Task::Write, &jsonl)?;
        let mut trouble = None;
        write_atomic_with(&csv, |table| {
            let mut table = BufWriter::new(table);
            match copy(&file, &jsonl, bom, &mut table, &mut earlier) {
                Ok(()) => table.flush(),
                Err(error) => {
                    trouble = Some(error);
                    Err(std::io::ErrorKind::InvalidData.into())
                }
            }
        })
        .map_err(|error| trouble.unwrap_or(error))?;
        Ok(Self {
            csv: AppendFile::open(&csv)?,
            jsonl: AppendFile::open(&jsonl)?,
        })
    }

    /// Appends one file to both tables; gives its line of `results.jsonl`, without the line's end. `copy` is
    /// where a copy of it lies.
    ///
    /// # Errors
    /// If a line cannot be written; the text names the table, which holds the lines before.
    pub fn append(
        &mut self,
        watched: &Watched<'_>,
        settings: &RunSettings,
        state: FileState,
        copy: Option<String>,
    ) -> Result<String> {
        let time = |time| Cell::Text(humantime::format_rfc3339_nanos(time).to_string());
        let text = |text: Option<String>| text.map_or(Cell::Missing, Cell::Text);
        let (row, error) = match watched {
            Watched::Inspected(result) => (cells(result, settings), None),
            Watched::WithoutPart { path, kind, reason } => {
                (without_part(path, settings, kind), Some(reason.clone()))
            }
            Watched::Unusable { path, reason } => {
                let row = of_unscored(path, settings, |_| Cell::Missing);
                (row, Some(reason.clone()))
            }
        };
        let more = [
            Cell::Count(state.bytes as usize),
            time(state.modified),
            time(SystemTime::now()),
            text(copy),
            text(error),
        ];
        let row: Vec<Cell> = row.into_iter().chain(more).collect();
        let line = json_line(columns(), &row)?;
        self.jsonl.append(&line)?;
        self.csv.append(&csv_line(row.iter().map(Cell::csv))?)?;
        Ok(String::from_utf8(line)?.trim_end().to_owned())
    }
}

/// Whether the tables in a folder are those of a watched one, which go on: nobody else may begin them anew.
pub fn are_there(folder: &Path) -> bool {
    let mut first = Vec::new();
    let read = File::open(folder.join("results.jsonl"))
        .and_then(|file| BufReader::new(file).read_until(b'\n', &mut first));
    let row = serde_json::from_slice::<Map<String, Value>>(&first);
    read.is_ok() && row.is_ok_and(|row| earlier_of(&row).is_some())
}

fn columns() -> impl Iterator<Item = &'static str> {
    COLUMNS.into_iter().chain(MORE)
}

/// Makes the table of the lines of JSON in `file`, and hands each one to `earlier`.
fn copy(
    file: &File,
    path: &Path,
    bom: Bom,
    table: &mut impl Write,
    mut earlier: impl FnMut(Earlier),
) -> Result<()> {
    table.write_all(&csv_head(columns(), bom)?)?;
    let mut lines = BufReader::new(file);
    let (mut line, mut number, mut whole_bytes) = (Vec::new(), 0, 0);
    while lines.read_until(b'\n', &mut line).doing(Task::Read, path)? > 0 {
        if line.last() != Some(&b'\n') {
            file.set_len(whole_bytes).doing(Task::Write, path)?;
            break;
        }
        number += 1;
        let stranger = || format!("{}: line {number} is not of a watched folder", shown(path));
        let row: Map<String, Value> = serde_json::from_slice(&line).with_context(stranger)?;
        earlier(earlier_of(&row).with_context(stranger)?);
        let row = columns().map(|column| cell(row.get(column)));
        table.write_all(&csv_line(row.map(|cell| cell.csv()))?)?;
        whole_bytes += line.len() as u64;
        line.clear();
    }
    Ok(())
}

fn earlier_of(row: &Map<String, Value>) -> Option<Earlier> {
    let text = |column: &str| row.get(column)?.as_str().map(str::to_owned);
    Some(Earlier {
        path: text("path")?,
        state: FileState {
            bytes: row.get("bytes")?.as_u64()?,
            modified: humantime::parse_rfc3339(&text("modified")?).ok()?,
        },
        model: text("model")?,
    })
}

fn cell(value: Option<&Value>) -> Cell {
    match value {
        Some(Value::String(text)) => Cell::Text(text.clone()),
        Some(Value::Number(number)) => number.as_f64().into(),
        Some(regions @ Value::Array(_)) => Cell::Text(regions.to_string()),
        _ => Cell::Missing,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;
    use std::time::Duration;

    fn settings() -> RunSettings {
        RunSettings {
            alpha: 0.5,
            lambda: 0.05,
            max_iterations: 25,
            model: "washer.safetensors".into(),
            mm_per_px: None,
        }
    }

    fn state(bytes: u64) -> FileState {
        FileState {
            bytes,
            modified: SystemTime::UNIX_EPOCH + Duration::from_nanos(1_764_500_000_123_456_789),
        }
    }

    fn open(folder: &Path) -> Result<(WatchedTables, Vec<Earlier>)> {
        let mut all = Vec::new();
        let tables = WatchedTables::open(folder, Bom::Without, |one| all.push(one))?;
        Ok((tables, all))
    }

    fn append(tables: &mut WatchedTables, path: &str, bytes: u64) {
        let unusable = Watched::Unusable {
            path: Path::new(path),
            reason: "is empty, \"so\"".into(),
        };
        tables
            .append(&unusable, &settings(), state(bytes), None)
            .unwrap();
    }

    fn rows(folder: &Path) -> Vec<Vec<String>> {
        let mut table = csv::Reader::from_path(folder.join("results.csv")).unwrap();
        let rows = table.deserialize().map(|row| row.unwrap());
        rows.collect()
    }

    #[test]
    fn they_go_on_where_they_ended() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (mut tables, earlier) = open(folder).unwrap();
        assert_eq!(earlier, []);
        append(&mut tables, "a.png", 10);
        append(&mut tables, "b\n\"c\".png", 11);
        let before = fs::read(folder.join("results.csv")).unwrap();
        drop(tables);

        let (mut tables, earlier) = open(folder).unwrap();
        let names: Vec<&str> = earlier.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(names, ["a.png", "b\n\"c\".png"]);
        assert_eq!(
            (earlier[1].state, &*earlier[1].model),
            (state(11), "washer.safetensors")
        );
        assert_eq!(fs::read(folder.join("results.csv")).unwrap(), before);
        append(&mut tables, "a.png", 12);
        let paths: Vec<String> = rows(folder).into_iter().map(|row| row[0].clone()).collect();
        assert_eq!(paths, ["a.png", "b\n\"c\".png", "a.png"]);
    }

    #[test]
    fn an_end_in_the_middle_leaves_both_tables_alike() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (mut tables, _) = open(folder).unwrap();
        append(&mut tables, "a.png", 10);
        append(&mut tables, "b.png", 11);
        let [csv, jsonl] = ["results.csv", "results.jsonl"].map(|name| folder.join(name));
        // One row is in one table alone, and the next one was begun.
        let table = fs::read_to_string(&csv).unwrap();
        let first_two: Vec<&str> = table.split_inclusive('\n').take(2).collect();
        fs::write(&csv, first_two.concat()).unwrap();
        let mut lines = fs::read(&jsonl).unwrap();
        lines.extend(b"{\"path\":\"c.pn");
        fs::write(&jsonl, lines).unwrap();

        let (mut tables, earlier) = open(folder).unwrap();
        assert_eq!(earlier.len(), 2);
        assert_eq!(fs::read_to_string(&csv).unwrap(), table);
        append(&mut tables, "c.png", 12);
        assert_eq!(open(folder).unwrap().1.len(), 3);
        assert_eq!(rows(folder).len(), 3);
    }

    #[test]
    fn results_of_something_else_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let [csv, jsonl] = ["results.csv", "results.jsonl"].map(|name| folder.join(name));
        fs::write(&csv, "path,kind\n").unwrap();
        assert!(open(folder).is_err_and(|error| format!("{error:#}").contains("results.csv")));
        fs::write(&jsonl, "{\"path\":\"a.png\",\"kind\":null}\n").unwrap();
        let error = format!("{:#}", open(folder).unwrap_err());
        assert!(error.contains("results.jsonl: line 1"), "{error}");
        assert_eq!(fs::read(&csv).unwrap(), b"path,kind\n");
    }
}
