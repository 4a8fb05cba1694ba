//! How far the features of what the network sees are from those of normal images.

use std::sync::Arc;

use super::memories::{Memories, energy_view};
use super::projector::{FeatureDistance, FeaturesAt};
use kizumi_features::Memory;
use kizumi_image::picture::Picture;
use kizumi_kernel::features::FeatureNetwork;

/// The distance to a memory of pictures as the network sees them.
#[derive(Debug)]
pub struct MemoryDistance {
    network: Arc<FeatureNetwork>,
    memory: Memory,
}

/// The distance to what a model remembers, for its network: see
/// [`Vae::with_features`](super::network::Vae::with_features).
pub fn feature_distance(memories: Option<&Memories>) -> Option<Arc<dyn FeatureDistance>> {
    let memory = memories?.energy.clone();
    Some(Arc::new(MemoryDistance::new(memory)))
}

impl MemoryDistance {
    /// To [`Memories::energy`].
    pub fn new(memory: Memory) -> Self {
        Self {
            network: FeatureNetwork::lite0(),
            memory,
        }
    }
}

impl FeatureDistance for MemoryDistance {
    fn at(&self, x: &Picture, counted: Option<&Picture>) -> FeaturesAt {
        let view = energy_view(x);
        let trace = self.network.trace(&view.apply(x));
        let mut distances = self.memory.distances(trace.features());
        let (mut distance, mut gradient) =
            self.memory.energy_gradient(trace.features(), &distances);
        if let Some(counted) = counted {
            let shares = shares(counted, gradient.height, gradient.width);
            let patches = gradient.values.chunks_exact_mut(gradient.channels);
            distance = 0.0;
            for ((patch, value), share) in patches.zip(&mut distances.values).zip(shares) {
                patch.iter_mut().for_each(|slope| *slope *= share);
                distance += share * *value * *value;
                *value *= share.sqrt();
            }
        }
        FeaturesAt {
            distance,
            gradient: view.transpose(&trace.back(&gradient)),
            patches: Picture::new(1, distances.height, distances.width, distances.values),
        }
    }
}

/// The share of each patch's pixels that count, row after row.
fn shares(counted: &Picture, rows: usize, columns: usize) -> Vec<f32> {
    let cell = |at: usize, cells: usize, px: usize| {
        let start = at * px / cells;
        start..((at + 1) * px / cells).max(start + 1)
    };
    let share = |i: usize| {
        let down = cell(i / columns, rows, counted.height);
        let across = cell(i % columns, columns, counted.width);
        let pixels = (down.len() * across.len()) as f32;
        let sum: f32 = down
            .flat_map(|y| across.clone().map(move |x| (y, x)))
            .map(|(y, x)| counted.at(0, y, x))
            .sum();
        sum / pixels
    };
    (0..rows * columns).map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_features::{MemoryBuilder, MemoryConfig};

    const SIZE_PX: usize = 64;

    fn picture(channels: usize, phase: f32) -> Picture {
        Picture::from_fn(channels, SIZE_PX, SIZE_PX, |c, y, x| {
            let wave = (0.3 * x as f32 + 0.11 * y as f32 + c as f32 + phase).sin();
            0.5 + 0.4 * wave * (0.07 * y as f32).cos()
        })
    }

    /// To pictures of another phase each.
    fn distance(channels: usize) -> MemoryDistance {
        let mut builder = MemoryBuilder::new(FeatureNetwork::CHANNELS, MemoryConfig::default());
        for image in 0..3 {
            let picture = picture(channels, 0.1 * image as f32);
            let view = energy_view(&picture).apply(&picture);
            builder.add(&FeatureNetwork::lite0().embed(&view), None);
        }
        let built = builder.finish().expect("there are patches");
        MemoryDistance::new(built.memory)
    }

    /// Something brighter in the middle.
    fn spoilt(channels: usize) -> Picture {
        let mut spoilt = picture(channels, 0.05);
        let plane = SIZE_PX * SIZE_PX;
        for (i, value) in spoilt.pixels.iter_mut().enumerate() {
            let (y, x) = (i % plane / SIZE_PX, i % SIZE_PX);
            if (24..40).contains(&y) && (20..44).contains(&x) {
                *value = 0.5 * *value + 0.45;
            }
        }
        spoilt
    }

    #[test]
    fn what_is_remembered_is_near_and_a_defect_is_far_where_it_is() {
        let distance = distance(3);
        let known = distance.at(&picture(3, 0.1), None);
        let far = distance.at(&spoilt(3), None);
        let map = far.map(SIZE_PX, SIZE_PX);
        assert!(map.at(0, 32, 32) > 3.0 * map.at(0, 4, 4));
        assert!(far.distance > 10.0 * known.distance);
    }

    #[test]
    fn the_gradient_is_that_of_the_distance() {
        for channels in [1, 3] {
            let (distance, x) = (distance(channels), spoilt(channels));
            let at = distance.at(&x, None);
            let direction = picture(channels, 2.0);
            let moved = |by: f32| {
                let mut moved = x.clone();
                for (value, slope) in moved.pixels.iter_mut().zip(&direction.pixels) {
                    *value += by * slope;
                }
                f64::from(distance.at(&moved, None).distance)
            };
            let pairs = at.gradient.pixels.iter().zip(&direction.pixels);
            let expected: f64 = pairs.map(|(a, b)| f64::from(a * b)).sum();
            // Single precision against kinks and other nearest patches.
            let error = [1e-3f32, 3e-4, 1e-4]
                .map(|h| (moved(h) - moved(-h)) / f64::from(2.0 * h))
                .map(|difference| (difference - expected).abs() / expected.abs())
                .into_iter()
                .fold(f64::INFINITY, f64::min);
            assert!(error < 0.02, "off by {error} of {expected}");
        }
    }

    #[test]
    fn patches_that_do_not_count_are_not_far() {
        let (distance, x) = (distance(1), spoilt(1));
        let counted = Picture::from_fn(1, SIZE_PX, SIZE_PX, |_, y, _| f32::from(u8::from(y >= 32)));
        let (all, some) = (distance.at(&x, None), distance.at(&x, Some(&counted)));
        let half = all.patches.pixels.len() / 2;
        assert!(
            some.patches.pixels[..half]
                .iter()
                .all(|value| *value == 0.0)
        );
        assert_eq!(some.patches.pixels[half..], all.patches.pixels[half..]);
        let squares = some.patches.pixels.iter().map(|value| value * value);
        let sum: f32 = squares.sum();
        assert!((some.distance - sum).abs() < 1e-4 * sum);
        assert_ne!(some.gradient, all.gradient);
        let everything = Picture::filled(1, SIZE_PX, SIZE_PX, 1.0);
        let same = distance.at(&x, Some(&everything));
        assert_eq!(same.gradient, all.gradient);
    }
}
