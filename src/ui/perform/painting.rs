//! Strokes on the open image.

use kizumi_engine::message::Command;
use kizumi_image::brush::MaskBrush;
use kizumi_method::config::Mode;

use crate::ui::engine_port::Engine;
use crate::ui::layer::Layer;
use crate::ui::state::State;
use crate::ui::state::painting::{Stroke, Tool};
use crate::ui::viewing::Arrangement;

/// Takes up another tool. What is drawn on a photograph is drawn where that is seen.
pub fn set_tool(tool: Tool, state: &mut State) {
    state.painter.tool = tool;
    state.masking.leave_shape();
    let viewing = &mut state.settings.viewing;
    if tool == Tool::Truth {
        viewing.arrangement = Arrangement::Large;
        if !viewing.layer.shows_photograph() {
            viewing.layer = Layer::Original;
        }
    }
}

/// A stroke changes what is seen at once; the worker hears of it when it ends.
pub fn draw(stroke: Stroke, state: &mut State, engine: &mut dyn Engine) {
    let brushes = state.settings.brushes;
    match state.painter.tool {
        Tool::Look => {}
        Tool::Truth => state.draw_truth(stroke),
        tool @ (Tool::Paint | Tool::Fill) => {
            let drawing = state.painter.is_drawing();
            if let Stroke::Begin(_) = stroke {
                state.inspecting.painting_begins(state.ids.give());
            }
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
                let (picture, hole) = (opened.picture.clone(), opened.hole.clone());
                if let Some((of, image)) = state.inspecting.painting_ended() {
                    engine.send(Command::Repaint {
                        of,
                        image,
                        picture,
                        mask,
                        hole,
                    });
                }
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
