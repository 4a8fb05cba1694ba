//! What a run has to say for itself: where it stopped, where its step size was halved, whether it
//! went astray.

use kizumi_method::iterate::{IterateScalars, StopRule};

/// E may rise to so many times its smallest value before a run counts as diverging.
pub const RISE_FACTOR: f32 = 1.5;

/// What happened at an iterate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// The step that led here was taken back and alpha halved.
    BackOff,
    /// The run ended here.
    Stop(StopRule),
}

/// Something worth a mark in a plot and on the scrubber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The iterate.
    pub t: usize,
    /// What happened there.
    pub kind: MarkKind,
}

/// The marks of a run, by ascending t.
pub fn marks(scalars: &[IterateScalars], stop: Option<StopRule>) -> Vec<Mark> {
    let back_offs = scalars
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[1].alpha < pair[0].alpha)
        .map(|(t, _)| Mark {
            t: t + 1,
            kind: MarkKind::BackOff,
        });
    let mut marks: Vec<Mark> = back_offs.collect();
    if let (Some(rule), Some(t)) = (stop, scalars.len().checked_sub(1)) {
        marks.push(Mark {
            t,
            kind: MarkKind::Stop(rule),
        });
    }
    marks
}

/// How a run went astray.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Divergence {
    /// A value was no longer finite.
    Overflow,
    /// The energy rose to this many times its smallest value.
    Rise(f32),
}

/// Whether a run went astray, so far.
pub fn divergence(scalars: &[IterateScalars], stop: Option<StopRule>) -> Option<Divergence> {
    if stop == Some(StopRule::NotFinite) {
        return Some(Divergence::Overflow);
    }
    let last = scalars.last()?.energy;
    let energies = scalars.iter().map(|at| at.energy);
    let least = energies.fold(f32::INFINITY, f32::min);
    let factor = last / least.max(f32::MIN_POSITIVE);
    (factor > RISE_FACTOR).then_some(Divergence::Rise(factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(values: &[(f32, f32)]) -> Vec<IterateScalars> {
        let at = |(t, &(energy, alpha))| IterateScalars {
            t,
            energy,
            alpha,
            ..Default::default()
        };
        values.iter().enumerate().map(at).collect()
    }

    #[test]
    fn halved_steps_and_the_end_are_marked() {
        let scalars = run(&[(9.0, 1.0), (9.0, 0.5), (7.0, 0.5), (7.0, 0.25)]);
        let back_off = |t| Mark {
            t,
            kind: MarkKind::BackOff,
        };
        let stop = Mark {
            t: 3,
            kind: MarkKind::Stop(StopRule::Iterations),
        };
        assert_eq!(
            marks(&scalars, Some(StopRule::Iterations)),
            [back_off(1), back_off(3), stop]
        );
        assert_eq!(marks(&scalars, None), [back_off(1), back_off(3)]);
        assert_eq!(marks(&[], Some(StopRule::Cancelled)), []);
    }

    #[test]
    fn a_falling_energy_is_fine_and_a_rising_one_is_not() {
        let falling = run(&[(9.0, 1.0), (5.0, 1.0), (5.1, 1.0)]);
        assert_eq!(divergence(&falling, Some(StopRule::Iterations)), None);
        let rising = run(&[(9.0, 1.0), (5.0, 1.0), (20.0, 1.0)]);
        assert_eq!(divergence(&rising, None), Some(Divergence::Rise(4.0)));
        let overflow = Some(StopRule::NotFinite);
        assert_eq!(divergence(&falling, overflow), Some(Divergence::Overflow));
        assert_eq!(divergence(&[], None), None);
    }
}
