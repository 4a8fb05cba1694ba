//! Shows files with the desktop's own programs, beside the window: starting one may take a while.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};

/// A file that could not be shown, and why.
pub type NotShown = (PathBuf, String);

/// Asks the desktop to show files and remembers what it refused.
#[derive(Debug)]
pub struct Opener {
    sender: Sender<NotShown>,
    receiver: Receiver<NotShown>,
}

impl Default for Opener {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver }
    }
}

impl Opener {
    /// Asks for a file or a folder to be shown. `wake` is called when the desktop has answered.
    pub fn show(&self, path: PathBuf, wake: impl Fn() + Send + 'static) {
        self.ask(path, |path| open::that(path), wake);
    }

    fn ask(
        &self,
        path: PathBuf,
        ask: impl FnOnce(&Path) -> std::io::Result<()> + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) {
        let sender = self.sender.clone();
        let asked = path.clone();
        let thread = std::thread::Builder::new().name("opener".into());
        let spawned = thread.spawn(move || {
            if let Err(error) = ask(&asked) {
                // Without a window there is nobody to tell.
                let _ = sender.send((asked, error.to_string()));
            }
            wake();
        });
        if let Err(error) = spawned {
            let _ = self.sender.send((path, error.to_string()));
        }
    }

    /// The next file that could not be shown.
    pub fn poll(&self) -> Option<NotShown> {
        self.receiver.try_recv().ok()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_the_desktop_refuses_is_told() {
        let opener = Opener::default();
        let (woken, wakes) = channel();
        for refused in [true, false] {
            let woken = woken.clone();
            let ask = move |_: &Path| match refused {
                true => Err(std::io::Error::other("no editor")),
                false => Ok(()),
            };
            opener.ask("/state/kizumi.log".into(), ask, move || {
                woken.send(()).unwrap();
            });
            wakes.recv().unwrap();
        }
        let told = ("/state/kizumi.log".into(), "no editor".into());
        assert_eq!(opener.poll(), Some(told));
        assert_eq!(opener.poll(), None);
    }
}
