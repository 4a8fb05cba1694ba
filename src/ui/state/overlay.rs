//! What lies over the window and takes the keyboard.

use crate::ui::action::Browse;

/// A sheet over the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The command palette.
    Palette(Search),
    /// The list of keys.
    Keys,
    /// The command line that does what was done.
    CommandLine,
    /// A path, where the desktop has no file dialog to choose it with.
    AskPath(PathAsk),
}

/// What a path is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathAsk {
    /// What it is for.
    pub what: Browse,
    /// What was typed.
    pub typed: String,
}

/// A search among the commands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What was typed.
    pub typed: String,
    /// Which of the commands found is chosen.
    pub chosen: usize,
}

impl Search {
    /// Nothing typed yet.
    pub const NEW: Self = Self {
        typed: String::new(),
        chosen: 0,
    };
}
