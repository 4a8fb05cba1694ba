//! The iterates of a projection as frames: original, iterate and heatmap beside each other.

use std::sync::Arc;

use crate::ui::layers::Range;
use crate::ui::layers::shown_map;
use kizumi_image::colormap::Colormap;
use kizumi_image::export::Playback;
use kizumi_image::picture::Picture;
use kizumi_image::rgb8::Rgb8;
use kizumi_method::mapper::{Mapper, Seen};
use kizumi_method::recording::Recording;

/// Frames of a film show pictures at least this wide, in pixels.
const WIDTH_MIN_PX: usize = 200;
/// Space between the pictures of a frame, in pixels.
const GAP_PX: usize = 4;

/// Everything that the frames need.
pub struct Film {
    /// x_0.
    pub original: Picture,
    /// Where maps look.
    pub valid: Option<Picture>,
    /// How far its features are from normal ones.
    pub distance: Option<Picture>,
    /// The iterates.
    pub recording: Arc<Recording>,
    /// The last iterate that belongs to it.
    pub last: usize,
    /// Smoothing of the heatmap, in pixels.
    pub mapper: Mapper,
    /// Colours of the heatmap.
    pub colormap: Colormap,
    /// Their range.
    pub range: Range,
}

impl Film {
    /// How many frames there are: iterates without pictures of their own are left out.
    pub fn len(&self) -> usize {
        self.indices().len()
    }

    fn indices(&self) -> Vec<usize> {
        let all = (0..=self.last).filter_map(|t| self.recording.frame_index(t));
        let mut indices: Vec<usize> = all.collect();
        indices.dedup();
        indices
    }

    /// A frame; `speed` 1 is the speed of the window.
    pub fn playback(&self, frame_secs: f64, speed: f32) -> Playback {
        let delay_ms = frame_secs * 1e3 / f64::from(speed.clamp(0.01, 100.0));
        Playback {
            delay_ms: delay_ms.clamp(20.0, 10_000.0) as u16,
            hold_ms: 1500,
            repeat: true,
        }
    }

    /// Draws a frame.
    pub fn frame(&self, index: usize) -> Rgb8 {
        let t = self.indices().get(index).copied().unwrap_or(0);
        let panels = match self.recording.frame(t) {
            Some(at) => {
                let seen = Seen {
                    original: &self.original,
                    distance: self.distance.as_ref(),
                    valid: self.valid.as_ref(),
                };
                let map = shown_map(&self.mapper, &seen, &at);
                let bytes = self.colormap.apply(&map, self.range.low, self.range.high);
                let heatmap = Rgb8::new(map.width, map.height, bytes);
                [Rgb8::from(&self.original), Rgb8::from(&at.iterate), heatmap]
            }
            None => [(); 3].map(|()| Rgb8::from(&self.original)),
        };
        let factor = WIDTH_MIN_PX.div_ceil(self.original.width.max(1));
        let panels = panels.map(|panel| panel.upscaled(factor));
        Rgb8::side_by_side(&panels, GAP_PX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_method::config::MapConfig;
    use kizumi_method::iterate::{Iterate, IterateScalars};

    fn film(last: usize) -> Film {
        let original = Picture::filled(1, 4, 100, 0.5);
        let mut recording = Recording::default();
        for t in 0..=3 {
            recording.push(Iterate {
                scalars: IterateScalars {
                    t,
                    ..Default::default()
                },
                iterate: Picture::filled(1, 4, 100, 0.5 - 0.1 * t as f32),
                reconstruction: original.clone(),
                gradient: original.clone(),
                distance: None,
            });
        }
        Film {
            original,
            valid: None,
            distance: None,
            recording: Arc::new(recording),
            last,
            mapper: Mapper::from(MapConfig::paper()),
            colormap: Colormap::Grey,
            range: Range {
                low: 0.0,
                high: 0.3,
                ..Range::default()
            },
        }
    }

    #[test]
    fn frames_show_original_iterate_and_heatmap() {
        let film = film(3);
        assert_eq!(film.len(), 4);
        let last = film.frame(3);
        assert_eq!((last.width, last.height), (3 * 200 + 2 * GAP_PX, 8));
        let level = |x: usize| last.bytes[3 * x];
        assert_eq!(level(0), 128);
        assert!((i32::from(level(200 + GAP_PX)) - 51).abs() <= 1);
        assert!(level(400 + 2 * GAP_PX) >= 254, "the largest difference");
    }

    #[test]
    fn it_ends_where_the_window_does_and_runs_as_fast() {
        let film = film(1);
        assert_eq!(film.len(), 2);
        assert_eq!(film.playback(0.12, 2.0).delay_ms, 60);
        assert_eq!(film.playback(0.12, 1e9).delay_ms, 20);
    }
}
