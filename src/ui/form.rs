//! Forms: a name on the left, its control on the right, what was changed marked and resettable.

use std::ops::RangeInclusive;

use egui::{ComboBox, DragValue, Response, Slider, SliderClamping, Ui};

use super::theme::SECTION_GAP;
use super::widgets::{field, heading};

/// Width of the number beside a rail, in points.
const NUMBER_WIDTH: f32 = 58.0;

/// The rows of a form: a name with help, and a control that knows its usual value.
pub struct Form<'a> {
    /// Where it is drawn.
    pub ui: &'a mut Ui,
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
        if field(self.ui, label, help, reset, |ui| control(ui, value)) {
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
                    let number = typed.trim_start_matches('±').trim_end_matches(['°', '%', ' ']);
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
        tune: impl FnOnce(Slider<'_>) -> Slider<'_>,
    ) {
        self.any(label, value, usual, |ui, value| {
            let room = ui.available_width() - NUMBER_WIDTH - ui.spacing().item_spacing.x;
            ui.spacing_mut().slider_width = room.max(40.0);
            ui.spacing_mut().interact_size.x = NUMBER_WIDTH;
            let slider = Slider::new(value, range).clamping(SliderClamping::Never);
            ui.add(tune(slider))
        });
    }
}
