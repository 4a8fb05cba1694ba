//! Comparing the files of a data set beside everything else: nothing is computed, so nothing waits for a
//! slow disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kizumi_compute::training::driver::reason_of;
use kizumi_dataset::fingerprint::DuplicateCheck;

use super::message::{DatasetId, Event, Failure, Job, Outcome};
use super::outbox::Outbox;
use super::priority;

/// A thread that compares files and tells what it finds. Dropped, it ends without a word.
pub struct Checking {
    dataset: DatasetId,
    /// Whoever sets it says how it ended.
    is_over: Arc<AtomicBool>,
}

impl Checking {
    /// Starts the thread; a system that refuses one leaves the files as they are, which is said.
    pub fn start(dataset: DatasetId, mut check: DuplicateCheck, out: &mut Outbox) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        out.send(Event::Started(Job::Checking(dataset)));
        let (over, mut beside) = (Arc::clone(&is_over), out.clone());
        let thread = std::thread::Builder::new().name("kizumi-duplicates".into());
        let started = thread.spawn(move || {
            priority::give_way();
            let run = || run(dataset, &mut check, &over, &mut beside);
            let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
                let reason = reason_of(panic.as_ref());
                let text = format!("The program made a mistake: {reason}");
                Outcome::Failed(Failure::from(text))
            });
            if !over.swap(true, Ordering::AcqRel) {
                if let Some(note) = check.note() {
                    beside.send(Event::DatasetNote { dataset, note });
                }
                beside.send(Event::Ended(Job::Checking(dataset), outcome));
            }
        });
        let checking = Self { dataset, is_over };
        if let Err(error) = started {
            let text = format!("no thread to compare the images: {error}");
            checking.end(Outcome::Failed(Failure::from(text)), out);
        }
        checking
    }

    /// Ends it, unless it has ended.
    pub fn stop(self, out: &mut Outbox) {
        self.end(Outcome::Stopped, out);
    }

    fn end(&self, outcome: Outcome, out: &mut Outbox) {
        if !self.is_over.swap(true, Ordering::AcqRel) {
            out.send(Event::Ended(Job::Checking(self.dataset), outcome));
        }
    }
}

impl Drop for Checking {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
    }
}

fn run(
    dataset: DatasetId,
    check: &mut DuplicateCheck,
    is_over: &AtomicBool,
    out: &mut Outbox,
) -> Outcome {
    while !check.is_done() && !is_over.load(Ordering::Acquire) {
        check.step();
        let (done, total) = check.progress();
        if total > 0 {
            out.offer(Event::Progress {
                job: Job::Checking(dataset),
                done: done as u64,
                total: total as u64,
            });
        }
    }
    Outcome::Done
}
