//! Normal images, measured by memories that know nothing of them.

use std::collections::HashSet;

use kizumi_method::anomaly_map::percentile;

use crate::builder::{MemoryConfig, MemoryKind};
use crate::distances::Distances;
use crate::flaws::{Place, flaws};
use crate::kept::{Kept, KeptImage};
use crate::memory::Memory;
use crate::pool::{Origin, Pool};
use crate::recipe::Making;

/// What 99 of 100 patches of normal images stay below is the unit of distances.
const UNIT_PERCENTILE: f32 = 99.0;

/// The unit where normal images are all the same.
const SMALLEST_UNIT: f32 = 1e-3;

/// Rows and columns of the squares that a single image is parted into to be measured by itself.
const SQUARE: u16 = 4;

/// Making a memory takes about as long as measuring so many images.
const MAKING: usize = 25;

/// A memory, and what its images are like without themselves.
pub struct Built {
    /// The memory of all images.
    pub memory: Memory,
    /// The distances of each image's patches to a memory of the others, 0 where a patch does not count. `None`
    /// when its features were not kept, or there was no other image to measure it by.
    pub leave_out: Vec<Option<Distances>>,
}

/// Makes memories, each of another kind, and measures the images, a little of it a step.
pub struct Measuring<const N: usize = 1> {
    config: MemoryConfig,
    kinds: [MemoryKind; N],
    pool: Pool,
    kept: Kept,
    /// Which images are left out together.
    fold_of: Vec<usize>,
    folds: usize,
    /// The memories without each of the folds, then those of all images; `None` where no patch counts.
    made: Vec<Option<[Memory; N]>>,
    making: Option<Making<N>>,
    /// Kept images that were measured.
    measured: usize,
    /// What each image is like to the memories of the others, in units of 1.
    maps: Vec<Option<[Distances; N]>>,
    /// The distances of all patches that count.
    values: [Vec<f32>; N],
    /// Patches that are taken for flaws, and learned from by no memory; `None` until that is known.
    flaws: Option<HashSet<Place>>,
}

impl<const N: usize> Measuring<N> {
    /// Nothing made yet, of so many images and a pool that is settled.
    pub(crate) fn new(
        config: MemoryConfig,
        kinds: [MemoryKind; N],
        pool: Pool,
        kept: Kept,
        images: usize,
    ) -> Self {
        // An image alone has no others to be measured by.
        let folds = config.folds.min(images);
        let folds = if folds < 2 { 0 } else { folds };
        Self {
            config,
            kinds,
            pool,
            kept,
            // Neighbours, which are often of one batch, are left out together.
            fold_of: (0..images).map(|i| i * folds / images).collect(),
            folds,
            made: Vec::with_capacity(folds + 1),
            making: None,
            measured: 0,
            maps: std::iter::repeat_with(|| None).take(images).collect(),
            values: std::array::from_fn(|_| Vec::new()),
            flaws: (!config.sift).then(HashSet::new),
        }
    }

    /// What memories are made of.
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The images that are measured, each with the number of the group that it is left out in.
    pub(crate) fn kept(&self) -> impl ExactSizeIterator<Item = (&KeptImage, usize)> {
        let images = self.kept.images().iter();
        images.map(|image| (image, self.fold_of[image.image]))
    }

    /// Groups that images are left out in; 0 where there are no others to measure one by.
    pub(crate) fn folds(&self) -> usize {
        self.folds
    }

    /// How much is done, and how much there is to do; the unit is the time that measuring an image takes.
    pub fn progress(&self) -> (usize, usize) {
        let made = self.made.len() as f32 + self.making.as_ref().map_or(0.0, Making::share);
        let round = (self.folds + 1) * MAKING + self.kept.images().len();
        let done = (made * MAKING as f32) as usize + self.measured;
        match (self.config.sift, &self.flaws) {
            (false, _) => (done, round),
            (true, None) => (done, 2 * round),
            (true, Some(_)) => (round + done, 2 * round),
        }
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.flaws.is_some() && self.is_round_done()
    }

    fn is_round_done(&self) -> bool {
        self.made.len() > self.folds && self.measured == self.kept.images().len()
    }

    /// Makes a part of the next memories, or measures the next image: a part of a second's work.
    pub fn step(&mut self) {
        if self.made.len() <= self.folds {
            self.make();
        } else if self.measured < self.kept.images().len() {
            self.measured += 1;
            self.measure(self.measured - 1);
        } else if self.flaws.is_none() {
            self.sift();
        }
    }

    /// Takes what stands out for flaws, by all memories together, and begins again without them.
    fn sift(&mut self) {
        let maps = self.maps.iter().enumerate().filter_map(|(image, maps)| {
            let [first, others @ ..] = maps.as_ref()?.as_slice() else {
                return None;
            };
            let joined = others.iter().fold(first.clone(), Distances::with_roots_of);
            Some((image as u32, joined))
        });
        let flaws = flaws(&maps.collect::<Vec<_>>());
        if !flaws.is_empty() {
            self.made.clear();
            self.measured = 0;
            self.maps.iter_mut().for_each(|map| *map = None);
            self.values.iter_mut().for_each(Vec::clear);
        }
        self.flaws = Some(flaws);
    }

