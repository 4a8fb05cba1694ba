//! The folder of results of a watched folder.

use std::collections::HashSet;
use std::error::Error;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result};

use super::incoming::Incoming;
use crate::cli::inspecting::Inspected;
use crate::cli::model::Model;
use crate::cli::out_lock::OutLock;
use crate::cli::pictures::{MapFormat, Pictures};
use crate::cli::result_folder::{ResultFolder, Style};
use crate::cli::said::said;
use kizumi_image::picture_names::picture_name;
use kizumi_image::safe_name::{NameHash, name_hash};
use kizumi_image::shown::{path_text, shown};
use kizumi_image::undone::{Doing as _, Task};
use kizumi_method::decision::Verdict;
use kizumi_report::Bom;
use kizumi_report::results::{PictureNames, RunSettings};
use kizumi_report::watched::{FileState, Watched, WatchedTables};

/// Results cannot be written, and why: the disk is full, or the folder is gone.
#[derive(Debug)]
pub struct OutputError(anyhow::Error);

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&said!("results cannot be written", "結果を書き込めません"))
    }
}

impl Error for OutputError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.0.as_ref())
    }
}

/// The verdicts whose images are copied: `none`, or some, separated by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copies(Vec<Verdict>);

impl Copies {
    /// Whether an image of this verdict is copied; one without a verdict is to be looked at.
    pub fn holds(&self, verdict: Option<Verdict>) -> bool {
        self.0.contains(&verdict.unwrap_or(Verdict::Review))
    }
}

impl FromStr for Copies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self(Vec::new()));
        }
        let verdict = |name: &str| match name.trim() {
            "pass" => Ok(Verdict::Pass),
            "review" => Ok(Verdict::Review),
            "reject" => Ok(Verdict::Reject),
            other => Err(said!(
                "'{other}' is no verdict; wanted is none, or some of pass, review, reject, separated by commas",
                "'{other}'という判定はありません。none、またはpass, review, rejectのいくつかをコンマで区切って指定します"
            )),
        };
        text.split(',')
            .map(verdict)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// Where results go, and what is there already.
pub struct WatchedOutput {
    watched: PathBuf,
    out: PathBuf,
    bom: Bom,
    tables: WatchedTables,
    names: HashSet<NameHash>,
    rows: usize,
    rows_of_others: usize,
    /// The model of the last row.
    model: Option<PathBuf>,
    held: Option<OutLock>,
}

impl WatchedOutput {
    /// Opens or makes the folder `out` for what comes into `watched`. What was inspected before is told to
    /// `incoming`.
    ///
    /// # Errors
    /// When another run writes there, when results of something else are there, or it cannot be written.
    pub fn open(watched: &Path, out: &Path, bom: Bom, incoming: &mut Incoming) -> Result<Self> {
        let held = OutLock::hold(out)?;
        let mut names = HashSet::new();
        let (mut rows, mut rows_of_others, mut model) = (0, 0, None);
        let below = path_text(watched).into_owned();
        let tables = WatchedTables::open(out, bom, |earlier| {
            names.insert(name_hash(&free_name(
                &names,
                watched,
                Path::new(&earlier.path),
            )));
            incoming.inspected(&earlier.path, earlier.state);
            rows += 1;
            rows_of_others += usize::from(!Path::new(&earlier.path).starts_with(&below));
            model = Some(PathBuf::from(earlier.model));
        })?;
        Ok(Self {
            watched: watched.into(),
            out: out.into(),
            bom,
            tables,
            names,
            rows,
            rows_of_others,
            model,
            held: Some(held),
        })
    }

    /// Opens it again after it could not be written. What came meanwhile is known from what is there.
    ///
    /// # Errors
    /// As [`WatchedOutput::open`], and while the folder is gone: one that is made in its place may be on
    /// another disk.
    pub fn reopen(&mut self, incoming: &mut Incoming) -> Result<()> {
        if !self.out.is_dir() {
            return Err(self.gone());
        }
        // That of a folder that is gone holds nothing.
        drop(self.held.take());
        self.held = Some(OutLock::hold(&self.out)?);
        let tables = WatchedTables::open(&self.out, self.bom, |earlier| {
            incoming.inspected(&earlier.path, earlier.state);
        })?;
        self.tables = tables;
        Ok(())
    }

    /// The model of the last row, if there is one.
    pub fn model(&self) -> Option<PathBuf> {
        self.model.clone()
    }

    /// How many rows there were at the start.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many of them are of files outside of the watched folder.
    pub fn rows_of_others(&self) -> usize {
        self.rows_of_others
    }

    fn gone(&self) -> anyhow::Error {
        let out = shown(&self.out);
        anyhow::Error::msg(said!("{out} is gone", "{out} がありません"))
    }

