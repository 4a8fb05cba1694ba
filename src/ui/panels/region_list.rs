//! The regions above the threshold: how many, how large, where, and how they meet the truth.

use egui::{Color32, DragValue, Grid, RichText, Sense, Ui, vec2};

use crate::ui::action::Action;
use crate::ui::state::viewer::Pixel;
use crate::ui::widgets::{field, heading, palette, weak};
use kizumi_image::found_region::FoundRegion;
use kizumi_image::input::MM_PER_PX;
use kizumi_method::truth::Finding;

use super::Panel;
use super::numbers::short;

/// Rows of the list; there can be thousands of regions.
const ROWS: usize = 6;

/// Draws the section.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.regions;
    heading(ui, text.heading);
    if panel.layers.threshold().is_none() {
        weak(ui, text.no_threshold);
        scale(ui, panel);
        return;
    }
    let regions = panel.layers.regions();
    let filtered = regions.iter().filter(|region| region.filtered).count();
    let words = match regions.is_empty() {
        true => text.none.to_owned(),
        false => (text.count)(regions.len() - filtered, filtered),
    };
    weak(ui, words).on_hover_text(text.help);
    list(ui, panel);
    truth(ui, panel);
    min_area(ui, panel);
    scale(ui, panel);
    let mut display = panel.state.settings.display;
    ui.checkbox(&mut display.show_regions, text.show);
    if display != panel.state.settings.display {
        panel.actions.push(Action::SetDisplay(display));
    }
}

fn list(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.regions;
    let palette = palette(ui);
    let counting = || {
        panel
            .layers
            .regions()
            .iter()
            .filter(|region| !region.filtered)
    };
    if counting().next().is_none() {
        return;
    }
    let mut pinned = None;
    let mm_per_px = panel.state.mm_per_px();
    let placement = panel.state.inspecting.opened.as_ref();
    let placement = placement.map(|opened| opened.placement);
    let shown = panel.layers.shown().map(|shown| &shown.original);
    let map_px = shown.map(|original| (original.width, original.height));
    Grid::new("regions")
        .num_columns(4)
        .spacing(vec2(14.0, 1.0))
        .show(ui, |ui| {
            for column in text.columns {
                ui.label(RichText::new(column).small().color(palette.weak));
            }
            ui.end_row();
            for region in counting().take(ROWS) {
                let (x, y) = region.peak_at;
                let small = |words: String| RichText::new(words).size(12.0);
                let in_file = placement.zip(map_px).map(|(placement, map_px)| {
                    FoundRegion::of(region, map_px, &placement).measured(mm_per_px)
                });
                let (area, length) = match in_file {
                    Some(FoundRegion {
                        area_mm2: Some(area),
                        length_mm: Some(length),
                        ..
                    }) => (
                        format!("{} mm²", short(area)),
                        format!("{} mm", short(length)),
                    ),
                    Some(region) => (
                        format!("{} px", region.area),
                        format!("{:.0} px", region.length),
                    ),
                    None => (format!("{} px", region.area_px), "–".to_owned()),
                };
                ui.label(small(area)).on_hover_text(text.sizes_help);
                ui.label(small(length)).on_hover_text(text.sizes_help);
                ui.label(small(short(region.peak)));
                let place = ui.link(small(format!("{x}, {y}")));
                let spoken = (text.region)(region.area_px, &short(region.peak), x, y);
                if place.on_hover_text(spoken).clicked() {
                    pinned = Some(Pixel { x, y });
                }
                ui.end_row();
            }
        });
    let more = counting().count().saturating_sub(ROWS);
    if more > 0 {
        weak(ui, (text.more)(more));
    }
    if let Some(pixel) = pinned {
        panel.actions.push(Action::TogglePin(pixel));
    }
}

/// The colours of the truth layer, and what they come to.
fn truth(ui: &mut Ui, panel: &Panel<'_>) {
    let Some(confusion) = panel.layers.confusion() else {
        return;
    };
    let text = panel.text.regions;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for finding in Finding::COLOURED {
            if let Some([red, green, blue]) = finding.rgb() {
                let (rect, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
                ui.painter()
                    .rect_filled(rect, 2, Color32::from_rgb(red, green, blue));
            }
            weak(ui, text.finding(finding));
            ui.add_space(4.0);
        }
    });
    let (hit, missed) = (confusion.found as f32, confusion.missed as f32);
    let false_alarm = confusion.false_alarm as f32;
    let percent = |part: f32, whole: f32| 100.0 * part / whole.max(1.0);
    let words = (text.figures)(
        percent(hit, hit + false_alarm),
        percent(hit, hit + missed),
        percent(hit, hit + missed + false_alarm),
    );
    weak(ui, words).on_hover_text(text.figures_help);
}

/// How large a pixel of the file is.
fn scale(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.regions;
    let state = panel.state;
    let known = state.mm_per_px().unwrap_or(0.0);
    let mut value = known;
    let has_images = state.dataset.is_some();
    field(ui, 0.5, text.scale, text.scale_help, None, |ui| {
        let drag = DragValue::new(&mut value)
            .range(0.0..=*MM_PER_PX.end())
            .speed(0.001)
            .max_decimals(5)
            .custom_formatter(|value, _| match value > 0.0 {
                // As a number of its own width: as a wider one it has digits that nobody typed.
                true => format!("{} mm/px", value as f32),
                false => text.scale_unknown.to_owned(),
            })
            .custom_parser(|typed| {
                let number = typed.trim_end_matches(|letter: char| !letter.is_ascii_digit());
                number.trim().replace(',', ".").parse().ok()
            });
        let drag = ui.add_enabled(has_images, drag);
        drag.on_disabled_hover_text(text.scale_needs_data)
    });
    if value != known {
        let mut form = state.settings.train.clone();
        form.data.mm_per_px = (value >= *MM_PER_PX.start()).then_some(value);
        panel.actions.push(Action::SetTrainForm(Box::new(form)));
    }
}

fn min_area(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.regions;
    let mut decision = panel.state.settings.decision;
    let (name, help) = (text.min_area, text.min_area_help);
    field(ui, 0.5, name, help, None, |ui| {
        let drag = DragValue::new(&mut decision.min_area_px)
            .range(0..=1_000_000)
            .speed(0.2)
            .suffix(" px");
        ui.add(drag)
    });
    if decision != panel.state.settings.decision {
        panel.actions.push(Action::SetDecision(decision));
    }
}
