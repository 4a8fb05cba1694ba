//! Zoom and pan, shared by all picture panels: which part of a picture a panel shows.

use egui::{Pos2, Rect, Vec2, vec2};

/// Largest magnification over "fit".
const ZOOM_MAX: f32 = 64.0;

/// The part of a picture that is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Magnification; 1 shows the whole picture as large as it fits.
    zoom: f32,
    /// The picture's point in the middle of the panel, `0.0..=1.0` on both axes.
    center: Vec2,
}

impl Default for View {
    fn default() -> Self {
        Self {
            zoom: 1.0,
            center: vec2(0.5, 0.5),
        }
    }
}

impl View {
    /// Where the whole picture of `size_px` lies when drawn in `panel`.
    pub fn image_rect(&self, panel: Rect, size_px: Vec2) -> Rect {
        let size = size_px * (fit_scale(panel.size(), size_px) * self.zoom);
        Rect::from_min_size(panel.center() - self.center * size, size)
    }

    /// What to draw: the visible rectangle on screen and the matching rectangle of the texture
    /// (`0.0..=1.0`). `None` when nothing of the picture is visible.
    pub fn visible(&self, panel: Rect, size_px: Vec2) -> Option<(Rect, Rect)> {
        let image = self.image_rect(panel, size_px);
        let shown = image.intersect(panel);
        let uv = |pos: Pos2| ((pos - image.min) / image.size()).to_pos2();
        shown
            .is_positive()
            .then(|| (shown, Rect::from_min_max(uv(shown.min), uv(shown.max))))
    }

    /// Screen points per picture pixel.
    pub fn scale(&self, panel: Rect, size_px: Vec2) -> f32 {
        fit_scale(panel.size(), size_px) * self.zoom
    }

    /// The picture's point (`0.0..=1.0`) below a screen position.
    pub fn point_at(&self, panel: Rect, size_px: Vec2, pos: Pos2) -> Vec2 {
        let image = self.image_rect(panel, size_px);
        (pos - image.min) / image.size()
    }

    /// Magnifies by `factor`; the picture's point below `pos` stays there.
    pub fn zoom_about(&mut self, panel: Rect, size_px: Vec2, pos: Pos2, factor: f32) {
        let fixed = self.point_at(panel, size_px, pos);
        let zoom_min = (1.0 / fit_scale(panel.size(), size_px)).clamp(0.1, 1.0);
        self.zoom = (self.zoom * factor).clamp(zoom_min, ZOOM_MAX);
        let size = size_px * self.scale(panel, size_px);
        self.center = fixed - (pos - panel.center()) / size;
        self.keep_in_sight();
    }

    /// Moves the picture by a screen distance.
    pub fn pan(&mut self, panel: Rect, size_px: Vec2, by: Vec2) {
        self.center -= by / (size_px * self.scale(panel, size_px));
        self.keep_in_sight();
    }

    /// Shows one picture pixel as one screen pixel.
    pub fn one_to_one(&mut self, panel: Rect, size_px: Vec2, pixels_per_point: f32) {
        let scale = fit_scale(panel.size(), size_px) * pixels_per_point;
        if scale > 0.0 {
            self.zoom = (1.0 / scale).min(ZOOM_MAX);
        }
        self.keep_in_sight();
    }

    fn keep_in_sight(&mut self) {
        if !self.center.is_finite() || !self.zoom.is_finite() {
            *self = Self::default();
        }
        // A picture that is smaller than its panel stays in the middle.
        if self.zoom <= 1.0 {
            self.center = vec2(0.5, 0.5);
        }
        self.center = self.center.clamp(Vec2::ZERO, Vec2::splat(1.0));
    }
}

fn fit_scale(panel: Vec2, size_px: Vec2) -> f32 {
    (panel.x / size_px.x.max(1.0))
        .min(panel.y / size_px.y.max(1.0))
        .max(1e-6)
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    const PANEL: Rect = Rect {
        min: pos2(10.0, 20.0),
        max: pos2(310.0, 220.0),
    };
    const SIZE_PX: Vec2 = vec2(128.0, 64.0);

    #[test]
    fn fit_shows_everything_in_the_middle() {
        let (rect, uv) = View::default().visible(PANEL, SIZE_PX).expect("visible");
        assert_eq!(rect.center(), PANEL.center());
        assert!((rect.width() - 300.0).abs() < 1e-3 && (rect.height() - 150.0).abs() < 1e-3);
        assert!(uv.min.distance(pos2(0.0, 0.0)) < 1e-6 && uv.max.distance(pos2(1.0, 1.0)) < 1e-6);
    }

    #[test]
    fn zoom_keeps_the_point_below_the_cursor() {
        let mut view = View::default();
        let cursor = pos2(200.0, 150.0);
        for factor in [1.5, 3.0, 0.7] {
            let before = view.point_at(PANEL, SIZE_PX, cursor);
            view.zoom_about(PANEL, SIZE_PX, cursor, factor);
            let after = view.point_at(PANEL, SIZE_PX, cursor);
            assert!((before - after).length() < 1e-4, "{before:?} {after:?}");
        }
    }

    #[test]
    fn pan_moves_with_the_pointer_and_never_loses_the_picture() {
        let mut view = View::default();
        view.zoom_about(PANEL, SIZE_PX, PANEL.center(), 4.0);
        let grabbed = view.point_at(PANEL, SIZE_PX, PANEL.center());
        view.pan(PANEL, SIZE_PX, vec2(30.0, -10.0));
        let now = view.point_at(PANEL, SIZE_PX, PANEL.center() + vec2(30.0, -10.0));
        assert!((grabbed - now).length() < 1e-4);
        view.pan(PANEL, SIZE_PX, vec2(1e9, 1e9));
        assert!(view.visible(PANEL, SIZE_PX).is_some());
    }

    #[test]
    fn one_to_one_is_exact() {
        let mut view = View::default();
        view.one_to_one(PANEL, SIZE_PX, 2.0);
        assert!((view.scale(PANEL, SIZE_PX) * 2.0 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn uv_and_screen_rectangles_agree_when_magnified() {
        let mut view = View::default();
        view.zoom_about(PANEL, SIZE_PX, pos2(12.0, 60.0), 8.0);
        let (rect, uv) = view.visible(PANEL, SIZE_PX).expect("visible");
        let scale = view.scale(PANEL, SIZE_PX);
        assert!((uv.width() * SIZE_PX.x * scale - rect.width()).abs() < 1e-2);
        assert!(PANEL.expand(1e-3).contains_rect(rect));
    }
}
