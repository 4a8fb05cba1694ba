//! One projection on all images of a round, looked at along the way with many maps.

use std::sync::Arc;

use rayon::prelude::*;

use super::cases::{Cases, Role};
use crate::calibrator::placed;
use crate::inspector::{Inspector, Subject};
use crate::network::Vae;
use crate::tensors::ComputeError;
use kizumi_image::picture::Picture;
use kizumi_method::anomaly_map::score;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{DataConfig, MapConfig, MapKind, ProjectionConfig};
use kizumi_method::maker::ModelMark;
use kizumi_method::mapper::{Raw, Seen};
use kizumi_method::metrics::{Clustered, Healing, Sample};
use kizumi_method::normal_level::{LevelSum, NormalLevel};
use kizumi_method::tuning::{Round, Trial, TuningFigures};

/// Images projected together: few, so that a stop is obeyed soon.
const BATCH: usize = 8;

/// What all measurements of a round share.
pub struct Ground {
    /// Which round it is.
    pub round: Round,
    /// The network.
    pub network: Vae,
    /// How files become inputs.
    pub data: DataConfig,
    /// The model's own: of what projections stop at.
    pub calibration: Arc<Calibration>,
    /// The model.
    pub model: ModelMark,
    /// The images.
    pub cases: Cases,
}

/// A trial, and how much each held-out image has to do with its criterion.
#[derive(Clone)]
pub struct Measured {
    /// The trial.
    pub trial: Trial,
    /// By how much each held-out image moves the criterion; they sum to 0.
    pub influence: Vec<f64>,
}

/// A projection being tried.
pub struct Measurement {
    ground: Arc<Ground>,
    projection: ProjectionConfig,
    /// Iterations after which it is looked at, ascending.
    marks: Vec<usize>,
    maps: Vec<MapConfig>,
    kinds: Vec<MapKind>,
    /// Images that were projected.
    done: usize,
    projecting: Option<Inspector>,
    /// Maps as they are, by mark, image and kind.
    raw: Vec<Vec<Vec<Raw>>>,
    /// How spoilt images are healed, by mark.
    healed: Vec<Vec<Healing>>,
    /// Maps that were evaluated, of all marks.
    evaluated: usize,
    /// Smoothed maps of one mark, kind and smoothing: those with and without a level follow.
    smooth: Option<((usize, MapKind, f32), Vec<Picture>)>,
    measured: Vec<Measured>,
}

impl Measurement {
    /// Nothing projected yet. There must be a mark.
    pub fn new(
        ground: Arc<Ground>,
        projection: ProjectionConfig,
        marks: Vec<usize>,
        maps: Vec<MapConfig>,
    ) -> Self {
        let mut kinds: Vec<MapKind> = Vec::new();
        for map in &maps {
            if !kinds.contains(&map.kind) {
                kinds.push(map.kind);
            }
        }
        Self {
            projection: ProjectionConfig {
                iterations: marks.last().copied().unwrap_or(0),
                ..projection
            },
            raw: vec![Vec::new(); marks.len()],
            healed: vec![Vec::new(); marks.len()],
            ground,
            marks,
            maps,
            kinds,
            done: 0,
            projecting: None,
            evaluated: 0,
            smooth: None,
            measured: Vec::new(),
        }
    }

    /// The work of a measurement, in iterations of an image.
    pub fn work(images: usize, marks: &[usize], maps: usize) -> u64 {
        let iterations = marks.last().copied().unwrap_or(0);
        (images * (iterations + marks.len() * maps)) as u64
    }

    /// How much of its work is done.
    pub fn progress(&self) -> u64 {
        let started = self.projecting.as_ref();
        let ahead = started.map_or(0, |inspector| inspector.t() * inspector.subjects().len());
        let projected = self.done * self.projection.iterations + ahead;
        (projected + self.evaluated * self.ground.cases.all.len()) as u64
    }

    /// All trials, once there is nothing left to do.
    pub fn finished(&mut self) -> Option<Vec<Measured>> {
        let is_done = self.done == self.ground.cases.all.len()
            && self.evaluated == self.marks.len() * self.maps.len();
        is_done.then(|| std::mem::take(&mut self.measured))
    }

