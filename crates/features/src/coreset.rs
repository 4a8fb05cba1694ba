//! The few patches that stand for many.

use rand::Rng;

use kizumi_image::seeded;
use kizumi_kernel::isa::{Isa, Loop};

/// Dimensions of the random projection that distances are taken in.
const PROJECTION: usize = 24;

/// Greedy k-centre (Gonzalez 1985, as PatchCore uses it): beginning with the patch nearest to the mean, always the one
/// that is farthest from all chosen before. At most `wanted` of the patches `[count][channels]`, in the order
/// chosen; none twice.
pub(crate) fn k_centre(channels: usize, patches: &[f32], wanted: usize, seed: u64) -> Vec<usize> {
    let count = patches.len() / channels;
    let planes = projected(channels, patches, seed);
    let mut distances = vec![f32::INFINITY; count];
    let isa = Isa::current();
    let mut centre = [0.0; PROJECTION];
    for (centre, plane) in centre.iter_mut().zip(planes.chunks_exact(count.max(1))) {
        *centre = plane.iter().sum::<f32>() / count as f32;
    }
    let nearer = |centre: [f32; PROJECTION], distances: &mut [f32]| {
        isa.run_loop(Nearer {
            planes: &planes,
            centre,
            distances,
        });
    };
    nearer(centre, &mut distances);
    let first = (0..count).min_by(|&a, &b| distances[a].total_cmp(&distances[b]));
    distances.fill(f32::INFINITY);
    let mut chosen = Vec::new();
    let mut next = first;
    while let Some(i) = next.filter(|_| chosen.len() < wanted.min(count)) {
        chosen.push(i);
        nearer(
            std::array::from_fn(|d| planes[d * count + i]),
            &mut distances,
        );
        // Never again, not even where others are no distance away.
        distances[i] = f32::NEG_INFINITY;
        next = (0..count).max_by(|&a, &b| distances[a].total_cmp(&distances[b]));
    }
    chosen
}

/// Patches in a random projection, `[PROJECTION][count]`: sums of all features with random signs.
fn projected(channels: usize, patches: &[f32], seed: u64) -> Vec<f32> {
    let count = patches.len() / channels;
    let mut rng = seeded::rng(seed, "coreset", 0);
    let mut planes = Vec::with_capacity(PROJECTION * count);
    for _ in 0..PROJECTION {
        let sign = |bit: bool| if bit { 1.0 } else { -1.0 };
        let signs: Vec<f32> = (0..channels)
            .map(|_| sign(rng.next_u32() & 1 == 1))
            .collect();
        let along = |patch: &[f32]| patch.iter().zip(&signs).map(|(a, b)| a * b).sum::<f32>();
        planes.extend(patches.chunks_exact(channels).map(along));
    }
    planes
}

/// Lowers each patch's squared distance to that to a centre.
struct Nearer<'a> {
    planes: &'a [f32],
    centre: [f32; PROJECTION],
    distances: &'a mut [f32],
}

impl Loop for Nearer<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        const TOGETHER: usize = 64;
        let count = self.distances.len();
        for (chunk, distances) in self.distances.chunks_mut(TOGETHER).enumerate() {
            let mut sums = [0.0; TOGETHER];
            for (plane, centre) in self.planes.chunks_exact(count).zip(self.centre) {
                let values = &plane[chunk * TOGETHER..][..distances.len()];
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum += (value - centre) * (value - centre);
                }
            }
            for (distance, sum) in distances.iter_mut().zip(sums) {
                *distance = if sum < *distance { sum } else { *distance };
            }
        }
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

    #[test]
    fn rare_patches_are_chosen_among_the_first() {
        let patches = patches(40, 500, 9);
        let chosen = k_centre(40, &patches, 10, 0);
        let mut far: Vec<usize> = chosen.iter().copied().filter(|&i| i >= 500).collect();
        far.sort_unstable();
        assert_eq!(far, (500..509).collect::<Vec<_>>());
        assert_eq!(chosen, k_centre(40, &patches, 10, 0));
    }

    #[test]
    fn none_is_chosen_twice_even_where_all_are_alike() {
        let mut chosen = k_centre(3, &[1.0; 30], 10, 0);
        chosen.sort_unstable();
        assert_eq!(chosen, (0..10).collect::<Vec<_>>());
        assert_eq!(k_centre(3, &[1.0; 30], 4, 0).len(), 4);
        assert!(k_centre(3, &[], 4, 0).is_empty());
    }
}
