//! Icons as strokes and shapes: no font has to have them, and they follow the theme.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};

/// A small picture with a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// To the beginning.
    First,
    /// One back.
    Back,
    /// Run by itself.
    Play,
    /// Suspend.
    Pause,
    /// One on.
    Forward,
    /// To the end.
    Last,
    /// Done.
    Check,
    /// Put away.
    Close,
    /// As it was.
    Reset,
    /// Light theme.
    Sun,
    /// Dark theme.
    Moon,
    /// The desktop's theme.
    Screen,
    /// A folder.
    Folder,
    /// Pictures.
    Picture,
    /// A curve.
    Chart,
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Take back.
    Undo,
    /// Make again.
    Redo,
    /// Onto the clipboard.
    Copy,
    /// From the clipboard.
    Paste,
    /// Again and again.
    Repeat,
    /// This for that.
    Swap,
    /// One large picture beside small ones.
    Large,
    /// Pictures of one size.
    Grid,
    /// One picture.
    Single,
    /// Two pictures and a divider.
    Swipe,
    /// One picture shining through another.
    Onion,
    /// Two pictures in turn.
    Flicker,
    /// Pixels as squares.
    Squares,
    /// A magnifying glass.
    Loupe,
    /// A camera.
    Camera,
    /// Moves with the others.
    Linked,
    /// Moves by itself.
    Unlinked,
    /// Unsure.
    Question,
    /// The other way round.
    Reverse,
    /// All commands.
    Menu,
    /// A panel at the left.
    Sidebar,
}

const QUARTER: f32 = std::f32::consts::FRAC_PI_2;

/// Draws an icon into the middle of a rectangle, at most 16 points large.
pub fn paint(painter: &Painter, rect: Rect, icon: Icon, color: Color32) {
    let side = rect.width().min(rect.height()).min(16.0);
    let rect = Rect::from_center_size(rect.center(), Vec2::splat(side));
    paint_in(painter, rect, icon, color);
}

