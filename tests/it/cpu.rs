//! The processor's own kernels against the tensor path.

use burn::tensor::{Device, Tensor};
use kizumi_compute::energy::{Energy, per_image};
use kizumi_compute::network::Vae;
use kizumi_compute::projector::{Masks, Pair, Projection};
use kizumi_compute::tensors::{host_values, pictures_from_values, values_from_pictures};
use kizumi_compute::trainer::Trainer;
use kizumi_dataset::batches::Batch;
use kizumi_image::picture::Picture;
use kizumi_kernel::energy::step_and_evaluate;
use kizumi_kernel::isa::Isa;
use kizumi_kernel::pass::Workspace;
use kizumi_kernel::point::{Evaluation, Fixed, Point};
use kizumi_kernel::real::Real;
use kizumi_kernel::reconstruct::reconstruct;
use kizumi_method::config::{
    Distance, NetworkConfig, Objective, ProjectionConfig, Regulariser, Schedule, StepRule,
    TrainingConfig,
};
use kizumi_method::energy_terms::Terms;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::common::{pictures as pictures_of_common, tiny};

/// The paper's widths at 64 pixels, and widths that fill no block.
fn networks() -> Vec<Vae> {
    let config = |channels, size_px, latent, width| NetworkConfig {
        channels,
        size_px,
        latent,
        width,
        skips: 0,
    };
    [
        config(3, 64, 100, 32),
        config(1, 64, 20, 24),
        config(3, 128, 7, 5),
    ]
    .iter()
    .map(|config| Vae::random(config, &mut ChaCha8Rng::seed_from_u64(3), &Device::flex()))
    .collect()
}

fn values(count: usize, seed: u64) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..count).map(|_| rng.random()).collect()
}

fn pictures(network: &Vae, images: usize, seed: u64) -> Tensor<4> {
    let shape = [
        images,
        network.config.channels,
        network.config.size_px,
        network.config.size_px,
    ];
    let values = values(shape.iter().product(), seed);
    Tensor::<1>::from_floats(values.as_slice(), &Device::flex()).reshape(shape)
}

fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    host_values(tensor).expect("reads back")
}

/// The largest difference, relative to the largest value.
fn difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let scale = b.iter().fold(1e-12f32, |max, value| max.max(value.abs()));
    let pairs = a.iter().zip(b);
    pairs.fold(0.0f32, |max, (a, b)| {
        // NaN is a difference.
        if (a - b).abs() <= max {
            max
        } else {
            (a - b).abs()
        }
    }) / scale
}

#[test]
fn every_instruction_set_reconstructs_as_the_tensors_do() {
    for network in networks() {
        for images in [1, 3, 9] {
            let x = pictures(&network, images, 5);
            let expected = host(network.reconstruct_on_tensors(x.clone()));
            for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
                let packed = network.pack::<f32>(isa).expect("reads back");
                let actual = reconstruct(&packed, &host(x.clone()));
                let error = difference(&actual, &expected);
                assert!(error < 1e-5, "{isa:?}, {images} images: {error}");
            }
            let shape = x.dims();
            let actual = network.reconstruct(&pictures_from_values(&host(x), shape));
            let actual = values_from_pictures(&actual.expect("the pictures fit"));
            assert!(difference(&actual, &expected) < 1e-5);
        }
    }
}

struct Evaluated {
    gradient: Vec<f32>,
    sums: Vec<f32>,
}

fn on_host<T: Real>(
    network: &Vae,
    isa: Isa,
    original: &[f32],
    x: &[f32],
    counted: &[f32],
    (distance, regulariser): (Distance, Regulariser),
) -> Evaluated {
    let packed = network.pack::<T>(isa).expect("reads back");
    let real = |values: &[f32]| -> Vec<T> {
        values
            .iter()
            .map(|value| T::from_f64((*value).into()))
            .collect()
    };
    let length = packed.picture_len();
    let plane = length / network.config.channels;
    let fixed: Vec<Fixed<T>> = original
        .chunks_exact(length)
        .zip(counted.chunks_exact(plane))
        .map(|(original, counted)| Fixed {
            original: real(original),
            counted: Some(real(counted)),
            moving: None,
            lambda: T::from_f64(0.05),
            omega: T::ZERO,
        })
        .collect();
    let mut points: Vec<Point<T>> = x.chunks_exact(length).map(|x| Point::at(real(x))).collect();
    let mut workspace = Workspace::new(&packed, 2);
    let mut jobs: Vec<Evaluation<'_, T>> = fixed
        .iter()
        .zip(&mut points)
        .map(|(fixed, point)| Evaluation {
            fixed,
            from: None,
            point,
        })
        .collect();
    step_and_evaluate(
        &packed,
        &mut workspace,
        Terms::new(distance, regulariser),
        &mut jobs,
    );
    let single = |value: &T| value.to_f64() as f32;
    Evaluated {
        gradient: points
            .iter()
            .flat_map(|point| point.gradient.iter().map(single))
            .collect(),
        sums: points
            .iter()
            .flat_map(|point| [point.reconstruction_error, point.regulariser])
            .map(|value| single(&value))
            .collect(),
    }
}

