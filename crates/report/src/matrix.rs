//! Verdicts against what images show.

use super::html::{escaped, facts, heads};
use super::number::percent_or_dash;
use super::score::badge;
use super::text::Text;
use kizumi_method::decision::Verdict;
use kizumi_method::metrics::Confusion;

/// The confusion matrix with the rates that follow from it.
pub(super) fn confusion(text: &Text, confusion: &Confusion) -> String {
    let mut html = String::from("<table class=\"matrix\"><thead><tr><td></td>");
    for verdict in Verdict::ALL {
        html += &format!(
            "<th scope=\"col\" class=\"n\">{}</th>",
            badge(text, verdict)
        );
    }
    html += &format!(
        "<th scope=\"col\" class=\"n\">{}</th></tr></thead>\n<tbody>\n",
        escaped(text.in_all)
    );
    let rows = [
        (false, text.normal, confusion.normals()),
        (true, text.defective, confusion.defective()),
    ];
    for (is_defective, name, sum) in rows {
        html += &format!("<tr><th scope=\"row\">{}</th>", escaped(name));
        for verdict in Verdict::ALL {
            let count = confusion.cell(is_defective, verdict);
            let wrong = match (is_defective, verdict) {
                (true, Verdict::Pass) => Some(text.missed),
                (false, Verdict::Reject) => Some(text.false_alarm),
                _ => None,
            };
            html += &match wrong.filter(|_| count > 0) {
                Some(what) => format!(
                    "<td class=\"n wrong\">{count} <small>{}</small></td>",
                    escaped(what)
                ),
                None => format!("<td class=\"n\">{count}</td>"),
            };
        }
        html += &format!("<td class=\"n\">{sum}</td></tr>\n");
    }
    html += "</tbody></table>\n";
    html + &facts(&[
        (text.recall, percent_or_dash(confusion.recall())),
        (
            text.false_alarm_rate,
            percent_or_dash(confusion.false_alarm_rate()),
        ),
        (text.precision, percent_or_dash(confusion.precision())),
        (text.review_rate, percent_or_dash(confusion.review_rate())),
    ])
}

/// One kind of image in the table of kinds.
pub(super) struct KindRow {
    pub name: String,
    pub images: usize,
    /// By [`Verdict::ALL`]; `None` without thresholds.
    pub verdicts: Option<[usize; 3]>,
    /// Against all normal images, plain and projected.
    pub auroc: [Option<f64>; 2],
}

/// How each kind fared.
pub(super) fn kinds(text: &Text, rows: &[KindRow]) -> String {
    let mut columns = vec![(text.kind_heading, false), (text.images, true)];
    let judged = rows.iter().any(|row| row.verdicts.is_some());
    if judged {
        columns.extend(Verdict::ALL.map(|verdict| (text.verdict(verdict), true)));
    }
    let plain = format!("AUROC, {}", text.plain_map);
    let projected = format!("AUROC, {}", text.projected_map);
    let measured = rows.iter().any(|row| row.auroc.iter().any(Option::is_some));
    if measured {
        columns.extend([(plain.as_str(), true), (projected.as_str(), true)]);
    }
    let mut html = format!("<table>{}<tbody>\n", heads(&columns));
    for row in rows {
        html += &format!(
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td>",
            escaped(&row.name),
            row.images
        );
        if judged {
            for count in row.verdicts.unwrap_or_default() {
                html += &format!("<td class=\"n\">{count}</td>");
            }
        }
        if measured {
            for value in row.auroc {
                html += &format!("<td class=\"n\">{}</td>", super::number::area(value));
            }
        }
        html += "</tr>\n";
    }
    html + "</tbody></table>\n"
}
