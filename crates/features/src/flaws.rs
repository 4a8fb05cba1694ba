//! Patches of normal images that are taken for flaws, and not learned from: a defective part among the normal ones makes
//! its defect normal otherwise, and several of them agree.

use std::collections::HashSet;

use kizumi_method::anomaly_map::percentile;

use crate::distances::Distances;

/// Standard deviations above the median from which on a patch stands out.
const DEVIATIONS: f32 = 3.0;

/// The 90th percentile of a normal distribution, in standard deviations.
const P90: f32 = 1.2816;

/// The most patches of an image that are taken for flaws: what fills more of it is how it looks.
const MOST_OF_IMAGE: f32 = 0.25;

/// The most of all patches.
const MOST_OF_ALL: f32 = 0.03;

/// Fewer images do not say what stands out among them.
const FEWEST_IMAGES: usize = 20;

/// How far the medians of images may lie apart, in deviations of their patches: where images are unlike each other as wholes,
/// what stands out in one is how it looks. Metal plates .22, spindles .31; tiles .39, leaves .49.
const MOST_APART: f32 = 0.35;

/// Where a patch lies: its image, row and column.
pub(crate) type Place = (u32, u16, u16);

/// What stands out in these images, each with its distances to what the others make normal. Empty where images are few,
/// or unlike each other.
pub(crate) fn flaws(maps: &[(u32, Distances)]) -> HashSet<Place> {
    find(maps).unwrap_or_default()
}

fn find(maps: &[(u32, Distances)]) -> Option<HashSet<Place>> {
    // Patches that do not count are no distance away.
    let counted = |map: &Distances| -> Vec<f32> {
        let values = map.values.iter().copied();
        values.filter(|value| *value > 0.0).collect()
    };
    let all: Vec<f32> = maps.iter().flat_map(|(_, map)| counted(map)).collect();
    let most = (all.len() as f32 * MOST_OF_ALL) as usize;
    let median = percentile(all.clone(), 50.0)?;
    let deviation = (percentile(all, 90.0)? - median) / P90;
    let medians = maps.iter();
    let medians: Vec<f32> = medians
        .filter_map(|(_, map)| percentile(counted(map), 50.0))
        .collect();
    let apart = percentile(medians.clone(), 90.0)? - percentile(medians, 10.0)?;
    if maps.len() < FEWEST_IMAGES || apart / (2.0 * P90) > MOST_APART * deviation {
        return None;
    }
    let limit = median + DEVIATIONS * deviation;
    let mut found: Vec<(f32, Place)> = Vec::new();
    for (image, map) in maps {
        let values = map.values.iter().enumerate();
        let mut own: Vec<(f32, Place)> = values
            .filter(|(_, value)| **value > limit)
            .map(|(i, value)| {
                let (row, column) = (i / map.width, i % map.width);
                (*value, (*image, row as u16, column as u16))
            })
            .collect();
        farthest(&mut own, (map.values.len() as f32 * MOST_OF_IMAGE) as usize);
        found.append(&mut own);
    }
    farthest(&mut found, most);
    Some(found.into_iter().map(|(_, place)| place).collect())
}

/// Leaves the farthest of them; of those equally far the first.
fn farthest(found: &mut Vec<(f32, Place)>, most: usize) {
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.truncate(most);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Images of 16 x 16 patches whose distances go from 1 to 2, `offset` more in every second image.
    fn images(count: u32, offset: f32) -> Vec<(u32, Distances)> {
        let map = |image: u32| {
            let values = (0..256).map(|i| {
                let place = (i * 7 + image as usize * 3) % 256;
                1.0 + place as f32 / 256.0 + offset * (image % 2) as f32
            });
            let map = Distances {
                height: 16,
                width: 16,
                values: values.collect(),
                nearest: Vec::new(),
            };
            (image, map)
        };
        (0..count).map(map).collect()
    }

    #[test]
    fn what_stands_out_among_images_that_are_alike_is_a_flaw() {
        let mut maps = images(24, 0.0);
        assert!(flaws(&maps).is_empty());
        maps[5].1.values[3 * 16 + 4] = 4.0;
        maps[9].1.values[15 * 16] = 5.0;
        assert_eq!(flaws(&maps), HashSet::from([(5, 3, 4), (9, 15, 0)]));
    }

    #[test]
    fn what_fills_an_image_is_how_it_looks() {
        let mut maps = images(24, 0.0);
        maps[5].1.values.fill(4.0);
        let found = flaws(&maps);
        assert_eq!(found.len(), 64, "a quarter of it at most");
        for map in &mut maps[6..12] {
            map.1.values[..64].fill(4.0 + map.0 as f32);
        }
        assert_eq!(
            flaws(&maps).len(),
            24 * 256 * 3 / 100,
            "no more of all of them"
        );
    }

    #[test]
    fn images_that_are_few_or_unlike_each_other_have_none() {
        let spoil = |mut maps: Vec<(u32, Distances)>| {
            maps[5].1.values[20] = 9.0;
            flaws(&maps)
        };
        assert_eq!(spoil(images(24, 0.0)).len(), 1);
        assert_eq!(spoil(images(24, 0.5)).len(), 0);
        assert_eq!(spoil(images(12, 0.0)).len(), 0);
        assert!(flaws(&[]).is_empty());
    }
}
