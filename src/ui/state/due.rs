//! What is asked of the worker, and when.

use std::path::PathBuf;

use kizumi_dataset::catalog::Entry;
use kizumi_engine::message::{Command, ModelId, RunRequest, RunTicket};
use kizumi_method::config::{MapConfig, ProjectionConfig};

use super::State;

impl State {
    /// An image is to be shown: what to ask for. Its projection is asked for along with it.
    pub fn select(&mut self, entry: Entry) -> Command {
        let restored = self.restoring.as_ref().and_then(|it| it.image.as_ref());
        let open = self.inspecting.opened.as_ref().map(|open| &open.entry);
        if ![restored, open]
            .into_iter()
            .flatten()
            .any(|known| known.path == entry.path)
        {
            self.forget_a_to_come();
        }
        let image = self.ids.give();
        let (projection, map) = self.parameters();
        let model = self.model_at_hand();
        let then = model.map(|model| RunRequest {
            ticket: RunTicket {
                image,
                model,
                run: self.ids.give(),
            },
            projection,
            map,
        });
        self.inspecting.select(image, entry.clone(), then);
        Command::OpenImage { image, entry, then }
    }

    /// A model is to be read: what to ask for. From now on nothing is said of the open image in the
    /// name of the one before.
    pub fn open_model(&mut self, path: PathBuf) -> Command {
        let model = self.ids.give();
        self.opening = Some(model);
        self.inspecting.model_leaves();
        Command::OpenModel { model, path }
    }

    /// Whether there is no model yet because it is being opened.
    pub fn is_opening_model(&self) -> bool {
        self.model.is_none() && self.opening.is_some()
    }

    /// The parameters as they are now; those of the run that was put aside the last time as long as that is on its way.
    pub(super) fn parameters(&self) -> (ProjectionConfig, MapConfig) {
        match self.restoring.as_ref().and_then(|restoring| restoring.a) {
            Some(a) => (a.projection, a.map),
            None => (self.settings.projection, self.score_map()),
        }
    }

    /// The model that can be asked for something about an image.
    fn model_at_hand(&self) -> Option<ModelId> {
        let waits =
            self.opening.is_some() || self.jobs.block_projection() || self.waits_for_training();
        self.model.as_ref().filter(|_| !waits).map(|model| model.id)
    }

    /// The same, when the open image is there as that model sees it.
    fn model_for_open_image(&self) -> Option<ModelId> {
        let model = self.model_at_hand()?;
        let opened = self.inspecting.opened.as_ref()?;
        (opened.model == Some(model)).then_some(model)
    }

    /// The commands that are due at this time of the window's clock.
    pub fn due(&mut self, now_secs: f64) -> Option<Command> {
        self.set.keep_time(now_secs);
        if let Some(command) = self.pending.pop_front() {
            return Some(command);
        }
        if let Some(entry) = self.reopen.take() {
            return Some(self.select(entry));
        }
        if let Some(command) = self.due_for_truth() {
            return Some(command);
        }
        if (self.shows_photograph() || self.shows_part() || self.previews_photograph())
            && let Some(image) = self.inspecting.ask_for_source()
        {
            return Some(Command::OpenSource(image));
        }
        if let Some(command) = self.due_for_part() {
            return Some(command);
        }
        let model = self.model_for_open_image()?;
        let (projection, map) = self.parameters();
        let ids = &mut self.ids;
        let request = self.inspecting.due(now_secs, model, (projection, map), ids);
        if let Some(request) = request {
            return Some(Command::Project(request));
        }
        if let Some(command) = self.due_for_kept_model() {
            return Some(command);
        }
        let image = self.inspecting.settled_image()?;
        let ids = &mut self.ids;
        self.sheet
            .due(now_secs, (image, model), &projection, &map, ids)
    }

    /// Seconds until [`State::due`] has something to say, as far as it depends on time.
    pub fn next_due_secs(&self, now_secs: f64) -> Option<f64> {
        self.model_for_open_image()?;
        let times = [
            self.inspecting.next_due_secs(now_secs),
            self.sheet.next_due_secs(now_secs),
        ];
        times.into_iter().flatten().min_by(f64::total_cmp)
    }
}
