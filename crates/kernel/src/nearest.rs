//! The nearest of many patches, by matrix products.
//!
//! |q - m|^2 = |q|^2 - 2 (q . m - |m|^2 / 2), so the patch m nearest to a query q is the one whose
//! closeness q . m - |m|^2 / 2 is largest. The products of a few queries with two vectors of patches
//! stay in registers, and only the best of each lane is kept; the matrix of distances is never written.

#![allow(unsafe_code)]
// Indices with constant bounds are what the compiler unrolls into registers.
#![allow(clippy::needless_range_loop)]

use std::ops::Range;

use super::isa::{Isa, Kernel};
use super::shape::BLOCK;
use super::simd::Lanes;

/// Queries that a piece of the patches is compared with before the next piece is read: as many as
/// stay in the first cache.
const GROUP: usize = 64;

/// The most queries of a tile, of any instruction set.
const MAX_TILE: usize = 8;

/// Blocks of patches that a step of any instruction set takes divide this.
const BLOCKS: usize = 2;

/// Lane numbers, for vectors of any length up to a step.
const LANE: [f32; BLOCK * BLOCKS] = {
    let mut lanes = [0.0; BLOCK * BLOCKS];
    let mut i = 0;
    while i < lanes.len() {
        lanes[i] = i as f32;
        i += 1;
    }
    lanes
};

/// Patches, packed for being searched.
#[derive(Clone, Debug)]
pub struct Patches {
    channels: usize,
    count: usize,
    /// `[blocks][channels][BLOCK]`.
    values: Vec<f32>,
    /// -|m|^2 / 2 of each, padded to whole steps.
    offsets: Vec<f32>,
}

/// The nearest patch to a query, as far as was searched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// q . m - |m|^2 / 2.
    pub closeness: f32,
    /// Which patch, `u32::MAX` for none.
    pub index: u32,
}

impl Found {
    /// Nothing searched yet.
    pub const NOTHING: Self = Self {
        closeness: f32::NEG_INFINITY,
        index: u32::MAX,
    };
}

impl Patches {
    /// The most patches: their numbers are counted in `f32`.
    pub const MOST: usize = 1 << 24;

