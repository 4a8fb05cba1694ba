//! What maps say of all pixels of many images, in little memory.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::auroc::HalfWins;
use super::{Curve, OverlapCurve};
use kizumi_image::enlarged::Enlarged;
use kizumi_image::mask_regions::MaskRegions;
use kizumi_image::picture::Picture;

/// Mantissa bits of an f32 that a bin keeps.
const MANTISSA_BITS: u32 = 12;
/// Bins a page: one page holds all values of one sign and exponent.
const PAGE_BINS: usize = 1 << MANTISSA_BITS;
/// Bits of an f32 below the bin number.
const SHIFT: u32 = 23 - MANTISSA_BITS;

/// A histogram of negative and positive pixels from which AUROC, curves and region overlap follow.
///
/// The bins are the f32 bit patterns without their lowest 11 bits, 2^21 in all: a bin spans 0.025 %
/// of its values, and zero has one to itself (together with values below 3e-42). Only the pages in
/// use are kept, 96 KiB for each power of two that occurs, so a few MiB hold any number of images
/// and of regions.
///
/// Two values in one bin count as tied, though one may be larger. The error of the AUROC is
/// therefore at most half the share of (negative, positive) pairs that fall into one bin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PixelHistogram {
    pages: BTreeMap<u32, Page>,
    /// Regions whose pixels were counted.
    regions: u64,
    has_nan: bool,
}

type Page = Box<[Bin]>;

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Bin {
    negatives: u64,
    positives: u64,
    /// The positives again, each as its share of its region: over all bins one for each region.
    region_shares: f64,
}

/// What pixels count as.
#[derive(Clone, Copy)]
enum Label {
    Negative,
    /// Each is this share of its region.
    Positive {
        region_share: f64,
    },
    /// Counted as positive already; the same of another region that covers them, too.
    Again {
        region_share: f64,
    },
}

impl PixelHistogram {
    /// Counts one pixel.
    pub fn insert(&mut self, value: f32, positive: bool) {
        let label = match positive {
            true => Label::Positive { region_share: 0.0 },
            false => Label::Negative,
        };
        self.insert_row([(value, true)], label);
    }

    /// Counts pixels of one label, those of them that count.
    fn insert_row(&mut self, values: impl IntoIterator<Item = (f32, bool)>, label: Label) {
        // Neighbours mostly lie on one page: it is looked up once.
        let mut current: Option<(u32, &mut Page)> = None;
        for (value, counts) in values {
            if !counts {
                continue;
            }
            if value.is_nan() {
                self.has_nan = true;
                continue;
            }
            let bin = bin_of(value) as usize;
            let number = (bin / PAGE_BINS) as u32;
            let page = match current {
                Some((last, page)) if last == number => page,
                _ => self
                    .pages
                    .entry(number)
                    .or_insert_with(|| vec![Bin::default(); PAGE_BINS].into()),
            };
            let bin = &mut page[bin % PAGE_BINS];
            match label {
                Label::Negative => bin.negatives += 1,
                Label::Positive { region_share } => {
                    bin.positives += 1;
                    bin.region_shares += region_share;
                }
                Label::Again { region_share } => bin.region_shares += region_share,
            }
            current = Some((number, page));
        }
    }

    /// Counts a map at the size of its image: positive where the mask is defective, all negative
    /// without one. The regions of the mask count for [`PixelHistogram::overlap_curve`].
    ///
    /// # Panics
    /// If the mask has another size than the image.
    pub fn add_enlarged(&mut self, map: &Enlarged<'_>, mask: Option<&MaskRegions>) {
        let areas = mask.map_or(Vec::new(), |mask| {
            assert_eq!(
                mask.size_px(),
                map.size_px(),
                "mask and image have one size"
            );
            mask.areas(|x, y| map.counts(x, y))
        });
        self.regions += areas.iter().filter(|area| **area > 0).count() as u64;
        let mut runs = mask.map_or(&[][..], MaskRegions::runs);
        map.for_each_row(|y, row| {
            let labelled = |columns: Range<usize>| columns.map(|x| (row[x], map.counts(x, y)));
            let mut x = 0;
            while let Some((run, rest)) = runs.split_first()
                && run.y as usize == y
            {
                let region_share = 1.0 / areas[run.region as usize] as f64;
                let Range { start, end } = run.columns();
                self.insert_row(labelled(x..start), Label::Negative);
                self.insert_row(labelled(start..x.min(end)), Label::Again { region_share });
                self.insert_row(
                    labelled(start.max(x)..end),
                    Label::Positive { region_share },
                );
                x = x.max(end);
                runs = rest;
            }
            self.insert_row(labelled(x..row.len()), Label::Negative);
        });
    }

