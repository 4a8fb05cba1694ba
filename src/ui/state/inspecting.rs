//! The image under inspection, its trajectory, and when to compute it anew.

use std::collections::VecDeque;

use kizumi_dataset::catalog::Entry;
use kizumi_engine::message::{Command, OpenedImage, Preview, Source};
use kizumi_image::picture::Picture;
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::iterate::{Inspection, Iterate, IterateScalars};
use kizumi_method::recording::Recording;

use super::comparing::{AbSide, Comparing};
use super::runs::{PixelFigures, Run, RunId, Runs};
use super::timeline::{Cursor, Timeline};

/// The first change of a parameter takes effect at once; one that follows sooner than after so many
/// seconds waits until nothing more has come for as long. It is longer than between two moves of a
/// slider that is dragged, and too short to be felt.
pub const DEBOUNCE_SECS: f64 = 0.05;

/// What is wanted of the worker.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Request {
    /// Nothing: what is shown is what was asked for.
    #[default]
    None,
    /// A projection from x_0, once the window's clock says so.
    Project { due_secs: f64 },
    /// It was sent; nothing came back yet.
    Sent,
    /// The worker began; its first iterate is on its way.
    Begun,
}

/// The inspection of one image.
#[derive(Debug, Default)]
pub struct Inspecting {
    /// The image a person chose; it may still be on its way.
    pub selected: Option<Entry>,
    /// The image that is open.
    pub opened: Option<OpenedImage>,
    /// Its reconstruction, from before there was a trajectory.
    pub reconstruction: Option<Picture>,
    /// The outcome of the current run, at no more iterations than are wanted.
    pub result: Option<Inspection>,
    /// How well that outcome finds the ground truth.
    pub pixels: Option<PixelFigures>,
    /// Which iterate is looked at.
    pub timeline: Timeline,
    pub(super) runs: Runs,
    /// The run of the present parameters, or the one before as long as there is none.
    current: Option<RunId>,
    /// The run that the worker's iterates belong to.
    filing: Option<RunId>,
    /// Parameters of the run whose first iterate is on its way.
    begun: Option<(ProjectionConfig, MapConfig)>,
    /// Whether the worker would extend the run that is filed, and no other.
    extendable: bool,
    /// What the worker was asked for and has not begun; of several in a row it may skip the first.
    sent: VecDeque<(ProjectionConfig, MapConfig)>,
    /// What a person wants to see.
    wanted: Option<(ProjectionConfig, MapConfig)>,
    /// The run that was put aside to compare with, and which of both is looked at.
    pub(super) comparing: Comparing,
    request: Request,
    /// When a parameter changed last, in seconds of the window's clock.
    changed_secs: Option<f64>,
    /// When a larger number of iterations takes effect, in seconds of the window's clock.
    extend_due_secs: Option<f64>,
    pub(super) generation: u64,
    photograph: Photograph,
}

/// The open image at its own size.
#[derive(Debug, Default)]
enum Photograph {
    /// Nobody asked for it.
    #[default]
    Unread,
    /// It is on its way, or could not be read.
    Asked,
    /// Here it is.
    Here(Box<Source>),
}

/// What is shown while there is no run.
pub(super) static NOTHING: Recording = Recording::new(0);

impl Inspecting {
    /// The run of the present parameters: B, when there is an A.
    pub fn current(&self) -> Option<&Run> {
        self.runs.get(self.current?)
    }

    /// The current trajectory so far.
    pub fn recording(&self) -> &Recording {
        self.current().map_or(&NOTHING, |run| &run.recording)
    }

    /// The open image at its own size, once it was read.
    pub fn source(&self) -> Option<&Source> {
        match &self.photograph {
            Photograph::Here(source) => Some(source),
            _ => None,
        }
    }

    /// Whether the photograph is there to be read and nobody asked for it; asks.
    pub fn wants_source(&mut self) -> bool {
        let wanted = self.opened.is_some() && matches!(self.photograph, Photograph::Unread);
        if wanted {
            self.photograph = Photograph::Asked;
        }
        wanted
    }

    /// The photograph was read.
    pub fn source_opened(&mut self, source: Source) {
        let opened = self.opened.as_ref();
        if opened.is_some_and(|opened| opened.entry.path == source.path) {
            self.photograph = Photograph::Here(Box::new(source));
        }
    }

    /// Changes whenever another trajectory or image is shown: with the iterate's index it tells
    /// whether a drawn picture is still right.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether what is shown belongs to other parameters than the present ones.
    pub fn is_stale(&self) -> bool {
        self.request != Request::None && !self.recording().is_empty()
    }

