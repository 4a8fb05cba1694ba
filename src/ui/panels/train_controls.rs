//! Step 2, controls: everything that needs retraining, and the buttons of training.

use egui::{Frame, Margin, RichText, Ui};

use crate::ui::action::{Action, Browse};
use crate::ui::form::Form;
use crate::ui::settings::{Further, TrainForm};
use crate::ui::state::training::Phase;
use crate::ui::theme::{MARGIN, SECTION_GAP};
use crate::ui::widgets::{ending_button, heading, palette, primary_button, weak};
use kizumi_engine::message::Job;
use kizumi_method::config::{Aspect, MAX_SKIPS, Mode, NETWORK_SIZES_PX, Objective, TrainingConfig};

use super::{Panel, column, part_controls, path_entry, suspect_list};

/// Draws the column.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    egui::Panel::bottom("train-buttons")
        .frame(Frame::new().inner_margin(Margin::same(MARGIN)))
        .show(ui, |ui| buttons(ui, panel));
    column(ui, "train-controls", |ui| {
        if panel.state.model.is_some() && !panel.state.training.is_active() {
            which(ui, panel);
        }
        let (mut form, may_change) = panel.state.shown_recipe();
        let edited = ui.add_enabled_ui(may_change, |ui| edit(ui, panel, &mut form));
        panel.actions.extend(edited.inner);
        if may_change && form != panel.state.settings.train {
            panel.actions.push(Action::SetTrainForm(Box::new(form)));
        }
    });
}

/// A new model, or the open one trained further, and for how many images.
fn which(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = &panel.text.train;
    let state = panel.state;
    let Some(model) = &state.model else { return };
    let name = panel.text.steps.model_name(model);
    heading(ui, text.which_heading);
    for (more, label) in [
        (false, text.new_model.to_owned()),
        (true, (text.open_model_further)(&name)),
    ] {
        if ui.radio(state.trains_more == more, label).clicked() {
            panel.actions.push(Action::SetTrainsMore(more));
        }
    }
    if state.trains_more {
        let mut further = state.settings.further;
        let mut row = Form {
            ui: &mut *ui,
            label_share: 0.48,
            reset: panel.text.common.reset,
        };
        row.number(
            (text.further_images, text.further_images_help),
            &mut further.images,
            Further::default().images,
            |drag| drag.range(16..=1_000_000_000).speed(50.0),
        );
        if further != state.settings.further {
            panel.actions.push(Action::SetFurther(further));
        }
        weak(ui, text.open_model_help);
    }
    ui.add_space(SECTION_GAP);
}

