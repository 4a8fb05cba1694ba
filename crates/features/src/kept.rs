//! A bounded sample of whole feature maps, in half precision.

use half::f16;
use half::slice::HalfFloatSliceExt;

use kizumi_kernel::features::FeatureMap;

/// The features of an image.
pub(crate) struct KeptImage {
    /// Drawn at random: the smallest stay.
    key: u64,
    /// Which image.
    pub(crate) image: usize,
    grid: (usize, usize),
    values: Vec<f16>,
    /// Which patches count; all without.
    pub(crate) counted: Option<Vec<bool>>,
}

/// Images of random keys, those with the smallest ones, as many as there is room for.
pub(crate) struct Kept {
    room_bytes: usize,
    used_bytes: usize,
    images: Vec<KeptImage>,
}

impl Kept {
    pub(crate) fn new(room_bytes: usize) -> Self {
        Self {
            room_bytes,
            used_bytes: 0,
            images: Vec::new(),
        }
    }

    /// Takes an image (its rows and columns, its values); where there is no more room those with the
    /// largest keys go, all but one.
    pub(crate) fn add(
        &mut self,
        key: u64,
        image: usize,
        grid: (usize, usize),
        values: Vec<f16>,
        counted: Option<Vec<bool>>,
    ) {
        self.used_bytes += size_of_val(values.as_slice());
        let at = self.images.partition_point(|other| other.key < key);
        let kept = KeptImage {
            key,
            image,
            grid,
            values,
            counted,
        };
        self.images.insert(at, kept);
        while self.used_bytes > self.room_bytes && self.images.len() > 1 {
            if let Some(last) = self.images.pop() {
                self.used_bytes -= size_of_val(last.values.as_slice());
            }
        }
    }

    pub(crate) fn images(&self) -> &[KeptImage] {
        &self.images
    }
}

impl KeptImage {
    /// Whether a patch counts.
    pub(crate) fn counts(&self, patch: usize) -> bool {
        self.counted.as_ref().is_none_or(|counted| counted[patch])
    }

    /// Its features.
    pub(crate) fn features(&self, channels: usize) -> FeatureMap {
        let mut values = vec![0.0; self.values.len()];
        self.values.convert_to_f32_slice(&mut values);
        FeatureMap {
            channels,
            height: self.grid.0,
            width: self.grid.1,
            values,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_keys_stay_as_long_as_there_is_room() {
        let mut kept = Kept::new(3 * 4 * 2);
        for (image, key) in [5, 9, 1, 7, 3, 8].into_iter().enumerate() {
            let values = vec![f16::from_f32(image as f32); 4];
            kept.add(key, image, (2, 2), values, None);
        }
        let images: Vec<usize> = kept.images().iter().map(|kept| kept.image).collect();
        assert_eq!(images, [2, 4, 0]);
        assert_eq!(kept.images()[1].features(1).values, [4.0; 4]);
        kept.add(0, 6, (4, 4), vec![f16::ZERO; 16], None);
        assert_eq!(kept.images().len(), 1, "one stays though it is too large");
    }
}
