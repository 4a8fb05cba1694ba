//! Step 1, centre: what was recognised, the images, the files that could not be used.

use egui::{Align, Layout, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use crate::ui::action::{Action, Browse};
use crate::ui::canvas::{self, Canvas, size_of};
use crate::ui::icon::Icon;
use crate::ui::state::set::Source;
use crate::ui::state::{Dataset, Step, file_name};
use crate::ui::theme::GAP;
use crate::ui::view::View;
use crate::ui::viewing::Sampling;
use crate::ui::widgets::{card, chip, empty_state, heading, palette, primary_button, weak};
use kizumi_dataset::catalog::Kind;
use kizumi_dataset::labels::save_as::Transfer;
use kizumi_dataset::sample::Set;
use kizumi_engine::message::OpenedImage;
use kizumi_image::shown::shown;

use super::{
    Panel, image_list, interrupted, label_bar, label_news, path_entry, question, refused_view,
    sort_form, suspect_list,
};

/// Draws the centre.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    interrupted::show(ui, panel);
    let state = panel.state;
    if let Some(asked) = &state.question {
        question::show(ui, panel, asked);
        return;
    }
    let Some(dataset) = &state.dataset else {
        let text = &panel.text.data;
        empty_state(ui, Icon::Folder, text.empty, |ui| {
            if primary_button(ui, text.try_demo).clicked() {
                panel.actions.push(Action::OpenDemo(Set::Washer));
            }
            ui.add_space(2.0);
            path_entry::browse(ui, panel, text.browse_folder, Browse::Dataset);
        });
        return;
    };
    summary(ui, panel, dataset);
    ui.add_space(GAP);
    if !dataset.broken.is_empty() {
        broken(ui, panel, dataset);
        ui.add_space(GAP);
    }
    let size = ui.available_size();
    ui.horizontal_top(|ui| {
        let list_width = ((size.x - GAP) * 0.42).floor();
        let down = Layout::top_down(Align::LEFT);
        ui.spacing_mut().item_spacing.x = GAP;
        ui.allocate_ui_with_layout(vec2(list_width, size.y), down, |ui| {
            if dataset.selection.is_listed {
                suspect_list::list(ui, panel, dataset);
            } else {
                list(ui, panel, dataset);
            }
        });
        let rest = vec2(size.x - list_width - GAP, size.y);
        ui.allocate_ui_with_layout(rest, down, |ui| preview(ui, panel));
    });
}

fn summary(ui: &mut Ui, panel: &mut Panel<'_>, dataset: &Dataset) {
    let palette = palette(ui);
    let text = panel.text;
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.vertical(|ui| {
                let room = ui.available_width() - 150.0;
                ui.set_max_width(room);
                ui.label(
                    RichText::new(dataset.name())
                        .heading()
                        .color(palette.strong),
                );
                ui.label((text.data.summary)(dataset));
                let root = shown(&dataset.catalog.root).to_string();
                weak(ui, root);
            });
            let state = panel.state;
            let is_inspected = state.model.is_some() && !state.model_is_foreign();
            let (label, step) = if is_inspected {
                (text.data.next_inspect, Step::Inspect)
            } else {
                (text.data.next_train, Step::Train)
            };
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let leads_on = step == Step::Inspect || panel.state.has_normal_images();
                ui.add_enabled_ui(leads_on, |ui| {
                    let next = primary_button(ui, label);
                    let next = next.on_disabled_hover_text(text.train.start_needs_normal);
                    if next.clicked() {
                        panel.actions.push(Action::GoTo(step));
                    }
                });
            });
        });
        if label_bar::has_counts(dataset) {
            ui.horizontal_wrapped(|ui| {
                label_bar::counts(ui, panel);
                save_as(ui, panel);
            });
        }
        sort_form::show(ui, panel);
        label_news::show(ui, panel);
        suspect_list::line(ui, panel, dataset);
        question::said(ui, panel);
        if panel.state.model_is_foreign() {
            foreign_model(ui, panel);
        }
        let notes = dataset.notes();
        if !notes.is_empty() {
            ui.add_space(4.0);
            ui.separator();
            for note in notes {
                let color = match note.is_warning() {
                    true => palette.warning,
                    false => palette.text,
                };
                let note = RichText::new(text.said(note));
                ui.label(note.small().color(color));
            }
        }
    });
}

/// Offers to write what the labels make as a data set.
fn save_as(ui: &mut Ui, panel: &mut Panel<'_>) {
    let labels = panel.state.dataset.as_ref().map(|open| &open.labels);
    if labels.is_none_or(|labels| labels.is_empty()) {
        return;
    }
    let words = panel.text.labels;
    let menu = ui.menu_button(words.save_as, |ui| {
        for (transfer, name) in [
            (Transfer::Copy, words.save_copies),
            (Transfer::Link, words.save_links),
        ] {
            if ui.button(name).clicked() {
                panel
                    .actions
                    .push(Action::Browse(Browse::SaveDataset(transfer)));
                ui.close();
            }
        }
    });
    menu.response.on_hover_text(words.save_as_help);
}

