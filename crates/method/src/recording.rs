//! The trajectory of one projection, within a byte budget.

use std::sync::Arc;

use super::iterate::{Iterate, IterateScalars};
use kizumi_image::picture::Picture;

/// Bytes that the pictures of one recording may take: 256 MiB, 607 iterates of 3 x 128 x 128.
pub const DEFAULT_BUDGET_BYTES: usize = 256 << 20;

/// The iterates of one projection, t = 0 first.
///
/// The numbers of every iterate are kept. Of the pictures, x_t and f(x_t) are kept exactly, because maps
/// and scores are made of them: those of an iterate are the ones that a run of that length gives. The
/// gradient and the distance of features, which are only looked at, are kept in 8 bits. When they outgrow the budget, every second one
/// is given up, never the first or the last: what remains is evenly spaced.
///
/// A clone shares the pictures.
#[derive(Clone, Debug)]
pub struct Recording {
    budget_bytes: usize,
    scalars: Vec<IterateScalars>,
    /// By ascending index. All are multiples of the stride, but for the last.
    frames: Vec<Arc<Frame>>,
    stride: usize,
    bytes: usize,
}

/// The pictures of one iterate.
#[derive(Clone, Debug)]
struct Frame {
    /// Place among the scalars.
    index: usize,
    iterate: Picture,
    reconstruction: Picture,
    gradient: Coarse,
    distance: Option<Coarse>,
}

/// A picture in 8 bits.
#[derive(Clone, Debug)]
struct Coarse {
    channels: usize,
    /// 127 stands for `scale`.
    levels: Box<[i8]>,
    scale: f32,
}

impl Default for Recording {
    fn default() -> Self {
        Self::new(DEFAULT_BUDGET_BYTES)
    }
}

impl Recording {
    /// An empty recording. The first and the last iterate are kept even if the budget is smaller.
    pub const fn new(budget_bytes: usize) -> Self {
        Self {
            budget_bytes,
            scalars: Vec::new(),
            frames: Vec::new(),
            stride: 1,
            bytes: 0,
        }
    }

    /// Appends the next iterate.
    pub fn push(&mut self, iterate: Iterate) {
        let index = self.scalars.len();
        self.scalars.push(iterate.scalars);
        // The frame that was last has a place of its own only if the stride gives it one.
        self.retain(|frame, stride| frame.index % stride == 0);
        let frame = Frame::packed(index, iterate);
        self.bytes += frame.bytes();
        self.frames.push(Arc::new(frame));
        while self.bytes > self.budget_bytes && self.frames.len() > 2 {
            self.stride *= 2;
            self.retain(|frame, stride| frame.index % stride == 0 || frame.index == index);
        }
    }

    fn retain(&mut self, keep: impl Fn(&Frame, usize) -> bool) {
        let stride = self.stride;
        self.frames.retain(|frame| keep(frame, stride));
        self.bytes = self.frames.iter().map(|frame| frame.bytes()).sum();
    }

    /// Iterates so far, x_0 included.
    pub fn len(&self) -> usize {
        self.scalars.len()
    }

    /// Whether there is none yet.
    pub fn is_empty(&self) -> bool {
        self.scalars.is_empty()
    }

    /// The numbers of every iterate.
    pub fn scalars(&self) -> &[IterateScalars] {
        &self.scalars
    }

    /// Bytes that the pictures take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Every how manieth iterate has pictures: 1 until the budget is reached, then a power of two.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// Which iterate [`Recording::frame`] gives: the nearest one with pictures at or before `t`.
    /// Good as a key for what is drawn from it. `None` while there is no iterate.
    pub fn frame_index(&self, t: usize) -> Option<usize> {
        self.nearest(t).map(|frame| frame.index)
    }

    /// The nearest iterate with pictures at or before `t`, with its own numbers.
    pub fn frame(&self, t: usize) -> Option<Iterate> {
        let frame = self.nearest(t)?;
        Some(frame.unpacked(self.scalars[frame.index]))
    }

    /// What the iterates that have pictures say of one pixel, means over the channels.
    /// Empty when the pixel lies outside.
    pub fn course(&self, y: usize, x: usize) -> Vec<PixelCourse> {
        let course = self.frames.iter().map(|frame| frame.course(y, x));
        course.collect::<Option<_>>().unwrap_or_default()
    }