    /// One iteration of a few images, or the figures of one map.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn step(&mut self) -> Result<(), ComputeError> {
        match &mut self.projecting {
            Some(inspector) => inspector.step(),
            None if self.done < self.ground.cases.all.len() => {
                let cases = &self.ground.cases.all[self.done..];
                let subjects = cases.iter().take(BATCH).map(|case| case.subject.clone());
                self.projecting = Some(Inspector::new(
                    &self.ground.network,
                    &self.ground.data,
                    subjects.collect(),
                    self.projection,
                    MapConfig::default(),
                    self.ground
                        .calibration
                        .stop_threshold_of(&self.projection, self.ground.model.regions),
                )?);
            }
            None => {
                self.evaluate();
                return Ok(());
            }
        }
        self.look()
    }

    /// Keeps the maps if this is a mark.
    fn look(&mut self) -> Result<(), ComputeError> {
        let Some(inspector) = &self.projecting else {
            return Ok(());
        };
        if let Some(mark) = self.marks.iter().position(|mark| *mark == inspector.t()) {
            let iterates = inspector.observe()?.iterates;
            let subjects = inspector.subjects().par_iter().zip(&iterates);
            let maps = subjects.map(|(subject, iterate)| {
                let seen = Seen {
                    original: &subject.picture,
                    distance: subject.distance.as_ref(),
                    valid: subject.counted.as_ref(),
                };
                let of_kind = |kind| Raw::projected(kind, &seen, iterate);
                self.kinds.iter().copied().map(of_kind).collect()
            });
            let maps: Vec<Vec<Raw>> = maps.collect();
            self.raw[mark].extend(maps);
            let cases = &self.ground.cases;
            let healed = iterates.iter().enumerate();
            let healed = healed.filter_map(|(i, end)| cases.healed(self.done + i, &end.iterate));
            self.healed[mark].extend(healed);
        }
        if inspector.is_capped() {
            self.done += inspector.subjects().len();
            self.projecting = None;
        }
        Ok(())
    }

    /// The figures of the next map; none where values are not numbers.
    fn evaluate(&mut self) {
        let (mark, map) = (
            self.evaluated / self.maps.len(),
            self.maps[self.evaluated % self.maps.len()],
        );
        self.evaluated += 1;
        self.smooth(mark, &map);
        let Some((_, maps)) = &self.smooth else {
            return;
        };
        let images = maps.len();
        let Some((figures, influence)) = figures(&self.ground, maps, &map) else {
            return;
        };
        let figures = TuningFigures {
            defect_left: Healing::median(&self.healed[mark]).map(|healing| healing.within),
            ..figures
        };
        self.measured.push(Measured {
            trial: Trial {
                round: self.ground.round,
                projection: ProjectionConfig {
                    iterations: self.marks[mark],
                    ..self.projection
                },
                map,
                figures,
                images,
            },
            influence,
        });
    }

    fn smooth(&mut self, mark: usize, map: &MapConfig) {
        let key = (mark, map.kind, map.smoothing_px);
        if self.smooth.as_ref().is_some_and(|(made, _)| *made == key) {
            return;
        }
        let kind = self.kinds.iter().position(|kind| *kind == map.kind);
        let kind = kind.unwrap_or(0);
        let usual = self.ground.calibration.usual_change.as_deref();
        let cases = self.ground.cases.all.par_iter().zip(&self.raw[mark]);
        let maps = cases
            .map(|(case, raw)| raw[kind].smoothed(map, usual, case.subject.counted.as_ref()))
            .collect();
        self.smooth = Some((key, maps));
    }
}

/// How well maps, one for each case, tell defects from normal.
fn figures(
    ground: &Ground,
    maps: &[Picture],
    map: &MapConfig,
) -> Option<(TuningFigures, Vec<f64>)> {
    let cases = &ground.cases.all;
    let levels = levels(ground, maps, map);
    let ranked: Vec<(Vec<Sample>, Sample)> = (0..maps.len())
        .into_par_iter()
        .filter(|&i| cases[i].role != Role::Other)
        .map(|i| {
            let case = &cases[i];
            let Subject { counted, .. } = &case.subject;
            let level = levels.get(case.clean).and_then(Option::as_ref);
            let relative =
                level.map(|level| NormalLevel::relative(&maps[i], level, counted.as_ref()));
            let shown = relative.as_ref().unwrap_or(&maps[i]);
            let sample = |value, positive, weight| Sample {
                value,
                positive,
                weight,
                cluster: case.cluster,
            };
            let pixels = case.pixels.iter();
            let pixels = pixels
                .map(|pixel| sample(shown.pixels[pixel.index], pixel.defective, pixel.weight));
            let score = score(shown, map, counted.as_ref());
            let image = sample(score, case.role == Role::Spoilt, 1.0);
            (pixels.collect(), image)
        })
        .collect();
    let (pixels, mut images): (Vec<Vec<Sample>>, Vec<Sample>) = ranked.into_iter().unzip();
    let clusters = ground.cases.clusters;
    let pixels = Clustered::of(&mut pixels.concat(), clusters)?;
    let images = Clustered::of(&mut images, clusters)?;
    let influence = pixels.influence.iter().zip(&images.influence);
    Some((
        TuningFigures {
            pixel_auroc: pixels.auroc,
            pixel_average_precision: pixels.average_precision,
            image_auroc: images.auroc,
            defect_left: None,
        },
        influence.map(|(a, b)| 0.5 * (a + b)).collect(),
    ))
}

/// What each clean image and its spoilt versions are measured by: what the other normal images
/// show. Empty when maps are shown as they are.
fn levels(ground: &Ground, maps: &[Picture], map: &MapConfig) -> Vec<Option<Picture>> {
    if !map.relative {
        return Vec::new();
    }
    let cases = &ground.cases.all;
    let place = |i: usize| {
        let counted = cases[i].subject.counted.as_ref();
        placed(&maps[i], counted, ground.data.mode)
    };
    let mut sum = LevelSum::default();
    for i in (0..maps.len()).filter(|&i| cases[i].role != Role::Spoilt) {
        sum.add(&place(i));
    }
    (0..maps.len())
        .into_par_iter()
        .map(|i| match cases[i].role {
            Role::Clean => sum.level(Some(&place(i))).or_else(|| sum.level(None)),
            Role::Spoilt | Role::Other => None,
        })
        .collect()
}
