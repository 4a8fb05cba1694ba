//! The worker that owns every tensor, and the messages it exchanges with the window.
//!
//! [`Engine`] is a handle to one named thread. Commands go in over an unbounded channel (people
//! are slow), events come out over a bounded one, so a window that falls behind slows the worker
//! instead of filling memory. The thread only pumps a [`worker::Worker`]; pause and cancel live
//! there and nowhere else.

mod detector;
mod image;
mod journal;
pub mod message;
mod outbox;
mod pace;
mod priority;
mod projection;
mod set;
mod sheet;
mod training;
pub mod worker;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, TryRecvError};

use message::{Command, Event};
use outbox::Outbox;
use worker::Worker;

/// Events that may wait for the window: about 25 MB of 128 x 128 iterates.
const EVENT_CAPACITY: usize = 64;

/// A handle to the worker thread; dropping it ends the thread after saving what is in training.
pub struct Engine {
    // Dropped in this order: a worker that waits for room in the channel gives up first.
    events: Option<Receiver<Event>>,
    commands: Option<Sender<Command>>,
    thread: Option<JoinHandle<()>>,
}

impl Engine {
    /// Starts the worker. `wake` is called from its thread after every event.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn spawn(wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        priority::start_compute_threads();
        let (commands, inbox) = crossbeam_channel::unbounded();
        let (sender, events) = crossbeam_channel::bounded(EVENT_CAPACITY);
        let outbox = Outbox::new(sender, Box::new(wake));
        let thread = std::thread::Builder::new()
            .name("kizumi-worker".into())
            .spawn(move || {
                priority::give_way();
                pump(&inbox, Worker::new(outbox));
            })?;
        Ok(Self {
            events: Some(events),
            commands: Some(commands),
            thread: Some(thread),
        })
    }

    /// Asks for something. Requests are carried out in order.
    pub fn send(&self, command: Command) {
        if let Some(commands) = &self.commands {
            // The worker outlives this handle, unless a panic ended it.
            if commands.send(command).is_err() {
                tracing::error!("the worker has ended and hears no commands");
            }
        }
    }

    /// The next event, if there is one.
    pub fn try_recv(&self) -> Option<Event> {
        self.events.as_ref()?.try_recv().ok()
    }

    /// Waits for the next event, at most this long: for tests and scripts.
    pub fn recv_timeout(&self, timeout: std::time::Duration) -> Option<Event> {
        self.events.as_ref()?.recv_timeout(timeout).ok()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.events.take();
        self.commands.take();
        if let Some(thread) = self.thread.take() {
            // A panic was already turned into an event, unless the event made it.
            if thread.join().is_err() {
                tracing::error!("the worker ended by a panic");
            }
        }
    }
}

fn pump(inbox: &Receiver<Command>, mut worker: Worker) {
    loop {
        let next = if worker.is_busy() {
            inbox.try_recv()
        } else {
            inbox.recv().map_err(|_| TryRecvError::Disconnected)
        };
        // Drivers and kernels report a lost device, or too little memory, by panicking.
        let outcome = catch_unwind(AssertUnwindSafe(|| match next {
            Ok(command) => {
                worker.obey(command);
                true
            }
            Err(TryRecvError::Empty) => {
                worker.advance();
                true
            }
            Err(TryRecvError::Disconnected) => {
                worker.close();
                false
            }
        }));
        match outcome {
            Ok(true) => {}
            Ok(false) => return,
            Err(panic) => worker.device_failed(&reason_of(panic.as_ref())),
        }
        if worker.is_abandoned() {
            if catch_unwind(AssertUnwindSafe(|| worker.close())).is_err() {
                tracing::error!("what was in training could not be saved");
            }
            return;
        }
    }
}

fn reason_of(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_else(|| "an unknown fault".into())
}
