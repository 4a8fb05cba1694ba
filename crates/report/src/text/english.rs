//! English.

use super::Text;
use kizumi_method::decision::Verdict;
use kizumi_method::iterate::StopRule;

/// English.
pub static ENGLISH: Text = Text {
    lang: "en",
    image_report: "Inspection report",
    folder_report: "Inspection report of a folder",
    contact_sheet: "Contact sheet",

    file: "File",
    folder: "Folder",
    size: "Image size",
    date: "Date",
    ground_truth: "Ground truth",
    normal: "good",
    defective: "defective",
    unknown: "unknown",
    yes: "yes",
    no: "no",
    in_all: "in all",

    verdict_heading: "Verdict",
    verdicts: ["Pass", "Review", "Reject"],
    why: |verdict, score, review, reject| match verdict {
        Verdict::Reject => {
            format!("The score of {score} is above the rejection threshold of {reject}.")
        }
        Verdict::Review => format!(
            "The score of {score} lies between the thresholds of {review} and {reject}: a person should look."
        ),
        Verdict::Pass => format!("The score of {score} is not above the threshold of {review}."),
    },
    ended_by: |stop, iterations| {
        let count = match iterations {
            1 => "1 iteration".into(),
            count => format!("{count} iterations"),
        };
        match stop {
            StopRule::Iterations => format!("{count}, the limit"),
            StopRule::Threshold => format!("{count}, then as normal as a training image"),
            StopRule::NotFinite => {
                format!("diverged after {count}; the last finite iterate counts")
            }
            StopRule::Cancelled => format!("stopped by a person after {count}"),
        }
    },

    figures_heading: "Pictures",
    figures: [
        ("Original", "The inspected image as the network sees it."),
        (
            "Plain reconstruction",
            "What the network makes of the image in one pass.",
        ),
        (
            "Projected image",
            "What the image would look like if it were normal.",
        ),
        (
            "Its reconstruction",
            "What the network makes of the projected image.",
        ),
        (
            "Heatmap",
            "How far each pixel moved in the projection; bright is far.",
        ),
        (
            "Overlay with regions",
            "The heatmap over the original, regions above the threshold outlined.",
        ),
        (
            "Ground truth",
            "The mask of the defect, drawn by a person; white is defective.",
        ),
    ],
    scale_bases: [
        "Scale of the normal images, the same for all",
        "Scale of this image alone",
        "Scale set by hand",
    ],
    bar_alt: |low, high| format!("Colours from {low} to {high}"),

    scores_heading: "Scores",
    plain_map: "plain",
    projected_map: "projected",
    plain_score: "Plain score",
    projected_score: "Projected score",
    raw_score: "Raw score",
    normalised_score: "Normalised (0.5 is the threshold)",
    review_above: "Review above",
    reject_above: "Reject above",
    above_normals: |count| match count {
        1 => "Higher than, of 1 normal image".into(),
        count => format!("Higher than, of {count} normal images"),
    },

    regions_heading: "Regions",
    regions_summary: |count, filtered, threshold| {
        let regions = match count {
            0 => "No region".into(),
            1 => "1 region".into(),
            count => format!("{count} regions"),
        };
        let filtered = match filtered {
            0 => String::new(),
            count => format!("; {count} below the minimum area, dashed in the overlay"),
        };
        format!("{regions} above {threshold}{filtered}.")
    },
    area: "Area, px",
    peak: "Peak",
    position: "Centre x, y",
    extent: "Size, px",
    source_position: "In the file x, y",

    run_heading: "Projection",
    energy_heading: "Energy over the iterations",
    energy_alt: |first, last, t| {
        format!("The energy goes from {first} to {last} in {t} iterations.")
    },
    iteration: "Iteration t",
    iterations: "Iterations",
    energy: "Energy",
    reconstruction_error: "Reconstruction error",
    weighted_regulariser: "Regulariser, weighted",
    reconstruction_shift: "Movement of the reconstruction",
    largest_change: "Largest change of a pixel",

    settings_heading: "Settings",
    alpha: "Step size α",
    lambda: "Weight λ",
    max_iterations: "Iterations at most",
    step_rule: "Step",
    step_weighted: "weighted by (x − f(x))²",
    step_plain: "plain",
    step_held: "plain, f(x) held fixed",
    distance_squared: "squared (x − f(x))²",
    distance_absolute: "absolute |x − f(x)|",
    distance_cross_entropy: "cross-entropy",
    distance_dissimilarity: "structural 1 − SSIM",
    regulariser: "Regulariser",
    stop_early: "Stops when normal",
    back_off: "Halves α when E rises",
    map: "Map",
    map_pixels: "movement |x_T − x_0|",
    map_structure: "structure 1 − SSIM",
    map_fused: "movement, residual and structure",
    map_relative: |map| format!("{map}, in multiples of normal"),
    smoothing: "Smoothing of the map",
    image_score: "Image score",
    percentile_of_map: |percent| match percent {
        100.0 => "maximum of the map".into(),
        percent => format!("{percent} % percentile of the map"),
    },
    accepted_false_alarms: "Accepted false alarms",
    accepted_reviews: "Accepted reviews of good parts",
    accepted_false_pixels: "Accepted false pixels",
    pixel_threshold: "Pixel threshold",
    by_hand: "set by hand",
    min_area: "Minimum area of a region",

    model_heading: "Model",
    not_saved: "not saved",
    network: "Network",
    latent: "Latent size",
    width: "Width",
    objective: "Objective",
    objective_vae: "VAE",
    objective_gamma_vae: "γ-VAE",
    objective_autoencoder: "autoencoder",
    objective_dssim: "DSAE (1 − SSIM)",
    objective_restoring: "restoring autoencoder",
    beta: "Weight β of the KL term",
    mode: "Input",
    mode_stretch: "whole image, stretched",
    mode_letterbox: "whole image, letterboxed",
    mode_texture: "texture, in tiles",
    images_seen: "Training images seen",
    seed: "Seed",
    calibration_normals: "Held-out normal images",
    training_data: "Data set",
    device: "Computed on",

    summary_heading: "Summary",
    inspected: "inspected",
    failed_heading: "Not inspected",
    confusion_heading: "Verdicts against ground truth",
    missed: "missed",
    false_alarm: "false alarm",
    recall: "Found defects (recall)",
    precision: "Precision",
    false_alarm_rate: "False alarm rate",
    review_rate: "Share to review",
    kinds_heading: "By kind",
    kind_heading: "Kind",
    pixel_auroc: "Pixel AUROC",
    curves_heading: "Detection at every threshold",
    roc_heading: "ROC curve",
    pr_heading: "Precision and recall",
    at_threshold: "at the threshold",
    histogram_heading: "Scores of the images",
    images: "Images",
    images_heading: "Images, the most conspicuous first",
    pictures: "Image, heatmap",
    heatmap_of: |name| format!("Heatmap of {name}"),
    reason: "Reason",

    sheet_legend: "Left the image, right the heatmap of the projection over it. Outlined is the \
        ground truth. Scores are those of the projected map.",
    reasons: [
        "Defects with the highest scores",
        "Defects with the lowest scores",
        "Normal images with the highest scores",
    ],
    pair_alt: |name, kind| format!("{name} ({kind}), plain and with its heatmap."),
};
