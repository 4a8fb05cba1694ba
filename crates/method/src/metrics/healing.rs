//! How well a projection heals: the picture that it ends with against the one without the defect.

use kizumi_image::picture::Picture;
use serde::{Deserialize, Serialize};

/// A pixel that stays within this of what it was looks the same: one grey level of 255.
pub const UNTOUCHED: f32 = 1.0 / 255.0;

/// A defect is seen where the gate is open by this much over it, in the mean.
const SEEN: f64 = 0.5;

/// One image whose clean version is known.
#[derive(Clone, Copy, Debug)]
pub struct Healed<'a> {
    /// Without the defect, `[channels, height, width]`.
    pub clean: &'a Picture,
    /// With it: x_0.
    pub defective: &'a Picture,
    /// What became of it: x_T.
    pub projected: &'a Picture,
    /// Above 0.5 where the defect is, one channel.
    pub mask: &'a Picture,
    /// 0 where pixels do not count, one channel.
    pub counted: Option<&'a Picture>,
    /// How much of its step each pixel takes, `0.0..=1.0`, one channel; `None` where features make no gate.
    pub gate: Option<&'a Picture>,
}

/// How well one image was healed. Errors are mean absolute differences from the clean picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Healing {
    /// The error within the defect, as a share of what it was: 0 is healed, 1 as it was.
    pub within: f64,
    /// The error outside it, of values in `0.0..=1.0`.
    pub outside: f64,
    /// The share of the pixels outside it that stay within [`UNTOUCHED`] of what they were.
    pub untouched: f64,
    /// [`within`](Self::within) where features saw the defect: the gate is open by half or more over it. What
    /// they do not see stays, however well the network could heal it.
    #[serde(default)]
    pub within_seen: Option<f64>,
    /// The share of defects that were seen.
    #[serde(default)]
    pub seen: f64,
}

impl Healing {
    /// Of one image; `None` where no defect counts or nothing else does.
    ///
    /// # Panics
    /// If the pictures differ in size.
    pub fn of(image: Healed<'_>) -> Option<Self> {
        let Healed {
            clean,
            defective,
            projected,
            mask,
            counted,
            gate,
        } = image;
        let plane = clean.plane_len();
        for other in [defective, projected] {
            assert_eq!(other.pixels.len(), clean.pixels.len());
        }
        assert_eq!(mask.pixels.len(), plane);
        let (mut before, mut after) = (0.0f64, 0.0f64);
        let (mut outside, mut sound, mut untouched) = (0.0f64, 0usize, 0usize);
        let (mut open, mut defective_px) = (0.0f64, 0usize);
        let counts = |i: &usize| counted.is_none_or(|counted| counted.pixels[*i] != 0.0);
        for i in (0..plane).filter(counts) {
            let largest = |a: &Picture, b: &Picture, sum: &mut f64| {
                let values = (0..clean.channels).map(|channel| channel * plane + i);
                values.fold(0.0f32, |most, at| {
                    let error = (a.pixels[at] - b.pixels[at]).abs();
                    *sum += f64::from(error);
                    most.max(error)
                })
            };
            if mask.pixels[i] > 0.5 {
                largest(defective, clean, &mut before);
                largest(projected, clean, &mut after);
                open += gate.map_or(0.0, |gate| f64::from(gate.pixels[i]));
                defective_px += 1;
            } else {
                largest(projected, clean, &mut outside);
                sound += 1;
                // Not from the clean picture: around a defect x_0 itself may differ a little.
                let moved = largest(projected, defective, &mut 0.0);
                untouched += usize::from(moved <= UNTOUCHED);
            }
        }
        let is_seen = open >= SEEN * defective_px as f64 && gate.is_some();
        (before > 0.0 && sound > 0).then(|| Self {
            within: after / before,
            outside: outside / (sound * clean.channels) as f64,
            untouched: untouched as f64 / sound as f64,
            within_seen: is_seen.then_some(after / before),
            seen: f64::from(u8::from(is_seen)),
        })
    }

