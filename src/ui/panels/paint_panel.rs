//! What the pointer does on pictures, and the brushes for it.

use egui::{RichText, Slider, Ui};

use crate::ui::action::Action;
use crate::ui::form::{Form, Scale};
use crate::ui::state::masking::Obstacle;
use crate::ui::state::painting::{Brushes, MaskShape, Tool};
use crate::ui::widgets::{chip, heading, palette, weak};
use kizumi_image::brush::Ink;
use kizumi_method::config::{Mode, ProjectionConfig};

use super::{Panel, label_bar};

/// Draws the section, and brings it into view when a key chose another tool.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let memory = ui.scope_id().with("tool");
    let tool = panel.state.painter.tool;
    let section = ui.scope(|ui| content(ui, panel)).response;
    let before = ui.data(|data| data.get_temp::<Tool>(memory));
    if before.is_some_and(|before| before != tool) && tool != Tool::Look {
        section.scroll_to_me(None);
    }
    ui.data_mut(|data| data.insert_temp(memory, tool));
}

fn content(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.painting;
    let state = panel.state;
    let tool = state.painter.tool;
    ui.horizontal(|ui| {
        heading(ui, text.heading);
        let opened = state.inspecting.opened.as_ref();
        if opened.is_some_and(|opened| opened.painted) {
            chip(ui, text.painted, palette(ui).warning);
        }
    });
    ui.horizontal_wrapped(|ui| {
        for choice in Tool::ALL {
            let words = RichText::new(text.tool(choice)).small();
            if ui.selectable_label(tool == choice, words).clicked() {
                panel.actions.push(Action::SetTool(choice));
            }
        }
    });
    weak(ui, text.help(tool));
    let usual = Brushes::default();
    let mut brushes = state.settings.brushes;
    match tool {
        Tool::Look => {}
        Tool::Truth => truth(ui, panel, &mut brushes, &usual),
        Tool::Paint => {
            size(ui, panel, &mut brushes, &usual);
            look_of_paint(ui, panel, &mut brushes, &usual);
        }
        Tool::Fill => {
            size(ui, panel, &mut brushes, &usual);
            ui.checkbox(&mut brushes.erase_hole, text.eraser);
            filling_steps(ui, panel);
        }
        Tool::Ignore => {
            size(ui, panel, &mut brushes, &usual);
            regions(ui, panel, &mut brushes);
        }
    }
    if brushes != state.settings.brushes {
        panel.actions.push(Action::SetBrushes(brushes));
    }
    let painted = state.painter.is_painted() && tool != Tool::Ignore;
    if painted && ui.button(text.remove_paint).clicked() {
        panel.actions.push(Action::RemovePaint);
    }
}

/// What is truly defective in the image: the brush, the kind, and what stands in the way.
fn truth(ui: &mut Ui, panel: &mut Panel<'_>, brushes: &mut Brushes, usual: &Brushes) {
    let text = panel.text.painting;
    let state = panel.state;
    if let Some(obstacle) = state.mask_obstacle() {
        let color = match obstacle {
            Obstacle::Waiting => palette(ui).weak,
            _ => palette(ui).warning,
        };
        ui.label(RichText::new(text.obstacle(obstacle)).color(color));
        if obstacle == Obstacle::OfNoDataset {
            return;
        }
    }
    ui.horizontal_wrapped(|ui| {
        for shape in MaskShape::ALL {
            let (name, _) = text.shape(shape);
            let is_chosen = brushes.shape == shape;
            if ui
                .selectable_label(is_chosen, RichText::new(name).small())
                .clicked()
            {
                brushes.shape = shape;
                panel.actions.push(Action::LeaveShape);
            }
        }
    });
    weak(ui, text.shape(brushes.shape).1);
    if brushes.shape == MaskShape::Region && panel.layers.threshold().is_none() {
        ui.label(RichText::new(text.needs_threshold).color(palette(ui).warning));
    }
    if brushes.shape == MaskShape::Brush {
        let mut form = Form {
            ui: &mut *ui,
            label_share: 0.36,
            reset: panel.text.common.reset,
        };
        let radius_px = &mut brushes.truth.radius_px;
        let label = (text.size, text.truth_size_help);
        let scale = Scale::Log { smallest: 0.5 };
        form.slider(label, radius_px, usual.truth.radius_px, 0.5..=200.0, scale);
        *radius_px = radius_px.clamp(0.25, 2000.0);
    }
    ui.checkbox(&mut brushes.truth.erase, text.eraser);
    ui.horizontal_wrapped(|ui| {
        let opened = state.inspecting.opened.as_ref();
        let label = opened.and_then(|opened| state.label_of(&opened.entry.path));
        if let Some(kind) = label_bar::kind(ui, panel, label) {
            panel.actions.push(Action::SetKind(kind));
        }
    });
    ui.add_enabled_ui(state.has_drawn_mask(), |ui| {
        let remove = ui.button(text.remove_mask);
        if remove.on_hover_text(text.remove_mask_help).clicked() {
            panel.actions.push(Action::RemoveMask);
        }
    });
}