    fn pictures_of<'a>(&self, model: &'a Model, pictures: Pictures) -> ResultFolder<'a> {
        let (style, format) = (Style::default(), MapFormat::default());
        ResultFolder::new(&self.out, model, style, pictures, format)
    }

    /// Copies an image to the folder of its verdict, with these pictures of it beside it, where any are wanted.
    /// Gives where the copy is, below the folder of results, and the names of the pictures.
    ///
    /// # Errors
    /// [`OutputError`].
    pub fn copy(
        &self,
        model: &Model,
        inspected: &Inspected,
        verdict: Option<Verdict>,
        pictures: Option<&Pictures>,
    ) -> Result<Option<(String, PictureNames)>> {
        let Some(pictures) = pictures else {
            return Ok(None);
        };
        let (name, copy) = self.copy_file(&inspected.entry.path, verdict)?;
        let pictures = self.pictures_of(model, pictures.clone());
        let pictures = pictures.write_pictures(inspected, &name);
        Ok(Some((copy, pictures.map_err(OutputError)?)))
    }

    /// Copies a file alone. Gives what its pictures are called, and where it is.
    ///
    /// # Errors
    /// [`OutputError`].
    pub fn copy_file(&self, path: &Path, verdict: Option<Verdict>) -> Result<(String, String)> {
        let folder = match verdict {
            Some(Verdict::Pass) => "pass",
            Some(Verdict::Reject) => "reject",
            Some(Verdict::Review) | None => "review",
        };
        let name = format!("{folder}/{}", free_name(&self.names, &self.watched, path));
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        let copy = format!("{name}.{ending}");
        let write = || {
            // The folder of results itself is not made anew: it may be gone with its disk.
            let verdicts = self.out.join(folder);
            if !verdicts.is_dir() {
                fs::create_dir(&verdicts).doing(Task::MakeFolder, &verdicts)?;
            }
            let to = self.out.join(&copy);
            fs::copy(path, &to).with_context(|| {
                let (from, to) = (shown(path), shown(&to));
                said!(
                    "cannot copy {from} to {to}",
                    "{from} を {to} にコピーできません"
                )
            })
        };
        match write() {
            Ok(_) => Ok((name, copy)),
            Err(error) => Err(OutputError(error).into()),
        }
    }

    /// Appends a row; gives its line of JSON.
    ///
    /// # Errors
    /// [`OutputError`].
    pub fn append(
        &mut self,
        model: &Model,
        watched: &Watched<'_>,
        state: FileState,
        copy: Option<String>,
    ) -> Result<String> {
        let settings = RunSettings {
            alpha: model.projection.alpha,
            lambda: model.projection.lambda,
            max_iterations: model.projection.iterations,
            model: model.path.clone(),
            mm_per_px: model.mm_per_px,
        };
        let path = match watched {
            Watched::Inspected(result) => &result.path,
            Watched::WithoutPart { path, .. } | Watched::Unusable { path, .. } => *path,
        };
        let name = name_hash(&free_name(&self.names, &self.watched, path));
        if !self.out.is_dir() {
            return Err(OutputError(self.gone()).into());
        }
        let appended = self.tables.append(watched, &settings, state, copy);
        let line = appended.map_err(OutputError)?;
        self.names.insert(name);
        Ok(line)
    }
}

/// What the pictures and the copy of an image are called: after its path below the watched folder, with a number
/// where an earlier image has that name.
fn free_name(taken: &HashSet<NameHash>, watched: &Path, path: &Path) -> String {
    let name = picture_name(path.strip_prefix(watched).unwrap_or(path));
    let is_free = |name: &String| !taken.contains(&name_hash(name));
    let numbered = (2u64..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(is_free).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_named_or_refused() {
        let copies = |text: &str| text.parse::<Copies>();
        let both = copies("review, reject").expect("verdicts");
        assert!(both.holds(Some(Verdict::Reject)) && both.holds(None));
        assert!(!both.holds(Some(Verdict::Pass)));
        assert!(!copies("none").expect("none").holds(Some(Verdict::Reject)));
        for wrong in ["", "rejects", "none,pass"] {
            assert!(copies(wrong).is_err_and(|error| error.contains("pass, review, reject")));
        }
    }

    #[test]
    fn an_image_that_comes_again_has_a_name_of_its_own() {
        let mut taken = HashSet::new();
        let names = ["in/a/1.png", "in/a/1.png", "in/a_1.bmp", "in/a_1-2.png"].map(|path| {
            let name = free_name(&taken, Path::new("in"), Path::new(path));
            taken.insert(name_hash(&name));
            name
        });
        assert_eq!(names, ["a_1", "a_1-2", "a_1-3", "a_1-2-2"]);
    }
}
