//! The frozen network on tensors against the processor's own kernels.

use burn::tensor::{Device, Tensor};
use kizumi_compute::feature_tensors::FeatureTensors;
use kizumi_compute::tensors::host_values;
use kizumi_image::picture::Picture;
use kizumi_kernel::features::{FeatureMap, FeatureNetwork};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The Euclidean distance, relative to the second one's length: where a value comes close to an end of ReLU6, rounding
/// decides on single values of a gradient.
fn distance(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let length = |values: &mut dyn Iterator<Item = f32>| -> f64 {
        values
            .map(|value| f64::from(value).powi(2))
            .sum::<f64>()
            .sqrt()
    };
    let between = length(&mut a.iter().zip(b).map(|(a, b)| a - b));
    between / length(&mut b.iter().copied())
}

/// Features of a picture, and the gradient of their sum weighted by `weights`.
fn on_tensors(device: &Device, picture: &Picture, weights: &FeatureMap) -> [Vec<f32>; 2] {
    let network = FeatureTensors::new(&device.clone().autodiff());
    let Picture {
        channels,
        height,
        width,
        ..
    } = *picture;
    let pixels = Tensor::<1>::from_floats(picture.pixels.as_slice(), device);
    let pixels = pixels.reshape([1, channels, height, width]);
    let tracked = Tensor::from_inner(pixels).require_grad();
    let features = network.embed(tracked.clone()).permute([0, 2, 3, 1]);
    let shape = [1, weights.height, weights.width, weights.channels];
    assert_eq!(features.dims(), shape);
    let weights = Tensor::<1>::from_floats(weights.values.as_slice(), device).reshape(shape);
    let sum = (features.clone() * Tensor::from_inner(weights)).sum();
    let gradient = tracked.grad(&sum.backward()).expect("a gradient");
    [features.inner(), gradient].map(|tensor| host_values(tensor).expect("reads back"))
}

#[test]
fn the_frozen_network_on_tensors_agrees_with_the_kernels() {
    let device = Device::flex();
    let network = FeatureNetwork::lite0();
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    for [channels, height, width] in [[3, 48, 64], [1, 96, 32]] {
        let picture = Picture::from_fn(channels, height, width, |channel, y, x| {
            let wave = (0.2 * x as f32 + 0.1 * y as f32 + channel as f32).sin();
            0.5 + 0.3 * wave + rng.random_range(-0.1..0.1)
        });
        let trace = network.trace(&picture);
        let mut weights = trace.features().clone();
        weights.values.fill_with(|| rng.random_range(-1.0..1.0));
        let [features, gradient] = on_tensors(&device, &picture, &weights);
        let error = distance(&features, &trace.features().values);
        assert!(error < 1e-5, "{channels} x {height} x {width}: {error}");
        let error = distance(&gradient, &trace.back(&weights).pixels);
        assert!(
            error < 1e-3,
            "{channels} x {height} x {width}: gradient {error}"
        );
    }
}
