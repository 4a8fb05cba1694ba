//! The images that the wall shows as a table: with the columns of the command line's, or short, as a list.

use crate::ui::review::{Judged, Origin, Review};
use crate::ui::state::State;
use crate::ui::state::set::{Conditions, Inspected};
use crate::ui::text::Text;
use kizumi_dataset::catalog::Entry;
use kizumi_image::shown::{cell_text, path_text};
use kizumi_method::calibration::{Calibration, MapVersion};
use kizumi_method::judgement::Judgement;
use kizumi_method::limited_score::LimitedScore;
use kizumi_method::maker::{Made, Score};
use kizumi_report::results::{ImageResult, PictureNames, RunSettings};

/// Rows of a table, and what they have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct SetTable {
    /// What repeats in every row.
    pub settings: RunSettings,
    /// The images with scores, in the order of the folder.
    pub results: Vec<ImageResult>,
}

impl SetTable {
    /// Of the images that are shown; `None` where none of them has scores.
    pub fn of(state: &State, review: &Review) -> Option<Self> {
        let set = &state.set;
        let conditions = set.conditions()?;
        let mut shown = review.order.clone();
        shown.sort_unstable();
        let current: Vec<_> = set.current_results().collect();
        let results: Vec<_> = shown
            .iter()
            .filter_map(
                |&index| match (set.images().get(index)?, current.get(index)?) {
                    (entry, Some(Ok(inspected))) => {
                        Some(row(state, review, conditions, entry, inspected))
                    }
                    _ => None,
                },
            )
            .collect();
        let projection = conditions.projection.unattended(conditions.model);
        (!results.is_empty()).then(|| Self {
            settings: RunSettings {
                alpha: projection.alpha,
                lambda: projection.lambda,
                max_iterations: projection.iterations,
                model: model_path(state, conditions),
                mm_per_px: state.mm_per_px(),
            },
            results,
        })
    }
}

/// How many images are shown and have no scores, so that a table lacks them: they wait, or could not be inspected.
pub fn without_scores(review: &Review) -> usize {
    let judged = review.order.iter().map(|&index| review.judged.get(index));
    let scored = judged.filter(|judged| matches!(judged, Some(Judged::Scored(_))));
    review.order.len() - scored.count()
}

/// The file of the model that made the scores, as far as it is known.
fn model_path(state: &State, conditions: &Conditions) -> std::path::PathBuf {
    let at_hand = state.model.as_ref();
    let at_hand = at_hand.filter(|model| model.mark.is_model(&conditions.model));
    let path = at_hand.and_then(|model| model.path.clone());
    let name = || conditions.model_name.as_ref().map(Into::into);
    path.or_else(name).unwrap_or_default()
}

fn row(
    state: &State,
    review: &Review,
    conditions: &Conditions,
    entry: &Entry,
    inspected: &Inspected,
) -> ImageResult {
    let limits = |limits: Option<_>| limits.filter(|_| review.belongs);
    let projected = LimitedScore::new(inspected.projected_score, limits(review.limits));
    let plain = LimitedScore::new(inspected.plain_score, limits(review.plain_limits));
    let held_out = matches!(review.reference.origin, Origin::HeldOut { .. });
    let percentile = |normals: &Made<Vec<f32>>, score: Score| {
        let normals = normals.with(&score).filter(|_| held_out)?;
        Calibration::percentile_of(normals, score.value)
    };
    ImageResult {
        path: entry.path.clone(),
        kind: state.known_kind(entry),
        unit: conditions.mapper.unit(),
        plain_score: plain.value,
        projected_score: projected.value,
        plain_percentile: percentile(&review.reference.plain, inspected.plain_score),
        projected_percentile: percentile(&review.reference.projected, inspected.projected_score),
        judgement: Judgement::of(&projected, &plain, inspected.unlike),
        limits: projected.limits,
        regions: inspected.regions.clone(),
        map_version: MapVersion::default(),
        iterations: inspected.iterations,
        stop: inspected.stop,
        pictures: PictureNames::default(),
    }
}

/// The images that are shown, in the order of the wall, for the clipboard: path, verdict and score of each with
/// tabs between them, as spreadsheets take it.
pub fn list(state: &State, review: &Review, text: &Text) -> String {
    let words = text.review;
    let mut lines = text.saving.list_columns.join("\t") + "\n";
    let shown = review.order.iter().filter_map(|&index| {
        let (entry, judged) = (state.set.images().get(index)?, review.judged.get(index)?);
        Some((entry, judged))
    });
    for (entry, judged) in shown {
        let (verdict, score) = match judged {
            Judged::Waiting => (words.fate_waiting, String::new()),
            Judged::Broken => (words.fate_broken, String::new()),
            Judged::Scored(scored) => {
                let verdict = scored.verdict.map(|verdict| words.verdict_word(verdict));
                let score = scored.projected;
                let score = score.is_finite().then(|| score.to_string());
                (verdict.unwrap_or_default(), score.unwrap_or_default())
            }
        };
        let path = path_text(&entry.path);
        lines += &format!("{}\t{verdict}\t{score}\n", cell_text(&path));
    }
    lines
}
