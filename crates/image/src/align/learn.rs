//! Learning what the part of normal photographs looks like.

use std::path::PathBuf;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Align;
use super::directions::Directions;
use super::field_mean::FieldMean;
use super::ground::ground;
use super::photo::{Levels, Photo, Scales};
use super::ring::{Ring, Unrolled};
use super::shape::Shape;
use super::template::{Located, Template, shapes};
use crate::crop::{Area, Crop, SHORTEST_PX};
use crate::decode::Limits;
use crate::depth::{Depth, photograph};
use crate::file_error::FileError;
use crate::input::{DataConfig, Mode};
use crate::picture::Picture;
use crate::placement::Placement;
use crate::read_all::read_all;
use crate::shown::shown;

/// Photographs that are enough, and how many are read at once.
const ENOUGH: usize = 24;
const CHUNK: usize = 4;

/// Without a rectangle, what fewer photographs have in common may as well be ground.
const FEWEST_TO_SHARE: usize = 4;

/// How long a direction is at least: of one photograph alone, whose ground has edges, too; of the mean of several.
const LEAST_ALONE: f32 = 0.5;
const LEAST_MEAN: f32 = 0.35;
/// Of the mean of photographs that are aligned roughly, where it belongs to what they share.
const LEAST_SHARED: f32 = 0.45;

/// Fewer such pixels are no part.
const FEWEST_SHARED: usize = 60;

/// Photographs whose likeness is a smaller share of that in the middle of all show something else.
const LEAST_OF_MIDDLE: f32 = 0.5;

/// The share of the lowest likeness of normal photographs that a part needs. It may lack a piece: of a ring without
/// a third of it 0.6 is left, of photographs that show something else a quarter at most.
const LEAST_OF_LOWEST: f32 = 0.5;

/// A part has an angle where its edges are so much more alike in their turn than in most others: those of a washer with
/// letters by 0.16, those of one without by 0.05.
const LEAST_CONTRAST: f32 = 0.1;

/// Rounds: with the reference alone (twice where the part's rectangle is to be found), twice with the mean.
const ROUNDS: usize = 4;

/// Why nothing could be learned.
#[derive(Clone, Debug, PartialEq, Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LearnError {
    /// The reference cannot be read; no file keeps that.
    #[serde(skip)]
    #[error("{0}")]
    Reference(FileError),
    /// No photograph can be read, or the reference is one of none.
    #[error("there is no normal photograph to align to that can be read")]
    Nothing,
    /// The crop is not in the reference.
    #[error(
        "the crop {area} reaches beyond the photograph that all are aligned to, which has {} x {} pixels",
        photograph_px.0, photograph_px.1
    )]
    CropBeyond {
        /// The crop.
        area: Area,
        /// Width and height of the reference.
        photograph_px: (usize, usize),
    },
    /// No rectangle was given, and there are too few to tell.
    #[error(
        "{photographs} normal photographs are too few to tell the part from its ground: give its rectangle by a \
         crop, or {FEWEST_TO_SHARE} photographs"
    )]
    TooFew {
        /// How many could be read.
        photographs: usize,
    },
    /// No rectangle was given, and nothing is alike.
    #[error(
        "the normal photographs have no part in common with {}, the one that all are aligned to: give its rectangle by a \
         crop, or another photograph to align to",
        shown(reference)
    )]
    NothingShared {
        /// The one that all are aligned to.
        reference: PathBuf,
    },
    /// A photograph to align to that shows nothing.
    #[error(
        "{}: shows nothing that could be aligned, and all are to be aligned to it: choose another photograph to align to",
        shown(reference)
    )]
    Blank {
        /// The one that all are aligned to.
        reference: PathBuf,
    },
    /// A rectangle without edges.
    #[error(
        "{}: the crop {area} of the photograph that all are aligned to has no edges that could be aligned",
        shown(reference)
    )]
    NoEdges {
        /// The crop.
        area: Area,
        /// The one that all are aligned to.
        reference: PathBuf,
    },
}

/// What was learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// What the part looks like.
    pub template: Template,
    /// Its rectangle in the reference.
    pub area: Area,
    /// Width and height of the reference.
    pub photograph_px: (usize, usize),
    /// Where ground lies in the rectangle, 1 there, in as many pixels as it was looked at; `None` where none was found.
    pub ground: Option<Picture>,
}

impl Learned {
    /// Aligns files to it from now on.
    pub fn align(&self, data: &mut DataConfig) {
        data.align = Some(Align::to(self.template.clone()));
        data.crop = Some(Crop {
            area: self.area,
            photograph_px: Some(self.photograph_px),
        });
    }

