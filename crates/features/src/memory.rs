//! The memory of normal patches.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use kizumi_kernel::features::FeatureMap;
use kizumi_kernel::isa::Isa;
use kizumi_kernel::nearest::{Found, Patches};
use kizumi_method::maker::Fingerprint;

use crate::distances::Distances;
use crate::whitening::Whitening;

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
    parts: Parts,
    /// The patches, packed.
    patches: Patches,
}

/// What a memory consists of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parts {
    /// Numbers a patch.
    pub(crate) channels: usize,
    /// `[count][channels]`, whitened, each exact in half precision.
    pub(crate) values: Vec<f32>,
    /// What features go through before they are compared; nothing, if there is none.
    pub(crate) whitening: Option<Whitening>,
}

impl Memory {
    /// A memory of patches; `unit` is the distance that 99 of 100 patches of normal images stay below.
    ///
    /// # Panics
    /// If there is no patch, one is not whole, or the whitening is of another number of channels.
    pub(crate) fn new(parts: Parts, unit: f32) -> Self {
        let Parts {
            channels,
            values,
            whitening,
        } = &parts;
        assert!(!values.is_empty(), "a memory of nothing");
        if let Some(whitening) = whitening {
            assert_eq!(whitening.mean().len(), *channels, "of these features");
        }
        let shared = Shared {
            patches: Patches::new(*channels, values),
            parts,
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
        self.shared.parts.channels
    }

    /// A patch of it, whitened if features are.
    ///
    /// # Panics
    /// If there are not that many.
    pub fn patch(&self, index: u32) -> &[f32] {
        let channels = self.channels();
        &self.parts().values[index as usize * channels..][..channels]
    }

    pub(crate) fn parts(&self) -> &Parts {
        &self.shared.parts
    }

    /// Stands for all of it.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.blocks())
    }

    /// All that it consists of.
    pub(crate) fn blocks(&self) -> [&[f32]; 4] {
        let Parts {
            values, whitening, ..
        } = self.parts();
        let whitening = whitening.as_ref();
        let [mean, weights] = whitening.map_or([&[][..]; 2], |one| [one.mean(), one.weights()]);
        [values, mean, weights, std::slice::from_ref(&self.unit)]
    }

    /// Features as they are compared.
    fn compared<'a>(&self, features: &'a FeatureMap) -> Cow<'a, FeatureMap> {
        assert_eq!(
            features.channels,
            self.channels(),
            "features of this network"
        );
        match &self.parts().whitening {
            Some(whitening) => Cow::Owned(whitening.apply(features)),
            None => Cow::Borrowed(features),
        }
    }

    /// How far each patch of an image is from its nearest normal patch.
    ///
    /// # Panics
    /// If the features have another number of channels.
    pub fn distances(&self, features: &FeatureMap) -> Distances {
        let channels = self.channels();
        let features = self.compared(features);
        let (height, width) = (features.height, features.width);
        let mut found = vec![Found::NOTHING; height * width];
        let all = vec![0..self.count(); TOGETHER];
        features
            .values
            .par_chunks(TOGETHER * channels)
            .zip(found.par_chunks_mut(TOGETHER))
            .for_each(|(queries, found)| {
                let patches = &self.shared.patches;
                patches.search(Isa::current(), queries, &all[..found.len()], found);
            });
        // A NaN among the features is near to nothing: its distance to the first patch is NaN.
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

    /// The energy of features, sum over patches p of |phi_p - n_p|^2 / unit^2 (phi whitened if there is a
    /// whitening), and its gradient by the features; the nearest patches n_p are those of `at`, held fixed.
    ///
    /// # Panics
    /// If `at` is of features of another shape, or of another memory.
    pub fn energy_gradient(&self, features: &FeatureMap, at: &Distances) -> (f32, FeatureMap) {
        let channels = self.channels();
        let features = self.compared(features);
        assert_eq!(
            (features.height, features.width),
            (at.height, at.width),
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
        let gradient = match &self.parts().whitening {
            Some(whitening) => whitening.back(&gradient),
            None => gradient,
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
