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
    /// The nearest value in `0..=most`; NaN stays NaN.
    unsafe fn clip(value: Self::Vector, most: Self::Vector) -> Self::Vector;
    /// A bit for each value, the first one lowest: whether it is above zero and below `most`.
    unsafe fn inside(value: Self::Vector, most: Self::Vector) -> u16;
    /// The values whose bits are set, zero for the others.
    unsafe fn keep(bits: u16, value: Self::Vector) -> Self::Vector;
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
    #[inline(always)]
    unsafe fn clip(value: [T; 4], most: [T; 4]) -> [T; 4] {
        std::array::from_fn(|i| {
            let value = if value[i] < T::ZERO {
                T::ZERO
            } else {
                value[i]
            };
            if value > most[i] { most[i] } else { value }
        })
    }
    #[inline(always)]
    unsafe fn inside(value: [T; 4], most: [T; 4]) -> u16 {
        let bit = |i: usize| u16::from(value[i] > T::ZERO && value[i] < most[i]) << i;
        bit(0) | bit(1) | bit(2) | bit(3)
    }
    #[inline(always)]
    unsafe fn keep(bits: u16, value: [T; 4]) -> [T; 4] {
        std::array::from_fn(|i| {
            if bits >> i & 1 == 1 {
                value[i]
            } else {
                T::ZERO
            }
        })
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
        #[inline(always)]
        unsafe fn clip(value: __m512, most: __m512) -> __m512 {
            // Both give their second operand where one is NaN.
            unsafe { _mm512_min_ps(most, _mm512_max_ps(_mm512_setzero_ps(), value)) }
        }
        #[inline(always)]
        unsafe fn inside(value: __m512, most: __m512) -> u16 {
            unsafe {
                let positive = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(value, _mm512_setzero_ps());
                _mm512_mask_cmp_ps_mask::<_CMP_LT_OQ>(positive, value, most)
            }
        }
        #[inline(always)]
        unsafe fn keep(bits: u16, value: __m512) -> __m512 {
            unsafe { _mm512_maskz_mov_ps(bits, value) }
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
        #[inline(always)]
        unsafe fn clip(value: __m256, most: __m256) -> __m256 {
            // Both give their second operand where one is NaN.
            unsafe { _mm256_min_ps(most, _mm256_max_ps(_mm256_setzero_ps(), value)) }
        }
        #[inline(always)]
        unsafe fn inside(value: __m256, most: __m256) -> u16 {
            unsafe {
                let positive = _mm256_cmp_ps::<_CMP_GT_OQ>(value, _mm256_setzero_ps());
                let below = _mm256_cmp_ps::<_CMP_LT_OQ>(value, most);
                // Eight bits.
                _mm256_movemask_ps(_mm256_and_ps(positive, below)) as u16
            }
        }
        #[inline(always)]
        unsafe fn keep(bits: u16, value: __m256) -> __m256 {
            unsafe {
                let each = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
                let set = _mm256_and_si256(_mm256_set1_epi32(bits.into()), each);
                let kept = _mm256_cmpeq_epi32(set, each);
                _mm256_and_ps(_mm256_castsi256_ps(kept), value)
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

    /// The bit of each value.
    const EACH: [u32; 4] = [1, 2, 4, 8];

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
        #[inline(always)]
        unsafe fn clip(value: float32x4_t, most: float32x4_t) -> float32x4_t {
            // Both give NaN where one is.
            unsafe { vminq_f32(vmaxq_f32(value, vdupq_n_f32(0.0)), most) }
        }
        #[inline(always)]
        unsafe fn inside(value: float32x4_t, most: float32x4_t) -> u16 {
            unsafe {
                let inside = vandq_u32(vcgtzq_f32(value), vcltq_f32(value, most));
                // Four bits.
                vaddvq_u32(vandq_u32(inside, vld1q_u32(EACH.as_ptr()))) as u16
            }
        }
        #[inline(always)]
        unsafe fn keep(bits: u16, value: float32x4_t) -> float32x4_t {
            unsafe {
                let kept = vtstq_u32(vdupq_n_u32(bits.into()), vld1q_u32(EACH.as_ptr()));
                vreinterpretq_f32_u32(vandq_u32(kept, vreinterpretq_u32_f32(value)))
            }
        }
    }
}
