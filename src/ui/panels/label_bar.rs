//! The label of the image that is chosen, and the buttons that change it.

use egui::{Button, ComboBox, Key, TextEdit, Ui};

use crate::ui::action::Action;
use crate::ui::commands::{doing, keys};
use crate::ui::state::Dataset;
use crate::ui::state::labelling::LabelFilter;
use crate::ui::widgets::weak;
use kizumi_dataset::labels::{Label, Remark, kind_fault};

use super::Panel;

const KIND_WIDTH: f32 = 92.0;

/// Draws the buttons, for an image with this label.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, label: Option<&Label>) {
    let words = panel.text.labels;
    let buttons = [
        (words.ok, words.set_ok, words.set_ok_help, Some(Label::Ok)),
        (words.ng, words.set_ng, words.set_ng_help, Some(Label::NG)),
        (
            words.left_out,
            words.leave_out,
            words.leave_out_help,
            Some(Label::LeftOut),
        ),
    ];
    for (word, name, help, given) in buttons {
        let is_on = match (&given, label) {
            (Some(Label::Ng { .. }), Some(Label::Ng { .. })) => true,
            (given, label) => given.as_ref() == label,
        };
        let action = Action::Label(given);
        let key = doing(&action).map_or_else(String::new, keys::first_written);
        let button = ui.add(Button::selectable(is_on, format!("{word}  {key}")));
        let button = button
            .accessible_name(name)
            .on_hover_text(format!("{help}\n{}", words.after_key));
        if button.clicked() {
            panel.actions.push(action);
        }
    }
    if let Some(kind) = kind(ui, panel, label) {
        let kind = Some(kind);
        panel.actions.push(Action::Label(Some(Label::Ng { kind })));
    }
    let action = Action::Label(None);
    let key = doing(&action).map_or_else(String::new, keys::first_written);
    let remove = ui.add_enabled(label.is_some(), Button::new("×"));
    let remove = remove.accessible_name(words.remove);
    if remove
        .on_hover_text(format!("{}  {key}", words.remove))
        .clicked()
    {
        panel.actions.push(action);
    }
}

/// Which defect: one of those that are known, or a new one. Gives what was chosen.
pub fn kind(ui: &mut Ui, panel: &Panel<'_>, label: Option<&Label>) -> Option<String> {
    let words = panel.text.labels;
    let chosen = match label {
        Some(Label::Ng { kind: Some(kind) }) => kind.as_str(),
        _ => words.kind,
    };
    let dataset = panel.state.dataset.as_ref();
    let kinds = dataset.map(|open| open.defect_kinds()).unwrap_or_default();
    let memory = ui.scope_id().with("new-kind");
    let mut given = None;
    ComboBox::from_id_salt("label-kind")
        .selected_text(chosen)
        .width(KIND_WIDTH)
        .truncate()
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show_ui(ui, |ui| {
            for (nth, kind) in kinds.into_iter().enumerate() {
                let key =
                    doing(&Action::LabelAs(nth)).map_or_else(String::new, keys::first_written);
                let name = format!("{kind}  {key}");
                if ui.selectable_label(kind == chosen, name).clicked() {
                    given = Some(kind);
                    ui.close();
                }
            }
            let mut typed: String = ui.data(|data| data.get_temp(memory)).unwrap_or_default();
            let field = TextEdit::singleline(&mut typed).hint_text(words.new_kind);
            let field = ui
                .add(field.desired_width(KIND_WIDTH))
                .accessible_name(words.new_kind);
            let is_done = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            field.on_hover_text(words.new_kind_help);
            let fault = kind_fault(typed.trim());
            if let Some(fault) = fault {
                let color = crate::ui::widgets::palette(ui).warning;
                let why = egui::RichText::new((words.kind_refused)(fault)).color(color);
                ui.add(egui::Label::new(why).wrap());
            }
            if is_done && !typed.trim().is_empty() && fault.is_none() {
                given = Some(typed.trim().to_owned());
                typed.clear();
                ui.close();
            }
            ui.data_mut(|data| data.insert_temp(memory, typed));
        })
        .response
        .accessible_name(words.kind);
    given
}

/// Which images are listed, by their labels. Gives another choice.
pub fn filter(ui: &mut Ui, panel: &Panel<'_>, filter: LabelFilter) -> Option<LabelFilter> {
    let words = panel.text.labels;
    let mut chosen = filter;
    ComboBox::from_id_salt("label-filter")
        .selected_text(words.filter(filter))
        .width(KIND_WIDTH)
        .show_ui(ui, |ui| {
            for one in LabelFilter::ALL {
                ui.selectable_value(&mut chosen, one, words.filter(one));
            }
        })
        .response
        .accessible_name(words.filter)
        .on_hover_text(words.filter);
    (chosen != filter).then_some(chosen)
}

/// Whether anything is known of labels.
pub fn has_counts(dataset: &Dataset) -> bool {
    let labels = &dataset.labels;
    !labels.is_empty()
        || !labels.unmatched.is_empty()
        || !labels.unused_masks.is_empty()
        || !labels.remarks.is_empty()
}

/// How many images have which label, and which labels have no image; nothing where there are none.
pub fn counts(ui: &mut Ui, panel: &Panel<'_>) {
    let words = panel.text.labels;
    let Some(open) = &panel.state.dataset else {
        return;
    };
    let labels = &open.labels;
    if !has_counts(open) {
        return;
    }
    weak(ui, (words.counts)(&labels.counts()));
    let warn = |ui: &mut Ui, line: String, all: &[String]| {
        let color = crate::ui::widgets::palette(ui).warning;
        let line = egui::RichText::new(line).small().color(color);
        ui.label(line).on_hover_text(all.join("\n"));
    };
    let unmatched = labels.unmatched.iter();
    let unmatched = unmatched.map(|one| (words.why_not_used)(&one.image, one.why));
    let unmatched: Vec<String> = unmatched.collect();
    if !unmatched.is_empty() {
        warn(ui, (words.unmatched)(unmatched.len()), &unmatched);
    }
    let masks = labels.unused_masks.iter();
    let masks = masks.map(|one| (words.why_mask_not_used)(&one.mask, one.why));
    let masks: Vec<String> = masks.collect();
    if !masks.is_empty() {
        warn(ui, (words.masks_not_used)(masks.len()), &masks);
    }
    let (odd, facts): (Vec<&Remark>, Vec<&Remark>) =
        labels.remarks.iter().partition(|one| one.is_warning());
    let odd: Vec<String> = odd.into_iter().map(words.remark).collect();
    if !odd.is_empty() {
        warn(ui, (words.remarks)(odd.len()), &odd);
    }
    let renamed = labels.renamed.iter();
    let renamed = renamed.map(|(from, to)| (words.renamed)(from, to));
    let facts = facts.into_iter().map(words.remark).chain(renamed);
    let facts: Vec<String> = facts.collect();
    if let Some(first) = facts.first() {
        weak(ui, first.clone()).on_hover_text(facts.join("\n"));
    }
}
