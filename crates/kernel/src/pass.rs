//! The passes of some images through the network, forward and back.

#![allow(unsafe_code)]

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::correlate::Finish;
use super::layer::Layer;
use super::network::{ENCODER, LAST, LATENT, MEAN, Network, RECONSTRUCTION};
use super::real::Real;
use super::shape::Shape;
use super::ssim::Ssim;
use super::team::Member;
use crate::architecture::LEAKY_SLOPE;

/// The values of every station for some images, and their gradients. Borders are zero and stay so.
#[derive(Debug)]
pub struct Workspace<T> {
    images: usize,
    values: Vec<Vec<T>>,
    gradients: Vec<Vec<T>>,
    /// Made when wanted; as many as members have been using one at once.
    ssims: Mutex<Vec<Ssim<T>>>,
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
            ssims: Mutex::new(Vec::new()),
        }
    }

    /// Images that fit.
    pub fn images(&self) -> usize {
        self.images
    }
}

/// The passes over a workspace, shared by the members of a team.
pub struct Pass<'a, T> {
    network: &'a Network<T>,
    /// Images in use.
    pub images: usize,
    values: Vec<*mut T>,
    gradients: Vec<*mut T>,
    ssims: &'a Mutex<Vec<Ssim<T>>>,
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
            ssims: &workspace.ssims,
        }
    }

    /// Runs `work` with a comparer of structure that is nobody else's meanwhile.
    pub fn with_ssim<R>(&self, work: impl FnOnce(&mut Ssim<T>) -> R) -> R {
        let spare = self.lock().pop();
        let new = || Ssim::new(self.network.isa, self.network.config.size_px);
        let mut ssim = spare.unwrap_or_else(new);
        let result = work(&mut ssim);
        self.lock().push(ssim);
        result
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Ssim<T>>> {
        self.ssims.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// Computes one piece of a layer of the chain: see [`super::map::Map::piece`].
    pub fn forward(&self, layer: usize, image: usize, images: usize, piece: usize) {
        let Layer { forward, bias, .. } = &self.network.layers[layer];
        let finish = match layer {
            MEAN | LAST => Finish::Bias(bias),
            _ => {
                let skip = self.network.skip_into(layer + 1);
                let skip = skip.map(|from| self.values_at(from, image).cast_const());
                Finish::Leaky(bias, T::from_f64(LEAKY_SLOPE), skip)
            }
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
                    let skip = self.network.skip_out_of(layer);
                    let skip = skip.map(|to| self.gradient_at(to, image).cast_const());
                    Finish::Gate(outputs, T::from_f64(LEAKY_SLOPE), skip)
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
