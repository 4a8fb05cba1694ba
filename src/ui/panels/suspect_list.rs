//! Step 1: which normal images look unlike the others, and which of them training leaves out.

use std::collections::BTreeSet;

use egui::{
    Align, Button, Id, Layout, ProgressBar, RichText, ScrollArea, Sense, TextStyle, Ui, Vec2, vec2,
};

use crate::ui::action::Action;
use crate::ui::canvas;
use crate::ui::icon::Icon;
use crate::ui::layers::color_image;
use crate::ui::state::suspects::{Listed, Selection};
use crate::ui::state::{Dataset, Step, file_name};
use crate::ui::theme::GAP;
use crate::ui::widgets::{card, chip, heading, icon_button, palette, primary_button, weak};

use super::Panel;

const ROW_HEIGHT: f32 = 40.0;
const THUMBNAIL_SIDE: f32 = 36.0;
/// Two rows of buttons below the list.
const BUTTONS_HEIGHT: f32 = 76.0;
const BAR_WIDTH: f32 = 140.0;

/// A line: the offer to look for them, how far that is, what was found.
pub fn line(ui: &mut Ui, panel: &mut Panel<'_>, dataset: &Dataset) {
    let palette = palette(ui);
    let text = panel.text.suspects;
    let state = panel.state;
    let selection = &dataset.selection;
    ui.horizontal_wrapped(|ui| {
        if let Some(running) = state.jobs.finding_suspects() {
            let words = panel.text.status.job(running.job);
            ui.label(RichText::new(words).small());
            let bar = ProgressBar::new(running.share().unwrap_or(0.0)).desired_width(BAR_WIDTH);
            ui.add(bar.desired_height(6.0).fill(palette.accent));
            if ui.button(text.cancel).clicked() {
                panel.actions.push(Action::StopFindingSuspects);
            }
            return;
        }
        match &selection.found {
            None if dataset.catalog.train.len() < 2 => {}
            None => check(ui, panel, text.check),
            Some(_) if selection.suspects() > 0 => {
                let found = (text.unlike)(selection.suspects());
                ui.label(RichText::new(found).small().color(palette.warning));
            }
            Some(found) => {
                weak(ui, (text.alike)(found.ranking.len()));
            }
        }
        left_out(ui, panel, dataset);
        if selection.has_list() {
            let (label, shown) = match selection.is_listed {
                true => (text.hide, false),
                false => (text.show, true),
            };
            if ui.button(label).clicked() {
                panel.actions.push(Action::ListSuspects(shown));
            }
        }
    });
}

/// The button that looks for them. While a model is trained there is none to be asked: it tells them, too.
fn check(ui: &mut Ui, panel: &mut Panel<'_>, label: &str) {
    let idle = !panel.state.training.is_active();
    let button = ui.add_enabled(idle, Button::new(label));
    let button = button.on_hover_text(panel.text.suspects.check_help);
    if button
        .on_disabled_hover_text(panel.text.commands.needs_idle)
        .clicked()
    {
        panel.actions.push(Action::FindSuspects);
    }
}

/// How many images training leaves out, if any.
fn left_out(ui: &mut Ui, panel: &Panel<'_>, dataset: &Dataset) {
    let excluded = dataset.selection.exclusions.excluded.len();
    if excluded > 0 {
        weak(ui, (panel.text.suspects.left_out)(excluded));
    }
}

/// Says in another step that images are left out, with the way to the list.
pub fn reminder(ui: &mut Ui, panel: &mut Panel<'_>) {
    let Some(dataset) = &panel.state.dataset else {
        return;
    };
    if dataset.selection.exclusions.excluded.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        left_out(ui, panel, dataset);
        if ui.button(panel.text.suspects.change).clicked() {
            go_to_list(panel);
        }
    });
}

/// To step 1, with the list on screen.
pub fn go_to_list(panel: &mut Panel<'_>) {
    panel.actions.push(Action::ListSuspects(true));
    panel.actions.push(Action::GoTo(Step::Data));
}

