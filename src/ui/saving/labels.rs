//! Labels written beside the window, as soon as they are given.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::ui::state::labelling::Unsaved;
use kizumi_dataset::labels::{Change, LabelError, NewMask, Saved, add_contents, save_labels};

/// Images that are read at once for what they hold.
const AT_ONCE: usize = 64;

/// How long images are still read once the window is closed. The labels of the others are found by name alone.
const AFTER_CLOSING: Duration = Duration::from_secs(2);

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
        // Images are read once their labels are safe: that may take long.
        let mut unread: VecDeque<(PathBuf, Vec<(String, PathBuf)>)> = VecDeque::new();
        let mut closed: Option<Instant> = None;
        loop {
            let first = match (unread.is_empty(), closed) {
                (true, None) => receiver.recv().map_err(|_| TryRecvError::Disconnected),
                (true, Some(_)) => break,
                (false, _) => receiver.try_recv(),
            };
            if let Err(TryRecvError::Disconnected) = first {
                let since = closed.get_or_insert_with(Instant::now);
                if since.elapsed() > AFTER_CLOSING {
                    break;
                }
            }
            let first = first.ok();
            let is_new = first.is_some();
            for unsaved in first.into_iter().chain(receiver.try_iter()) {
                add(&mut waiting, unsaved);
            }
            let kept = waiting.extract_if(.., |unsaved| {
                let saved = is_new.then(|| save_labels(&unsaved.root, &unsaved.changes));
                let Some(saved) = saved else {
                    return false;
                };
                let is_kept = saved.is_ok();
                if let Err(error) = &saved {
                    tracing::error!("labels are not saved: {error}");
                }
                // The window may be gone; the file is there all the same.
                let _ = tell.send(saved);
                wake();
                is_kept
            });
            unread.extend(kept.flat_map(images_of));
            if let Some((root, images)) = unread.pop_front()
                && let Err(error) = add_contents(&root, &images)
            {
                tracing::warn!("labels do not say what their images hold: {error}");
            }
        }
    };
    let thread = std::thread::Builder::new().name("labels".into());
    Ok(Writer {
        sender,
        news,
        thread: thread.spawn(write)?,
    })
}

/// The images whose labels were kept, some at a time.
fn images_of(Unsaved { root, changes }: Unsaved) -> Vec<(PathBuf, Vec<(String, PathBuf)>)> {
    let images = changes.into_iter().filter(|one| one.label.is_some());
    let images: Vec<(String, PathBuf)> = images.map(|one| (one.image, one.path)).collect();
    let parts = images.chunks(AT_ONCE);
    parts.map(|part| (root.clone(), part.to_vec())).collect()
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
                mask: match change.mask {
                    NewMask::Same => before.mask,
                    new => new,
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
        Change::of(image, root.join(image), Some(label))
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
