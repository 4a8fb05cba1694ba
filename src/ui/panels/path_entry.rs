//! The ways to open something: a path, a dialog, what was opened lately.

use std::path::{Path, PathBuf};

use egui::{Align, Key, Layout, RichText, TextEdit, Ui, vec2};

use crate::ui::action::{Action, Browse};
use crate::ui::state::file_name;
use crate::ui::typed_path::typed_path;
use crate::ui::widgets::{palette, weak};

use super::Panel;

use kizumi_image::shown::shown;

/// A path field with its buttons. Whatever is typed is told by its ending.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = &panel.text.data;
    let mut input = panel.state.path_input.clone();
    let edit = TextEdit::singleline(&mut input)
        .hint_text(text.path_hint)
        .desired_width(f32::INFINITY)
        .margin(vec2(8.0, 5.0));
    let response = ui.add(edit).accessible_name(text.path);
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if response.changed() {
        panel.actions.push(Action::EditPath(input.clone()));
    }
    ui.horizontal(|ui| {
        let open = ui.add_enabled(!input.trim().is_empty(), egui::Button::new(text.open));
        if open.clicked() || (entered && !input.trim().is_empty()) {
            panel.actions.push(Action::OpenPath(typed_path(&input)));
        }
        browse(ui, panel, text.browse, Browse::Dataset);
    });
}

/// A button that opens a file dialog; off while one is open.
pub fn browse(ui: &mut Ui, panel: &mut Panel<'_>, label: &str, what: Browse) {
    let enabled = !panel.state.dialog_open;
    if ui.add_enabled(enabled, egui::Button::new(label)).clicked() {
        panel.actions.push(Action::Browse(what));
    }
}

/// What was opened lately, as a list of links.
pub fn recent(ui: &mut Ui, paths: &[PathBuf], mut chosen: impl FnMut(&Path)) {
    let palette = palette(ui);
    for path in paths {
        let folder = path.parent().map(|folder| shown(folder).to_string());
        let row = ui.allocate_ui_with_layout(
            vec2(ui.available_width(), 22.0),
            Layout::left_to_right(Align::Center),
            |ui| {
                let name = RichText::new(file_name(path)).color(palette.accent);
                let link = ui.add(egui::Button::new(name).frame(false).truncate());
                let folder = RichText::new(folder.unwrap_or_default())
                    .small()
                    .color(palette.weak);
                ui.add(egui::Label::new(folder).truncate());
                link.on_hover_text(shown(path).to_string())
            },
        );
        if row.inner.clicked() {
            chosen(path);
        }
    }
    if paths.is_empty() {
        weak(ui, "–");
    }
}
