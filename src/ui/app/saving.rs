//! Saving and copying what is on screen.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use eframe::Frame;
use egui::Context;
use kizumi_dataset::labels::save_as::{Transfer, save_as};
use kizumi_image::safe_name::safe_name;
use kizumi_image::shown::shown;

use super::App;
use crate::ui::action::Browse;
use crate::ui::layers::Layer;
use crate::ui::saving::copies::{Copied, Copies, News};
use crate::ui::saving::table::{list, without_scores};
use crate::ui::saving::{Export, Screen, content, date};
use crate::ui::state::notice::{Level, Scope};

/// Files that are named when images could not be copied; the log names all of them.
const NAMED: usize = 3;

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
            (Export::FolderReport | Export::Table(_), Some(dataset)) => dataset.name(),
            _ => image.map_or("kizumi".into(), |name| safe_name(Path::new(name))),
        };
        export.file_name(&subject)
    }

    /// The path that a typed one begins as: a new file or folder in a place that people see, or the place itself.
    pub(super) fn proposed(&self, what: Browse) -> PathBuf {
        let folder = self.start_folder().or_else(std::env::home_dir);
        let folder = folder.unwrap_or_else(|| self.home.clone());
        match what {
            Browse::Save(export) => free_path(&folder, &self.file_name(export)),
            Browse::SaveProject => free_path(&folder, &self.project_file_name()),
            Browse::SaveModel => free_path(&folder, "model.safetensors"),
            Browse::CopyImages => {
                let name = self.state.dataset.as_ref().map(|dataset| dataset.name());
                let name = safe_name(Path::new(&name.unwrap_or_else(|| "kizumi".into())));
                free_path(&folder, &format!("{name}-images"))
            }
            _ => folder,
        }
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
        if let Export::Table(_) = export {
            self.tell_what_a_table_lacks();
        }
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

    /// A table has rows of images with scores: whoever counts them is told of the others.
    fn tell_what_a_table_lacks(&mut self) {
        let left_out = without_scores(&self.review);
        if left_out > 0 {
            let words = (self.text.saving.left_out)(left_out);
            self.state
                .notices
                .push_about(Scope::Dataset, Level::Warning, words);
        }
    }

    /// Writes the data set that the labels make to a new folder in this one.
    pub(super) fn save_dataset(&mut self, ctx: &Context, folder: PathBuf, transfer: Transfer) {
        let Some(open) = &self.state.dataset else {
            return;
        };
        let labelled = open.labels.applied(&open.catalog);
        let name = safe_name(Path::new(&open.name()));
        let path = free_path(&folder, &format!("{name}-labelled"));
        let unknown = labelled.counts().unknown;
        if unknown > 0 {
            let words = (self.text.labels.unknown_not_saved)(unknown);
            self.state
                .notices
                .push_about(Scope::Dataset, Level::Info, words);
        }
        let write =
            move |path: &Path| save_as(&labelled, path, transfer, &mut |_, _| true).map(drop);
        let wake = ctx.clone();
        self.saver
            .save(path, Box::new(write), move || wake.request_repaint());
    }

    /// Copies the images that are shown to a folder.
    pub(super) fn copy_images(&mut self, ctx: &Context, folder: PathBuf) {
        let Some(copies) = Copies::of(&self.state, &self.review) else {
            self.notify(Level::Warning, self.text.saving.nothing, None);
            return;
        };
        if self.state.copying.is_none() {
            let wake = ctx.clone();
            let wake = move || wake.request_repaint();
            let all = self.copier.begin(copies, folder, wake);
            self.state.copying = Some((0, all));
        }
    }

    pub(super) fn take_in_copied(&mut self) {
        while let Some(news) = self.copier.poll() {
            match news {
                News::Done(done) => {
                    if let Some((known, _)) = &mut self.state.copying {
                        *known = done;
                    }
                }
                News::Over(copied) => {
                    self.state.copying = None;
                    self.tell_what_was_copied(copied);
                }
            }
        }
    }

    fn tell_what_was_copied(&mut self, copied: Copied) {
        let text = self.text;
        let words = text.saving;
        let notices = &mut self.state.notices;
        let folder = shown(&copied.folder).to_string();
        if copied.images > 0 {
            let sentence = (words.images_copied)(copied.images, copied.overlays, &folder);
            notices.push_file(copied.folder, sentence);
        }
        let stopped = copied.stopped.map(words.copying_stopped);
        let stopped = stopped.map(|stopped| (Level::Info, stopped));
        let named = copied.troubles.iter().map(|trouble| {
            let sentence = words.trouble(text, trouble);
            tracing::error!("{sentence}");
            sentence
        });
        let mut named: Vec<String> = named.collect();
        if let Some(more) = named.len().checked_sub(NAMED).filter(|more| *more > 0) {
            named.truncate(NAMED);
            named.push((words.more_troubles)(more));
        }
        let troubles = (!named.is_empty()).then(|| (Level::Error, named.join("\n")));
        for (level, sentence) in stopped.into_iter().chain(troubles) {
            notices.push_about(Scope::Dataset, level, sentence);
        }
    }

    /// Says where labels are kept, when it is not beside their images.
    pub(super) fn take_in_labels(&mut self) {
        while let Some(kept) = self.labels.poll() {
            let words = self.text.labels;
            let (level, sentence) = match &kept {
                Ok(saved) => match (&saved.aside, &saved.above) {
                    (Some(why), _) => {
                        let path = shown(&saved.path).to_string();
                        (Level::Warning, (words.kept_aside)(&why.to_string(), &path))
                    }
                    (None, Some(why)) => (Level::Warning, (words.not_above)(&why.to_string())),
                    (None, None) => continue,
                },
                Err(error) => (Level::Error, (words.not_kept)(&error.to_string())),
            };
            self.state
                .notices
                .push_about(Scope::Dataset, level, sentence);
        }
    }

    /// Puts the list of the images that are shown on the clipboard.
    pub(super) fn copy_list(&mut self, ctx: &Context) {
        ctx.copy_text(list(&self.state, &self.review, self.text));
        let words = (self.text.saving.list_copied)(self.review.order.len());
        self.state
            .notices
            .push_about(Scope::Dataset, Level::Info, words);
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
            match saved {
                Ok(path) => {
                    let words = (self.text.saving.saved)(&shown(&path).to_string());
                    self.state.notices.push_file(path, words);
                }
                Err(reason) => {
                    tracing::error!("{reason}");
                    self.state
                        .notices
                        .push_about(Scope::Dataset, Level::Error, reason);
                }
            }
        }
    }
}

/// A file in a folder that is not there yet: `name`, or `name` with a number.
pub(super) fn free_path(folder: &Path, name: &str) -> PathBuf {
    let (stem, ending) = match name.rfind('.') {
        Some(dot) => name.split_at(dot),
        None => (name, ""),
    };
    let numbered = |number: u32| folder.join(format!("{stem}-{number}{ending}"));
    let first = std::iter::once(folder.join(name));
    first
        .chain((2..10_000).map(numbered))
        .find(|path| !path.exists())
        .unwrap_or_else(|| folder.join(name))
}