    /// Counts a map; a pixel is positive where the mask is above 0.5. Regions are not looked for.
    ///
    /// # Panics
    /// If the lengths differ.
    pub fn add(&mut self, map: &[f32], mask: &[f32]) {
        assert_eq!(map.len(), mask.len(), "map and mask must have one size");
        for (&value, &mask) in map.iter().zip(mask) {
            self.insert(value, mask > 0.5);
        }
    }

    /// Counts the pixels of a map where `counted` is not zero: positive where the mask is above 0.5,
    /// all negative without one. Regions are not looked for.
    ///
    /// # Panics
    /// If the sizes differ.
    pub fn add_counted(
        &mut self,
        map: &Picture,
        mask: Option<&Picture>,
        counted: Option<&Picture>,
    ) {
        for other in [mask, counted].into_iter().flatten() {
            assert_eq!(
                other.pixels.len(),
                map.pixels.len(),
                "all must have one size"
            );
        }
        for (i, &value) in map.pixels.iter().enumerate() {
            if counted.is_none_or(|counted| counted.pixels[i] != 0.0) {
                self.insert(value, mask.is_some_and(|mask| mask.pixels[i] > 0.5));
            }
        }
    }

    /// Takes over the other's counts, as if its pixels had been counted here.
    pub fn merge(&mut self, other: &Self) {
        self.has_nan |= other.has_nan;
        self.regions += other.regions;
        for (&number, theirs) in &other.pages {
            match self.pages.get_mut(&number) {
                Some(ours) => {
                    for (ours, theirs) in ours.iter_mut().zip(theirs) {
                        ours.negatives += theirs.negatives;
                        ours.positives += theirs.positives;
                        ours.region_shares += theirs.region_shares;
                    }
                }
                None => {
                    self.pages.insert(number, theirs.clone());
                }
            }
        }
    }

    /// The AUROC, `0.0..=1.0`; `None` when a class is missing or a value was not a number.
    pub fn auroc(&self) -> Option<f64> {
        if self.has_nan {
            return None;
        }
        let mut wins = HalfWins::default();
        for bin in self.bins() {
            wins.add(bin.negatives, bin.positives);
        }
        wins.share()
    }

    /// The curves over pixels; values in one bin count as tied, and a point's threshold is the
    /// largest value of its bin. `None` when a class is missing or a value was not a number.
    pub fn curve(&self) -> Option<Curve> {
        if self.has_nan {
            return None;
        }
        let bins = self.numbered_bins().rev();
        Curve::from_descending(
            bins.map(|(number, bin)| (bin_end(number), bin.negatives, bin.positives)),
        )
    }

    /// How much of the regions each threshold finds, and at what price; values in one bin count as
    /// tied. `None` without regions or without negatives, or when a value was not a number.
    pub fn overlap_curve(&self) -> Option<OverlapCurve> {
        if self.has_nan {
            return None;
        }
        let bins = self.numbered_bins().rev();
        OverlapCurve::from_descending(
            bins.map(|(number, bin)| (bin_end(number), bin.negatives, bin.region_shares)),
            self.regions,
        )
    }

    /// All bins in use with their numbers, by ascending value.
    fn numbered_bins(&self) -> impl DoubleEndedIterator<Item = (u32, &Bin)> {
        self.pages.iter().flat_map(|(&page, bins)| {
            let bins = bins.iter().enumerate();
            bins.map(move |(at, bin)| (page * PAGE_BINS as u32 + at as u32, bin))
        })
    }

    /// All bins in use, by ascending value.
    fn bins(&self) -> impl Iterator<Item = &Bin> {
        self.pages.values().flatten()
    }
}

/// An integer that orders as the float does.
fn ordered_bits(value: f32) -> u32 {
    // Negative zero becomes zero.
    let bits = (value + 0.0).to_bits();
    if bits >> 31 == 1 {
        !bits
    } else {
        bits | 1 << 31
    }
}

