//! Goes through the iterates: buttons, a rail, and a way back to the newest one.

use egui::{Align, Button, ComboBox, Layout, RichText, Slider, Ui, vec2};

use crate::ui::action::Action;
use crate::ui::form::rail;
use crate::ui::icon::Icon;
use crate::ui::state::timeline::{Cursor, Playback, SPEEDS};
use crate::ui::text::Runs;
use crate::ui::widgets::{icon_toggle, palette};

use super::{Panel, call, run_marks};

/// Draws the row.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.inspect;
    let palette = palette(ui);
    let state = panel.state;
    let last = state.last_shown();
    let shown = state.shown();
    let marks = run_marks::on_screen(state);
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
            playback(ui, state.settings.playback, panel.text.runs, panel.actions);
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
                let response = rail(ui, slider).accessible_name(text.scrubber);
                // The handle's middle, not its edge, is at the value.
                let radius = response.rect.height() / 2.5;
                let rect = response.rect.shrink2(vec2(radius, 0.0));
                run_marks::ticks(ui, &response, rect, last, &marks, panel.text);
                if response.changed() {
                    panel.actions.push(Action::SetCursor(Cursor::At(t)));
                }
            });
        });
    });
}

/// Whether it plays again and again, and how fast.
fn playback(ui: &mut Ui, playback: Playback, text: &Runs, actions: &mut Vec<Action>) {
    let mut new = playback;
    if icon_toggle(ui, Icon::Repeat, text.repeat, new.looped).clicked() {
        new.looped = !new.looped;
    }
    let label = |speed: f32| format!("{speed}×");
    let combo = ComboBox::from_id_salt("speed")
        .selected_text(label(new.speed))
        .width(58.0)
        .show_ui(ui, |ui| {
            for speed in SPEEDS {
                ui.selectable_value(&mut new.speed, speed, label(speed));
            }
        });
    let combo = combo.response.accessible_name(text.speed);
    combo.on_hover_text(text.speed);
    if new != playback {
        actions.push(Action::SetPlayback(new));
    }
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
