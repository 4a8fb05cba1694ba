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
    /// A wheel gesture came to 100 %: it goes no further, the next one does.
    caught: bool,
}

impl Default for View {
    fn default() -> Self {
        Self {
            zoom: 1.0,
            center: vec2(0.5, 0.5),
            caught: false,
        }
    }
}

impl View {
    /// The picture's point in the middle of the panel, `0.0..=1.0` on both axes.
    pub fn center(&self) -> Vec2 {
        self.center
    }

    /// The same magnification about another point.
    pub fn recentred(self, center: Vec2) -> Self {
        Self { center, ..self }
    }

    /// The same, but never beside the picture.
    #[must_use]
    pub fn kept_in_sight(mut self) -> Self {
        self.keep_in_sight();
        self
    }

    /// Whether a person could not tell it from the other: going to the photograph's pixels and
    /// back rounds.
    pub fn is_like(&self, other: &Self) -> bool {
        self.zoom == other.zoom
            && self.caught == other.caught
            && (self.center - other.center).length() < 1e-5
    }

    /// Where the whole picture of `size_px` lies when drawn in `panel`.
    pub fn image_rect(&self, panel: Rect, size_px: Vec2) -> Rect {
        let size = size_px * (fit_scale(panel.size(), size_px) * self.zoom);
        Rect::from_min_size(panel.center() - self.center * size, size)
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

    /// Magnifies by `factor`; the picture's point below `pos` stays there. A gesture that would
    /// pass 100 % (one picture pixel on one screen pixel) ends there exactly, until
    /// [`View::release`].
    pub fn zoom_about(
        &mut self,
        panel: Rect,
        size_px: Vec2,
        pos: Pos2,
        factor: f32,
        pixels_per_point: f32,
    ) {
        if self.caught {
            return;
        }
        let fixed = self.point_at(panel, size_px, pos);
        let exact = 1.0 / (fit_scale(panel.size(), size_px) * pixels_per_point);
        let zoom_min = exact.clamp(0.02, 1.0);
        let zoom_max = ZOOM_MAX.max(exact);
        let wanted = (self.zoom * factor).clamp(zoom_min, zoom_max);
        let away = (self.zoom / exact - 1.0).abs() > 1e-4;
        self.caught = away && (self.zoom < exact) != (wanted < exact);
        self.zoom = if self.caught { exact } else { wanted };
        let size = size_px * self.scale(panel, size_px);
        self.center = fixed - (pos - panel.center()) / size;
        self.keep_in_sight();
    }

    /// The wheel rests: the next gesture may leave 100 %.
    pub fn release(&mut self) {
        self.caught = false;
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
            self.zoom = 1.0 / scale;
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
        let rect = View::default().image_rect(PANEL, SIZE_PX);
        assert_eq!(rect.center(), PANEL.center());
        assert!((rect.width() - 300.0).abs() < 1e-3 && (rect.height() - 150.0).abs() < 1e-3);
    }

    #[test]
    fn zoom_keeps_the_point_below_the_cursor() {
        let mut view = View::default();
        let cursor = pos2(200.0, 150.0);
        for factor in [1.5, 3.0, 0.7] {
            let before = view.point_at(PANEL, SIZE_PX, cursor);
            view.zoom_about(PANEL, SIZE_PX, cursor, factor, 1.0);
            view.release();
            let after = view.point_at(PANEL, SIZE_PX, cursor);
            assert!((before - after).length() < 1e-4, "{before:?} {after:?}");
        }
    }

    #[test]
    fn pan_moves_with_the_pointer_and_never_loses_the_picture() {
        let mut view = View::default();
        view.zoom_about(PANEL, SIZE_PX, PANEL.center(), 1.9, 1.0);
        let grabbed = view.point_at(PANEL, SIZE_PX, PANEL.center());
        view.pan(PANEL, SIZE_PX, vec2(30.0, -10.0));
        let now = view.point_at(PANEL, SIZE_PX, PANEL.center() + vec2(30.0, -10.0));
        assert!((grabbed - now).length() < 1e-4);
        view.pan(PANEL, SIZE_PX, vec2(1e9, 1e9));
        assert!(view.image_rect(PANEL, SIZE_PX).intersects(PANEL));
    }

    #[test]
    fn a_wheel_gesture_ends_at_one_to_one_and_the_next_one_goes_on() {
        // Fit is 2.34 screen pixels a picture pixel here: zooming out passes 100 %.
        let mut view = View::default();
        let scale = |view: &View| view.scale(PANEL, SIZE_PX);
        view.zoom_about(PANEL, SIZE_PX, PANEL.center(), 1.5, 1.0);
        let large = vec2(2000.0, 1000.0);
        let mut gesture = View::default();
        for _ in 0..40 {
            gesture.zoom_about(PANEL, large, PANEL.center(), 1.2, 1.0);
        }
        assert!((gesture.scale(PANEL, large) - 1.0).abs() < 1e-6);
        gesture.release();
        gesture.zoom_about(PANEL, large, PANEL.center(), 1.2, 1.0);
        assert!((gesture.scale(PANEL, large) - 1.2).abs() < 1e-4);
        gesture.zoom_about(PANEL, large, PANEL.center(), 0.5, 1.0);
        assert!((gesture.scale(PANEL, large) - 1.0).abs() < 1e-6);
        assert!(scale(&view) > 3.0, "not near 100 %, not caught");
    }

    #[test]
    fn one_to_one_is_exact() {
        let mut view = View::default();
        view.one_to_one(PANEL, SIZE_PX, 2.0);
        assert!((view.scale(PANEL, SIZE_PX) * 2.0 - 1.0).abs() < 1e-6);
    }
}
