//! The energy's feature term and the gate of features, with features that are simple enough to be
//! calculated here.

use std::sync::Arc;

use burn::tensor::Device;
use kizumi_compute::device;
use kizumi_compute::inspector::{Inspector, Subject};
use kizumi_compute::network::Vae;
use kizumi_compute::projector::{FeatureDistance, FeaturesAt, Masks, Pair, Projection};
use kizumi_compute::tensors::ComputeError;
use kizumi_image::picture::Picture;
use kizumi_method::config::{
    DataConfig, DeviceChoice, Distance, Gate, LONGEST_FEATURE_STEP, MapConfig, ProjectionConfig,
    Regulariser, StepRule,
};
use kizumi_method::gate::feature_gate;
use kizumi_method::iterate::Iterate;

use crate::common::{SIZE_PX, network, pictures, trajectory_of};

/// Patches of so many pixels along each side.
const PATCH_PX: usize = 8;
/// How steep D is.
const STEEPNESS: f32 = 20.0;

/// A patch's only feature is its mean, and normal ones have this one.
#[derive(Debug)]
struct Mean(f32);

impl FeatureDistance for Mean {
    fn at(&self, x: &Picture, counted: Option<&Picture>) -> FeaturesAt {
        let grid = SIZE_PX / PATCH_PX;
        let values = (x.channels * PATCH_PX * PATCH_PX) as f32;
        let counts = |row: usize, column: usize| {
            counted.is_none_or(|counted| counted.at(0, row * PATCH_PX, column * PATCH_PX) > 0.0)
        };
        let off = |row: usize, column: usize| {
            if !counts(row, column) {
                return 0.0;
            }
            let mut sum = 0.0;
            for channel in 0..x.channels {
                for y in 0..PATCH_PX {
                    for across in 0..PATCH_PX {
                        sum += x.at(channel, row * PATCH_PX + y, column * PATCH_PX + across);
                    }
                }
            }
            sum / values - self.0
        };
        let patches = Picture::from_fn(1, grid, grid, |_, row, column| {
            STEEPNESS * off(row, column).abs()
        });
        FeaturesAt {
            distance: patches.pixels.iter().map(|patch| patch * patch).sum(),
            gradient: Picture::from_fn(x.channels, SIZE_PX, SIZE_PX, |_, y, across| {
                let off = off(y / PATCH_PX, across / PATCH_PX);
                2.0 * STEEPNESS * STEEPNESS * off / values
            }),
            patches,
        }
    }
}

fn knowing(network: Vae) -> Vae {
    network.with_features(Some(Arc::new(Mean(0.5))))
}

fn rule(through: bool, gate: Gate) -> StepRule {
    StepRule { through, gate }
}

fn config(gate: Gate, omega: f32) -> ProjectionConfig {
    ProjectionConfig {
        alpha: 0.2,
        lambda: 0.0,
        iterations: 5,
        step: rule(true, gate),
        stop_early: false,
        omega,
        ..Default::default()
    }
}

/// Free to the right, held to the left, between in the middle.
fn gates(images: usize) -> Masks {
    let distance = Picture::from_fn(1, SIZE_PX, SIZE_PX, |_, _, x| x as f32 / 30.0);
    Masks {
        gate: Some(vec![feature_gate(&distance, SIZE_PX); images]),
        ..Masks::default()
    }
}

type Start =
    fn(&Vae, &[Picture], Masks, &[Pair], ProjectionConfig, f32) -> Result<Projection, ComputeError>;

fn trajectory_from(
    start: Start,
    network: &Vae,
    masks: Masks,
    config: ProjectionConfig,
) -> Vec<Vec<Iterate>> {
    let x = pictures(network.config.channels, 2);
    let pairs = vec![Pair::from(&config); 2];
    let projection = start(network, &x, masks, &pairs, config, 0.0);
    trajectory_of(projection.expect("the pictures fit"))
}

fn trajectory(network: &Vae, masks: Masks, config: ProjectionConfig) -> Vec<Vec<Iterate>> {
    trajectory_from(Projection::with_pairs, network, masks, config)
}

