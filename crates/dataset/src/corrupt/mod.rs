//! Synthetic defects: a normal picture is spoilt in places, and the places are known.
//!
//! Learning uses them to teach a network to give the clean picture back, tuning to have defects
//! where none were photographed. They follow CutPaste (Li et al. 2021) and DRAEM (Zavrtanik et al.
//! 2021), and add what is seen on real parts: scratches, stains, pits, smears, large uneven parts.
//! Everything is drawn from the generator given, so a seed decides the picture. Only exactly
//! rounded operations and `libm` are used: the pictures are the same on every machine.

mod blend;
mod canvas;
mod draw;
mod noise;
mod paint;
mod patch;
mod pits;
mod region;
mod scratch;
mod smear;
mod stain;
mod transplant;
mod uneven;

use rand::Rng;

use canvas::Canvas;

/// The share of pictures that [`corrupt`] leaves as they are, so that a network also learns to
/// touch nothing.
pub const CLEAN_SHARE: f32 = 0.1;

/// The most corruptions of one picture.
const MOST: usize = 4;

/// A change of more than this in some channel is marked: five grey levels of 255, about what is
/// seen on a screen.
pub const PERCEPTIBLE: f32 = 0.02;

/// How often a corruption is drawn anew when it changed nothing that is seen, as a blur of a plain
/// background does.
const ATTEMPTS: usize = 6;

/// The kinds of synthetic defects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corruption {
    /// A piece of a normal picture in a place where it does not belong.
    Patch,
    /// A ragged region mixed with a colour, a noise or another picture.
    Blend,
    /// A thin curve.
    Scratch,
    /// A soft spot of another brightness or colour.
    Stain,
    /// A few dots close together.
    Pits,
    /// A place that is out of focus, smeared or displaced.
    Smear,
    /// A large part with another light or texture.
    Uneven,
}

impl Corruption {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Patch,
        Self::Blend,
        Self::Scratch,
        Self::Stain,
        Self::Pits,
        Self::Smear,
        Self::Uneven,
    ];
}

/// Spoils a picture in one to four places, or leaves it as it is (every tenth time, see
/// [`CLEAN_SHARE`]), and returns what changed.
///
/// `pixels` are `channels` planes (1 or 3) of `size_px` x `size_px` values in `0.0..=1.0`, and stay
/// in that range. `donor` is a normal picture of the same shape that pieces are taken from; it may
/// be the same picture. The mask has `size_px * size_px` values: 1 where some channel changed by
/// more than [`PERCEPTIBLE`], else 0.
///
/// # Panics
/// If the lengths do not match or there are neither 1 nor 3 channels: the caller's arithmetic is
/// wrong.
pub fn corrupt(
    pixels: &mut [f32],
    channels: usize,
    size_px: usize,
    donor: &[f32],
    rng: &mut impl Rng,
) -> Vec<f32> {
    if draw::chance(rng, CLEAN_SHARE) {
        return vec![0.0; size_px * size_px];
    }
    corrupt_always(pixels, channels, size_px, donor, rng)
}

/// [`corrupt`] that leaves no picture as it is: something is marked.
///
/// # Panics
/// As [`corrupt`].
pub fn corrupt_always(
    pixels: &mut [f32],
    channels: usize,
    size_px: usize,
    donor: &[f32],
    rng: &mut impl Rng,
) -> Vec<f32> {
    let mut canvas = Canvas::new(pixels, channels, size_px, donor);
    for _ in 0..1 + draw::below(rng, MOST) {
        let kind = Corruption::ALL[draw::below(rng, Corruption::ALL.len())];
        apply(kind, &mut canvas, rng);
    }
    if !canvas.shows_any() {
        // A plain picture: nothing to smear, but there is always room for a stain.
        apply(Corruption::Stain, &mut canvas, rng);
    }
    canvas.mask()
}

/// [`corrupt_always`] in one place alone.
///
/// # Panics
/// As [`corrupt`].
pub fn corrupt_once(
    pixels: &mut [f32],
    channels: usize,
    size_px: usize,
    donor: &[f32],
    rng: &mut impl Rng,
) -> Vec<f32> {
    let mut canvas = Canvas::new(pixels, channels, size_px, donor);
    let kind = Corruption::ALL[draw::below(rng, Corruption::ALL.len())];
    apply(kind, &mut canvas, rng);
    canvas.mask()
}

/// One corruption; drawn anew where nothing is to be seen of it.
fn apply(kind: Corruption, canvas: &mut Canvas<'_>, rng: &mut impl Rng) {
    for _ in 0..ATTEMPTS {
        let bounds = match kind {
            Corruption::Patch => patch::apply(canvas, rng),
            Corruption::Blend => blend::apply(canvas, rng),
            Corruption::Scratch => scratch::apply(canvas, rng),
            Corruption::Stain => stain::apply(canvas, rng),
            Corruption::Pits => pits::apply(canvas, rng),
            Corruption::Smear => smear::apply(canvas, rng),
            Corruption::Uneven => uneven::apply(canvas, rng),
        };
        if canvas.shows(bounds) {
            return;
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
