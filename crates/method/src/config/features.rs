//! Which frozen features a model remembers of normal images, and how closely it looks.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use kizumi_image::view::FeatureView;

/// The frozen network that features come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Features {
    /// None: the autoencoder alone, as in the paper.
    None,
    /// EfficientNet-Lite0 up to stride 16.
    #[default]
    Lite0,
}

/// How large files are looked at: the side of a square of the same area as their view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum FeatureResolution {
    /// By the size of the files.
    #[default]
    Auto,
    /// One of [`FeatureView::RESOLUTIONS_PX`].
    Px(usize),
}

impl FeatureResolution {
    /// Names of all of them, as files and the command line have them.
    pub const NAMES: [&str; 6] = ["auto", "256", "384", "512", "768", "1024"];

    /// The most that is chosen by the size of the files: what is larger costs more time than most sets
    /// gain by it (docs/benchmark.md).
    const MOST_AUTO_PX: usize = 512;

    /// The view of files of `source_px` (width, height). By itself it is the largest resolution that
    /// does not enlarge them.
    pub fn view(self, source_px: (usize, usize)) -> FeatureView {
        let side = match self {
            Self::Px(side) => side,
            Self::Auto => {
                let own = ((source_px.0 * source_px.1) as f64).sqrt() as usize;
                let all = FeatureView::RESOLUTIONS_PX.into_iter();
                all.filter(|side| *side <= own.min(Self::MOST_AUTO_PX))
                    .max()
                    .unwrap_or(FeatureView::SMALLEST_PX)
            }
        };
        FeatureView::new(source_px, side)
    }
}

impl fmt::Display for FeatureResolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Px(side) => write!(f, "{side}"),
        }
    }
}

impl FromStr for FeatureResolution {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        if name == "auto" {
            return Ok(Self::Auto);
        }
        let side = name.parse().ok();
        let side = side.filter(|side| FeatureView::RESOLUTIONS_PX.contains(side));
        side.map(Self::Px).ok_or_else(|| {
            format!(
                "feature resolution '{name}' is none of {}",
                Self::NAMES.join(", ")
            )
        })
    }
}

impl TryFrom<String> for FeatureResolution {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

impl From<FeatureResolution> for String {
    fn from(resolution: FeatureResolution) -> Self {
        resolution.to_string()
    }
}

/// What a model remembers of the features of normal images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeatureConfig {
    /// Of which network.
    pub network: Features,
    /// How large files are looked at.
    pub resolution: FeatureResolution,
}

impl FeatureConfig {
    /// Nothing: the pure method.
    pub const NONE: Self = Self {
        network: Features::None,
        resolution: FeatureResolution::Auto,
    };

    /// The view of files of `source_px` (width, height); `None` where nothing is remembered.
    pub fn view(self, source_px: (usize, usize)) -> Option<FeatureView> {
        match self.network {
            Features::None => None,
            Features::Lite0 => Some(self.resolution.view(source_px)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_resolution_is_the_largest_that_enlarges_nothing() {
        let side = |source| FeatureResolution::Auto.view(source).side_px();
        assert_eq!(side((128, 128)), 256);
        assert_eq!(side((300, 300)), 256);
        assert_eq!(side((400, 400)), 384);
        assert_eq!(side((4000, 4000)), 512);
        assert_eq!(FeatureResolution::Px(768).view((4000, 4000)).side_px(), 768);
        assert_eq!(FeatureConfig::NONE.view((4000, 4000)), None);
    }

    #[test]
    fn resolutions_have_the_names_of_files() {
        for name in FeatureResolution::NAMES {
            let resolution: FeatureResolution = name.parse().unwrap();
            assert_eq!(resolution.to_string(), name);
            let config = FeatureConfig {
                resolution,
                ..FeatureConfig::default()
            };
            let text = serde_json::to_string(&config).unwrap();
            assert_eq!(
                serde_json::from_str::<FeatureConfig>(&text).unwrap(),
                config
            );
        }
        let odd = serde_json::from_str::<FeatureConfig>(r#"{"resolution": "500"}"#);
        assert!(odd.unwrap_err().to_string().contains("none of auto, 256"));
    }
}
