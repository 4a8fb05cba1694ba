//! The projection with features of the frozen network against float64 values of PyTorch: see
//! `tests/golden/make_feature_energy.py`.

use std::sync::Arc;

use kizumi_compute::feature_distance::MemoryDistance;
use kizumi_compute::network::Vae;
use kizumi_compute::projector::{FeatureDistance, Masks, Pair, Projection};
use kizumi_features::Memory;
use kizumi_kernel::features::FeatureNetwork;
use kizumi_method::config::{Gate, ProjectionConfig, Regulariser, StepRule};

use crate::common::trajectory_of;
use crate::golden::Golden;

/// The gradient of the frozen network jumps where a value comes to its kink, and a last digit decides on
/// which side.
const SHARE: f64 = 2e-3;

fn distance(golden: &Golden) -> MemoryDistance {
    let memory = Memory::from_tensors(&golden.tensors(), "", FeatureNetwork::CHANNELS);
    let memory = memory.expect("is a memory");
    MemoryDistance::new(memory.expect("is there"))
}

#[test]
fn the_distance_of_features_and_its_gradient_are_the_golden_ones() {
    for name in ["grey", "rgb"] {
        let golden = Golden::open(name);
        let expected = Golden::open_with(name, "features");
        let at = distance(&expected).at(&golden.picture("x0"), None);
        expected.expect(&format!("{name}.distance"), &[at.distance.into()]);
        let gradient = format!("{name}.distance_gradient");
        expected.expect_as_a_whole(&gradient, SHARE, &at.gradient.pixels);
    }
}

#[test]
fn five_iterates_with_features_are_the_golden_ones() {
    for name in ["grey", "rgb"] {
        let golden = Golden::open(name);
        let expected = Golden::open_with(name, "features");
        let network: Vae = golden.model.network.clone();
        let network = network.with_features(Some(Arc::new(distance(&expected))));
        for (key, gate) in [("features", Gate::Features), ("both", Gate::Both)] {
            let config = ProjectionConfig {
                alpha: expected.number("alpha") as f32,
                lambda: expected.number("lambda") as f32,
                omega: expected.number("omega") as f32,
                regulariser: Regulariser::L2,
                step: StepRule {
                    through: true,
                    gate,
                },
                iterations: 5,
                stop_early: false,
                ..Default::default()
            };
            let pairs = [Pair::from(&config)];
            let x0 = [golden.picture("x0")];
            for start in [Projection::with_pairs, Projection::on_tensors] {
                let projection = start(&network, &x0, Masks::default(), &pairs, config, 0.0);
                let iterates = trajectory_of(projection.expect("the picture fits"));
                let mut scalars = Vec::new();
                for (t, iterate) in iterates.into_iter().flatten().enumerate() {
                    let row = iterate.scalars;
                    let row = [
                        row.energy,
                        row.reconstruction_error,
                        row.regulariser,
                        row.feature_distance,
                        row.largest_change,
                    ];
                    scalars.extend(row.map(f64::from));
                    if t == 5 {
                        let (name, x) = (format!("{name}.{key}.5"), &iterate.iterate.pixels);
                        expected.expect_as_a_whole(&name, SHARE, x);
                    }
                }
                let golden = expected.values(&format!("{name}.{key}.scalars"));
                assert_eq!(scalars.len(), golden.len());
                for (i, (scalar, golden)) in scalars.iter().zip(golden).enumerate() {
                    let error = (scalar - golden).abs();
                    // The last of a row is the largest change of any pixel: one value, not a sum.
                    let share = if i % 5 == 4 { 5.0 * SHARE } else { SHARE };
                    assert!(
                        error <= share * golden.abs(),
                        "{name}.{key}: {scalar}, {golden}"
                    );
                }
            }
        }
    }
}
