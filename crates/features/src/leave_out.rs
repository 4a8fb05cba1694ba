//! Normal images, measured by memories that know nothing of them.

use std::sync::Arc;

use kizumi_kernel::features::FeatureMap;
use kizumi_method::anomaly_map::percentile;

use crate::builder::MemoryConfig;
use crate::distances::Distances;
use crate::kept::Kept;
use crate::memory::Memory;
use crate::pool::{Origin, Pool};
use crate::recipe;

/// What 99 of 100 patches of normal images stay below is the unit of distances.
const UNIT_PERCENTILE: f32 = 99.0;

/// The unit where normal images are all the same.
const SMALLEST_UNIT: f32 = 1e-3;

/// Rows and columns of the squares that a single image is parted into to be measured by itself.
const SQUARE: u16 = 4;

/// What the normal images are like to memories of the others.
pub struct LeaveOut {
    /// Which memory each image is measured by.
    fold_of: Vec<usize>,
    /// `None` where no patch of another image counts.
    folds: Vec<Option<Memory>>,
    maps: Vec<Option<Distances>>,
}

/// A memory, and what its images are like without themselves.
pub struct Built {
    /// The memory of all images.
    pub memory: Memory,
    /// What each image is like to a memory of the others.
    pub leave_out: LeaveOut,
}

/// Makes the memories and measures the images, one a step.
pub struct Measuring {
    config: MemoryConfig,
    pool: Arc<Pool>,
    kept: Arc<Kept>,
    whole: Option<Memory>,
    leave_out: LeaveOut,
    /// Memories to make, that of all images among them.
    memories: usize,
    /// Those that are not made yet.
    unmade: usize,
    /// Kept images that were measured.
    measured: usize,
    /// The distances of all patches that count.
    values: Vec<f32>,
}

impl LeaveOut {
    /// How many images there are.
    pub fn images(&self) -> usize {
        self.fold_of.len()
    }

    /// The distances of an image's patches, 0 where a patch does not count. `None` when its features were
    /// not kept, or there was no other image to measure it by.
    pub fn map(&self, image: usize) -> Option<&Distances> {
        self.maps.get(image)?.as_ref()
    }

    /// The distances of one of the images, whose features are given again. `None` when there was no other
    /// image to measure it by.
    pub fn distances(&self, image: usize, features: &FeatureMap) -> Option<Distances> {
        let memory = self.folds.get(*self.fold_of.get(image)?)?.as_ref()?;
        Some(memory.distances(features))
    }
}

impl Measuring {
    /// Nothing made yet, of so many images and a pool that is settled.
    pub(crate) fn new(
        config: MemoryConfig,
        pool: Arc<Pool>,
        kept: Arc<Kept>,
        images: usize,
    ) -> Self {
        // An image alone has no others to be measured by.
        let folds = config.folds.min(images);
        let folds = if folds < 2 { 0 } else { folds };
        // Neighbours, which are often of one batch, are left out together.
        let fold_of = (0..images).map(|i| i * folds / images).collect();
        Self {
            memories: folds + 1,
            unmade: folds + 1,
            leave_out: LeaveOut {
                fold_of,
                folds: Vec::with_capacity(folds),
                maps: vec![None; images],
            },
            config,
            pool,
            kept,
            whole: None,
            measured: 0,
            values: Vec::new(),
        }
    }

    /// Steps done, and steps in all.
    pub fn progress(&self) -> (usize, usize) {
        let total = self.memories + self.kept.images().len();
        (self.memories - self.unmade + self.measured, total)
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.unmade == 0 && self.measured == self.kept.images().len()
    }

    /// Makes the next memory, or measures the next image.
    pub fn step(&mut self) {
        if self.unmade > 0 {
            self.unmade -= 1;
            self.make();
        } else if self.measured < self.kept.images().len() {
            self.measured += 1;
            self.measure(self.measured - 1);
        }
    }

    /// Does what is left. `None` when there is not one patch that counts.
    pub fn finish(mut self) -> Option<Built> {
        while !self.is_done() {
            self.step();
        }
        let memory = self.whole.take()?;
        let values = if self.values.is_empty() {
            self.measure_by_itself()
        } else {
            std::mem::take(&mut self.values)
        };
        let unit = percentile(values, UNIT_PERCENTILE)
            .unwrap_or(1.0)
            .max(SMALLEST_UNIT);
        let mut leave_out = self.leave_out;
        for map in leave_out.maps.iter_mut().flatten() {
            for value in &mut map.values {
                *value /= unit;
            }
        }
        for fold in leave_out.folds.iter_mut().flatten() {
            *fold = fold.with_unit(unit);
        }
        Some(Built {
            memory: memory.with_unit(unit),
            leave_out,
        })
    }

    /// Makes the memory without the next fold; that of all images at last.
    fn make(&mut self) {
        if self.unmade == 0 {
            self.whole = self.memory(|_| false);
            return;
        }
        let LeaveOut { fold_of, folds, .. } = &self.leave_out;
        let fold = folds.len();
        let memory = self.memory(|origin| fold_of[origin.image as usize] == fold);
        self.leave_out.folds.push(memory);
    }

    fn memory(&self, left_out: impl Fn(&Origin) -> bool) -> Option<Memory> {
        let wanted = self.config.patches(self.leave_out.images());
        recipe::memory(&self.pool, &self.config, wanted, left_out)
    }

    fn measure(&mut self, kept: usize) {
        let image = &self.kept.images()[kept];
        let features = image.features(self.pool.channels());
        let Some(mut distances) = self.leave_out.distances(image.image, &features) else {
            return;
        };
        match &image.counted {
            None => self.values.extend_from_slice(&distances.values),
            Some(counted) => {
                for (value, counts) in distances.values.iter_mut().zip(counted) {
                    if *counts {
                        self.values.push(*value);
                    } else {
                        *value = 0.0;
                    }
                }
            }
        }
        self.leave_out.maps[image.image] = Some(distances);
    }

    /// Distances within a single image: of the white squares of a chessboard to the black ones.
    fn measure_by_itself(&self) -> Vec<f32> {
        let white = |row: u16, column: u16| (row / SQUARE + column / SQUARE).is_multiple_of(2);
        let memory = self.memory(|origin| white(origin.row, origin.column));
        let (Some(memory), Some(image)) = (memory, self.kept.images().first()) else {
            return Vec::new();
        };
        let distances = memory.distances(&image.features(self.pool.channels()));
        let place = |i: usize| ((i / distances.width) as u16, (i % distances.width) as u16);
        let values = distances.values.iter().enumerate();
        values
            .filter(|&(i, _)| {
                let (row, column) = place(i);
                white(row, column) && image.counted.as_ref().is_none_or(|counted| counted[i])
            })
            .map(|(_, value)| *value)
            .collect()
    }
}
