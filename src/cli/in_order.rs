//! Work on several threads whose results come in order.

use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::Scope;

/// Applies `work` to the items of `source` on `threads` threads of their own and gives the results
/// in the order of the items.
///
/// At most `ahead + threads` items are taken from `source` before their results are asked for, so
/// that memory stays bounded. These are not Rayon's threads: those are the computation's. When the
/// results are dropped the threads end after the item they are at.
pub fn in_order<'scope, I: Send + 'scope, O: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    threads: usize,
    ahead: usize,
    source: impl Iterator<Item = I> + Send + 'scope,
    work: impl Fn(I) -> O + Send + Sync + 'scope,
) -> impl Iterator<Item = O> + Send {
    let (promises, results) = sync_channel::<Receiver<O>>(ahead);
    // Whoever takes an item also gets its place among the results.
    let queue = Arc::new(Mutex::new((source, promises)));
    let work = Arc::new(work);
    for _ in 0..threads.max(1) {
        let (queue, work) = (Arc::clone(&queue), Arc::clone(&work));
        scope.spawn(move || {
            let next = || {
                // Poisoned when `source` panicked, which is the end of it.
                let mut queue = queue.lock().ok()?;
                let item = queue.0.next()?;
                let (result, promise) = sync_channel(1);
                queue.1.send(promise).ok()?;
                Some((item, result))
            };
            while let Some((item, result)) = next() {
                // Nobody waiting any more shows at the next item.
                let _ = result.send(work(item));
            }
        });
    }
    results.into_iter().map_while(|promise| promise.recv().ok())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread::{scope, yield_now};

    use super::*;

    #[test]
    fn results_come_in_order_from_any_number_of_threads() {
        for (threads, ahead) in [(0, 0), (1, 0), (1, 3), (4, 0), (4, 4), (3, 100)] {
            let squares: Vec<usize> = scope(|scope| {
                let work = |item: usize| {
                    // Later items are done sooner.
                    (0..100 - item).for_each(|_| yield_now());
                    item * item
                };
                in_order(scope, threads, ahead, 0..100, work).collect()
            });
            let expected: Vec<usize> = (0..100).map(|item| item * item).collect();
            assert_eq!(squares, expected);
        }
    }

    #[test]
    fn no_more_is_taken_than_was_allowed() {
        let taken = AtomicUsize::new(0);
        scope(|scope| {
            let source = (0..1000).inspect(|_| {
                taken.fetch_add(1, Ordering::SeqCst);
            });
            let mut results = in_order(scope, 2, 3, source, |item: usize| item);
            assert_eq!(results.by_ref().take(10).last(), Some(9));
        });
        assert!(taken.into_inner() <= 10 + 3 + 2);
    }
}
