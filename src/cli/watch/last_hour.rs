//! What came in the last hour.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use kizumi_method::decision::Verdict;

use crate::cli::output::count_of;

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

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            review,
            rejected,
            unusable,
            ..
        } = self;
        let inspected = count_of(self.inspected(), "image");
        write!(
            f,
            "{inspected} inspected, {rejected} rejected, {review} to review"
        )?;
        match unusable {
            0 => Ok(()),
            _ => write!(f, ", {unusable} could not be used"),
        }
    }
}

/// The counts of the last hour, to the minute.
#[derive(Clone, Debug)]
pub struct LastHour {
    began: Instant,
    parts: VecDeque<(u64, Counts)>,
}

impl LastHour {
    /// Nothing came before `now`.
    pub fn new(now: Instant) -> Self {
        Self {
            began: now,
            parts: VecDeque::new(),
        }
    }

    /// The counts that what comes at `now` is added to.
    pub fn at(&mut self, now: Instant) -> &mut Counts {
        let part = self.forget(now);
        if self.parts.back().is_none_or(|(last, _)| *last != part) {
            self.parts.push_back((part, Counts::default()));
        }
        let (_, counts) = self.parts.back_mut().expect("one was pushed");
        counts
    }

    /// All of the hour before `now`.
    pub fn counts(&mut self, now: Instant) -> Counts {
        self.forget(now);
        let all = self.parts.iter().map(|(_, counts)| *counts);
        all.fold(Counts::default(), Counts::plus)
    }

    /// Drops what is older than an hour; gives the part that `now` is in.
    fn forget(&mut self, now: Instant) -> u64 {
        let part = now.duration_since(self.began).as_secs() / PART.as_secs();
        while self
            .parts
            .front()
            .is_some_and(|(first, _)| first + PARTS <= part)
        {
            self.parts.pop_front();
        }
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_forgotten_minute_by_minute() {
        let began = Instant::now();
        let mut hour = LastHour::new(began);
        let at = |minute: u64| began + Duration::from_secs(60 * minute + 1);
        for minute in 0..90 {
            hour.at(at(minute)).add(Some(Verdict::Pass));
            hour.at(at(minute)).unusable += 1;
        }
        let counts = hour.counts(at(89));
        assert_eq!((counts.passed, counts.unusable), (60, 60));
        assert_eq!(hour.counts(at(100)).passed, 49);
        assert_eq!(hour.counts(at(500)), Counts::default());
        assert!(hour.parts.is_empty());
    }

    #[test]
    fn counts_read_well() {
        let mut counts = Counts::default();
        for verdict in [Some(Verdict::Pass), Some(Verdict::Reject), None] {
            counts.add(verdict);
        }
        assert_eq!(
            counts.to_string(),
            "3 images inspected, 1 rejected, 1 to review"
        );
        counts.unusable = 2;
        assert!(counts.to_string().ends_with(", 2 could not be used"));
    }
}
