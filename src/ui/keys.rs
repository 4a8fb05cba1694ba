//! What keys do, unless a field or a control has the focus.

use egui::{Context, Key, Modifiers};

use super::action::Action;
use super::layers::Layer;
use super::state::timeline::Cursor;
use super::state::{State, Step};
use super::viewing::{Arrangement, Compare, Sampling, Viewing};

/// The actions of the keys that were pressed.
pub fn pressed(ctx: &Context, state: &State, actions: &mut Vec<Action>) {
    if ctx.egui_wants_keyboard_input() {
        return;
    }
    let mut on = |modifiers: Modifiers, key: Key, action: Action| {
        if ctx.input_mut(|input| input.consume_key(modifiers, key)) {
            actions.push(action);
        }
    };
    for (key, step) in [Key::Num1, Key::Num2, Key::Num3].into_iter().zip(Step::ALL) {
        on(Modifiers::COMMAND, key, Action::GoTo(step));
    }
    on(Modifiers::NONE, Key::F12, Action::ToggleTiming);
    if state.step == Step::Train {
        return;
    }
    // Before the keys without modifiers: egui lets an extra Shift pass for those.
    on(Modifiers::SHIFT, Key::ArrowLeft, Action::StepCursor(-10));
    on(Modifiers::SHIFT, Key::ArrowRight, Action::StepCursor(10));
    for (keys, by) in [
        ([Key::N, Key::PageDown, Key::ArrowDown], 1),
        ([Key::P, Key::PageUp, Key::ArrowUp], -1),
    ] {
        for key in keys {
            on(Modifiers::NONE, key, Action::SelectNeighbour(by));
        }
    }
    if state.step == Step::Inspect {
        on(Modifiers::NONE, Key::ArrowLeft, Action::StepCursor(-1));
        on(Modifiers::NONE, Key::ArrowRight, Action::StepCursor(1));
        on(Modifiers::NONE, Key::Home, Action::SetCursor(Cursor::At(0)));
        on(Modifiers::NONE, Key::End, Action::SetCursor(Cursor::Follow));
        on(Modifiers::NONE, Key::K, Action::TogglePlay);
        on(Modifiers::NONE, Key::Escape, Action::ClearPins);
        looking(state, &mut on);
    }
}

/// Keys that change how a person looks.
fn looking(state: &State, on: &mut impl FnMut(Modifiers, Key, Action)) {
    const DIGITS: [Key; Layer::COUNT] = [
        Key::Num1,
        Key::Num2,
        Key::Num3,
        Key::Num4,
        Key::Num5,
        Key::Num6,
        Key::Num7,
        Key::Num8,
        Key::Num9,
        Key::Num0,
    ];
    let now = state.settings.viewing;
    for (key, layer) in DIGITS.into_iter().zip(Layer::ALL) {
        let arrangement = Arrangement::Large;
        on(
            Modifiers::NONE,
            key,
            Action::SetViewing(Viewing {
                layer,
                arrangement,
                ..now
            }),
        );
    }
    for (key, compare) in [Key::S, Key::W, Key::O, Key::F]
        .into_iter()
        .zip(Compare::ALL)
    {
        on(
            Modifiers::NONE,
            key,
            Action::SetViewing(Viewing {
                compare,
                arrangement: Arrangement::Large,
                ..now
            }),
        );
    }
    let arrangement = match now.arrangement {
        Arrangement::Large => Arrangement::Grid,
        Arrangement::Grid => Arrangement::Large,
    };
    let sampling = match now.sampling {
        Sampling::Nearest => Sampling::Linear,
        Sampling::Linear => Sampling::Nearest,
    };
    for (key, viewing) in [
        (Key::G, Viewing { arrangement, ..now }),
        (Key::X, Viewing { sampling, ..now }),
        (
            Key::L,
            Viewing {
                probe: !now.probe,
                ..now
            },
        ),
        (
            Key::H,
            Viewing {
                photograph: !now.photograph,
                ..now
            },
        ),
    ] {
        on(Modifiers::NONE, key, Action::SetViewing(viewing));
    }
}
