//! Results go to stdout, everything else to stderr.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use serde::Serialize;

use super::said::{language, said};
use crate::text::{self, Worded};
use kizumi_image::shown::{escaped, escaped_json};

/// Writes a result line to stdout; what a file's name holds that a terminal would act on is spelled out.
///
/// Nobody reading any more (`| head`) is no error: the files are still wanted.
///
/// # Errors
/// If stdout cannot take it, because it is a file on a full disk, say.
pub fn print(line: impl Display) -> Result<()> {
    print_raw(escaped(&line.to_string()))
}

/// As [`print`], several lines.
///
/// # Errors
/// As [`print`].
pub fn print_lines(text: &str) -> Result<()> {
    text.split('\n').try_for_each(print)
}

/// As [`print`], a line for programs, as it is.
///
/// # Errors
/// As [`print`].
pub fn print_raw(line: impl Display) -> Result<()> {
    let mut stdout = io::stdout().lock();
    let written = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.with_context(|| said!("cannot write to stdout", "標準出力に書き込めません")),
    }
}

/// Writes a result as one line of JSON to stdout; not finite numbers become `null`.
///
/// # Errors
/// As [`print`].
pub fn print_json(value: &impl Serialize) -> Result<()> {
    print_json_text(
        &serde_json::to_string(value)
            .with_context(|| said!("cannot write JSON", "JSONを書き出せません"))?,
    )
}

/// As [`print_json`], what is JSON already. A name in it commands a terminal to nothing, either.
///
/// # Errors
/// As [`print`].
pub fn print_json_text(json: &str) -> Result<()> {
    print_raw(escaped_json(json))
}

static QUIET: AtomicBool = AtomicBool::new(false);

/// Whether [`say`] is silent from now on.
pub fn set_quiet(quiet: bool) {
    QUIET.store(quiet, Ordering::Relaxed);
}

/// Whether a person wants to hear of nothing but errors.
pub fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Says something to the person at the terminal, on stderr, unless they asked for quiet.
pub fn say(line: impl Display) {
    if !is_quiet() {
        complain(line);
    }
}

/// Says what must be said, on stderr, in one line: a file's name forges no other and commands the
/// terminal to nothing.
pub fn complain(line: impl Display) {
    let line = line.to_string();
    let line = escaped(&line);
    // Without a stderr there is nobody to tell, nor anywhere to complain.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// The error and its causes in one line.
pub fn error_line(error: &anyhow::Error) -> String {
    text::error_line(error, language())
}

/// What somebody else words in both languages, in the one that is spoken.
pub fn worded(message: &impl Worded) -> String {
    message.said_in(language())
}

/// Says a note.
pub fn note(text: impl Display) {
    say(said!("note: {text}", "注：{text}"));
}

/// "1 image", "2 images".
pub fn count_of(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
