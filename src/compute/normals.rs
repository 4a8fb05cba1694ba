//! The normal images of a data set in memory: what is trained on, and what is held out.

use std::sync::Arc;

use super::artifact::DatasetSummary;
use super::inspector::Subject;
use super::tiling::Tiling;
use crate::data::catalog::Catalog;
use crate::data::compact::CompactPicture;
use crate::data::config::DataConfig;
use crate::data::file_error::FileError;
use crate::data::fingerprint::dataset_hash;
use crate::data::loader::{LoadError, Loaded, Loader};
use crate::data::picture::Picture;
use crate::data::placement::Placement;
use crate::data::split::split;

/// Loaded images.
pub struct Normals {
    /// Images to train on.
    pub training: Arc<[CompactPicture]>,
    /// Where their files' pixels lie in them.
    pub training_placements: Vec<Placement>,
    /// Images that are never trained on.
    pub held_out: Vec<HeldOut>,
    /// 1 or 3.
    pub channels: usize,
    /// What they are, in short.
    pub dataset: DatasetSummary,
    /// The files that could not be used.
    pub broken: Vec<FileError>,
    /// What a person should know: how many were converted.
    pub notes: Vec<String>,
}

/// A normal image that is never trained on.
#[derive(Clone, Debug)]
pub struct HeldOut {
    /// Its pixels.
    pub picture: CompactPicture,
    /// Where the file's pixels lie in them.
    pub placement: Placement,
}

impl Normals {
    /// A training image as the network sees it: in texture mode one of its tiles.
    ///
    /// # Panics
    /// If there are not that many.
    pub fn training_subject(
        &self,
        index: usize,
        size_px: usize,
        ignored: Option<&Picture>,
    ) -> Subject {
        Subject {
            picture: one_tile(&self.training[index].to_picture(), size_px, index),
            counted: self.training_placements[index].counted(ignored),
        }
    }
}

impl HeldOut {
    /// The image, ready to be projected.
    pub fn subject(&self, ignored: Option<&Picture>) -> Subject {
        Subject {
            picture: self.picture.to_picture(),
            counted: self.placement.counted(ignored),
        }
    }
}

/// One of an image's tiles, another one for each index; in object mode the image itself.
pub fn one_tile(picture: &Picture, size_px: usize, index: usize) -> Picture {
    let tiling = Tiling::new(picture.height, picture.width, size_px);
    tiling.tile(picture, index % tiling.len())
}

/// Loads the normal images of a data set, some files a step.
pub struct NormalsLoader {
    name: String,
    training: Loader,
    held_out: Loader,
}

impl NormalsLoader {
    /// Parts the normal images by the seed; nothing is read yet.
    ///
    /// # Errors
    /// When there are none.
    pub fn new(catalog: &Catalog, data: &DataConfig, seed: u64) -> Result<Self, String> {
        let root = &catalog.root;
        if catalog.train.is_empty() {
            let root = root.display();
            return Err(format!("{root}: there are no normal images to learn from"));
        }
        let (training, held_out) = split(&catalog.train, data.validation_fraction, seed);
        let name = root.file_name().unwrap_or_default();
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            training: Loader::new(training, data, None),
            held_out: Loader::new(held_out, data, None),
        })
    }

    /// Images done, and images in all: those to train on, those held out.
    pub fn progress(&self) -> [(usize, usize); 2] {
        [self.training.progress(), self.held_out.progress()]
    }

    /// Whether every file was tried.
    pub fn is_done(&self) -> bool {
        self.training.is_done() && self.held_out.is_done()
    }

    /// Decodes the next few files.
    pub fn step(&mut self) {
        if self.training.is_done() {
            self.held_out.step();
        } else {
            self.training.step();
        }
    }

    /// The images.
    ///
    /// # Errors
    /// [`LoadError`] when none can be trained on. Without a usable held-out image there is just
    /// none.
    pub fn finish(self) -> Result<Normals, LoadError> {
        let training = self.training.finish()?;
        let held_out = self.held_out.finish().unwrap_or_else(|error| Loaded {
            broken: match error {
                LoadError::AllBroken { first, .. } => vec![first],
                LoadError::NoImages => Vec::new(),
            },
            ..Default::default()
        });
        let hashes = [training.file_hashes, held_out.file_hashes].concat();
        let channels = training.channels;
        Ok(Normals {
            dataset: DatasetSummary {
                name: self.name,
                training_images: training.pictures.len(),
                validation_images: held_out.pictures.len(),
                hash: dataset_hash(&hashes).to_hex().to_string(),
            },
            broken: [training.broken, held_out.broken].concat(),
            notes: training.notes,
            training: training.pictures.into(),
            training_placements: training.placements,
            held_out: held_out
                .pictures
                .into_iter()
                .zip(held_out.placements)
                .map(|(picture, placement)| HeldOut {
                    picture: picture.with_channels(channels),
                    placement,
                })
                .collect(),
            channels,
        })
    }
}
