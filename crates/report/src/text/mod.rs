//! The words of reports. The compiler sees to it that no language lacks one.

mod english;
mod japanese;

pub use english::ENGLISH;
pub use japanese::JAPANESE;

use super::figure::{ScaleBasis, Subject};
use crate::picks::Reason;
use kizumi_dataset::catalog::Kind;
use kizumi_method::decision::Verdict;
use kizumi_method::iterate::StopRule;

/// All words of a language.
#[allow(missing_docs)] // Names and values say what each word is for.
pub struct Text {
    /// BCP 47 tag of the document.
    pub lang: &'static str,
    pub image_report: &'static str,
    pub folder_report: &'static str,
    pub contact_sheet: &'static str,

    pub file: &'static str,
    pub folder: &'static str,
    pub size: &'static str,
    pub date: &'static str,
    pub ground_truth: &'static str,
    pub normal: &'static str,
    pub defective: &'static str,
    pub unknown: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub in_all: &'static str,

    pub verdict_heading: &'static str,
    /// Pass, review, reject.
    pub verdicts: [&'static str; 3],
    /// Verdict, score, review and reject threshold.
    pub why: fn(Verdict, &str, &str, &str) -> String,
    /// Stop rule, iterations.
    pub ended_by: fn(StopRule, usize) -> String,

    pub figures_heading: &'static str,
    /// Title and alternative text, by [`Subject::ALL`].
    pub figures: [(&'static str, &'static str); 7],
    /// By normals, image, person.
    pub scale_bases: [&'static str; 3],
    /// Lowest and highest value.
    pub bar_alt: fn(&str, &str) -> String,

    pub scores_heading: &'static str,
    pub plain_map: &'static str,
    pub projected_map: &'static str,
    pub plain_score: &'static str,
    pub projected_score: &'static str,
    pub raw_score: &'static str,
    pub normalised_score: &'static str,
    pub review_above: &'static str,
    pub reject_above: &'static str,
    /// Number of normals.
    pub above_normals: fn(usize) -> String,

    pub regions_heading: &'static str,
    /// Regions, filtered ones, threshold.
    pub regions_summary: fn(usize, usize, &str) -> String,
    pub area: &'static str,
    pub peak: &'static str,
    pub position: &'static str,
    pub extent: &'static str,
    pub source_position: &'static str,

    pub run_heading: &'static str,
    pub energy_heading: &'static str,
    /// First energy, last energy, iterations.
    pub energy_alt: fn(&str, &str, usize) -> String,
    pub iteration: &'static str,
    pub iterations: &'static str,
    pub energy: &'static str,
    pub reconstruction_error: &'static str,
    pub weighted_regulariser: &'static str,
    pub reconstruction_shift: &'static str,
    pub largest_change: &'static str,

    pub settings_heading: &'static str,
    pub alpha: &'static str,
    pub lambda: &'static str,
    pub max_iterations: &'static str,
    pub step_rule: &'static str,
    pub step_weighted: &'static str,
    pub step_plain: &'static str,
    pub step_held: &'static str,
    pub distance_squared: &'static str,
    pub distance_absolute: &'static str,
    pub distance_cross_entropy: &'static str,
    pub distance_dissimilarity: &'static str,
    pub regulariser: &'static str,
    pub stop_early: &'static str,
    pub back_off: &'static str,
    pub map: &'static str,
    pub map_pixels: &'static str,
    pub map_structure: &'static str,
    pub map_fused: &'static str,
    /// From what the map is of: measured by normal images.
    pub map_relative: fn(&str) -> String,
    pub smoothing: &'static str,
    pub image_score: &'static str,
    pub percentile_of_map: fn(f32) -> String,
    pub accepted_false_alarms: &'static str,
    pub accepted_reviews: &'static str,
    pub accepted_false_pixels: &'static str,
    pub pixel_threshold: &'static str,
    pub by_hand: &'static str,
    pub min_area: &'static str,

    pub model_heading: &'static str,
    pub not_saved: &'static str,
    pub network: &'static str,
    pub latent: &'static str,
    pub width: &'static str,
    pub objective: &'static str,
    pub objective_vae: &'static str,
    pub objective_gamma_vae: &'static str,
    pub objective_autoencoder: &'static str,
    pub objective_dssim: &'static str,
    pub objective_restoring: &'static str,
    pub beta: &'static str,
    pub mode: &'static str,
    pub mode_stretch: &'static str,
    pub mode_letterbox: &'static str,
    pub mode_texture: &'static str,
    pub images_seen: &'static str,
    pub seed: &'static str,
    pub calibration_normals: &'static str,
    pub training_data: &'static str,
    pub device: &'static str,

    pub summary_heading: &'static str,
    pub inspected: &'static str,
    pub failed_heading: &'static str,
    pub confusion_heading: &'static str,
    pub missed: &'static str,
    pub false_alarm: &'static str,
    pub recall: &'static str,
    pub precision: &'static str,
    pub false_alarm_rate: &'static str,
    pub review_rate: &'static str,
    pub kinds_heading: &'static str,
    pub kind_heading: &'static str,
    pub pixel_auroc: &'static str,
    pub curves_heading: &'static str,
    pub roc_heading: &'static str,
    pub pr_heading: &'static str,
    pub at_threshold: &'static str,
    pub histogram_heading: &'static str,
    pub images: &'static str,
    pub images_heading: &'static str,
    pub pictures: &'static str,
    pub heatmap_of: fn(&str) -> String,
    pub reason: &'static str,

    pub sheet_legend: &'static str,
    /// Found, missed, alarming.
    pub reasons: [&'static str; 3],
    /// Name, kind.
    pub pair_alt: fn(&str, &str) -> String,
}

impl Text {
    /// The word for a verdict.
    pub fn verdict(&self, verdict: Verdict) -> &'static str {
        let [pass, review, reject] = self.verdicts;
        match verdict {
            Verdict::Pass => pass,
            Verdict::Review => review,
            Verdict::Reject => reject,
        }
    }

    /// What an image shows; kinds of defects have the names of their folders.
    pub fn kind(&self, kind: &Kind) -> String {
        match kind {
            Kind::Normal => self.normal.into(),
            Kind::Defect(name) => name.clone(),
        }
    }

    /// Title and alternative text of a figure.
    pub fn figure(&self, subject: Subject) -> (&'static str, &'static str) {
        self.figures[subject as usize]
    }

    /// Why images were picked, as a heading.
    pub fn picked(&self, reason: Reason) -> &'static str {
        self.reasons[reason as usize]
    }

    /// Where a colour scale comes from.
    pub fn basis(&self, basis: ScaleBasis) -> &'static str {
        self.scale_bases[basis as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_numbered_as_their_texts() {
        for (index, subject) in Subject::ALL.into_iter().enumerate() {
            assert_eq!(subject as usize, index);
        }
        assert_eq!(ENGLISH.figure(Subject::GroundTruth).0, "Ground truth");
        assert_eq!(ENGLISH.basis(ScaleBasis::Person), "Scale set by hand");
    }

    #[test]
    fn plurals_are_right() {
        let summary = ENGLISH.regions_summary;
        assert_eq!(summary(1, 0, "0.1"), "1 region above 0.1.");
        assert_eq!(
            summary(0, 2, "0.1"),
            "No region above 0.1; 2 below the minimum area, dashed in the overlay."
        );
        assert!((ENGLISH.ended_by)(StopRule::Iterations, 1).starts_with("1 iteration,"));
    }
}
