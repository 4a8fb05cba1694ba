//! One image of the wall: its thumbnail, its verdict, its scores.

use egui::{
    Align2, Color32, FontId, Painter, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

use crate::ui::canvas::{Canvas, size_of};
use crate::ui::icon::{self, Icon};
use crate::ui::review::{Judged, Judgement};
use crate::ui::state::file_name;
use crate::ui::text::TileScores;
use crate::ui::theme::Palette;
use crate::ui::view::View;
use crate::ui::viewing::Sampling;
use crate::ui::widgets::palette;
use kizumi_image::shown::shown;
use kizumi_method::decision::Verdict;

use super::numbers::short;
use super::{Panel, image_list, label_mark, verdict_badge};

/// The narrowest tile, in points.
pub const WIDTH_MIN: f32 = 132.0;
/// From a tile's edge to what is on it, in points.
pub const PADDING: f32 = 6.0;
/// From one line of a tile to the next, in points.
pub const LINE_HEIGHT: f32 = 17.0;
/// Room for a raw score, in points.
const RAW_WIDTH: f32 = 44.0;

/// Size of a tile of this width: a square picture above three lines.
pub fn size(width: f32) -> Vec2 {
    vec2(width, width + 3.0 * LINE_HEIGHT + 3.0)
}

/// Draws the tile of the image at this place of the set.
pub fn show(
    ui: &mut Ui,
    panel: &mut Panel<'_>,
    width: f32,
    index: usize,
    at_cursor: bool,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(size(width), Sense::click());
    let state = panel.state;
    let (Some(entry), Some(judged)) = (
        state.set.images().get(index),
        panel.review.judged.get(index),
    ) else {
        return response;
    };
    // The model that is compared with stands in for the one at hand where a person wants to see that.
    let rival = panel.review.shown_rival(state, &entry.path);
    let of_rival = rival.map(|image| Judged::Scored(image.judgement));
    let judged = of_rival.as_ref().unwrap_or(judged);
    let name = file_name(&entry.path);
    let mut accessible = spoken(panel, &name, index, judged);
    if let Some(label) = state.label_of(&entry.path) {
        accessible = format!("{accessible}, {}", panel.text.labels.label(label));
    }
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, at_cursor, &accessible));
    let palette = palette(ui);
    let painter = ui.painter_at(rect.expand(1.0));
    let is_chosen = at_cursor || state.review.chosen.contains(&index);
    ground(&painter, palette, rect, is_chosen, &response);
    let picture = Rect::from_min_size(
        rect.min + Vec2::splat(PADDING),
        Vec2::splat(width - 2.0 * PADDING),
    );
    painter.rect_filled(picture, 3, palette.picture);
    let result = state.set.results().get(index).and_then(Option::as_ref);
    let own = result.and_then(|result| result.as_ref().ok());
    if let Some(inspected) = rival.map(|image| &image.inspected).or(own)
        && inspected.has_pictures()
    {
        let image = panel.thumbs.get(index, inspected);
        let id = egui::Id::unique(("thumbnail", index));
        let canvas = Canvas::new(picture, size_of(&image), View::default(), Sampling::Nearest);
        // What is not judged here is shown grey.
        let is_judged = rival.is_some() || panel.review.belongs && !state.set.is_changed(index);
        let alpha = if is_judged { 255 } else { 110 };
        canvas.draw(ui, picture, id, &image, alpha);
    }
    if let Some(label) = state.label_of(&entry.path) {
        let corner = picture.right_top() + vec2(-3.0, 11.0);
        label_mark::paint(&painter, palette, panel.text.labels, corner, label);
    }
    if let Judged::Scored(scored) = judged {
        change(&painter, palette, picture, scored);
    }
    let lines = Rect::from_min_max(
        pos2(picture.left(), picture.bottom() + 3.0),
        rect.max - vec2(PADDING, PADDING - 2.0),
    );
    let first = lines.top() + LINE_HEIGHT * 0.5;
    let second = first + LINE_HEIGHT;
    let (raw, confidence) = match judged {
        Judged::Scored(scored) => (short(scored.projected), scored.confidence),
        _ => (String::new(), None),
    };
    text_right(&painter, pos2(lines.right(), second), &raw, palette.weak);
    let kind_at = pos2(lines.left() + 3.0, second);
    let kind = &state.labelled(entry).kind;
    let kind_color = image_list::kind_color(palette, kind);
    painter.circle_filled(kind_at, 3.0, kind_color);
    let room = Rect::from_min_max(lines.min, pos2(lines.right() - RAW_WIDTH, lines.bottom()));
    painter.with_clip_rect(room).text(
        kind_at + vec2(7.0, 0.0),
        Align2::LEFT_CENTER,
        panel.text.data.kind(kind),
        SMALL,
        palette.text,
    );
    let shown = short_name(ui, &name, lines.width());
    let at = pos2(lines.left(), second + LINE_HEIGHT);
    painter.text(at, Align2::LEFT_CENTER, shown, SMALL, palette.weak);
    let left = pos2(lines.left(), first);
    match judged {
        Judged::Waiting => {
            let (words, color) = match state.set.is_changed(index) {
                true => (panel.text.review.tile_changed, palette.warning),
                false => (panel.text.review.tile_waiting, palette.weak),
            };
            painter.text(left, Align2::LEFT_CENTER, words, SMALL, color);
        }
        Judged::Broken => {
            let mark = Rect::from_center_size(picture.center(), Vec2::splat(36.0));
            icon::paint_in(
                &painter,
                mark,
                Icon::Close,
                palette.error.gamma_multiply(0.7),
            );
            let words = panel.text.review.tile_broken;
            painter.text(left, Align2::LEFT_CENTER, words, SMALL, palette.error);
        }
        Judged::Scored(scored) => {
            if let Some(confidence) = confidence {
                let at = pos2(lines.right(), first);
                let words = (panel.text.review.confidence)(confidence);
                text_right(&painter, at, &words, palette.strong);
            }
            verdict(panel, &painter, palette, left, scored);
        }
    }
    response.on_hover_ui(|ui| {
        ui.label(tooltip(panel, index, judged));
    })
}

