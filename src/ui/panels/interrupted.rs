//! Trainings that ended before their time: go on with them, keep them, give them up.

use egui::{Align, Layout, RichText, Ui};

use crate::ui::action::Action;
use crate::ui::theme::GAP;
use crate::ui::widgets::{card, ending_button, palette, primary_button, weak};
use kizumi_engine::message::Interrupted;
use kizumi_image::shown::shown;

use super::Panel;

/// Offered at once; the others wait.
const SHOWN_MAX: usize = 2;

/// Draws a card for each of the latest, while none is trained.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let state = panel.state;
    if state.training.is_active() {
        return;
    }
    for interrupted in state.interrupted.iter().take(SHOWN_MAX) {
        offer(ui, panel, interrupted);
        ui.add_space(GAP);
    }
}

fn offer(ui: &mut Ui, panel: &mut Panel<'_>, interrupted: &Interrupted) {
    let palette = palette(ui);
    let text = &panel.text.train;
    let resume = |keep| Action::ResumeInterrupted {
        autosave: interrupted.autosave.clone(),
        keep,
    };
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.vertical(|ui| {
                let sentence = (text.interrupted)(interrupted);
                ui.label(RichText::new(sentence).color(palette.strong));
                weak(ui, shown(&interrupted.data).to_string());
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let autosave = || interrupted.autosave.clone();
                if panel.state.to_discard.as_ref() == Some(&interrupted.autosave) {
                    if ui.button(text.interrupted_leave).clicked() {
                        panel.actions.push(Action::AskToDiscard(None));
                    }
                    let discard = ending_button(ui, text.discard);
                    if discard.clicked() {
                        panel.actions.push(Action::DiscardInterrupted(autosave()));
                    }
                    let question = RichText::new(text.interrupted_discard_help);
                    ui.label(question.color(palette.warning));
                    return;
                }
                let discard = ui.button(text.discard_ask);
                if discard
                    .on_hover_text(text.interrupted_discard_help)
                    .clicked()
                {
                    panel.actions.push(Action::AskToDiscard(Some(autosave())));
                }
                let keep = ui.button(text.interrupted_keep);
                if keep.on_hover_text(text.interrupted_keep_help).clicked() {
                    panel.actions.push(resume(true));
                }
                let go_on = primary_button(ui, text.interrupted_resume);
                if go_on.on_hover_text(text.interrupted_resume_help).clicked() {
                    panel.actions.push(resume(false));
                }
            });
        });
    });
}
