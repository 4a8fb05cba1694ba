//! How quickly the window answers: frame times, and the time from a changed parameter to the first
//! iterate that shows it.

use std::collections::VecDeque;
use std::time::Instant;

use kizumi_method::anomaly_map::percentile;

use super::state::State;

/// How many of the newest measurements are kept.
const KEPT: usize = 1000;

/// The newest measurements of one kind, in milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Samples(VecDeque<f32>);

impl Samples {
    /// Adds one, in milliseconds.
    pub fn push(&mut self, ms: f32) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(ms);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Oldest first.
    pub fn iter(&self) -> impl Iterator<Item = f32> {
        self.0.iter().copied()
    }

    /// The value below which so many percent lie.
    pub fn percentile_ms(&self, percent: f32) -> Option<f32> {
        percentile(self.iter().collect(), percent)
    }
}

/// What is measured.
#[derive(Debug, Default)]
pub struct Timing {
    /// Work of the UI thread for a frame, drawing included.
    pub frames: Samples,
    /// From a changed parameter to the first iterate with it on screen.
    pub responses: Samples,
    /// When a parameter changed last, and which trajectory was shown then.
    changed: Option<(Instant, u64)>,
}

impl Timing {
    /// A parameter changed that needs a projection from x_0.
    pub fn parameter_changed(&mut self, state: &State) {
        self.changed = Some((Instant::now(), state.inspecting.generation()));
    }

    /// A frame was drawn; the one before took so long.
    pub fn frame_drawn(&mut self, state: &State, last_secs: Option<f32>) {
        if let Some(secs) = last_secs {
            self.frames.push(secs * 1e3);
        }
        if let Some((since, generation)) = self.changed {
            let inspecting = &state.inspecting;
            // x_0 itself is no news: the first iterate after it is.
            let arrived = inspecting.generation() != generation && inspecting.recording().len() > 1;
            if arrived && !inspecting.is_waiting() {
                self.responses.push(since.elapsed().as_secs_f32() * 1e3);
                self.changed = None;
            }
        }
    }

    /// Starts over.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_are_kept() {
        let mut samples = Samples::default();
        for i in 0..KEPT + 10 {
            samples.push(i as f32);
        }
        assert_eq!(samples.len(), KEPT);
        assert_eq!(samples.iter().next(), Some(10.0));
        assert_eq!(samples.percentile_ms(100.0), Some((KEPT + 9) as f32));
        assert_eq!(Samples::default().percentile_ms(50.0), None);
    }

    #[test]
    fn frames_are_counted_and_nothing_answers_unasked() {
        let mut timing = Timing::default();
        let state = State::default();
        timing.frame_drawn(&state, None);
        timing.frame_drawn(&state, Some(0.016));
        assert_eq!(timing.frames.len(), 1);
        assert_eq!(timing.responses.len(), 0);
        timing.parameter_changed(&state);
        timing.frame_drawn(&state, Some(0.016));
        assert_eq!(timing.responses.len(), 0, "nothing has arrived");
    }
}
