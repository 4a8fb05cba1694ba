//! Which frozen features a model remembers of normal images, and how closely it looks.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ProjectionConfig;
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

impl Features {
    /// What models that remember them project with unless something else is asked for.
    pub fn projection(self) -> ProjectionConfig {
        match self {
            Self::None => ProjectionConfig::default(),
            Self::Lite0 => ProjectionConfig::healing(),
        }
    }
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

    /// The side of a square of as many pixels as a view has at most: a file that has fewer is not enlarged.
    pub fn side_px(self) -> usize {
        match self {
            Self::Auto => FeatureView::RESOLUTION_PX,
            Self::Px(side) => side,
        }
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

    /// Its name in tables: `none`, `lite0`, `lite0 512`.
    pub fn name(self) -> String {
        match (self.network, self.resolution) {
            (Features::None, _) => "none".into(),
            (Features::Lite0, FeatureResolution::Auto) => "lite0".into(),
            (Features::Lite0, FeatureResolution::Px(side)) => format!("lite0 {side}"),
        }
    }

    /// The view of files of these sizes (width, height); `None` where nothing is remembered, or there are
    /// none.
    pub fn view(self, sources_px: &[(usize, usize)]) -> Option<FeatureView> {
        match self.network {
            Features::None => None,
            Features::Lite0 => FeatureView::of_files(sources_px, self.resolution.side_px()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_remembered_is_not_viewed() {
        let sizes = [(600, 400), (600, 400)];
        let view = FeatureConfig::default().view(&sizes);
        assert_eq!(view, Some(FeatureView::new((600, 400), 512)));
        assert_eq!(FeatureConfig::NONE.view(&sizes), None);
        assert_eq!(FeatureConfig::default().view(&[]), None);
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
