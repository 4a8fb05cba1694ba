//! The program against float64 values of an independent PyTorch implementation: see
//! `tests/golden/make_golden.py` for what each tensor is and how it was made.

use std::path::PathBuf;

use burn::tensor::{Device, Tensor};
use kizumi_compute::artifact::Artifact;
use kizumi_compute::energy::{Energy, per_image};
use kizumi_compute::objective::{Examples, loss};
use kizumi_compute::projector::{Masks, Pair, Projection};
use kizumi_compute::tensors::{host_values, tensor_from_pictures};
use kizumi_compute::trainer::Trainer;
use kizumi_dataset::batches::Batch;
use kizumi_image::picture::Picture;
use kizumi_kernel::energy::step_and_evaluate;
use kizumi_kernel::pass::Workspace;
use kizumi_kernel::point::{Evaluation, Fixed, Point};
use kizumi_kernel::training::{self, Scratch};
use kizumi_method::config::{
    Distance, Objective, ProjectionConfig, Regulariser, Schedule, StepRule, TrainingConfig,
};
use kizumi_method::energy_terms::Terms;
use safetensors::{Dtype, SafeTensors};

use crate::common::trajectory_of;

const SIZE_PX: usize = 64;
/// Of what README promises: the same reconstruction as PyTorch's.
const TOLERANCE: f64 = 1e-4;

/// A golden model, and what an independent implementation makes of it.
pub struct Golden {
    bytes: Vec<u8>,
    pub model: Artifact,
    pub device: Device,
}

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "golden", name]
        .iter()
        .collect()
}

impl Golden {
    pub fn open(name: &str) -> Self {
        Self::open_with(name, name)
    }

    /// The model of one name with the values of another.
    pub fn open_with(model: &str, values: &str) -> Self {
        let device = Device::flex();
        let model = Artifact::load(&file(&format!("model_{model}.safetensors")), &device)
            .expect("the golden model is a model file");
        let bytes = std::fs::read(file(&format!("golden_{values}.safetensors"))).expect("is there");
        Self {
            bytes,
            model,
            device,
        }
    }

    pub fn tensors(&self) -> SafeTensors<'_> {
        SafeTensors::deserialize(&self.bytes).expect("a safetensors file")
    }

    pub fn has(&self, name: &str) -> bool {
        self.tensors().tensor(name).is_ok()
    }

    pub fn values(&self, name: &str) -> Vec<f64> {
        let tensors = self.tensors();
        let view = tensors
            .tensor(name)
            .unwrap_or_else(|_| panic!("{name} is there"));
        let data = view.data();
        match view.dtype() {
            Dtype::F64 => data
                .as_chunks()
                .0
                .iter()
                .map(|b| f64::from_le_bytes(*b))
                .collect(),
            Dtype::F32 => data
                .as_chunks()
                .0
                .iter()
                .map(|b| f32::from_le_bytes(*b).into())
                .collect(),
            Dtype::U8 => data.iter().map(|byte| f64::from(*byte) / 256.0).collect(),
            other => panic!("{name} has type {other:?}"),
        }
    }

    pub fn number(&self, name: &str) -> f64 {
        self.values(name)[0]
    }

    pub fn picture(&self, name: &str) -> Picture {
        let pixels = self
            .values(name)
            .into_iter()
            .map(|value| value as f32)
            .collect();
        Picture::new(self.model.header.network.channels, SIZE_PX, SIZE_PX, pixels)
    }

    pub fn input(&self, name: &str) -> Tensor<4> {
        tensor_from_pictures(&[self.picture(name)], &self.device).expect("one picture")
    }

    pub fn expect(&self, name: &str, actual: &[f64]) {
        Self::expect_close(name, actual, &self.values(name));
    }

    pub fn expect_close(name: &str, actual: &[f64], expected: &[f64]) {
        assert_eq!(actual.len(), expected.len(), "{name}");
        for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
            let error = (a - e).abs() / e.abs().max(1.0);
            assert!(error < TOLERANCE, "{name}[{i}]: {a}, golden {e}");
        }
    }

    /// Golden pictures keep every third row.
    pub fn expect_picture(&self, name: &str, actual: &[f32]) {
        self.expect(name, &third_rows(actual));
    }

    /// Not each pixel: the difference has a root mean square below `share` of the picture's own.
    pub fn expect_as_a_whole(&self, name: &str, share: f64, actual: &[f32]) {
        let (actual, expected) = (third_rows(actual), self.values(name));
        assert_eq!(actual.len(), expected.len(), "{name}");
        let differences = actual.iter().zip(&expected).map(|(a, e)| (a - e).powi(2));
        let own: f64 = expected.iter().map(|value| value.powi(2)).sum();
        let error = (differences.sum::<f64>() / own).sqrt();
        assert!(error < share, "{name}: off by {error}");
    }
}

