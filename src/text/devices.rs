//! Which device computes, and why.

use kizumi_compute::device_info::{DeviceInfo, Why};

use super::Worded;
use crate::language::Language;

/// What a device is called.
pub fn device_name(device: &DeviceInfo, language: Language) -> String {
    match (language, device.threads) {
        (Language::Japanese, Some(threads)) => format!("CPU（{threads}スレッド）"),
        _ => device.name.clone(),
    }
}

impl Worded for Why {
    fn japanese(&self) -> String {
        match self {
            Self::Chosen => "指定".into(),
            Self::ChosenGpu => "指定、CPUと結果が一致".into(),
            Self::FoundGpu => "GPUが見つかり、CPUと結果が一致".into(),
            Self::NoGpu => "GPUが見つかりません".into(),
            Self::OnlyEmulated(name) => {
                format!("GPUが見つかりません。「{name}」はCPUによるエミュレーションです")
            }
            Self::Other(reason) => reason.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::is_japanese;

    #[test]
    fn every_reason_is_said_in_both_languages() {
        for why in [
            Why::Chosen,
            Why::ChosenGpu,
            Why::FoundGpu,
            Why::NoGpu,
            Why::OnlyEmulated("llvmpipe".into()),
        ] {
            let [english, japanese] =
                [Language::English, Language::Japanese].map(|language| why.said_in(language));
            assert!(
                is_japanese(&japanese) && !is_japanese(&english),
                "{japanese}"
            );
            assert_eq!(english.contains("llvmpipe"), japanese.contains("llvmpipe"));
        }
        let other = Why::Other("lost".into());
        assert_eq!(
            other.japanese(),
            "lost",
            "rather in English than not at all"
        );
    }
}
