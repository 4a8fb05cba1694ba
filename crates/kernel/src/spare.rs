//! Buffers that are used again: fresh pages cost more than the computation in them.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Buffers that are kept while nobody uses them.
const KEPT: usize = 2;

/// Spare buffers, each for a number of images; clones share them.
#[derive(Debug)]
pub struct Spare<B>(Arc<Mutex<Vec<Kept<B>>>>);

/// A buffer with the number of images that it has room for.
#[derive(Debug)]
struct Kept<B> {
    images: usize,
    buffer: B,
}

/// A buffer on loan. Dropping it hands it back.
#[derive(Debug)]
pub struct Loan<B> {
    lent: Option<Kept<B>>,
    home: Spare<B>,
}

impl<B> Spare<B> {
    /// A buffer for at least `images` images, made when none is spare.
    pub fn lend(&self, images: usize, make: impl FnOnce() -> B) -> Loan<B> {
        let mut kept = self.lock();
        let fits = kept.iter().position(|one| one.images >= images);
        let spare = fits.map(|at| kept.swap_remove(at));
        drop(kept);
        let lent = spare.unwrap_or_else(|| Kept {
            images,
            buffer: make(),
        });
        Loan {
            lent: Some(lent),
            home: self.clone(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Kept<B>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<B> Clone for Spare<B> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<B> Default for Spare<B> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<B> Drop for Loan<B> {
    fn drop(&mut self) {
        let mut kept = self.home.lock();
        kept.extend(self.lent.take());
        // The larger ones serve more often.
        kept.sort_by_key(|one| std::cmp::Reverse(one.images));
        kept.truncate(KEPT);
    }
}

impl<B> Deref for Loan<B> {
    type Target = B;

    fn deref(&self) -> &B {
        let lent = self.lent.as_ref();
        &lent.expect("it is there until it is dropped").buffer
    }
}

impl<B> DerefMut for Loan<B> {
    fn deref_mut(&mut self) -> &mut B {
        let lent = self.lent.as_mut();
        &mut lent.expect("it is there until it is dropped").buffer
    }
}

#[cfg(test)]
mod tests {
    use super::Spare;

    #[test]
    fn a_buffer_comes_back() {
        let spare: Spare<Vec<u8>> = Spare::default();
        let lend = |images| spare.lend(images, || vec![0; images]);
        let first = lend(3);
        let large = first.as_ptr();
        let second = lend(1);
        assert_ne!(second.as_ptr(), large);
        drop(first);
        assert_eq!(lend(2).as_ptr(), large);
        assert!(lend(4).len() >= 4);
    }
}
