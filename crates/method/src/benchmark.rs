//! A benchmark's runs, and the table they make.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::config::{FeatureConfig, FeatureResolution, Features, Recipe};
use super::metrics::{Evaluation, Healing, MapEvaluation, MapKind, OddMask};
use kizumi_image::shown::cell_text;

/// One model, trained and evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BenchmarkRun {
    /// The data set's folder name.
    pub set: String,
    /// How the model was trained; names the objective and the seed.
    pub recipe: Recipe,
    /// Training images it saw, augmented ones counted each time.
    pub images_seen: u64,
    /// Seconds that training took.
    pub training_secs: f64,
    /// What computed.
    pub device: String,
    /// Its figures.
    pub evaluation: Evaluation,
}

/// A mean over seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard deviation of the runs (n - 1), 0 of one run.
    pub deviation: f64,
    /// Runs.
    pub runs: usize,
}

impl Spread {
    /// Of some values; `None` of none.
    pub fn of(values: &[f64]) -> Option<Self> {
        let runs = values.len();
        if runs == 0 {
            return None;
        }
        let mean = values.iter().sum::<f64>() / runs as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = if runs > 1 {
            (squares / (runs - 1) as f64).sqrt()
        } else {
            0.0
        };
        Some(Self {
            mean,
            deviation,
            runs,
        })
    }
}

/// The features that the memory bank is compared with others of.
const PEERS: FeatureConfig = FeatureConfig {
    network: Features::Lite0,
    resolution: FeatureResolution::Px(256),
};

