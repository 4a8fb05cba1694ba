//! Looks for the depth of a set of images, a few files a step, before any of them is used.

use std::path::PathBuf;

use rayon::prelude::*;

use super::catalog::Entry;
use kizumi_image::decode::Limits;
use kizumi_image::depth::{Depth, largest_of_file};

/// Files a step; a few for each thread.
const CHUNK: usize = 16;

/// Work in progress. Files of 16 bits a value are decoded, of the others only the head is read.
#[derive(Debug)]
pub struct DepthSearch {
    pending: std::vec::IntoIter<PathBuf>,
    /// The largest value so far.
    largest: Option<u16>,
}

impl DepthSearch {
    /// Nothing read yet.
    pub fn new<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let paths: Vec<PathBuf> = entries
            .into_iter()
            .map(|entry| entry.path.clone())
            .collect();
        Self {
            pending: paths.into_iter(),
            largest: None,
        }
    }

    /// Whether every file was looked at, or the others can change nothing.
    pub fn is_done(&self) -> bool {
        let all_bits = Depth::Sixteen { used_bits: 16 };
        self.pending.len() == 0 || Depth::of(self.largest) == all_bits
    }

    /// Looks at the next few files.
    pub fn step(&mut self) {
        let chunk: Vec<PathBuf> = self.pending.by_ref().take(CHUNK).collect();
        let found: Vec<Result<Option<u16>, _>> = chunk
            .par_iter()
            .map(|path| largest_of_file(path, Limits::PARALLEL))
            .collect();
        for (path, found) in chunk.iter().zip(found) {
            let found = match found {
                Err(error) if error.reason.exceeds_limits() => largest_of_file(path, Limits::HARD),
                found => found,
            };
            // Whoever uses the files says which of them are broken.
            self.largest = self.largest.max(found.unwrap_or(None));
        }
    }

    /// What was found; what is left to look at is looked at first.
    pub fn finish(mut self) -> Depth {
        while !self.is_done() {
            self.step();
        }
        Depth::of(self.largest)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use image::{DynamicImage, GrayImage, ImageBuffer, Luma};

    use super::*;
    use crate::catalog::Kind;

    fn saved(dir: &Path, name: &str, image: impl Into<DynamicImage>) -> Entry {
        let path = dir.join(name);
        image.into().save(&path).unwrap();
        Entry {
            path,
            kind: Kind::Normal,
            mask: None,
        }
    }

    fn deep(largest: u16) -> ImageBuffer<Luma<u16>, Vec<u16>> {
        ImageBuffer::from_fn(8, 8, |x, y| Luma([if x + y == 14 { largest } else { 7 }]))
    }

    #[test]
    fn the_largest_value_of_all_files_decides_how_many_bits_are_used() {
        let dir = tempfile::tempdir().unwrap();
        let mut entries = vec![
            saved(
                dir.path(),
                "0.png",
                GrayImage::from_pixel(8, 8, Luma([200])),
            ),
            saved(dir.path(), "1.png", deep(900)),
            saved(dir.path(), "2.tif", deep(4000)),
        ];
        let depth = |entries: &[Entry]| DepthSearch::new(entries).finish();
        assert_eq!(depth(&entries[..1]), Depth::Eight);
        assert_eq!(depth(&entries[..2]), Depth::Sixteen { used_bits: 10 });
        assert_eq!(depth(&entries), Depth::Sixteen { used_bits: 12 });
        let cut = saved(dir.path(), "3.png", deep(60_000));
        std::fs::write(&cut.path, &std::fs::read(&cut.path).unwrap()[..40]).unwrap();
        entries.push(cut);
        assert_eq!(
            depth(&entries),
            Depth::Sixteen { used_bits: 12 },
            "one is broken"
        );
        entries.push(saved(dir.path(), "4.png", deep(60_000)));
        assert_eq!(depth(&entries), Depth::Sixteen { used_bits: 16 });
    }
}
