//! The numbers behind the pictures on screen.

use kizumi_image::picture::Picture;
use kizumi_method::anomaly_map::{AnomalyMap, Unit};
use kizumi_method::config::Gate;
use kizumi_method::iterate::Iterate;
use kizumi_method::mapper::{Mapper, Seen};

use crate::ui::layer::Layer;

/// The pictures of the iterate that is shown, `[channels, height, width]` each, and what follows
/// from them.
#[derive(Debug)]
pub struct Shown {
    /// x_0.
    pub original: Picture,
    /// f(x_0).
    pub reconstruction: Option<Picture>,
    /// x_t, f(x_t) and the gradient of E there.
    pub iterate: Option<Iterate>,
    /// The anomaly map of x_t.
    pub map: Option<AnomalyMap>,
    /// How far the features of what is shown are from normal ones, one channel; 1 is what 99 % of the
    /// patches of normal images do not exceed.
    pub distance: Option<Picture>,
    /// What the steps of the run are multiplied by.
    pub gate: Gate,
    /// The features' part of it, one channel.
    pub feature_gate: Option<Picture>,
    /// The ground truth, one channel, 0 or 1.
    pub truth: Option<Picture>,
}

impl Shown {
    /// All that belongs to an image. An iterate of another shape belongs to another one and is left
    /// out.
    pub fn new(
        seen: &Seen<'_>,
        reconstruction: Option<&Picture>,
        iterate: Option<Iterate>,
        mapper: &Mapper,
    ) -> Self {
        let original = seen.original;
        let fits = |picture: &Picture| same_shape(picture, original);
        let iterate = iterate
            .filter(|at| fits(&at.iterate) && fits(&at.reconstruction) && fits(&at.gradient));
        let size = (original.height, original.width);
        // While the projection runs it is that of x_t, where it is taken.
        let of_iterate = iterate.as_ref().and_then(|at| at.distance.as_ref());
        let distance = of_iterate.or(seen.distance);
        let distance = distance.filter(|map| (map.height, map.width) == size);
        let distance = distance.cloned();
        let map = iterate.as_ref().map(|at| shown_map(mapper, seen, at));
        Self {
            original: original.clone(),
            reconstruction: reconstruction.filter(|picture| fits(picture)).cloned(),
            iterate,
            map,
            distance,
            gate: Gate::default(),
            feature_gate: None,
            truth: None,
        }
    }

    /// A layer's value in a pixel of one channel. Layers that are maps have the same value in all
    /// of them: the mean over the channels, as the anomaly maps are made.
    pub fn value(&self, layer: Layer, channel: usize, y: usize, x: usize) -> Option<f32> {
        let at = self.iterate.as_ref();
        let mean = |of: &dyn Fn(usize) -> f32| {
            let channels = self.original.channels;
            (0..channels).map(of).sum::<f32>() / channels.max(1) as f32
        };
        let value = match layer {
            Layer::Original => self.original.at(channel, y, x),
            Layer::Reconstruction => self.reconstruction.as_ref()?.at(channel, y, x),
            Layer::Iterate => at?.iterate.at(channel, y, x),
            Layer::IterateReconstruction => at?.reconstruction.at(channel, y, x),
            Layer::Residual => {
                let reconstruction = self.reconstruction.as_ref()?;
                mean(&|c| (self.original.at(c, y, x) - reconstruction.at(c, y, x)).abs())
            }
            Layer::Heatmap | Layer::Overlay => self.map.as_ref()?.at(0, y, x),
            Layer::Difference => {
                let iterate = &at?.iterate;
                mean(&|c| iterate.at(c, y, x) - self.original.at(c, y, x))
            }
            Layer::Gate => {
                let at = at?;
                let residual = |c| at.iterate.at(c, y, x) - at.reconstruction.at(c, y, x);
                let of_residual = match self.gate.of_residual() {
                    true => mean(&|c| residual(c).powi(2)),
                    false => 1.0,
                };
                match self.gate.of_features() {
                    true => of_residual * self.feature_gate.as_ref()?.at(0, y, x),
                    false => of_residual,
                }
            }
            Layer::Distance => self.distance.as_ref()?.at(0, y, x),
            Layer::Gradient => {
                let gradient = &at?.gradient;
                mean(&|c| gradient.at(c, y, x))
            }
            Layer::Truth => self.truth.as_ref()?.at(0, y, x),
        };
        Some(value)
    }

    /// A layer's values: pictures with their channels, maps with one.
    pub fn picture_of(&self, layer: Layer) -> Option<Picture> {
        match layer {
            Layer::Original => Some(self.original.clone()),
            Layer::Reconstruction => self.reconstruction.clone(),
            Layer::Iterate => self.iterate.as_ref().map(|at| at.iterate.clone()),
            Layer::IterateReconstruction => {
                let at = self.iterate.as_ref();
                at.map(|at| at.reconstruction.clone())
            }
            Layer::Gradient => self.iterate.as_ref().map(|at| at.gradient.clone()),
            _ => self.map_of(layer),
        }
    }

    /// What a layer's values are, where it shows the anomaly map.
    pub fn unit_of(&self, layer: Layer) -> Option<Unit> {
        let is_map = matches!(layer, Layer::Heatmap | Layer::Overlay);
        self.map.as_ref().filter(|_| is_map).map(|map| map.unit)
    }

