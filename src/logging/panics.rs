//! What a panic leaves behind: a line in the log and a report for whoever mends it.

use std::backtrace::Backtrace;
use std::fs;
use std::io::{self, Write as _};
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use kizumi_image::guarded::is_guarded;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};

use super::Aside;

/// The target of the log's lines about panics.
pub const TARGET: &str = "kizumi::panic";

/// Reports that are kept in the folder; the oldest go first.
const KEPT_MAX: usize = 10;
/// Reports that one run of the program leaves; what panics again and again says nothing new.
const OF_ONE_RUN_MAX: usize = 5;

/// The reports of this run.
static LEFT: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Which program panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// The window.
    Window,
    /// A subcommand.
    CommandLine,
}

impl Program {
    /// How the names of its reports begin.
    fn prefix(self) -> &'static str {
        match self {
            Self::Window => "panic-window-",
            Self::CommandLine => "panic-command-",
        }
    }
}

/// From now on a panic leaves a report in `folder` and says so on stderr, after whatever it did
/// before. One that [`kizumi_image::guarded`] catches is a line in the log and no more.
pub fn install(program: Program, folder: Option<PathBuf>, aside: Aside) {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let report = report(info);
        // A damaged file, or a graphics card that cannot compute: whoever asked says so.
        if is_guarded() {
            tracing::info!(target: TARGET, "caught: {}", report.headline);
            return;
        }
        tracing::error!(target: TARGET, "{}", report.headline);
        let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = folder
            .as_deref()
            .map(|folder| keep(program, folder, &report, &mut left));
        drop(left);
        aside(&mut || {
            before(info);
            // Without a stderr there is nobody to tell.
            let _ = match &kept {
                Some(Ok(Some(path))) => writeln!(
                    io::stderr(),
                    "kizumi: this is a fault of the program; a report of it is {}",
                    path.display()
                ),
                Some(Err(error)) => {
                    writeln!(io::stderr(), "kizumi: no report could be written: {error}")
                }
                Some(Ok(None)) | None => Ok(()),
            };
        });
    }));
}

/// The newest report that this run left.
pub fn newest_of_this_run() -> Option<PathBuf> {
    let left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
    left.last().cloned()
}

/// The newest report in a folder that the window left, whichever run it was.
pub fn newest_of_window(folder: &Path) -> Option<PathBuf> {
    reports(folder, Program::Window.prefix()).pop()
}

struct Report {
    /// In one line.
    headline: String,
    text: String,
    /// When, fit for the name of a file.
    stamp: String,
}

fn report(info: &PanicHookInfo<'_>) -> Report {
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("without a name");
    let place = info
        .location()
        .map_or("an unknown place".into(), ToString::to_string);
    let message = info.payload_as_str().unwrap_or("no message");
    let mut time = String::new();
    if SystemTime.format_time(&mut Writer::new(&mut time)).is_err() {
        time = "at an unknown time".into();
    }
    let text = format!(
        "Kizumi {} panicked.\n\ntime: {time}\nsystem: {} {}\nthread: {thread}\nplace: {place}\n\
         message: {message}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        Backtrace::force_capture(),
    );
    Report {
        headline: format!("thread '{thread}' panicked at {place}: {message}"),
        text,
        stamp: time
            .chars()
            .take(19)
            .filter(|c| c.is_ascii_alphanumeric())
            .collect(),
    }
}

/// Writes a report and adds it to those that this run left, unless they are enough; removes the
/// oldest of all.
fn keep(
    program: Program,
    folder: &Path,
    report: &Report,
    left: &mut Vec<PathBuf>,
) -> io::Result<Option<PathBuf>> {
    if left.len() >= OF_ONE_RUN_MAX {
        return Ok(None);
    }
    fs::create_dir_all(folder)?;
    let prefix = program.prefix();
    let (stamp, process, number) = (&report.stamp, std::process::id(), left.len() + 1);
    let path = folder.join(format!("{prefix}{stamp}-{process}-{number}.txt"));
    fs::write(&path, &report.text)?;
    left.push(path.clone());
    let known = reports(folder, "panic-");
    for old in &known[..known.len().saturating_sub(KEPT_MAX)] {
        fs::remove_file(old)?;
    }
    Ok(Some(path))
}

/// The reports in a folder whose names begin like this, the oldest first.
fn reports(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(prefix) && name.ends_with(".txt")
        })
        .collect();
    // Names of one prefix hold the time; across prefixes only its part of the name counts.
    found.sort_by_key(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.splitn(3, '-').nth(2).map(str::to_owned)
    });
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Names the folder for the child that panics.
    const FOLDER: &str = "KIZUMI_TEST_PANIC_FOLDER";

    #[test]
    fn a_panic_leaves_a_report_and_says_where() {
        if let Some(folder) = std::env::var_os(FOLDER) {
            install(Program::Window, Some(folder.into()), |write| write());
            let caught = kizumi_image::guarded::guarded(|| panic!("a damaged file"));
            assert_eq!(caught, None::<()>);
            let thread = std::thread::Builder::new().name("a worker".into());
            assert!(
                thread
                    .spawn(|| panic!("the device is lost"))
                    .unwrap()
                    .join()
                    .is_err()
            );
            return;
        }
        // A hook is the whole process's: another one is to have it.
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let name = "logging::panics::tests::a_panic_leaves_a_report_and_says_where";
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args([name, "--exact", "--nocapture"])
            .env(FOLDER, &state)
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&child.stderr);
        assert!(child.status.success(), "{stderr}");
        let report = newest_of_window(&state).expect("a report");
        assert!(stderr.contains(&report.display().to_string()), "{stderr}");
        assert!(
            stderr.contains("panicked at"),
            "the hook from before ran: {stderr}"
        );
        assert!(!stderr.contains("a damaged file"), "{stderr}");
        let report = fs::read_to_string(report).unwrap();
        for part in [
            "thread: a worker\n",
            "message: the device is lost\n",
            concat!("place: ", file!()),
            env!("CARGO_PKG_VERSION"),
        ] {
            assert!(report.contains(part), "{part}: {report}");
        }
    }

    #[test]
    fn the_newest_reports_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        for number in 10..30 {
            let kind = ["command", "window"][number % 2];
            let name = format!("panic-{kind}-20261129T1510{number}-7-1.txt");
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::write(folder.path().join("kizumi.log"), "").unwrap();
        let report = Report {
            headline: "h".into(),
            text: "all of it".into(),
            stamp: "20261129T151100".into(),
        };
        let mut left = Vec::new();
        let path = keep(Program::CommandLine, folder.path(), &report, &mut left);
        let path = path.unwrap().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "all of it");
        assert_eq!(left.last(), Some(&path));
        let kept = reports(folder.path(), "panic-");
        assert_eq!((kept.len(), kept.last()), (KEPT_MAX, Some(&path)));
        let newest = newest_of_window(folder.path()).unwrap();
        assert!(newest.ends_with("panic-window-20261129T151029-7-1.txt"));
        assert!(folder.path().join("kizumi.log").is_file());
        assert_eq!(newest_of_window(&folder.path().join("missing")), None);
        let mut enough = vec![path; OF_ONE_RUN_MAX];
        let kept = keep(Program::Window, folder.path(), &report, &mut enough);
        assert_eq!(kept.unwrap(), None, "a run leaves a few reports at most");
    }
}
