//! One large picture, alone or compared with another, and all layers small beside it.

use egui::{
    Align2, Color32, CornerRadius, CursorIcon, FontId, Id, Rect, Sense, Stroke, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use crate::ui::action::Action;
use crate::ui::canvas::Canvas;
use crate::ui::layers::{Layer, Range};
use crate::ui::state::comparing::AbSide;
use crate::ui::state::painting::Tool;
use crate::ui::state::viewer::Place;
use crate::ui::theme::RADIUS;
use crate::ui::viewing::{Compare, Viewing};
use crate::ui::widgets::{arrow_presses, formula, palette};

use super::color_bar::{self, Bar};
use super::picture_cell::{self, Content, Look};
use super::{Panel, picture_grid, scale_bar, two_models};

const HEADER_HEIGHT: f32 = 24.0;
const GAP: f32 = 6.0;
/// Half the width in which the divider can be grabbed, in points.
const GRAB: f32 = 7.0;
/// How far an arrow key moves the divider, as a share of the width.
const NUDGE: f32 = 0.01;

/// Draws the large picture and the small ones.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, area: Rect) -> Option<Look> {
    let (card, picture, strip) = parts(area);
    let layers = panel.state.layers();
    // In more than two columns names would be cut off.
    let columns = picture_grid::columns_for(strip.size(), layers.len()).min(2);
    let mut cells = picture_grid::place(strip, &layers, columns);
    let layer = panel.state.settings.viewing.layer;
    cells.push((Place::Large, layer, picture));
    let look = Look::new(ui, panel, &cells)?;
    cells.pop();
    let stroke = Stroke::new(1.0, palette(ui).line);
    ui.painter().rect(
        card,
        RADIUS,
        palette(ui).card,
        stroke,
        egui::StrokeKind::Inside,
    );
    large(ui, panel, &look, picture);
    header(ui, panel, &look, card);
    picture_grid::draw(ui, panel, &look, &cells);
    Some(look)
}

/// The rectangle of the large picture in the area of the viewer.
pub fn picture_rect(area: Rect) -> Rect {
    parts(area).1
}

fn parts(area: Rect) -> (Rect, Rect, Rect) {
    // Two columns, as wide as five rows of squares are, beside a picture that keeps the greater part.
    let strip = (area.height() / 5.0 * 2.0).clamp(area.width() * 0.24, area.width() * 0.38);
    let card = Rect::from_min_max(area.min, pos2(area.right() - strip - GAP, area.bottom()));
    let picture = Rect::from_min_max(
        card.min + vec2(1.0, HEADER_HEIGHT),
        card.max - vec2(1.0, 1.0),
    );
    let strip = Rect::from_min_max(pos2(card.right() + GAP, area.top()), area.max);
    (card, picture, strip)
}

fn large(ui: &mut Ui, panel: &mut Panel<'_>, look: &Look, rect: Rect) {
    let palette = palette(ui);
    let bottom = CornerRadius {
        nw: 0,
        ne: 0,
        ..RADIUS
    };
    ui.painter().rect_filled(rect, bottom, palette.picture);
    let viewing = panel.state.settings.viewing;
    let place = Place::Large;
    let mut canvas = picture_cell::canvas(panel, look.picture_px, place, rect);
    let (title, _) = panel.text.viewer.layer(viewing.layer);
    let name = (panel.text.viewer.large_view)(title);
    let draws = panel.state.painter.tool != Tool::Look;
    let response = canvas.navigate(ui, Id::unique("large"), &name, draws);

    let top = if look.peek {
        Layer::Original
    } else {
        viewing.layer
    };
    let (compare, reference) = comparison(panel, look);
    let here = |layer| Content {
        place,
        layer,
        of_a: false,
    };
    let shown: Vec<(Content, Rect, u8)> = match compare {
        Compare::Single => vec![(here(top), rect, 255)],
        Compare::Swipe => {
            let x = rect.left() + rect.width() * viewing.divider;
            let left = Rect::from_min_max(rect.min, pos2(x, rect.bottom()));
            let right = Rect::from_min_max(pos2(x, rect.top()), rect.max);
            vec![(reference, left, 255), (here(top), right, 255)]
        }
        Compare::Onion => {
            let alpha = (viewing.onion.clamp(0.0, 1.0) * 255.0).round() as u8;
            vec![(reference, rect, 255), (here(top), rect, alpha)]
        }
        Compare::Flicker => {
            let now_secs = ui.input(|input| input.time);
            let wait_secs = viewing.next_flicker_secs(now_secs);
            ui.ctx().request_repaint_after_secs(wait_secs as f32);
            let other = viewing.flickers_to_reference(now_secs);
            vec![(if other { reference } else { here(top) }, rect, 255)]
        }
    };
    let mut seen = false;
    for (content, clip, alpha) in &shown {
        seen |= picture_cell::paint(ui, panel, &canvas, *clip, *content, *alpha);
    }
    if seen {
        for (content, clip, _) in shown {
            picture_cell::paint_regions(ui, panel, &canvas, clip, content);
        }
        picture_cell::paint_marks(ui, panel, look, &canvas, (place, top));
        scale_bar::show(ui, panel, &canvas, rect);
        picture_cell::on_pointer(ui, panel, &canvas, top, &response);
    } else {
        picture_cell::paint_absence(ui, panel, rect, top);
    }
    picture_cell::keep_view(panel, place, &canvas);
    if compare == Compare::Swipe {
        divider(ui, panel, rect);
    }
    captions(ui, panel, look, &canvas, compare);
    picture_cell::padlock(ui, panel, place, rect, response.hovered());
}

