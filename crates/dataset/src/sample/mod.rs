//! Sample images for trying the program out, which it carries with it: rendered, with exact masks.
//!
//! Two sets in the layout of MVTec AD, [`Set::Washer`] (an object, RGB) and [`Set::Fabric`] (a
//! texture, grey), each with normal images, kinds of defects from faint to obvious, and masks of
//! what each defect changed. They are the folder `sample_data` of the sources.

mod write;

use std::fmt;
use std::path::Path;

use include_dir::{Dir, File, include_dir};
use serde::{Deserialize, Serialize};

use kizumi_method::config::{
    DataConfig, Mode, Recipe, TrainingConfig, TrainingLimit, TrainingPlan,
};
pub use write::{SampleWriter, write};

static SAMPLE_DATA: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../sample_data");

/// The sample sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Set {
    /// A turned steel washer: an object, RGB.
    Washer,
    /// Woven cloth: a texture, grey.
    Fabric,
}

/// Both sets.
pub const SETS: [Set; 2] = [Set::Washer, Set::Fabric];

impl Set {
    /// The name of the set's folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Washer => "washer",
            Self::Fabric => "fabric",
        }
    }

    /// The set that was written to this folder, by its name below `samples`.
    pub fn in_folder(folder: &Path) -> Option<Self> {
        let is_below = folder.parent()?.ends_with("samples");
        SETS.into_iter()
            .find(|set| is_below && folder.ends_with(set.name()))
    }

    /// How a network learns this set within two minutes on two cores: as any other set, but small.
    pub fn plan(self) -> TrainingPlan {
        let recipe = self.recipe();
        TrainingPlan {
            projection: recipe.projection(),
            recipe,
            ..TrainingPlan::default()
        }
    }

    fn recipe(self) -> Recipe {
        let data = match self {
            Self::Washer => DataConfig {
                mode: Mode::Object,
                size_px: 64,
                channels: Some(3),
                ..DataConfig::default()
            },
            Self::Fabric => DataConfig {
                mode: Mode::Texture,
                size_px: 64,
                channels: Some(1),
                texture_side_px: 192,
                ..DataConfig::default()
            },
        };
        Recipe {
            data,
            training: TrainingConfig {
                images_per_epoch: 24_000,
                limit: TrainingLimit {
                    epochs: Some(1),
                    ..TrainingLimit::default()
                },
                ..TrainingConfig::default()
            },
            ..Recipe::default()
        }
    }

    /// Its files; each one's path begins with the set's name.
    pub fn files(self) -> Vec<&'static File<'static>> {
        fn below<'a>(folder: &'a Dir<'a>) -> Vec<&'a File<'a>> {
            let deeper = folder.dirs().flat_map(below);
            folder.files().chain(deeper).collect()
        }
        SAMPLE_DATA.get_dir(self).map(below).unwrap_or_default()
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl AsRef<Path> for Set {
    fn as_ref(&self) -> &Path {
        Path::new(self.name())
    }
}

#[cfg(test)]
mod tests;
