//! The image under inspection, its trajectory, and when to compute it anew.

use crate::data::catalog::Entry;
use crate::data::config::{MapConfig, ProjectionConfig};
use crate::data::iterate::{Inspection, Iterate, IterateScalars, StopRule};
use crate::data::picture::Picture;
use crate::data::recording::Recording;
use crate::engine::message::{Command, OpenedImage, Preview, Source};

use super::timeline::{Cursor, Timeline};

/// Seconds without a further change before a changed parameter takes effect.
pub const DEBOUNCE_SECS: f64 = 0.12;

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
    /// The outcome of the trajectory.
    pub result: Option<Inspection>,
    /// Which iterate is looked at.
    pub timeline: Timeline,
    recording: Recording,
    /// Parameters of the recorded trajectory, with the total it was extended to.
    run: Option<ProjectionConfig>,
    request: Request,
    /// When a larger number of iterations takes effect, in seconds of the window's clock.
    extend_due_secs: Option<f64>,
    /// Whether iterates that arrive belong to the image that is open.
    accepts: bool,
    generation: u64,
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

impl Inspecting {
    /// The trajectory so far.
    pub fn recording(&self) -> &Recording {
        &self.recording
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
        self.request != Request::None && !self.recording.is_empty()
    }

    /// Whether a projection is due, on its way or beginning.
    pub fn is_waiting(&self) -> bool {
        self.request != Request::None
    }

    /// The newest iterate that is shown when a person wants `iterations` of them.
    pub fn last_shown(&self, iterations: usize) -> usize {
        self.recording.len().saturating_sub(1).min(iterations)
    }

    /// The iterate that is shown.
    pub fn shown(&self, iterations: usize) -> usize {
        self.timeline.cursor().resolve(self.last_shown(iterations))
    }

    /// The numbers of every iterate that can be shown.
    pub fn scalars(&self, iterations: usize) -> &[IterateScalars] {
        let scalars = self.recording.scalars();
        &scalars[..scalars.len().min(iterations.saturating_add(1))]
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

    /// The trajectory no longer belongs to what is open.
    pub fn forget_trajectory(&mut self) {
        self.recording = Recording::default();
        self.reconstruction = None;
        self.result = None;
        self.run = None;
        self.accepts = false;
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

    /// A parameter changed that needs a projection from x_0.
    pub fn parameters_changed(&mut self, now_secs: f64) {
        if self.opened.is_some() {
            self.request = Request::Project {
                due_secs: now_secs + DEBOUNCE_SECS,
            };
            self.extend_due_secs = None;
        }
    }

    /// The number of iterations changed: fewer only limits what is shown, more goes on from the
    /// last iterate.
    pub fn iterations_changed(&mut self, iterations: usize, now_secs: f64) {
        let Some(run) = self.run else { return };
        if self.request != Request::None {
            return; // The projection that is due takes the new number along.
        }
        let finished_early = self
            .result
            .as_ref()
            .is_some_and(|result| matches!(result.stop, StopRule::Threshold | StopRule::NotFinite));
        self.extend_due_secs =
            (iterations > run.iterations && !finished_early).then_some(now_secs + DEBOUNCE_SECS);
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
            return Some(Command::Project(projection, map));
        }
        if self
            .extend_due_secs
            .is_some_and(|due_secs| now_secs >= due_secs)
        {
            self.extend_due_secs = None;
            let run = self.run.as_mut()?;
            run.iterations = projection.iterations;
            return Some(Command::ExtendProjection {
                iterations: projection.iterations,
            });
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
        self.accepts = true;
        self.run = Some(config);
        // A change that came after the command was sent is still waiting for its turn.
        if !matches!(self.request, Request::Project { .. }) {
            self.request = Request::Begun;
        }
    }

    /// One more iterate.
    pub fn iterated(&mut self, iterate: Iterate) {
        if !self.accepts {
            return;
        }
        let t = iterate.scalars.t;
        if t == 0 {
            self.recording = Recording::default();
            self.result = None;
            self.generation += 1;
            if self.request == Request::Begun {
                self.request = Request::None;
            }
        }
        if t == self.recording.len() {
            self.recording.push(iterate);
        }
    }

    /// The outcome so far.
    pub fn inspected(&mut self, inspection: Inspection) {
        if self.accepts {
            self.result = Some(inspection);
        }
    }

    /// The worker stopped projecting. `failed` says that what was asked for will not come.
    pub fn projection_ended(&mut self, failed: bool) {
        if self.request == Request::Begun || (failed && self.request == Request::Sent) {
            self.request = Request::None;
        }
    }

    /// A request was refused or taken back: nothing more is to come.
    pub fn give_up_waiting(&mut self) {
        if matches!(self.request, Request::Sent | Request::Begun) {
            self.request = Request::None;
        }
    }
}

#[cfg(test)]
#[path = "inspecting_tests.rs"]
mod tests;
