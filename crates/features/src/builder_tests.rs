use rand::RngExt;

use super::*;
use crate::leave_out::Built;

const CHANNELS: usize = 4;

/// Images that look alike in every place, with a little noise.
fn image(counter: u64, height: usize, width: usize, noise: f32) -> FeatureMap {
    let mut rng = seeded::rng(1, "builder tests", counter);
    let mut values = Vec::new();
    for i in 0..height * width {
        for channel in 0..CHANNELS {
            let place = ((i * 5 + channel * 3) % 17) as f32;
            values.push(place + noise * rng.random_range(-1.0..1.0));
        }
    }
    FeatureMap {
        channels: CHANNELS,
        height,
        width,
        values,
    }
}

fn built(images: &[FeatureMap], config: MemoryConfig) -> Built {
    let mut builder = MemoryBuilder::new(CHANNELS, config);
    for image in images {
        builder.add(image, None);
    }
    builder.finish().expect("there are patches")
}

fn alike(count: u64) -> Vec<FeatureMap> {
    (0..count).map(|i| image(i, 6, 8, 0.5)).collect()
}

#[test]
fn the_same_images_make_the_same_memory() {
    let images = alike(6);
    let small = MemoryConfig {
        most_patches: 50,
        pool: 70,
        ..Default::default()
    };
    let (first, second) = (built(&images, small), built(&images, small));
    assert_eq!(first.memory.fingerprint(), second.memory.fingerprint());
    assert_eq!(first.memory.count(), 50);
    let other = MemoryConfig { seed: 1, ..small };
    let other = built(&images, other);
    assert_ne!(first.memory.fingerprint(), other.memory.fingerprint());
}

#[test]
fn an_image_is_measured_by_the_others_alone() {
    let mut images = alike(8);
    // Nothing else is like this one.
    images[3].values.iter_mut().for_each(|value| *value += 40.0);
    let all = MemoryConfig {
        trim: 0.0,
        ..Default::default()
    };
    let Built { memory, leave_out } = built(&images, all);
    assert_eq!(leave_out.len(), 8);
    let strange = leave_out[3].as_ref().expect("measured");
    let smallest = strange.values.iter().copied().fold(f32::INFINITY, f32::min);
    let usual = leave_out[2].as_ref().expect("measured");
    let largest = usual.values.iter().copied().fold(0.0, f32::max);
    assert!(smallest > 3.0 * largest, "{smallest} {largest}");
    // The whole memory knows it.
    let known = memory.distances(&images[3]);
    assert!(known.values.iter().all(|value| *value < 0.3), "{known:?}");
}

#[test]
fn one_in_a_hundred_patches_of_the_normals_is_beyond_the_unit() {
    let Built { leave_out, .. } = built(&alike(12), MemoryConfig::default());
    let maps = (0..12).map(|i| leave_out[i].as_ref().expect("measured"));
    let values: Vec<f32> = maps.flat_map(|map| map.values.clone()).collect();
    let beyond = values.iter().filter(|value| **value > 1.0).count();
    assert_eq!(beyond, values.len().div_ceil(100));
}

#[test]
fn what_does_not_count_is_neither_remembered_nor_measured() {
    let mut builder = MemoryBuilder::new(CHANNELS, MemoryConfig::default());
    let counted: Vec<bool> = (0..48).map(|i| i % 8 < 4).collect();
    for image in alike(4) {
        builder.add(&image, Some(counted.clone()));
    }
    let Built { memory, leave_out } = builder.finish().expect("half of the patches count");
    assert_eq!(memory.count(), 96);
    let map = leave_out[0].as_ref().expect("measured");
    for (value, counts) in map.values.iter().zip(&counted) {
        assert_eq!(*value > 0.0, *counts);
    }
}

#[test]
fn without_a_patch_that_counts_there_is_no_memory() {
    let mut builder = MemoryBuilder::new(CHANNELS, MemoryConfig::default());
    assert!(
        MemoryBuilder::new(CHANNELS, MemoryConfig::default())
            .finish()
            .is_none()
    );
    builder.add(&image(0, 2, 2, 0.5), Some(vec![false; 4]));
    assert!(builder.finish().is_none());
}

#[test]
fn a_single_image_makes_a_memory_that_measured_nothing() {
    let Built { memory, leave_out } = built(&alike(1), MemoryConfig::default());
    assert_eq!(memory.count(), 48);
    assert!(leave_out[0].is_none());
    let mut strange = alike(1).remove(0);
    strange.values.iter_mut().for_each(|value| *value += 40.0);
    // Measured by itself: parts of it by the others.
    let usual = memory.distances(&image(1, 6, 8, 0.5)).values;
    let strange = memory.distances(&strange).values;
    assert!(usual.iter().all(|value| *value < 3.0), "{usual:?}");
    assert!(strange.iter().all(|value| *value > 3.0), "{strange:?}");
}

#[test]
fn what_is_left_to_do_is_done_step_by_step() {
    let mut builder = MemoryBuilder::new(CHANNELS, MemoryConfig::default());
    for image in alike(5) {
        builder.add(&image, None);
    }
    let mut measuring = builder.close();
    let (mut before, total) = measuring.progress();
    assert_eq!(before, 0);
    let mut steps = 0;
    while !measuring.is_done() {
        measuring.step();
        let (done, still) = measuring.progress();
        assert!(
            done >= before && still == total,
            "{before}, {done} of {still}"
        );
        (before, steps) = (done, steps + 1);
    }
    assert_eq!(before, total);
    // Six memories, each in several steps; five images.
    assert!(steps >= 6 * 3 + 5, "{steps}");
    let [stepped] = measuring.finish().expect("there are patches");
    let at_once = built(&alike(5), MemoryConfig::default());
    assert_eq!(stepped.memory.fingerprint(), at_once.memory.fingerprint());
    assert_eq!(stepped.leave_out[4], at_once.leave_out[4]);
}

#[test]
fn images_of_different_sizes_make_one_memory() {
    let images = [
        image(0, 6, 8, 0.5),
        image(1, 4, 10, 0.5),
        image(2, 7, 7, 0.5),
    ];
    let Built { memory, leave_out } = built(&images, MemoryConfig::default());
    // One in a hundred is least like other images.
    assert_eq!(memory.count(), 136);
    assert_eq!(
        leave_out[1].as_ref().map(|map| (map.height, map.width)),
        Some((4, 10))
    );
}
