//! The contact sheet: the same image with many step sizes and weights, in one grid and one scale.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use egui::{
    Align, Align2, Button, ColorImage, DragValue, FontId, Id, Label, Layout, Rect, RichText, Role,
    Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use crate::ui::action::{Action, Cell};
use crate::ui::canvas::{self, Canvas};
use crate::ui::icon::{self, Icon};
use crate::ui::layers::{color_image, normals_high};
use crate::ui::settings::MapRange;
use crate::ui::state::marks::RISE_FACTOR;
use crate::ui::state::sheet::{CellPicture, SIDE_MAX, SheetForm, Span};
use crate::ui::theme::GAP;
use crate::ui::view::View;
use crate::ui::widgets::{heading, palette, weak};
use kizumi_engine::message::{Sheet, SheetCell};
use kizumi_image::colormap::diverging;
use kizumi_image::picture::Picture;
use kizumi_method::config::Regulariser;
use kizumi_method::iterate::StopRule;

use super::numbers::short;
use super::{Panel, call};

const ROW_LABEL_WIDTH: f32 = 78.0;
const COLUMN_LABEL_HEIGHT: f32 = 20.0;
const CAPTION_HEIGHT: f32 = 18.0;
/// Of the sign that a cell became normal enough.
const CHECK_WIDTH: f32 = 14.0;

/// Draws it over the centre, while it is open.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let Some(form) = panel.state.sheet.form().copied() else {
        return;
    };
    // The key lets pins go when the sheet is closed; it is not on the list of keys twice.
    if panel.is_left(ui) {
        panel.actions.push(Action::CloseSheet);
    }
    let mut new = form;
    head(ui, panel, &mut new);
    spans(ui, panel, &mut new);
    if new != form {
        panel.actions.push(Action::SetSheetForm(new));
    }
    ui.add_space(GAP);
    let area = ui.available_rect_before_wrap();
    grid(ui, panel, &form, area);
}

fn head(ui: &mut Ui, panel: &mut Panel<'_>, form: &mut SheetForm) {
    let text = panel.text.runs;
    let labels = panel.text.inspect;
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            call::icon(ui, panel, Icon::Close, text.close_sheet, Action::CloseSheet);
            for (picture, name) in [
                (CellPicture::Iterate, text.iterates),
                (CellPicture::Deviation, text.deviations),
                (CellPicture::Heatmap, text.heatmaps),
            ] {
                let choice = ui.selectable_value(&mut form.picture, picture, name);
                if picture == CellPicture::Deviation {
                    choice.on_hover_text(text.deviations_help);
                }
            }
            ui.separator();
            for (regulariser, name) in [
                (Regulariser::L2, labels.regulariser_l2),
                (Regulariser::L1, labels.regulariser_l1),
            ] {
                let button = Button::selectable(form.regulariser == regulariser, name);
                if ui.add(button).on_hover_text(text.page_help).clicked() {
                    form.regulariser = regulariser;
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                heading(ui, text.sheet_heading);
                quiet(ui, text.sheet_help);
            });
        });
    });
}

/// Which values the grid has.
fn spans(ui: &mut Ui, panel: &Panel<'_>, form: &mut SheetForm) {
    let text = panel.text.runs;
    ui.horizontal(|ui| {
        span(ui, panel, text.columns, &mut form.alphas);
        ui.add_space(GAP);
        span(ui, panel, text.rows, &mut form.lambdas);
        ui.add_space(GAP);
        let recentre = ui.button(text.recentre).on_hover_text(text.recentre_help);
        if recentre.clicked() {
            *form = SheetForm {
                picture: form.picture,
                ..SheetForm::around(&panel.state.settings.projection)
            };
        }
        let state = panel.state;
        let iterations = state.settings.projection.iterations;
        let t = state.sheet.shown().map_or(0, |sheet| sheet.t);
        let mut words = (panel.text.inspect.iteration)(t, iterations);
        if let Some(sheet) = state.sheet.shown() {
            if form.picture == CellPicture::Heatmap {
                words = format!("{words}    {}", (text.scale)(&short(high(panel, sheet))));
            }
            if form.picture != CellPicture::Iterate
                && let Some(common) = common(ui, panel, sheet)
            {
                words = format!("{words}    {}", (text.differ_by)(&short(common.most)));
            }
        }
        ui.add_space(GAP);
        quiet(ui, &words);
    });
}

