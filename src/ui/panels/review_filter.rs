//! Which images the wall shows, and in which order.

use egui::{Align, ComboBox, Layout, TextEdit, Ui};

use crate::ui::action::Action;
use crate::ui::icon::Icon;
use crate::ui::state::review_view::{Fate, KindFilter, ReviewView, Sort};
use crate::ui::widgets::{icon_toggle, weak};
use kizumi_dataset::catalog::Kind;
use kizumi_method::decision::Verdict;

use super::{Panel, label_bar};

/// Draws the bar.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    let mut review = panel.state.review.clone();
    ui.horizontal(|ui| {
        sort(ui, panel, &mut review);
        kind(ui, panel, &mut review);
        fate(ui, panel, &mut review);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let mut heatmaps = panel.state.settings.thumbnail_heatmaps;
            if ui.checkbox(&mut heatmaps, text.overlay).changed() {
                panel.actions.push(Action::ToggleSetHeatmaps);
            }
            let (shown, all) = (panel.review.order.len(), panel.state.set.images().len());
            weak(ui, (text.shown)(shown, all)).on_hover_text(text.wall_help);
            if review.is_filtered() && ui.button(text.show_all).clicked() {
                review.clear_filters();
            }
            let width = (ui.available_width() - 8.0).clamp(60.0, 200.0);
            let search = TextEdit::singleline(&mut review.search)
                .hint_text(text.search)
                .desired_width(width);
            ui.add(search).accessible_name(text.search);
        });
    });
    labels(ui, panel, &mut review);
    if review != panel.state.review {
        panel.actions.push(Action::SetReview(Box::new(review)));
    }
}

/// A second row, once an image is chosen or labelled: its label, and which labels are shown.
fn labels(ui: &mut Ui, panel: &mut Panel<'_>, review: &mut ReviewView) {
    let state = panel.state;
    let cursor = review
        .cursor
        .and_then(|cursor| state.set.images().get(cursor));
    let some = state
        .dataset
        .as_ref()
        .is_some_and(|open| !open.labels.is_empty());
    if cursor.is_none() && !some {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        if let Some(entry) = cursor {
            label_bar::show(ui, panel, state.label_of(&entry.path));
        }
        if let Some(labels) = label_bar::filter(ui, panel, review.labels) {
            review.labels = labels;
        }
        label_bar::counts(ui, panel);
    });
}

fn sort(ui: &mut Ui, panel: &Panel<'_>, review: &mut ReviewView) {
    let text = panel.text.review;
    let word = |sort| match sort {
        Sort::Difference => panel.text.rival.fate,
        sort => text.sort_word(sort),
    };
    combo(ui, text.sort, word(review.sort), |ui| {
        let mut sorts = vec![Sort::Score, Sort::Name, Sort::Change];
        sorts.extend(panel.review.duel.is_some().then_some(Sort::Difference));
        for sort in sorts {
            ui.selectable_value(&mut review.sort, sort, word(sort));
        }
    });
    if icon_toggle(ui, Icon::Reverse, text.reversed, review.reversed).clicked() {
        review.reversed = !review.reversed;
    }
}

fn kind(ui: &mut Ui, panel: &Panel<'_>, review: &mut ReviewView) {
    let text = panel.text.review;
    let kinds = &panel.review.kinds;
    if kinds.len() < 2 {
        return;
    }
    let name = |filter: &Option<KindFilter>| match filter {
        None => text.any_kind.to_owned(),
        Some(KindFilter::Normal) => panel.text.data.normal.to_owned(),
        Some(KindFilter::Defective) => text.defective.to_owned(),
        Some(KindFilter::Unknown) => panel.text.data.unknown.to_owned(),
        Some(KindFilter::Named(name)) => name.clone(),
    };
    let mut filters = vec![None];
    if kinds.contains(&Kind::Normal) {
        filters.push(Some(KindFilter::Normal));
    }
    let named = kinds.iter().filter_map(|kind| match kind {
        Kind::Normal | Kind::Unknown => None,
        Kind::Defect(name) => Some(Some(KindFilter::Named(name.clone()))),
    });
    let named: Vec<_> = named.collect();
    if !named.is_empty() {
        filters.push(Some(KindFilter::Defective));
    }
    if named.len() > 1 {
        filters.extend(named);
    }
    if kinds.contains(&Kind::Unknown) {
        filters.push(Some(KindFilter::Unknown));
    }
    combo(ui, text.kind, &name(&review.kind), |ui| {
        for filter in filters {
            let label = name(&filter);
            ui.selectable_value(&mut review.kind, filter, label);
        }
    });
}

fn fate(ui: &mut Ui, panel: &Panel<'_>, review: &mut ReviewView) {
    let text = panel.text.review;
    let table = &panel.review.table;
    let name = |fate: Option<Fate>| match fate {
        None => text.any_verdict,
        Some(Fate::Verdict(verdict)) => text.verdict_word(verdict),
        Some(Fate::NotPassed) => text.fate_not_passed,
        Some(Fate::Changed) => text.fate_changed,
        Some(Fate::Differs) => panel.text.rival.fate,
        Some(Fate::Broken) => text.fate_broken,
        Some(Fate::Waiting) => text.fate_waiting,
    };
    let mut fates = vec![None];
    fates.extend(Verdict::ALL.map(|verdict| Some(Fate::Verdict(verdict))));
    fates.extend([Some(Fate::NotPassed), Some(Fate::Changed)]);
    if panel.review.duel.is_some() {
        fates.push(Some(Fate::Differs));
    }
    if table.broken > 0 {
        fates.push(Some(Fate::Broken));
    }
    if table.waiting > 0 {
        fates.push(Some(Fate::Waiting));
    }
    combo(ui, text.verdict, name(review.fate), |ui| {
        for fate in fates {
            ui.selectable_value(&mut review.fate, fate, name(fate));
        }
    });
}

/// A choice that says for screen readers what it is for.
fn combo(ui: &mut Ui, name: &str, chosen: &str, choices: impl FnOnce(&mut Ui)) {
    let galley = ui.painter().layout_no_wrap(
        chosen.to_owned(),
        egui::TextStyle::Button.resolve(ui.style()),
        egui::Color32::WHITE,
    );
    let width = (galley.size().x + 40.0).clamp(90.0, 190.0);
    ComboBox::from_id_salt(name)
        .selected_text(chosen)
        .width(width)
        .truncate()
        .show_ui(ui, choices)
        .response
        .accessible_name(name)
        .on_hover_text(name);
}
