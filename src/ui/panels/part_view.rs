//! Step 2, centre, while the part is chosen: a photograph with the part's rectangle on it, and what the network gets.

use egui::{Align, Color32, Id, Layout, Pos2, Rect, RichText, Ui, UiBuilder, pos2, vec2};

use crate::ui::action::Action;
use crate::ui::busy::{BUSY, busy};
use crate::ui::canvas::{self, texture};
use crate::ui::state::file_name;
use crate::ui::state::part::with_crop;
use crate::ui::viewing::Sampling;
use crate::ui::widgets::{card, heading, palette, weak};
use kizumi_image::crop::Area;
use kizumi_image::placement::Placement;
use kizumi_method::config::DataConfig;

use super::Panel;
use super::part_frame::{PhotographPlace, border, drag, paint};

/// Side of what the network gets, in points, where there is room.
const INPUT_PT: f32 = 240.0;

/// Space between both pictures, in points.
const GAP_PT: f32 = 10.0;

/// Draws the centre.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = &panel.text.train;
    let (form, may_change) = panel.state.shown_recipe();
    card(ui).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        ui.horizontal(|ui| {
            heading(ui, text.part);
            if let Some(opened) = &panel.state.inspecting.opened {
                weak(ui, file_name(&opened.entry.path));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button(text.part_close).clicked() {
                    panel.actions.push(Action::ShowPart(false));
                }
            });
        });
        weak(
            ui,
            match may_change {
                true => text.part_help,
                false => text.part_fixed,
            },
        );
        ui.add_space(4.0);
        let rect = ui.available_rect_before_wrap();
        let side = INPUT_PT.min(rect.width() * 0.36).min(rect.height() * 0.6);
        let mut whole = rect;
        whole.set_right(rect.right() - side - GAP_PT);
        canvas::ground(ui, whole);
        photograph(ui, panel, whole.shrink(6.0), &form.data, may_change);
        let beside = Rect::from_min_max(pos2(whole.right() + GAP_PT, rect.top()), rect.max);
        ui.scope_builder(UiBuilder::new().max_rect(beside), |ui| {
            input(ui, panel, side, &form.data);
        });
        ui.advance_cursor_after_rect(rect);
    });
}

/// The photograph, and what is seen of it; a person may draw on it.
fn photograph(ui: &mut Ui, panel: &mut Panel<'_>, rect: Rect, data: &DataConfig, may_change: bool) {
    let Some(source) = panel.state.inspecting.source() else {
        ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
            ui.centered_and_justified(|ui| busy(ui, BUSY, crate::ui::widgets::palette(ui).accent));
        });
        return;
    };
    let place = PhotographPlace::fitted(rect, source.placement.source_px);
    let image = panel.pictures.photograph(source, ui);
    let id = ui.scope_id().with("photograph");
    let per_pixel = place.rect.width() / image.width() as f32 * ui.pixels_per_point();
    let texture = texture(ui, id, &image, per_pixel, Sampling::Linear);
    let all = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    ui.painter().image(texture, place.rect, all, Color32::WHITE);

    let preview = panel.state.part.preview();
    let placement = preview.and_then(|preview| preview.as_ref().ok());
    let placement = placement.map(|(_, placement)| placement);
    // In other photographs than the reference the part lies elsewhere.
    let reference = data.align.as_ref().map(|align| align.reference.as_ref());
    let is_drawn_here = match reference {
        None => true,
        Some(reference) => reference == Some(&source.path),
    };
    let own = data.crop.map(|crop| crop.area).filter(|_| is_drawn_here);
    if !may_change {
        match (own, placement) {
            (Some(area), _) => paint(ui, place, area, false),
            (None, Some(placement)) => outline(ui, place, placement),
            _ => {}
        }
        return;
    }
    let name = panel.text.train.part_draw;
    let (area, is_over) = drag(ui, id.with("drag"), name, place, own);
    match (area, placement) {
        (Some(area), _) => paint(ui, place, area, true),
        (None, Some(placement)) if data.align.is_some() => outline(ui, place, placement),
        _ => {}
    }
    if is_over && area != own {
        let (mut form, _) = panel.state.shown_recipe();
        form.data = with_crop(&form.data, area, &source.path);
        panel.actions.push(Action::SetTrainForm(Box::new(form)));
    }
}

/// Draws the border of what is seen of a photograph in which the part lies at an angle.
fn outline(ui: &Ui, place: PhotographPlace, placement: &Placement) {
    let Placement {
        x,
        y,
        width,
        height,
        ..
    } = *placement;
    let corner =
        |x: usize, y: usize| place.on_screen(placement.source_from_canvas(x as f64, y as f64));
    let corners = [
        corner(x, y),
        corner(x + width, y),
        corner(x + width, y + height),
        corner(x, y + height),
    ];
    border(&ui.painter_at(place.rect), corners);
}

/// What the network gets, and in words how it lies in the photograph.
fn input(ui: &mut Ui, panel: &mut Panel<'_>, side: f32, data: &DataConfig) {
    let text = &panel.text.train;
    ui.label(RichText::new(text.part_input).strong());
    let place = Rect::from_min_size(ui.cursor().min, vec2(side, side));
    canvas::ground(ui, place);
    let part = &panel.state.part;
    let generation = part.generation;
    match part.preview() {
        Some(Ok((picture, _))) => {
            let image = panel.pictures.get(("part", 0), generation, picture);
            canvas::thumbnail(ui, place, Id::unique("part input"), text.part_input, &image);
        }
        Some(Err(_)) => {}
        None => {
            let mut inside = ui.new_child(UiBuilder::new().max_rect(place));
            inside.centered_and_justified(|ui| {
                busy(ui, BUSY, crate::ui::widgets::palette(ui).accent)
            });
        }
    }
    ui.advance_cursor_after_rect(place);
    ui.set_max_width(side);
    match panel.state.part.preview() {
        None if data.align.is_some() => {
            weak(ui, text.part_learning);
        }
        None => {}
        Some(Err(failure)) => {
            let words = RichText::new(panel.text.said(failure));
            ui.label(words.color(palette(ui).warning));
        }
        Some(Ok((_, placement))) => {
            let Area { width, height, .. } = placement.seen;
            weak(ui, (text.part_size)((width, height), data.size_px));
            if let Some(pose) = placement.pose {
                let by = (
                    pose.centre.0 - pose.reference.0,
                    pose.centre.1 - pose.reference.1,
                );
                weak(ui, (text.part_pose)(by, pose.turn_degrees));
            }
        }
    }
}
