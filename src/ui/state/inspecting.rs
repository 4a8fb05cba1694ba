//! The image under inspection, its trajectories, and what is asked of the worker about them.

use kizumi_dataset::catalog::Entry;
use kizumi_engine::message::{
    Ids, ImageId, ModelId, OpenedImage, Refused, RunId, RunRequest, RunTicket, Source,
};
use kizumi_image::picture::Picture;
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::iterate::{Inspection, Iterate, IterateScalars, StopRule};
use kizumi_method::recording::Recording;

use super::comparing::{AbSide, Comparing};
use super::conversation::{Conversation, Known};
use super::runs::{PixelFigures, Run, Runs};
use super::timeline::{Cursor, Timeline};

mod image;

/// The inspection of one image.
#[derive(Debug, Default)]
pub struct Inspecting {
    /// The image a person chose; it may still be on its way.
    pub selected: Option<Entry>,
    /// The image that was chosen after that one and could not be opened.
    pub passed_over: Option<Entry>,
    /// That one, where it can be read and only the network cannot be shown it.
    pub refused: Option<Refused>,
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
    /// The image that is on its way, and the projection that was asked for along with it.
    coming: Option<(ImageId, Option<RunRequest>)>,
    /// The image that the worker said last that it had.
    heard: Option<ImageId>,
    /// The image that the worker has once it heard everything: what is painted it hears later.
    told: Option<ImageId>,
    /// The last image before everything was closed.
    left: Option<ImageId>,
    pub(super) runs: Runs,
    /// The run that is shown: that of the present parameters, or the one before as long as there is
    /// none.
    current: Option<RunId>,
    /// The run that the worker was asked for last.
    asked: Option<RunId>,
    /// How many iterations a person wants.
    limit: usize,
    conversation: Conversation,
    /// The run that was put aside to compare with, and which of both is looked at.
    pub(super) comparing: Comparing,
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

    /// Changes whenever another trajectory or image is shown: with the iterate's index it tells
    /// whether a drawn picture is still right.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether what is shown belongs to other parameters than the present ones.
    pub fn is_stale(&self) -> bool {
        let current = self.current().filter(|run| !run.recording.is_empty());
        current.is_some_and(|run| self.conversation.is_behind() || !self.is_of(run.ticket().image))
    }

    /// Whether another trajectory than the one shown is about to be asked for, or on its way.
    pub fn is_waiting(&self) -> bool {
        self.conversation.is_waiting()
    }

    /// The outcome that scores and verdicts may be taken from: that of a run with the present
    /// parameters that ended by itself.
    pub fn judged(&self) -> Option<&Inspection> {
        let result = self.result.as_ref().filter(|_| !self.is_stale())?;
        is_complete(result, self.limit).then_some(result)
    }

