//! Draws pictures into panels: textures, zoom and pan, and what is drawn over them.

use std::sync::Arc;

use egui::cache::FramePublisher;
use egui::epaint::Vertex;
use egui::{
    Color32, ColorImage, Id, Mesh, Painter, PointerButton, Pos2, Rect, Response, Role, Sense,
    Shape, Stroke, TextureFilter, TextureHandle, TextureId, TextureOptions, Ui, Vec2, WidgetInfo,
    vec2,
};

use kizumi_image::outline::Segment;
use kizumi_image::placement::Placement;

use super::view::View;
use super::viewing::Sampling;
use super::widgets::palette;

/// How a wheel step magnifies, per point of scrolling.
const WHEEL_GAIN: f32 = 0.004;
/// Screen pixels a picture pixel from which on its square is drawn, when that is wanted.
const SQUARES_FROM: f32 = 1.5;

/// One picture's place: the panel, and the part of the picture that is looked at.
///
/// "Picture pixels" are those of the network's input, also where the photograph that it was made
/// from is shown: every panel means the same place by the same point.
#[derive(Clone, Copy, Debug)]
pub struct Canvas {
    rect: Rect,
    /// Size of the network's input, in pixels.
    picture_px: Vec2,
    /// Where that lies in the photograph, when it is the photograph that is shown.
    placement: Option<Placement>,
    /// Zoom and pan as panels share them.
    shared: View,
    /// The same over what is shown, some of which is in sight.
    begun: View,
    /// That, with what a person did since.
    view: View,
    sampling: Sampling,
    /// Where outlines are drawn.
    clip: Rect,
}

impl Canvas {
    /// The canvas of a panel for a picture of `picture_px`, with the view that panels share.
    pub fn new(rect: Rect, picture_px: Vec2, view: View, sampling: Sampling) -> Self {
        let begun = view.kept_in_sight();
        Self {
            rect,
            picture_px,
            placement: None,
            shared: view,
            begun,
            view: begun,
            sampling,
            clip: rect,
        }
    }

    /// The same for the photograph that the picture was made from.
    pub fn over_photograph(self, placement: Placement) -> Self {
        let mut canvas = Self {
            placement: Some(placement),
            ..self
        };
        let center = self.shared.center() * self.picture_px;
        let center = canvas.shown_point(center.to_pos2()) / canvas.shown_px();
        canvas.begun = self.shared.recentred(center).kept_in_sight();
        canvas.view = canvas.begun;
        canvas
    }

    /// The same photograph in the same view, of which another model sees something else or in other pixels.
    pub fn seen_otherwise(self, placement: Placement, picture_px: Vec2) -> Self {
        let placement = self.placement.map(|_| placement);
        Self {
            placement,
            picture_px,
            ..self
        }
    }

    /// The same with outlines only inside `clip`.
    pub fn clipped(self, clip: Rect) -> Self {
        Self { clip, ..self }
    }

    /// The same with pixels enlarged otherwise.
    pub fn sampled(self, sampling: Sampling) -> Self {
        Self { sampling, ..self }
    }

    /// The panel.
    pub fn rect(&self) -> Rect {
        self.rect
    }

    /// Zoom and pan as panels share them. What is out of sight here may be looked at elsewhere: only what a person did
    /// changes it.
    pub fn shared_view(&self) -> View {
        if self.view == self.begun {
            return self.shared;
        }
        match self.placement {
            Some(_) => {
                let center = self.view.center() * self.shown_px();
                self.view
                    .recentred(self.picture_point(center) / self.picture_px)
            }
            None => self.view,
        }
    }

    /// Size of what is shown, in its own pixels.
    fn shown_px(&self) -> Vec2 {
        self.placement.map_or(self.picture_px, |placement| {
            vec2(placement.source_px.0 as f32, placement.source_px.1 as f32)
        })
    }

    /// A point of the picture in pixels of what is shown.
    fn shown_point(&self, point: Pos2) -> Vec2 {
        self.placement.map_or(point.to_vec2(), |placement| {
            let (x, y) = placement.source_from_canvas(f64::from(point.x), f64::from(point.y));
            vec2(x as f32, y as f32)
        })
    }

