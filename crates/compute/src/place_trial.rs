//! Views of normal images that are spoilt, to see how much places should count.

use rayon::prelude::*;

use kizumi_dataset::corrupt::corrupt_once;
use kizumi_features::{Apart, Sight, Undecided};
use kizumi_image::compact::{CompactPicture, Samples};
use kizumi_image::picture::Picture;
use kizumi_image::seeded;
use kizumi_kernel::features::FeatureNetwork;
use rand::RngExt as _;

/// Images that are spoilt, at most.
const IMAGES: usize = 24;

/// So often each.
const VERSIONS: usize = 2;

/// Views a step.
const A_STEP: usize = 4;

/// Keeps a few views, spoils them once memories are learned, and measures them.
pub(crate) struct PlaceTrial {
    /// How many images will be taken in, and how many were.
    images: (usize, usize),
    seed: u64,
    /// Some of the views, with the numbers of their images.
    views: Vec<(usize, CompactPicture)>,
    done: usize,
    spoilt: Vec<Apart>,
}

impl PlaceTrial {
    /// Nothing kept yet, of about so many images.
    pub fn new(images: usize, seed: u64) -> Self {
        Self {
            images: (images.max(1), 0),
            seed,
            views: Vec::new(),
            done: 0,
            spoilt: Vec::new(),
        }
    }

    /// Keeps some of the views, evenly spread, as they come.
    pub fn take(&mut self, view: &Picture) {
        let (all, number) = self.images;
        let kept = all.min(IMAGES);
        if (number + 1) * kept / all > number * kept / all {
            let samples = view
                .pixels
                .iter()
                .map(|value| (value * 255.0).round() as u8);
            self.views.push((
                number,
                CompactPicture {
                    channels: view.channels,
                    height: view.height,
                    width: view.width,
                    samples: Samples::U8(samples.collect()),
                },
            ));
        }
        self.images.1 += 1;
    }

    /// Views measured, and views to be measured.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, VERSIONS * self.views.len())
    }

    /// Spoils and measures the next views.
    pub fn step(&mut self, learned: &Undecided) {
        let (done, all) = self.progress();
        let next = done..all.min(done + A_STEP);
        self.done = next.end;
        let spoilt: Vec<(usize, Picture)> = next
            .into_par_iter()
            .filter_map(|at| {
                let (number, _) = self.views[at % self.views.len()];
                Some((number, self.spoilt(at)?))
            })
            .collect();
        let pictures: Vec<&Picture> = spoilt.iter().map(|(_, picture)| picture).collect();
        let sights = Sight::of_all(&FeatureNetwork::lite0(), &pictures);
        let numbers = spoilt.iter().map(|(number, _)| *number);
        let measured = numbers.zip(&sights);
        self.spoilt
            .extend(measured.filter_map(|(number, sight)| learned.spoilt(number, sight)));
    }

    /// What was measured.
    pub fn finish(self) -> Vec<Apart> {
        self.spoilt
    }

    /// A view with one defect, in a square of it that is as large as it can be; pieces come from the same square of
    /// another view. `None` where nothing is to be seen of it.
    fn spoilt(&self, at: usize) -> Option<Picture> {
        let count = self.views.len();
        let mut rng = seeded::rng(self.seed, "spoilt views", at as u64);
        let mut view = self.views[at % count].1.to_picture();
        let donor = self.views[(at + 1 + rng.random_range(0..count)) % count]
            .1
            .to_picture();
        let side = view.height.min(view.width);
        let top = rng.random_range(0..=view.height - side);
        let left = rng.random_range(0..=view.width - side);
        let mut square = part(&view, (top, left), side);
        let same_size =
            (donor.channels, donor.height, donor.width) == (view.channels, view.height, view.width);
        let pieces = match same_size {
            true => part(&donor, (top, left), side),
            false => square.clone(),
        };
        let mask = corrupt_once(&mut square, view.channels, side, &pieces, &mut rng);
        if mask.iter().all(|mark| *mark == 0.0) {
            return None;
        }
        for (row, values) in square.chunks_exact(side).enumerate() {
            let (channel, y) = (row / side, top + row % side);
            let start = (channel * view.height + y) * view.width + left;
            view.pixels[start..start + side].copy_from_slice(values);
        }
        Some(view)
    }
}

/// The values of a square of a picture, plane after plane.
fn part(picture: &Picture, (top, left): (usize, usize), side: usize) -> Vec<f32> {
    let rows = (0..picture.channels * side).map(|row| {
        let (channel, y) = (row / side, top + row % side);
        let start = (channel * picture.height + y) * picture.width + left;
        &picture.pixels[start..start + side]
    });
    rows.flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(number: usize) -> Picture {
        Picture::from_fn(3, 48, 80, |c, y, x| {
            let wave = (0.3 * x as f32 + number as f32).sin() * (0.2 * y as f32 + c as f32).cos();
            0.5 + 0.4 * wave
        })
    }

    fn trial(images: usize) -> PlaceTrial {
        let mut trial = PlaceTrial::new(images, 7);
        (0..images).for_each(|number| trial.take(&view(number)));
        trial
    }

    #[test]
    fn a_few_views_are_kept_and_evenly_spread() {
        for (images, kept) in [(1, 1), (20, 20), (24, 24), (100, 24)] {
            let trial = trial(images);
            assert_eq!(trial.progress(), (0, 2 * kept), "{images}");
            let numbers: Vec<usize> = trial.views.iter().map(|(number, _)| *number).collect();
            let gaps = numbers.windows(2).map(|pair| pair[1] - pair[0]);
            assert!(gaps.max() <= Some(images.div_ceil(kept)), "{numbers:?}");
        }
    }

    #[test]
    fn every_spoilt_view_differs_from_the_sound_one_and_is_drawn_again_alike() {
        let trial = trial(6);
        for at in 0..12 {
            let spoilt = trial.spoilt(at).expect("waves show everything");
            let sound = trial.views[at % 6].1.to_picture();
            let pairs = spoilt.pixels.iter().zip(&sound.pixels);
            let changed = pairs.filter(|(a, b)| (*a - *b).abs() > 0.02).count();
            assert!(changed > 0, "{at}");
            assert!(changed < sound.pixels.len(), "{at}");
            assert_eq!(trial.spoilt(at), Some(spoilt));
        }
    }
}
