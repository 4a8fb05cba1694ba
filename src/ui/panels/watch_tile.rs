//! One image that came into the watched folder: its picture, its verdict, when it came.

use chrono::{DateTime, Local};
use egui::{Align2, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2};

use crate::ui::canvas::{Canvas, size_of};
use crate::ui::icon::{self, Icon};
use crate::ui::state::file_name;
use crate::ui::state::watching::Row;
use crate::ui::view::View;
use crate::ui::viewing::Sampling;
use crate::ui::widgets::palette;
use kizumi_image::shown::shown;

use super::numbers::short;
use super::review_tile::{LINE_HEIGHT, PADDING, SMALL, ground, short_name, size, text_right};
use super::{Panel, verdict_badge};

/// Draws the tile.
pub fn show(ui: &mut Ui, panel: &Panel<'_>, width: f32, row: &Row) -> Response {
    let (rect, response) = ui.allocate_exact_size(size(width), Sense::click());
    let name = file_name(&row.path);
    let spoken = format!("{name}, {}", spoken(panel, row));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let palette = palette(ui);
    let painter = ui.painter_at(rect.expand(1.0));
    ground(&painter, palette, rect, false, &response);
    let side = Vec2::splat(width - 2.0 * PADDING);
    let picture = Rect::from_min_size(rect.min + Vec2::splat(PADDING), side);
    painter.rect_filled(picture, 3, palette.picture);
    let known = panel.watched.get(row.number);
    match &known {
        Some(Some(image)) => {
            let id = egui::Id::unique(("watched", row.number));
            let canvas = Canvas::new(picture, size_of(image), View::default(), Sampling::Linear);
            canvas.draw(ui, picture, id, image, 255);
        }
        Some(None) => {
            let mark = Rect::from_center_size(picture.center(), Vec2::splat(36.0));
            icon::paint_in(&painter, mark, Icon::Picture, palette.line);
        }
        None => {}
    }
    let lines = Rect::from_min_max(
        pos2(picture.left(), picture.bottom() + 3.0),
        rect.max - Vec2::new(PADDING, PADDING - 2.0),
    );
    let first = lines.top() + LINE_HEIGHT * 0.5;
    let second = first + LINE_HEIGHT;
    let left = pos2(lines.left(), first);
    let review = panel.text.review;
    match (&row.error, row.verdict) {
        (Some(_), _) => {
            let words = panel.text.watching.tile_unusable;
            painter.text(left, Align2::LEFT_CENTER, words, SMALL, palette.error);
        }
        (None, Some(verdict)) => {
            let word = review.verdict_word(verdict);
            verdict_badge::paint(&painter, palette, left, verdict, word);
        }
        (None, None) => {
            let words = review.no_verdict;
            painter.text(left, Align2::LEFT_CENTER, words, SMALL, palette.weak);
        }
    }
    if let Some(confidence) = row.confidence {
        let words = (review.confidence)(confidence);
        text_right(&painter, pos2(lines.right(), first), &words, palette.strong);
    }
    let at = pos2(lines.left(), second);
    painter.text(at, Align2::LEFT_CENTER, time(row), SMALL, palette.text);
    let score = row.score.map(short).unwrap_or_default();
    text_right(&painter, pos2(lines.right(), second), &score, palette.weak);
    let cut = short_name(ui, &name, lines.width());
    let at = pos2(lines.left(), second + LINE_HEIGHT);
    painter.text(at, Align2::LEFT_CENTER, cut, SMALL, palette.weak);
    response.on_hover_ui(|ui| {
        ui.label(tooltip(panel, row, known == Some(None)));
    })
}

/// The time of day where the window is.
fn time(row: &Row) -> String {
    DateTime::<Local>::from(row.at)
        .format("%H:%M:%S")
        .to_string()
}

/// What a screen reader says after the name: "Reject, defect 0.61, 14:05:12".
fn spoken(panel: &Panel<'_>, row: &Row) -> String {
    let review = panel.text.review;
    let verdict = match (&row.error, row.verdict) {
        (Some(_), _) => panel.text.watching.tile_unusable,
        (None, Some(verdict)) => review.verdict_word(verdict),
        (None, None) => review.no_verdict,
    };
    let confidence = row.confidence.map(review.confidence);
    let words = [Some(verdict.to_owned()), confidence, Some(time(row))];
    let words: Vec<String> = words.into_iter().flatten().collect();
    words.join(", ")
}

fn tooltip(panel: &Panel<'_>, row: &Row, is_without_picture: bool) -> String {
    let at = DateTime::<Local>::from(row.at).format("%Y-%m-%d %H:%M:%S");
    let mut lines = vec![shown(&row.path).to_string(), at.to_string()];
    lines.extend(row.error.clone());
    if is_without_picture && row.error.is_none() {
        lines.push(panel.text.watching.no_picture.to_owned());
    }
    lines.join("\n")
}
