//! From image files to a memory of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use kizumi_image::decode::{Backdrop, Decoded, Limits, decode};
use kizumi_image::file_error::FileError;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_kernel::features::{FeatureMap, FeatureNetwork};
use kizumi_method::config::{DataConfig, Mode};

use crate::builder::{MemoryBuilder, MemoryConfig};
use crate::leave_out::{Built, Measuring};
use crate::view::FeatureView;

/// Files whose sizes the view is made of, spread over all.
const SIZED: usize = 15;

/// Files a step.
const CHUNK: usize = 8;

/// Which files, and how they are looked at.
pub struct MemoryRequest {
    /// Normal images.
    pub paths: Vec<PathBuf>,
    /// Where their pixels lie in what the autoencoder sees: what `ignored` is drawn on.
    pub data: DataConfig,
    /// 1 where regions are left out, on the canvas of the autoencoder; object mode only.
    pub ignored: Option<Picture>,
    /// The side of a square of the area that files are looked at in, at most.
    pub resolution_px: usize,
    /// How the memory is made.
    pub memory: MemoryConfig,
}

/// Decodes files, takes their features and makes a memory of them, a little of it a step.
pub struct MemoryLoader {
    network: Arc<FeatureNetwork>,
    request: MemoryRequest,
    view: Option<FeatureView>,
    /// Files that were tried.
    tried: usize,
    used: Vec<PathBuf>,
    broken: Vec<FileError>,
    stage: Stage,
}

enum Stage {
    Reading(MemoryBuilder),
    Measuring(Measuring),
}

/// What [`MemoryLoader::finish`] gives.
pub struct Loaded {
    /// The memory, and what its images are like without themselves; `None` when no file could be used.
    pub built: Option<Built>,
    /// The images of the memory, in their order.
    pub used: Vec<PathBuf>,
    /// The files that could not be used, and why.
    pub broken: Vec<FileError>,
}

/// The features of a file.
struct Seen {
    features: FeatureMap,
    counted: Option<Vec<bool>>,
}

impl MemoryLoader {
    /// Nothing read yet.
    pub fn new(network: Arc<FeatureNetwork>, request: MemoryRequest) -> Self {
        let builder = MemoryBuilder::new(FeatureNetwork::CHANNELS, request.memory);
        Self {
            network,
            view: None,
            tried: 0,
            used: Vec::new(),
            broken: Vec::new(),
            stage: Stage::Reading(builder),
            request,
        }
    }

    /// Files tried, and files in all.
    pub fn files(&self) -> (usize, usize) {
        (self.tried, self.request.paths.len())
    }

    /// Steps done after the last file, and steps in all; `None` before.
    pub fn measured(&self) -> Option<(usize, usize)> {
        match &self.stage {
            Stage::Reading(_) => None,
            Stage::Measuring(measuring) => Some(measuring.progress()),
        }
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        match &self.stage {
            Stage::Reading(_) => false,
            Stage::Measuring(measuring) => measuring.is_done(),
        }
    }

    /// The size that the files are looked at in, as soon as it is known.
    pub fn view(&self) -> Option<FeatureView> {
        self.view
    }

    /// Takes the next few files, or does some of what is left after them.
    pub fn step(&mut self) {
        match &mut self.stage {
            Stage::Measuring(measuring) => measuring.step(),
            Stage::Reading(builder) if self.tried == self.request.paths.len() => {
                let empty = MemoryBuilder::new(FeatureNetwork::CHANNELS, self.request.memory);
                let builder = std::mem::replace(builder, empty);
                self.stage = Stage::Measuring(builder.close());
            }
            Stage::Reading(_) => self.read(),
        }
    }

    /// Does what is left.
    pub fn finish(mut self) -> Loaded {
        while !self.is_done() {
            self.step();
        }
        let built = match self.stage {
            Stage::Measuring(measuring) => measuring.finish(),
            Stage::Reading(_) => None,
        };
        Loaded {
            built,
            used: self.used,
            broken: self.broken,
        }
    }

    /// Takes the next few files.
    fn read(&mut self) {
        let Some(view) = self.view.or_else(|| self.usual_view()) else {
            // Not one file could be read: each of them says why.
            self.view = Some(FeatureView::new((1, 1), self.request.resolution_px));
            return;
        };
        self.view = Some(view);
        let paths = &self.request.paths[self.tried..];
        let paths = &paths[..paths.len().min(CHUNK)];
        let seen: Vec<Result<Seen, FileError>> = paths
            .par_iter()
            .map(|path| self.look(path, view, Limits::PARALLEL))
            .collect();
        for (path, seen) in paths.iter().zip(seen) {
            let seen = match seen {
                Err(error) if error.reason.exceeds_limits() => self.look(path, view, Limits::HARD),
                seen => seen,
            };
            match (seen, &mut self.stage) {
                (Ok(seen), Stage::Reading(builder)) => {
                    builder.add(&seen.features, seen.counted);
                    self.used.push(path.clone());
                }
                (Err(error), _) => self.broken.push(error),
                (Ok(_), Stage::Measuring(_)) => {}
            }
        }
        self.tried += paths.len();
    }

