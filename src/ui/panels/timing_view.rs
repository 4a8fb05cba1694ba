//! How quickly the window answers, for those who want to know.

use egui::{Rect, RichText, Sense, Ui, pos2, vec2};

use crate::ui::action::Action;
use crate::ui::timing::Samples;
use crate::ui::widgets::{palette, weak};

use super::Panel;

/// What a frame may take for 30 of them a second, in milliseconds.
const SMOOTH_MS: f32 = 33.3;

/// Draws the window, while it is wanted.
pub fn show(ui: &Ui, panel: &mut Panel<'_>) {
    if !panel.state.timing_open {
        return;
    }
    let mut open = true;
    egui::Window::new(panel.text.timing.title)
        .open(&mut open)
        .resizable(false)
        .default_pos(pos2(320.0, 120.0))
        .show(ui.ctx(), |ui| contents(ui, panel));
    if !open {
        panel.actions.push(Action::ToggleTiming);
    }
}

fn contents(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.timing;
    for (samples, name, help, most_ms) in [
        (&panel.timing.frames, text.frames, text.frames_help, 50.0),
        (
            &panel.timing.responses,
            text.responses,
            text.responses_help,
            500.0,
        ),
    ] {
        ui.label(RichText::new(name).strong());
        let three = [50.0, 95.0, 99.0].map(|percent| samples.percentile_ms(percent));
        let words = match three {
            [Some(median), Some(p95), Some(p99)] => (text.summary)(samples.len(), median, p95, p99),
            _ => text.none.to_owned(),
        };
        ui.label(words);
        histogram(ui, samples, most_ms, name);
        weak(ui, help);
        ui.add_space(6.0);
    }
    if ui.button(text.clear).clicked() {
        panel.actions.push(Action::ClearTiming);
    }
}

/// Bars over `0..most_ms`; the last one has all that is longer.
fn histogram(ui: &mut Ui, samples: &Samples, most_ms: f32, name: &str) {
    const BARS: usize = 50;
    let (rect, response) = ui.allocate_exact_size(vec2(360.0, 60.0), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
    let palette = palette(ui);
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 3, palette.picture);
    let mut counts = [0usize; BARS];
    for ms in samples.iter() {
        counts[((ms / most_ms * BARS as f32) as usize).min(BARS - 1)] += 1;
    }
    let highest = counts.iter().copied().max().unwrap_or(0).max(1);
    let x = |share: f32| rect.left() + rect.width() * share;
    for (bar, count) in counts.into_iter().enumerate() {
        // The root lets the rare slow ones be seen.
        let height = (count as f32 / highest as f32).sqrt() * (rect.height() - 4.0);
        let bar = Rect::from_min_max(
            pos2(x(bar as f32 / BARS as f32), rect.bottom() - height),
            pos2(x((bar + 1) as f32 / BARS as f32) - 1.0, rect.bottom()),
        );
        painter.rect_filled(bar, 0, palette.accent);
    }
    if most_ms < 100.0 {
        let line = egui::Stroke::new(1.0, palette.warning);
        painter.vline(x(SMOOTH_MS / most_ms), rect.y_range(), line);
    }
}
