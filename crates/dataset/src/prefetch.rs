//! Batches computed ahead, beside the training.

use std::io;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};

use super::batches::{Batch, Batches};

/// Batches that wait, at most.
const AHEAD: usize = 3;

/// A thread that computes the batches of a sequence in order. Dropping it ends the thread after
/// the batch it is at.
#[derive(Debug)]
pub struct Prefetch {
    // Dropped first: the thread ends when nobody can receive.
    batches: Option<Receiver<Batch>>,
    thread: Option<JoinHandle<()>>,
    waited: Duration,
}

impl Prefetch {
    /// Starts at batch number `first`.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn new(batches: Batches, first: u64) -> io::Result<Self> {
        let (sender, receiver) = bounded(AHEAD);
        let thread = Builder::new().name("batches".into()).spawn(move || {
            let mut index = first;
            while sender.send(batches.batch(index)).is_ok() {
                index += 1;
            }
        })?;
        Ok(Self {
            batches: Some(receiver),
            thread: Some(thread),
            waited: Duration::ZERO,
        })
    }

    /// How long batches were waited for, the first one included.
    pub fn waited(&self) -> Duration {
        self.waited
    }
}

impl Iterator for Prefetch {
    type Item = Batch;

    /// The next batch, waiting for it if need be; `None` only when the thread has died.
    fn next(&mut self) -> Option<Batch> {
        let batches = self.batches.as_ref()?;
        batches.try_recv().ok().or_else(|| {
            let since = Instant::now();
            let batch = batches.recv().ok();
            self.waited += since.elapsed();
            batch
        })
    }
}

impl Drop for Prefetch {
    fn drop(&mut self) {
        self.batches = None;
        if let Some(thread) = self.thread.take() {
            // A panic in there has been reported when it happened.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use kizumi_image::compact::{CompactPicture, Samples};
    use kizumi_method::config::{DataConfig, TrainingConfig};

    fn batches() -> (Batches, Arc<[CompactPicture]>) {
        let picture = |seed: usize| CompactPicture {
            channels: 1,
            height: 16,
            width: 16,
            samples: Samples::U8((0..256).map(|i| (i * seed) as u8).collect()),
        };
        let pictures: Arc<[CompactPicture]> = (1..8).map(picture).collect();
        let data = DataConfig {
            size_px: 16,
            ..DataConfig::default()
        };
        let sequence = Batches::new(pictures.clone(), &data, &TrainingConfig::default());
        (sequence.unwrap(), pictures)
    }

    #[test]
    fn comes_in_order_from_any_start() {
        let (batches, _) = batches();
        let ahead = Prefetch::new(batches.clone(), 7).unwrap();
        for (index, batch) in (7..20).zip(ahead) {
            assert_eq!(batch, batches.batch(index));
        }
    }

    /// Batches that are waited for: so many waits grow from one to the next only if they add up.
    const LATE: usize = 12;

    /// Batches from elsewhere.
    fn coming(batches: Receiver<Batch>) -> Prefetch {
        Prefetch {
            batches: Some(batches),
            thread: None,
            waited: Duration::ZERO,
        }
    }

    #[test]
    fn what_was_waited_for_adds_up_and_what_was_ready_does_not() {
        let batch = batches().0.batch(0);
        let (sender, receiver) = bounded(AHEAD);
        (0..AHEAD).for_each(|_| sender.send(batch.clone()).unwrap());
        let mut ready = coming(receiver);
        assert_eq!(ready.by_ref().take(AHEAD).count(), AHEAD);
        assert_eq!(ready.waited(), Duration::ZERO);

        // Without room in the channel a batch is only taken from the hand by who waits for it.
        let (sender, receiver) = bounded(0);
        let hand_over = move || {
            for _ in 0..LATE {
                while sender.try_send(batch.clone()).is_err() {
                    std::thread::yield_now();
                }
            }
        };
        let thread = Builder::new().spawn(hand_over).unwrap();
        let mut late = coming(receiver);
        let waited = [(); LATE].map(|()| {
            late.next().unwrap();
            late.waited()
        });
        assert!(Duration::ZERO < waited[0] && waited.is_sorted_by(|a, b| a < b));
        thread.join().unwrap();
    }

    #[test]
    fn dropping_ends_the_thread() {
        let (batches, pictures) = batches();
        for taken in 0..6 {
            let mut ahead = Prefetch::new(batches.clone(), 0).unwrap();
            assert_eq!(ahead.by_ref().take(taken).count(), taken);
        }
        drop(batches);
        // The threads' copies are gone, too.
        assert_eq!(Arc::strong_count(&pictures), 1);
    }
}
