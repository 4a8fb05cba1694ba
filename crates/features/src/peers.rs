//! What well-known methods make of the same features, to compare with: a memory bank (PatchCore, Roth et al. 2022) and
//! a Gaussian for each place (PaDiM, Defard et al. 2020), of normal images alone.
//!
//! As these are published: every file becomes a square, features are not whitened, and distances are as they are.

use rand::seq::SliceRandom;
use rayon::prelude::*;

use kizumi_image::picture::Picture;
use kizumi_image::resize::resize_picture;
use kizumi_image::seeded;
use kizumi_kernel::features::{FeatureMap, FeatureNetwork};

use crate::builder::{MemoryBuilder, MemoryConfig, MemoryKind};
use crate::distances::Distances;
use crate::memory::Memory;
use crate::whitening::{cholesky, lower_inverse};

/// The side of the square that a file becomes, in pixels.
pub const PEERS_SIDE_PX: usize = 256;

/// Patches of the memory bank.
const BANK: usize = 8_000;

/// Channels, drawn at random, that Gaussians are of (PaDiM, section III-C).
const CHOSEN: usize = 100;

/// Added to every variance (PaDiM, section III-B).
const RIDGE: f64 = 0.01;

/// Both of normal images.
pub struct Peers {
    bank: Memory,
    by_place: ByPlace,
}

/// How far the patches of an image are from normal ones.
pub struct PeerDistances {
    /// To the nearest patch of the memory bank.
    pub bank: Distances,
    /// To the Gaussian of their place (Mahalanobis).
    pub by_place: Distances,
}

/// Takes normal images one by one.
pub struct PeersBuilder {
    bank: MemoryBuilder,
    sums: PlaceSums,
}

impl Default for PeersBuilder {
    /// Nothing taken yet.
    fn default() -> Self {
        let config = MemoryConfig {
            kind: MemoryKind::Patches,
            fewest_patches: BANK,
            most_patches: BANK,
            whiten: false,
            trim: 0.0,
            sift: false,
            // No image is measured by the others.
            kept_bytes: 0,
            folds: 0,
            ..MemoryConfig::default()
        };
        Self {
            bank: MemoryBuilder::new(FeatureNetwork::CHANNELS, config),
            sums: PlaceSums::new(FeatureNetwork::CHANNELS),
        }
    }
}

impl PeersBuilder {
    /// Takes the views of the next images.
    pub fn add(&mut self, views: &[&Picture]) {
        for features in embedded(views) {
            self.bank.add(&features, None);
            self.sums.add(&features);
        }
    }

    /// Both of all images; `None` without one.
    pub fn finish(self) -> Option<Peers> {
        Some(Peers {
            bank: self.bank.finish()?.memory,
            by_place: self.sums.finish(),
        })
    }
}

impl Peers {
    /// How far the patches of a view are from normal ones.
    pub fn distances(&self, view: &Picture) -> PeerDistances {
        let features = &embedded(&[view])[0];
        PeerDistances {
            bank: self.bank.distances(features),
            by_place: self.by_place.distances(features),
        }
    }
}

fn embedded(views: &[&Picture]) -> Vec<FeatureMap> {
    let square = |view: &&Picture| resize_picture(view, PEERS_SIDE_PX, PEERS_SIDE_PX);
    let squares: Vec<Picture> = views.par_iter().map(square).collect();
    FeatureNetwork::lite0().embed_all(&squares)
}

/// Sums over the patches of each place.
struct PlaceSums {
    /// The channels that are looked at.
    channels: Vec<usize>,
    images: usize,
    /// `[places][channels]`.
    values: Vec<f64>,
    /// Of products, `[places][channels][channels]`, up to the diagonal.
    products: Vec<f64>,
}

impl PlaceSums {
    fn new(channels: usize) -> Self {
        let mut channels: Vec<usize> = (0..channels).collect();
        channels.shuffle(&mut seeded::rng(0, "peers", 0));
        channels.truncate(CHOSEN);
        Self {
            channels,
            images: 0,
            values: Vec::new(),
            products: Vec::new(),
        }
    }

    fn add(&mut self, features: &FeatureMap) {
        let (chosen, size) = (&self.channels, self.channels.len());
        let places = features.height * features.width;
        self.images += 1;
        self.values.resize(places * size, 0.0);
        self.products.resize(places * size * size, 0.0);
        let patches = features.values.par_chunks_exact(features.channels);
        let values = self.values.par_chunks_exact_mut(size);
        let products = self.products.par_chunks_exact_mut(size * size);
        patches
            .zip(values)
            .zip(products)
            .for_each(|((patch, values), products)| {
                for (row, &channel) in chosen.iter().enumerate() {
                    let value = f64::from(patch[channel]);
                    values[row] += value;
                    let products = &mut products[row * size..=row * size + row];
                    for (sum, &other) in products.iter_mut().zip(chosen) {
                        *sum += value * f64::from(patch[other]);
                    }
                }
            });
    }

