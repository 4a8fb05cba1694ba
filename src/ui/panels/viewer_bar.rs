//! The row above the pictures: how they are arranged, compared and magnified.

use egui::{Align, ComboBox, DragValue, Layout, Rect, Response, RichText, Slider, Ui};

use crate::ui::action::{Action, Browse};
use crate::ui::busy::busy;
use crate::ui::icon::Icon;
use crate::ui::layers::Layer;
use crate::ui::state::Step;
use crate::ui::state::painting::Tool;
use crate::ui::state::viewer::Place;
use crate::ui::view::View;
use crate::ui::viewing::{Arrangement, Compare, FLICKER_MAX_HZ};
use crate::ui::widgets::palette;

use super::large_view::{picture_rect, set_viewing};
use super::{Panel, call, path_entry, picture_cell, picture_grid};

/// Draws the row. `area` is where the pictures are.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, area: Rect, height: f32) {
    ui.horizontal(|ui| {
        ui.set_height(height);
        ui.spacing_mut().interact_size.y = 20.0;
        ui.spacing_mut().button_padding.y = 1.0;
        ui.spacing_mut().item_spacing.x = 3.0;
        if panel.state.model.is_none() && !panel.state.training.is_active() {
            needs_model(ui, panel);
        } else {
            ways_to_look(ui, panel);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            zoom(ui, panel, area);
            message(ui, panel);
        });
    });
}

fn needs_model(ui: &mut Ui, panel: &mut Panel<'_>) {
    if panel.state.is_opening_model() {
        let words = RichText::new(panel.text.steps.opens_model).small();
        ui.label(words.color(palette(ui).text));
        busy(ui, 14.0, palette(ui).accent);
        return;
    }
    let words = RichText::new(panel.text.inspect.needs_model).small();
    ui.label(words.color(palette(ui).warning));
    if ui.button(panel.text.inspect.train_first).clicked() {
        panel.actions.push(Action::GoTo(Step::Train));
    }
    path_entry::browse(ui, panel, panel.text.data.open_model, Browse::Model);
}

fn ways_to_look(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.viewer;
    let mut viewing = panel.state.settings.viewing;
    let is_large = viewing.arrangement == Arrangement::Large;
    let arrangement = if is_large { Icon::Large } else { Icon::Grid };
    call::icon(
        ui,
        panel,
        arrangement,
        text.arrangement,
        Action::ToggleArrangement,
    );
    ui.separator();
    if is_large {
        let icons = [Icon::Single, Icon::Swipe, Icon::Onion, Icon::Flicker];
        for (compare, icon) in Compare::ALL.into_iter().zip(icons) {
            let action = Action::SetCompare(compare);
            call::icon(ui, panel, icon, text.compare(compare), action);
        }
        if viewing.compare != Compare::Single {
            let mut with = viewing.compared_with();
            if reference(ui, panel, viewing.layer, &mut with) {
                viewing.reference = with;
            }
        }
        match viewing.compare {
            Compare::Onion => {
                ui.spacing_mut().slider_width = 70.0;
                let slider = Slider::new(&mut viewing.onion, 0.0..=1.0).show_value(false);
                named(ui.add(slider), text.onion);
            }
            Compare::Flicker => {
                let value = DragValue::new(&mut viewing.flicker_hz)
                    .range(0.5..=FLICKER_MAX_HZ)
                    .speed(0.05)
                    .suffix(" Hz");
                named(ui.add(value), text.flicker_hz);
            }
            _ => {}
        }
        ui.separator();
        call::icon(
            ui,
            panel,
            Icon::Camera,
            text.photograph,
            Action::TogglePhotograph,
        );
    }
    call::icon(
        ui,
        panel,
        Icon::Squares,
        text.squares,
        Action::ToggleSampling,
    );
    call::icon(ui, panel, Icon::Loupe, text.probe, Action::ToggleProbe);
    set_viewing(panel, viewing);
}

/// Chooses what `layer` is compared with; tells whether that changed.
fn reference(ui: &mut Ui, panel: &Panel<'_>, layer: Layer, reference: &mut Layer) -> bool {
    let text = panel.text.viewer;
    let before = *reference;
    let response = ComboBox::from_id_salt("reference")
        .selected_text(text.layer(*reference).0)
        .width(110.0)
        .show_ui(ui, |ui| {
            let others = panel.state.layers().into_iter();
            for other in others.filter(|other| *other != layer) {
                ui.selectable_value(reference, other, text.layer(other).0);
            }
        })
        .response;
    named(response, text.reference).on_hover_text(text.reference_help);
    *reference != before
}

/// Gives a control a name for screen readers and a tooltip.
fn named(response: Response, name: &str) -> Response {
    let id = response.id;
    response
        .ctx
        .accesskit_node_builder(id, |node| node.set_label(name));
    response.on_hover_text(name)
}

fn message(ui: &mut Ui, panel: &Panel<'_>) {
    let palette = palette(ui);
    let state = panel.state;
    let text = panel.text.inspect;
    let tool = state.painter.tool;
    let drawing;
    let (words, color) = if state.waits_for_training() {
        (text.waits_for_training, palette.warning)
    } else if state.model.is_none() {
        return;
    } else if state.tells_by_features() {
        let words = match state.training.is_active() {
            true => text.tells_by_features,
            false => text.is_of_features,
        };
        (words, palette.accent)
    } else if state.inspecting.is_waiting() {
        (text.recomputing, palette.accent)
    } else if tool != Tool::Look {
        let text = panel.text.painting;
        drawing = (text.draws)(text.tool(tool));
        (drawing.as_str(), palette.accent)
    } else {
        (panel.text.viewer.view_help, palette.weak)
    };
    ui.add_space(6.0);
    let label = egui::Label::new(RichText::new(words).small().color(color)).truncate();
    ui.add(label);
}

/// The magnification, and its two usual values.
fn zoom(ui: &mut Ui, panel: &mut Panel<'_>, area: Rect) {
    let text = panel.text.viewer;
    let Some(image) = panel.layers.image(Layer::Original) else {
        return;
    };
    let picture_px = crate::ui::canvas::size_of(&image);
    let (place, rect) = match panel.state.settings.viewing.arrangement {
        Arrangement::Large => (Place::Large, picture_rect(area)),
        Arrangement::Grid => {
            let (place, _, rect) = picture_grid::of_grid(panel, area)[0];
            (place, rect)
        }
    };
    let mut canvas = picture_cell::canvas(panel, picture_px, place, rect);
    let pixels_per_point = ui.pixels_per_point();
    let button = ui
        .button(text.one_to_one)
        .on_hover_text(text.one_to_one_help);
    if button.clicked() {
        canvas.one_to_one(pixels_per_point);
        panel
            .actions
            .push(Action::SetView(place, canvas.shared_view()));
    }
    if ui.button(text.fit).on_hover_text(text.fit_help).clicked() {
        panel.actions.push(Action::SetView(place, View::default()));
    }
    let percent = canvas.magnification(pixels_per_point) * 100.0;
    let words = RichText::new(format!("{percent:.0} %")).small();
    ui.label(words.color(palette(ui).weak))
        .on_hover_text(text.magnification_help);
}
