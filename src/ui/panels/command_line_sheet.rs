//! The command line that does what was done in step 4, to copy.

use egui::{Align, Layout, TextEdit, TextStyle, Ui};

use crate::ui::action::Action;
use crate::ui::icon::Icon;
use crate::ui::saving::command_line::command_line;
use crate::ui::theme::GAP;
use crate::ui::widgets::{heading, icon_button, palette, primary_button, weak};

use super::Panel;

const WIDTH: f32 = 640.0;

/// Draws the sheet.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text;
    let words = text.saving;
    let room = ui.ctx().content_rect();
    ui.set_width(WIDTH.min(room.width() - 80.0));
    ui.horizontal(|ui| {
        heading(ui, words.command_line_title);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, Icon::Close, text.commands.close).clicked() {
                panel.actions.push(Action::SetOverlay(None));
            }
        });
    });
    let found = match command_line(panel.state) {
        Ok(found) => found,
        Err(reason) => {
            ui.label(words.no_line(reason));
            return;
        }
    };
    weak(ui, words.command_line_help);
    ui.add_space(GAP);
    let mut line = found.line.as_str();
    let field = TextEdit::multiline(&mut line)
        .font(TextStyle::Monospace)
        .desired_width(f32::INFINITY)
        .desired_rows(3);
    ui.add(field).accessible_name(words.command_line_title);
    for note in &found.notes {
        let note = egui::RichText::new(words.line_note(*note)).small();
        ui.label(note.color(palette(ui).warning));
    }
    ui.add_space(GAP);
    if primary_button(ui, words.copy_line).clicked() {
        panel.actions.push(Action::CopyText(found.line));
        panel.actions.push(Action::SetOverlay(None));
    }
}
