//! A and B: a run that was put aside, beside the current one.

use serde::{Deserialize, Serialize};

use kizumi_method::config::ProjectionConfig;
use kizumi_method::iterate::Inspection;
use kizumi_method::recording::Recording;

use super::inspecting::{Inspecting, NOTHING};
use super::runs::{PixelFigures, Run};

/// Which of two runs is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AbSide {
    /// The one that was put aside.
    A,
    /// The current one.
    #[default]
    B,
    /// Both at once; numbers and single pictures are B's.
    Both,
}

/// The run that was put aside, and its outcome.
#[derive(Debug, Default)]
pub(super) struct Comparing {
    a: Option<Run>,
    result: Option<Inspection>,
    pixels: Option<PixelFigures>,
    side: AbSide,
}

impl Comparing {
    /// A was put aside before it had ended: it goes on.
    pub(super) fn follow(&mut self, run: &Run) {
        if let Some(a) = self.a.as_mut().filter(|a| a.id() == run.id() && a.growing) {
            let iterations = a.projection.iterations;
            *a = run.clone();
            a.projection.iterations = iterations;
        }
    }
}

impl Inspecting {
    /// The run that was put aside; its `projection.iterations` says how many of its iterates count.
    pub fn a(&self) -> Option<&Run> {
        self.comparing.a.as_ref()
    }

    /// The outcome of A.
    pub fn a_result(&self) -> Option<&Inspection> {
        self.comparing.result.as_ref()
    }

    /// How well A finds the ground truth.
    pub fn a_pixels(&self) -> Option<PixelFigures> {
        self.comparing.pixels
    }

    /// Which run is looked at; B while there is no A.
    pub fn ab_side(&self) -> AbSide {
        match self.comparing.a {
            Some(_) => self.comparing.side,
            None => AbSide::B,
        }
    }

    /// Looks at another side.
    pub fn set_ab_side(&mut self, side: AbSide) {
        if self.comparing.side != side {
            self.comparing.side = side;
            self.generation += 1;
        }
    }

    /// The run of a side; of both it is B.
    pub fn run_of(&self, side: AbSide) -> Option<&Run> {
        match side {
            AbSide::A => self.a(),
            AbSide::B | AbSide::Both => self.current(),
        }
    }

    /// The run whose pictures are shown.
    pub fn on_screen(&self) -> Option<&Run> {
        self.run_of(self.ab_side())
    }

    /// The trajectory of a side.
    pub fn recording_of(&self, side: AbSide) -> &Recording {
        self.run_of(side).map_or(&NOTHING, |run| &run.recording)
    }

    /// The iterate of a side that the scrubber's position stands for, when a person wants
    /// `iterations` of the current run: the same t, or each side's own newest one.
    pub fn shown_of(&self, side: AbSide, iterations: usize) -> usize {
        let last = self.run_of(side).map_or(0, |run| match side {
            AbSide::A => run.last_of(run.projection.iterations),
            AbSide::B | AbSide::Both => run.last_of(iterations),
        });
        self.timeline.cursor().resolve(last)
    }

    /// Puts the current run aside; `projection` are the parameters as they are now.
    pub fn keep_as_a(&mut self, projection: ProjectionConfig) {
        if self.is_stale() {
            return;
        }
        let Some(mut run) = self.current().cloned() else {
            return;
        };
        run.projection.iterations = projection.iterations;
        self.comparing.a = Some(run);
        self.comparing.side = AbSide::B;
        self.generation += 1;
        self.refresh_kept();
    }

    /// Ends the comparison.
    pub fn drop_a(&mut self) {
        self.comparing = Comparing::default();
        self.generation += 1;
    }

    /// Makes A a known run again, so that going back to its parameters shows it. Gives them.
    pub fn recall_a(&mut self) -> Option<ProjectionConfig> {
        let a = self.comparing.a.clone()?;
        self.runs.restore(&a);
        Some(a.projection)
    }

    /// Brings A's outcome up to date.
    pub(super) fn refresh_kept(&mut self) {
        let kept = self.comparing.a.as_ref().zip(self.opened.as_ref());
        let result = kept.and_then(|(a, image)| a.outcome(a.projection.iterations, image));
        let image = self.opened.as_ref();
        let pixels = result.as_ref().zip(image);
        self.comparing.pixels = pixels.and_then(|(result, image)| PixelFigures::of(result, image));
        self.comparing.result = result;
    }
}
