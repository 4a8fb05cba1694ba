//! The list of all keys, by group.

use egui::{Align, Event, Grid, Key, Layout, RichText, ScrollArea, Ui};

use crate::ui::action::Action;
use crate::ui::commands::{Group, keys};
use crate::ui::icon::Icon;
use crate::ui::theme::{GAP, SECTION_GAP};
use crate::ui::widgets::{heading, icon_button, palette, weak};

use super::Panel;

const WIDTH: f32 = 760.0;
/// Height of all that is above and below the list.
const MARGINS: f32 = 110.0;
const KEYS_WIDTH: f32 = 112.0;

/// Draws the sheet.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.commands;
    let room = ui.ctx().content_rect();
    ui.set_width(WIDTH.min(room.width() - 80.0));
    ui.horizontal(|ui| {
        heading(ui, text.keys_title);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, Icon::Close, text.close).clicked() {
                panel.actions.push(Action::SetOverlay(None));
            }
        });
    });
    weak(ui, text.keys_help);
    ui.add_space(GAP);
    ScrollArea::vertical()
        .max_height(room.height() - MARGINS)
        .min_scrolled_height(room.height() - MARGINS)
        .show(ui, |ui| {
            let groups: Vec<Group> = Group::ALL
                .into_iter()
                .filter(|group| group.commands().any(|command| !command.keys.is_empty()))
                .collect();
            // Two columns of about the same length.
            let rows = |group: &Group| 2 + group.commands().filter(|c| !c.keys.is_empty()).count();
            let half = groups.iter().map(rows).sum::<usize>() / 2;
            let mut filled = 0;
            let split = groups
                .iter()
                .position(|group| {
                    filled += rows(group);
                    filled > half + 1
                })
                .unwrap_or(groups.len());
            let (left, right) = groups.split_at(split.max(1));
            ui.columns(2, |columns| {
                for (ui, groups) in columns.iter_mut().zip([left, right]) {
                    for group in groups {
                        keys_of(ui, panel, *group);
                    }
                }
            });
        });
    if ui.input(|input| input.events.iter().any(is_own_key)) {
        panel.actions.push(Action::SetOverlay(None));
    }
}

/// The keys that open the sheet close it, unless they are merely held.
fn is_own_key(event: &Event) -> bool {
    matches!(
        event,
        Event::Key {
            key: Key::Questionmark | Key::F1,
            pressed: true,
            repeat: false,
            ..
        }
    )
}

fn keys_of(ui: &mut Ui, panel: &Panel<'_>, group: Group) {
    let palette = palette(ui);
    let title = RichText::new(panel.text.commands.group(group)).strong();
    ui.label(title.color(palette.accent));
    Grid::new(("keys", group as usize))
        .num_columns(2)
        .min_col_width(KEYS_WIDTH)
        .min_row_height(18.0)
        .spacing([SECTION_GAP, 3.0])
        .show(ui, |ui| {
            for command in group.commands().filter(|command| !command.keys.is_empty()) {
                let keys = RichText::new(keys::all_written(command)).color(palette.strong);
                ui.label(keys);
                ui.label(command.name(panel.text.language));
                ui.end_row();
            }
        });
    ui.add_space(SECTION_GAP);
}
