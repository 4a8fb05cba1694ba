//! Which instructions the processor has, and running a kernel with them.

#![allow(unsafe_code)]

use std::sync::OnceLock;

use super::number::Number;
use super::simd::{Lanes, Portable};

/// Names the instruction set to use instead of the best one: `avx512`, `avx2`, `neon` or
/// `portable`. One that the processor lacks, or an unknown name, is passed over.
pub const VARIABLE: &str = "KIZUMI_SIMD";

/// An instruction set that the kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isa {
    /// AVX-512: 16 values at once.
    Avx512,
    /// AVX2 with FMA: 8 values at once.
    Avx2,
    /// NEON: 4 values at once.
    Neon,
    /// Whatever the compiler takes for granted.
    Portable,
}

/// Work that is compiled once for each instruction set.
pub trait Kernel<T: Number> {
    /// What it gives back.
    type Output;

    /// Does the work. `V` vectors of [`Lanes::LANES`] values and `P` pixels make up the tile of
    /// sums that fits the registers. Must be `#[inline(always)]`.
    ///
    /// # Safety
    /// The processor must have the instructions of `L`; besides, the kernel's own conditions.
    unsafe fn run<L: Lanes<Real = T>, const V: usize, const P: usize>(self) -> Self::Output;
}

/// A loop over slices in plain Rust, which the compiler turns into the vectors of each instruction
/// set.
pub trait Loop {
    /// What it gives back.
    type Output;

    /// Does the work. Must be `#[inline(always)]`.
    fn run(self) -> Self::Output;
}

struct AsKernel<W>(W);

impl<T: Number, W: Loop> Kernel<T> for AsKernel<W> {
    type Output = W::Output;

    #[inline(always)]
    unsafe fn run<L: Lanes<Real = T>, const V: usize, const P: usize>(self) -> W::Output {
        self.0.run()
    }
}

impl Isa {
    /// Runs a loop.
    pub fn run_loop<W: Loop>(self, work: W) -> W::Output {
        // SAFETY: a loop has no conditions.
        unsafe { self.run::<AsKernel<W>>(AsKernel(work)) }
    }

    /// Every instruction set, the best one first.
    pub const ALL: [Self; 4] = [Self::Avx512, Self::Avx2, Self::Neon, Self::Portable];

    /// Its name in [`VARIABLE`].
    pub fn name(self) -> &'static str {
        match self {
            Self::Avx512 => "avx512",
            Self::Avx2 => "avx2",
            Self::Neon => "neon",
            Self::Portable => "portable",
        }
    }

    /// Whether this processor has it.
    pub fn is_available(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => ["avx512f", "avx512vl", "avx512dq", "avx512bw"]
                .iter()
                .all(has),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => ["avx2", "fma"].iter().all(has),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => true,
            Self::Portable => true,
            #[allow(unreachable_patterns)]
            _ => false,
        }
    }

    /// The one in use: the best that the processor has, unless [`VARIABLE`] names another.
    pub fn current() -> Self {
        static CURRENT: OnceLock<Isa> = OnceLock::new();
        *CURRENT.get_or_init(|| {
            let available = || Self::ALL.into_iter().filter(|isa| isa.is_available());
            let wanted = std::env::var(VARIABLE).unwrap_or_default();
            let named = available().find(|isa| isa.name() == wanted.to_lowercase());
            named
                .or_else(|| available().next())
                .unwrap_or(Self::Portable)
        })
    }

    /// Runs a kernel; with plain Rust where the processor lacks this instruction set.
    ///
    /// # Safety
    /// The kernel's own conditions.
    #[inline]
    pub unsafe fn run<K: Kernel<f32>>(self, kernel: K) -> K::Output {
        // SAFETY: the processor has the instructions; the rest is the caller's promise.
        unsafe {
            match self {
                #[cfg(target_arch = "x86_64")]
                Self::Avx512 if self.is_available() => run_avx512(kernel),
                #[cfg(target_arch = "x86_64")]
                Self::Avx2 if self.is_available() => run_avx2(kernel),
                #[cfg(target_arch = "aarch64")]
                Self::Neon => run_neon(kernel),
                _ => run_portable(kernel),
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn has(feature: &&str) -> bool {
    match *feature {
        "avx512f" => is_x86_feature_detected!("avx512f"),
        "avx512vl" => is_x86_feature_detected!("avx512vl"),
        "avx512dq" => is_x86_feature_detected!("avx512dq"),
        "avx512bw" => is_x86_feature_detected!("avx512bw"),
        "avx2" => is_x86_feature_detected!("avx2"),
        "fma" => is_x86_feature_detected!("fma"),
        _ => false,
    }
}

/// Runs a kernel in plain Rust.
///
/// # Safety
/// The kernel's own conditions.
#[inline]
pub unsafe fn run_portable<T: Number, K: Kernel<T>>(kernel: K) -> K::Output {
    // SAFETY: needs no particular instruction; the rest is the caller's promise.
    unsafe { kernel.run::<Portable<T>, 4, 2>() }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
unsafe fn run_avx512<K: Kernel<f32>>(kernel: K) -> K::Output {
    // SAFETY: the instructions are switched on; the rest is the caller's promise.
    unsafe { kernel.run::<super::simd::Avx512, 2, 8>() }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn run_avx2<K: Kernel<f32>>(kernel: K) -> K::Output {
    // SAFETY: the instructions are switched on; the rest is the caller's promise.
    unsafe { kernel.run::<super::simd::Avx2, 2, 6>() }
}

#[cfg(target_arch = "aarch64")]
unsafe fn run_neon<K: Kernel<f32>>(kernel: K) -> K::Output {
    // SAFETY: every 64-bit Arm processor has the instructions; the rest is the caller's promise.
    unsafe { kernel.run::<super::simd::Neon, 4, 4>() }
}
