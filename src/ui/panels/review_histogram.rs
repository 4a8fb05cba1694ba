//! The distribution of projected scores, with a handle for each threshold.

use egui::{
    Align, Align2, Color32, FontId, Layout, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::ui::action::Action;
use crate::ui::review::Truth;
use crate::ui::state::review_view::ReviewView;
use crate::ui::theme::Palette;
use crate::ui::widgets::{heading, palette};
use kizumi_method::decision::Thresholds;
use kizumi_method::histogram::Histogram;

use super::score_axis::Axis;
use super::{Panel, review_handles, score_axis};

/// The narrowest and the widest bar, in points.
const BAR_WIDTHS: [f32; 2] = [4.0, 16.0];

/// Height of the line that says what the bars are, in points.
const LEGEND_HEIGHT: f32 = 15.0;

/// Draws the histogram.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    let whole = ui.max_rect();
    ui.horizontal(|ui| {
        heading(ui, text.histogram_heading);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let mut log = panel.state.review.log_scores;
            let label = egui::RichText::new(panel.text.common.log_axis).small();
            if ui.checkbox(&mut log, label).changed() {
                let review = ReviewView {
                    log_scores: log,
                    ..panel.state.review.clone()
                };
                panel.actions.push(Action::SetReview(Box::new(review)));
            }
        });
    });
    let top = ui.available_rect_before_wrap().top();
    let row = Rect::from_min_size(pos2(whole.left(), top), vec2(whole.width(), LEGEND_HEIGHT));
    let area = Rect::from_min_max(row.left_bottom(), whole.max);
    ui.advance_cursor_after_rect(row.union(area));
    let id = ui.scope_id().with("histogram");
    let response = ui.interact(area, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, text.histogram_name));
    response.on_hover_text(text.histogram_help);
    let Some(axis) = score_axis::of(panel, area) else {
        let font = FontId::proportional(13.0);
        let at = area.center();
        let color = palette(ui).weak;
        ui.painter()
            .text(at, Align2::CENTER_CENTER, text.histogram_empty, font, color);
        return;
    };
    let thresholds = panel.review.thresholds();
    let painter = ui.painter_at(area.expand(2.0));
    if let Some(thresholds) = thresholds {
        bands(&painter, palette(ui), &axis, thresholds);
    }
    bars(&painter, palette(ui), panel, &axis);
    score_axis::ticks(&painter, palette(ui), &axis);
    legend(&ui.painter_at(row), palette(ui), panel, row);
    if let Some(thresholds) = thresholds {
        review_handles::show(ui, panel, &axis, thresholds);
    }
}

/// Few scores take wide bars, many take narrow ones.
fn bins(panel: &Panel<'_>, axis: &Axis) -> usize {
    let table = &panel.review.table;
    let groups = table.projected.iter().chain([&table.unknown]);
    let most = groups.map(Vec::len);
    let most = most
        .max()
        .unwrap_or(0)
        .max(panel.review.normal_scores().len());
    let [narrowest, widest] = BAR_WIDTHS.map(|width| axis.plot.width() / width);
    let wanted = 3.0 * (most as f32).sqrt();
    wanted.min(narrowest).max(widest).max(8.0) as usize
}

