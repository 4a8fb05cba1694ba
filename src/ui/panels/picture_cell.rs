//! One picture panel: a layer, drawn with the view that panels share, and what lies over it.

use egui::{Align2, Color32, FontId, Id, Pos2, Rect, Response, Sense, Ui, Vec2, pos2, vec2};

use crate::ui::action::Action;
use crate::ui::canvas::{Canvas, size_of};
use crate::ui::icon::{self, Icon};
use crate::ui::layers::Layer;
use crate::ui::saving::Export;
use crate::ui::state::State;
use crate::ui::state::comparing::AbSide;
use crate::ui::state::painting::{MaskShape, Stroke, Tool};
use crate::ui::state::viewer::{Pixel, Place};
use crate::ui::theme::Palette;
use crate::ui::viewing::{Arrangement, PinChart, Sampling, Viewing};
use crate::ui::widgets::palette;
use kizumi_engine::message::{OpenedImage, Source};

use super::{Panel, line_profile, marks_view};

/// Colour of the ground truth's outline.
pub const TRUTH: Color32 = Color32::from_rgb(70, 235, 215);

/// Colour of the border around what the model sees of a photograph.
const CROP: Color32 = Color32::from_rgb(250, 205, 80);

/// Colour of the regions above the threshold.
const REGION: Color32 = Color32::from_rgb(255, 255, 255);
/// Colour of those that are too small to count.
const FILTERED: Color32 = Color32::from_rgb(190, 190, 190);

/// What all picture panels have in common in a frame.
pub struct Look {
    /// Size of the network's input, in pixels.
    pub picture_px: Vec2,
    /// The point below the pointer, in picture pixels, and the panel it was seen in.
    pub hover: Option<(Place, Layer, Pos2)>,
    /// Whether the original is shown everywhere, because the key for it is held.
    pub peek: bool,
}

impl Look {
    /// Looks where the pointer is. `cells` are all panels with their pictures' rectangles.
    pub fn new(ui: &Ui, panel: &mut Panel<'_>, cells: &[(Place, Layer, Rect)]) -> Option<Self> {
        let picture_px = size_of(&*panel.layers.image(Layer::Original)?);
        let peek = !ui.ctx().egui_wants_keyboard_input()
            && ui.input(|input| input.key_down(egui::Key::Space) && !input.modifiers.any());
        let pos = ui.ctx().pointer_hover_pos();
        let pos = pos.filter(|pos| ui.ctx().layer_id_at(*pos) == Some(ui.layer_id()));
        let hover = pos.and_then(|pos| {
            let (place, layer, rect) = cells.iter().find(|(_, _, rect)| rect.contains(pos))?;
            let point = canvas(panel, picture_px, *place, *rect).point_at(pos)?;
            Some((*place, *layer, point))
        });
        Some(Self {
            picture_px,
            hover,
            peek,
        })
    }

    /// The pixel below the pointer.
    pub fn pixel(&self) -> Option<Pixel> {
        self.hover.map(|(_, _, point)| Pixel {
            x: point.x as usize,
            y: point.y as usize,
        })
    }
}

/// The canvas of a panel: over the photograph where that is wanted and there.
pub fn canvas(panel: &Panel<'_>, picture_px: Vec2, place: Place, rect: Rect) -> Canvas {
    let viewing = panel.state.settings.viewing;
    let view = panel.state.viewer.view(place);
    let canvas = Canvas::new(rect, picture_px, view, viewing.sampling);
    let state = panel.state;
    let inspecting = &state.inspecting;
    let side = inspecting.ab_side();
    let placement = match photograph(state) {
        Some(source) if state.rival_of(side).is_none() => Some(source.placement),
        // Two models may see two parts of it: each is shown where it lies.
        None if !inspecting.a_is_of_rival() => None,
        _ => inspecting.opened_of(side).map(|opened| opened.placement),
    };
    match placement.filter(|_| place == Place::Large) {
        Some(placement) => canvas.over_photograph(placement),
        None => canvas,
    }
}

/// The photograph, where it is wanted, there, and shows what is projected: paint is not on it.
fn photograph(state: &State) -> Option<&Source> {
    let paints =
        matches!(state.painter.tool, Tool::Paint | Tool::Fill) || state.painter.is_painted();
    let wanted = state.shows_photograph() && !paints;
    state.inspecting.source().filter(|_| wanted)
}

/// A layer of one of the runs, in a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Content {
    /// The panel.
    pub place: Place,
    /// The layer.
    pub layer: Layer,
    /// Whether it is that of run A, while both are shown.
    pub of_a: bool,
}

/// The image as another model sees it, where what is drawn is that one's.
fn seen_by_rival(state: &State, content: Content) -> Option<&OpenedImage> {
    state.rival_of(AbSide::A).filter(|_| content.of_a)?;
    state.inspecting.opened_of(AbSide::A)
}

