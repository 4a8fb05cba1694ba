//! A sign that something is being done.

use std::f32::consts::TAU;
use std::time::Duration;

use egui::{Color32, Response, Role, Sense, Ui, WidgetInfo, vec2};

/// Dots around the circle; one after the other is the bright one.
const DOTS: usize = 8;

/// How long each is. egui's own spinner asks for the next frame at once: without a graphics card that takes more of the
/// processor than the work that is waited for.
const STEP: Duration = Duration::from_millis(160);

/// How large it is where something is waited for.
pub const BUSY: f32 = 24.0;

/// Draws it, so large.
pub fn busy(ui: &mut Ui, side: f32, color: Color32) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
    response.widget_info(|| WidgetInfo::new(Role::ProgressIndicator));
    if ui.is_rect_visible(rect) {
        ui.ctx().request_repaint_after(STEP);
        let bright = (ui.input(|input| input.time) / STEP.as_secs_f64()) as usize % DOTS;
        for dot in 0..DOTS {
            let angle = TAU * dot as f32 / DOTS as f32;
            let at = rect.center() + 0.38 * side * vec2(angle.cos(), angle.sin());
            let age = (DOTS + bright - dot) % DOTS;
            let strength = (1.0 - age as f32 / DOTS as f32).max(0.15);
            ui.painter()
                .circle_filled(at, 0.09 * side, color.gamma_multiply(strength));
        }
    }
    response
}
