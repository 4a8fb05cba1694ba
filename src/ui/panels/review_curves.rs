//! ROC or precision-recall curve of the images, plain and projected, with the threshold as a point
//! that can be dragged along.

use egui::{
    Align, Align2, Color32, Layout, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, Ui,
    WidgetInfo, pos2,
};

use crate::ui::action::Action;
use crate::ui::review::{Curves, Drawn};
use crate::ui::state::review_view::{CurveKind, ReviewView};
use crate::ui::theme::Palette;
use crate::ui::widgets::{palette, weak};
use kizumi_method::decision::Decision;
use kizumi_method::metrics::CurvePoint;

use super::small_chart::{self, SMALL};
use super::{Panel, review_duel};

/// Draws the curve.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    let mut kind = panel.state.review.curve;
    let mut shows_duel = panel.state.review.shows_duel && panel.review.rival.is_some();
    let whole = ui.max_rect();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for choice in [CurveKind::Roc, CurveKind::PrecisionRecall] {
            let is_shown = kind == choice && !shows_duel;
            let tab = ui.selectable_label(is_shown, text.curve(choice));
            if tab
                .on_hover_text(text.curve_names[choice as usize])
                .clicked()
            {
                (kind, shows_duel) = (choice, false);
            }
        }
        if panel.review.rival.is_some() {
            let rival = panel.text.rival;
            let tab = ui.selectable_label(shows_duel, rival.chart);
            shows_duel |= tab.on_hover_text(rival.chart_name).clicked();
        }
    });
    let shown = &panel.state.review;
    if (kind, shows_duel) != (shown.curve, shown.shows_duel) {
        let review = ReviewView {
            curve: kind,
            shows_duel,
            ..panel.state.review.clone()
        };
        panel.actions.push(Action::SetReview(Box::new(review)));
    }
    if shows_duel {
        review_duel::show(ui, panel);
        return;
    }
    let top = ui.available_rect_before_wrap().top();
    let area = Rect::from_min_max(pos2(whole.left(), top), whole.max);
    ui.advance_cursor_after_rect(area);
    let Some(curves) = &panel.review.curves else {
        let mut inside = ui.new_child(egui::UiBuilder::new().max_rect(area));
        weak(&mut inside, text.curve_empty);
        return;
    };
    let Some(plot) = small_chart::plot_in(area) else {
        return;
    };
    let id = ui.scope_id().with("curve");
    let response = ui.interact(plot.expand(4.0), id, Sense::click_and_drag());
    let name = text.curve_names[kind as usize];
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    let painter = ui.painter_at(area);
    frame(&painter, palette(ui), plot, text.curve_axes[kind as usize]);
    draw(&painter, palette(ui), plot, kind, curves);
    legend(ui, plot, panel, kind, curves);
    let thresholds = panel.review.thresholds();
    if let Some(thresholds) = thresholds {
        let point = curves.projected.curve.at(thresholds.reject);
        let at = place(plot, kind, &point);
        let active = response.hovered() || response.dragged();
        let ring = Stroke::new(2.0, palette(ui).card);
        let radius = if active { 6.5 } else { 5.0 };
        painter.circle(at, radius, palette(ui).error, ring);
    }
    if let Some(pos) = response.interact_pointer_pos()
        && (response.dragged() || response.clicked())
    {
        let (x, y) = (
            f64::from((pos.x - plot.left()) / plot.width()),
            f64::from((plot.bottom() - pos.y) / plot.height()),
        );
        let curve = &curves.projected.curve;
        let point = match kind {
            CurveKind::Roc => curve.nearest_on_roc(x, y),
            CurveKind::PrecisionRecall => curve.nearest_on_precision_recall(x, y),
        };
        // The end where everything is flagged lies below all scores, perhaps below zero.
        let reject = point.threshold.max(0.0);
        let by_hand = thresholds.map(|before| before.with_reject(reject));
        if let Some(by_hand) =
            by_hand.filter(|by_hand| reject.is_finite() && thresholds != Some(*by_hand))
        {
            panel.actions.push(Action::SetDecision(Decision {
                by_hand: Some(by_hand),
                ..panel.state.settings.decision
            }));
        }
    }
    response
        .on_hover_cursor(egui::CursorIcon::PointingHand)
        .on_hover_text(text.curve_help);
}

