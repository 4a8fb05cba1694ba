//! From normal images to Gaussians of their places, and how much these explain.

use crate::axes::{AXES, Axes};
use crate::distances::Distances;
use crate::kept::KeptImage;
use crate::leave_out::{Measuring, in_common_unit};
use crate::places::{CELLS, Places, Weight, cell, share, squares};
use crate::recipe::round_to_half;
use crate::whitening::{cholesky, lower_inverse};

/// As many patches of all cells together have a part in the covariance of each: that of few patches alone
/// says little.
const PRIOR: f64 = 200.0;

/// Added to the variance in every direction.
const RIDGE: f64 = 0.05;

/// Patches that the principal components are learned from.
const SAMPLE: usize = 20_000;

/// Images a step.
const A_STEP: usize = 8;

const TRIANGLE: usize = AXES * (AXES + 1) / 2;

/// Gaussians of places in the making, some images a step.
pub(crate) struct PlaceLearning {
    axes: Axes,
    /// Of each group that images are left out in, of each cell.
    sums: Vec<Vec<Sums>>,
    /// Without each of the groups, once all images are summed: of places, and of any place.
    models: Vec<(Model, Model)>,
    /// Images that were summed, and those that were measured.
    summed: usize,
    measured: usize,
    /// By how much the logarithm of the likelihood of patches of images that were left out is greater by place.
    gain: f64,
    patches: usize,
    /// The distances of each image by place, in units of 1.
    maps: Vec<Option<Distances>>,
}

/// What was learned.
pub(crate) struct Placed {
    pub places: Places,
    /// The distances of each image to what the others make normal in each place, in units; 0 where a patch
    /// does not count. `None` where they are not known.
    pub leave_out: Vec<Option<Distances>>,
}

impl PlaceLearning {
    /// Nothing learned yet, of what memories of `images` are made of. `None` where there are not enough images
    /// to tell whether place explains anything.
    pub fn new<const N: usize>(measuring: &Measuring<N>, images: usize) -> Option<Self> {
        let pool = measuring.pool();
        let count = pool.origins().len().min(SAMPLE);
        if measuring.folds() == 0 || count == 0 {
            return None;
        }
        let sample: Vec<usize> = (0..count).collect();
        Some(Self {
            axes: Axes::of(pool.channels(), &pool.values_of(&sample)),
            sums: vec![vec![Sums::default(); CELLS]; measuring.folds()],
            models: Vec::new(),
            summed: 0,
            measured: 0,
            gain: 0.0,
            patches: 0,
            maps: std::iter::repeat_with(|| None).take(images).collect(),
        })
    }

    /// Steps done, and steps in all.
    pub fn progress<const N: usize>(&self, measuring: &Measuring<N>) -> (usize, usize) {
        let steps = measuring.kept().len().div_ceil(A_STEP);
        let done = self.summed.div_ceil(A_STEP) + self.measured.div_ceil(A_STEP);
        (done, 2 * steps)
    }

    /// Whether nothing is left to do.
    pub fn is_done<const N: usize>(&self, measuring: &Measuring<N>) -> bool {
        self.measured == measuring.kept().len()
    }

    /// Sums up the next images, or measures them: some milliseconds of work.
    pub fn step<const N: usize>(&mut self, measuring: &Measuring<N>) {
        let channels = measuring.pool().channels();
        if self.summed < measuring.kept().len() {
            for (image, fold) in measuring.kept().skip(self.summed).take(A_STEP) {
                self.sum(image, fold, channels);
                self.summed += 1;
            }
            return;
        }
        if self.models.is_empty() {
            self.models = self.without_each();
        }
        for (image, fold) in measuring.kept().skip(self.measured).take(A_STEP) {
            self.measure(image, fold, channels);
            self.measured += 1;
        }
    }

