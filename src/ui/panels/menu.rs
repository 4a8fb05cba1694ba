//! The menu: every command by group, behind one button.

use egui::{Atom, Button, IdSalt, Popup, RichText, Role, Ui, Vec2, WidgetInfo};

use crate::ui::commands::{Group, UiCommand, keys};
use crate::ui::icon::{self, Icon};
use crate::ui::widgets::{icon_button, palette};

use super::Panel;

const MARK_SIDE: f32 = 14.0;

/// Draws the button, and the menu while it is open.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.commands;
    let button = icon_button(ui, Icon::Menu, text.menu);
    Popup::menu(&button).show(|ui| {
        for group in Group::ALL {
            ui.menu_button(text.group(group), |ui| {
                let marked = group.commands().any(|it| it.is_on(panel.state).is_some());
                let height = ui.ctx().content_rect().height() - 2.0 * MARK_SIDE;
                egui::ScrollArea::vertical()
                    .max_height(height)
                    .min_scrolled_height(height)
                    .show(ui, |ui| {
                        for command in group.commands() {
                            entry(ui, panel, command, marked);
                        }
                    });
            });
        }
    });
}

/// A command; those that switch something have a check mark before them while it is on.
fn entry(ui: &mut Ui, panel: &mut Panel<'_>, command: &UiCommand, marked: bool) {
    let name = command.name(panel.text.language);
    let on = command.is_on(panel.state);
    let check = IdSalt::new("check");
    let gap = if marked { MARK_SIDE } else { 0.0 };
    let mut button = Button::new((Atom::custom(check, Vec2::splat(gap)), name));
    if let Some(key) = command.keys.first() {
        let key = RichText::new(keys::written(key)).color(palette(ui).weak);
        button = button.shortcut_text(key);
    }
    let lack = command.lacks(panel.state);
    let shown = ui.add_enabled_ui(lack.is_none(), |ui| button.atom_ui(ui));
    let shown = shown.inner;
    if on == Some(true)
        && let Some(rect) = shown.rect(check)
    {
        icon::paint(ui.painter(), rect, Icon::Check, palette(ui).accent);
    }
    let response = shown.response;
    response.widget_info(|| match on {
        Some(on) => WidgetInfo::selected(Role::MenuItemCheckBox, lack.is_none(), on, name),
        None => WidgetInfo::labeled(Role::MenuItem, lack.is_none(), name),
    });
    let response = match lack {
        Some(lack) => response.on_disabled_hover_text(panel.text.commands.need(lack)),
        None => response,
    };
    if response.clicked() {
        panel.actions.push(command.action.clone());
    }
}