/// The sign of a difference that is next to nothing depends on the last digits.
fn leave_out_ties(network: &Vae, x: &Tensor<4>, counted: &mut [f32]) {
    let f = host(network.reconstruct_on_tensors(x.clone()));
    let plane = network.config.size_px.pow(2);
    for (i, (x, f)) in host(x.clone()).iter().zip(&f).enumerate() {
        if (x - f).abs() < 1e-5 {
            let image = i / (network.config.channels * plane);
            counted[image * plane + i % plane] = 0.0;
        }
    }
}

#[test]
fn every_instruction_set_has_the_tensors_energy_and_gradient() {
    for network in networks() {
        for (images, distance, regulariser) in [
            (1, Distance::SquaredError, Regulariser::L1),
            (3, Distance::SquaredError, Regulariser::L2),
            (1, Distance::AbsoluteError, Regulariser::L1),
            (1, Distance::CrossEntropy, Regulariser::L1),
            (1, Distance::Dissimilarity, Regulariser::L1),
            (3, Distance::Dissimilarity, Regulariser::L2),
        ] {
            let (original, x) = (pictures(&network, images, 5), pictures(&network, images, 6));
            let side = network.config.size_px;
            let mut counted: Vec<f32> = (0..images * side * side)
                .map(|i| if i % side < side / 3 { 0.0 } else { 1.0 })
                .collect();
            if distance == Distance::AbsoluteError {
                leave_out_ties(&network, &x, &mut counted);
            }
            let energy = Energy {
                original: original.clone(),
                counted: Some(
                    Tensor::<1>::from_floats(counted.as_slice(), &Device::flex())
                        .reshape([images, 1, side, side]),
                ),
                lambda: per_image(0.05, &original),
                terms: Terms::new(distance, regulariser),
            };
            let expected = energy.at(&network, x.clone());
            let gradient = host(expected.gradient);
            let sums = host(Tensor::cat(
                vec![expected.reconstruction_error, expected.regulariser],
                1,
            ));
            let (original, x) = (host(original), host(x));
            let check = |actual: Evaluated, name: &str| {
                let errors = (
                    difference(&actual.gradient, &gradient),
                    difference(&actual.sums, &sums),
                );
                assert!(
                    errors.0 < 1e-4 && errors.1 < 1e-5,
                    "{name}, {distance:?}, {images} images: {errors:?}"
                );
            };
            for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
                let actual = on_host::<f32>(
                    &network,
                    isa,
                    &original,
                    &x,
                    &counted,
                    (distance, regulariser),
                );
                check(actual, isa.name());
            }
            let isa = Isa::Portable;
            let actual = on_host::<f64>(
                &network,
                isa,
                &original,
                &x,
                &counted,
                (distance, regulariser),
            );
            check(actual, "f64");
        }
    }
}

/// The Euclidean distance, relative to the second one's length.
fn distance(a: &[f32], b: &[f32]) -> f32 {
    let norm = |values: &mut dyn Iterator<Item = f32>| -> f64 {
        values
            .map(|value| f64::from(value).powi(2))
            .sum::<f64>()
            .sqrt()
    };
    let between = norm(&mut a.iter().zip(b).map(|(a, b)| a - b));
    (between / norm(&mut b.iter().copied())) as f32
}

