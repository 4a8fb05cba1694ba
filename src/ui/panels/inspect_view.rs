//! Step 3, centre: the pictures above the iterations and their curves.

use egui::{Rect, Ui, pos2, vec2};

use crate::ui::action::{Action, Browse};
use crate::ui::busy::{BUSY, busy};
use crate::ui::icon::Icon;
use crate::ui::state::file_name;
use crate::ui::term::Term;
use crate::ui::theme::GAP;
use crate::ui::viewing::Arrangement;
use crate::ui::widgets::{card, empty_state, palette, primary_button};
use kizumi_dataset::sample::Set;

use super::{
    Panel, energy_plot, large_view, lesson_card, opening, path_entry, picture_cell, picture_grid,
    pin_plot, probe, refused_view, scrubber, update_row, viewer_bar,
};
use picture_cell::Look;

const SCRUBBER_HEIGHT: f32 = 30.0;
const TOOLBAR_HEIGHT: f32 = 26.0;

/// Draws the centre.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    lesson_card::show(ui, panel);
    if refused_view::show(ui, panel) {
        return;
    }
    if panel.state.inspecting.opened.is_none() {
        empty(ui, panel);
        return;
    }
    let area = ui.available_rect_before_wrap();
    let plot_height = (area.height() * 0.21).clamp(100.0, 190.0);
    // Of a network that has learned nothing there is no course to show.
    let has_course = !panel.state.tells_by_features();
    let card_height = match has_course {
        true => SCRUBBER_HEIGHT + update_row::HEIGHT + plot_height + 30.0 + GAP,
        false => 0.0,
    };
    let grid = Rect::from_min_max(
        area.min + vec2(0.0, TOOLBAR_HEIGHT),
        pos2(area.right(), area.bottom() - card_height),
    );
    let bar_height = TOOLBAR_HEIGHT - ui.spacing().item_spacing.y;
    viewer_bar::show(ui, panel, grid, bar_height);
    let look = match panel.state.settings.viewing.arrangement {
        Arrangement::Large => large_view::show(ui, panel, grid),
        Arrangement::Grid => picture_grid::show(ui, panel, grid),
    };
    picture_cell::end_stroke(ui, panel);
    let hover = look.as_ref().and_then(|look| look.hover);
    if let Some((_, layer, _)) = hover {
        panel.pointed.extend(Term::of_layer(layer));
    }
    let pixel = look.as_ref().and_then(Look::pixel);
    if let Some(look) = look
        && panel.state.settings.viewing.probe
    {
        let beside = match panel.state.settings.viewing.arrangement {
            Arrangement::Large => large_view::picture_rect(grid),
            Arrangement::Grid => grid,
        };
        probe::show(ui, panel, &look, beside);
    }
    ui.advance_cursor_after_rect(grid);
    if !has_course {
        return;
    }
    ui.add_space(GAP - ui.spacing().item_spacing.y);
    card(ui)
        .inner_margin(egui::Margin::symmetric(10, 8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            scrubber::show(ui, panel);
            update_row::show(ui, panel, pixel);
            curves(ui, panel, plot_height);
        });
}

/// The energy, and beside it the course of the pinned pixels when there are some.
fn curves(ui: &mut Ui, panel: &mut Panel<'_>, height: f32) {
    if panel.state.viewer.pins().is_empty() {
        energy_plot::show(ui, panel, height);
        return;
    }
    let left = (ui.available_width() * 0.6).floor();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0 * GAP;
        ui.allocate_ui(vec2(left, height), |ui| {
            energy_plot::show(ui, panel, height)
        });
        let rest = vec2(ui.available_width(), height);
        ui.allocate_ui(rest, |ui| pin_plot::show(ui, panel, height));
    });
}

fn empty(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text;
    let state = panel.state;
    if let Some(coming) = &state.inspecting.selected {
        let sentence = (text.inspect.opening)(&file_name(&coming.path));
        empty_state(ui, Icon::Picture, &sentence, |ui| {
            busy(ui, BUSY, palette(ui).accent);
        });
        return;
    }
    match (&state.dataset, &state.model) {
        _ if state.is_opening_model() => opening(ui, panel),
        (None, None) => empty_state(ui, Icon::Picture, text.inspect.empty_nothing, |ui| {
            if primary_button(ui, text.data.try_demo).clicked() {
                panel.actions.push(Action::OpenDemo(Set::Washer));
            }
            ui.add_space(2.0);
            path_entry::browse(ui, panel, text.data.open_model, Browse::Model);
        }),
        (Some(_), _) => empty_state(ui, Icon::Picture, text.inspect.empty_no_image, |ui| {
            let first = text.inspect.first_image;
            // Whoever looks for the first time wants to see a defect vanish.
            let is_first = match state.first_defective() {
                None => primary_button(ui, first).clicked(),
                Some(defective) => {
                    if primary_button(ui, text.inspect.first_defective).clicked() {
                        panel.actions.push(Action::Select(defective.clone()));
                    }
                    ui.add_space(2.0);
                    ui.button(first).clicked()
                }
            };
            if is_first {
                panel.actions.push(Action::SelectNeighbour(0));
            }
        }),
        (None, Some(_)) => empty_state(ui, Icon::Picture, text.inspect.empty_no_image, |ui| {
            path_entry::browse(ui, panel, text.data.open_image, Browse::Image);
        }),
    }
}
