//! How a result came about: projection, decision, model.

use std::path::PathBuf;

use maud::{Markup, html};

use super::html::{fact, facts, path, section};
use super::number::{number, percent};
use super::text::Text;
use kizumi_image::crop::Area;
use kizumi_method::config::{
    Aspect, DataConfig, Distance, Gate, MapConfig, MapKind, Mode, NetworkConfig, Objective,
    ProjectionConfig, Regulariser, TrainingConfig,
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
pub(super) fn sections(text: &Text, settings: &Settings, model: Option<&Model>) -> Markup {
    html! {
        div.pair {
            (section("settings", text.settings_heading, &settings.html(text)))
            @if let Some(model) = model {
                (section("model", text.model_heading, &model.html(text)))
            }
        }
    }
}

impl Settings {
    fn html(&self, text: &Text) -> Markup {
        let ProjectionConfig {
            alpha,
            lambda,
            iterations,
            step,
            distance,
            regulariser,
            stop_early,
            back_off,
            omega,
            feature_period,
        } = self.projection;
        let gate = match step.gate {
            Gate::None => text.step_plain,
            Gate::Residual => text.step_weighted,
            Gate::Features => text.step_features,
            Gate::Both => text.step_both,
        };
        let step = match step.through {
            true => gate.to_owned(),
            false => (text.step_held)(gate),
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
        let yes = |yes: bool| if yes { text.yes } else { text.no };
        let mut rows = vec![
            fact(text.alpha, alpha),
            fact(text.lambda, lambda),
            fact(text.max_iterations, iterations),
            fact(text.step_rule, step),
            fact(text.reconstruction_error, distance),
            fact(text.regulariser, regulariser),
            fact(text.stop_early, yes(stop_early)),
            fact(text.back_off, yes(back_off)),
            fact(text.map, self.map_name(text)),
            fact(text.smoothing, format_args!("{} px", self.map.smoothing_px)),
            fact(
                text.image_score,
                (text.percentile_of_map)(self.map.score_percentile),
            ),
        ];
        if omega > 0.0 {
            let period = (text.feature_iterations)(feature_period);
            rows.push(fact(text.omega, omega));
            rows.push(fact(text.feature_period, period));
        }
        if let Some(decision) = &self.decision {
            rows.extend(decision_rows(text, decision));
        }
        facts(&rows)
    }

    fn map_name(&self, text: &Text) -> String {
        let kind = match self.map.kind {
            MapKind::Pixels => text.map_pixels,
            MapKind::Structure => text.map_structure,
            MapKind::Fused => text.map_fused,
            MapKind::Features => text.map_features,
            MapKind::Joint => text.map_joint,
        };
        match self.map.relative {
            true => (text.map_relative)(kind),
            false => kind.to_owned(),
        }
    }
}

fn decision_rows<'a>(text: &'a Text, decision: &Decision) -> Vec<(&'a str, Markup)> {
    let by_hand = |value: f32| format!("{} ({})", number(value), text.by_hand);
    let mut rows = match decision.by_hand {
        Some(thresholds) => vec![
            fact(text.review_above, by_hand(thresholds.review)),
            fact(text.reject_above, by_hand(thresholds.reject)),
        ],
        None => vec![
            fact(
                text.accepted_false_alarms,
                percent(decision.false_alarms.into()),
            ),
            fact(text.accepted_reviews, percent(decision.unsure.into())),
        ],
    };
    rows.push(match decision.pixel_by_hand {
        Some(value) => fact(text.pixel_threshold, by_hand(value)),
        None => fact(
            text.accepted_false_pixels,
            percent(decision.false_pixels.into()),
        ),
    });
    rows.push(fact(
        text.min_area,
        format_args!("{} px", decision.min_area_px),
    ));
    rows
}

impl Model {
    fn html(&self, text: &Text) -> Markup {
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
            (
                text.file,
                file.unwrap_or_else(|| html! { (text.not_saved) }),
            ),
            fact(
                text.network,
                format_args!("{size_px} × {size_px} × {channels}"),
            ),
            fact(text.latent, latent),
            fact(text.width, width),
            fact(text.objective, objective),
        ];
        if let Objective::Vae { beta } = self.training.objective {
            rows.push(fact(text.beta, beta));
        }
        rows.extend([fact(text.mode, mode)]);
        if let Some(crop) = self.data.crop {
            let Area {
                x,
                y,
                width,
                height,
            } = crop.area;
            rows.push(fact(
                text.crop,
                format_args!("{width} × {height} px, x {x}, y {y}"),
            ));
        }
        let align = self.data.align.as_ref();
        if let Some(template) = align.and_then(|align| align.template.as_ref()) {
            let how = match template.turns() {
                true => text.aligned_turned,
                false => text.aligned_moved,
            };
            rows.push(fact(text.alignment, how));
        }
        rows.extend([
            fact(text.images_seen, self.images_seen),
            fact(text.seed, self.training.seed),
        ]);
        if let Some(count) = self.calibration_normals {
            rows.push(fact(text.calibration_normals, count));
        }
        let known = [
            (text.training_data, &self.data_summary),
            (text.device, &self.device),
        ];
        let known = known.into_iter().filter(|(_, value)| !value.is_empty());
        rows.extend(known.map(|(name, value)| fact(name, value)));
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
        let html = sections(&ENGLISH, &settings, None).into_string();
        assert!(!html.contains(ENGLISH.accepted_false_alarms) && !html.contains("id=\"model\""));
        settings.decision = Some(Decision::default());
        let html = sections(&ENGLISH, &settings, None).into_string();
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
        let html = sections(&ENGLISH, &settings, None).into_string();
        assert!(html.contains("0.2000") && html.contains(ENGLISH.by_hand));
        assert!(!html.contains(ENGLISH.accepted_false_alarms));
    }

    #[test]
    fn distance_map_and_objective_are_named() {
        let mut settings = Settings::default();
        settings.map.relative = true;
        let mut model = Model::default();
        model.training.objective = Objective::Vae { beta: 1.0 };
        let html = sections(&ENGLISH, &settings, Some(&model)).into_string();
        assert!(html.contains("squared") && html.contains("VAE") && html.contains("β"));
        assert!(html.contains("in multiples of normal"));
        settings.map.relative = false;
        settings.map.kind = MapKind::Pixels;
        settings.projection.distance = Distance::CrossEntropy;
        model.training.objective = Objective::Dssim;
        let html = sections(&ENGLISH, &settings, Some(&model)).into_string();
        assert!(html.contains("|x_T") && !html.contains("in multiples of normal"));
        assert!(html.contains("cross-entropy") && html.contains("DSAE"));
        assert!(!html.contains("β"), "its loss has no KL term");
    }

    #[test]
    fn unknown_facts_of_a_model_are_left_out() {
        let html = sections(&ENGLISH, &Settings::default(), Some(&Model::default())).into_string();
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
        let html = sections(&ENGLISH, &Settings::default(), Some(&model)).into_string();
        assert!(html.contains("a&amp;b.safetensors") && html.contains("&lt;GPU&gt;"));
    }
}
