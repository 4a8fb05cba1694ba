//! A and B: a run that was put aside, beside the current one.

use serde::{Deserialize, Serialize};

use kizumi_dataset::catalog::Entry;
use kizumi_engine::message::{OpenedImage, RunId, RunRequest, RunTicket};
use kizumi_method::config::ProjectionConfig;
use kizumi_method::iterate::{Inspection, Iterate};
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
    rival: Option<OfRival>,
}

/// The open image as another model sees it, whose run A is.
#[derive(Debug)]
struct OfRival {
    ticket: RunTicket,
    opened: Option<OpenedImage>,
}

impl Comparing {
    /// Nothing is put aside any more; how a person looks at both sides stays.
    pub(super) fn forget_runs(&mut self) {
        *self = Self {
            side: self.side,
            ..Self::default()
        };
    }

    fn is_of(&self, ticket: RunTicket) -> bool {
        self.rival
            .as_ref()
            .is_some_and(|rival| rival.ticket == ticket)
    }

    /// Takes in an iterate of another model's run; gives it back if it belongs to none.
    pub(super) fn iterated(&mut self, of: RunTicket, iterate: Iterate) -> Option<Iterate> {
        match &mut self.a {
            Some(a) if a.ticket() == of && self.rival.is_some() => {
                a.push(iterate);
                None
            }
            _ => Some(iterate),
        }
    }

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
    /// Whether A is another model's.
    pub fn a_is_of_rival(&self) -> bool {
        self.comparing.rival.is_some() && self.comparing.a.is_some()
    }

    /// The open image, where another model has not been asked about it. What is painted it cannot see.
    pub(super) fn entry_without_rival(&self) -> Option<Entry> {
        self.settled_image()?;
        let opened = self.opened.as_ref().filter(|opened| !opened.painted)?;
        self.comparing.rival.is_none().then(|| opened.entry.clone())
    }

    /// Another model is asked for a run of the open image.
    pub(super) fn ask_rival(&mut self, request: RunRequest) {
        self.comparing.a = Some(Run::of(request));
        self.comparing.rival = Some(OfRival {
            ticket: request.ticket,
            opened: None,
        });
        self.generation += 1;
    }

    /// The open image as the other model sees it.
    pub(super) fn rival_opened(&mut self, image: OpenedImage) {
        let rival = self.comparing.rival.as_mut();
        if let Some(rival) = rival.filter(|rival| rival.ticket.image == image.id) {
            rival.opened = Some(image);
            self.generation += 1;
        }
    }

    /// The outcome of the other model's run; says whether it is that.
    pub(super) fn rival_inspected(&mut self, of: RunTicket, inspection: &Inspection) -> bool {
        if !self.comparing.is_of(of) {
            return false;
        }
        if let Some(a) = &mut self.comparing.a {
            a.result = Some(inspection.clone());
        }
        self.refresh_kept();
        true
    }

    /// The other model is done with its run.
    pub(super) fn rival_ended(&mut self, run: RunId) {
        let comparing = &mut self.comparing;
        let of_rival = comparing.rival.as_ref().map(|rival| rival.ticket.run);
        if of_rival == Some(run)
            && let Some(a) = &mut comparing.a
        {
            a.growing = false;
        }
    }

    /// The image as the model of a side sees it.
    pub fn opened_of(&self, side: AbSide) -> Option<&OpenedImage> {
        match (&self.comparing.rival, side) {
            (Some(rival), AbSide::A) => rival.opened.as_ref(),
            _ => self.opened.as_ref(),
        }
    }

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
        self.comparing.rival = None;
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
        let of_rival = self.a_is_of_rival();
        let a = self.comparing.a.clone().filter(|_| !of_rival)?;
        self.runs.restore(&a);
        Some(a.projection)
    }

    /// Brings A's outcome up to date.
    pub(super) fn refresh_kept(&mut self) {
        let image = self.opened_of(AbSide::A);
        let kept = self.comparing.a.as_ref().zip(image);
        let result = kept.and_then(|(a, image)| a.outcome(a.projection.iterations, image));
        let pixels = result.as_ref().zip(image);
        self.comparing.pixels = pixels.and_then(|(result, image)| PixelFigures::of(result, image));
        self.comparing.result = result;
    }
}