fn canvas_of(canvas: &Canvas, seen: Option<&OpenedImage>) -> Canvas {
    seen.map_or(*canvas, |seen| {
        let size = vec2(seen.picture.width as f32, seen.picture.height as f32);
        canvas.seen_otherwise(seen.placement, size)
    })
}

/// Draws a layer where `canvas` has it, inside `clip`. Says whether there is such a picture yet.
pub fn paint(
    ui: &Ui,
    panel: &mut Panel<'_>,
    canvas: &Canvas,
    clip: Rect,
    content: Content,
    alpha: u8,
) -> bool {
    let Content { place, layer, of_a } = content;
    let of_rival = seen_by_rival(panel.state, content);
    let canvas = &canvas_of(canvas, of_rival);
    let dimmed = panel.state.inspecting.is_stale() && !shows_file(layer);
    let alpha = if dimmed { alpha / 2 } else { alpha };
    let id = |part: &str| Id::unique(("picture", content, part.to_owned()));
    let layers = match of_a {
        true => &mut *panel.other_layers,
        false => &mut *panel.layers,
    };
    if place == Place::Large
        && layer.shows_photograph()
        && let Some(source) = photograph(panel.state)
    {
        let photograph = panel.pictures.photograph(source, ui);
        canvas.draw_photograph(ui, clip, id("photograph"), &photograph, alpha);
        let placement = of_rival.map_or(source.placement, |opened| opened.placement);
        if placement.is_cropped() {
            let edges = placement.edges();
            canvas.clipped(clip).outline(ui, &edges, CROP, true);
        }
        let above = match layer {
            Layer::Original => return true,
            Layer::Overlay => layers.glow(),
            _ => layers.truth_glow(),
        };
        if let Some(above) = &above {
            // Of coarser pixels than the photograph below: squares would look like its own.
            let smooth = canvas.sampled(Sampling::Linear);
            smooth.draw(ui, clip, id("above"), above, alpha);
        }
        return above.is_some();
    }
    match layers.image(layer) {
        Some(image) => {
            canvas.draw(ui, clip, id(""), &image, alpha);
            true
        }
        None => {
            // The image itself rather than a black hole. An overlay of nothing is just that; in
            // place of other layers it is dimmed, and words say what is missing.
            let is_overlay = layer == Layer::Overlay;
            let alpha = if is_overlay { alpha } else { alpha / 4 };
            let image = layers.image(Layer::Original);
            if let Some(image) = &image {
                canvas.draw(ui, clip, id(""), image, alpha);
            }
            is_overlay && image.is_some()
        }
    }
}

/// Whether a layer shows what is in files, which no computation changes.
fn shows_file(layer: Layer) -> bool {
    matches!(layer, Layer::Original | Layer::Truth)
}

/// Outlines the regions above the threshold, inside `clip`.
pub fn paint_regions(ui: &Ui, panel: &Panel<'_>, canvas: &Canvas, clip: Rect, content: Content) {
    if !content.layer.has_regions() || !panel.state.settings.display.show_regions {
        return;
    }
    let of_rival = seen_by_rival(panel.state, content);
    let canvas = canvas_of(canvas, of_rival).clipped(clip);
    let layers = match content.of_a {
        true => &*panel.other_layers,
        false => &*panel.layers,
    };
    for region in layers.regions() {
        let color = if region.filtered { FILTERED } else { REGION };
        canvas.outline(ui, &region.outline, color, region.filtered);
    }
}

/// Outline, pins and crosshair over a picture.
pub fn paint_marks(
    ui: &Ui,
    panel: &mut Panel<'_>,
    look: &Look,
    canvas: &Canvas,
    (place, layer): (Place, Layer),
) {
    let is_large =
        panel.state.settings.viewing.arrangement == Arrangement::Grid || place == Place::Large;
    if is_large && panel.state.painter.tool == Tool::Truth {
        marks_view::paint(ui, panel, place, canvas);
    } else if layer.is_outlined() && panel.state.settings.display.show_mask {
        canvas.outline(ui, panel.layers.outline(), TRUTH, false);
    }
    if let Some(image) = panel.layers.ignored() {
        canvas.draw(ui, canvas.rect(), Id::unique("ignored"), image, 255);
    }
    if panel.state.settings.viewing.pin_chart == PinChart::Profile
        && let Some((from, to)) = line_profile::ends(panel.state.viewer.pins())
    {
        let [from, to] = [from, to].map(|end| pos2(end.x as f32, end.y as f32));
        canvas.line(ui, from, to);
    }
    for pin in panel.state.viewer.pins() {
        let pixel = pos2(pin.pixel.x as f32, pin.pixel.y as f32);
        canvas.ring(ui, pixel, Palette::pin(pin.color));
    }
    if let Some((_, _, point)) = look.hover {
        canvas.crosshair(ui, point);
    }
}

