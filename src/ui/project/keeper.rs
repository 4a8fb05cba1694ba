//! Keeps the open project's file up to date, and what the next start opens.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ui::persist::Persist;
use crate::ui::state::State;

use super::storing::{own_path, read};
use super::{KeptReview, Project, Results, Stored, Version};

/// Seconds of the window's clock between two saves.
const EVERY_SECS: f64 = 3.0;

/// The folder of projects in the state folder.
pub const FOLDER: &str = "projects";

/// Which project was open, in `session.json` of the state folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Session {
    version: Version,
    project: Option<PathBuf>,
}

/// What a person should know of a project's file.
#[derive(Debug, Default)]
pub struct News {
    /// Why it will not be saved, in a sentence.
    pub warning: Option<String>,
    /// What the file held of the same data set and model already: a review.
    pub found: Option<Box<Project>>,
}

/// Writes the project that is open to its file: one that a person has named, or one in the state folder.
#[derive(Debug, Default)]
pub struct Keeper {
    /// The state folder, where projects without a file of their own are kept; `None`: those are not.
    folder: Option<PathBuf>,
    session: Persist<Session>,
    /// The file that is kept up to date.
    open: Option<(PathBuf, Persist<Project>)>,
    /// The results of the last review, and the set's run and generation then.
    results: Results,
    of: Option<(u64, u64)>,
    saved_secs: f64,
}

impl Keeper {
    /// Keeps projects in the state folder from now on. Gives the one that was open the last time, and what a
    /// person should know, in sentences.
    pub fn open(folder: &Path) -> (Self, Option<PathBuf>, Vec<String>) {
        let (session, last, warnings) = Persist::open(&folder.join("session.json"), "session");
        let keeper = Self {
            folder: Some(folder.to_owned()),
            session,
            ..Self::default()
        };
        (keeper, last.project, warnings)
    }

    /// Closes the file that was kept and keeps this one up to date, of which this is known. Says why it will not be
    /// saved, if so.
    pub fn follow(&mut self, path: &Path, stored: Option<&Stored>) -> Option<String> {
        self.close();
        let as_read = stored.filter(|stored| !stored.has_moved);
        let in_file = as_read.map(|stored| stored.project.clone());
        let (persist, warning) = Persist::take(path, "project", in_file.unwrap_or_default());
        self.open = Some((path.to_owned(), persist));
        let results = stored.map(|stored| stored.project.results.clone());
        self.results = results.unwrap_or_default();
        self.of = None;
        warning
    }

    /// Whether a file is one of those in the state folder, which nobody has chosen.
    pub fn is_own(&self, path: &Path) -> bool {
        let folder = self.folder.as_deref();
        folder.is_some_and(|folder| path.starts_with(folder.join(FOLDER)))
    }

    /// The file that is kept up to date.
    pub fn path(&self) -> Option<&Path> {
        self.open.as_ref().map(|(path, _)| path.as_path())
    }

    /// Saves what changed, now and then; a review when it has ended. `None` when it is not time for that.
    pub fn keep(&mut self, state: &State, now_secs: f64) -> Option<News> {
        if now_secs - self.saved_secs < EVERY_SECS {
            return None;
        }
        self.saved_secs = now_secs;
        let news = self.save(state);
        self.session.save(&self.session_now());
        Some(news)
    }

    /// Saves what changed and waits until it is written.
    pub fn finish(&mut self, state: &State) {
        self.save(state);
        self.session.finish(&self.session_now());
        self.close();
    }

    fn session_now(&self) -> Session {
        Session {
            project: self.path().map(Path::to_owned),
            ..Session::default()
        }
    }

    fn close(&mut self) {
        if let Some((_, mut persist)) = self.open.take() {
            persist.close();
        }
    }

    /// Saves what changed.
    pub fn save(&mut self, state: &State) -> News {
        let mut news = News::default();
        let path = self.path_of(state);
        if path.as_deref() != self.path() {
            match &path {
                Some(path) => news = self.begin(path, state),
                None => self.close(),
            }
        }
        if news.found.is_none()
            && let Some((path, persist)) = &mut self.open
        {
            look_at_results(&mut self.results, &mut self.of, state);
            let mut project = Project::of(state, self.results.clone());
            project.saved_as = path.clone();
            persist.save(&project);
            news.warning = news.warning.or_else(|| persist.trouble());
        }
        news
    }

    /// What is open belongs to another file from now on. Where that holds a review already, of the same data set
    /// and model, that is found again.
    fn begin(&mut self, path: &Path, state: &State) -> News {
        let is_own = state.project.is_none();
        let kept = is_own.then(|| read(path, None).ok()).flatten();
        let warning = self.follow(path, kept.as_ref());
        let is_inspected = state.set.conditions().is_some() || state.set.is_active();
        let is_coming = state
            .restoring
            .as_ref()
            .is_some_and(|it| it.review.is_some());
        let found = kept.map(|kept| kept.project);
        let found = found.filter(|kept| kept.results.0.is_some() && !is_inspected && !is_coming);
        News {
            warning,
            found: found.map(Box::new),
        }
    }

    /// Where the project belongs that is open.
    fn path_of(&self, state: &State) -> Option<PathBuf> {
        if let Some(named) = &state.project {
            return Some(named.path.clone());
        }
        let folder = self.folder.as_ref()?.join(FOLDER);
        own_path(&folder, &Project::of(state, Results::default()))
    }
}

fn look_at_results(results: &mut Results, of: &mut Option<(u64, u64)>, state: &State) {
    let coming = state.restoring.as_ref().and_then(|it| it.review.as_ref());
    let now = (state.set.run(), state.set.generation());
    if let Some(coming) = coming {
        *results = Results(Some(Arc::clone(coming)));
    } else if !state.set.is_active() && *of != Some(now) {
        *of = Some(now);
        *results = Results(KeptReview::of(state).map(Arc::new));
    }
}
