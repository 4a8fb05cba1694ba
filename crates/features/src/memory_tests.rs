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

fn free(count: usize) -> Memory {
    Memory::new(CHANNELS, random(count * CHANNELS, 0), None, 0.5)
}

/// A memory of `each` patches a place.
fn by_place(grid: (usize, usize), radius: usize, each: u32) -> Memory {
    let places = Places::new(grid.0, grid.1, radius, &vec![each; grid.0 * grid.1]);
    let values = random(places.count() * CHANNELS, 1);
    Memory::new(CHANNELS, values, Some(places), 0.5)
}

fn naive(memory: &Memory, patch: &[f32], among: impl Fn(usize) -> bool) -> f64 {
    let square = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
    (0..memory.count())
        .filter(|&i| among(i))
        .map(|i| {
            let pairs = patch.iter().zip(memory.patch(i as u32));
            pairs.map(square).sum::<f64>().sqrt() / f64::from(memory.unit())
        })
        .fold(f64::INFINITY, f64::min)
}

#[test]
fn distances_are_those_of_the_definition() {
    let memory = free(301);
    let image = features(9, 13, 2);
    let distances = memory.distances(&image);
    assert_eq!((distances.height, distances.width), (9, 13));
    for (i, patch) in image.values.chunks_exact(CHANNELS).enumerate() {
        let expected = naive(&memory, patch, |_| true);
        let ours = f64::from(distances.values[i]);
        assert!(
            (ours - expected).abs() < 1e-5,
            "patch {i}: {ours} {expected}"
        );
    }
}

#[test]
fn by_place_only_what_lies_near_is_looked_at() {
    let (grid, radius, each) = ((6, 5), 1, 3);
    let memory = by_place(grid, radius, each);
    let image = features(grid.0, grid.1, 2);
    let distances = memory.distances(&image);
    for (i, patch) in image.values.chunks_exact(CHANNELS).enumerate() {
        let (row, column) = (i / grid.1, i % grid.1);
        let near = |m: usize| {
            let place = m / each as usize;
            row.abs_diff(place / grid.1) <= radius && column.abs_diff(place % grid.1) <= radius
        };
        let expected = naive(&memory, patch, near);
        let ours = f64::from(distances.values[i]);
        assert!(
            (ours - expected).abs() < 1e-5,
            "patch {i}: {ours} {expected}"
        );
        assert!(near(distances.nearest[i] as usize));
    }
}

#[test]
fn what_is_remembered_is_no_distance_away() {
    let memory = free(64);
    let image = FeatureMap {
        channels: CHANNELS,
        height: 8,
        width: 8,
        values: memory.values().to_vec(),
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
    let memory = free(40);
    let image = features(3, 4, 5);
    let at = memory.distances(&image);
    let (energy, gradient) = memory.energy_gradient(&image, &at);
    let squares = at.values.iter().map(|value| value * value);
    assert!((energy - squares.sum::<f32>()).abs() < 1e-4 * energy);
    // The energy is a sum of squares, so central differences of any size are exact but for rounding.
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
            (slope - ours).abs() < 1e-3 * (1.0 + ours.abs()),
            "{i}: {ours} {slope}"
        );
    }
}

#[test]
fn whatever_changes_distances_changes_the_fingerprint() {
    let memory = by_place((2, 3), 1, 2);
    let same = by_place((2, 3), 1, 2);
    assert_eq!(memory.fingerprint(), same.fingerprint());
    let others = [
        memory.with_unit(0.25),
        by_place((3, 2), 1, 2),
        by_place((2, 3), 2, 2),
        free(12),
    ];
    for other in others {
        assert_ne!(memory.fingerprint(), other.fingerprint());
    }
}

#[test]
fn features_that_are_not_numbers_are_infinitely_far_or_unknown_and_no_panic() {
    let memory = free(5);
    let mut image = features(1, 2, 9);
    image.values[0] = f32::NAN;
    let distances = memory.distances(&image);
    assert!(distances.values[0].is_nan());
    assert!(distances.values[1].is_finite());
}
