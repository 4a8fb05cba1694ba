//! Room for training steps, and the gradients that they leave there.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::layer::Layer;
use crate::network::{LATENT, LOG_VARIANCE, MEAN, Network};
use crate::pass::Workspace;
use crate::real::Real;
use crate::shape::Shape;

/// Lanes at most; each takes the memory of the convolutions' weights.
const LANES: usize = 8;

/// The layers that take a whole grid to a vector or back; their gradients are computed for all
/// images at once.
pub(super) const DENSE: [usize; 3] = [MEAN, LOG_VARIANCE, LATENT];

/// The gradient of one layer: its weights', in the layout of [`Layer::leading`], and its biases'.
#[derive(Clone, Debug, Default)]
pub struct LayerGradient<T> {
    /// As the weights.
    pub weights: Vec<T>,
    /// One value an output channel, padded.
    pub bias: Vec<T>,
}

impl<T: Real> LayerGradient<T> {
    /// Zero, for a layer.
    pub fn zero(layer: &Layer<T>) -> Self {
        Self {
            weights: vec![T::ZERO; layer.leading().weights.len()],
            bias: vec![T::ZERO; layer.forward.destination.channels()],
        }
    }

    pub(super) fn clear(&mut self) {
        self.weights.fill(T::ZERO);
        self.bias.fill(T::ZERO);
    }
}

/// Room for the steps of a training run.
#[derive(Debug)]
pub struct Scratch<T> {
    pub(super) workspace: Workspace<T>,
    pub(super) mean: Vec<T>,
    pub(super) log_variance: Vec<T>,
    pub(super) log_variance_gradient: Vec<T>,
    pub(super) features_gradient: Vec<T>,
    /// Of the convolutions, by lane, then by layer; those of dense layers are empty.
    pub(super) lanes: Vec<Mutex<Vec<LayerGradient<T>>>>,
    /// Of [`DENSE`].
    pub(super) dense: [Mutex<LayerGradient<T>>; 3],
}

impl<T: Real> Scratch<T> {
    /// Room for batches of up to `images` images.
    pub fn new(network: &Network<T>, images: usize) -> Self {
        let room = |shape: Shape| vec![T::ZERO; images * shape.count()];
        let lane = || {
            let layers = network.layers.iter().enumerate();
            let gradients = layers.map(|(at, layer)| {
                if DENSE.contains(&at) {
                    LayerGradient::default()
                } else {
                    LayerGradient::zero(layer)
                }
            });
            Mutex::new(gradients.collect())
        };
        Self {
            workspace: Workspace::new(network, images),
            mean: room(network.station(LATENT)),
            log_variance: room(network.station(LATENT)),
            log_variance_gradient: room(network.station(LATENT)),
            features_gradient: room(network.station(MEAN)),
            lanes: (0..LANES.min(images)).map(|_| lane()).collect(),
            dense: DENSE.map(|layer| Mutex::new(LayerGradient::zero(&network.layers[layer]))),
        }
    }

    /// The most images of a batch.
    pub fn images(&self) -> usize {
        self.workspace.images()
    }

    /// The gradients of the last batch, in the order of [`Network::layers`].
    pub fn gradients(&mut self) -> Vec<&mut LayerGradient<T>> {
        let first = self.lanes[0]
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<&mut LayerGradient<T>> = first.iter_mut().collect();
        for (layer, gradient) in DENSE.into_iter().zip(&mut self.dense) {
            all[layer] = gradient.get_mut().unwrap_or_else(PoisonError::into_inner);
        }
        all
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
