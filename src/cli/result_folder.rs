//! The folder that an inspection leaves: pictures of each image and tables of all.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Result;

use super::inspecting::Inspected;
use super::model::Model;
use super::pictures::{MapFormat, PictureKind, PictureSize, Pictures};
use kizumi_image::colormap::{Colormap, overlay, overlay_on_photograph};
use kizumi_image::export::{inspection_strip, save_picture, save_png16, save_rgb8, save_tiff32};
use kizumi_image::rgb8::Rgb8;
use kizumi_image::source::open_source;
use kizumi_method::iterate::Inspection;
use kizumi_report::Bom;
use kizumi_report::results::{MapFile, PictureNames, ResultsWriter, RunSettings};

/// Pictures for people are enlarged by a whole factor to at least this side.
const SHOWN_SIDE_PX: usize = 256;

/// How heatmaps look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Colours from normal to defective.
    pub colormap: Colormap,
    /// Strongest cover of the overlay, `0.0..=1.0`.
    pub opacity: f32,
    /// How large overlays are.
    pub size: PictureSize,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            colormap: Colormap::default(),
            opacity: 0.6,
            size: PictureSize::default(),
        }
    }
}

/// A folder of results, and what goes into it. It takes the images of several threads at once;
/// the tables, which need an order, are written apart.
pub struct ResultFolder<'a> {
    folder: PathBuf,
    model: &'a Model,
    style: Style,
    pictures: Pictures,
    map_format: MapFormat,
    /// Held by the one thread that has a photograph at its own size.
    photograph: Mutex<()>,
}

impl<'a> ResultFolder<'a> {
    /// Results of `model` in `folder`, which [`ResultFolder::tables`] makes.
    pub fn new(
        folder: &Path,
        model: &'a Model,
        style: Style,
        pictures: Pictures,
        map_format: MapFormat,
    ) -> Self {
        Self {
            folder: folder.into(),
            model,
            style,
            pictures,
            map_format,
            photograph: Mutex::new(()),
        }
    }

    /// Starts `results.csv`, with its `head` or without, and `results.jsonl`.
    ///
    /// # Errors
    /// If they cannot be written; names the file and the reason.
    pub fn tables(&self, head: Option<Bom>) -> Result<ResultsWriter> {
        let Model {
            path, projection, ..
        } = self.model;
        let settings = RunSettings {
            alpha: projection.alpha,
            lambda: projection.lambda,
            max_iterations: projection.iterations,
            model: path.clone(),
            mm_per_px: self.model.mm_per_px,
        };
        ResultsWriter::create(&self.folder, settings, head)
    }

    /// Whether images have pictures to write.
    pub fn has_pictures(&self) -> bool {
        !self.pictures.kinds().is_empty()
    }

    /// Writes the pictures of one image, named after `name`; gives their names for its row.
    ///
    /// # Errors
    /// If a file cannot be written; names it and the reason.
    pub fn write_pictures(&self, inspected: &Inspected, name: &str) -> Result<PictureNames> {
        let mut names = PictureNames::default();
        for &kind in self.pictures.kinds() {
            let write = |ending: &str| -> Result<String> {
                let file = format!("{name}_{}.{ending}", kind.name());
                self.write_picture(inspected, kind, &self.folder.join(&file))?;
                Ok(file)
            };
            match kind {
                PictureKind::Heatmap => names.heatmap = Some(write("png")?),
                PictureKind::Overlay => names.overlay = Some(write("png")?),
                PictureKind::Projected => names.projected = Some(write("png")?),
                PictureKind::Strip => names.strip = Some(write("png")?),
                PictureKind::Map => {
                    let map = &inspected.inspection.projected_map;
                    names.map = Some(MapFile {
                        name: write(self.map_format.ending())?,
                        high: (self.map_format == MapFormat::Png).then(|| map.file_high()),
                    });
                }
            }
        }
        Ok(names)
    }

    fn write_picture(&self, inspected: &Inspected, kind: PictureKind, path: &Path) -> Result<()> {
        let Inspected {
            original,
            inspection,
            ..
        } = inspected;
        let Style {
            colormap, opacity, ..
        } = self.style;
        let map = &inspection.projected_map;
        let high = map.colour_high();
        let heatmap = || Rgb8::new(map.width, map.height, colormap.apply(map, 0.0, high));
        let laid_over = || {
            let bytes = overlay(original, map, 0.0, high, opacity, colormap);
            Rgb8::new(original.width, original.height, bytes)
        };
        let strip = || {
            let Inspection {
                reconstruction,
                projected,
                ..
            } = inspection;
            let made = (!self.model.features_only()).then_some([reconstruction, projected]);
            inspection_strip(original, made, heatmap(), laid_over())
        };
        // Those of one image are all enlarged alike.
        let factor = Rgb8::factor_for(map.width, map.height, SHOWN_SIDE_PX);
        let enlarged = |picture: Rgb8| save_rgb8(path, &picture.upscaled(factor));
        match kind {
            PictureKind::Heatmap => enlarged(heatmap()),
            PictureKind::Overlay => match self.style.size {
                PictureSize::Network => enlarged(laid_over()),
                PictureSize::File => {
                    // Photographs may be large: there is one in memory at a time.
                    let _alone = self
                        .photograph
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner);
                    let data = &self.model.artifact.header.data;
                    let (photograph, placement) = open_source(&inspected.entry.path, data)?;
                    let range = (0.0, high);
                    let laid = overlay_on_photograph(
                        photograph, &placement, map, range, opacity, colormap,
                    );
                    save_rgb8(path, &laid)
                }
            },
            PictureKind::Strip => enlarged(strip()),
            PictureKind::Projected => save_picture(path, &inspection.projected),
            PictureKind::Map => {
                let unit = Some(map.unit.name());
                match self.map_format {
                    MapFormat::Tiff => save_tiff32(path, map, unit),
                    MapFormat::Png => save_png16(path, map, (0.0, map.file_high()), unit),
                }
            }
        }
    }
}
