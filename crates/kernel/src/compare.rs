//! Comparing images with their reconstructions: L_r, R, and the gradients of both that an
//! evaluation of the energy starts its way back from.

#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::ops::Range;

use super::network::{Network, RECONSTRUCTION};
use super::pass::Pass;
use super::pixels::{Penalty, Residual};
use super::point::{Fixed, StepFrom};
use super::real::Real;
use super::term::{Absolute, CrossEntropy, Squared, Term};
use kizumi_method::config::{Distance, Regulariser};

/// Bands of rows that an image's pixels are worked on in.
pub(super) const BANDS: usize = 8;

/// Where the members find what an image consists of; each band is one member's at a time.
pub(super) struct Parts<'a, T> {
    pub(super) fixed: &'a Fixed<T>,
    pub(super) from: Option<StepFrom<'a, T>>,
    pub(super) x: *mut T,
    pub(super) reconstruction: *mut T,
    pub(super) gradient: *mut T,
    pub(super) sums: *mut [Sums<T>; BANDS],
}

// SAFETY: members write to disjoint bands.
unsafe impl<T: Send> Sync for Parts<'_, T> {}

/// The sums of a part of an image.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums<T> {
    pub(super) reconstruction_error: T,
    pub(super) regulariser: T,
    pub(super) largest_change: T,
}

/// What the members of a team work on together: some images and a pass through the network.
pub(super) struct Workplace<'a, T: Real> {
    pub(super) network: &'a Network<T>,
    pub(super) regulariser: Regulariser,
    pub(super) pass: &'a Pass<'a, T>,
    pub(super) parts: &'a [Parts<'a, T>],
}

/// Some pixels of an image.
struct Pixels<'a, T> {
    x: &'a [T],
    reconstruction: &'a [T],
    gradient: &'a mut [T],
}

/// Fills in an image's reconstruction, L_r, R and the part of the gradient that does not go through
/// the network, for a part of the pixels. What goes back through the network is the gradient of L_r
/// with respect to the reconstruction before its sigmoid.
///
/// # Safety
/// No other member may use the same part of the same image meanwhile.
pub(super) type Compare<T> = unsafe fn(&Workplace<'_, T>, usize, usize);

/// Into how many pieces an image's pixels are dealt out, and how each is compared.
pub(super) fn by<T: Real>(distance: Distance, channels: usize) -> (usize, Compare<T>) {
    match distance {
        Distance::SquaredError => (BANDS, compare_pixels::<T, Squared>),
        Distance::AbsoluteError => (BANDS, compare_pixels::<T, Absolute>),
        Distance::CrossEntropy => (BANDS, compare_pixels::<T, CrossEntropy>),
        Distance::Dissimilarity => (channels, compare_structure::<T>),
    }
}

impl<T: Real> Workplace<'_, T> {
    /// Where a band of a channel lies in a picture.
    pub(super) fn band(&self, channel: usize, band: usize) -> Range<usize> {
        let side = self.network.config.size_px;
        let rows = side / BANDS;
        let start = (channel * side + band * rows) * side;
        start..start + rows * side
    }

    /// Some pixels of an image, the reconstruction as just computed.
    ///
    /// # Safety
    /// As [`Compare`]; the slices must be dropped before the next phase.
    #[inline(always)]
    unsafe fn pixels(&self, image: usize, range: Range<usize>) -> Pixels<'_, T> {
        let (parts, len) = (&self.parts[image], range.len());
        // SAFETY: within the picture; the caller's promise.
        unsafe {
            let output = &self.pass.values(RECONSTRUCTION, image)[range.clone()];
            let reconstruction = parts.reconstruction.add(range.start);
            let reconstruction = std::slice::from_raw_parts_mut(reconstruction, len);
            reconstruction.copy_from_slice(output);
            Pixels {
                x: std::slice::from_raw_parts(parts.x.add(range.start).cast_const(), len),
                reconstruction,
                gradient: std::slice::from_raw_parts_mut(parts.gradient.add(range.start), len),
            }
        }
    }
}

