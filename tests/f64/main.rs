//! The energy's gradient against central differences, in float64.
//!
//! A binary of its own: the device's float type is a setting of the whole process.

use std::sync::Arc;

use burn::tensor::{Device, DeviceConfig, FloatDType, Tensor, TensorData};
use kizumi_compute::distance::terms;
use kizumi_compute::energy::{Energy, per_image};
use kizumi_compute::network::Vae;
use kizumi_compute::objective::{Examples, loss};
use kizumi_compute::ssim::dissimilarity;
use kizumi_kernel::energy::step_and_evaluate;
use kizumi_kernel::features::FeatureNetwork;
use kizumi_kernel::isa::Isa;
use kizumi_kernel::network::Network;
use kizumi_kernel::pass::Workspace;
use kizumi_kernel::point::{Evaluation, Fixed, Point};
use kizumi_kernel::ssim::Ssim;
use kizumi_kernel::training::{self, Scratch, gradients};
use kizumi_method::config::{Distance, NetworkConfig, Objective, Regulariser};
use kizumi_method::energy_terms::Terms;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const TOLERANCE: f64 = 1e-6;

/// Pixels that a gradient is checked at.
const PIXELS: usize = 24;

fn double_device() -> Device {
    let mut device = Device::flex();
    // Every test of this binary asks for the same; the first one sets it.
    let _ = device.configure(DeviceConfig::default().float_dtype(FloatDType::F64));
    device
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor
        .into_data()
        .try_into_vec::<f64>()
        .expect("the device computes in float64")
}

fn tensor(values: &[f64], shape: [usize; 4], device: &Device) -> Tensor<4> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

struct Case {
    network: Vae,
    shape: [usize; 4],
    original: Vec<f64>,
    x: Vec<f64>,
    device: Device,
    rng: ChaCha8Rng,
}

/// A small network, an original and an iterate that differs from it everywhere.
fn case(channels: usize) -> Case {
    case_with(channels, 0)
}

/// As [`case`], with skip connections.
fn case_with(channels: usize, skips: usize) -> Case {
    let device = double_device();
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let config = NetworkConfig {
        channels,
        size_px: 64,
        latent: 5,
        width: 4,
        skips,
    };
    let network = Vae::random(&config, &mut rng, &device);
    let shape = [2, channels, 64, 64];
    let count = shape.iter().product();
    let original: Vec<f64> = (0..count).map(|_| rng.random_range(0.2..0.8)).collect();
    let x = original
        .iter()
        .map(|value| value + rng.random_range(0.02..0.1) * if rng.random() { 1.0 } else { -1.0 })
        .collect();
    Case {
        network,
        shape,
        original,
        x,
        device,
        rng,
    }
}

fn check_gradient(
    distance: Distance,
    regulariser: Regulariser,
    with_ignored_region: bool,
    skips: usize,
) {
    let Case {
        network,
        shape,
        original,
        x,
        device,
        mut rng,
    } = case_with(3, skips);
    let lambda = per_image(0.05, &tensor(&original, shape, &device));
    let counted = with_ignored_region.then(|| {
        let plane = 64 * 64;
        let mask: Vec<f64> = (0..2 * plane)
            .map(|i| if i % plane < 1500 { 0.0 } else { 1.0 })
            .collect();
        tensor(&mask, [2, 1, 64, 64], &device)
    });
    let energy = Energy {
        original: tensor(&original, shape, &device),
        counted,
        lambda: lambda.clone(),
        terms: Terms::new(distance, regulariser),
    };
    let value = |x: &[f64]| -> f64 {
        let at = energy.at(&network, tensor(x, shape, &device));
        values(at.energy(&lambda)).iter().sum()
    };
    let gradient = values(energy.at(&network, tensor(&x, shape, &device)).gradient);
    let scale = gradient.iter().map(|g| g.abs()).fold(0.0, f64::max);
    assert!(scale > 0.1, "the gradient is alive: {scale}");

    for _ in 0..PIXELS {
        let i = rng.random_range(0..x.len());
        let h = 1e-5;
        let (mut up, mut down) = (x.clone(), x.clone());
        up[i] += h;
        down[i] -= h;
        let difference = (value(&up) - value(&down)) / (2.0 * h);
        let error = (gradient[i] - difference).abs() / scale;
        assert!(
            error < TOLERANCE,
            "{distance:?}, pixel {i}: {} against {difference}",
            gradient[i]
        );
    }
}

