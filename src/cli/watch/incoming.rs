//! Which files of a watched folder are complete, and new.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use kizumi_image::shown::path_text;
use kizumi_report::watched::FileState;

/// A file that cannot be read is tried again until it has stayed as it is for so long: whoever writes it may
/// only have paused.
pub const BROKEN_AFTER: Duration = Duration::from_secs(10);

/// Stands for the name of a file.
type Key = [u8; 16];

/// Files that are there, each until it is inspected.
#[derive(Debug)]
pub struct Incoming {
    /// How long a file stays as it is until it is taken for complete.
    settle: Duration,
    /// What was inspected, in a few bytes each: there may be ten thousand a day.
    known: HashMap<Key, FileState>,
    waiting: HashMap<PathBuf, Waiting>,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    state: FileState,
    /// Since when it is as it is.
    since: Instant,
    /// Whether it was tried in vain.
    failed: bool,
}

/// A file that is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complete {
    /// The file.
    pub path: PathBuf,
    /// As it is now.
    pub state: FileState,
    /// Whether it has been there for so long that it is broken if it cannot be read.
    pub is_final: bool,
}

impl Incoming {
    /// Nothing is known.
    pub fn new(settle: Duration) -> Self {
        Self {
            settle,
            known: HashMap::new(),
            waiting: HashMap::new(),
        }
    }

    /// A file, as tables name it, was inspected when it was in this state.
    pub fn inspected(&mut self, name: &str, state: FileState) {
        self.known.insert(key(name), state);
    }

    /// A file could not be read: it is tried again when it has changed or is final.
    pub fn failed(&mut self, path: &Path) {
        if let Some(waiting) = self.waiting.get_mut(path) {
            waiting.failed = true;
        }
    }

    /// How many files wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Takes all files that are there and gives the complete ones that were not inspected as they are, those
    /// that were written first before the others. `time` is the time of day at `now`.
    pub fn look(
        &mut self,
        files: impl Iterator<Item = (PathBuf, FileState)>,
        now: Instant,
        time: SystemTime,
    ) -> Vec<Complete> {
        let mut before = std::mem::take(&mut self.waiting);
        let mut complete = Vec::new();
        for (path, state) in files {
            if self.known.get(&key(&path_text(&path))) == Some(&state) {
                continue;
            }
            let same = before.remove(&path).filter(|one| one.state == state);
            let waiting = same.unwrap_or_else(|| {
                // It has been as it is since it was written, if the clocks agree.
                let age = time.duration_since(state.modified).unwrap_or_default();
                let age = age.min(BROKEN_AFTER.max(self.settle));
                let since = now.checked_sub(age).unwrap_or(now);
                Waiting {
                    state,
                    since,
                    failed: false,
                }
            });
            let unchanged = now.duration_since(waiting.since);
            let is_final = unchanged >= BROKEN_AFTER.max(self.settle);
            if is_final || (unchanged >= self.settle && !waiting.failed) {
                complete.push(Complete {
                    path: path.clone(),
                    state,
                    is_final,
                });
            }
            self.waiting.insert(path, waiting);
        }
        complete.sort_by(|a, b| {
            let order = a.state.modified.cmp(&b.state.modified);
            order.then_with(|| a.path.cmp(&b.path))
        });
        complete
    }
}