fn third_rows(picture: &[f32]) -> Vec<f64> {
    let rows = picture.chunks_exact(SIZE_PX).step_by(3);
    rows.flatten().map(|value| f64::from(*value)).collect()
}

fn projection_config(golden: &Golden, step: StepRule) -> ProjectionConfig {
    let alpha = match step == StepRule::WEIGHTED {
        true => "alpha_weighted",
        false => "alpha_plain",
    };
    ProjectionConfig {
        alpha: golden.number(alpha) as f32,
        lambda: golden.number("lambda") as f32,
        iterations: 5,
        step,
        stop_early: false,
        ..Default::default()
    }
}

#[test]
fn reconstructions_are_pytorchs() {
    for name in ["grey", "rgb"] {
        let golden = Golden::open(name);
        let posterior = golden.model.network.encode(golden.input("x0"));
        let f64s = |tensor: Tensor<4>| -> Vec<f64> {
            let values = host_values(tensor).expect("reads back");
            values.into_iter().map(f64::from).collect()
        };
        golden.expect("mean", &f64s(posterior.mean));
        golden.expect("log_variance", &f64s(posterior.log_variance));
        let network = &golden.model.network;
        let on_host = network.reconstruct(&[golden.picture("x0")]).expect("fits");
        let on_tensors = network.reconstruct_on_tensors(golden.input("x0"));
        let on_tensors = host_values(on_tensors).expect("reads back");
        for values in [&on_host[0].pixels, &on_tensors] {
            golden.expect_picture("reconstruction", values);
        }
    }
}

#[test]
fn energies_and_gradients_are_the_golden_ones() {
    for (name, key, regulariser) in [
        ("grey", "l1", Regulariser::L1),
        ("grey", "l2", Regulariser::L2),
        ("rgb", "l1", Regulariser::L1),
    ] {
        let golden = Golden::open(name);
        let lambda = per_image(golden.number("lambda") as f32, &golden.input("x0"));
        let energy = Energy {
            original: golden.input("x0"),
            counted: None,
            lambda: lambda.clone(),
            terms: Terms::new(Distance::SquaredError, regulariser),
        };
        let at = energy.at(&golden.model.network, golden.input("xt"));
        let value = host_values(at.energy(&lambda)).expect("reads back")[0];
        golden.expect(&format!("{key}.energy"), &[value.into()]);
        let gradient = host_values(at.gradient).expect("reads back");
        golden.expect_picture(&format!("{key}.gradient"), &gradient);

        let network = golden.model.network.packed().expect("is on the processor");
        let fixed = Fixed {
            original: golden.picture("x0").pixels,
            counted: None,
            moving: None,
            lambda: golden.number("lambda") as f32,
            omega: 0.0,
        };
        let mut point = Point::at(golden.picture("xt").pixels);
        let mut jobs = [Evaluation {
            fixed: &fixed,
            from: None,
            point: &mut point,
        }];
        let mut workspace = Workspace::new(&network, 1);
        step_and_evaluate(
            &network,
            &mut workspace,
            Terms::new(Distance::SquaredError, regulariser),
            &mut jobs,
        );
        let value = point.energy(&fixed);
        golden.expect(&format!("{key}.energy"), &[value.into()]);
        golden.expect_picture(&format!("{key}.gradient"), &point.gradient);
    }
}

#[test]
fn the_first_five_iterates_are_the_golden_ones() {
    for (name, key, step, kept) in [
        ("grey", "weighted", StepRule::WEIGHTED, 1..=5),
        ("grey", "plain", StepRule::PLAIN, 5..=5),
        ("rgb", "weighted", StepRule::WEIGHTED, 5..=5),
    ] {
        let golden = Golden::open(name);
        let config = projection_config(&golden, step);
        let network = &golden.model.network;
        let pairs = [Pair::from(&config)];
        for start in [Projection::with_pairs, Projection::on_tensors] {
            let projection = start(
                network,
                &[golden.picture("x0")],
                Masks::default(),
                &pairs,
                config,
                0.0,
            )
            .expect("the picture fits");
            let mut scalars = Vec::new();
            let iterates = trajectory_of(projection).into_iter().flatten();
            for (t, iterate) in iterates.enumerate() {
                let row = iterate.scalars;
                scalars.extend(
                    [
                        row.energy,
                        row.reconstruction_error,
                        row.regulariser,
                        row.reconstruction_shift,
                        row.largest_change,
                    ]
                    .map(f64::from),
                );
                if kept.clone().contains(&t) {
                    golden.expect_picture(&format!("{key}.{t}"), &iterate.iterate.pixels);
                }
            }
            golden.expect(&format!("{key}.scalars"), &scalars);
        }
    }
}

