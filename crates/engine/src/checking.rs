//! Looking at the files of a data set, and comparing them, beside everything else: nothing is computed, so nothing
//! waits for a slow disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kizumi_compute::training::driver::reason_of;
use kizumi_dataset::catalog::{Catalog, Note};
use kizumi_dataset::closer_look::CloserLook;
use kizumi_dataset::fingerprint::DuplicateCheck;

use super::message::{DatasetId, Denial, Event, Failure, Job, Outcome};
use super::outbox::Outbox;
use super::priority;

/// A thread that looks at files, compares them and tells what it finds. Dropped, it ends without a word.
pub struct Checking {
    dataset: DatasetId,
    /// Whoever sets it says how it ended.
    is_over: Arc<AtomicBool>,
}

impl Checking {
    /// Starts the thread; a system that refuses one leaves the files as they are, which is said.
    pub fn start(dataset: DatasetId, catalog: Catalog, out: &mut Outbox) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        out.send(Event::Started(Job::Checking(dataset)));
        let (over, mut beside) = (Arc::clone(&is_over), out.clone());
        let thread = std::thread::Builder::new().name("kizumi-files".into());
        let started = thread.spawn(move || {
            priority::give_way();
            let run = || run(dataset, &catalog, &over, &mut beside);
            let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
                let reason = reason_of(panic.as_ref());
                Outcome::Failed(Denial::Mistake(reason).into())
            });
            if !over.swap(true, Ordering::AcqRel) {
                beside.send(Event::Ended(Job::Checking(dataset), outcome));
            }
        });
        let checking = Self { dataset, is_over };
        if let Err(error) = started {
            let text = format!("no thread to look at the files: {error}");
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

fn run(dataset: DatasetId, catalog: &Catalog, is_over: &AtomicBool, out: &mut Outbox) -> Outcome {
    let job = Job::Checking(dataset);
    let is_over = || is_over.load(Ordering::Acquire);
    let tell = |notes: Vec<Note>, out: &mut Outbox| {
        for note in notes.into_iter().filter(|_| !is_over()) {
            out.send(Event::DatasetNote { dataset, note });
        }
    };
    let progress = |(done, total): (usize, usize), out: &mut Outbox| {
        let (done, total) = (done as u64, total as u64);
        if total > 0 {
            out.offer(Event::Progress { job, done, total });
        }
    };
    // One thread reads: whoever computes meanwhile loses none.
    let alone = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .start_handler(|_| priority::give_way())
        .build();
    let alone = match alone {
        Ok(alone) => alone,
        Err(error) => {
            let text = format!("no thread to look at the files: {error}");
            return Outcome::Failed(Failure::from(text));
        }
    };
    let mut look = CloserLook::new(catalog);
    while !look.is_done() && !is_over() {
        alone.install(|| look.step());
        progress(look.progress(), out);
    }
    if !is_over() {
        tell(look.finish().notes(), out);
    }
    let mut check = DuplicateCheck::new(catalog);
    while !check.is_done() && !is_over() {
        check.step();
        progress(check.progress(), out);
    }
    tell(check.note().into_iter().collect(), out);
    Outcome::Done
}
