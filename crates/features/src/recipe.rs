//! What becomes of many patches: a memory.

use half::f16;
use rayon::prelude::*;

use crate::builder::{MemoryConfig, MemoryKind};
use crate::common::Comparing;
use crate::coreset::Choosing;
use crate::memory::{Memory, Normal, Parts};
use crate::mixture::Clustering;
use crate::pool::{Origin, Pool};
use crate::whitening::Whitening;

/// Patches that whitening is learnt from, and that a coreset is chosen from.
const SAMPLE: usize = 20_000;

/// The share of comparing patches with those of other images in making a memory of patches.
const COMPARING: f32 = 0.4;

/// Memories in the making, each of another kind, of the same patches.
pub(crate) struct Making<const N: usize> {
    sample: Sample,
    whitening: Option<Whitening>,
    learning: [Learning; N],
}

/// What memories are made of.
struct Sample {
    channels: usize,
    config: MemoryConfig,
    /// Patches of a memory, at most.
    wanted: usize,
    /// The patches, whitened if they are to be, in random order: as many of the first as are wanted are as
    /// good a sample as any.
    values: Vec<f32>,
    /// Whose they are.
    images: Vec<u32>,
}

/// How far a memory is.
enum Learning {
    /// Of patches: which ones several images show is being found out.
    Comparing(Comparing),
    /// Of patches: those that stand for the ones with these values are being chosen.
    Choosing(Vec<f32>, Choosing),
    /// Of Gaussians.
    Clustering(Clustering),
    /// Made.
    Known(Normal),
}

impl<const N: usize> Making<N> {
    /// Of the pool's patches but those that are left out; of at most `wanted` patches, where it is of patches.
    /// `None` if none is left.
    pub(crate) fn new(
        pool: &Pool,
        config: &MemoryConfig,
        kinds: [MemoryKind; N],
        wanted: usize,
        left_out: impl Fn(&Origin) -> bool,
    ) -> Option<Self> {
        let channels = pool.channels();
        let origins = pool.origins().iter().enumerate();
        let mut candidates: Vec<usize> = origins
            .filter(|(_, origin)| !left_out(origin))
            .map(|(i, _)| i)
            .collect();
        if candidates.is_empty() {
            return None;
        }
        if kinds == [MemoryKind::Patches; N] {
            candidates.truncate(SAMPLE);
        }
        let mut values = pool.values_of(&candidates);
        let whitening = config.whiten.then(|| {
            let sample = values.len().min(SAMPLE * channels);
            Whitening::of(channels, &values[..sample])
        });
        if let Some(whitening) = &whitening {
            values = whitening.apply_all(&values);
        }
        let image = |&i: &usize| pool.origins()[i].image;
        let sample = Sample {
            channels,
            config: *config,
            wanted,
            values,
            images: candidates.iter().map(image).collect(),
        };
        Some(Self {
            learning: kinds.map(|kind| sample.begin(kind)),
            sample,
            whitening,
        })
    }

    /// The share of the work that is done.
    pub(crate) fn share(&self) -> f32 {
        let each = self.learning.iter().map(|one| self.sample.share(one));
        each.sum::<f32>() / N as f32
    }

    /// Whether nothing is left to do.
    pub(crate) fn is_done(&self) -> bool {
        let mut each = self.learning.iter();
        each.all(|learning| matches!(learning, Learning::Known(_)))
    }

    /// Does a part of a second's work for each of the memories.
    pub(crate) fn step(&mut self) {
        let sample = &self.sample;
        self.learning
            .par_iter_mut()
            .for_each(|learning| sample.step(learning));
    }

    /// Does what is left: the memories, their units still 1.
    pub(crate) fn finish(mut self) -> [Memory; N] {
        while !self.is_done() {
            self.step();
        }
        let Self {
            sample,
            whitening,
            learning,
        } = self;
        learning.map(|learning| {
            let Learning::Known(normal) = learning else {
                unreachable!("every memory is made")
            };
            let parts = Parts {
                channels: sample.channels,
                normal,
                whitening: whitening.clone(),
            };
            Memory::new(parts, 1.0)
        })
    }
}

impl Sample {
    /// The values and images of the patches that a coreset is chosen from.
    fn candidates(&self) -> (&[f32], &[u32]) {
        let count = self.images.len().min(SAMPLE);
        (&self.values[..count * self.channels], &self.images[..count])
    }

    fn begin(&self, kind: MemoryKind) -> Learning {
        let (values, images) = self.candidates();
        match kind {
            MemoryKind::Patches => match Comparing::new(self.channels, values, images) {
                Some(comparing) => Learning::Comparing(comparing),
                None => self.choose(values.to_vec()),
            },
            MemoryKind::Gaussians => {
                Learning::Clustering(Clustering::new(self.channels, &self.values, SAMPLE))
            }
        }
    }

    fn choose(&self, values: Vec<f32>) -> Learning {
        let choosing = Choosing::new(self.channels, &values, self.wanted, self.config.seed);
        Learning::Choosing(values, choosing)
    }

    fn share(&self, learning: &Learning) -> f32 {
        let candidates = self.candidates().1.len() as f32;
        match learning {
            Learning::Comparing(comparing) => COMPARING * comparing.done() as f32 / candidates,
            Learning::Choosing(_, choosing) => COMPARING + (1.0 - COMPARING) * choosing.share(),
            Learning::Clustering(clustering) => clustering.share(),
            Learning::Known(_) => 1.0,
        }
    }

    fn step(&self, learning: &mut Learning) {
        let (values, images) = self.candidates();
        match learning {
            Learning::Comparing(comparing) if comparing.done() < images.len() => {
                comparing.step(values, images);
            }
            Learning::Comparing(comparing) => {
                let common = comparing.common(self.config.trim);
                *learning = self.choose(rows(self.channels, values, &common));
            }
            Learning::Choosing(_, choosing) if !choosing.is_done() => choosing.step(),
            Learning::Choosing(values, choosing) => {
                let mut values = rows(self.channels, values, &choosing.chosen());
                round_to_half(&mut values);
                *learning = Learning::Known(Normal::patches(self.channels, values));
            }
            Learning::Clustering(clustering) => {
                if let Some(gaussians) = clustering.step(&self.values) {
                    *learning = Learning::Known(Normal::Gaussians(gaussians));
                }
            }
            Learning::Known(_) => {}
        }
    }
}

/// Makes values what they will be in a file.
pub(crate) fn round_to_half(values: &mut [f32]) {
    for value in values {
        *value = f16::from_f32(*value).to_f32();
    }
}

/// Some rows of `[count][channels]`.
pub(crate) fn rows(channels: usize, values: &[f32], which: &[usize]) -> Vec<f32> {
    let row = |&i: &usize| &values[i * channels..][..channels];
    which.iter().flat_map(row).copied().collect()
}
