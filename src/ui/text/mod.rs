//! Every word on screen, a domain a file: a table with both languages beside each other; the compiler
//! sees to it that none of them lacks a word. Formulas mark what is lowered with `_`.

mod commands;
mod common;
mod data;
mod explain;
mod inspect;
mod labels;
mod painting;
mod project;
mod question;
mod regions;
mod review;
mod rival;
mod runs;
mod saving;
mod status;
mod steps;
mod suspects;
mod timing;
mod train;
mod tuning;
mod viewer;
mod watching;

pub use commands::Commands;
pub use common::Common;
pub use data::Data;
pub use explain::Explain;
pub use inspect::Inspect;
pub use labels::Labels;
pub use painting::Painting;
pub use project::Project;
pub use question::Question;
pub use regions::Regions;
pub use review::{Review, Summary, TileScores};
pub use rival::Rival;
pub use runs::Runs;
pub use saving::Saving;
pub use status::Status;
pub use steps::Steps;
pub use suspects::Suspects;
pub use timing::Timing;
pub use train::Train;
pub use tuning::Tuning;
pub use viewer::Viewer;
pub use watching::Watching;

use kizumi_report;
use kizumi_report::words;

use super::action::Browse;
use super::language::Language;
use super::panels::numbers::count;
use crate::text::{Worded, report_text};

words! {
    /// All words of a language.
    pub struct Text;

    /// Which one it is.
    language: Language = Language::English, Language::Japanese;
    commands: &'static Commands = &commands::ENGLISH, &commands::JAPANESE;
    common: &'static Common = &common::ENGLISH, &common::JAPANESE;
    steps: &'static Steps = &steps::ENGLISH, &steps::JAPANESE;
    data: &'static Data = &data::ENGLISH, &data::JAPANESE;
    project: &'static Project = &project::ENGLISH, &project::JAPANESE;
    question: &'static Question = &question::ENGLISH, &question::JAPANESE;
    suspects: &'static Suspects = &suspects::ENGLISH, &suspects::JAPANESE;
    labels: &'static Labels = &labels::ENGLISH, &labels::JAPANESE;
    train: &'static Train = &train::ENGLISH, &train::JAPANESE;
    inspect: &'static Inspect = &inspect::ENGLISH, &inspect::JAPANESE;
    review: &'static Review = &review::ENGLISH, &review::JAPANESE;
    rival: &'static Rival = &rival::ENGLISH, &rival::JAPANESE;
    runs: &'static Runs = &runs::ENGLISH, &runs::JAPANESE;
    status: &'static Status = &status::ENGLISH, &status::JAPANESE;
    painting: &'static Painting = &painting::ENGLISH, &painting::JAPANESE;
    regions: &'static Regions = &regions::ENGLISH, &regions::JAPANESE;
    saving: &'static Saving = &saving::ENGLISH, &saving::JAPANESE;
    explain: &'static Explain = &explain::ENGLISH, &explain::JAPANESE;
    viewer: &'static Viewer = &viewer::ENGLISH, &viewer::JAPANESE;
    timing: &'static Timing = &timing::ENGLISH, &timing::JAPANESE;
    tuning: &'static Tuning = &tuning::ENGLISH, &tuning::JAPANESE;
    watching: &'static Watching = &watching::ENGLISH, &watching::JAPANESE;
}

impl Text {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Japanese => &JAPANESE,
        }
    }

    /// What worker and data say: a failure, a note, a doubt.
    pub fn said(&self, message: &impl Worded) -> String {
        message.said_in(self.language)
    }

    /// The title of a file dialog.
    pub fn browse_title(&self, what: Browse) -> &'static str {
        let [dataset, model, image, save] = self.common.browse_titles;
        match what {
            Browse::Dataset => dataset,
            Browse::Model => model,
            Browse::Image => image,
            Browse::SaveModel => save,
            Browse::Project => self.project.open,
            Browse::SaveProject => self.project.save_as,
            Browse::FindFolder => self.project.find_folder,
            Browse::Save(export) => self.saving.export(export),
            Browse::CopyImages => self.saving.copy_images,
            Browse::WatchFolder => self.watching.choose_folder,
            Browse::WatchResults => self.watching.choose_out,
            Browse::SaveDataset(_) => self.labels.save_as,
        }
    }

    /// The words of reports.
    pub fn report(&self) -> &'static kizumi_report::Text {
        report_text(self.language)
    }
}

/// `one` for 1, else `many` with the number in place of its braces.
fn plural(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => one.to_owned(),
        _ => many.replace("{}", &count(number as u64)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
