//! What comes into the watched folder: counters, warnings, and the latest images, newest first.

use std::sync::Arc;

use egui::{Align, Grid, Label, Layout, RichText, Role, ScrollArea, Ui, WidgetInfo};

use crate::tally::Counts;
use crate::ui::action::Action;
use crate::ui::icon::Icon;
use crate::ui::state::file_name;
use crate::ui::state::watching::{Phase, Row};
use crate::ui::theme::GAP;
use crate::ui::widgets::{card, empty_state, palette, tinted, weak};
use kizumi_method::decision::Verdict;

use super::numbers::count;
use super::review_wall::{SPACE, columns};
use super::{Panel, review_tile, verdict_badge, watch_tile};

/// Draws the centre.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    head(ui, panel);
    warnings(ui, panel);
    card(ui).inner_margin(10).show(ui, |ui| {
        ui.set_width(ui.available_width());
        counters(ui, panel);
        remarks(ui, panel);
    });
    ui.add_space(GAP - ui.spacing().item_spacing.y);
    card(ui).inner_margin(10).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        match panel.state.watching.log.rows().is_empty() {
            true => empty(ui, panel),
            false => wall(ui, panel),
        }
    });
}

/// What is watched, with which model, and where the results are.
fn head(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.watching;
    let watching = &panel.state.watching;
    let Some(order) = &watching.order else { return };
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let results = ui.link(text.show_results);
            if results.clicked() {
                panel.actions.push(Action::ShowFile(order.out.clone()));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let name = watching.folder_name();
                let title = match watching.is_active() {
                    true => (text.watching)(&name),
                    false => (text.watched)(&name),
                };
                let title = RichText::new(title).size(15.0).color(palette(ui).strong);
                let title = ui.add(Label::new(title).truncate());
                title.on_hover_text(watching.folder_path());
                let model = (text.with_model)(&file_name(&order.model));
                let model = RichText::new(model).small().color(palette(ui).weak);
                ui.add(Label::new(model).truncate());
            });
        });
    });
}

/// What a person must know: scores that have drifted, a watcher that is gone, rows that are lost.
fn warnings(ui: &mut Ui, panel: &Panel<'_>) {
    let text = panel.text.watching;
    let watching = &panel.state.watching;
    let palette = palette(ui);
    let drift = watching.log.drift.map(|drift| text.drift(drift));
    let trouble = watching.trouble().map(|end| text.end(end));
    let malformed = watching.log.malformed;
    let malformed = (malformed > 0).then(|| (text.malformed)(malformed));
    for (words, color) in [
        (trouble, palette.error),
        (drift, palette.warning),
        (malformed, palette.warning),
    ] {
        let Some(words) = words else { continue };
        tinted(color).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.add(Label::new(RichText::new(words).color(color)).wrap());
        });
    }
}

/// The counters of the last hour and of all, in a table.
fn counters(ui: &mut Ui, panel: &Panel<'_>) {
    let text = panel.text.watching;
    let watching = &panel.state.watching;
    let rows = [
        (text.last_hour, watching.log.last_hour(watching.now)),
        (text.since_start, watching.log.all),
    ];
    let palette = palette(ui);
    let verdict = |verdict| {
        let word = panel.text.review.verdict_word(verdict);
        (word, verdict_badge::color(palette, verdict))
    };
    let columns = [
        (text.inspected, palette.strong),
        verdict(Verdict::Pass),
        verdict(Verdict::Review),
        verdict(Verdict::Reject),
        (text.unusable, palette.weak),
    ];
    let numbers = |counts: Counts| {
        let Counts {
            passed,
            review,
            rejected,
            unusable,
        } = counts;
        [counts.inspected(), passed, review, rejected, unusable]
    };
    Grid::new("watch-counters")
        .num_columns(6)
        .spacing([24.0, 2.0])
        .show(ui, |ui| {
            weak(ui, "");
            for (name, color) in columns {
                ui.label(RichText::new(name).small().color(color));
            }
            ui.end_row();
            for (name, counts) in rows {
                weak(ui, name);
                for ((column, color), number) in columns.into_iter().zip(numbers(counts)) {
                    let number = count(number as u64);
                    let spoken = format!("{name}, {column}: {number}");
                    let number = RichText::new(number).size(17.0).color(color);
                    let number = ui.label(number);
                    number.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
                }
                ui.end_row();
            }
        });
}

/// What it said last; all of it when the pointer rests there.
fn remarks(ui: &mut Ui, panel: &Panel<'_>) {
    let lines = panel.state.watching.log.lines();
    let Some(last) = lines.front() else { return };
    let words = RichText::new(last).small().color(palette(ui).weak);
    let all: Vec<&str> = lines.iter().map(String::as_str).collect();
    ui.add(Label::new(words).truncate())
        .on_hover_text(all.join("\n"));
}

fn empty(ui: &mut Ui, panel: &Panel<'_>) {
    let text = panel.text.watching;
    let watching = &panel.state.watching;
    match watching.phase {
        Phase::Running => {
            let sentence = (text.waiting)(&watching.folder_path());
            empty_state(ui, Icon::Picture, &sentence, |_| {});
        }
        _ => empty_state(ui, Icon::Picture, text.nothing_came, |_| {}),
    }
}

fn wall(ui: &mut Ui, panel: &mut Panel<'_>) {
    let watching = &panel.state.watching;
    let rows = watching.log.rows();
    let (columns, width) = columns(ui.available_width() - ui.spacing().scroll.allocated_width());
    ui.spacing_mut().item_spacing = egui::Vec2::splat(SPACE);
    let area = ScrollArea::vertical()
        .id_salt("watch-wall")
        .max_height(ui.available_height())
        .auto_shrink(false);
    let height = review_tile::size(width).y;
    area.show_rows(ui, height, rows.len().div_ceil(columns), |ui, range| {
        let of_row = |row: usize| rows.iter().skip(row * columns).take(columns);
        let in_sight: Vec<Arc<Row>> = range.clone().flat_map(of_row).cloned().collect();
        let depth = watching.order.as_ref().map(|order| order.depth);
        let wake = ui.ctx().clone();
        let wake = move || wake.request_repaint();
        let next = watching.log.next_number();
        let depth = depth.unwrap_or_default();
        panel.watched.want(&in_sight, depth, next, wake);
        for row in range {
            ui.horizontal(|ui| {
                for row in of_row(row) {
                    if watch_tile::show(ui, panel, width, row).clicked() {
                        let entry = panel.state.entry_of(&row.path);
                        panel.actions.push(Action::Examine(entry));
                    }
                }
            });
        }
    });
}