    /// What there is to be ignored in the network's input once photographs are [aligned](Self::align) to it, 1 where ground
    /// lies; `None` for nothing, also in texture mode, where nothing lies in the same place.
    pub fn ignored(&self, data: &DataConfig) -> Option<Picture> {
        let ground = self.ground.as_ref()?;
        let Placement {
            canvas_px: (wide, high),
            x,
            y,
            width,
            height,
            ..
        } = Placement::new(self.photograph_px, data).ok()?;
        let at = |ground_px: usize, pixel: usize, start: usize, length: usize| {
            let inside = pixel.checked_sub(start).filter(|inside| *inside < length)?;
            Some((2 * inside + 1) * ground_px / (2 * length))
        };
        let ignored = Picture::from_fn(1, high, wide, |_, row, column| {
            let row = at(ground.height, row, y, height);
            let column = at(ground.width, column, x, width);
            row.zip(column)
                .map_or(0.0, |(row, column)| ground.at(0, row, column))
        });
        let is_any = ignored.pixels.contains(&1.0);
        (is_any && data.mode == Mode::Object).then_some(ignored)
    }
}

/// Learns, some photographs a step.
pub struct Learner {
    paths: Vec<PathBuf>,
    /// Whether the first one was asked for by name.
    is_named: bool,
    depth: Depth,
    area: Option<Area>,
    read: usize,
    /// The file of the first of the photographs.
    reference: PathBuf,
    photos: Vec<Photo>,
    round: usize,
    work: Option<Work>,
    learned: Option<Learned>,
}

/// A round.
struct Work {
    template: Template,
    levels: Vec<Levels>,
    /// Half of the part's width and height, in pixels of the photograph.
    half_px: (f64, f64),
}

impl Learner {
    /// Of normal photographs, of which some that are evenly spread are enough. Those that cannot be read are left
    /// out, but for the `reference`. The crop `area` is the part's rectangle in that, else in the first photograph.
    pub fn new(
        photographs: &[PathBuf],
        reference: Option<PathBuf>,
        area: Option<Area>,
        depth: Depth,
    ) -> Self {
        let step = photographs.len().div_ceil(ENOUGH).max(1);
        let is_named = reference.is_some();
        let others = photographs.iter().step_by(step);
        let others = others.filter(|path| Some(*path) != reference.as_ref());
        let paths = reference.iter().chain(others).cloned().collect();
        Self {
            paths,
            is_named,
            depth,
            area,
            read: 0,
            reference: PathBuf::new(),
            photos: Vec::new(),
            round: usize::from(area.is_some()),
            work: None,
            learned: None,
        }
    }

    /// Files and rounds done and in all.
    pub fn progress(&self) -> (usize, usize) {
        let rounds = match self.learned {
            Some(_) => ROUNDS,
            None => self.round,
        };
        (self.read + rounds, self.paths.len() + ROUNDS)
    }

    /// What was learned, once all is done.
    pub fn learned(&self) -> Option<&Learned> {
        self.learned.as_ref()
    }

    /// Does all that is left at once.
    ///
    /// # Errors
    /// As [`Learner::step`].
    pub fn finish(mut self) -> Result<Learned, LearnError> {
        loop {
            if let Some(learned) = self.learned {
                return Ok(learned);
            }
            self.step()?;
        }
    }

    /// Reads some photographs, or looks for the part in all of them once more.
    ///
    /// # Errors
    /// [`LearnError`].
    pub fn step(&mut self) -> Result<(), LearnError> {
        if self.learned.is_some() {
            return Ok(());
        }
        if self.read < self.paths.len() {
            return self.read_some();
        }
        let mut work = match self.work.take() {
            Some(work) => work,
            None => self.begin()?,
        };
        let found: Vec<Located> = work
            .levels
            .par_iter()
            .map(|levels| work.template.locate(levels))
            .collect();
        let alike = alike(&found);
        match self.round {
            0 => {
                let area = self.shared(&work, &found, &alike)?;
                self.area = Some(area);
            }
            1 | 2 => {
                let area = self
                    .area
                    .unwrap_or(Area::whole(self.photos[0].photograph_px));
                let template = work.mean(&found, &alike);
                template.validate().map_err(|_| LearnError::NoEdges {
                    area,
                    reference: self.reference.clone(),
                })?;
                work.template = template;
                self.work = Some(work);
            }
            _ => {
                let mut template = judged(work.template, &found, &alike);
                let beside = alike.par_iter().filter_map(|i| {
                    let beside = template.beside(&work.levels[*i], found[*i].place)?;
                    Some(beside.likeness)
                });
                let beside = beside.reduce(|| 0.0, f32::max);
                template.beside_likeness = Some(beside.clamp(0.0, 1.0));
                let photograph_px = self.photos[0].photograph_px;
                let greys = alike.iter();
                let greys = greys.map(|i| (&work.levels[*i].grey, found[*i].place));
                let half_px = work.levels[0].fine_point(work.half_px);
                self.learned = Some(Learned {
                    ground: ground(&greys.collect::<Vec<_>>(), half_px),
                    template,
                    area: self.area.unwrap_or(Area::whole(photograph_px)),
                    photograph_px,
                });
                self.photos.clear();
            }
        }
        self.round += 1;
        Ok(())
    }

