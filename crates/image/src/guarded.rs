//! Running what may panic on bad input.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Takes the mark off, whichever way the work ends.
struct Guard(bool);

impl Drop for Guard {
    fn drop(&mut self) {
        GUARDED.set(self.0);
    }
}

/// Runs `work`; `None` when it panicked. Nothing that it touches may outlive the panic.
pub fn guarded<R>(work: impl FnOnce() -> R) -> Option<R> {
    let _guard = Guard(GUARDED.replace(true));
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Whether this thread is inside of [`guarded`]: for panic hooks, to which a panic is no fault of the
/// program then.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_and_the_mark_taken_off() {
        assert_eq!(guarded(is_guarded), Some(true));
        assert!(!is_guarded());
        let outcome: Option<()> = guarded(|| std::panic::resume_unwind(Box::new("bad input")));
        assert_eq!(outcome, None);
        assert!(!is_guarded());
    }
}
