//! Step 2: the two parts of a model in the making, what each of them is for, and which one can be used.

use egui::{Align, Layout, ProgressBar, Rect, RichText, Sense, Ui, UiBuilder, vec2};

use super::{Panel, suspect_list};
use crate::ui::action::Action;
use crate::ui::busy::busy;
use crate::ui::icon::{self, Icon};
use crate::ui::state::Step;
use crate::ui::state::training::{Features, Phase};
use crate::ui::theme::GAP;
use crate::ui::widgets::{card, palette, weak};

/// Width of what says how far a part is, in points.
const BAR_WIDTH: f32 = 120.0;
const MARK: f32 = 18.0;

/// How far a part is.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Waits,
    /// Learns; the share that is done, where that is known.
    Learns(Option<f32>),
    Ready,
}

/// Draws both parts while a training makes them; a model without features has but one.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = &panel.text.train;
    let state = panel.state;
    let training = &state.training;
    if !training.is_active() || (training.features == Features::Absent && !state.learns_features())
    {
        return;
    }
    let features = match training.features {
        Features::Ready => Part::Ready,
        Features::Learning | Features::Absent => Part::Learns(state.features_share()),
    };
    let network = match training.phase {
        Phase::Preparing => Part::Waits,
        Phase::Finishing => Part::Ready,
        _ => Part::Learns(state.network_share()),
    };
    card(ui).inner_margin(8).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 4.0;
        let (name, help) = (text.part_features, text.part_features_help);
        part(ui, panel, (name, help), features, |ui, panel| {
            let text = &panel.text.train;
            let button =
                ui.add_enabled(features == Part::Ready, egui::Button::new(text.inspect_now));
            if button.on_hover_text(text.inspect_now_help).clicked() {
                panel.actions.push(Action::GoTo(Step::Inspect));
            }
        });
        let (name, help) = (text.part_network, text.part_network_help);
        part(ui, panel, (name, help), network, |_, _| {});
        suspects(ui, panel);
    });
    ui.add_space(GAP);
}

/// Says that some of the images look unlike the others, which is known as soon as they are read.
fn suspects(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.suspects;
    let dataset = panel.state.dataset.as_ref();
    let count = dataset.map_or(0, |dataset| dataset.selection.suspects());
    if count == 0 {
        return;
    }
    ui.horizontal(|ui| {
        let words = RichText::new((text.unlike)(count)).small();
        ui.label(words.color(palette(ui).warning));
        if ui.button(text.show).clicked() {
            suspect_list::go_to_list(panel);
        }
    });
}

fn part(
    ui: &mut Ui,
    panel: &mut Panel<'_>,
    (name, help): (&str, &str),
    part: Part,
    at_the_end: impl FnOnce(&mut Ui, &mut Panel<'_>),
) {
    let palette = palette(ui);
    let text = &panel.text.train;
    ui.horizontal(|ui| {
        let (place, _) = ui.allocate_exact_size(vec2(MARK, MARK), Sense::hover());
        match part {
            Part::Ready => icon::paint(ui.painter(), place, Icon::Check, palette.good),
            Part::Learns(_) => {
                let mut inside = ui.new_child(UiBuilder::new().max_rect(place));
                busy(&mut inside, MARK, palette.accent);
            }
            Part::Waits => {
                let dot = Rect::from_center_size(place.center(), vec2(7.0, 7.0));
                ui.painter()
                    .circle_stroke(dot.center(), 3.5, (1.2, palette.weak));
            }
        }
        let (words, color) = match part {
            Part::Waits => (text.part_waits, palette.weak),
            Part::Learns(_) => (text.part_learns, palette.accent),
            Part::Ready => (text.part_ready, palette.good),
        };
        ui.label(RichText::new(name).color(palette.strong));
        ui.label(RichText::new(words).small().color(color));
        if let Part::Learns(Some(share)) = part {
            let bar = ProgressBar::new(share).desired_width(BAR_WIDTH);
            ui.add(bar.desired_height(6.0).fill(palette.accent))
                .accessible_name(name);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            at_the_end(ui, panel);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                weak(ui, help);
            });
        });
    });
}
