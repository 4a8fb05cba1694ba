//! Other reconstruction terms and objectives against float64 values of PyTorch: see
//! `tests/golden/make_golden.py`.

use burn::tensor::{Tensor, TensorData};
use kizumi_compute::energy::{Energy, per_image};
use kizumi_compute::objective::{Examples, loss};
use kizumi_compute::tensors::{host_values, tensor_from_pictures};
use kizumi_kernel::energy::step_and_evaluate;
use kizumi_kernel::pass::Workspace;
use kizumi_kernel::point::{Evaluation, Fixed, Point};
use kizumi_kernel::training::{self, Scratch};
use kizumi_method::config::{Distance, Objective, Regulariser};
use kizumi_method::energy_terms::Terms;

use crate::golden::Golden;

fn doubles(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    doubles(&host_values(tensor).expect("reads back"))
}

#[test]
fn every_distance_has_the_golden_energy_and_gradient() {
    let golden = Golden::open("grey");
    let expected = Golden::open_with("grey", "distances");
    let lambda = golden.number("lambda") as f32;
    for (key, distance) in [
        ("absolute", Distance::AbsoluteError),
        ("cross_entropy", Distance::CrossEntropy),
        ("dissimilarity", Distance::Dissimilarity),
    ] {
        let energy = Energy {
            original: golden.input("x0"),
            counted: None,
            lambda: per_image(lambda, &golden.input("x0")),
            terms: Terms::new(distance, Regulariser::L1),
        };
        let at = energy.at(&golden.model.network, golden.input("xt"));
        let both = [
            host(at.reconstruction_error.clone()),
            host(at.energy(&energy.lambda)),
        ];
        expected.expect(&format!("{key}.energy"), &both.concat());
        let gradient = host_values(at.gradient).expect("reads back");
        expected.expect_picture(&format!("{key}.gradient"), &gradient);

        let network = golden.model.network.packed().expect("is on the processor");
        let fixed = Fixed {
            original: golden.picture("x0").pixels,
            counted: None,
            moving: None,
            lambda,
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
            Terms::new(distance, Regulariser::L1),
            &mut jobs,
        );
        let both = [point.reconstruction_error, point.energy(&fixed)];
        expected.expect(&format!("{key}.energy"), &doubles(&both));
        expected.expect_picture(&format!("{key}.gradient"), &point.gradient);
    }
}

#[test]
fn every_objective_has_the_golden_loss_and_gradients() {
    for (key, objective) in [
        ("autoencoder", Objective::Autoencoder),
        ("gamma_vae", Objective::GammaVae),
        ("dssim", Objective::Dssim),
        ("restoring", Objective::Restoring),
    ] {
        check_objective(key, objective);
    }
}

fn check_objective(key: &str, objective: Objective) {
    let golden = Golden::open("grey");
    let expected = Golden::open_with("grey", "distances");
    let (x0, xt) = (golden.picture("x0"), golden.picture("xt"));
    let (inputs, targets) = if objective.is_restoring() {
        (vec![xt], vec![x0])
    } else {
        (vec![x0.clone(), xt.clone()], vec![x0, xt])
    };
    let images = inputs.len() as f64;
    let all = golden.values("noise");
    let noise: Vec<f32> = all[..6].iter().map(|value| *value as f32).collect();
    let noise = if objective.is_variational() {
        noise
    } else {
        Vec::new()
    };
    let losses = expected.values(&format!("{key}.losses"));

    let tracking = golden.device.clone().autodiff();
    let network = golden.model.network.map(
        |weight| Tensor::from_inner(weight.clone()).require_grad(),
        |bias| Tensor::from_inner(bias.clone()).require_grad(),
    );
    let batch = |pictures| tensor_from_pictures(pictures, &tracking).expect("some pictures");
    let latent = (!noise.is_empty())
        .then(|| Tensor::from_data(TensorData::new(noise.clone(), [2, 3, 1, 1]), &tracking));
    let examples = Examples {
        inputs: batch(&inputs),
        targets: batch(&targets),
        noise: latent,
    };
    let terms = loss(objective, &network, examples);
    let mean = |term: &Tensor<1>| host(term.clone().inner())[0] / images;
    let of_tensors = [mean(&terms.reconstruction), mean(&terms.total)];
    Golden::expect_close(key, &of_tensors, &[losses[0], losses[2]]);
    let mut by_tensors = terms.total.div_scalar(images).backward();

    let packed = golden.model.network.packed().expect("is on the processor");
    let mut scratch = Scratch::new(&packed, 2);
    let pixels = |pictures: &[kizumi_image::picture::Picture]| -> Vec<f32> {
        let pictures = pictures.iter();
        pictures
            .flat_map(|picture| picture.pixels.clone())
            .collect()
    };
    let examples = training::Examples {
        inputs: &pixels(&inputs),
        targets: &pixels(&targets),
        noise: &noise,
    };
    let sums = training::gradients(&packed, &mut scratch, examples, objective);
    Golden::expect_close(key, &[sums.reconstruction / images], &losses[..1]);
    if objective.is_variational() {
        for kl in [mean(&terms.kl), sums.kl / images] {
            Golden::expect_close(key, &[kl], &losses[1..2]);
        }
    }
    let on_host = scratch.gradients();

    let mut checked = 0;
    for (layer, at) in network.layers().iter().zip(packed.order()) {
        let outputs = layer.spec.outputs;
        let name = |part: &str| format!("{key}.gradient.{}.{part}", layer.spec.name);
        if expected.has(&name("weight")) {
            let gradient = layer.weight.grad_remove(&mut by_tensors);
            expected.expect(&name("weight"), &host(gradient.expect("is tracked")));
            let gradient = packed.layers[at].unpacked(&on_host[at].weights);
            expected.expect(&name("weight"), &doubles(&gradient));
            checked += 1;
        }
        if expected.has(&name("bias")) {
            let gradient = layer.bias.grad_remove(&mut by_tensors);
            expected.expect(&name("bias"), &host(gradient.expect("is tracked")));
            expected.expect(&name("bias"), &doubles(&on_host[at].bias[..outputs]));
            checked += 1;
        }
    }
    assert!(checked >= 4, "the golden file names parameters");
}
