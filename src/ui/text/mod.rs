//! Every word on screen, a domain a file. Each holds its words as a struct and every language's value
//! of it side by side; the compiler sees to it that none of them lacks a word. Formulas mark what is
//! lowered with `_`.

mod commands;
mod common;
mod data;
mod inspect;
mod status;
mod steps;
mod timing;
mod train;
mod viewer;

pub use commands::Commands;
pub use common::Common;
pub use data::Data;
pub use inspect::Inspect;
pub use status::Status;
pub use steps::Steps;
pub use timing::Timing;
pub use train::Train;
pub use viewer::Viewer;

use super::language::Language;

/// All words of a language.
pub struct Text {
    /// Which one it is.
    pub language: Language,
    pub commands: &'static Commands,
    pub common: &'static Common,
    pub steps: &'static Steps,
    pub data: &'static Data,
    pub train: &'static Train,
    pub inspect: &'static Inspect,
    pub status: &'static Status,
    pub viewer: &'static Viewer,
    pub timing: &'static Timing,
}

impl Text {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Japanese => &JAPANESE,
        }
    }
}

/// English.
pub static ENGLISH: Text = Text {
    language: Language::English,
    commands: &commands::ENGLISH,
    common: &common::ENGLISH,
    steps: &steps::ENGLISH,
    data: &data::ENGLISH,
    train: &train::ENGLISH,
    inspect: &inspect::ENGLISH,
    status: &status::ENGLISH,
    viewer: &viewer::ENGLISH,
    timing: &timing::ENGLISH,
};

/// Japanese.
pub static JAPANESE: Text = Text {
    language: Language::Japanese,
    commands: &commands::JAPANESE,
    common: &common::JAPANESE,
    steps: &steps::JAPANESE,
    data: &data::JAPANESE,
    train: &train::JAPANESE,
    inspect: &inspect::JAPANESE,
    status: &status::JAPANESE,
    viewer: &viewer::JAPANESE,
    timing: &timing::JAPANESE,
};

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
