//! What tuning found, for people.

use super::said::said;
use kizumi_method::config::{Distance, MapConfig, MapKind, ProjectionConfig};
use kizumi_method::tuning::{Comparison, Round, Setting, Trial, TuningResult};

/// Settings of the table.
const ROWS: usize = 10;

/// The table of the best settings, and what was decided.
pub fn table(result: &TuningResult) -> String {
    let mut lines = vec![heading()];
    // The most thorough round that had a choice.
    let round = [Round::Fine, Round::Coarse]
        .into_iter()
        .find(|round| result.tried.iter().any(|trial| trial.round == *round));
    let mut trials: Vec<&Trial> = result.tried.iter().collect();
    trials.retain(|trial| Some(trial.round) == round);
    trials.sort_by(|a, b| {
        let criterion = |trial: &Trial| trial.figures.criterion();
        criterion(b).total_cmp(&criterion(a))
    });
    let best = trials.iter().take(ROWS);
    lines.extend(best.map(|trial| row(trial, &mark(trial, result))));
    // The setting from before, however bad.
    let start = trials.iter().skip(ROWS);
    let mut start = start.filter(|trial| trial.setting() == result.start);
    if let Some(trial) = start.next() {
        lines.push(row(trial, &mark(trial, result)));
    }
    lines.extend(verdict(result));
    lines.join("\n")
}

fn mark(trial: &Trial, result: &TuningResult) -> String {
    match trial.setting() {
        setting if setting == result.start => said!(" as before", " 変更前"),
        setting if setting == result.best => said!(" taken", " 採用"),
        _ => String::new(),
    }
}

fn heading() -> String {
    format!(
        "{:>7} {:>7} {:>5}  {:8} {:7}  {:10} {:>4} {:>6}  {:>6} {:>6} {:>6} {:>4}",
        "alpha",
        "lambda",
        "iter",
        "step",
        "L_r",
        "map",
        "px",
        "mean",
        "pixel",
        "AP",
        "image",
        "left"
    )
}

fn row(trial: &Trial, mark: &str) -> String {
    let (projection, map, figures) = (&trial.projection, &trial.map, &trial.figures);
    let left = figures.defect_left;
    let left = left.map_or_else(String::new, |left| format!("{left:.2}"));
    format!(
        "{:>7} {:>7} {:>5}  {:8} {:7}  {:10} {:>4} {:.4}  {:.4} {:.4} {:.4} {left:>4}{mark}",
        number(projection.alpha),
        number(projection.lambda),
        projection.iterations,
        projection.step.name(),
        distance_name(projection.distance),
        map_name(map),
        number(map.smoothing_px),
        figures.criterion(),
        figures.pixel_auroc,
        figures.pixel_average_precision,
        figures.image_auroc,
    )
}

/// At most four digits after the point, none that say nothing.
fn number(value: f32) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn distance_name(distance: Distance) -> &'static str {
    match distance {
        Distance::SquaredError => "squared",
        Distance::AbsoluteError => "abs",
        Distance::CrossEntropy => "entropy",
        Distance::Dissimilarity => "dssim",
    }
}

/// The kind of a map, marked when it is not measured by what normal images show.
fn map_name(map: &MapConfig) -> String {
    let kind = match map.kind {
        MapKind::Pixels => "pixels",
        MapKind::Structure => "structure",
        MapKind::Fused => "fused",
        MapKind::Features => "features",
        MapKind::Joint => "joint",
    };
    let mark = if map.relative { "" } else { "!" };
    format!("{kind}{mark}")
}

