//! Draws a picture into a panel, with the zoom and pan that all panels share.

use std::sync::Arc;

use egui::{
    Color32, ColorImage, Id, ImageData, Pos2, Rect, Response, Role, Sense, Stroke, TextureFilter,
    TextureOptions, Ui, Vec2, WidgetInfo, vec2,
};

use super::view::View;
use super::widgets::palette;

/// How a wheel step magnifies, per point of scrolling.
const WHEEL_GAIN: f32 = 0.004;

/// One picture and how to draw it.
pub struct Canvas<'a> {
    /// Tells this panel from the others.
    pub id: Id,
    /// Its name for screen readers.
    pub name: &'a str,
    /// The picture.
    pub image: &'a Arc<ColorImage>,
    /// Drawn weaker, because it is about to be replaced.
    pub dimmed: bool,
    /// Segments in picture pixels, drawn on top.
    pub outline: &'a [[Pos2; 2]],
    /// A point of the picture (`0.0..=1.0`) that is marked with a cross.
    pub mark: Option<Vec2>,
}

impl Canvas<'_> {
    /// Draws into `rect`. The view is changed by wheel, drag and double click.
    pub fn show(&self, ui: &mut Ui, rect: Rect, view: &mut View) -> Response {
        let size_px = size_of(self.image);
        let response = ui.interact(rect, self.id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, self.name));
        self.navigate(ui, rect, size_px, view, &response);

        let painter = ui.painter_at(rect);
        if let Some((shown, uv)) = view.visible(rect, size_px) {
            let per_pixel = view.scale(rect, size_px) * ui.pixels_per_point();
            let texture = texture(ui, self.id, self.image, per_pixel);
            let tint = Color32::from_white_alpha(if self.dimmed { 110 } else { 255 });
            painter.image(texture, shown, uv, tint);
        }
        let image = view.image_rect(rect, size_px);
        let on_screen = |point: Pos2| image.min + point.to_vec2() / size_px * image.size();
        for [from, to] in self.outline {
            let ends = [on_screen(*from), on_screen(*to)];
            painter.line_segment(ends, Stroke::new(2.5, Color32::from_black_alpha(110)));
        }
        for [from, to] in self.outline {
            let ends = [on_screen(*from), on_screen(*to)];
            painter.line_segment(ends, Stroke::new(1.2, Color32::from_rgb(70, 235, 215)));
        }
        if let Some(mark) = self.mark {
            cross(&painter, image.min + mark * image.size());
        }
        response
    }

    fn navigate(&self, ui: &Ui, rect: Rect, size_px: Vec2, view: &mut View, response: &Response) {
        if response.double_clicked() {
            *view = View::default();
        } else if response.dragged() {
            view.pan(rect, size_px, response.drag_delta());
        }
        if let Some(pos) = response.hover_pos() {
            let factor = ui.input(|input| {
                input.zoom_delta() * (input.smooth_scroll_delta().y * WHEEL_GAIN).exp()
            });
            if factor != 1.0 {
                view.zoom_about(rect, size_px, pos, factor);
            }
        }
    }
}

/// A picture's size, in pixels.
pub fn size_of(image: &ColorImage) -> Vec2 {
    vec2(image.width() as f32, image.height() as f32)
}

/// The texture of a picture that is drawn with so many screen pixels per picture pixel.
pub fn texture(ui: &Ui, id: Id, image: &Arc<ColorImage>, per_pixel: f32) -> egui::TextureId {
    let magnification = if per_pixel > 2.0 {
        TextureFilter::Nearest
    } else {
        TextureFilter::Linear
    };
    let options = TextureOptions {
        magnification,
        ..TextureOptions::LINEAR
    };
    let image = ImageData::Color(Arc::clone(image));
    ui.ctx()
        .load_texture_cached("picture", id, image, options)
        .id()
}

/// A picture as large as it fits into `rect`, without zoom.
pub fn thumbnail(ui: &mut Ui, rect: Rect, id: Id, name: &str, image: &Arc<ColorImage>) -> Response {
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    let size_px = size_of(image);
    if let Some((shown, uv)) = View::default().visible(rect, size_px) {
        let per_pixel = View::default().scale(rect, size_px) * ui.pixels_per_point();
        let texture = texture(ui, id, image, per_pixel);
        ui.painter().image(texture, shown, uv, Color32::WHITE);
    }
    response
}

/// The ground of a picture panel.
pub fn ground(ui: &Ui, rect: Rect) {
    ui.painter().rect_filled(rect, 4, palette(ui).picture);
}

fn cross(painter: &egui::Painter, at: Pos2) {
    for (width, color) in [
        (3.0, Color32::from_black_alpha(120)),
        (1.0, Color32::from_white_alpha(220)),
    ] {
        for direction in [
            vec2(1.0, 0.0),
            vec2(-1.0, 0.0),
            vec2(0.0, 1.0),
            vec2(0.0, -1.0),
        ] {
            painter.line_segment(
                [at + direction * 3.0, at + direction * 9.0],
                Stroke::new(width, color),
            );
        }
    }
}
