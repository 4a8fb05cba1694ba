//! The memory of normal patches.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use kizumi_kernel::features::FeatureMap;
use kizumi_kernel::isa::Isa;
use kizumi_kernel::nearest::{Found, Patches};
use kizumi_method::maker::Fingerprint;

use crate::distances::Distances;
use crate::places::Places;

/// Queries that are searched for at once.
const TOGETHER: usize = 64;

/// Patches of normal images, and what is a usual distance to them. Clones share the patches.
#[derive(Clone, Debug)]
pub struct Memory {
    shared: Arc<Shared>,
    unit: f32,
}

#[derive(Debug)]
struct Shared {
    channels: usize,
    /// `[count][channels]`, each exact in half precision.
    values: Vec<f32>,
    /// The same, packed.
    patches: Patches,
    /// Where they lie, if a patch is compared with those of near places alone.
    places: Option<Places>,
}

impl Memory {
    /// A memory of patches `[count][channels]`; `unit` is the distance that 99 of 100 patches of normal
    /// images stay below.
    ///
    /// # Panics
    /// If there is no patch, one is not whole, or places are given for another number of patches.
    pub(crate) fn new(
        channels: usize,
        values: Vec<f32>,
        places: Option<Places>,
        unit: f32,
    ) -> Self {
        assert!(!values.is_empty(), "a memory of nothing");
        let patches = Patches::new(channels, &values);
        if let Some(places) = &places {
            assert_eq!(places.count(), patches.count(), "a place for each patch");
        }
        let shared = Shared {
            channels,
            values,
            patches,
            places,
        };
        Self {
            shared: Arc::new(shared),
            unit,
        }
    }

    /// The same patches with another unit.
    pub(crate) fn with_unit(&self, unit: f32) -> Self {
        Self {
            shared: self.shared.clone(),
            unit,
        }
    }

    /// The distance that 99 of 100 patches of normal images stay below, each image measured as if it had
    /// been left out; above 0.
    pub fn unit(&self) -> f32 {
        self.unit
    }

    /// Patches in it.
    pub fn count(&self) -> usize {
        self.shared.patches.count()
    }

    /// Numbers a patch.
    pub fn channels(&self) -> usize {
        self.shared.channels
    }

    /// Where its patches lie; `None` when each patch of an image is compared with all of them.
    pub fn places(&self) -> Option<&Places> {
        self.shared.places.as_ref()
    }

    /// A patch of it.
    ///
    /// # Panics
    /// If there are not that many.
    pub fn patch(&self, index: u32) -> &[f32] {
        let channels = self.shared.channels;
        &self.shared.values[index as usize * channels..][..channels]
    }

    /// All of its patches, `[count][channels]`.
    pub(crate) fn values(&self) -> &[f32] {
        &self.shared.values
    }

    /// Stands for the patches, their places and the unit.
    pub fn fingerprint(&self) -> Fingerprint {
        let places: Vec<f32> = self.places().map(Places::numbers).unwrap_or_default();
        Fingerprint::of([self.values(), &places, &[self.unit]])
    }

    /// How far each patch of an image is from its nearest normal patch.
    ///
    /// # Panics
    /// If the features have another number of channels.
    pub fn distances(&self, features: &FeatureMap) -> Distances {
        let channels = self.shared.channels;
        assert_eq!(features.channels, channels, "features of this network");
        let (height, width) = (features.height, features.width);
        let mut found = vec![Found::NOTHING; height * width];
        match &self.shared.places {
            None => {
                let whole = vec![0..self.count(); TOGETHER];
                features
                    .values
                    .par_chunks(TOGETHER * channels)
                    .zip(found.par_chunks_mut(TOGETHER))
                    .for_each(|(queries, found)| {
                        self.search(queries, &whole[..found.len()], found);
                    });
            }
            Some(places) => features
                .values
                .par_chunks(width * channels)
                .zip(found.par_chunks_mut(width))
                .enumerate()
                .for_each(|(row, (queries, found))| {
                    for runs in places.runs(row, height, width) {
                        self.search(queries, &runs, found);
                    }
                }),
        }
        // A NaN among the features is near to nothing: it is NaN far from the first patch.
        let nearest: Vec<u32> = found
            .iter()
            .map(|found| {
                if *found == Found::NOTHING {
                    0
                } else {
                    found.index
                }
            })
            .collect();
        let patches = features.values.chunks_exact(channels);
        let values = patches.zip(&nearest).map(|(patch, nearest)| {
            // By differences: what was found by products is not exact where it is near.
            squared_distance(patch, self.patch(*nearest)).sqrt() / self.unit
        });
        Distances {
            height,
            width,
            values: values.collect(),
            nearest,
        }
    }

    fn search(&self, queries: &[f32], runs: &[Range<usize>], found: &mut [Found]) {
        let patches = &self.shared.patches;
        patches.search(Isa::current(), queries, runs, found);
    }

    /// The energy of features, sum over patches p of |phi_p - n_p|^2 / unit^2, and its gradient by phi; the
    /// nearest patches n_p are those of `at` and held fixed.
    ///
    /// # Panics
    /// If `at` is of features of another shape, or of another memory.
    pub fn energy_gradient(&self, features: &FeatureMap, at: &Distances) -> (f32, FeatureMap) {
        let channels = self.shared.channels;
        assert_eq!(
            (features.channels, features.height, features.width),
            (channels, at.height, at.width),
            "distances of these features"
        );
        let share = 1.0 / (self.unit * self.unit);
        let mut energy = 0.0f64;
        let mut gradient = Vec::with_capacity(features.values.len());
        let patches = features.values.chunks_exact(channels);
        for (patch, nearest) in patches.zip(&at.nearest) {
            let normal = self.patch(*nearest);
            energy += f64::from(squared_distance(patch, normal) * share);
            let pairs = patch.iter().zip(normal);
            gradient.extend(pairs.map(|(value, normal)| 2.0 * share * (value - normal)));
        }
        let gradient = FeatureMap {
            values: gradient,
            ..*features
        };
        (energy as f32, gradient)
    }
}

/// |a - b|^2.
fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    let differences = a.iter().zip(b).map(|(a, b)| a - b);
    differences.map(|difference| difference * difference).sum()
}

#[cfg(test)]
#[path = "memory_tests.rs"]
mod tests;
