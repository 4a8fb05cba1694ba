//! The parts of what `kizumi bench` measures as a whole: `cargo bench --profile release --bench compute [NAME]`.
//!
//! The paper's network on pictures of 3 x 128 x 128. See docs/performance.md for how to measure.

use burn::tensor::Device;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use kizumi_compute::network::Vae;
use kizumi_dataset::augment::View;
use kizumi_image::compact::{CompactPicture, Samples};
use kizumi_image::picture::Picture;
use kizumi_kernel::adam::{Adam, Moments};
use kizumi_kernel::architecture::layer_specs;
use kizumi_kernel::features::FeatureNetwork;
use kizumi_kernel::isa::Isa;
use kizumi_kernel::layer::Layer;
use kizumi_kernel::map::{Map, Op};
use kizumi_kernel::network::Network;
use kizumi_kernel::training::{Examples, Scratch, gradients};
use kizumi_method::config::{AugmentConfig, Mode, NetworkConfig, Objective};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn main() {
    divan::main();
}

fn network() -> Network<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let network = Vae::random(&NetworkConfig::default(), &mut rng, &Device::flex());
    network
        .pack(Isa::current())
        .expect("the processor delivers")
}

fn noise(count: usize) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    (0..count).map(|_| rng.random()).collect()
}

fn layer_names() -> Vec<String> {
    let specs = layer_specs(&NetworkConfig::default()).into_iter();
    specs.map(|spec| spec.name).collect()
}

/// Every layer, on one thread; the throughput is in multiplications of the direct way.
mod layer {
    use super::*;

    #[divan::bench(args = layer_names())]
    fn forward(bencher: Bencher<'_, '_>, name: &str) {
        apply(bencher, name, |layer| &layer.forward);
    }

    #[divan::bench(args = layer_names())]
    fn backward(bencher: Bencher<'_, '_>, name: &str) {
        apply(bencher, name, |layer| &layer.backward);
    }

    fn apply(bencher: Bencher<'_, '_>, name: &str, map: fn(&Layer<f32>) -> &Map<f32>) {
        let network = network();
        let layer = network.in_order().find(|layer| layer.spec.name == name);
        let layer = layer.expect("a layer of that name");
        let map = map(layer);
        let source = vec![0.5f32; map.source.count()];
        let mut destination = vec![0.0f32; map.destination.count()];
        bencher
            .counter(ItemsCount::new(multiplications(
                layer.spec.weight_shape(),
                map,
            )))
            .bench_local(|| map.apply(network.isa, black_box(&source), &mut destination));
    }
}

/// What the direct way multiplies; Winograd's does with less.
fn multiplications(weight: [usize; 4], map: &Map<f32>) -> usize {
    let side = match map.op {
        Op::Same | Op::Down => map.destination.side(),
        Op::Up | Op::Picture => map.source.side(),
        Op::Collapse | Op::Expand => 1,
    };
    weight.iter().product::<usize>() * side * side
}

/// A training step of 16 images in its two parts, by the image.
mod training {
    use super::*;

    const IMAGES: usize = 16;

    #[divan::bench(name = "gradients")]
    fn of_loss(bencher: Bencher<'_, '_>) {
        let network = network();
        let pixels = noise(IMAGES * network.picture_len());
        let latent = noise(IMAGES * network.config.latent);
        let examples = Examples {
            inputs: &pixels,
            targets: &pixels,
            noise: &latent,
        };
        let objective = Objective::Vae { beta: 1.0 };
        let mut scratch = Scratch::new(&network, IMAGES);
        bencher
            .counter(ItemsCount::new(IMAGES))
            .bench_local(|| gradients(&network, &mut scratch, black_box(examples), objective));
    }

    #[divan::bench]
    fn adam(bencher: Bencher<'_, '_>) {
        let mut network = network();
        let mut scratch = Scratch::new(&network, IMAGES);
        let mut moments = Moments::zero(&network);
        let adam = Adam::at(1, 2e-4, 0.5, 0.999, 1e-5, 1e-8);
        bencher
            .counter(ItemsCount::new(IMAGES))
            .bench_local(|| adam.step(&mut network, &mut moments, &mut scratch));
    }
}

/// The frozen network, on all threads.
mod features {
    use super::*;

    const SIDES_PX: [usize; 2] = [256, 512];

    fn picture(side: usize) -> Picture {
        Picture::new(3, side, side, noise(3 * side * side))
    }

    #[divan::bench(args = SIDES_PX)]
    fn forward(bencher: Bencher<'_, '_>, side: usize) {
        let (network, picture) = (FeatureNetwork::lite0(), picture(side));
        bencher.bench_local(|| network.embed(black_box(&picture)));
    }

    /// Forward and back.
    #[divan::bench(args = SIDES_PX)]
    fn gradient(bencher: Bencher<'_, '_>, side: usize) {
        let (network, picture) = (FeatureNetwork::lite0(), picture(side));
        bencher.bench_local(|| {
            let trace = network.trace(black_box(&picture));
            trace.back(trace.features())
        });
    }
}

/// One augmented training image.
#[divan::bench]
fn augmentation(bencher: Bencher<'_, '_>) {
    let side = 128;
    let samples = noise(3 * side * side);
    let samples = samples.iter().map(|v| (v * 255.0) as u8).collect();
    let picture = CompactPicture {
        channels: 3,
        height: side,
        width: side,
        samples: Samples::U8(samples),
    };
    let mut out = vec![0.0; 3 * side * side];
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let config = AugmentConfig::default();
    bencher.bench_local(|| {
        let view = View::draw(&picture, side, Mode::Object, &config, &mut rng);
        view.sample(&picture, &mut out);
    });
}
