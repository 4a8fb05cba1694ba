//! The report of many images.

use std::path::PathBuf;

use maud::{Markup, html};

use super::curves::{self, Curves};
use super::html::{cell, fact, facts, file_name, heads, img, path, section};
use super::matrix::{self, KindRow};
use super::number::{area, number, percent};
use super::page::page;
use super::score::{badge, class, reasons};
use super::settings::{Model, Settings, sections};
use super::text::Text;
use kizumi_dataset::catalog::Kind;
use kizumi_image::rgb8::Rgb8;
use kizumi_method::calibration::Calibration;
use kizumi_method::decision::{Thresholds, Verdict};
use kizumi_method::iterate::StopRule;
use kizumi_method::judgement::Judgement;
use kizumi_method::metrics::{Confusion, Curve, auroc};

/// Inspected images of a folder.
#[derive(Clone, Debug, PartialEq)]
pub struct FolderReport {
    /// Its heading, the folder's name for example.
    pub title: String,
    /// When it was made, as the reader should see it.
    pub date: String,
    /// The folder.
    pub path: PathBuf,
    /// The images, in any order.
    pub rows: Vec<Row>,
    /// How many images are no rows because their files have changed since they were inspected.
    pub left_out: usize,
    /// Projected scores of the held-out normals, ascending; empty without calibration.
    pub normals: Vec<f32>,
    /// What is good enough by the projected score alone; `None` where nothing says so.
    pub thresholds: Option<Thresholds>,
    /// Pixel AUROC of the plain and of the projected maps, where there are masks.
    pub pixel_auroc: [Option<f64>; 2],
    /// Defective images whose pixels are not in that.
    pub pixels_left_out: usize,
    /// Masks that somebody should look at, with the reason, in words.
    pub masks: Vec<String>,
    /// How they were inspected.
    pub settings: Settings,
    /// With which model.
    pub model: Option<Model>,
}

/// One image.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its file.
    pub path: PathBuf,
    /// What its folder says it shows.
    pub kind: Kind,
    /// What became of it, or why it could not be inspected.
    pub outcome: Result<RowScores, String>,
}

/// Scores and small pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct RowScores {
    /// Of the plain map.
    pub plain_score: f32,
    /// Of the projected map.
    pub projected_score: f32,
    /// What becomes of the part; `None` where nothing says so.
    pub judgement: Option<Judgement>,
    /// Iterations done.
    pub iterations: usize,
    /// Which rule ended the projection.
    pub stop: StopRule,
    /// The image, small.
    pub thumbnail: Option<Rgb8>,
    /// Its heatmap, small.
    pub heatmap: Option<Rgb8>,
}

/// An image that was inspected.
type Inspected<'a> = (&'a Row, &'a RowScores);

impl FolderReport {
    /// The report as an HTML document.
    pub fn to_html(&self, text: &Text) -> String {
        let mut inspected: Vec<Inspected<'_>> = self
            .rows
            .iter()
            .filter_map(|row| Some((row, row.outcome.as_ref().ok()?)))
            .collect();
        inspected.sort_by(|(_, a), (_, b)| b.projected_score.total_cmp(&a.projected_score));

        let body = html! {
            (section("summary", text.summary_heading, &self.summary(text, &inspected)))
            @if let Some(curves) = self.curves(&inspected).figures(text) {
                (section("curves", text.curves_heading, &curves))
            }
            @let groups = groups(text, &inspected);
            @if let Some(histogram) = curves::histogram(text, &groups, self.thresholds) {
                (section("histogram", text.scores_heading, &histogram))
            }
            @if !inspected.is_empty() {
                (section("images", text.images_heading, &self.table(text, &inspected)))
            }
            @if inspected.len() < self.rows.len() {
                (section("failed", text.failed_heading, &self.failed(text)))
            }
            (sections(text, &self.settings, self.model.as_ref()))
        };
        let failed = self.rows.len() - inspected.len();
        let mut head = vec![
            (text.folder, path(&self.path)),
            fact(text.inspected_heading, inspected.len()),
        ];
        head.extend((failed > 0).then(|| fact(text.failed, failed)));
        head.push(fact(text.date, &self.date));
        let head = facts(&head);
        let head = html! {
            (head)
            @if self.left_out > 0 { p.note { ((text.left_out)(self.left_out)) } }
        };
        page(
            text,
            text.folder_report,
            &self.title,
            &self.date,
            &head,
            &body,
        )
    }

    fn verdict(&self, scores: &RowScores) -> Option<Verdict> {
        self.thresholds?;
        Some(scores.judgement?.verdict)
    }

