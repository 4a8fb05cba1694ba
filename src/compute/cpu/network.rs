//! The network of [`crate::compute::network`] on packed weights, and its passes.
//!
//! Layers form a chain of stations: station `l` holds what layer `l` reads, layer `l` writes station
//! `l + 1`. Going back, the gradient of a station is made from that of the next one.

#![allow(unsafe_code)]

use std::sync::Arc;

use super::correlate::Finish;
use super::isa::Isa;
use super::map::{Map, Op};
use super::real::Real;
use super::shape::{BLOCK, Shape, padded};
use super::spare::Spare;
use super::team::Member;
use crate::compute::network::{LEAKY_SLOPE, LayerKind, LayerSpec, layer_specs};
use crate::data::config::NetworkConfig;

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

/// One layer, forward and back.
#[derive(Clone, Debug)]
pub struct Layer<T> {
    /// From its input to its output.
    pub forward: Map<T>,
    /// From the gradient of its output to that of its input.
    pub backward: Map<T>,
    /// One value a destination channel of `forward`, padded.
    pub bias: Vec<T>,
    /// Its shape as the rest of the program knows it.
    pub spec: LayerSpec,
    places: Arc<Places>,
}

/// Where each weight lies in the maps of its layer, by its index in PyTorch's layout
/// ([`LayerSpec::weight_shape`]).
#[derive(Debug)]
struct Places {
    forward: Vec<u32>,
    backward: Vec<u32>,
}

impl<T: Real> Layer<T> {
    fn new(spec: LayerSpec, op: Op, source: Shape, destination: Shape) -> Self {
        let back = match op {
            Op::Same => Op::Same,
            Op::Down if source.channels() < BLOCK => Op::Picture,
            Op::Down => Op::Up,
            Op::Up | Op::Picture => Op::Down,
            Op::Collapse => Op::Expand,
            Op::Expand => Op::Collapse,
        };
        let forward = Map::new(op, source, destination, (spec.inputs, spec.outputs));
        let (from, to) = (as_gradient(destination), as_gradient(source));
        let backward = Map::new(back, from, to, (spec.outputs, spec.inputs));
        let repeats = match (op, destination) {
            (Op::Expand, Shape::Grid { side, .. }) => side * side,
            _ => 1,
        };
        let bias = vec![T::ZERO; repeats * padded(destination.channels())];
        let places = Arc::new(Places::of(&spec, &forward, &backward));
        Self {
            forward,
            backward,
            bias,
            spec,
            places,
        }
    }

    /// Takes over weights in PyTorch's layout and biases.
    fn pack(&mut self, weight: &[T], bias: &[T], isa: Isa) {
        let Places { forward, backward } = &*self.places;
        assert_eq!(weight.len(), forward.len());
        for ((value, forward), backward) in weight.iter().zip(forward).zip(backward) {
            self.forward.weights[*forward as usize] = *value;
            self.backward.weights[*backward as usize] = *value;
        }
        self.forward.refresh(isa);
        self.backward.refresh(isa);
        self.set_bias(bias);
    }

    /// Sets the biases, one an output channel.
    pub fn set_bias(&mut self, bias: &[T]) {
        let channels = padded(self.forward.destination.channels());
        for repeat in self.bias.chunks_exact_mut(channels) {
            repeat[..bias.len()].copy_from_slice(bias);
        }
    }

    /// The biases, one an output channel.
    pub fn bias(&self) -> &[T] {
        &self.bias[..self.spec.outputs]
    }

    /// Whether training keeps the weights in the layout of `forward`; else of `backward`. It is the
    /// layout that gradients have: see [`Map::accumulate`].
    pub fn forward_leads(&self) -> bool {
        matches!(self.forward.op, Op::Same | Op::Down | Op::Collapse)
    }

    /// The map whose layout training keeps the weights in.
    pub fn leading(&self) -> &Map<T> {
        if self.forward_leads() {
            &self.forward
        } else {
            &self.backward
        }
    }

    /// As [`Layer::leading`], to change the weights; [`Layer::follow`] must come after.
    pub fn leading_mut(&mut self) -> &mut Map<T> {
        if self.forward_leads() {
            &mut self.forward
        } else {
            &mut self.backward
        }
    }

