//! Training batches, each a pure function of the seed and its index.

use std::sync::Arc;

use rand::seq::SliceRandom;
use rayon::prelude::*;

use super::augment::View;
use super::corrupt::corrupt;
use kizumi_image::compact::CompactPicture;
use kizumi_image::seeded;
use kizumi_method::config::{AugmentConfig, DataConfig, TrainingConfig};

/// Augmented images for one training step.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// What the network is to give back: `[images, channels, size_px, size_px]`, row-major, in
    /// `0.0..=1.0`.
    pub pixels: Vec<f32>,
    /// What it is shown instead, if that is not the same.
    pub corrupted: Option<Vec<f32>>,
    /// Number of images.
    pub images: usize,
}

impl Batch {
    /// Images that are shown as they are.
    pub fn clean(pixels: Vec<f32>, images: usize) -> Self {
        Self {
            pixels,
            corrupted: None,
            images,
        }
    }

    /// What the network is shown, in the layout of `pixels`.
    pub fn inputs(&self) -> &[f32] {
        self.corrupted.as_ref().unwrap_or(&self.pixels)
    }
}

/// An endless sequence of batches over a set of pictures. Every picture comes once before any
/// comes again; each round has its own order and every image its own augmentation.
#[derive(Clone, Debug)]
pub struct Batches {
    pictures: Arc<[CompactPicture]>,
    channels: usize,
    data: DataConfig,
    augment: AugmentConfig,
    images: usize,
    seed: u64,
    corrupting: bool,
}

impl Batches {
    /// Batches of `training.batch` images from `pictures`, which the loader made with `data`.
    /// `None` when there are no pictures or no images a batch.
    pub fn new(
        pictures: Arc<[CompactPicture]>,
        data: &DataConfig,
        training: &TrainingConfig,
    ) -> Option<Self> {
        if training.batch == 0 {
            return None;
        }
        Some(Self {
            channels: pictures.first()?.channels,
            pictures,
            data: data.clone(),
            augment: training.augment.clone(),
            images: training.batch,
            seed: training.seed,
            corrupting: training.objective.is_restoring(),
        })
    }

    /// The batch number `index`, counted from 0.
    pub fn batch(&self, index: u64) -> Batch {
        let size_px = self.data.size_px;
        let image_len = self.channels * size_px * size_px;
        let first = index.wrapping_mul(self.images as u64);
        let numbers: Vec<(u64, usize)> = self.picks(first).collect();
        let mut pixels = vec![0.0; self.images * image_len];
        pixels
            .par_chunks_exact_mut(image_len)
            .zip(numbers)
            .for_each(|(out, (number, picture))| {
                let picture = &self.pictures[picture];
                let mut rng = seeded::rng(self.seed, "augment", number);
                View::draw(picture, size_px, self.data.mode, &self.augment, &mut rng)
                    .sample(picture, out);
            });
        let corrupted = self
            .corrupting
            .then(|| self.corrupted(&pixels, image_len, first));
        Batch {
            pixels,
            corrupted,
            images: self.images,
        }
    }

    /// The images from number `first` on, each spoilt in places; what is transplanted comes from the
    /// next image of the batch.
    fn corrupted(&self, clean: &[f32], image_len: usize, first: u64) -> Vec<f32> {
        let mut corrupted = clean.to_vec();
        corrupted
            .par_chunks_exact_mut(image_len)
            .enumerate()
            .for_each(|(i, pixels)| {
                let number = first.wrapping_add(i as u64);
                let mut rng = seeded::rng(self.seed, "corrupt", number);
                let donor = &clean[(i + 1) % self.images * image_len..][..image_len];
                corrupt(pixels, self.channels, self.data.size_px, donor, &mut rng);
            });
        corrupted
    }

    /// From the image number `first` on: each number and the index of its picture.
    fn picks(&self, first: u64) -> impl Iterator<Item = (u64, usize)> {
        let count = self.pictures.len() as u64;
        let mut round = None;
        let mut order: Vec<usize> = Vec::new();
        (0..self.images as u64).map(move |i| {
            let number = first.wrapping_add(i);
            if round != Some(number / count) {
                round = Some(number / count);
                order = (0..count as usize).collect();
                order.shuffle(&mut seeded::rng(self.seed, "shuffle", number / count));
            }
            (number, order[(number % count) as usize])
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kizumi_image::compact::Samples;
    use kizumi_method::config::Mode;

    /// Pictures of one value each: 0, 1, 2, ...
    fn batches(count: usize, batch: usize, seed: u64, augment: AugmentConfig) -> Batches {
        let picture = |value: usize| CompactPicture {
            channels: 1,
            height: 8,
            width: 8,
            samples: Samples::U8(vec![value as u8; 64]),
        };
        let data = DataConfig {
            size_px: 8,
            ..DataConfig::default()
        };
        let training = TrainingConfig {
            batch,
            seed,
            augment,
            ..TrainingConfig::default()
        };
        Batches::new((0..count).map(picture).collect(), &data, &training).unwrap()
    }

    /// Which pictures the first `steps` batches show.
    fn order(batches: &Batches, steps: u64) -> Vec<usize> {
        (0..steps)
            .flat_map(|index| batches.batch(index).pixels)
            .step_by(64)
            .map(|value| (value * 255.0).round() as usize)
            .collect()
    }

    #[test]
    fn every_picture_comes_once_a_round_in_a_new_order() {
        // Rounds and batches do not line up.
        let order = order(&batches(10, 4, 5, AugmentConfig::off()), 10);
        let rounds: Vec<&[usize]> = order.chunks(10).collect();
        for round in &rounds {
            let mut sorted = round.to_vec();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..10).collect::<Vec<_>>());
        }
        assert_ne!(rounds[0], rounds[1]);
    }

    #[test]
    fn fewer_pictures_than_a_batch_repeat() {
        let mut order = order(&batches(2, 6, 5, AugmentConfig::off()), 1);
        order.sort_unstable();
        assert_eq!(order, [0, 0, 0, 1, 1, 1]);
    }

    #[test]
    fn a_batch_depends_on_seed_and_index_alone() {
        let gradient = |channels: usize| CompactPicture {
            channels,
            height: 24,
            width: 20,
            samples: Samples::U16((0..channels * 480).map(|i| (i * 97) as u16).collect()),
        };
        let data = DataConfig {
            size_px: 16,
            mode: Mode::Texture,
            ..DataConfig::default()
        };
        let new = |seed| {
            let training = TrainingConfig {
                seed,
                batch: 5,
                ..TrainingConfig::default()
            };
            Batches::new(vec![gradient(3); 3].into(), &data, &training).unwrap()
        };
        let first = new(1);
        let ahead: Vec<Batch> = (0..6).map(|index| first.batch(index)).collect();
        assert_eq!(new(1).batch(5), ahead[5], "resumed in the middle");
        assert_ne!(ahead[0], ahead[1]);
        assert_ne!(new(2).batch(0), ahead[0]);
        let batch = &ahead[0];
        assert_eq!(batch.images, 5);
        assert_eq!(batch.pixels.len(), 5 * 3 * 16 * 16);
    }

    #[test]
    fn nothing_to_show_is_no_sequence() {
        let data = DataConfig::default();
        let training = TrainingConfig::default();
        assert!(Batches::new(Vec::new().into(), &data, &training).is_none());
    }
}
