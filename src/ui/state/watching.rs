//! A folder that is watched: what a person asks for, and what has come so far.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{State, file_name};
use crate::command_line::{settings_words, watch_arguments};
use crate::drift_line::drift_of;
use crate::language::Language;
use crate::tally::{Counts, LastHour};
use crate::ui::perform::absolute;
use crate::ui::saving::command_line::{LineNote, usual_settings};
use crate::ui::typed_path::typed_path;
use kizumi_image::depth::Depth;
use kizumi_image::shown::shown;
use kizumi_method::decision::Decision;
use kizumi_method::drift::Drift;

pub use row::Row;

mod row;

/// Images that are kept, the newest: a wall of more is looked at by nobody, and a line brings ten thousand a day.
pub const ROWS_MAX: usize = 200;

/// Lines that are kept of what the watcher says.
pub const LINES_MAX: usize = 20;

/// The folders that a person has named, as they are typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WatchForm {
    /// The one that images come into.
    pub folder: String,
    /// The one for the results.
    pub out: String,
}

impl WatchForm {
    /// The same with this folder. Results go beside it, unless a person has said otherwise.
    pub fn with_folder(&self, folder: String) -> Self {
        let follows = self.out.is_empty() || self.out == proposed(&self.folder);
        Self {
            out: match follows {
                true => proposed(&folder),
                false => self.out.clone(),
            },
            folder,
        }
    }
}

/// Where results go when nobody says otherwise: beside the folder, never inside of it.
fn proposed(folder: &str) -> String {
    let folder = typed_path(folder);
    let named = folder.parent().zip(folder.file_name());
    named.map_or_else(String::new, |(beside, name)| {
        let mut name = name.to_owned();
        name.push("-results");
        beside.join(name).to_string_lossy().into_owned()
    })
}

/// Why nothing can be watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// There is no model.
    Model,
    /// It has no file, which is what a watcher reads.
    ModelFile,
    /// No folder was named.
    Folder,
    /// No folder for the results was named.
    Out,
    /// That is the folder that is watched, or inside of it.
    OutInside,
}

/// What is watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The folder that images come into.
    pub folder: PathBuf,
    /// The folder for the results.
    pub out: PathBuf,
    /// The model's file.
    pub model: PathBuf,
    /// How its pictures are read.
    pub depth: Depth,
    /// Further options of the command line.
    pub options: Vec<String>,
    /// In what it differs from what the window does.
    pub notes: Vec<LineNote>,
}

impl Order {
    /// The arguments of the program that watches, and says its remarks in this language.
    pub fn arguments(&self, language: Language) -> Vec<OsString> {
        watch_arguments(
            &self.folder,
            &self.model,
            &self.out,
            &self.options,
            language,
        )
    }

    /// Whether another one goes on where this one was, and judges as it did.
    fn goes_on_in(&self, other: &Self) -> bool {
        (&self.folder, &self.out, &self.model) == (&other.folder, &other.out, &other.model)
    }
}

/// What the watcher says.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// An image was inspected, or could not be.
    Row(Row),
    /// Where the scores have gone; `None`: they are back.
    Drift(Option<Drift>),
    /// Something else.
    Line(String),
    /// A line that is no row, and why.
    Malformed(String),
}

impl Said {
    /// A line of its results.
    pub fn result(line: &str) -> Self {
        match Row::read(line) {
            Ok(row) => Self::Row(row),
            Err(reason) => Self::Malformed(reason),
        }
    }

    /// A line of what it says to people.
    pub fn remark(line: &str) -> Self {
        drift_of(line).map_or_else(|| Self::Line(line.to_owned()), Self::Drift)
    }
}

/// What has come so far: counters, and the latest of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    rows: VecDeque<Arc<Row>>,
    next: u64,
    /// Of all that came since the start.
    pub all: Counts,
    hour: LastHour,
    /// Where the scores have gone.
    pub drift: Option<Drift>,
    lines: VecDeque<String>,
    /// Lines that were no rows.
    pub malformed: usize,
}

impl Log {
    /// Nothing has come; numbers of rows go on, so that no picture is taken for another one.
    fn fresh(&self) -> Self {
        Self {
            next: self.next,
            ..Self::default()
        }
    }

    /// Takes in what the watcher says at `now`, on a clock that begins anywhere and never goes back.
    pub fn take(&mut self, said: Said, now: Duration) {
        match said {
            Said::Row(mut row) => {
                for counts in [&mut self.all, self.hour.at(now)] {
                    match &row.error {
                        Some(_) => counts.unusable += 1,
                        None => counts.add(row.verdict),
                    }
                }
                row.number = self.next;
                self.next += 1;
                self.rows.push_front(Arc::new(row));
                self.rows.truncate(ROWS_MAX);
            }
            Said::Drift(drift) => self.drift = drift,
            Said::Line(line) => self.say(line),
            Said::Malformed(reason) => {
                self.malformed += 1;
                self.say(reason);
            }
        }
    }

