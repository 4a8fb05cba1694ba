//! What the decision means, in a sentence.

use egui::text::LayoutJob;
use egui::{Color32, FontId, Label, TextFormat, Ui};

use crate::ui::review::{Table, Truth};
use crate::ui::text::Summary;
use crate::ui::widgets::palette;
use kizumi_method::decision::Verdict;

use super::Panel;

/// Draws the sentence, over as many lines as it takes.
pub fn show(ui: &mut Ui, panel: &Panel<'_>) {
    let text = panel.text.review;
    let palette = palette(ui);
    let table = &panel.review.table;
    let set = &panel.state.set;
    let mut job = LayoutJob::default();
    let mut add = |words: String, size: f32, color: Color32| {
        if !job.is_empty() {
            job.append("  ", 0.0, TextFormat::default());
        }
        job.append(
            &words,
            0.0,
            TextFormat::simple(FontId::proportional(size), color),
        );
    };
    let summary = summary(table);
    if summary != Summary::default() {
        add((text.summary)(&summary), 15.0, palette.strong);
    }
    if table.waiting > 0 {
        let part = (text.summary_part)(set.done(), set.images().len());
        add(part, 12.0, palette.weak);
    } else if table.scored(Truth::Defective) == 0 && table.scored(Truth::Normal) > 0 {
        add(text.only_normals.to_owned(), 12.0, palette.weak);
    }
    if !table.unknown.is_empty() {
        add(
            (text.unknown_truth)(table.unknown.len()),
            12.0,
            palette.weak,
        );
    }
    if table.broken > 0 {
        add((text.not_counted)(table.broken), 12.0, palette.error);
    }
    ui.add(Label::new(job).wrap());
}

fn summary(table: &Table) -> Summary {
    Summary {
        false_alarms: table.share(Truth::Normal, Verdict::Reject),
        good_unsure: table.share(Truth::Normal, Verdict::Review),
        found: table.share(Truth::Defective, Verdict::Reject),
        defective_unsure: table.share(Truth::Defective, Verdict::Review),
    }
}
