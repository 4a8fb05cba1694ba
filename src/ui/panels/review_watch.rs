//! Which folder is watched, and the buttons that begin and end it.

use egui::{RichText, TextEdit, Ui, vec2};

use crate::ui::action::{Action, Browse};
use crate::ui::icon::Icon;
use crate::ui::state::file_name;
use crate::ui::state::watching::{Phase, WatchForm};
use crate::ui::theme::SECTION_GAP;
use crate::ui::widgets::{ending, heading, icon_button, palette, primary_button, weak};
use kizumi_image::shown::shown;

use super::Panel;

/// Draws the section; until a folder is named, there is nothing but its name to give.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    heading(ui, panel.text.watching.heading);
    match panel.state.watching.is_active() {
        true => running(ui, panel),
        false => begin(ui, panel),
    }
    wall_switch(ui, panel);
    ui.add_space(SECTION_GAP);
}

fn begin(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.watching;
    let form = &panel.state.watching.form;
    let folder = (text.folder, text.folder_hint, text.help);
    if let Some(folder) = path(ui, panel, folder, &form.folder, Browse::WatchFolder) {
        let form = form.with_folder(folder);
        panel.actions.push(Action::SetWatchForm(form));
    }
    if form.folder.is_empty() {
        return;
    }
    let out = (text.out, text.out_hint, text.out_help);
    if let Some(out) = path(ui, panel, out, &form.out, Browse::WatchResults) {
        let folder = form.folder.clone();
        let form = WatchForm { folder, out };
        panel.actions.push(Action::SetWatchForm(form));
    }
    let order = panel.state.watch_order();
    let lack = order.as_ref().err().map(|lack| text.lack(*lack));
    let button = ui.add_enabled_ui(lack.is_none(), |ui| primary_button(ui, text.start));
    let button = button.inner.on_hover_text(text.start_help);
    let button = button.on_disabled_hover_text(lack.unwrap_or_default());
    if button.clicked() {
        panel.actions.push(Action::StartWatching);
    }
    if let Some(lack) = lack {
        weak(ui, lack);
    }
    for note in order.iter().flat_map(|order| &order.notes) {
        let words = panel.text.saving.line_note(*note);
        ui.label(RichText::new(words).small().color(palette(ui).warning));
    }
    shares(ui, panel);
}

/// A path to type, with a button for a dialog. Gives what was typed.
fn path(
    ui: &mut Ui,
    panel: &mut Panel<'_>,
    (name, hint, help): (&str, &str, &str),
    typed: &str,
    what: Browse,
) -> Option<String> {
    let mut input = typed.to_owned();
    let changed = ui.horizontal(|ui| {
        let side = ui.spacing().interact_size.y + 2.0;
        let room = ui.available_width() - side - ui.spacing().item_spacing.x;
        let edit = TextEdit::singleline(&mut input)
            .hint_text(hint)
            .desired_width(room)
            .margin(vec2(8.0, 5.0));
        let edit = ui.add_sized([room, side], edit).on_hover_text(help);
        let edit = edit.accessible_name(name);
        ui.add_enabled_ui(!panel.state.dialog_open, |ui| {
            let title = panel.text.browse_title(what);
            if icon_button(ui, Icon::Folder, title).clicked() {
                panel.actions.push(Action::Browse(what));
            }
        });
        edit.changed()
    });
    changed.inner.then_some(input)
}

fn running(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.watching;
    let watching = &panel.state.watching;
    if let Some(order) = &watching.order {
        for (name, path) in [(text.folder, &order.folder), (text.out, &order.out)] {
            let path = shown(path).to_string();
            let words = RichText::new((text.path)(name, &path)).small();
            ui.add(egui::Label::new(words).truncate())
                .on_hover_text(path);
        }
    }
    let is_stopping = watching.phase == Phase::Stopping;
    ui.add_enabled_ui(!is_stopping, |ui| {
        let stop = egui::Button::new(text.stop).min_size(vec2(0.0, 30.0));
        let stop = ending(ui, text.stop, stop);
        if stop.on_hover_text(text.stop_help).clicked() {
            panel.actions.push(Action::StopWatching);
        }
    });
    if is_stopping {
        weak(ui, text.stopping);
    }
    let order = watching.order.as_ref();
    let model = panel
        .state
        .model
        .as_ref()
        .and_then(|model| model.path.as_ref());
    if let (Some(order), Some(model)) = (order, model)
        && order.model != *model
    {
        weak(ui, text.other_model).on_hover_text(file_name(&order.model));
    }
    shares(ui, panel);
}

fn shares(ui: &mut Ui, panel: &Panel<'_>) {
    if panel.state.training.is_active() {
        weak(ui, panel.text.watching.shares);
    }
}

/// What the centre shows, where there is a choice.
fn wall_switch(ui: &mut Ui, panel: &mut Panel<'_>) {
    let watching = &panel.state.watching;
    if watching.phase == Phase::Off {
        return;
    }
    let text = panel.text.watching;
    let words = match watching.is_shown {
        true => text.show_review,
        false => text.show_live,
    };
    if ui.link(words).clicked() {
        panel.actions.push(Action::ShowWatching(!watching.is_shown));
    }
}
