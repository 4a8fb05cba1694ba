//! The curves of reports.

use super::html::escaped;
use super::number::{area, number, trimmed};
use super::plot::{Axis, Plot};
use super::text::Text;
use kizumi_method::config::Regulariser;
use kizumi_method::decision::Thresholds;
use kizumi_method::histogram::Histogram;
use kizumi_method::iterate::IterateScalars;
use kizumi_method::metrics::Curve;

/// Bars of a histogram.
const BINS: usize = 40;

/// Points closer than this share of the axes are not told apart.
const THIN: f64 = 0.002;

/// Symbols of the method.
const ENERGY: &str = "<i>E</i>";
const ERROR: &str = "<i>L<sub>r</sub></i>";

fn weighted_norm(regulariser: Regulariser) -> &'static str {
    match regulariser {
        Regulariser::L1 => "λ‖<i>x<sub>t</sub></i> − <i>x</i><sub>0</sub>‖<sub>1</sub>",
        Regulariser::L2 => "λ‖<i>x<sub>t</sub></i> − <i>x</i><sub>0</sub>‖²",
    }
}

/// Energy, reconstruction error and weighted regulariser of each iterate; nothing without two.
pub(super) fn energy(
    text: &Text,
    scalars: &[IterateScalars],
    lambda: f32,
    regulariser: Regulariser,
) -> String {
    let (Some(first), Some(last)) = (scalars.first(), scalars.last()) else {
        return String::new();
    };
    if scalars.len() < 2 {
        return String::new();
    }
    let weighted = |s: &IterateScalars| f64::from(lambda) * f64::from(s.regulariser);
    let high = scalars
        .iter()
        .flat_map(|s| [s.energy, s.reconstruction_error])
        .map(f64::from)
        .filter(|value| value.is_finite())
        .fold(0.0, f64::max);
    let mut plot = Plot::new(
        Axis::fitted(text.iteration, first.t as f64, last.t as f64),
        Axis::new(text.energy, 0.0, high),
    );
    let points = |value: &dyn Fn(&IterateScalars) -> f64| -> Vec<(f64, f64)> {
        scalars.iter().map(|s| (s.t as f64, value(s))).collect()
    };
    let energy = points(&|s| f64::from(s.energy));
    let error = points(&|s| f64::from(s.reconstruction_error));
    plot.line(0, ENERGY, energy.into_iter());
    plot.line(1, ERROR, error.into_iter());
    let norm = weighted_norm(regulariser);
    plot.line(2, norm, points(&weighted).into_iter());
    let alt = (text.energy_alt)(&number(first.energy), &number(last.energy), last.t);
    plot.figure(text.energy_heading, &alt)
}

/// The numbers at both ends of a run.
pub(super) fn ends(
    text: &Text,
    scalars: &[IterateScalars],
    lambda: f32,
    regulariser: Regulariser,
) -> String {
    let (Some(first), Some(last)) = (scalars.first(), scalars.last()) else {
        return String::new();
    };
    let mut html = format!(
        "<table><thead><tr><td></td><th scope=\"col\" class=\"n\"><i>t</i> = {}</th>\
         <th scope=\"col\" class=\"n\"><i>t</i> = {}</th></tr></thead><tbody>\n",
        first.t, last.t
    );
    type Value = fn(&IterateScalars, f32) -> f32;
    let rows: [(&str, &str, Value); 6] = [
        (text.energy, ENERGY, |s, _| s.energy),
        (text.reconstruction_error, ERROR, |s, _| {
            s.reconstruction_error
        }),
        (
            text.weighted_regulariser,
            weighted_norm(regulariser),
            |s, lambda| lambda * s.regulariser,
        ),
        (text.reconstruction_shift, "", |s, _| s.reconstruction_shift),
        (text.largest_change, "", |s, _| s.largest_change),
        (text.alpha, "", |s, _| s.alpha),
    ];
    for (name, symbol, value) in rows {
        html += &format!(
            "<tr><th scope=\"row\">{} <span class=\"formula\">{symbol}</span></th>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            escaped(name),
            number(value(first, lambda)),
            number(value(last, lambda))
        );
    }
    html + "</tbody></table>\n"
}

/// What every threshold would do to either sort of map.
pub(super) struct Curves {
    pub plain: Option<Curve>,
    pub projected: Option<Curve>,
    /// Of projected scores.
    pub threshold: Option<f32>,
}

impl Curves {
    fn each(&self) -> impl Iterator<Item = (&Curve, bool)> {
        let projected = self.projected.iter().map(|curve| (curve, true));
        projected.chain(self.plain.iter().map(|curve| (curve, false)))
    }

    /// ROC and precision-recall curve beside each other; nothing without both classes.
    pub fn figures(&self, text: &Text) -> String {
        if self.each().next().is_none() {
            return String::new();
        }
        let unit = |label: &str| Axis::new(label, 0.0, 1.0);
        let mut roc = Plot::new(unit(text.false_alarm_rate), unit(text.recall));
        let mut precision = Plot::new(unit(text.recall), unit(text.precision));
        let [mut roc_alt, mut precision_alt] =
            [text.roc_heading, text.pr_heading].map(String::from);
        for (curve, is_projected) in self.each() {
            let (series, map) = match is_projected {
                true => (0, text.projected_map),
                false => (1, text.plain_map),
            };
            let points = curve.thinned(THIN);
            let under = format!("{map}: AUROC {}", area(Some(curve.area())));
            let average = format!("{map}: AP {}", area(Some(curve.average_precision())));
            let of_roc = points.iter().map(|p| (p.false_alarm_rate, p.recall));
            roc.line(series, &under, of_roc);
            let of_precision = points.iter().map(|p| (p.recall, p.precision));
            precision.line(series, &average, of_precision);
            roc_alt += &format!("; {under}");
            precision_alt += &format!("; {average}");
            if let Some(threshold) = self.threshold.filter(|_| is_projected) {
                let now = curve.at(threshold);
                roc.dot(series, text.at_threshold, now.false_alarm_rate, now.recall);
                precision.dot(series, text.at_threshold, now.recall, now.precision);
            }
        }
        format!(
            "<div class=\"pair\">{}{}</div>\n",
            roc.figure(text.roc_heading, &roc_alt),
            precision.figure(text.pr_heading, &precision_alt)
        )
    }
}

