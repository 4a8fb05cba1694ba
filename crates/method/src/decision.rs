//! From a score to a verdict: how many false alarms a person accepts, and what follows from it.
//!
//! "Flagged" always means strictly above a threshold, for images and pixels alike. So a threshold
//! at the largest score of the good parts flags none of them.

use serde::{Deserialize, Serialize};

use super::anomaly_map::percentile;
use super::tail::Tail;
use kizumi_image::setting::{
    Allowed, InvalidSetting, Setting, require, require_finite, require_within,
};

/// How a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Decision {
    /// Share of good parts that may be rejected, `0.0..=0.5`. The default, 0.02, is about the
    /// smallest that the few dozen held-out normals of a calibration can tell from zero.
    pub false_alarms: f32,
    /// Share of good parts that may be looked at a second time, beyond the false alarms,
    /// `0.0..=0.5`; 0 is no unsure band.
    pub unsure: f32,
    /// Share of the normals' pixels that may be flagged, `0.0..=0.5`.
    pub false_pixels: f32,
    /// Thresholds of projected image scores set by hand, which then count instead of the shares.
    /// They are raw, so they mean nothing for another model.
    pub by_hand: Option<Thresholds>,
    /// The threshold of projected map values set by hand.
    pub pixel_by_hand: Option<f32>,
    /// Regions of fewer pixels are filtered; 0 and 1 filter none.
    pub min_area_px: usize,
}

impl Default for Decision {
    fn default() -> Self {
        Self {
            false_alarms: 0.02,
            unsure: 0.03,
            false_pixels: 0.001,
            by_hand: None,
            pixel_by_hand: None,
            min_area_px: 0,
        }
    }
}

/// Two thresholds of raw image scores, `review <= reject`; between them lies the unsure band.
/// In files a pair, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f32; 2]", into = "[f32; 2]")]
pub struct Thresholds {
    /// Above it a person should look.
    pub review: f32,
    /// Above it a part is rejected.
    pub reject: f32,
}

/// What becomes of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Good.
    Pass,
    /// Unsure: a person should look.
    Review,
    /// Defective.
    Reject,
}

impl Verdict {
    /// All of them, from good to bad.
    pub const ALL: [Self; 3] = [Self::Pass, Self::Review, Self::Reject];
}

impl Decision {
    /// # Errors
    /// Which value is out of range, and its range.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        require_within(Setting::FalseAlarms, self.false_alarms, 0.0..=0.5)?;
        require_within(Setting::Unsure, self.unsure, 0.0..=0.5)?;
        require_within(Setting::FalsePixels, self.false_pixels, 0.0..=0.5)?;
        if let Some(Thresholds { review, reject }) = self.by_hand {
            require_finite(Setting::ReviewThreshold, review)?;
            require_finite(Setting::RejectThreshold, reject)?;
            let most = Allowed::AtMost(Setting::RejectThreshold, reject.to_string());
            require(review <= reject, Setting::ReviewThreshold, review, most)?;
        }
        self.pixel_by_hand.map_or(Ok(()), |pixel| {
            require_finite(Setting::PixelThreshold, pixel)
        })
    }

    /// The thresholds of projected scores: those set by hand, else
    /// [`automatic_thresholds`](Self::automatic_thresholds).
    pub fn thresholds(&self, normals: &[f32]) -> Option<Thresholds> {
        self.by_hand.or_else(|| self.automatic_thresholds(normals))
    }

    /// The thresholds that the accepted shares give on the scores of normal images, in any order:
    /// percentiles, linear between ranks. Scores that are not finite are left out; `None` when none
    /// is left.
    ///
    /// Plain and projected scores each have their own. With fewer than
    /// [`needed_normals`](Self::needed_normals) the accepted share is finer than the scores can
    /// tell, and the threshold lies next to their largest.
    pub fn automatic_thresholds(&self, normals: &[f32]) -> Option<Thresholds> {
        let finite = || normals.iter().copied().filter(|score| score.is_finite());
        let above = |share: f32| percentile(finite().collect(), 100.0 * (1.0 - share));
        Some(Thresholds {
            review: above(self.false_alarms + self.unsure)?,
            reject: above(self.false_alarms)?,
        })
    }

    /// The threshold of projected map values: that set by hand, else
    /// [`automatic_pixel_threshold`](Self::automatic_pixel_threshold).
    pub fn pixel_threshold(&self, normals: &Tail) -> Option<f32> {
        self.pixel_by_hand
            .or_else(|| self.automatic_pixel_threshold(normals))
    }

    /// The threshold that the accepted share of pixels gives on the map values of normal images
    /// (see [`Calibration`](super::calibration::Calibration)); `None` when none were measured.
    pub fn automatic_pixel_threshold(&self, normals: &Tail) -> Option<f32> {
        normals.value_above(self.false_pixels)
    }

    /// How many normals it takes to measure the accepted share of false alarms at all: one false
    /// alarm among them. `None` for a share of zero, which no number proves.
    pub fn needed_normals(&self) -> Option<usize> {
        (self.false_alarms > 0.0).then(|| (1.0 / self.false_alarms).ceil() as usize)
    }
}