    /// The middle image by each figure, the mean of two where there is no single one, and the share that was
    /// seen; `None` of none.
    pub fn median(all: &[Self]) -> Option<Self> {
        let median = |of: fn(&Self) -> Option<f64>| {
            let mut values: Vec<f64> = all.iter().filter_map(of).collect();
            values.sort_by(f64::total_cmp);
            let (low, high) = (values.len().checked_sub(1)? / 2, values.len() / 2);
            Some(0.5 * (values[low] + values[high]))
        };
        Some(Self {
            within: median(|one| Some(one.within))?,
            outside: median(|one| Some(one.outside))?,
            untouched: median(|one| Some(one.untouched))?,
            within_seen: median(|one| one.within_seen),
            seen: all.iter().map(|one| one.seen).sum::<f64>() / all.len() as f64,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn row(values: [f32; 4]) -> Picture {
        Picture::new(1, 1, 4, values.to_vec())
    }

    fn of(projected: [f32; 4], counted: Option<&Picture>) -> Option<Healing> {
        Healing::of(Healed {
            clean: &row([0.5; 4]),
            defective: &row([0.9, 0.1, 0.5, 0.5]),
            projected: &row(projected),
            mask: &row([1.0, 1.0, 0.0, 0.0]),
            counted,
            gate: None,
        })
    }

    #[test]
    fn errors_are_shares_of_what_they_were() {
        let as_it_was = of([0.9, 0.1, 0.5, 0.5], None).unwrap();
        assert_eq!(
            (as_it_was.within, as_it_was.outside, as_it_was.untouched),
            (1.0, 0.0, 1.0)
        );
        let half = of([0.7, 0.3, 0.5, 0.6], None).unwrap();
        assert!((half.within - 0.5).abs() < 1e-6);
        assert!((half.outside - 0.05).abs() < 1e-6);
        assert_eq!(half.untouched, 0.5);
        let healed = of([0.5, 0.5, 0.503, 0.5], None).unwrap();
        assert_eq!((healed.within, healed.untouched), (0.0, 1.0));
    }

    #[test]
    fn what_does_not_count_is_left_out() {
        let first = row([1.0, 0.0, 1.0, 0.0]);
        let healing = of([0.5, 0.0, 0.5, 0.0], Some(&first)).unwrap();
        assert_eq!(
            (healing.within, healing.outside, healing.untouched),
            (0.0, 0.0, 1.0)
        );
        for none in [[0.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 0.0]] {
            assert_eq!(of([0.5; 4], Some(&row(none))), None);
        }
    }

    #[test]
    fn the_median_is_of_each_figure() {
        let one = |within, untouched| Healing {
            within,
            outside: 0.0,
            untouched,
            ..Healing::default()
        };
        let all = [one(0.9, 0.2), one(0.1, 1.0), one(0.3, 0.6)];
        assert_eq!(Healing::median(&all), Some(one(0.3, 0.6)));
        assert_eq!(Healing::median(&all[..2]), Some(one(0.5, 0.6)));
        assert_eq!(Healing::median(&[]), None);
    }

    #[test]
    fn what_the_gate_opens_has_a_figure_of_its_own() {
        let of = |gate: [f32; 4], left: f32| {
            let all = [0.5, 0.5, 0.5, 0.5];
            Healing::of(Healed {
                clean: &row(all),
                defective: &row([0.9, 0.1, 0.5, 0.5]),
                projected: &row([0.5 + 0.4 * left, 0.5 - 0.4 * left, 0.5, 0.5]),
                mask: &row([1.0, 1.0, 0.0, 0.0]),
                counted: None,
                gate: Some(&row(gate)),
            })
            .unwrap()
        };
        let all = [
            of([1.0, 0.5, 0.0, 0.0], 0.25),
            of([0.25, 0.25, 1.0, 1.0], 1.0),
        ];
        let median = Healing::median(&all).unwrap();
        assert!((median.within - 0.625).abs() < 1e-6);
        assert!(
            median
                .within_seen
                .is_some_and(|left| (left - 0.25).abs() < 1e-6)
        );
        assert_eq!(median.seen, 0.5);
        assert_eq!(Healing::median(&all[1..]).unwrap().within_seen, None);
    }
}