    /// A map layer as a picture of one channel.
    pub fn map_of(&self, layer: Layer) -> Option<Picture> {
        if matches!(layer, Layer::Heatmap | Layer::Overlay) {
            return self.map.as_ref().map(|map| map.values.clone());
        }
        self.value(layer, 0, 0, 0)?;
        let (height, width) = (self.original.height, self.original.width);
        Some(Picture::from_fn(1, height, width, |_, y, x| {
            self.value(layer, 0, y, x).unwrap_or(0.0)
        }))
    }
}

/// The anomaly map of an iterate as the heatmap shows it; what is of another size is left out.
pub fn shown_map(mapper: &Mapper, seen: &Seen<'_>, iterate: &Iterate) -> AnomalyMap {
    let size = (seen.original.height, seen.original.width);
    let fits = |picture: &&Picture| (picture.height, picture.width) == size;
    let seen = Seen {
        original: seen.original,
        distance: seen.distance.filter(fits),
        valid: seen.valid.filter(fits),
    };
    mapper.projected(&seen, iterate)
}

fn same_shape(a: &Picture, b: &Picture) -> bool {
    (a.channels, a.height, a.width) == (b.channels, b.height, b.width)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kizumi_method::config::MapConfig;

    fn unsmoothed() -> Mapper {
        Mapper::from(MapConfig::paper())
    }

    fn shown() -> Shown {
        let level = |value: f32| Picture::filled(3, 2, 2, value);
        let mut iterate = level(0.5);
        iterate.pixels[0] = 0.2;
        let at = Iterate {
            scalars: Default::default(),
            iterate,
            reconstruction: level(0.4),
            gradient: level(-2.0),
            distance: None,
        };
        let original = level(0.5);
        let seen = Seen::new(&original);
        Shown::new(&seen, Some(&level(0.3)), Some(at), &unsmoothed())
    }

    #[test]
    fn maps_are_means_over_the_channels() {
        let shown = shown();
        let at = |layer, x| shown.value(layer, 0, 0, x).unwrap();
        assert!((at(Layer::Difference, 0) + 0.1).abs() < 1e-6);
        assert_eq!(at(Layer::Difference, 1), 0.0);
        assert!((at(Layer::Heatmap, 0) - 0.1).abs() < 1e-6);
        let gate = (0.04 + 0.01 + 0.01) / 3.0;
        assert!((at(Layer::Gate, 0) - gate).abs() < 1e-6);
        assert!((at(Layer::Residual, 0) - 0.2).abs() < 1e-6);
        assert_eq!(at(Layer::Gradient, 1), -2.0);
        let map = shown.map_of(Layer::Gate).unwrap();
        assert_eq!((map.channels, map.height, map.width), (1, 2, 2));
        assert_eq!(map.at(0, 0, 0), at(Layer::Gate, 0));
    }

    #[test]
    fn the_gate_is_that_of_the_run() {
        let residual = (0.04 + 0.01 + 0.01) / 3.0;
        let mut shown = shown();
        shown.feature_gate = Some(Picture::filled(1, 2, 2, 0.5));
        for (gate, expected) in [
            (Gate::None, 1.0),
            (Gate::Residual, residual),
            (Gate::Features, 0.5),
            (Gate::Both, 0.5 * residual),
        ] {
            shown.gate = gate;
            let value = shown.value(Layer::Gate, 0, 0, 0).unwrap();
            assert!((value - expected).abs() < 1e-6, "{gate:?}");
        }
        shown.feature_gate = None;
        assert_eq!(shown.value(Layer::Gate, 0, 0, 0), None, "not known");
    }

    #[test]
    fn what_is_not_there_has_no_value() {
        let original = Picture::filled(1, 2, 2, 0.5);
        let shown = Shown::new(&Seen::new(&original), None, None, &unsmoothed());
        assert_eq!(shown.value(Layer::Original, 0, 1, 1), Some(0.5));
        for layer in [
            Layer::Reconstruction,
            Layer::Gate,
            Layer::Truth,
            Layer::Heatmap,
        ] {
            assert_eq!(shown.value(layer, 0, 0, 0), None);
            assert!(shown.map_of(layer).is_none());
        }
    }

    #[test]
    fn an_iterate_of_another_image_is_left_out() {
        let other = shown().iterate;
        let original = Picture::filled(3, 5, 5, 0.5);
        let shown = Shown::new(&Seen::new(&original), None, other, &unsmoothed());
        assert!(shown.iterate.is_none() && shown.map.is_none());
    }

    #[test]
    fn padding_stays_dark() {
        let original = Picture::filled(1, 1, 8, 0.0);
        let iterate = Iterate {
            scalars: Default::default(),
            iterate: Picture::from_fn(1, 1, 8, |_, _, x| f32::from(u8::from(x < 4))),
            reconstruction: Picture::default(),
            gradient: Picture::default(),
            distance: None,
        };
        let mapper = Mapper::from(MapConfig {
            smoothing_px: 1.0,
            ..MapConfig::paper()
        });
        let valid = Picture::from_fn(1, 1, 8, |_, _, x| f32::from(u8::from(x < 4)));
        let seen = Seen {
            valid: Some(&valid),
            ..Seen::new(&original)
        };
        let map = shown_map(&mapper, &seen, &iterate);
        assert_eq!(map.pixels[4..], [0.0; 4]);
        assert!(map.pixels[..4].iter().all(|value| *value > 0.9));
    }
}
