//! The memory of normal patches.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use kizumi_kernel::features::FeatureMap;
use kizumi_kernel::isa::Isa;
use kizumi_kernel::nearest::{Found, Patches};
use kizumi_method::maker::Fingerprint;

use crate::distances::Distances;
use crate::gaussians::Gaussians;
use crate::whitening::Whitening;

/// Queries that are searched for at once.
const TOGETHER: usize = 64;

/// Patches of normal images, and what is a usual distance to them. Clones share the patches.
#[derive(Clone, Debug)]
pub struct Memory {
    parts: Arc<Parts>,
    unit: f32,
}

/// What a memory consists of.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    /// Numbers a patch.
    pub(crate) channels: usize,
    /// What features are compared with, once they are whitened.
    pub(crate) normal: Normal,
    /// What features go through before they are compared; nothing, if there is none.
    pub(crate) whitening: Option<Whitening>,
}

/// What is normal.
#[derive(Clone, Debug)]
pub(crate) enum Normal {
    /// Patches: as they are, `[count][channels]`, each exact in half precision, and packed.
    Patches(Vec<f32>, Patches),
    /// Gaussians.
    Gaussians(Gaussians),
}

impl Normal {
    /// Patches, `[count][channels]`.
    ///
    /// # Panics
    /// If there is none, or one is not whole.
    pub(crate) fn patches(channels: usize, values: Vec<f32>) -> Self {
        assert!(!values.is_empty(), "a memory of nothing");
        let packed = Patches::new(channels, &values);
        Self::Patches(values, packed)
    }
}

impl Memory {
    /// A memory; `unit` is the distance that 99 of 100 patches of normal images stay below.
    ///
    /// # Panics
    /// If the whitening is of another number of channels.
    pub(crate) fn new(parts: Parts, unit: f32) -> Self {
        if let Some(whitening) = &parts.whitening {
            assert_eq!(whitening.mean().len(), parts.channels, "of these features");
        }
        Self {
            parts: Arc::new(parts),
            unit,
        }
    }

    /// The same patches with another unit.
    pub(crate) fn with_unit(&self, unit: f32) -> Self {
        Self {
            parts: self.parts.clone(),
            unit,
        }
    }

    /// The distance that 99 of 100 patches of normal images stay below, each image measured as if it had
    /// been left out; above 0.
    pub fn unit(&self) -> f32 {
        self.unit
    }

    /// Patches in it, or Gaussians.
    pub fn count(&self) -> usize {
        match &self.parts.normal {
            Normal::Patches(_, packed) => packed.count(),
            Normal::Gaussians(gaussians) => gaussians.count(),
        }
    }

