//! Normal images, measured by memories that know nothing of them.

use kizumi_kernel::features::FeatureMap;
use kizumi_method::anomaly_map::percentile;

use crate::distances::Distances;
use crate::kept::Kept;
use crate::memory::Memory;

/// What 99 of 100 patches of normal images stay below is the unit of distances.
const UNIT_PERCENTILE: f32 = 99.0;

/// The unit where normal images are all the same.
const SMALLEST_UNIT: f32 = 1e-3;

/// What the normal images are like to memories of the others.
pub struct LeaveOut {
    /// Which memory each image is measured by.
    fold_of: Vec<usize>,
    folds: Vec<Memory>,
    maps: Vec<Option<Distances>>,
}

/// As [`LeaveOut`], not in units yet.
pub(crate) struct Measured {
    leave_out: LeaveOut,
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
        let memory = self.folds.get(*self.fold_of.get(image)?)?;
        Some(memory.distances(features))
    }
}

impl Measured {
    /// The distance that 99 of 100 patches stay below; 1 where nothing was measured.
    pub(crate) fn unit(&self) -> f32 {
        let high = percentile(self.values.clone(), UNIT_PERCENTILE);
        high.unwrap_or(1.0).max(SMALLEST_UNIT)
    }

    pub(crate) fn in_units_of(self, unit: f32) -> LeaveOut {
        let mut measured = self.leave_out;
        for map in measured.maps.iter_mut().flatten() {
            for value in &mut map.values {
                *value /= unit;
            }
        }
        for memory in &mut measured.folds {
            *memory = memory.with_unit(unit);
        }
        measured
    }
}

/// Measures the images that were kept. `memory` makes one without the images that it is told are left
/// out.
pub(crate) fn measure(
    kept: &Kept,
    channels: usize,
    fold_of: Vec<usize>,
    memory: impl Fn(Option<&dyn Fn(usize) -> bool>) -> Option<Memory>,
) -> Measured {
    let count = fold_of.last().map_or(0, |last| last + 1);
    let folds: Vec<Memory> = (0..count)
        .map_while(|fold| memory(Some(&|image| fold_of[image] == fold)))
        .collect();
    let mut maps = vec![None; fold_of.len()];
    let mut values = Vec::new();
    for image in kept.images() {
        let Some(memory) = folds.get(fold_of[image.image]) else {
            continue;
        };
        let mut distances = memory.distances(&image.features(channels));
        match &image.counted {
            None => values.extend_from_slice(&distances.values),
            Some(counted) => {
                for (value, counts) in distances.values.iter_mut().zip(counted) {
                    if *counts {
                        values.push(*value);
                    } else {
                        *value = 0.0;
                    }
                }
            }
        }
        maps[image.image] = Some(distances);
    }
    Measured {
        leave_out: LeaveOut {
            fold_of,
            folds,
            maps,
        },
        values,
    }
}
