//! Ctrl-C, and the system's requests to end, as a request to stop soon and keep what there is.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::said::said;
use crate::signals;

/// What shells report for a program that Ctrl-C ended.
const EXIT_INTERRUPTED: i32 = 130;

/// Requests that follow this soon are the same one: a terminal and a supervisor may both send it.
const ONE_REQUEST: Duration = Duration::from_millis(500);

/// After this long without an effect, one request more ends the program at once.
const STUCK: Duration = Duration::from_secs(10);

/// Whether somebody pressed Ctrl-C, or the system wants the program to end (SIGTERM, SIGHUP).
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicU32>);

impl Interrupt {
    /// From now on requests to end are noted here.
    ///
    /// # Errors
    /// If the system does not let the program handle them, or this was called before.
    pub fn listen() -> Result<Self> {
        let interrupt = Self::default();
        let requests = interrupt.0.clone();
        let mut first: Option<Instant> = None;
        let mut last: Option<Instant> = None;
        signals::on_end(move || {
            let now = Instant::now();
            if last.is_some_and(|last| now - last < ONE_REQUEST) {
                return;
            }
            last = Some(now);
            let since = *first.get_or_insert(now);
            if requests.fetch_add(1, Ordering::Relaxed) >= 2 && now - since >= STUCK {
                std::process::exit(EXIT_INTERRUPTED);
            }
        })
        .with_context(|| said!("cannot handle Ctrl-C", "Ctrl-Cを処理できません"))?;
        Ok(interrupt)
    }

    /// From now on the end of stdin is such a request, too: whoever holds its other end is gone, or wants that. Nothing
    /// that comes in is read for anything else.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn at_the_end_of_stdin(&self) -> Result<()> {
        let requests = self.0.clone();
        std::thread::Builder::new()
            .name("stdin".into())
            .spawn(move || {
                // One that fails has ended as well.
                let _ = io::copy(&mut io::stdin(), &mut io::sink());
                requests.fetch_add(1, Ordering::Relaxed);
            })
            .with_context(|| {
                said!(
                    "cannot wait for the end of stdin",
                    "標準入力の終わりを待てません"
                )
            })
            .map(drop)
    }

    /// Whether the program is to end soon.
    pub fn is_requested(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    /// Whether it was asked once more to: what takes a while is left out.
    pub fn is_urgent(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 1
    }
}
