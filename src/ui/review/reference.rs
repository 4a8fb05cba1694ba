//! The normal images that thresholds are measured on.

use crate::ui::state::set::InspectedSet;
use kizumi_dataset::catalog::{Entry, Kind};
use kizumi_engine::message::ModelInfo;
use kizumi_method::decision::Decision;
use kizumi_method::limits::Limits;
use kizumi_method::maker::Made;
use kizumi_method::mapper::Mapper;

/// Scores of normal images.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// Where they come from.
    pub origin: Origin,
    /// Plain scores.
    pub plain: Made<Vec<f32>>,
    /// Projected scores.
    pub projected: Made<Vec<f32>>,
}

/// Where the scores of normal images come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// There are none.
    #[default]
    Nowhere,
    /// The model's held-out normals.
    HeldOut {
        /// Whether they were projected with the parameters of the inspected set, so far as that is of
        /// the same model.
        same_parameters: bool,
    },
    /// The normal images of the inspected set itself, because the model was not calibrated.
    ThisSet,
}

impl Reference {
    /// The held-out normals when the model has some, else the set's own normal images; `images` are those of the
    /// set with what is known of them.
    pub fn of(model: Option<&ModelInfo>, set: &InspectedSet, images: &[Entry]) -> Self {
        let calibration = model.and_then(|model| Some((model.mark, model.calibration.as_ref()?)));
        if let Some((mark, calibration)) = calibration
            && !calibration.projected_scores.is_empty()
        {
            let mapper = Mapper::calibrated(mark, calibration);
            let (plain, projected) = (mapper.plain_maker(), mapper.projected_maker());
            let same_parameters = set.conditions().is_none_or(|conditions| {
                !set.is_of(mark) || conditions.mapper.projected_maker() == projected
            });
            return Self {
                origin: Origin::HeldOut { same_parameters },
                plain: Made {
                    value: calibration.plain_scores.clone(),
                    by: plain,
                },
                projected: Made {
                    value: calibration.projected_scores.clone(),
                    by: projected,
                },
            };
        }
        let scores = images.iter().zip(set.current_results());
        let normals = scores.filter_map(|(entry, result)| match result {
            Some(Ok(scores)) if entry.kind == Kind::Normal => {
                Some((scores.plain_score.value, scores.projected_score.value))
            }
            _ => None,
        });
        let (plain, projected): (Vec<_>, Vec<_>) = normals.unzip();
        let origin = match projected.is_empty() {
            true => Origin::Nowhere,
            false => Origin::ThisSet,
        };
        let mapper = set.conditions().map(|conditions| &conditions.mapper);
        Self {
            origin,
            plain: Made {
                value: plain,
                by: mapper.map(Mapper::plain_maker).unwrap_or_default(),
            },
            projected: Made {
                value: projected,
                by: mapper.map(Mapper::projected_maker).unwrap_or_default(),
            },
        }
    }

    /// The limits of projected scores.
    pub fn limits(&self, decision: &Decision) -> Option<Made<Limits>> {
        Some(Made {
            value: Limits::new(decision, &self.projected.value)?,
            by: self.projected.by,
        })
    }

    /// The limits of plain scores that flag as many of these normals as those of projected
    /// scores do, wherever these were dragged: so both are compared at equal false alarms.
    pub fn plain_limits(&self, decision: &Decision) -> Option<Made<Limits>> {
        Some(Made {
            value: self.equal_limits(decision)?,
            by: self.plain.by,
        })
    }

    fn equal_limits(&self, decision: &Decision) -> Option<Limits> {
        let Some(by_hand) = decision.by_hand else {
            return Limits::automatic(decision, &self.plain.value);
        };
        let above = |threshold: f32| {
            let flagged = self
                .projected
                .value
                .iter()
                .filter(|score| **score > threshold);
            flagged.count() as f32 / self.count().max(1) as f32
        };
        let false_alarms = above(by_hand.reject);
        let equal = Decision {
            false_alarms,
            unsure: above(by_hand.review) - false_alarms,
            ..*decision
        };
        Limits::automatic(&equal, &self.plain.value)
    }

    /// How many normals there are.
    pub fn count(&self) -> usize {
        self.projected.value.len()
    }
}
