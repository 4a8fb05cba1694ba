//! From normal patches to Gaussians of their kinds: k-means, then a covariance for each of the clusters.

use rayon::prelude::*;

use crate::gaussians::{Centres, Gaussians, MOST};
use crate::recipe::round_to_half;
use crate::whitening::{cholesky, covariance, lower_inverse, mean};

/// Iterations of k-means.
const ITERATIONS: usize = 8;

/// As many patches of all clusters together have a part in the covariance of each: that of few patches
/// alone says little.
const PRIOR: f64 = 200.0;

/// Added to the variance in every direction.
const RIDGE: f64 = 0.05;

/// Patches that a thread assigns at a time.
const TOGETHER: usize = 1024;

/// What a cluster consists of.
struct Cluster {
    count: usize,
    mean: Vec<f64>,
    /// Its covariance; `None` without a patch.
    covariance: Option<Vec<f64>>,
}

/// Gaussians in the making, of whitened patches in random order, `[count][channels]`, which are given again at
/// each step.
pub(crate) struct Clustering {
    channels: usize,
    /// Numbers of the first patches, which say where the clusters are.
    sample: usize,
    /// `[clusters][channels]`.
    centres: Vec<f32>,
    /// Of k-means.
    iterations: usize,
    clusters: Vec<Cluster>,
}

impl Clustering {
    /// Nothing learned yet; the first `sample` patches say where the clusters are.
    ///
    /// # Panics
    /// If there is no patch.
    pub(crate) fn new(channels: usize, patches: &[f32], sample: usize) -> Self {
        assert!(patches.len() >= channels, "no patch to learn from");
        Self {
            channels,
            sample: patches.len().min(sample * channels),
            centres: patches[..patches.len().min(MOST * channels)].to_vec(),
            iterations: 0,
            clusters: Vec::new(),
        }
    }

    /// The share of the steps that are done.
    pub(crate) fn share(&self) -> f32 {
        let done = self.iterations + usize::from(!self.clusters.is_empty());
        done as f32 / (ITERATIONS + 2) as f32
    }

    /// An iteration of k-means (Lloyd's algorithm), or one of the two steps after all of them; the Gaussians
    /// at last.
    pub(crate) fn step(&mut self, patches: &[f32]) -> Option<Gaussians> {
        if self.iterations < ITERATIONS {
            self.iterations += 1;
            self.move_centres(&patches[..self.sample]);
            return None;
        }
        if self.clusters.is_empty() {
            let channels = self.channels;
            self.clusters = members(channels, patches, &self.centres)
                .into_par_iter()
                .zip(self.centres.par_chunks_exact(channels))
                .map(|(members, centre)| Cluster::new(channels, &members, centre))
                .collect();
            return None;
        }
        Some(self.gaussians())
    }

    fn move_centres(&mut self, patches: &[f32]) {
        let members = members(self.channels, patches, &self.centres);
        let centres = self.centres.chunks_exact_mut(self.channels);
        for (members, centre) in members.iter().zip(centres) {
            if !members.is_empty() {
                let mean = mean(self.channels, members);
                centre
                    .iter_mut()
                    .zip(mean)
                    .for_each(|(to, from)| *to = from as f32);
            }
        }
    }

    fn gaussians(&self) -> Gaussians {
        let (channels, clusters) = (self.channels, &self.clusters);
        let total: usize = clusters.iter().map(|cluster| cluster.count).sum();
        let mut pooled = vec![0.0; channels * channels];
        for cluster in clusters {
            let share = cluster.count as f64 / total as f64;
            for (sum, value) in pooled.iter_mut().zip(cluster.covariance.iter().flatten()) {
                *sum += share * value;
            }
        }
        let factors: Vec<Vec<f32>> = clusters
            .par_iter()
            .map(|cluster| cluster.factor(channels, &pooled))
            .collect();
        let means = clusters.iter().flat_map(|cluster| &cluster.mean);
        let mut means: Vec<f32> = means.map(|value| *value as f32).collect();
        let mut factors = factors.concat();
        round_to_half(&mut means);
        round_to_half(&mut factors);
        Gaussians::new(channels, means, factors)
    }
}

