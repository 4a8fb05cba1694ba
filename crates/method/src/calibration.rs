//! What the held-out normal images say about "normal".

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::config::{MapConfig, ProjectionConfig};
use super::normal_level::NormalLevel;
use super::tail::Tail;

/// Which way of making maps numbers were measured with. Of another way they say nothing: thresholds and
/// levels would be off without anybody seeing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MapVersion(u32);

impl MapVersion {
    /// Raised by every change of what a map of the same settings shows.
    const CURRENT: Self = Self(2);

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
    /// The 99.5th percentile of the validation normals' plain map values.
    pub plain_map_high: f32,
    /// The 99.5th percentile of the validation normals' projected map values.
    pub projected_map_high: f32,
    /// The validation normals' plain map values; empty in files from before it was kept.
    pub plain_pixels: Tail,
    /// The validation normals' projected map values; likewise.
    pub projected_pixels: Tail,
    /// The projection that gave these numbers.
    pub projection: ProjectionConfig,
    /// The map settings that gave these numbers.
    pub map: MapConfig,
    /// How this program makes maps of these settings.
    #[serde(default = "MapVersion::first")]
    pub map_version: MapVersion,
    /// What the maps of normal images show, if maps are measured by it. In a model file it is not in
    /// the header but among the tensors.
    #[serde(skip)]
    pub level: Option<Arc<NormalLevel>>,
}

impl Calibration {
    /// The stop threshold of a projection; 0, with which nothing stops early, where L_r sums
    /// something else than it did here.
    pub fn stop_threshold_of(&self, projection: &ProjectionConfig) -> f32 {
        if projection.distance == self.projection.distance {
            self.stop_threshold
        } else {
            0.0
        }
    }

    /// Whether it was made with maps as they are made now.
    pub fn is_current(&self) -> bool {
        self.map_version == MapVersion::CURRENT
    }

    /// Share of the validation normals that score below `score`, in percent; `None` without any.
    pub fn percentile_of(scores: &[f32], score: f32) -> Option<f32> {
        if scores.is_empty() {
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
    fn the_threshold_is_no_measure_of_another_distance() {
        let calibration = Calibration {
            stop_threshold: 1.5,
            ..Default::default()
        };
        let mut projection = ProjectionConfig {
            alpha: 0.1,
            ..Default::default()
        };
        assert_eq!(calibration.stop_threshold_of(&projection), 1.5);
        projection.distance = Distance::AbsoluteError;
        assert_eq!(calibration.stop_threshold_of(&projection), 0.0);
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
}
