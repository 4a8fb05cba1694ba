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
use kizumi_engine::message::OpenedImage;
use kizumi_method::anomaly_map::channel_mean;
use kizumi_method::config::{ProjectionConfig, Regulariser};
use kizumi_method::iterate::Inspection;

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
        if open.lesson == Lesson::Norms {
            moved(ui, panel);
        }
    });
    ui.add_space(GAP);
}

/// How far the pixels moved in each run: what this model does with this image, whatever the norms would have one expect.
fn moved(ui: &mut Ui, panel: &Panel<'_>) {
    let text = panel.text;
    let inspecting = &panel.state.inspecting;
    let kept = inspecting.a().map(|a| (text.runs.a, a));
    let result_of_a = inspecting.a_result();
    let name = if kept.is_some() {
        text.runs.b
    } else {
        text.runs.a
    };
    let current = inspecting.current().map(|run| (name, run));
    let current = current.filter(|_| !inspecting.is_stale());
    let runs = [(kept, result_of_a), (current, inspecting.result.as_ref())];
    let mut is_shown = false;
    for (run, result) in runs {
        let (Some((name, run)), Some(result), Some(opened)) =
            (run, result, inspecting.opened.as_ref())
        else {
            continue;
        };
        let norm = match run.projection.regulariser {
            Regulariser::L1 => text.inspect.regulariser_l1,
            Regulariser::L2 => text.inspect.regulariser_l2,
        };
        let Some((stayed, furthest)) = moves(result, opened) else {
            continue;
        };
        let words = (text.explain.moved)(name, norm, stayed, furthest);
        ui.label(RichText::new(words).color(palette(ui).strong));
        is_shown = true;
    }
    if !is_shown {
        weak(ui, text.rival.computing);
    }
}

/// The share of the pixels that count which moved by less than a step of 8 bits, and how far the furthest did; `None`
/// where none counts.
fn moves(result: &Inspection, opened: &OpenedImage) -> Option<(f32, f32)> {
    let (now, before) = (&result.projected, &opened.picture);
    if now.pixels.len() != before.pixels.len() {
        return None;
    }
    let moved = channel_mean(now, before, f32::abs);
    let valid = opened.valid();
    let counts = |index: usize| {
        valid
            .as_ref()
            .is_none_or(|valid| valid.pixels[index] != 0.0)
    };
    let moved = moved.pixels.iter().enumerate();
    let moved = moved.filter(|(index, _)| counts(*index));
    let (mut all, mut stayed, mut furthest) = (0usize, 0usize, 0.0f32);
    for (_, by) in moved {
        all += 1;
        stayed += usize::from(*by < 1.0 / 255.0);
        furthest = furthest.max(*by);
    }
    (all > 0).then(|| (stayed as f32 / all as f32, furthest))
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
