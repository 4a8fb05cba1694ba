//! How a result came about: projection, decision, model.

use std::path::PathBuf;

use super::html::{escaped, facts, path, section};
use super::number::{number, percent, short};
use super::text::Text;
use kizumi_method::config::{
    Aspect, DataConfig, Distance, MapConfig, MapKind, Mode, NetworkConfig, Objective,
    ProjectionConfig, Regulariser, StepRule, TrainingConfig,
};
use kizumi_method::decision::Decision;

/// The settings of an inspection.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Settings {
    /// The projection.
    pub projection: ProjectionConfig,
    /// From maps to scores.
    pub map: MapConfig,
    /// From scores to verdicts; `None` where there are none.
    pub decision: Option<Decision>,
}

/// The model of an inspection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// Its file, when it has one.
    pub path: Option<PathBuf>,
    /// The network's shape.
    pub network: NetworkConfig,
    /// How images become inputs.
    pub data: DataConfig,
    /// How it was trained.
    pub training: TrainingConfig,
    /// Training images seen, augmented ones counted each time.
    pub images_seen: u64,
    /// The training data in a sentence; empty if unknown.
    pub data_summary: String,
    /// How many normal images it was calibrated with; `None` without calibration.
    pub calibration_normals: Option<usize>,
    /// What computed the inspection; empty if unknown.
    pub device: String,
}

/// Both, beside each other.
pub(super) fn sections(text: &Text, settings: &Settings, model: Option<&Model>) -> String {
    let settings = section("settings", text.settings_heading, &settings.html(text));
    let model = model.map(|model| section("model", text.model_heading, &model.html(text)));
    format!(
        "<div class=\"pair\">{settings}{}</div>\n",
        model.unwrap_or_default()
    )
}

impl Settings {
    fn html(&self, text: &Text) -> String {
        let ProjectionConfig {
            alpha,
            lambda,
            iterations,
            step,
            distance,
            regulariser,
            stop_early,
            back_off,
        } = self.projection;
        let step = match step {
            StepRule::Weighted => text.step_weighted,
            StepRule::Plain => text.step_plain,
            StepRule::Held => text.step_held,
        };
        let distance = match distance {
            Distance::SquaredError => text.distance_squared,
            Distance::AbsoluteError => text.distance_absolute,
            Distance::CrossEntropy => text.distance_cross_entropy,
            Distance::Dissimilarity => text.distance_dissimilarity,
        };
        let regulariser = match regulariser {
            Regulariser::L1 => "L1",
            Regulariser::L2 => "L2",
        };
        let yes = |yes: bool| escaped(if yes { text.yes } else { text.no });
        let mut rows = vec![
            (text.alpha, short(alpha)),
            (text.lambda, short(lambda)),
            (text.max_iterations, iterations.to_string()),
            (text.step_rule, escaped(step)),
            (text.reconstruction_error, escaped(distance)),
            (text.regulariser, regulariser.into()),
            (text.stop_early, yes(stop_early)),
            (text.back_off, yes(back_off)),
            (text.map, escaped(&self.map_name(text))),
            (
                text.smoothing,
                format!("{} px", short(self.map.smoothing_px)),
            ),
            (
                text.image_score,
                escaped(&(text.percentile_of_map)(self.map.score_percentile)),
            ),
        ];
        if let Some(decision) = self.decision {
            rows.extend(decision_rows(text, &decision));
        }
        facts(&rows)
    }

    fn map_name(&self, text: &Text) -> String {
        let kind = match self.map.kind {
            MapKind::Pixels => text.map_pixels,
            MapKind::Structure => text.map_structure,
            MapKind::Fused => text.map_fused,
        };
        match self.map.relative {
            true => (text.map_relative)(kind),
            false => kind.to_owned(),
        }
    }
}

fn decision_rows<'a>(text: &'a Text, decision: &Decision) -> Vec<(&'a str, String)> {
    let by_hand = |value: f32| format!("{} ({})", number(value), escaped(text.by_hand));
    let mut rows = match decision.by_hand {
        Some(thresholds) => vec![
            (text.review_above, by_hand(thresholds.review)),
            (text.reject_above, by_hand(thresholds.reject)),
        ],
        None => vec![
            (
                text.accepted_false_alarms,
                percent(decision.false_alarms.into()),
            ),
            (text.accepted_reviews, percent(decision.unsure.into())),
        ],
    };
    rows.push(match decision.pixel_by_hand {
        Some(value) => (text.pixel_threshold, by_hand(value)),
        None => (
            text.accepted_false_pixels,
            percent(decision.false_pixels.into()),
        ),
    });
    rows.push((text.min_area, format!("{} px", decision.min_area_px)));
    rows
}

