//! Forms: a name on the left, its control on the right, what was changed marked and resettable.

use std::ops::RangeInclusive;

use egui::{ComboBox, DragValue, Response, Slider, SliderClamping, Ui};

use super::theme::SECTION_GAP;
use super::widgets::{field, heading, palette};

/// Width of the number beside a rail, in points.
const NUMBER_WIDTH: f32 = 58.0;

/// Space on either side of its digits: four decimals fit.
const NUMBER_PADDING: f32 = 3.0;

/// The rows of a form: a name with help, and a control that knows its usual value.
pub struct Form<'a> {
    /// Where it is drawn.
    pub ui: &'a mut Ui,
    /// The labels' share of the width.
    pub label_share: f32,
    /// The name of the buttons that put a usual value back.
    pub reset: &'static str,
}

impl Form<'_> {
    /// A heading with space above.
    pub fn section(&mut self, title: &str) {
        self.ui.add_space(SECTION_GAP);
        heading(self.ui, title);
    }

    fn any<T: PartialEq + Clone>(
        &mut self,
        (label, help): (&str, &str),
        value: &mut T,
        usual: T,
        control: impl FnOnce(&mut Ui, &mut T) -> Response,
    ) {
        let changed = *value != usual;
        let reset = Some((self.reset, changed));
        if field(self.ui, self.label_share, label, help, reset, |ui| {
            control(ui, value)
        }) {
            *value = usual;
        }
    }

    /// One of a few.
    pub fn choice<T: PartialEq + Copy>(
        &mut self,
        label: (&str, &str),
        value: &mut T,
        usual: T,
        choices: &[(T, &str)],
    ) {
        let id = label.0.to_owned();
        self.any(label, value, usual, |ui, value| {
            let name = choices.iter().find(|(choice, _)| choice == value);
            ComboBox::from_id_salt(id)
                .selected_text(name.map_or("", |(_, name)| name))
                .width(ui.available_width())
                .truncate()
                .show_ui(ui, |ui| {
                    for (choice, name) in choices {
                        ui.selectable_value(value, *choice, *name);
                    }
                })
                .response
        });
    }

    /// A number to type or drag.
    pub fn number<N: egui::emath::Numeric>(
        &mut self,
        label: (&str, &str),
        value: &mut N,
        usual: N,
        tune: impl FnOnce(DragValue<'_>) -> DragValue<'_>,
    ) {
        self.any(label, value, usual, |ui, value| {
            let size = egui::vec2(ui.available_width(), ui.spacing().interact_size.y);
            ui.add_sized(size, tune(DragValue::new(value).speed(1.0)))
        });
    }

    /// A whole number that there need not be; zero is shown as the word for `none`.
    pub fn optional<N: egui::emath::Numeric + Default>(
        &mut self,
        label: (&str, &str),
        value: &mut Option<N>,
        usual: Option<N>,
        (none, suffix): (&'static str, &'static str),
        tune: impl FnOnce(DragValue<'_>) -> DragValue<'_>,
    ) {
        let mut number = value.unwrap_or_default();
        self.number(label, &mut number, usual.unwrap_or_default(), |drag| {
            tune(drag)
                .custom_formatter(move |value, _| match value {
                    0.0 => none.to_owned(),
                    value => format!("{value:.0}{suffix}"),
                })
                .custom_parser(move |typed| {
                    let number = typed.trim().trim_end_matches(suffix.trim());
                    number.trim().parse().ok()
                })
        });
        *value = (number != N::default()).then_some(number);
    }

    /// A value that is shown times `unit`; zero is off.
    pub fn amount(
        &mut self,
        label: (&str, &str),
        value: &mut f32,
        usual: f32,
        suffix: &'static str,
        unit: f64,
    ) {
        self.number(label, value, usual, |drag| {
            drag.range(0.0..=180.0 / unit)
                .speed(0.05 / unit)
                .custom_formatter(move |value, _| {
                    let shown = (value * unit * 100.0).round() / 100.0;
                    format!("±{shown}{suffix}")
                })
                .custom_parser(move |typed| {
                    let number = typed
                        .trim_start_matches('±')
                        .trim_end_matches(['°', '%', ' ']);
                    number.trim().parse::<f64>().ok().map(|value| value / unit)
                })
        });
    }

    /// On or off.
    pub fn switch(&mut self, label: (&str, &str), value: &mut bool, usual: bool) {
        self.any(label, value, usual, |ui, value| ui.checkbox(value, ""));
    }

    /// A rail with its number beside it; what is typed may exceed the rail.
    pub fn slider<N: egui::emath::Numeric>(
        &mut self,
        label: (&str, &str),
        value: &mut N,
        usual: N,
        range: RangeInclusive<N>,
        scale: Scale,
    ) {
        let speed = match scale {
            Scale::Log { smallest } => (value.to_f64() * 0.02).max(smallest),
            Scale::Linear { .. } => 0.05,
            Scale::Percent => 0.01,
        };
        self.any(label, value, usual, |ui, value| {
            let room = ui.available_width() - NUMBER_WIDTH - ui.spacing().item_spacing.x;
            ui.spacing_mut().slider_width = room.max(40.0);
            let slider = Slider::new(value, range)
                .clamping(SliderClamping::Never)
                .show_value(false);
            let slider = match scale {
                Scale::Log { smallest } => slider.logarithmic(true).smallest_positive(smallest),
                _ => slider,
            };
            let rail = rail(ui, slider);
            let number = DragValue::new(value).speed(speed).max_decimals(4);
            let number = match scale {
                Scale::Log { .. } => number,
                Scale::Linear { suffix } => number.suffix(suffix).max_decimals(1),
                Scale::Percent => number
                    .custom_formatter(|value, _| format!("{:.0} %", value * 100.0))
                    .custom_parser(|typed| {
                        let number = typed.trim_end_matches(['%', ' ']).parse::<f64>().ok()?;
                        Some(number / 100.0)
                    }),
            };
            let size = egui::vec2(NUMBER_WIDTH, ui.spacing().interact_size.y);
            let number = ui.scope(|ui| {
                ui.spacing_mut().button_padding.x = NUMBER_PADDING;
                ui.add_sized(size, number)
            });
            rail.union(number.inner.accessible_name(label.0))
        });
    }
}

/// How a slider's values are spread and written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// Evenly, with a unit.
    Linear {
        /// The unit.
        suffix: &'static str,
    },
    /// As much room for small values as for large ones.
    Log {
        /// The smallest value above zero that matters.
        smallest: f64,
    },
    /// A share, written in percent.
    Percent,
}

/// Draws a slider without its number: a slim rail with a round handle in the accent's colour.
pub fn rail(ui: &mut Ui, slider: Slider<'_>) -> Response {
    let palette = palette(ui);
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = 18.0;
        let visuals = ui.visuals_mut();
        visuals.selection.bg_fill = palette.accent;
        let widgets = &mut visuals.widgets;
        for (widget, width) in [
            (&mut widgets.inactive, 2.0),
            (&mut widgets.hovered, 3.0),
            (&mut widgets.active, 3.0),
        ] {
            widget.fg_stroke = egui::Stroke::new(width, palette.accent);
            widget.expansion = 0.0;
        }
        ui.add(slider)
    })
    .inner
}
