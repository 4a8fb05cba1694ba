//! An evaluation for people: plain against projected, and whether the projection helped.

use crate::data::metrics::{Evaluation, KindEvaluation, MapEvaluation};

/// A gain or loss below this is none.
const NOTEWORTHY: f64 = 0.001;

/// The table and its verdict.
pub fn table(evaluation: &Evaluation) -> String {
    let overall = KindEvaluation {
        plain: evaluation.plain,
        projected: evaluation.projected,
    };
    let kinds = evaluation
        .kinds
        .iter()
        .map(|(name, kind)| (name.as_str(), kind));
    let rows: Vec<(&str, &KindEvaluation)> = kinds.chain([("all defects", &overall)]).collect();
    let name_width = rows
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);

    let images = &evaluation.images;
    let mut lines = vec![format!(
        "{} normal and {} defective test images ({} left out of pixel AUROC)",
        images.normal, images.defective, images.left_out_of_pixel_auroc
    )];
    lines.push(format!(
        "{:name_width$}  {:^28}  {:^28}",
        "", "pixel AUROC", "image AUROC"
    ));
    let heads = format!("{:>8}  {:>9}  {:>7}", "plain", "projected", "gain");
    lines.push(format!("{:name_width$}  {heads}  {heads}", "kind"));
    for (name, kind) in rows {
        lines.push(format!(
            "{name:name_width$}  {}  {}",
            cells(kind, |map| map.pixel_auroc),
            cells(kind, |map| map.image_auroc)
        ));
    }
    lines.extend(verdict(evaluation));
    lines.join("\n")
}

fn cells(kind: &KindEvaluation, of: fn(&MapEvaluation) -> Option<f64>) -> String {
    let (plain, projected) = (of(&kind.plain), of(&kind.projected));
    let auroc = |value: Option<f64>| value.map_or("-".into(), |value| format!("{value:.4}"));
    let gain = gain(plain, projected).map_or("-".into(), |gain| format!("{gain:+.4}"));
    format!("{:>8}  {:>9}  {gain:>7}", auroc(plain), auroc(projected))
}

fn gain(plain: Option<f64>, projected: Option<f64>) -> Option<f64> {
    Some(projected? - plain?)
}

/// What the figures say, or what they need.
fn verdict(evaluation: &Evaluation) -> Vec<String> {
    let images = &evaluation.images;
    let (plain, projected) = (&evaluation.plain, &evaluation.projected);
    let mut lines = Vec::new();
    if images.normal == 0 {
        lines.push("AUROC needs normal test images (test/good); there are none.".to_owned());
    }
    if images.defective == 0 {
        lines.push("AUROC needs defect images (test/<kind>); there are none.".to_owned());
    } else if images.left_out_of_pixel_auroc == images.defective {
        lines.push("Pixel AUROC needs masks that fit their images; there are none.".to_owned());
    }
    for (what, plain, projected) in [
        ("pixel", plain.pixel_auroc, projected.pixel_auroc),
        ("image", plain.image_auroc, projected.image_auroc),
    ] {
        if let Some(gain) = gain(plain, projected) {
            lines.push(match gain {
                gain if gain >= NOTEWORTHY => {
                    format!("The projection raises the {what} AUROC by {gain:.3}.")
                }
                gain if gain <= -NOTEWORTHY => format!(
                    "The projection hurts: it lowers the {what} AUROC by {:.3}.",
                    -gain
                ),
                _ => format!("The projection leaves the {what} AUROC as it is."),
            });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::metrics::ImageCounts;

    fn map(pixel: Option<f64>, image: Option<f64>) -> MapEvaluation {
        MapEvaluation {
            pixel_auroc: pixel,
            image_auroc: image,
        }
    }

    #[test]
    fn gains_and_losses_are_said() {
        let plain = map(Some(0.8), Some(0.9));
        let projected = map(Some(0.95), Some(0.7));
        let text = table(&Evaluation {
            images: ImageCounts {
                normal: 3,
                defective: 2,
                left_out_of_pixel_auroc: 0,
            },
            plain,
            projected,
            kinds: [("scratch".to_owned(), KindEvaluation { plain, projected })].into(),
        });
        assert!(
            text.contains("scratch        0.8000     0.9500  +0.1500"),
            "{text}"
        );
        assert!(text.contains("raises the pixel AUROC by 0.150"), "{text}");
        assert!(
            text.contains("hurts: it lowers the image AUROC by 0.200"),
            "{text}"
        );
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
    }
}
