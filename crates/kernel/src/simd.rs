//! Vectors of one instruction set behind one small trait.
//!
//! A kernel is written once, generic over [`Lanes`], and compiled once for each instruction set by
//! [`super::isa::Isa::run`]: everything here is inlined into a function that has the instructions
//! switched on.

#![allow(unsafe_code)]
// The trait's own section holds for all of its methods.
#![allow(clippy::missing_safety_doc)]

use super::number::Number;

/// The vectors of one instruction set.
///
/// # Safety
/// Every method may be called only where the processor has the instruction set; pointers must be
/// valid for `LANES` values.
pub trait Lanes: Copy + 'static {
    /// One value of a vector.
    type Real: Number;
    /// `LANES` values.
    type Vector: Copy;
    /// Values in a vector.
    const LANES: usize;

    /// All values the same.
    unsafe fn splat(value: Self::Real) -> Self::Vector;
    /// Reads `LANES` values, aligned or not.
    unsafe fn load(from: *const Self::Real) -> Self::Vector;
    /// Writes `LANES` values, aligned or not.
    unsafe fn store(to: *mut Self::Real, values: Self::Vector);
    /// `a + b`.
    unsafe fn add(a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// `a - b`.
    unsafe fn sub(a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// `a * b`.
    unsafe fn mul(a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// `a * b + c`, rounded once where the instruction set can.
    unsafe fn mul_add(a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    /// `yes` where `test` is above zero, else `no`.
    unsafe fn where_positive(
        test: Self::Vector,
        yes: Self::Vector,
        no: Self::Vector,
    ) -> Self::Vector;
}

/// Plain Rust, on any processor; also the only vectors of `f64`.
#[derive(Clone, Copy)]
pub struct Portable<T>(std::marker::PhantomData<T>);

impl<T: Number> Lanes for Portable<T> {
    type Real = T;
    type Vector = [T; 4];
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn splat(value: T) -> [T; 4] {
        [value; 4]
    }
    #[inline(always)]
    unsafe fn load(from: *const T) -> [T; 4] {
        // SAFETY: the caller's; an unaligned read.
        unsafe { from.cast::<[T; 4]>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn store(to: *mut T, values: [T; 4]) {
        // SAFETY: the caller's; an unaligned write.
        unsafe { to.cast::<[T; 4]>().write_unaligned(values) }
    }
    #[inline(always)]
    unsafe fn add(a: [T; 4], b: [T; 4]) -> [T; 4] {
        std::array::from_fn(|i| a[i] + b[i])
    }
    #[inline(always)]
    unsafe fn sub(a: [T; 4], b: [T; 4]) -> [T; 4] {
        std::array::from_fn(|i| a[i] - b[i])
    }
    #[inline(always)]
    unsafe fn mul(a: [T; 4], b: [T; 4]) -> [T; 4] {
        std::array::from_fn(|i| a[i] * b[i])
    }
    #[inline(always)]
    unsafe fn mul_add(a: [T; 4], b: [T; 4], c: [T; 4]) -> [T; 4] {
        std::array::from_fn(|i| a[i] * b[i] + c[i])
    }
    #[inline(always)]
    unsafe fn where_positive(test: [T; 4], yes: [T; 4], no: [T; 4]) -> [T; 4] {
        std::array::from_fn(|i| if test[i] > T::ZERO { yes[i] } else { no[i] })
    }
}

#[cfg(target_arch = "x86_64")]
pub use x86::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::Lanes;

    /// 16 values; needs `avx512f`.
    #[derive(Clone, Copy)]
    pub struct Avx512;

    impl Lanes for Avx512 {
        type Real = f32;
        type Vector = __m512;
        const LANES: usize = 16;

        #[inline(always)]
        unsafe fn splat(value: f32) -> __m512 {
            unsafe { _mm512_set1_ps(value) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> __m512 {
            unsafe { _mm512_loadu_ps(from) }
        }
        #[inline(always)]
        unsafe fn store(to: *mut f32, values: __m512) {
            unsafe { _mm512_storeu_ps(to, values) }
        }
        #[inline(always)]
        unsafe fn add(a: __m512, b: __m512) -> __m512 {
            unsafe { _mm512_add_ps(a, b) }
        }
        #[inline(always)]
        unsafe fn sub(a: __m512, b: __m512) -> __m512 {
            unsafe { _mm512_sub_ps(a, b) }
        }
        #[inline(always)]
        unsafe fn mul(a: __m512, b: __m512) -> __m512 {
            unsafe { _mm512_mul_ps(a, b) }
        }
        #[inline(always)]
        unsafe fn mul_add(a: __m512, b: __m512, c: __m512) -> __m512 {
            unsafe { _mm512_fmadd_ps(a, b, c) }
        }
        #[inline(always)]
        unsafe fn where_positive(test: __m512, yes: __m512, no: __m512) -> __m512 {
            unsafe {
                let positive = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(test, _mm512_setzero_ps());
                _mm512_mask_blend_ps(positive, no, yes)
            }
        }
    }

    /// 8 values; needs `avx2` and `fma`.
    #[derive(Clone, Copy)]
    pub struct Avx2;

    impl Lanes for Avx2 {
        type Real = f32;
        type Vector = __m256;
        const LANES: usize = 8;

        #[inline(always)]
        unsafe fn splat(value: f32) -> __m256 {
            unsafe { _mm256_set1_ps(value) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> __m256 {
            unsafe { _mm256_loadu_ps(from) }
        }
        #[inline(always)]
        unsafe fn store(to: *mut f32, values: __m256) {
            unsafe { _mm256_storeu_ps(to, values) }
        }
        #[inline(always)]
        unsafe fn add(a: __m256, b: __m256) -> __m256 {
            unsafe { _mm256_add_ps(a, b) }
        }
        #[inline(always)]
        unsafe fn sub(a: __m256, b: __m256) -> __m256 {
            unsafe { _mm256_sub_ps(a, b) }
        }
        #[inline(always)]
        unsafe fn mul(a: __m256, b: __m256) -> __m256 {
            unsafe { _mm256_mul_ps(a, b) }
        }
        #[inline(always)]
        unsafe fn mul_add(a: __m256, b: __m256, c: __m256) -> __m256 {
            unsafe { _mm256_fmadd_ps(a, b, c) }
        }
        #[inline(always)]
        unsafe fn where_positive(test: __m256, yes: __m256, no: __m256) -> __m256 {
            unsafe {
                let positive = _mm256_cmp_ps::<_CMP_GT_OQ>(test, _mm256_setzero_ps());
                _mm256_blendv_ps(no, yes, positive)
            }
        }
    }
}

#[cfg(target_arch = "aarch64")]
pub use arm::Neon;

#[cfg(target_arch = "aarch64")]
mod arm {
    use std::arch::aarch64::*;

    use super::Lanes;

    /// 4 values; needs `neon`, which every 64-bit Arm processor has.
    #[derive(Clone, Copy)]
    pub struct Neon;

    impl Lanes for Neon {
        type Real = f32;
        type Vector = float32x4_t;
        const LANES: usize = 4;

        #[inline(always)]
        unsafe fn splat(value: f32) -> float32x4_t {
            unsafe { vdupq_n_f32(value) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> float32x4_t {
            unsafe { vld1q_f32(from) }
        }
        #[inline(always)]
        unsafe fn store(to: *mut f32, values: float32x4_t) {
            unsafe { vst1q_f32(to, values) }
        }
        #[inline(always)]
        unsafe fn add(a: float32x4_t, b: float32x4_t) -> float32x4_t {
            unsafe { vaddq_f32(a, b) }
        }
        #[inline(always)]
        unsafe fn sub(a: float32x4_t, b: float32x4_t) -> float32x4_t {
            unsafe { vsubq_f32(a, b) }
        }
        #[inline(always)]
        unsafe fn mul(a: float32x4_t, b: float32x4_t) -> float32x4_t {
            unsafe { vmulq_f32(a, b) }
        }
        #[inline(always)]
        unsafe fn mul_add(a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
            unsafe { vfmaq_f32(c, a, b) }
        }
        #[inline(always)]
        unsafe fn where_positive(
            test: float32x4_t,
            yes: float32x4_t,
            no: float32x4_t,
        ) -> float32x4_t {
            unsafe { vbslq_f32(vcgtzq_f32(test), yes, no) }
        }
    }
}
