//! An evaluation for people: plain against projected, and whether the projection helped.

use kizumi_image::shown::escaped;
use kizumi_method::metrics::{
    BestF1, Evaluation, ImageCounts, KindEvaluation, MapEvaluation, OddMask,
};

/// A gain or loss below this is none.
const NOTEWORTHY: f64 = 0.001;

/// Longer names of kinds are cut, so that a line has 100 characters at most.
const NAME_WIDTH: usize = 30;

/// The columns: what of, heading, figure.
const COLUMNS: [(&str, Figure); 7] = [
    ("AUROC", |map| map.pixel_auroc),
    ("AUPRO", |map| map.aupro),
    ("AP", |map| map.pixel_average_precision),
    ("F1", |map| f1(map.pixel_best_f1)),
    ("AUROC", |map| map.image_auroc),
    ("AP", |map| map.image_average_precision),
    ("F1", |map| f1(map.image_best_f1)),
];

/// How many of them are of pixels; the others are of images.
const PIXEL_COLUMNS: usize = 4;

/// The most masks that are named.
const MASKS_NAMED: usize = 10;

type Figure = fn(&MapEvaluation) -> Option<f64>;

fn f1(best: Option<BestF1>) -> Option<f64> {
    best.map(|best| best.f1)
}

/// The table and its verdict.
pub fn table(evaluation: &Evaluation) -> String {
    let blocks: Vec<(String, &KindEvaluation)> = evaluation
        .rows()
        .map(|(name, kind)| (cut(&escaped(name)), kind))
        .collect();
    let names = blocks.iter().map(|(name, _)| name.chars().count());
    let width = names.max().unwrap_or(0);

    let images = &evaluation.images;
    let unreadable = match images.unreadable {
        0 => String::new(),
        unreadable => format!("; not counted: {unreadable} that could not be read"),
    };
    let mut lines = vec![
        format!(
            "{} normal and {} defective test images ({} left out of pixel figures){unreadable}",
            images.normal, images.defective, images.left_out_of_pixel_auroc
        ),
        // In the middle above their columns.
        format!("{:width$}  {:10}  {:>18}{:>26}", "", "", "pixels", "images"),
        row(
            "kind",
            width,
            "map",
            COLUMNS.map(|(name, _)| name.to_owned()),
        ),
    ];
    for (name, kind) in blocks {
        for (i, (map, figures)) in kind.maps().enumerate() {
            let name = if i == 0 { name.as_str() } else { "" };
            let cells = COLUMNS.map(|(_, figure)| {
                figure(figures).map_or("-".into(), |value| format!("{value:.4}"))
            });
            lines.push(row(name, width, map.name(), cells));
        }
    }
    lines.extend(verdict(evaluation));
    lines.extend(masks(&evaluation.masks_to_look_at));
    lines.join("\n")
}

/// The masks that the pixel figures should not be believed without a look at.
fn masks(odd: &[OddMask]) -> Vec<String> {
    let left_out = odd.iter().filter(|mask| mask.left_out).count();
    let head = format!(
        "Masks to look at: {} ({left_out} left out of pixel figures)",
        odd.len()
    );
    let each = odd.iter().take(MASKS_NAMED);
    let each = each.map(|OddMask { path, reason, .. }| format!("  {}: {reason}", escaped(path)));
    let more = odd.len().saturating_sub(MASKS_NAMED);
    let more = (more > 0).then(|| format!("  and {more} more: --json names all"));
    let head = (!odd.is_empty()).then_some(head);
    head.into_iter().chain(each).chain(more).collect()
}

/// A line; it does not end in spaces.
fn row(name: &str, width: usize, map: &str, cells: [String; COLUMNS.len()]) -> String {
    let mut line = format!("{name:width$}  {map:10}");
    for (i, cell) in cells.iter().enumerate() {
        let gap = if i == PIXEL_COLUMNS { "    " } else { "  " };
        line += &format!("{gap}{cell:>6}");
    }
    line
}

fn cut(name: &str) -> String {
    match name.char_indices().nth(NAME_WIDTH) {
        None => name.into(),
        Some(_) => name.chars().take(NAME_WIDTH - 1).chain(['…']).collect(),
    }
}