/// What is written on tiles.
pub const SMALL: FontId = FontId::proportional(12.0);

/// The ground of a tile.
pub fn ground(
    painter: &Painter,
    palette: &Palette,
    rect: Rect,
    at_cursor: bool,
    response: &Response,
) {
    let (fill, line) = if at_cursor || response.has_focus() {
        (palette.tint, Stroke::new(2.0, palette.accent))
    } else if response.hovered() {
        (palette.window, Stroke::new(1.0, palette.weak))
    } else {
        (palette.window, Stroke::new(1.0, palette.line))
    };
    painter.rect(rect, 5, fill, line, egui::StrokeKind::Inside);
}

/// From the plain verdict to the projected one, where the projection changed it.
fn change(painter: &Painter, palette: &Palette, picture: Rect, scored: &Judgement) {
    let (Some(plain), Some(projected)) = (scored.plain_verdict, scored.projected_verdict) else {
        return;
    };
    if !scored.is_changed() {
        return;
    }
    let pill = Rect::from_min_size(picture.min + vec2(3.0, 3.0), vec2(48.0, 20.0));
    painter.rect_filled(pill, 10, palette.card.gamma_multiply(0.9));
    let center = pill.center();
    verdict_badge::paint_symbol(painter, palette, center - vec2(14.0, 0.0), plain);
    verdict_badge::paint_symbol(painter, palette, center + vec2(14.0, 0.0), projected);
    let arrow = Rect::from_center_size(center, Vec2::splat(11.0));
    icon::paint(painter, arrow, Icon::Right, palette.text);
}

fn verdict(
    panel: &Panel<'_>,
    painter: &Painter,
    palette: &Palette,
    left: egui::Pos2,
    scored: &Judgement,
) {
    let Some(verdict) = scored.verdict else {
        let words = panel.text.review.no_verdict;
        painter.text(left, Align2::LEFT_CENTER, words, SMALL, palette.weak);
        return;
    };
    let word = panel.text.review.verdict_word(verdict);
    verdict_badge::paint(painter, palette, left, verdict, word);
}

/// Text that ends at this point.
pub fn text_right(painter: &Painter, at: egui::Pos2, text: &str, color: Color32) {
    painter.text(at, Align2::RIGHT_CENTER, text, SMALL, color);
}

/// A file's name without its ending, cut at the front where it is too long: names of one folder
/// mostly begin alike.
pub fn short_name(ui: &Ui, name: &str, room: f32) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut width_of = |letter: char| ui.fonts_mut(|fonts| fonts.glyph_width(&SMALL, letter));
    let whole: f32 = stem.chars().map(&mut width_of).sum();
    if whole <= room {
        return stem.to_owned();
    }
    let mut left = room - width_of('…');
    let mut kept = stem.len();
    for (index, letter) in stem.char_indices().rev() {
        left -= width_of(letter);
        if left < 0.0 {
            break;
        }
        kept = index;
    }
    format!("…{}", &stem[kept..])
}

/// What a screen reader says: "7.png, Reject, defect 0.61".
fn spoken(panel: &Panel<'_>, name: &str, index: usize, judged: &Judged) -> String {
    let text = panel.text.review;
    match judged {
        Judged::Waiting if panel.state.set.is_changed(index) => {
            format!("{name}, {}", text.tile_changed)
        }
        Judged::Waiting => format!("{name}, {}", text.tile_waiting),
        Judged::Broken => format!("{name}, {}", text.tile_broken),
        Judged::Scored(scored) => {
            let verdict = scored
                .verdict
                .map(|verdict: Verdict| text.verdict_word(verdict));
            let score = match scored.confidence {
                Some(confidence) => (text.confidence)(confidence),
                None => format!("{:.2}", scored.projected),
            };
            format!("{name}, {}, {score}", verdict.unwrap_or(text.no_verdict))
        }
    }
}

fn tooltip(panel: &Panel<'_>, index: usize, judged: &Judged) -> String {
    let text = panel.text.review;
    let set = &panel.state.set;
    let entry = &set.images()[index];
    let path = shown(&entry.path).to_string();
    let kind = panel.text.data.kind(&panel.state.labelled(entry).kind);
    match (judged, &set.results()[index]) {
        (Judged::Scored(scored), _) => {
            let two =
                |value: Option<f32>| value.map_or("–".to_owned(), |value| format!("{value:.3}"));
            let plain_verdict = scored.plain_verdict.filter(|_| scored.is_changed());
            let mut lines = (text.tile_scores)(&TileScores {
                path: &path,
                kind: &kind,
                projected: (&short(scored.projected), &two(scored.confidence)),
                plain: (&short(scored.plain), &two(scored.plain_confidence)),
                plain_verdict: plain_verdict.map(|verdict| text.verdict_word(verdict)),
            });
            for reason in scored.reasons.iter() {
                lines.push('\n');
                lines += panel.text.report().judging.reason(reason);
            }
            lines
        }
        (_, Some(Err(reason))) => format!("{path}\n{kind}\n{}", panel.text.said(reason)),
        _ => format!("{path}\n{kind}"),
    }
}
