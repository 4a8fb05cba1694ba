//! Memories and places that are learned, before it is decided how much places count.
//!
//! How much of what varies among normal patches their place explains tells it well where that is much or little.
//! In between some parts gain by places and others lose. So normal images are spoilt, and the share that tells
//! them best from sound ones is taken, where it is clearly better than the usual one.

use kizumi_method::metrics::auroc;

use crate::detector::{Detected, Detector};
use crate::distances::Distances;
use crate::leave_out::in_common_unit;
use crate::place_learning::Placed;
use crate::places::{SHARES, joined};
use crate::sight::Sight;

/// Another share than the usual one is taken where it gains more than this by the area under the ROC curve:
/// synthetic defects are not real ones, and few images tell small differences by chance.
const CLEAR_GAIN: f64 = 0.01;

/// Of fewer sound images nothing is decided: theirs are too few scores to be ranked among.
const FEWEST: usize = 12;

/// Learned, but for the share of distances by place.
pub struct Undecided {
    pub(crate) detector: Detector,
    /// The distances of each image by memories of the others.
    pub(crate) maps: Vec<Option<Distances>>,
    pub(crate) placed: Option<Placed>,
}

/// How far the patches of an image are from normal ones, by memories and by place.
#[derive(Clone, Debug)]
pub struct Apart {
    memories: Distances,
    places: Distances,
}

impl Apart {
    /// The larger distances of both, patch by patch: of an image that was spoilt in places and is measured by memories
    /// of itself, with those of the sound image by memories of others. What does not count in the first stays so.
    #[must_use]
    fn or_larger(mut self, spoilt: &Self) -> Self {
        let raise = |sound: &mut Distances, spoilt: &Distances| {
            for (value, other) in sound.values.iter_mut().zip(&spoilt.values) {
                if *value > 0.0 {
                    *value = value.max(*other);
                }
            }
        };
        raise(&mut self.memories, &spoilt.memories);
        raise(&mut self.places, &spoilt.places);
        self
    }

    /// The largest distance with that share of places.
    fn score(&self, share: f32) -> f32 {
        let map = joined(self.memories.clone(), &self.places, share);
        map.values.into_iter().fold(0.0, f32::max)
    }
}

impl Undecided {
    /// Whether there is anything to decide.
    pub fn is_open(&self) -> bool {
        self.placed.is_some()
    }

    /// The share that places have without a trial.
    fn usual_share(&self) -> f32 {
        let placed = self.placed.as_ref();
        placed.map_or(0.0, |placed| placed.places.weight.share)
    }

    /// A sound image by what the others make normal; `None` where that is not known.
    fn left_out(&self, image: usize) -> Option<Apart> {
        let places = &self.placed.as_ref()?.leave_out;
        Some(Apart {
            memories: self.maps.get(image)?.clone()?,
            places: places.get(image)?.clone()?,
        })
    }

    /// An image of those that were learned from, with defects on it; `None` where the sound one was not measured.
    ///
    /// # Panics
    /// If the features are of another network.
    pub fn spoilt(&self, image: usize, sight: &Sight) -> Option<Apart> {
        let sound = self.left_out(image)?;
        let places = &self.placed.as_ref()?.places;
        let spoilt = Apart {
            memories: self.detector.by_memories(sight),
            places: places.distances(self.detector.overview(sight)?),
        };
        Some(sound.or_larger(&spoilt))
    }

    /// The detector in which places have the share that tells spoilt images best from all sound ones, and each sound
    /// image measured by the others. Where the sound ones are few, places have their usual share.
    pub fn decided_by(self, spoilt: &[Apart]) -> Detected {
        let sound: Vec<Apart> = (0..self.maps.len())
            .filter_map(|image| self.left_out(image))
            .collect();
        let share = match sound.len() < FEWEST {
            true => self.usual_share(),
            false => best_share(&sound, spoilt, self.usual_share()),
        };
        self.with_share(share)
    }

    /// The same with the usual share.
    pub fn with_usual_share(self) -> Detected {
        let share = self.usual_share();
        self.with_share(share)
    }

