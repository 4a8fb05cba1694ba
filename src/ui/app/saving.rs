//! Saving and copying what is on screen.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use eframe::Frame;
use egui::Context;
use kizumi_image::safe_name::safe_name;
use kizumi_image::shown::shown;

use super::App;
use crate::ui::action::Browse;
use crate::ui::layers::Layer;
use crate::ui::saving::{Export, Screen, content, date};
use crate::ui::state::notice::{Level, Scope};

impl App {
    /// Asks for a file to save what is on screen in.
    pub(super) fn ask_where(&mut self, ctx: &Context, frame: &Frame, export: Export) {
        if self.state.dialog_open {
            return;
        }
        self.state.dialog_open = true;
        let wake = ctx.clone();
        let wake = move || wake.request_repaint();
        let name = self.file_name(export);
        let title = self.text.saving.export(export);
        let start_in = self.start_folder();
        let what = Browse::Save(export);
        self.dialogs
            .open(what, start_in.as_deref(), (title, &name), frame, wake);
    }

    /// What a file is called that shows this.
    pub(super) fn file_name(&self, export: Export) -> String {
        let opened = self.state.inspecting.opened.as_ref();
        let image = opened.and_then(|opened| opened.entry.path.file_stem());
        let subject = match (export, &self.state.dataset) {
            (Export::FolderReport, Some(dataset)) => dataset.name(),
            _ => image.map_or("kizumi".into(), |name| safe_name(Path::new(name))),
        };
        export.file_name(&subject)
    }

    /// What can be saved now.
    pub fn screen(&mut self) -> Screen<'_> {
        Screen {
            state: &self.state,
            layers: &mut self.layers,
            review: &self.review,
            text: self.text,
            date: date::written(SystemTime::now()),
        }
    }

    pub(super) fn save(&mut self, ctx: &Context, export: Export, path: PathBuf) {
        let wake = ctx.clone();
        match content(export, self.screen()) {
            Some(content) => {
                let path = export.with_ending(path);
                let wake = move || wake.request_repaint();
                self.saver.save(path, content, wake);
            }
            None => {
                self.notify(Level::Warning, self.text.saving.nothing, None);
            }
        }
    }

    pub(super) fn copy(&mut self, ctx: &Context, layer: Layer) {
        let (level, text) = match self.layers.image(layer) {
            Some(image) => {
                ctx.copy_image((*image).clone());
                (Level::Info, self.text.saving.copied)
            }
            None => (Level::Warning, self.text.saving.nothing),
        };
        self.state.notices.push(level, text, None);
    }

    pub(super) fn take_in_saved(&mut self) {
        while let Some(saved) = self.saver.poll() {
            let (level, text) = match saved {
                Ok(path) => {
                    let words = self.text.saving.saved;
                    (Level::Info, words(&shown(&path).to_string()))
                }
                Err(reason) => (Level::Error, reason),
            };
            if level == Level::Error {
                tracing::error!("{text}");
            }
            self.state.notices.push_about(Scope::Dataset, level, text);
        }
    }
}

/// A file in a folder that is not there yet: `name`, or `name` with a number.
pub(super) fn free_path(folder: &Path, name: &str) -> PathBuf {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let numbered = |number: u32| folder.join(format!("{stem}-{number}.{ending}"));
    let first = std::iter::once(folder.join(name));
    first
        .chain((2..10_000).map(numbered))
        .find(|path| !path.exists())
        .unwrap_or_else(|| folder.join(name))
}
