//! The curves of reports.

use maud::{Markup, PreEscaped, html};

use super::html::cell;
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
type Symbol = PreEscaped<&'static str>;
const ENERGY: Symbol = PreEscaped("<i>E</i>");
const ERROR: Symbol = PreEscaped("<i>L<sub>r</sub></i>");

fn weighted_norm(regulariser: Regulariser) -> Symbol {
    PreEscaped(match regulariser {
        Regulariser::L1 => "λ‖<i>x<sub>t</sub></i> − <i>x</i><sub>0</sub>‖<sub>1</sub>",
        Regulariser::L2 => "λ‖<i>x<sub>t</sub></i> − <i>x</i><sub>0</sub>‖²",
    })
}

/// Energy, reconstruction error and weighted regulariser of each iterate; nothing without two.
pub(super) fn energy(
    text: &Text,
    scalars: &[IterateScalars],
    lambda: f32,
    regulariser: Regulariser,
) -> Option<Markup> {
    let [first, .., last] = scalars else {
        return None;
    };
    let high = scalars
        .iter()
        .flat_map(|s| [s.energy, s.reconstruction_error])
        .filter(|value| value.is_finite())
        .fold(0.0, f32::max);
    let mut plot = Plot::new(
        Axis::fitted(text.iteration, first.t as f64, last.t as f64),
        Axis::new(text.energy, 0.0, high.into()),
    );
    let mut line = |series, name, value: &dyn Fn(&IterateScalars) -> f32| {
        let points = scalars.iter().map(|s| (s.t as f64, value(s).into()));
        plot.line(series, name, points);
    };
    line(0, ENERGY, &|s| s.energy);
    line(1, ERROR, &|s| s.reconstruction_error);
    line(2, weighted_norm(regulariser), &|s| lambda * s.regulariser);
    let alt = (text.energy_alt)(&number(first.energy), &number(last.energy), last.t);
    Some(plot.figure(text.energy_heading, &alt))
}

/// The numbers at both ends of a run.
pub(super) fn ends(
    text: &Text,
    scalars: &[IterateScalars],
    lambda: f32,
    regulariser: Regulariser,
) -> Markup {
    let (Some(first), Some(last)) = (scalars.first(), scalars.last()) else {
        return html! {};
    };
    type Value<'a> = &'a dyn Fn(&IterateScalars) -> f32;
    let rows: [(&str, Symbol, Value<'_>); 6] = [
        (text.energy, ENERGY, &|s| s.energy),
        (text.reconstruction_error, ERROR, &|s| {
            s.reconstruction_error
        }),
        (
            text.weighted_regulariser,
            weighted_norm(regulariser),
            &|s| lambda * s.regulariser,
        ),
        (text.reconstruction_shift, PreEscaped(""), &|s| {
            s.reconstruction_shift
        }),
        (text.largest_change, PreEscaped(""), &|s| s.largest_change),
        (text.alpha, PreEscaped(""), &|s| s.alpha),
    ];
    html! {
        table {
            thead { tr {
                td {}
                @for end in [first, last] { th.n scope="col" { i { "t" } " = " (end.t) } }
            } }
            tbody {
                @for (name, symbol, value) in rows {
                    tr {
                        th scope="row" { (name) " " span.formula { (symbol) } }
                        @for end in [first, last] { (cell(number(value(end)))) }
                    }
                }
            }
        }
    }
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
    pub fn figures(&self, text: &Text) -> Option<Markup> {
        self.each().next()?;
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
            roc_alt += &format!("; {under}");
            precision_alt += &format!("; {average}");
            let of_roc = points.iter().map(|p| (p.false_alarm_rate, p.recall));
            roc.line(series, under, of_roc);
            let of_precision = points.iter().map(|p| (p.recall, p.precision));
            precision.line(series, average, of_precision);
            if let Some(threshold) = self.threshold.filter(|_| is_projected) {
                let now = curve.at(threshold);
                roc.dot(series, text.at_threshold, now.false_alarm_rate, now.recall);
                precision.dot(series, text.at_threshold, now.recall, now.precision);
            }
        }
        Some(html! {
            div.pair {
                (roc.figure(text.roc_heading, &roc_alt))
                (precision.figure(text.pr_heading, &precision_alt))
            }
        })
    }
}

/// Scores by what the images show: good, defective, unknown.
pub(super) fn histogram(
    text: &Text,
    groups: &[(&str, usize, Vec<f32>)],
    thresholds: Option<Thresholds>,
) -> Option<Markup> {
    let finite = || {
        let scores = groups.iter().flat_map(|(_, _, scores)| scores);
        scores.copied().filter(|score| score.is_finite())
    };
    finite().next()?;
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
        alt += &format!("; {name}");
        plot.bars(*series, name, bars.into_iter());
    }
    if let Some(Thresholds { review, reject }) = thresholds {
        let named = |name: &str, value: f32| format!("{name} {}", trimmed(value));
        if review < reject {
            plot.threshold("review", named(text.review_above, review), review.into());
        }
        plot.threshold("reject", named(text.reject_above, reject), reject.into());
    }
    Some(plot.figure(text.histogram_heading, &alt))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
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
        let html = energy(&ENGLISH, &scalars(26), 0.05, Regulariser::L1)
            .unwrap()
            .into_string();
        let lines = html.matches("class=\"line ").count();
        assert_eq!(lines, 6, "three and their samples");
        for tick in [">25<", ">100<"] {
            assert!(html.contains(tick), "{tick}");
        }
        assert!(energy(&ENGLISH, &scalars(1), 0.05, Regulariser::L1).is_none());
        let html = ends(&ENGLISH, &scalars(26), 0.05, Regulariser::L1).into_string();
        assert!(html.contains("75.00") && html.contains("2.500"), "{html}");
    }

    #[test]
    fn curves_name_their_areas() {
        let curves = Curves {
            plain: Curve::new(&[0.1, 0.4], &[0.35, 0.8]),
            projected: Curve::new(&[0.1, 0.2], &[0.35, 0.8]),
            threshold: Some(0.3),
        };
        let html = curves.figures(&ENGLISH).unwrap().into_string();
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
        assert!(none.figures(&ENGLISH).is_none());
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
        let html = histogram(&ENGLISH, &groups, Some(thresholds))
            .unwrap()
            .into_string();
        // Four bars, two samples; two thresholds with their halos and samples.
        assert_eq!(html.matches("class=\"bar ").count(), 6);
        assert_eq!(html.matches("class=\"threshold ").count(), 6);
        assert!(html.contains("good: 3"));
        assert!(histogram(&ENGLISH, &[("good", 1, vec![])], None).is_none());
    }
}
