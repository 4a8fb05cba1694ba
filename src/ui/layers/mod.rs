//! The pictures of an inspection, each drawn when it is looked at and again only when something
//! it shows has changed.

mod shown;

use std::sync::Arc;

use egui::ColorImage;

use kizumi_engine::message::OpenedImage;
use kizumi_image::colormap::{diverging, glow, overlay};
use kizumi_image::outline::{Segment, outline};
use kizumi_image::picture::Picture;
use kizumi_image::regions::{Region, regions};
use kizumi_method::anomaly_map::{Unit, channel_mean};
use kizumi_method::config::Gate;
use kizumi_method::iterate::Iterate;
use kizumi_method::mapper::Seen;
use kizumi_method::metrics::Confusion;
use kizumi_method::truth::Comparison;

pub use super::layer::{Layer, Range, Scale};
use super::settings::{Display, MapRange};
use super::state::State;
use super::state::comparing::AbSide;
pub use shown::{Shown, shown_map};

/// The colour that marks the ground truth in its own layer, where nothing is known of hits.
const TRUTH: [f32; 3] = [70.0, 235.0, 215.0];
/// Share of the colours in the layer of the ground truth.
const TRUTH_SHARE: f32 = 0.6;

/// All that the pictures depend on.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    side: AbSide,
    generation: u64,
    frame: Option<usize>,
    last_frame: Option<usize>,
    display: Display,
    normals_high: Option<f32>,
    threshold: Option<f32>,
    min_area_px: usize,
}

/// Values of highest colours, as one run has them by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct OwnHighs {
    range: Range,
    change: f32,
    distance: f32,
}

/// The same of maps whose values mean the same in two runs: a heatmap's in its unit, changes of pixels, distances of
/// features. What an energy has for a gate or a gradient is its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Highs {
    map: Option<(Unit, f32)>,
    change: f32,
    distance: f32,
}

/// The pictures, and what there is to say about them.
#[derive(Debug, Default)]
pub struct Layers {
    key: Option<Key>,
    shown: Option<Shown>,
    display: Display,
    /// Range of the heatmap.
    range: Range,
    /// The distance of features that has the highest colour: that of x_0, so that it is seen to shrink.
    distance_high: f32,
    /// The largest change of a pixel, be it by the newest iterate or by f(x_0): one scale for both, so that
    /// they can be compared. The heatmap may have other units.
    change_high: f32,
    /// What these three would be without another run beside this one.
    own: OwnHighs,
    residual: Option<f32>,
    images: [Option<Arc<ColorImage>>; Layer::COUNT],
    ranges: [Range; Layer::COUNT],
    glow: Option<Arc<ColorImage>>,
    truth_glow: Option<Arc<ColorImage>>,
    ignored: Option<Arc<ColorImage>>,
    ignored_key: Option<(u64, u64, bool)>,
    outline: Vec<Segment>,
    outline_generation: Option<u64>,
    threshold: Option<f32>,
    regions: Vec<Region>,
    comparison: Option<Comparison>,
}

impl Layers {
    /// The picture of a layer, once there is one.
    pub fn image(&mut self, layer: Layer) -> Option<Arc<ColorImage>> {
        let place = layer as usize;
        if self.images[place].is_none() {
            let (image, range) = self.draw(layer)?;
            self.images[place] = Some(Arc::new(image));
            self.ranges[place] = range;
        }
        self.images[place].clone()
    }

    /// The heatmap's colours alone, transparent where there is little: to lie over a photograph.
    pub fn glow(&mut self) -> Option<Arc<ColorImage>> {
        if self.glow.is_none() {
            let map = self.shown.as_ref()?.map.as_ref()?;
            let Range { low, high, .. } = self.range;
            let Display {
                opacity, colormap, ..
            } = self.display;
            let bytes = glow(map, low, high, opacity, colormap);
            let image = ColorImage::from_rgba_unmultiplied([map.width, map.height], &bytes);
            self.glow = Some(Arc::new(image));
        }
        self.glow.clone()
    }

    /// The ground truth alone, transparent elsewhere.
    pub fn truth_glow(&mut self) -> Option<Arc<ColorImage>> {
        if self.truth_glow.is_none() {
            let mask = self.shown.as_ref()?.truth.as_ref()?;
            let mut bytes = match &self.comparison {
                Some(both) => both.to_rgba8(),
                None => {
                    let [red, green, blue] = TRUTH.map(|value| value as u8);
                    let color = |inside: &f32| match *inside > 0.5 {
                        true => [red, green, blue, 255],
                        false => [0; 4],
                    };
                    mask.pixels.iter().flat_map(color).collect()
                }
            };
            for alpha in bytes.iter_mut().skip(3).step_by(4) {
                *alpha = (f32::from(*alpha) * TRUTH_SHARE) as u8;
            }
            let image = ColorImage::from_rgba_unmultiplied([mask.width, mask.height], &bytes);
            self.truth_glow = Some(Arc::new(image));
        }
        self.truth_glow.clone()
    }

