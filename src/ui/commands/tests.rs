use std::collections::HashMap;

use egui::{Key, KeyboardShortcut, Modifiers};

use crate::ui::state::State;

use super::keys::{all_written, written};
use super::*;

#[test]
fn a_key_calls_one_command_alone() {
    let mut known: HashMap<KeyboardShortcut, &str> = HashMap::new();
    for command in COMMANDS {
        for key in command.keys {
            if let Some(other) = known.insert(*key, command.id) {
                panic!("{} calls {other} and {}", written(key), command.id);
            }
        }
    }
    // Held to see the original.
    let space = KeyboardShortcut::new(Modifiers::NONE, Key::Space);
    assert!(!known.contains_key(&space));
}

#[test]
fn ids_names_and_actions_are_unique() {
    for (index, command) in COMMANDS.iter().enumerate() {
        for other in &COMMANDS[..index] {
            assert_ne!(command.id, other.id);
            assert_ne!(command.names, other.names, "{}", command.id);
            assert_ne!(command.action, other.action, "{}", command.id);
        }
    }
}

#[test]
fn a_command_says_what_it_lacks() {
    let state = State::default();
    let lacks = |id| by_id(id).unwrap().lacks(&state);
    assert_eq!(lacks("file.save-model"), Some(Need::Model));
    assert_eq!(lacks("projection.play"), Some(Need::Inspecting));
    assert_eq!(lacks("training.start"), Some(Need::Dataset));
    assert_eq!(lacks("help.keys"), None);
}

#[test]
fn keys_are_written_as_people_write_them() {
    let next = by_id("image.next").unwrap();
    assert_eq!(all_written(next), "N, Page Down, ↓");
    let back = by_id("projection.back-ten").unwrap();
    assert_eq!(all_written(back), "Shift+←");
    let help = by_id("help.keys").unwrap();
    assert_eq!(all_written(help), "?, F1");
    if !cfg!(target_os = "macos") {
        let smaller = by_id("appearance.smaller").unwrap();
        assert_eq!(all_written(smaller), "Ctrl+-");
    }
}
