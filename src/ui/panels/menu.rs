//! The menu: every command by group, behind one button.

use egui::{Button, Popup, RichText, Ui};

use crate::ui::commands::{Group, UiCommand, keys};
use crate::ui::icon::Icon;
use crate::ui::widgets::{icon_button, palette};

use super::Panel;

/// Draws the button, and the menu while it is open.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.commands;
    let button = icon_button(ui, Icon::Menu, text.menu);
    Popup::menu(&button).show(|ui| {
        for group in Group::ALL {
            ui.menu_button(text.group(group), |ui| {
                for command in group.commands() {
                    entry(ui, panel, command);
                }
            });
        }
    });
}

fn entry(ui: &mut Ui, panel: &mut Panel<'_>, command: &UiCommand) {
    let name = command.name(panel.text.language);
    let on = command.is_on(&panel.state.settings);
    let label = match on {
        Some(true) => format!("✔ {name}"),
        Some(false) => format!("    {name}"),
        None => name.to_owned(),
    };
    let mut button = Button::new(label).selected(on == Some(true));
    if let Some(key) = command.keys.first() {
        let key = RichText::new(keys::written(key)).color(palette(ui).weak);
        button = button.shortcut_text(key);
    }
    let lack = command.lacks(panel.state);
    let response = ui.add_enabled(lack.is_none(), button).accessible_name(name);
    let response = match lack {
        Some(lack) => response.on_disabled_hover_text(panel.text.commands.need(lack)),
        None => response,
    };
    if response.clicked() {
        panel.actions.push(command.action.clone());
    }
}
