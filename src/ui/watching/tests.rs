//! A shell script stands in for the program.

use std::path::Path;

use super::*;
use crate::ui::state::watching::{Order, Phase, Watching};
use kizumi_image::depth::Depth;

const PATIENCE: Duration = Duration::from_secs(60);

const ROW: &str = r#"{"path":"/in/a.png","bytes":1,"modified":"2026-11-30T11:06:40Z","inspected":"2026-11-30T11:06:41Z","verdict":"reject"}"#;

fn order() -> Order {
    Order {
        folder: "/in".into(),
        out: "/out".into(),
        model: "/m.safetensors".into(),
        depth: Depth::default(),
        options: Vec::new(),
        notes: Vec::new(),
    }
}

/// A watcher that runs this script, and what the window knows of it.
struct Desk {
    watcher: Watcher,
    watching: Watching,
}

impl Desk {
    fn start(script: &str) -> Self {
        let program = ["sh", "-c", script, "kizumi"].map(OsString::from);
        let mut desk = Self {
            watcher: Watcher::of(program.to_vec()),
            watching: Watching::default(),
        };
        desk.begin();
        desk
    }

    fn begin(&mut self) {
        self.watching.begin(order());
        let log = self.watching.log.clone();
        self.watcher.start(&order(), Language::Japanese, log, || {});
    }

    /// Takes news in until this holds.
    fn until(&mut self, holds: impl Fn(&Watching) -> bool) {
        let began = Instant::now();
        while !holds(&self.watching) {
            assert!(began.elapsed() < PATIENCE, "{:?}", self.watching);
            if let Some(news) = self.watcher.poll() {
                self.watching.log = news.log;
                if let Some(end) = news.end {
                    self.watching.ended(end);
                }
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn end(&mut self) -> End {
        self.until(|watching| !watching.is_active());
        match &self.watching.phase {
            Phase::Ended(end) => end.clone(),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn rows_and_remarks_come_in_and_a_stop_ends_it_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let done = folder.path().join("done");
    let script = format!(
        "echo '{ROW}'; echo 'no row'; echo \"$*\" >&2; cat >/dev/null; : > '{}'",
        done.display()
    );
    let mut desk = Desk::start(&script);
    desk.until(|watching| watching.log.malformed == 1 && watching.log.lines().len() == 2);
    let log = &desk.watching.log;
    assert_eq!((log.all.rejected, log.rows().len()), (1, 1));
    let arguments =
        "watch /in --model /m.safetensors --out /out --json --until-stdin-ends --lang ja";
    assert!(log.lines().iter().any(|line| line == arguments), "{log:?}");
    assert!(!done.exists());
    desk.watcher.stop();
    assert_eq!(desk.end(), End::Stopped);
    assert!(done.exists(), "it ended by itself");
    desk.begin();
    desk.until(|watching| watching.log.all.rejected == 2);
}

#[test]
fn an_end_by_itself_is_told_with_its_reason() {
    let mut desk = Desk::start("echo 'kizumi: /m.safetensors: is no model' >&2; exit 1");
    let End::ByItself { status, line } = desk.end() else {
        panic!("it ended by itself");
    };
    assert_eq!(line.as_deref(), Some("kizumi: /m.safetensors: is no model"));
    assert!(status.contains('1'), "{status}");
    // Killed by somebody else, whatever it said before.
    let mut desk = Desk::start("echo 'Computing on CPU' >&2; kill -9 $$");
    let killed = desk.end();
    assert!(
        matches!(&killed, End::ByItself { status, line: None } if status.contains('9')),
        "{killed:?}"
    );
}

#[test]
fn what_cannot_be_started_is_told() {
    let mut watcher = Watcher::of(vec!["/no/such/program".into()]);
    watcher.start(&order(), Language::English, Log::default(), || {});
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        match watcher.poll().and_then(|news| news.end) {
            Some(End::NotStarted(reason)) => {
                assert!(!reason.is_empty());
                return;
            }
            other => assert_eq!(other, None),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("nothing was told");
}

/// Whether a process is there, as a zombie, too.
fn is_there(pid: &str) -> bool {
    Path::new("/proc").join(pid).exists()
}

#[test]
#[cfg(target_os = "linux")]
fn one_that_does_not_end_is_killed_with_the_window_and_leaves_no_zombie() {
    let mut desk = Desk::start("echo $$ >&2; trap '' TERM; exec sleep 1000");
    desk.until(|watching| !watching.log.lines().is_empty());
    let pid = desk.watching.log.lines()[0].clone();
    assert!(is_there(&pid));
    let began = Instant::now();
    drop(desk);
    assert!(began.elapsed() < PATIENCE, "the window waits no longer");
    assert!(!is_there(&pid));
}
