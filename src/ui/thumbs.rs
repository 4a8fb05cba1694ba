//! Thumbnails ready to be drawn: only those in sight are kept, however many there are.

use std::collections::HashMap;
use std::sync::Arc;

use egui::ColorImage;

use kizumi_image::colormap::{Colormap, overlay};

use super::layers::color_image;
use super::review::Review;
use super::settings::MapRange;
use super::state::State;
use super::state::set::Inspected;

/// How heatmaps are laid over thumbnails.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Heat {
    colormap: Colormap,
    opacity: f32,
    /// The value of the highest colour; `None` takes each image's own.
    high: Option<f32>,
}

/// The thumbnails in sight.
#[derive(Debug, Default)]
pub struct Thumbs {
    run: u64,
    of_rival: bool,
    heat: Option<Heat>,
    images: HashMap<usize, Arc<ColorImage>>,
}

impl Thumbs {
    /// Forgets thumbnails that would now look otherwise. Call it once a frame.
    pub fn update(&mut self, state: &State, review: &Review) {
        let display = &state.settings.display;
        let of_rival = state.review.of_rival && review.rival.is_some();
        let heat = state.settings.thumbnail_heatmaps.then(|| Heat {
            colormap: display.colormap,
            opacity: display.opacity,
            high: match display.range {
                MapRange::Normals if of_rival => {
                    review.rival.as_ref().and_then(|rival| rival.colour_high)
                }
                MapRange::Normals => review.colour_high(&state.set),
                MapRange::Custom => Some(display.custom_high),
                MapRange::ThisImage => None,
            },
        });
        let run = state.set.run();
        if (self.run, self.of_rival, self.heat) != (run, of_rival, heat) {
            (self.run, self.of_rival, self.heat) = (run, of_rival, heat);
            self.images.clear();
        }
    }

    /// The thumbnail of the image at this place of the set.
    pub fn get(&mut self, index: usize, inspected: &Inspected) -> Arc<ColorImage> {
        let heat = self.heat;
        let image = self.images.entry(index);
        let image = image.or_insert_with(|| Arc::new(picture(inspected, heat)));
        Arc::clone(image)
    }

    /// Keeps the thumbnails of these places only.
    pub fn keep(&mut self, in_sight: &[usize]) {
        self.images.retain(|index, _| in_sight.contains(index));
    }
}

fn picture(inspected: &Inspected, heat: Option<Heat>) -> ColorImage {
    let original = inspected.thumbnail.to_picture();
    let Some(heat) = heat else {
        return color_image(&original);
    };
    let map = inspected.map.to_picture();
    let high = heat.high.unwrap_or(inspected.map.high()).max(1e-6);
    let bytes = overlay(&original, &map, 0.0, high, heat.opacity, heat.colormap);
    ColorImage::from_rgb([original.width, original.height], &bytes)
}
