//! The name, the steps and how far each of them is, the theme.

use egui::{Align2, FontId, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::ui::action::Action;
use crate::ui::icon::{self, Icon};
use crate::ui::settings::ThemeChoice;
use crate::ui::state::{State, Step, file_name};
use crate::ui::text::Text;
use crate::ui::theme::RADIUS;
use crate::ui::widgets::{icon_button, palette};

use super::{Panel, call, menu};

const HEIGHT: f32 = 44.0;
const MARK_SIDE: f32 = 26.0;
/// With less room than this the name is left out.
const NARROW: f32 = 1100.0;

/// Draws the bar.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text;
    ui.horizontal(|ui| {
        ui.set_height(HEIGHT);
        menu::show(ui, panel);
        let controls = text.commands.toggle_controls;
        call::icon(ui, panel, Icon::Sidebar, controls, Action::ToggleControls);
        name(ui, text);
        let theme_width = 44.0;
        let width = ((ui.available_width() - theme_width) / 4.0).clamp(140.0, 270.0);
        for (index, step) in Step::ALL.into_iter().enumerate() {
            let label = StepLabel {
                number: index + 1,
                title: text.steps.title(step),
                status: status(panel.state, text, step),
                done: is_done(panel.state, step),
                chosen: panel.state.step == step,
            };
            if label.show(ui, width - 8.0).clicked() {
                panel.actions.push(Action::GoTo(step));
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let theme = panel.state.settings.theme;
            let icon = match theme {
                ThemeChoice::System => Icon::Screen,
                ThemeChoice::Light => Icon::Sun,
                ThemeChoice::Dark => Icon::Moon,
            };
            if icon_button(ui, icon, text.common.theme(theme)).clicked() {
                panel.actions.push(Action::NextTheme);
            }
        });
    });
}

fn name(ui: &mut Ui, text: &Text) {
    let palette = palette(ui);
    // Where there is little room, what the steps say goes before the name, which the title bar has as well.
    let is_narrow = ui.available_width() < NARROW;
    let width = if is_narrow { 36.0 } else { 136.0 };
    let (rect, _) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
    let mark = Rect::from_center_size(
        pos2(rect.left() + MARK_SIDE * 0.5 + 2.0, rect.center().y),
        Vec2::splat(MARK_SIDE),
    );
    icon::paint_mark(ui.painter(), mark, palette.accent, palette.error);
    if is_narrow {
        return;
    }
    ui.painter().text(
        pos2(mark.right() + 10.0, rect.center().y),
        Align2::LEFT_CENTER,
        text.common.name,
        FontId::proportional(21.0),
        palette.strong,
    );
}

struct StepLabel {
    number: usize,
    title: &'static str,
    status: String,
    done: bool,
    chosen: bool,
}

impl StepLabel {
    fn show(&self, ui: &mut Ui, width: f32) -> Response {
        let palette = palette(ui);
        let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
        response.widget_info(|| {
            let name = format!("{} {}", self.number, self.title);
            WidgetInfo::selected(Role::Tab, true, self.chosen, name)
        });
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_description(self.status.as_str());
        });
        let painter = ui.painter();
        if self.chosen {
            painter.rect_filled(rect, RADIUS, palette.tint);
        } else if response.hovered() {
            painter.rect_filled(rect, RADIUS, palette.card);
        }
        if response.has_focus() {
            let stroke = Stroke::new(1.0, palette.accent);
            painter.rect_stroke(rect, RADIUS, stroke, egui::StrokeKind::Inside);
        }
        let center = pos2(rect.left() + 20.0, rect.center().y);
        let badge = Rect::from_center_size(center, Vec2::splat(24.0));
        if self.done {
            painter.circle_filled(center, 12.0, palette.accent);
            icon::paint(painter, badge.shrink(5.0), Icon::Check, palette.on_accent);
        } else {
            let color = if self.chosen {
                palette.accent
            } else {
                palette.weak
            };
            painter.circle_stroke(center, 11.5, Stroke::new(1.2, color));
            let number = self.number.to_string();
            painter.text(
                center,
                Align2::CENTER_CENTER,
                number,
                FontId::proportional(13.0),
                color,
            );
        }
        let x = badge.right() + 8.0;
        let clipped = painter.with_clip_rect(rect.shrink2(vec2(6.0, 0.0)));
        clipped.text(
            pos2(x, rect.center().y - 8.0),
            Align2::LEFT_CENTER,
            self.title,
            FontId::proportional(15.0),
            palette.strong,
        );
        let room = rect.right() - 6.0 - x;
        let mut job = egui::text::LayoutJob::simple_singleline(
            self.status.clone(),
            FontId::proportional(12.0),
            palette.weak,
        );
        job.wrap = egui::text::TextWrapping::truncate_at_width(room);
        let galley = painter.layout_job(job);
        let top = rect.center().y + 9.5 - galley.size().y * 0.5;
        clipped.galley(pos2(x, top), galley, palette.weak);
        response.on_hover_text(&self.status)
    }
}

fn is_done(state: &State, step: Step) -> bool {
    match step {
        Step::Data => state.dataset.is_some(),
        Step::Train => {
            let model = state.model.is_some() && !state.model_is_foreign();
            model && !state.training.is_active()
        }
        Step::Inspect => state.inspecting.result.is_some(),
        Step::Review => state.set.done() > 0 && !state.set.is_active(),
    }
}

fn status(state: &State, text: &Text, step: Step) -> String {
    let (review, text) = (text.review, text.steps);
    match step {
        Step::Data => match &state.dataset {
            Some(dataset) => (text.dataset)(
                &dataset.name(),
                dataset.tally().train,
                dataset.tally().test.all(),
            ),
            None => text.no_dataset.into(),
        },
        Step::Train => match (&state.model, state.training.is_active()) {
            (_, true) => text.phase(state.training.phase).into(),
            // Where the offer to go on with it is not in sight.
            _ if !state.interrupted.is_empty()
                && matches!(state.step, Step::Inspect | Step::Review) =>
            {
                text.interrupted.into()
            }
            (Some(model), _) if state.model_is_foreign() => {
                (text.foreign_model)(&text.model_name(model), &model.trained_on)
            }
            (Some(model), _) => match &model.path {
                Some(path) => file_name(path),
                None => text.model_unsaved.into(),
            },
            (None, _) if state.is_opening_model() => text.opens_model.into(),
            (None, _) => text.no_model.into(),
        },
        Step::Inspect => match &state.inspecting.selected {
            Some(entry) => file_name(&entry.path),
            None => text.no_image.into(),
        },
        Step::Review => match (state.set.done(), state.set.is_active()) {
            (done, true) => (review.status_running)(done, state.set.images().len()),
            (0, false) => review.status_none.into(),
            (done, false) => {
                let failed = state.set.failed();
                (review.status_done)(done - failed, failed)
            }
        },
    }
}