/// As [`check_gradient`], for the processor's own kernels.
fn check_packed_gradient(
    distance: Distance,
    regulariser: Regulariser,
    with_ignored_region: bool,
    skips: usize,
    features: Option<&Arc<FeatureNetwork<f64>>>,
) {
    let Case {
        network,
        original,
        x,
        mut rng,
        ..
    } = case_with(3, skips);
    let network: Network<f64> = network.pack(Isa::Portable).expect("reads back");
    let (length, plane) = (network.picture_len(), 64 * 64);
    let counted: Vec<f64> = (0..plane)
        .map(|i| if i < 1500 { 0.0 } else { 1.0 })
        .collect();
    let fixed: Vec<Fixed<f64>> = original
        .chunks_exact(length)
        .map(|original| Fixed {
            original: original.to_vec(),
            counted: with_ignored_region.then(|| counted.clone()),
            moving: None,
            lambda: 0.05,
            omega: if features.is_some() { 0.02 } else { 0.0 },
        })
        .collect();
    let mut workspace = Workspace::new(&network, 2);
    let mut at = |x: &[f64]| -> (f64, Vec<f64>) {
        let mut points: Vec<Point<f64>> = x
            .chunks_exact(length)
            .map(|x| Point::at(x.to_vec()))
            .collect();
        let mut jobs: Vec<Evaluation<'_, f64>> = fixed
            .iter()
            .zip(&mut points)
            .map(|(fixed, point)| Evaluation {
                fixed,
                from: None,
                point,
            })
            .collect();
        step_and_evaluate(
            &network,
            &mut workspace,
            Terms::new(distance, regulariser),
            &mut jobs,
        );
        if let Some(features) = features {
            for (point, fixed) in points.iter_mut().zip(&fixed) {
                add_features(features, point, fixed);
            }
        }
        let pairs = points.iter().zip(&fixed);
        let energy = pairs.map(|(point, fixed)| point.energy(fixed)).sum();
        (
            energy,
            points
                .into_iter()
                .flat_map(|point| point.gradient)
                .collect(),
        )
    };
    let gradient = at(&x).1;
    let scale = gradient.iter().map(|g| g.abs()).fold(0.0, f64::max);
    assert!(scale > 0.1, "the gradient is alive: {scale}");
    for _ in 0..PIXELS {
        let i = rng.random_range(0..x.len());
        let difference = |h: f64| {
            let (mut up, mut down) = (x.clone(), x.clone());
            up[i] += h;
            down[i] -= h;
            (at(&up).0 - at(&down).0) / (2.0 * h)
        };
        // The features' network has kinks, too: see the gradients of training.
        let steps: &[f64] = match features {
            Some(_) => &[1e-5, 1e-6, 1e-7],
            None => &[1e-5],
        };
        let error = steps
            .iter()
            .copied()
            .map(difference)
            .map(|difference| (gradient[i] - difference).abs() / scale)
            .fold(f64::INFINITY, f64::min);
        assert!(error < TOLERANCE, "{distance:?}, pixel {i}: off by {error}");
    }
}

/// Adds the distance of the features of x from those of x_0, in the same places: the nearest ones are held
/// fixed, whichever they are.
fn add_features(network: &Arc<FeatureNetwork<f64>>, point: &mut Point<f64>, fixed: &Fixed<f64>) {
    let shape = [3, 64, 64];
    let normal = network.embed_planes(&fixed.original, shape);
    let trace = network.trace_planes(&point.x, shape);
    let mut gradient = trace.features().clone();
    for (slope, normal) in gradient.values.iter_mut().zip(&normal.values) {
        *slope = 2.0 * (*slope - normal);
    }
    let squares = gradient.values.iter().map(|slope| slope * slope / 4.0);
    point.add_features(fixed, squares.sum(), &trace.back_planes(&gradient));
}

#[test]
fn packed_energy_gradient_agrees_with_central_differences() {
    for distance in Distance::ALL {
        check_packed_gradient(distance, Regulariser::L1, false, 0, None);
        check_packed_gradient(distance, Regulariser::L2, false, 1, None);
        check_packed_gradient(distance, Regulariser::L1, true, 4, None);
    }
}

#[test]
fn packed_energy_gradient_with_features_agrees_with_central_differences() {
    let features = Arc::new(FeatureNetwork::with_isa(Isa::Portable));
    for distance in Distance::ALL {
        check_packed_gradient(distance, Regulariser::L2, true, 0, Some(&features));
    }
}

/// What the tests train with: objectives, and how many skip connections the network has.
const OBJECTIVES: [(Objective, usize); 7] = [
    (Objective::Vae { beta: 0.7 }, 0),
    (Objective::Vae { beta: 0.7 }, 4),
    (Objective::GammaVae, 0),
    (Objective::Autoencoder, 0),
    (Objective::Restoring, 3),
    (Objective::Dssim, 0),
    (Objective::Dssim, 2),
];