    /// The regions that do not count, striped; of the network's input's size.
    pub fn ignored(&self) -> Option<&Arc<ColorImage>> {
        self.ignored.as_ref()
    }

    /// The values of a map's lowest and highest colour, when it was drawn.
    pub fn range(&self, layer: Layer) -> Option<Range> {
        let drawn = layer.is_map() && self.images[layer as usize].is_some();
        drawn.then(|| self.ranges[layer as usize])
    }

    /// The same, also where the map lies over a picture.
    pub fn range_of(&self, layer: Layer) -> Option<Range> {
        match layer {
            Layer::Overlay => self.map_range(),
            layer => self.range(layer),
        }
    }

    /// The numbers behind the pictures, when an image is open.
    pub fn shown(&self) -> Option<&Shown> {
        self.shown.as_ref()
    }

    /// The Euclidean norm of x_0 - f(x_0), where f(x_0) is known.
    pub fn residual(&self) -> Option<f32> {
        self.residual
    }

    /// The range of the heatmap's colours, when there is a heatmap.
    pub fn map_range(&self) -> Option<Range> {
        let shown = self.shown.as_ref()?;
        shown.map.is_some().then_some(self.range)
    }

    /// The border of the ground truth, in picture pixels.
    pub fn outline(&self) -> &[Segment] {
        &self.outline
    }

    /// How high the values of maps go here that mean the same in other runs.
    pub fn highs(&self) -> Option<Highs> {
        let map = self.shown.as_ref()?.map.as_ref();
        Some(Highs {
            map: map.map(|map| (map.unit, self.own.range.high)),
            change: self.own.change,
            distance: self.own.distance,
        })
    }

    /// Gives maps whose values mean the same the scale of both runs, or their own one again.
    pub fn join(&mut self, other: Option<Highs>) {
        let (Some(own), Some(other)) = (self.highs(), other) else {
            return self.take_highs(self.own);
        };
        let mut joined = self.own;
        joined.change = own.change.max(other.change);
        joined.distance = own.distance.max(other.distance);
        if let (Some((unit, high)), Some((others, other))) = (own.map, other.map)
            && unit == others
            && self.own.range.scale != Scale::Custom
        {
            joined.range.high = high.max(other);
        }
        self.take_highs(joined);
    }

    fn take_highs(&mut self, highs: OwnHighs) {
        let now = (self.range, self.change_high, self.distance_high);
        if now != (highs.range, highs.change, highs.distance) {
            (self.range, self.change_high, self.distance_high) =
                (highs.range, highs.change, highs.distance);
            self.images = Default::default();
            self.glow = None;
        }
    }

    /// The map value above which a pixel is defective.
    pub fn threshold(&self) -> Option<f32> {
        self.threshold
    }

    /// The connected regions above it, the highest peak first.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// How the pixels above it meet the ground truth, when there is one.
    pub fn confusion(&self) -> Option<Confusion> {
        self.comparison.as_ref().map(|both| both.confusion)
    }

    /// Brings everything up to date with the run of a side. Map values above the threshold are
    /// defective.
    pub fn update(&mut self, state: &State, side: AbSide, threshold: Option<f32>) {
        let inspecting = &state.inspecting;
        let recording = inspecting.recording_of(side);
        let iterations = state.settings.projection.iterations;
        let shown = inspecting.shown_of(side, iterations);
        let key = Key {
            generation: inspecting.generation(),
            side,
            frame: recording.frame_index(shown),
            last_frame: recording.frame_index(state.last_shown()),
            display: state.settings.display,
            normals_high: state.normal_high_of(side),
            threshold,
            min_area_px: state.settings.decision.min_area_px,
        };
        self.update_ignored(state);
        if self.key.as_ref() == Some(&key) {
            return;
        }
        self.images = Default::default();
        (self.glow, self.truth_glow) = (None, None);
        self.shown = None;
        (self.regions, self.comparison) = (Vec::new(), None);
        self.threshold = threshold;
        self.display = key.display;
        if let Some(opened) = inspecting.opened_of(side) {
            let valid = opened.valid();
            let valid = valid.as_ref();
            let first = recording.frame(0);
            let plain = first.as_ref().map(|first| &first.reconstruction);
            let own = inspecting.reconstruction.as_ref();
            let plain = plain.or(own.filter(|_| state.rival_of(side).is_none()));
            let frame = key.frame.and_then(|index| recording.frame(index));
            let mapper = state.shown_mapper_of(side);
            let mut shown = Shown::new(&opened.seen(valid), plain, frame, &mapper);
            shown.truth = opened.mask.clone();
            let run = inspecting.run_of(side);
            shown.gate = run.map_or_else(Gate::default, |run| run.projection.step.gate);
            let gated = shown.gate.of_features();
            shown.feature_gate = opened.gate.clone().filter(|_| gated);
            self.range = heatmap_range(state, &shown, &key);
            self.residual = residual(&shown);
            self.change_high = change_high(state, &shown, &key);
            self.distance_high = distance_high(opened, first.as_ref());
            self.own = OwnHighs {
                range: self.range,
                change: self.change_high,
                distance: self.distance_high,
            };
            if let (Some(map), Some(threshold)) = (&shown.map, threshold) {
                self.regions = regions(map, threshold, key.min_area_px);
                let truth = shown.truth.as_ref();
                self.comparison =
                    truth.and_then(|mask| Comparison::new(map, threshold, mask, valid));
            }
            self.shown = Some(shown);
            if self.outline_generation != Some(key.generation) {
                self.outline_generation = Some(key.generation);
                self.outline = opened.mask.as_ref().map(outline).unwrap_or_default();
            }
        }
        self.key = Some(key);
    }

