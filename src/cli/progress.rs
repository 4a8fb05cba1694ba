//! Progress bars: on a terminal only, on stderr.

use std::cell::Cell;
use std::fmt::Display;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, WeakProgressBar};

use super::output::{is_quiet, note, say};

/// The bar on the terminal.
static SHOWN: Mutex<Option<WeakProgressBar>> = Mutex::new(None);

thread_local! {
    /// Whether this thread has taken the bar away already.
    static IS_BESIDE: Cell<bool> = const { Cell::new(false) };
}

/// Takes the bar away, if there is one, while something else is written to the terminal.
pub fn beside(write: &mut dyn FnMut()) {
    let bar = match IS_BESIDE.get() {
        true => None,
        false => {
            let shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
            shown.as_ref().and_then(WeakProgressBar::upgrade)
        }
    };
    match bar {
        Some(bar) => suspend(&bar, write),
        None => write(),
    }
}

fn suspend<R>(bar: &ProgressBar, speak: impl FnOnce() -> R) -> R {
    IS_BESIDE.set(true);
    let spoken = bar.suspend(speak);
    IS_BESIDE.set(false);
    spoken
}

/// One bar for a job; the phases of the job share it. It is gone when this is dropped.
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar for `total` units; with 0 the total is unknown and something moves instead.
    pub fn new(what: String, total: u64) -> Self {
        // Hidden by itself when stderr is no terminal.
        let target = match is_quiet() {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr_with_hz(10),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.downgrade());
        let progress = Self(bar);
        progress.phase(what, total);
        progress
    }

    /// Starts over with another job.
    pub fn phase(&self, what: String, total: u64) {
        let bar = &self.0;
        bar.reset();
        bar.set_message("");
        bar.set_prefix(what);
        self.set_total(total);
        bar.enable_steady_tick(Duration::from_millis(250));
    }

    fn set_total(&self, total: u64) {
        let bar = &self.0;
        let template = if total > 0 {
            bar.set_length(total);
            "{prefix} [{bar:30}] {pos}/{len} {wide_msg}"
        } else {
            bar.unset_length();
            "{prefix} {spinner} {pos} {wide_msg}"
        };
        let style = ProgressStyle::with_template(template).expect("the template is valid");
        bar.set_style(style.progress_chars("=> "));
    }

    /// Units done, of so many: how many there are may turn out on the way.
    pub fn part(&self, done: u64, total: u64) {
        if self.0.length().unwrap_or(0) != total {
            self.set_total(total);
        }
        self.set(done);
    }

    /// Units done.
    pub fn set(&self, done: u64) {
        self.0.set_position(done);
    }

    /// One more unit done.
    pub fn add_one(&self) {
        self.0.inc(1);
    }

    /// What stands behind the bar.
    pub fn message(&self, text: String) {
        self.0.set_message(text);
    }

    /// Says a line above the bar.
    pub fn say(&self, line: impl Display) {
        self.suspend(|| say(line));
    }

    /// Says a note above the bar.
    pub fn note(&self, text: impl Display) {
        self.suspend(|| note(text));
    }

    /// Takes the bar away for good.
    pub fn clear(&self) {
        self.0.finish_and_clear();
    }

    /// Takes the bar away while something else is said.
    pub fn suspend<R>(&self, speak: impl FnOnce() -> R) -> R {
        suspend(&self.0, speak)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