    fn say(&mut self, line: String) {
        self.lines.push_front(line);
        self.lines.truncate(LINES_MAX);
    }

    /// The latest images, newest first.
    pub fn rows(&self) -> &VecDeque<Arc<Row>> {
        &self.rows
    }

    /// What was said lately, newest first.
    pub fn lines(&self) -> &VecDeque<String> {
        &self.lines
    }

    /// The number of the next row.
    pub fn next_number(&self) -> u64 {
        self.next
    }

    /// What came in the hour before `now`.
    pub fn last_hour(&self, now: Duration) -> Counts {
        self.hour.counts(now)
    }
}

/// How a watcher ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// As a person wanted.
    Stopped,
    /// By itself: how, and why, where it said that.
    ByItself {
        /// For people: "exit status: 1".
        status: String,
        /// Why, in its own words.
        line: Option<String>,
    },
    /// It could not be started, and why.
    NotStarted(String),
}

/// Whether a watcher is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// None was.
    #[default]
    Off,
    /// It watches.
    Running,
    /// It was asked to end.
    Stopping,
    /// It ended like this.
    Ended(End),
}

/// What the window knows of watching.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watching {
    /// The folders that a person has named.
    pub form: WatchForm,
    /// Whether a watcher is there.
    pub phase: Phase,
    /// What is watched, or was last.
    pub order: Option<Order>,
    /// What has come so far.
    pub log: Log,
    /// The time on the clock of the log.
    pub now: Duration,
    /// Whether what comes in is on screen in step 4.
    pub is_shown: bool,
}

impl Watching {
    /// Whether a watcher is there.
    pub fn is_active(&self) -> bool {
        matches!(self.phase, Phase::Running | Phase::Stopping)
    }

    /// A watcher is started: on the same folders it goes on.
    pub fn begin(&mut self, order: Order) {
        let before = self.order.as_ref();
        if !before.is_some_and(|before| before.goes_on_in(&order)) {
            self.log = self.log.fresh();
        }
        // It says so again, if that is still so.
        self.log.drift = None;
        self.log.lines.clear();
        self.order = Some(order);
        self.phase = Phase::Running;
        self.is_shown = true;
    }

    /// A watcher has ended.
    pub fn ended(&mut self, end: End) {
        self.phase = Phase::Ended(end);
    }

    /// Why the last one ended, in the words of the program that watched, for whoever has not ended it.
    pub fn trouble(&self) -> Option<&End> {
        match &self.phase {
            Phase::Ended(end) if *end != End::Stopped => Some(end),
            _ => None,
        }
    }

    /// The name of the folder that is watched, or was last.
    pub fn folder_name(&self) -> String {
        let order = self.order.as_ref();
        order.map_or_else(String::new, |order| file_name(&order.folder))
    }

    /// The whole path of that folder.
    pub fn folder_path(&self) -> String {
        let order = self.order.as_ref();
        order.map_or_else(String::new, |order| shown(&order.folder).to_string())
    }
}

impl State {
    /// What would be watched now.
    ///
    /// # Errors
    /// What is missing.
    pub fn watch_order(&self) -> Result<Order, Lack> {
        let model = self.model.as_ref().ok_or(Lack::Model)?;
        let path = model.path.clone().ok_or(Lack::ModelFile)?;
        let form = &self.watching.form;
        let named = |typed: &str| {
            let named = !typed.trim().is_empty();
            named.then(|| absolute(typed_path(typed)))
        };
        let folder = named(&form.folder).ok_or(Lack::Folder)?;
        let out = named(&form.out).ok_or(Lack::Out)?;
        if out.starts_with(&folder) {
            return Err(Lack::OutInside);
        }
        let wanted = (self.settings.projection, self.mapper().config);
        let (mut options, unsaid) = settings_words(usual_settings(model), wanted);
        options.extend(["--device".to_owned(), self.device_choice.to_string()]);
        if let Some(scale) = self
            .mm_per_px()
            .filter(|scale| model.data.mm_per_px != Some(*scale))
        {
            options.extend(["--mm-per-px".to_owned(), scale.to_string()]);
        }
        let by_hand = self.settings.decision != Decision::default();
        let mut notes: Vec<LineNote> = unsaid.into_iter().map(LineNote::Unsaid).collect();
        notes.extend(by_hand.then_some(LineNote::UsualDecision));
        Ok(Order {
            folder,
            out,
            model: path,
            depth: model.data.depth,
            options,
            notes,
        })
    }
}

#[cfg(test)]
#[path = "watching_tests.rs"]
mod tests;