impl Model {
    fn html(&self, text: &Text) -> String {
        let NetworkConfig {
            channels,
            size_px,
            latent,
            width,
            ..
        } = self.network;
        let objective = match self.training.objective {
            Objective::Vae { .. } => text.objective_vae,
            Objective::GammaVae => text.objective_gamma_vae,
            Objective::Autoencoder => text.objective_autoencoder,
            Objective::Dssim => text.objective_dssim,
            Objective::Restoring => text.objective_restoring,
        };
        let mode = match (self.data.mode, self.data.aspect) {
            (Mode::Texture, _) => text.mode_texture,
            (Mode::Object, Aspect::Stretch) => text.mode_stretch,
            (Mode::Object, Aspect::Letterbox) => text.mode_letterbox,
        };
        let file = self.path.as_deref().map(path);
        let mut rows = vec![
            (text.file, file.unwrap_or_else(|| escaped(text.not_saved))),
            (text.network, format!("{size_px} × {size_px} × {channels}")),
            (text.latent, latent.to_string()),
            (text.width, width.to_string()),
            (text.objective, escaped(objective)),
        ];
        if let Objective::Vae { beta } = self.training.objective {
            rows.push((text.beta, short(beta)));
        }
        rows.extend([
            (text.mode, escaped(mode)),
            (text.images_seen, self.images_seen.to_string()),
            (text.seed, self.training.seed.to_string()),
        ]);
        if let Some(count) = self.calibration_normals {
            rows.push((text.calibration_normals, count.to_string()));
        }
        for (name, value) in [
            (text.training_data, &self.data_summary),
            (text.device, &self.device),
        ] {
            if !value.is_empty() {
                rows.push((name, escaped(value)));
            }
        }
        facts(&rows)
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::ENGLISH;
    use super::*;
    use kizumi_method::decision::Thresholds;

    #[test]
    fn thresholds_by_hand_replace_the_shares() {
        let mut settings = Settings::default();
        let html = sections(&ENGLISH, &settings, None);
        assert!(!html.contains(ENGLISH.accepted_false_alarms) && !html.contains("id=\"model\""));
        settings.decision = Some(Decision::default());
        let html = sections(&ENGLISH, &settings, None);
        assert!(
            html.contains(ENGLISH.accepted_false_alarms) && html.contains("2 %"),
            "{html}"
        );
        settings.decision = Some(Decision {
            by_hand: Some(Thresholds {
                review: 0.1,
                reject: 0.2,
            }),
            ..Decision::default()
        });
        let html = sections(&ENGLISH, &settings, None);
        assert!(html.contains("0.2000") && html.contains(ENGLISH.by_hand));
        assert!(!html.contains(ENGLISH.accepted_false_alarms));
    }

    #[test]
    fn distance_map_and_objective_are_named() {
        let mut settings = Settings::default();
        let mut model = Model::default();
        model.training.objective = Objective::Vae { beta: 1.0 };
        let html = sections(&ENGLISH, &settings, Some(&model));
        assert!(html.contains("squared") && html.contains("VAE") && html.contains("β"));
        assert!(html.contains("in multiples of normal"));
        settings.map.relative = false;
        settings.map.kind = MapKind::Pixels;
        settings.projection.distance = Distance::CrossEntropy;
        model.training.objective = Objective::Dssim;
        let html = sections(&ENGLISH, &settings, Some(&model));
        assert!(html.contains("|x_T") && !html.contains("in multiples of normal"));
        assert!(html.contains("cross-entropy") && html.contains("DSAE"));
        assert!(!html.contains("β"), "its loss has no KL term");
    }

    #[test]
    fn unknown_facts_of_a_model_are_left_out() {
        let html = sections(&ENGLISH, &Settings::default(), Some(&Model::default()));
        assert!(html.contains(ENGLISH.not_saved) && html.contains("128 × 128 × 3"));
        for absent in [
            ENGLISH.device,
            ENGLISH.training_data,
            ENGLISH.calibration_normals,
        ] {
            assert!(!html.contains(absent), "{absent}");
        }
        let model = Model {
            path: Some("a&b.safetensors".into()),
            device: "<GPU>".into(),
            ..Model::default()
        };
        let html = sections(&ENGLISH, &Settings::default(), Some(&model));
        assert!(html.contains("a&amp;b.safetensors") && html.contains("&lt;GPU&gt;"));
    }
}