/// Draws an icon over the whole of a square.
pub fn paint_in(painter: &Painter, rect: Rect, icon: Icon, color: Color32) {
    let unit = rect.width() / 16.0;
    let at = |x: f32, y: f32| rect.min + vec2(x, y) * unit;
    let stroke = Stroke::new((1.5 * unit).max(1.2), color);
    let line = |points: &[(f32, f32)]| {
        painter.line(points.iter().map(|&(x, y)| at(x, y)).collect(), stroke);
    };
    let area = |points: &[(f32, f32)]| {
        let points: Vec<Pos2> = points.iter().map(|&(x, y)| at(x, y)).collect();
        painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
    };
    let block = |x: f32, y: f32, width: f32, height: f32| {
        painter.rect_filled(
            Rect::from_min_max(at(x, y), at(x + width, y + height)),
            unit,
            color,
        );
    };
    let frame = |x: f32, y: f32, width: f32, height: f32| {
        let rect = Rect::from_min_max(at(x, y), at(x + width, y + height));
        painter.rect_stroke(rect, unit, stroke, egui::StrokeKind::Middle);
    };
    match icon {
        Icon::First => {
            block(3.0, 3.5, 2.0, 9.0);
            area(&[(13.0, 3.5), (13.0, 12.5), (5.5, 8.0)]);
        }
        Icon::Back => {
            area(&[(10.0, 3.5), (10.0, 12.5), (3.0, 8.0)]);
            block(11.5, 3.5, 2.0, 9.0);
        }
        Icon::Play => area(&[(4.5, 2.5), (13.5, 8.0), (4.5, 13.5)]),
        Icon::Pause => {
            block(4.0, 3.0, 3.0, 10.0);
            block(9.0, 3.0, 3.0, 10.0);
        }
        Icon::Forward => {
            block(2.5, 3.5, 2.0, 9.0);
            area(&[(6.0, 3.5), (13.0, 8.0), (6.0, 12.5)]);
        }
        Icon::Last => {
            area(&[(3.0, 3.5), (10.5, 8.0), (3.0, 12.5)]);
            block(11.0, 3.5, 2.0, 9.0);
        }
        Icon::Check => line(&[(3.0, 8.5), (6.5, 12.0), (13.0, 4.5)]),
        Icon::Close => {
            line(&[(4.0, 4.0), (12.0, 12.0)]);
            line(&[(12.0, 4.0), (4.0, 12.0)]);
        }
        Icon::Reset => {
            arc(painter, at(8.0, 8.5), 5.0 * unit, -0.6, 4.6, stroke);
            area(&[(9.0, 0.8), (9.0, 6.4), (13.4, 4.6)]);
        }
        Icon::Sun => {
            painter.circle_filled(at(8.0, 8.0), 3.2 * unit, color);
            for i in 0..8 {
                let direction = Vec2::angled(std::f32::consts::TAU * i as f32 / 8.0);
                let center = at(8.0, 8.0);
                painter.line_segment(
                    [
                        center + direction * 5.0 * unit,
                        center + direction * 7.0 * unit,
                    ],
                    stroke,
                );
            }
        }
        Icon::Moon => {
            arc(painter, at(7.5, 8.5), 5.5 * unit, 0.35, 4.35, stroke);
            arc(painter, at(11.0, 5.0), 4.9 * unit, 1.0, 2.72, stroke);
        }
        Icon::Screen => {
            let frame = Rect::from_min_max(at(1.5, 3.0), at(14.5, 11.0));
            painter.rect_stroke(frame, 1.5 * unit, stroke, egui::StrokeKind::Middle);
            line(&[(5.0, 13.5), (11.0, 13.5)]);
        }
        Icon::Folder => line(&[
            (1.5, 13.0),
            (1.5, 3.5),
            (6.0, 3.5),
            (7.5, 5.5),
            (14.5, 5.5),
            (14.5, 13.0),
            (1.5, 13.0),
        ]),
        Icon::Picture => {
            let frame = Rect::from_min_max(at(1.5, 2.5), at(14.5, 13.5));
            painter.rect_stroke(frame, 1.5 * unit, stroke, egui::StrokeKind::Middle);
            painter.circle_filled(at(5.5, 6.0), 1.4 * unit, color);
            line(&[
                (2.5, 12.5),
                (7.0, 8.5),
                (9.0, 10.5),
                (11.0, 8.0),
                (14.0, 11.5),
            ]);
        }
        Icon::Chart => {
            line(&[(2.0, 2.0), (2.0, 14.0), (14.5, 14.0)]);
            line(&[(4.0, 4.0), (6.5, 9.0), (9.5, 11.0), (14.0, 11.7)]);
        }
        Icon::Undo => {
            line(&[(6.5, 2.5), (2.5, 6.0), (6.5, 9.5)]);
            line(&[(2.5, 6.0), (9.5, 6.0)]);
            arc(painter, at(9.5, 9.5), 3.5 * unit, -QUARTER, QUARTER, stroke);
            line(&[(9.5, 13.0), (5.5, 13.0)]);
        }
        Icon::Redo => {
            line(&[(9.5, 2.5), (13.5, 6.0), (9.5, 9.5)]);
            line(&[(13.5, 6.0), (6.5, 6.0)]);
            let (from, to) = (QUARTER, 3.0 * QUARTER);
            arc(painter, at(6.5, 9.5), 3.5 * unit, from, to, stroke);
            line(&[(6.5, 13.0), (10.5, 13.0)]);
        }
        Icon::Copy => {
            let sheet = Rect::from_min_max(at(5.5, 5.0), at(13.0, 14.0));
            painter.rect_stroke(sheet, 1.2 * unit, stroke, egui::StrokeKind::Middle);
            line(&[(10.5, 2.2), (3.0, 2.2), (3.0, 11.0)]);
        }
        Icon::Paste => {
            let board = Rect::from_min_max(at(3.0, 3.0), at(13.0, 14.0));
            painter.rect_stroke(board, 1.2 * unit, stroke, egui::StrokeKind::Middle);
            block(5.5, 1.5, 5.0, 3.0);
            line(&[(8.0, 6.5), (8.0, 11.5)]);
            line(&[(5.8, 9.3), (8.0, 11.5), (10.2, 9.3)]);
        }
        Icon::Repeat => {
            line(&[(2.5, 8.0), (2.5, 5.0), (12.5, 5.0)]);
            line(&[(13.5, 8.0), (13.5, 11.0), (3.5, 11.0)]);
            area(&[(10.5, 2.3), (10.5, 7.7), (14.5, 5.0)]);
            area(&[(5.5, 8.3), (5.5, 13.7), (1.5, 11.0)]);
        }
        Icon::Swap => {
            line(&[(2.5, 5.5), (12.0, 5.5)]);
            line(&[(4.0, 10.5), (13.5, 10.5)]);
            area(&[(10.0, 2.5), (10.0, 8.5), (14.5, 5.5)]);
            area(&[(6.0, 7.5), (6.0, 13.5), (1.5, 10.5)]);
        }
        Icon::Menu => {
            for y in [4.0, 8.0, 12.0] {
                line(&[(2.5, y), (13.5, y)]);
            }
        }
        Icon::Sidebar => {
            let frame = Rect::from_min_max(at(1.5, 2.5), at(14.5, 13.5));
            painter.rect_stroke(frame, 1.5 * unit, stroke, egui::StrokeKind::Middle);
            block(2.0, 3.0, 4.0, 10.0);
        }
        Icon::Left => line(&[(10.0, 3.5), (5.5, 8.0), (10.0, 12.5)]),
        Icon::Right => line(&[(6.0, 3.5), (10.5, 8.0), (6.0, 12.5)]),
        Icon::Large => {
            block(1.5, 2.5, 8.0, 11.0);
            block(10.8, 2.5, 3.7, 3.0);
            block(10.8, 6.5, 3.7, 3.0);
            block(10.8, 10.5, 3.7, 3.0);
        }
        Icon::Grid => {
            for x in [1.5, 6.1, 10.7] {
                block(x, 3.0, 3.8, 4.4);
                block(x, 8.6, 3.8, 4.4);
            }
        }
        Icon::Single => frame(2.0, 3.0, 12.0, 10.0),
        Icon::Swipe => {
            frame(2.0, 3.0, 12.0, 10.0);
            line(&[(8.0, 1.5), (8.0, 14.5)]);
            block(8.5, 3.5, 5.0, 9.0);
        }
        Icon::Onion => {
            frame(1.5, 2.0, 9.0, 8.5);
            frame(5.5, 5.5, 9.0, 8.5);
        }
        Icon::Flicker => {
            line(&[(9.0, 1.5), (4.0, 9.0), (8.0, 9.0)]);
            line(&[(8.0, 9.0), (7.0, 14.5), (12.0, 7.0), (8.0, 7.0), (9.0, 1.5)]);
        }
        Icon::Squares => {
            block(2.5, 2.5, 5.0, 5.0);
            block(8.5, 8.5, 5.0, 5.0);
            frame(2.5, 2.5, 11.0, 11.0);
        }
        Icon::Loupe => {
            painter.circle_stroke(at(6.8, 6.8), 4.3 * unit, stroke);
            line(&[(10.0, 10.0), (14.0, 14.0)]);
        }
        Icon::Camera => {
            frame(1.5, 4.5, 13.0, 8.5);
            painter.circle_stroke(at(8.0, 8.7), 2.5 * unit, stroke);
            block(5.5, 2.6, 5.0, 2.0);
        }
        Icon::Linked | Icon::Unlinked => {
            block(3.5, 7.5, 9.0, 6.5);
            let right = if icon == Icon::Linked { 11.0 } else { 14.0 };
            let left = right - 6.0;
            line(&[
                (left, 8.0),
                (left, 4.5),
                (left + 1.5, 2.5),
                (right - 1.5, 2.5),
                (right, 4.5),
                (right, if icon == Icon::Linked { 8.0 } else { 6.0 }),
            ]);
        }
        Icon::Question => {
            arc(painter, at(8.0, 5.6), 3.4 * unit, -3.3, 1.2, stroke);
            line(&[(9.2, 8.8), (8.0, 10.0), (8.0, 11.2)]);
            painter.circle_filled(at(8.0, 13.8), 1.1 * unit, color);
        }
        Icon::Reverse => {
            line(&[(5.0, 13.5), (5.0, 3.0)]);
            line(&[(2.5, 5.5), (5.0, 2.5), (7.5, 5.5)]);
            line(&[(11.0, 2.5), (11.0, 13.0)]);
            line(&[(8.5, 10.5), (11.0, 13.5), (13.5, 10.5)]);
        }
    }
}

/// The product's mark: a part with a flaw, found.
pub fn paint_mark(painter: &Painter, rect: Rect, color: Color32, flaw: Color32) {
    let unit = rect.width() / 24.0;
    let center = rect.center();
    painter.circle_stroke(center, 9.5 * unit, Stroke::new(2.4 * unit, color));
    painter.circle_stroke(center, 3.6 * unit, Stroke::new(1.8 * unit, color));
    let at = |x: f32, y: f32| pos2(rect.min.x + x * unit, rect.min.y + y * unit);
    let cut = Stroke::new(2.2 * unit, flaw);
    painter.line(
        vec![at(15.6, 8.6), at(17.6, 7.4), at(18.4, 5.0), at(20.8, 3.6)],
        cut,
    );
}

fn arc(painter: &Painter, center: Pos2, radius: f32, from: f32, to: f32, stroke: Stroke) {
    const PIECES: usize = 24;
    let points = (0..=PIECES)
        .map(|i| {
            let angle = from + (to - from) * i as f32 / PIECES as f32;
            center + Vec2::angled(angle) * radius
        })
        .collect();
    painter.line(points, stroke);
}
