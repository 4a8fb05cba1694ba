//! Skip connections against float64 values of PyTorch: see `tests/golden/make_golden.py`.

use kizumi_compute::energy::{Energy, per_image};
use kizumi_compute::network::Vae;
use kizumi_compute::projector::{Masks, Pair, Projection};
use kizumi_compute::tensors::host_values;
use kizumi_method::config::{Distance, NetworkConfig, ProjectionConfig, Regulariser};
use kizumi_method::energy_terms::Terms;

use crate::golden::Golden;

#[test]
fn skip_connections_give_the_golden_reconstruction_and_gradient() {
    let golden = Golden::open("grey");
    let expected = Golden::open_with("grey", "skips");
    let lambda = golden.number("lambda") as f32;
    for skips in [1, 4] {
        let config = NetworkConfig {
            skips,
            ..golden.model.network.config.clone()
        };
        let network = Vae::new(&config, golden.model.network.layers().to_vec());
        let reconstruction = format!("{skips}.reconstruction");
        let on_host = network.reconstruct(&[golden.picture("x0")]).expect("fits");
        let on_tensors = network.reconstruct_on_tensors(golden.input("x0"));
        let on_tensors = host_values(on_tensors).expect("reads back");
        for values in [&on_host[0].pixels, &on_tensors] {
            expected.expect_picture(&reconstruction, values);
        }
        let energy = Energy {
            original: golden.input("x0"),
            counted: None,
            lambda: per_image(lambda, &golden.input("x0")),
            terms: Terms::new(Distance::SquaredError, Regulariser::L1),
        };
        let on_tensors = energy.at(&network, golden.input("xt")).gradient;
        let gradient = format!("{skips}.gradient");
        expected.expect_picture(&gradient, &host_values(on_tensors).expect("reads back"));

        // On the processor from xt with nothing to stay close to, so the regulariser is added here.
        let config = ProjectionConfig::default();
        let pairs = [Pair { alpha: 0.0, lambda }];
        let xt = [golden.picture("xt")];
        let projection =
            Projection::with_pairs(&network, &xt, Masks::default(), &pairs, config, 0.0)
                .expect("fits");
        let at = projection.observe().expect("reads back").iterates.remove(0);
        let (x0, xt) = (golden.picture("x0"), golden.picture("xt"));
        let pull = xt.pixels.iter().zip(&x0.pixels).map(|(x, x0)| {
            let change = x - x0;
            if change == 0.0 {
                0.0
            } else {
                lambda * change.signum()
            }
        });
        let values: Vec<f32> = at
            .gradient
            .pixels
            .iter()
            .zip(pull)
            .map(|(g, pull)| g + pull)
            .collect();
        expected.expect_picture(&gradient, &values);
    }
}