/// How the large picture is compared, and with what: with run A's while both runs are shown.
fn comparison(panel: &Panel<'_>, look: &Look) -> (Compare, Content) {
    let viewing = panel.state.settings.viewing;
    let both = panel.state.inspecting.ab_side() == AbSide::Both;
    let reference = Content {
        place: Place::Large,
        layer: if both {
            viewing.layer
        } else {
            viewing.compared_with()
        },
        of_a: both,
    };
    let compare = match viewing.compare {
        _ if look.peek => Compare::Single,
        Compare::Single if both => Compare::Swipe,
        compare => compare,
    };
    (compare, reference)
}

/// The line between both sides of a swipe: dragged, nudged by arrow keys, centred by double click.
fn divider(ui: &mut Ui, panel: &mut Panel<'_>, rect: Rect) {
    let text = panel.text.viewer;
    let mut viewing = panel.state.settings.viewing;
    let x = rect.left() + rect.width() * viewing.divider;
    let grip = Rect::from_min_max(pos2(x - GRAB, rect.top()), pos2(x + GRAB, rect.bottom()));
    let response = ui.interact(grip, Id::unique("divider"), Sense::click_and_drag());
    let percent = f64::from((viewing.divider * 100.0).round());
    response.widget_info(|| WidgetInfo::slider(true, percent, text.divider));
    if response.clicked() || response.drag_started() {
        response.request_focus();
    }
    if response.double_clicked() {
        viewing.divider = 0.5;
    } else if response.dragged()
        && let Some(pos) = response.interact_pointer_pos()
    {
        viewing.divider = (pos.x - rect.left()) / rect.width();
    }
    viewing.divider += NUDGE * arrow_presses(ui, &response);
    viewing.divider = viewing.divider.clamp(0.0, 1.0);
    set_viewing(panel, viewing);

    let painter = ui.painter_at(rect);
    let line = [pos2(x, rect.top()), pos2(x, rect.bottom())];
    painter.line_segment(line, Stroke::new(3.0, Color32::from_black_alpha(140)));
    painter.line_segment(line, Stroke::new(1.2, Color32::WHITE));
    let knob = pos2(x, rect.center().y);
    let active = response.hovered() || response.dragged() || response.has_focus();
    let fill = if active {
        palette(ui).accent
    } else {
        Color32::from_gray(245)
    };
    painter.circle(
        knob,
        9.0,
        fill,
        Stroke::new(1.5, Color32::from_black_alpha(160)),
    );
    for side in [-1.0, 1.0] {
        let tip = knob + vec2(side * 5.5, 0.0);
        let back = vec2(side * -2.6, 0.0);
        let ends = vec![
            tip + back - vec2(0.0, 2.8),
            tip,
            tip + back + vec2(0.0, 2.8),
        ];
        painter.line(ends, Stroke::new(1.4, Color32::from_gray(40)));
    }
    response
        .on_hover_cursor(CursorIcon::ResizeHorizontal)
        .on_hover_text(text.divider_help);
}

/// Hands on how a person wants to look, if that changed.
pub fn set_viewing(panel: &mut Panel<'_>, viewing: Viewing) {
    if viewing != panel.state.settings.viewing {
        panel.actions.push(Action::SetViewing(viewing));
    }
}

