//! Looks for the depth of a set of images, a few files a step, before any of them is used.

use std::path::PathBuf;

use super::catalog::{Catalog, Entry};
use super::load_note::{LoadMatter, LoadNote};
use kizumi_image::depth::{Depth, largest_of_file};
use kizumi_image::read_all::read_all;

/// Files a step; a few for each thread.
const CHUNK: usize = 16;

/// Work in progress. Files of 16 bits a value are decoded, of the others only the head is read.
///
/// Test images count, too, where training images have 16 bits: one set is by one camera, and normal parts may
/// happen to be dark.
#[derive(Debug)]
pub struct DepthSearch {
    training: std::vec::IntoIter<PathBuf>,
    test: std::vec::IntoIter<PathBuf>,
    /// The largest value of training images so far.
    largest: Option<u16>,
    /// The largest value of test images so far, and whose it is.
    largest_of_test: Option<(u16, PathBuf)>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The depth of all images of the set.
    pub depth: Depth,
    /// What a person should know of it.
    pub notes: Vec<LoadNote>,
}

impl DepthSearch {
    /// Nothing read yet.
    pub fn new(catalog: &Catalog) -> Self {
        let paths = |entries: &[Entry]| {
            let paths = entries.iter().map(|entry| entry.path.clone());
            paths.collect::<Vec<_>>().into_iter()
        };
        Self {
            training: paths(&catalog.train),
            test: paths(&catalog.test),
            largest: None,
            largest_of_test: None,
        }
    }

    /// Whether every file was looked at, or the others can change nothing.
    pub fn is_done(&self) -> bool {
        let all_bits = Depth::Sixteen { used_bits: 16 };
        let is_over = match self.training.len() {
            0 => self.largest.is_none() || self.test.len() == 0,
            _ => false,
        };
        is_over || self.depth() == all_bits
    }

    /// Looks at the next few files.
    pub fn step(&mut self) {
        let of_training = self.training.len() > 0;
        let pending = match of_training {
            true => &mut self.training,
            false => &mut self.test,
        };
        let chunk: Vec<PathBuf> = pending.by_ref().take(CHUNK).collect();
        let found = read_all(&chunk, |path, limits| largest_of_file(path, limits));
        for (path, found) in chunk.into_iter().zip(found) {
            // Whoever uses the files says which of them are broken.
            let found = found.unwrap_or(None);
            if of_training {
                self.largest = self.largest.max(found);
            } else if let Some(value) = found {
                let known = self.largest_of_test.as_ref();
                if known.is_none_or(|(known, _)| value > *known) {
                    self.largest_of_test = Some((value, path));
                }
            }
        }
    }

    /// That of the files so far.
    fn depth(&self) -> Depth {
        let of_test = self.largest_of_test.as_ref().map(|(largest, _)| *largest);
        Depth::of(
            self.largest
                .map(|largest| of_test.map_or(largest, |of_test| largest.max(of_test))),
        )
    }

    /// What was found; what is left to look at is looked at first.
    pub fn finish(mut self) -> Found {
        while !self.is_done() {
            self.step();
        }
        let depth = self.depth();
        let common = depth.remark().map(LoadMatter::Common);
        let mut notes: Vec<LoadNote> = common.map(LoadNote::from).into_iter().collect();
        if let Some((value, path)) = self
            .largest_of_test
            .filter(|_| depth != Depth::of(self.largest))
        {
            let of_training = self.largest.unwrap_or(0);
            notes.push(LoadNote {
                matter: LoadMatter::BitsOfTest { value, of_training },
                file: Some(path),
            });
        }
        Found { depth, notes }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use image::{DynamicImage, GrayImage, ImageBuffer, Luma};

    use super::*;
    use crate::catalog::Layout;

    fn saved(dir: &Path, name: &str, image: impl Into<DynamicImage>) -> Entry {
        let path = dir.join(name);
        image.into().save(&path).unwrap();
        Entry::normal(path)
    }

    fn found(train: &[Entry], test: &[Entry]) -> Found {
        let catalog = Catalog {
            root: PathBuf::new(),
            layout: Layout::Mvtec,
            train: train.to_vec(),
            test: test.to_vec(),
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: Default::default(),
            joined: Default::default(),
        };
        DepthSearch::new(&catalog).finish()
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
        let depth = |entries: &[Entry]| found(entries, &[]).depth;
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

    #[test]
    fn test_images_say_how_many_bits_are_used_where_training_images_are_dark() {
        let dir = tempfile::tempdir().unwrap();
        let dark = [saved(dir.path(), "dark.png", deep(200))];
        let bright = [
            saved(dir.path(), "dim.png", deep(150)),
            saved(dir.path(), "bright.png", deep(4000)),
        ];
        let alone = found(&dark, &[]);
        assert_eq!(alone.depth, Depth::Sixteen { used_bits: 8 });
        assert_eq!(alone.notes.len(), 1);
        let both = found(&dark, &bright);
        assert_eq!(both.depth, Depth::Sixteen { used_bits: 12 });
        let notes: Vec<String> = both.notes.iter().map(LoadNote::to_string).collect();
        assert_eq!(notes[0], "12 of 16 bits are used; 4095 is white.");
        assert!(notes[1].contains("bright.png"), "{notes:?}");
        assert!(notes[1].contains("4000"), "{notes:?}");
        // What is as bright as the training images says nothing new.
        assert_eq!(found(&dark, &bright[..1]), alone);
    }

    #[test]
    fn test_images_of_16_bits_make_no_other_set_of_training_images_of_8() {
        let dir = tempfile::tempdir().unwrap();
        let plain = GrayImage::from_pixel(8, 8, Luma([200]));
        let train = [saved(dir.path(), "8.png", plain)];
        let test = [saved(dir.path(), "16.png", deep(4000))];
        assert_eq!(found(&train, &test).depth, Depth::Eight);
    }
}