    /// Whether a projection is due, on its way or beginning.
    pub fn is_waiting(&self) -> bool {
        self.request != Request::None
    }

    /// The newest iterate that is shown when a person wants `iterations` of them.
    pub fn last_shown(&self, iterations: usize) -> usize {
        match self.on_screen() {
            Some(run) if self.ab_side() == AbSide::A => run.last_of(run.projection.iterations),
            Some(run) => run.last_of(iterations),
            None => 0,
        }
    }

    /// The iterate that is shown.
    pub fn shown(&self, iterations: usize) -> usize {
        self.shown_of(self.ab_side(), iterations)
    }

    /// The numbers of every iterate of the current run that can be shown.
    pub fn scalars(&self, iterations: usize) -> &[IterateScalars] {
        let scalars = self.recording().scalars();
        &scalars[..scalars.len().min(iterations.saturating_add(1))]
    }

    /// The open image, about to be painted on: what is drawn of it is no longer right.
    pub fn opened_for_painting(&mut self) -> Option<&mut OpenedImage> {
        self.generation += 1;
        self.opened.as_mut()
    }

    /// A person chose an image.
    pub fn select(&mut self, entry: Entry) {
        self.selected = Some(entry);
    }

    /// An image was decoded.
    pub fn image_opened(&mut self, image: OpenedImage) {
        let stale = self
            .selected
            .as_ref()
            .is_some_and(|selected| *selected != image.entry);
        if stale {
            // Another one was chosen meanwhile, or the same with its kind and mask: on its way.
            return;
        }
        self.selected = Some(image.entry.clone());
        self.photograph = Photograph::Unread;
        self.opened = Some(image);
        self.forget_trajectory();
        self.request = Request::Project { due_secs: 0.0 };
    }

    /// No trajectory belongs to what is open any more.
    pub fn forget_trajectory(&mut self) {
        self.runs.clear();
        self.comparing = Comparing::default();
        self.reconstruction = None;
        self.result = None;
        self.pixels = None;
        self.current = None;
        self.filing = None;
        self.begun = None;
        self.sent.clear();
        self.wanted = None;
        self.extendable = false;
        self.extend_due_secs = None;
        self.request = Request::None;
        self.timeline.set(Cursor::Follow);
        self.generation += 1;
    }

    /// The network's view of the image, from before there is a trajectory.
    pub fn preview(&mut self, preview: Preview) {
        let fits = self
            .opened
            .as_ref()
            .is_some_and(|opened| opened.picture == preview.original);
        if fits {
            self.reconstruction = Some(preview.reconstruction);
            self.generation += 1;
        }
    }

    /// A person wants to see the projection with these parameters.
    ///
    /// Iterates that were computed already are shown at once. More of them than there are come from
    /// the last one when the worker still has it, else from x_0.
    pub fn want(&mut self, projection: ProjectionConfig, map: MapConfig, now_secs: f64) {
        if self.opened.is_none() {
            return;
        }
        self.wanted = Some((projection, map));
        self.extend_due_secs = None;
        let before = self.changed_secs.replace(now_secs);
        let rested = before.is_none_or(|before| now_secs - before >= DEBOUNCE_SECS);
        let due_secs = if rested {
            now_secs
        } else {
            now_secs + DEBOUNCE_SECS
        };
        let known = self.runs.find(&projection, &map);
        if let Some(id) = known {
            self.show(id);
        }
        self.refresh_outcome();
        self.request = Request::None;
        match known.and_then(|id| self.runs.get(id)) {
            Some(run) => {
                let is_workers_last = self.extendable && self.filing == Some(run.id());
                let is_complete = run.covers(projection.iterations);
                if is_complete && (is_workers_last || !run.growing) {
                    return;
                }
                if is_workers_last {
                    self.extend_due_secs = Some(due_secs);
                } else {
                    // Not there, or about to be cancelled by a request that is on its way.
                    self.request = Request::Project { due_secs };
                }
            }
            None => self.request = Request::Project { due_secs },
        }
    }

    fn show(&mut self, id: RunId) {
        self.runs.touch(id);
        if self.current != Some(id) {
            self.current = Some(id);
            self.generation += 1;
        }
    }

    /// Brings the current run's outcome up to date.
    fn refresh_outcome(&mut self) {
        let limit = self
            .wanted
            .map_or(usize::MAX, |(wanted, _)| wanted.iterations);
        let outcome = self.opened.as_ref().zip(self.current());
        let outcome = outcome.and_then(|(image, run)| {
            let result = run.outcome(limit, image)?;
            let pixels = PixelFigures::of(&result, image);
            Some((result, pixels))
        });
        (self.result, self.pixels) = match outcome {
            Some((result, pixels)) => (Some(result), pixels),
            None => (None, None),
        };
    }