/// Says why there is nothing to see.
pub fn paint_absence(ui: &Ui, panel: &Panel<'_>, rect: Rect, layer: Layer) {
    let text = panel.text.viewer;
    let state = panel.state;
    let sentence = match layer {
        _ if state.inspecting.opened.is_none() => "",
        Layer::Truth => text.no_truth,
        _ if state.waits_for_training() => text.after_training,
        _ if state.model.is_some() => text.computing,
        _ => text.after_a_model,
    };
    let color = palette(ui).weak;
    let is_small = rect.width() < 110.0;
    let font = FontId::proportional(if is_small { 11.0 } else { 13.0 });
    let painter = ui.painter_at(rect);
    let mut room = rect;
    if is_small {
        // In so little room the name would lie on it.
        room.min.y += TOP_CORNERS_PT;
        if room.height() < font.size {
            return;
        }
    }
    painter.text(room.center(), Align2::CENTER_CENTER, sentence, font, color);
}

/// What can be done with a picture: on a right click.
fn menu(panel: &mut Panel<'_>, layer: Layer, response: &Response) {
    let text = panel.text.saving;
    let actions = &mut *panel.actions;
    response.context_menu(|ui| {
        if ui.button(text.copy_picture).clicked() {
            actions.push(Action::CopyPicture(layer));
            ui.close();
        }
        for export in [
            Export::Picture(layer),
            Export::Values(layer),
            Export::Values16(layer),
        ] {
            let no_values = matches!(layer, Layer::Overlay | Layer::Truth);
            if no_values && !matches!(export, Export::Picture(_)) {
                continue;
            }
            if ui.button(text.export(export)).clicked() {
                actions.push(Action::Export(export));
                ui.close();
            }
        }
    });
}

/// A click pins the pixel below it, or draws; a right click opens the layer's menu.
pub fn on_pointer(
    ui: &Ui,
    panel: &mut Panel<'_>,
    canvas: &Canvas,
    layer: Layer,
    response: &Response,
) {
    menu(panel, layer, response);
    let brushes = panel.state.settings.brushes;
    match (panel.state.painter.tool, brushes.shape) {
        (Tool::Look, _) => {}
        (Tool::Truth, MaskShape::Polygon) => return marks_view::on_corner(panel, canvas, response),
        (Tool::Truth, MaskShape::Region) => return marks_view::on_region(panel, canvas, response),
        _ => return draw(ui, panel, canvas, response),
    }
    if response.clicked()
        && let Some(point) = response
            .interact_pointer_pos()
            .and_then(|pos| canvas.point_at(pos))
    {
        panel.actions.push(Action::TogglePin(Pixel {
            x: point.x as usize,
            y: point.y as usize,
        }));
    }
}

/// Draws with the tool that is chosen, while the button is down.
fn draw(ui: &Ui, panel: &mut Panel<'_>, canvas: &Canvas, response: &Response) {
    let pos = response.interact_pointer_pos().or(response.hover_pos());
    let Some(pos) = pos else { return };
    if response.contains_pointer() {
        canvas.brush(ui, pos, marks_view::brush_radius_px(panel.state));
    }
    let down = ui.input(|input| input.pointer.primary_down());
    let drawing = panel.state.is_drawing();
    let point = canvas.point_near(pos);
    let place = (point.x, point.y);
    let stroke = match (response.is_pointer_button_down_on() && down, drawing) {
        (true, false) => Stroke::Begin(place),
        (true, true) => Stroke::To(place),
        (false, _) => return,
    };
    panel.actions.push(Action::Draw(stroke));
}

/// Ends the stroke when the button is released, wherever that is.
pub fn end_stroke(ui: &Ui, panel: &mut Panel<'_>) {
    if panel.state.is_drawing() && !ui.input(|input| input.pointer.primary_down()) {
        panel.actions.push(Action::Draw(Stroke::End));
    }
}

