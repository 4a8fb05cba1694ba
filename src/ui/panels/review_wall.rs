//! All images of the set as a wall of tiles; only the rows in sight are laid out and drawn.

use egui::{Key, Modifiers, ScrollArea, Ui};

use crate::ui::action::Action;
use crate::ui::state::review_view::ReviewView;
use crate::ui::widgets::weak;

use super::Panel;
use super::review_tile::{self, WIDTH_MIN};

/// Between two tiles, in points.
pub const SPACE: f32 = 6.0;

/// Draws the wall.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let review = panel.review;
    let order = &review.order;
    if order.is_empty() {
        weak(ui, panel.text.review.nothing_admitted);
        return;
    }
    let (columns, width) = columns(ui.available_width() - ui.spacing().scroll.allocated_width());
    let row_height = review_tile::size(width).y;
    let place = panel
        .state
        .review
        .cursor
        .and_then(|cursor| order.iter().position(|index| *index == cursor));
    let height = ui.available_height();
    let page = (height / (row_height + SPACE)).floor().max(1.0) as usize * columns;
    let moved = keys(ui, panel, place, columns, page);
    ui.spacing_mut().item_spacing = egui::Vec2::splat(SPACE);
    let mut area = ScrollArea::vertical()
        .id_salt("review-wall")
        .max_height(height)
        .auto_shrink(false);
    let memory = ui.scope_id().with("review-wall-offset");
    // Where the keys were left in step 3 is in sight again.
    let known = ui.scope_id().with("review-wall-cursor");
    let cursor = panel.state.review.cursor;
    let came_back = ui.data(|data| data.get_temp::<Option<usize>>(known)) != Some(cursor);
    ui.data_mut(|data| data.insert_temp(known, cursor));
    if let Some(moved) = moved.or(place.filter(|_| came_back)) {
        let before = ui.data(|data| data.get_temp::<f32>(memory)).unwrap_or(0.0);
        area = area.vertical_scroll_offset(in_sight(moved / columns, row_height, before, height));
    }
    let rows = order.len().div_ceil(columns);
    let output = area.show_rows(ui, row_height, rows, |ui, range| {
        let shown = range.start * columns..(range.end * columns).min(order.len());
        for row in range {
            ui.horizontal(|ui| {
                for &index in order.iter().skip(row * columns).take(columns) {
                    let at_cursor = panel.state.review.cursor == Some(index);
                    if review_tile::show(ui, panel, width, index, at_cursor).clicked() {
                        clicked(ui, panel, index);
                    }
                }
            });
        }
        panel.thumbs.keep(&order[shown]);
    });
    ui.data_mut(|data| data.insert_temp(memory, output.state.clamped_offset().y));
}

/// How many tiles stand side by side in so many points, and how wide each of them is.
pub fn columns(width: f32) -> (usize, f32) {
    let columns = (((width + SPACE) / (WIDTH_MIN + SPACE)) as usize).max(1);
    let each = (width + SPACE) / columns as f32 - SPACE;
    (columns, each.max(WIDTH_MIN).floor())
}

/// The scroll offset nearest to `before` that has the whole row in sight.
fn in_sight(row: usize, row_height: f32, before: f32, height: f32) -> f32 {
    let top = row as f32 * (row_height + SPACE);
    let lowest = (top + row_height - height).max(0.0);
    before.clamp(lowest.min(top), top)
}

/// Moves the cursor. Gives its new place in the order when it moved.
fn keys(
    ui: &Ui,
    panel: &mut Panel<'_>,
    place: Option<usize>,
    columns: usize,
    page: usize,
) -> Option<usize> {
    if ui.ctx().egui_wants_keyboard_input() {
        return None;
    }
    let order = &panel.review.order;
    let presses = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
    if let Some(place) = place
        && presses(Key::Enter) > 0
    {
        examine(panel, order[place]);
        return None;
    }
    let last = order.len().checked_sub(1)?;
    let (columns, page) = (columns as isize, page as isize);
    let steps = [
        (Key::ArrowRight, 1),
        (Key::ArrowLeft, -1),
        (Key::ArrowDown, columns),
        (Key::ArrowUp, -columns),
        (Key::PageDown, page),
        (Key::PageUp, -page),
        (Key::Home, isize::MIN),
        (Key::End, isize::MAX),
    ];
    // A slow frame may bring several presses.
    let steps = steps.map(|(key, by)| std::iter::repeat_n(by, presses(key)));
    let moved = steps.into_iter().flatten().fold(None, |moved, by| {
        let from = moved.or(place);
        Some(from.map_or(0, |from| from.saturating_add_signed(by).min(last)))
    })?;
    let review = ReviewView {
        cursor: Some(order[moved]),
        chosen: Default::default(),
        ..panel.state.review.clone()
    };
    panel.actions.push(Action::SetReview(Box::new(review)));
    Some(moved)
}

/// With Ctrl an image is chosen beside others, with Shift all up to it; else it is looked at closely.
fn clicked(ui: &Ui, panel: &mut Panel<'_>, index: usize) {
    let modifiers = ui.input(|input| input.modifiers);
    if !modifiers.command && !modifiers.shift {
        examine(panel, index);
        return;
    }
    let mut review = panel.state.review.clone();
    let order = &panel.review.order;
    let place = |index| order.iter().position(|one| *one == index);
    let from = review.cursor.and_then(place).filter(|_| modifiers.shift);
    match (from, place(index)) {
        (Some(from), Some(to)) => {
            let range = from.min(to)..=from.max(to);
            review.chosen.extend(&order[range]);
        }
        _ => {
            // The one that the keys were at is the first of them.
            if let Some(cursor) = review.cursor.filter(|_| review.chosen.is_empty()) {
                review.chosen.insert(cursor);
            }
            if !review.chosen.insert(index) {
                review.chosen.remove(&index);
            }
            review.cursor = Some(index);
        }
    }
    panel.actions.push(Action::SetReview(Box::new(review)));
}

/// Looks closely at an image, and remembers where.
fn examine(panel: &mut Panel<'_>, index: usize) {
    let review = ReviewView {
        cursor: Some(index),
        chosen: Default::default(),
        ..panel.state.review.clone()
    };
    panel.actions.push(Action::SetReview(Box::new(review)));
    let entry = panel.state.set.images()[index].clone();
    let rival = panel.review.rival.as_ref();
    let judged = panel.review.judged.get(index);
    let differs = rival.zip(judged);
    if differs.is_some_and(|(rival, judged)| rival.differs(&entry.path, judged)) {
        panel.actions.push(Action::CompareModels(true));
    }
    panel.actions.push(Action::Examine(entry));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_tiles_as_fit_and_they_fill_the_width() {
        let three = WIDTH_MIN * 3.0 + SPACE * 2.0;
        assert_eq!(columns(three), (3, WIDTH_MIN));
        assert_eq!(columns(three + 31.0), (3, WIDTH_MIN + 10.0));
        assert_eq!(columns(three - 1.0).0, 2);
        assert_eq!(columns(5.0), (1, WIDTH_MIN));
    }

    #[test]
    fn the_wall_scrolls_no_more_than_it_must() {
        let row = 150.0 + SPACE;
        let offset = |row, before, height| in_sight(row, 150.0, before, height);
        assert_eq!(offset(0, 300.0, 400.0), 0.0, "up to the row above");
        assert_eq!(offset(1, 20.0, 400.0), 20.0, "it is in sight already");
        assert_eq!(offset(10, 0.0, 400.0), 10.0 * row + 150.0 - 400.0);
        assert_eq!(offset(3, 0.0, 50.0), 3.0 * row, "a window too low");
    }
}