    fn nearest(&self, t: usize) -> Option<&Frame> {
        let after = self.frames.partition_point(|frame| frame.index <= t);
        self.frames.get(after.checked_sub(1)?).map(Arc::as_ref)
    }
}

/// One pixel at one iterate, means over the channels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PixelCourse {
    /// t.
    pub t: usize,
    /// x_t.
    pub iterate: f32,
    /// f(x_t).
    pub reconstruction: f32,
    /// (x_t - f(x_t))^2, which weighs the step.
    pub gate: f32,
}

impl Frame {
    fn course(&self, y: usize, x: usize) -> Option<PixelCourse> {
        let Picture {
            channels,
            height,
            width,
            ..
        } = self.iterate;
        if y >= height || x >= width {
            return None;
        }
        let mut course = PixelCourse {
            t: self.index,
            iterate: 0.0,
            reconstruction: 0.0,
            gate: 0.0,
        };
        let share = 1.0 / channels.max(1) as f32;
        for channel in 0..channels {
            let iterate = self.iterate.at(channel, y, x);
            let reconstruction = self.reconstruction.at(channel, y, x);
            course.iterate += share * iterate;
            course.reconstruction += share * reconstruction;
            course.gate += share * (iterate - reconstruction).powi(2);
        }
        Some(course)
    }

    fn packed(index: usize, iterate: Iterate) -> Self {
        Self {
            index,
            gradient: Coarse::of(&iterate.gradient),
            distance: iterate.distance.as_ref().map(Coarse::of),
            iterate: iterate.iterate,
            reconstruction: iterate.reconstruction,
        }
    }

    fn unpacked(&self, scalars: IterateScalars) -> Iterate {
        let Picture { height, width, .. } = self.iterate;
        let picture = |coarse: &Coarse| coarse.picture(height, width);
        Iterate {
            scalars,
            iterate: self.iterate.clone(),
            reconstruction: self.reconstruction.clone(),
            gradient: picture(&self.gradient),
            distance: self.distance.as_ref().map(picture),
        }
    }

    fn bytes(&self) -> usize {
        let exact = self.iterate.pixels.len() + self.reconstruction.pixels.len();
        let distance = self.distance.as_ref().map_or(0, |all| all.levels.len());
        exact * size_of::<f32>() + self.gradient.levels.len() + distance
    }
}

impl Coarse {
    fn of(picture: &Picture) -> Self {
        let values = &picture.pixels;
        let largest = values.iter().fold(0.0f32, |most, &v| most.max(v.abs()));
        let scale = if largest.is_finite() { largest } else { 0.0 };
        let per_level = 127.0 / scale.max(f32::MIN_POSITIVE);
        Self {
            channels: picture.channels,
            levels: values
                .iter()
                .map(|value| (value * per_level).round() as i8)
                .collect(),
            scale,
        }
    }

