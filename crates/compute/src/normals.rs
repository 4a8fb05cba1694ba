//! The normal images of a data set in memory: what is trained on, and what is held out.

use std::sync::Arc;

use super::artifact::DatasetSummary;
use super::inspector::Subject;
use super::tiling::Tiling;
use kizumi_dataset::catalog::Catalog;
use kizumi_dataset::fingerprint::dataset_hash;
use kizumi_dataset::loader::{LoadError, Loaded, Loader};
use kizumi_dataset::split::split;
use kizumi_image::compact::CompactPicture;
use kizumi_image::file_error::FileError;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_method::config::{DataConfig, Mode};

/// Loaded images.
pub struct Normals {
    /// Images to train on.
    pub training: Arc<[CompactPicture]>,
    /// Where their files' pixels lie in them.
    pub training_placements: Vec<Placement>,
    /// Images that are never trained on.
    pub held_out: Vec<HeldOut>,
    /// The mean of the images to train on; `None` in texture mode, where pixels of two images have
    /// nothing in common.
    pub mean: Option<Picture>,
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
        Subject::new(
            one_tile(&self.training[index].to_picture(), size_px, index),
            self.training_placements[index].counted(ignored),
        )
    }
}

impl HeldOut {
    /// The image, ready to be projected.
    pub fn subject(&self, ignored: Option<&Picture>) -> Subject {
        Subject::new(self.picture.to_picture(), self.placement.counted(ignored))
    }
}

/// One of an image's tiles, another one for each index; in object mode the image itself.
pub fn one_tile(picture: &Picture, size_px: usize, index: usize) -> Picture {
    let tiling = Tiling::new(picture.height, picture.width, size_px);
    tiling.tile(picture, index % tiling.len())
}

/// The mean of pictures of one size, pixel by pixel; `None` without any.
fn mean(pictures: &[CompactPicture]) -> Option<Picture> {
    let first = pictures.first()?;
    let (channels, height, width) = (first.channels, first.height, first.width);
    let mut sums = vec![0.0f64; channels * height * width];
    for picture in pictures {
        for (sum, value) in sums.iter_mut().zip(picture.to_picture().pixels) {
            *sum += f64::from(value);
        }
    }
    let share = 1.0 / pictures.len() as f64;
    let means = sums.into_iter().map(|sum| (sum * share) as f32);
    Some(Picture::new(channels, height, width, means.collect()))
}

/// Loads the normal images of a data set, some files a step.
pub struct NormalsLoader {
    name: String,
    mode: Mode,
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
            mode: data.mode,
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
            mean: match self.mode {
                Mode::Object => mean(&training.pictures),
                Mode::Texture => None,
            },
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

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_image::compact::Samples;

    #[test]
    fn the_mean_is_by_pixel_and_channel() {
        let picture = |samples| CompactPicture {
            channels: 3,
            height: 1,
            width: 2,
            samples,
        };
        let pictures = [
            picture(Samples::U8(vec![0, 255, 51, 0, 0, 102])),
            picture(Samples::U16(vec![65_535, 65_535, 13_107, 0, 0, 0])),
        ];
        let mean = mean(&pictures).expect("there are two");
        assert_eq!((mean.channels, mean.height, mean.width), (3, 1, 2));
        for (value, expected) in mean.pixels.iter().zip([0.5, 1.0, 0.2, 0.0, 0.0, 0.2]) {
            assert!((value - expected).abs() < 1e-6, "{value} and {expected}");
        }
        assert_eq!(super::mean(&[]), None);
    }
}
