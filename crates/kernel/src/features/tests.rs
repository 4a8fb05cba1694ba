use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use safetensors::SafeTensors;

use super::*;

/// See `tests/golden/make_features.py`.
const GOLDEN: &[u8] = include_bytes!("../../../../tests/golden/features.safetensors");
const SHAPE: [usize; 3] = [3, 48, 64];

fn golden(name: &str) -> Vec<f64> {
    let file = SafeTensors::deserialize(GOLDEN).expect("a safetensors file");
    let tensor = file.tensor(name).expect("is there");
    let (values, _) = tensor.data().as_chunks();
    values
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes).into())
        .collect()
}

fn picture<T: Real>() -> Vec<T> {
    let file = SafeTensors::deserialize(GOLDEN).expect("a safetensors file");
    let bytes = file.tensor("picture").expect("is there").data();
    bytes
        .iter()
        .map(|byte| T::from_f64(f64::from(*byte) / 256.0))
        .collect()
}

/// The largest difference, relative to the largest value.
fn difference<T: Real>(a: &[T], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let scale = b.iter().fold(0.0, |most: f64, value| value.abs().max(most));
    let differences = a.iter().zip(b).map(|(a, b)| (a.to_f64() - b).abs());
    // NaN is a difference: `max` would pass over it.
    differences.fold(0.0, |most: f64, one| if one <= most { most } else { one }) / scale
}

fn agrees_with_pytorch<T: Real>(isa: Isa, tolerance: f64) {
    let network = Arc::new(FeatureNetwork::<T>::with_isa(isa));
    let features = network.embed_planes(&picture::<T>(), SHAPE);
    assert_eq!((features.height, features.width), (6, 8));
    assert!(difference(&features.values, &golden("original")) < 1e-3);
    assert!(difference(&features.values, &golden("stored")) < tolerance);
    let trace = network.trace_planes(&picture::<T>(), SHAPE);
    assert_eq!(trace.features(), &features);
    // Of half the sum of squares.
    let gradient = trace.back_planes(trace.features());
    assert!(difference(&gradient, &golden("gradient")) < tolerance);
}

#[test]
fn every_instruction_set_has_the_features_and_gradient_of_pytorch() {
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        agrees_with_pytorch::<f32>(isa, 1e-4);
    }
    agrees_with_pytorch::<f64>(Isa::Portable, 1e-6);
}

#[test]
fn the_gradient_is_that_of_central_differences() {
    let network = Arc::new(FeatureNetwork::<f64>::with_isa(Isa::Portable));
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for shape in [[3, 48, 32], [1, 32, 64]] {
        let mut picture: Vec<f64> = (0..shape.iter().product()).map(|_| rng.random()).collect();
        let trace = network.trace_planes(&picture, shape);
        let mut weights = trace.features().clone();
        weights.values.fill_with(|| rng.random_range(-1.0..1.0));
        let gradient = trace.back_planes(&weights);
        let scale = gradient
            .iter()
            .fold(0.0, |most: f64, one| one.abs().max(most));
        let value = |picture: &[f64]| -> f64 {
            let features = network.embed_planes(picture, shape);
            features
                .values
                .iter()
                .zip(&weights.values)
                .map(|(a, b)| a * b)
                .sum()
        };
        for _ in 0..12 {
            let (i, h) = (rng.random_range(0..picture.len()), 1e-7);
            let before = picture[i];
            picture[i] = before + h;
            let up = value(&picture);
            picture[i] = before - h;
            let down = value(&picture);
            picture[i] = before;
            let error = (gradient[i] - (up - down) / (2.0 * h)).abs() / scale;
            assert!(error < 1e-6, "{shape:?}, pixel {i}: {error}");
        }
    }
}

#[test]
fn grey_is_taken_for_all_three_channels() {
    let network = FeatureNetwork::lite0();
    let grey = Picture::from_fn(1, 32, 48, |_, y, x| (y * 7 + x * 3) as f32 % 50.0 / 50.0);
    let (one, three) = (
        network.trace(&grey),
        network.trace(&grey.clone().with_channels(3)),
    );
    assert_eq!(one.features(), three.features());
    let (one, three) = (one.back(one.features()), three.back(three.features()));
    assert_eq!((one.channels, one.height, one.width), (1, 32, 48));
    for i in 0..one.pixels.len() {
        let sum = three.plane(0)[i] + three.plane(1)[i] + three.plane(2)[i];
        assert!((one.pixels[i] - sum).abs() <= 1e-3 * sum.abs().max(1.0));
    }
}

#[test]
fn several_pictures_have_the_features_of_each() {
    let network = FeatureNetwork::lite0();
    let picture =
        |seed: usize| Picture::from_fn(3, 32, 32, |c, y, x| ((y * seed + x + c) % 9) as f32 / 9.0);
    let pictures: Vec<Picture> = (1..6).map(picture).collect();
    let all = network.embed_all(&pictures);
    for (picture, features) in pictures.iter().zip(&all) {
        assert_eq!(&network.embed(picture), features);
    }
}

/// Bands and pieces depend on the threads; sums do not. Sizes change so that buffers are used again.
#[test]
fn threads_and_earlier_pictures_change_no_digit() {
    let network = FeatureNetwork::lite0();
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let pictures = [(32, 32), (208, 64), (64, 208), (48, 32)]
        .map(|(height, width)| Picture::from_fn(3, height, width, |_, _, _| rng.random()));
    let all = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("threads can be had").install(|| {
            let traces = pictures.each_ref().map(|picture| network.trace(picture));
            traces.map(|trace| (trace.features().clone(), trace.back(trace.features())))
        })
    };
    let alone = all(1);
    assert!(alone.iter().all(|(_, gradient)| gradient.is_finite()));
    for threads in [2, 5, 13] {
        assert!(all(threads) == alone, "{threads} threads");
    }
    assert!(all(1) == alone);
}

#[test]
#[should_panic(expected = "multiples of 16")]
fn a_side_that_is_no_multiple_of_sixteen_is_refused() {
    FeatureNetwork::lite0().embed(&Picture::filled(3, 40, 48, 0.5));
}