    fn read_some(&mut self) -> Result<(), LearnError> {
        let chunk = &self.paths[self.read..(self.read + CHUNK).min(self.paths.len())];
        let depth = self.depth;
        let photos = read_all(chunk, |path, limits: Limits| {
            let decoded = photograph(path, limits, depth)?;
            Photo::of(&decoded.image).map_err(|reason| reason.of(path))
        });
        for (i, photo) in photos.into_iter().enumerate() {
            match photo {
                Ok(photo) => {
                    if self.photos.is_empty() {
                        self.reference.clone_from(&chunk[i]);
                    }
                    self.photos.push(photo);
                }
                Err(error) if self.is_named && self.read + i == 0 => {
                    return Err(LearnError::Reference(error));
                }
                // Whoever loads it says so.
                Err(_) => {}
            }
        }
        self.read += chunk.len();
        Ok(())
    }

    /// The first round with a rectangle, or with all of the reference.
    fn begin(&self) -> Result<Work, LearnError> {
        let reference = self.photos.first().ok_or(LearnError::Nothing)?;
        let photograph_px = reference.photograph_px;
        let photographs = self.photos.len();
        let longer = photograph_px.0.max(photograph_px.1);
        let (area, part_px, radius_px) = match self.area {
            Some(area) if !area.is_within(photograph_px) => {
                return Err(LearnError::CropBeyond {
                    area,
                    photograph_px,
                });
            }
            Some(area) => {
                let longer = area.width.max(area.height) as f64;
                (area, longer, longer / 2.0)
            }
            None if photographs < FEWEST_TO_SHARE => {
                return Err(LearnError::TooFew { photographs });
            }
            None => {
                let shorter = photograph_px.0.min(photograph_px.1) as f64;
                // As large as parts usually are.
                (
                    Area::whole(photograph_px),
                    longer as f64 / 2.2,
                    shorter / 2.0,
                )
            }
        };
        let scales = Scales::of_part(part_px, longer);
        let levels: Vec<Levels> = self
            .photos
            .par_iter()
            .map(|photo| photo.levels(scales))
            .collect();
        let half_px = (area.width as f64 / 2.0, area.height as f64 / 2.0);
        let centre = (area.x as f64 + half_px.0, area.y as f64 + half_px.1);
        let own = &levels[0];
        let at = own.fine_point(centre);
        let one = |directions: &Directions, at: (f64, f64), half: (f64, f64)| {
            let mut field = FieldMean::new(half);
            field.add(directions, at, 0.0);
            field.mean()
        };
        let (across, down) = own.fine_per_coarse;
        let fine_half = own.fine_point(half_px);
        let fine = one(&own.fine, at, fine_half);
        let coarse = one(
            &own.coarse,
            (at.0 / across, at.1 / down),
            (fine_half.0 / across, fine_half.1 / down),
        );
        let radius_px = (radius_px / own.photograph_per_fine.0) as usize;
        let rings = Unrolled::of(&own.grey, at.0 as f32, at.1 as f32, radius_px);
        let template = template(Parts {
            centre,
            scales,
            shapes: shapes(&coarse, &fine, LEAST_ALONE),
            ring: Ring::new(&rings, radius_px, within(fine_half)),
        });
        let reference = || self.reference.clone();
        template.validate().map_err(|_| match self.area {
            Some(area) => LearnError::NoEdges {
                area,
                reference: reference(),
            },
            None => LearnError::Blank {
                reference: reference(),
            },
        })?;
        Ok(Work {
            template,
            levels,
            half_px,
        })
    }