/// A network that knows the pictures a little: through a random one a step of 0.5 leads astray, and
/// every last digit with it.
fn trained() -> Vae {
    let config = TrainingConfig {
        objective: Objective::Vae { beta: 1.0 },
        learning_rate: 2e-3,
        schedule: Schedule::Constant,
        ..Default::default()
    };
    let mut trainer = Trainer::new(&tiny(1), &config, &Device::flex());
    for step in 0..300 {
        let images = pictures_of_common(1, 8 * (step % 8) + 8).split_off(8 * (step as usize % 8));
        let pixels = images
            .into_iter()
            .flat_map(|picture| picture.pixels)
            .collect();
        trainer.step(Batch::clean(pixels, 8));
    }
    trainer.network()
}

/// With the L1 norm the gradient jumps by 2 lambda where a pixel returns to its original, so a last
/// digit decides on it there: the gradient, and every single pixel, are compared with the L2 norm.
/// Where gradients are steeper than those of squared errors, shorter steps keep last digits from
/// growing.
#[test]
fn fifty_iterates_agree_with_the_tensors() {
    let network = &trained();
    let original = pictures_of_common(1, 3);
    let (held, weighted) = (StepRule::HELD, StepRule::WEIGHTED);
    let (all, some) = (Masks::default(), some_masked(&original));
    for (step, distance, regulariser, longest, masks) in [
        (weighted, Distance::SquaredError, Regulariser::L1, 0.5, &all),
        (weighted, Distance::SquaredError, Regulariser::L2, 0.5, &all),
        (
            weighted,
            Distance::SquaredError,
            Regulariser::L2,
            0.5,
            &some,
        ),
        (held, Distance::SquaredError, Regulariser::L2, 0.05, &all),
        (weighted, Distance::CrossEntropy, Regulariser::L2, 0.1, &all),
        (
            weighted,
            Distance::Dissimilarity,
            Regulariser::L2,
            0.02,
            &all,
        ),
    ] {
        let pairs: Vec<Pair> = [longest, 0.2 * longest, 0.0]
            .map(|alpha| Pair {
                alpha,
                lambda: 0.05,
            })
            .into();
        let config = ProjectionConfig {
            iterations: 50,
            stop_early: false,
            step,
            // Of the others a last digit may decide.
            back_off: step == held,
            distance,
            regulariser,
            ..Default::default()
        };
        let new = |start: fn(&Vae, &[Picture], _, &[Pair], _, f32) -> Result<_, _>| {
            start(network, &original, masks.clone(), &pairs, config, 0.0).expect("the pictures fit")
        };
        let mut fast = new(Projection::with_pairs);
        let mut reference = new(Projection::on_tensors);
        for _ in 0..=50 {
            agree(&fast, &reference);
            fast.step();
            reference.step();
        }
    }
}

/// The upper rows do not count, and of the others the left columns alone move.
fn some_masked(originals: &[Picture]) -> Masks {
    let mask = |of: fn(usize, usize) -> bool| {
        let mask = |one: &Picture| {
            Picture::from_fn(1, one.height, one.width, |_, y, x| {
                f32::from(u8::from(of(y, x)))
            })
        };
        originals.iter().map(mask).collect()
    };
    Masks {
        counted: Some(mask(|y, _| y >= 9)),
        moving: Some(mask(|_, x| x < 30)),
        gate: None,
    }
}

fn agree(fast: &Projection, reference: &Projection) {
    let t = fast.t();
    let ProjectionConfig {
        distance: measure,
        regulariser,
        ..
    } = *fast.config();
    let case = format!("{measure:?}, {regulariser:?}, t = {t}");
    let (fast, reference) = (
        fast.observe().expect("observes"),
        reference.observe().expect("observes"),
    );
    assert_eq!(fast.stopped, reference.stopped);
    for (a, b) in fast.iterates.iter().zip(&reference.iterates) {
        let mut layers = vec![
            (&a.iterate, &b.iterate),
            (&a.reconstruction, &b.reconstruction),
        ];
        // The others' gradients are differences of larger numbers, which cost a digit or two; those of
        // a single evaluation are compared above.
        if regulariser == Regulariser::L2 && measure == Distance::SquaredError {
            layers.push((&a.gradient, &b.gradient));
        }
        for (a, b) in layers {
            let error = match regulariser {
                Regulariser::L1 => distance(&a.pixels, &b.pixels),
                Regulariser::L2 => difference(&a.pixels, &b.pixels),
            };
            assert!(error < 1e-4, "{case}: {error}");
        }
        let energy = (a.scalars.energy - b.scalars.energy).abs() / b.scalars.energy;
        assert!(energy < 1e-4, "{case}: {energy}");
        assert_eq!(a.scalars.t, b.scalars.t);
    }
}
