//! Strokes on the open image.

use crate::ui::app::Engine;
use crate::ui::state::State;
use crate::ui::state::painting::{Stroke, Tool};
use kizumi_engine::message::Command;
use kizumi_image::brush::MaskBrush;
use kizumi_method::config::Mode;

/// A stroke changes what is seen at once; the worker hears of it when it ends.
pub fn draw(stroke: Stroke, state: &mut State, engine: &mut dyn Engine) {
    let brushes = state.settings.brushes;
    match state.painter.tool {
        Tool::Look => {}
        tool @ (Tool::Paint | Tool::Fill) => {
            let drawing = state.painter.is_drawing();
            let Some(opened) = state.inspecting.opened_for_painting() else {
                return;
            };
            if tool == Tool::Paint {
                state.painter.paint(stroke, brushes.paint, opened);
            } else {
                let brush = MaskBrush {
                    radius_px: brushes.paint.radius_px,
                    erase: brushes.erase_hole,
                };
                state.painter.dig(stroke, brush, opened);
            }
            if stroke == Stroke::End
                && drawing
                && let Some(mask) = opened.mask.clone()
            {
                engine.send(Command::Repaint {
                    picture: opened.picture.clone(),
                    mask,
                    hole: opened.hole.clone(),
                });
            }
        }
        Tool::Ignore => {
            let model = state.model.as_ref();
            if model.is_some_and(|model| model.data.mode != Mode::Object) {
                return;
            }
            let known = model.and_then(|model| model.ignored.as_ref());
            if let Some(opened) = &state.inspecting.opened {
                let brush = MaskBrush {
                    radius_px: brushes.paint.radius_px,
                    erase: brushes.erase_ignored,
                };
                state.painter.mark(stroke, brush, known, opened);
            }
        }
    }
}
