//! The two thresholds as handles on the scores' distribution, for the mouse and for the keys.

use egui::{Id, Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::action::Action;
use crate::ui::widgets::{arrow_presses, palette};
use kizumi_method::decision::{Decision, Thresholds, Verdict};

use super::score_axis::{Axis, HANDLE_HEIGHT};
use super::{Panel, verdict_badge};

/// The two handles: review is held at the top, reject at the bottom, so that neither hides the
/// other where they meet.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>, axis: &Axis, thresholds: Thresholds) {
    let text = panel.text.review;
    for (verdict, name, value, at_top) in [
        (Verdict::Review, text.review_above, thresholds.review, true),
        (Verdict::Reject, text.reject_above, thresholds.reject, false),
    ] {
        let Some(value) = handle(ui, axis, verdict, name, value, at_top) else {
            continue;
        };
        let by_hand = match verdict {
            Verdict::Reject => thresholds.with_reject(value),
            _ => thresholds.with_review(value),
        };
        let decision = Decision {
            by_hand: Some(by_hand),
            ..panel.state.settings.decision
        };
        panel.actions.push(Action::SetDecision(decision));
    }
}

/// Draws a handle. Gives its new value when a person moved it.
fn handle(
    ui: &mut Ui,
    axis: &Axis,
    verdict: Verdict,
    name: &str,
    value: f32,
    at_top: bool,
) -> Option<f32> {
    let x = axis.x(value);
    let plot = axis.plot;
    let (grip_y, line_y) = match at_top {
        true => (
            plot.top() - HANDLE_HEIGHT * 0.5,
            plot.top() - HANDLE_HEIGHT..=plot.bottom(),
        ),
        false => (
            plot.bottom() + HANDLE_HEIGHT * 0.5,
            plot.top()..=plot.bottom() + HANDLE_HEIGHT,
        ),
    };
    let half = if at_top {
        plot.top()..=plot.center().y
    } else {
        plot.center().y..=plot.bottom()
    };
    let grip = Rect::from_center_size(pos2(x, grip_y), vec2(18.0, HANDLE_HEIGHT));
    let hit = grip.union(Rect::from_x_y_ranges(x - 4.0..=x + 4.0, half));
    let id = Id::unique(("threshold-handle", at_top));
    let response = ui.interact(hit, id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::slider(true, f64::from(value), name));
    let color = verdict_badge::color(palette(ui), verdict);
    let active = response.hovered() || response.dragged() || response.has_focus();
    let painter = ui.painter();
    let stroke = Stroke::new(if active { 2.5 } else { 1.5 }, color);
    painter.vline(x, line_y, stroke);
    verdict_badge::paint_symbol(painter, palette(ui), grip.center(), verdict);
    let mut moved = None;
    if response.dragged()
        && let Some(pos) = response.interact_pointer_pos()
    {
        moved = Some(axis.score(pos.x));
    }
    if response.clicked() {
        response.request_focus();
    }
    let steps = arrow_presses(ui, &response);
    if steps != 0.0 {
        moved = Some(axis.score(x + steps * 2.0));
    }
    let response = response.on_hover_cursor(egui::CursorIcon::ResizeHorizontal);
    response.on_hover_text(format!("{name} {value:.4}"));
    moved.filter(|moved| *moved != value)
}