    /// The view of some of the files.
    fn usual_view(&self) -> Option<FeatureView> {
        let paths = &self.request.paths;
        let few = paths.len().min(SIZED);
        let spread: Vec<&PathBuf> = (0..few).map(|i| &paths[i * paths.len() / few]).collect();
        let size = |path: &&PathBuf| Some(size_px(&decoded(path, Limits::PARALLEL).ok()?));
        let mut sizes: Vec<(usize, usize)> = spread.par_iter().filter_map(size).collect();
        if sizes.is_empty() {
            sizes.extend(paths.iter().find_map(|path| size(&path)));
        }
        FeatureView::of_files(&sizes, self.request.resolution_px)
    }

    fn look(&self, path: &Path, view: FeatureView, limits: Limits) -> Result<Seen, FileError> {
        let MemoryRequest { data, ignored, .. } = &self.request;
        let decoded = decoded(path, limits)?;
        let view = view.of_file(size_px(&decoded), data.mode);
        let picture = view
            .picture(&decoded.image)
            .map_err(|reason| reason.of(path))?;
        let counted = match ignored {
            Some(ignored) if data.mode == Mode::Object => {
                let placement = Placement::new(size_px(&decoded), data);
                let placement = placement.map_err(|reason| reason.of(path))?;
                let counted = placement.counted(Some(ignored));
                counted.map(|counted| view.counted(&placement, &counted))
            }
            _ => None,
        };
        Ok(Seen {
            features: self.network.embed(&picture),
            counted,
        })
    }
}

fn decoded(path: &Path, limits: Limits) -> Result<Decoded, FileError> {
    decode(path, limits, Backdrop::White)
}

fn size_px(decoded: &Decoded) -> (usize, usize) {
    (
        decoded.image.width() as usize,
        decoded.image.height() as usize,
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;

    /// Stripes that look alike in every file, a little brighter in each.
    fn stripes(path: &Path, shade: u8) {
        let pixel = |x: u32, y: u32| Luma([shade + 9 * ((x / 5 + y / 9) % 16) as u8]);
        GrayImage::from_fn(96, 64, pixel).save(path).unwrap();
    }

    fn request(paths: Vec<PathBuf>) -> MemoryRequest {
        MemoryRequest {
            paths,
            data: DataConfig::default(),
            ignored: None,
            resolution_px: 256,
            memory: MemoryConfig::default(),
        }
    }

    #[test]
    fn files_become_a_memory_and_broken_ones_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let mut paths: Vec<PathBuf> = (0..10)
            .map(|i| dir.path().join(format!("{i}.png")))
            .collect();
        for (shade, path) in paths.iter().enumerate() {
            stripes(path, shade as u8);
        }
        paths.insert(3, dir.path().join("missing.png"));
        let mut loader = MemoryLoader::new(FeatureNetwork::lite0(), request(paths.clone()));
        assert_eq!((loader.files(), loader.measured()), ((0, 11), None));
        loader.step();
        assert_eq!((loader.files(), loader.measured()), ((8, 11), None));
        // Twice as large along each side.
        let view = loader.view().unwrap();
        assert_eq!((view.width_px, view.height_px), (192, 128));
        let loaded = loader.finish();
        paths.remove(3);
        assert_eq!(loaded.used, paths);
        assert_eq!(loaded.broken.len(), 1);
        assert!(loaded.broken[0].to_string().contains("missing.png"));
        let Built { memory, leave_out } = loaded.built.unwrap();
        assert_eq!(memory.view(), view);
        assert_eq!(leave_out.images(), 10);
        let map = leave_out.map(9).unwrap();
        assert_eq!((map.height, map.width), (16, 24));
    }

    #[test]
    fn regions_that_are_left_out_are_not_remembered() {
        let dir = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = (0..2)
            .map(|i| dir.path().join(format!("{i}.png")))
            .collect();
        paths.iter().for_each(|path| stripes(path, 7));
        let right = Picture::from_fn(1, 128, 128, |_, _, x| f32::from(u8::from(x >= 64)));
        let request = MemoryRequest {
            ignored: Some(right),
            ..request(paths)
        };
        let loaded = MemoryLoader::new(FeatureNetwork::lite0(), request).finish();
        let Built { memory, leave_out } = loaded.built.unwrap();
        assert_eq!(memory.count(), 2 * 16 * 12);
        let map = leave_out.map(0).unwrap();
        let counted = map
            .values
            .iter()
            .enumerate()
            .all(|(i, v)| i % 24 < 12 || *v == 0.0);
        assert!(counted);
    }

    #[test]
    fn without_a_usable_file_there_is_no_memory() {
        let nothing = MemoryLoader::new(FeatureNetwork::lite0(), request(Vec::new())).finish();
        assert!(nothing.built.is_none() && nothing.broken.is_empty());
        let missing = request(vec!["/nowhere/a.png".into(), "/nowhere/b.png".into()]);
        let loaded = MemoryLoader::new(FeatureNetwork::lite0(), missing).finish();
        assert!(loaded.built.is_none());
        assert_eq!(loaded.broken.len(), 2);
    }
}