    fn leading_places(&self) -> &[u32] {
        if self.forward_leads() {
            &self.places.forward
        } else {
            &self.places.backward
        }
    }

    /// Takes note of changed weights of the leading map.
    pub fn follow(&mut self, isa: Isa) {
        let Places { forward, backward } = &*self.places;
        let (from, to, places) = if self.forward_leads() {
            let places = forward.iter().zip(backward);
            (&self.forward.weights, &mut self.backward.weights, places)
        } else {
            let places = backward.iter().zip(forward);
            (&self.backward.weights, &mut self.forward.weights, places)
        };
        for (at, target) in places {
            to[*target as usize] = from[*at as usize];
        }
        self.forward.refresh(isa);
        self.backward.refresh(isa);
    }

    /// Values in the layout of the leading map's weights, in PyTorch's layout.
    pub fn unpacked(&self, values: &[T]) -> Vec<T> {
        let places = self.leading_places().iter();
        places.map(|at| values[*at as usize]).collect()
    }

    /// Values in PyTorch's layout, in that of the leading map's weights.
    pub fn packed(&self, values: &[T]) -> Vec<T> {
        let mut packed = vec![T::ZERO; self.leading().weights.len()];
        for (value, at) in values.iter().zip(self.leading_places()) {
            packed[*at as usize] = *value;
        }
        packed
    }
}

impl Places {
    fn of<T: Real>(spec: &LayerSpec, forward: &Map<T>, backward: &Map<T>) -> Self {
        let [first, second, kernel, _] = spec.weight_shape();
        let index = |input: usize, output: usize, ky: usize, kx: usize| {
            let (a, b) = match spec.kind {
                LayerKind::Convolution => (output, input),
                LayerKind::Transposed => (input, output),
            };
            ((a * second + b) * kernel + ky) * kernel + kx
        };
        let mut places = Self {
            forward: vec![0; first * second * kernel * kernel],
            backward: vec![0; first * second * kernel * kernel],
        };
        forward.each_weight(|at, [input, output, ky, kx]| {
            places.forward[index(input, output, ky, kx)] = at as u32;
        });
        let turned = backward.op == Op::Same;
        backward.each_weight(|at, [output, input, ky, kx]| {
            let (ky, kx) = if turned { (2 - ky, 2 - kx) } else { (ky, kx) };
            places.backward[index(input, output, ky, kx)] = at as u32;
        });
        places
    }
}

/// Gradients of pictures have the other form: what was planes comes back as a grid, for the layer
/// before to read, and the other way round, for the caller.
fn as_gradient(shape: Shape) -> Shape {
    match shape {
        Shape::Planes { side, channels } => Shape::Grid { side, channels },
        Shape::Grid { side, channels } if channels < BLOCK => Shape::Planes { side, channels },
        other => other,
    }
}

/// The packed network.
#[derive(Clone, Debug)]
pub struct Network<T> {
    /// Its shape.
    pub config: NetworkConfig,
    /// The chain, then [`LOG_VARIANCE`].
    pub layers: Vec<Layer<T>>,
    /// The instructions that it computes with.
    pub isa: Isa,
    pub(super) spare: Spare<T>,
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

/// The map of a layer that reads `shape`, and what it writes.
fn step(spec: &LayerSpec, shape: Shape, last: bool) -> (Op, Shape) {
    let grid = |side| Shape::Grid {
        side,
        channels: padded(spec.outputs),
    };
    let side = shape.side();
    match (spec.kind, shape, spec.stride) {
        (LayerKind::Transposed, Shape::Vector { .. }, _) => (Op::Expand, grid(spec.kernel)),
        (LayerKind::Transposed, ..) if last => {
            let (side, channels) = (2 * side, spec.outputs);
            (Op::Picture, Shape::Planes { side, channels })
        }
        (LayerKind::Transposed, ..) => (Op::Up, grid(2 * side)),
        (LayerKind::Convolution, _, 2) => (Op::Down, grid(side / 2)),
        (LayerKind::Convolution, ..) if spec.padding == 0 => {
            let channels = padded(spec.outputs);
            (Op::Collapse, Shape::Vector { channels })
        }
        (LayerKind::Convolution, ..) => (Op::Same, grid(side)),
    }
}

/// The values of every station for some images, and their gradients. Borders are zero and stay so.
#[derive(Debug)]
pub struct Workspace<T> {
    images: usize,
    values: Vec<Vec<T>>,
    gradients: Vec<Vec<T>>,
}

impl<T: Real> Workspace<T> {
    /// Room for `images` images at once.
    pub fn new(network: &Network<T>, images: usize) -> Self {
        let room = |shape: Shape| vec![T::ZERO; images * shape.count()];
        let stations = 0..=RECONSTRUCTION;
        Self {
            images,
            values: stations
                .clone()
                .map(|at| room(network.station(at)))
                .collect(),
            gradients: stations
                .map(|at| room(network.gradient_station(at)))
                .collect(),
        }
    }

