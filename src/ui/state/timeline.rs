//! Scrubbing: which iterate is looked at, and playing through them.

/// Seconds that an iterate stays while playing.
pub const FRAME_SECS: f64 = 0.12;

/// Which iterate is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cursor {
    /// Always the newest.
    #[default]
    Follow,
    /// This one.
    At(usize),
}

impl Cursor {
    /// The iterate shown when `last` is the newest.
    pub fn resolve(self, last: usize) -> usize {
        match self {
            Self::Follow => last,
            Self::At(t) => t.min(last),
        }
    }
}

/// The cursor, and whether it moves by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timeline {
    cursor: Cursor,
    /// While playing: when the next iterate is due, in seconds of the window's clock. Zero until
    /// the first [`Timeline::tick`].
    next_secs: Option<f64>,
}

impl Timeline {
    /// Which iterate is looked at.
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// Whether the cursor moves by itself.
    pub fn is_playing(&self) -> bool {
        self.next_secs.is_some()
    }

    /// Moves the cursor and stops playing.
    pub fn set(&mut self, cursor: Cursor) {
        self.cursor = cursor;
        self.next_secs = None;
    }

    /// Moves by so many iterates from where it is, within `0..=last`.
    pub fn step(&mut self, by: isize, last: usize) {
        let t = self.cursor.resolve(last).saturating_add_signed(by);
        self.set(Cursor::At(t.min(last)));
    }

    /// Starts or stops playing; from the end it starts over.
    pub fn toggle_play(&mut self, last: usize) {
        if self.is_playing() {
            self.set(Cursor::At(self.cursor.resolve(last)));
        } else if last > 0 {
            if self.cursor.resolve(last) >= last {
                self.cursor = Cursor::At(0);
            }
            self.next_secs = Some(0.0);
        }
    }

    /// Advances while playing. Returns the seconds until it wants to be called again.
    pub fn tick(&mut self, now_secs: f64, last: usize) -> Option<f64> {
        let due = self.next_secs?;
        if due == 0.0 {
            self.next_secs = Some(now_secs + FRAME_SECS);
            return Some(FRAME_SECS);
        }
        if now_secs < due {
            return Some(due - now_secs);
        }
        let t = self.cursor.resolve(last) + 1;
        if t >= last {
            self.set(Cursor::Follow);
            return None;
        }
        self.cursor = Cursor::At(t);
        // After a pause of the window the film goes on, it does not catch up.
        self.next_secs = Some(now_secs + FRAME_SECS);
        Some(FRAME_SECS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follow_stays_at_the_end_and_a_place_stays_put() {
        assert_eq!(Cursor::Follow.resolve(7), 7);
        assert_eq!(Cursor::At(3).resolve(7), 3);
        assert_eq!(Cursor::At(30).resolve(7), 7);
    }

    #[test]
    fn steps_stay_inside() {
        let mut timeline = Timeline::default();
        timeline.step(-1, 10);
        assert_eq!(timeline.cursor(), Cursor::At(9));
        timeline.step(-100, 10);
        assert_eq!(timeline.cursor(), Cursor::At(0));
        timeline.step(100, 10);
        assert_eq!(timeline.cursor(), Cursor::At(10));
    }

    #[test]
    fn playing_goes_through_every_iterate_and_ends_following() {
        let mut timeline = Timeline::default();
        timeline.toggle_play(3);
        let mut seen = vec![timeline.cursor().resolve(3)];
        let mut now_secs = 5.0;
        while timeline.tick(now_secs, 3).is_some() {
            if seen.last() != Some(&timeline.cursor().resolve(3)) {
                seen.push(timeline.cursor().resolve(3));
            }
            now_secs += 0.05;
        }
        assert_eq!(seen, [0, 1, 2]);
        assert_eq!(timeline.cursor(), Cursor::Follow);
        assert!(!timeline.is_playing());
    }

    #[test]
    fn nothing_to_play_does_not_play() {
        let mut timeline = Timeline::default();
        timeline.toggle_play(0);
        assert!(!timeline.is_playing());
    }
}
