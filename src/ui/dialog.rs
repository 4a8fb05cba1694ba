//! File dialogs, without ever making the window wait.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

use rfd::{AsyncFileDialog, FileHandle};

use super::action::Browse;
use super::project::ENDING;
use kizumi_dataset::walk::EXTENSIONS;

const MODELS: [&str; 1] = ["safetensors"];

/// Nobody closes a dialog faster than this: an answer that comes sooner means that none opened.
const NO_DIALOG_BELOW: Duration = Duration::from_millis(300);

/// What became of a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// This path was chosen.
    Path(Browse, PathBuf),
    /// It was closed without a choice.
    Nothing,
    /// None could be shown for this.
    Unavailable(Browse),
}

/// At most one open dialog.
#[derive(Debug, Default)]
pub struct Dialogs {
    open: Option<(Browse, Receiver<Picked>)>,
}

impl Dialogs {
    /// Opens a dialog over the window. `wake` is called when there is an answer.
    pub fn open(
        &mut self,
        what: Browse,
        start_in: Option<&Path>,
        (title, file_name): (&str, &str),
        parent: &eframe::Frame,
        wake: impl Fn() + Send + 'static,
    ) {
        if self.open.is_some() {
            return;
        }
        let mut dialog = AsyncFileDialog::new().set_title(title).set_parent(parent);
        if let Some(folder) = start_in {
            dialog = dialog.set_directory(folder);
        }
        let (sender, receiver) = channel();
        // The dialog is made here because some systems insist on the main thread; only the waiting
        // is done elsewhere.
        let answer: Pin<Box<dyn Future<Output = Option<FileHandle>> + Send>> = match what {
            Browse::Dataset
            | Browse::FindFolder
            | Browse::CopyImages
            | Browse::WatchFolder
            | Browse::WatchResults
            | Browse::SaveDataset(_) => Box::pin(dialog.pick_folder()),
            Browse::Project => Box::pin(dialog.add_filter(ENDING, &[ENDING]).pick_file()),
            Browse::SaveProject => Box::pin(
                dialog
                    .add_filter(ENDING, &[ENDING])
                    .set_file_name(file_name)
                    .save_file(),
            ),
            Browse::Model => Box::pin(dialog.add_filter("safetensors", &MODELS).pick_file()),
            Browse::Image => Box::pin(
                dialog
                    .add_filter(EXTENSIONS.join(", "), &EXTENSIONS)
                    .pick_file(),
            ),
            Browse::SaveModel => Box::pin(
                dialog
                    .add_filter("safetensors", &MODELS)
                    .set_file_name(file_name)
                    .save_file(),
            ),
            Browse::Save(export) => {
                let ending = export.ending();
                let dialog = dialog.add_filter(ending, &[ending]);
                Box::pin(dialog.set_file_name(file_name).save_file())
            }
        };
        let asked = Instant::now();
        let thread = std::thread::Builder::new()
            .name("file-dialog".into())
            .spawn(move || {
                let picked = match wait_for(answer) {
                    Some(file) => Picked::Path(what, file.path().to_path_buf()),
                    None if asked.elapsed() < NO_DIALOG_BELOW => Picked::Unavailable(what),
                    None => Picked::Nothing,
                };
                let _ = sender.send(picked);
                wake();
            });
        if thread.is_ok() {
            self.open = Some((what, receiver));
        }
    }

    /// The answer, once there is one.
    pub fn poll(&mut self) -> Option<Picked> {
        let (what, receiver) = self.open.as_ref()?;
        let answer = match receiver.try_recv() {
            Ok(picked) => picked,
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => Picked::Unavailable(*what),
        };
        self.open = None;
        Some(answer)
    }
}

/// Runs a future to its end on this thread.
fn wait_for<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let mut future = std::pin::pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_future_that_is_woken_from_elsewhere_ends() {
        let (sender, receiver) = channel::<Waker>();
        let mut asked = false;
        let future = std::future::poll_fn(move |context| {
            if std::mem::replace(&mut asked, true) {
                return Poll::Ready(7);
            }
            let _ = sender.send(context.waker().clone());
            Poll::Pending
        });
        let waker = std::thread::spawn(move || receiver.recv().map(Waker::wake));
        assert_eq!(wait_for(future), 7);
        assert!(waker.join().is_ok());
    }
}
