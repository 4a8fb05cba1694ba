//! Banners: what a person should know and may put away.

use std::path::PathBuf;

use kizumi_compute::training::note::TrainingMatter;
use kizumi_engine::message::{Cause, Failure};

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Good to know.
    Info,
    /// Something is not as expected; nothing was lost.
    Warning,
    /// Something could not be done.
    Error,
}

impl Level {
    /// Of what the worker found worth knowing while nothing was lost.
    pub fn of(news: &Failure) -> Self {
        match &news.cause {
            Cause::Loaded(matter) if !matter.is_warning() => Self::Info,
            Cause::Training(TrainingMatter::BestWeights { .. }) => Self::Info,
            _ => Self::Warning,
        }
    }
}

/// What a banner offers to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Compute on the CPU from now on.
    ContinueOnCpu,
    /// Show a file.
    Show(PathBuf),
    /// Put a path on the clipboard.
    CopyPath(PathBuf),
    /// Ask where the folder of this project is by now.
    FindFolder(PathBuf),
}

/// What a banner speaks of: it goes when that is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The image that is open.
    Image,
    /// The data set that is open, its images, and what came of them.
    Dataset,
    /// A training that could not begin or go on: another one takes its place.
    Training,
    /// The program: it stays until somebody puts it away.
    #[default]
    Program,
}

impl Scope {
    /// Whether `other` is left with this one.
    fn holds(self, other: Self) -> bool {
        self == other || (self, other) == (Self::Dataset, Self::Image)
    }
}

/// One banner.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// How grave it is.
    pub level: Level,
    /// What happened.
    pub what: Failure,
    /// What can be done about it.
    pub remedy: Option<Remedy>,
    /// What it speaks of.
    pub scope: Scope,
}

/// How many banners are kept; the oldest go first.
const KEPT_MAX: usize = 20;

/// The banners, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notices(Vec<Notice>);

impl Notices {
    /// Shows a banner; one that says the same already is moved to the front.
    pub fn push(&mut self, level: Level, what: impl Into<Failure>, remedy: Option<Remedy>) {
        self.add(Notice {
            level,
            what: what.into(),
            remedy,
            scope: Scope::Program,
        });
    }

    /// Shows a banner that goes when this is left.
    pub fn push_about(&mut self, scope: Scope, level: Level, what: impl Into<Failure>) {
        self.add(Notice {
            level,
            what: what.into(),
            remedy: None,
            scope,
        });
    }

    /// Shows a banner about a file or folder that was written, which it offers to show.
    pub fn push_file(&mut self, path: PathBuf, what: impl Into<Failure>) {
        self.add(Notice {
            level: Level::Info,
            what: what.into(),
            remedy: Some(Remedy::Show(path)),
            scope: Scope::Dataset,
        });
    }

    /// Something was left: takes what spoke of it away.
    pub fn leave(&mut self, scope: Scope) {
        self.0.retain(|notice| !scope.holds(notice.scope));
    }

    fn add(&mut self, notice: Notice) {
        self.0.retain(|known| known.what != notice.what);
        self.0.insert(0, notice);
        self.0.truncate(KEPT_MAX);
    }

    /// Puts a banner away.
    pub fn dismiss(&mut self, index: usize) {
        if index < self.0.len() {
            self.0.remove(index);
        }
    }

    /// Puts all banners away.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Newest first.
    pub fn all(&self) -> &[Notice] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use kizumi_dataset::load_note::LoadMatter;
    use kizumi_image::remark::Remark;

    use super::*;

    #[test]
    fn repeats_are_shown_once_and_old_ones_go() {
        let mut notices = Notices::default();
        for i in 0..50 {
            notices.push(Level::Warning, format!("w{}", i % 30), None);
        }
        assert_eq!(notices.all().len(), KEPT_MAX);
        notices.push(Level::Error, "w19", None);
        assert_eq!(notices.all()[0].level, Level::Error);
        assert_eq!(
            notices
                .all()
                .iter()
                .filter(|n| n.what.text == "w19")
                .count(),
            1
        );
        notices.dismiss(99);
        notices.dismiss(0);
        assert_eq!(notices.all().len(), KEPT_MAX - 1);
    }

    #[test]
    fn a_fact_is_no_warning() {
        let of = |matter| Level::of(&Failure::new(Cause::Loaded(matter), ""));
        assert_eq!(of(LoadMatter::ToGrey { images: 3 }), Level::Info);
        let bits = LoadMatter::Common(Remark::BitsUsed { used_bits: 12 });
        assert_eq!(of(bits), Level::Info);
        let dark = LoadMatter::Common(Remark::PerhapsDark { used_bits: 12 });
        assert_eq!(of(dark), Level::Warning);
        assert_eq!(Level::of(&"odd".into()), Level::Warning);
    }

    #[test]
    fn a_banner_goes_with_what_it_speaks_of() {
        let mut notices = Notices::default();
        notices.push(Level::Error, "no device", None);
        notices.push_about(Scope::Dataset, Level::Error, "b.png: empty file");
        notices.push_about(Scope::Image, Level::Info, "a.png: grey");
        notices.push_about(Scope::Training, Level::Error, "nothing to go on with");
        let left = |notices: &Notices| notices.all().len();
        notices.leave(Scope::Image);
        assert_eq!(left(&notices), 3);
        notices.push_about(Scope::Image, Level::Info, "a.png: grey");
        notices.leave(Scope::Dataset);
        assert_eq!(left(&notices), 2);
        notices.leave(Scope::Training);
        assert_eq!(notices.all()[0].what.text, "no device");
    }
}
