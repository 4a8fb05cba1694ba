//! Which patches several images show.

use std::collections::BTreeSet;

use rayon::prelude::*;

use kizumi_kernel::isa::Isa;
use kizumi_kernel::nearest::{Found, Patches};

use crate::recipe::rows;

/// Patches that are compared with those of other images to find those that no other image shows.
const WITNESSES: usize = 4_000;

/// Patches that a thread searches for at a time.
const TOGETHER: usize = 256;

/// Patches compared a step.
const A_STEP: usize = 4_096;

/// Compares patches, `[count][channels]` in random order, with those of other images, some a step.
pub(crate) struct Comparing {
    /// Some of the patches, those of one image being one run.
    witnesses: Patches,
    /// Whose they are, ascending.
    owners: Vec<u32>,
    /// The squared distance of each patch so far to the nearest witness of another image.
    distances: Vec<f32>,
}

impl Comparing {
    /// Nothing compared yet; `images` says whose the patches are. `None` where there are not enough images to
    /// tell.
    pub(crate) fn new(channels: usize, values: &[f32], images: &[u32]) -> Option<Self> {
        let distinct: BTreeSet<u32> = images.iter().copied().collect();
        if distinct.len() < 3 {
            return None;
        }
        // The first are as random as any.
        let mut witnesses: Vec<usize> = (0..images.len().min(WITNESSES)).collect();
        witnesses.sort_by_key(|&i| images[i]);
        Some(Self {
            owners: witnesses.iter().map(|&i| images[i]).collect(),
            witnesses: Patches::new(channels, &rows(channels, values, &witnesses)),
            distances: Vec::with_capacity(images.len()),
        })
    }

    /// Patches compared.
    pub(crate) fn done(&self) -> usize {
        self.distances.len()
    }

    /// Compares the next few of the patches.
    pub(crate) fn step(&mut self, values: &[f32], images: &[u32]) {
        let channels = self.witnesses.channels();
        let done = self.done();
        let until = (done + A_STEP).min(images.len());
        let (witnesses, owners) = (&self.witnesses, &self.owners);
        let next: Vec<f32> = images[done..until]
            .par_chunks(TOGETHER)
            .zip(values[done * channels..until * channels].par_chunks(TOGETHER * channels))
            .flat_map_iter(|(images, queries)| from_others(witnesses, owners, queries, images))
            .collect();
        self.distances.extend(next);
    }

    /// The patches without the share that is farthest from the patches of other images: what no other image
    /// shows is a flaw of its own.
    pub(crate) fn common(&self, trim: f32) -> Vec<usize> {
        let distances = &self.distances;
        let mut order: Vec<usize> = (0..distances.len()).collect();
        order.sort_by(|&a, &b| distances[a].total_cmp(&distances[b]));
        let trimmed = (order.len() as f32 * trim) as usize;
        order.truncate(order.len().saturating_sub(trimmed).max(1));
        order.sort_unstable();
        order
    }
}

/// The squared distance of each query to the nearest of the witnesses of other images than its own.
fn from_others(witnesses: &Patches, owners: &[u32], queries: &[f32], images: &[u32]) -> Vec<f32> {
    let before = |image: &u32| 0..owners.partition_point(|owner| owner < image);
    let after = |image: &u32| owners.partition_point(|owner| owner <= image)..owners.len();
    let mut found = vec![Found::NOTHING; images.len()];
    for runs in [
        images.iter().map(before).collect::<Vec<_>>(),
        images.iter().map(after).collect(),
    ] {
        witnesses.search(Isa::current(), queries, &runs, &mut found);
    }
    let queries = queries.chunks_exact(witnesses.channels());
    let distance = |(query, found): (&[f32], Found)| {
        let own: f32 = query.iter().map(|value| value * value).sum();
        own - 2.0 * found.closeness
    };
    queries.zip(found).map(distance).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(values: &[f32], images: &[u32]) -> Comparing {
        let mut comparing = Comparing::new(1, values, images).expect("there are three images");
        while comparing.done() < images.len() {
            comparing.step(values, images);
        }
        comparing
    }

    #[test]
    fn what_no_other_image_shows_is_left_away() {
        // Three images of ten patches between 0 and 1; one patch of the second is far from all others.
        let mut values: Vec<f32> = (0..30).map(|i| (i % 10) as f32 / 10.0).collect();
        let images: Vec<u32> = (0..30).map(|i| i / 10).collect();
        values[14] = 5.0;
        let common = |trim| compared(&values, &images).common(trim);
        let without: Vec<usize> = (0..30).filter(|&i| i != 14).collect();
        assert_eq!(common(0.04), without);
        assert_eq!(common(0.0).len(), 30);
        assert_eq!(common(1.0).len(), 1);
    }

    #[test]
    fn an_images_own_patches_are_no_witnesses() {
        let compared = compared(&[0.0, 0.0, 3.0, 7.0], &[0, 0, 1, 2]);
        assert_eq!(compared.distances, [9.0, 9.0, 9.0, 16.0]);
    }

    #[test]
    fn two_images_cannot_tell_whose_flaw_it_is() {
        assert!(Comparing::new(1, &[0.0, 1.0], &[0, 1]).is_none());
    }
}
