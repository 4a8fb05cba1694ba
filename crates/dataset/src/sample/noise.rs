//! Randomness that is the same on every machine: seeded numbers and lattice noise.
//!
//! Only exactly rounded operations and the pure Rust `libm` are used, never the platform's
//! mathematical functions, so that the sample pictures are the same bytes everywhere.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of random numbers, fixed by a name.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream that belongs to `name`.
    pub fn new(name: &str) -> Self {
        Self(ChaCha8Rng::from_seed(
            *blake3::hash(name.as_bytes()).as_bytes(),
        ))
    }

    /// A seed for the lattice noise below.
    pub fn seed(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// Uniform in `low..high`.
    pub fn within(&mut self, low: f32, high: f32) -> f32 {
        let unit = (self.0.next_u32() >> 8) as f32 / (1 << 24) as f32;
        low + (high - low) * unit
    }

    /// One of `0..count`; `count` is positive.
    pub fn below(&mut self, count: usize) -> usize {
        (self.within(0.0, count as f32) as usize).min(count - 1)
    }

    /// Heads or tails as 1 or -1.
    pub fn sign(&mut self) -> f32 {
        if self.0.next_u32() & 1 == 0 {
            1.0
        } else {
            -1.0
        }
    }

    /// Standard normal (Box and Muller 1958).
    pub fn normal(&mut self) -> f32 {
        let radius = (-2.0 * libm::logf(1.0 - self.within(0.0, 1.0))).sqrt();
        radius * libm::cosf(self.within(0.0, std::f32::consts::TAU))
    }
}

/// A random value in `-1..1` for a lattice point.
pub fn lattice(seed: u32, x: i32, y: i32, z: i32) -> f32 {
    let mut hash = seed
        ^ (x as u32).wrapping_mul(0x9e37_79b1)
        ^ (y as u32).wrapping_mul(0x85eb_ca77).rotate_left(11)
        ^ (z as u32).wrapping_mul(0xc2b2_ae3d).rotate_left(21);
    // The finaliser of MurmurHash3: every input bit reaches every output bit.
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^= hash >> 16;
    (hash >> 8) as f32 / (1 << 23) as f32 - 1.0
}

/// Smooth value noise along a line, in `-1..1`, one knot per unit.
pub fn noise1(seed: u32, x: f32) -> f32 {
    let (ix, fx) = knot(x);
    mix(lattice(seed, ix, 0, 0), lattice(seed, ix + 1, 0, 0), fx)
}

/// Smooth value noise in the plane, in `-1..1`, one knot per unit.
pub fn noise2(seed: u32, x: f32, y: f32) -> f32 {
    let ((ix, fx), (iy, fy)) = (knot(x), knot(y));
    let row = |iy| mix(lattice(seed, ix, iy, 0), lattice(seed, ix + 1, iy, 0), fx);
    mix(row(iy), row(iy + 1), fy)
}

/// Smooth value noise in space, in `-1..1`, one knot per unit.
pub fn noise3(seed: u32, x: f32, y: f32, z: f32) -> f32 {
    let ((ix, fx), (iy, fy), (iz, fz)) = (knot(x), knot(y), knot(z));
    let row = |iy, iz| mix(lattice(seed, ix, iy, iz), lattice(seed, ix + 1, iy, iz), fx);
    let sheet = |iz| mix(row(iy, iz), row(iy + 1, iz), fy);
    mix(sheet(iz), sheet(iz + 1), fz)
}

/// Three octaves of [`noise2`], about `-1..1`.
pub fn cloud(seed: u32, x: f32, y: f32) -> f32 {
    (noise2(seed, x, y)
        + 0.5 * noise2(seed ^ 1, 2.0 * x, 2.0 * y)
        + 0.25 * noise2(seed ^ 2, 4.0 * x, 4.0 * y))
        / 1.5
}

/// The knot below `x` and the eased way to the next one.
fn knot(x: f32) -> (i32, f32) {
    let floor = x.floor();
    (floor as i32, step(0.0, 1.0, x - floor))
}

/// Linear from `a` at 0 to `b` at 1.
pub fn mix(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

/// Eases from 0 at `low` to 1 at `high` (Hermite); constant outside.
pub fn step(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A bell of height 1 at 0 whose standard deviation is 1.
pub fn bell(x: f32) -> f32 {
    libm::expf(-0.5 * x * x)
}
