//! The six pictures of an inspection, made anew only when something they show has changed.

use std::sync::Arc;

use egui::{ColorImage, Pos2, pos2};

use crate::data::anomaly_map::projected_map;
use crate::data::colormap::overlay;
use crate::data::picture::Picture;
use crate::data::smooth::gaussian;

use super::settings::{Display, MapRange};
use super::state::State;

/// What an inspection shows, in the order of the panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// x_0.
    Original,
    /// f(x_0).
    Reconstruction,
    /// x_t.
    Iterate,
    /// f(x_t).
    IterateReconstruction,
    /// |x_0 - x_t|.
    Heatmap,
    /// The heatmap over the original.
    Overlay,
}

impl Layer {
    /// All of them, by place: the inputs above what the network makes of them.
    pub const ALL: [Self; 6] = [
        Self::Original,
        Self::Iterate,
        Self::Heatmap,
        Self::Reconstruction,
        Self::IterateReconstruction,
        Self::Overlay,
    ];
}

/// Where the highest colour's value comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// The held-out normals.
    Normals,
    /// The image itself, because a person wants it so or there is no calibration.
    #[default]
    ThisImage,
    /// Set by hand.
    Custom,
}

/// All that the pictures depend on.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    generation: u64,
    frame: Option<usize>,
    last_frame: Option<usize>,
    display: Display,
    normals_high: Option<f32>,
}

/// The pictures, and what there is to say about them.
#[derive(Debug, Default)]
pub struct Layers {
    key: Option<Key>,
    images: [Option<Arc<ColorImage>>; 6],
    /// The smoothed map that the heatmap shows; one channel.
    map: Option<Picture>,
    /// The value of the highest colour.
    high: f32,
    scale: Scale,
    outline: Vec<[Pos2; 2]>,
    outline_generation: Option<u64>,
}

impl Layers {
    /// The picture of a layer, once there is one.
    pub fn image(&self, layer: Layer) -> Option<&Arc<ColorImage>> {
        self.images[layer as usize].as_ref()
    }

    /// The map that the heatmap shows.
    pub fn map(&self) -> Option<&Picture> {
        self.map.as_ref()
    }

    /// The value of the highest colour.
    pub fn high(&self) -> f32 {
        self.high
    }

    /// Where that value comes from.
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// The border of the ground truth, as segments in picture pixels.
    pub fn outline(&self) -> &[[Pos2; 2]] {
        &self.outline
    }

    /// Brings everything up to date.
    pub fn update(&mut self, state: &State) {
        let inspecting = &state.inspecting;
        let recording = inspecting.recording_on_screen();
        let model = state.model.as_ref();
        let calibration = model.and_then(|model| model.calibration.as_ref());
        let key = Key {
            generation: inspecting.generation(),
            frame: recording.frame_index(state.shown()),
            last_frame: recording.frame_index(state.last_shown()),
            display: state.settings.display,
            normals_high: calibration
                .map(|calibration| calibration.projected_map_high)
                .filter(|high| *high > 0.0),
        };
        if self.key.as_ref() == Some(&key) {
            return;
        }
        self.images = Default::default();
        self.map = None;
        if let Some(opened) = &inspecting.opened {
            self.fill(state, &opened.picture, &key);
            if self.outline_generation != Some(key.generation) {
                self.outline_generation = Some(key.generation);
                self.outline = opened.mask.as_ref().map(border).unwrap_or_default();
            }
        }
        self.key = Some(key);
    }

