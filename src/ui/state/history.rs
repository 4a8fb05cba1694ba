//! Undo and redo of everything that changes what an inspection shows, and of labels.

use super::labelling::Relabelled;
use crate::ui::settings::Display;
use kizumi_method::config::ProjectionConfig;

/// Changes that follow each other within so many seconds are one step.
const TOGETHER_SECS: f64 = 0.6;
/// Steps that can be undone: whoever labels thousands of images makes so many.
const STEPS_MAX: usize = 10_000;

/// The settings that undo brings back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapshot {
    /// The projection's parameters.
    pub projection: ProjectionConfig,
    /// How results are drawn.
    pub display: Display,
}

/// When a change was made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The window's clock, in seconds.
    pub now_secs: f64,
    /// Whether a pointer button is down: a slider that is being dragged.
    pub held: bool,
}

/// What one step back or on brings.
#[derive(Clone, Debug, PartialEq)]
pub enum Recalled {
    /// These settings.
    Settings(Snapshot),
    /// The labels that come after.
    Labels(Vec<Relabelled>),
}

/// What was, and what was undone. Labels stand as they were given.
#[derive(Debug, Default)]
pub struct History {
    past: Vec<Recalled>,
    future: Vec<Recalled>,
    /// The last change, as long as the next one may belong to it.
    last: Option<Moment>,
}

impl History {
    /// Notes a change. One that follows the last closely, or in the same drag, joins it.
    pub fn record(&mut self, before: Snapshot, after: Snapshot, moment: Moment) {
        if before == after {
            return;
        }
        let joins = self.last.is_some_and(|last| {
            (last.held && moment.held) || moment.now_secs - last.now_secs < TOGETHER_SECS
        });
        self.future.clear();
        self.last = Some(moment);
        if !joins {
            self.push(Recalled::Settings(before));
        } else if self.past.last() == Some(&Recalled::Settings(after)) {
            // Back where it began: as if nothing had been.
            self.past.pop();
            self.last = None;
        }
    }

    /// Notes a change that no hand made, which is a step of its own.
    pub fn note(&mut self, before: Snapshot, after: Snapshot) {
        if before != after {
            self.future.clear();
            self.last = None;
            self.push(Recalled::Settings(before));
        }
    }

    /// Notes labels that were given, which are a step of their own.
    pub fn note_labels(&mut self, labels: Vec<Relabelled>) {
        self.future.clear();
        self.last = None;
        self.push(Recalled::Labels(labels));
    }

    /// Another data set was opened: labels of the one before are not taken back any more.
    pub fn forget_labels(&mut self) {
        for steps in [&mut self.past, &mut self.future] {
            steps.retain(|step| matches!(step, Recalled::Settings(_)));
        }
        self.last = None;
    }

    fn push(&mut self, before: Recalled) {
        self.past.push(before);
        if self.past.len() > STEPS_MAX {
            self.past.remove(0);
        }
    }

    /// The pointer was let go: what was dragged is done.
    pub fn released(&mut self) {
        if self.last.is_some_and(|last| last.held) {
            self.last = None;
        }
    }

    /// One step back from `present`.
    pub fn undo(&mut self, present: Snapshot) -> Option<Recalled> {
        self.last = None;
        Some(match self.past.pop()? {
            Recalled::Settings(earlier) => {
                self.future.push(Recalled::Settings(present));
                Recalled::Settings(earlier)
            }
            Recalled::Labels(given) => {
                self.future.push(Recalled::Labels(given.clone()));
                let reversed = given.into_iter().rev().map(Relabelled::reversed);
                Recalled::Labels(reversed.collect())
            }
        })
    }

    /// One step on from `present`, after an undo.
    pub fn redo(&mut self, present: Snapshot) -> Option<Recalled> {
        self.last = None;
        let later = self.future.pop()?;
        self.past.push(match &later {
            Recalled::Settings(_) => Recalled::Settings(present),
            given => given.clone(),
        });
        Some(later)
    }

    /// Whether there is something to undo.
    pub fn has_past(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether something was undone.
    pub fn has_future(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_alpha(alpha: f32) -> Snapshot {
        Snapshot {
            projection: ProjectionConfig {
                alpha,
                ..Default::default()
            },
            display: Display::default(),
        }
    }

    fn at(now_secs: f64) -> Moment {
        Moment {
            now_secs,
            held: false,
        }
    }

    fn dragged(now_secs: f64) -> Moment {
        Moment {
            now_secs,
            held: true,
        }
    }

    #[test]
    fn steps_go_back_and_on_again() {
        let mut history = History::default();
        let [one, two, three] = [1.0, 2.0, 3.0].map(with_alpha);
        history.record(one, two, at(0.0));
        history.record(two, three, at(5.0));
        assert_eq!(history.undo(three), Some(Recalled::Settings(two)));
        assert_eq!(history.undo(two), Some(Recalled::Settings(one)));
        assert_eq!(history.undo(one), None);
        assert_eq!(history.redo(one), Some(Recalled::Settings(two)));
        assert_eq!(history.redo(two), Some(Recalled::Settings(three)));
        assert_eq!(history.redo(three), None);
    }

    #[test]
    fn a_drag_is_one_step_however_long_and_ends_with_its_release() {
        let mut history = History::default();
        let mut before = with_alpha(0.0);
        for tick in 1..=50 {
            let after = with_alpha(tick as f32);
            history.record(before, after, dragged(f64::from(tick)));
            before = after;
        }
        history.released();
        history.record(before, with_alpha(99.0), dragged(50.1));
        assert_eq!(
            history.undo(with_alpha(99.0)),
            Some(Recalled::Settings(with_alpha(50.0)))
        );
        assert_eq!(
            history.undo(with_alpha(50.0)),
            Some(Recalled::Settings(with_alpha(0.0)))
        );
        assert!(!history.has_past());
    }

    #[test]
    fn quick_changes_are_one_step_and_slow_ones_are_not() {
        let mut history = History::default();
        let [one, two, three, four] = [1.0, 2.0, 3.0, 4.0].map(with_alpha);
        history.record(one, two, at(0.0));
        history.record(two, three, at(0.3));
        history.record(three, four, at(2.0));
        assert_eq!(history.undo(four), Some(Recalled::Settings(three)));
        assert_eq!(history.undo(three), Some(Recalled::Settings(one)));
    }

    #[test]
    fn a_change_taken_back_at_once_leaves_no_step() {
        let mut history = History::default();
        let [one, two] = [1.0, 2.0].map(with_alpha);
        history.record(one, two, at(0.0));
        history.record(two, one, at(0.2));
        assert!(!history.has_past());
        history.record(one, two, at(0.3));
        assert_eq!(history.undo(two), Some(Recalled::Settings(one)));
    }

    #[test]
    fn a_new_change_forgets_what_was_undone_and_never_joins_it() {
        let mut history = History::default();
        let [one, two, three] = [1.0, 2.0, 3.0].map(with_alpha);
        history.record(one, two, at(0.0));
        history.undo(two);
        history.record(one, three, at(0.1));
        assert!(!history.has_future());
        assert_eq!(history.undo(three), Some(Recalled::Settings(one)));
    }
}
