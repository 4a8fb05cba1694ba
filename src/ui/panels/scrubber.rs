//! Goes through the iterates: buttons, a rail, and a way back to the newest one.

use egui::{Align, Button, Layout, RichText, Slider, Ui};

use crate::ui::action::Action;
use crate::ui::form::rail;
use crate::ui::icon::Icon;
use crate::ui::state::timeline::Cursor;
use crate::ui::widgets::palette;

use super::{Panel, call};

/// Draws the row.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.inspect;
    let palette = palette(ui);
    let state = panel.state;
    let last = state.last_shown();
    let shown = state.shown();
    let timeline = &state.inspecting.timeline;
    ui.add_enabled_ui(last > 0, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let first = Action::SetCursor(Cursor::At(0));
            call::icon(ui, panel, Icon::First, text.first, first);
            call::icon(ui, panel, Icon::Back, text.back, Action::StepCursor(-1));
            let (icon, name) = if timeline.is_playing() {
                (Icon::Pause, text.pause)
            } else {
                (Icon::Play, text.play)
            };
            call::icon(ui, panel, icon, name, Action::TogglePlay);
            call::icon(
                ui,
                panel,
                Icon::Forward,
                text.forward,
                Action::StepCursor(1),
            );
            let end = Action::SetCursor(Cursor::At(last));
            call::icon(ui, panel, Icon::Last, text.last, end);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 10.0;
                let follow = Action::SetCursor(Cursor::Follow);
                live(
                    ui,
                    timeline.cursor() == Cursor::Follow,
                    text.live,
                    &call::with_keys(text.live_help, &follow),
                    panel.actions,
                );
                let place = (text.iteration)(shown, last);
                ui.label(RichText::new(place).color(palette.strong));
                ui.spacing_mut().slider_width = ui.available_width() - 12.0;
                let mut t = shown;
                let slider = Slider::new(&mut t, 0..=last.max(1)).show_value(false);
                if rail(ui, slider).accessible_name(text.scrubber).changed() {
                    panel.actions.push(Action::SetCursor(Cursor::At(t)));
                }
            });
        });
    });
}

/// The button that follows the newest iterate, with a dot that says whether it does.
fn live(ui: &mut Ui, on: bool, label: &str, help: &str, actions: &mut Vec<Action>) {
    let palette = palette(ui);
    let color = if on { palette.accent } else { palette.weak };
    let job = {
        let mut job = egui::text::LayoutJob::default();
        let format = |size: f32, color| egui::TextFormat {
            font_id: egui::FontId::proportional(size),
            color,
            valign: Align::Center,
            ..Default::default()
        };
        job.append("●", 0.0, format(11.0, color));
        job.append(
            label,
            6.0,
            format(13.0, if on { palette.strong } else { palette.text }),
        );
        job
    };
    let button = ui.add(Button::new(job).selected(on)).accessible_name(label);
    if button.on_hover_text(help).clicked() {
        actions.push(Action::SetCursor(Cursor::Follow));
    }
}
