//! A folder is watched by this very program, started once more: the command line's watcher and no other.
//!
//! ```text
//! child: rows on stdout, remarks on stderr -> threads -> Log -> State, once a frame
//! window: the end of the child's stdin -> the child ends what it has begun, and then itself
//! ```

mod lines;
pub mod pictures;
mod process;

use std::ffi::OsString;
use std::process::Command;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::state::watching::{End, Log, Order};
use crate::language::Language;
use process::{Shared, supervise};

/// How long a watcher may take to end what it has begun when a person stops it.
const STOP_PATIENCE: Duration = Duration::from_secs(20);

/// And when the window closes.
const CLOSE_PATIENCE: Duration = Duration::from_secs(3);

/// What is new.
#[derive(Debug)]
pub struct News {
    /// What has come so far.
    pub log: Log,
    /// How the watcher ended, if it has.
    pub end: Option<End>,
}

/// At most one program that watches, which ends with this.
#[derive(Debug)]
pub struct Watcher {
    /// The program, and arguments before those of an order.
    program: Vec<OsString>,
    /// When the clock of logs began.
    began: Instant,
    shared: Arc<Mutex<Shared>>,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    /// Asks it to end within so long.
    end: Sender<Duration>,
    thread: JoinHandle<()>,
}

impl Default for Watcher {
    fn default() -> Self {
        Self::of(Vec::new())
    }
}

impl Watcher {
    /// One that starts this program; an empty one is the program that runs.
    pub fn of(program: Vec<OsString>) -> Self {
        Self {
            program,
            began: Instant::now(),
            shared: Arc::default(),
            running: None,
        }
    }

    /// The time on the clock of logs.
    pub fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Starts to watch; what comes is added to `log`, remarks are in this language. One that watches already is ended before. `wake` is called
    /// when there is news.
    pub fn start(
        &mut self,
        order: &Order,
        language: Language,
        log: Log,
        wake: impl Fn() + Send + Sync + 'static,
    ) {
        self.finish();
        let shared = Arc::new(Mutex::new(Shared::new(log, self.began)));
        self.shared = Arc::clone(&shared);
        let command = match self.command(order, language) {
            Ok(command) => command,
            Err(error) => return lock(&shared).end(End::NotStarted(error.to_string())),
        };
        let (end, ends) = channel();
        let its = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("watcher".into());
        match thread.spawn(move || supervise(command, &its, &ends, Arc::new(wake))) {
            Ok(thread) => self.running = Some(Running { end, thread }),
            Err(error) => lock(&shared).end(End::NotStarted(error.to_string())),
        }
    }

    fn command(&self, order: &Order, language: Language) -> std::io::Result<Command> {
        let mut command = match self.program.split_first() {
            Some((program, first)) => {
                let mut command = Command::new(program);
                command.args(first);
                command
            }
            None => Command::new(std::env::current_exe()?),
        };
        command.args(order.arguments(language));
        Ok(command)
    }

    /// Asks the watcher to end.
    pub fn stop(&self) {
        self.ask(STOP_PATIENCE);
    }

    /// Ends the watcher and waits for it, a few seconds at most.
    pub fn finish(&mut self) {
        self.ask(CLOSE_PATIENCE);
        if let Some(running) = self.running.take() {
            // One that panicked is over, too.
            let _ = running.thread.join();
        }
    }

    fn ask(&self, patience: Duration) {
        if let Some(running) = &self.running {
            // One that has ended needs not be asked.
            let _ = running.end.send(patience);
        }
    }

    /// What is new since the last time.
    pub fn poll(&mut self) -> Option<News> {
        let news = lock(&self.shared).news()?;
        if news.end.is_some()
            && let Some(running) = self.running.take()
        {
            let _ = running.thread.join();
        }
        Some(news)
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.finish();
    }
}

/// A thread that panicked leaves whole rows behind.
fn lock(shared: &Mutex<Shared>) -> std::sync::MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests;
