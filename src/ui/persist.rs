//! Saves settings beside the window's thread: writing a file may take a while.

use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use crate::ui::settings_file::SettingsFile;

use super::settings::Settings;

/// Seconds of the window's clock between two saves.
const EVERY_SECS: f64 = 3.0;

/// Keeps the settings file up to date.
#[derive(Debug, Default)]
pub struct Persist {
    writer: Option<(Sender<Settings>, JoinHandle<()>)>,
    saved: Settings,
    saved_secs: f64,
}

impl Persist {
    /// Reads the settings at `path` and keeps them up to date from then on. Gives the settings and
    /// what a person should know, in sentences.
    pub fn open(path: &Path) -> (Self, Settings, Vec<String>) {
        let opened = SettingsFile::open::<Settings>(path);
        let file = opened.file;
        let (sender, receiver) = channel::<Settings>();
        let thread = std::thread::Builder::new()
            .name("settings".into())
            .spawn(move || {
                while let Ok(mut settings) = receiver.recv() {
                    // Only the newest counts.
                    while let Ok(newer) = receiver.try_recv() {
                        settings = newer;
                    }
                    // Nothing they made is lost, so it is no reason to interrupt anybody.
                    if let Err(error) = file.save(&settings) {
                        tracing::error!("the settings are not saved: {error:#}");
                    }
                }
            });
        let persist = Self {
            writer: thread.ok().map(|thread| (sender, thread)),
            saved: opened.settings.clone(),
            saved_secs: 0.0,
        };
        (persist, opened.settings, opened.warnings)
    }

    /// Saves what changed, now and then.
    pub fn keep(&mut self, settings: &Settings, now_secs: f64) {
        if now_secs - self.saved_secs >= EVERY_SECS {
            self.saved_secs = now_secs;
            self.send(settings);
        }
    }

    /// Saves what changed and waits until it is written.
    pub fn finish(&mut self, settings: &Settings) {
        self.send(settings);
        if let Some((sender, thread)) = self.writer.take() {
            drop(sender);
            if thread.join().is_err() {
                tracing::error!("the settings may not be saved: their thread panicked");
            }
        }
    }

    fn send(&mut self, settings: &Settings) {
        if self.saved != *settings
            && let Some((sender, _)) = &self.writer
        {
            self.saved = settings.clone();
            if sender.send(settings.clone()).is_err() {
                tracing::error!("the settings are not saved: their thread has ended");
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::ui::settings::ThemeChoice;

    #[test]
    fn what_was_set_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let (mut persist, mut settings, warnings) = Persist::open(&path);
        assert_eq!((&settings, warnings.len()), (&Settings::default(), 0));
        settings.theme = ThemeChoice::Dark;
        settings.projection.alpha = 0.25;
        persist.keep(&settings, 0.0);
        persist.finish(&settings);
        let (_, again, _) = Persist::open(&path);
        assert_eq!(again, settings);
    }
}
