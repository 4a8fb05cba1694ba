//! The scores of two models over each other, an image a point.

use egui::{Align2, Painter, Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use crate::ui::action::Action;
use crate::ui::review::{Point, Truth};
use crate::ui::state::file_name;
use crate::ui::state::review_view::ReviewView;
use crate::ui::theme::Palette;
use crate::ui::widgets::{palette, weak};

use super::Panel;
use super::numbers::short;
use super::small_chart::{self, SMALL};

/// The chart reaches so many doublings of the threshold either way, at least and at most; scores beyond lie on the
/// border.
const DOUBLINGS: (f32, f32) = (0.5, 4.0);
/// How near the pointer has to be, in points.
const NEAR_PT: f32 = 9.0;
const RADIUS_PT: f32 = 3.0;

/// Draws the chart.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.rival;
    let area = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(area);
    let points = panel
        .review
        .duel
        .as_ref()
        .map_or(&[][..], |duel| &duel.points);
    if points.is_empty() {
        let mut inside = ui.new_child(egui::UiBuilder::new().max_rect(area));
        weak(&mut inside, text.chart_empty);
        return;
    }
    let Some(plot) = small_chart::plot_in(area) else {
        return;
    };
    let id = ui.scope_id().with("duel");
    let response = ui.interact(plot.expand(4.0), id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, text.chart_name));
    let palette = palette(ui);
    let painter = ui.painter_at(area);
    let plot = Plot::of(plot, points);
    frame(&painter, palette, plot, text.axes);
    let chosen = panel.state.review.cursor;
    for point in points {
        draw(&painter, palette, plot, point, chosen == Some(point.index));
    }
    let pointer = response.hover_pos();
    let near = pointer.and_then(|pointer| nearest(points, plot, pointer));
    if let Some(point) = near {
        let place = plot.place(point);
        painter.circle_stroke(place, RADIUS_PT + 3.0, Stroke::new(1.5, palette.accent));
        if response.clicked() {
            let review = ReviewView {
                cursor: Some(point.index),
                ..panel.state.review.clone()
            };
            panel.actions.push(Action::SetReview(Box::new(review)));
        }
    }
    let images = panel.state.set.images();
    let hint = match near.and_then(|point| Some((point, images.get(point.index)?))) {
        Some((point, entry)) => {
            let [a, b] = point.ratios;
            format!("{}\nA {a:.2}, B {b:.2}", file_name(&entry.path))
        }
        None => text.chart_help.to_owned(),
    };
    response.on_hover_text_at_pointer(hint);
}

/// Where the points lie on screen.
#[derive(Clone, Copy)]
struct Plot {
    rect: Rect,
    doublings: f32,
}

impl Plot {
    /// A chart in this place that has room for these points.
    fn of(rect: Rect, points: &[Point]) -> Self {
        let ratios = points.iter().flat_map(|point| point.ratios);
        let far = ratios.map(|ratio| doublings(ratio).abs());
        let (least, most) = DOUBLINGS;
        let far = far.fold(least, f32::max).min(most);
        Self {
            rect,
            doublings: (far * 2.0).ceil() * 0.5,
        }
    }

    fn place(&self, point: &Point) -> Pos2 {
        let share = |ratio: f32| {
            let share = doublings(ratio) / self.doublings;
            share.clamp(-1.0, 1.0) * 0.5 + 0.5
        };
        let [a, b] = point.ratios.map(share);
        pos2(
            self.rect.left() + self.rect.width() * a,
            self.rect.bottom() - self.rect.height() * b,
        )
    }
}

fn doublings(ratio: f32) -> f32 {
    ratio.max(f32::MIN_POSITIVE).log2()
}

fn nearest(points: &[Point], plot: Plot, pointer: Pos2) -> Option<&Point> {
    let distance = |point: &&Point| plot.place(point).distance(pointer);
    let by = |a: &&Point, b: &&Point| distance(a).total_cmp(&distance(b));
    let nearest = points.iter().min_by(by)?;
    (distance(&nearest) < NEAR_PT).then_some(nearest)
}

fn draw(painter: &Painter, palette: &Palette, plot: Plot, point: &Point, is_chosen: bool) {
    let color = match point.truth {
        Some(Truth::Normal) => palette.good,
        Some(Truth::Defective) => palette.error,
        None => palette.weak,
    };
    let at = plot.place(point);
    painter.circle_filled(at, RADIUS_PT, color.gamma_multiply(0.85));
    if point.differs {
        painter.circle_stroke(at, RADIUS_PT + 1.5, Stroke::new(1.0, palette.text));
    }
    if is_chosen {
        painter.circle_stroke(at, RADIUS_PT + 3.5, Stroke::new(2.0, palette.accent));
    }
}

/// Both thresholds as lines, the diagonal on which both models agree, and the axes' names.
fn frame(painter: &Painter, palette: &Palette, plot: Plot, names: (&str, &str)) {
    let Plot {
        rect: plot,
        doublings,
    } = plot;
    let line = Stroke::new(1.0, palette.line);
    painter.rect_stroke(plot, 0, line, egui::StrokeKind::Outside);
    painter.line_segment([plot.left_bottom(), plot.right_top()], line);
    let threshold = Stroke::new(1.2, palette.error.gamma_multiply(0.7));
    painter.vline(plot.center().x, plot.y_range(), threshold);
    painter.hline(plot.x_range(), plot.center().y, threshold);
    let [least, most] = [-doublings, doublings].map(|ends| short(ends.exp2()));
    for (share, label) in [(0.0, least.as_str()), (0.5, "1"), (1.0, most.as_str())] {
        let x = plot.left() + plot.width() * share;
        let y = plot.bottom() - plot.height() * share;
        // The middle belongs to the axes' names, the corner to one of both.
        if share == 1.0 {
            let below = pos2(x, plot.bottom() + 3.0);
            painter.text(below, Align2::RIGHT_TOP, label, SMALL, palette.weak);
            // Beside the axis there is room for its name alone.
            let inside = pos2(plot.left() + 4.0, y + 3.0);
            painter.text(inside, Align2::LEFT_TOP, label, SMALL, palette.weak);
        } else if share == 0.0 {
            let below = pos2(x, plot.bottom() + 3.0);
            painter.text(below, Align2::LEFT_TOP, label, SMALL, palette.weak);
        }
    }
    small_chart::axis_names(painter, palette, plot, names);
}
