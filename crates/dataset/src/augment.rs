//! Random views of a training image: one affine map, sampled once, so nothing is blurred twice.

use rand::{Rng, RngExt};

use super::warp::Warp;
use kizumi_image::compact::{CompactPicture, Sample, Samples};
use kizumi_method::config::{AugmentConfig, Mode};

/// The smallest scale an augmentation may have, whatever is configured.
const MIN_SCALE: f32 = 0.1;

/// Where a square view's pixels come from: view point `p` (relative to the view's centre) shows
/// source point `centre + matrix * p`. Pixel centres lie at `.5`.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    size_px: usize,
    centre: (f32, f32),
    /// Row after row.
    matrix: [f32; 4],
    /// What is added to view points.
    warp: Option<Warp>,
    /// A value `v` becomes `gain * v + offset`.
    gain: f32,
    offset: f32,
}

impl View {
    /// Draws a view of `size_px` x `size_px` pixels.
    ///
    /// In object mode it shows the whole picture, which must be of that size: rotated, scaled,
    /// shifted, flipped. In texture mode it shows a place of the picture drawn uniformly; a shift
    /// would add nothing to that. As many numbers are drawn whatever is switched off, so a switch
    /// leaves the other parts as they were.
    pub fn draw(
        picture: &CompactPicture,
        size_px: usize,
        mode: Mode,
        config: &AugmentConfig,
        rng: &mut impl Rng,
    ) -> Self {
        let mut within = |bound: f32| {
            let share = 2.0 * rng.random::<f32>() - 1.0;
            if bound.is_finite() {
                bound * share
            } else {
                0.0
            }
        };
        let angle = within(config.rotation_deg).to_radians();
        let scale = (1.0 + within(config.scale_fraction)).max(MIN_SCALE);
        let side = size_px as f32;
        let (dx, dy) = (
            within(config.shift_fraction) * side,
            within(config.shift_fraction) * side,
        );
        let mirror_x = rng.random::<bool>() && config.flip_horizontal;
        let mirror_y = rng.random::<bool>() && config.flip_vertical;
        let (across, down): (f64, f64) = (rng.random(), rng.random());
        let mut within = |bound: f32| {
            let share = 2.0 * rng.random::<f32>() - 1.0;
            if bound.is_finite() {
                bound * share
            } else {
                0.0
            }
        };
        let (brightness, gain) = (within(config.brightness), 1.0 + within(config.contrast));
        let warps = config.warp_fraction.is_finite() && config.warp_fraction > 0.0;
        let warp = warps.then(|| Warp::draw(size_px, config.warp_fraction * size_px as f32, rng));
        // The inverse of "flip, then rotate and scale".
        let sign = |mirrored| if mirrored { -1.0 } else { 1.0 };
        let (sin, cos) = (angle.sin() / scale, angle.cos() / scale);
        let (sx, sy) = (sign(mirror_x), sign(mirror_y));
        let matrix = [sx * cos, sx * sin, -sy * sin, sy * cos];
        let centre = match mode {
            Mode::Object => (
                picture.width as f32 / 2.0 - matrix[0] * dx - matrix[1] * dy,
                picture.height as f32 / 2.0 - matrix[2] * dx - matrix[3] * dy,
            ),
            // Whole pixels: a crop that is not turned or scaled stays sharp.
            Mode::Texture => {
                let corner = |length: usize, share: f64| {
                    let places = length.saturating_sub(size_px) + 1;
                    (share * places as f64).floor() as f32 + side / 2.0
                };
                (corner(picture.width, across), corner(picture.height, down))
            }
        };
        Self {
            size_px,
            centre,
            matrix,
            warp,
            gain,
            offset: 0.5 * (1.0 - gain) + brightness,
        }
    }

    /// Samples the view into `out`, `channels * size_px * size_px` values in `0.0..=1.0`, plane
    /// after plane: bilinear, reflected at the picture's edges. A view that maps pixels onto
    /// pixels copies them exactly.
    ///
    /// # Panics
    /// If `out` is not of that length: the caller's arithmetic is wrong.
    pub fn sample(&self, picture: &CompactPicture, out: &mut [f32]) {
        assert_eq!(
            out.len(),
            picture.channels * self.size_px * self.size_px,
            "output must match the view"
        );
        match &picture.samples {
            Samples::U8(samples) => self.sample_planes(picture, samples, out),
            Samples::U16(samples) => self.sample_planes(picture, samples, out),
            Samples::F32(samples) => self.sample_planes(picture, samples, out),
        }
    }

    fn sample_planes<T: Sample>(&self, picture: &CompactPicture, samples: &[T], out: &mut [f32]) {
        let (width, height) = (picture.width, picture.height);
        let half = self.size_px as f32 / 2.0;
        let [xx, xy, yx, yy] = self.matrix;
        let mut shifts = vec![(0.0, 0.0); self.size_px];
        for y in 0..self.size_px {
            if let Some(warp) = &self.warp {
                shifts.clear();
                shifts.extend(warp.row(y));
            }
            for (x, (dx, dy)) in shifts.iter().enumerate() {
                let (px, py) = (x as f32 + 0.5 - half + dx, y as f32 + 0.5 - half + dy);
                let (left, right, u) = neighbours(self.centre.0 + xx * px + xy * py, width);
                let (above, below, v) = neighbours(self.centre.1 + yx * px + yy * py, height);
                let corners = [
                    (above * width + left, (1.0 - u) * (1.0 - v)),
                    (above * width + right, u * (1.0 - v)),
                    (below * width + left, (1.0 - u) * v),
                    (below * width + right, u * v),
                ];
                for channel in 0..picture.channels {
                    let plane = &samples[channel * width * height..];
                    let value: f32 = corners.iter().map(|&(i, w)| w * plane[i].to_unit()).sum();
                    let value = (self.gain * value + self.offset).clamp(0.0, 1.0);
                    out[(channel * self.size_px + y) * self.size_px + x] = value;
                }
            }
        }
    }
}

/// The two pixels around a coordinate, reflected into `0..length`, and the second one's weight.
fn neighbours(at: f32, length: usize) -> (usize, usize, f32) {
    // Far outside, reflection repeats itself; the bound keeps the integers small.
    let at = at.clamp(-1e6, 1e6) - 0.5;
    let floor = at.floor();
    let first = floor as i64;
    (
        reflect(first, length),
        reflect(first + 1, length),
        at - floor,
    )
}

/// Mirrors an index into `0..length`, edge pixels repeated: -1 is 0, `length` is `length - 1`.
fn reflect(index: i64, length: usize) -> usize {
    let length = length as i64;
    let folded = index.rem_euclid(2 * length);
    folded.min(2 * length - 1 - folded) as usize
}

#[cfg(test)]
#[path = "augment_tests.rs"]
mod tests;