/// Text of lesser weight in what room there is.
fn quiet(ui: &mut Ui, text: &str) {
    let color = palette(ui).weak;
    let words = RichText::new(text).small().color(color);
    ui.add(Label::new(words).truncate());
}

fn span(ui: &mut Ui, panel: &Panel<'_>, name: &str, span: &mut Span) {
    let text = panel.text.runs;
    ui.label(RichText::new(name).color(palette(ui).strong));
    let count = DragValue::new(&mut span.count)
        .range(1..=SIDE_MAX)
        .speed(0.05);
    let count = ui.add(count.suffix("×"));
    let named = (text.span_count)(name);
    count.accessible_name(&named).on_hover_text(named);
    for (value, named) in [
        (&mut span.low, (text.span_low)(name)),
        (&mut span.high, (text.span_high)(name)),
    ] {
        let speed = f64::from(*value) * 0.02;
        let drag = DragValue::new(value)
            .range(1e-6..=1e6)
            .clamp_existing_to_range(false)
            .max_decimals(5)
            .speed(speed);
        ui.add(drag).accessible_name(&named).on_hover_text(named);
    }
}

/// The scale that all cells share.
struct Scale {
    /// The value of the highest colour of a heatmap.
    high: f32,
    common: Option<Common>,
}

/// What the maps of all cells have in common, and by how much one of them is off it at most.
#[derive(Clone)]
struct Common {
    generation: u64,
    mean: Arc<Picture>,
    most: f32,
}

impl Scale {
    /// By how much a map is off the mean of all.
    fn deviation(&self, map: &Picture) -> ColorImage {
        let size = [map.width, map.height];
        let common = self.common.as_ref();
        let off = common.filter(|common| common.mean.pixels.len() == map.pixels.len());
        let off = off.map(|common| {
            let at = |y, x| map.at(0, y, x) - common.mean.at(0, y, x);
            let off = Picture::from_fn(1, map.height, map.width, |_, y, x| at(y, x));
            diverging::apply(&off, common.most.max(1e-6))
        });
        match off {
            Some(bytes) => ColorImage::from_rgb(size, &bytes),
            None => ColorImage::filled(size, egui::Color32::BLACK),
        }
    }
}

/// What the maps of a grid have in common, found once for each state of it.
fn common(ui: &Ui, panel: &Panel<'_>, sheet: &Sheet) -> Option<Common> {
    let id = Id::unique("sheet-common");
    let generation = panel.state.sheet.generation();
    let known = ui.data(|data| data.get_temp::<Common>(id));
    if let Some(known) = known.filter(|known| known.generation == generation) {
        return Some(known);
    }
    let maps: Vec<&Picture> = sheet.cells.iter().map(|cell| &cell.map).collect();
    let mut mean = (*maps.first()?).clone();
    let fits = |map: &&Picture| map.pixels.len() == mean.pixels.len();
    if !maps.iter().all(fits) {
        return None;
    }
    let all = |index: usize| maps.iter().map(move |map| map.pixels[index]);
    let mut most = 0.0f32;
    for index in 0..mean.pixels.len() {
        let sum: f32 = all(index).sum();
        let middle = sum / maps.len() as f32;
        mean.pixels[index] = middle;
        let off = all(index).map(|value| (value - middle).abs());
        most = off.filter(|off| off.is_finite()).fold(most, f32::max);
    }
    let common = Common {
        generation,
        mean: Arc::new(mean),
        most,
    };
    ui.data_mut(|data| data.insert_temp(id, common.clone()));
    Some(common)
}

/// The value of the highest colour in every cell.
fn high(panel: &Panel<'_>, sheet: &Sheet) -> f32 {
    let display = &panel.state.settings.display;
    let normals = panel.state.mapper().normal_high();
    let high = match (display.range, normals) {
        (MapRange::Custom, _) => display.custom_high,
        (MapRange::Normals, Some(high)) => normals_high(high, panel.review.pixels.threshold),
        _ => {
            let highs = sheet.cells.iter().map(|cell| cell.map.max());
            highs.filter(|high| high.is_finite()).fold(0.0, f32::max)
        }
    };
    high.max(1e-6)
}