#[test]
fn the_training_loss_and_its_gradients_are_the_golden_ones() {
    let golden = Golden::open("grey");
    let tracking = golden.device.clone().autodiff();
    let beta = golden.number("beta") as f32;
    let network = golden.model.network.map(
        |weight| Tensor::from_inner(weight.clone()).require_grad(),
        |bias| Tensor::from_inner(bias.clone()).require_grad(),
    );
    let batch = [golden.picture("x0"), golden.picture("xt")];
    let x = tensor_from_pictures(&batch, &tracking).expect("two pictures");
    let noise: Vec<f32> = golden.values("noise")[..6]
        .iter()
        .map(|value| *value as f32)
        .collect();
    let noise = burn::tensor::TensorData::new(noise, [2, 3, 1, 1]);
    let objective = Objective::Vae { beta };
    let examples = Examples {
        inputs: x.clone(),
        targets: x,
        noise: Some(Tensor::from_data(noise, &tracking)),
    };
    let terms = loss(objective, &network, examples);
    let halves = [&terms.reconstruction, &terms.kl, &terms.total]
        .map(|term| f64::from(host_values(term.clone().inner()).expect("reads back")[0]) / 2.0);
    Golden::expect_close("train.losses", &halves, &golden.values("train.losses")[..3]);

    let mut gradients = terms.total.div_scalar(2.0).backward();
    let packed = golden.model.network.packed().expect("is on the processor");
    let mut scratch = Scratch::new(&packed, 2);
    let pixels = [golden.picture("x0").pixels, golden.picture("xt").pixels].concat();
    let noise: Vec<f32> = golden.values("noise")[..6]
        .iter()
        .map(|value| *value as f32)
        .collect();
    let examples = training::Examples {
        inputs: &pixels,
        targets: &pixels,
        noise: &noise,
    };
    let loss = training::gradients(&packed, &mut scratch, examples, objective);
    let total = loss.reconstruction + f64::from(beta) * loss.kl;
    let halves = [loss.reconstruction, loss.kl, total].map(|sum| sum / 2.0);
    Golden::expect_close("train.losses", &halves, &golden.values("train.losses")[..3]);
    let fast = scratch.gradients();

    let mut checked = 0;
    for (layer, at) in network.layers().iter().zip(packed.order()) {
        let name = format!("train.gradient.{}.weight", layer.spec.name);
        if golden.has(&name) {
            let gradient = layer
                .weight
                .grad_remove(&mut gradients)
                .expect("is tracked");
            let values = host_values(gradient).expect("reads back");
            golden.expect(
                &name,
                &values.into_iter().map(f64::from).collect::<Vec<_>>(),
            );
            let values = packed.layers[at].unpacked(&fast[at].weights);
            golden.expect(
                &name,
                &values.into_iter().map(f64::from).collect::<Vec<_>>(),
            );
            checked += 1;
        }
    }
    assert!(checked >= 5, "the golden file names weights");
}

#[test]
fn adam_takes_pytorchs_steps() {
    let golden = Golden::open("grey");
    let config = TrainingConfig {
        objective: Objective::Vae {
            beta: golden.number("beta") as f32,
        },
        learning_rate: golden.number("learning_rate"),
        schedule: Schedule::Constant,
        adam_beta1: golden.number("adam_beta1") as f32,
        adam_beta2: golden.number("adam_beta2") as f32,
        weight_decay: golden.number("weight_decay") as f32,
        ..Default::default()
    };
    let network = golden.model.network.clone();
    let mut trainer = Trainer::resume(network, None, 0, 0, &config, &golden.device);
    let noise = golden.values("noise");
    for (step, noise) in noise.chunks_exact(6).enumerate() {
        let pixels = [golden.picture("x0").pixels, golden.picture("xt").pixels].concat();
        let noise = noise.iter().map(|value| *value as f32).collect();
        trainer.step_with_noise(Batch::clean(pixels, 2), noise);
        if step == 1 {
            continue;
        }
        let states = trainer.optimiser().expect("it has stepped");
        for (layer, state) in trainer.network().layers().iter().zip(states) {
            let name = format!("train.step{}.{}.weight", step + 1, layer.spec.name);
            if golden.has(&name) {
                // A step is about 2e-4 long, so the tolerance is a share of that.
                let values = host_values(state.weight.value).expect("reads back");
                for (actual, expected) in values.iter().zip(golden.values(&name)) {
                    assert!((f64::from(*actual) - expected).abs() < 4e-6, "{name}");
                }
            }
        }
    }
}