/// Which side is which, what the range is, what is held.
fn captions(ui: &Ui, panel: &Panel<'_>, look: &Look, canvas: &Canvas, compare: Compare) {
    let text = panel.text.viewer;
    let viewing = panel.state.settings.viewing;
    let rect = canvas.rect();
    let name = |layer| text.layer(layer).0;
    if look.peek {
        caption(ui, rect, text.held, Align2::CENTER_BOTTOM);
        return;
    }
    let side = panel.state.inspecting.ab_side();
    let (left, right) = match side {
        AbSide::Both => (
            two_models::caption(panel, AbSide::A),
            two_models::caption(panel, AbSide::B),
        ),
        _ => (
            name(viewing.compared_with()).to_owned(),
            name(viewing.layer).to_owned(),
        ),
    };
    if let Some(words) = two_models::scale_words(panel).filter(|_| compare != Compare::Single) {
        caption(ui, rect, words, Align2::CENTER_TOP);
    } else if compare == Compare::Single && panel.state.inspecting.a_is_of_rival() {
        caption(
            ui,
            rect,
            &two_models::caption(panel, side),
            Align2::RIGHT_BOTTOM,
        );
    }
    match compare {
        Compare::Swipe => {
            caption(ui, rect, &left, Align2::LEFT_BOTTOM);
            caption(ui, rect, &right, Align2::RIGHT_BOTTOM);
            return;
        }
        Compare::Flicker => {
            let other = viewing.flickers_to_reference(ui.input(|input| input.time));
            let words = if other { left } else { right };
            caption(ui, rect, &words, Align2::RIGHT_BOTTOM);
        }
        _ => {}
    }
    if panel.state.shows_photograph() && panel.state.inspecting.source().is_none() {
        caption(ui, rect, text.photograph_waits, Align2::LEFT_BOTTOM);
    } else if let Some(range) = panel.layers.range(viewing.layer) {
        caption(ui, rect, text.scale(range.scale), Align2::LEFT_BOTTOM);
    }
}

fn header(ui: &Ui, panel: &mut Panel<'_>, look: &Look, card: Rect) {
    let palette = palette(ui);
    let viewing = panel.state.settings.viewing;
    let layer = if look.peek {
        Layer::Original
    } else {
        viewing.layer
    };
    let (title, symbols) = panel.text.viewer.layer(layer);
    let painter = ui.painter_at(card);
    let y = card.top() + HEADER_HEIGHT * 0.5 + 0.5;
    let left = painter.text(
        pos2(card.left() + 8.0, y),
        Align2::LEFT_CENTER,
        title,
        FontId::proportional(13.5),
        palette.strong,
    );
    let colormap = panel.state.settings.display.colormap;
    let mut right = card.right() - 8.0;
    for bar in bars(panel, look, layer) {
        right = color_bar::paint(ui, card, (right, y), &bar, colormap) - 12.0;
    }
    let galley = painter.layout_job(formula(symbols, 13.0, palette.weak));
    let place = pos2(left.right() + 10.0, y - galley.size().y * 0.5);
    if place.x + galley.size().x < right {
        painter.galley(place, galley, palette.weak);
    }
}

/// The scales of what is shown, the right one first: of both layers or sides where they have two.
fn bars<'a>(panel: &Panel<'a>, look: &Look, layer: Layer) -> Vec<Bar<'a>> {
    let bar = |range: Range, layer: Layer| Bar {
        name: "",
        range,
        signed: layer.is_signed(),
    };
    let (compare, reference) = comparison(panel, look);
    let other = reference.layer;
    let layers = match reference.of_a {
        true => &*panel.other_layers,
        false => &*panel.layers,
    };
    // Beside another picture one with a map over it has its scale, too.
    let (own, range) = match compare {
        Compare::Single => (panel.layers.range(layer), None),
        _ => (panel.layers.range_of(layer), layers.range_of(other)),
    };
    let own = own.map(|range| bar(range, layer));
    let reference_bar = range.map(|range| bar(range, other));
    let names = match reference.of_a {
        true => ["B", "A"],
        false => [layer, other].map(|layer| panel.text.viewer.layer(layer).0),
    };
    let ends = |bar: &Bar<'_>| (bar.range.low, bar.range.high, bar.signed);
    match (own, reference_bar) {
        (Some(own), Some(other)) if ends(&own) == ends(&other) => vec![own],
        (Some(own), Some(other)) => {
            let [name, others] = names;
            vec![
                Bar { name, ..own },
                Bar {
                    name: others,
                    ..other
                },
            ]
        }
        // The one of two pictures that has a scale says which it is.
        (None, Some(other)) => vec![Bar {
            name: names[1],
            ..other
        }],
        (own, None) => own.into_iter().collect(),
    }
}

/// Words on a picture's edge.
pub fn caption(ui: &Ui, rect: Rect, words: &str, corner: Align2) {
    let painter = ui.painter_at(rect);
    let font = FontId::proportional(11.5);
    let galley = painter.layout_no_wrap(words.to_owned(), font, Color32::from_gray(235));
    let size = galley.size() + vec2(10.0, 4.0);
    let place = corner.align_size_within_rect(size, rect.shrink(4.0));
    painter.rect_filled(place, 3, Color32::from_black_alpha(150));
    painter.galley(place.min + Vec2::new(5.0, 2.0), galley, Color32::WHITE);
}