    /// What was learned, with the usual share of distances by place: 0 where places explain too little. `None` where
    /// nothing can be learned.
    pub fn finish(self) -> Option<Placed> {
        let gain = self.gain / (self.patches.max(1) * AXES) as f64;
        // Of Gaussians: the ratio of variances that makes this gain in likelihood.
        let share = share(1.0 - (-2.0 * gain).exp());
        if !share.is_finite() {
            return None;
        }
        let Model {
            mut means,
            mut factors,
            ..
        } = Model::of(&self.all());
        round_to_half(&mut means);
        round_to_half(&mut factors);
        let (leave_out, unit) = in_common_unit(self.maps);
        Some(Placed {
            leave_out,
            places: Places {
                axes: self.axes,
                means,
                factors,
                weight: Weight {
                    unit,
                    share,
                    joint_unit: 1.0,
                },
            },
        })
    }

    fn sum(&mut self, image: &KeptImage, fold: usize, channels: usize) {
        let features = image.features(channels);
        let components = self.axes.components(&features.values);
        for (at, components) in components.iter().enumerate() {
            if image.counts(at) {
                let cell = cell(at, features.height, features.width);
                self.sums[fold][cell].add(components);
            }
        }
    }

    /// The sums of all images.
    fn all(&self) -> Vec<Sums> {
        let folds = self.sums.iter();
        folds.fold(vec![Sums::default(); CELLS], |all, fold| {
            added(all, fold, 1.0)
        })
    }

    fn without_each(&self) -> Vec<(Model, Model)> {
        let all = self.all();
        let without = self.sums.iter().map(|fold| {
            let rest = added(all.clone(), fold, -1.0);
            let together = rest
                .iter()
                .fold(Sums::default(), |sum, one| sum.plus(one, 1.0));
            (Model::of(&rest), Model::of(&[together]))
        });
        without.collect()
    }

    fn measure(&mut self, image: &KeptImage, fold: usize, channels: usize) {
        let features = image.features(channels);
        let of = |model: &Model| squares(&self.axes, &model.means, &model.factors, &features);
        let (placed, anywhere) = &self.models[fold];
        let mut distances = of(placed);
        for (at, (square, elsewhere)) in distances.iter_mut().zip(of(anywhere)).enumerate() {
            if image.counts(at) {
                let cell = cell(at, features.height, features.width);
                let less = f64::from(elsewhere) - f64::from(*square);
                self.gain += 0.5 * (less + anywhere.log_dets[0] - placed.log_dets[cell]);
                self.patches += 1;
                *square = square.sqrt();
            } else {
                *square = 0.0;
            }
        }
        self.maps[image.image] = Some(Distances {
            height: features.height,
            width: features.width,
            values: distances,
            nearest: Vec::new(),
        });
    }
}

/// Sums over patches of a cell.
#[derive(Clone, Debug)]
struct Sums {
    count: f64,
    values: [f64; AXES],
    /// Of products, row by row up to the diagonal.
    products: Box<[f64; TRIANGLE]>,
}

impl Default for Sums {
    fn default() -> Self {
        Self {
            count: 0.0,
            values: [0.0; AXES],
            products: Box::new([0.0; TRIANGLE]),
        }
    }
}

impl Sums {
    fn add(&mut self, components: &[f32; AXES]) {
        let components = components.map(f64::from);
        self.count += 1.0;
        let mut products = self.products.iter_mut();
        for (row, value) in components.iter().enumerate() {
            self.values[row] += value;
            // The shorter one first, or one product would be lost at its end.
            for (other, product) in components[..=row].iter().zip(products.by_ref()) {
                *product += value * other;
            }
        }
    }

    /// With those of others, so many times.
    fn plus(mut self, other: &Self, times: f64) -> Self {
        self.count += times * other.count;
        let values = self.values.iter_mut().zip(&other.values);
        let products = self.products.iter_mut().zip(other.products.iter());
        values
            .chain(products)
            .for_each(|(sum, other)| *sum += times * other);
        self
    }

    fn mean(&self) -> [f64; AXES] {
        self.values.map(|sum| sum / self.count.max(1.0))
    }