/// Shares of the scores that fall into each of `bins` equal parts of the axis.
fn histogram(axis: &Axis, scores: &[f32], bins: usize) -> Vec<f32> {
    let numbers = scores.iter().filter(|score| !score.is_nan());
    let counts = Histogram::new(numbers.map(|&score| axis.share(score)), 0.0, 1.0, bins);
    let each = 1.0 / scores.len().max(1) as f32;
    counts
        .counts
        .iter()
        .map(|&count| count as f32 * each)
        .collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Fill {
    Solid,
    Hatched,
    Outline,
}

fn bars(painter: &Painter, palette: &Palette, panel: &Panel<'_>, axis: &Axis) {
    let bins = bins(panel, axis);
    let [normal, defective] = &panel.review.table.projected;
    let unknown = &panel.review.table.unknown;
    let held_out = panel.review.normal_scores();
    let groups = [
        (Fill::Solid, palette.weak, histogram(axis, unknown, bins)),
        (Fill::Solid, palette.good, histogram(axis, normal, bins)),
        (
            Fill::Hatched,
            palette.error,
            histogram(axis, defective, bins),
        ),
        (
            Fill::Outline,
            palette.strong,
            histogram(axis, held_out, bins),
        ),
    ];
    let most = groups.iter().flat_map(|(_, _, shares)| shares);
    let most = most.copied().fold(1e-6, f32::max);
    let width = axis.plot.width() / bins as f32;
    let height = |share: f32| share / most * axis.plot.height();
    for (fill, color, shares) in &groups {
        if *fill == Fill::Outline {
            outline(painter, *color, axis, shares, &height);
            continue;
        }
        for (bin, &share) in shares.iter().enumerate() {
            let left = axis.plot.left() + bin as f32 * width;
            let rect = Rect::from_min_max(
                pos2(left + 0.5, axis.plot.bottom() - height(share)),
                pos2(left + width - 0.5, axis.plot.bottom()),
            );
            if share > 0.0 {
                bar(painter, rect, *fill, *color);
            }
        }
    }
}

fn bar(painter: &Painter, rect: Rect, fill: Fill, color: Color32) {
    let weight = if fill == Fill::Solid { 0.75 } else { 0.3 };
    painter.rect_filled(rect, 0, color.gamma_multiply(weight));
    if fill == Fill::Hatched {
        let clipped = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
        let stroke = Stroke::new(1.2, color);
        let mut y = rect.bottom() + rect.width();
        while y > rect.top() {
            let rise = pos2(rect.right(), y - rect.width());
            clipped.line_segment([pos2(rect.left(), y), rise], stroke);
            y -= 4.0;
        }
        painter.rect_stroke(rect, 0, Stroke::new(1.0, color), egui::StrokeKind::Inside);
    }
}

/// The outline of bars, drawn only where there are any.
fn outline(
    painter: &Painter,
    color: Color32,
    axis: &Axis,
    shares: &[f32],
    height: &dyn Fn(f32) -> f32,
) {
    let width = axis.plot.width() / shares.len() as f32;
    let bottom = axis.plot.bottom();
    let mut points: Vec<Pos2> = Vec::new();
    let last = shares.iter().rposition(|share| *share > 0.0);
    for (bin, &share) in shares
        .iter()
        .enumerate()
        .take(last.map_or(0, |last| last + 1))
    {
        let left = axis.plot.left() + bin as f32 * width;
        let y = bottom - height(share);
        points.extend([pos2(left, y), pos2(left + width, y)]);
    }
    if let Some(end) = points.last() {
        points.push(pos2(end.x, bottom));
    }
    painter.add(Shape::line(points, Stroke::new(1.3, color)));
}

/// The grounds of review and reject.
fn bands(painter: &Painter, palette: &Palette, axis: &Axis, thresholds: Thresholds) {
    let (review, reject) = (axis.x(thresholds.review), axis.x(thresholds.reject));
    for (from, to, color) in [
        (review, reject, palette.warning),
        (reject, axis.plot.right(), palette.error),
    ] {
        let rect = Rect::from_x_y_ranges(from..=to.max(from), axis.plot.y_range());
        painter.rect_filled(rect, 0, color.gamma_multiply(0.12));
    }
}

/// What the bars are, in a line of its own: bars may be anywhere.
fn legend(painter: &Painter, palette: &Palette, panel: &Panel<'_>, row: Rect) {
    let text = panel.text.review;
    let table = &panel.review.table;
    let mut entries = Vec::new();
    if !table.unknown.is_empty() {
        entries.push((Fill::Solid, palette.weak, text.unknown));
    }
    if table.unknown.is_empty() || table.scored(Truth::Normal) > 0 {
        entries.push((Fill::Solid, palette.good, text.truths[0]));
    }
    if table.scored(Truth::Defective) > 0 {
        entries.push((Fill::Hatched, palette.error, text.truths[1]));
    }
    if !panel.review.normal_scores().is_empty() {
        entries.push((Fill::Outline, palette.strong, text.held_out_legend));
    }
    let mut at = row.left_center();
    for (fill, color, name) in entries {
        let mark = Rect::from_center_size(at + vec2(5.0, 0.0), vec2(10.0, 9.0));
        match fill {
            Fill::Outline => {
                let line = Stroke::new(1.3, color);
                painter.rect_stroke(mark, 0, line, egui::StrokeKind::Inside);
            }
            _ => bar(painter, mark, fill, color),
        }
        let font = FontId::proportional(12.0);
        let words = at + vec2(14.0, 0.0);
        let words = painter.text(words, Align2::LEFT_CENTER, name, font, palette.text);
        at.x = words.right() + 10.0;
    }
}