    fn fill(&mut self, state: &State, original: &Picture, key: &Key) {
        let recording = state.inspecting.recording_on_screen();
        self.set(Layer::Original, color_image(original));
        let first = recording.frame(0);
        let plain = match &first {
            Some(first) => Some(&first.reconstruction),
            None => state.inspecting.reconstruction.as_ref(),
        };
        if let Some(plain) = plain {
            self.set(Layer::Reconstruction, color_image(plain));
        }
        let frame = key.frame.and_then(|index| recording.frame(index));
        let Some(frame) = frame.filter(|frame| same_shape(&frame.iterate, original)) else {
            return;
        };
        self.set(Layer::Iterate, color_image(&frame.iterate));
        self.set(
            Layer::IterateReconstruction,
            color_image(&frame.reconstruction),
        );

        let display = &key.display;
        let smooth =
            |iterate: &Picture| gaussian(&projected_map(original, iterate), display.smoothing_px);
        let map = smooth(&frame.iterate);
        (self.high, self.scale) = match (display.range, key.normals_high) {
            (MapRange::Custom, _) => (display.custom_high, Scale::Custom),
            (MapRange::Normals, Some(high)) => (high, Scale::Normals),
            _ => {
                // The newest iterate's, so that scrubbing shows the differences grow.
                let last = key
                    .last_frame
                    .filter(|last| key.frame != Some(*last))
                    .and_then(|last| recording.frame(last));
                let last_high = last.map_or(0.0, |last| smooth(&last.iterate).max());
                (map.max().max(last_high), Scale::ThisImage)
            }
        };
        let high = self.high.max(1e-6);
        let size = [map.width, map.height];
        let heatmap = ColorImage::from_rgb(size, &display.colormap.apply(&map, 0.0, high));
        self.set(Layer::Heatmap, heatmap);
        let opacity = display.opacity;
        let laid_over = overlay(original, &map, 0.0, high, opacity, display.colormap, 0.0);
        let size = [original.width, original.height];
        self.set(Layer::Overlay, ColorImage::from_rgb(size, &laid_over));
        self.map = Some(map);
    }

    fn set(&mut self, layer: Layer, image: ColorImage) {
        self.images[layer as usize] = Some(Arc::new(image));
    }
}

/// A picture as the window draws it.
pub fn color_image(picture: &Picture) -> ColorImage {
    ColorImage::from_rgb([picture.width, picture.height], &picture.to_rgb8())
}

fn same_shape(a: &Picture, b: &Picture) -> bool {
    (a.channels, a.height, a.width) == (b.channels, b.height, b.width)
}

/// The edges between mask and background, runs of them joined into one segment each.
fn border(mask: &Picture) -> Vec<[Pos2; 2]> {
    let inside = |x: isize, y: isize| {
        let within =
            (0..mask.width as isize).contains(&x) && (0..mask.height as isize).contains(&y);
        within && mask.at(0, y as usize, x as usize) > 0.5
    };
    let (width, height) = (mask.width as isize, mask.height as isize);
    let mut segments = Vec::new();
    let mut collect = |lines: isize,
                       places: isize,
                       edge: &dyn Fn(isize, isize) -> bool,
                       at: &dyn Fn(isize, isize) -> Pos2| {
        for line in 0..=lines {
            let mut from = None;
            for place in 0..=places {
                match (place < places && edge(line, place), from) {
                    (true, None) => from = Some(place),
                    (false, Some(start)) => {
                        segments.push([at(line, start), at(line, place)]);
                        from = None;
                    }
                    _ => {}
                }
            }
        }
    };
    collect(
        height,
        width,
        &|y, x| inside(x, y - 1) != inside(x, y),
        &|y, x| pos2(x as f32, y as f32),
    );
    collect(
        width,
        height,
        &|x, y| inside(x - 1, y) != inside(x, y),
        &|x, y| pos2(x as f32, y as f32),
    );
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_border_of_a_block_is_its_four_sides() {
        let mask = Picture::from_fn(1, 6, 6, |_, y, x| {
            f32::from((2..4).contains(&y) && (1..6).contains(&x))
        });
        let segments = border(&mask);
        assert_eq!(segments.len(), 4, "{segments:?}");
        let length: f32 = segments.iter().map(|[a, b]| a.distance(*b)).sum();
        assert_eq!(length, 2.0 * (5.0 + 2.0));
    }

    #[test]
    fn an_empty_mask_has_no_border() {
        assert!(border(&Picture::filled(1, 4, 4, 0.0)).is_empty());
    }
}
