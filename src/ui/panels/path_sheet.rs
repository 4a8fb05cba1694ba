//! A path, typed: what a file dialog would have asked for where the desktop has none.

use egui::{Key, RichText, TextEdit, Ui};

use crate::ui::action::Action;
use crate::ui::state::overlay::{Overlay, PathAsk};
use crate::ui::theme::GAP;
use crate::ui::typed_path::typed_path;
use crate::ui::widgets::{heading, palette, primary_button, weak};

use super::Panel;

const WIDTH: f32 = 640.0;

/// Draws the sheet.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, ask: &PathAsk) {
    let text = panel.text.common;
    let room = ui.ctx().content_rect();
    ui.set_width(WIDTH.min(room.width() - 80.0));
    heading(ui, panel.text.browse_title(ask.what).trim_end_matches('…'));
    weak(ui, text.no_file_dialog);
    ui.add_space(GAP);
    let mut typed = ask.typed.clone();
    let field = TextEdit::singleline(&mut typed).desired_width(f32::INFINITY);
    let field = ui.add(field).accessible_name(text.typed_path);
    // Once: what has the focus later is a person's choice.
    if ui.memory(|memory| memory.focused().is_none()) {
        field.request_focus();
    }
    if field.changed() {
        let ask = PathAsk {
            typed: typed.clone(),
            ..ask.clone()
        };
        let overlay = Overlay::AskPath(ask);
        panel.actions.push(Action::SetOverlay(Some(overlay)));
    }
    let path = typed_path(&typed);
    let replaces = ask.what.writes_a_file() && path.is_file();
    let note = if replaces { text.replaces } else { "" };
    ui.label(RichText::new(note).small().color(palette(ui).warning));
    ui.add_space(GAP);
    let may = !typed.trim().is_empty();
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    ui.horizontal(|ui| {
        let words = match (replaces, ask.what.writes()) {
            (true, _) => text.replace,
            (false, true) => text.save,
            (false, false) => panel.text.data.open,
        };
        let given = ui
            .add_enabled_ui(may, |ui| primary_button(ui, words).clicked())
            .inner;
        // What is there already is replaced by the button alone.
        if given || (entered && may && !replaces) {
            panel.actions.push(Action::SetOverlay(None));
            panel.actions.push(Action::GivePath(ask.what, path));
        }
        if ui.button(text.cancel).clicked() {
            panel.actions.push(Action::SetOverlay(None));
        }
    });
}