/// Where a point of the curve lies on screen.
fn place(plot: Rect, kind: CurveKind, point: &CurvePoint) -> Pos2 {
    let (x, y) = match kind {
        CurveKind::Roc => (point.false_alarm_rate, point.recall),
        CurveKind::PrecisionRecall => (point.recall, point.precision),
    };
    pos2(
        plot.left() + plot.width() * x as f32,
        plot.bottom() - plot.height() * y as f32,
    )
}

fn frame(painter: &Painter, palette: &Palette, plot: Rect, names: (&str, &str)) {
    let line = Stroke::new(1.0, palette.line);
    painter.rect_stroke(plot, 0, line, egui::StrokeKind::Outside);
    for (value, label) in [(0.0, "0"), (0.5, "0.5"), (1.0, "1")] {
        let (x, y) = (
            plot.left() + plot.width() * value,
            plot.bottom() - plot.height() * value,
        );
        if value == 0.5 {
            painter.vline(x, plot.y_range(), line);
            painter.hline(plot.x_range(), y, line);
        }
        // The middle belongs to the axes' names.
        if value != 0.5 {
            let below = pos2(x, plot.bottom() + 3.0);
            painter.text(below, Align2::CENTER_TOP, label, SMALL, palette.weak);
            let beside = pos2(plot.left() - 4.0, y);
            painter.text(beside, Align2::RIGHT_CENTER, label, SMALL, palette.weak);
        }
    }
    small_chart::axis_names(painter, palette, plot, names);
}

fn draw(painter: &Painter, palette: &Palette, plot: Rect, kind: CurveKind, curves: &Curves) {
    let clipped = painter.with_clip_rect(plot.expand(2.0));
    let points = |drawn: &Drawn| -> Vec<Pos2> {
        let points = drawn.points.iter();
        points.map(|point| place(plot, kind, point)).collect()
    };
    let plain = Stroke::new(1.6, plain_color(palette));
    clipped.extend(Shape::dashed_line(&points(&curves.plain), plain, 5.0, 3.0));
    let projected = Stroke::new(2.0, palette.curves[0]);
    clipped.add(Shape::line(points(&curves.projected), projected));
}

fn plain_color(palette: &Palette) -> Color32 {
    palette.curves[1]
}

/// Names and areas, in the corner that the curve leaves free.
fn legend(ui: &mut Ui, plot: Rect, panel: &Panel<'_>, kind: CurveKind, curves: &Curves) {
    let text = panel.text.review;
    let palette = palette(ui);
    let area = |drawn: &Drawn| match kind {
        CurveKind::Roc => drawn.curve.area(),
        CurveKind::PrecisionRecall => drawn.curve.average_precision(),
    };
    let corner = match kind {
        CurveKind::Roc => Layout::bottom_up(Align::Max),
        CurveKind::PrecisionRecall => Layout::bottom_up(Align::Min),
    };
    let room = egui::UiBuilder::new()
        .max_rect(plot.shrink(4.0))
        .layout(corner);
    let mut inside = ui.new_child(room);
    inside.spacing_mut().item_spacing.y = 1.0;
    for (name, drawn, color) in [
        (text.curve_projected, &curves.projected, palette.curves[0]),
        (text.curve_plain, &curves.plain, plain_color(palette)),
    ] {
        let words = format!("{name} {:.3}", area(drawn));
        inside.label(egui::RichText::new(words).small().color(color));
    }
    weak(&mut inside, text.areas[kind as usize]).on_hover_text(text.areas_help);
}
