//! The system's requests that the program ends.

use std::io;

/// Calls `end`, on a thread of its own, whenever somebody presses Ctrl-C, and on Unix when the system
/// wants the program to end: SIGTERM (a service manager, `timeout`, logging out) and SIGHUP (its terminal
/// was closed), unless that one is to be ignored (`nohup`).
///
/// # Errors
/// If the system does not allow it.
#[cfg(unix)]
pub fn on_end(mut end: impl FnMut() + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut wanted = vec![SIGINT, SIGTERM];
    if !is_ignored(SIGHUP) {
        wanted.push(SIGHUP);
    }
    let mut signals = signal_hook::iterator::Signals::new(wanted)?;
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || signals.forever().for_each(|_| end()))
        .map(drop)
}

/// The same where only Ctrl-C and closing the console exist.
///
/// # Errors
/// If the system does not allow it.
#[cfg(not(unix))]
pub fn on_end(end: impl FnMut() + Send + 'static) -> io::Result<()> {
    ctrlc::set_handler(end).map_err(io::Error::other)
}

/// Whether this signal was ignored when the program began, where the system says so in a file.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
}
