//! Decodes a list of images step by step, so that whoever drives it can show progress or stop.

use thiserror::Error;

use super::catalog::{Entry, count_of};
use super::load_note::{LoadMatter, LoadNote};
use kizumi_image::compact::CompactPicture;
use kizumi_image::depth::Depth;
use kizumi_image::file_error::FileError;
use kizumi_image::placement::Placement;
use kizumi_image::prepare::prepare_all_compact;
use kizumi_image::remark::Remarks;
use kizumi_method::config::DataConfig;

/// Images a step; a few for each thread.
const CHUNK: usize = 16;

/// Work in progress: the resized images so far.
#[derive(Debug)]
pub struct Loader {
    config: DataConfig,
    channels: Option<usize>,
    pending: std::vec::IntoIter<Entry>,
    total: usize,
    loaded: Loaded,
    remarks: Remarks,
    views: Vec<View>,
}

/// The second view of an image that was loaded.
#[derive(Clone, Debug)]
pub struct View {
    /// Where its picture is among [`Loaded::pictures`].
    pub index: usize,
    /// The whole photograph, in the channels of the file unless others were asked for.
    pub picture: CompactPicture,
}

/// Decoded images, those of the same index belonging together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    /// The images that could be used, in the order given.
    pub entries: Vec<Entry>,
    /// Their pixels, resized, all with [`Loaded::channels`] channels.
    pub pictures: Vec<CompactPicture>,
    /// Where each file's pixels lie in its picture.
    pub placements: Vec<Placement>,
    /// BLAKE3 of each file.
    pub file_hashes: Vec<blake3::Hash>,
    /// The files that could not be used, and why.
    pub broken: Vec<FileError>,
    /// 1 or 3.
    pub channels: usize,
    /// What a person should know: images that were converted, or are odd.
    pub notes: Vec<LoadNote>,
}

/// Why there is nothing to go on with.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum LoadError {
    /// An empty list.
    #[error("there are no images to load")]
    NoImages,
    /// Not one of the files could be used.
    #[error("none of {} can be used; the first: {first}", count_of(*count, "image"))]
    AllBroken {
        /// How many there are.
        count: usize,
        /// What is wrong with the first one.
        first: FileError,
    },
}

impl Loader {
    /// Starts loading; `channels` (1 or 3) overrides the configuration's.
    pub fn new(entries: Vec<Entry>, config: &DataConfig, channels: Option<usize>) -> Self {
        Self {
            config: config.clone(),
            channels: channels.or(config.channels),
            total: entries.len(),
            pending: entries.into_iter(),
            loaded: Loaded::default(),
            remarks: Remarks::default(),
            views: Vec::new(),
        }
    }

    /// Takes images to be of this depth. Those that were decoded stay as they are.
    pub fn set_depth(&mut self, depth: Depth) {
        self.config.depth = depth;
    }

    /// Takes more images in, behind the others.
    pub fn add(&mut self, more: Vec<Entry>) {
        self.total += more.len();
        let mut pending: Vec<Entry> = self.pending.by_ref().collect();
        pending.extend(more);
        self.pending = pending.into_iter();
    }

