//! Step 1, controls: open images, sample data, a finished model.

use egui::{Button, Ui};

use crate::ui::action::{Action, Browse};
use crate::ui::commands::Need;
use crate::ui::theme::{GAP, SECTION_GAP};
use crate::ui::widgets::{heading, weak};
use kizumi_dataset::sample::Set;

use super::{Panel, column, path_entry, recent_projects};

/// Draws the column.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    column(ui, "data-controls", |ui| {
        let text = &panel.text.data;
        heading(ui, text.open_heading);
        weak(ui, text.open_help);
        path_entry::show(ui, panel);
        weak(ui, text.drop_hint);
        if Need::Open.is_met(panel.state) && !panel.state.training.is_active() {
            ui.add_space(GAP * 0.5);
            let fresh = ui.button(text.start_fresh);
            if fresh.on_hover_text(text.start_fresh_help).clicked() {
                panel.actions.push(Action::StartFresh);
            }
        }

        recent_projects::show(ui, panel);

        ui.add_space(SECTION_GAP);
        heading(ui, text.demo_heading);
        weak(ui, text.demo_help);
        demo_buttons(ui, panel);

        ui.add_space(SECTION_GAP);
        heading(ui, text.model_heading);
        weak(ui, text.model_help);
        ui.horizontal_wrapped(|ui| {
            path_entry::browse(ui, panel, text.open_model, Browse::Model);
            path_entry::browse(ui, panel, text.open_image, Browse::Image);
        });
        let recent = &panel.state.settings.recent;
        if !recent.images.is_empty() {
            ui.add_space(SECTION_GAP);
            heading(ui, text.recent_images_heading);
            path_entry::recent(ui, &recent.images, |path| {
                panel.actions.push(Action::OpenPath(path.to_path_buf()));
            });
        }
    });
}

/// A button for each set of sample data.
pub fn demo_buttons(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = &panel.text.data;
    ui.horizontal_wrapped(|ui| {
        for (label, set) in [
            (text.demo_washer, Set::Washer),
            (text.demo_fabric, Set::Fabric),
        ] {
            let open = panel.state.dataset.as_ref();
            let open = open.and_then(|open| Set::in_folder(&open.catalog.root));
            let button = ui.add_enabled(open != Some(set), Button::new(label));
            if button.on_disabled_hover_text(text.demo_is_open).clicked() {
                panel.actions.push(Action::OpenDemo(set));
            }
        }
    });
}