/// Offers the steps that fill a hole best.
fn filling_steps(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.painting;
    let now = panel.state.settings.projection;
    let best = ProjectionConfig::filling();
    if now.step != best.step {
        ui.label(RichText::new(text.other_steps).color(palette(ui).warning));
        if ui.button(text.use_steps).clicked() {
            let projection = ProjectionConfig {
                iterations: now.iterations.max(best.iterations),
                ..best
            };
            panel.actions.push(Action::SetProjection(projection));
        }
    }
}

fn size(ui: &mut Ui, panel: &Panel<'_>, brushes: &mut Brushes, usual: &Brushes) {
    let text = panel.text.painting;
    let mut form = Form {
        ui,
        label_share: 0.36,
        reset: panel.text.common.reset,
    };
    let scale = Scale::Linear { suffix: " px" };
    let radius_px = &mut brushes.paint.radius_px;
    form.slider(
        (text.size, ""),
        radius_px,
        usual.paint.radius_px,
        0.5..=30.0,
        scale,
    );
    *radius_px = radius_px.clamp(0.25, 500.0);
}

fn look_of_paint(ui: &mut Ui, panel: &Panel<'_>, brushes: &mut Brushes, usual: &Brushes) {
    let text = panel.text.painting;
    let brush = &mut brushes.paint;
    let mut form = Form {
        ui: &mut *ui,
        label_share: 0.36,
        reset: panel.text.common.reset,
    };
    let percent = || Scale::Percent;
    let hardness = &mut brush.hardness;
    form.slider(
        (text.hardness, ""),
        hardness,
        usual.paint.hardness,
        0.0..=1.0,
        percent(),
    );
    *hardness = hardness.clamp(0.0, 1.0);
    let noise = &mut brush.noise;
    let label = (text.noise, text.noise_help);
    form.slider(label, noise, usual.paint.noise, 0.0..=1.0, percent());
    *noise = noise.clamp(0.0, 1.0);
    ui.horizontal(|ui| {
        let mut erases = brush.ink == Ink::Eraser;
        if let Ink::Colour(mut rgb) = brush.ink {
            let grey = panel
                .layers
                .shown()
                .is_some_and(|shown| shown.original.channels == 1);
            ui.label(text.color);
            if grey {
                let level = Slider::new(&mut rgb[0], 0.0..=1.0).show_value(false);
                let response = ui.add(level).on_hover_text(text.color_help);
                let id = response.id;
                ui.ctx()
                    .accesskit_node_builder(id, |node| node.set_label(text.color));
                rgb = [rgb[0]; 3];
            } else {
                let response = ui.color_edit_button_rgb(&mut rgb);
                let id = response.id;
                ui.ctx()
                    .accesskit_node_builder(id, |node| node.set_label(text.color));
                response.on_hover_text(text.color_help);
            }
            brush.ink = Ink::Colour(rgb);
        }
        if ui.checkbox(&mut erases, text.eraser).changed() {
            brush.ink = match erases {
                true => Ink::Eraser,
                false => usual.paint.ink,
            };
        }
    });
}

fn regions(ui: &mut Ui, panel: &mut Panel<'_>, brushes: &mut Brushes) {
    let text = panel.text.painting;
    let state = panel.state;
    let model = state.model.as_ref();
    if model.is_some_and(|model| model.data.mode != Mode::Object) {
        ui.label(RichText::new(text.object_only).color(palette(ui).warning));
        return;
    }
    ui.checkbox(&mut brushes.erase_ignored, text.eraser);
    let edited = state.painter.ignored().is_some();
    let free = !state.training.is_active();
    ui.horizontal_wrapped(|ui| {
        ui.add_enabled_ui(edited && free && model.is_some(), |ui| {
            let apply = ui.button(text.apply).on_hover_text(text.apply_help);
            if apply.clicked() {
                panel.actions.push(Action::ApplyIgnored);
            }
        });
        ui.add_enabled_ui(edited, |ui| {
            if ui.button(text.discard).clicked() {
                panel.actions.push(Action::DiscardIgnored);
            }
        });
        if ui.button(text.clear).clicked() {
            panel.actions.push(Action::ClearIgnored);
        }
    });
    let outdated = model.is_some_and(|model| {
        let regions = model.calibration.as_ref().and_then(|made| made.regions);
        regions.is_some_and(|measured| measured != model.mark.regions)
    });
    if outdated && state.dataset.is_some() && free {
        let measure = ui.button(text.measure).on_hover_text(text.measure_help);
        if measure.clicked() {
            panel.actions.push(Action::Recalibrate);
        }
    }
}
