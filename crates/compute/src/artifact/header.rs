//! Everything in the model file that is not a tensor.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

#[cfg(doc)]
use kizumi_dataset::catalog::Catalog;
use kizumi_dataset::load_note::{HeldOutNow, LoadMatter, LoadNote};
use kizumi_dataset::split::Parting;
#[cfg(doc)]
use kizumi_dataset::split::Split;
use kizumi_image::crop::Area;
use kizumi_image::input::DataConfig;
use kizumi_image::placement::Placement;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{
    FeatureConfig, MapConfig, NetworkConfig, ProjectionConfig, TrainingConfig,
};

use super::Unfit;

/// The version this program writes; it reads no other.
pub const FORMAT: u32 = 1;

/// What the model was trained on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DatasetSummary {
    /// The data set's folder name (never a path).
    pub name: String,
    /// Images trained on.
    pub training_images: usize,
    /// Normal images held out.
    pub validation_images: usize,
    /// BLAKE3 over the sorted BLAKE3 hashes of the normal images' files, in hex.
    pub hash: String,
    /// Width and height of the training image in the middle of all, by area, in pixels; `None` in files
    /// from before it was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_px: Option<(usize, usize)>,
    /// Normal images that were left out on purpose, by [`Catalog::name_of`]: whatever the model is trained
    /// on or measured with later, they stay left out until they are [taken back](Self::take_back).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub excluded: BTreeSet<String>,
    /// Images among the normal ones because a person called them so: see [`Catalog::joined`].
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub joined: BTreeSet<String>,
    /// Normal images that were called so after the training: it is calibrated with them, too.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub also_measured: BTreeSet<String>,
    /// Which images were held out: see [`Split::below`]; `None` in files from before it was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_out_below: Option<u64>,
    /// Training images whose features are remembered, fewer than all where they are very many; `None` without
    /// features, and in files from before it was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remembered_images: Option<usize>,
}

impl DatasetSummary {
    /// Whether there is one.
    pub fn is_known(&self) -> bool {
        *self != Self::default()
    }

    /// What a person should know when a model of the images `before` is trained on with these; `None` when
    /// they are the same.
    pub fn change_since(&self, before: &Self) -> Option<LoadNote> {
        if !before.is_known() || before.hash == self.hash {
            return None;
        }
        let held_out = match (before.held_out_below, self.validation_images) {
            (None, _) => HeldOutNow::Unknown,
            (Some(_), 0) => HeldOutNow::Gone,
            (Some(_), _) => HeldOutNow::Same,
        };
        let counts = |set: &Self| (set.training_images, set.validation_images);
        let matter = LoadMatter::OtherImages {
            before: counts(before),
            now: counts(self),
            held_out,
        };
        Some(matter.into())
    }

    /// How a model of this data set parts its normal images.
    pub fn parting(&self) -> Parting {
        match self.held_out_below {
            Some(below) => Parting::Below(below),
            None => Parting::ByPlace,
        }
    }

    /// Normal images that could be read.
    pub fn normal_images(&self) -> usize {
        self.training_images + self.validation_images
    }

    /// Leaves these normal images out no longer when the model is trained further.
    pub fn take_back(&mut self, names: &BTreeSet<String>) {
        self.excluded.retain(|name| !names.contains(name));
    }
}

/// What a model sees of a file, in pixels of the file: width and height.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scales {
    /// The file.
    pub source_px: (usize, usize),
    /// The part of it that is seen, where that is not all of it.
    pub crop: Option<Area>,
    /// Whether the part is moved, and turned where it has an angle, to where it lies in there.
    #[serde(default)]
    pub aligned: bool,
    /// One pixel of what the network sees.
    pub pixel_px: (f32, f32),
    /// One patch of the features; `None` where none are remembered.
    pub cell_px: Option<(f32, f32)>,
}

impl fmt::Display for Scales {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((width, height), (across, down)) = (self.source_px, self.pixel_px);
        write!(f, "Of a file of {width} x {height} pixels, ")?;
        if let Some(Area {
            x,
            y,
            width,
            height,
        }) = self.crop
        {
            write!(
                f,
                "of which {width} x {height} from ({x}, {y}) are looked at, "
            )?;
        }
        if self.aligned {
            write!(f, "aligned to the part in there, ")?;
        }
        write!(f, "one pixel of the network shows {across:.1} x {down:.1}")?;
        match self.cell_px {
            Some((across, down)) => write!(f, ", one patch of features {across:.1} x {down:.1}."),
            None => write!(f, "."),
        }
    }
}