/// Draws a small panel: the picture, its name on it, and the padlock. A click on the name makes it
/// the large one.
pub fn small(ui: &mut Ui, panel: &mut Panel<'_>, look: &Look, layer: Layer, rect: Rect) {
    let place = Place::Small(layer);
    let palette = palette(ui);
    ui.painter().rect_filled(rect, 4, palette.picture);
    let shown = if look.peek { Layer::Original } else { layer };
    let mut canvas = canvas(panel, look.picture_px, place, rect);
    let (title, _) = panel.text.viewer.layer(layer);
    let draws = panel.state.painter.tool != Tool::Look;
    let response = canvas.navigate(ui, Id::unique(("layer", layer)), title, draws);
    let content = Content {
        place,
        layer: shown,
        of_a: false,
    };
    if paint(ui, panel, &canvas, rect, content, 255) {
        paint_regions(ui, panel, &canvas, rect, content);
        paint_marks(ui, panel, look, &canvas, (place, shown));
        on_pointer(ui, panel, &canvas, shown, &response);
    } else {
        paint_absence(ui, panel, rect, layer);
    }
    keep_view(panel, place, &canvas);
    let viewing = panel.state.settings.viewing;
    let large = viewing.arrangement == Arrangement::Large && viewing.layer == layer;
    if large {
        let line = egui::Stroke::new(2.0, palette.accent);
        ui.painter()
            .rect_stroke(rect, 4, line, egui::StrokeKind::Inside);
    }
    name_tag(ui, panel, layer, rect, large);
    padlock(
        ui,
        panel,
        place,
        rect,
        rect.contains(
            ui.input(|input| input.pointer.hover_pos())
                .unwrap_or_default(),
        ),
    );
}

/// Hands on what navigation did to the view.
pub fn keep_view(panel: &mut Panel<'_>, place: Place, canvas: &Canvas) {
    let view = canvas.shared_view();
    if !view.is_like(&panel.state.viewer.view(place)) {
        panel.actions.push(Action::SetView(place, view));
    }
}

/// The digit and the name at a picture's upper left corner.
fn name_tag(ui: &mut Ui, panel: &mut Panel<'_>, layer: Layer, rect: Rect, large: bool) {
    let (title, symbols) = panel.text.viewer.layer(layer);
    let painter = ui.painter_at(rect);
    let font = FontId::proportional(11.5);
    let digit = layer.key().to_string();
    let digit = painter.layout_no_wrap(digit, font.clone(), Color32::from_gray(215));
    let room = rect.width() - digit.size().x - 22.0;
    let white = Color32::from_gray(240);
    let mut name = painter.layout_no_wrap(title.to_owned(), font.clone(), white);
    if name.size().x > room - 16.0 {
        name = painter.layout_job(crate::ui::widgets::formula(symbols, 11.5, white));
    }
    let size = vec2(digit.size().x + name.size().x + 14.0, 17.0);
    let tag = Rect::from_min_size(rect.min + vec2(2.0, 2.0), size);
    let response = ui.interact(tag, Id::unique(("name-tag", layer)), Sense::click());
    let words = panel.text.viewer.large_view;
    let label = words(title);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, large, &label));
    let ground = if response.hovered() || response.has_focus() {
        225
    } else {
        185
    };
    painter.rect_filled(tag, 3, Color32::from_black_alpha(ground));
    let y = |height: f32| tag.center().y - height * 0.5;
    let x = tag.left() + 4.0;
    painter.galley(pos2(x, y(digit.size().y)), digit.clone(), white);
    painter.galley(
        pos2(x + digit.size().x + 5.0, y(name.size().y)),
        name,
        white,
    );
    if response.clicked() {
        let viewing = Viewing {
            layer,
            arrangement: Arrangement::Large,
            ..panel.state.settings.viewing
        };
        panel.actions.push(Action::SetViewing(viewing));
    }
    let help = panel.text.explain.layer(layer);
    response.on_hover_text(format!("{label} ({})\n{help}", layer.key()));
}

/// How far down the name and the padlock reach in the upper corners of a picture, in points.
pub const TOP_CORNERS_PT: f32 = 22.0;

/// The padlock at a picture's upper right corner: shown while the panel is unlinked or pointed at.
pub fn padlock(ui: &mut Ui, panel: &mut Panel<'_>, place: Place, rect: Rect, pointed_at: bool) {
    let linked = panel.state.viewer.is_linked(place);
    let corner = pos2(rect.right() - 19.0, rect.top() + 2.0);
    let lock = Rect::from_min_size(corner, vec2(17.0, 17.0));
    let response = ui.interact(lock, Id::unique(("padlock", place)), Sense::click());
    let text = panel.text.viewer;
    let panel_name = match place {
        Place::Large => (text.large_view)(text.layer(panel.state.settings.viewing.layer).0),
        Place::Small(layer) => text.layer(layer).0.to_owned(),
    };
    let words = if linked { text.unlink } else { text.link };
    let name = words(&panel_name);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, !linked, &name));
    if !linked || pointed_at || response.has_focus() {
        let painter = ui.painter_at(rect);
        painter.rect_filled(lock, 3, Color32::from_black_alpha(150));
        let (icon, color) = match linked {
            true => (Icon::Linked, Color32::from_gray(210)),
            false => (Icon::Unlinked, palette(ui).warning),
        };
        icon::paint(&painter, lock.shrink(2.0), icon, color);
    }
    if response.clicked() {
        panel.actions.push(Action::ToggleLink(place));
    }
    response.on_hover_text(name);
}
