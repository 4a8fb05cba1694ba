//! Which keys call which command, and how they are written.

use egui::{Context, Event, Key, KeyboardShortcut, ModifierNames, Modifiers, Popup};

use crate::ui::action::Action;
use crate::ui::state::State;

use super::{COMMANDS, Need, UiCommand};

/// The actions of the keys that were pressed. What is typed into a field calls nothing, and the
/// keys that move a focused control are left to it.
pub fn pressed(ctx: &Context, state: &State, actions: &mut Vec<Action>) {
    if ctx.text_edit_focused() || state.overlay.is_some() {
        return;
    }
    let control_focused = ctx.egui_wants_keyboard_input() || Popup::is_any_open(ctx);
    let mut opened = false;
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            // What is typed after the palette's key in the same frame is not meant for the window.
            if opened {
                return true;
            }
            let Event::Key {
                key,
                pressed: true,
                repeat,
                modifiers,
                ..
            } = event
            else {
                return true;
            };
            if control_focused && moves_controls(*key) {
                return true;
            }
            let Some(command) = called(*modifiers, *key, state) else {
                let lack = lacked(*modifiers, *key, state).filter(|_| !repeat);
                actions.extend(lack.map(Action::SayLack));
                return true;
            };
            if !repeat || repeats(&command.action) {
                actions.push(command.action.clone());
                opened = matches!(command.action, Action::SetOverlay(Some(_)));
            }
            false
        });
    });
}

/// The command that can be called now by this key.
fn called(modifiers: Modifiers, key: Key, state: &State) -> Option<&'static UiCommand> {
    of_key(modifiers, key).find(|command| command.lacks(state).is_none())
}

/// What a command of this key lacks, where a person cannot see it: the step and all else are as it needs them.
fn lacked(modifiers: Modifiers, key: Key, state: &State) -> Option<Need> {
    let mut lacks = of_key(modifiers, key).filter_map(|command| command.lacks(state));
    lacks.find(|need| {
        matches!(
            need,
            Need::Network | Need::Features | Need::Kept | Need::Run
        )
    })
}

fn of_key(modifiers: Modifiers, key: Key) -> impl Iterator<Item = &'static UiCommand> {
    let fits = move |shortcut: &KeyboardShortcut| {
        shortcut.logical_key == key
            && (modifiers.matches_exact(shortcut.modifiers)
                || (needs_shift(key) && modifiers.matches_logically(shortcut.modifiers)))
    };
    COMMANDS
        .iter()
        .filter(move |command| command.keys.iter().any(fits))
}

/// Signs that are typed with Shift on some keyboards and without on others.
fn needs_shift(key: Key) -> bool {
    matches!(
        key,
        Key::Plus | Key::Equals | Key::Minus | Key::Questionmark | Key::Period
    )
}

/// Keys that a button, a rail or a menu makes use of when it has the focus.
fn moves_controls(key: Key) -> bool {
    matches!(
        key,
        Key::ArrowLeft
            | Key::ArrowRight
            | Key::ArrowUp
            | Key::ArrowDown
            | Key::Home
            | Key::End
            | Key::PageUp
            | Key::PageDown
            | Key::Space
            | Key::Enter
            | Key::Escape
    )
}

/// Whether a key that is held goes on calling it.
fn repeats(action: &Action) -> bool {
    matches!(
        action,
        Action::StepCursor(_) | Action::SelectNeighbour(_) | Action::Zoom(_)
    )
}

/// A key as people write it: `Ctrl+P`, `Shift+←`.
pub fn written(shortcut: &KeyboardShortcut) -> String {
    let names = ModifierNames::NAMES;
    let mut text = names.format(&shortcut.modifiers, cfg!(target_os = "macos"));
    if !text.is_empty() {
        text.push_str(names.concat);
    }
    text.push_str(match shortcut.logical_key {
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::ArrowUp => "↑",
        Key::ArrowDown => "↓",
        Key::PageUp => "Page Up",
        Key::PageDown => "Page Down",
        Key::Minus => "-",
        key => key.symbol_or_name(),
    });
    text
}

/// The key of a command to remember; empty if it has none.
pub fn first_written(command: &UiCommand) -> String {
    command.keys.first().map(written).unwrap_or_default()
}

/// All keys of a command, the one to remember first; empty if it has none.
pub fn all_written(command: &UiCommand) -> String {
    let keys: Vec<String> = command.keys.iter().map(written).collect();
    keys.join(", ")
}
