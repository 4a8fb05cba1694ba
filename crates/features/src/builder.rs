//! Takes what a memory is made of: normal images, one after the other.

use half::f16;
use half::slice::HalfFloatSliceExt;
use rand::Rng;

use kizumi_image::seeded;
use kizumi_kernel::features::FeatureMap;

use crate::kept::Kept;
use crate::leave_out::{Built, Measuring};
use crate::pool::{Origin, Pool};

/// What a memory compares patches with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemoryKind {
    /// The nearest of some patches, those that stand for most (PatchCore, Roth et al. 2022).
    #[default]
    Patches,
    /// The nearest of some Gaussians, each of one kind of patches (the metric of PaDiM, Defard et al. 2020, by
    /// kind instead of by place).
    Gaussians,
}

/// How a memory is made of normal images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MemoryConfig {
    /// What patches are compared with.
    pub kind: MemoryKind,
    /// Patches of the memory for each image, within these bounds: many images have more to show.
    pub patches_an_image: usize,
    /// The fewest that are wanted.
    pub fewest_patches: usize,
    /// The most.
    pub most_patches: usize,
    /// Patches, drawn at random, that everything is learnt from.
    pub pool: usize,
    /// Whether distances are taken where every direction varies alike among normal patches.
    pub whiten: bool,
    /// The share of patches that are least like other images and never chosen: flaws of single images.
    pub trim: f32,
    /// Whether patches that stand out among images that are alike are taken for flaws, and not learned from; it takes
    /// as long again.
    pub sift: bool,
    /// Bytes of whole feature maps that are held so that their images can be measured as if they had been
    /// left out.
    pub kept_bytes: usize,
    /// Groups that the images are left out in.
    pub folds: usize,
    /// What everything random comes from.
    pub seed: u64,
}

impl Default for MemoryConfig {
    fn default() -> Self {
        Self {
            kind: MemoryKind::Patches,
            patches_an_image: 10,
            fewest_patches: 2_000,
            most_patches: 4_000,
            pool: 60_000,
            whiten: true,
            trim: 0.01,
            sift: true,
            kept_bytes: 256 << 20,
            folds: 5,
            seed: 0,
        }
    }
}

impl MemoryConfig {
    /// Patches of a memory of so many images, at most.
    pub(crate) fn patches(&self, images: usize) -> usize {
        let wanted = images.saturating_mul(self.patches_an_image);
        wanted.max(self.fewest_patches).min(self.most_patches)
    }
}

/// Takes normal images one by one; what it holds is bounded, however many there are.
pub struct MemoryBuilder {
    config: MemoryConfig,
    images: usize,
    channels: usize,
    pool: Pool,
    kept: Kept,
}

impl MemoryBuilder {
    /// Nothing taken yet; for features of so many channels.
    pub fn new(channels: usize, config: MemoryConfig) -> Self {
        Self {
            config,
            images: 0,
            channels,
            pool: Pool::new(channels, config.pool),
            kept: Kept::new(config.kept_bytes),
        }
    }

    /// Images taken.
    pub fn images(&self) -> usize {
        self.images
    }

    /// Takes the next image. `counted` says which of its patches count, row after row; without it all do.
    ///
    /// # Panics
    /// If the features have another number of channels, or `counted` another length.
    pub fn add(&mut self, features: &FeatureMap, counted: Option<Vec<bool>>) {
        assert_eq!(features.channels, self.channels, "features of this network");
        let patches = features.height * features.width;
        if let Some(counted) = &counted {
            assert_eq!(counted.len(), patches, "a word for each patch");
        }
        let image = self.images;
        self.images += 1;
        let mut values = vec![f16::ZERO; features.values.len()];
        values.convert_from_f32_slice(&features.values);
        let mut keys = seeded::rng(self.config.seed, "memory", image as u64);
        // The first, so that an image's is the same however many patches it has.
        let kept_key = keys.next_u64();
        for (i, patch) in values.chunks_exact(self.channels).enumerate() {
            // Drawn for every patch, so that what counts decides nothing else.
            let key = keys.next_u64();
            if counted.as_ref().is_none_or(|counted| counted[i]) {
                let origin = Origin::new(key, image, i / features.width, i % features.width);
                self.pool.add(origin, patch);
            }
        }
        let grid = (features.height, features.width);
        self.kept.add(kept_key, image, grid, values, counted);
    }

    /// All images are taken: what is left to do with them, some of it a step.
    pub fn close(self) -> Measuring {
        let kind = self.config.kind;
        self.close_as([kind])
    }

    /// The same for memories of several kinds of the same images.
    pub(crate) fn close_as<const N: usize>(mut self, kinds: [MemoryKind; N]) -> Measuring<N> {
        self.pool.settle();
        Measuring::new(self.config, kinds, self.pool, self.kept, self.images)
    }

    /// The memory of all, and each image measured by the others; `None` when no patch counts.
    pub fn finish(self) -> Option<Built> {
        let [built] = self.close().finish()?;
        Some(built)
    }
}

#[cfg(test)]
#[path = "builder_tests.rs"]
mod tests;
