//! Which pictures an inspection writes.

use std::str::FromStr;

use serde::Deserialize;

use super::said::said;

/// A picture of an inspected image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// The projected map in colours.
    Heatmap,
    /// The heatmap laid over the original.
    Overlay,
    /// x_T.
    Projected,
    /// Everything side by side.
    Strip,
    /// The projected map's values.
    Map,
}

impl PictureKind {
    const ALL: [Self; 5] = [
        Self::Heatmap,
        Self::Overlay,
        Self::Projected,
        Self::Strip,
        Self::Map,
    ];

    /// The last word of its file's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Heatmap => "heatmap",
            Self::Overlay => "overlay",
            Self::Projected => "projected",
            Self::Strip => "strip",
            Self::Map => "map",
        }
    }
}

/// How the values of a map are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MapFormat {
    /// 32-bit floats: the values themselves.
    #[default]
    Tiff,
    /// 16 bit, from 0 to the map's largest value, which is in the file and in the tables.
    Png,
}

impl MapFormat {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Tiff => "tiff",
            Self::Png => "png",
        }
    }
}

/// How large overlays are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PictureSize {
    /// As the image files: what a person compares them with.
    #[default]
    File,
    /// As the network sees the images: square, and quick to write.
    Network,
}

/// The pictures to write: `all`, `none`, or some, separated by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pictures(Vec<PictureKind>);

impl Pictures {
    /// Every kind there is.
    pub fn all() -> Self {
        Self(PictureKind::ALL.into())
    }

    /// Each kind once.
    pub fn kinds(&self) -> &[PictureKind] {
        &self.0
    }
}

impl FromStr for Pictures {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut kinds = match text {
            "all" => return Ok(Self::all()),
            "none" => return Ok(Self(Vec::new())),
            _ => PictureKind::ALL.to_vec(),
        };
        let wanted: Vec<&str> = text.split(',').map(str::trim).collect();
        let unknown = |name: &&&str| !kinds.iter().any(|kind| kind.name() == **name);
        if let Some(name) = wanted.iter().find(unknown) {
            let known = PictureKind::ALL.map(PictureKind::name).join(", ");
            return Err(said!(
                "'{name}' is no picture; wanted is all, none, or some of {known}, separated by commas",
                "'{name}'という画像はありません。all、none、または{known}のいくつかをコンマで区切って指定します"
            ));
        }
        kinds.retain(|kind| wanted.contains(&kind.name()));
        Ok(Self(kinds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sets() {
        let kinds = |text: &str| text.parse().map(|Pictures(kinds)| kinds);
        assert_eq!(kinds("all"), Ok(PictureKind::ALL.into()));
        assert_eq!(kinds("none"), Ok(Vec::new()));
        let some = Ok(vec![PictureKind::Heatmap, PictureKind::Map]);
        assert_eq!(kinds("map,heatmap"), some);
        assert_eq!(kinds("heatmap, map,map"), some);
    }

    #[test]
    fn strangers_are_named() {
        for text in ["", "maps", "map,", "map,none", "all,map", "Map"] {
            let refused = text.parse::<Pictures>();
            assert!(
                refused.is_err_and(|refused| refused.contains("heatmap, overlay")),
                "{text}"
            );
        }
    }
}
