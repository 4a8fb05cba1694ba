//! Step 3, centre: six linked pictures above the iterations and their curves.

use egui::{Rect, RichText, Ui, pos2, vec2};

use crate::data::sample::Set;
use crate::ui::action::{Action, Browse};
use crate::ui::icon::Icon;
use crate::ui::state::Step;
use crate::ui::theme::GAP;
use crate::ui::view::View;
use crate::ui::widgets::{card, empty_state, palette, primary_button};

use super::{Panel, energy_plot, path_entry, picture_grid, scrubber};

const SCRUBBER_HEIGHT: f32 = 30.0;
const TOOLBAR_HEIGHT: f32 = 26.0;

/// Draws the centre.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    if panel.state.inspecting.opened.is_none() {
        empty(ui, panel);
        return;
    }
    let area = ui.available_rect_before_wrap();
    let plot_height = (area.height() * 0.21).clamp(100.0, 190.0);
    let card_height = SCRUBBER_HEIGHT + plot_height + 30.0;
    let grid = Rect::from_min_max(
        area.min + vec2(0.0, TOOLBAR_HEIGHT),
        pos2(area.right(), area.bottom() - card_height - GAP),
    );
    toolbar(ui, panel, grid);
    picture_grid::show(ui, panel, grid);
    ui.advance_cursor_after_rect(grid);
    ui.add_space(GAP - ui.spacing().item_spacing.y);
    card(ui)
        .inner_margin(egui::Margin::symmetric(10, 8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            scrubber::show(ui, panel);
            energy_plot::show(ui, panel, plot_height);
        });
}

/// What goes on, and the zoom buttons.
fn toolbar(ui: &mut Ui, panel: &mut Panel<'_>, grid: Rect) {
    let palette = palette(ui);
    let text = &panel.text.inspect;
    let state = panel.state;
    let height = TOOLBAR_HEIGHT - ui.spacing().item_spacing.y;
    ui.horizontal(|ui| {
        ui.set_height(height);
        ui.spacing_mut().interact_size.y = 20.0;
        ui.spacing_mut().button_padding.y = 1.0;
        let message = if state.model.is_none() {
            Some((text.needs_model, palette.warning))
        } else if state.training.is_active() {
            Some((text.waits_for_training, palette.warning))
        } else if state.inspecting.is_waiting() {
            Some((text.recomputing, palette.accent))
        } else {
            None
        };
        match message {
            Some((words, color)) => {
                ui.label(RichText::new(words).small().color(color));
            }
            None => {
                ui.label(RichText::new(text.view_help).small().color(palette.weak));
            }
        }
        if state.model.is_none() {
            if ui.small_button(text.train_first).clicked() {
                panel.actions.push(Action::GoTo(Step::Train));
            }
            path_entry::browse(ui, panel, panel.text.data.open_model, Browse::Model);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui
                .button(text.one_to_one)
                .on_hover_text(text.one_to_one_help)
                .clicked()
            {
                picture_grid::one_to_one(ui, panel, grid);
            }
            if ui.button(text.fit).on_hover_text(text.fit_help).clicked() {
                panel.actions.push(Action::SetView(View::default()));
            }
        });
    });
}

fn empty(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text;
    let state = panel.state;
    match (&state.dataset, &state.model) {
        (None, None) => empty_state(ui, Icon::Picture, text.inspect.empty_nothing, |ui| {
            if primary_button(ui, text.data.try_demo).clicked() {
                panel.actions.push(Action::OpenDemo(Set::Washer));
            }
            ui.add_space(2.0);
            path_entry::browse(ui, panel, text.data.open_model, Browse::Model);
        }),
        (Some(_), _) => empty_state(ui, Icon::Picture, text.inspect.empty_no_image, |ui| {
            if primary_button(ui, text.inspect.first_image).clicked() {
                panel.actions.push(Action::SelectNeighbour(0));
            }
        }),
        (None, Some(_)) => empty_state(ui, Icon::Picture, text.inspect.empty_no_image, |ui| {
            path_entry::browse(ui, panel, text.data.open_image, Browse::Image);
        }),
    }
}