type Figure = (&'static str, fn(&MapEvaluation) -> Option<f64>);

/// The figures of the table.
const FIGURES: [Figure; 5] = [
    ("pixel_auroc", |map| map.pixel_auroc),
    ("aupro", |map| map.aupro),
    ("pixel_average_precision", |map| map.pixel_average_precision),
    ("image_auroc", |map| map.image_auroc),
    ("image_average_precision", |map| map.image_average_precision),
];

/// The heads of the Markdown table, in the order of the figures.
const HEADS: [&str; 5] = [
    "pixel AUROC",
    "AUPRO",
    "pixel AP",
    "image AUROC",
    "image AP",
];

/// A figure of how a projection heals.
type HealingFigure = (&'static str, fn(&Healing) -> f64);

/// Those of the table, which projected maps alone have, and their heads.
const HEALING: [HealingFigure; 2] = [
    ("defect_left", |healing| healing.within),
    ("untouched", |healing| healing.untouched),
];
const HEALING_HEADS: [&str; 2] = ["defect left", "untouched"];

/// One row: a sort of map of the models of one objective on one set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BenchmarkRow {
    /// The data set.
    pub set: String,
    /// The objective's name; what needs no trained network has none.
    pub objective: Option<&'static str>,
    /// Which features are remembered: see [`FeatureConfig::name`](super::config::FeatureConfig::name).
    /// Runs with others are another row.
    pub features: Option<String>,
    /// What the figures are of: see [`MapKind::name`].
    pub map: &'static str,
    /// Mean training images a model.
    pub images_seen: u64,
    /// The figures by name; what is undefined is missing.
    pub figures: BTreeMap<&'static str, Spread>,
}

/// The rows of some runs: by set, then by objective in the order of first appearance; what
/// needs no trained network once a set, since every objective gives the same, and the memory bank once
/// for each of the features. What it is compared with has features of its own.
pub fn rows(runs: &[BenchmarkRun]) -> Vec<BenchmarkRow> {
    let mut sets: Vec<&str> = runs.iter().map(|run| run.set.as_str()).collect();
    sets.sort_unstable();
    sets.dedup();
    let mut rows = Vec::new();
    for set in sets {
        let of_set: Vec<&BenchmarkRun> = runs.iter().filter(|run| run.set == set).collect();
        rows.extend(row(&of_set, None, None, MapKind::MeanImage));
        for (features, own) in groups(&of_set, features) {
            rows.extend(row(&own, None, Some(&features), MapKind::MemoryBank));
        }
        for peer in [MapKind::PlainBank, MapKind::GaussianByPlace] {
            rows.extend(row(&of_set, None, Some(&PEERS.name()), peer));
        }
        let kind = |run: &BenchmarkRun| (run.recipe.training.objective.name(), features(run));
        for ((objective, features), own) in groups(&of_set, kind) {
            for map in [MapKind::Plain, MapKind::Projected] {
                rows.extend(row(&own, Some(objective), Some(&features), map));
            }
        }
    }
    rows
}

/// Runs that have something in common, in the order of first appearance.
fn groups<'a, K: PartialEq>(
    runs: &[&'a BenchmarkRun],
    key: impl Fn(&BenchmarkRun) -> K,
) -> Vec<(K, Vec<&'a BenchmarkRun>)> {
    let mut groups: Vec<(K, Vec<&BenchmarkRun>)> = Vec::new();
    for run in runs {
        let own = key(run);
        match groups.iter_mut().find(|(key, _)| *key == own) {
            Some((_, runs)) => runs.push(run),
            None => groups.push((own, vec![run])),
        }
    }
    groups
}

/// Which features a run remembers.
fn features(run: &BenchmarkRun) -> String {
    // Runs from before there were features do not say that they have none.
    match run.evaluation.overall.memory_bank {
        Some(_) => run.recipe.features.name(),
        None => FeatureConfig::NONE.name(),
    }
}

/// `None` where there is nothing of the sort.
fn row(
    runs: &[&BenchmarkRun],
    objective: Option<&'static str>,
    features: Option<&str>,
    map: MapKind,
) -> Option<BenchmarkRow> {
    let of_run = |run: &&BenchmarkRun| {
        let mut maps = run.evaluation.overall.maps();
        maps.find(|(kind, _)| *kind == map)
            .map(|(_, figures)| *figures)
    };
    let evaluations: Vec<MapEvaluation> = runs.iter().filter_map(of_run).collect();
    if evaluations.is_empty() {
        return None;
    }
    let spread = |(name, figure): &Figure| {
        let values: Vec<f64> = evaluations.iter().filter_map(figure).collect();
        Some((*name, Spread::of(&values)?))
    };
    let healing = runs.iter().filter(|_| map == MapKind::Projected);
    let healing: Vec<Healing> = healing.filter_map(|run| run.evaluation.healing).collect();
    let healed = |(name, figure): &HealingFigure| {
        let values: Vec<f64> = healing.iter().map(figure).collect();
        Some((*name, Spread::of(&values)?))
    };
    let healed: Vec<_> = HEALING.iter().filter_map(healed).collect();
    let images: u64 = runs.iter().map(|run| run.images_seen).sum();
    Some(BenchmarkRow {
        set: runs.first()?.set.clone(),
        objective,
        features: features.map(str::to_owned),
        map: map.name(),
        images_seen: images / runs.len() as u64,
        figures: FIGURES.iter().filter_map(spread).chain(healed).collect(),
    })
}

/// The rows as a Markdown table: mean ± standard deviation over the runs.
pub fn markdown(rows: &[BenchmarkRow]) -> String {
    let mut text = format!(
        "| set | objective | features | map | runs | images | {} |\n|---|---|---|---|---|---|{}\n",
        [&HEADS[..], &HEALING_HEADS].concat().join(" | "),
        "---|".repeat(HEADS.len() + HEALING_HEADS.len())
    );
    for row in rows {
        let runs = row.figures.values().map(|spread| spread.runs).max();
        let images = match row.objective {
            Some(_) => row.images_seen.to_string(),
            None => "-".into(),
        };
        let _ = write!(
            text,
            "| {} | {} | {} | {} | {} | {images} |",
            row.set,
            row.objective.unwrap_or("-"),
            row.features.as_deref().unwrap_or("-"),
            row.map,
            runs.unwrap_or(0)
        );
        let figures = FIGURES.map(|(name, _)| name);
        for name in figures.into_iter().chain(HEALING.map(|(name, _)| name)) {
            let cell = match row.figures.get(name) {
                Some(one) if one.runs > 1 => format!("{:.3} ± {:.3}", one.mean, one.deviation),
                Some(one) => format!("{:.3}", one.mean),
                None => "-".into(),
            };
            let _ = write!(text, " {cell} |");
        }
        text.push('\n');
    }
    text
}

/// What should be known of masks before the figures are believed: a line for each set that has some to look at.
pub fn masks_to_look_at(runs: &[BenchmarkRun]) -> Vec<String> {
    // Every run on a set reads the same masks.
    let odd: BTreeMap<&str, &[OddMask]> = runs
        .iter()
        .map(|run| (run.set.as_str(), &run.evaluation.masks_to_look_at[..]))
        .filter(|(_, odd)| !odd.is_empty())
        .collect();
    let line = |(set, odd): (&str, &[OddMask])| {
        let left_out = odd.iter().filter(|mask| mask.left_out).count();
        format!(
            "{set}: masks to look at: {}, {left_out} of them left out of pixel figures; evaluation.json of its runs \
             names them.",
            odd.len()
        )
    };
    odd.into_iter().map(line).collect()
}

/// The rows as CSV, one figure a line.
pub fn csv(rows: &[BenchmarkRow]) -> String {
    let mut text = "set,objective,features,map,images_seen,figure,mean,deviation,runs\n".to_owned();
    for row in rows {
        for (name, spread) in &row.figures {
            let objective = row.objective.unwrap_or_default();
            let features = row.features.as_deref().unwrap_or_default();
            let set = cell_text(&row.set).replace('"', "\"\"");
            let _ = writeln!(
                text,
                "\"{set}\",{objective},{features},{},{},{name},{},{},{}",
                row.map, row.images_seen, spread.mean, spread.deviation, spread.runs
            );
        }
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::{FeatureResolution, Objective, TrainingConfig};
    use crate::metrics::KindEvaluation;

    fn run(set: &str, objective: Objective, seed: u64, auroc: f64) -> BenchmarkRun {
        let map = |value| MapEvaluation {
            pixel_auroc: Some(value),
            ..Default::default()
        };
        BenchmarkRun {
            set: set.into(),
            recipe: Recipe {
                training: TrainingConfig {
                    objective,
                    seed,
                    ..Default::default()
                },
                ..Default::default()
            },
            images_seen: 1000 * (seed + 1),
            training_secs: 1.0,
            device: "none".into(),
            evaluation: Evaluation {
                overall: KindEvaluation {
                    plain: map(auroc - 0.1),
                    projected: map(auroc),
                    mean_image: Some(map(0.5)),
                    memory_bank: None,
                    plain_bank: None,
                    gaussian_by_place: None,
                },
                healing: Some(Healing {
                    within: 0.25,
                    outside: 0.001,
                    untouched: 0.97,
                    ..Healing::default()
                }),
                ..Default::default()
            },
        }
    }

    #[test]
    fn spreads_are_means_and_sample_deviations() {
        let spread = Spread::of(&[0.7, 0.8, 0.9]).unwrap();
        assert!((spread.mean - 0.8).abs() < 1e-12 && (spread.deviation - 0.1).abs() < 1e-12);
        assert_eq!(Spread::of(&[0.5]).unwrap().deviation, 0.0);
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn a_memory_bank_is_of_one_resolution() {
        let at = |side_px: usize, auroc: f64| {
            let mut run = run("a", Objective::Restoring, 0, 0.6);
            run.recipe.features.resolution = FeatureResolution::Px(side_px);
            run.evaluation.overall.memory_bank = Some(MapEvaluation {
                pixel_auroc: Some(auroc),
                ..Default::default()
            });
            run
        };
        let rows = rows(&[at(256, 0.5), at(512, 0.9), at(256, 0.7)]);
        let banks: Vec<_> = rows.iter().filter(|row| row.map == "memory bank").collect();
        let figures = banks.iter().map(|row| {
            let features = row.features.as_deref().unwrap();
            (features, row.figures["pixel_auroc"].mean)
        });
        let figures: Vec<_> = figures.collect();
        assert_eq!(figures, [("lite0 256", 0.6), ("lite0 512", 0.9)]);
        assert!(banks.iter().all(|row| row.objective.is_none()));
    }

    #[test]
    fn rows_are_by_set_and_objective() {
        let runs = [
            run("b", Objective::Restoring, 0, 0.8),
            run("b", Objective::Restoring, 1, 0.9),
            run("b", Objective::Autoencoder, 0, 0.7),
            run("a", Objective::Restoring, 0, 0.6),
        ];
        let rows = rows(&runs);
        let names: Vec<_> = rows
            .iter()
            .map(|row| (row.set.as_str(), row.objective, row.map))
            .collect();
        assert_eq!(
            names,
            [
                ("a", None, "mean image"),
                ("a", Some("restoring"), "plain"),
                ("a", Some("restoring"), "projected"),
                ("b", None, "mean image"),
                ("b", Some("restoring"), "plain"),
                ("b", Some("restoring"), "projected"),
                ("b", Some("autoencoder"), "plain"),
                ("b", Some("autoencoder"), "projected"),
            ]
        );
        let spread = rows[5].figures["pixel_auroc"];
        assert!((spread.mean - 0.85).abs() < 1e-12);
        assert_eq!((spread.runs, rows[5].images_seen), (2, 1500));
        let table = markdown(&rows);
        assert!(
            table.contains("| b | restoring | none | projected | 2 | 1500 | 0.850 ± 0.071 | - |"),
            "{table}"
        );
        assert!(csv(&rows).contains("\"b\",restoring,none,projected,1500,pixel_auroc,0.85"));
        // How it heals is a figure of the projection alone.
        let healed = |line: &&str| line.contains("0.250 ± 0.000 | 0.970 ± 0.000 |");
        let lines: Vec<&str> = table.lines().filter(healed).collect();
        assert!(
            lines.len() == 1 && lines[0].contains("| projected | 2 |"),
            "{table}"
        );
        assert!(csv(&rows).contains("projected,1500,defect_left,0.25,0,2"));
    }
}
