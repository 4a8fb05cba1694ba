//! Measures how a model's projection heals.

use anyhow::Result;

use super::interrupt::Interrupt;
use super::output::say;
use super::said::language;
use crate::text::Worded;
use kizumi_compute::artifact::Artifact;
use kizumi_compute::model_normals::RecalibrationError;
use kizumi_compute::tuning::HealingRun;
use kizumi_dataset::catalog::Catalog;
use kizumi_method::metrics::Healing;

/// How the model heals synthetic defects on the images that were held out of its training, the medians
/// over them; `None` where it cannot be measured, which is said, and where it is interrupted.
///
/// # Errors
/// When not one image can be used, or the device fails.
pub fn healing(
    artifact: &Artifact,
    catalog: &Catalog,
    interrupt: &Interrupt,
) -> Result<Option<Healing>> {
    let mut run = match HealingRun::new(artifact, catalog) {
        Ok(run) => run,
        Err(reason) => {
            say(reason.said_in(language()));
            return Ok(None);
        }
    };
    while !run.is_done() && !interrupt.is_requested() {
        match run.step() {
            Err(RecalibrationError::Refused(reason)) => {
                say(reason.said_in(language()));
                return Ok(None);
            }
            step => step?,
        }
    }
    Ok(run.finish())
}
