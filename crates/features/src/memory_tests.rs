//! Held against the definitions, in double precision.

use rand::RngExt;

use kizumi_image::seeded;
use kizumi_kernel::features::FeatureMap;

use super::*;

const CHANNELS: usize = 7;

fn random(count: usize, counter: u64) -> Vec<f32> {
    let mut rng = seeded::rng(3, "memory tests", counter);
    (0..count).map(|_| rng.random_range(-1.0..1.0)).collect()
}

fn features(height: usize, width: usize, counter: u64) -> FeatureMap {
    FeatureMap {
        channels: CHANNELS,
        height,
        width,
        values: random(height * width * CHANNELS, counter),
    }
}

fn parts(count: usize, whitening: Option<Whitening>) -> Parts {
    Parts {
        channels: CHANNELS,
        normal: Normal::patches(CHANNELS, random(count * CHANNELS, 0)),
        whitening,
    }
}

fn plain(count: usize) -> Memory {
    Memory::new(parts(count, None), 0.5)
}

fn whitening() -> Whitening {
    Whitening::of(CHANNELS, &random(200 * CHANNELS, 8))
}

fn whitened(count: usize) -> Memory {
    Memory::new(parts(count, Some(whitening())), 0.5)
}

fn known(memory: &Memory) -> &[f32] {
    match &memory.parts().normal {
        Normal::Patches(values, _) => values,
        Normal::Gaussians(_) => &[],
    }
}

fn of_gaussians() -> Memory {
    let gaussians = crate::mixture::learn(CHANNELS, &random(300 * CHANNELS, 6), 300);
    let parts = Parts {
        normal: Normal::Gaussians(gaussians),
        ..parts(1, Some(whitening()))
    };
    Memory::new(parts, 0.5)
}

fn naive(memory: &Memory, patch: &[f32]) -> f64 {
    let square = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
    (0..memory.count())
        .map(|i| {
            let pairs = patch.iter().zip(&known(memory)[i * CHANNELS..]);
            pairs.map(square).sum::<f64>().sqrt() / f64::from(memory.unit())
        })
        .fold(f64::INFINITY, f64::min)
}

#[test]
fn distances_are_those_of_the_definition() {
    let (memory, image) = (plain(301), features(9, 13, 2));
    let distances = memory.distances(&image);
    assert_eq!((distances.height, distances.width), (9, 13));
    for (i, patch) in image.values.chunks_exact(CHANNELS).enumerate() {
        let expected = naive(&memory, patch);
        let ours = f64::from(distances.values[i]);
        assert!(
            (ours - expected).abs() < 1e-5,
            "patch {i}: {ours} {expected}"
        );
    }
}

#[test]
fn whitened_distances_are_those_between_whitened_features() {
    let image = features(5, 4, 2);
    let white = whitening().apply(&image);
    assert_eq!(whitened(60).distances(&image), plain(60).distances(&white));
}

#[test]
fn several_memories_measure_as_each_does_alone() {
    let image = features(5, 4, 2);
    let other = Whitening::of(CHANNELS, &random(150 * CHANNELS, 9));
    let otherwise = Memory::new(parts(30, Some(other)), 0.5);
    let memories = [whitened(60), of_gaussians(), plain(20), otherwise];
    let each = Memory::distances_of_each(memories.each_ref(), &image);
    let alone = memories.map(|memory| memory.distances(&image));
    assert_eq!(each, alone);
}

#[test]
fn what_is_remembered_is_no_distance_away() {
    let memory = plain(64);
    let image = FeatureMap {
        values: known(&memory).to_vec(),
        ..features(8, 8, 0)
    };
    let distances = memory.distances(&image);
    assert_eq!(distances.values, [0.0; 64]);
    assert_eq!(distances.nearest, (0..64).collect::<Vec<u32>>());
    let (energy, gradient) = memory.energy_gradient(&image, &distances);
    assert_eq!(energy, 0.0);
    assert!(gradient.values.iter().all(|value| *value == 0.0));
}

#[test]
fn the_energys_gradient_is_that_of_central_differences() {
    for memory in [plain(40), whitened(40), of_gaussians()] {
        let image = features(3, 4, 5);
        let at = memory.distances(&image);
        let (energy, gradient) = memory.energy_gradient(&image, &at);
        let squares = at.values.iter().map(|value| value * value);
        assert!((energy - squares.sum::<f32>()).abs() < 1e-4 * energy);
        // A sum of squares: central differences of any size are exact but for rounding.
        const STEP: f32 = 0.125;
        for i in 0..image.values.len() {
            let energy = |step: f32| {
                let mut moved = image.clone();
                moved.values[i] += step;
                memory.energy_gradient(&moved, &at).0
            };
            let slope = (energy(STEP) - energy(-STEP)) / (2.0 * STEP);
            let ours = gradient.values[i];
            assert!(
                (slope - ours).abs() < 2e-3 * (1.0 + ours.abs()),
                "{i}: {ours} {slope}"
            );
        }
    }
}

#[test]
fn whatever_changes_distances_changes_the_fingerprint() {
    let memory = plain(12);
    assert_eq!(memory.fingerprint(), plain(12).fingerprint());
    let others = [
        memory.with_unit(0.25),
        plain(11),
        whitened(12),
        of_gaussians(),
    ];
    for other in others {
        assert_ne!(memory.fingerprint(), other.fingerprint());
    }
}

#[test]
fn features_that_are_not_numbers_have_no_distance() {
    let memory = plain(5);
    let mut image = features(1, 2, 9);
    image.values[0] = f32::NAN;
    let distances = memory.distances(&image);
    assert!(distances.values[0].is_nan());
    assert!(distances.values[1].is_finite());
}