/// Why figures are missing, and what helps.
pub fn missing(images: &ImageCounts) -> Vec<String> {
    let mut lines = Vec::new();
    if images.normal == 0 {
        lines.push(
            "AUROC needs normal test images (test/good); there are none. Normal images that were not trained \
             on would do, in test/good or below a folder that --test names."
                .to_owned(),
        );
    }
    if images.defective == 0 {
        lines.push(
            "AUROC needs defect images (test/<kind>); there are none. Images in a folder such as NG, or below \
             one that --test names, would do."
                .to_owned(),
        );
    } else if images.left_out_of_pixel_auroc == images.defective {
        lines.push(
            "Pixel figures need masks that fit their images; there are none. X_mask.png for X.png would do, in \
             ground_truth/<kind> or in a folder that --masks names."
                .to_owned(),
        );
    }
    lines
}

/// What the figures say, or what they need.
fn verdict(evaluation: &Evaluation) -> Vec<String> {
    let images = &evaluation.images;
    let mut lines = Vec::new();
    lines.extend(missing(images));
    let KindEvaluation {
        plain,
        projected,
        mean_image,
        ..
    } = &evaluation.overall;
    let figures: [(&str, Figure); 3] = [
        ("pixel AUROC", |map| map.pixel_auroc),
        ("AUPRO", |map| map.aupro),
        ("image AUROC", |map| map.image_auroc),
    ];
    for (what, figure) in figures {
        if let (Some(plain), Some(projected)) = (figure(plain), figure(projected)) {
            lines.push(match projected - plain {
                gain if gain >= NOTEWORTHY => {
                    format!("The projection raises the {what} by {gain:.3}.")
                }
                gain if gain <= -NOTEWORTHY => {
                    format!(
                        "The projection hurts: it lowers the {what} by {:.3}.",
                        -gain
                    )
                }
                _ => format!("The projection leaves the {what} as it is."),
            });
        }
    }
    lines.extend(evaluation.healing.map(|healing| {
        let seen = healing.within_seen.map_or(String::new(), |left| {
            let share = 100.0 * healing.seen;
            format!(" ({left:.2} where features see it, {share:.0} % of them)")
        });
        format!(
            "Of a synthetic defect {:.2} of the error is left{seen}, {:.1} % of the other pixels stay as they \
             were (medians).",
            healing.within,
            100.0 * healing.untouched
        )
    }));
    // Where all images look alike, little is needed.
    let better = figures.into_iter().filter_map(|(what, figure)| {
        let ahead = figure(mean_image.as_ref()?)? - figure(projected)?;
        (ahead >= NOTEWORTHY).then(|| format!("by {ahead:.3} in {what}"))
    });
    let better: Vec<String> = better.collect();
    if !better.is_empty() {
        lines.push(format!(
            "The mean of the normal images, without any network, does better: {}.",
            better.join(", ")
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_method::metrics::Healing;

    fn map(pixel: f64, image: f64) -> MapEvaluation {
        MapEvaluation {
            pixel_auroc: Some(pixel),
            pixel_average_precision: Some(0.5),
            pixel_best_f1: Some(BestF1 {
                f1: 0.625,
                threshold: 0.1,
            }),
            image_auroc: Some(image),
            ..MapEvaluation::default()
        }
    }

    fn evaluation(name: &str) -> Evaluation {
        let overall = KindEvaluation {
            plain: map(0.8, 0.9),
            projected: map(0.95, 0.7),
            mean_image: None,
            memory_bank: None,
            plain_bank: None,
            gaussian_by_place: None,
        };
        Evaluation {
            images: ImageCounts {
                normal: 3,
                defective: 2,
                left_out_of_pixel_auroc: 0,
                unreadable: 0,
            },
            overall,
            kinds: [(name.to_owned(), overall)].into(),
            masks_to_look_at: Vec::new(),
            healing: None,
        }
    }

    #[test]
    fn gains_and_losses_are_said() {
        let text = table(&evaluation("scratch"));
        let rows = "\
kind         map          AUROC   AUPRO      AP      F1     AUROC      AP      F1
scratch      plain       0.8000       -  0.5000  0.6250    0.9000       -       -
             projected   0.9500       -  0.5000  0.6250    0.7000       -       -
all defects  plain       0.8000       -  0.5000  0.6250    0.9000       -       -";
        assert!(text.contains(rows), "{text}");
        assert!(text.contains("raises the pixel AUROC by 0.150"), "{text}");
        assert!(
            text.contains("hurts: it lowers the image AUROC by 0.200"),
            "{text}"
        );
        assert!(!text.contains("the AUPRO"), "{text}");
    }

    #[test]
    fn a_better_baseline_is_said() {
        let mut evaluation = evaluation("scratch");
        evaluation.overall.mean_image = Some(map(0.9501, 0.75));
        let text = table(&evaluation);
        assert!(
            text.contains("             mean image  0.9501       -"),
            "{text}"
        );
        assert!(
            text.ends_with("does better: by 0.050 in image AUROC."),
            "{text}"
        );
        evaluation.overall.mean_image = Some(map(0.9, 0.6));
        assert!(!table(&evaluation).contains("does better"));
    }

    #[test]
    fn healing_is_said_where_it_was_measured() {
        let mut evaluation = evaluation("scratch");
        assert!(!table(&evaluation).contains("synthetic defect"));
        evaluation.healing = Some(Healing {
            within: 0.314,
            outside: 0.001,
            untouched: 0.966,
            ..Healing::default()
        });
        let text = table(&evaluation);
        assert!(
            text.contains("0.31 of the error is left, 96.6 % of the other pixels stay"),
            "{text}"
        );
        evaluation.healing = evaluation.healing.map(|healing| Healing {
            within_seen: Some(0.204),
            seen: 0.55,
            ..healing
        });
        let text = table(&evaluation);
        let seen = "0.31 of the error is left (0.20 where features see it, 55 % of them), 96.6 %";
        assert!(text.contains(seen), "{text}");
    }

    #[test]
    fn images_that_could_not_be_read_are_counted_apart() {
        let mut evaluation = evaluation("scratch");
        assert!(!table(&evaluation).contains("could not be read"));
        evaluation.images.unreadable = 2;
        let text = table(&evaluation);
        let head = "3 normal and 2 defective test images (0 left out of pixel figures); not counted: 2 that could \
                    not be read\n";
        assert!(text.starts_with(head), "{text}");
    }

    #[test]
    fn masks_to_look_at_are_named_below_the_figures() {
        let mut evaluation = evaluation("scratch");
        assert!(!table(&evaluation).contains("Masks"));
        let odd = |number| OddMask {
            path: format!("{number}_mask.png"),
            reason: "marks 97 % of the image".into(),
            left_out: number > 1,
        };
        evaluation.masks_to_look_at = (1..=MASKS_NAMED).map(odd).collect();
        let text = table(&evaluation);
        assert!(
            text.contains("Masks to look at: 10 (9 left out of pixel figures)"),
            "{text}"
        );
        assert!(
            text.ends_with("  10_mask.png: marks 97 % of the image"),
            "{text}"
        );
        evaluation.masks_to_look_at.push(odd(11));
        assert!(table(&evaluation).ends_with("and 1 more: --json names all"));
    }

    #[test]
    fn lines_stay_within_a_hundred_columns() {
        let text = table(&evaluation(&"長い名前".repeat(30)));
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert_eq!(widest, Some(100), "{text}");
    }

    #[test]
    fn what_is_missing_is_said() {
        let images = ImageCounts {
            normal: 3,
            ..Default::default()
        };
        let text = table(&Evaluation {
            images,
            ..Default::default()
        });
        assert!(text.contains("needs defect images"), "{text}");
        assert!(!text.contains("NaN"), "{text}");
        let images = ImageCounts {
            defective: 3,
            ..Default::default()
        };
        let text = table(&Evaluation {
            images,
            ..Default::default()
        });
        assert!(text.contains("needs normal test images"), "{text}");
        assert!(text.contains("in test/good"), "{text}");
    }
}