    /// The reverse of [`Canvas::shown_point`].
    fn picture_point(&self, point: Vec2) -> Vec2 {
        self.placement.map_or(point, |placement| {
            let (x, y) = placement.canvas_from_source(f64::from(point.x), f64::from(point.y));
            vec2(x as f32, y as f32)
        })
    }

    /// Screen pixels per pixel of what is shown.
    pub fn magnification(&self, pixels_per_point: f32) -> f32 {
        self.view.scale(self.rect, self.shown_px()) * pixels_per_point
    }

    /// Shows one pixel of what is shown as one screen pixel.
    pub fn one_to_one(&mut self, pixels_per_point: f32) {
        self.view
            .one_to_one(self.rect, self.shown_px(), pixels_per_point);
    }

    /// Takes in wheel, drag and double click. `name` is for screen readers. While the pointer
    /// `draws`, only the middle button drags and nothing is reset by clicks.
    pub fn navigate(&mut self, ui: &Ui, id: Id, name: &str, draws: bool) -> Response {
        let response = ui.interact(self.rect, id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
        let drags = match draws {
            true => response.dragged_by(PointerButton::Middle),
            false => response.dragged(),
        };
        if response.double_clicked() && !draws {
            self.view = View::default();
        } else if drags {
            self.view
                .pan(self.rect, self.shown_px(), response.drag_delta());
        }
        if let Some(pos) = response.hover_pos() {
            let factor = ui.input(|input| {
                input.zoom_delta() * (input.smooth_scroll_delta().y * WHEEL_GAIN).exp()
            });
            if factor == 1.0 {
                self.view.release();
            } else {
                let per_point = ui.pixels_per_point();
                self.view
                    .zoom_about(self.rect, self.shown_px(), pos, factor, per_point);
            }
        }
        response
    }

    /// Draws a picture of the network's input, of any resolution, but only inside `clip`. `id`
    /// tells its texture from others; `alpha` is 255 for opaque.
    pub fn draw(&self, ui: &Ui, clip: Rect, id: Id, image: &Arc<ColorImage>, alpha: u8) {
        let corner = (self.picture_px).to_pos2();
        if self
            .placement
            .is_some_and(|placement| placement.pose.is_some())
        {
            return self.draw_turned(ui, clip, id, image, alpha);
        }
        let place = Rect::from_min_max(self.on_screen(Pos2::ZERO), self.on_screen(corner));
        self.draw_at(ui, clip, id, image, place, alpha);
    }

    /// The same over a photograph in which it lies at an angle.
    fn draw_turned(&self, ui: &Ui, clip: Rect, id: Id, image: &Arc<ColorImage>, alpha: u8) {
        let Vec2 { x, y } = self.picture_px;
        let whole = self.view.image_rect(self.rect, self.shown_px());
        let shown = self.rect.intersect(clip).intersect(whole);
        let [left, top] = [Pos2::ZERO, Pos2::new(x, 0.0)].map(|corner| self.on_screen(corner));
        let per_pixel = left.distance(top) / size_of(image).x * ui.pixels_per_point();
        let texture = texture(ui, id, image, per_pixel, self.sampling);
        let mut mesh = Mesh::with_texture(texture);
        for share in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)] {
            mesh.vertices.push(Vertex {
                pos: self.on_screen(Pos2::new(share.0 * x, share.1 * y)),
                uv: share.into(),
                color: Color32::from_white_alpha(alpha),
            });
        }
        mesh.add_triangle(0, 1, 2);
        mesh.add_triangle(0, 2, 3);
        ui.painter_at(shown).add(Shape::mesh(mesh));
    }

    /// Draws the photograph itself.
    pub fn draw_photograph(&self, ui: &Ui, clip: Rect, id: Id, image: &Arc<ColorImage>, alpha: u8) {
        let place = self.view.image_rect(self.rect, self.shown_px());
        self.draw_at(ui, clip, id, image, place, alpha);
    }

    fn draw_at(
        &self,
        ui: &Ui,
        clip: Rect,
        id: Id,
        image: &Arc<ColorImage>,
        place: Rect,
        alpha: u8,
    ) {
        let whole = self.view.image_rect(self.rect, self.shown_px());
        let shown = place.intersect(self.rect).intersect(clip).intersect(whole);
        if !shown.is_positive() || !place.is_positive() {
            return;
        }
        let uv = |pos: Pos2| ((pos - place.min) / place.size()).to_pos2();
        let uv = Rect::from_min_max(uv(shown.min), uv(shown.max));
        let per_pixel = place.width() / size_of(image).x * ui.pixels_per_point();
        let texture = texture(ui, id, image, per_pixel, self.sampling);
        let painter = ui.painter_at(self.rect);
        painter.image(texture, shown, uv, Color32::from_white_alpha(alpha));
    }

    /// The screen position of a point in picture pixels.
    pub fn on_screen(&self, point: Pos2) -> Pos2 {
        let whole = self.view.image_rect(self.rect, self.shown_px());
        whole.min + self.shown_point(point) / self.shown_px() * whole.size()
    }

    /// The point in picture pixels below a screen position, if it is inside the picture.
    pub fn point_at(&self, pos: Pos2) -> Option<Pos2> {
        let shown = self.view.point_at(self.rect, self.shown_px(), pos) * self.shown_px();
        let point = self.picture_point(shown);
        let inside = (0.0..self.picture_px.x).contains(&point.x)
            && (0.0..self.picture_px.y).contains(&point.y);
        (inside && self.rect.contains(pos)).then(|| point.to_pos2())
    }

    /// Segments in picture pixels, readable on any ground; dashed ones for what does not count.
    pub fn outline(&self, ui: &Ui, segments: &[Segment], color: Color32, dashed: bool) {
        let painter = ui.painter_at(self.rect.intersect(self.clip));
        for (width, color) in [(2.5, Color32::from_black_alpha(110)), (1.2, color)] {
            let stroke = Stroke::new(width, color);
            for segment in segments {
                let ends = segment.map(|(x, y)| self.on_screen(Pos2::new(x, y)));
                match dashed {
                    true => {
                        painter.extend(Shape::dashed_line(&ends, stroke, 3.0, 3.0));
                    }
                    false => {
                        painter.line_segment(ends, stroke);
                    }
                }
            }
        }
    }

    /// Lines through a point in picture pixels, from edge to edge but for a gap around the point.
    pub fn crosshair(&self, ui: &Ui, point: Pos2) {
        const GAP: f32 = 7.0;
        let painter = ui.painter_at(self.rect);
        let at = self.on_screen(point);
        let Rect { min, max } = self.rect;
        let lines = [
            [Pos2::new(min.x, at.y), at - vec2(GAP, 0.0)],
            [at + vec2(GAP, 0.0), Pos2::new(max.x, at.y)],
            [Pos2::new(at.x, min.y), at - vec2(0.0, GAP)],
            [at + vec2(0.0, GAP), Pos2::new(at.x, max.y)],
        ];
        both(&painter, |painter, width, color| {
            for line in lines {
                let forward = (line[1] - line[0]).dot(vec2(1.0, 1.0)) > 0.0;
                if forward {
                    painter.line_segment(line, Stroke::new(width, color));
                }
            }
        });
    }

    /// The same, also outside the picture.
    pub fn point_near(&self, pos: Pos2) -> Pos2 {
        let shown = self.view.point_at(self.rect, self.shown_px(), pos) * self.shown_px();
        self.picture_point(shown).to_pos2()
    }

    /// Draws an image that was made for the whole panel.
    pub fn draw_over(&self, ui: &Ui, id: Id, image: &Arc<ColorImage>) {
        let per_pixel = self.rect.width() / size_of(image).x * ui.pixels_per_point();
        let texture = texture(ui, id, image, per_pixel, Sampling::Linear);
        let whole = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
        ui.painter_at(self.rect)
            .image(texture, self.rect, whole, Color32::WHITE);
    }

    /// A circle of so many picture pixels around a screen position.
    pub fn brush(&self, ui: &Ui, pos: Pos2, radius_px: f32) {
        let point = self.point_near(pos);
        let edge = self.on_screen(point + vec2(radius_px, 0.0));
        let radius = pos.distance(edge).max(1.5);
        let painter = ui.painter_at(self.rect);
        painter.circle_stroke(
            pos,
            radius,
            Stroke::new(2.5, Color32::from_black_alpha(150)),
        );
        painter.circle_stroke(pos, radius, Stroke::new(1.0, Color32::WHITE));
    }

    /// A line between the middles of two picture pixels.
    pub fn line(&self, ui: &Ui, from: Pos2, to: Pos2) {
        let painter = ui.painter_at(self.rect);
        let ends = [from, to].map(|end| self.on_screen(end + vec2(0.5, 0.5)));
        both(&painter, |painter, width, color| {
            painter.line_segment(ends, Stroke::new(width, color));
        });
    }

    /// A ring around the middle of a picture pixel.
    pub fn ring(&self, ui: &Ui, pixel: Pos2, color: Color32) {
        let painter = ui.painter_at(self.rect);
        let at = self.on_screen(pixel + vec2(0.5, 0.5));
        let pixel_pt = at.distance(self.on_screen(pixel + vec2(0.0, 0.5))) * 2.0;
        let radius = (pixel_pt * 0.75).max(4.5);
        painter.circle_stroke(at, radius, Stroke::new(3.5, Color32::from_black_alpha(150)));
        painter.circle_stroke(at, radius, Stroke::new(2.0, color));
    }
}