    fn with_share(self, share: f32) -> Detected {
        let Self {
            mut detector,
            maps,
            placed,
        } = self;
        let Some(mut placed) = placed.filter(|_| share > 0.0) else {
            return Detected {
                leave_out: maps,
                detector,
            };
        };
        let pairs = maps.into_iter().zip(placed.leave_out);
        let both = pairs.map(|(map, place)| Some(joined(map?, &place?, share)));
        let (leave_out, joint_unit) = in_common_unit(both.collect());
        placed.places.weight.share = share;
        placed.places.weight.joint_unit = joint_unit;
        detector.places = Some(placed.places);
        Detected {
            leave_out,
            detector,
        }
    }
}

/// The share of places that tells spoilt from sound images best; the usual one where none is clearly better.
fn best_share(sound: &[Apart], spoilt: &[Apart], usual: f32) -> f32 {
    let found = |share: f32| {
        let scores = |images: &[Apart]| -> Vec<f32> {
            images.iter().map(|image| image.score(share)).collect()
        };
        auroc(&scores(sound), &scores(spoilt)).unwrap_or(0.5)
    };
    let usually = found(usual);
    let mut best = (usually + CLEAR_GAIN, usual);
    for share in SHARES {
        let found = found(share);
        if found > best.0 {
            best = (found, share);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(values: [f32; 4]) -> Distances {
        Distances {
            height: 2,
            width: 2,
            values: values.to_vec(),
            nearest: Vec::new(),
        }
    }

    /// Images whose largest distances are these, by memories and by place.
    fn images(distances: &[(f32, f32)]) -> Vec<Apart> {
        let one = |&(memories, places): &(f32, f32)| Apart {
            memories: map([0.5, memories, 0.5, 0.5]),
            // Places count by their roots.
            places: map([0.25, places * places, 0.25, 0.25]),
        };
        distances.iter().map(one).collect()
    }

    #[test]
    fn places_count_where_they_alone_tell_spoilt_images() {
        let sound = images(&[(1.0, 1.0), (1.1, 0.9), (1.2, 1.0), (0.9, 1.1)]);
        let spoilt = images(&[(1.0, 3.0), (1.1, 2.0), (0.9, 2.5)]);
        assert_eq!(best_share(&sound, &spoilt, 0.0), 0.25, "it is enough");
    }

    #[test]
    fn places_do_not_count_where_they_hide_what_memories_tell() {
        let sound = images(&[(1.0, 3.0), (1.1, 0.9), (1.0, 2.5), (0.9, 1.1)]);
        let spoilt = images(&[(1.6, 1.0), (1.5, 1.1), (1.7, 0.9)]);
        assert_eq!(best_share(&sound, &spoilt, 0.5), 0.0);
    }

    #[test]
    fn the_usual_share_stays_where_nothing_is_clearly_better() {
        let sound = images(&[(1.0, 1.0), (1.1, 1.1)]);
        let spoilt = images(&[(2.0, 2.0), (1.9, 1.9)]);
        for usual in [0.0, 0.3, 0.5] {
            assert_eq!(best_share(&sound, &spoilt, usual), usual);
            assert_eq!(best_share(&sound, &[], usual), usual, "nothing was spoilt");
        }
    }

    #[test]
    fn a_spoilt_image_is_as_far_as_the_sound_one_where_it_is_sound_and_does_not_count_where_that_does_not()
     {
        let apart = |memories, places| Apart {
            memories: map(memories),
            places: map(places),
        };
        let sound = apart([1.0, 0.8, 0.0, 0.6], [1.0, 1.0, 0.0, 1.0]);
        let spoilt = apart([0.1, 2.0, 5.0, 0.1], [0.2, 3.0, 5.0, 0.2]);
        let joined = sound.or_larger(&spoilt);
        assert_eq!(joined.memories.values, [1.0, 2.0, 0.0, 0.6]);
        assert_eq!(joined.places.values, [1.0, 3.0, 0.0, 1.0]);
    }
}
