//! Step 4, centre: what the decision means in a sentence and in charts, above the wall of images.

use egui::{Rect, RichText, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};

use crate::ui::action::{Action, Browse};
use crate::ui::busy::{BUSY, busy};
use crate::ui::icon::Icon;
use crate::ui::review::Truth;
use crate::ui::state::Step;
use crate::ui::state::set::Stale;
use crate::ui::theme::{GAP, RADIUS};
use crate::ui::widgets::{card, empty_state, palette, primary_button, tinted};
use kizumi_dataset::sample::Set;

use super::{
    Panel, label_news, opening, path_entry, review_confusion, review_curves, review_filter,
    review_histogram, review_masks, review_run, review_summary, review_wall, watch_wall,
};

const CARD_MARGIN: f32 = 11.0;

/// Draws the centre.
pub fn show(ui: &mut Ui, panel: &mut Panel<'_>) {
    if panel.state.watching.is_shown {
        watch_wall::show(ui, panel);
        return;
    }
    if panel.state.set.images().is_empty() {
        empty(ui, panel);
        return;
    }
    stale(ui, panel);
    label_news::show(ui, panel);
    review_masks::show(ui, panel);
    review_summary::show(ui, panel);
    charts(ui, panel);
    ui.add_space(GAP - ui.spacing().item_spacing.y);
    card(ui).inner_margin(10).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        review_filter::show(ui, panel);
        review_wall::show(ui, panel);
    });
}

fn empty(ui: &mut Ui, panel: &mut Panel<'_>) {
    let text = panel.text;
    let state = panel.state;
    if state.set.is_active() {
        empty_state(ui, Icon::Picture, text.review.asked, |ui| {
            busy(ui, BUSY, crate::ui::widgets::palette(ui).accent);
        });
    } else if state.is_opening_model() {
        opening(ui, panel);
    } else if state.set_images().is_empty() {
        empty_state(ui, Icon::Folder, text.review.empty_no_data, |ui| {
            if primary_button(ui, text.data.try_demo).clicked() {
                panel.actions.push(Action::OpenDemo(Set::Washer));
            }
            ui.add_space(2.0);
            path_entry::browse(ui, panel, text.data.browse_folder, Browse::Dataset);
        });
    } else if state.model.is_none() {
        empty_state(ui, Icon::Chart, text.review.empty_no_model, |ui| {
            if primary_button(ui, text.data.next_train).clicked() {
                panel.actions.push(Action::GoTo(Step::Train));
            }
            ui.add_space(2.0);
            path_entry::browse(ui, panel, text.data.open_model, Browse::Model);
        });
    } else {
        let foreign = state.model.as_ref().filter(|_| state.model_is_foreign());
        let sentence = foreign.map_or(text.review.empty.to_owned(), |model| {
            let name = text.steps.model_name(model);
            (text.data.foreign_model)(&name, &model.trained_on)
        });
        empty_state(ui, Icon::Picture, &sentence, |ui| {
            if foreign.is_some() && primary_button(ui, text.data.next_train).clicked() {
                panel.actions.push(Action::GoTo(Step::Train));
            }
            review_run::begin(ui, panel);
        });
    }
}

/// Says that the results are not what inspecting now would give, with the button that mends it.
fn stale(ui: &mut Ui, panel: &mut Panel<'_>) {
    let Some(stale) = panel.state.set_stale() else {
        return;
    };
    let text = panel.text.review;
    let color = palette(ui).warning;
    tinted(color).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            let conditions = panel.state.set.conditions();
            let model = conditions.and_then(|known| known.model_name.as_deref());
            let words = text.stale(stale, model);
            ui.label(RichText::new(words).color(color));
            let number = panel.state.set_images().len();
            let may =
                number > 0 && !panel.state.set.is_active() && !panel.state.waits_for_training();
            let button = egui::Button::new((text.inspect_again)(number));
            let helps = !matches!(stale, Stale::Unreachable(_));
            if helps && ui.add_enabled(may, button).clicked() {
                panel.actions.push(Action::InspectSet);
            }
        });
    });
}

/// Histogram, curve and confusion matrix side by side; without defective images no curve.
fn charts(ui: &mut Ui, panel: &mut Panel<'_>) {
    let area = ui.available_rect_before_wrap();
    let height = (area.height() * 0.34).clamp(166.0, 250.0);
    let has_defects = panel.review.table.scored(Truth::Defective) > 0;
    let has_curves = has_defects || panel.review.rival.is_some();
    let shares: &[f32] = match has_curves {
        true => &[0.40, 0.25, 0.35],
        false => &[0.60, 0.40],
    };
    let room = area.width() - GAP * (shares.len() - 1) as f32;
    let mut left = area.left();
    for (index, share) in shares.iter().enumerate() {
        let size = vec2((room * share).floor(), height);
        let rect = Rect::from_min_size(pos2(left, area.top()), size);
        left += size.x + GAP;
        // Whatever its contents want, a card is as large as its place.
        let mut inside = ui.new_child(UiBuilder::new().max_rect(rect));
        let palette = palette(ui);
        let line = Stroke::new(1.0, palette.line);
        let painter = inside.painter();
        painter.rect(rect, RADIUS, palette.card, line, StrokeKind::Inside);
        let contents = rect.shrink(CARD_MARGIN);
        inside.set_clip_rect(inside.clip_rect().intersect(rect));
        let mut inside = inside.new_child(UiBuilder::new().max_rect(contents));
        match (index, has_curves) {
            (0, _) => review_histogram::show(&mut inside, panel),
            (1, true) => review_curves::show(&mut inside, panel),
            _ => review_confusion::show(&mut inside, panel),
        }
    }
    let row = Rect::from_min_size(area.min, vec2(area.width(), height));
    ui.advance_cursor_after_rect(row);
}
