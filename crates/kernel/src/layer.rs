//! A layer of the network, forward and back, and its weights in both layouts.

use std::sync::Arc;

use super::isa::Isa;
use super::map::{Map, Op};
use super::real::Real;
use super::shape::{BLOCK, Shape, padded};
use crate::architecture::{LayerKind, LayerSpec};

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
    pub(super) fn new(spec: LayerSpec, op: Op, source: Shape, destination: Shape) -> Self {
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
    pub(super) fn pack(&mut self, weight: &[T], bias: &[T], isa: Isa) {
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
pub(super) fn as_gradient(shape: Shape) -> Shape {
    match shape {
        Shape::Planes { side, channels } => Shape::Grid { side, channels },
        Shape::Grid { side, channels } if channels < BLOCK => Shape::Planes { side, channels },
        other => other,
    }
}

/// The map of a layer that reads `shape`, and what it writes.
pub(super) fn step(spec: &LayerSpec, shape: Shape, last: bool) -> (Op, Shape) {
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
