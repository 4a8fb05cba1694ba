//! Saves files beside the window's thread: writing one may take a while.

use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ui::settings_file::SettingsFile;

/// Seconds of the window's clock between two saves.
const EVERY_SECS: f64 = 3.0;

/// What can be kept in a file.
pub trait Kept:
    Clone + Default + PartialEq + Serialize + DeserializeOwned + Send + 'static
{
}

impl<T: Clone + Default + PartialEq + Serialize + DeserializeOwned + Send + 'static> Kept for T {}

/// Keeps a file up to date.
#[derive(Debug, Default)]
pub struct Persist<T> {
    writer: Option<(Sender<T>, JoinHandle<()>)>,
    /// Why the last save failed, until somebody takes it.
    trouble: Arc<Mutex<Option<String>>>,
    saved: T,
    saved_secs: f64,
}

impl<T: Kept> Persist<T> {
    /// Reads the file at `path` and keeps it up to date from then on. `what` is what people call it.
    /// Gives its contents and what a person should know, in sentences.
    pub fn open(path: &Path, what: &'static str) -> (Self, T, Vec<String>) {
        let opened = SettingsFile::open::<T>(path, what);
        let persist = Self::of(opened.file, what, opened.settings.clone());
        (persist, opened.settings, opened.warnings)
    }

    /// Keeps the file at `path` up to date from now on, which holds `contents` or is to be replaced. Says why it
    /// will not be saved, if so.
    pub fn take(path: &Path, what: &'static str, contents: T) -> (Self, Option<String>) {
        let (file, warning) = SettingsFile::take(path, what);
        (Self::of(file, what, contents), warning)
    }

    fn of(file: SettingsFile, what: &'static str, saved: T) -> Self {
        let is_saving = file.is_saving();
        let (sender, receiver) = channel::<T>();
        let trouble = Arc::new(Mutex::new(None));
        let trouble_of_writer = Arc::clone(&trouble);
        let write = move || {
            let mut fails = false;
            while let Ok(mut contents) = receiver.recv() {
                // Only the newest counts.
                while let Ok(newer) = receiver.try_recv() {
                    contents = newer;
                }
                let saved = file.save(&contents);
                if let Err(error) = &saved {
                    tracing::error!("the {what} is not saved: {error:#}");
                    if let (false, Ok(mut trouble)) = (fails, trouble_of_writer.lock()) {
                        *trouble = Some(format!("The {what} is not saved: {error:#}."));
                    }
                }
                fails = saved.is_err();
            }
        };
        let writer = is_saving.then(|| {
            let thread = std::thread::Builder::new().name(what.into());
            thread.spawn(write).inspect_err(|error| {
                tracing::error!("the {what} will not be saved: {error}");
            })
        });
        Self {
            writer: writer.and_then(Result::ok).map(|thread| (sender, thread)),
            trouble,
            saved,
            saved_secs: 0.0,
        }
    }

    /// Why a save failed after one that did not, in a sentence; once.
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().ok()?.take()
    }

    /// Whether what is kept is written; another program may own the file.
    pub fn is_saving(&self) -> bool {
        self.writer.is_some()
    }

    /// Whether [`Persist::keep`] would save now.
    pub fn is_due(&self, now_secs: f64) -> bool {
        now_secs - self.saved_secs >= EVERY_SECS
    }

    /// Saves what changed, now and then.
    pub fn keep(&mut self, contents: &T, now_secs: f64) {
        if self.is_due(now_secs) {
            self.saved_secs = now_secs;
            self.save(contents);
        }
    }

    /// Saves what changed and waits until it is written.
    pub fn finish(&mut self, contents: &T) {
        self.save(contents);
        self.close();
    }

    /// Waits until everything is written; nothing is saved any more.
    pub fn close(&mut self) {
        if let Some((sender, thread)) = self.writer.take() {
            drop(sender);
            if thread.join().is_err() {
                tracing::error!("something may not be saved: the thread for it panicked");
            }
        }
    }

    /// Saves what changed.
    pub fn save(&mut self, contents: &T) {
        if self.saved != *contents
            && let Some((sender, _)) = &self.writer
        {
            self.saved = contents.clone();
            if sender.send(contents.clone()).is_err() {
                tracing::error!("something is not saved: the thread for it has ended");
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::ui::settings::{Settings, ThemeChoice};

    #[test]
    fn what_was_set_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let (mut persist, mut settings, warnings) = Persist::<Settings>::open(&path, "settings");
        assert_eq!((&settings, warnings.len()), (&Settings::default(), 0));
        settings.theme = ThemeChoice::Dark;
        settings.projection.alpha = 0.25;
        persist.keep(&settings, 0.0);
        persist.finish(&settings);
        let (_, again, _) = Persist::<Settings>::open(&path, "settings");
        assert_eq!(again, settings);
    }

    #[test]
    fn the_second_window_does_not_save() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("session.json");
        let (mut first, ..) = Persist::<Vec<u8>>::open(&path, "session");
        let (mut second, ..) = Persist::<Vec<u8>>::open(&path, "session");
        assert_eq!((first.is_saving(), second.is_saving()), (true, false));
        first.finish(&vec![1]);
        second.finish(&vec![2]);
        let (_, kept, _) = Persist::<Vec<u8>>::open(&path, "session");
        assert_eq!(kept, [1]);
    }
}