    /// Packs patches, `[count][channels]`.
    ///
    /// # Panics
    /// If these are not whole patches, or more than [`Patches::MOST`].
    pub fn new(channels: usize, patches: &[f32]) -> Self {
        assert!(patches.len().is_multiple_of(channels), "whole patches");
        let count = patches.len() / channels;
        assert!(count <= Self::MOST, "{count} are too many patches");
        let blocks = count.div_ceil(BLOCK).next_multiple_of(BLOCKS);
        let mut values = vec![0.0; blocks * channels * BLOCK];
        let mut offsets = vec![0.0; blocks * BLOCK];
        for (i, patch) in patches.chunks_exact(channels).enumerate() {
            let start = i / BLOCK * channels * BLOCK + i % BLOCK;
            for (channel, value) in patch.iter().enumerate() {
                values[start + channel * BLOCK] = *value;
            }
            offsets[i] = -0.5 * patch.iter().map(|value| value * value).sum::<f32>();
        }
        Self {
            channels,
            count,
            values,
            offsets,
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Numbers a patch.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Searches for each of the `queries`, `[found.len()][channels]`, the patches of its own of the
    /// `runs`, and keeps what is nearer than what was found before.
    ///
    /// # Panics
    /// If the lengths do not agree, or a run reaches beyond the patches.
    pub fn search(&self, isa: Isa, queries: &[f32], runs: &[Range<usize>], found: &mut [Found]) {
        assert_eq!(queries.len(), found.len() * self.channels);
        assert_eq!(runs.len(), found.len());
        assert!(runs.iter().all(|run| run.end <= self.count));
        let groups = queries
            .chunks(GROUP * self.channels)
            .zip(runs.chunks(GROUP));
        for ((queries, runs), found) in groups.zip(found.chunks_mut(GROUP)) {
            let search = Search {
                patches: self,
                queries,
                runs,
                found,
            };
            // SAFETY: the lengths were checked.
            unsafe { isa.run(search) };
        }
    }
}

/// A search for a group of queries.
struct Search<'a> {
    patches: &'a Patches,
    queries: &'a [f32],
    runs: &'a [Range<usize>],
    found: &'a mut [Found],
}

/// The best of each lane: closeness, and the number of the patch.
#[derive(Clone, Copy)]
struct Best {
    closeness: [f32; BLOCK * BLOCKS],
    index: [f32; BLOCK * BLOCKS],
}

impl Search<'_> {
    /// Compares the queries from `first` on, as many as `P`, with the patches from `start` on, as
    /// many as `V` vectors hold.
    #[inline(always)]
    unsafe fn tile<L: Lanes<Real = f32>, const V: usize, const P: usize>(
        &self,
        first: usize,
        start: usize,
        best: &mut [Best],
    ) {
        let channels = self.patches.channels;
        let step = channels * BLOCK;
        let at = |p: usize| (first + p).min(self.found.len() - 1);
        // SAFETY: the first patch lies on a block's edge and the patches are padded to whole steps;
        // queries beyond the last one are the last one.
        unsafe {
            let offsets = self.patches.offsets.as_ptr().add(start);
            let mut sums = [[L::splat(0.0); V]; P];
            for p in 0..P {
                for v in 0..V {
                    sums[p][v] = L::load(offsets.add(v * L::LANES));
                }
            }
            let patches = self.patches.values.as_ptr().add(start / BLOCK * step);
            let mut queries = [self.queries.as_ptr(); P];
            for p in 0..P {
                queries[p] = queries[p].add(at(p) * channels);
            }
            for channel in 0..channels {
                let row = patches.add(channel * BLOCK);
                let mut factors = [L::splat(0.0); V];
                for v in 0..V {
                    let (block, lane) = (v * L::LANES / BLOCK, v * L::LANES % BLOCK);
                    factors[v] = L::load(row.add(block * step + lane));
                }
                for p in 0..P {
                    let value = L::splat(*queries[p].add(channel));
                    for v in 0..V {
                        sums[p][v] = L::mul_add(value, factors[v], sums[p][v]);
                    }
                }
            }
            let none = L::splat(f32::NEG_INFINITY);
            for p in 0..P {
                let run = &self.runs[at(p)];
                let lowest = L::splat(run.start as f32 - 0.5);
                let highest = L::splat(run.end as f32 - 0.5);
                let best = &mut best[p];
                for v in 0..V {
                    let lane = v * L::LANES;
                    let index = L::load(LANE.as_ptr().add(lane));
                    let index = L::add(index, L::splat(start as f32));
                    let below = L::where_positive(L::sub(highest, index), sums[p][v], none);
                    let sum = L::where_positive(L::sub(index, lowest), below, none);
                    let closeness = best.closeness.as_mut_ptr().add(lane);
                    let number = best.index.as_mut_ptr().add(lane);
                    let before = L::load(closeness);
                    let gain = L::sub(sum, before);
                    L::store(closeness, L::where_positive(gain, sum, before));
                    L::store(number, L::where_positive(gain, index, L::load(number)));
                }
            }
        }
    }
}