/// Says that the model is of other images, and what can be done.
fn foreign_model(ui: &mut Ui, panel: &mut Panel<'_>) {
    let palette = palette(ui);
    let text = &panel.text.data;
    let state = panel.state;
    let Some(model) = &state.model else { return };
    ui.add_space(4.0);
    ui.separator();
    ui.horizontal_wrapped(|ui| {
        let name = panel.text.steps.model_name(model);
        let words = (text.foreign_model)(&name, &model.trained_on);
        ui.label(RichText::new(words).small().color(palette.warning));
        if ui.button(text.inspect_all_the_same).clicked() {
            panel.actions.push(Action::GoTo(Step::Inspect));
        }
        let idle = !state.training.is_active();
        let close = egui::Button::new(text.close_model);
        if ui.add_enabled(idle, close).clicked() {
            panel.actions.push(Action::CloseModel);
        }
    });
}

fn broken(ui: &mut Ui, panel: &Panel<'_>, dataset: &Dataset) {
    let palette = palette(ui);
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let count = (panel.text.data.broken)(dataset.broken.len());
        ui.label(RichText::new(count).color(palette.warning));
        let height = ui.text_style_height(&egui::TextStyle::Small);
        ScrollArea::vertical()
            .id_salt("broken")
            .max_height(5.0 * (height + ui.spacing().item_spacing.y))
            .auto_shrink([false, true])
            .show_rows(ui, height, dataset.broken.len(), |ui, range| {
                for broken in &dataset.broken[range] {
                    let reason = panel.text.said(&broken.reason);
                    let line = format!("{}: {reason}", file_name(&broken.path));
                    let line = RichText::new(line).small();
                    ui.add(egui::Label::new(line).truncate())
                        .on_hover_text(shown(&broken.path).to_string());
                }
            });
    });
}

fn list(ui: &mut Ui, panel: &mut Panel<'_>, dataset: &Dataset) {
    card(ui).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        let text = &panel.text.data;
        let test_images = match dataset.is_to_inspect() {
            true => text.to_inspect_images,
            false => text.test_images,
        };
        ui.horizontal_wrapped(|ui| {
            if dataset.catalog.test.is_empty() || dataset.catalog.train.is_empty() {
                let title = match dataset.catalog.test.is_empty() {
                    true => text.train_images,
                    false => test_images,
                };
                heading(ui, title);
            } else {
                for (source, title) in [
                    (Source::Test, test_images),
                    (Source::Normals, text.train_images),
                ] {
                    let is_listed = panel.state.listed == source;
                    let title = RichText::new(title).size(15.0);
                    if ui.selectable_label(is_listed, title).clicked() {
                        panel.actions.push(Action::SetListed(source));
                    }
                }
            }
            let filter = panel.state.label_filter;
            if let Some(filter) = label_bar::filter(ui, panel, filter) {
                panel.actions.push(Action::SetLabelFilter(filter));
            }
        });
        image_list::show(ui, panel, "images", ui.available_height());
    });
}

fn preview(ui: &mut Ui, panel: &mut Panel<'_>) {
    let palette = palette(ui);
    let text = &panel.text.data;
    let state = panel.state;
    card(ui).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        if refused_view::show(ui, panel) {
            return;
        }
        let Some(opened) = &state.inspecting.opened else {
            empty_state(ui, Icon::Picture, text.preview_empty, |_| {});
            return;
        };
        ui.horizontal(|ui| {
            heading(ui, &file_name(&opened.entry.path));
            let kind = state.known_kind(&opened.entry);
            if kind != Kind::Unknown {
                chip(
                    ui,
                    &text.kind(&kind),
                    image_list::kind_color(palette, &kind),
                );
            }
            let (width, height) = opened.placement.source_px;
            weak(ui, format!("{width} × {height} px"));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if state.model.is_some() && ui.button(text.inspect_this).clicked() {
                    panel.actions.push(Action::GoTo(Step::Inspect));
                }
            });
        });
        if state.is_in_dataset(&opened.entry) {
            // What a key would change: another image may be on its way.
            let selected = state.inspecting.selected.as_ref().unwrap_or(&opened.entry);
            let label = state.label_of(&selected.path);
            ui.horizontal_wrapped(|ui| label_bar::show(ui, panel, label));
        }
        let rect = ui.available_rect_before_wrap();
        canvas::ground(ui, rect);
        picture(ui, panel, opened, rect.shrink(6.0));
        ui.advance_cursor_after_rect(rect);
    });
}

/// The photograph in its own shape; until it is read, and where the network's input looks like it anyway, that.
fn picture(ui: &mut Ui, panel: &mut Panel<'_>, opened: &OpenedImage, rect: Rect) {
    let state = panel.state;
    let id = ui.scope_id().with("preview");
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, panel.text.data.preview));
    let generation = state.inspecting.generation();
    let image = panel
        .pictures
        .get(("opened", 0), generation, &opened.picture);
    let canvas = Canvas::new(rect, size_of(&image), View::default(), Sampling::Nearest)
        .over_photograph(opened.placement);
    match state.inspecting.source().filter(|_| !opened.painted) {
        Some(source) => {
            let photograph = panel.pictures.photograph(source, ui);
            canvas.draw_photograph(ui, rect, id, &photograph, 255);
        }
        None => canvas.draw(ui, rect, id, &image, 255),
    }
}
