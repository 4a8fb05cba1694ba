//! What `kizumi bench` measures as a whole, in its parts: `cargo bench --profile release --bench compute [NAME]`.
//!
//! The paper's network on pictures of 3 x 128 x 128. See docs/performance.md for how to measure.

use std::hint::black_box;

use burn::tensor::Device;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use kizumi::compute::cpu::adam::{Adam, Moments};
use kizumi::compute::cpu::energy::{Fixed, From, Job, Point, evaluate};
use kizumi::compute::cpu::isa::Isa;
use kizumi::compute::cpu::map::{Map, Op};
use kizumi::compute::cpu::network::Network;
use kizumi::compute::cpu::pass::Workspace;
use kizumi::compute::cpu::reconstruct::reconstruct;
use kizumi::compute::cpu::training::{Examples, Scratch, gradients};
use kizumi::compute::energy::Terms;
use kizumi::compute::network::Vae;
use kizumi::data::augment::View;
use kizumi::data::compact::{CompactPicture, Samples};
use kizumi::data::config::{AugmentConfig, Distance, Mode, NetworkConfig, Objective, Regulariser};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const BATCHES: [usize; 2] = [1, 16];

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

/// Every layer, forward and back, on one thread.
fn layers(criterion: &mut Criterion) {
    let network = network();
    let mut group = criterion.benchmark_group("layer");
    for layer in network.in_order() {
        let name = &layer.spec.name;
        for (direction, map) in [("forward", &layer.forward), ("backward", &layer.backward)] {
            group.throughput(Throughput::Elements(multiplications(
                layer.spec.weight_shape(),
                map,
            )));
            let source = vec![0.5f32; map.source.count()];
            let mut destination = vec![0.0f32; map.destination.count()];
            group.bench_function(BenchmarkId::new(direction, name), |bencher| {
                bencher.iter(|| map.apply(network.isa, black_box(&source), &mut destination));
            });
        }
    }
}

/// What the direct way multiplies; Winograd's does with less.
fn multiplications(weight: [usize; 4], map: &Map<f32>) -> u64 {
    let side = match map.op {
        Op::Same | Op::Down => map.destination.side(),
        Op::Up | Op::Picture => map.source.side(),
        Op::Collapse | Op::Expand => 1,
    };
    (weight.iter().product::<usize>() * side * side) as u64
}

/// f(x), by the image.
fn forward(criterion: &mut Criterion) {
    let network = network();
    let mut group = criterion.benchmark_group("forward");
    for batch in BATCHES {
        let pixels = noise(batch * network.picture_len());
        group.throughput(Throughput::Elements(batch as u64));
        group.bench_function(BenchmarkId::from_parameter(batch), |bencher| {
            bencher.iter(|| reconstruct(&network, black_box(&pixels)));
        });
    }
}

/// One iteration of the projection, by the image.
fn projection(criterion: &mut Criterion) {
    let network = network();
    let mut group = criterion.benchmark_group("projection");
    for batch in BATCHES {
        let fixed: Vec<Fixed<f32>> = (0..batch)
            .map(|_| Fixed {
                original: noise(network.picture_len()),
                counted: None,
                moving: None,
                lambda: 0.05,
            })
            .collect();
        let mut here: Vec<Point<f32>> = fixed
            .iter()
            .map(|fixed| Point::at(fixed.original.clone()))
            .collect();
        let mut next = here.clone();
        let mut workspace = Workspace::new(&network, batch.min(8));
        group.throughput(Throughput::Elements(batch as u64));
        group.bench_function(BenchmarkId::from_parameter(batch), |bencher| {
            bencher.iter(|| {
                let steps = fixed.iter().zip(&here).zip(&mut next);
                let mut jobs: Vec<Job<'_, f32>> = steps
                    .map(|((fixed, point), next)| Job {
                        fixed,
                        from: Some(From {
                            point,
                            alpha: 0.5,
                            weighted: true,
                        }),
                        point: next,
                    })
                    .collect();
                evaluate(
                    &network,
                    &mut workspace,
                    Terms::new(Distance::SquaredError, Regulariser::L1),
                    &mut jobs,
                );
                std::mem::swap(&mut here, &mut next);
            });
        });
    }
}

/// A training step of 16 images: gradients, then Adam.
fn training(criterion: &mut Criterion) {
    let mut network = network();
    let images = 16;
    let pixels = noise(images * network.picture_len());
    let latent = noise(images * network.config.latent);
    let examples = Examples {
        inputs: &pixels,
        targets: &pixels,
        noise: &latent,
    };
    let objective = Objective::Vae { beta: 1.0 };
    let mut scratch = Scratch::new(&network, images);
    let mut moments = Moments::zero(&network);
    let mut group = criterion.benchmark_group("training");
    group.throughput(Throughput::Elements(images as u64));
    group.bench_function("gradients", |bencher| {
        bencher.iter(|| gradients(&network, &mut scratch, black_box(examples), objective));
    });
    group.bench_function("adam", |bencher| {
        let adam = Adam::at(1, 2e-4, 0.5, 0.999, 1e-5, 1e-8);
        bencher.iter(|| adam.step(&mut network, &mut moments, &mut scratch));
    });
}

/// One augmented training image.
fn augmentation(criterion: &mut Criterion) {
    let side = 128;
    let picture = CompactPicture {
        channels: 3,
        height: side,
        width: side,
        samples: Samples::U8(
            noise(3 * side * side)
                .iter()
                .map(|v| (v * 255.0) as u8)
                .collect(),
        ),
    };
    let mut out = vec![0.0; 3 * side * side];
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    criterion.bench_function("augmentation", |bencher| {
        bencher.iter(|| {
            let view = View::draw(
                &picture,
                side,
                Mode::Object,
                &AugmentConfig::default(),
                &mut rng,
            );
            view.sample(&picture, &mut out);
        });
    });
}

criterion_group!(benches, layers, forward, projection, training, augmentation);
criterion_main!(benches);
