//! The normal images that thresholds are measured on.

use crate::ui::state::set::InspectedSet;
use kizumi_dataset::catalog::Kind;
use kizumi_method::calibration::Calibration;
use kizumi_method::decision::{Decision, Thresholds};

/// Scores of normal images.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// Where they come from.
    pub origin: Origin,
    /// Plain scores.
    pub plain: Vec<f32>,
    /// Projected scores.
    pub projected: Vec<f32>,
}

/// Where the scores of normal images come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// There are none.
    #[default]
    Nowhere,
    /// The model's held-out normals.
    HeldOut {
        /// Whether they were projected with the parameters of the inspected set.
        same_parameters: bool,
    },
    /// The normal images of the inspected set itself, because the model was not calibrated.
    ThisSet,
}

impl Reference {
    /// The held-out normals when the model has some, else the set's own normal images.
    pub fn of(calibration: Option<&Calibration>, set: &InspectedSet) -> Self {
        if let Some(calibration) = calibration
            && !calibration.projected_scores.is_empty()
        {
            let same_parameters = set.conditions().is_none_or(|conditions| {
                conditions.projection == calibration.projection && conditions.map == calibration.map
            });
            return Self {
                origin: Origin::HeldOut { same_parameters },
                plain: calibration.plain_scores.clone(),
                projected: calibration.projected_scores.clone(),
            };
        }
        let scores = set.images().iter().zip(set.results());
        let normals = scores.filter_map(|(entry, result)| match result {
            Some(Ok(scores)) if entry.kind == Kind::Normal => {
                Some((scores.plain_score, scores.projected_score))
            }
            _ => None,
        });
        let (plain, projected): (Vec<_>, Vec<_>) = normals.unzip();
        let origin = match projected.is_empty() {
            true => Origin::Nowhere,
            false => Origin::ThisSet,
        };
        Self {
            origin,
            plain,
            projected,
        }
    }

    /// The thresholds of plain scores that flag as many of these normals as those of projected
    /// scores do, wherever these were dragged: so both are compared at equal false alarms.
    pub fn plain_thresholds(&self, decision: &Decision) -> Option<Thresholds> {
        let Some(by_hand) = decision.by_hand else {
            return decision.automatic_thresholds(&self.plain);
        };
        let above = |threshold: f32| {
            let flagged = self.projected.iter().filter(|score| **score > threshold);
            flagged.count() as f32 / self.count().max(1) as f32
        };
        let false_alarms = above(by_hand.reject);
        let equal = Decision {
            false_alarms,
            unsure: above(by_hand.review) - false_alarms,
            ..*decision
        };
        equal.automatic_thresholds(&self.plain)
    }

    /// How many normals there are.
    pub fn count(&self) -> usize {
        self.projected.len()
    }
}