    /// The sums of products of differences to the mean, row by row up to the diagonal. Divided by one less than
    /// there are patches, which the mean was made of as well, it is the covariance.
    fn scatter(&self) -> [f64; TRIANGLE] {
        let mean = self.mean();
        let mut scatter = *self.products;
        let mut products = scatter.iter_mut();
        for (row, mean) in mean.iter().enumerate() {
            for (sum, product) in self.values[..=row].iter().zip(products.by_ref()) {
                *product -= mean * sum;
            }
        }
        scatter
    }

    /// Patches that are free to differ: all but one, of which the mean takes the freedom.
    fn degrees_of_freedom(&self) -> f64 {
        (self.count - 1.0).max(0.0)
    }
}

/// The sums of each cell with those of others, so many times.
fn added(sums: Vec<Sums>, others: &[Sums], times: f64) -> Vec<Sums> {
    let pairs = sums.into_iter().zip(others);
    pairs.map(|(sum, other)| sum.plus(other, times)).collect()
}

/// A Gaussian for each cell, or one for all.
struct Model {
    /// `[cells][AXES]`.
    means: Vec<f32>,
    /// `[cells][AXES][AXES]`, transposed.
    factors: Vec<f32>,
    /// The logarithm of the determinant of each covariance.
    log_dets: Vec<f64>,
}

