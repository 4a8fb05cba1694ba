//! Time spent on something, pauses not counted.

use std::time::Duration;

/// A stopwatch that is told the time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stopwatch {
    before: Duration,
    since: Option<Duration>,
}

impl Stopwatch {
    /// It runs from `now` on, if it did not already.
    pub fn start(&mut self, now: Duration) {
        self.since.get_or_insert(now);
    }

    /// It stands still from `now` on.
    pub fn stop(&mut self, now: Duration) {
        self.before = self.elapsed(now);
        self.since = None;
    }

    /// The time it has run until `now`.
    pub fn elapsed(&self, now: Duration) -> Duration {
        let running = self.since.map(|since| now.saturating_sub(since));
        self.before + running.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_not_counted() {
        let at = Duration::from_secs;
        let mut watch = Stopwatch::default();
        watch.start(at(10));
        watch.start(at(11));
        watch.stop(at(12));
        watch.stop(at(15));
        assert_eq!(watch.elapsed(at(20)), at(2));
        watch.start(at(20));
        assert_eq!(watch.elapsed(at(23)), at(5));
    }
}
