//! The projection on the processor: see [`kizumi_kernel`].
//!
//! Images that have stopped are no longer computed.

use std::sync::Arc;

use super::features::{FeatureDistance, FeaturesAt};
use super::{LENGTHEN, Masks, Observation, Pair, SHORTEN, stop_rule};
use kizumi_image::picture::Picture;
use kizumi_kernel::energy::step_and_evaluate;
use kizumi_kernel::network::Network;
use kizumi_kernel::point::{Evaluation, Fixed, Point, StepFrom};
use kizumi_method::config::ProjectionConfig;
use kizumi_method::energy_terms::Terms;
use kizumi_method::iterate::{Iterate, IterateScalars, StopRule};

/// Images computed at once, at most: what their values and gradients take is proportional to it.
const TOGETHER: usize = 8;

/// One image on its way.
struct Track {
    fixed: Fixed<f32>,
    current: At,
    /// The end of the next step, until it is accepted.
    candidate: At,
    first_reconstruction: Vec<f32>,
    alpha: f32,
    /// What alpha was at first, and may be again.
    longest: f32,
    active: bool,
    finite: bool,
    largest_change: f32,
    taken: usize,
}

/// One x.
struct At {
    point: Point<f32>,
    /// What was last taken of the features, where they are part of the energy.
    features: Option<Arc<FeaturesAt>>,
}

/// The projection of a batch of images.
pub struct Projection {
    network: Arc<Network<f32>>,
    features: Option<Arc<dyn FeatureDistance>>,
    together: usize,
    pub(super) config: ProjectionConfig,
    stop_threshold: f32,
    pub(super) t: usize,
    tracks: Vec<Track>,
}

impl Projection {
    /// As [`super::Projection::with_pairs`]; pictures and masks fit the network, and `features` are given
    /// where they are part of the energy.
    pub fn new(
        network: Arc<Network<f32>>,
        features: Option<Arc<dyn FeatureDistance>>,
        originals: &[Picture],
        masks: &Masks,
        pairs: &[Pair],
        config: ProjectionConfig,
        stop_threshold: f32,
    ) -> Self {
        let length = network.picture_len();
        let shape = (network.config.channels, network.config.size_px);
        let steps = masks.steps();
        let mask_of = |masks: &Option<Vec<Picture>>, index: usize| {
            let mask = masks.as_ref().and_then(|masks| masks.get(index));
            mask.map(|mask| mask.pixels.clone())
        };
        let track = |(index, (picture, pair)): (usize, (&Picture, &Pair))| Track {
            fixed: Fixed {
                original: picture.pixels.clone(),
                counted: mask_of(&masks.counted, index),
                moving: mask_of(&steps, index),
                lambda: pair.lambda,
                omega: config.omega,
            },
            current: At::new(picture.pixels.clone()),
            candidate: At::new(vec![0.0; length]),
            first_reconstruction: Vec::new(),
            alpha: pair.alpha,
            longest: pair.alpha,
            active: true,
            finite: true,
            largest_change: 0.0,
            taken: 0,
        };
        let images = originals.iter().zip(pairs).enumerate();
        let mut tracks: Vec<Track> = images.map(track).collect();
        let together = TOGETHER.max(rayon::current_num_threads()).min(pairs.len());
        let mut jobs: Vec<Evaluation<'_, f32>> = tracks
            .iter_mut()
            .map(|track| Evaluation {
                fixed: &track.fixed,
                from: None,
                point: &mut track.current.point,
            })
            .collect();
        step_and_evaluate(
            &network,
            &mut network.workspace(together),
            Terms::from(&config),
            &mut jobs,
        );
        for track in &mut tracks {
            track
                .first_reconstruction
                .clone_from(&track.current.point.reconstruction);
            let (at, fixed) = (&mut track.current, &track.fixed);
            let taken = features.as_deref().map(|all| at.take(all, fixed, shape));
            at.add(taken, fixed);
            track.finite = at.point.energy(fixed).is_finite();
            track.active = track.finite;
        }
        Self {
            network,
            features,
            together,
            config,
            stop_threshold,
            t: 0,
            tracks,
        }
    }

