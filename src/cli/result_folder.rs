//! The folder that an inspection leaves: pictures of each image and tables of all.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::inspecting::Inspected;
use super::model::Model;
use crate::data::catalog::Kind;
use crate::data::colormap::{Colormap, overlay};
use crate::data::export::{inspection_strip, save_picture, save_png16, save_rgb8};
use crate::data::results::{ImageResult, PictureNames, ResultsWriter, RunSettings};
use crate::data::rgb8::Rgb8;

/// Pictures for people are enlarged by a whole factor to at least this side.
const SHOWN_SIDE_PX: usize = 256;

/// What white stands for in the 16-bit maps: |x_T - x_0| cannot exceed it.
const MAP_FULL_SCALE: f32 = 1.0;

/// How heatmaps look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Colours from normal to defective.
    pub colormap: Colormap,
    /// Strongest cover of the overlay, `0.0..=1.0`.
    pub opacity: f32,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            colormap: Colormap::default(),
            opacity: 0.6,
        }
    }
}

/// Results in the making.
pub struct ResultFolder {
    folder: PathBuf,
    style: Style,
    writer: ResultsWriter,
    names: UniqueNames,
}

impl ResultFolder {
    /// Starts `results.csv` and `results.jsonl` in `folder`, which is made if need be.
    ///
    /// # Errors
    /// If they cannot be written; names the file and the reason.
    pub fn create(folder: &Path, model: &Model, style: Style) -> Result<Self> {
        let settings = RunSettings {
            alpha: model.projection.alpha,
            lambda: model.projection.lambda,
            max_iterations: model.projection.iterations,
            model: model.path.clone(),
        };
        Ok(Self {
            folder: folder.into(),
            style,
            writer: ResultsWriter::create(folder, settings)?,
            names: UniqueNames::default(),
        })
    }

    /// Writes the pictures of one image, named after `name`, then its rows. `kind` is what it
    /// shows, where the folder said so.
    ///
    /// # Errors
    /// If a file cannot be written; names it and the reason.
    pub fn write(
        &mut self,
        model: &Model,
        inspected: &Inspected,
        name: &str,
        kind: Option<Kind>,
    ) -> Result<ImageResult> {
        let inspection = &inspected.inspection;
        let name = self.names.unique(name);
        let pictures = self.write_pictures(model, inspected, &name)?;
        let (plain_percentile, projected_percentile) = model.percentiles(inspection);
        let result = ImageResult {
            path: inspected.entry.path.clone(),
            kind,
            plain_score: inspection.plain_score,
            projected_score: inspection.projected_score,
            plain_percentile,
            projected_percentile,
            iterations: inspection.iterations,
            stop: inspection.stop,
            pictures,
        };
        self.writer.append(&result)?;
        Ok(result)
    }

    /// The row of `results.jsonl`.
    ///
    /// # Errors
    /// See [`ResultsWriter::json_row`].
    pub fn json_row(&self, result: &ImageResult) -> Result<String> {
        self.writer.json_row(result)
    }

    fn write_pictures(
        &self,
        model: &Model,
        inspected: &Inspected,
        name: &str,
    ) -> Result<PictureNames> {
        let Inspected {
            original,
            inspection,
            ..
        } = inspected;
        let Style { colormap, opacity } = self.style;
        let map = &inspection.projected_map;
        let high = model.map_high().unwrap_or_else(|| map.max()).max(1e-6);
        let heatmap = Rgb8::new(map.width, map.height, colormap.apply(map, 0.0, high));
        let laid_over = overlay(original, map, 0.0, high, opacity, colormap, 0.0);
        let laid_over = Rgb8::new(original.width, original.height, laid_over);
        let strip = inspection_strip(
            original,
            &inspection.reconstruction,
            &inspection.projected,
            heatmap.clone(),
            laid_over.clone(),
        );

        let factor = heatmap.factor_for(SHOWN_SIDE_PX);
        let file = |suffix: &str| format!("{name}_{suffix}.png");
        let names = PictureNames {
            heatmap: Some(file("heatmap")),
            overlay: Some(file("overlay")),
            projected: Some(file("projected")),
            strip: Some(file("strip")),
            map: Some(file("map")),
        };
        let path = |suffix: &str| self.folder.join(file(suffix));
        save_rgb8(&path("heatmap"), &heatmap.upscaled(factor))?;
        save_rgb8(&path("overlay"), &laid_over.upscaled(factor))?;
        save_rgb8(&path("strip"), &strip.upscaled(factor))?;
        save_picture(&path("projected"), &inspection.projected)?;
        save_png16(&path("map"), map, 0.0, MAP_FULL_SCALE)?;
        Ok(names)
    }
}

/// A name for the pictures of an image: its path below `root` without its ending, folders joined
/// by underscores.
pub fn picture_name(path: &Path, root: &Path) -> String {
    let relative = path
        .strip_prefix(root)
        .ok()
        .filter(|rest| rest.file_name().is_some());
    let relative = relative.unwrap_or_else(|| Path::new(path.file_name().unwrap_or_default()));
    let names: Vec<_> = relative
        .with_extension("")
        .components()
        .map(|component| component.as_os_str().to_string_lossy().into_owned())
        .collect();
    names.join("_")
}

/// Tells apart what would get the same name, on file systems that ignore case, too.
#[derive(Default)]
struct UniqueNames(HashSet<String>);

impl UniqueNames {
    fn unique(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        let mut number = 2;
        while !self.0.insert(candidate.to_lowercase()) {
            candidate = format!("{name}-{number}");
            number += 1;
        }
        candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_where_an_image_lay() {
        let name = |path: &str, root: &str| picture_name(Path::new(path), Path::new(root));
        assert_eq!(
            name("data/test/scratch/007.png", "data/test"),
            "scratch_007"
        );
        assert_eq!(
            name("data/007.final.png", "data/007.final.png"),
            "007.final"
        );
        assert_eq!(name("elsewhere/a.png", "data"), "a");
    }

    #[test]
    fn equal_names_get_numbers() {
        let mut names = UniqueNames::default();
        let unique = ["a", "A", "a", "a-2", "b"].map(|name| names.unique(name));
        assert_eq!(unique, ["a", "A-2", "a-3", "a-2-2", "b"]);
    }
}
