//! Which device computes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which device computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceChoice {
    /// A GPU when a real one exists, else the CPU.
    #[default]
    Auto,
    /// Burn's Flex device.
    Cpu,
    /// The n-th real GPU, counted from 0.
    Gpu(usize),
    /// A software Vulkan adapter, for tests.
    SoftwareGpu,
}

impl FromStr for DeviceChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "cpu" => Ok(Self::Cpu),
            "gpu" => Ok(Self::Gpu(0)),
            "gpu:cpu" => Ok(Self::SoftwareGpu),
            other => other
                .strip_prefix("gpu:")
                .and_then(|index| index.parse().ok())
                .map(Self::Gpu)
                .ok_or_else(|| format!("'{other}' is none of auto, cpu, gpu, gpu:N, gpu:cpu")),
        }
    }
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => write!(f, "auto"),
            Self::Cpu => write!(f, "cpu"),
            Self::Gpu(0) => write!(f, "gpu"),
            Self::Gpu(index) => write!(f, "gpu:{index}"),
            Self::SoftwareGpu => write!(f, "gpu:cpu"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_choice_round_trips() {
        for text in ["auto", "cpu", "gpu", "gpu:1", "gpu:cpu"] {
            assert_eq!(
                text.parse::<DeviceChoice>()
                    .map(|choice| choice.to_string()),
                Ok(text.into())
            );
        }
        assert!("gpu:x".parse::<DeviceChoice>().is_err());
        assert!("tpu".parse::<DeviceChoice>().is_err());
    }
}
