//! A bounded sample of the patches of any number of images.

use half::f16;
use half::slice::HalfFloatSliceExt;

/// Where a patch came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Drawn at random: the smallest stay.
    key: u64,
    /// Which image.
    pub(crate) image: u32,
    /// Its row in that image's grid.
    pub(crate) row: u16,
    /// Its column.
    pub(crate) column: u16,
}

impl Origin {
    pub(crate) fn new(key: u64, image: usize, row: usize, column: usize) -> Self {
        Self {
            key,
            image: image as u32,
            row: row as u16,
            column: column as u16,
        }
    }
}

/// Patches of random keys, those with the smallest ones: every patch is as likely to be among them as any
/// other, in whatever order they came.
pub(crate) struct Pool {
    channels: usize,
    most: usize,
    origins: Vec<Origin>,
    /// `[origins.len()][channels]`.
    values: Vec<f16>,
}

impl Pool {
    /// An empty one of at most so many patches.
    pub(crate) fn new(channels: usize, most: usize) -> Self {
        Self {
            channels,
            most,
            origins: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Takes a patch; at times those with the largest keys go.
    pub(crate) fn add(&mut self, origin: Origin, patch: &[f16]) {
        self.origins.push(origin);
        self.values.extend_from_slice(patch);
        if self.origins.len() >= 2 * self.most {
            self.settle();
        }
    }

    /// Leaves the most wanted patches, in the order of their keys.
    pub(crate) fn settle(&mut self) {
        let mut order: Vec<usize> = (0..self.origins.len()).collect();
        order.sort_unstable_by_key(|&i| self.origins[i].key);
        order.truncate(self.most);
        self.origins = order.iter().map(|&i| self.origins[i]).collect();
        let mut values = Vec::with_capacity(order.len() * self.channels);
        for i in order {
            values.extend_from_slice(self.patch(i));
        }
        self.values = values;
    }

    /// Numbers a patch.
    pub(crate) fn channels(&self) -> usize {
        self.channels
    }

    /// Where the patches came from.
    pub(crate) fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// Values of some patches, one after the other.
    pub(crate) fn values_of(&self, patches: &[usize]) -> Vec<f32> {
        let mut values = vec![0.0; patches.len() * self.channels];
        for (to, &i) in values.chunks_exact_mut(self.channels).zip(patches) {
            self.patch(i).convert_to_f32_slice(to);
        }
        values
    }

    fn patch(&self, i: usize) -> &[f16] {
        &self.values[i * self.channels..][..self.channels]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_keys_stay_in_whatever_order_they_come() {
        let keys: Vec<u64> = (0..50).map(|i| i * 7919 % 50).collect();
        let pool = |keys: &[u64]| {
            let mut pool = Pool::new(1, 6);
            for &key in keys {
                let patch = [f16::from_f32(key as f32)];
                pool.add(Origin::new(key, 0, 0, 0), &patch);
            }
            pool.settle();
            pool.values_of(&[0, 1, 2, 3, 4, 5])
        };
        let backwards: Vec<u64> = keys.iter().rev().copied().collect();
        assert_eq!(pool(&keys), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(pool(&backwards), pool(&keys));
    }
}
