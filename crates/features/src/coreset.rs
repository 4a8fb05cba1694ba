//! The few patches that stand for many.

use rand::Rng;

use kizumi_image::seeded;
use kizumi_kernel::isa::{Isa, Loop};

/// Dimensions of the random projection that distances are taken in.
const PROJECTION: usize = 24;

/// Patches chosen a step.
const TOGETHER: usize = 256;

/// Greedy k-centre (Gonzalez 1985, as PatchCore uses it), some patches a step: beginning with the one nearest to
/// the mean, always the one that is farthest from all chosen before; none twice.
pub(crate) struct Choosing {
    /// The patches in a random projection, `[PROJECTION][count]`.
    planes: Vec<f32>,
    /// How far each is from all chosen so far, squared; of these themselves below all others.
    distances: Vec<f32>,
    chosen: Vec<usize>,
    next: Option<usize>,
    wanted: usize,
}

impl Choosing {
    /// Nothing chosen yet, of at most `wanted` of the patches `[count][channels]`.
    pub(crate) fn new(channels: usize, patches: &[f32], wanted: usize, seed: u64) -> Self {
        let count = patches.len() / channels;
        let planes = projected(channels, patches, seed);
        let centre = std::array::from_fn(|d| {
            let plane = &planes[d * count..][..count];
            plane.iter().sum::<f32>() / count as f32
        });
        let mut choosing = Self {
            planes,
            distances: vec![f32::INFINITY; count],
            chosen: Vec::new(),
            next: None,
            wanted: wanted.min(count),
        };
        choosing.nearer(centre);
        let distances = &choosing.distances;
        choosing.next = (0..count).min_by(|&a, &b| distances[a].total_cmp(&distances[b]));
        choosing.distances.fill(f32::INFINITY);
        choosing
    }

    /// The share that is chosen.
    pub(crate) fn share(&self) -> f32 {
        self.chosen.len() as f32 / self.wanted.max(1) as f32
    }

    /// Whether nothing is left to choose.
    pub(crate) fn is_done(&self) -> bool {
        self.chosen.len() == self.wanted
    }

    /// Chooses the next few.
    pub(crate) fn step(&mut self) {
        let until = self.wanted.min(self.chosen.len() + TOGETHER);
        while let Some(i) = self.next.filter(|_| self.chosen.len() < until) {
            self.chosen.push(i);
            // Never again, not even where others are no distance away.
            self.distances[i] = f32::NEG_INFINITY;
            let count = self.distances.len();
            self.next = self.nearer(std::array::from_fn(|d| self.planes[d * count + i]));
        }
    }

    /// The numbers of those chosen, ascending.
    pub(crate) fn chosen(&self) -> Vec<usize> {
        let mut chosen = self.chosen.clone();
        chosen.sort_unstable();
        chosen
    }

    /// Lowers the distances to that to a centre; which patch is farthest then.
    fn nearer(&mut self, centre: [f32; PROJECTION]) -> Option<usize> {
        Isa::current().run_loop(Nearer {
            planes: &self.planes,
            centre,
            distances: &mut self.distances,
        })
    }
}

/// Patches in a random projection, `[PROJECTION][count]`: sums of all features with random signs.
fn projected(channels: usize, patches: &[f32], seed: u64) -> Vec<f32> {
    let mut rng = seeded::rng(seed, "coreset", 0);
    let mut signs = vec![[0.0; PROJECTION]; channels];
    for d in 0..PROJECTION {
        for signs in &mut signs {
            signs[d] = if rng.next_u32() & 1 == 1 { 1.0 } else { -1.0 };
        }
    }
    Isa::current().run_loop(Projected {
        signs: &signs,
        patches,
    })
}

struct Projected<'a> {
    /// `[channels]`.
    signs: &'a [[f32; PROJECTION]],
    patches: &'a [f32],
}

impl Loop for Projected<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn run(self) -> Vec<f32> {
        let channels = self.signs.len();
        let count = self.patches.len() / channels;
        let mut planes = vec![0.0; PROJECTION * count];
        for (i, patch) in self.patches.chunks_exact(channels).enumerate() {
            let mut sums = [0.0; PROJECTION];
            for (value, signs) in patch.iter().zip(self.signs) {
                for (sum, sign) in sums.iter_mut().zip(signs) {
                    *sum += value * sign;
                }
            }
            for (d, sum) in sums.into_iter().enumerate() {
                planes[d * count + i] = sum;
            }
        }
        planes
    }
}

/// Lowers each patch's squared distance to that to a centre; which one is farthest then, `None` if all are chosen.
struct Nearer<'a> {
    planes: &'a [f32],
    centre: [f32; PROJECTION],
    distances: &'a mut [f32],
}

impl Loop for Nearer<'_> {
    type Output = Option<usize>;

    #[inline(always)]
    fn run(self) -> Option<usize> {
        const LANES: usize = 64;
        let count = self.distances.len();
        // The farthest of each lane, and in which chunk.
        let mut farthest = [f32::NEG_INFINITY; LANES];
        let mut chunks = [0u32; LANES];
        for (chunk, distances) in self.distances.chunks_mut(LANES).enumerate() {
            let mut sums = [0.0; LANES];
            for (plane, centre) in self.planes.chunks_exact(count).zip(self.centre) {
                let values = &plane[chunk * LANES..][..distances.len()];
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum += (value - centre) * (value - centre);
                }
            }
            let lanes = farthest.iter_mut().zip(&mut chunks);
            for ((distance, sum), (farthest, of)) in distances.iter_mut().zip(sums).zip(lanes) {
                *distance = if sum < *distance { sum } else { *distance };
                let is_farther = *distance > *farthest;
                *of = if is_farther { chunk as u32 } else { *of };
                *farthest = if is_farther { *distance } else { *farthest };
            }
        }
        let lanes = (0..LANES).filter(|&lane| farthest[lane] > f32::NEG_INFINITY);
        let lane = lanes.max_by(|&a, &b| farthest[a].total_cmp(&farthest[b]))?;
        Some(chunks[lane] as usize * LANES + lane)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;

    /// Many patches in one heap, a few far from it and from each other.
    fn patches(channels: usize, heap: usize, far: usize) -> Vec<f32> {
        let mut rng = seeded::rng(2, "coreset tests", 0);
        let mut patches = Vec::new();
        for i in 0..heap + far {
            let spread = if i < heap { 0.1 } else { 50.0 };
            patches.extend((0..channels).map(|_| spread * rng.random_range(-1.0..1.0f32)));
        }
        patches
    }

    fn k_centre(channels: usize, patches: &[f32], wanted: usize, seed: u64) -> Vec<usize> {
        let mut choosing = Choosing::new(channels, patches, wanted, seed);
        while !choosing.is_done() {
            choosing.step();
        }
        choosing.chosen()
    }

    #[test]
    fn rare_patches_are_chosen_among_the_first() {
        let patches = patches(40, 500, 9);
        let chosen = k_centre(40, &patches, 10, 0);
        let far: Vec<usize> = chosen.iter().copied().filter(|&i| i >= 500).collect();
        assert_eq!(far, (500..509).collect::<Vec<_>>());
        assert_eq!(chosen, k_centre(40, &patches, 10, 0));
    }

    #[test]
    fn none_is_chosen_twice_even_where_all_are_alike() {
        let chosen = k_centre(3, &[1.0; 30], 10, 0);
        assert_eq!(chosen, (0..10).collect::<Vec<_>>());
        assert_eq!(k_centre(3, &[1.0; 30], 4, 0).len(), 4);
        assert!(k_centre(3, &[], 4, 0).is_empty());
    }
}
