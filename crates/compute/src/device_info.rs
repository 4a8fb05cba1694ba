//! Which device computes, in words.

use std::fmt;

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
    pub reason: Why,
}

/// Why a device computes; displays as words, and is written as them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Why {
    /// A person wants the processor.
    #[default]
    Chosen,
    /// A person wants this GPU.
    ChosenGpu,
    /// There is a GPU.
    FoundGpu,
    /// There is no GPU.
    NoGpu,
    /// There is no GPU but one of this name, which the processor emulates.
    OnlyEmulated(String),
    /// Something else, such as what failed.
    Other(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chosen => f.write_str("chosen"),
            Self::ChosenGpu => f.write_str("chosen; it agrees with the CPU"),
            Self::FoundGpu => f.write_str("a GPU was found and agrees with the CPU"),
            Self::NoGpu => f.write_str("no GPU was found"),
            Self::OnlyEmulated(name) => {
                write!(f, "no GPU was found; '{name}' is emulated by the processor")
            }
            Self::Other(reason) => f.write_str(reason),
        }
    }
}

impl From<String> for Why {
    fn from(reason: String) -> Self {
        Self::Other(reason)
    }
}

impl From<Why> for String {
    fn from(why: Why) -> Self {
        why.to_string()
    }
}
