//! A and B side by side in numbers: what was set differently, and what came of it.

use egui::{Align, Grid, Layout, RichText, Ui};

use crate::ui::action::Action;
use crate::ui::icon::Icon;
use crate::ui::state::comparing::AbSide;
use crate::ui::state::runs::{PixelFigures, Run};
use crate::ui::text::Text;
use crate::ui::widgets::{card, heading, palette, weak};
use kizumi_method::config::{ProjectionConfig, Regulariser};
use kizumi_method::iterate::Inspection;

use super::numbers::short;
use super::{Panel, call, two_models};

/// Draws the card.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.runs;
    let inspecting = &panel.state.inspecting;
    ui.horizontal(|ui| {
        heading(ui, text.compare_heading);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if inspecting.a().is_some() {
                tools(ui, panel);
            } else {
                keep(ui, panel);
            }
        });
    });
    models(ui, panel);
    let (Some(a), Some(b)) = (inspecting.a(), inspecting.current()) else {
        weak(ui, text.keep_as_a_help);
        return;
    };
    sides(ui, panel);
    card(ui).inner_margin(8).show(ui, |ui| {
        ui.set_width(ui.available_width());
        // What is long goes on below: it does not widen the column.
        let widest = ui.available_width() / 3.0 - 8.0;
        let grid = Grid::new("a-and-b").num_columns(3).spacing([10.0, 4.0]);
        let grid = grid.max_col_width(widest);
        grid.show(ui, |ui| table(ui, panel, a, b));
    });
}

/// Which model is which side, or the way to see the maps of the one that was put aside.
fn models(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.rival;
    let state = panel.state;
    if state.inspecting.a_is_of_rival() {
        let [a, b] = [AbSide::A, AbSide::B].map(|side| two_models::name(panel, side));
        ui.label((text.names)(&a, &b));
        return;
    }
    let at_hand = state.model.as_ref().map(|model| model.mark);
    let kept = state.kept_model.as_ref();
    if let Some(kept) = kept.filter(|kept| Some(kept.conditions.model) != at_hand) {
        let button = ui.button((text.maps)(kept.name()));
        if button.on_hover_text(text.maps_help).clicked() {
            panel.actions.push(Action::CompareModels(true));
        }
    }
}

fn keep(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.runs;
    let inspecting = &panel.state.inspecting;
    let may = inspecting.current().is_some() && !inspecting.is_stale();
    let button = ui.add_enabled(may, egui::Button::new(text.keep_as_a));
    let tip = call::with_keys(text.keep_as_a_help, &Action::KeepAsA);
    if button.on_hover_text(tip).clicked() {
        panel.actions.push(Action::KeepAsA);
    }
}

fn tools(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.runs;
    ui.spacing_mut().item_spacing.x = 4.0;
    call::icon(ui, panel, Icon::Close, text.drop_a, Action::DropA);
    if panel.state.inspecting.a_is_of_rival() {
        return;
    }
    call::icon(ui, panel, Icon::Reset, text.adopt_a, Action::AdoptA);
    call::icon(ui, panel, Icon::Swap, text.swap, Action::SwapAb);
}

/// Which run the pictures show; and a way to put another one aside.
fn sides(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.runs;
    let side = panel.state.inspecting.ab_side();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let sides = [
            (AbSide::A, text.a),
            (AbSide::B, text.b),
            (AbSide::Both, text.both),
        ];
        for (choice, name) in sides {
            let button = egui::Button::selectable(side == choice, name);
            let button = ui.add(button.min_size(egui::vec2(40.0, 0.0)));
            let tip = call::with_keys(text.side_help, &Action::FlipAb);
            if button.on_hover_text(tip).clicked() {
                panel.actions.push(Action::SetAbSide(choice));
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| keep(ui, panel));
    });
}

