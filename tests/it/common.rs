//! What several tests start from.

use burn::tensor::Device;
use kizumi_compute::network::Vae;
use kizumi_compute::projector::Projection;
use kizumi_compute::tensors::host_values;
use kizumi_image::picture::Picture;
use kizumi_method::config::NetworkConfig;
use kizumi_method::iterate::Iterate;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub const SIZE_PX: usize = 64;

/// The smallest network there is.
pub fn tiny(channels: usize) -> NetworkConfig {
    NetworkConfig {
        channels,
        size_px: SIZE_PX,
        latent: 4,
        width: 4,
        skips: 0,
    }
}

pub fn network(channels: usize, device: &Device) -> Vae {
    Vae::random(&tiny(channels), &mut ChaCha8Rng::seed_from_u64(3), device)
}

/// Pictures of smooth stripes with noise, different for each seed.
pub fn pictures(channels: usize, count: u64) -> Vec<Picture> {
    (0..count)
        .map(|seed| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let phase: f32 = rng.random_range(0.0..6.0);
            Picture::from_fn(channels, SIZE_PX, SIZE_PX, |c, y, x| {
                let wave = (x as f32 * 0.2 + y as f32 * 0.1 + c as f32 + phase).sin();
                (0.5 + 0.3 * wave + rng.random_range(-0.05..0.05)).clamp(0.0, 1.0)
            })
        })
        .collect()
}

/// Every iterate of every image up to the limit of iterations, x_0 first.
pub fn trajectory_of(mut projection: Projection) -> Vec<Vec<Iterate>> {
    let mut all = vec![projection.observe().expect("observes").iterates];
    while !projection.is_capped() {
        projection.step();
        all.push(projection.observe().expect("observes").iterates);
    }
    all
}

/// Every parameter's bits, to see whether something changed them.
pub fn weight_bits(network: &Vae) -> Vec<u32> {
    let mut bits = Vec::new();
    for layer in network.layers() {
        let values = host_values(layer.weight.clone()).expect("weights can be read");
        bits.extend(values.iter().map(|value| value.to_bits()));
        let values = host_values(layer.bias.clone()).expect("biases can be read");
        bits.extend(values.iter().map(|value| value.to_bits()));
    }
    bits
}