    /// Does what is left. `None` when there is not one patch that counts.
    pub fn finish(mut self) -> Option<[Built; N]> {
        while !self.is_done() {
            self.step();
        }
        let memories = self.made.pop()??;
        if self.values.iter().all(Vec::is_empty) {
            self.values = self.measure_by_itself();
        }
        let mut units = [1.0; N];
        for (unit, values) in units.iter_mut().zip(self.values) {
            *unit = unit_of(values);
        }
        let mut maps: [Vec<Option<Distances>>; N] = std::array::from_fn(|_| Vec::new());
        for image in self.maps {
            let each = image.map_or([const { None }; N], |each| each.map(Some));
            for ((maps, map), unit) in maps.iter_mut().zip(each).zip(units) {
                maps.push(map.map(|map| map.in_units_of(unit)));
            }
        }
        let mut parts = units.into_iter().zip(maps);
        Some(memories.map(|memory| {
            let (unit, leave_out) = parts.next().unwrap_or_default();
            Built {
                memory: memory.with_unit(unit),
                leave_out,
            }
        }))
    }

    /// Makes a part of the memories without the next fold; of those of all images at last.
    fn make(&mut self) {
        let fold = self.made.len();
        match self.making.take() {
            None => {
                let left_out = |origin: &Origin| self.fold_of[origin.image as usize] == fold;
                self.making = match fold < self.folds {
                    true => self.begin(left_out),
                    false => self.begin(|_| false),
                };
                if self.making.is_none() {
                    self.made.push(None);
                }
            }
            Some(making) if making.is_done() => self.made.push(Some(making.finish())),
            Some(mut making) => {
                making.step();
                self.making = Some(making);
            }
        }
    }

    fn begin(&self, left_out: impl Fn(&Origin) -> bool) -> Option<Making<N>> {
        let wanted = self.config.patches(self.fold_of.len());
        let is_flaw = |origin: &Origin| {
            let place = (origin.image, origin.row, origin.column);
            let flaws = self.flaws.as_ref();
            flaws.is_some_and(|flaws| flaws.contains(&place))
        };
        let left_out = |origin: &Origin| left_out(origin) || is_flaw(origin);
        Making::new(&self.pool, &self.config, self.kinds, wanted, left_out)
    }

    fn measure(&mut self, kept: usize) {
        let image = &self.kept.images()[kept];
        let fold = self.fold_of[image.image];
        let (Some(Some(memories)), true) = (self.made.get(fold), self.folds > 0) else {
            return;
        };
        let features = image.features(self.pool.channels());
        let mut maps = Memory::distances_of_each(memories.each_ref(), &features);
        for (map, values) in maps.iter_mut().zip(&mut self.values) {
            match &image.counted {
                None => values.extend_from_slice(&map.values),
                Some(counted) => {
                    for (value, counts) in map.values.iter_mut().zip(counted) {
                        if *counts {
                            values.push(*value);
                        } else {
                            *value = 0.0;
                        }
                    }
                }
            }
        }
        self.maps[image.image] = Some(maps);
    }

    /// Distances within a single image: of the white squares of a chessboard to the black ones.
    fn measure_by_itself(&self) -> [Vec<f32>; N] {
        let white = |row: u16, column: u16| (row / SQUARE + column / SQUARE).is_multiple_of(2);
        let making = self.begin(|origin| white(origin.row, origin.column));
        let (Some(making), Some(image)) = (making, self.kept.images().first()) else {
            return std::array::from_fn(|_| Vec::new());
        };
        let features = image.features(self.pool.channels());
        let maps = Memory::distances_of_each(making.finish().each_ref(), &features);
        maps.map(|map| {
            let place = |i: usize| ((i / map.width) as u16, (i % map.width) as u16);
            let values = map.values.iter().enumerate();
            values
                .filter(|&(i, _)| {
                    let (row, column) = place(i);
                    white(row, column) && image.counted.as_ref().is_none_or(|counted| counted[i])
                })
                .map(|(_, value)| *value)
                .collect()
        })
    }
}

/// Maps in the unit that 99 of 100 of their values stay below, and that.
pub(crate) fn in_common_unit(maps: Vec<Option<Distances>>) -> (Vec<Option<Distances>>, f32) {
    let values = maps.iter().flatten().flat_map(|map| &map.values);
    // Patches that do not count are no distance away.
    let unit = unit_of(values.copied().filter(|value| *value > 0.0).collect());
    let maps = maps.into_iter();
    (maps.map(|map| Some(map?.in_units_of(unit))).collect(), unit)
}

/// What 99 of 100 of the distances of normal patches do not exceed; 1 of none.
pub(crate) fn unit_of(values: Vec<f32>) -> f32 {
    let unit = percentile(values, UNIT_PERCENTILE).unwrap_or(1.0);
    unit.max(SMALLEST_UNIT)
}
