//! Controls that call a command of the list: they are off while it lacks something, say so, and
//! have its keys in their tooltip.

use egui::Ui;

use crate::ui::action::Action;
use crate::ui::commands::{self, keys};
use crate::ui::icon::Icon;
use crate::ui::widgets::icon_control;

use super::Panel;

/// Words with the keys that do the same: `Next image (N, Page Down, ↓)`.
pub fn with_keys(words: &str, action: &Action) -> String {
    let keys = commands::doing(action).map(keys::all_written);
    match keys {
        Some(keys) if !keys.is_empty() => format!("{words} ({keys})"),
        _ => words.to_owned(),
    }
}

/// An icon button that does what a command does. `name` is its name for screen readers.
pub fn icon(ui: &mut Ui, panel: &mut Panel<'_>, icon: Icon, name: &str, action: Action) {
    let command = commands::doing(&action);
    let lack = command.and_then(|command| command.lacks(panel.state));
    let on = command.and_then(|command| command.is_on(panel.state));
    let tip = with_keys(name, &action);
    ui.add_enabled_ui(lack.is_none(), |ui| {
        let response = icon_control(ui, icon, name, &tip, on == Some(true));
        let response = match lack {
            Some(lack) => response.on_disabled_hover_text(panel.text.commands.need(lack)),
            None => response,
        };
        if response.clicked() {
            panel.actions.push(action);
        }
    });
}

/// A button with words that does what a command does.
pub fn button(ui: &mut Ui, panel: &mut Panel<'_>, words: &str, help: &str, action: Action) {
    let lack = commands::doing(&action).and_then(|command| command.lacks(panel.state));
    let response = ui.add_enabled(lack.is_none(), egui::Button::new(words));
    let response = match lack {
        Some(lack) => response.on_disabled_hover_text(panel.text.commands.need(lack)),
        None => response.on_hover_text(with_keys(help, &action)),
    };
    if response.clicked() {
        panel.actions.push(action);
    }
}
