//! Verdicts against what images show.

use maud::{Markup, html};

use super::html::{cell, fact, facts, heads};
use super::number::{area, percent_or_dash};
use super::score::badge;
use super::text::Text;
use kizumi_method::decision::Verdict;
use kizumi_method::metrics::Confusion;

/// The confusion matrix with the rates that follow from it.
pub(super) fn confusion(text: &Text, confusion: &Confusion) -> Markup {
    let rows = [
        (false, text.normal, confusion.normals()),
        (true, text.defective, confusion.defective()),
    ];
    let wrong = |is_defective, verdict| match (is_defective, verdict) {
        (true, Verdict::Pass) => Some(text.missed),
        (false, Verdict::Reject) => Some(text.false_alarm),
        _ => None,
    };
    html! {
        table.matrix {
            thead { tr {
                td {}
                @for verdict in Verdict::ALL { th.n scope="col" { (badge(text, verdict)) } }
                th.n scope="col" { (text.in_all) }
            } }
            tbody {
                @for (is_defective, name, sum) in rows {
                    tr {
                        th scope="row" { (name) }
                        @for verdict in Verdict::ALL {
                            @let count = confusion.cell(is_defective, verdict);
                            @if let Some(what) = wrong(is_defective, verdict).filter(|_| count > 0) {
                                td.n.wrong { (count) " " small { (what) } }
                            } @else {
                                (cell(count))
                            }
                        }
                        (cell(sum))
                    }
                }
            }
        }
        (facts(&[
            fact(text.recall, percent_or_dash(confusion.recall())),
            fact(text.false_alarm_rate, percent_or_dash(confusion.false_alarm_rate())),
            fact(text.precision, percent_or_dash(confusion.precision())),
            fact(text.review_rate, percent_or_dash(confusion.review_rate())),
        ]))
    }
}

/// One kind of image in the table of kinds.
pub(super) struct KindRow {
    pub name: String,
    /// Those that were inspected: the other figures are of them.
    pub images: usize,
    /// Those that could not be.
    pub failed: usize,
    /// By [`Verdict::ALL`]; `None` without thresholds.
    pub verdicts: Option<[usize; 3]>,
    /// Against all normal images, plain and projected.
    pub auroc: [Option<f64>; 2],
}

/// How each kind fared.
pub(super) fn kinds(text: &Text, rows: &[KindRow]) -> Markup {
    let judged = rows.iter().any(|row| row.verdicts.is_some());
    let measured = rows.iter().any(|row| row.auroc.iter().any(Option::is_some));
    let [plain, projected] =
        [text.plain_map, text.projected_map].map(|map| format!("AUROC, {map}"));
    let mut columns = vec![(text.kind_heading, false), (text.inspected_heading, true)];
    let failed = rows.iter().any(|row| row.failed > 0);
    if failed {
        columns.push((text.failed, true));
    }
    if judged {
        columns.extend(Verdict::ALL.map(|verdict| (text.verdict(verdict), true)));
    }
    if measured {
        columns.extend([(plain.as_str(), true), (projected.as_str(), true)]);
    }
    html! {
        table {
            (heads(&columns))
            tbody {
                @for row in rows {
                    tr {
                        th scope="row" { (row.name) }
                        (cell(row.images))
                        @if failed { (cell(row.failed)) }
                        @if judged {
                            @for count in row.verdicts.unwrap_or_default() { (cell(count)) }
                        }
                        @if measured { @for value in row.auroc { (cell(area(value))) } }
                    }
                }
            }
        }
    }
}
