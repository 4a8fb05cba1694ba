//! One line: the job and its end, the model, the device.

use egui::{Align, Layout, ProgressBar, RichText, Ui};
use kizumi_engine::message::Job;

use super::Panel;
use crate::ui::action::Action;
use crate::ui::busy::busy;
use crate::ui::state::training::Phase;
use crate::ui::widgets::{chip, ending, palette};

/// Draws the line.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    ui.horizontal(|ui| {
        ui.set_height(24.0);
        job(ui, panel);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            device(ui, panel);
            ui.separator();
            model(ui, panel);
            watching(ui, panel);
        });
    });
}

fn job(ui: &mut Ui, panel: &mut Panel<'_>) {
    let palette = palette(ui);
    let text = &panel.text.status;
    let state = panel.state;
    let Some(running) = state.jobs.foremost() else {
        ui.label(RichText::new(text.ready).small().color(palette.weak));
        return;
    };
    let paused = running.job == Job::Training && state.training.phase == Phase::Paused;
    let label = match running.job {
        _ if paused => text.paused,
        // Reading is the beginning of that, and the bar is about all of it.
        Job::Loading if state.learns_features() => text.job_features,
        job => text.job(job),
    };
    ui.label(RichText::new(label).small().color(palette.text));
    let progress = state.training.progress.as_ref();
    let progress = progress.filter(|_| running.job == Job::Training);
    if let Some(share) = state.share_of(running) {
        ui.add(
            ProgressBar::new(share)
                .desired_width(150.0)
                .desired_height(8.0)
                .fill(palette.accent),
        )
        .accessible_name(label);
        let percent = format!("{:.0} %", 100.0 * share);
        ui.label(RichText::new(percent).small().color(palette.text));
    } else {
        busy(ui, 14.0, palette.accent);
    }
    if let Some(eta_secs) = progress.and_then(|progress| progress.eta_secs) {
        let eta = (text.time_left)(eta_secs);
        ui.label(RichText::new(eta).small().color(palette.weak));
    }
    let train = &panel.text.train;
    let (label, help, action) = match running.job {
        Job::Training => (
            train.stop_keep,
            train.stop_keep_help,
            Action::Stop { keep: true },
        ),
        Job::Finishing => (
            train.skip_measuring,
            train.skip_measuring_help,
            Action::SkipMeasuring,
        ),
        _ => (text.stop, text.stop_help, Action::CancelAll),
    };
    let stop = egui::Button::new(RichText::new(label).small()).small();
    // Beside the panel's own button: read out, it says what it is about.
    let name = format!("{label}: {}", text.job(running.job));
    let stop = ending(ui, &name, stop).accessible_name(&name);
    if stop.on_hover_text(help).clicked() {
        panel.actions.push(action);
    }
}

fn device(ui: &mut Ui, panel: &Panel<'_>) {
    let palette = palette(ui);
    let text = &panel.text.status;
    match &panel.state.device {
        Some(device) => {
            if device.software {
                chip(ui, text.software, palette.warning)
                    .on_hover_text(panel.text.said(&device.reason));
            }
            ui.label(
                RichText::new((text.device)(device))
                    .small()
                    .color(palette.text),
            )
            .on_hover_text(panel.text.said(&device.reason));
        }
        None => {
            ui.label(RichText::new(text.no_device).small().color(palette.weak));
        }
    }
}

/// That a folder is watched, for whoever looks at something else; a click shows what comes in.
fn watching(ui: &mut Ui, panel: &mut Panel<'_>) {
    let watching = &panel.state.watching;
    if !watching.is_active() {
        return;
    }
    ui.separator();
    let text = panel.text.watching;
    let (color, help) = match watching.log.drift {
        Some(drift) => (palette(ui).warning, text.drift(drift)),
        None => (palette(ui).accent, watching.folder_path()),
    };
    let words = (text.watching)(&watching.folder_name());
    let link = ui.link(RichText::new(words).small().color(color));
    if link.on_hover_text(help).clicked() {
        panel.actions.push(Action::ShowWatching(true));
    }
}

fn model(ui: &mut Ui, panel: &Panel<'_>) {
    let palette = palette(ui);
    let text = &panel.text.status;
    match &panel.state.model {
        Some(model) => {
            let steps = panel.text.steps;
            let mut name = steps.model_name(model);
            let mut color = palette.text;
            if panel.state.model_is_foreign() {
                name = (steps.foreign_model)(&name, &model.trained_on);
                color = palette.warning;
            }
            let help = (text.model_help)(model);
            ui.label(RichText::new((text.model)(&name)).small().color(color))
                .on_hover_text(help);
        }
        None => {
            let words = match panel.state.is_opening_model() {
                true => panel.text.steps.opens_model,
                false => text.no_model,
            };
            ui.label(RichText::new(words).small().color(palette.weak));
        }
    }
}
