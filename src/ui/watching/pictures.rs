//! Small pictures of the latest images, read beside the window: only of those in sight, the first of them first.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use egui::ColorImage;

use crate::ui::state::watching::{ROWS_MAX, Row};
use kizumi_image::depth::Depth;
use kizumi_image::source::open_small;
use kizumi_image::stamp::Stamp;

/// The longest side that is kept, in pixels: 100 kB each.
const SIDE_PX: usize = 160;

/// A picture by the number of its row; `None` where the file is gone, is another one by now, or cannot be read.
type Read = (u64, Option<ColorImage>);

/// What is to be read.
#[derive(Debug, Default)]
struct Wanted {
    /// The next one last.
    rows: Vec<(Arc<Row>, Depth)>,
    /// The one that is being read.
    reading: Option<u64>,
    is_over: bool,
}

/// The pictures that were read, no more than there are rows.
#[derive(Debug)]
pub struct SmallPictures {
    known: HashMap<u64, Option<Arc<ColorImage>>>,
    wanted: Arc<(Mutex<Wanted>, Condvar)>,
    sender: Sender<Read>,
    read: Receiver<Read>,
    has_thread: bool,
}

impl Default for SmallPictures {
    fn default() -> Self {
        let (sender, read) = channel();
        Self {
            known: HashMap::new(),
            wanted: Arc::default(),
            sender,
            read,
            has_thread: false,
        }
    }
}

impl SmallPictures {
    /// The picture of a row: `None` while it is not read, `Some(None)` where there is none.
    pub fn get(&self, number: u64) -> Option<Option<Arc<ColorImage>>> {
        self.known.get(&number).cloned()
    }

    /// These rows are in sight, the first of them first. `next` is the number of the next row: what is older than
    /// all that are kept is forgotten. `wake` is called when one was read.
    pub fn want(
        &mut self,
        in_sight: &[Arc<Row>],
        depth: Depth,
        next: u64,
        wake: impl Fn() + Send + 'static,
    ) {
        while let Ok((number, picture)) = self.read.try_recv() {
            self.known.insert(number, picture.map(Arc::new));
        }
        let oldest = next.saturating_sub(ROWS_MAX as u64);
        self.known.retain(|number, _| *number >= oldest);
        let unknown = in_sight.iter().rev();
        let unknown = unknown.filter(|row| !self.known.contains_key(&row.number));
        let mut rows: Vec<_> = unknown.map(|row| (Arc::clone(row), depth)).collect();
        if rows.is_empty() && !self.has_thread {
            return;
        }
        self.begin(wake);
        let (wanted, changed) = &*self.wanted;
        let mut wanted = lock(wanted);
        rows.retain(|(row, _)| wanted.reading != Some(row.number));
        wanted.rows = rows;
        changed.notify_one();
    }

    fn begin(&mut self, wake: impl Fn() + Send + 'static) {
        if self.has_thread {
            return;
        }
        let (wanted, sender) = (Arc::clone(&self.wanted), self.sender.clone());
        let thread = std::thread::Builder::new().name("small-pictures".into());
        // Without a thread there are names alone.
        let spawned = thread.spawn(move || {
            while let Some((row, depth)) = next(&wanted) {
                // Whoever does not take it any more is gone.
                if sender.send((row.number, read(&row, depth))).is_err() {
                    return;
                }
                wake();
            }
        });
        self.has_thread = spawned.is_ok();
    }
}

impl Drop for SmallPictures {
    fn drop(&mut self) {
        let (wanted, changed) = &*self.wanted;
        lock(wanted).is_over = true;
        changed.notify_one();
    }
}

fn lock(wanted: &Mutex<Wanted>) -> std::sync::MutexGuard<'_, Wanted> {
    wanted.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for the next one to read; `None` when it is over.
fn next((wanted, changed): &(Mutex<Wanted>, Condvar)) -> Option<(Arc<Row>, Depth)> {
    let mut wanted = lock(wanted);
    loop {
        if wanted.is_over {
            return None;
        }
        let next = wanted.rows.pop();
        wanted.reading = next.as_ref().map(|(row, _)| row.number);
        if next.is_some() {
            return next;
        }
        wanted = changed.wait(wanted).unwrap_or_else(PoisonError::into_inner);
    }
}

/// The picture, if the file is still the one that was inspected.
fn read(row: &Row, depth: Depth) -> Option<ColorImage> {
    let is_same = || Stamp::of(&row.path) == Some(row.stamp);
    if !is_same() {
        return None;
    }
    let picture = open_small(&row.path, depth, SIDE_PX).ok()?;
    let size = [picture.width, picture.height];
    is_same().then(|| ColorImage::from_rgb(size, &picture.bytes))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;
    use std::time::{Duration, Instant, SystemTime};

    use super::*;

    fn row(number: u64, path: &Path) -> Arc<Row> {
        let none = Stamp {
            bytes: 0,
            modified_ns: None,
        };
        Arc::new(Row {
            number,
            path: path.into(),
            stamp: Stamp::of(path).unwrap_or(none),
            at: SystemTime::now(),
            verdict: None,
            confidence: None,
            score: None,
            error: None,
        })
    }

    fn read_all(pictures: &mut SmallPictures, rows: &[Arc<Row>], next: u64) {
        let began = Instant::now();
        while rows.iter().any(|row| pictures.get(row.number).is_none()) {
            assert!(began.elapsed() < Duration::from_secs(60));
            pictures.want(rows, Depth::default(), next, || {});
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    #[test]
    fn pictures_are_small_and_only_of_what_was_inspected() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for (name, side) in [("a.png", 600), ("b.png", 20), ("changed.png", 20)] {
            let image = image::RgbImage::from_pixel(side, side / 2, image::Rgb([9, 8, 7]));
            image.save(path(name)).unwrap();
        }
        std::fs::write(path("broken.png"), "no image").unwrap();
        let names = ["a.png", "b.png", "changed.png", "broken.png", "gone.png"];
        let rows: Vec<_> = (0..)
            .zip(names)
            .map(|(i, name)| row(i, &path(name)))
            .collect();
        std::fs::write(path("changed.png"), "another one").unwrap();
        let mut pictures = SmallPictures::default();
        read_all(&mut pictures, &rows, 5);
        let size = |number| pictures.get(number).unwrap().map(|picture| picture.size);
        assert_eq!(size(0), Some([160, 80]));
        assert_eq!(size(1), Some([20, 10]));
        assert_eq!([size(2), size(3), size(4)], [None; 3]);
        // What is older than what is kept is forgotten.
        pictures.want(&[], Depth::default(), 4 + ROWS_MAX as u64, || {});
        assert_eq!(pictures.known.len(), 1);
    }
}