impl From<[f32; 2]> for Thresholds {
    fn from([review, reject]: [f32; 2]) -> Self {
        Self { review, reject }
    }
}

impl From<Thresholds> for [f32; 2] {
    fn from(thresholds: Thresholds) -> Self {
        [thresholds.review, thresholds.reject]
    }
}

impl Thresholds {
    /// What becomes of a part with this score. A score that is not finite says nothing about the
    /// part, so a person should look.
    pub fn verdict(&self, score: f32) -> Verdict {
        if !score.is_finite() {
            Verdict::Review
        } else if score > self.reject {
            Verdict::Reject
        } else if score > self.review {
            Verdict::Review
        } else {
            Verdict::Pass
        }
    }

    /// The same with another review threshold; it pushes the reject threshold up before it.
    pub fn with_review(self, review: f32) -> Self {
        Self {
            review,
            reject: self.reject.max(review),
        }
    }

    /// The same with another reject threshold; it pushes the review threshold down before it.
    pub fn with_reject(self, reject: f32) -> Self {
        Self {
            review: self.review.min(reject),
            reject,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn decision(false_alarms: f32, unsure: f32) -> Decision {
        Decision {
            false_alarms,
            unsure,
            ..Decision::default()
        }
    }

    #[test]
    fn thresholds_are_percentiles_of_the_normals() {
        // numpy.percentile(range(21), [95, 85]) and of (0.1, 0.5, 0.2), 75 and 50.
        let normals: Vec<f32> = (0..=20).rev().map(|i| i as f32).collect();
        let found = decision(0.05, 0.1).thresholds(&normals).unwrap();
        assert!((found.reject - 19.0).abs() < 1e-4, "{found:?}");
        assert!((found.review - 17.0).abs() < 1e-4, "{found:?}");
        let found = decision(0.25, 0.25).thresholds(&[0.1, 0.5, 0.2]).unwrap();
        assert!((found.reject - 0.35).abs() < 1e-6, "{found:?}");
        assert!((found.review - 0.2).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn no_accepted_false_alarm_means_none() {
        let normals = [0.3, 0.1, 0.7];
        let found = decision(0.0, 0.0).thresholds(&normals).unwrap();
        for normal in normals {
            assert_eq!(found.verdict(normal), Verdict::Pass);
        }
        assert_eq!(found.verdict(0.701), Verdict::Reject);
        assert_eq!(decision(0.0, 0.0).needed_normals(), None);
        assert_eq!(decision(0.02, 0.0).needed_normals(), Some(50));
    }

    #[test]
    fn without_usable_normals_there_are_no_thresholds() {
        assert_eq!(Decision::default().thresholds(&[]), None);
        assert_eq!(Decision::default().thresholds(&[f32::NAN]), None);
        let one = Decision::default().thresholds(&[f32::INFINITY, 0.25, f32::NAN]);
        let both = Thresholds {
            review: 0.25,
            reject: 0.25,
        };
        assert_eq!(one, Some(both));
    }

    #[test]
    fn by_hand_counts_for_projected_scores_only() {
        let by_hand = Thresholds {
            review: 1.0,
            reject: 2.0,
        };
        let decision = Decision {
            by_hand: Some(by_hand),
            ..Decision::default()
        };
        assert_eq!(decision.thresholds(&[]), Some(by_hand));
        assert_eq!(decision.thresholds(&[0.1, 0.2]), Some(by_hand));
        assert_ne!(decision.automatic_thresholds(&[0.1, 0.2]), Some(by_hand));
    }

    #[test]
    fn the_pixel_threshold_accepts_its_share() {
        let normals = Tail::new((0..10_000).map(|i| i as f32).collect());
        let mut decision = Decision {
            false_pixels: 1.0 / 64.0,
            ..Decision::default()
        };
        let found = decision.pixel_threshold(&normals).unwrap();
        assert!((found - 9_999.0 * 63.0 / 64.0).abs() < 0.01, "{found}");
        decision.pixel_by_hand = Some(3.0);
        assert_eq!(decision.pixel_threshold(&normals), Some(3.0));
        assert_eq!(decision.automatic_pixel_threshold(&normals), Some(found));
        assert_eq!(Decision::default().pixel_threshold(&Tail::default()), None);
    }

    #[test]
    fn flagged_is_strictly_above() {
        let thresholds = Thresholds {
            review: 1.0,
            reject: 2.0,
        };
        for (score, verdict) in [
            (0.0, Verdict::Pass),
            (1.0, Verdict::Pass),
            (1.5, Verdict::Review),
            (2.0, Verdict::Review),
            (2.1, Verdict::Reject),
            (f32::INFINITY, Verdict::Review),
            (f32::NEG_INFINITY, Verdict::Review),
            (f32::NAN, Verdict::Review),
        ] {
            assert_eq!(thresholds.verdict(score), verdict, "{score}");
        }
    }

    #[test]
    fn a_dragged_handle_pushes_the_other() {
        let thresholds = Thresholds {
            review: 1.0,
            reject: 2.0,
        };
        assert_eq!(
            thresholds.with_review(3.0),
            Thresholds {
                review: 3.0,
                reject: 3.0
            }
        );
        assert_eq!(
            thresholds.with_reject(0.5),
            Thresholds {
                review: 0.5,
                reject: 0.5
            }
        );
        assert_eq!(thresholds.with_review(1.5).reject, 2.0);
    }

    #[test]
    fn ranges_are_checked() {
        assert_eq!(Decision::default().validate(), Ok(()));
        let complaint = |decision: Decision| decision.validate().unwrap_err().to_string();
        assert!(complaint(decision(0.6, 0.0)).contains("within 0 and 0.5"));
        assert!(complaint(decision(0.1, f32::NAN)).contains("unsure"));
        let thresholds = |review, reject| Decision {
            by_hand: Some(Thresholds { review, reject }),
            ..Decision::default()
        };
        assert!(complaint(thresholds(2.0, 1.0)).contains("above"));
        assert!(complaint(thresholds(2.0, f32::INFINITY)).contains("finite"));
        let pixel = Decision {
            pixel_by_hand: Some(f32::NAN),
            ..Decision::default()
        };
        assert!(complaint(pixel).contains("pixel threshold"));
    }

    #[test]
    fn it_survives_a_settings_file() {
        let decision = Decision {
            by_hand: Some(Thresholds {
                review: 0.125,
                reject: 0.25,
            }),
            ..Decision::default()
        };
        let text = serde_json::to_string(&decision).unwrap();
        assert!(text.contains(r#""by_hand":[0.125,0.25]"#), "{text}");
        assert_eq!(serde_json::from_str::<Decision>(&text).unwrap(), decision);
        assert_eq!(
            serde_json::from_str::<Decision>("{}").unwrap(),
            Decision::default()
        );
    }
}