/// Gives what its buttons ask for.
fn edit(ui: &mut Ui, panel: &Panel<'_>, form: &mut TrainForm) -> Vec<Action> {
    let text = &panel.text.train;
    let standard = TrainForm::default();
    heading(ui, text.form_heading);
    weak(ui, text.form_help);

    let mut row = Form {
        ui: &mut *ui,
        label_share: 0.48,
        reset: panel.text.common.reset,
    };
    let data = &mut form.data;
    row.choice(
        (text.mode, text.mode_help),
        &mut data.mode,
        standard.data.mode,
        &[
            (Mode::Object, text.mode_object),
            (Mode::Texture, text.mode_texture),
        ],
    );
    let sizes = NETWORK_SIZES_PX.map(|size| (size, format!("{size} px")));
    let sizes: Vec<_> = sizes
        .iter()
        .map(|(size, name)| (*size, name.as_str()))
        .collect();
    row.choice(
        (text.size, text.size_help),
        &mut data.size_px,
        standard.data.size_px,
        &sizes,
    );
    if data.mode == Mode::Object {
        row.choice(
            (text.aspect, text.aspect_help),
            &mut data.aspect,
            standard.data.aspect,
            &[
                (Aspect::Stretch, text.aspect_stretch),
                (Aspect::Letterbox, text.aspect_letterbox),
            ],
        );
    } else {
        let side = &mut data.texture_side_px;
        row.number(
            (text.side, text.side_help),
            side,
            standard.data.texture_side_px,
            |drag| drag.range(64..=4096).suffix(" px"),
        );
    }
    row.choice(
        (text.channels, text.channels_help),
        &mut data.channels,
        standard.data.channels,
        &[
            (None, text.channels_auto),
            (Some(1), text.channels_grey),
            (Some(3), text.channels_rgb),
        ],
    );

    let asked = part_controls::rows(&mut row, panel, data);

    row.section(text.network_heading);
    row.number(
        (text.latent, text.latent_help),
        &mut form.latent,
        standard.latent,
        |drag| drag.range(1..=1024),
    );
    row.number(
        (text.width, text.width_help),
        &mut form.width,
        standard.width,
        |drag| drag.range(4..=128),
    );
    row.number(
        (text.skips, text.skips_help),
        &mut form.skips,
        standard.skips,
        |drag| drag.range(0..=MAX_SKIPS),
    );

    row.section(text.training_heading);
    let training = &mut form.training;
    let before = training.objective;
    let vae = match before {
        Objective::Vae { .. } => before,
        _ => Objective::Vae { beta: 1.0 },
    };
    row.choice(
        (text.objective, text.objective_help),
        &mut training.objective,
        standard.training.objective,
        &[
            (vae, text.objective_vae),
            (Objective::GammaVae, text.objective_gamma_vae),
            (Objective::Autoencoder, text.objective_autoencoder),
            (Objective::Dssim, text.objective_dssim),
            (Objective::Restoring, text.objective_restoring),
        ],
    );
    if training.objective.name() != before.name() {
        form.skips = training.objective.usual_skips(form.features.network);
    }
    if let Objective::Vae { beta } = &mut training.objective {
        row.number((text.beta, text.beta_help), beta, 1.0, |drag| {
            drag.range(0.0..=1000.0).speed(0.01)
        });
    }
    let training = &mut form.training;
    // A model that is trained further has a limit of its own.
    if training.limit.images.is_none() {
        limits(&mut row, panel, training);
    }
    row.number(
        (text.batch, text.batch_help),
        &mut training.batch,
        standard.training.batch,
        |drag| drag.range(1..=256),
    );
    row.number(
        (text.learning_rate, text.learning_rate_help),
        &mut training.learning_rate,
        standard.training.learning_rate,
        |drag| drag.range(1e-7..=1.0).speed(1e-6).max_decimals(7),
    );
    row.number(
        (text.seed, text.seed_help),
        &mut training.seed,
        standard.training.seed,
        |drag| drag.speed(0.1),
    );

    row.section(text.augment_heading);
    let augment = &mut training.augment;
    let usual = &standard.training.augment;
    row.amount(
        (text.rotation, text.rotation_help),
        &mut augment.rotation_deg,
        usual.rotation_deg,
        "°",
        1.0,
    );
    row.amount(
        (text.shift, text.shift_help),
        &mut augment.shift_fraction,
        usual.shift_fraction,
        " %",
        100.0,
    );
    row.amount(
        (text.scale, text.scale_help),
        &mut augment.scale_fraction,
        usual.scale_fraction,
        " %",
        100.0,
    );
    row.amount(
        (text.warp, text.warp_help),
        &mut augment.warp_fraction,
        usual.warp_fraction,
        " %",
        100.0,
    );
    row.amount(
        (text.brightness, text.brightness_help),
        &mut augment.brightness,
        usual.brightness,
        " %",
        100.0,
    );
    row.amount(
        (text.contrast, text.contrast_help),
        &mut augment.contrast,
        usual.contrast,
        " %",
        100.0,
    );
    row.switch(
        (text.flip_horizontal, text.flip_help),
        &mut augment.flip_horizontal,
        usual.flip_horizontal,
    );
    row.switch(
        (text.flip_vertical, text.flip_help),
        &mut augment.flip_vertical,
        usual.flip_vertical,
    );

    ui.add_space(SECTION_GAP);
    let changed = *form != standard;
    if ui
        .add_enabled(changed, egui::Button::new(text.reset_all))
        .clicked()
    {
        *form = standard;
    }
    asked
}

