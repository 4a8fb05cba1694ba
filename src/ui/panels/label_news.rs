//! What labels have changed since the model was trained, and what can be done about it.

use egui::{Button, RichText, Ui};

use crate::ui::action::Action;
use crate::ui::state::Step;
use crate::ui::widgets::{palette, primary_button, tinted};

use super::Panel;

/// Draws a line with the offers, where there is anything to offer.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    let Some(news) = panel.state.label_news() else {
        return;
    };
    let words = panel.text.labels;
    let color = palette(ui).accent;
    tinted(color).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new((words.news)(&news)).color(palette(ui).text));
            let idle = panel.state.jobs.foremost().is_none() && !panel.state.training.is_active();
            ui.add_enabled_ui(idle, |ui| {
                let train = primary_button(ui, &(words.train_again)(&news));
                if train.on_hover_text(words.train_again_help).clicked() {
                    let actions = [
                        Action::SetTrainsMore(false),
                        Action::GoTo(Step::Train),
                        Action::StartTraining,
                    ];
                    panel.actions.extend(actions);
                }
                // A model that has learned a defect is not helped by other thresholds.
                if news.left == 0 && news.unmeasured > 0 {
                    let measure = ui.add(Button::new(words.measure_again));
                    if measure.on_hover_text(words.measure_again_help).clicked() {
                        panel.actions.push(Action::Recalibrate);
                    }
                }
            });
        });
    });
}
