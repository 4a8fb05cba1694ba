//! Step 2, controls: which part of the photographs the network sees.

use crate::ui::action::Action;
use crate::ui::form::Form;
use crate::ui::state::part::{aligned, with_crop};
use crate::ui::widgets::weak;
use kizumi_image::crop::{Area, SHORTEST_PX};
use kizumi_method::config::DataConfig;

use super::Panel;

/// The largest side of a photograph that is not known.
const LARGEST_PX: usize = 100_000;

/// The rows of the form; buttons push what they do.
pub fn rows(row: &mut Form<'_>, panel: &Panel<'_>, data: &mut DataConfig) -> Vec<Action> {
    let text = &panel.text.train;
    let state = panel.state;
    row.section(text.part);
    let opened = state.inspecting.opened.as_ref();
    let path = opened.map(|opened| opened.entry.path.as_path());
    let mut aligns = data.align.is_some();
    row.switch((text.align, text.align_help), &mut aligns, false);
    if aligns != data.align.is_some() {
        *data = aligned(data, aligns, path);
    }
    if let Some(crop) = &mut data.crop {
        let whole = opened.map_or((LARGEST_PX, LARGEST_PX), |opened| {
            opened.placement.source_px
        });
        let (most, before) = (whole, crop.area);
        let area = &mut crop.area;
        for (name, value, range) in [
            (
                text.crop_left,
                &mut area.x,
                0..=most.0.saturating_sub(SHORTEST_PX),
            ),
            (
                text.crop_top,
                &mut area.y,
                0..=most.1.saturating_sub(SHORTEST_PX),
            ),
            (
                text.crop_width,
                &mut area.width,
                SHORTEST_PX..=most.0.max(SHORTEST_PX),
            ),
            (
                text.crop_height,
                &mut area.height,
                SHORTEST_PX..=most.1.max(SHORTEST_PX),
            ),
        ] {
            let usual = *value;
            row.number((name, text.crop_help), value, usual, |drag| {
                drag.range(range).suffix(" px")
            });
        }
        if *area != before {
            *area = inside(*area, most);
            crop.photograph_px = None;
            if let Some(align) = &mut data.align {
                align.template = None;
            }
        }
    }
    let mut actions = Vec::new();
    let ui = &mut *row.ui;
    ui.horizontal_wrapped(|ui| {
        let is_open = state.shows_part();
        let draw = egui::Button::new(text.part_open).selected(is_open);
        let draw = ui.add_enabled(opened.is_some() && !state.training.is_active(), draw);
        let draw = draw.on_disabled_hover_text(text.part_needs_image);
        if draw.clicked() {
            actions.push(Action::ShowPart(!is_open));
        }
        if data.crop.is_some() && ui.button(text.crop_clear).clicked() {
            let path = path.unwrap_or_else(|| std::path::Path::new(""));
            *data = with_crop(data, None, path);
        }
    });
    if data.crop.is_none() {
        let words = match data.align.is_some() {
            true => text.part_shared,
            false => text.part_whole,
        };
        weak(ui, words);
    }
    actions
}

/// Moved and cut until it lies in photographs of this size.
fn inside(area: Area, (wide, high): (usize, usize)) -> Area {
    let (width, height) = (area.width.min(wide), area.height.min(high));
    Area {
        x: area.x.min(wide - width),
        y: area.y.min(high - height),
        width,
        height,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stays_in_the_photograph() {
        let typed = |area: &str| inside(area.parse().unwrap(), (300, 200)).to_string();
        assert_eq!(typed("250,150,100,100"), "200,100,100,100");
        assert_eq!(typed("0,0,900,20"), "0,0,300,20");
    }
}
