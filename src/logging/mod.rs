//! The log: what the program did and what went wrong, a line each.
//!
//! Whoever has something to say uses the macros of `tracing`; this module decides where it goes.
//! On the command line lines go to stderr, from warnings on unless `-v` or `-q` say otherwise. The
//! window has a file in the state folder as well, from notes on. A panic is logged and leaves a
//! report of its own ([`panics`]).

mod bridge;
pub mod escape;
pub mod panics;
pub mod rotating;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use escape::EscapedLine;
use rotating::RotatingFile;

/// The name of the log in the state folder.
pub const FILE_NAME: &str = "kizumi.log";

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verbosity {
    /// Errors alone.
    Quiet,
    /// Warnings, too.
    #[default]
    Usual,
    /// What is done, too.
    Verbose,
    /// Details, and what libraries do.
    Everything,
}

impl Verbosity {
    /// What so many `-v` ask for; `-q` overrides them.
    pub fn new(verbose: u8, quiet: bool) -> Self {
        match (quiet, verbose) {
            (true, _) => Self::Quiet,
            (_, 0) => Self::Usual,
            (_, 1) => Self::Verbose,
            _ => Self::Everything,
        }
    }

    /// What is let through. Of libraries less is, since they cannot know what matters here.
    fn filter(self) -> Targets {
        let (own, libraries) = match self {
            Self::Quiet => (LevelFilter::ERROR, LevelFilter::OFF),
            Self::Usual => (LevelFilter::WARN, LevelFilter::ERROR),
            Self::Verbose => (LevelFilter::INFO, LevelFilter::WARN),
            Self::Everything => (LevelFilter::DEBUG, LevelFilter::INFO),
        };
        Targets::new()
            .with_target("kizumi", own)
            .with_default(libraries)
    }
}

/// Runs something while nothing moves on the terminal: what is written in the middle of a progress
/// bar would be overwritten.
pub type Aside = fn(&mut dyn FnMut());

/// The folder for the log, the reports of panics and what the window shows next time
/// (`~/.local/state/kizumi` on Linux); `None` if the user has no home.
pub fn state_folder() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "kizumi")?;
    let folder = folders.state_dir();
    Some(folder.unwrap_or_else(|| folders.data_local_dir()).into())
}

/// The folder for models that cannot be written where they belong.
pub fn spare_models() -> Option<PathBuf> {
    Some(state_folder()?.join("models"))
}

/// The log file in the state folder.
pub fn file() -> Option<RotatingFile> {
    Some(RotatingFile::new(state_folder()?.join(FILE_NAME)))
}

/// From now on lines go to stderr, and to `file` if there is one. Only the first call counts.
pub fn start(verbosity: Verbosity, file: Option<RotatingFile>, aside: Aside) {
    let terminal = move || Terminal(aside);
    if subscriber(verbosity, terminal, file.map(Arc::new))
        .try_init()
        .is_ok()
    {
        bridge::install();
    }
}

/// Where lines go. The file takes notes at least, whatever is said on the terminal.
fn subscriber<T>(
    verbosity: Verbosity,
    terminal: impl Fn() -> T + Send + Sync + 'static,
    file: Option<Arc<RotatingFile>>,
) -> impl Subscriber + Send + Sync
where
    T: Write + 'static,
{
    // A panic prints itself there.
    let filter = verbosity.filter();
    let terminal = fmt::layer()
        .with_writer(move || EscapedLine(terminal()))
        .with_ansi(false)
        .with_ansi_sanitization(false)
        .without_time()
        .with_filter(filter.with_target(panics::TARGET, LevelFilter::OFF));
    let filter = match verbosity {
        Verbosity::Everything => verbosity.filter(),
        _ => Verbosity::Verbose.filter(),
    };
    let file = file.map(|file| {
        fmt::layer()
            .with_writer(FileLines(file))
            .with_ansi(false)
            .with_ansi_sanitization(false)
            // A full disk is told once, by the file itself.
            .log_internal_errors(false)
            .with_filter(filter)
    });
    tracing_subscriber::registry().with(terminal).with(file)
}

/// Stderr, beside whatever moves there.
struct Terminal(Aside);

impl Write for Terminal {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut written = Ok(());
        (self.0)(&mut || written = io::stderr().lock().write_all(line));
        written.map(|()| line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Makes writers to a file that several threads share.
struct FileLines(Arc<RotatingFile>);

impl<'a> MakeWriter<'a> for FileLines {
    type Writer = EscapedLine<&'a RotatingFile>;

    fn make_writer(&'a self) -> Self::Writer {
        EscapedLine(&self.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Keeps what is written, for a test to look at.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What a verbosity lets through to terminal and file.
    fn said(verbosity: Verbosity) -> (String, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let kept = Kept::default();
        let terminal = kept.clone();
        let file = Some(Arc::new(RotatingFile::new(path.clone())));
        let log = subscriber(verbosity, move || terminal.clone(), file);
        tracing::dispatcher::with_default(&log.into(), || {
            tracing::error!("broken");
            tracing::warn!("odd");
            tracing::info!("done");
            tracing::debug!("detail");
            tracing::error!(target: "a_library", "its error");
            tracing::warn!(target: "a_library", "its warning");
            tracing::error!(target: panics::TARGET, "panicked");
        });
        let terminal = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        (terminal, std::fs::read_to_string(path).unwrap())
    }

    #[test]
    fn flags_decide_what_the_terminal_shows_and_the_file_has_notes_always() {
        let words = [
            "broken",
            "odd",
            "done",
            "detail",
            "its error",
            "its warning",
            "panicked",
        ];
        for (verbose, quiet, shown) in [
            (0, true, [true, false, false, false, false, false, false]),
            (3, true, [true, false, false, false, false, false, false]),
            (0, false, [true, true, false, false, true, false, false]),
            (1, false, [true, true, true, false, true, true, false]),
            (2, false, [true, true, true, true, true, true, false]),
        ] {
            let (terminal, file) = said(Verbosity::new(verbose, quiet));
            for (word, shown) in words.into_iter().zip(shown) {
                assert_eq!(terminal.contains(word), shown, "{word}: {terminal}");
            }
            for word in words.into_iter().filter(|word| *word != "detail") {
                assert!(file.contains(word), "{word}: {file}");
            }
            assert_eq!(file.contains("detail"), verbose == 2 && !quiet);
        }
    }

    #[test]
    fn a_file_name_cannot_forge_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let file = Some(Arc::new(RotatingFile::new(path.clone())));
        let kept = Kept::default();
        let terminal = kept.clone();
        let log = subscriber(Verbosity::Usual, move || terminal.clone(), file);
        let name = "a.png\n2026-11-29T00:00:00Z ERROR kizumi: forged\u{1b}[2J\u{202e}";
        tracing::dispatcher::with_default(&log.into(), || {
            tracing::warn!(path = name, "cannot read {name}");
        });
        let terminal = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        for text in [terminal, std::fs::read_to_string(path).unwrap()] {
            assert_eq!(text.lines().count(), 1, "{text}");
            assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
            assert!(text.contains("a.png\\n2026") && text.ends_with('\n'));
        }
    }
}