    fn update_ignored(&mut self, state: &State) {
        let model = state
            .model
            .as_ref()
            .and_then(|model| model.ignored.as_ref());
        let edited = state.painter.ignored();
        let generations = (state.painter.generation(), state.inspecting.generation());
        let key = (generations.0, generations.1, model.is_some());
        if self.ignored_key == Some(key) {
            return;
        }
        self.ignored_key = Some(key);
        let mask = edited.or(model);
        // Those of the model at hand.
        let size = state.inspecting.opened.as_ref().map(|opened| {
            let picture = &opened.picture;
            (picture.height, picture.width)
        });
        let mask = mask.filter(|mask| Some((mask.height, mask.width)) == size);
        self.ignored = mask.map(|mask| Arc::new(stripes(mask)));
    }

    fn draw(&self, layer: Layer) -> Option<(ColorImage, Range)> {
        let shown = self.shown.as_ref()?;
        let original = &shown.original;
        let size = [original.width, original.height];
        let display = &self.display;
        let rgb = |bytes: &[u8]| ColorImage::from_rgb(size, bytes);
        let plain = |picture: &Picture| Some((color_image(picture), Range::default()));
        let signed = |range: Range| {
            let bytes = diverging::apply(&shown.map_of(layer)?, range.high);
            Some((rgb(&bytes), range))
        };
        match layer {
            Layer::Original => plain(original),
            Layer::Reconstruction => plain(shown.reconstruction.as_ref()?),
            Layer::Iterate => plain(&shown.iterate.as_ref()?.iterate),
            Layer::IterateReconstruction => plain(&shown.iterate.as_ref()?.reconstruction),
            Layer::Heatmap => {
                let range = self.range;
                let map = shown.map.as_ref()?;
                let bytes = display.colormap.apply(map, range.low, range.high);
                Some((rgb(&bytes), range))
            }
            Layer::Overlay => {
                let Range { low, high, .. } = self.range;
                let map = shown.map.as_ref()?;
                let opacity = display.opacity;
                let bytes = overlay(original, map, low, high, opacity, display.colormap);
                Some((rgb(&bytes), self.range))
            }
            Layer::Residual => {
                let residual = shown.map_of(layer)?;
                let range = own_range(0.0, self.change_high);
                let bytes = display.colormap.apply(&residual, range.low, range.high);
                Some((rgb(&bytes), range))
            }
            Layer::Difference => signed(own_range(-self.change_high, self.change_high)),
            Layer::Gradient => {
                let gradient = shown.map_of(layer)?;
                let high = gradient
                    .pixels
                    .iter()
                    .fold(0.0f32, |high, v| high.max(v.abs()));
                signed(own_range(-high, high))
            }
            Layer::Gate => {
                let gate = shown.map_of(layer)?;
                let range = own_range(0.0, gate.max());
                let bytes = display.colormap.apply(&gate, range.low, range.high);
                Some((rgb(&bytes), range))
            }
            Layer::Distance => {
                let distance = shown.distance.as_ref()?;
                let range = own_range(0.0, self.distance_high);
                let bytes = display.colormap.apply(distance, range.low, range.high);
                Some((rgb(&bytes), range))
            }
            Layer::Truth => {
                let bytes = match &self.comparison {
                    Some(both) => both.over(original, TRUTH_SHARE).bytes,
                    None => tinted(original, shown.truth.as_ref()?),
                };
                Some((rgb(&bytes), Range::default()))
            }
        }
    }
}

/// The newest iterate of the side that is shown, so that scrubbing shows the differences grow;
/// `None` if that is the one on screen.
fn newest(state: &State, shown: &Shown, key: &Key) -> Option<Iterate> {
    let last = key.last_frame.filter(|last| key.frame != Some(*last))?;
    let newest = state.inspecting.recording_of(key.side).frame(last)?;
    (newest.iterate.pixels.len() == shown.original.pixels.len()).then_some(newest)
}

