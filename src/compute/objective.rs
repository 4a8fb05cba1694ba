//! What training minimises. Each objective turns a batch into the same loss terms, so the trainer
//! does not know which one it follows.

use burn::tensor::Tensor;

use super::network::Vae;
use crate::data::config::Objective;

/// The loss of one batch; every term is `[1]` and a sum over the batch.
pub struct LossTerms {
    /// What is minimised.
    pub total: Tensor<1>,
    /// The reconstruction term.
    pub reconstruction: Tensor<1>,
    /// The KL divergence without its weight.
    pub kl: Tensor<1>,
}

/// The loss of `x`, `[batch, channels, size, size]`, with standard normal `noise`,
/// `[batch, latent, 1, 1]`, for the latent sample.
pub fn loss(objective: Objective, network: &Vae, x: Tensor<4>, noise: Tensor<4>) -> LossTerms {
    match objective {
        Objective::Vae { beta } => {
            let posterior = network.encode(x.clone());
            // z = mean + sigma * noise keeps the sample differentiable.
            let sigma = posterior.log_variance.clone().mul_scalar(0.5).exp();
            let reconstruction = network.decode(posterior.mean.clone() + sigma * noise);
            let error = (x - reconstruction).square().sum();
            let kl = kl_divergence(posterior.mean, posterior.log_variance);
            LossTerms {
                total: error.clone() + kl.clone().mul_scalar(beta),
                reconstruction: error,
                kl,
            }
        }
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
