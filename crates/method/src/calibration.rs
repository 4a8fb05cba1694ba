//! What the held-out normal images say about "normal".

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::config::{MapConfig, ProjectionConfig};
use super::joint::UsualChange;
use super::likeness::Likeness;
use super::maker::Fingerprint;
use super::normal_level::NormalLevel;
use super::tail::Tail;

/// Which way of making maps numbers were measured with. Of another way they say nothing: thresholds and
/// levels would be off without anybody seeing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MapVersion(u32);

impl MapVersion {
    /// Raised by every change of what a map of the same settings shows.
    const CURRENT: Self = Self(5);

    /// As it stands in files.
    pub fn number(self) -> u32 {
        self.0
    }

    /// That of files which do not say.
    fn first() -> Self {
        Self(1)
    }
}

impl Default for MapVersion {
    fn default() -> Self {
        Self::CURRENT
    }
}

/// Scores and map values of normal images that were never trained on.
///
/// Raw scores mean little by themselves; against these they become "higher than 98 % of normals".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Calibration {
    /// The smallest per-image L_r over the training images: the projection's stop threshold. 0, with
    /// which nothing stops early, when it is not known for the pixels that count.
    pub stop_threshold: f32,
    /// Plain image scores of the validation normals, ascending.
    pub plain_scores: Vec<f32>,
    /// Projected image scores of the validation normals, ascending.
    pub projected_scores: Vec<f32>,
    /// The value of a plain heatmap's highest colour: twice the one that a thousandth of the validation
    /// normals' pixels exceeds, so that this threshold has the colour in the middle.
    pub plain_map_high: f32,
    /// That of a projected heatmap's.
    pub projected_map_high: f32,
    /// The validation normals' plain map values; empty in files from before it was kept.
    pub plain_pixels: Tail,
    /// The validation normals' projected map values; likewise.
    pub projected_pixels: Tail,
    /// The projection that gave these numbers.
    pub projection: ProjectionConfig,
    /// The map settings that gave these numbers.
    pub map: MapConfig,
    /// Which regions were left out then (see [`ModelMark::regions_of`]); `None` in files that do not
    /// say: those that the model leaves out.
    ///
    /// [`ModelMark::regions_of`]: super::maker::ModelMark::regions_of
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regions: Option<Fingerprint>,
    /// How this program makes maps of these settings.
    #[serde(default = "MapVersion::first")]
    pub map_version: MapVersion,
    /// What normal images have in common on the whole; `None` in files from before it was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likeness: Option<Arc<Likeness>>,
    /// What the maps of normal images show, if maps are measured by it. In a model file it is not in
    /// the header but among the tensors.
    #[serde(skip)]
    pub level: Option<Arc<NormalLevel>>,
    /// How much the network changes normal images, where features are remembered and a network was trained.
    /// It is among the tensors, too.
    #[serde(skip)]
    pub usual_change: Option<Arc<UsualChange>>,
}

impl Calibration {
    /// The reconstruction error below which a projection stops; 0, with which nothing stops early,
    /// where it sums something else than it did here: another distance, or other pixels because other
    /// `regions` are left out.
    pub fn stop_threshold_of(&self, projection: &ProjectionConfig, regions: Fingerprint) -> f32 {
        let same_distance = projection.distance == self.projection.distance;
        let same_pixels = self.regions.is_none_or(|known| known == regions);
        if projection.stop_early && same_distance && same_pixels {
            self.stop_threshold
        } else {
            0.0
        }
    }

    /// Checks what is used of numbers from outside. A level is checked where it is read.
    ///
    /// # Errors
    /// Which value is out of range.
    pub fn validate(&self) -> Result<(), String> {
        self.projection.validate()?;
        self.map.validate()?;
        let positive = |value: f32| value.is_finite() && value >= 0.0;
        for (name, value) in [
            ("stop threshold", self.stop_threshold),
            ("plain map's upper end", self.plain_map_high),
            ("projected map's upper end", self.projected_map_high),
        ] {
            if !positive(value) {
                return Err(format!("the calibrated {name} {value} is not 0 or more"));
            }
        }
        for (name, scores) in [
            ("plain", &self.plain_scores),
            ("projected", &self.projected_scores),
        ] {
            if !scores.iter().all(|score| score.is_finite()) || !scores.is_sorted() {
                return Err(format!(
                    "the calibrated {name} scores are not finite numbers in ascending order"
                ));
            }
        }
        for (name, tail) in [
            ("plain", &self.plain_pixels),
            ("projected", &self.projected_pixels),
        ] {
            if !tail.is_valid() {
                return Err(format!(
                    "the calibrated {name} map values are not finite numbers in ascending order"
                ));
            }
        }
        match self
            .likeness
            .as_ref()
            .is_none_or(|likeness| likeness.is_valid())
        {
            true => Ok(()),
            false => Err("what the calibrated images have in common is not finite numbers".into()),
        }
    }

