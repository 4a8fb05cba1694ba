//! The program that watches: started, read, and ended.

use std::io::{BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use super::lines::for_each_line;
use super::{News, lock};
use crate::ui::state::watching::{End, Log, Said};

/// Between two looks whether the program is still there.
const TICK: Duration = Duration::from_millis(50);

/// How long what the program has said last is waited for when it has ended: something that it started may hold its
/// output open.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How the line begins in which the program says why it failed.
const COMPLAINT: &str = "kizumi: ";

/// What the threads that read add to, and the window takes.
#[derive(Debug)]
pub struct Shared {
    log: Log,
    began: Instant,
    end: Option<End>,
    is_new: bool,
    /// Why it ends, in its own words.
    complaint: Option<String>,
}

impl Default for Shared {
    fn default() -> Self {
        let began = Instant::now();
        let mut shared = Self::new(Log::default(), began);
        shared.is_new = false;
        shared
    }
}

impl Shared {
    /// What comes is added to `log`, whose clock began then.
    pub fn new(log: Log, began: Instant) -> Self {
        Self {
            log,
            began,
            end: None,
            is_new: true,
            complaint: None,
        }
    }

    fn take(&mut self, said: Said) {
        self.log.take(said, self.began.elapsed());
        self.is_new = true;
    }

    /// It is over.
    pub fn end(&mut self, end: End) {
        self.end = Some(end);
        self.is_new = true;
    }

    /// What is new since the last time. An end is told once.
    pub fn news(&mut self) -> Option<News> {
        std::mem::take(&mut self.is_new).then(|| News {
            log: self.log.clone(),
            end: self.end.take(),
        })
    }
}

type Wake = Arc<dyn Fn() + Send + Sync>;

/// Starts the program, reads what it says, and waits until it ends. It is asked to end by the end of its stdin when
/// a time comes from `ends`, or nobody is there any more to send one, and made to end when that time is over.
pub fn supervise(
    command: Command,
    shared: &Arc<Mutex<Shared>>,
    ends: &Receiver<Duration>,
    wake: Wake,
) {
    let end = match start(command) {
        Ok((child, [results, remarks])) => {
            let readers = [
                reader(results, shared, &wake, Said::result),
                reader(remarks, shared, &wake, Said::remark),
            ];
            let (status, was_asked) = wait_for(child, ends);
            hear_out(readers);
            match status {
                Ok(_) if was_asked => End::Stopped,
                Ok(status) => End::ByItself {
                    line: lock(shared).complaint.take(),
                    status: status.to_string(),
                },
                Err(error) => End::ByItself {
                    line: None,
                    status: error.to_string(),
                },
            }
        }
        Err(error) => End::NotStarted(error.to_string()),
    };
    lock(shared).end(end);
    wake();
}

type Output = Box<dyn Read + Send>;

fn start(mut command: Command) -> std::io::Result<(Child, [Output; 2])> {
    without_console(&mut command);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let results = child.stdout.take().map(|out| Box::new(out) as Output);
    let remarks = child.stderr.take().map(|out| Box::new(out) as Output);
    let none = || Box::new(std::io::empty()) as Output;
    let outputs = [results, remarks].map(|output| output.unwrap_or_else(none));
    Ok((child, outputs))
}

/// A program of the command line would bring a window of its own.
#[cfg(windows)]
fn without_console(command: &mut Command) {
    use std::os::windows::process::CommandExt as _;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    command.creation_flags(CREATE_NO_WINDOW);
}

#[cfg(not(windows))]
fn without_console(_: &mut Command) {}

/// Reads one of its outputs on a thread; `None` where there can be no thread: what it says there is lost, and it
/// ends, because nobody takes it.
fn reader(
    output: Output,
    shared: &Arc<Mutex<Shared>>,
    wake: &Wake,
    said: fn(&str) -> Said,
) -> Option<JoinHandle<()>> {
    let (shared, wake) = (Arc::clone(shared), Arc::clone(wake));
    let thread = std::thread::Builder::new().name("watcher-output".into());
    let read = move || {
        for_each_line(BufReader::new(output), |line| {
            let said = said(line);
            let mut shared = lock(&shared);
            if let Said::Line(line) = &said
                && line.starts_with(COMPLAINT)
            {
                shared.complaint = Some(line.clone());
            }
            shared.take(said);
            drop(shared);
            wake();
        });
    };
    thread.spawn(read).ok()
}

/// Waits for the end. Gives it, and whether it was asked for.
fn wait_for(mut child: Child, ends: &Receiver<Duration>) -> (std::io::Result<ExitStatus>, bool) {
    let mut kill_at: Option<Instant> = None;
    loop {
        let asked = match ends.recv_timeout(TICK) {
            Ok(patience) => Some(patience),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                sleep(TICK);
                kill_at.is_none().then_some(Duration::ZERO)
            }
        };
        if let Some(patience) = asked {
            drop(child.stdin.take());
            let until = Instant::now() + patience;
            kill_at = Some(kill_at.map_or(until, |earlier| earlier.min(until)));
        }
        match child.try_wait() {
            Ok(Some(status)) => return (Ok(status), kill_at.is_some()),
            Ok(None) => {}
            Err(error) => {
                let _ = child.kill();
                return (Err(error), kill_at.is_some());
            }
        }
        if kill_at.is_some_and(|until| Instant::now() >= until) {
            // Its tables go on where they end. One that is gone already cannot be killed.
            let _ = child.kill();
            return (child.wait(), true);
        }
    }
}

/// Waits until what it said is read.
fn hear_out(readers: [Option<JoinHandle<()>>; 2]) {
    let until = Instant::now() + LAST_WORDS;
    for reader in readers.into_iter().flatten() {
        while !reader.is_finished() && Instant::now() < until {
            sleep(TICK / 10);
        }
    }
}
