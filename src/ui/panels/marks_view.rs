//! What is marked as truly defective, pixel by pixel of the photograph, while it is drawn.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use egui::{
    Color32, ColorImage, Id, InputState, Key, Modifiers, Pos2, Response, Stroke, Ui, pos2, vec2,
};
use kizumi_image::region_marks::region_marks;

use crate::ui::action::Action;
use crate::ui::canvas::Canvas;
use crate::ui::state::State;
use crate::ui::state::painting::Tool;
use crate::ui::state::viewer::Place;

use super::Panel;
use super::picture_cell::TRUTH;

/// Its share of the colours.
const OPACITY: f32 = 0.55;
/// The most pixels along a side of what is drawn: more are seen by nobody.
const SIDE_MAX: f32 = 1600.0;

/// Half the width of the brush, in pixels of the network's input.
pub fn brush_radius_px(state: &State) -> f32 {
    let brushes = &state.settings.brushes;
    match (state.painter.tool, &state.inspecting.opened) {
        (Tool::Truth, Some(opened)) => {
            let (across, down) = opened.placement.source_per_canvas();
            brushes.truth.radius_px / (across * down).sqrt() as f32
        }
        _ => brushes.paint.radius_px,
    }
}

/// Colours what is marked, where `canvas` has it.
pub fn paint(ui: &Ui, panel: &mut Panel<'_>, place: Place, canvas: &Canvas) {
    let state = panel.state;
    let (Some(marks), Some(opened)) = (state.masking.marks(), &state.inspecting.opened) else {
        return;
    };
    let cell = match place {
        Place::Large => 0,
        Place::Small(layer) => 1 + layer as usize,
    };
    let rect = canvas.rect();
    let scale = ui
        .pixels_per_point()
        .min(SIDE_MAX / rect.size().max_elem().max(1.0));
    let size = (rect.size() * scale).ceil().max(vec2(1.0, 1.0));
    let (width, height) = (size.x as usize, size.y as usize);
    let placement = opened.placement;
    let on_file = |x: usize, y: usize| {
        let share = vec2(x as f32 + 0.5, y as f32 + 0.5) / size;
        let point = canvas.point_near(rect.min + share * rect.size());
        placement.source_from_canvas(f64::from(point.x), f64::from(point.y))
    };
    let mut seen = DefaultHasher::new();
    state.masking.generation().hash(&mut seen);
    for corner in [(0, 0), (width, height)] {
        let (x, y) = on_file(corner.0, corner.1);
        (x.to_bits(), y.to_bits(), corner).hash(&mut seen);
    }
    let image = panel.pictures.get_or(("marks", cell), seen.finish(), || {
        let [red, green, blue, _] = TRUTH.to_array();
        let alpha = (255.0 * OPACITY) as u8;
        let colour = |x: usize, y: usize| {
            let (x, y) = on_file(x, y);
            match x >= 0.0 && y >= 0.0 && marks.at(x as usize, y as usize) {
                true => [red, green, blue, alpha],
                false => [0; 4],
            }
        };
        let rows = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let bytes: Vec<u8> = rows.flat_map(|(x, y)| colour(x, y)).collect();
        ColorImage::from_rgba_unmultiplied([width, height], &bytes)
    });
    canvas.draw_over(ui, Id::unique(("marks", place)), &image);
    polygon(ui, panel, canvas);
}

/// The polygon that is not closed yet, up to the pointer. Backspace takes a corner back, Escape leaves it.
fn polygon(ui: &Ui, panel: &mut Panel<'_>, canvas: &Canvas) {
    let state = panel.state;
    let corners = state.masking.corners();
    let (Some(first), Some(opened)) = (corners.first(), &state.inspecting.opened) else {
        return;
    };
    let on_screen = |(x, y): &(f32, f32)| {
        let (x, y) = opened
            .placement
            .canvas_from_source(f64::from(*x), f64::from(*y));
        canvas.on_screen(pos2(x as f32, y as f32))
    };
    let mut points: Vec<Pos2> = corners.iter().map(on_screen).collect();
    let painter = ui.painter_at(canvas.rect());
    for point in &points {
        painter.circle(*point, 3.0, TRUTH, Stroke::new(1.0, Color32::BLACK));
    }
    points.extend(
        ui.ctx()
            .pointer_hover_pos()
            .filter(|pos| canvas.rect().contains(*pos)),
    );
    points.push(on_screen(first));
    for (width, color) in [(2.5, Color32::from_black_alpha(150)), (1.2, TRUTH)] {
        painter.line(points.clone(), Stroke::new(width, color));
    }
    let is_typing = ui.ctx().text_edit_focused() || state.overlay.is_some();
    let drops = |input: &mut InputState| input.consume_key(Modifiers::NONE, Key::Backspace);
    if !is_typing && ui.input_mut(drops) {
        panel.actions.push(Action::DropCorner);
    }
    if panel.is_left(ui) {
        panel.actions.push(Action::LeaveShape);
    }
}

/// A click makes a corner of a polygon; the second one of a double click closes it.
pub fn on_corner(panel: &mut Panel<'_>, canvas: &Canvas, response: &Response) {
    let Some(pos) = response.interact_pointer_pos() else {
        return;
    };
    if response.double_clicked() {
        panel.actions.push(Action::CloseShape);
    } else if response.clicked() {
        let point = canvas.point_near(pos);
        panel.actions.push(Action::AddCorner((point.x, point.y)));
    }
}

/// A click marks the region of the map that it hits.
pub fn on_region(panel: &mut Panel<'_>, canvas: &Canvas, response: &Response) {
    let pos = response
        .interact_pointer_pos()
        .filter(|_| response.clicked());
    let point = pos.and_then(|pos| canvas.point_at(pos));
    let (Some(point), Some(threshold)) = (point, panel.layers.threshold()) else {
        return;
    };
    let map = panel.layers.shown().and_then(|shown| shown.map.as_ref());
    if let (Some(map), Some(opened)) = (map, &panel.state.inspecting.opened) {
        let (wide, high) = (opened.picture.width.max(1), opened.picture.height.max(1));
        let at = (
            point.x as usize * map.width / wide,
            point.y as usize * map.height / high,
        );
        let marks = region_marks(&map.values, threshold, at, &opened.placement);
        panel.actions.push(Action::MarkRegion(marks.map(Arc::new)));
    }
}