impl Kernel<f32> for Search<'_> {
    type Output = ();

    /// # Safety
    /// Every query must have its run, its place in what is found, and all its channels.
    #[inline(always)]
    unsafe fn run<L: Lanes<Real = f32>, const V: usize, const P: usize>(self) {
        let width = V * L::LANES;
        debug_assert!(P <= MAX_TILE && (BLOCK * BLOCKS).is_multiple_of(width));
        let mut best = [Best {
            closeness: [f32::MIN; BLOCK * BLOCKS],
            index: [-1.0; BLOCK * BLOCKS],
        }; GROUP + MAX_TILE];
        let queries = self.found.len();
        // The patches that each tile of queries looks at.
        let mut reach = [(0, 0); GROUP];
        for (tile, runs) in self.runs.chunks(P).enumerate() {
            let runs = runs.iter().filter(|run| !run.is_empty());
            reach[tile] = (
                runs.clone().map(|run| run.start).min().unwrap_or(0),
                runs.map(|run| run.end).max().unwrap_or(0),
            );
        }
        let reach = &reach[..queries.div_ceil(P)];
        let first = reach.iter().filter(|(start, end)| start < end);
        let end = reach.iter().map(|reach| reach.1).max().unwrap_or(0);
        let mut start = first.map(|reach| reach.0).min().unwrap_or(0) / width * width;
        while start < end {
            for (tile, reach) in reach.iter().enumerate() {
                if reach.0 < start + width && start < reach.1 {
                    let first = tile * P;
                    // SAFETY: the caller's promise.
                    unsafe { self.tile::<L, V, P>(first, start, &mut best[first..]) };
                }
            }
            start += width;
        }
        for (found, best) in self.found.iter_mut().zip(&best) {
            for lane in 0..width {
                if best.index[lane] >= 0.0 && best.closeness[lane] > found.closeness {
                    *found = Found {
                        closeness: best.closeness[lane],
                        index: best.index[lane] as u32,
                    };
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    fn random(count: usize, seed: u64) -> Vec<f32> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        (0..count).map(|_| rng.random::<f32>() - 0.3).collect()
    }

    fn squared(a: &[f32], b: &[f32]) -> f64 {
        let difference = a.iter().zip(b).map(|(a, b)| f64::from(a - b));
        difference.map(|one| one * one).sum()
    }

    #[test]
    fn the_nearest_within_the_run_is_found_with_every_instruction_set() {
        for (channels, count, queries) in [(1, 1, 1), (5, 37, 3), (19, 300, 130), (152, 64, 70)] {
            let (patches, asked) = (random(count * channels, 1), random(queries * channels, 2));
            let packed = Patches::new(channels, &patches);
            let runs: Vec<Range<usize>> = (0..queries)
                .map(|i| match i % 4 {
                    0 => 0..count,
                    1 => count / 3..count - count / 4,
                    2 => i % count..i % count + 1,
                    _ => 0..0,
                })
                .collect();
            for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
                let mut found = vec![Found::NOTHING; queries];
                packed.search(isa, &asked, &runs, &mut found);
                for (i, found) in found.iter().enumerate() {
                    let query = &asked[i * channels..][..channels];
                    let distance = |m: usize| squared(query, &patches[m * channels..][..channels]);
                    let nearest = runs[i].clone().map(distance).fold(f64::INFINITY, f64::min);
                    if runs[i].is_empty() {
                        assert_eq!(*found, Found::NOTHING, "{isa:?}, query {i}");
                        continue;
                    }
                    let index = found.index as usize;
                    assert!(runs[i].contains(&index), "{isa:?}, query {i}: {index}");
                    let ours = distance(index);
                    assert!(
                        ours - nearest < 1e-4,
                        "{isa:?}, query {i}: {ours} {nearest}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_was_found_before_stays_unless_something_is_nearer() {
        let packed = Patches::new(1, &[0.0, 1.0, 2.0, 3.0]);
        let mut found = vec![Found::NOTHING; 2];
        let queries = [0.9, 2.2];
        let search = |runs: [Range<usize>; 2], found: &mut [Found]| {
            packed.search(Isa::current(), &queries, &runs, found);
            [found[0].index, found[1].index]
        };
        assert_eq!(search([0..1, 0..2], &mut found), [0, 1]);
        assert_eq!(search([2..3, 2..4], &mut found), [0, 2]);
        assert_eq!(search([0..4, 3..4], &mut found), [1, 2]);
    }
}
