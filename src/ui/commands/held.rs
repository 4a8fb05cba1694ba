//! Keys that are held, by the names that they were pressed by.

use std::collections::HashMap;

use egui::{Event, Key, RawInput};

/// The keys that are down: their places on the keyboard, and what each of them has been called since.
#[derive(Debug, Default)]
pub struct Held(HashMap<Key, Vec<Key>>);

impl Held {
    /// Lets a key go by every name that it was pressed by. Whoever lets Shift go first lets `/` go, where
    /// `?` was pressed: the window library would take `?` for held from then on, and every later press
    /// for a repetition.
    pub fn let_go(&mut self, input: &mut RawInput) {
        if !input.focused {
            self.0.clear();
        }
        for event in std::mem::take(&mut input.events) {
            let Event::Key {
                key,
                physical_key: Some(place),
                pressed,
                ..
            } = event
            else {
                input.events.push(event);
                continue;
            };
            if pressed {
                let names = self.0.entry(place).or_default();
                if !names.contains(&key) {
                    names.push(key);
                }
            } else {
                let others = self.0.remove(&place).unwrap_or_default();
                let others = others.into_iter().filter(|name| *name != key);
                input.events.extend(others.map(|name| {
                    let mut event = event.clone();
                    if let Event::Key { key, .. } = &mut event {
                        *key = name;
                    }
                    event
                }));
            }
            input.events.push(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use egui::{Context, Modifiers};

    use super::*;

    fn slash(key: Key, pressed: bool) -> Event {
        Event::Key {
            key,
            physical_key: Some(Key::Slash),
            pressed,
            repeat: false,
            modifiers: Modifiers::NONE,
        }
    }

    /// Which of the events that were pressed the window takes for repetitions.
    fn repetitions(held: &mut Held, ctx: &Context, events: Vec<Event>) -> Vec<bool> {
        let mut input = RawInput {
            events,
            ..RawInput::default()
        };
        held.let_go(&mut input);
        ctx.begin_pass(input);
        let seen = ctx.input(|input| {
            let pressed = input.events.iter().filter_map(|event| match event {
                Event::Key {
                    pressed: true,
                    repeat,
                    ..
                } => Some(*repeat),
                _ => None,
            });
            pressed.collect()
        });
        let _ = ctx.end_pass();
        seen
    }

    #[test]
    fn a_sign_whose_shift_is_let_go_first_can_be_pressed_again() {
        let (mut held, ctx) = (Held::default(), Context::default());
        let mut press = |events| repetitions(&mut held, &ctx, events);
        assert_eq!(press(vec![slash(Key::Questionmark, true)]), [false]);
        assert_eq!(press(vec![slash(Key::Questionmark, true)]), [true], "held");
        assert_eq!(press(vec![slash(Key::Slash, true)]), [false]);
        assert_eq!(press(vec![slash(Key::Slash, false)]), [false; 0]);
        assert_eq!(press(vec![slash(Key::Questionmark, true)]), [false]);
    }
}
