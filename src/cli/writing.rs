//! Results are written while the next images are projected.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::thread::{available_parallelism, scope};

use anyhow::Result;

use super::in_order::in_order;
use super::said::said;

/// Lets `produce` hand over items, makes rows of them on threads of their own and gives the rows
/// to `append` one after the other, in the order of the items.
///
/// At most `ahead` items wait or are worked at; with 1, as for large pictures, a single thread
/// works. Returns what `produce` returns and the number of rows.
///
/// # Errors
/// The first of `to_row`, `append` and `produce`. Rows before it have been appended.
pub fn write_beside<I: Send, R: Send, T>(
    ahead: usize,
    to_row: impl Fn(I) -> Result<R> + Send + Sync,
    mut append: impl FnMut(&R) -> Result<()> + Send,
    produce: impl FnOnce(&mut dyn FnMut(I) -> Result<()>) -> Result<T>,
) -> Result<(T, usize)> {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let threads = cores.min(ahead).max(1);
    scope(|scope| {
        // Without room in between an item is handed from thread to thread.
        let (sender, items) = sync_channel(ahead.saturating_sub(threads));
        let rows = in_order(scope, threads, threads, items.into_iter(), to_row);
        let appending = scope.spawn(move || -> Result<usize> {
            let mut count = 0;
            for row in rows {
                append(&row?)?;
                count += 1;
            }
            Ok(count)
        });
        let produced = produce(&mut |item| {
            // The writers end early for a reason of their own, which is the one that is told.
            sender.send(item).map_err(|_| {
                anyhow::Error::msg(said!(
                    "results are no longer written",
                    "結果の書き込みが終わっています"
                ))
            })
        });
        drop(sender);
        let count = appending
            .join()
            .unwrap_or_else(|panic| resume_unwind(panic))?;
        Ok((produced?, count))
    })
}
