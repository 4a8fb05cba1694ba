//! A rectangle on a photograph that is drawn, moved and stretched with the pointer.

use egui::{
    Color32, CursorIcon, Id, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use kizumi_image::crop::{Area, SHORTEST_PX};

/// Colour of the border.
const BORDER: Color32 = Color32::from_rgb(250, 205, 80);

/// How near the pointer takes hold of an edge, in points.
const REACH_PT: f32 = 8.0;

/// Half of a handle's side, in points.
const HANDLE_PT: f32 = 4.0;

/// Which edges follow the pointer: all of them where the whole is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Grip {
    left: bool,
    top: bool,
    right: bool,
    bottom: bool,
}

/// A drag that goes on: what is held of which rectangle, and where the pointer was, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Held {
    grip: Grip,
    area: Area,
    from: (i64, i64),
}

/// A photograph's place on screen.
#[derive(Clone, Copy, Debug)]
pub struct PhotographPlace {
    /// All of it.
    pub rect: Rect,
    /// Its width and height, in pixels.
    pub size_px: (usize, usize),
}

impl PhotographPlace {
    /// As large as it fits, in the middle.
    pub fn fitted(rect: Rect, size_px: (usize, usize)) -> Self {
        let size = vec2(size_px.0 as f32, size_px.1 as f32);
        let scale = (rect.width() / size.x).min(rect.height() / size.y);
        Self {
            rect: Rect::from_center_size(rect.center(), size * scale),
            size_px,
        }
    }

    fn size(&self) -> Vec2 {
        vec2(self.size_px.0 as f32, self.size_px.1 as f32)
    }

    /// Where a point of the photograph is.
    pub fn on_screen(&self, point: (f64, f64)) -> Pos2 {
        self.rect.min + vec2(point.0 as f32, point.1 as f32) / self.size() * self.rect.size()
    }

    /// The corner of pixels that is next to a screen position.
    fn pixel_at(&self, pos: Pos2) -> (i64, i64) {
        let at = (pos - self.rect.min) / self.rect.size() * self.size();
        (at.x.round() as i64, at.y.round() as i64)
    }

    fn on_screen_rect(&self, area: Area) -> Rect {
        let corner = |x: usize, y: usize| self.on_screen((x as f64, y as f64));
        Rect::from_min_max(
            corner(area.x, area.y),
            corner(area.x + area.width, area.y + area.height),
        )
    }
}

