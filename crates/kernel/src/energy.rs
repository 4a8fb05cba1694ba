//! The projection's energy, its gradient and its step on the processor (method: "Formulas"); what
//! `kizumi_compute::energy` does with tensors, in a few passes over each image.

#![allow(unsafe_code)]

use super::compare::{self, BANDS, Parts, Sums, Workplace};
use super::network::Network;
use super::pass::{PHASES, Pass, Workspace};
use super::pixels::{Add, Step};
use super::point::{Evaluation, Point};
use super::real::Real;
use super::team;
use kizumi_method::energy_terms::Terms;

/// Takes the steps that are asked for, then evaluates the energy and its gradient, of all images.
///
/// # Panics
/// If a picture has not the network's size.
pub fn step_and_evaluate<T: Real>(
    network: &Network<T>,
    workspace: &mut Workspace<T>,
    terms: Terms,
    images: &mut [Evaluation<'_, T>],
) {
    let length = network.picture_len();
    for image in images.iter() {
        let Point {
            x,
            reconstruction,
            gradient,
            ..
        } = &*image.point;
        let lengths = [x.len(), reconstruction.len(), gradient.len()];
        assert!(lengths == [length; 3] && image.fixed.original.len() == length);
    }
    let slots = workspace.images().max(1);
    for images in images.chunks_mut(slots) {
        evaluate_together(network, workspace, terms, images);
    }
}

/// As [`step_and_evaluate`], of as many images as the workspace has room for.
fn evaluate_together<T: Real>(
    network: &Network<T>,
    workspace: &mut Workspace<T>,
    terms: Terms,
    images: &mut [Evaluation<'_, T>],
) {
    let mut sums = vec![[Sums::<T>::default(); BANDS]; images.len()];
    let parts: Vec<Parts<'_, T>> = images
        .iter_mut()
        .zip(&mut sums)
        .map(|(image, sums)| Parts {
            fixed: image.fixed,
            from: image.from,
            x: image.point.x.as_mut_ptr(),
            reconstruction: image.point.reconstruction.as_mut_ptr(),
            gradient: image.point.gradient.as_mut_ptr(),
            sums,
        })
        .collect();
    let pass = &Pass::new(network, workspace, images.len());
    let place = &Workplace {
        network,
        regulariser: terms.regulariser,
        pass,
        parts: &parts,
    };
    let (pieces, compare) = compare::by(terms.distance, network.config.channels);
    team::run(PHASES, |member| {
        // SAFETY: each band of an image is one member's, and nobody else reads it in this phase.
        pass.each(member, BANDS, |image, band| unsafe {
            place.step(image, band);
        });
        pass.encode(member);
        pass.mean(member);
        pass.decode(member);
        // SAFETY: as above, of each piece.
        pass.each(member, pieces, |image, piece| unsafe {
            compare(place, image, piece);
        });
        if !terms.through {
            return;
        }
        pass.back(member);
        // SAFETY: as above.
        pass.each(member, BANDS, |image, band| unsafe {
            place.add_gradient_through_network(image, band);
        });
    });
    for (image, bands) in images.iter_mut().zip(&sums) {
        sum_up(image.point, bands);
    }
}

impl<T: Real> Workplace<'_, T> {
    /// Takes the step that leads to x, if there is one, and puts x where the first layer reads it.
    ///
    /// # Safety
    /// No other member may use the same band of the same image meanwhile.
    #[inline(always)]
    unsafe fn step(&self, image: usize, band: usize) {
        let (side, channels) = (self.network.config.size_px, self.network.config.channels);
        let rows = side / BANDS;
        let Parts {
            fixed,
            from,
            x,
            sums,
            ..
        } = &self.parts[image];
        // SAFETY: the caller's promise.
        let (grid, sums) = unsafe { (self.pass.values_at(0, image), &mut (**sums)[band]) };
        *sums = Sums::default();
        let moving = fixed.moving.as_ref().or(fixed.counted.as_ref());
        for channel in 0..channels {
            let range = self.band(channel, band);
            // SAFETY: within the picture; the caller's promise.
            let x = unsafe { std::slice::from_raw_parts_mut(x.add(range.start), range.len()) };
            if let Some(from) = from {
                let change = self.network.isa.run_loop(Step {
                    x,
                    from: &from.point.x[range.clone()],
                    reconstruction: &from.point.reconstruction[range.clone()],
                    gradient: &from.point.gradient[range.clone()],
                    moving: moving.map(|all| &all[self.band(0, band)]),
                    alpha: from.alpha,
                    weighted: from.weighted,
                    longest: from.longest,
                });
                sums.largest_change = larger(change, sums.largest_change);
            }
            for (y, row) in x.chunks_exact(side).enumerate() {
                let start = ((band * rows + y + 1) * (side + 2) + 1) * channels + channel;
                for (x, value) in row.iter().enumerate() {
                    // SAFETY: inside the grid of the picture.
                    unsafe { grid.add(start + x * channels).write(*value) };
                }
            }
        }
    }

    /// Adds what came back through the network to the gradient.
    ///
    /// # Safety
    /// As [`Workplace::step`].
    #[inline(always)]
    unsafe fn add_gradient_through_network(&self, image: usize, band: usize) {
        for channel in 0..self.network.config.channels {
            let range = self.band(channel, band);
            let to = self.parts[image].gradient;
            // SAFETY: within the picture; the caller's promise.
            let (through, gradient) = unsafe {
                (
                    &self.pass.gradient(0, image)[range.clone()],
                    std::slice::from_raw_parts_mut(to.add(range.start), range.len()),
                )
            };
            self.network.isa.run_loop(Add {
                to: gradient,
                what: through,
            });
        }
    }
}

/// The sums over an image from those over its bands.
fn sum_up<T: Real>(point: &mut Point<T>, bands: &[Sums<T>; BANDS]) {
    let total = |of: fn(&Sums<T>) -> T| bands.iter().fold(T::ZERO, |sum, one| sum + of(one));
    point.reconstruction_error = total(|sums| sums.reconstruction_error);
    point.regulariser = total(|sums| sums.regulariser);
    point.feature_distance = T::ZERO;
    let changes = bands.iter().map(|one| one.largest_change);
    point.largest_change = changes.fold(T::ZERO, |largest, one| larger(one, largest));
}

/// `value` if it is above `than`, which NaN is not.
fn larger<T: Real>(value: T, than: T) -> T {
    if value > than { value } else { than }
}
