//! Threads that walk through one program together.
//!
//! All members run the same function. It consists of phases; the chunks of a phase are claimed one
//! by one by whoever is free, and nobody enters the next phase before the last chunk is done. No
//! phase waits for a member that is not there yet: it finds the finished phases claimed and catches
//! up, and one that comes after the end goes away at once. The call returns when all have been
//! there. So a busy machine costs speed, never progress, and there is no thread to park and wake
//! between layers of a few microseconds.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Turns of a waiting member before it lets other threads have the processor.
const SPINS: usize = 2000;

#[derive(Default)]
struct Phase {
    claimed: AtomicUsize,
    done: AtomicUsize,
}

/// A thread's place in the program.
pub struct Member<'a> {
    phases: &'a [Phase],
    next: usize,
    failed: &'a AtomicBool,
    /// Members of the team, present or not.
    pub size: usize,
}

impl Member<'_> {
    /// Does the chunks `0..chunks` together with the other members; returns when all are done.
    /// Every member must come here with the same number of chunks.
    ///
    /// # Panics
    /// If the program has more phases than were announced, or another member panicked.
    pub fn phase(&mut self, chunks: usize, mut work: impl FnMut(usize)) {
        let phase = &self.phases[self.next];
        self.next += 1;
        loop {
            let chunk = phase.claimed.fetch_add(1, Ordering::Relaxed);
            if chunk >= chunks {
                break;
            }
            work(chunk);
            phase.done.fetch_add(1, Ordering::Release);
        }
        let mut turns = 0;
        while phase.done.load(Ordering::Acquire) < chunks {
            assert!(
                !self.failed.load(Ordering::Relaxed),
                "another thread of the computation failed"
            );
            turns += 1;
            if turns < SPINS {
                std::hint::spin_loop();
            } else {
                std::thread::yield_now();
            }
        }
    }
}

/// Tells the others when a member unwinds.
struct Alarm<'a>(&'a AtomicBool);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

/// Runs `program`, of at most `phases` phases, on this thread alone.
pub fn alone(phases: usize, program: impl FnOnce(&mut Member<'_>)) {
    let mut all = Vec::new();
    all.resize_with(phases, Phase::default);
    program(&mut Member {
        phases: &all,
        next: 0,
        failed: &AtomicBool::new(false),
        size: 1,
    });
}

/// Runs `program`, of at most `phases` phases, on all threads of the current Rayon pool.
///
/// # Panics
/// If a member panics.
pub fn run(phases: usize, program: impl Fn(&mut Member<'_>) + Sync) {
    let mut all = Vec::new();
    all.resize_with(phases, Phase::default);
    let failed = AtomicBool::new(false);
    let size = rayon::current_num_threads();
    let member = || {
        let _alarm = Alarm(&failed);
        program(&mut Member {
            phases: &all,
            next: 0,
            failed: &failed,
            size,
        });
    };
    let finished = AtomicBool::new(false);
    rayon::in_place_scope(|scope| {
        for _ in 1..size {
            scope.spawn(|_| {
                if !finished.load(Ordering::Relaxed) {
                    member();
                }
            });
        }
        member();
        finished.store(true, Ordering::Relaxed);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_sees_all_of_the_phase_before() {
        const CHUNKS: usize = 37;
        let first: Vec<AtomicUsize> = (0..CHUNKS).map(|_| AtomicUsize::new(0)).collect();
        let second = AtomicUsize::new(0);
        run(2, |member| {
            member.phase(CHUNKS, |chunk| {
                first[chunk].fetch_add(chunk + 1, Ordering::Relaxed);
            });
            member.phase(CHUNKS, |_| {
                let sum: usize = first.iter().map(|one| one.load(Ordering::Relaxed)).sum();
                second.fetch_add(sum, Ordering::Relaxed);
            });
        });
        assert_eq!(
            second.load(Ordering::Relaxed),
            CHUNKS * (CHUNKS * (CHUNKS + 1) / 2)
        );
    }

    #[test]
    fn a_member_that_comes_after_the_end_does_nothing() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build();
        let pool = pool.expect("two threads can be had");
        let (busy, over) = (AtomicBool::new(false), AtomicBool::new(false));
        let members = AtomicUsize::new(0);
        pool.in_place_scope(|scope| {
            scope.spawn(|_| {
                busy.store(true, Ordering::Release);
                while !over.load(Ordering::Acquire) {
                    std::thread::yield_now();
                }
            });
            while !busy.load(Ordering::Acquire) {
                std::thread::yield_now();
            }
            // The other thread of the pool is taken until this is over.
            pool.install(|| {
                run(1, |member| {
                    members.fetch_add(1, Ordering::Relaxed);
                    member.phase(3, |_| ());
                });
            });
            over.store(true, Ordering::Release);
        });
        assert_eq!(members.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_panic_reaches_the_caller_instead_of_hanging() {
        let outcome = std::panic::catch_unwind(|| {
            run(2, |member| {
                member.phase(8, |chunk| assert!(chunk != 5, "chunk 5 fails"));
                member.phase(1, |_| ());
            });
        });
        assert!(outcome.is_err());
    }
}