/// What was decided, why, and what changes.
fn verdict(result: &TuningResult) -> Vec<String> {
    let tried = result.tried.len();
    let mut lines = vec![
        said!(
            "{tried} settings tried; mean: of the AUROC of pixels and images with synthetic defects; left: of",
            "{tried}通りの設定を試しました。mean：合成欠陥での画素と画像のAUROCの平均、left：欠陥内の誤差のうち"
        ),
        said!(
            "the error within these, the share that is left in the end; !: not relative.",
            "最後に残る割合、!：良品で測った尺度を使わない。"
        ),
    ];
    let Some(comparison) = &result.comparison else {
        lines.push(said!(
            "Nothing was better than the settings as they are: they stay.",
            "現在より良い設定はありませんでした。設定はそのままです。"
        ));
        return lines;
    };
    let Comparison { found, start, .. } = comparison;
    let (found, start) = (found.criterion(), start.criterion());
    let (gain, margin) = (comparison.gain(), comparison.margin());
    lines.push(said!(
        "On new defects: {found:.4} against {start:.4} before, {gain:+.4}; at least {margin:+.4} are wanted.",
        "新しい欠陥では{found:.4}（変更前{start:.4}、{gain:+.4}）。{margin:+.4}以上が必要です。"
    ));
    lines.push(if result.is_change() {
        let changes = changes(result.start, result.best);
        said!("Better settings: {changes}.", "より良い設定：{changes}。")
    } else if gain > margin {
        said!(
            "A single figure is worse than before: the settings stay as they are.",
            "悪くなった指標があるため、設定はそのままです。"
        )
    } else {
        said!(
            "That is not clearly better: the settings stay as they are.",
            "明らかに良いとは言えないため、設定はそのままです。"
        )
    });
    lines
}

/// What differs between two settings, from and to.
fn changes((projection, map): Setting, (to, to_map): Setting) -> String {
    let values = |projection: &ProjectionConfig, map: &MapConfig| {
        [
            ("alpha", number(projection.alpha)),
            ("lambda", number(projection.lambda)),
            ("omega", number(projection.omega)),
            ("iterations", projection.iterations.to_string()),
            ("step", projection.step.name().to_owned()),
            ("L_r", distance_name(projection.distance).to_owned()),
            (
                "map",
                map_name(&MapConfig {
                    relative: true,
                    ..*map
                }),
            ),
            ("relative", map.relative.to_string()),
            ("smoothing", format!("{} px", number(map.smoothing_px))),
        ]
    };
    let pairs = values(&projection, &map)
        .into_iter()
        .zip(values(&to, &to_map));
    let changed = pairs.filter(|((_, from), (_, to))| from != to);
    let texts: Vec<String> = changed
        .map(|((name, from), (_, to))| format!("{name} {from} -> {to}"))
        .collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_method::tuning::TuningFigures;

    fn trial(alpha: f32, figure: f64) -> Trial {
        Trial {
            round: Round::Coarse,
            projection: ProjectionConfig {
                alpha,
                ..Default::default()
            },
            map: MapConfig::default(),
            figures: TuningFigures {
                pixel_auroc: figure,
                pixel_average_precision: 0.25,
                image_auroc: figure,
                defect_left: Some(0.5),
            },
            images: 12,
        }
    }

    #[test]
    fn the_best_come_first_and_the_start_is_shown() {
        let tried: Vec<Trial> = (0..20)
            .map(|i| trial(0.125 * (i + 1) as f32, 0.5 + 0.02 * f64::from(i)))
            .collect();
        let (start, best) = (tried[0].clone(), tried[19].clone());
        let comparison = Comparison {
            projection: best.projection,
            map: best.map,
            found: best.figures,
            start: start.figures,
            standard_error: 0.001,
        };
        let result = TuningResult {
            start: start.setting(),
            best: best.setting(),
            comparison: Some(comparison),
            tried,
        };
        let text = table(&result);
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines[1].contains(" 2.5 ") && lines[1].ends_with("taken"),
            "{text}"
        );
        assert!(lines[11].ends_with("as before"), "{text}");
        assert!(
            text.ends_with("Better settings: alpha 0.125 -> 2.5."),
            "{text}"
        );
        assert!(
            lines.iter().all(|line| line.chars().count() <= 100),
            "{text}"
        );

        let stays = TuningResult {
            best: result.start,
            comparison: None,
            ..result
        };
        assert!(table(&stays).ends_with("they stay."), "{}", table(&stays));
    }
}