    /// Whether it was made with maps as they are made now.
    pub fn is_current(&self) -> bool {
        self.map_version == MapVersion::CURRENT
    }

    /// Share of the validation normals that score below `score`, in percent; `None` without any, and of a
    /// score that is not finite.
    pub fn percentile_of(scores: &[f32], score: f32) -> Option<f32> {
        if scores.is_empty() || !score.is_finite() {
            return None;
        }
        let below = scores.partition_point(|&normal| normal < score);
        Some(100.0 * below as f32 / scores.len() as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Distance;

    #[test]
    fn the_threshold_is_no_measure_of_another_distance_or_of_other_pixels() {
        let regions = Fingerprint::of([&[1.0][..]]);
        let calibration = Calibration {
            stop_threshold: 1.5,
            regions: Some(regions),
            ..Default::default()
        };
        let mut projection = ProjectionConfig {
            alpha: 0.1,
            stop_early: true,
            ..Default::default()
        };
        assert_eq!(calibration.stop_threshold_of(&projection, regions), 1.5);
        let others = Fingerprint::default();
        assert_eq!(calibration.stop_threshold_of(&projection, others), 0.0);
        projection.distance = Distance::AbsoluteError;
        assert_eq!(calibration.stop_threshold_of(&projection, regions), 0.0);
    }

    #[test]
    fn a_calibration_of_other_maps_is_told_apart() {
        let made = Calibration::default();
        assert!(made.is_current());
        let mut file = serde_json::to_value(&made).expect("plain data");
        let read = |file: &serde_json::Value| serde_json::from_value::<Calibration>(file.clone());
        assert!(read(&file).expect("as written").is_current());
        let fields = file.as_object_mut().expect("fields");
        fields.remove("map_version").expect("one of them");
        assert!(!read(&file).expect("from before there was one").is_current());
    }

    #[test]
    fn percentile_counts_the_normals_below() {
        assert_eq!(Calibration::percentile_of(&[], 1.0), None);
        assert_eq!(
            Calibration::percentile_of(&[1.0, 2.0, 3.0, 4.0], 2.5),
            Some(50.0)
        );
        assert_eq!(Calibration::percentile_of(&[1.0, 2.0], 9.0), Some(100.0));
    }

    #[test]
    fn what_is_no_number_is_higher_than_nothing() {
        for score in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(Calibration::percentile_of(&[1.0, 2.0], score), None);
        }
    }

    #[test]
    fn numbers_that_are_not_finite_are_refused() {
        let good = Calibration {
            plain_pixels: Tail::new(vec![1.0, 2.0]),
            ..Calibration::default()
        };
        assert_eq!(good.validate(), Ok(()));
        // Numbers of JSON may be too large for single precision.
        let json = serde_json::to_string(&good).expect("plain data");
        let tail = r#""plain_pixels":["#;
        for (from, to, part) in [
            (tail.to_owned(), format!("{tail}1e300,"), "map values"),
            (
                r#""plain_scores":[]"#.into(),
                r#""plain_scores":[1e300]"#.into(),
                "plain scores",
            ),
            (
                r#""map_version""#.into(),
                r#""likeness":{"brightness":{"median":0.5,"reach":-1e300},"colour":[],"contrast":{"median":0.0,"reach":0.0},"sharpness":{"median":0.0,"reach":0.0},"layout":null},"map_version""#.into(),
                "in common",
            ),
        ] {
            assert!(json.contains(&from), "{from}: {json}");
            let read: Calibration = serde_json::from_str(&json.replace(&from, &to)).expect("JSON");
            let complaint = read.validate().expect_err(part);
            assert!(complaint.contains(part), "{complaint}");
        }
    }
}
