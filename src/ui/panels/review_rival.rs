//! Two models on one set of images: figures of both, and what to do about them.

use egui::{Grid, Ui};

use crate::ui::action::{Action, Browse};
use crate::ui::review::{Duel, Figures, Rival};
use crate::ui::state::review_view::{Fate, ReviewView, Sort};
use crate::ui::theme::SECTION_GAP;
use crate::ui::widgets::{heading, palette, weak};

use super::{Panel, path_entry};

/// Draws the section, once there are verdicts.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let review = panel.review;
    match &review.rival {
        Some(rival) => compared(ui, panel, rival, review.duel.as_ref()),
        None if review.thresholds().is_some() && panel.state.set.done() > 0 => offered(ui, panel),
        None => {}
    }
}

fn offered(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.rival;
    heading(ui, text.heading);
    let may = !panel.state.set.is_active();
    let keep = ui.add_enabled(may, egui::Button::new(text.keep));
    if keep.on_hover_text(text.keep_help).clicked() {
        panel.actions.push(Action::KeepReview);
    }
    ui.add_space(SECTION_GAP);
}

fn compared(ui: &mut Ui, panel: &mut Panel<'_>, rival: &Rival, duel: Option<&Duel>) {
    let text = panel.text.rival;
    heading(ui, text.heading);
    let conditions = panel.state.set.conditions();
    let b = conditions.and_then(|known| known.model_name.as_deref());
    let of_itself = conditions.is_some_and(|known| known.model == rival.mark);
    let duel = duel.filter(|duel| duel.shared > 0 && !of_itself);
    let Some(duel) = duel else {
        ui.label((text.names)(&rival.name, "–"));
        weak(ui, text.next);
        path_entry::browse(ui, panel, text.open_other, Browse::Model);
        end(ui, panel, rival);
        return;
    };
    ui.label((text.names)(&rival.name, b.unwrap_or("–")));
    ui.horizontal_wrapped(|ui| {
        ui.label((text.differing)(duel.shared, duel.differing));
        if duel.differing > 0 && ui.button(text.show_differing).clicked() {
            let review = ReviewView {
                fate: Some(Fate::Differs),
                sort: Sort::Difference,
                reversed: false,
                ..panel.state.review.clone()
            };
            panel.actions.push(Action::SetReview(Box::new(review)));
        }
    });
    figures(ui, panel, duel);
    side(ui, panel);
    end(ui, panel, rival);
}

/// A table of what both are worth; the better of two figures stands out.
fn figures(ui: &mut Ui, panel: &Panel<'_>, duel: &Duel) {
    let text = panel.text.rival;
    let strong = palette(ui).strong;
    let auroc = |figures: &Figures| {
        figures
            .auroc
            .map_or("–".into(), |area| format!("{area:.3}"))
    };
    let counts = |figures: &Figures| [figures.false_alarms, figures.missed, figures.to_review];
    let (a, b) = (&duel.a, &duel.b);
    let mut rows = vec![(auroc(a), auroc(b), a.auroc.partial_cmp(&b.auroc))];
    for (a, b) in counts(a).into_iter().zip(counts(b)) {
        rows.push((a.to_string(), b.to_string(), b.partial_cmp(&a)));
    }
    Grid::new("two-models").num_columns(3).show(ui, |ui| {
        ui.label("");
        for side in text.sides {
            weak(ui, side);
        }
        ui.end_row();
        for (name, (a, b, order)) in text.rows.into_iter().zip(rows) {
            weak(ui, name);
            let cell = |ui: &mut Ui, value: String, is_better: bool| {
                let value = egui::RichText::new(value);
                ui.label(match is_better {
                    true => value.strong().color(strong),
                    false => value,
                });
            };
            cell(ui, a, order.is_some_and(std::cmp::Ordering::is_gt));
            cell(ui, b, order.is_some_and(std::cmp::Ordering::is_lt));
            ui.end_row();
        }
    });
}

/// Whose verdicts and maps the wall shows.
fn side(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.rival;
    let mut of_rival = panel.state.review.of_rival;
    ui.horizontal(|ui| {
        weak(ui, text.side).on_hover_text(text.side_help);
        ui.selectable_value(&mut of_rival, true, text.sides[0]);
        ui.selectable_value(&mut of_rival, false, text.sides[1]);
    });
    if of_rival != panel.state.review.of_rival {
        let review = ReviewView {
            of_rival,
            ..panel.state.review.clone()
        };
        panel.actions.push(Action::SetReview(Box::new(review)));
    }
}

fn end(ui: &mut Ui, panel: &mut Panel<'_>, rival: &Rival) {
    let text = panel.text.rival;
    ui.horizontal_wrapped(|ui| {
        let is_open = panel
            .state
            .model
            .as_ref()
            .and_then(|model| model.path.as_ref());
        if let Some(path) = rival.model.as_ref().filter(|path| is_open != Some(path)) {
            let may = !panel.state.training.is_active();
            let adopt = ui.add_enabled(may, egui::Button::new(text.adopt));
            if adopt.on_hover_text(text.adopt_help).clicked() {
                panel.actions.push(Action::DropRival);
                panel.actions.push(Action::OpenModel(path.clone()));
            }
        }
        if ui.button(text.drop).clicked() {
            panel.actions.push(Action::DropRival);
        }
    });
    ui.add_space(SECTION_GAP);
}
