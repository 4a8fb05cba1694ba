//! What the decision means, in a sentence.

use egui::{Align, Layout, RichText, Ui};

use crate::data::decision::Verdict;
use crate::data::metrics::auroc;
use crate::ui::review::{Table, Truth};
use crate::ui::text::Summary;
use crate::ui::widgets::{palette, weak};

use super::Panel;

/// Draws the line.
pub fn show(ui: &mut Ui, panel: &Panel<'_>) {
    let text = panel.text.review;
    let table = &panel.review.table;
    let set = &panel.state.set;
    ui.horizontal(|ui| {
        let summary = summary(table);
        if summary != Summary::default() {
            let sentence = RichText::new((text.summary)(&summary)).size(15.0);
            ui.label(sentence.color(palette(ui).strong));
        }
        if table.waiting > 0 {
            weak(ui, (text.summary_part)(set.done(), set.images().len()));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let of = |[normal, defective]: &[Vec<f32>; 2]| auroc(normal, defective);
            match (of(&table.plain), of(&table.projected)) {
                (Some(plain), Some(projected)) => {
                    weak(ui, (text.auroc)(plain, projected)).on_hover_text(text.auroc_help);
                }
                _ if table.waiting == 0 && table.scored(Truth::Normal) > 0 => {
                    weak(ui, text.only_normals);
                }
                _ => {}
            }
        });
    });
}

fn summary(table: &Table) -> Summary {
    Summary {
        false_alarms: table.share(Truth::Normal, Verdict::Reject),
        good_unsure: table.share(Truth::Normal, Verdict::Review),
        found: table.share(Truth::Defective, Verdict::Reject),
        defective_unsure: table.share(Truth::Defective, Verdict::Review),
    }
}
