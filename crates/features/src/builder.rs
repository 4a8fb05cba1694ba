//! From normal images to a memory.

use half::f16;
use half::slice::HalfFloatSliceExt;
use rand::Rng;

use kizumi_image::seeded;
use kizumi_kernel::features::FeatureMap;

use crate::kept::Kept;
use crate::leave_out::{self, LeaveOut};
use crate::memory::Memory;
use crate::places::Places;
use crate::pool::{Origin, Pool};

/// How a memory is made of normal images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryConfig {
    /// Patches of a memory whose patches are compared wherever they lie.
    pub patches: usize,
    /// Patches of a memory by place, at most, but at least one a place.
    pub patches_by_place: usize,
    /// How many rows and columns away a patch is compared in a memory by place.
    pub radius: usize,
    /// Patches that are held until the memory is made of them.
    pub pool: usize,
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
            patches: 8_000,
            patches_by_place: 16_000,
            radius: 2,
            pool: 64_000,
            kept_bytes: 256 << 20,
            folds: 8,
            seed: 0,
        }
    }
}

/// What [`MemoryBuilder::finish`] gives.
pub struct Built {
    /// The memory of all images.
    pub memory: Memory,
    /// What each image is like to a memory of the others.
    pub leave_out: LeaveOut,
}

/// Takes normal images one by one; what it holds is bounded, however many there are.
pub struct MemoryBuilder {
    config: MemoryConfig,
    images: usize,
    /// Rows and columns that all images so far have in common; `None` when they differ.
    grid: Option<(usize, usize)>,
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
            grid: None,
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
        let grid = (features.height, features.width);
        self.grid = (image == 0 || self.grid == Some(grid)).then_some(grid);
        let mut values = vec![f16::ZERO; features.values.len()];
        values.convert_from_f32_slice(&features.values);
        let mut keys = seeded::rng(self.config.seed, "memory", image as u64);
        for (i, patch) in values.chunks_exact(self.channels).enumerate() {
            // Drawn for every patch, so that what counts decides nothing else.
            let key = keys.next_u64();
            if counted.as_ref().is_none_or(|counted| counted[i]) {
                let origin = Origin::new(key, image, i / features.width, i % features.width);
                self.pool.add(origin, patch);
            }
        }
        let key = keys.next_u64();
        self.kept.add(key, image, grid, values, counted);
    }

    /// The memory of all, and each image measured by the others; `None` when no patch counts.
    pub fn finish(mut self) -> Option<Built> {
        self.pool.settle();
        if self.pool.origins().is_empty() {
            return None;
        }
        let free = leave_out::measure(&self.kept, self.channels, self.folds(), |left_out| {
            self.memory(None, left_out)
        });
        let unit = free.unit();
        let memory = self.memory(None, None)?;
        Some(Built {
            memory: memory.with_unit(unit),
            leave_out: free.in_units_of(unit),
        })
    }

    /// Which group each image is left out with: neighbours, which are often of one batch, together.
    fn folds(&self) -> Vec<usize> {
        let folds = self.config.folds.clamp(1, self.images);
        (0..self.images).map(|i| i * folds / self.images).collect()
    }

    /// A memory, by place if there is a grid, of all patches but those of the images that are left out.
    fn memory(
        &self,
        grid: Option<(usize, usize)>,
        left_out: Option<&dyn Fn(usize) -> bool>,
    ) -> Option<Memory> {
        let origins = self.pool.origins().iter().enumerate();
        let mut chosen: Vec<usize> = origins
            .filter(|(_, origin)| left_out.is_none_or(|left_out| !left_out(origin.image as usize)))
            .map(|(i, _)| i)
            .collect();
        let places = match grid {
            None => {
                chosen.truncate(self.config.patches);
                None
            }
            Some(grid) => Some(self.by_place(grid, &mut chosen)),
        };
        let values = self.pool.values_of(&chosen);
        (!values.is_empty()).then(|| Memory::new(self.channels, values, places, 1.0))
    }

    /// Leaves as many patches for each place, ordered by it.
    fn by_place(&self, (height, width): (usize, usize), chosen: &mut Vec<usize>) -> Places {
        let most = (self.config.patches_by_place / (height * width)).max(1);
        let mut counts = vec![0; height * width];
        let place = |i: usize| {
            let origin = self.pool.origins()[i];
            usize::from(origin.row) * width + usize::from(origin.column)
        };
        chosen.retain(|&i| {
            let count = &mut counts[place(i)];
            let wanted = *count < most as u32;
            *count += u32::from(wanted);
            wanted
        });
        chosen.sort_by_key(|&i| place(i));
        Places::new(height, width, self.config.radius, &counts)
    }
}

#[cfg(test)]
#[path = "builder_tests.rs"]
mod tests;
