//! What becomes of many patches: a memory.

use std::collections::BTreeSet;

use half::f16;
use rayon::prelude::*;

use kizumi_kernel::isa::Isa;
use kizumi_kernel::nearest::{Found, Patches};

use crate::builder::{MemoryConfig, MemoryKind};
use crate::coreset::k_centre;
use crate::memory::{Memory, Normal, Parts};
use crate::mixture;
use crate::pool::{Origin, Pool};
use crate::whitening::Whitening;

/// Patches that are compared with those of other images to find those that no other image shows.
const WITNESSES: usize = 4_000;

/// Patches searched for at a time.
const TOGETHER: usize = 256;

/// Patches that whitening is learnt from, and that a coreset is chosen from.
const SAMPLE: usize = 20_000;

/// A memory, its unit still 1, of the pool's patches but those that are left out; of at most `wanted`
/// patches, if it is of patches. `None` if none is left.
pub(crate) fn memory(
    pool: &Pool,
    config: &MemoryConfig,
    wanted: usize,
    left_out: impl Fn(&Origin) -> bool,
) -> Option<Memory> {
    let channels = pool.channels();
    let origins = pool.origins().iter().enumerate();
    // In random order: as many of the first as are wanted are as good a sample as any.
    let mut candidates: Vec<usize> = origins
        .filter(|(_, origin)| !left_out(origin))
        .map(|(i, _)| i)
        .collect();
    if candidates.is_empty() {
        return None;
    }
    if config.kind == MemoryKind::Patches {
        candidates.truncate(SAMPLE);
    }
    let mut values = pool.values_of(&candidates);
    let whitening = config.whiten.then(|| {
        let sample = values.len().min(SAMPLE * channels);
        Whitening::of(channels, &values[..sample])
    });
    if let Some(whitening) = &whitening {
        values = whitening.apply_all(&values);
    }
    let normal = match config.kind {
        MemoryKind::Gaussians => Normal::Gaussians(mixture::learn(channels, &values, SAMPLE)),
        MemoryKind::Patches => {
            let images: Vec<u32> = candidates
                .iter()
                .map(|&i| pool.origins()[i].image)
                .collect();
            let common = common(channels, &values, &images, config.trim);
            let values = rows(channels, &values, &common);
            let mut chosen = k_centre(channels, &values, wanted, config.seed);
            chosen.sort_unstable();
            let mut values = rows(channels, &values, &chosen);
            round_to_half(&mut values);
            Normal::patches(channels, values)
        }
    };
    let parts = Parts {
        channels,
        normal,
        whitening,
    };
    Some(Memory::new(parts, 1.0))
}

/// Makes values what they will be in a file.
pub(crate) fn round_to_half(values: &mut [f32]) {
    for value in values {
        *value = f16::from_f32(*value).to_f32();
    }
}

/// The patches without the share that is farthest from the patches of other images: what no other image
/// shows is a flaw of its own. All of them where there are not enough images to tell.
fn common(channels: usize, values: &[f32], images: &[u32], trim: f32) -> Vec<usize> {
    let mut order: Vec<usize> = (0..images.len()).collect();
    let distinct: BTreeSet<u32> = images.iter().copied().collect();
    if distinct.len() < 3 {
        return order;
    }
    let distances = from_others(channels, values, images);
    order.sort_by(|&a, &b| distances[a].total_cmp(&distances[b]));
    let trimmed = (order.len() as f32 * trim) as usize;
    order.truncate(order.len().saturating_sub(trimmed).max(1));
    order.sort_unstable();
    order
}

/// The squared distance of each patch to the nearest of some patches of other images.
fn from_others(channels: usize, values: &[f32], images: &[u32]) -> Vec<f32> {
    // The first are as random as any. Those of one image are one run.
    let mut witnesses: Vec<usize> = (0..images.len().min(WITNESSES)).collect();
    witnesses.sort_by_key(|&i| images[i]);
    let owners: Vec<u32> = witnesses.iter().map(|&i| images[i]).collect();
    let witnesses = Patches::new(channels, &rows(channels, values, &witnesses));
    let mut distances = vec![0.0; images.len()];
    distances
        .par_chunks_mut(TOGETHER)
        .zip(images.par_chunks(TOGETHER))
        .zip(values.par_chunks(TOGETHER * channels))
        .for_each(|((distances, images), queries)| {
            let before = |image: &u32| 0..owners.partition_point(|owner| owner < image);
            let after = |image: &u32| owners.partition_point(|owner| owner <= image)..owners.len();
            let mut found = vec![Found::NOTHING; images.len()];
            for runs in [
                images.iter().map(before).collect::<Vec<_>>(),
                images.iter().map(after).collect(),
            ] {
                witnesses.search(Isa::current(), queries, &runs, &mut found);
            }
            let queries = queries.chunks_exact(channels);
            for ((distance, query), found) in distances.iter_mut().zip(queries).zip(found) {
                let own: f32 = query.iter().map(|value| value * value).sum();
                *distance = own - 2.0 * found.closeness;
            }
        });
    distances
}

/// Some rows of `[count][channels]`.
fn rows(channels: usize, values: &[f32], which: &[usize]) -> Vec<f32> {
    let row = |&i: &usize| &values[i * channels..][..channels];
    which.iter().flat_map(row).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_other_image_shows_is_left_away() {
        // Three images of ten patches between 0 and 1; one patch of the second is far from all others.
        let mut values: Vec<f32> = (0..30).map(|i| (i % 10) as f32 / 10.0).collect();
        let images: Vec<u32> = (0..30).map(|i| i / 10).collect();
        values[14] = 5.0;
        let common = |trim| super::common(1, &values, &images, trim);
        let without: Vec<usize> = (0..30).filter(|&i| i != 14).collect();
        assert_eq!(common(0.04), without);
        assert_eq!(common(0.0).len(), 30);
        assert_eq!(common(1.0).len(), 1);
    }

    #[test]
    fn an_images_own_patches_are_no_witnesses() {
        let values = [0.0, 0.0, 3.0, 7.0];
        assert_eq!(
            from_others(1, &values, &[0, 0, 1, 2]),
            [9.0, 9.0, 9.0, 16.0]
        );
    }
}
