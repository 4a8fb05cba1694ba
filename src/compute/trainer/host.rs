//! Training on the processor: see [`crate::compute::cpu`].

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use super::SavedMoments;
use crate::compute::cpu::adam::{Adam, Moments};
use crate::compute::cpu::isa::Isa;
use crate::compute::cpu::network::Network;
use crate::compute::cpu::training::{Examples, LayerGradient, Loss, Scratch, gradients};
use crate::compute::network::{Layer, Vae};
use crate::compute::tensors::{ComputeError, host_values};
use crate::data::batches::Batch;
use crate::data::config::TrainingConfig;

/// What a step changes. A clone is a cheap snapshot: it is copied when a step comes.
#[derive(Clone)]
pub struct Parameters {
    network: Arc<Network<f32>>,
    moments: Arc<Moments<f32>>,
    /// Adam's steps.
    time: u64,
}

impl Parameters {
    /// Those of `network`, with Adam's moments after `time` steps; without them it starts afresh.
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver.
    pub fn new(
        network: &Vae,
        moments: Option<Vec<SavedMoments>>,
        time: u64,
    ) -> Result<Self, ComputeError> {
        let network = match network.packed() {
            Some(packed) => packed,
            None => Arc::new(network.pack(Isa::current())?),
        };
        let (moments, time) = match moments {
            Some(saved) => (load(&network, saved)?, time),
            None => (Moments::zero(&network), 0),
        };
        Ok(Self {
            network,
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
        loss
    }

    /// The network as it is now.
    pub fn network(&self, device: &Device) -> Vae {
        let layers = self.network.in_order().map(|layer| Layer {
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
        Vae::with_packed(layers.collect(), Arc::clone(&self.network))
    }

    /// Adam's moments in the order of the layers, after its first step.
    pub fn moments(&self, device: &Device) -> Option<Vec<SavedMoments>> {
        (self.time > 0).then(|| {
            let Moments { first, second } = &*self.moments;
            self.network
                .in_order()
                .zip(self.network.order())
                .map(|(layer, at)| {
                    let weight = |gradient: &LayerGradient<f32>| {
                        let values = layer.unpacked(&gradient.weights);
                        let data = TensorData::new(values, layer.spec.weight_shape());
                        Tensor::from_data(data, device)
                    };
                    let bias = |gradient: &LayerGradient<f32>| {
                        Tensor::from_data(&gradient.bias[..layer.spec.outputs], device)
                    };
                    SavedMoments {
                        weight: (weight(&first[at]), weight(&second[at])),
                        bias: (bias(&first[at]), bias(&second[at])),
                    }
                })
                .collect()
        })
    }
}

fn load(network: &Network<f32>, saved: Vec<SavedMoments>) -> Result<Moments<f32>, ComputeError> {
    let mut moments = Moments::zero(network);
    for (at, saved) in network.order().zip(saved) {
        let layer = &network.layers[at];
        let set = |to: &mut LayerGradient<f32>, weight, bias| -> Result<(), ComputeError> {
            let weight: Tensor<4> = weight;
            let bias: Tensor<1> = bias;
            to.weights = layer.packed(&host_values(weight)?);
            let bias = host_values(bias)?;
            to.bias[..bias.len()].copy_from_slice(&bias);
            Ok(())
        };
        set(&mut moments.first[at], saved.weight.0, saved.bias.0)?;
        set(&mut moments.second[at], saved.weight.1, saved.bias.1)?;
    }
    Ok(moments)
}