/// A [`Compare`] by bands.
unsafe fn compare_pixels<T: Real, D: Term<T>>(place: &Workplace<'_, T>, image: usize, band: usize) {
    let Workplace { network, pass, .. } = place;
    let (side, channels) = (network.config.size_px, network.config.channels);
    let rows = side / BANDS;
    let Parts { fixed, sums, .. } = &place.parts[image];
    let counted = fixed.counted.as_ref();
    let counted = counted.map(|all| &all[place.band(0, band)]);
    // SAFETY: the caller's promise.
    let (grid, sums) = unsafe { (pass.gradient_at(RECONSTRUCTION, image), &mut (**sums)[band]) };
    for channel in 0..channels {
        let range = place.band(channel, band);
        // SAFETY: as above.
        let Pixels {
            x,
            reconstruction,
            gradient,
        } = unsafe { place.pixels(image, range.clone()) };
        let (error, penalty) = network.isa.run_loop(Residual {
            distance: PhantomData::<D>,
            x,
            original: &fixed.original[range],
            counted,
            lambda: fixed.lambda,
            regulariser: place.regulariser,
            reconstruction,
            gradient,
        });
        sums.reconstruction_error += error;
        sums.regulariser += penalty;
        for y in 0..rows {
            let start = ((band * rows + y + 1) * (side + 2) + 1) * channels + channel;
            for column in 0..side {
                let at = y * side + column;
                let counted = counted.map_or(T::ONE, |all| all[at]);
                let value = D::back(x[at], reconstruction[at], counted);
                // SAFETY: inside the grid of the picture.
                unsafe { grid.add(start + column * channels).write(value) };
            }
        }
    }
}

/// A [`Compare`] by channels: the window reaches over the bands.
unsafe fn compare_structure<T: Real>(place: &Workplace<'_, T>, image: usize, channel: usize) {
    let Workplace { network, pass, .. } = place;
    let plane = network.config.size_px.pow(2);
    let range = channel * plane..(channel + 1) * plane;
    let Parts { fixed, sums, .. } = &place.parts[image];
    let counted = fixed.counted.as_deref();
    // SAFETY: the caller's promise; there are at least as many bands as channels.
    let sums = unsafe { &mut (**sums)[channel] };
    let Pixels {
        x,
        reconstruction,
        gradient,
    } = unsafe { place.pixels(image, range.clone()) };
    T::with_scratch(plane, |back| {
        sums.reconstruction_error =
            pass.with_ssim(|ssim| ssim.gradients(x, reconstruction, counted, gradient, back));
        sums.regulariser = network.isa.run_loop(Penalty {
            x,
            original: &fixed.original[range],
            counted,
            lambda: fixed.lambda,
            regulariser: place.regulariser,
            gradient,
        });
        // SAFETY: as above.
        unsafe { write_back(network, pass, image, channel, reconstruction, back, T::ONE) };
    });
}

/// Puts a channel's gradient with respect to the reconstruction, times `share`, where the last
/// layer's backward map reads it, as that before the sigmoid.
///
/// # Safety
/// No other member may use this channel of the image's last gradient meanwhile.
pub(super) unsafe fn write_back<T: Real>(
    network: &Network<T>,
    pass: &Pass<'_, T>,
    image: usize,
    channel: usize,
    reconstruction: &[T],
    gradient: &[T],
    share: T,
) {
    let (side, channels) = (network.config.size_px, network.config.channels);
    let grid = pass.gradient_at(RECONSTRUCTION, image);
    let rows = reconstruction.chunks_exact(side);
    for (y, (row, gradient)) in rows.zip(gradient.chunks_exact(side)).enumerate() {
        let start = ((y + 1) * (side + 2) + 1) * channels + channel;
        for (column, (r, slope)) in row.iter().zip(gradient).enumerate() {
            let value = *slope * *r * (T::ONE - *r) * share;
            // SAFETY: inside the grid of the picture.
            unsafe { grid.add(start + column * channels).write(value) };
        }
    }
}
