//! Scrubbing: which iterate is looked at, and playing through them.

use serde::{Deserialize, Serialize};

/// Seconds that an iterate stays while playing at the usual speed.
pub const FRAME_SECS: f64 = 0.12;
/// The speeds to choose from, as factors.
pub const SPEEDS: [f32; 6] = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0];

/// How the iterates are played.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Playback {
    /// Times the usual speed.
    pub speed: f32,
    /// Begins anew at the end.
    pub looped: bool,
}

impl Default for Playback {
    fn default() -> Self {
        Self {
            speed: 1.0,
            looped: false,
        }
    }
}

impl Playback {
    /// Seconds that an iterate stays.
    pub fn frame_secs(&self) -> f64 {
        // A settings file may say anything.
        let [slowest, .., fastest] = SPEEDS;
        let speed = if self.speed.is_finite() {
            self.speed.clamp(slowest, fastest)
        } else {
            1.0
        };
        FRAME_SECS / f64::from(speed)
    }
}

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
    pub fn tick(&mut self, now_secs: f64, last: usize, playback: Playback) -> Option<f64> {
        let due = self.next_secs?;
        let frame_secs = playback.frame_secs();
        if due == 0.0 {
            self.next_secs = Some(now_secs + frame_secs);
            return Some(frame_secs);
        }
        if now_secs < due {
            // The speed may have been raised since.
            return Some((due - now_secs).min(frame_secs));
        }
        let t = self.cursor.resolve(last);
        self.cursor = if playback.looped {
            Cursor::At(if t >= last { 0 } else { t + 1 })
        } else if t + 1 >= last {
            self.set(Cursor::Follow);
            return None;
        } else {
            Cursor::At(t + 1)
        };
        // After a pause of the window the film goes on, it does not catch up.
        self.next_secs = Some(now_secs + frame_secs);
        Some(frame_secs)
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
        while timeline.tick(now_secs, 3, Playback::default()).is_some() {
            if seen.last() != Some(&timeline.cursor().resolve(3)) {
                seen.push(timeline.cursor().resolve(3));
            }
            now_secs += 0.05;
        }
        assert_eq!(seen, [0, 1, 2]);
        assert_eq!(timeline.cursor(), Cursor::Follow);
        assert!(!timeline.is_playing());
    }

    /// The iterates that are seen from the first one on during so many seconds.
    fn seen(secs: f64, last: usize, playback: Playback) -> Vec<usize> {
        let mut timeline = Timeline::default();
        timeline.toggle_play(last);
        let mut seen = vec![timeline.cursor().resolve(last)];
        for step in 0..(secs / 0.005) as usize {
            timeline.tick(5.0 + step as f64 * 0.005, last, playback);
            let t = timeline.cursor().resolve(last);
            if seen.last() != Some(&t) {
                seen.push(t);
            }
        }
        seen
    }

    #[test]
    fn a_loop_begins_anew_and_never_ends() {
        let looped = Playback {
            looped: true,
            ..Default::default()
        };
        assert_eq!(seen(1.0, 3, looped)[..7], [0, 1, 2, 3, 0, 1, 2]);
    }

    #[test]
    fn speed_is_a_factor_and_nonsense_is_none() {
        let at = |speed| Playback {
            speed,
            looped: true,
        };
        let shown = |speed| seen(4.0, 1000, at(speed)).len() as f64;
        assert!((shown(4.0) / shown(1.0) - 4.0).abs() < 0.3);
        assert!((shown(0.25) / shown(1.0) - 0.25).abs() < 0.1);
        assert_eq!(at(f32::NAN).frame_secs(), FRAME_SECS);
        assert_eq!(at(1e9).frame_secs(), at(8.0).frame_secs());
    }

    #[test]
    fn nothing_to_play_does_not_play() {
        let mut timeline = Timeline::default();
        timeline.toggle_play(0);
        assert!(!timeline.is_playing());
    }
}
