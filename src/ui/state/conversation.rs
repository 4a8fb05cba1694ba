//! The way from a changed parameter to the first iterate that shows it.

use kizumi_engine::message::RunId;

/// The first change of a parameter takes effect at once; one that follows sooner than after so many
/// seconds waits until nothing more has come for as long. It is longer than between two moves of a
/// slider that is dragged, and too short to be felt.
pub const DEBOUNCE_SECS: f64 = 0.05;

/// Where it stands. Times are in seconds of the window's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Phase {
    /// What is shown is what is wanted. It may still grow.
    #[default]
    Shown,
    /// So is it, but more iterates of it are to be asked for.
    More { due_secs: f64 },
    /// Another trajectory is to be asked for.
    Due { due_secs: f64 },
    /// It was asked for; its first iterate is on its way.
    Asked(RunId),
    /// It does not come: it could not be computed, or somebody cancelled it.
    GivenUp,
}

/// What is there of the trajectory that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// As many iterates as are wanted, or they are on their way.
    All,
    /// Some of them.
    Part,
    /// None; this run, which will have them, was asked for.
    Asked(RunId),
    /// None, and nobody asked.
    Nothing,
}

/// What was wanted of the worker, and how far it has answered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Conversation {
    phase: Phase,
    changed_secs: Option<f64>,
}

impl Conversation {
    /// There is nothing to talk about.
    pub fn end(&mut self) {
        self.phase = Phase::Shown;
    }

    /// Everything is new: a trajectory is due at once, unless this one was asked for already.
    pub fn restart(&mut self, asked: Option<RunId>) {
        self.phase = asked.map_or(Phase::Due { due_secs: 0.0 }, Phase::Asked);
    }

    /// Parameters changed.
    pub fn want(&mut self, known: Known, now_secs: f64) {
        let before = self.changed_secs.replace(now_secs);
        let rested = before.is_none_or(|before| now_secs - before >= DEBOUNCE_SECS);
        let due_secs = now_secs + if rested { 0.0 } else { DEBOUNCE_SECS };
        self.phase = match known {
            Known::All => Phase::Shown,
            Known::Part => Phase::More { due_secs },
            Known::Asked(run) => Phase::Asked(run),
            Known::Nothing => Phase::Due { due_secs },
        };
    }

    /// Whether it is time to ask.
    pub fn is_due(&self, now_secs: f64) -> bool {
        match self.phase {
            Phase::More { due_secs } | Phase::Due { due_secs } => now_secs >= due_secs,
            _ => false,
        }
    }

    /// Seconds until it is time to ask, if ever.
    pub fn next_due_secs(&self, now_secs: f64) -> Option<f64> {
        match self.phase {
            Phase::More { due_secs } | Phase::Due { due_secs } => {
                Some((due_secs - now_secs).max(0.0))
            }
            _ => None,
        }
    }

    /// The worker was asked for this run; its beginning may be there already.
    pub fn ask(&mut self, run: RunId, is_there: bool) {
        self.phase = match is_there {
            true => Phase::Shown,
            false => Phase::Asked(run),
        };
    }

    /// The first iterate of a run is there. Whether it is to be shown: it is when it was awaited, and
    /// when it is newer than what is shown though something newer still is wanted. Where somebody
    /// went back to what was known it is not.
    pub fn first_iterate(&mut self, run: RunId) -> bool {
        match self.phase {
            Phase::Asked(asked) if asked == run => {
                self.phase = Phase::Shown;
                true
            }
            Phase::Asked(_) | Phase::Due { .. } => true,
            Phase::Shown | Phase::More { .. } | Phase::GivenUp => false,
        }
    }

    /// The worker is done with a run: what has not come of it does not come.
    pub fn run_ended(&mut self, run: RunId) {
        if self.phase == Phase::Asked(run) {
            self.phase = Phase::GivenUp;
        }
    }

    /// What was given up is due once more.
    pub fn retry(&mut self) {
        if self.phase == Phase::GivenUp {
            self.restart(None);
        }
    }

    /// Whether another trajectory than the one shown is about to be asked for, or on its way.
    pub fn is_waiting(&self) -> bool {
        matches!(self.phase, Phase::Due { .. } | Phase::Asked(_))
    }

    /// Whether what is shown belongs to other parameters than the present ones.
    pub fn is_behind(&self) -> bool {
        self.is_waiting() || self.phase == Phase::GivenUp
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(number: u64) -> RunId {
        RunId::from(number)
    }

    #[test]
    fn the_first_change_is_due_at_once_and_those_after_it_wait_for_the_last() {
        let mut talk = Conversation::default();
        talk.want(Known::Nothing, 10.0);
        assert!(talk.is_due(10.0) && talk.next_due_secs(10.0) == Some(0.0));
        talk.want(Known::Nothing, 10.02);
        assert!(!talk.is_due(10.06) && talk.is_due(10.08));
        let wait_secs = talk.next_due_secs(10.03).expect("something is due");
        assert!((wait_secs - 0.04).abs() < 1e-9, "{wait_secs}");
        talk.want(Known::Nothing, 11.0);
        assert!(talk.is_due(11.0), "it had rested");
    }

    #[test]
    fn it_waits_from_the_change_to_the_first_iterate() {
        let mut talk = Conversation::default();
        assert!(!talk.is_waiting());
        talk.want(Known::Nothing, 1.0);
        assert!(talk.is_waiting());
        talk.ask(run(1), false);
        assert!(talk.is_waiting() && !talk.is_due(9.0));
        assert!(talk.first_iterate(run(1)));
        assert!(!talk.is_waiting() && !talk.is_behind());
        talk.run_ended(run(1));
        assert!(!talk.is_behind());
    }

    #[test]
    fn an_older_run_neither_ends_the_wait_nor_gives_up() {
        let mut talk = Conversation::default();
        talk.want(Known::Nothing, 1.0);
        talk.ask(run(1), false);
        talk.want(Known::Nothing, 2.0);
        talk.ask(run(2), false);
        assert!(talk.first_iterate(run(1)), "newer than what is shown");
        talk.run_ended(run(1));
        assert!(talk.is_waiting());
        assert!(talk.first_iterate(run(2)));
        assert!(!talk.is_waiting());
    }

    #[test]
    fn a_run_that_does_not_come_leaves_what_is_shown_behind() {
        let mut talk = Conversation::default();
        talk.want(Known::Nothing, 1.0);
        talk.ask(run(1), false);
        talk.run_ended(run(1));
        assert!(!talk.is_waiting() && talk.is_behind());
        assert_eq!(talk.next_due_secs(2.0), None);
        talk.retry();
        assert!(talk.is_due(2.0));
        talk.want(Known::All, 3.0);
        assert!(!talk.is_behind(), "gone back to what is known");
        talk.retry();
        assert!(!talk.is_due(9.0), "nothing was given up");
    }

    #[test]
    fn more_of_what_is_shown_is_asked_for_without_a_wait() {
        let mut talk = Conversation::default();
        talk.want(Known::Part, 1.0);
        assert!(talk.is_due(1.0) && !talk.is_behind());
        talk.ask(run(1), true);
        assert!(!talk.is_due(9.0) && !talk.is_behind());
        assert!(!talk.first_iterate(run(2)), "of another run that was left");
    }
}
