//! Icons, from a font of them; they follow the theme. And the product's mark.

use egui::{Align2, Color32, FontFamily, FontId, Painter, Rect, Stroke, Vec2, pos2};

/// A part of Phosphor Icons, bold; `assets/subset_icons.py` makes it of the code points below.
pub const FONT_TTF: &[u8] = include_bytes!("../../assets/Phosphor-Bold-subset.ttf");
/// The name of that font and of the family that it is alone in.
pub const FONT: &str = "Phosphor";

/// A small picture with a meaning, as its code point in the font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// To the beginning.
    First = 0xE5A4,
    /// One back.
    Back = 0xE138,
    /// Run by itself.
    Play = 0xE3D0,
    /// Suspend.
    Pause = 0xE39E,
    /// One on.
    Forward = 0xE13A,
    /// To the end.
    Last = 0xE5A6,
    /// Done.
    Check = 0xE182,
    /// Put away.
    Close = 0xE4F6,
    /// As it was.
    Reset = 0xE038,
    /// Light theme.
    Sun = 0xE472,
    /// Dark theme.
    Moon = 0xE330,
    /// The desktop's theme.
    Screen = 0xE32E,
    /// A folder.
    Folder = 0xE24A,
    /// Pictures.
    Picture = 0xE2CA,
    /// A curve.
    Chart = 0xE154,
    /// To the left.
    Left = 0xE058,
    /// To the right.
    Right = 0xE06C,
    /// Take back.
    Undo = 0xE08A,
    /// Make again.
    Redo = 0xE08C,
    /// Onto the clipboard.
    Copy = 0xE1CA,
    /// From the clipboard.
    Paste = 0xE196,
    /// Again and again.
    Repeat = 0xE3F6,
    /// This for that.
    Swap = 0xE0A0,
    /// One large picture beside small ones.
    Large = 0xE6D6,
    /// Pictures of one size.
    Grid = 0xE296,
    /// One picture.
    Single = 0xE3F0,
    /// Two pictures and a divider.
    Swipe = 0xE870,
    /// One picture shining through another.
    Onion = 0xE87A,
    /// Two pictures in turn.
    Flicker = 0xE2DE,
    /// Pixels as squares.
    Squares = 0xE8C4,
    /// A magnifying glass.
    Loupe = 0xE30C,
    /// A camera.
    Camera = 0xE10E,
    /// Moves with the others.
    Linked = 0xE308,
    /// Moves by itself.
    Unlinked = 0xE30A,
    /// Unsure.
    Question = 0xE3E9,
    /// The other way round.
    Reverse = 0xE098,
    /// All commands.
    Menu = 0xE2F0,
    /// A panel at the left.
    Sidebar = 0xEC24,
}

/// Draws an icon into the middle of a rectangle, at most 16 points large.
pub fn paint(painter: &Painter, rect: Rect, icon: Icon, color: Color32) {
    let side = rect.width().min(rect.height()).min(16.0);
    let rect = Rect::from_center_size(rect.center(), Vec2::splat(side));
    paint_in(painter, rect, icon, color);
}

/// Draws an icon over the whole of a square.
pub fn paint_in(painter: &Painter, rect: Rect, icon: Icon, color: Color32) {
    let letter = char::from_u32(icon as u32).expect("code points of a font are letters");
    painter.text(
        rect.center(),
        Align2::CENTER_CENTER,
        letter,
        FontId::new(rect.width(), FontFamily::Name(FONT.into())),
        color,
    );
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

#[cfg(test)]
mod tests {
    use egui::epaint::text::{Fonts, TextOptions};

    use super::*;
    use crate::ui::language::Language;
    use crate::ui::theme;

    #[test]
    fn every_icon_has_a_glyph() {
        let mut fonts = Fonts::new(TextOptions::default(), theme::fonts(Language::English));
        let font = FontId::new(16.0, FontFamily::Name(FONT.into()));
        let rows = include_str!("icon.rs").lines();
        let points: Vec<u32> = rows
            .filter_map(|row| row.trim().strip_suffix(',')?.split_once(" = 0x"))
            .filter_map(|(_, point)| u32::from_str_radix(point, 16).ok())
            .collect();
        assert!(points.len() > 30 && points.contains(&(Icon::Sidebar as u32)));
        for point in points {
            let letter = char::from_u32(point).expect("a letter");
            assert!(
                fonts.has_glyph(&font, letter),
                "no glyph for {point:X}: run assets/subset_icons.py"
            );
        }
    }
}