    /// The rectangle, in the reference, of the edges that all have in common.
    fn shared(&self, work: &Work, found: &[Located], alike: &[usize]) -> Result<Area, LearnError> {
        let own = &work.levels[0];
        let half = own.fine_point(work.half_px);
        let mut mean = FieldMean::new(half);
        for i in alike {
            let place = found[*i].place;
            let at = (f64::from(place.x), f64::from(place.y));
            mean.add(&work.levels[*i].fine, at, place.degrees);
        }
        let edges = Shape::of(&mean.mean(), LEAST_SHARED, usize::MAX);
        let nothing = || LearnError::NothingShared {
            reference: self.reference.clone(),
        };
        if edges.offsets.len() < FEWEST_SHARED {
            return Err(nothing());
        }
        let (wide, high) = self.photos[0].photograph_px;
        let span = |offsets: Vec<i16>, centre: f64, scale: f64, whole: usize| {
            let (low, high) = most_of(offsets);
            let (low, high) = (f64::from(low) - 0.5, f64::from(high) + 0.5);
            let margin = 0.04 * (high - low) + 1.0;
            let at = |offset: f64| (centre + offset) * scale;
            let start = at(low - margin).clamp(0.0, whole as f64) as usize;
            let end = (at(high + margin).clamp(0.0, whole as f64)) as usize;
            (start, end.saturating_sub(start))
        };
        let (across, down) = own.photograph_per_fine;
        let middle = (own.fine.width as f64 / 2.0, own.fine.height as f64 / 2.0);
        let (xs, ys) = edges.offsets.iter().copied().unzip();
        let (x, width) = span(xs, middle.0, across, wide);
        let (y, height) = span(ys, middle.1, down, high);
        match width.min(height) >= SHORTEST_PX {
            true => Ok(Area {
                x,
                y,
                width,
                height,
            }),
            false => Err(nothing()),
        }
    }
}

impl Work {
    /// What those photographs that are `alike` look like on average.
    fn mean(&self, found: &[Located], alike: &[usize]) -> Template {
        let own = &self.levels[0];
        let half = own.fine_point(self.half_px);
        let (across, down) = own.fine_per_coarse;
        let mut fine = FieldMean::new(half);
        let mut coarse = FieldMean::new((half.0 / across, half.1 / down));
        let radius_px = self.template.ring.as_ref().map_or(0, |ring| ring.radius_px);
        for i in alike {
            let (levels, place) = (&self.levels[*i], found[*i].place);
            let (x, y) = (f64::from(place.x), f64::from(place.y));
            fine.add(&levels.fine, (x, y), place.degrees);
            let (across, down) = levels.fine_per_coarse;
            coarse.add(&levels.coarse, (x / across, y / down), place.degrees);
        }
        let unrolled: Vec<(Unrolled, f32)> = alike
            .par_iter()
            .map(|i| {
                let place = found[*i].place;
                let grey = &self.levels[*i].grey;
                (
                    Unrolled::of(grey, place.x, place.y, radius_px),
                    place.degrees,
                )
            })
            .collect();
        template(Parts {
            centre: self.template.centre,
            scales: self.template.scales,
            shapes: shapes(&coarse.mean(), &fine.mean(), LEAST_MEAN),
            ring: Ring::new(&Unrolled::mean(&unrolled), radius_px, within(half)),
        })
    }
}

/// What a template is made of while it is not known how alike normal photographs are.
struct Parts {
    centre: (f64, f64),
    scales: Scales,
    shapes: (Shape, Shape),
    ring: Ring,
}

fn template(parts: Parts) -> Template {
    let (coarse, fine) = parts.shapes;
    Template {
        centre: parts.centre,
        scales: parts.scales,
        coarse,
        fine,
        ring: Some(parts.ring),
        normal_likeness: (0.0, 1.0),
        least_likeness: 0.0,
        beside_likeness: None,
    }
}

/// Whether a point lies in a rectangle around the centre.
fn within(half: (f64, f64)) -> impl Fn(f32, f32) -> bool {
    move |x, y| f64::from(x.abs()) <= half.0 && f64::from(y.abs()) <= half.1
}

/// The numbers of those that are not far less alike than most.
fn alike(found: &[Located]) -> Vec<usize> {
    let middle = middle(found.iter().map(|one| one.place.likeness));
    let enough = |i: &usize| found[*i].place.likeness >= LEAST_OF_MIDDLE * middle;
    (0..found.len()).filter(enough).collect()
}

/// The template, with what normal photographs say of it.
fn judged(mut template: Template, found: &[Located], alike: &[usize]) -> Template {
    if middle(alike.iter().map(|i| found[*i].contrast)) < LEAST_CONTRAST {
        template.ring = None;
    }
    let likeness = alike
        .iter()
        .map(|i| found[*i].place.likeness.clamp(0.0, 1.0));
    let (low, high) = likeness.fold((1.0f32, 0.0f32), |(low, high), one| {
        (low.min(one), high.max(one))
    });
    template.normal_likeness = (low, high);
    template.least_likeness = LEAST_OF_LOWEST * low;
    template
}

/// The value in the middle; 0 of none.
fn middle(values: impl Iterator<Item = f32>) -> f32 {
    let mut values: Vec<f32> = values.collect();
    values.sort_unstable_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Between which values all but the outermost hundredth lie.
fn most_of(mut values: Vec<i16>) -> (i16, i16) {
    values.sort_unstable();
    let cut = values.len() / 100;
    match values
        .get(cut)
        .zip(values.get(values.len().saturating_sub(cut + 1)))
    {
        Some((low, high)) => (*low, *high),
        None => (0, 0),
    }
}