/// Everything in the model file that is not a tensor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// See [`FORMAT`].
    pub format: u32,
    /// The program and version that wrote the file.
    #[serde(default)]
    pub program: String,
    /// The network's shape.
    pub network: NetworkConfig,
    /// How files become inputs.
    pub data: DataConfig,
    /// What it was to remember of the features of normal images: nothing in files from before there was
    /// such a memory.
    #[serde(default = "no_features")]
    pub features: FeatureConfig,
    /// How it was trained.
    #[serde(default)]
    pub training: TrainingConfig,
    /// Optimiser steps done.
    #[serde(default)]
    pub step: u64,
    /// Training images seen.
    #[serde(default)]
    pub images_seen: u64,
    /// What the held-out normals say; `null` in a file saved in the middle of training.
    #[serde(default)]
    pub calibration: Option<Calibration>,
    /// Projection and maps of a calibration that another version of the program made: its figures mean
    /// nothing any more, but what was chosen stays chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outdated: Option<(ProjectionConfig, MapConfig)>,
    /// What it was trained on.
    #[serde(default)]
    pub dataset: DatasetSummary,
}

fn no_features() -> FeatureConfig {
    FeatureConfig::NONE
}

impl Header {
    /// How closely it looks at files like those that it was trained on; `None` where their size is not
    /// known.
    pub fn scales(&self) -> Option<Scales> {
        let source_px = self.dataset.source_px?;
        let placement = Placement::new(source_px, &self.data).ok()?;
        let (width, height) = placement.seen.size_px();
        let view = self.data.view.map(|view| {
            let (rows, columns) = view.of_file((width, height), self.data.mode).grid();
            (width as f32 / columns as f32, height as f32 / rows as f32)
        });
        Some(Scales {
            source_px,
            crop: self.data.crop.map(|crop| crop.area),
            aligned: self.data.align.is_some(),
            pixel_px: (
                width as f32 / placement.width as f32,
                height as f32 / placement.height as f32,
            ),
            cell_px: view,
        })
    }

    /// Checks all settings and figures.
    ///
    /// # Errors
    /// Which value is out of range.
    pub fn validate(&self) -> Result<(), String> {
        self.network.validate()?;
        self.data.validate()?;
        self.training.validate()?;
        if let Some(calibration) = &self.calibration {
            calibration.validate()?;
        }
        if let Some((projection, map)) = &self.outdated {
            projection.validate()?;
            map.validate()?;
        }
        match self.data.size_px == self.network.size_px {
            true => Ok(()),
            false => Err("its header is inconsistent (two network sizes)".into()),
        }
    }

    /// How its images are projected, and how its maps are made, unless something else is asked for: as it was
    /// calibrated, else as is usual with what it remembers.
    pub fn settings(&self) -> (ProjectionConfig, MapConfig) {
        let calibrated = self.calibration.as_ref();
        let calibrated = calibrated.map(|made| (made.projection, made.map));
        calibrated.or(self.outdated).unwrap_or_else(|| {
            let projection = self.features.network.projection();
            (projection, MapConfig::default())
        })
    }

    /// Normal images whose scores tell what is normal: held-out ones, and with features as many of the others
    /// as are measured in reasonable time.
    pub fn calibrated_images(&self) -> usize {
        let calibration = self.calibration.as_ref();
        calibration.map_or(0, |made| made.projected_scores.len())
    }

    /// The name and version of this program.
    pub fn this_program() -> String {
        concat!("kizumi ", env!("CARGO_PKG_VERSION")).into()
    }
}

/// Reads and checks the JSON of a header.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse_header(text: &str) -> Result<Header, Unfit> {
    #[derive(Deserialize)]
    struct Version {
        format: u32,
    }
    let damaged = |error: serde_json::Error| format!("its header is damaged ({error})");
    let Version { format } = serde_json::from_str(text).map_err(damaged)?;
    if format != FORMAT {
        return Err(Unfit::Format(format));
    }
    let header: Header = serde_json::from_str(text).map_err(damaged)?;
    header.validate()?;
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_on_with_other_images_is_said() {
        let of = |hash: &str, held_out: usize| DatasetSummary {
            training_images: 9,
            validation_images: held_out,
            hash: hash.into(),
            held_out_below: Some(1),
            ..DatasetSummary::default()
        };
        let now = of("b", 2);
        assert_eq!(now.change_since(&of("b", 2)), None);
        assert_eq!(now.change_since(&DatasetSummary::default()), None);
        let changed = |now: &DatasetSummary, before: &DatasetSummary| {
            now.change_since(before).expect("other images").to_string()
        };
        let more = changed(&now, &of("a", 1));
        assert!(
            more.contains("9 to learn from and 1 held out then, 9 and 2 now"),
            "{more}"
        );
        assert!(more.contains("stays held out"), "{more}");
        assert!(changed(&of("b", 0), &of("a", 1)).contains("none judges"));
        let old = DatasetSummary {
            held_out_below: None,
            ..of("a", 1)
        };
        assert!(changed(&now, &old).contains("may have been learned"));
    }
}
