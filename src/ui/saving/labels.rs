//! Labels written beside the window, as soon as they are given.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use crate::ui::state::labelling::Unsaved;
use kizumi_dataset::labels::{Change, LabelError, Saved, save};

/// Writes them, one data set after the other; by default, as settings without a file, it writes nothing.
#[derive(Debug, Default)]
pub struct LabelKeeper {
    keeps: bool,
    writer: Option<Writer>,
}

#[derive(Debug)]
struct Writer {
    sender: Sender<Unsaved>,
    news: Receiver<Result<Saved, LabelError>>,
    thread: JoinHandle<()>,
}

impl LabelKeeper {
    /// One that writes.
    pub fn new() -> Self {
        Self {
            keeps: true,
            writer: None,
        }
    }

    /// Begins to write. `wake` is called when it is done, or not.
    pub fn keep(&mut self, unsaved: Vec<Unsaved>, wake: impl Fn() + Send + 'static) {
        if unsaved.is_empty() || !self.keeps {
            return;
        }
        if self.writer.is_none() {
            self.writer = start(wake)
                .inspect_err(|error| tracing::error!("labels will not be saved: {error}"))
                .ok();
        }
        if let Some(writer) = &self.writer {
            for one in unsaved {
                if writer.sender.send(one).is_err() {
                    tracing::error!("labels are not saved: the thread for it has ended");
                }
            }
        }
    }

    /// What became of the last ones.
    pub fn poll(&self) -> Option<Result<Saved, LabelError>> {
        self.writer.as_ref()?.news.try_recv().ok()
    }

    /// Waits until everything is written.
    pub fn finish(&mut self) {
        if let Some(Writer { sender, thread, .. }) = self.writer.take() {
            drop(sender);
            if thread.join().is_err() {
                tracing::error!("labels may not be saved: the thread for it panicked");
            }
        }
    }
}

fn start(wake: impl Fn() + Send + 'static) -> std::io::Result<Writer> {
    let (sender, receiver) = channel::<Unsaved>();
    let (tell, news) = channel();
    let write = move || {
        // What could not be written is tried again with what comes next.
        let mut waiting: Vec<Unsaved> = Vec::new();
        while let Ok(first) = receiver.recv() {
            for unsaved in std::iter::once(first).chain(receiver.try_iter()) {
                add(&mut waiting, unsaved);
            }
            waiting.retain(|unsaved| {
                let saved = save(&unsaved.root, &unsaved.changes);
                let failed = saved.is_err();
                if let Err(error) = &saved {
                    tracing::error!("labels are not saved: {error}");
                }
                // The window may be gone; the file is there all the same.
                let _ = tell.send(saved);
                wake();
                failed
            });
        }
    };
    let thread = std::thread::Builder::new().name("labels".into());
    Ok(Writer {
        sender,
        news,
        thread: thread.spawn(write)?,
    })
}

/// Of each image the last label counts; whatever the file calls it by another name is kept.
fn add(waiting: &mut Vec<Unsaved>, unsaved: Unsaved) {
    let known = waiting.iter().position(|one| one.root == unsaved.root);
    let Some(known) = known else {
        waiting.push(unsaved);
        return;
    };
    for change in unsaved.changes {
        let changes = &mut waiting[known].changes;
        let before = changes.iter().position(|one| one.image == change.image);
        match before.map(|at| changes.swap_remove(at)) {
            Some(before) => changes.push(Change {
                earlier_name: change.earlier_name.or(before.earlier_name),
                mask: match change.unwanted {
                    Some(_) => change.mask,
                    None => change.mask.or(before.mask),
                },
                unwanted: change.unwanted.or(before.unwanted),
                ..change
            }),
            None => changes.push(change),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kizumi_dataset::labels::{FILE_NAME, Label};

    fn change(root: &std::path::Path, image: &str, label: Label) -> Change {
        Change {
            image: image.into(),
            path: root.join(image),
            label: Some(label),
            earlier_name: None,
            mask: None,
            unwanted: None,
        }
    }

    #[test]
    fn labels_given_one_after_the_other_are_all_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let mut keeper = LabelKeeper::new();
        for i in 0..200 {
            let unsaved = Unsaved {
                root: root.into(),
                changes: vec![
                    change(root, &format!("{i}.png"), Label::NG),
                    change(root, &format!("{i}.png"), Label::Ok),
                ],
            };
            keeper.keep(vec![unsaved], || {});
        }
        keeper.finish();
        let text = std::fs::read_to_string(root.join(FILE_NAME)).unwrap();
        assert_eq!(text.matches("\"ok\"").count(), 200);
        assert!(!text.contains("\"ng\""));
    }
}