    fn summary(&self, text: &Text, inspected: &[Inspected<'_>]) -> Markup {
        let count = |class: &str, number: usize, label: &Markup| {
            html! { li class=(class) { b { (number) } " " (label) } }
        };
        let of = |verdict: Verdict| {
            let scores = inspected.iter().map(|(_, scores)| self.verdict(scores));
            scores.filter(|of| *of == Some(verdict)).count()
        };
        let failed = self.rows.len() - inspected.len();
        let confusion = self.confusion(inspected);
        let details = html! {
            @let kinds = self.kind_rows(text, inspected);
            @if !kinds.is_empty() {
                h3 { (text.kinds_heading) }
                (matrix::kinds(text, &kinds))
            }
            @if self.pixel_auroc.iter().any(Option::is_some) {
                @let [plain, projected] = self.pixel_auroc.map(area);
                (facts(&[fact(
                    text.pixel_auroc,
                    format!("{}: {plain}; {}: {projected}", text.plain_map, text.projected_map),
                )]))
                @if self.pixels_left_out > 0 { p.note { ((text.pixels_left_out)(self.pixels_left_out)) } }
            }
            @if !self.masks.is_empty() {
                details.note #masks {
                    summary { ((text.masks_to_look_at)(self.masks.len())) }
                    ul { @for mask in &self.masks { li { (mask) } } }
                }
            }
        };
        html! {
            ul.counts {
                (count("", inspected.len(), &html! { (text.inspected) }))
                @if self.thresholds.is_some() {
                    @for verdict in Verdict::ALL {
                        (count(class(verdict), of(verdict), &badge(text, verdict)))
                    }
                }
                @if failed > 0 { (count("", failed, &html! { (text.failed_heading) })) }
            }
            @if let Some(confusion) = confusion {
                div.pair {
                    div #confusion {
                        h3 { (text.confusion_heading) }
                        (matrix::confusion(text, &confusion))
                    }
                    div { (details) }
                }
            } @else {
                (details)
            }
        }
    }

    /// `None` unless there are thresholds and images of known kind.
    fn confusion(&self, inspected: &[Inspected<'_>]) -> Option<Confusion> {
        self.thresholds?;
        let mut confusion = Confusion::default();
        let mut any = false;
        for (row, scores) in inspected {
            let defective = row.kind.is_defective();
            if let (Some(defective), Some(verdict)) = (defective, self.verdict(scores)) {
                confusion.add(defective, verdict);
                any = true;
            }
        }
        any.then_some(confusion)
    }

    /// Normal images first, then each kind of defect, also where not one could be inspected; nothing unless a
    /// kind is known.
    fn kind_rows(&self, text: &Text, inspected: &[Inspected<'_>]) -> Vec<KindRow> {
        let rows = self.rows.iter();
        let mut kinds: Vec<&Kind> = rows
            .map(|row| &row.kind)
            .filter(|kind| **kind != Kind::Unknown)
            .collect();
        kinds.sort();
        kinds.dedup();
        let of = |kind: &Kind| -> Vec<&RowScores> {
            let rows = inspected.iter();
            let rows = rows.filter(|(row, _)| row.kind == *kind);
            rows.map(|(_, scores)| *scores).collect()
        };
        let plain = |rows: &[&RowScores]| -> Vec<f32> {
            rows.iter().map(|scores| scores.plain_score).collect()
        };
        let projected = |rows: &[&RowScores]| -> Vec<f32> {
            rows.iter().map(|scores| scores.projected_score).collect()
        };
        let normals = of(&Kind::Normal);
        let failed = |kind: &Kind| {
            let rows = self.rows.iter().filter(|row| row.kind == *kind);
            rows.filter(|row| row.outcome.is_err()).count()
        };
        let row = |kind: &Kind| {
            let rows = of(kind);
            let count = |verdict| {
                let of_it = rows.iter();
                of_it
                    .filter(|scores| self.verdict(scores) == Some(verdict))
                    .count()
            };
            let auroc = match kind {
                Kind::Normal | Kind::Unknown => [None, None],
                Kind::Defect(_) => [
                    auroc(&plain(&normals), &plain(&rows)),
                    auroc(&projected(&normals), &projected(&rows)),
                ],
            };
            KindRow {
                name: text.kind(kind),
                images: rows.len(),
                failed: failed(kind),
                verdicts: self.thresholds.map(|_| Verdict::ALL.map(count)),
                auroc,
            }
        };
        kinds.into_iter().map(row).collect()
    }

    fn curves(&self, inspected: &[Inspected<'_>]) -> Curves {
        let scores = |score: fn(&RowScores) -> f32| -> Option<Curve> {
            let of = |defective: bool| -> Vec<f32> {
                let known = inspected
                    .iter()
                    .filter(|(row, _)| row.kind.is_defective() == Some(defective));
                known.map(|(_, scores)| score(scores)).collect()
            };
            Curve::new(&of(false), &of(true))
        };
        Curves {
            plain: scores(|scores| scores.plain_score),
            projected: scores(|scores| scores.projected_score),
            threshold: self.thresholds.map(|both| both.reject),
        }
    }

    fn table(&self, text: &Text, inspected: &[Inspected<'_>]) -> Markup {
        let with_kinds = inspected.iter().any(|(row, _)| row.kind != Kind::Unknown);
        let with_pictures = inspected
            .iter()
            .any(|(_, scores)| scores.thumbnail.is_some() || scores.heatmap.is_some());
        let mut columns = vec![("#", true)];
        if with_pictures {
            columns.push((text.pictures, false));
        }
        columns.push((text.file, false));
        if with_kinds {
            columns.push((text.ground_truth, false));
        }
        if self.thresholds.is_some() {
            columns.push((text.verdict_heading, false));
        }
        columns.push((text.projected_score, true));
        let above_normals = (text.above_normals)(self.normals.len());
        if !self.normals.is_empty() {
            columns.push((&above_normals, true));
        }
        columns.extend([(text.plain_score, true), (text.iterations, true)]);
        let row = |(index, (row, scores)): (usize, &Inspected<'_>)| {
            let share = Calibration::percentile_of(&self.normals, scores.projected_score);
            html! {
                tr {
                    (cell(index + 1))
                    @if with_pictures { td.pictures { (pictures(text, row, scores)) } }
                    th scope="row" { (self.short_path(row)) }
                    @if with_kinds {
                        td { @match &row.kind { Kind::Unknown => "–", kind => (text.kind(kind)) } }
                    }
                    @if let Some(verdict) = self.verdict(scores) {
                        td.verdicts title=[scores.judgement.map(|of| reasons(text, &of.reasons))] {
                            (badge(text, verdict)) (wrong(text, row, verdict))
                            @if verdict == Verdict::Review && let Some(judgement) = &scores.judgement {
                                " " small { (reasons(text, &judgement.reasons)) }
                            }
                        }
                    }
                    (cell(number(scores.projected_score)))
                    @if let Some(share) = share { (cell(percent(f64::from(share) / 100.0))) }
                    (cell(number(scores.plain_score)))
                    td.n title=((text.ended_by)(scores.stop, scores.iterations)) { (scores.iterations) }
                }
            }
        };
        html! {
            div.wide {
                table.images {
                    (heads(&columns))
                    tbody { @for numbered in inspected.iter().enumerate() { (row(numbered)) } }
                }
            }
        }
    }

    /// A row's path below the folder.
    fn short_path(&self, row: &Row) -> Markup {
        path(row.path.strip_prefix(&self.path).unwrap_or(&row.path))
    }

    fn failed(&self, text: &Text) -> Markup {
        html! {
            table {
                (heads(&[(text.file, false), (text.reason, false)]))
                tbody {
                    @for row in &self.rows {
                        @if let Err(reason) = &row.outcome {
                            tr { th scope="row" { (self.short_path(row)) } td { (reason) } }
                        }
                    }
                }
            }
        }
    }
}

fn pictures(text: &Text, row: &Row, scores: &RowScores) -> Markup {
    let name = file_name(&row.path);
    let picture = |image: &Option<Rgb8>, alt: &str| {
        let image = image.as_ref()?;
        img(image, alt, Some("thumbnail"))
    };
    html! {
        (picture(&scores.thumbnail, &name).unwrap_or_default())
        (picture(&scores.heatmap, &(text.heatmap_of)(&name)).unwrap_or_default())
    }
}

/// A verdict that what is known of the image contradicts.
fn wrong(text: &Text, row: &Row, verdict: Verdict) -> Markup {
    let what = match (&row.kind, verdict) {
        (Kind::Normal, Verdict::Reject) => text.false_alarm,
        (Kind::Defect(_), Verdict::Pass) => text.missed,
        _ => return html! {},
    };
    html! { " " small.wrong { (what) } }
}

/// Scores of good, defective and unknown images, those that there are.
fn groups<'a>(text: &'a Text, inspected: &[Inspected<'_>]) -> Vec<(&'a str, usize, Vec<f32>)> {
    let of = |defective: Option<bool>| -> Vec<f32> {
        let rows = inspected.iter();
        let rows = rows.filter(|(row, _)| row.kind.is_defective() == defective);
        rows.map(|(_, scores)| scores.projected_score).collect()
    };
    let mut groups = vec![
        (text.normal, 1, of(Some(false))),
        (text.defective, 0, of(Some(true))),
        (text.unknown, 2, of(None)),
    ];
    groups.retain(|(_, _, scores)| !scores.is_empty());
    groups
}