    fn picture(&self, height: usize, width: usize) -> Picture {
        let per_level = self.scale / 127.0;
        let values = self
            .levels
            .iter()
            .map(|&level| f32::from(level) * per_level);
        Picture::new(self.channels, height, width, values.collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 3 * 2 * 2 values of 4 + 4 + 1 bytes.
    const FRAME_BYTES: usize = 108;

    fn iterate(t: usize) -> Iterate {
        Iterate {
            scalars: IterateScalars {
                t,
                energy: t as f32,
                ..Default::default()
            },
            // No few levels stand for these values.
            iterate: Picture::from_fn(3, 2, 2, |c, y, x| {
                t as f32 / 1000.0 + (c + y + x) as f32 / 7.0
            }),
            reconstruction: Picture::from_fn(3, 2, 2, |c, y, x| 1.0 / (t + c + y + x + 3) as f32),
            gradient: Picture::from_fn(3, 2, 2, |c, _, _| (c as f32 - 1.0) * (t + 1) as f32),
            distance: None,
        }
    }

    fn recorded(budget_bytes: usize, count: usize) -> Recording {
        let mut recording = Recording::new(budget_bytes);
        for t in 0..count {
            recording.push(iterate(t));
        }
        recording
    }

    #[test]
    fn what_maps_are_made_of_comes_back_bit_by_bit() {
        let recording = recorded(DEFAULT_BUDGET_BYTES, 40);
        for t in 0..40 {
            let (frame, pushed) = (recording.frame(t).unwrap(), iterate(t));
            assert_eq!(frame.scalars, pushed.scalars);
            assert_eq!(frame.iterate, pushed.iterate);
            assert_eq!(frame.reconstruction, pushed.reconstruction);
            let (gradient, step) = (&frame.gradient, (t + 1) as f32);
            assert!((gradient.at(0, 0, 0) + step).abs() < 1e-3 * step);
            assert_eq!(gradient.at(1, 1, 1), 0.0);
        }
        assert_eq!(recording.bytes(), 40 * FRAME_BYTES);
    }

    #[test]
    fn the_distance_of_features_comes_back_where_there_is_one() {
        let mut recording = Recording::default();
        let distance = Picture::from_fn(1, 2, 2, |_, y, x| (y + x) as f32);
        recording.push(Iterate {
            distance: Some(distance.clone()),
            ..iterate(0)
        });
        recording.push(iterate(1));
        let kept = recording.frame(0).unwrap().distance.unwrap();
        let pairs = kept.pixels.iter().zip(&distance.pixels);
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 0.01));
        assert_eq!(recording.frame(1).unwrap().distance, None);
        assert_eq!(recording.bytes(), 2 * FRAME_BYTES + 4);
    }

    #[test]
    fn a_pixel_has_its_course() {
        let mut recording = Recording::default();
        for t in 0..3 {
            let level = |value| Picture::from_fn(1, 1, 2, |_, _, x| value * x as f32);
            recording.push(Iterate {
                iterate: level(0.2 * t as f32),
                reconstruction: level(0.2),
                gradient: level(0.0),
                ..iterate(t)
            });
        }
        let course = recording.course(0, 1);
        for (at, t) in course.iter().zip(0..3) {
            let x = 0.2 * t as f32;
            assert_eq!(at.t, t);
            assert_eq!((at.iterate, at.reconstruction), (x, 0.2));
            assert_eq!(at.gate, (x - 0.2).powi(2));
        }
        assert_eq!(course.len(), 3);
        assert!(recording.course(1, 0).is_empty(), "outside");
    }

    #[test]
    fn overflow_keeps_every_second() {
        let recording = recorded(5 * FRAME_BYTES, 8);
        assert_eq!(recording.stride(), 2);
        let kept: Vec<_> = (0..8).map(|t| recording.frame_index(t).unwrap()).collect();
        assert_eq!(kept, [0, 0, 2, 2, 4, 4, 6, 7]);
        assert_eq!(recording.scalars().len(), 8);
        assert_eq!(recording.frame(5).unwrap().scalars.t, 4);
    }

    #[test]
    fn an_empty_recording_has_no_frame() {
        let recording = Recording::default();
        assert!(recording.is_empty() && recording.frame(0).is_none());
    }

    proptest! {
        #[test]
        fn budget_ends_and_order_hold(budget in 0usize..4000, count in 1usize..200) {
            let mut recording = Recording::new(budget);
            for t in 0..count {
                recording.push(iterate(t));
                prop_assert!(recording.bytes() <= budget.max(2 * FRAME_BYTES));
                prop_assert_eq!(recording.frame_index(0), Some(0));
                prop_assert_eq!(recording.frame_index(t), Some(t));
            }
            prop_assert_eq!(recording.len(), count);
            let kept: Vec<_> = recording.frames.iter().map(|frame| frame.index).collect();
            prop_assert!(kept.is_sorted_by(|a, b| a < b));
            prop_assert_eq!(recording.bytes(), kept.len() * FRAME_BYTES);
            // Evenly spaced up to the last.
            let spaced: Vec<_> = (0..kept.len() - 1).map(|i| i * recording.stride()).collect();
            prop_assert_eq!(&kept[..kept.len() - 1], &spaced);
            for t in 0..count {
                let frame = recording.frame(t).unwrap();
                prop_assert!(frame.scalars.t <= t && t - frame.scalars.t < recording.stride());
            }
        }
    }
}