/// When training ends by itself.
fn limits(row: &mut Form<'_>, panel: &Panel<'_>, training: &mut TrainingConfig) {
    let text = &panel.text.train;
    let standard = TrainingConfig::default();
    let mut epochs = training.limit.epochs.unwrap_or(1);
    row.number(
        (text.epochs, text.epochs_help),
        &mut epochs,
        standard.limit.epochs.unwrap_or(1),
        |drag| drag.range(1..=100_000),
    );
    training.limit.epochs = Some(epochs);
    row.number(
        (text.epoch_images, text.epoch_images_help),
        &mut training.images_per_epoch,
        standard.images_per_epoch,
        |drag| drag.range(16..=10_000_000).speed(50.0),
    );
    let mut minutes = training.limit.seconds.map(|seconds| seconds / 60.0);
    row.optional(
        (text.minutes, text.minutes_help),
        &mut minutes,
        None,
        (text.no_limit, " min"),
        |drag| drag.range(0.0..=100_000.0).speed(0.5),
    );
    training.limit.seconds = minutes.map(|minutes| minutes * 60.0);
    row.optional(
        (text.patience, text.patience_help),
        &mut training.limit.patience_epochs,
        standard.limit.patience_epochs,
        (text.no_limit, ""),
        |drag| drag.range(0..=100_000).speed(0.1),
    );
}

fn ask_to_discard(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = &panel.text.train;
    let ask = ending_button(ui, text.discard_ask).on_hover_text(text.discard_help);
    if ask.clicked() {
        panel.actions.push(Action::AskToDiscardTraining(true));
    }
}

/// Asks before what was learned is thrown away. Training goes on meanwhile.
fn discard_question(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = &panel.text.train;
    ui.label(RichText::new(text.discard_question).color(palette(ui).warning));
    ui.horizontal_wrapped(|ui| {
        if ending_button(ui, text.discard).clicked() {
            panel.actions.push(Action::Stop { keep: false });
        }
        if ui.button(text.discard_not).clicked() {
            panel.actions.push(Action::AskToDiscardTraining(false));
        }
    });
}

fn buttons(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = &panel.text.train;
    let state = panel.state;
    if state.training.is_active() && state.training.asks_to_discard {
        discard_question(ui, panel);
        return;
    }
    match state.training.phase {
        Phase::Idle => {
            suspect_list::reminder(ui, panel);
            ui.horizontal_wrapped(|ui| {
                let ready = state.has_normal_images();
                let needed = match state.dataset {
                    Some(_) => text.start_needs_normal,
                    None => text.start_needs_data,
                };
                ui.add_enabled_ui(ready, |ui| {
                    let (label, help, action) = match state.would_train_more() {
                        true => (text.more, text.more_help, Action::ContinueTraining),
                        false => (text.start, text.start_help, Action::StartTraining),
                    };
                    let start = primary_button(ui, label).on_hover_text(help);
                    if start.on_disabled_hover_text(needed).clicked() {
                        panel.actions.push(action);
                    }
                });
            });
            if state.model.is_some() {
                path_entry::browse(ui, panel, text.save_as, Browse::SaveModel);
            }
        }
        Phase::Finishing => {
            ui.horizontal_wrapped(|ui| {
                let skip = ending_button(ui, text.skip_measuring);
                if skip.on_hover_text(text.skip_measuring_help).clicked() {
                    panel.actions.push(Action::SkipMeasuring);
                }
                ask_to_discard(ui, panel);
            });
            weak(ui, (text.finishing)(state.jobs.progress_of(Job::Finishing)));
        }
        phase => {
            ui.horizontal(|ui| {
                let paused = phase == Phase::Paused;
                let label = if paused { text.resume } else { text.pause };
                let can_pause = matches!(phase, Phase::Running | Phase::Paused);
                ui.add_enabled_ui(can_pause, |ui| {
                    if primary_button(ui, label).clicked() {
                        panel.actions.push(if paused {
                            Action::Resume
                        } else {
                            Action::Pause
                        });
                    }
                });
            });
            ui.add_enabled_ui(phase != Phase::Stopping, |ui| {
                ui.horizontal_wrapped(|ui| {
                    let keep = ending_button(ui, text.stop_keep).on_hover_text(text.stop_keep_help);
                    if keep.clicked() {
                        panel.actions.push(Action::Stop { keep: true });
                    }
                    ask_to_discard(ui, panel);
                });
            });
        }
    }
}
