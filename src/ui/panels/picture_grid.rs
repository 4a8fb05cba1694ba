//! Pictures of one size beside each other, all moving together.

use egui::{Rect, Ui, Vec2, vec2};

use crate::ui::layers::Layer;
use crate::ui::state::viewer::Place;

use super::Panel;
use super::picture_cell::{self, Look};

/// Space between pictures, in points.
const GAP: f32 = 4.0;

/// Draws the six pictures of the grid.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, area: Rect) -> Option<Look> {
    let cells = of_grid(panel, area);
    let look = Look::new(ui, panel, &cells)?;
    draw(ui, panel, &look, &cells);
    Some(look)
}

/// The pictures of the grid that there are, with their places.
pub fn of_grid(panel: &Panel<'_>, area: Rect) -> Vec<(Place, Layer, Rect)> {
    let there = panel.state.layers();
    let mut layers = Layer::GRID.to_vec();
    layers.retain(|layer| there.contains(layer));
    place(area, &layers, layers.len().min(3))
}

/// Draws small pictures where they are.
pub fn draw(ui: &mut Ui, panel: &mut Panel<'_>, look: &Look, cells: &[(Place, Layer, Rect)]) {
    for (_, layer, rect) in cells {
        picture_cell::small(ui, panel, look, *layer, *rect);
    }
}

/// Rectangles for small pictures, row after row.
pub fn place(area: Rect, layers: &[Layer], columns: usize) -> Vec<(Place, Layer, Rect)> {
    let rows = layers.len().div_ceil(columns);
    let share =
        |length: f32, parts: usize| ((length - GAP * (parts - 1) as f32) / parts as f32).floor();
    let size = vec2(share(area.width(), columns), share(area.height(), rows));
    let cell = |(index, layer): (usize, &Layer)| {
        let at = vec2((index % columns) as f32, (index / columns) as f32);
        let mut rect = Rect::from_min_size(area.min + at * (size + Vec2::splat(GAP)), size);
        // The last one has the rest of its row.
        if index + 1 == layers.len() {
            rect.max.x = area.right().max(rect.max.x);
        }
        (Place::Small(*layer), *layer, rect)
    };
    layers.iter().enumerate().map(cell).collect()
}

/// The number of columns that makes square pictures in `area` largest.
pub fn columns_for(area: Vec2, count: usize) -> usize {
    let side = |columns: usize| {
        let rows = count.div_ceil(columns);
        (area.x / columns as f32).min(area.y / rows as f32)
    };
    (1..=count.max(1))
        .max_by(|a, b| side(*a).total_cmp(&side(*b)))
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn columns_follow_the_shape_of_the_area() {
        assert_eq!(columns_for(vec2(100.0, 1000.0), 10), 1);
        assert_eq!(columns_for(vec2(200.0, 500.0), 10), 2);
        assert_eq!(columns_for(vec2(1000.0, 100.0), 10), 10);
    }

    #[test]
    fn cells_are_apart_and_inside() {
        let area = Rect::from_min_max(pos2(5.0, 7.0), pos2(305.0, 407.0));
        let cells = place(area, &Layer::ALL, 3);
        assert_eq!(cells.len(), Layer::COUNT);
        for (index, (_, _, a)) in cells.iter().enumerate() {
            assert!(area.contains_rect(*a));
            for (_, _, b) in &cells[index + 1..] {
                assert!(!a.intersects(*b));
            }
        }
    }
}
