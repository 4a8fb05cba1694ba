//! How many images that come one after another came to which end: all of them, and in the last hour.

use std::collections::VecDeque;
use std::time::Duration;

use kizumi_method::decision::Verdict;

/// How finely the hour is divided: what comes is counted, not kept.
const PART: Duration = Duration::from_secs(60);

/// Parts of an hour.
const PARTS: u64 = 60;

/// How many images came to which end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Good.
    pub passed: usize,
    /// To be looked at, or without a verdict.
    pub review: usize,
    /// Defective.
    pub rejected: usize,
    /// Not readable.
    pub unusable: usize,
}

impl Counts {
    /// One inspected image more.
    pub fn add(&mut self, verdict: Option<Verdict>) {
        match verdict {
            Some(Verdict::Pass) => self.passed += 1,
            Some(Verdict::Reject) => self.rejected += 1,
            Some(Verdict::Review) | None => self.review += 1,
        }
    }

    /// All of them but those that are not readable.
    pub fn inspected(&self) -> usize {
        self.passed + self.review + self.rejected
    }

    fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            review: self.review + other.review,
            rejected: self.rejected + other.rejected,
            unusable: self.unusable + other.unusable,
        }
    }
}

/// The counts of the last hour, to the minute, on a clock that begins anywhere and never goes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastHour(VecDeque<(u64, Counts)>);

impl LastHour {
    /// The counts that what comes at `now` is added to.
    pub fn at(&mut self, now: Duration) -> &mut Counts {
        let part = part_of(now);
        let parts = &mut self.0;
        while parts.front().is_some_and(|first| !is_recent(first, part)) {
            parts.pop_front();
        }
        if parts.back().is_none_or(|(last, _)| *last != part) {
            parts.push_back((part, Counts::default()));
        }
        let (_, counts) = parts.back_mut().expect("one was pushed");
        counts
    }

    /// All of the hour before `now`.
    pub fn counts(&self, now: Duration) -> Counts {
        let part = part_of(now);
        let recent = self.0.iter().filter(|one| is_recent(one, part));
        recent.fold(Counts::default(), |all, (_, counts)| all.plus(*counts))
    }
}

fn part_of(now: Duration) -> u64 {
    now.as_secs() / PART.as_secs()
}

fn is_recent((at, _): &(u64, Counts), part: u64) -> bool {
    at + PARTS > part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_forgotten_minute_by_minute() {
        let mut hour = LastHour::default();
        let at = |minute: u64| Duration::from_secs(60 * minute + 1);
        for minute in 0..90 {
            hour.at(at(minute)).add(Some(Verdict::Pass));
            hour.at(at(minute)).unusable += 1;
        }
        let counts = hour.counts(at(89));
        assert_eq!((counts.passed, counts.unusable), (60, 60));
        assert_eq!(hour.counts(at(100)).passed, 49);
        assert_eq!(hour.counts(at(500)), Counts::default());
        assert_eq!(hour.0.len(), 60, "what is old is not kept");
    }
}