    /// The commands that are due, given the parameters as they are now.
    pub fn due(
        &mut self,
        now_secs: f64,
        projection: ProjectionConfig,
        map: MapConfig,
    ) -> Option<Command> {
        if let Request::Project { due_secs } = self.request {
            if now_secs < due_secs || self.opened.is_none() {
                return None;
            }
            self.request = Request::Sent;
            self.wanted = Some((projection, map));
            self.sent.push_back((projection, map));
            // From now on the worker's last run is another one.
            self.extendable = false;
            return Some(Command::Project(projection, map));
        }
        if self
            .extend_due_secs
            .is_some_and(|due_secs| now_secs >= due_secs)
        {
            self.extend_due_secs = None;
            let iterations = projection.iterations;
            let run = self.runs.get_mut(self.current?)?;
            run.projection.iterations = iterations;
            run.growing = true;
            return Some(Command::ExtendProjection { iterations });
        }
        None
    }

    /// Seconds until [`Inspecting::due`] has something to say, if ever.
    pub fn next_due_secs(&self, now_secs: f64) -> Option<f64> {
        let due_secs = match self.request {
            Request::Project { due_secs } => Some(due_secs),
            _ => self.extend_due_secs,
        };
        due_secs.map(|due_secs| (due_secs - now_secs).max(0.0))
    }

    /// A new trajectory begins; the old one stays until its first iterate is there.
    pub fn projection_started(&mut self, config: ProjectionConfig) {
        if self.opened.is_none() {
            return;
        }
        self.no_longer_growing();
        self.filing = None;
        let asked = self.sent.iter().position(|(sent, _)| *sent == config);
        let asked = asked.and_then(|place| self.sent.drain(..=place).next_back());
        self.extendable = asked.is_some() && self.sent.is_empty();
        let (_, map) = asked.or(self.wanted).unwrap_or_default();
        self.begun = Some((config, map));
        // A change that came after the command was sent is still waiting for its turn.
        if self.request == Request::Sent {
            self.request = Request::Begun;
        }
    }

    /// One more iterate.
    pub fn iterated(&mut self, iterate: Iterate) {
        if iterate.scalars.t == 0 {
            let Some((projection, map)) = self.begun.take() else {
                return;
            };
            // Somebody may have gone back to a run that is known: then this one waits, kept.
            let awaited = self.request != Request::None
                || self.wanted.is_some_and(|(wanted, _)| wanted == projection);
            if self.request == Request::Begun {
                self.request = Request::None;
            }
            let id = self.runs.begin(projection, map);
            self.filing = Some(id);
            if awaited || self.current.is_none() {
                self.show(id);
                self.refresh_outcome();
            }
        }
        let Some(id) = self.filing else { return };
        self.runs.push(id, iterate);
        self.runs.trim(&[self.current, self.filing]);
        if let Some(run) = self.runs.get(id) {
            self.comparing.follow(run);
        }
    }

    /// The outcome so far.
    pub fn inspected(&mut self, inspection: Inspection) {
        let Some(run) = self.filing.and_then(|id| self.runs.get_mut(id)) else {
            return;
        };
        let known = run.result.as_ref().map_or(0, |result| result.iterations);
        if inspection.iterations >= known {
            run.result = Some(inspection);
        }
        let (id, run) = (run.id(), run.clone());
        self.comparing.follow(&run);
        self.refresh_kept();
        if self.current == Some(id) {
            self.refresh_outcome();
        }
    }

    /// The worker stopped projecting. `failed` says that what was asked for will not come.
    pub fn projection_ended(&mut self, failed: bool) {
        self.no_longer_growing();
        if self.request == Request::Begun || (failed && self.request == Request::Sent) {
            self.request = Request::None;
        }
    }

    fn no_longer_growing(&mut self) {
        if let Some(run) = self.filing.and_then(|id| self.runs.get_mut(id)) {
            run.growing = false;
            self.comparing.follow(run);
        }
    }

    /// A request was refused or taken back: nothing more is to come.
    pub fn give_up_waiting(&mut self) {
        if matches!(self.request, Request::Sent | Request::Begun) {
            self.request = Request::None;
        }
    }

    /// The worker may have dropped its last projection: more iterations come from x_0.
    pub fn worker_forgot(&mut self) {
        self.extendable = false;
        self.sent.clear();
    }
}

#[cfg(test)]
#[path = "kept_runs_tests.rs"]
mod kept_runs_tests;
#[cfg(test)]
#[path = "inspecting_tests.rs"]
mod tests;