impl Model {
    /// The Gaussians of the patches in each cell: their mean, and their covariance as if [`PRIOR`] more of them had
    /// the mean covariance of all cells, with [`RIDGE`] added to every variance. A cell without patches has the mean
    /// and the covariance of all patches. `factors` are the transposed inverses of the Cholesky factors.
    fn of(cells: &[Sums]) -> Self {
        let degrees: f64 = cells.iter().map(Sums::degrees_of_freedom).sum();
        let mut within = [0.0; TRIANGLE];
        for cell in cells {
            for (sum, value) in within.iter_mut().zip(cell.scatter()) {
                *sum += value / degrees.max(1.0);
            }
        }
        let all = cells
            .iter()
            .fold(Sums::default(), |sum, cell| sum.plus(cell, 1.0));
        let mut model = Self {
            means: Vec::with_capacity(cells.len() * AXES),
            factors: Vec::with_capacity(cells.len() * AXES * AXES),
            log_dets: Vec::with_capacity(cells.len()),
        };
        for cell in cells {
            // Where nothing was seen, whatever is normal elsewhere may be.
            let (sums, prior) = match cell.count > 0.0 {
                true => (cell, PRIOR),
                false => (&all, 0.0),
            };
            model.means.extend(sums.mean().map(|value| value as f32));
            let (own, degrees) = (sums.scatter(), sums.degrees_of_freedom());
            let mut covariance = vec![0.0; AXES * AXES];
            let mut at = 0;
            for row in 0..AXES {
                for column in 0..=row {
                    let value = (own[at] + prior * within[at]) / (degrees + prior).max(1.0);
                    covariance[row * AXES + column] = value;
                    covariance[column * AXES + row] = value;
                    at += 1;
                }
                covariance[row * AXES + row] += RIDGE;
            }
            let lower = cholesky(AXES, covariance);
            let diagonal = (0..AXES).map(|i| lower[i * AXES + i].ln());
            model.log_dets.push(2.0 * diagonal.sum::<f64>());
            let inverse = lower_inverse(AXES, &lower);
            let column = |column: usize| (0..AXES).map(move |row| row * AXES + column);
            let transposed = (0..AXES).flat_map(column).map(|at| inverse[at] as f32);
            model.factors.extend(transposed);
        }
        model
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rand::RngExt;

    use kizumi_image::seeded;

    use super::*;
    use crate::builder::{MemoryBuilder, MemoryConfig, MemoryKind};
    use kizumi_kernel::features::FeatureMap;

    const CHANNELS: usize = 40;
    const GRID: usize = 32;

    /// A pattern that differs from place to place, moved to the right by so many patches, and a little
    /// different from image to image.
    fn image(number: usize, moved: usize) -> FeatureMap {
        let value = |at: usize| {
            let (patch, channel) = (at / CHANNELS, at % CHANNELS);
            let column = (patch % GRID + GRID - moved) % GRID;
            let place = (patch / GRID / 2) * 53 + (column / 2) * 17;
            let pattern = (place as f32 * (0.31 + 0.17 * channel as f32)).sin();
            pattern + 0.2 * ((at * 37 + number * 101) as f32).sin()
        };
        FeatureMap {
            channels: CHANNELS,
            height: GRID,
            width: GRID,
            values: (0..GRID * GRID * CHANNELS).map(value).collect(),
        }
    }

    fn placed(moved: impl Fn(usize) -> usize, images: usize) -> Option<Placed> {
        placed_where(moved, images, None)
    }

    fn placed_where(
        moved: impl Fn(usize) -> usize,
        images: usize,
        counted: Option<&[bool]>,
    ) -> Option<Placed> {
        let mut builder = MemoryBuilder::new(CHANNELS, MemoryConfig::default());
        for number in 0..images {
            let counted = counted.map(<[bool]>::to_vec);
            builder.add(&image(number, moved(number)), counted);
        }
        let measuring = builder.close_as([MemoryKind::Patches]);
        let mut learning = PlaceLearning::new(&measuring, images)?;
        while !learning.is_done(&measuring) {
            learning.step(&measuring);
        }
        let (done, total) = learning.progress(&measuring);
        assert_eq!(done, total);
        learning.finish()
    }

    #[test]
    fn where_parts_always_lie_alike_what_is_elsewhere_normal_is_far() {
        let Placed { places, leave_out } = placed(|_| 0, 12).unwrap();
        assert!(places.weight.share > 0.4, "{}", places.weight.share);
        let largest = |image: &FeatureMap| {
            let distances = places.distances(image).values;
            distances.into_iter().fold(0.0, f32::max)
        };
        assert!(largest(&image(20, 0)) < 3.0);
        assert!(largest(&image(20, 7)) > 5.0);
        // The images were measured by the others, in the unit that one in a hundred exceeds.
        let values = leave_out
            .iter()
            .flat_map(|map| &map.as_ref().unwrap().values);
        let beyond = values.filter(|value| **value > 1.0).count();
        let expected = 12 * GRID * GRID / 100;
        assert!(beyond.abs_diff(expected) <= 1, "{beyond}");
    }

    #[test]
    fn covariances_are_those_that_patches_come_from_however_few_a_cell_has() {
        let mut rng = seeded::rng(7, "place tests", 0);
        // Of variance 1.
        let half = 3.0f32.sqrt();
        let cells: Vec<Sums> = std::iter::repeat_with(|| {
            let mut sums = Sums::default();
            for _ in 0..5 {
                sums.add(&std::array::from_fn(|_| rng.random_range(-half..half)));
            }
            sums
        })
        .take(CELLS)
        .collect();
        let log_dets = Model::of(&cells).log_dets;
        let mean = log_dets.iter().sum::<f64>() / CELLS as f64;
        let variance = (mean / AXES as f64).exp();
        assert!((variance - 1.0 - RIDGE).abs() < 0.02, "{variance}");
    }

    #[test]
    fn what_does_not_count_makes_no_place_strange() {
        let counted: Vec<bool> = (0..GRID * GRID).map(|at| at % GRID < GRID / 2).collect();
        let Placed { places, leave_out } = placed_where(|_| 0, 12, Some(&counted)).unwrap();
        let map = leave_out[3].as_ref().unwrap();
        let distances = places.distances(&image(20, 0)).values;
        let mut unseen = Vec::new();
        for (at, counts) in counted.into_iter().enumerate() {
            assert_eq!(map.values[at] > 0.0, counts);
            unseen.extend((!counts).then_some(distances[at]));
        }
        // Nothing was learned of the right half; what is normal anywhere may be there.
        let mean = unseen.iter().sum::<f32>() / unseen.len() as f32;
        assert!(mean < 6.0, "{mean}");
    }

    #[test]
    fn where_parts_lie_anyhow_places_have_no_say() {
        let anyhow = |number: usize| number * 13 % GRID;
        assert_eq!(placed(anyhow, 12).unwrap().places.weight.share, 0.0);
        assert!(placed(|_| 0, 1).is_none());
    }
}
