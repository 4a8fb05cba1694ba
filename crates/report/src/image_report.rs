//! The report of one image.

use std::path::PathBuf;

use maud::{Markup, html};

use super::curves;
use super::figure::Figure;
use super::html::{cell, fact, facts, heads, path, section};
use super::number::{number, trimmed};
use super::page::page;
use super::score::{self, Score, badge, class};
use super::settings::{Model, Settings, sections};
use super::text::Text;
use kizumi_dataset::catalog::Kind;
use kizumi_image::placement::Placement;
use kizumi_image::regions::Region;
use kizumi_method::decision::{Thresholds, Verdict};
use kizumi_method::iterate::{IterateScalars, StopRule};
use kizumi_method::judgement::{Judgement, Reason};
use kizumi_method::likeness::Unlike;

/// One inspected image.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageReport {
    /// Its heading, the file's name for example.
    pub title: String,
    /// When it was made, as the reader should see it.
    pub date: String,
    /// The image file.
    pub path: PathBuf,
    /// What its folder says it shows.
    pub kind: Kind,
    /// Where the network's input lies in the file's image.
    pub placement: Option<Placement>,
    /// What a person should know of the image.
    pub notes: Vec<String>,
    /// Of the plain map.
    pub plain: Score,
    /// Of the projected map.
    pub projected: Score,
    /// In what the picture is unlike those that the model knows, if it is.
    pub unlike: Option<Unlike>,
    /// Iterations done.
    pub iterations: usize,
    /// Which rule ended the projection.
    pub stop: StopRule,
    /// Pictures, in order.
    pub figures: Vec<Figure>,
    /// Regions above the pixel threshold; `None` where nobody looked for them.
    pub regions: Option<RegionTable>,
    /// The numbers of each iterate; without two there is no curve.
    pub curve: Vec<IterateScalars>,
    /// How it was inspected.
    pub settings: Settings,
    /// With which model.
    pub model: Option<Model>,
}

/// Regions of the projected map.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionTable {
    /// Map values above it belong to a region.
    pub threshold: f32,
    /// The regions, the highest peak first, filtered ones among them.
    pub regions: Vec<Region>,
}

impl ImageReport {
    /// The report as an HTML document.
    pub fn to_html(&self, text: &Text) -> String {
        let figures: Vec<Markup> = self
            .figures
            .iter()
            .filter_map(|figure| figure.html(text))
            .collect();
        let scores = score::table(text, &self.plain, &self.projected);
        let body = html! {
            @if !figures.is_empty() {
                @let figures = html! { div.figures { @for figure in figures { (figure) } } };
                (section("figures", text.figures_heading, &figures))
            }
            div.pair {
                (section("scores", text.scores_heading, &scores))
                @if let Some(table) = &self.regions {
                    (section("regions", text.regions_heading, &self.regions_html(text, table)))
                }
            }
            @if let Some(run) = self.run_html(text) {
                (section("energy", text.run_heading, &run))
            }
            (sections(text, &self.settings, self.model.as_ref()))
        };
        let head = self.head(text);
        page(
            text,
            text.image_report,
            &self.title,
            &self.date,
            &head,
            &body,
        )
    }

    fn head(&self, text: &Text) -> Markup {
        let mut rows = vec![(text.file, path(&self.path))];
        if let Some(Placement {
            source_px: (width, height),
            ..
        }) = self.placement
        {
            rows.push(fact(text.size, format_args!("{width} × {height} px")));
        }
        if self.kind != Kind::Unknown {
            rows.push(fact(text.ground_truth, text.kind(&self.kind)));
        }
        rows.push(fact(text.date, &self.date));
        rows.push(fact(
            text.run_heading,
            (text.ended_by)(self.stop, self.iterations),
        ));
        html! {
            (self.verdict(text))
            (facts(&rows))
            @for note in &self.notes { p.note { (note) } }
        }
    }

    /// The first thing to see; without thresholds nothing is judged.
    fn verdict(&self, text: &Text) -> Markup {
        let projected = &self.projected.score;
        let judgement = Judgement::of(projected, &self.plain.score, self.unlike);
        let Some(Judgement { verdict, reasons }) = judgement else {
            return html! {};
        };
        let Some(limits) = projected.limits.filter(|_| projected.value.is_finite()) else {
            return html! {
                div #verdict.verdict.(class(verdict)) {
                    (badge(text, verdict))
                    p { @for reason in reasons.iter() { (text.judging.reason(reason)) " " } }
                }
            };
        };
        let Thresholds { review, reject } = limits.thresholds;
        let values = [projected.value, review, reject].map(trimmed);
        let by_score = limits.thresholds.verdict(projected.value);
        let why = (text.why)(by_score, &values[0], &values[1], &values[2]);
        let further = reasons.iter().filter(|reason| match reason {
            // The sentence before says so.
            Reason::AboveThreshold => false,
            Reason::NearThreshold => by_score == Verdict::Pass,
            _ => true,
        });
        html! {
            div #verdict.verdict.(class(verdict)) {
                (badge(text, verdict))
                p {
                    (why)
                    @for reason in further { " " (text.judging.reason(reason)) }
                    @if let Some(uncertainty) = text.judging.uncertainty(&limits) { " " (uncertainty) }
                }
            }
        }
    }

    fn regions_html(&self, text: &Text, table: &RegionTable) -> Markup {
        let kept: Vec<&Region> = table
            .regions
            .iter()
            .filter(|region| !region.filtered)
            .collect();
        let filtered = table.regions.len() - kept.len();
        let mut columns = vec![
            ("#", true),
            (text.area, true),
            (text.peak, true),
            (text.position, true),
            (text.extent, true),
        ];
        if self.placement.is_some() {
            columns.push((text.source_position, true));
        }
        html! {
            p { ((text.regions_summary)(kept.len(), filtered, &trimmed(table.threshold))) }
            @if !kept.is_empty() {
                table {
                    (heads(&columns))
                    tbody {
                        @for (index, region) in kept.iter().enumerate() {
                            @let (x, y) = region.centroid;
                            @let (width, height) = region.bounds.size_px();
                            tr {
                                (cell(index + 1))
                                (cell(region.area_px))
                                (cell(number(region.peak)))
                                (cell(format_args!("{x:.1}, {y:.1}")))
                                (cell(format_args!("{width} × {height}")))
                                @if let Some(placement) = self.placement {
                                    @let (x, y) = placement.source_from_canvas(x.into(), y.into());
                                    (cell(format_args!("{x:.0}, {y:.0}")))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The energy over the iterations; `None` without two of them.
    fn run_html(&self, text: &Text) -> Option<Markup> {
        let projection = &self.settings.projection;
        let plot = curves::energy(text, &self.curve, projection.lambda, projection.regulariser)?;
        let ends = curves::ends(text, &self.curve, projection.lambda, projection.regulariser);
        Some(html! {
            div.pair {
                (plot)
                div {
                    p.formula {
                        i { "E" } "(" i { "x" } ") = " i { "L" sub { "r" } } "(" i { "x" } ") + λ "
                        i { "R" } "(" i { "x" } ", " i { "x" } sub { "0" } "), λ = " (projection.lambda)
                    }
                    (ends)
                }
            }
        })
    }
}