/// The number of a value's bin; ascending as values do.
fn bin_of(value: f32) -> u32 {
    ordered_bits(value) >> SHIFT
}

/// The largest value of a bin.
fn bin_end(number: u32) -> f32 {
    let first = number << SHIFT;
    let value = |ordered: u32| {
        f32::from_bits(if ordered >> 31 == 1 {
            ordered & !(1 << 31)
        } else {
            !ordered
        })
    };
    // Infinity shares its bin with bit patterns that are not numbers.
    let end = value(first | ((1 << SHIFT) - 1));
    if end.is_nan() { value(first) } else { end }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::auroc::{auroc, tests::scores};
    use super::*;
    use crate::config::DataConfig;
    use kizumi_image::placement::Placement;
    use proptest::prelude::*;

    fn counted(negatives: &[f32], positives: &[f32]) -> PixelHistogram {
        let mut pixels = PixelHistogram::default();
        pixels.add(negatives, &vec![0.0; negatives.len()]);
        pixels.add(positives, &vec![1.0; positives.len()]);
        pixels
    }

    /// How far the AUROC can be from the exact value; 0 without pixels of both classes. Pixels of
    /// one and the same value are counted as if they were not tied, so the true error is smaller,
    /// with maps of many zeros by far.
    fn error_bound(pixels: &PixelHistogram) -> f64 {
        let (mut negatives, mut positives, mut together) = (0, 0, 0);
        for bin in pixels.bins() {
            negatives += u128::from(bin.negatives);
            positives += u128::from(bin.positives);
            together += u128::from(bin.negatives) * u128::from(bin.positives);
        }
        match negatives * positives {
            0 => 0.0,
            pairs => 0.5 * together as f64 / pairs as f64,
        }
    }

    #[test]
    fn bits_order_as_values_do() {
        let values = [
            f32::NEG_INFINITY,
            -2.0,
            -1e-30,
            0.0,
            1e-40,
            0.5,
            1.0,
            f32::INFINITY,
        ];
        for pair in values.windows(2) {
            assert!(ordered_bits(pair[0]) < ordered_bits(pair[1]), "{pair:?}");
        }
        assert_eq!(ordered_bits(0.0), ordered_bits(-0.0));
    }

    /// Half a million pixels like those of a map: small values, many zeros, two overlapping classes.
    #[test]
    fn close_to_the_exact_one_on_a_believable_map() {
        let mut state = 1u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 16_777_216.0
        };
        let negatives: Vec<f32> = (0..500_000)
            .map(|_| (0.05 * noise() * noise() - 0.002).max(0.0))
            .collect();
        let positives: Vec<f32> = (0..20_000).map(|_| 0.08 * noise() * noise()).collect();
        let pixels = counted(&negatives, &positives);
        let exact = auroc(&negatives, &positives).unwrap();
        let error = (pixels.auroc().unwrap() - exact).abs();
        assert!(error <= error_bound(&pixels));
        assert!(error < 1e-6, "{error}");
        assert!(error_bound(&pixels) < 2e-4, "{}", error_bound(&pixels));
        assert!(pixels.pages.len() < 40, "{} pages", pixels.pages.len());
    }

    #[test]
    fn a_bin_ends_with_its_largest_value() {
        let values = [
            f32::NEG_INFINITY,
            -1e30,
            -2.0,
            -1e-30,
            0.0,
            1e-40,
            0.3,
            1.0,
            f32::MAX,
        ];
        for value in values {
            let end = bin_end(bin_of(value));
            assert!(end >= value && bin_of(end) == bin_of(value), "{value}");
            assert!(bin_of(end.next_up()) > bin_of(value), "{value}");
        }
        assert_eq!(bin_end(bin_of(f32::INFINITY)), f32::INFINITY);
    }

    #[test]
    fn a_pixel_of_two_regions_is_one_pixel_and_counts_for_both() {
        let placement = Placement::new((4, 1), &DataConfig::default()).unwrap();
        let placement = Placement {
            canvas_px: (4, 1),
            width: 4,
            height: 1,
            ..placement
        };
        let map = Picture::new(1, 1, 4, vec![0.9, 0.7, 0.5, 0.6]);
        let mut mask = MaskRegions::new(4, &[true, true, false, false]);
        mask.add(MaskRegions::new(4, &[false, true, true, false]));
        let mut pixels = PixelHistogram::default();
        pixels.add_enlarged(&Enlarged::new(&map, &placement, None), Some(&mask));
        // Positives 0.9, 0.7, 0.5; the negative 0.6 lies above one of them.
        assert_eq!(pixels.auroc(), Some(2.0 / 3.0));
        let curve = pixels.overlap_curve().unwrap();
        let overlaps: Vec<f64> = curve.points().iter().map(|point| point.overlap).collect();
        // The start; half of the first region; the other half and half of the second; the negative; all.
        assert_eq!(overlaps, [0.0, 0.25, 0.75, 0.75, 1.0]);
    }

    /// A row of eight pixels: normal but for a region of one pixel and one of three, the last of
    /// which is ignored, and a third region that is ignored altogether.
    #[test]
    fn regions_weigh_the_same_and_ignored_pixels_nothing() {
        let placement = Placement::new((8, 1), &DataConfig::default()).unwrap();
        let placement = Placement {
            canvas_px: (8, 1),
            width: 8,
            height: 1,
            ..placement
        };
        let row = |values: [f32; 8]| Picture::new(1, 1, 8, values.to_vec());
        let map = row([0.9, 0.5, 0.7, 0.25, 0.8, 0.1, 0.9, 0.9]);
        let ignored = row([0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
        let mask = [true, false, true, true, true, false, true, false];
        let mut pixels = PixelHistogram::default();
        let counted = placement.counted(Some(&ignored)).unwrap();
        let mask = MaskRegions::new(8, &mask);
        pixels.add_enlarged(
            &Enlarged::new(&map, &placement, Some(&counted)),
            Some(&mask),
        );
        // Negatives 0.5, 0.1, 0.9; regions 0.9 and 0.7, 0.25.
        assert_eq!(pixels.auroc(), Some((2.5 + 2.0 + 1.0) / 9.0));
        let curve = pixels.overlap_curve().unwrap();
        let points: Vec<(f64, f64)> = curve
            .points()
            .iter()
            .map(|point| (point.false_positive_rate, point.overlap))
            .collect();
        let third = 1.0 / 3.0;
        let expected = [
            (0.0, 0.0),
            (third, 0.5),
            (third, 0.75),
            (2.0 * third, 0.75),
            (2.0 * third, 1.0),
            (1.0, 1.0),
        ];
        assert_eq!(points, expected);
        let twice = {
            let mut twice = pixels.clone();
            twice.merge(&pixels);
            twice.overlap_curve().unwrap()
        };
        assert_eq!(twice.points(), curve.points());
    }

    #[test]
    fn undefined_without_both_classes() {
        assert_eq!(counted(&[1.0], &[1.0]).overlap_curve(), None, "no region");
        assert_eq!(counted(&[f32::NAN, 0.0], &[1.0]).curve(), None);
        assert_eq!(counted(&[1.0], &[]).curve(), None);
        assert_eq!(counted(&[1.0], &[]).auroc(), None);
        assert_eq!(counted(&[], &[1.0]).auroc(), None);
        assert_eq!(counted(&[f32::NAN, 0.0], &[1.0]).auroc(), None);
        assert_eq!(error_bound(&PixelHistogram::default()), 0.0);
    }

    proptest! {
        #[test]
        fn within_its_bound_for_any_floats(
            negatives in prop::collection::vec(-1e3f32..1e3, 1..50),
            positives in prop::collection::vec(-1e3f32..1e3, 1..50),
        ) {
            let pixels = counted(&negatives, &positives);
            let error = (pixels.auroc().unwrap() - auroc(&negatives, &positives).unwrap()).abs();
            prop_assert!(error <= error_bound(&pixels) + 1e-12);
        }

        #[test]
        fn exact_when_values_are_far_apart(negatives in scores(), positives in scores()) {
            let pixels = counted(&negatives, &positives);
            prop_assert_eq!(pixels.auroc(), auroc(&negatives, &positives));
        }

        #[test]
        fn merging_is_counting_on(a in scores(), b in scores(), c in scores(), d in scores()) {
            let mut merged = counted(&a, &b);
            merged.merge(&counted(&c, &d));
            prop_assert_eq!(merged, counted(&[a, c].concat(), &[b, d].concat()));
        }
    }
}
