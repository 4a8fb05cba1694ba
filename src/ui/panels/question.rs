//! Step 1: asks which images of a folder are normal.

use egui::{Align, Button, Id, Layout, Response, RichText, ScrollArea, Sense, Ui, Vec2, vec2};

use crate::ui::action::{Action, Slot};
use crate::ui::canvas;
use crate::ui::layers::color_image;
use crate::ui::state::Dataset;
use crate::ui::state::question::{Answer, Question};
use crate::ui::theme::GAP;
use crate::ui::widgets::{card, heading, palette, primary_button, weak};
use kizumi_dataset::catalog;
use kizumi_engine::message::UnclearGroup;

use super::Panel;

const THUMBNAIL_SIDE: f32 = 64.0;
/// More than any group has samples.
const SHOWN_MAX: usize = 64;
/// A line of buttons below the list, and what lies between.
const BUTTONS_HEIGHT: f32 = 44.0;

/// Draws the question over the whole centre.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, question: &Question) {
    let text = panel.text.question;
    if panel.is_left(ui) {
        panel.actions.push(Action::DropQuestion);
    }
    card(ui).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        heading(ui, text.heading);
        ui.label(match question.is_named() {
            true => text.help_named,
            false => text.help,
        });
        for doubt in &question.doubts {
            ui.label(panel.text.said(doubt));
        }
        if let [first, rest @ ..] = &question.unread[..] {
            let first = question.below(first).display().to_string();
            ui.label((text.unread)(&first, rest.len()));
        }
        weak(ui, question.folder.display().to_string());
        ui.add_space(GAP * 0.5);
        let height = ui.available_height() - BUTTONS_HEIGHT;
        ScrollArea::vertical()
            .id_salt("question")
            .max_height(height)
            .auto_shrink(false)
            .show(ui, |ui| {
                for (place, group) in question.groups.iter().enumerate() {
                    row(ui, panel, question, (place, group));
                    ui.separator();
                }
            });
        ui.add_space(GAP * 0.5);
        ui.horizontal(|ui| {
            let is_answered = question.roles().is_some();
            ui.add_enabled_ui(is_answered, |ui| {
                let open = primary_button(ui, text.open);
                if open.on_disabled_hover_text(text.needed).clicked() {
                    panel.actions.push(Action::OpenAsAnswered);
                }
            });
            // Of a flat folder the names of the files may say what those of folders do not.
            if question.groups.len() == 1 {
                let by_names = ui.button(text.by_names).on_hover_text(text.by_names_help);
                if by_names.clicked() {
                    let folder = question.folder.clone();
                    let open = Action::OpenInSlot(folder, Slot::ToInspect);
                    panel.actions.push(open);
                }
            }
            if ui.button(text.cancel).clicked() {
                panel.actions.push(Action::DropQuestion);
            }
            if !is_answered {
                let words = RichText::new(text.needed).small();
                let words = words.color(palette(ui).weak);
                ui.add(egui::Label::new(words).wrap());
            }
        });
    });
}

/// A question that has just come up takes the focus: what is pressed next is an answer.
fn begin_here(ui: &Ui, question: &Question, first: &Response) {
    let id = Id::unique("question-begun");
    let begun = ui.data(|data| data.get_temp::<u64>(id));
    if begun != Some(question.generation) {
        ui.data_mut(|data| data.insert_temp(id, question.generation));
        first.request_focus();
    }
}

/// A group: its name, what is said of it, and some of its images.
fn row(ui: &mut Ui, panel: &mut Panel<'_>, question: &Question, group: (usize, &UnclearGroup)) {
    let (place, group) = group;
    let text = panel.text.question;
    let palette = palette(ui);
    let name = question.name(group);
    let name = name.unwrap_or_else(|| text.directly.to_owned());
    ui.horizontal(|ui| {
        // What is said of it stays in sight, however long the name is.
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            for answer in Answer::ALL.into_iter().rev() {
                let words = match answer {
                    Answer::Normal => text.normal,
                    Answer::Defective => text.defective,
                    Answer::Test => text.test,
                    Answer::Unused => text.unused,
                };
                let is_said = question.answers[place] == Some(answer);
                let choice = Button::selectable(is_said, words).frame_when_inactive(true);
                let choice = ui.add(choice);
                let choice = choice.accessible_name(format!("{name}: {words}"));
                if place == 0 && answer == Answer::Normal {
                    begin_here(ui, question, &choice);
                }
                if choice.clicked() {
                    panel.actions.push(Action::Answer(place, answer));
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let count = (text.images)(group.images);
                weak(ui, count);
                let words = RichText::new(&name).color(palette.strong);
                ui.add(egui::Label::new(words).truncate())
                    .on_hover_text(group.folder.display().to_string());
            });
        });
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
        for (number, sample) in group.samples.iter().enumerate() {
            let Some(sample) = sample else { continue };
            let (rect, _) = ui.allocate_exact_size(Vec2::splat(THUMBNAIL_SIDE), Sense::hover());
            let key = ("question", SHOWN_MAX * place + number);
            let made = || color_image(&sample.to_picture());
            let picture = panel.pictures.get_or(key, question.generation, made);
            let name = format!("{name}, {}", number + 1);
            canvas::thumbnail(ui, rect, Id::unique(key), &name, &picture);
        }
    });
}

/// That a person said what the folder holds, with the way to say it anew.
pub fn said(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.question;
    let Some(dataset) = &panel.state.dataset else {
        return;
    };
    let root = dataset.catalog.root.clone();
    if slot(ui, panel, dataset) {
        return;
    }
    if dataset.catalog.layout != catalog::Layout::Given || panel.state.roles_of(&root).is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        weak(ui, text.said);
        let idle = !panel.state.training.is_active();
        let again = ui.add_enabled(idle, Button::new(text.again));
        if again.clicked() {
            panel.actions.push(Action::AskAgain(root));
        }
    });
}

/// Of a folder of images alone: what they are there for, and the other choice. Gives whether it is one.
fn slot(ui: &mut Ui, panel: &mut Panel<'_>, dataset: &Dataset) -> bool {
    let text = panel.text.question;
    let (words, other, slot) = match dataset.catalog.layout {
        _ if dataset.is_to_inspect() => {
            let unknown = dataset.tally().test.unknown;
            let words = (text.to_inspect)(unknown, dataset.catalog.test.len());
            (words, text.learn_from, Slot::Normal)
        }
        catalog::Layout::Plain => (text.all_normal.into(), text.only_inspect, Slot::ToInspect),
        _ => return false,
    };
    ui.horizontal_wrapped(|ui| {
        weak(ui, words);
        let idle = !panel.state.training.is_active();
        if ui.add_enabled(idle, Button::new(other)).clicked() {
            let root = dataset.catalog.root.clone();
            panel.actions.push(Action::OpenInSlot(root, slot));
        }
    });
    true
}
