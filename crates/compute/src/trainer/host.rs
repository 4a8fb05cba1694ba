//! Training on the processor: see [`kizumi_kernel`].

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use rayon::prelude::*;

use super::{LayerState, ParameterState, averaging};
use crate::network::{Layer, Vae};
use crate::tensors::{ComputeError, host_values};
use kizumi_dataset::batches::Batch;
use kizumi_kernel::adam::{Adam, Moments};
use kizumi_kernel::isa::Isa;
use kizumi_kernel::network::Network;
use kizumi_kernel::training::{Examples, LayerGradient, Loss, Scratch, gradients};
use kizumi_method::config::TrainingConfig;

/// What a step changes. A clone is a cheap snapshot: it is copied when a step comes.
#[derive(Clone)]
pub struct Parameters {
    /// As the last step left it.
    network: Arc<Network<f32>>,
    /// The running means of its weights and biases, layer by layer.
    average: Arc<Vec<LayerGradient<f32>>>,
    moments: Arc<Moments<f32>>,
    /// Adam's steps.
    time: u64,
}

impl Parameters {
    /// Those of `network`, the means, with the optimiser's state after `time` steps; without one it
    /// starts afresh.
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver.
    pub fn new(
        network: &Vae,
        optimiser: Option<Vec<LayerState>>,
        time: u64,
    ) -> Result<Self, ComputeError> {
        let mut network = match network.packed() {
            Some(packed) => packed,
            None => Arc::new(network.pack(Isa::current())?),
        };
        let average = Arc::new(values_of(&network));
        let (moments, time) = match optimiser {
            Some(saved) => (load(Arc::make_mut(&mut network), saved)?, time),
            None => (Moments::zero(&network), 0),
        };
        Ok(Self {
            network,
            average,
            moments: Arc::new(moments),
            time,
        })
    }

    /// One optimiser step of size `learning_rate`; gives the sums of the loss.
    pub fn step(
        &mut self,
        config: &TrainingConfig,
        learning_rate: f64,
        scratch: &mut Option<Scratch<f32>>,
        batch: &Batch,
        noise: &[f32],
    ) -> Loss {
        let images = batch.images;
        if scratch
            .as_ref()
            .is_none_or(|scratch| scratch.images() < images)
        {
            *scratch = None;
        }
        let scratch = scratch.get_or_insert_with(|| Scratch::new(&self.network, images));
        let examples = Examples {
            inputs: batch.inputs(),
            targets: &batch.pixels,
            noise,
        };
        let loss = gradients(&self.network, scratch, examples, config.objective);
        self.time += 1;
        let adam = Adam::at(
            self.time,
            learning_rate,
            config.adam_beta1,
            config.adam_beta2,
            config.weight_decay,
            super::EPSILON,
        );
        let network = Arc::make_mut(&mut self.network);
        adam.step(network, Arc::make_mut(&mut self.moments), scratch);
        if let Some(share) = averaging(self.time) {
            self.take_mean(share as f32);
        }
        loss
    }

    /// Moves the means by a share of the way to the values as they are.
    fn take_mean(&mut self, share: f32) {
        let means = Arc::make_mut(&mut self.average);
        let layers = means.par_iter_mut().zip(&self.network.layers);
        layers.with_max_len(1).for_each(|(mean, layer)| {
            let weights = mean.weights.iter_mut().zip(&layer.leading().weights);
            let biases = mean.bias.iter_mut().zip(layer.bias());
            for (mean, value) in weights.chain(biases) {
                *mean += share * (value - *mean);
            }
        });
    }

    /// The network of the means.
    pub fn network(&self, device: &Device) -> Vae {
        let mut network = (*self.network).clone();
        let isa = network.isa;
        for (layer, mean) in network.layers.iter_mut().zip(&*self.average) {
            layer.leading_mut().weights.clone_from(&mean.weights);
            layer.follow(isa);
            layer.set_bias(&mean.bias[..layer.spec.outputs]);
        }
        let network = Arc::new(network);
        let layers = network.in_order().map(|layer| Layer {
            weight: Tensor::from_data(
                TensorData::new(
                    layer.unpacked(&layer.leading().weights),
                    layer.spec.weight_shape(),
                ),
                device,
            ),
            bias: Tensor::from_data(layer.bias(), device),
            spec: layer.spec.clone(),
        });
        Vae::with_packed(layers.collect(), Arc::clone(&network))
    }

    /// The optimiser's state in the order of the layers, after its first step.
    pub fn optimiser(&self, device: &Device) -> Option<Vec<LayerState>> {
        (self.time > 0).then(|| {
            let Moments { first, second } = &*self.moments;
            let values = values_of(&self.network);
            self.network
                .in_order()
                .zip(self.network.order())
                .map(|(layer, at)| {
                    let weight = |of: &[LayerGradient<f32>]| {
                        let values = layer.unpacked(&of[at].weights);
                        let data = TensorData::new(values, layer.spec.weight_shape());
                        Tensor::from_data(data, device)
                    };
                    let bias = |of: &[LayerGradient<f32>]| {
                        Tensor::from_data(&of[at].bias[..layer.spec.outputs], device)
                    };
                    LayerState {
                        weight: ParameterState {
                            value: weight(&values),
                            first: weight(first),
                            second: weight(second),
                        },
                        bias: ParameterState {
                            value: bias(&values),
                            first: bias(first),
                            second: bias(second),
                        },
                    }
                })
                .collect()
        })
    }
}

/// The weights in the layout that gradients have, and the biases.
fn values_of(network: &Network<f32>) -> Vec<LayerGradient<f32>> {
    let layers = network.layers.iter().map(|layer| {
        let mut values = LayerGradient::zero(layer);
        values.weights.clone_from(&layer.leading().weights);
        values.bias[..layer.spec.outputs].copy_from_slice(layer.bias());
        values
    });
    layers.collect()
}

/// Sets the network's values, and gives the moments.
fn load(network: &mut Network<f32>, saved: Vec<LayerState>) -> Result<Moments<f32>, ComputeError> {
    let mut moments = Moments::zero(network);
    let isa = network.isa;
    let order: Vec<usize> = network.order().collect();
    for (at, LayerState { weight, bias }) in order.into_iter().zip(saved) {
        let layer = &mut network.layers[at];
        let packed = |weight: Tensor<4>| Ok::<_, ComputeError>(layer.packed(&host_values(weight)?));
        let values = packed(weight.value)?;
        let set = |to: &mut LayerGradient<f32>, weight, bias: Tensor<1>| {
            to.weights = packed(weight)?;
            let bias = host_values(bias)?;
            to.bias[..bias.len()].copy_from_slice(&bias);
            Ok::<_, ComputeError>(())
        };
        set(&mut moments.first[at], weight.first, bias.first)?;
        set(&mut moments.second[at], weight.second, bias.second)?;
        layer.leading_mut().weights = values;
        layer.follow(isa);
        layer.set_bias(&host_values(bias.value)?);
    }
    Ok(moments)
}
