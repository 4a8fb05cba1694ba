//! f(x), without energy or gradient.

#![allow(unsafe_code)]

use super::network::{Network, RECONSTRUCTION};
use super::pass::{PHASES, Pass};
use super::real::Real;
use super::team;

/// Images computed at once, at most.
const TOGETHER: usize = 8;

/// f(x) of pictures `[n][channels][size][size]`, one after another.
///
/// # Panics
/// If the values are not whole pictures.
pub fn reconstruct<T: Real>(network: &Network<T>, pictures: &[T]) -> Vec<T> {
    let length = network.picture_len();
    assert!(pictures.len().is_multiple_of(length));
    let together = TOGETHER.max(rayon::current_num_threads());
    let images = pictures.len() / length;
    let mut workspace = network.workspace(together.min(images));
    let mut reconstructions = vec![T::ZERO; pictures.len()];
    let slots = together.max(1) * length;
    for (pictures, reconstructions) in pictures
        .chunks(slots)
        .zip(reconstructions.chunks_mut(slots))
    {
        let images = pictures.len() / length;
        let pass = Pass::new(network, &mut workspace, images);
        team::run(PHASES, |member| {
            pass.each(member, 1, |image, _| {
                // SAFETY: this image is this member's in this phase.
                unsafe { load(network, &pass, image, &pictures[image * length..][..length]) };
            });
            pass.encode(member);
            pass.mean(member);
            pass.decode(member);
        });
        for (image, to) in reconstructions.chunks_exact_mut(length).enumerate() {
            // SAFETY: the team is done.
            to.copy_from_slice(unsafe { pass.values(RECONSTRUCTION, image) });
        }
    }
    reconstructions
}

/// Puts a picture, `[channels][size][size]`, where the first layer reads it.
///
/// # Safety
/// No other member may use this image's first station meanwhile.
pub unsafe fn load<T: Real>(network: &Network<T>, pass: &Pass<'_, T>, image: usize, picture: &[T]) {
    let (side, channels) = (network.config.size_px, network.config.channels);
    let grid = pass.values_at(0, image);
    for (row, values) in picture.chunks_exact(side).enumerate() {
        let (channel, y) = (row / side, row % side);
        let start = ((y + 1) * (side + 2) + 1) * channels + channel;
        for (x, value) in values.iter().enumerate() {
            // SAFETY: inside the grid of the picture; the caller's promise.
            unsafe { grid.add(start + x * channels).write(*value) };
        }
    }
}