    /// Images that fit.
    pub fn images(&self) -> usize {
        self.images
    }

    /// The values of a station, image after image.
    #[cfg(test)]
    pub fn values_of(&self, station: usize) -> &[T] {
        &self.values[station]
    }
}

/// The passes over a workspace, shared by the members of a team.
pub struct Pass<'a, T> {
    network: &'a Network<T>,
    /// Images in use.
    pub images: usize,
    values: Vec<*mut T>,
    gradients: Vec<*mut T>,
}

// SAFETY: the members of a team write to disjoint pieces, phase by phase.
unsafe impl<T: Send> Sync for Pass<'_, T> {}

impl<'a, T: Real> Pass<'a, T> {
    /// A pass of `images` images.
    ///
    /// # Panics
    /// If they do not fit the workspace.
    pub fn new(network: &'a Network<T>, workspace: &'a mut Workspace<T>, images: usize) -> Self {
        assert!(images <= workspace.images);
        let pointers = |of: &mut Vec<Vec<T>>| of.iter_mut().map(|one| one.as_mut_ptr()).collect();
        Self {
            network,
            images,
            values: pointers(&mut workspace.values),
            gradients: pointers(&mut workspace.gradients),
        }
    }

    /// One image's values at a station.
    ///
    /// # Safety
    /// No other member may write them meanwhile.
    pub unsafe fn values(&self, station: usize, image: usize) -> &[T] {
        let length = self.network.station(station).count();
        // SAFETY: within the workspace; the caller's promise.
        unsafe { std::slice::from_raw_parts(self.values[station].add(image * length), length) }
    }

    /// Where one image's values at a station lie.
    pub fn values_at(&self, station: usize, image: usize) -> *mut T {
        debug_assert!(image < self.images);
        let length = self.network.station(station).count();
        self.values[station].wrapping_add(image * length)
    }

