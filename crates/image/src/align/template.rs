//! What a part looks like, and finding it.

use std::fmt;

use image::DynamicImage;
use serde::{Deserialize, Serialize};

use super::directions::Directions;
use super::large;
use super::photo::{Levels, Photo, Scales};
use super::pose::Pose;
use super::ring::{Ring, TURNS};
use super::shape::{Place, Shape};
use crate::file_error::Reason;

/// Places that are looked at closely.
const PLACES: usize = 4;

/// Most alike places of which those are looked at that lie beside the part.
const PLACES_BESIDE: usize = 64;

/// The share of another part that may lie in the rectangle of the first: parts do not lie within one another.
const MOST_OVERLAP: f32 = 0.25;

/// How much of what is left to 1 another part is more alike than what lies beside the part in normal photographs.
const MORE_THAN_BESIDE: f32 = 0.2;

/// Of which only those are turned that are nearly as alike as the best.
const NEARLY: f32 = 0.7;

/// Degrees between the turns of a shape that are compared.
const SHAPE_STEP_DEGREES: usize = 3;

/// What the part of normal photographs looks like: their mean, aligned.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The part's centre in the reference, in pixels of the file: across, down.
    pub centre: (f64, f64),
    /// Of what follows.
    pub(super) scales: Scales,
    /// Edges, for a search everywhere.
    pub(super) coarse: Shape,
    /// Edges, for measuring.
    pub(super) fine: Shape,
    /// Rings; `None` for a part that looks the same however it is turned: it is never turned.
    pub(super) ring: Option<Ring>,
    /// The lowest and the highest likeness of normal photographs.
    pub normal_likeness: (f32, f32),
    /// Below this likeness the part is not there.
    pub least_likeness: f32,
    /// How alike a place beside the part is at most in normal photographs; `None` where that was not measured, in models
    /// of earlier versions.
    #[serde(default)]
    pub beside_likeness: Option<f32>,
}

/// A part that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Where.
    pub pose: Pose,
    /// How alike its edges are, at most 1.
    pub likeness: f32,
    /// Where another one lies, if there are two.
    pub second: Option<Pose>,
}

/// Where a part may be, and what speaks for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Located {
    /// In pixels of the fine level.
    pub place: Place,
    /// How much more alike it is than in most other turns.
    pub contrast: f32,
}

impl Template {
    /// Whether it tells how the part is turned.
    pub fn turns(&self) -> bool {
        self.ring.is_some()
    }

    /// Looks for the part in a decoded image, upright.
    ///
    /// # Errors
    /// [`Reason::PartNotFound`].
    pub fn find(&self, image: &DynamicImage) -> Result<Found, Reason> {
        let found = match large::is_large(self, image) {
            true => large::find(self, image)?,
            false => {
                let levels = Photo::of(image)?.levels(self.scales);
                self.find_in(&levels)
            }
        };
        match found.likeness >= self.least_likeness {
            true => Ok(found),
            false => Err(Reason::PartNotFound {
                likeness: found.likeness.max(0.0),
                least: self.least_likeness,
                normals: self.normal_likeness,
            }),
        }
    }

    /// What is most like the part, and whether there is another one.
    pub(super) fn find_in(&self, levels: &Levels) -> Found {
        let Located { place, .. } = self.locate(levels);
        let second = self.beside(levels, place);
        let second = second.filter(|second| second.likeness >= self.least_second());
        Found {
            pose: self.pose(levels, place),
            likeness: place.likeness,
            second: second.map(|second| self.pose(levels, second)),
        }
    }

    /// From this likeness on a place beside the part is another one; never where nobody knows what lies beside parts.
    pub(super) fn least_second(&self) -> f32 {
        match self.beside_likeness {
            Some(beside) if beside > 0.0 => {
                let more = beside + MORE_THAN_BESIDE * (1.0 - beside);
                self.least_likeness.max(more)
            }
            Some(_) => self.least_likeness,
            None => f32::INFINITY,
        }
    }

    /// Whether two parts may lie at two places of the fine level: they hardly overlap.
    pub(super) fn is_beside(&self, place: Place, part: Place) -> bool {
        self.fine.overlap(place, part) <= MOST_OVERLAP
    }

    /// The most alike place that does not overlap with where the part is.
    pub(super) fn beside(&self, levels: &Levels, part: Place) -> Option<Place> {
        let field = self.coarse.search(&levels.coarse, self.turns());
        let is_beside = |place: &Place| self.is_beside(*place, part);
        let (across, down) = levels.fine_per_coarse;
        let finely = |place: Place| Place {
            x: place.x * across as f32,
            y: place.y * down as f32,
            ..place
        };
        let places = field.maxima(PLACES_BESIDE).into_iter().map(finely);
        let places = places.filter(is_beside).take(PLACES);
        let places = places.map(|from| self.fine.climb(&levels.fine, from, self.turns()));
        let places = places.filter(is_beside);
        places.max_by(|a, b| a.likeness.total_cmp(&b.likeness))
    }