fn furthest(a: &Picture, b: &Picture) -> f32 {
    let pairs = a.pixels.iter().zip(&b.pixels);
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn features_that_weigh_nothing_change_no_bit() {
    let device = Device::flex();
    for channels in [1, 3] {
        let plain = network(channels, &device);
        let all = [plain.clone(), knowing(plain)]
            .map(|network| trajectory(&network, Masks::default(), config(Gate::Residual, 0.0)));
        assert_eq!(all[0], all[1]);
        assert_eq!(all[1][5][0].distance, None);
    }
}

#[test]
fn the_energy_and_its_gradient_have_the_features_part() {
    let network = knowing(network(3, &Device::flex()));
    let omega = 0.25;
    for distance in Distance::ALL {
        for start in [Projection::with_pairs, Projection::on_tensors] {
            let with = ProjectionConfig {
                distance,
                lambda: 0.05,
                regulariser: Regulariser::L2,
                ..config(Gate::Features, omega)
            };
            let all = trajectory_from(start, &network, gates(2), with);
            for at in all.iter().map(|step| &step[1]) {
                let own = Mean(0.5).at(&at.iterate, None);
                let scalars = at.scalars;
                let close = |a: f32, b: f32| (a - b).abs() <= 1e-4 * b.abs().max(1e-2);
                assert!(close(scalars.feature_distance, own.distance));
                let energy = scalars.reconstruction_error
                    + with.lambda * scalars.regulariser
                    + omega * own.distance;
                assert!(close(scalars.energy, energy));
                // Started there without features, what is left of the gradient.
                let alone = ProjectionConfig {
                    omega: 0.0,
                    lambda: 0.0,
                    ..with
                };
                let x = std::slice::from_ref(&at.iterate);
                let pairs = [Pair::from(&alone)];
                let rest = start(&network, x, gates(1), &pairs, alone, 0.0).expect("fits");
                let rest = rest.observe().expect("observes").iterates.remove(0);
                let x0 = &all[0][1].iterate;
                let scale = rest.gradient.max();
                for i in 0..at.gradient.pixels.len() {
                    let penalty = 2.0 * with.lambda * (at.iterate.pixels[i] - x0.pixels[i]);
                    let sum = rest.gradient.pixels[i] + omega * own.gradient.pixels[i] + penalty;
                    let error = (at.gradient.pixels[i] - sum).abs();
                    assert!(error < 1e-4 * scale.max(1.0), "{distance:?}: {error}");
                }
            }
        }
    }
}

#[test]
fn the_distance_of_features_is_carried_along_and_shrinks() {
    let network = knowing(network(1, &Device::flex()));
    let all = trajectory(&network, Masks::default(), config(Gate::None, 0.05));
    let sums: Vec<f32> = all
        .iter()
        .map(|step| step[0].scalars.feature_distance)
        .collect();
    assert!(sums.windows(2).all(|pair| pair[1] < pair[0]), "{sums:?}");
    let maps = [&all[0], &all[5]].map(|step| step[0].distance.clone().expect("is carried"));
    assert_eq!(
        (maps[0].channels, maps[0].height, maps[0].width),
        (1, SIZE_PX, SIZE_PX)
    );
    assert!(maps[1].max() < maps[0].max());
}

#[test]
fn where_features_are_normal_nothing_moves_and_no_step_is_longer_than_the_limit() {
    let network = knowing(network(3, &Device::flex()));
    for (gate, omega) in [
        (Gate::Features, 0.0),
        (Gate::Both, 0.0),
        (Gate::Features, 1.0),
    ] {
        let wild = ProjectionConfig {
            alpha: 1e3,
            ..config(gate, omega)
        };
        for start in [Projection::with_pairs, Projection::on_tensors] {
            let all = trajectory_from(start, &network, gates(2), wild);
            for pair in all.windows(2) {
                let (before, after) = (&pair[0][0].iterate, &pair[1][0].iterate);
                let step = furthest(before, after);
                assert!(step > 0.0 && step <= LONGEST_FEATURE_STEP + 1e-6, "{step}");
                assert!(after.pixels.iter().all(|value| (0.0..=1.0).contains(value)));
                for (y, x) in (0..SIZE_PX).map(|y| (y, y % 19)) {
                    assert_eq!(after.at(2, y, x), before.at(2, y, x), "at {x}");
                }
            }
        }
    }
}

#[test]
fn both_gates_are_multiplied() {
    let network = network(1, &Device::flex());
    let step = |gate| {
        // So short that no step is at its limit.
        let short = ProjectionConfig {
            iterations: 1,
            alpha: 0.01,
            ..config(gate, 0.0)
        };
        let all = trajectory(&network, gates(2), short);
        let (x0, x1) = (&all[0][0].iterate, &all[1][0].iterate);
        let pairs = x0.pixels.iter().zip(&x1.pixels);
        pairs.map(|(x0, x1)| x0 - x1).collect::<Vec<f32>>()
    };
    let gate = gates(1).gate.expect("there is one").remove(0);
    let (residual, both) = (step(Gate::Residual), step(Gate::Both));
    for ((residual, both), gate) in residual.iter().zip(&both).zip(&gate.pixels) {
        assert!((residual * gate - both).abs() < 1e-6);
    }
}

#[test]
fn with_back_off_the_energy_with_features_never_rises() {
    let network = knowing(network(1, &Device::flex()));
    let wild = ProjectionConfig {
        alpha: 50.0,
        back_off: true,
        // Which back-off does not wait for.
        feature_period: 4,
        iterations: 12,
        ..config(Gate::None, 0.3)
    };
    for start in [Projection::with_pairs, Projection::on_tensors] {
        let all = trajectory_from(start, &network, Masks::default(), wild);
        let energies: Vec<f32> = all.iter().map(|step| step[0].scalars.energy).collect();
        assert!(
            energies.windows(2).all(|pair| pair[1] <= pair[0]),
            "{energies:?}"
        );
        let last = &all[12][0];
        assert!(last.scalars.alpha < 50.0, "the step size was halved");
        let own = Mean(0.5).at(&last.iterate, None).distance;
        let error = (last.scalars.feature_distance - own).abs();
        assert!(error < 1e-4 * own, "of the x that was kept: {error}");
    }
}

#[test]
fn between_two_looks_the_gradient_of_features_is_held() {
    let network = knowing(network(1, &Device::flex()));
    let seldom = ProjectionConfig {
        feature_period: 3,
        iterations: 4,
        ..config(Gate::None, 0.05)
    };
    let all = trajectory(&network, Masks::default(), seldom);
    let sums: Vec<f32> = all
        .iter()
        .map(|step| step[0].scalars.feature_distance)
        .collect();
    assert_eq!((sums[0], sums[3]), (sums[1], sums[4]));
    assert_eq!(sums[1], sums[2]);
    assert!(sums[3] < sums[0]);
}

#[test]
fn patches_that_do_not_count_are_no_part_of_the_energy() {
    let network = knowing(network(1, &Device::flex()));
    let counted = Picture::from_fn(1, SIZE_PX, SIZE_PX, |_, y, _| f32::from(u8::from(y >= 24)));
    let masks = || Masks::counting(vec![counted.clone(); 2]);
    for start in [Projection::with_pairs, Projection::on_tensors] {
        let all = trajectory_from(start, &network, masks(), config(Gate::None, 0.05));
        let (first, last) = (&all[0][0], &all[5][0]);
        let own = Mean(0.5).at(&last.iterate, Some(&counted)).distance;
        assert!((last.scalars.feature_distance - own).abs() < 1e-4 * own);
        let ignored = 24 * SIZE_PX;
        assert_eq!(
            first.iterate.pixels[..ignored],
            last.iterate.pixels[..ignored]
        );
    }
}

/// Holds iterates to a root mean square of 1e-4 and energies to 1e-3, as those without features.
fn assert_same(expected: &[Vec<Iterate>], actual: &[Vec<Iterate>], case: &str) {
    assert_eq!(expected.len(), actual.len());
    for (expected, actual) in expected.iter().flatten().zip(actual.iter().flatten()) {
        let t = expected.scalars.t;
        let distances = [&expected.distance, &actual.distance].map(Option::as_ref);
        let mut pictures = vec![(&expected.iterate, &actual.iterate, 1e-4)];
        if let [Some(a), Some(b)] = distances {
            pictures.push((a, b, 1e-2));
        }
        assert_eq!(distances[0].is_some(), distances[1].is_some(), "{case}");
        for (a, b, tolerance) in pictures {
            let squares = a.pixels.iter().zip(&b.pixels).map(|(a, b)| (a - b).powi(2));
            let distance = (squares.sum::<f32>() / a.pixels.len() as f32).sqrt();
            assert!(distance < tolerance, "{case}, x_{t}: {distance}");
        }
        let (a, b) = (expected.scalars.energy, actual.scalars.energy);
        assert!((a - b).abs() < 1e-3 * a.abs(), "{case}, E(x_{t}): {a}, {b}");
    }
}

#[test]
fn kernels_tensors_and_the_gpu_agree_on_gates_and_features() {
    let gpu = device::open(DeviceChoice::SoftwareGpu).expect("mesa-vulkan-drivers is installed");
    for through in [true, false] {
        for gate in Gate::ALL {
            let steps = ProjectionConfig {
                step: rule(through, gate),
                feature_period: 2,
                ..config(gate, 0.05)
            };
            let case = steps.step.name();
            let host = knowing(network(3, &Device::flex()));
            let expected = trajectory(&host, gates(2), steps);
            let on_tensors = trajectory_from(Projection::on_tensors, &host, gates(2), steps);
            assert_same(&expected, &on_tensors, case);
            if gate != Gate::Residual {
                let on_gpu = knowing(network(3, &gpu.device));
                assert_same(&expected, &trajectory(&on_gpu, gates(2), steps), case);
            }
        }
    }
}

#[test]
fn a_gate_that_is_not_given_is_that_of_x_0() {
    let network = knowing(network(1, &Device::flex()));
    let steps = config(Gate::Features, 0.0);
    let own = pictures(1, 2)
        .iter()
        .map(|x| feature_gate(&Mean(0.5).at(x, None).map(SIZE_PX, SIZE_PX), SIZE_PX))
        .collect();
    let given = Masks {
        gate: Some(own),
        ..Masks::default()
    };
    let expected = trajectory(&network, given, steps);
    assert_eq!(trajectory(&network, Masks::default(), steps), expected);
}

#[test]
fn what_the_model_does_not_know_is_asked_for_in_vain() {
    let network = network(1, &Device::flex());
    let x = pictures(1, 1);
    for (config, masks, reason) in [
        (config(Gate::Residual, 0.1), Masks::default(), "omega"),
        (config(Gate::Features, 0.0), Masks::default(), "gate"),
    ] {
        let refused = Projection::new(&network, &x, masks, config, 0.0).err();
        let refused = refused.expect("is refused").to_string();
        assert!(refused.contains(reason), "{refused}");
    }
}

#[test]
fn the_gate_is_made_of_the_subjects_distance() {
    let network = network(1, &Device::flex());
    let picture = pictures(1, 1).remove(0);
    let distance = Picture::from_fn(
        1,
        SIZE_PX,
        SIZE_PX,
        |_, y, _| if y < 30 { 0.5 } else { 3.0 },
    );
    let subject = Subject {
        distance: Some(distance),
        ..Subject::new(picture.clone(), None)
    };
    let data = DataConfig {
        size_px: SIZE_PX,
        ..Default::default()
    };
    let steps = config(Gate::Features, 0.0);
    let map = MapConfig::default();
    let start = |subject| Inspector::new(&network, &data, vec![subject], steps, map, 0.0);
    let mut inspector = start(subject).expect("fits");
    inspector.step();
    let x1 = inspector
        .observe()
        .expect("observes")
        .iterates
        .remove(0)
        .iterate;
    // The gate reaches a little beyond what is far.
    let held = 24 * SIZE_PX;
    assert_eq!(x1.pixels[..held], picture.pixels[..held]);
    assert_ne!(x1.pixels[held..], picture.pixels[held..]);
    let unknown = start(Subject::new(picture, None)).err().expect("no gate");
    assert!(unknown.to_string().contains("gate"), "{unknown}");
}
