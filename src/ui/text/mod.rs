//! Every word on screen, a domain a file. Each holds its words as a struct and every language's value
//! of it side by side; the compiler sees to it that none of them lacks a word. Formulas mark what is
//! lowered with `_`.

mod commands;
mod common;
mod data;
mod inspect;
mod painting;
mod regions;
mod review;
mod runs;
mod saving;
mod status;
mod steps;
mod timing;
mod train;
mod tuning;
mod viewer;

pub use commands::Commands;
pub use common::Common;
pub use data::Data;
pub use inspect::Inspect;
pub use painting::Painting;
pub use regions::Regions;
pub use review::{Review, Summary, TileScores};
pub use runs::Runs;
pub use saving::Saving;
pub use status::Status;
pub use steps::Steps;
pub use timing::Timing;
pub use train::Train;
pub use tuning::Tuning;
pub use viewer::Viewer;

use super::action::Browse;
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
    pub review: &'static Review,
    pub runs: &'static Runs,
    pub status: &'static Status,
    pub painting: &'static Painting,
    pub regions: &'static Regions,
    pub saving: &'static Saving,
    pub viewer: &'static Viewer,
    pub timing: &'static Timing,
    pub tuning: &'static Tuning,
}

impl Text {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Japanese => &JAPANESE,
        }
    }

    /// The title of a file dialog.
    pub fn browse_title(&self, what: Browse) -> &'static str {
        let [dataset, model, image, save] = self.common.browse_titles;
        match what {
            Browse::Dataset => dataset,
            Browse::Model => model,
            Browse::Image => image,
            Browse::SaveModel => save,
            Browse::Save(export) => self.saving.export(export),
        }
    }

    /// The words of reports.
    pub fn report(&self) -> &'static kizumi_report::Text {
        match self.language {
            Language::English => &kizumi_report::ENGLISH,
            Language::Japanese => &kizumi_report::JAPANESE,
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
    review: &review::ENGLISH,
    runs: &runs::ENGLISH,
    status: &status::ENGLISH,
    painting: &painting::ENGLISH,
    regions: &regions::ENGLISH,
    saving: &saving::ENGLISH,
    viewer: &viewer::ENGLISH,
    timing: &timing::ENGLISH,
    tuning: &tuning::ENGLISH,
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
    review: &review::JAPANESE,
    runs: &runs::JAPANESE,
    status: &status::JAPANESE,
    painting: &painting::JAPANESE,
    regions: &regions::JAPANESE,
    saving: &saving::JAPANESE,
    viewer: &viewer::JAPANESE,
    timing: &timing::JAPANESE,
    tuning: &tuning::JAPANESE,
};

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
