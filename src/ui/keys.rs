//! What keys do, unless a field or a control has the focus.

use egui::{Context, Key, Modifiers};

use super::action::Action;
use super::state::timeline::Cursor;
use super::state::{State, Step};

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
    for (key, step) in [Key::Num1, Key::Num2, Key::Num3, Key::Num4]
        .into_iter()
        .zip(Step::ALL)
    {
        on(Modifiers::COMMAND, key, Action::GoTo(step));
    }
    if matches!(state.step, Step::Train | Step::Review) {
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
        on(Modifiers::NONE, Key::Space, Action::TogglePlay);
    }
}
