//! The command palette: type some letters, choose, run.

use egui::{
    Align, Align2, Key, Layout, Modal, Modifiers, Response, RichText, Role, ScrollArea, Sense,
    TextEdit, Ui, WidgetInfo, vec2,
};

use crate::ui::action::Action;
use crate::ui::commands::{COMMANDS, UiCommand, fuzzy, keys};
use crate::ui::state::overlay::{Overlay, Search};
use crate::ui::widgets::{palette, weak};

use super::Panel;

const WIDTH: f32 = 560.0;
const ROW_HEIGHT: f32 = 26.0;
/// Room for the name of a group.
const GROUP_WIDTH: f32 = 76.0;
const ROWS: f32 = 12.0;

/// Puts the palette below the top of the window, where it stays while its list changes.
pub fn place(modal: Modal) -> Modal {
    let area = Modal::default_area(egui::Id::unique("palette"));
    modal.area(area.anchor(Align2::CENTER_TOP, vec2(0.0, 72.0)))
}

/// The commands that have these letters in any language, the best match first.
pub fn found(typed: &str) -> Vec<&'static UiCommand> {
    let score = |command: &UiCommand| {
        let names = command.names.iter();
        names.filter_map(|name| fuzzy::score(typed, name)).max()
    };
    let mut found: Vec<_> = COMMANDS
        .iter()
        .filter_map(|command| Some((score(command)?, command)))
        .collect();
    // Equal ones stay in the menu's order.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, command)| command).collect()
}

/// Draws the palette.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, search: &Search) {
    let text = panel.text.commands;
    ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 80.0));
    // Before the field, which would take them for itself.
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let (up, down) = (pressed(Key::ArrowUp), pressed(Key::ArrowDown));
    let enter = pressed(Key::Enter);
    let toggled =
        ui.input_mut(|input| input.consume_key(Modifiers::COMMAND | Modifiers::SHIFT, Key::P));

    let mut typed = search.typed.clone();
    // The focus comes first, so that nothing typed in the same frame is lost.
    let id = egui::Id::unique("palette-field");
    ui.memory_mut(|memory| memory.request_focus(id));
    let field = ui.add(
        TextEdit::singleline(&mut typed)
            .id(id)
            .hint_text(text.palette_hint)
            .desired_width(f32::INFINITY)
            .margin(vec2(8.0, 6.0)),
    );
    field.accessible_name(text.palette_title);

    let found = found(&typed);
    let last = found.len().saturating_sub(1);
    let mut chosen = match typed == search.typed {
        true => search.chosen.min(last),
        false => 0,
    };
    if down {
        chosen = if chosen == last { 0 } else { chosen + 1 };
    } else if up {
        chosen = chosen.checked_sub(1).unwrap_or(last);
    }

    let moved = up || down || typed != search.typed;
    let mut run = enter.then(|| found.get(chosen)).flatten().copied();
    ui.add_space(4.0);
    ScrollArea::vertical()
        .max_height(ROWS * ROW_HEIGHT)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (index, command) in found.iter().enumerate() {
                let row = ui.push_id(command.id, |ui| row(ui, panel, command, index == chosen));
                let row = row.inner;
                if index == chosen && moved {
                    row.scroll_to_me(None);
                }
                if row.clicked() {
                    run = Some(command);
                }
            }
        });
    if found.is_empty() {
        weak(ui, text.palette_empty);
    }
    ui.add_space(4.0);
    weak(ui, text.palette_help);

    let runs = run.filter(|command| command.lacks(panel.state).is_none());
    if let Some(command) = runs {
        panel.actions.push(Action::SetOverlay(None));
        panel.actions.push(command.action.clone());
    } else if toggled {
        panel.actions.push(Action::SetOverlay(None));
    } else if typed != search.typed || chosen != search.chosen {
        let search = Search { typed, chosen };
        let overlay = Overlay::Palette(search);
        panel.actions.push(Action::SetOverlay(Some(overlay)));
    }
}

/// Group and name on the left, keys on the right, or why it cannot be called.
fn row(ui: &mut Ui, panel: &Panel<'_>, command: &UiCommand, chosen: bool) -> Response {
    let palette = palette(ui);
    let text = panel.text.commands;
    let name = command.name(panel.text.language);
    let lack = command.lacks(panel.state);
    let size = vec2(ui.available_width(), ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(Role::ListBoxOption, lack.is_none(), chosen, name));
    if chosen || response.hovered() {
        let fill = if chosen { palette.tint } else { palette.window };
        ui.painter().rect_filled(rect, 4, fill);
    }
    let color = match (lack, chosen) {
        (Some(_), _) => palette.weak,
        (None, true) => palette.strong,
        (None, false) => palette.text,
    };
    let inside = egui::UiBuilder::new()
        .max_rect(rect.shrink2(vec2(8.0, 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(inside, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let group = RichText::new(text.group(command.group)).small();
        let left = ui.cursor().left();
        ui.label(group.color(palette.weak));
        ui.add_space((left + GROUP_WIDTH - ui.cursor().left()).max(0.0));
        ui.label(RichText::new(name).color(color));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let aside = match lack {
                Some(lack) => text.need(lack).to_owned(),
                None => keys::all_written(command),
            };
            ui.label(RichText::new(aside).small().color(palette.weak));
        });
    });
    response
}