    /// Images done, broken ones included, and images in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.total - self.pending.len(), self.total)
    }

    /// Whether every image was tried.
    pub fn is_done(&self) -> bool {
        self.pending.len() == 0
    }

    /// Decodes the next few images in parallel.
    ///
    /// Memory stays within the resized images plus those of [`kizumi_image::prepare::prepare_all`].
    pub fn step(&mut self) {
        let chunk: Vec<Entry> = self.pending.by_ref().take(CHUNK).collect();
        let paths: Vec<_> = chunk.iter().map(|entry| entry.path.as_path()).collect();
        let results = prepare_all_compact(&paths, &self.config);
        for (entry, result) in chunk.into_iter().zip(results) {
            match result {
                Ok(resized) => {
                    self.remarks.add(&resized.remarks);
                    if let Some(view) = resized.view {
                        let channels = self.channels.unwrap_or(view.channels);
                        self.views.push(View {
                            index: self.loaded.pictures.len(),
                            picture: view.with_channels(channels),
                        });
                    }
                    self.loaded.entries.push(entry);
                    self.loaded.pictures.push(resized.picture);
                    self.loaded.placements.push(resized.placement);
                    self.loaded.file_hashes.push(resized.file_hash);
                }
                Err(error) => self.loaded.broken.push(error),
            }
        }
    }

    /// The second views of the images since the last call, where [`DataConfig::view`] asks for them. They
    /// are held until they are taken: they are large.
    pub fn take_views(&mut self) -> Vec<View> {
        std::mem::take(&mut self.views)
    }

    /// The pictures of the images so far, in the channels of their files.
    pub fn so_far(&self) -> &[CompactPicture] {
        &self.loaded.pictures
    }

    /// Where their files' pixels lie in them.
    pub fn placements_so_far(&self) -> &[Placement] {
        &self.loaded.placements
    }

    /// Decodes what is left and decides the channels: those asked for, or 1 when every image is
    /// grey, else 3.
    ///
    /// # Errors
    /// [`LoadError`] when not a single image is left.
    pub fn finish(mut self) -> Result<Loaded, LoadError> {
        while !self.is_done() {
            self.step();
        }
        let mut loaded = self.loaded;
        if loaded.pictures.is_empty() {
            return Err(match loaded.broken.into_iter().next() {
                Some(first) => LoadError::AllBroken {
                    count: self.total,
                    first,
                },
                None => LoadError::NoImages,
            });
        }
        loaded.notes.extend(LoadNote::of_files(&self.remarks));
        let grey = loaded.pictures.iter().filter(|p| p.channels == 1).count();
        let colour = loaded.pictures.len() - grey;
        loaded.channels = self.channels.unwrap_or(if colour == 0 { 1 } else { 3 });
        match loaded.channels {
            1 if colour > 0 => {
                let images = colour;
                loaded.notes.push(LoadMatter::ToGrey { images }.into());
            }
            3 if grey > 0 => {
                let images = grey;
                loaded.notes.push(LoadMatter::ToRgb { images }.into());
            }
            _ => {}
        }
        loaded.pictures = loaded
            .pictures
            .into_iter()
            .map(|picture| picture.with_channels(loaded.channels))
            .collect();
        Ok(loaded)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use image::{GrayImage, Luma, Rgb, RgbImage};

    use super::*;
    use crate::catalog::Kind;
    use kizumi_image::decode::Limits;
    use kizumi_image::prepare::prepare;

    fn entry(dir: &Path, name: &str) -> Entry {
        Entry {
            path: dir.join(name),
            kind: Kind::Normal,
            mask: None,
        }
    }

    fn grey(dir: &Path, name: &str, value: u8) -> Entry {
        let entry = entry(dir, name);
        let image = GrayImage::from_fn(20, 10, |x, _| Luma([value + x as u8]));
        image.save(&entry.path).unwrap();
        entry
    }

    fn rgb(dir: &Path, name: &str) -> Entry {
        let entry = entry(dir, name);
        let image = RgbImage::from_pixel(20, 10, Rgb([200, 100, 0]));
        image.save(&entry.path).unwrap();
        entry
    }

    fn config() -> DataConfig {
        DataConfig {
            size_px: 16,
            ..DataConfig::default()
        }
    }

    #[test]
    fn loads_in_order_and_counts() {
        let dir = tempfile::tempdir().unwrap();
        let entries: Vec<Entry> = (0..40)
            .map(|i| grey(dir.path(), &format!("{i}.png"), i as u8))
            .collect();
        let mut loader = Loader::new(entries.clone(), &config(), None);
        assert_eq!(loader.progress(), (0, 40));
        loader.step();
        assert_eq!(loader.progress(), (CHUNK, 40));
        let loaded = loader.finish().unwrap();
        assert_eq!(loaded.entries, entries);
        assert_eq!((loaded.channels, loaded.broken.len()), (1, 0));
        for (i, entry) in entries.iter().enumerate() {
            let alone = prepare(&entry.path, &config(), None).unwrap();
            assert_eq!(loaded.pictures[i].to_picture(), alone.picture);
            assert_eq!(loaded.file_hashes[i], alone.file_hash);
        }
    }

    #[test]
    fn one_colour_image_makes_it_three_channels_unless_told_otherwise() {
        let dir = tempfile::tempdir().unwrap();
        let entries = vec![grey(dir.path(), "a.png", 1), rgb(dir.path(), "b.png")];
        let load = |channels| {
            Loader::new(entries.clone(), &config(), channels)
                .finish()
                .unwrap()
        };
        let by_data = load(None);
        assert_eq!(by_data.channels, 3);
        assert!(by_data.pictures.iter().all(|picture| picture.channels == 3));
        let notes = |loaded: &Loaded| {
            loaded
                .notes
                .iter()
                .map(LoadNote::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(notes(&by_data), ["1 grey image repeated to RGB."]);
        let forced = load(Some(1));
        assert!(forced.pictures.iter().all(|picture| picture.channels == 1));
        assert_eq!(notes(&forced), ["1 RGB image converted to grey."]);
    }

    #[test]
    fn broken_files_are_listed_and_the_rest_is_used() {
        let dir = tempfile::tempdir().unwrap();
        let good = grey(dir.path(), "good.png", 7);
        let cut = rgb(dir.path(), "cut.jpg");
        let bytes = std::fs::read(&cut.path).unwrap();
        std::fs::write(&cut.path, &bytes[..bytes.len() - 2]).unwrap();
        let empty = entry(dir.path(), "empty.png");
        std::fs::write(&empty.path, b"").unwrap();
        let missing = entry(dir.path(), "missing.png");

        let entries = vec![empty.clone(), cut, good.clone(), missing];
        let loaded = Loader::new(entries, &config(), None).finish().unwrap();
        assert_eq!(loaded.entries, [good]);
        let reasons: Vec<String> = loaded.broken.iter().map(ToString::to_string).collect();
        assert_eq!(reasons.len(), 3);
        assert!(reasons[0].contains("empty.png: is empty"));
        assert!(reasons[1].contains("cut.jpg: is cut off"));
        assert!(reasons[2].contains("missing.png: cannot be read"));

        let nothing = Loader::new(vec![empty], &config(), None)
            .finish()
            .unwrap_err();
        assert!(nothing.to_string().contains("none of 1 image can be used"));
        assert_eq!(
            Loader::new(Vec::new(), &config(), None).finish(),
            Err(LoadError::NoImages)
        );
    }

    #[test]
    fn images_beyond_the_parallel_limits_are_still_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let large = entry(dir.path(), "large.png");
        let side = (Limits::PARALLEL.decoded_bytes as f64).sqrt().ceil() as u32;
        GrayImage::from_pixel(side, side, Luma([128]))
            .save(&large.path)
            .unwrap();
        let small = grey(dir.path(), "small.png", 3);
        let loaded = Loader::new(vec![large, small], &config(), None)
            .finish()
            .unwrap();
        assert_eq!(loaded.pictures.len(), 2);
        assert!((loaded.pictures[0].to_picture().at(0, 8, 8) - 128.0 / 255.0).abs() < 1e-6);
    }
}