/// Draws twice, so that thin lines are seen on light and on dark.
fn both(painter: &Painter, draw: impl Fn(&Painter, f32, Color32)) {
    draw(painter, 2.4, Color32::from_black_alpha(90));
    draw(painter, 0.9, Color32::from_white_alpha(170));
}

/// A picture's size, in pixels.
pub fn size_of(image: &ColorImage) -> Vec2 {
    vec2(image.width() as f32, image.height() as f32)
}

/// Textures on the GPU, each for as long as it is drawn.
type Textures = FramePublisher<Id, (Arc<ColorImage>, TextureOptions, TextureHandle)>;

/// The texture of a picture that is drawn with so many screen pixels per picture pixel. It is
/// uploaded anew only for another picture: pictures are told apart by their allocation.
pub fn texture(
    ui: &Ui,
    id: Id,
    image: &Arc<ColorImage>,
    per_pixel: f32,
    sampling: Sampling,
) -> TextureId {
    let squares = sampling == Sampling::Nearest && per_pixel > SQUARES_FROM;
    let options = TextureOptions {
        magnification: match squares {
            true => TextureFilter::Nearest,
            false => TextureFilter::Linear,
        },
        ..TextureOptions::LINEAR
    };
    let ctx = ui.ctx();
    let known = ctx.memory_mut(|memory| memory.caches.cache::<Textures>().get(&id).cloned());
    let handle = match known {
        Some((drawn, used, handle)) if Arc::ptr_eq(&drawn, image) && used == options => handle,
        Some((_, _, mut handle)) => {
            handle.set(Arc::clone(image), options);
            handle
        }
        None => ctx.load_texture("picture", Arc::clone(image), options),
    };
    let texture = handle.id();
    let entry = (Arc::clone(image), options, handle);
    ctx.memory_mut(|memory| memory.caches.cache::<Textures>().set(id, entry));
    texture
}

/// A picture as large as it fits into `rect`, without zoom.
pub fn thumbnail(ui: &mut Ui, rect: Rect, id: Id, name: &str, image: &Arc<ColorImage>) -> Response {
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    let canvas = Canvas::new(rect, size_of(image), View::default(), Sampling::Nearest);
    canvas.draw(ui, rect, id, image, 255);
    response
}

/// The ground of a picture panel.
pub fn ground(ui: &Ui, rect: Rect) {
    ui.painter().rect_filled(rect, 4, palette(ui).picture);
}