/// The Gaussians of patches, at once.
#[cfg(test)]
pub(crate) fn learn(channels: usize, patches: &[f32], sample: usize) -> Gaussians {
    let mut clustering = Clustering::new(channels, patches, sample);
    loop {
        if let Some(gaussians) = clustering.step(patches) {
            return gaussians;
        }
    }
}

/// The patches that are nearest to each centre.
fn members(channels: usize, patches: &[f32], centres: &[f32]) -> Vec<Vec<f32>> {
    let mut members = vec![Vec::new(); centres.len() / channels];
    let centres = Centres::new(channels, centres);
    let nearest: Vec<[usize; 1]> = patches
        .par_chunks(TOGETHER * channels)
        .flat_map_iter(|patches| centres.nearest::<1>(patches))
        .collect();
    for (patch, [centre]) in patches.chunks_exact(channels).zip(nearest) {
        members[centre].extend_from_slice(patch);
    }
    members
}

impl Cluster {
    fn new(channels: usize, members: &[f32], centre: &[f32]) -> Self {
        let count = members.len() / channels;
        if count == 0 {
            return Self {
                count,
                mean: centre.iter().copied().map(f64::from).collect(),
                covariance: None,
            };
        }
        let mean = mean(channels, members);
        Self {
            count,
            covariance: Some(covariance(channels, members, &mean)),
            mean,
        }
    }

    /// The inverse of the Cholesky factor of its covariance, to which that of all clusters is joined.
    fn factor(&self, channels: usize, pooled: &[f64]) -> Vec<f32> {
        let own = self.count as f64 / (self.count as f64 + PRIOR);
        let mut joined: Vec<f64> = pooled.iter().map(|value| (1.0 - own) * value).collect();
        for (sum, value) in joined.iter_mut().zip(self.covariance.iter().flatten()) {
            *sum += own * value;
        }
        for i in 0..channels {
            joined[i * channels + i] += RIDGE;
        }
        let inverse = lower_inverse(channels, &cholesky(channels, joined));
        inverse.into_iter().map(|value| value as f32).collect()
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;
    use rand::seq::SliceRandom;

    use kizumi_image::seeded;

    use super::*;

    /// Patches of two kinds, in random order: round ones about (0, 0) and ones about (50, 0) that vary along
    /// the diagonal only.
    fn patches() -> Vec<f32> {
        let mut rng = seeded::rng(4, "mixture tests", 0);
        let mut patches: Vec<[f32; 2]> = Vec::new();
        for _ in 0..4000 {
            let [a, b] = std::array::from_fn(|_| rng.random_range(-1.0f32..1.0));
            patches.push([a, b]);
            patches.push([50.0 + 9.0 * a, 9.0 * a + 0.1 * b]);
        }
        patches.shuffle(&mut rng);
        patches.concat()
    }

    #[test]
    fn each_kind_of_patches_is_measured_by_how_it_varies() {
        let gaussians = learn(2, &patches(), 8000);
        let square = |x: f32, y: f32| gaussians.nearest(&[x, y])[0].1;
        // Far along the diagonal is usual for the second kind, a little beside it is not.
        let along = square(56.0, 6.0);
        let beside = square(54.0, -4.0);
        assert!(along < 20.0 && beside > 10.0 * along, "{along} {beside}");
        assert!(square(0.2, -0.4) < 20.0);
        assert!(square(25.0, 0.0) > 1000.0);
        assert_eq!(gaussians, learn(2, &patches(), 8000));
    }

    #[test]
    fn few_patches_or_ones_that_are_all_alike_are_no_trouble() {
        let one = learn(3, &[1.0, 2.0, 3.0], 10);
        assert_eq!(one.count(), 1);
        assert_eq!(one.nearest(&[1.0, 2.0, 3.0])[0], (0, 0.0));
        let alike = learn(1, &[5.0; 500], 100);
        assert_eq!(alike.nearest(&[5.0])[0].1, 0.0);
        assert!(alike.nearest(&[7.0])[0].1.is_finite());
    }
}