fn grid(ui: &mut Ui, panel: &mut Panel<'_>, form: &SheetForm, area: Rect) {
    let (alphas, lambdas) = (form.alphas.values(), form.lambdas.values());
    let room = area.size() - vec2(ROW_LABEL_WIDTH, COLUMN_LABEL_HEIGHT);
    let size = vec2(
        (room.x / alphas.len() as f32).floor(),
        (room.y / lambdas.len() as f32).floor(),
    );
    let picture = panel
        .state
        .inspecting
        .opened
        .as_ref()
        .map(|opened| &opened.picture);
    let ratio = picture.map_or(1.0, |picture| {
        picture.width as f32 / picture.height.max(1) as f32
    });
    // Cells as large as fit, as wide as their pictures.
    let inner = size - vec2(GAP, GAP + CAPTION_HEIGHT);
    let height = inner.y.min(inner.x / ratio).max(24.0);
    let size = vec2(
        (height * ratio).floor() + GAP,
        height.floor() + GAP + CAPTION_HEIGHT,
    );
    let origin = area.min + vec2(ROW_LABEL_WIDTH, COLUMN_LABEL_HEIGHT);

    let palette = palette(ui);
    let font = FontId::proportional(13.0);
    let painter = ui.painter_at(area);
    let text = panel.text.runs;
    for (column, alpha) in alphas.iter().enumerate() {
        let center = origin
            + vec2(
                (column as f32 + 0.5) * size.x - GAP * 0.5,
                -COLUMN_LABEL_HEIGHT * 0.5,
            );
        let words = format!("{} {alpha}", text.columns);
        painter.text(
            center,
            Align2::CENTER_CENTER,
            words,
            font.clone(),
            palette.text,
        );
    }
    for (row, lambda) in lambdas.iter().enumerate() {
        let left = pos2(area.left(), origin.y + row as f32 * size.y + height * 0.5);
        let words = format!("{} {lambda}", text.rows);
        painter.text(left, Align2::LEFT_CENTER, words, font.clone(), palette.text);
    }
    let scale = panel.state.sheet.shown().map(|sheet| Scale {
        high: high(panel, sheet),
        common: common(ui, panel, sheet),
    });
    for (row, &lambda) in lambdas.iter().enumerate() {
        for (column, &alpha) in alphas.iter().enumerate() {
            let place = vec2(column as f32 * size.x, row as f32 * size.y);
            let rect = Rect::from_min_size(origin + place, size - Vec2::splat(GAP));
            let parameters = Cell {
                alpha,
                lambda,
                regulariser: form.regulariser,
            };
            let index = row * alphas.len() + column;
            cell(ui, panel, form, (index, parameters), rect, scale.as_ref());
        }
    }
}

fn cell(
    ui: &mut Ui,
    panel: &mut Panel<'_>,
    form: &SheetForm,
    (index, parameters): (usize, Cell),
    rect: Rect,
    scale: Option<&Scale>,
) {
    let palette = palette(ui);
    let text = panel.text.runs;
    let state = panel.state;
    let present = &state.settings.projection;
    let is_present = present.alpha == parameters.alpha
        && present.lambda == parameters.lambda
        && present.regulariser == parameters.regulariser;
    let computed = state.sheet.shown().and_then(|sheet| sheet.cells.get(index));

    let (picture_rect, caption) = rect.split_top_bottom_at_y(rect.bottom() - CAPTION_HEIGHT);
    canvas::ground(ui, picture_rect);
    if let (Some(computed), Some(scale)) = (computed, scale) {
        let high = scale.high;
        let generation = generation(panel, form.picture, high);
        let colormap = state.settings.display.colormap;
        let image = panel
            .pictures
            .get_or(("sheet", index), generation, || match form.picture {
                CellPicture::Iterate => color_image(&computed.iterate),
                CellPicture::Deviation => scale.deviation(&computed.map),
                CellPicture::Heatmap => {
                    let map = &computed.map;
                    ColorImage::from_rgb([map.width, map.height], &colormap.apply(map, 0.0, high))
                }
            });
        let id = Id::unique(("sheet-cell", index));
        let sampling = state.settings.viewing.sampling;
        let view = View::default();
        let canvas = Canvas::new(picture_rect, canvas::size_of(&image), view, sampling);
        canvas.draw(ui, picture_rect, id, &image, 255);
    }
    let label = (text.cell)(parameters.alpha, parameters.lambda);
    let builder = UiBuilder::new().max_rect(rect).id_salt(("cell", index));
    let response = ui
        .scope_builder(builder, |ui| ui.allocate_rect(rect, Sense::click()))
        .inner;
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_present, &label));
    let stroke = match (is_present, response.hovered() || response.has_focus()) {
        (true, _) => Stroke::new(2.0, palette.accent),
        (_, true) => Stroke::new(1.5, palette.strong),
        _ => Stroke::new(1.0, palette.line),
    };
    ui.painter()
        .rect_stroke(picture_rect, 3, stroke, StrokeKind::Outside);
    captions(ui, panel, computed, caption);
    if response.clicked() {
        panel.actions.push(Action::AdoptCell(parameters));
    }
    if response.double_clicked() {
        panel.actions.push(Action::CloseSheet);
    }
    response.on_hover_ui(|ui| numbers(ui, panel, &label, is_present, computed));
}

