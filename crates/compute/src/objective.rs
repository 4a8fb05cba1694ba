//! What training minimises. Each objective turns a batch into the same loss terms, so the trainer
//! does not know which one it follows.

use burn::tensor::Tensor;

use super::distance;
use super::network::Vae;
use kizumi_method::config::Objective;

/// What a step learns from; pictures are `[batch, channels, size, size]`.
pub struct Examples {
    /// What the network is shown.
    pub inputs: Tensor<4>,
    /// What it is to give back.
    pub targets: Tensor<4>,
    /// Standard normal, `[batch, latent, 1, 1]`, for the latent sample; without it the latent is its
    /// mean.
    pub noise: Option<Tensor<4>>,
}

/// The loss of one batch; every term is `[1]` and a sum over the batch.
pub struct LossTerms {
    /// What is minimised.
    pub total: Tensor<1>,
    /// The reconstruction term, without its weight.
    pub reconstruction: Tensor<1>,
    /// The KL divergence, without its weight.
    pub kl: Tensor<1>,
}

/// The loss of a batch.
pub fn loss(objective: Objective, network: &Vae, examples: Examples) -> LossTerms {
    let Examples {
        inputs,
        targets,
        noise,
    } = examples;
    let posterior = network.encode(inputs);
    let kl = kl_divergence(posterior.mean.clone(), posterior.log_variance.clone());
    let latent = match noise {
        // z = mean + sigma * noise keeps the sample differentiable.
        Some(noise) => posterior.mean + posterior.log_variance.mul_scalar(0.5).exp() * noise,
        None => posterior.mean,
    };
    let values = targets.shape().num_elements() as f64;
    let reconstruction = network.decode(latent, &posterior.skipped);
    let error = distance::terms(objective.distance(), targets, reconstruction).sum();
    let weighted = match objective {
        // With gamma^2 at its minimum, the mean squared error, the two terms are these.
        Objective::GammaVae => error
            .clone()
            .div_scalar(values)
            .log()
            .add_scalar(1.0)
            .mul_scalar(0.5 * values),
        _ => error.clone(),
    };
    LossTerms {
        total: weighted + kl.clone().mul_scalar(objective.kl_weight()),
        reconstruction: error,
        kl,
    }
}

/// KL divergence of N(mean, exp(log_variance)) to N(0, 1), summed over batch and latent:
/// `(mean^2 + exp(log_variance) - log_variance - 1) / 2`.
fn kl_divergence(mean: Tensor<4>, log_variance: Tensor<4>) -> Tensor<1> {
    (mean.square() + log_variance.clone().exp() - log_variance)
        .sub_scalar(1.0)
        .sum()
        .mul_scalar(0.5)
}
