//! What the program says of files, data sets, models and trainings: a code with values, worded in both languages,
//! and the same in the window and on the command line.

mod denials;
mod devices;
mod doubts;
mod errors;
mod failures;
mod file_errors;
mod labels;
mod left_out;
mod models;
mod notes;
mod questions;
mod refusals;
mod remarks;
mod sets;
mod settings;
mod system;
mod tasks;

use std::fmt::Display;

pub use devices::device_name;
pub use errors::error_line;
pub use labels::{kind_fault, missing, why_unused};
pub use sets::{Summary, layout};

use crate::language::Language;
use kizumi_dataset::few::Few;

/// A message that displays in English, and has Japanese words for the same.
pub trait Worded: Display {
    /// In Japanese.
    fn japanese(&self) -> String;

    /// In a language.
    fn said_in(&self, language: Language) -> String {
        match language {
            Language::English => self.to_string(),
            Language::Japanese => self.japanese(),
        }
    }
}

/// The words of reports, among them those of verdicts.
pub fn report_text(language: Language) -> &'static kizumi_report::Text {
    match language {
        Language::English => &kizumi_report::ENGLISH,
        Language::Japanese => &kizumi_report::JAPANESE,
    }
}

/// Each of several things, the first few of which are named.
fn few<T: Display>(Few { first, more }: &Few<T>) -> String {
    together(first.iter().map(T::to_string), *more)
}

fn together(first: impl Iterator<Item = String>, more: usize) -> String {
    let first = first.collect::<Vec<_>>().join("、");
    match more {
        0 => first,
        more => format!("{first}、ほか{more}件"),
    }
}

#[cfg(test)]
fn is_japanese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3040}'..'\u{a000}').contains(&c))
}

#[cfg(test)]
mod tests;