/// Two inputs, what they are to become, and latent noise where the objective wants it.
fn examples(objective: Objective, case: &mut Case) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let targets = if objective.is_restoring() {
        case.original.clone()
    } else {
        case.x.clone()
    };
    let count = if objective.is_variational() { 2 * 5 } else { 0 };
    let noise = (0..count).map(|_| case.rng.random_range(-1.0..1.0));
    (case.x.clone(), targets, noise.collect())
}

/// The same as tensors.
fn tensors(
    (inputs, targets, noise): &(Vec<f64>, Vec<f64>, Vec<f64>),
    shape: [usize; 4],
    device: &Device,
) -> Examples {
    Examples {
        inputs: tensor(inputs, shape, device),
        targets: tensor(targets, shape, device),
        noise: (!noise.is_empty()).then(|| tensor(noise, [2, 5, 1, 1], device)),
    }
}

#[test]
fn packed_training_gradients_are_those_of_the_tensors() {
    for (index, (objective, skips)) in OBJECTIVES.into_iter().enumerate() {
        let mut case = case_with([1, 3][index % 2], skips);
        let all = examples(objective, &mut case);
        let tracking = case.device.clone().autodiff();
        let tracked = case.network.map(
            |weight| Tensor::from_inner(weight.clone()).require_grad(),
            |bias| Tensor::from_inner(bias.clone()).require_grad(),
        );
        let terms = loss(objective, &tracked, tensors(&all, case.shape, &tracking));
        let mut expected = terms.total.div_scalar(2.0).backward();

        let packed: Network<f64> = case.network.pack(Isa::Portable).expect("reads back");
        let mut scratch = Scratch::new(&packed, 2);
        let examples = training::Examples {
            inputs: &all.0,
            targets: &all.1,
            noise: &all.2,
        };
        // Twice, since what the first leaves behind must not count.
        gradients(&packed, &mut scratch, examples, objective);
        let sums = gradients(&packed, &mut scratch, examples, objective);
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-10 * b.abs().max(1.0);
        assert!(close(
            sums.reconstruction,
            values(terms.reconstruction.inner())[0]
        ));
        assert!(close(sums.kl, values(terms.kl.inner())[0]));
        let actual = scratch.gradients();
        for (layer, at) in tracked.layers().iter().zip(packed.order()) {
            let name = &layer.spec.name;
            let expected = [
                layer.weight.grad_remove(&mut expected).map(values),
                layer.bias.grad_remove(&mut expected).map(values),
            ];
            let actual = [
                packed.layers[at].unpacked(&actual[at].weights),
                actual[at].bias[..layer.spec.outputs].to_vec(),
            ];
            for (actual, expected) in actual.iter().zip(expected) {
                // The head of the log-variance has no part in some objectives.
                let expected = expected.unwrap_or_else(|| vec![0.0; actual.len()]);
                assert_eq!(actual.len(), expected.len());
                for (a, b) in actual.iter().zip(&expected) {
                    assert!(close(*a, *b), "{objective:?}, {name}: {a} against {b}");
                }
            }
        }
    }
}

#[test]
fn dissimilarity_gradients_are_those_of_the_tensors() {
    let Case {
        shape,
        original,
        x,
        device,
        ..
    } = case(3);
    let tracking = device.clone().autodiff();
    let tracked_x = tensor(&x, shape, &tracking).require_grad();
    let tracked_y = tensor(&original, shape, &tracking).require_grad();
    let total = dissimilarity(tracked_x.clone(), tracked_y.clone()).sum();
    let mut gradients = total.clone().backward();
    let mut expected =
        |tracked: Tensor<4>| values(tracked.grad_remove(&mut gradients).expect("is tracked"));
    let (expected_x, expected_y) = (expected(tracked_x), expected(tracked_y));

    let length = x.len() / shape[0];
    let mut ssim = Ssim::new(Isa::Portable, shape[2]);
    let (mut by_x, mut by_y) = (vec![0.0; x.len()], vec![0.0; x.len()]);
    let mut sum = 0.0;
    for image in 0..shape[0] {
        let range = image * length..(image + 1) * length;
        sum += ssim.gradients(
            &x[range.clone()],
            &original[range.clone()],
            None,
            &mut by_x[range.clone()],
            &mut by_y[range],
        );
    }
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-10 * b.abs().max(1.0);
    assert!(close(sum, values(total.inner())[0]));
    for (actual, expected) in [(by_x, expected_x), (by_y, expected_y)] {
        assert_eq!(actual.len(), expected.len());
        assert!(actual.iter().zip(&expected).all(|(a, b)| close(*a, *b)));
    }
}

