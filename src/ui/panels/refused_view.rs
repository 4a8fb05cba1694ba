//! A photograph that the network cannot be shown, with the reason.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use egui::{ColorImage, Label, RichText, Ui};

use crate::ui::canvas;
use crate::ui::state::file_name;
use crate::ui::widgets::{heading, palette, tinted};

use super::Panel;

/// Draws it in all of the room. Gives whether there is one that a person looks at.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) -> bool {
    let Some(refused) = &panel.state.inspecting.refused else {
        return false;
    };
    heading(ui, &file_name(&refused.path));
    let color = palette(ui).warning;
    tinted(color).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let reason = panel.text.said(&refused.reason);
        ui.add(Label::new(RichText::new(reason).color(palette(ui).text)).wrap());
    });
    let rect = ui.available_rect_before_wrap();
    canvas::ground(ui, rect);
    let most = ui.input(|input| input.max_texture_side).max(1);
    let mut generation = DefaultHasher::new();
    refused.image.hash(&mut generation);
    let image = panel
        .pictures
        .get_or(("refused", 0), generation.finish(), || {
            let mut photograph = refused.photograph.clone();
            while photograph.width.max(photograph.height) > most {
                photograph = photograph.halved();
            }
            ColorImage::from_rgb([photograph.width, photograph.height], &photograph.bytes)
        });
    let id = ui.scope_id().with("refused");
    let name = panel.text.inspect.refused;
    canvas::thumbnail(ui, rect.shrink(6.0), id, name, &image);
    ui.advance_cursor_after_rect(rect);
    true
}
