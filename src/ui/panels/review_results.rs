//! What becomes of the results: reports, tables and lists that leave the window.

use egui::{ProgressBar, Ui};

use crate::ui::action::{Action, Browse};
use crate::ui::commands::{UiCommand, doing, keys};
use crate::ui::saving::Export;
use crate::ui::state::overlay::Overlay;
use crate::ui::theme::SECTION_GAP;
use crate::ui::widgets::{heading, palette, weak};
use kizumi_report::TableFormat;

use super::Panel;

/// Draws the section, once there are results.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    if panel.state.set.done() == 0 {
        return;
    }
    let text = panel.text.review;
    heading(ui, text.results_heading);
    ui.horizontal_wrapped(|ui| {
        button(ui, panel, text.report, Action::Export(Export::FolderReport));
        let line = Action::SetOverlay(Some(Overlay::CommandLine));
        button(ui, panel, text.command_line, line);
    });
    let shown = panel.review.order.len();
    let words = match panel.state.review.is_filtered() {
        true => (text.of_the_shown)(shown),
        false => (text.of_all)(shown),
    };
    weak(ui, words).on_hover_text(text.of_the_shown_help);
    ui.horizontal_wrapped(|ui| {
        let table = |format| Action::Export(Export::Table(format));
        button(ui, panel, text.table_csv, table(TableFormat::Csv));
        button(ui, panel, text.table_json, table(TableFormat::JsonLines));
        let copy = Action::Browse(Browse::CopyImages);
        button(ui, panel, text.copy_images, copy);
        button(ui, panel, text.copy_list, Action::CopyList);
    });
    copying(ui, panel);
    ui.add_space(SECTION_GAP);
}

/// How far copying is, with the button that ends it.
fn copying(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text.review;
    let Some((done, all)) = panel.state.copying else {
        return;
    };
    ui.horizontal(|ui| {
        weak(ui, (text.copying)(done, all));
        let stop = ui.small_button(text.stop);
        if stop.on_hover_text(text.copying_stop_help).clicked() {
            panel.actions.push(Action::StopCopying);
        }
    });
    let bar = ProgressBar::new(done as f32 / all.max(1) as f32)
        .desired_height(8.0)
        .fill(palette(ui).accent);
    ui.add(bar);
}

/// A button for a command of the menu, whose whole name and key it tells when the pointer rests on it.
fn button(ui: &mut Ui, panel: &mut Panel<'_>, label: &str, action: Action) {
    let command = doing(&action);
    let lack = command.and_then(|command| command.lacks(panel.state));
    let button = ui.add_enabled(lack.is_none(), egui::Button::new(label));
    let hover = command
        .map(|command| whole_name(command, panel))
        .unwrap_or_default();
    let button = button.on_hover_text(hover);
    let button = match lack {
        Some(lack) => button.on_disabled_hover_text(panel.text.commands.need(lack)),
        None => button,
    };
    if button.clicked() {
        panel.actions.push(action);
    }
}

fn whole_name(command: &UiCommand, panel: &Panel<'_>) -> String {
    let name = command.name(panel.text.language);
    match keys::all_written(command) {
        keys if keys.is_empty() => name.to_owned(),
        keys => format!("{name} ({keys})"),
    }
}
