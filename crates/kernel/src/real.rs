//! The numbers that the kernels run on, each with its way to run and room of its own.

#![allow(unsafe_code)]

use std::cell::RefCell;
use std::thread::LocalKey;

use super::isa::{Isa, Kernel};
use super::number::Number;

/// A number that kernels run on.
pub trait Real: Number {
    /// Runs a kernel with the vectors of `isa`.
    ///
    /// # Safety
    /// The kernel's own conditions.
    unsafe fn run<K: Kernel<Self>>(isa: Isa, kernel: K) -> K::Output;

    /// Runs `work` with room for `length` values, which this thread keeps for the next time. What
    /// they are is left over from the last time.
    fn with_scratch<R>(length: usize, work: impl FnOnce(&mut [Self]) -> R) -> R;
}

impl Real for f32 {
    #[inline(always)]
    unsafe fn run<K: Kernel<Self>>(isa: Isa, kernel: K) -> K::Output {
        // SAFETY: the caller's promise.
        unsafe { isa.run(kernel) }
    }
    fn with_scratch<R>(length: usize, work: impl FnOnce(&mut [Self]) -> R) -> R {
        thread_local! {
            static SCRATCH: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
        }
        with_room(&SCRATCH, length, work)
    }
}

impl Real for f64 {
    #[inline(always)]
    unsafe fn run<K: Kernel<Self>>(_: Isa, kernel: K) -> K::Output {
        // SAFETY: the caller's promise.
        unsafe { super::isa::run_portable(kernel) }
    }
    fn with_scratch<R>(length: usize, work: impl FnOnce(&mut [Self]) -> R) -> R {
        thread_local! {
            static SCRATCH: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
        }
        with_room(&SCRATCH, length, work)
    }
}

fn with_room<T: Real, R>(
    scratch: &'static LocalKey<RefCell<Vec<T>>>,
    length: usize,
    work: impl FnOnce(&mut [T]) -> R,
) -> R {
    // Taken out, so that work within work finds other room instead of a panic.
    let mut room = scratch.take();
    if room.len() < length {
        room.resize(length, T::ZERO);
    }
    let result = work(&mut room[..length]);
    scratch.replace(room);
    result
}
