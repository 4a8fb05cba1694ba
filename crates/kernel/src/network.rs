//! The network of [`crate::architecture`] on packed weights, and its passes.
//!
//! Layers form a chain of stations: station `l` holds what layer `l` reads, layer `l` writes station
//! `l + 1`. Going back, the gradient of a station is made from that of the next one.

use super::isa::Isa;
use super::layer::{Layer, as_gradient, step};
use super::pass::Workspace;
use super::real::Real;
use super::shape::Shape;
use super::spare::{Loan, Spare};
use crate::architecture::{LayerKind, LayerSpec, layer_specs, skips};
use kizumi_method::config::NetworkConfig;

/// Layers of the encoder before its heads.
pub const ENCODER: usize = 8;
/// The layer of the latent mean; it reads station 8 and writes station 9, the latent.
pub const MEAN: usize = ENCODER;
/// The station of the latent.
pub const LATENT: usize = MEAN + 1;
/// The head of the log-variance, beside the chain; it reads station 8.
pub const LOG_VARIANCE: usize = 18;
/// The last layer of the chain; it writes the reconstruction.
pub const LAST: usize = 17;
/// The station of the reconstruction.
pub const RECONSTRUCTION: usize = LAST + 1;

/// The packed network.
#[derive(Clone, Debug)]
pub struct Network<T> {
    /// Its shape.
    pub config: NetworkConfig,
    /// The chain, then [`LOG_VARIANCE`].
    pub layers: Vec<Layer<T>>,
    /// The instructions that it computes with.
    pub isa: Isa,
    spare: Spare<Workspace<T>>,
}

impl<T: Real> Network<T> {
    /// A network from weights and biases in the order of [`layer_specs`].
    ///
    /// # Panics
    /// If they do not fit `config`.
    pub fn new(config: &NetworkConfig, parameters: &[(Vec<T>, Vec<T>)], isa: Isa) -> Self {
        let mut specs: Vec<LayerSpec> = layer_specs(config);
        assert_eq!(specs.len(), parameters.len());
        // The chain first, then the head beside it.
        let mut order: Vec<usize> = (0..specs.len()).collect();
        let log_variance = order.remove(MEAN + 1);
        order.push(log_variance);
        let mut shape = Shape::Grid {
            side: config.size_px,
            channels: config.channels,
        };
        let mut features = shape;
        let mut layers = Vec::new();
        for (at, index) in order.into_iter().enumerate() {
            let spec = std::mem::replace(&mut specs[index], placeholder());
            if at == MEAN {
                features = shape;
            } else if at == LOG_VARIANCE {
                shape = features;
            }
            let (op, next) = step(&spec, shape, at == LAST);
            let mut layer = Layer::new(spec, op, shape, next);
            let (weight, bias) = &parameters[index];
            layer.pack(weight, bias, isa);
            layers.push(layer);
            shape = next;
        }
        Self {
            config: config.clone(),
            layers,
            isa,
            spare: Spare::default(),
        }
    }

    /// Buffers for at least `images` images at once.
    pub fn workspace(&self, images: usize) -> Loan<Workspace<T>> {
        self.spare.lend(images, || Workspace::new(self, images))
    }

    /// Indices of `layers` in the order of [`layer_specs`].
    pub fn order(&self) -> impl Iterator<Item = usize> + use<T> {
        (0..=MEAN).chain([LOG_VARIANCE]).chain(LATENT..=LAST)
    }

    /// The layers in the order of [`layer_specs`].
    pub fn in_order(&self) -> impl Iterator<Item = &Layer<T>> {
        self.order().map(|at| &self.layers[at])
    }

    /// The shape of a station.
    pub fn station(&self, station: usize) -> Shape {
        match station {
            0 => self.layers[0].forward.source,
            _ => self.layers[station - 1].forward.destination,
        }
    }

    /// The shape of a station's gradient.
    pub fn gradient_station(&self, station: usize) -> Shape {
        as_gradient(self.station(station))
    }

    /// The stations that skip connections lead from and to.
    fn skips(&self) -> impl Iterator<Item = (usize, usize)> {
        let skips = skips(&self.config).iter();
        skips.map(|(encoder, decoder)| (encoder + 1, LATENT + decoder + 1))
    }

    /// The station whose values a skip connection adds to this one, if one does.
    pub fn skip_into(&self, station: usize) -> Option<usize> {
        self.skips()
            .find(|(_, to)| *to == station)
            .map(|(from, _)| from)
    }

    /// The station that a skip connection takes this one's values to, if one does.
    pub fn skip_out_of(&self, station: usize) -> Option<usize> {
        self.skips()
            .find(|(from, _)| *from == station)
            .map(|(_, to)| to)
    }

    /// Values of a picture.
    pub fn picture_len(&self) -> usize {
        self.config.channels * self.config.size_px * self.config.size_px
    }
}

fn placeholder() -> LayerSpec {
    LayerSpec {
        name: String::new(),
        kind: LayerKind::Convolution,
        inputs: 0,
        outputs: 0,
        kernel: 0,
        stride: 0,
        padding: 0,
    }
}
