//! Watching a folder: the program that does it, and what it says.

use std::path::Path;
use std::time::Duration;

use egui::Context;

use super::App;
use crate::ui::action::Browse;
use crate::ui::state::Step;
use crate::ui::state::notice::Level;
use crate::ui::state::watching::WatchForm;

/// So often the counters of the last hour are looked at when nothing comes.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

impl App {
    /// A dialog has named a folder to watch, or one for the results.
    pub(super) fn name_watched(&mut self, what: Browse, folder: &Path) {
        let Some(folder) = folder.to_str().map(str::to_owned) else {
            self.notify(Level::Warning, self.text.watching.no_text, None);
            return;
        };
        let form = &self.state.watching.form;
        self.state.watching.form = match what {
            Browse::WatchResults => WatchForm {
                out: folder,
                ..form.clone()
            },
            _ => form.with_folder(folder),
        };
        self.state.step = Step::Review;
    }

    /// Starts the program that watches what was ordered.
    pub(super) fn start_watching(&mut self, ctx: &Context) {
        let watching = &mut self.state.watching;
        if let Some(order) = &watching.order {
            let wake = ctx.clone();
            let log = watching.log.clone();
            self.watcher.start(order, self.text.language, log, move || {
                wake.request_repaint()
            });
        }
    }

    /// Takes in what it has said since the last frame.
    pub(super) fn take_in_watched(&mut self, ctx: &Context) {
        let now = self.watcher.now();
        let watching = &mut self.state.watching;
        watching.now = now;
        if watching.is_active() {
            ctx.request_repaint_after(LOOK_AGAIN);
        }
        let Some(news) = self.watcher.poll() else {
            return;
        };
        watching.log = news.log;
        let Some(end) = news.end else { return };
        watching.ended(end);
        let folder = watching.folder_path();
        let trouble = watching.trouble().map(|end| self.text.watching.end(end));
        let is_in_sight = watching.is_shown && self.state.step == Step::Review;
        if let Some(trouble) = trouble {
            let words = (self.text.watching.ended_notice)(&folder, &trouble);
            match is_in_sight {
                true => tracing::error!("{words}"),
                false => self.notify(Level::Error, words, None),
            }
        }
    }

    /// Has this program watch instead, for tests.
    #[cfg(test)]
    pub fn watch_with(&mut self, program: Vec<std::ffi::OsString>) {
        self.watcher = crate::ui::watching::Watcher::of(program);
    }
}
