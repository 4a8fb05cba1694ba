//! "How it works" above the pictures that it is about: a lesson, its deed, and the way to the others.

use egui::{Align, Button, Layout, RichText, Ui};

use crate::ui::action::Action;
use crate::ui::icon::Icon;
use crate::ui::state::Step;
use crate::ui::state::comparing::AbSide;
use crate::ui::state::lesson::Lesson;
use crate::ui::state::timeline::Cursor;
use crate::ui::theme::GAP;
use crate::ui::widgets::{card, heading, icon_button, palette, weak};
use kizumi_method::config::{ProjectionConfig, Regulariser};

use super::Panel;

/// By how much the last lesson lengthens the step.
const TOO_LONG: f32 = 100.0;

/// Draws the card, while a lesson is open.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let Some(open) = panel.state.lesson else {
        return;
    };
    if panel.state.tells_by_features() {
        no_network(ui, panel);
        return;
    }
    let text = panel.text.explain;
    let place = open.lesson as usize;
    let (title, body) = text.lessons[place];
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            heading(ui, title);
            weak(ui, format!("{} / {}", place + 1, Lesson::COUNT));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if icon_button(ui, Icon::Close, text.close_lessons).clicked() {
                    panel.actions.push(Action::ShowLesson(None));
                }
                for (icon, name, by) in [
                    (Icon::Right, text.next_lesson, 1),
                    (Icon::Left, text.previous_lesson, -1),
                ] {
                    let neighbour = open.lesson.neighbour(by);
                    ui.add_enabled_ui(neighbour.is_some(), |ui| {
                        if icon_button(ui, icon, name).clicked() {
                            panel.actions.push(Action::ShowLesson(neighbour));
                        }
                    });
                }
                deed(ui, panel, open.lesson);
            });
        });
        ui.label(RichText::new(body).color(palette(ui).text));
    });
    ui.add_space(GAP);
}

/// What a model without a trained network cannot show, and the way to one that can.
fn no_network(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text;
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            heading(ui, text.explain.how_it_works);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if icon_button(ui, Icon::Close, text.explain.close_lessons).clicked() {
                    panel.actions.push(Action::ShowLesson(None));
                }
                if ui.button(text.data.next_train).clicked() {
                    panel.actions.push(Action::GoTo(Step::Train));
                }
            });
        });
        ui.label(text.explain.lessons_need_a_network);
    });
    ui.add_space(GAP);
}

/// The button that shows what the lesson says.
fn deed(ui: &mut Ui, panel: &mut Panel<'_>, lesson: Lesson) {
    let Some(words) = panel.text.explain.deeds[lesson as usize] else {
        return;
    };
    let state = panel.state;
    let is_ready = state.inspecting.current().is_some() && !state.inspecting.is_stale();
    let projection = state.settings.projection;
    if ui.add_enabled(is_ready, Button::new(words)).clicked() {
        panel.actions.extend(doing(lesson, projection));
    }
}

/// What the button does.
fn doing(lesson: Lesson, projection: ProjectionConfig) -> Vec<Action> {
    match lesson {
        Lesson::Autoencoder | Lesson::Blur | Lesson::Residual => Vec::new(),
        Lesson::Gate => vec![Action::SetCursor(Cursor::At(0)), Action::TogglePlay],
        Lesson::Norms => {
            let regulariser = match projection.regulariser {
                Regulariser::L1 => Regulariser::L2,
                Regulariser::L2 => Regulariser::L1,
            };
            vec![
                Action::KeepAsA,
                Action::SetProjection(ProjectionConfig {
                    regulariser,
                    ..projection
                }),
                Action::SetAbSide(AbSide::Both),
            ]
        }
        Lesson::Limits => vec![Action::SetProjection(ProjectionConfig {
            alpha: TOO_LONG * projection.alpha,
            back_off: false,
            ..projection
        })],
    }
}