/// Changes whenever a cell has to be drawn anew.
fn generation(panel: &Panel<'_>, picture: CellPicture, high: f32) -> u64 {
    let mut hasher = DefaultHasher::new();
    let colormap = panel.state.settings.display.colormap as usize;
    (
        panel.state.sheet.generation(),
        colormap,
        picture as u8,
        high.to_bits(),
    )
        .hash(&mut hasher);
    hasher.finish()
}

/// Score and energy below a picture; what is wrong with it, if something is.
fn captions(ui: &Ui, panel: &Panel<'_>, computed: Option<&SheetCell>, rect: Rect) {
    let palette = palette(ui);
    let text = panel.text.runs;
    let painter = ui.painter_at(rect);
    let font = FontId::proportional(12.0);
    let Some(cell) = computed else {
        let at = rect.left_center();
        painter.text(at, Align2::LEFT_CENTER, text.waiting, font, palette.weak);
        return;
    };
    let score = painter.layout_no_wrap(short(cell.score), font.clone(), palette.strong);
    let score_end = rect.left() + score.size().x;
    painter.galley(
        pos2(rect.left(), rect.center().y - score.size().y * 0.5),
        score,
        palette.strong,
    );
    let energy = format!("E {}", short(cell.scalars.energy));
    let (words, color) = match cell.stop {
        Some(StopRule::NotFinite) => (text.stop(StopRule::NotFinite).to_owned(), palette.error),
        _ if rises(panel, cell) => (format!("{energy} ↑"), palette.error),
        Some(StopRule::Threshold) => (energy, palette.good),
        _ => (energy, palette.weak),
    };
    let is_normal = color == palette.good;
    let words = painter.layout_no_wrap(words, font, color);
    let right = rect.right() - if is_normal { CHECK_WIDTH } else { 0.0 };
    let left = right - words.size().x;
    if left > score_end + 4.0 {
        let top = rect.center().y - words.size().y * 0.5;
        painter.galley(pos2(left, top), words, color);
        if is_normal {
            let place = Rect::from_min_max(pos2(right, rect.top()), rect.max);
            icon::paint(&painter, place, Icon::Check, color);
        }
    }
}

/// Whether the energy is well above that of x_0, which is the same for every cell.
fn rises(panel: &Panel<'_>, cell: &SheetCell) -> bool {
    let recording = panel.state.inspecting.recording();
    let first = recording.scalars().first();
    first.is_some_and(|first| cell.scalars.energy > RISE_FACTOR * first.energy)
}

fn numbers(
    ui: &mut Ui,
    panel: &Panel<'_>,
    label: &str,
    is_present: bool,
    cell: Option<&SheetCell>,
) {
    let text = panel.text.runs;
    let labels = panel.text.inspect;
    ui.horizontal(|ui| {
        ui.label(RichText::new(label).color(palette(ui).strong));
        if is_present {
            weak(ui, text.present);
        }
    });
    let Some(cell) = cell else { return };
    let scalars = &cell.scalars;
    let stop = cell.stop.map_or(text.runs_still, |stop| text.stop(stop));
    egui::Grid::new("cell-numbers")
        .num_columns(2)
        .show(ui, |ui| {
            for (name, value) in [
                (text.score, short(cell.score)),
                (labels.curve_energy, short(scalars.energy)),
                ("Lr", short(scalars.reconstruction_error)),
                (text.tabs[0].0, short(scalars.reconstruction_shift)),
                (text.iterations, scalars.t.to_string()),
                (text.ended, stop.to_owned()),
            ] {
                weak(ui, name);
                ui.label(value);
                ui.end_row();
            }
        });
}