/// Scores by what the images show: good, defective, unknown.
pub(super) fn histogram(
    text: &Text,
    groups: &[(&str, usize, Vec<f32>)],
    thresholds: Option<Thresholds>,
) -> String {
    let finite = || {
        let scores = groups.iter().flat_map(|(_, _, scores)| scores);
        scores.copied().filter(|score| score.is_finite())
    };
    if finite().next().is_none() {
        return String::new();
    }
    let limits = thresholds.map(|both| both.reject);
    let high = finite().chain(limits).fold(f32::MIN, f32::max);
    let low = finite().fold(f32::MAX, f32::min).min(0.0);
    let counted: Vec<Histogram> = groups
        .iter()
        .map(|(_, _, scores)| Histogram::new(scores.iter().copied(), low, high, BINS))
        .collect();
    let width = (f64::from(high) - f64::from(low)) / BINS as f64;
    let mut bottoms = [0u64; BINS];
    let mut drawn = Vec::new();
    for histogram in &counted {
        let mut bars = Vec::new();
        for (bin, (bottom, count)) in bottoms.iter_mut().zip(&histogram.counts).enumerate() {
            let from = f64::from(low) + bin as f64 * width;
            bars.push((from, from + width, *bottom as f64, (*bottom + count) as f64));
            *bottom += count;
        }
        drawn.push(bars);
    }
    let most = bottoms.iter().copied().max().unwrap_or(1);
    let mut plot = Plot::new(
        Axis::fitted(text.projected_score, f64::from(low), f64::from(high)),
        Axis::of_counts(text.images, most as f64),
    );
    let mut alt = text.histogram_heading.to_owned();
    for ((name, series, scores), bars) in groups.iter().zip(drawn) {
        let name = format!("{name}: {}", scores.len());
        plot.bars(*series, &name, bars.into_iter());
        alt += &format!("; {name}");
    }
    if let Some(Thresholds { review, reject }) = thresholds {
        let named = |name: &str, value: f32| format!("{name} {}", trimmed(value));
        if review < reject {
            let name = named(text.review_above, review);
            plot.threshold("review", &name, f64::from(review));
        }
        let name = named(text.reject_above, reject);
        plot.threshold("reject", &name, f64::from(reject));
    }
    plot.figure(text.histogram_heading, &alt)
}

#[cfg(test)]
mod tests {
    use super::super::text::ENGLISH;
    use super::*;

    fn scalars(count: usize) -> Vec<IterateScalars> {
        let scalars = |t: usize| IterateScalars {
            t,
            energy: 100.0 - t as f32,
            reconstruction_error: 90.0 - t as f32,
            regulariser: 2.0 * t as f32,
            ..IterateScalars::default()
        };
        (0..count).map(scalars).collect()
    }

    #[test]
    fn the_energy_has_three_lines() {
        let html = energy(&ENGLISH, &scalars(26), 0.05, Regulariser::L1);
        let lines = html.matches("class=\"line ").count();
        assert_eq!(lines, 6, "three and their samples");
        for tick in [">25<", ">100<"] {
            assert!(html.contains(tick), "{tick}");
        }
        assert_eq!(energy(&ENGLISH, &scalars(1), 0.05, Regulariser::L1), "");
        let html = ends(&ENGLISH, &scalars(26), 0.05, Regulariser::L1);
        assert!(html.contains("75.00") && html.contains("2.500"), "{html}");
    }

    #[test]
    fn curves_name_their_areas() {
        let curves = Curves {
            plain: Curve::new(&[0.1, 0.4], &[0.35, 0.8]),
            projected: Curve::new(&[0.1, 0.2], &[0.35, 0.8]),
            threshold: Some(0.3),
        };
        let html = curves.figures(&ENGLISH);
        for name in [
            "AUROC 0.750",
            "AUROC 1.000",
            "AP 1.000",
            ENGLISH.at_threshold,
        ] {
            assert!(html.contains(name), "{name}");
        }
        let none = Curves {
            plain: None,
            projected: None,
            ..curves
        };
        assert_eq!(none.figures(&ENGLISH), "");
    }

    #[test]
    fn the_histogram_counts_every_image() {
        let groups = [
            ("good", 1, vec![0.0, 0.1, f32::NAN]),
            ("defective", 0, vec![0.1, 0.4]),
        ];
        let thresholds = Thresholds {
            review: 0.2,
            reject: 0.3,
        };
        let html = histogram(&ENGLISH, &groups, Some(thresholds));
        // Four bars, two samples; two thresholds with their halos and samples.
        assert_eq!(html.matches("class=\"bar ").count(), 6);
        assert_eq!(html.matches("class=\"threshold ").count(), 6);
        assert!(html.contains("good: 3"));
        assert_eq!(histogram(&ENGLISH, &[("good", 1, vec![])], None), "");
    }
}