#[test]
fn energy_gradient_agrees_with_central_differences() {
    for distance in Distance::ALL {
        check_gradient(distance, Regulariser::L1, false, 0);
        check_gradient(distance, Regulariser::L1, true, 4);
    }
    check_gradient(Distance::SquaredError, Regulariser::L2, false, 0);
}

/// What a reconstruction at the ends of the range comes to, `x` above, the term and its derivatives
/// by x and f below.
#[test]
fn cross_entropy_is_finite_at_the_ends() {
    let device = double_device().autodiff();
    let shape = [1, 1, 1, 4];
    let x = tensor(&[0.0, 1.0, 0.25, 0.25], shape, &device).require_grad();
    let f = tensor(&[0.0, 0.0, 1.0, 0.25], shape, &device).require_grad();
    let terms = terms(Distance::CrossEntropy, x.clone(), f.clone());
    let mut gradients = terms.clone().sum().backward();
    let (low, high) = ((1.0f64 / 1048576.0).ln(), (1.0 - 1.0f64 / 1048576.0).ln());
    let entropy = -(0.25 * 0.25f64.ln() + 0.75 * 0.75f64.ln());
    let expected = [-high, -low, -(0.25 * high + 0.75 * low), entropy];
    let by_x = [high - low, high - low, low - high, 3f64.ln()];
    for (actual, expected) in [
        (terms.inner(), expected),
        (x.grad_remove(&mut gradients).expect("is tracked"), by_x),
        (f.grad_remove(&mut gradients).expect("is tracked"), [0.0; 4]),
    ] {
        for (a, b) in values(actual).iter().zip(expected) {
            assert!((a - b).abs() < 1e-9, "{a} against {b}");
        }
    }
}

#[test]
fn detaching_the_network_would_be_noticed() {
    let Case {
        network,
        shape,
        original,
        x,
        device,
        ..
    } = case(1);
    let energy = Energy {
        original: tensor(&original, shape, &device),
        counted: None,
        lambda: per_image(0.0, &tensor(&original, shape, &device)),
        terms: Terms::new(Distance::SquaredError, Regulariser::L1),
    };
    let at = energy.at(&network, tensor(&x, shape, &device));
    let detached = (tensor(&x, shape, &device) - at.reconstruction).mul_scalar(2.0);
    let difference = values((at.gradient.clone() - detached).abs().max());
    assert!(difference[0] > 1e-3, "J_f contributes: {}", difference[0]);
}

#[test]
fn training_gradients_agree_with_central_differences() {
    for (objective, skips) in OBJECTIVES {
        check_training_gradient(objective, skips);
    }
}

fn check_training_gradient(objective: Objective, skips: usize) {
    let mut case = case_with(1, skips);
    let all = examples(objective, &mut case);
    let Case {
        network,
        shape,
        device,
        mut rng,
        ..
    } = case;
    let tracking = device.clone().autodiff();
    let total = |network: &Vae| loss(objective, network, tensors(&all, shape, &tracking)).total;
    let tracked = network.map(
        |weight| Tensor::from_inner(weight.clone()).require_grad(),
        |bias| Tensor::from_inner(bias.clone()).require_grad(),
    );
    let mut gradients = total(&tracked).backward();
    // One weight moves thousands of activations, and some across LeakyReLU's kink, where a
    // difference means nothing; a smaller step crosses fewer but rounds more. So the best of three
    // steps counts: a wrong gradient agrees with none. The very first layer, which moves all the
    // others, is left to the golden values.
    for index in [5, 8, 9, 10, 13, 18] {
        // The head of the log-variance has no part in some objectives.
        if index == 9 && !objective.is_variational() {
            continue;
        }
        let gradient = tracked.layers()[index]
            .weight
            .grad_remove(&mut gradients)
            .expect("every weight is tracked");
        let (shape, gradient) = (gradient.dims(), values(gradient));
        let scale = gradient.iter().map(|g| g.abs()).fold(0.0, f64::max);
        let weights = values(network.layers()[index].weight.clone());
        for _ in 0..6 {
            let i = rng.random_range(0..weights.len());
            let at = |delta: f64| {
                let mut changed = weights.clone();
                changed[i] += delta;
                let mut network = network.clone();
                network.layers_mut()[index].weight = tensor(&changed, shape, &device);
                let network = network.map(
                    |weight| Tensor::from_inner(weight.clone()),
                    |bias| Tensor::from_inner(bias.clone()),
                );
                values(total(&network).inner())[0]
            };
            let error = [1e-5, 1e-6, 1e-7]
                .map(|h| (gradient[i] - (at(h) - at(-h)) / (2.0 * h)).abs() / scale)
                .into_iter()
                .fold(f64::INFINITY, f64::min);
            assert!(
                error < 10.0 * TOLERANCE,
                "{objective:?}, layer {index}: off by {error}"
            );
        }
    }
}
