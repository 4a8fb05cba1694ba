//! The calibration of a trained network on its data set, some images a step.

use std::sync::Arc;

use super::calibrator::Calibrator;
use super::held_out::HeldOut;
use super::inspector::Subject;
use super::network::Vae;
use super::normals::Normals;
use super::rounds::Rounds;
use super::tensors::ComputeError;
use kizumi_image::picture::Picture;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{DataConfig, MapConfig, Mode, ProjectionConfig};
use kizumi_method::maker::ModelMark;

/// Images measured together: few, so that a stop is obeyed soon.
const BATCH: usize = 8;

/// The most held-out images that are projected.
pub const NORMALS: usize = 64;

/// The most training images that are projected, to know what maps show in each place.
const PLACES: usize = 128;

/// The most training images whose maps of features alone are measured.
const REMEMBERED: usize = 256;

/// Training images first, for the stop threshold; then some of them are projected, where maps are
/// measured place by place; then the held-out ones are.
///
/// Maps of features are as honest of training images, each of which is measured by a memory of others:
/// those tell what is normal, too. What an autoencoder that has learned from them adds is bounded.
pub struct CalibrationRun {
    calibrator: Calibrator,
    normals: Arc<Normals>,
    ignored: Option<Picture>,
    size_px: usize,
    /// Training images that say when a projection may stop.
    trained: usize,
    /// Training images that are projected.
    places: Vec<usize>,
    /// Whether those tell what is normal.
    places_count: bool,
    done: usize,
    /// The held-out images that are being projected.
    projecting: Option<Rounds>,
}

impl CalibrationRun {
    /// Nothing measured yet. The regions where `ignored` is 1 are left out.
    pub fn new(
        network: &Vae,
        model: ModelMark,
        data: &DataConfig,
        projection: ProjectionConfig,
        map: MapConfig,
        ignored: Option<Picture>,
        normals: Arc<Normals>,
    ) -> Self {
        let map = map.fitting(model);
        let of_features = map.kind.of_features();
        let mut places: Vec<usize> = match of_features {
            true => normals.measured_training(),
            false => (0..normals.training.len()).collect(),
        };
        places.truncate(most_places(model, &map, data.mode));
        Self {
            trained: trained(model, normals.training.len()),
            places,
            places_count: of_features,
            calibrator: Calibrator::new(network, model, data, projection, map),
            normals,
            ignored,
            size_px: data.size_px,
            done: 0,
            projecting: None,
        }
    }

    /// Images that will be measured of so many, before they are there.
    pub fn expected(
        model: ModelMark,
        map: &MapConfig,
        mode: Mode,
        training: usize,
        held_out: usize,
    ) -> usize {
        let places = most_places(model, &map.fitting(model), mode).min(training);
        trained(model, training) + places + held_out.min(NORMALS)
    }

    /// Images measured, and images in all.
    pub fn progress(&self) -> (usize, usize) {
        let held_out = self.normals.held_out.len().min(NORMALS);
        let total = self.trained + self.places.len() + held_out;
        (self.done, total)
    }

    /// Whether every image was measured.
    pub fn is_done(&self) -> bool {
        let (done, total) = self.progress();
        done >= total
    }

    /// Measures the next few training images, or does one iteration of the next few held-out ones.
    ///
    /// # Errors
    /// See [`ComputeError`].
    pub fn step(&mut self) -> Result<(), ComputeError> {
        if let Some(rounds) = &mut self.projecting {
            if let Some(projected) = rounds.step()? {
                self.projecting = None;
                let placed = self.trained + self.places.len();
                let held_out = self.places_count || self.done >= placed;
                self.done += projected.len();
                self.calibrator.measure_normals(projected, held_out);
            }
            return Ok(());
        }
        let (start, total) = self.progress();
        let trained = self.trained;
        let placed = trained + self.places.len();
        // A step does not mix the three kinds: they are measured differently.
        let limits = [trained, placed, total];
        let limit = limits.into_iter().find(|limit| start < *limit);
        let end = (start + BATCH).min(limit.unwrap_or(total));
        let ignored = self.ignored.as_ref();
        if start < trained {
            let inputs: Vec<Subject> = (start..end)
                .map(|index| self.normals.training_subject(index, self.size_px, ignored))
                .collect();
            self.calibrator.measure_training(&inputs)?;
            self.done = end;
        } else if start < placed {
            let places = self.places[start - trained..end - trained].iter();
            let subjects: Vec<Subject> = places
                .map(|index| self.normals.training_subject(*index, self.size_px, ignored))
                .collect();
            // Else they are known since they were measured as training inputs.
            if trained == 0 {
                self.calibrator.know(&subjects);
            }
            self.projecting = Some(self.calibrator.project(subjects)?);
        } else {
            let held_out: &[HeldOut] = &self.normals.held_out[start - placed..end - placed];
            let subjects: Vec<Subject> = held_out
                .iter()
                .map(|image| image.subject(ignored))
                .collect();
            self.calibrator.know(&subjects);
            self.projecting = Some(self.calibrator.project(subjects)?);
        }
        Ok(())
    }

    /// The calibration; `None` without an image that tells what is normal.
    pub fn finish(self) -> Option<Calibration> {
        let regions = ModelMark::regions_of(self.ignored.as_ref());
        (!self.calibrator.is_empty()).then(|| Calibration {
            regions: Some(regions),
            ..self.calibrator.finish()
        })
    }
}

/// Training images that say when a projection may stop: none where nothing is projected.
fn trained(model: ModelMark, training: usize) -> usize {
    match model.features_only {
        true => 0,
        false => training,
    }
}

/// Training images whose maps are measured, at most.
fn most_places(model: ModelMark, map: &MapConfig, mode: Mode) -> usize {
    let by_place = map.relative && mode == Mode::Object;
    match model.features_only {
        true => REMEMBERED,
        false if by_place || map.kind.of_features() => PLACES,
        false => 0,
    }
}