    /// Numbers a patch.
    pub fn channels(&self) -> usize {
        self.parts.channels
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Stands for all of it.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.blocks())
    }

    /// All that it consists of.
    pub(crate) fn blocks(&self) -> Vec<&[f32]> {
        let mut blocks = match &self.parts.normal {
            Normal::Patches(values, _) => vec![values.as_slice()],
            Normal::Gaussians(gaussians) => vec![gaussians.means(), gaussians.factors()],
        };
        if let Some(whitening) = &self.parts.whitening {
            blocks.extend([whitening.mean(), whitening.weights()]);
        }
        blocks.push(std::slice::from_ref(&self.unit));
        blocks
    }

    /// Features as they are compared.
    fn compared<'a>(&self, features: &'a FeatureMap) -> Cow<'a, FeatureMap> {
        assert_eq!(
            features.channels,
            self.channels(),
            "features of this network"
        );
        match &self.parts.whitening {
            Some(whitening) => Cow::Owned(whitening.apply(features)),
            None => Cow::Borrowed(features),
        }
    }

    /// How far each patch of an image is from its nearest normal patch, or Gaussian.
    ///
    /// # Panics
    /// If the features have another number of channels.
    pub fn distances(&self, features: &FeatureMap) -> Distances {
        self.distances_of_compared(&self.compared(features))
    }

    /// [`Memory::distances`] to each of some memories. Features are whitened once for those that whiten them
    /// as the first one does.
    ///
    /// # Panics
    /// As there, or without a memory.
    pub(crate) fn distances_of_each<const N: usize>(
        memories: [&Self; N],
        features: &FeatureMap,
    ) -> [Distances; N] {
        let compared = memories[0].compared(features);
        memories.map(
            |memory| match memory.parts.whitening == memories[0].parts.whitening {
                true => memory.distances_of_compared(&compared),
                false => memory.distances(features),
            },
        )
    }

    fn distances_of_compared(&self, features: &FeatureMap) -> Distances {
        let nearest = match &self.parts.normal {
            Normal::Patches(values, packed) => nearest(values, packed, &features.values),
            Normal::Gaussians(gaussians) => gaussians.nearest(&features.values),
        };
        let distance = |(_, square): &(u32, f32)| square.sqrt() / self.unit;
        Distances {
            height: features.height,
            width: features.width,
            values: nearest.iter().map(distance).collect(),
            nearest: nearest.iter().map(|(index, _)| *index).collect(),
        }
    }

    /// The energy of features, the sum over patches of their squared distances in units, and its gradient by
    /// the features. A patch's distance is that to what is nearest at `at`, which is held fixed:
    /// |phi_p - n_p|^2 / unit^2 of whitened phi, where n_p is a patch.
    ///
    /// # Panics
    /// If `at` is of features of another shape, or of another memory.
    pub fn energy_gradient(&self, features: &FeatureMap, at: &Distances) -> (f32, FeatureMap) {
        let features = self.compared(features);
        assert_eq!(
            (features.height, features.width),
            (at.height, at.width),
            "distances of these features"
        );
        let share = 1.0 / (self.unit * self.unit);
        let patches = features.values.par_chunks_exact(self.channels());
        let each: Vec<(f32, Vec<f32>)> = patches
            .zip(&at.nearest)
            .map(|(patch, nearest)| self.square_gradient(patch, *nearest))
            .collect();
        let energy: f64 = each
            .iter()
            .map(|(square, _)| f64::from(square * share))
            .sum();
        let slopes = each.iter().flat_map(|(_, gradient)| gradient);
        let gradient = FeatureMap {
            values: slopes.map(|slope| slope * share).collect(),
            ..*features
        };
        let gradient = match &self.parts.whitening {
            Some(whitening) => whitening.back(&gradient),
            None => gradient,
        };
        (energy as f32, gradient)
    }

    /// The squared distance of a patch to what has this number, and its gradient.
    fn square_gradient(&self, patch: &[f32], nearest: u32) -> (f32, Vec<f32>) {
        match &self.parts.normal {
            Normal::Patches(values, _) => {
                let normal = &values[nearest as usize * patch.len()..][..patch.len()];
                let slopes = patch.iter().zip(normal).map(|(a, b)| 2.0 * (a - b));
                (squared_distance(patch, normal), slopes.collect())
            }
            Normal::Gaussians(gaussians) => gaussians.gradient(patch, nearest),
        }
    }
}

/// The nearest of some patches `[count][channels]` to each query, and the squared distance to it.
fn nearest(values: &[f32], packed: &Patches, queries: &[f32]) -> Vec<(u32, f32)> {
    let channels = packed.channels();
    let all = vec![0..packed.count(); TOGETHER];
    queries
        .par_chunks(TOGETHER * channels)
        .flat_map_iter(|queries| {
            let mut found = vec![Found::NOTHING; queries.len() / channels];
            packed.search(Isa::current(), queries, &all[..found.len()], &mut found);
            let queries = queries.chunks_exact(channels);
            let nearest = queries.zip(found).map(|(query, found)| {
                // A NaN is near to nothing: its distance to the first patch is NaN.
                let nothing = found == Found::NOTHING;
                let index = if nothing { 0 } else { found.index };
                let patch = &values[index as usize * channels..][..channels];
                // By differences: what was found by products is not exact where it is near.
                (index, squared_distance(query, patch))
            });
            nearest.collect::<Vec<_>>()
        })
        .collect()
}

/// |a - b|^2.
fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    let differences = a.iter().zip(b).map(|(a, b)| a - b);
    differences.map(|difference| difference * difference).sum()
}

#[cfg(test)]
#[path = "memory_tests.rs"]
mod tests;
