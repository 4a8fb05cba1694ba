//! Everything a person can set, as plain serde types with the method's defaults.

mod augment;
mod device;
mod distance;
mod features;
mod projection;
mod step;
mod training;

pub use augment::AugmentConfig;
pub use device::DeviceChoice;
pub use distance::{CROSS_ENTROPY_EDGE, Distance};
pub use features::{FeatureConfig, FeatureResolution, Features};
pub use kizumi_image::input::{Aspect, DataConfig, Mode, NETWORK_SIZES_PX};
pub use projection::{LONGEST_FEATURE_STEP, MapConfig, MapKind, ProjectionConfig, Regulariser};
pub use step::{Gate, StepRule};
pub use training::{
    MAX_SKIPS, NetworkConfig, Objective, Recipe, Schedule, TrainingConfig, TrainingLimit,
    TrainingPlan,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configs_round_trip_and_refuse_unknown_fields() {
        let config = TrainingConfig::default();
        let text = serde_json::to_string(&config).expect("plain data serialises");
        assert_eq!(
            serde_json::from_str::<TrainingConfig>(&text).expect("round trip"),
            config
        );
        assert!(serde_json::from_str::<ProjectionConfig>(r#"{"alhpa": 1.0}"#).is_err());
    }
}