    /// The outcome of the present run, when somebody cancelled it.
    pub fn cancelled(&self) -> Option<&Inspection> {
        let result = self.result.as_ref().filter(|_| !self.is_stale())?;
        let growing = self.current().is_some_and(|run| run.growing);
        (result.stop == StopRule::Cancelled && !growing).then_some(result)
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

    /// No trajectory belongs to what is open any more.
    pub fn forget_trajectory(&mut self) {
        self.runs.clear();
        self.comparing.forget_runs();
        self.reconstruction = None;
        self.result = None;
        self.pixels = None;
        self.current = None;
        self.asked = None;
        self.conversation.end();
        self.timeline.set(Cursor::Follow);
        self.generation += 1;
    }

    /// Another model is at hand: nothing is known of the open image, and a projection is due.
    pub fn model_changed(&mut self) {
        self.forget_trajectory();
        self.refused = None;
        self.model_leaves();
    }

    /// Another model is on its way: what is shown is of the one before.
    pub fn model_leaves(&mut self) {
        if self.opened.is_some() {
            self.conversation.restart(None);
        }
    }

    /// It did not come: what is shown is right after all.
    pub fn model_stays(&mut self, projection: ProjectionConfig, map: MapConfig) {
        self.want(projection, map, f64::NEG_INFINITY);
    }

    /// A person wants to see the projection with these parameters.
    ///
    /// Iterates that were computed already are shown at once. More of them than there are come from
    /// the last one when the worker still has it, else from x_0.
    pub fn want(&mut self, projection: ProjectionConfig, map: MapConfig, now_secs: f64) {
        if self.opened.is_none() {
            return;
        }
        self.limit = projection.iterations;
        let run = self.runs.find(&projection, &map);
        let run = run.and_then(|id| self.runs.get(id));
        let known = match run {
            Some(run) => match (run.recording.is_empty(), run.covers(projection.iterations)) {
                (true, true) => Known::Asked(run.id()),
                (true, false) => Known::Nothing,
                (false, true) => Known::All,
                (false, false) => Known::Part,
            },
            None => Known::Nothing,
        };
        if let (Known::All | Known::Part, Some(id)) = (known, run.map(Run::id)) {
            self.show(id);
        }
        self.refresh_outcome();
        self.conversation.want(known, now_secs);
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
        let limit = self.limit;
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

    /// The projection to ask for now, if it is time: of the open image by this model, with the
    /// parameters as they are now.
    pub fn due(
        &mut self,
        now_secs: f64,
        model: ModelId,
        (projection, map): (ProjectionConfig, MapConfig),
        ids: &mut Ids,
    ) -> Option<RunRequest> {
        let image = self.settled_image()?;
        if !self.conversation.is_due(now_secs) {
            return None;
        }
        let known = self.runs.find(&projection, &map);
        let run = known.unwrap_or_else(|| ids.give());
        let ticket = RunTicket { image, model, run };
        self.runs.begin(ticket, projection, map);
        self.asked = Some(run);
        self.limit = projection.iterations;
        let is_there = self
            .runs
            .get(run)
            .is_some_and(|run| !run.recording.is_empty());
        if is_there {
            self.show(run);
        }
        self.conversation.ask(run, is_there);
        Some(RunRequest {
            ticket,
            projection,
            map,
        })
    }

    /// Seconds until [`Inspecting::due`] has something to say, if ever.
    pub fn next_due_secs(&self, now_secs: f64) -> Option<f64> {
        self.settled_image()?;
        self.conversation.next_due_secs(now_secs)
    }

    /// The worker is at a run. It may have ended before, and then have been asked for more.
    pub fn run_started(&mut self, id: RunId) {
        if self.asked == Some(id)
            && let Some(run) = self.runs.get_mut(id)
        {
            run.growing = true;
        }
    }

    /// One more iterate.
    pub fn iterated(&mut self, of: RunTicket, iterate: Iterate) {
        let Some(iterate) = self.comparing.iterated(of, iterate) else {
            return;
        };
        let Some(run) = self.runs.get(of.run).filter(|run| run.ticket() == of) else {
            return;
        };
        let is_first = run.recording.is_empty();
        self.runs.push(of.run, iterate);
        if is_first && self.conversation.first_iterate(of.run) {
            self.show(of.run);
            self.refresh_outcome();
        }
        self.runs.trim(&[self.current, self.asked]);
        if let Some(run) = self.runs.get(of.run) {
            self.comparing.follow(run);
        }
    }

    /// The outcome so far.
    pub fn inspected(&mut self, of: RunTicket, inspection: Inspection) {
        if self.rival_inspected(of, &inspection) {
            return;
        }
        let run = self.runs.get_mut(of.run).filter(|run| run.ticket() == of);
        let Some(run) = run else {
            return;
        };
        // A run that is asked for more and cancelled before has no less than it had.
        let is_more = run.result.as_ref().is_none_or(|known| {
            let same_length = inspection.iterations == known.iterations;
            let same_end = same_length && inspection.stop != StopRule::Cancelled;
            inspection.iterations > known.iterations || same_end
        });
        if is_more {
            run.result = Some(inspection);
        }
        let run = run.clone();
        self.comparing.follow(&run);
        self.refresh_kept();
        if self.current == Some(of.run) {
            self.refresh_outcome();
        }
    }

    /// The worker is done with a run, whether or not it began with it.
    pub fn run_ended(&mut self, id: RunId) {
        self.rival_ended(id);
        if let Some(run) = self.runs.get_mut(id) {
            run.growing = false;
            self.comparing.follow(run);
        }
        self.conversation.run_ended(id);
    }

    /// What did not come may come if it is asked for once more.
    pub fn retry(&mut self) {
        self.conversation.retry();
    }
}

/// Whether an outcome is that of a run of `iterations`: it did them all, or stopped by itself.
pub fn is_complete(result: &Inspection, iterations: usize) -> bool {
    match result.stop {
        StopRule::Threshold | StopRule::NotFinite => true,
        StopRule::Iterations => result.iterations == iterations,
        StopRule::Cancelled => false,
    }
}

#[cfg(test)]
#[path = "kept_runs_tests.rs"]
mod kept_runs_tests;
#[cfg(test)]
#[path = "inspecting_tests.rs"]
mod tests;
