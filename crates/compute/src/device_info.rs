//! Which device computes, in words.

use serde::{Deserialize, Serialize};

/// Which device computes, and why.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// For people: "CPU (Flex), 2 threads" or the adapter's name.
    pub name: String,
    /// Threads that compute, where the processor does.
    pub threads: Option<usize>,
    /// Whether it is a graphics device.
    pub gpu: bool,
    /// Whether that graphics device is emulated by the CPU.
    pub software: bool,
    /// Why this one was chosen.
    pub reason: String,
}