    /// A place of the fine level in the photograph.
    pub(super) fn pose(&self, levels: &Levels, place: Place) -> Pose {
        let (across, down) = levels.photograph_per_fine;
        Pose {
            reference: self.centre,
            centre: (f64::from(place.x) * across, f64::from(place.y) * down),
            turn_degrees: match (f64::from(place.degrees)).rem_euclid(360.0) {
                beyond if beyond > 180.0 => beyond - 360.0,
                degrees => degrees,
            },
        }
    }

    /// Where the part is, or else what is most like it.
    pub(super) fn locate(&self, levels: &Levels) -> Located {
        let nowhere = Located {
            place: Place {
                x: levels.fine.width as f32 / 2.0,
                y: levels.fine.height as f32 / 2.0,
                degrees: 0.0,
                likeness: 0.0,
            },
            contrast: 0.0,
        };
        let mut best: Option<(f32, Located)> = None;
        let field = self.coarse.search(&levels.coarse, self.turns());
        for place in field.maxima(PLACES) {
            let from = Place {
                x: place.x * levels.fine_per_coarse.0 as f32,
                y: place.y * levels.fine_per_coarse.1 as f32,
                ..place
            };
            let place = self.fine.climb(&levels.fine, from, self.turns());
            let is_far = |best: &(f32, Located)| place.likeness < NEARLY * best.1.place.likeness;
            if best.as_ref().is_some_and(is_far) {
                continue;
            }
            let (worth, located) = match &self.ring {
                Some(ring) => self.turn(ring, levels, place),
                None => (place.likeness, Located { place, ..nowhere }),
            };
            if best.is_none_or(|best| worth > best.0) {
                best = Some((worth, located));
            }
        }
        best.map_or(nowhere, |best| best.1)
    }

    /// The same place, in the turn for which edges and rings speak, and how much they do.
    fn turn(&self, ring: &Ring, levels: &Levels, place: Place) -> (f32, Located) {
        let turns = ring.turns(&levels.grey, place.x, place.y);
        let by_shape: Vec<f32> = (0..TURNS)
            .step_by(SHAPE_STEP_DEGREES)
            .map(|turn| {
                let degrees = turn as f32;
                self.fine.likeness(&levels.fine, place.x, place.y, degrees)
            })
            .collect();
        let shape_at = |turn: usize| {
            let share = (turn % SHAPE_STEP_DEGREES) as f32 / SHAPE_STEP_DEGREES as f32;
            let i = turn / SHAPE_STEP_DEGREES;
            by_shape[i] + share * (by_shape[(i + 1) % by_shape.len()] - by_shape[i])
        };
        let worth = |turn: usize| shape_at(turn) + turns.at(turn as isize);
        let best = (0..TURNS).max_by(|a, b| worth(*a).total_cmp(&worth(*b)));
        let best = best.unwrap_or_default();
        let from = Place {
            degrees: best as f32,
            ..place
        };
        let moved = self.fine.climb(&levels.fine, from, false);
        let turns = ring.turns(&levels.grey, moved.x, moved.y);
        let degrees = turns.best_near(best as isize, 4);
        let likeness = self.fine.likeness(&levels.fine, moved.x, moved.y, degrees);
        let mut sorted = by_shape.clone();
        let middle = sorted.len() / 2;
        let usual = *sorted.select_nth_unstable_by(middle, f32::total_cmp).1;
        let located = Located {
            place: Place {
                degrees,
                likeness,
                ..moved
            },
            contrast: likeness - usual,
        };
        (likeness + turns.at(degrees.round() as isize), located)
    }

    /// # Errors
    /// What is wrong with it.
    pub fn validate(&self) -> Result<(), String> {
        self.scales.validate()?;
        self.coarse.validate()?;
        self.fine.validate()?;
        self.ring.as_ref().map_or(Ok(()), Ring::validate)?;
        let likeness = [
            self.least_likeness,
            self.normal_likeness.0,
            self.normal_likeness.1,
            self.beside_likeness.unwrap_or(0.0),
        ];
        let centre = [self.centre.0, self.centre.1];
        let in_range = likeness.iter().all(|share| (0.0..=1.01).contains(share));
        match in_range && centre.iter().all(|at| (0.0..1e6).contains(at)) {
            true => Ok(()),
            false => Err("the part to align to has figures out of range".into()),
        }
    }
}

/// Points of edges for both scales, out of what is known of them.
pub(super) fn shapes(coarse: &Directions, fine: &Directions, least: f32) -> (Shape, Shape) {
    const POINTS: (usize, usize) = (150, 800);
    (
        Shape::of(coarse, least, POINTS.0),
        Shape::of(fine, least, POINTS.1),
    )
}

/// In short: its points would fill pages.
impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("Template");
        text.field("centre", &self.centre)
            .field("scales", &self.scales)
            .field("points", &self.fine.offsets.len())
            .field("turns", &self.turns())
            .field("normal_likeness", &self.normal_likeness)
            .field("least_likeness", &self.least_likeness)
            .finish()
    }
}