fn key(name: &str) -> Key {
    let mut key = Key::default();
    let hash = blake3::hash(name.as_bytes());
    key.copy_from_slice(&hash.as_bytes()[..16]);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    struct Folder {
        incoming: Incoming,
        now: Instant,
        time: SystemTime,
    }

    impl Folder {
        fn new() -> Self {
            Self {
                incoming: Incoming::new(SECOND),
                now: Instant::now() + 1000 * SECOND,
                time: SystemTime::UNIX_EPOCH + 1_000_000 * SECOND,
            }
        }

        fn state(&self, bytes: u64, age: Duration) -> FileState {
            FileState {
                bytes,
                modified: self.time - age,
            }
        }

        fn look(&mut self, after: Duration, files: &[(&str, FileState)]) -> Vec<(String, bool)> {
            self.now += after;
            self.time += after;
            let files = files.iter().map(|(name, state)| (name.into(), *state));
            let complete = self.incoming.look(files, self.now, self.time);
            let names = complete.into_iter().map(|one| {
                let name = one.path.to_str().expect("text").to_owned();
                (name, one.is_final)
            });
            names.collect()
        }
    }

    fn one(name: &str, is_final: bool) -> Vec<(String, bool)> {
        vec![(name.into(), is_final)]
    }

    #[test]
    fn a_file_is_complete_when_it_has_stayed_as_it_is() {
        let mut folder = Folder::new();
        let growing = [10, 20].map(|bytes| folder.state(bytes, Duration::ZERO));
        let half = SECOND / 2;
        assert_eq!(folder.look(half, &[("a", growing[0])]), []);
        assert_eq!(folder.look(SECOND, &[("a", growing[1])]), one("a", false));
        let later = FileState {
            bytes: 30,
            modified: folder.time,
        };
        assert_eq!(folder.look(half, &[("a", later)]), []);
        assert_eq!(folder.look(half, &[("a", later)]), one("a", false));
    }

    #[test]
    fn what_lies_there_at_the_start_is_complete_at_once() {
        let mut folder = Folder::new();
        let old = folder.state(10, 100 * SECOND);
        assert_eq!(folder.look(Duration::ZERO, &[("a", old)]), one("a", true));
        // A clock that is ahead makes a file no older than it is.
        let ahead = FileState {
            bytes: 10,
            modified: folder.time + 50 * SECOND,
        };
        assert_eq!(folder.look(Duration::ZERO, &[("b", ahead)]), []);
        assert_eq!(folder.look(SECOND, &[("b", ahead)]), one("b", false));
    }

    #[test]
    fn a_file_is_inspected_once_until_it_is_another() {
        let mut folder = Folder::new();
        let first = folder.state(10, 5 * SECOND);
        assert_eq!(folder.look(SECOND, &[("a", first)]), one("a", false));
        folder.incoming.inspected("a", first);
        assert_eq!(folder.look(100 * SECOND, &[("a", first)]), []);
        assert_eq!(folder.incoming.waiting(), 0);
        let rewritten = FileState {
            bytes: 10,
            modified: folder.time,
        };
        assert_eq!(folder.look(SECOND, &[("a", rewritten)]), one("a", false));
        // Gone and back as it was is the same file.
        assert_eq!(folder.look(SECOND, &[]), []);
        assert_eq!(folder.look(SECOND, &[("a", first)]), []);
    }

    #[test]
    fn what_cannot_be_read_is_tried_again_when_it_changed_and_at_the_end() {
        let mut folder = Folder::new();
        let cut = folder.state(10, Duration::ZERO);
        assert_eq!(folder.look(SECOND, &[("a", cut)]), one("a", false));
        folder.incoming.failed(Path::new("a"));
        assert_eq!(folder.look(SECOND, &[("a", cut)]), []);
        let more = FileState {
            bytes: 20,
            modified: folder.time,
        };
        assert_eq!(folder.look(SECOND, &[("a", more)]), one("a", false));
        folder.incoming.failed(Path::new("a"));
        assert_eq!(folder.look(BROKEN_AFTER - 2 * SECOND, &[("a", more)]), []);
        assert_eq!(folder.look(SECOND, &[("a", more)]), one("a", true));
        folder.incoming.inspected("a", more);
        assert_eq!(folder.look(SECOND, &[("a", more)]), []);
    }

    #[test]
    fn those_written_first_come_first() {
        let mut folder = Folder::new();
        let [old, new] = [60, 30].map(|age| folder.state(1, age * SECOND));
        let found = folder.look(SECOND, &[("a", new), ("b", old), ("c", new)]);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["b", "a", "c"]);
    }
}