/// Lets a person drag: beside `area` a new rectangle, at its edges and corners those, in it all of it. Gives the
/// rectangle as it is now, and whether it was let go.
pub fn drag(
    ui: &Ui,
    id: Id,
    name: &str,
    place: PhotographPlace,
    area: Option<Area>,
) -> (Option<Area>, bool) {
    let response = ui.interact(place.rect, id, Sense::drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    let held = held(ui, id, &response, place, area);
    if let Some(pos) = response.hover_pos() {
        ui.set_cursor_icon(icon(
            held.map_or_else(|| grip_at(place, area, pos), |held| held.grip),
        ));
    }
    let Some((held, pos)) = held.zip(response.interact_pointer_pos()) else {
        return (area, false);
    };
    let drawn = moved(held, place.pixel_at(pos), place.size_px);
    let is_over = response.drag_stopped();
    (drawn.or(area), is_over && drawn.is_some())
}

fn held(
    ui: &Ui,
    id: Id,
    response: &Response,
    place: PhotographPlace,
    area: Option<Area>,
) -> Option<Held> {
    if response.drag_started() {
        let pos = ui.input(|input| input.pointer.press_origin())?;
        let from = place.pixel_at(pos);
        let grip = grip_at(place, area, pos);
        let corner = Area {
            x: from.0.clamp(0, place.size_px.0 as i64) as usize,
            y: from.1.clamp(0, place.size_px.1 as i64) as usize,
            width: 0,
            height: 0,
        };
        let area = area.filter(|_| grip != NEW).unwrap_or(corner);
        let held = Held { grip, area, from };
        ui.data_mut(|data| data.insert_temp(id, held));
    }
    let is_held = response.dragged() || response.drag_stopped();
    ui.data(|data| data.get_temp(id)).filter(|_| is_held)
}

/// The lower right corner of a rectangle that begins where the pointer went down.
const NEW: Grip = Grip {
    left: false,
    top: false,
    right: true,
    bottom: true,
};

fn grip_at(place: PhotographPlace, area: Option<Area>, pos: Pos2) -> Grip {
    let Some(rect) = area.map(|area| place.on_screen_rect(area)) else {
        return NEW;
    };
    if !rect.expand(REACH_PT).contains(pos) {
        return NEW;
    }
    let near = |edge: f32, at: f32| (edge - at).abs() <= REACH_PT;
    let grip = Grip {
        left: near(rect.left(), pos.x),
        top: near(rect.top(), pos.y),
        right: near(rect.right(), pos.x) && !near(rect.left(), pos.x),
        bottom: near(rect.bottom(), pos.y) && !near(rect.top(), pos.y),
    };
    match grip.left || grip.top || grip.right || grip.bottom {
        true => grip,
        false => ALL,
    }
}

const ALL: Grip = Grip {
    left: true,
    top: true,
    right: true,
    bottom: true,
};

fn icon(grip: Grip) -> CursorIcon {
    match grip {
        ALL => CursorIcon::Move,
        NEW => CursorIcon::Crosshair,
        Grip {
            left,
            right,
            top,
            bottom,
        } => match (left || right, top || bottom) {
            (true, false) => CursorIcon::ResizeHorizontal,
            (false, _) => CursorIcon::ResizeVertical,
            (true, true) if left == top => CursorIcon::ResizeNwSe,
            (true, true) => CursorIcon::ResizeNeSw,
        },
    }
}

/// The rectangle when the pointer is at a pixel; `None` where it is too small for a crop.
fn moved(held: Held, to: (i64, i64), size_px: (usize, usize)) -> Option<Area> {
    let along = |start: usize, length: usize, (low, high): (bool, bool), by: i64, whole: usize| {
        let (start, end, whole) = (start as i64, (start + length) as i64, whole as i64);
        let ends = match (low, high) {
            (true, true) => {
                let by = by.clamp(-start, whole - end);
                (start + by, end + by)
            }
            _ => (
                start + if low { by } else { 0 },
                end + if high { by } else { 0 },
            ),
        };
        let (low, high) = (ends.0.min(ends.1).max(0), ends.0.max(ends.1).min(whole));
        (low.max(0) as usize, (high - low).max(0) as usize)
    };
    let Held { grip, area, from } = held;
    let across = (grip.left, grip.right);
    let (x, width) = along(area.x, area.width, across, to.0 - from.0, size_px.0);
    let down = (grip.top, grip.bottom);
    let (y, height) = along(area.y, area.height, down, to.1 - from.1, size_px.1);
    (width.min(height) >= SHORTEST_PX).then_some(Area {
        x,
        y,
        width,
        height,
    })
}

/// Darkens what lies around the rectangle, and draws its border and its handles.
pub fn paint(ui: &Ui, place: PhotographPlace, area: Area, has_handles: bool) {
    let inside = place.on_screen_rect(area).intersect(place.rect);
    let painter = ui.painter_at(place.rect);
    let Rect { min, max } = place.rect;
    for dark in [
        Rect::from_min_max(min, pos2(max.x, inside.top())),
        Rect::from_min_max(pos2(min.x, inside.bottom()), max),
        Rect::from_min_max(pos2(min.x, inside.top()), inside.left_bottom()),
        Rect::from_min_max(inside.right_top(), pos2(max.x, inside.bottom())),
    ] {
        painter.rect_filled(dark, 0, Color32::from_black_alpha(140));
    }
    let corners = [
        inside.left_top(),
        inside.right_top(),
        inside.right_bottom(),
        inside.left_bottom(),
    ];
    border(&painter, corners);
    for i in (0..4).filter(|_| has_handles) {
        let (corner, next) = (corners[i], corners[(i + 1) % 4]);
        for at in [corner, corner + (next - corner) / 2.0] {
            let handle = Rect::from_center_size(at, Vec2::splat(2.0 * HANDLE_PT));
            painter.rect_filled(handle, 1, Color32::from_black_alpha(170));
            painter.rect_filled(handle.shrink(1.0), 1, BORDER);
        }
    }
}

/// Draws a border from corner to corner, seen on any ground.
pub fn border(painter: &Painter, corners: [Pos2; 4]) {
    for (width, color) in [(3.0, Color32::from_black_alpha(140)), (1.5, BORDER)] {
        let stroke = Stroke::new(width, color);
        painter.add(Shape::closed_line(corners.to_vec(), stroke));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn held(grip: Grip, area: &str) -> Held {
        Held {
            grip,
            area: area.parse().unwrap(),
            from: (100, 100),
        }
    }

    fn dragged(grip: Grip, area: &str, by: (i64, i64)) -> Option<String> {
        let to = (100 + by.0, 100 + by.1);
        moved(held(grip, area), to, (300, 200)).map(|area| area.to_string())
    }

    #[test]
    fn a_rectangle_is_drawn_from_any_corner() {
        let drawn = |by| dragged(NEW, "100,100,0,0", by);
        assert_eq!(drawn((50, 40)).as_deref(), Some("100,100,50,40"));
        assert_eq!(drawn((-50, -40)).as_deref(), Some("50,60,50,40"));
        assert_eq!(drawn((5000, -5000)).as_deref(), Some("100,0,200,100"));
        assert_eq!(drawn((15, 40)), None, "too small");
    }

    #[test]
    fn edges_follow_the_pointer_and_the_whole_stays_inside() {
        let left = Grip {
            right: false,
            top: false,
            bottom: false,
            ..ALL
        };
        assert_eq!(
            dragged(left, "100,50,60,60", (-30, 90)).as_deref(),
            Some("70,50,90,60")
        );
        // Beyond the other edge.
        assert_eq!(
            dragged(left, "100,50,60,60", (100, 0)).as_deref(),
            Some("160,50,40,60")
        );
        assert_eq!(
            dragged(ALL, "100,50,60,60", (20, -10)).as_deref(),
            Some("120,40,60,60")
        );
        assert_eq!(
            dragged(ALL, "100,50,60,60", (900, 900)).as_deref(),
            Some("240,140,60,60")
        );
    }
}
