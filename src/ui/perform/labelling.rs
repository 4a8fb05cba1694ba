//! Labels of the images that are looked at: after each the next image is shown, as in programs for sorting
//! photographs.

use std::path::PathBuf;

use kizumi_dataset::labels::Label;

use super::opening::go_on;
use crate::ui::engine_port::Engine;
use crate::ui::state::notice::{Level, Scope};
use crate::ui::state::{State, Step};
use crate::ui::text::Labels;

/// Labels the image that is chosen, or takes its label away, and goes to the next one. `order` is that of the wall.
pub fn label(
    label: Option<&Label>,
    state: &mut State,
    engine: &mut dyn Engine,
    (order, words): (&[usize], &Labels),
) {
    match state.step {
        Step::Review => label_tiles(label, state, order, words),
        Step::Data | Step::Inspect => {
            let inspecting = &state.inspecting;
            let chosen = inspecting
                .passed_over
                .as_ref()
                .or(inspecting.selected.as_ref());
            let Some(image) = chosen.map(|entry| entry.path.clone()) else {
                return;
            };
            let is_gone_through =
                state.place_in_list().is_some() || state.place_in_review(order).is_some();
            let next = state.next_image(1, order).filter(|_| is_gone_through);
            say(std::slice::from_ref(&image), label, state, words);
            if let Some(next) = next.filter(|next| next.entry.path != image) {
                go_on(next, state, engine);
            }
        }
        Step::Train => {}
    }
}

/// Labels images; what that does not change is said.
fn say(images: &[PathBuf], label: Option<&Label>, state: &mut State, words: &Labels) {
    state.label(images, label);
    if label == Some(&Label::Ok) && images.iter().any(|image| state.is_set_apart(image)) {
        let told = words.set_apart;
        state.notices.push_about(Scope::Dataset, Level::Info, told);
    }
}

/// Those that were chosen together, or the one that the keys are at.
fn label_tiles(label: Option<&Label>, state: &mut State, order: &[usize], words: &Labels) {
    let images = state.set.images();
    let path = |index: &usize| Some(images.get(*index)?.path.clone());
    if !state.review.chosen.is_empty() {
        let paths: Vec<PathBuf> = state.review.chosen.iter().filter_map(path).collect();
        state.review.chosen.clear();
        say(&paths, label, state, words);
        return;
    }
    let place = state
        .review
        .cursor
        .and_then(|cursor| order.iter().position(|index| *index == cursor));
    let Some(place) = place else {
        // Nobody has seen yet which image it would be.
        state.review.cursor = order.first().copied();
        return;
    };
    let image: Vec<PathBuf> = path(&order[place]).into_iter().collect();
    say(&image, label, state, words);
    if let Some(next) = order.get(place + 1) {
        state.review.cursor = Some(*next);
    }
}

/// Labels it NG, of a kind by its place among those that are known.
pub fn label_as(
    nth: usize,
    state: &mut State,
    engine: &mut dyn Engine,
    order: &[usize],
    words: &Labels,
) {
    let dataset = state.dataset.as_ref();
    let kinds = dataset.map(|open| open.defect_kinds()).unwrap_or_default();
    let known = kinds.len();
    match kinds.into_iter().nth(nth) {
        Some(kind) => {
            let given = Label::Ng { kind: Some(kind) };
            label(Some(&given), state, engine, (order, words));
        }
        None => state
            .notices
            .push_about(Scope::Dataset, Level::Info, (words.no_kind)(known)),
    }
}

/// Labels the open image NG, of this kind; it stays open.
pub fn set_kind(kind: String, state: &mut State) {
    if let Some(opened) = &state.inspecting.opened {
        let image = opened.entry.path.clone();
        state.label(&[image], Some(&Label::Ng { kind: Some(kind) }));
    }
}