    /// See [`super::Projection::step`].
    pub fn step(&mut self) {
        let weighted = self.config.step.gate.of_residual();
        let longest = self.config.longest_step().unwrap_or(f32::INFINITY);
        let mut moving: Vec<&mut Track> = self
            .tracks
            .iter_mut()
            .filter(|track| track.active)
            .collect();
        let mut jobs: Vec<Evaluation<'_, f32>> = moving
            .iter_mut()
            .map(|track| Evaluation {
                fixed: &track.fixed,
                from: Some(StepFrom {
                    point: &track.current.point,
                    alpha: track.alpha,
                    weighted,
                    longest,
                }),
                point: &mut track.candidate.point,
            })
            .collect();
        step_and_evaluate(
            &self.network,
            &mut self.network.workspace(self.together),
            Terms::from(&self.config),
            &mut jobs,
        );
        let shape = (self.network.config.channels, self.network.config.size_px);
        let features = self.features.as_deref();
        let renewed = features.filter(|_| self.config.takes_features_at(self.t + 1));
        for track in moving {
            let fixed = &track.fixed;
            let taken = renewed.map(|all| track.candidate.take(all, fixed, shape));
            let held = || track.current.features.clone();
            track.candidate.add(taken.or_else(held), fixed);
            track.decide(self.config.back_off);
        }
        self.t += 1;
        self.stop_where_done();
    }

    fn stop_where_done(&mut self) {
        for track in &mut self.tracks {
            let below = track.current.point.reconstruction_error < self.stop_threshold;
            track.active &= track.finite && !(self.config.stop_early && below);
        }
    }

    /// See [`super::Projection::observe`].
    pub fn observe(&self) -> Observation {
        let capped = self.t >= self.config.iterations;
        Observation {
            iterates: self
                .tracks
                .iter()
                .map(|track| self.iterate(track))
                .collect(),
            stopped: self.stopped_where(capped),
        }
    }

    /// See [`super::Projection::stopped`].
    pub fn stopped(&self) -> Vec<Option<StopRule>> {
        self.stopped_where(self.t >= self.config.iterations)
    }

    fn stopped_where(&self, capped: bool) -> Vec<Option<StopRule>> {
        self.tracks
            .iter()
            .map(|track| stop_rule(track.active, track.finite, capped))
            .collect()
    }

    fn iterate(&self, track: &Track) -> Iterate {
        let (channels, size) = (self.network.config.channels, self.network.config.size_px);
        let picture = |pixels: &[f32]| Picture::new(channels, size, size, pixels.to_vec());
        let at = &track.current.point;
        let pairs = at.reconstruction.iter().zip(&track.first_reconstruction);
        let shift: f64 = pairs
            .map(|(now, first)| f64::from(now - first).powi(2))
            .sum();
        Iterate {
            scalars: IterateScalars {
                t: track.taken,
                energy: at.energy(&track.fixed),
                reconstruction_error: at.reconstruction_error,
                regulariser: at.regulariser,
                feature_distance: at.feature_distance,
                reconstruction_shift: shift.sqrt() as f32,
                largest_change: track.largest_change,
                alpha: track.alpha,
            },
            iterate: picture(&at.x),
            reconstruction: picture(&at.reconstruction),
            gradient: picture(&at.gradient),
            distance: track.current.features.as_ref().map(|at| at.map(size, size)),
        }
    }
}

impl Track {
    /// Takes the candidate, or not.
    fn decide(&mut self, back_off: bool) {
        let (before, after) = (
            self.current.point.energy(&self.fixed),
            self.candidate.point.energy(&self.fixed),
        );
        let finite = after.is_finite();
        let mut accepted = finite;
        if back_off {
            let lower = after <= before;
            self.alpha = match lower {
                true => (LENGTHEN * self.alpha).min(self.longest),
                false => SHORTEN * self.alpha,
            };
            accepted &= lower;
        }
        self.largest_change = if accepted {
            self.candidate.point.largest_change
        } else {
            0.0
        };
        if accepted {
            std::mem::swap(&mut self.current, &mut self.candidate);
        }
        self.finite &= finite;
        self.taken += 1;
    }
}

impl At {
    /// An x that nothing is known of yet.
    fn new(x: Vec<f32>) -> Self {
        Self {
            point: Point::at(x),
            features: None,
        }
    }

    /// Adds the features' part to the energy that was just evaluated here.
    fn add(&mut self, features: Option<Arc<FeaturesAt>>, fixed: &Fixed<f32>) {
        if let Some(at) = &features {
            self.point
                .add_features(fixed, at.distance, &at.gradient.pixels);
        }
        self.features = features;
    }

    /// D at this x, of `channels` by `size` by `size`.
    fn take(
        &self,
        features: &dyn FeatureDistance,
        fixed: &Fixed<f32>,
        (channels, size): (usize, usize),
    ) -> Arc<FeaturesAt> {
        let picture =
            |channels, values: &[f32]| Picture::new(channels, size, size, values.to_vec());
        let counted = fixed.counted.as_ref().map(|counted| picture(1, counted));
        let x = picture(channels, &self.point.x);
        Arc::new(features.at(&x, counted.as_ref()))
    }
}
