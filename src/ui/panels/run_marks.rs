//! How stop and back-offs look, in plots and on the scrubber.

use egui::{Color32, Rect, Response, Stroke, Ui, pos2};

use crate::ui::state::State;
use crate::ui::state::comparing::AbSide;
use crate::ui::state::marks::{Divergence, Mark, MarkKind, divergence, marks};
use crate::ui::text::Text;
use crate::ui::theme::Palette;
use crate::ui::widgets::palette;
use kizumi_method::iterate::StopRule;

/// How near the pointer must come to a tick to learn what it means, in points.
const NEAR: f32 = 5.0;

/// The colour of a mark.
pub fn color(palette: &Palette, kind: MarkKind) -> Color32 {
    match kind {
        MarkKind::BackOff => palette.warning,
        MarkKind::Stop(StopRule::Threshold) => palette.good,
        MarkKind::Stop(StopRule::NotFinite) => palette.error,
        MarkKind::Stop(StopRule::Iterations | StopRule::Cancelled) => palette.weak,
    }
}

/// The marks of the run whose pictures are on screen, as far as its iterates are shown.
pub fn on_screen(state: &State) -> Vec<Mark> {
    let inspecting = &state.inspecting;
    let (Some(run), last) = (inspecting.on_screen(), state.last_shown()) else {
        return Vec::new();
    };
    let result = match inspecting.ab_side() {
        AbSide::A => inspecting.a_result(),
        AbSide::B | AbSide::Both => inspecting.result.as_ref(),
    };
    let scalars = run.recording.scalars();
    let shown = &scalars[..scalars.len().min(last + 1)];
    marks(shown, result.map(|result| result.stop))
}

/// Whether the current run went astray, as far as its iterates are shown.
pub fn astray(state: &State) -> Option<Divergence> {
    let inspecting = &state.inspecting;
    let iterations = state.settings.projection.iterations;
    let stop = inspecting.result.as_ref().map(|result| result.stop);
    divergence(inspecting.scalars(iterations), stop)
}

/// Draws ticks above a rail that stands for `0..=last`, and says what they mean when pointed at.
pub fn ticks(ui: &Ui, response: &Response, rail: Rect, last: usize, marks: &[Mark], text: &Text) {
    let palette = palette(ui);
    let x = |t: usize| rail.left() + rail.width() * t as f32 / last.max(1) as f32;
    for mark in marks {
        let ends = [
            pos2(x(mark.t), rail.top() - 1.0),
            pos2(x(mark.t), rail.top() + 5.0),
        ];
        let stroke = Stroke::new(2.0, color(palette, mark.kind));
        ui.painter().line_segment(ends, stroke);
    }
    let Some(pos) = response.hover_pos() else {
        return;
    };
    let near = marks.iter().filter(|mark| (x(mark.t) - pos.x).abs() < NEAR);
    let words: Vec<String> = near
        .map(|mark| format!("t = {}: {}", mark.t, text.runs.mark(mark.kind)))
        .collect();
    if !words.is_empty() {
        response.clone().on_hover_text(words.join("\n"));
    }
}