fn table(ui: &mut Ui, panel: &Panel<'_>, a: &Run, b: &Run) {
    let text = panel.text.runs;
    let inspecting = &panel.state.inspecting;
    let strong = palette(ui).strong;
    ui.label("");
    for side in [text.a, text.b] {
        ui.label(RichText::new(side).color(strong));
    }
    ui.end_row();
    // The number of iterations of B is what is wanted now, its run may be longer.
    let wanted = ProjectionConfig {
        iterations: panel.state.settings.projection.iterations,
        ..b.projection
    };
    let differences = differences(&a.projection, &wanted, panel.text);
    if differences.is_empty() {
        weak(ui, text.same_settings);
        ui.end_row();
    }
    for (name, values) in differences {
        row(ui, (name, ""), values);
    }
    let results = [inspecting.a_result(), inspecting.result.as_ref()];
    let number = |value: Option<f32>| value.map_or_else(|| "–".to_owned(), short);
    let said = [AbSide::A, AbSide::B].map(|side| two_models::said(panel, side));
    if inspecting.a_is_of_rival() {
        let word = |said: two_models::Said| {
            let verdict = said.verdict.map(|it| panel.text.review.verdict_word(it));
            verdict.unwrap_or("–").to_owned()
        };
        row(ui, (panel.text.rival.verdict, ""), said.map(word));
        row(ui, (text.score, ""), said.map(|said| number(said.score)));
    } else {
        let score =
            |result: Option<&Inspection>| number(result.map(|found| found.projected_score.value));
        row(ui, (text.score, ""), results.map(score));
    }
    let iterations = |result: Option<&Inspection>| {
        result.map_or_else(|| "–".to_owned(), |found| found.iterations.to_string())
    };
    row(ui, (text.iterations, ""), results.map(iterations));
    let ended =
        |result: Option<&Inspection>| result.map_or(text.runs_still, |found| text.stop(found.stop));
    let ended = results.map(|result| ended(result).to_owned());
    row(ui, (text.ended, ""), ended);
    let figures = [inspecting.a_pixels(), inspecting.pixels];
    if figures.iter().any(Option::is_some) {
        let figure = |of: fn(PixelFigures) -> Option<f64>| {
            figures.map(|figures| {
                let value = figures.and_then(of);
                value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
            })
        };
        let name = (text.pixel_auroc, text.pixel_auroc_help);
        row(ui, name, figure(|figures| figures.auroc));
        let name = (text.best_iou, text.best_iou_help);
        row(ui, name, figure(|figures| figures.best_iou));
    }
}

fn row(ui: &mut Ui, (name, help): (&str, &str), values: [String; 2]) {
    let palette = palette(ui);
    let differ = values[0] != values[1];
    let name = RichText::new(name).small().color(palette.weak);
    let label = ui.label(name);
    if !help.is_empty() {
        label.on_hover_text(help);
    }
    for value in values {
        let color = if differ { palette.strong } else { palette.text };
        ui.label(RichText::new(value).color(color));
    }
    ui.end_row();
}

/// The parameters that differ: name, value of A, value of B.
fn differences(
    a: &ProjectionConfig,
    b: &ProjectionConfig,
    text: &Text,
) -> Vec<(&'static str, [String; 2])> {
    let labels = text.inspect;
    let both = [a, b];
    let regulariser = |config: &ProjectionConfig| match config.regulariser {
        Regulariser::L1 => labels.regulariser_l1.to_owned(),
        Regulariser::L2 => labels.regulariser_l2.to_owned(),
    };
    let switch = |on: bool| text.runs.switch(on).to_owned();
    let rows = [
        (labels.alpha, both.map(|config| config.alpha.to_string())),
        (labels.lambda, both.map(|config| config.lambda.to_string())),
        ("ω", both.map(|config| config.omega.to_string())),
        (
            labels.iterations,
            both.map(|config| config.iterations.to_string()),
        ),
        (
            labels.step_rule,
            both.map(|config| labels.step_name(config.step)),
        ),
        (
            labels.distance,
            both.map(|config| labels.distance_name(config.distance).to_owned()),
        ),
        (labels.regulariser, both.map(regulariser)),
        (
            labels.stop_early,
            both.map(|config| switch(config.stop_early)),
        ),
        (labels.back_off, both.map(|config| switch(config.back_off))),
    ];
    let differs = |(_, [a, b]): &(&str, [String; 2])| a != b;
    rows.into_iter().filter(differs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::text::ENGLISH;
    use kizumi_method::config::Distance;

    #[test]
    fn only_what_differs_is_listed() {
        let a = ProjectionConfig::default();
        assert_eq!(differences(&a, &a, &ENGLISH), []);
        let b = ProjectionConfig {
            alpha: 0.25,
            distance: Distance::CrossEntropy,
            regulariser: Regulariser::L2,
            back_off: true,
            ..a
        };
        let listed = differences(&a, &b, &ENGLISH);
        let names: Vec<_> = listed.iter().map(|(name, _)| *name).collect();
        let labels = ENGLISH.inspect;
        let expected = [
            labels.alpha,
            labels.distance,
            labels.regulariser,
            labels.back_off,
        ];
        assert_eq!(names, expected);
        assert_eq!(listed[0].1, ["0.7", "0.25"]);
        assert_eq!(listed[1].1, ["Squared", "Cross-entropy"]);
        assert_eq!(listed[3].1, ["off", "on"]);
    }
}
