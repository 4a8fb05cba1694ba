//! Labels by the names of files: patterns, how many images each is of, and all of it at once.

use std::sync::Arc;

use egui::{Button, ComboBox, TextEdit, Ui};

use crate::ui::action::Action;
use crate::ui::state::sorting::SortForm;
use crate::ui::widgets::{primary_button, tinted, weak};
use kizumi_dataset::labels::Label;
use kizumi_dataset::labels::pattern::{Rule, Sorting};

use super::Panel;

const PATTERN_WIDTH: f32 = 130.0;
const LABEL_WIDTH: f32 = 84.0;

/// The button that opens the form, or the form.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let words = panel.text.labels;
    let Some(form) = &panel.state.sorting else {
        let open = ui.button(words.sort).on_hover_text(words.sort_help);
        if open.clicked() {
            panel.actions.push(Action::ShowSorting(true));
        }
        return;
    };
    let mut changed = form.clone();
    let sorting = preview(ui, panel, form);
    tinted(crate::ui::widgets::palette(ui).accent).show(ui, |ui| {
        ui.set_width(ui.available_width());
        weak(ui, words.sort_help);
        let mut dropped = None;
        for (index, rule) in changed.rules.iter_mut().enumerate() {
            ui.push_id(index, |ui| {
                ui.horizontal_wrapped(|ui| {
                    row(ui, panel, index, rule);
                    let count = sorting.labelled.get(index).copied().unwrap_or(0);
                    weak(ui, (words.sort_count)(count));
                    let drop = Button::new("×");
                    let drop = ui.add(drop).accessible_name((words.sort_drop)(index + 1));
                    if drop.clicked() {
                        dropped = Some(index);
                    }
                });
            });
        }
        if let Some(index) = dropped {
            changed.rules.remove(index);
        }
        ui.horizontal_wrapped(|ui| {
            if ui.button(words.sort_add).clicked() {
                changed.rules.push(Rule {
                    pattern: String::new(),
                    label: Label::NG,
                });
            }
            ui.checkbox(&mut changed.relabels, words.sort_relabels);
            weak(ui, (words.sort_rest)(sorting.kept, sorting.unfit));
        });
        ui.horizontal_wrapped(|ui| {
            let count = sorting.labels.len();
            ui.add_enabled_ui(count > 0, |ui| {
                if primary_button(ui, &(words.sort_apply)(count)).clicked() {
                    panel.actions.push(Action::SortByName);
                }
            });
            if ui.button(words.sort_close).clicked() {
                panel.actions.push(Action::ShowSorting(false));
            }
        });
    });
    if Some(&changed) != panel.state.sorting.as_ref() {
        panel.actions.push(Action::SetSorting(Box::new(changed)));
    }
}

/// A pattern and its label.
fn row(ui: &mut Ui, panel: &Panel<'_>, index: usize, rule: &mut Rule) {
    let words = panel.text.labels;
    let field = TextEdit::singleline(&mut rule.pattern)
        .hint_text("NG_*")
        .desired_width(PATTERN_WIDTH);
    ui.add(field)
        .accessible_name((words.sort_pattern)(index + 1));
    let word = |label: &Label| match label {
        Label::Ok => words.ok,
        Label::Ng { .. } => words.ng,
        Label::LeftOut => words.left_out,
    };
    let response = ComboBox::from_id_salt("label")
        .selected_text(word(&rule.label))
        .width(LABEL_WIDTH)
        .show_ui(ui, |ui| {
            for label in [Label::Ok, Label::NG, Label::LeftOut] {
                let is_chosen = word(&label) == word(&rule.label);
                if ui.selectable_label(is_chosen, word(&label)).clicked() && !is_chosen {
                    rule.label = label;
                }
            }
        });
    response
        .response
        .accessible_name((words.sort_label)(index + 1));
    if let Label::Ng { kind } = &mut rule.label {
        let mut typed = kind.clone().unwrap_or_default();
        let field = TextEdit::singleline(&mut typed).hint_text(words.kind);
        let field = ui.add(field.desired_width(PATTERN_WIDTH));
        if field
            .accessible_name((words.sort_kind)(index + 1))
            .changed()
        {
            *kind = (!typed.is_empty()).then_some(typed);
        }
    }
    if let Some(fault) = rule.kind_fault() {
        let color = crate::ui::widgets::palette(ui).warning;
        ui.colored_label(color, (words.kind_refused)(fault));
    }
}

/// What a form was for, and what it would do.
type Known = (SortForm, u64, Arc<Sorting>);

/// What the form would do. There may be very many images, so that is worked out when something changes.
fn preview(ui: &Ui, panel: &Panel<'_>, form: &SortForm) -> Arc<Sorting> {
    let memory = ui.scope_id().with("sorting");
    let generation = panel.state.labels_generation;
    let known = ui.data(|data| data.get_temp::<Known>(memory));
    if let Some((of, at, sorting)) = known
        && of == *form
        && at == generation
    {
        return sorting;
    }
    let sorting = Arc::new(panel.state.sorted(form).unwrap_or_default());
    let made: Known = (form.clone(), generation, Arc::clone(&sorting));
    ui.data_mut(|data| data.insert_temp(memory, made));
    sorting
}