    /// One image's gradient at a station.
    ///
    /// # Safety
    /// No other member may write it meanwhile.
    pub unsafe fn gradient(&self, station: usize, image: usize) -> &[T] {
        let length = self.network.gradient_station(station).count();
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts(self.gradients[station].add(image * length), length) }
    }

    /// Where one image's gradient at a station lies.
    pub fn gradient_at(&self, station: usize, image: usize) -> *mut T {
        debug_assert!(image < self.images);
        let length = self.network.gradient_station(station).count();
        self.gradients[station].wrapping_add(image * length)
    }

    /// Whether there are images enough to give each member its own; else members share the pieces
    /// of each layer.
    pub fn by_image(&self, member: &Member<'_>) -> bool {
        2 * self.images > member.size
    }

    /// Runs `work` for each image in `parts` parts.
    pub fn each(&self, member: &mut Member<'_>, parts: usize, work: impl Fn(usize, usize)) {
        if self.by_image(member) {
            member.phase(self.images, |image| {
                (0..parts).for_each(|part| work(image, part))
            });
        } else {
            member.phase(self.images * parts, |chunk| {
                work(chunk / parts, chunk % parts)
            });
        }
    }

    /// The first half of f: every image from its picture to its features.
    pub fn encode(&self, member: &mut Member<'_>) {
        self.chain(member, 0..ENCODER, |layer, image, piece| {
            self.forward(layer, image, 1, piece);
        });
    }

    /// The latent mean of every image.
    pub fn mean(&self, member: &mut Member<'_>) {
        let pieces = self.network.layers[MEAN].forward.pieces();
        member.phase(pieces, |piece| self.forward(MEAN, 0, self.images, piece));
    }

    /// The second half of f: from the latent to the reconstruction.
    pub fn decode(&self, member: &mut Member<'_>) {
        let pieces = self.network.layers[LATENT].forward.pieces();
        member.phase(pieces, |piece| self.forward(LATENT, 0, self.images, piece));
        self.chain(member, LATENT + 1..LAST + 1, |layer, image, piece| {
            self.forward(layer, image, 1, piece);
        });
    }

    /// From the gradient of the reconstruction before its sigmoid to that of the picture.
    pub fn back(&self, member: &mut Member<'_>) {
        self.chain_back(member, LATENT + 1..LAST + 1);
        for layer in [LATENT, MEAN] {
            let pieces = self.network.layers[layer].backward.pieces();
            member.phase(pieces, |piece| self.backward(layer, 0, self.images, piece));
        }
        self.chain_back(member, 0..ENCODER);
    }

    fn chain_back(&self, member: &mut Member<'_>, layers: std::ops::Range<usize>) {
        let pieces = |layer: usize| self.network.layers[layer].backward.pieces();
        if self.by_image(member) {
            member.phase(self.images, |image| {
                for layer in layers.clone().rev() {
                    (0..pieces(layer)).for_each(|piece| self.backward(layer, image, 1, piece));
                }
            });
        } else {
            for layer in layers.rev() {
                let pieces = pieces(layer);
                member.phase(self.images * pieces, |chunk| {
                    self.backward(layer, chunk / pieces, 1, chunk % pieces);
                });
            }
        }
    }

    fn chain(
        &self,
        member: &mut Member<'_>,
        layers: std::ops::Range<usize>,
        work: impl Fn(usize, usize, usize),
    ) {
        let pieces = |layer: usize| self.network.layers[layer].forward.pieces();
        if self.by_image(member) {
            member.phase(self.images, |image| {
                for layer in layers.clone() {
                    (0..pieces(layer)).for_each(|piece| work(layer, image, piece));
                }
            });
        } else {
            for layer in layers {
                let pieces = pieces(layer);
                member.phase(self.images * pieces, |chunk| {
                    work(layer, chunk / pieces, chunk % pieces);
                });
            }
        }
    }

    /// Computes one piece of a layer of the chain: see [`Map::piece`].
    pub fn forward(&self, layer: usize, image: usize, images: usize, piece: usize) {
        let Layer { forward, bias, .. } = &self.network.layers[layer];
        let finish = match layer {
            MEAN | LAST => Finish::Bias(bias),
            _ => Finish::Leaky(bias, T::from_f64(LEAKY_SLOPE)),
        };
        // SAFETY: stations have the shapes of their layers; a phase gives each piece to one member.
        unsafe {
            let source = self.values[layer].add(image * forward.source.count());
            let destination = self.values[layer + 1].add(image * forward.destination.count());
            forward.piece(self.network.isa, piece, images, source, destination, finish);
        }
    }

    /// Computes one piece of the gradient that a layer of the chain hands back.
    pub fn backward(&self, layer: usize, image: usize, images: usize, piece: usize) {
        let backward = &self.network.layers[layer].backward;
        // SAFETY: as for `forward`; a gate has the layout of its gradient.
        unsafe {
            let finish = match layer {
                // Neither the picture nor the latent comes out of a LeakyReLU.
                0 | LATENT => Finish::Plain,
                _ => {
                    let outputs = self.values[layer].add(image * backward.destination.count());
                    Finish::Gate(outputs, T::from_f64(LEAKY_SLOPE))
                }
            };
            let source = self.gradients[layer + 1].add(image * backward.source.count());
            let destination = self.gradients[layer].add(image * backward.destination.count());
            backward.piece(self.network.isa, piece, images, source, destination, finish);
        }
    }
}

/// Phases of a whole pass, forward and back, at most: see [`super::team::run`].
pub const PHASES: usize = 64;
