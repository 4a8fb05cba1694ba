//! The worker that owns every tensor, and the messages it exchanges with the window.
//!
//! [`Engine`] is a handle to one named thread. Commands go in over an unbounded channel (people
//! are slow), events come out over a bounded one, so a window that falls behind slows the worker
//! instead of filling memory. The thread only pumps a [`worker::Worker`]; pause and cancel live
//! there and nowhere else.

mod checking;
mod detector;
mod image;
mod journal;
pub mod message;
mod outbox;
mod pace;
mod previewing;
mod priority;
mod projection;
mod set;
mod sheet;
mod training;
pub mod worker;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, TryRecvError};
use kizumi_method::config::DeviceChoice;

use kizumi_compute::training::driver::reason_of;

use message::{Command, Denial, Event};
use outbox::Outbox;
use worker::Worker;

/// Events that may wait for the window: about 25 MB of 128 x 128 iterates.
const EVENT_CAPACITY: usize = 64;

/// A handle to the worker thread; dropping it ends the thread after saving what is in training. A
/// worker that dies is replaced: see [`Engine::try_recv`].
pub struct Engine {
    link: Link,
    wake: Wake,
    /// Where models go that cannot be written where they belong.
    spare_models: Option<PathBuf>,
    /// What the thread does.
    work: Work,
    /// The device that was asked for last.
    choice: Cell<Option<DeviceChoice>>,
}

type Wake = Arc<dyn Fn() + Send + Sync>;
type Work = fn(&Receiver<Command>, Worker);

/// A worker's thread, and the ways to and from it.
struct Link {
    // Dropped in this order: a worker that waits for room in the channel gives up first.
    events: Option<Receiver<Event>>,
    commands: Option<Sender<Command>>,
    thread: Option<JoinHandle<()>>,
}

impl Link {
    fn open(wake: &Wake, spare_models: Option<PathBuf>, work: Work) -> std::io::Result<Self> {
        let (commands, inbox) = crossbeam_channel::unbounded();
        let (sender, events) = crossbeam_channel::bounded(EVENT_CAPACITY);
        let outbox = Outbox::new(sender, Arc::clone(wake));
        let thread = std::thread::Builder::new()
            .name("kizumi-worker".into())
            .spawn(move || {
                priority::give_way();
                work(&inbox, Worker::new(outbox, spare_models));
            })?;
        Ok(Self {
            events: Some(events),
            commands: Some(commands),
            thread: Some(thread),
        })
    }
}

impl Engine {
    /// Starts the worker. `wake` is called from its thread after every event. A trained model that cannot
    /// be written where it belongs goes into the folder `spare_models`.
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn spawn(
        wake: impl Fn() + Send + Sync + 'static,
        spare_models: Option<PathBuf>,
    ) -> std::io::Result<Self> {
        priority::start_compute_threads();
        Self::start(Arc::new(wake), spare_models, pump)
    }

    fn start(wake: Wake, spare_models: Option<PathBuf>, work: Work) -> std::io::Result<Self> {
        Ok(Self {
            link: Link::open(&wake, spare_models.clone(), work)?,
            wake,
            spare_models,
            work,
            choice: Cell::default(),
        })
    }

    /// Asks for something. Requests are carried out in order.
    pub fn send(&self, command: Command) {
        if let Command::UseDevice(choice) = command {
            self.choice.set(Some(choice));
        }
        if let Some(commands) = &self.link.commands {
            // A worker that died is replaced when its events are looked for.
            if commands.send(command).is_err() {
                tracing::error!("the worker has ended and hears no commands");
            }
        }
    }

    /// The next event, if there is one. When the worker has died a new one takes its place, which
    /// knows nothing but the device; [`Event::WorkerLost`] says so.
    pub fn try_recv(&mut self) -> Option<Event> {
        match self.link.events.as_ref()?.try_recv() {
            Ok(event) => Some(event),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(self.replace()),
        }
    }

    /// Waits for the next event, at most this long: for tests and scripts.
    pub fn recv_timeout(&self, timeout: std::time::Duration) -> Option<Event> {
        self.link.events.as_ref()?.recv_timeout(timeout).ok()
    }

    fn replace(&mut self) -> Event {
        self.link.events = None;
        self.link.commands = None;
        let ended = self.link.thread.take().map(JoinHandle::join);
        let reason = match ended {
            Some(Err(panic)) => reason_of(panic.as_ref()),
            _ => "it ended by itself".into(),
        };
        tracing::error!("the worker is lost: {reason}");
        match Link::open(&self.wake, self.spare_models.clone(), self.work) {
            Ok(link) => {
                self.link = link;
                if let Some(choice) = self.choice.get() {
                    self.send(Command::UseDevice(choice));
                }
                Event::WorkerLost(Denial::Lost { reason }.into())
            }
            Err(error) => {
                let why = error.to_string();
                Event::WorkerLost(Denial::Gone { reason, why }.into())
            }
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.link.events.take();
        self.link.commands.take();
        if let Some(thread) = self.link.thread.take() {
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
        let goes_on = match next {
            Err(TryRecvError::Disconnected) => false,
            next => slice(&mut worker, next.ok()),
        };
        if !goes_on || worker.is_abandoned() {
            if catch_unwind(AssertUnwindSafe(|| worker.close())).is_err() {
                tracing::error!("what was in training could not be saved");
            }
            return;
        }
    }
}

/// A command, or else the most urgent work. A panic ends what it happened in; `false` when the worker is
/// beyond that.
fn slice(worker: &mut Worker, command: Option<Command>) -> bool {
    let done = catch_unwind(AssertUnwindSafe(|| match command {
        Some(command) => worker.obey(command),
        None => worker.advance(),
    }));
    let Err(panic) = done else { return true };
    let reason = reason_of(panic.as_ref());
    catch_unwind(AssertUnwindSafe(|| worker.panicked(&reason))).is_ok()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use super::*;

    static DIED: AtomicBool = AtomicBool::new(false);

    /// The first worker dies of its first command.
    fn dies_once(inbox: &Receiver<Command>, worker: Worker) {
        if DIED.swap(true, Ordering::SeqCst) {
            pump(inbox, worker);
        } else {
            inbox.recv().expect("a command");
            panic!("the device is on fire");
        }
    }

    #[test]
    fn a_worker_that_dies_is_missed_and_replaced() {
        let mut engine = Engine::start(Arc::new(|| {}), None, dies_once).expect("a thread");
        engine.send(Command::UseDevice(DeviceChoice::Cpu));
        let thread = |engine: &Engine| engine.link.thread.as_ref().map(JoinHandle::is_finished);
        while thread(&engine) == Some(false) {
            std::thread::yield_now();
        }
        let lost = engine.try_recv().expect("it is missed");
        assert!(
            matches!(&lost, Event::WorkerLost(why) if why.text.contains("on fire")),
            "{lost:?}"
        );
        // The new one computes on the device that was asked for.
        loop {
            let event = engine.recv_timeout(Duration::from_secs(60));
            if let Event::DeviceReady(device) = event.expect("a device") {
                assert!(!device.gpu);
                break;
            }
        }
    }
}