/// The list, in a card as large as there is room.
pub fn list(ui: &mut Ui, panel: &mut Panel<'_>, dataset: &Dataset) {
    let images = dataset.selection.listed();
    card(ui).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        let text = panel.text.suspects;
        ui.horizontal(|ui| {
            heading(ui, text.list_heading);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if icon_button(ui, Icon::Close, text.hide).clicked() {
                    panel.actions.push(Action::ListSuspects(false));
                }
            });
        });
        weak(ui, text.list_help);
        let found = dataset.selection.found.as_ref();
        if let Some(found) = found.filter(|found| found.unmeasured > 0) {
            weak(ui, (text.unmeasured)(found.unmeasured));
        }
        let height = ui.available_height() - BUTTONS_HEIGHT;
        ScrollArea::vertical()
            .id_salt("suspects")
            .max_height(height)
            .auto_shrink(false)
            .show_rows(ui, ROW_HEIGHT, images.len(), |ui, range| {
                for image in &images[range] {
                    row(ui, panel, &dataset.selection, image);
                }
            });
        buttons(ui, panel, images);
    });
}

fn row(ui: &mut Ui, panel: &mut Panel<'_>, selection: &Selection, image: &Listed) {
    let palette = palette(ui);
    let text = panel.text.suspects;
    let name = file_name(&image.path);
    let selected = panel.state.inspecting.selected.as_ref();
    let chosen = selected.is_some_and(|entry| entry.path == image.path);
    ui.horizontal(|ui| {
        ui.set_height(ROW_HEIGHT);
        let mut excluded = image.is_excluded;
        let leave_out = (text.leave_out)(&name);
        let tick = ui.checkbox(&mut excluded, "").accessible_name(&leave_out);
        if tick.on_hover_text(leave_out).clicked() {
            let mut names = panel.state.exclusions().excluded;
            match excluded {
                true => names.insert(image.name.clone()),
                false => names.remove(&image.name),
            };
            panel.actions.push(Action::SetExcluded(names));
        }
        thumbnail(ui, panel, selection, image);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(score) = image.score {
                weak(ui, format!("{score:.2}")).on_hover_text(text.score_help);
            }
            if image.is_suspect {
                // As high as a line: in a row a frame takes its whole height.
                let size = vec2(ui.available_width(), ui.text_style_height(&TextStyle::Body));
                ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
                    chip(ui, text.suspect, palette.warning);
                });
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let color = if image.is_excluded {
                    palette.weak
                } else {
                    palette.text
                };
                let words = RichText::new(name).color(color);
                let words = if image.is_excluded {
                    words.strikethrough()
                } else {
                    words
                };
                let button = ui.add(Button::selectable(chosen, words).truncate());
                if button.on_hover_text(&image.name).clicked() {
                    let entry = panel.state.entry_of(&image.path);
                    panel.actions.push(Action::Select(entry));
                }
            });
        });
    });
}

/// A small picture of an image, if there is one; else its place stays free.
fn thumbnail(ui: &mut Ui, panel: &mut Panel<'_>, selection: &Selection, image: &Listed) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(THUMBNAIL_SIDE), Sense::hover());
    let place = image.place.unwrap_or(usize::MAX);
    if let Some(Some(small)) = selection.thumbnails.get(place) {
        let made = || color_image(&small.to_picture());
        let pictures = &mut panel.pictures;
        let picture = pictures.get_or(("suspect", place), selection.generation, made);
        let id = Id::unique(("suspect", place));
        canvas::thumbnail(ui, rect, id, &file_name(&image.path), &picture);
    }
}

/// They stay where they are, whatever is ticked.
fn buttons(ui: &mut Ui, panel: &mut Panel<'_>, images: &[Listed]) {
    let text = panel.text.suspects;
    let excluded = panel.state.exclusions().excluded;
    let suspects = images.iter().filter(|image| image.is_suspect);
    let mut all: BTreeSet<String> = suspects.map(|image| image.name.clone()).collect();
    ui.add_space(GAP * 0.5);
    ui.horizontal(|ui| {
        let some_stay = !all.is_subset(&excluded);
        let leave_out = ui.add_enabled(some_stay, Button::new(text.leave_all_out));
        if leave_out.clicked() {
            all.extend(excluded.iter().cloned());
            panel.actions.push(Action::SetExcluded(all));
        }
        let take_back = ui.add_enabled(!excluded.is_empty(), Button::new(text.take_back));
        if take_back.clicked() {
            panel.actions.push(Action::SetExcluded(BTreeSet::new()));
        }
    });
    ui.horizontal(|ui| {
        let idle = !panel.state.training.is_active();
        ui.add_enabled_ui(idle && !excluded.is_empty(), |ui| {
            let train = primary_button(ui, text.train_without);
            if train.on_hover_text(text.train_without_help).clicked() {
                let actions = [
                    Action::SetTrainsMore(false),
                    Action::GoTo(Step::Train),
                    Action::StartTraining,
                ];
                panel.actions.extend(actions);
            }
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            check(ui, panel, text.check_again);
        });
    });
}