/// The Euclidean norm of x_0 - f(x_0).
fn residual(shown: &Shown) -> Option<f32> {
    let reconstruction = shown.reconstruction.as_ref()?;
    let pairs = shown.original.pixels.iter().zip(&reconstruction.pixels);
    let squares: f64 = pairs.map(|(x, f)| f64::from(x - f).powi(2)).sum();
    Some(squares.sqrt() as f32)
}

/// The largest mean over the channels of |x_t - x_0| or of |x_0 - f(x_0)|.
fn change_high(state: &State, shown: &Shown, key: &Key) -> f32 {
    let largest = |iterate: &Picture| channel_mean(iterate, &shown.original, f32::abs).max();
    let plain = shown.reconstruction.as_ref().map_or(0.0, largest);
    let here = shown
        .iterate
        .as_ref()
        .map_or(0.0, |at| largest(&at.iterate));
    let newest = newest(state, shown, key).map_or(0.0, |at| largest(&at.iterate));
    plain.max(here).max(newest)
}

/// Distances up to this have dark colours even where nothing is further from normal.
const DISTANCE_HIGH_MIN: f32 = 2.0;

/// The distance of features that has the highest colour: the largest of x_0.
fn distance_high(opened: &OpenedImage, first: Option<&Iterate>) -> f32 {
    let first = first.and_then(|first| first.distance.as_ref());
    let first = first.or(opened.distance.as_ref());
    first.map_or(0.0, Picture::max).max(DISTANCE_HIGH_MIN)
}

/// The value of the highest colour where normal images say which: the threshold of pixels in force has
/// the colour in the middle, and without one that which they `measured`.
pub fn normals_high(measured: f32, threshold: Option<f32>) -> f32 {
    threshold.map_or(measured, |threshold| 2.0 * threshold)
}

/// Which values of the anomaly map the lowest and the highest colour stand for.
fn heatmap_range(state: &State, shown: &Shown, key: &Key) -> Range {
    let (low, high, scale) = match (key.display.range, key.normals_high) {
        (MapRange::Custom, _) => {
            let Display {
                custom_low,
                custom_high,
                ..
            } = key.display;
            (custom_low, custom_high, Scale::Custom)
        }
        (MapRange::Normals, Some(high)) => (0.0, normals_high(high, key.threshold), Scale::Normals),
        _ => {
            let newest_high = newest(state, shown, key).map_or(0.0, |at| {
                let opened = state.inspecting.opened_of(key.side);
                let valid = opened.and_then(OpenedImage::valid);
                let seen = Seen {
                    original: &shown.original,
                    distance: opened.and_then(|opened| opened.distance.as_ref()),
                    valid: valid.as_ref(),
                };
                shown_map(&state.shown_mapper_of(key.side), &seen, &at).max()
            });
            let high = shown.map.as_ref().map_or(0.0, |map| map.max());
            (0.0, high.max(newest_high), Scale::ThisImage)
        }
    };
    Range {
        low,
        high: high.max(low + 1e-6),
        scale,
    }
}

/// A range that only this picture has.
fn own_range(low: f32, high: f32) -> Range {
    Range {
        low,
        high: high.max(low + 1e-12),
        scale: Scale::ThisImage,
    }
}

/// Stripes where the mask is, that are seen on light and on dark.
fn stripes(mask: &Picture) -> ColorImage {
    let bytes: Vec<u8> = (0..mask.pixels.len())
        .flat_map(|index| {
            let (x, y) = (index % mask.width, index / mask.width);
            match (mask.pixels[index] > 0.5, (x + y) % 4 < 2) {
                (false, _) => [0; 4],
                (true, true) => [255, 255, 255, 120],
                (true, false) => [0, 0, 0, 120],
            }
        })
        .collect();
    ColorImage::from_rgba_unmultiplied([mask.width, mask.height], &bytes)
}

/// The original, coloured where the mask is.
fn tinted(original: &Picture, mask: &Picture) -> Vec<u8> {
    let mut bytes = original.to_rgb8();
    let (colour, share) = (TRUTH, TRUTH_SHARE);
    for (pixel, inside) in bytes.chunks_exact_mut(3).zip(&mask.pixels) {
        if *inside > 0.5 {
            for (byte, colour) in pixel.iter_mut().zip(colour) {
                let below = f32::from(*byte);
                *byte = (below + share * (colour - below) + 0.5) as u8;
            }
        }
    }
    bytes
}

/// A picture as the window draws it.
pub fn color_image(picture: &Picture) -> ColorImage {
    ColorImage::from_rgb([picture.width, picture.height], &picture.to_rgb8())
}