    fn finish(self) -> ByPlace {
        let size = self.channels.len();
        let images = self.images.max(1) as f64;
        let degrees = (images - 1.0).max(1.0);
        let means: Vec<f64> = self.values.iter().map(|sum| sum / images).collect();
        let factors = self
            .products
            .par_chunks_exact(size * size)
            .zip(means.par_chunks_exact(size))
            .flat_map_iter(|(products, mean)| {
                let mut covariance = vec![0.0; size * size];
                for row in 0..size {
                    for column in 0..=row {
                        let scatter =
                            products[row * size + column] - images * mean[row] * mean[column];
                        covariance[row * size + column] = scatter / degrees;
                        covariance[column * size + row] = scatter / degrees;
                    }
                    covariance[row * size + row] += RIDGE;
                }
                let inverse = lower_inverse(size, &cholesky(size, covariance));
                inverse.into_iter().map(|value| value as f32)
            })
            .collect();
        ByPlace {
            means: means.into_iter().map(|mean| mean as f32).collect(),
            channels: self.channels,
            factors,
        }
    }
}

/// A Gaussian for each place.
struct ByPlace {
    /// The channels that they are of.
    channels: Vec<usize>,
    /// `[places][channels]`.
    means: Vec<f32>,
    /// The inverse of the Cholesky factor of each covariance, `[places][channels][channels]`.
    factors: Vec<f32>,
}

impl ByPlace {
    fn distances(&self, features: &FeatureMap) -> Distances {
        let size = self.channels.len();
        let patches = features.values.par_chunks_exact(features.channels);
        let means = self.means.par_chunks_exact(size);
        let factors = self.factors.par_chunks_exact(size * size);
        let distance = |((patch, mean), factor): ((&[f32], &[f32]), &[f32])| {
            let chosen = self.channels.iter().zip(mean);
            let differences: Vec<f32> = chosen.map(|(&at, mean)| patch[at] - mean).collect();
            let square = |(row, factors): (usize, &[f32])| {
                let pairs = factors[..=row].iter().zip(&differences);
                pairs
                    .map(|(factor, value)| factor * value)
                    .sum::<f32>()
                    .powi(2)
            };
            let rows = factor.chunks_exact(size).enumerate();
            rows.map(square).sum::<f32>().sqrt()
        };
        Distances {
            height: features.height,
            width: features.width,
            values: patches.zip(means).zip(factors).map(distance).collect(),
            nearest: Vec::new(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_by_place_is_that_of_mahalanobis() {
        let image = |values: [f32; 4]| FeatureMap {
            channels: 2,
            height: 1,
            width: 2,
            values: values.to_vec(),
        };
        let mut sums = PlaceSums::new(2);
        for values in [
            [0.0, 1.0, 5.0, 5.0],
            [2.0, 1.0, 5.0, 5.0],
            [1.0, 4.0, 5.0, 5.0],
        ] {
            sums.add(&image(values));
        }
        // The first place has variances 1 and 3, which are independent; the second none.
        let found = sums.finish().distances(&image([3.0, 2.0, 5.0, 6.0])).values;
        assert!(
            (found[0] - (4.0f32 / 1.01).sqrt()).abs() < 1e-4,
            "{found:?}"
        );
        assert!((found[1] - 10.0).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn what_is_normal_elsewhere_is_farther_by_place() {
        let view = |image: usize, is_swapped: bool| {
            Picture::from_fn(1, 256, 320, |_, y, x| {
                let x = if is_swapped { (x + 160) % 320 } else { x };
                let wave = match x < 160 {
                    true => (0.3 * y as f32).sin() * (0.3 * x as f32).cos(),
                    false => (0.9 * y as f32).sin(),
                };
                let noise = ((y * 37 + x * 101 + image * 57) as f32).sin();
                0.5 + 0.3 * wave + 0.03 * noise
            })
        };
        let views: Vec<Picture> = (0..6).map(|image| view(image, false)).collect();
        let mut builder = PeersBuilder::default();
        builder.add(&views.iter().collect::<Vec<_>>());
        let peers = builder.finish().unwrap();
        // Where both halves meet there is something new for either.
        let median = |of: &Distances| {
            let mut values = of.values.clone();
            values.sort_by(f32::total_cmp);
            values[values.len() / 2]
        };
        let [usual, swapped] = [view(7, false), view(8, true)].map(|view| peers.distances(&view));
        assert_eq!(usual.bank.values.len(), 32 * 32);
        let bank = median(&swapped.bank) / median(&usual.bank);
        let by_place = median(&swapped.by_place) / median(&usual.by_place);
        assert!(by_place > 3.0 * bank, "{bank} {by_place}");
        assert!(PeersBuilder::default().finish().is_none());
    }
}
