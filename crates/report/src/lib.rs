//! Reports for people, one HTML file that holds everything it shows, and tables for machines.
//!
//! A report loads nothing from outside itself: pictures are PNG inside `data:` addresses, curves
//! are inline SVG, the style is inline, there is no script, and a content security policy forbids
//! the rest. So it can be mailed, archived and printed (A4). It follows the reader's light or dark
//! scheme. Whoever makes one fills [`ImageReport`], [`FolderReport`] or [`ContactSheet`]; what is
//! `None` or empty is left out, never faked. Whatever comes from files is escaped.

mod append;
mod cell;
pub mod contact_sheet;
mod curves;
pub mod evaluation_tables;
mod figure;
mod folder_report;
mod html;
mod image_report;
mod matrix;
mod number;
mod occupied;
mod page;
pub mod picks;
mod plot;
pub mod results;
mod score;
mod settings;
mod sheet_page;
mod table_file;
mod text;
pub mod watched;
mod words;

use std::path::Path;

use anyhow::Result;

pub use cell::Bom;
pub use figure::{ColourScale, Figure, ScaleBasis, Subject};
pub use folder_report::{FolderReport, Row, RowScores};
pub use image_report::{ImageReport, RegionTable};
pub use occupied::Occupied;
pub use score::Score;
pub use settings::{Model, Settings};
pub use sheet_page::{ContactSheet, SheetImage};
pub use table_file::{TableFormat, save_table};
pub use text::judging::Judging;
pub use text::{ENGLISH, JAPANESE, Text};

use kizumi_image::atomic::write_atomic;

/// Writes a report that was made by [`ImageReport::to_html`], [`FolderReport::to_html`] or
/// [`ContactSheet::to_html`].
///
/// # Errors
/// If the file cannot be written; the text names it, and what was there before stays as it was.
pub fn save(path: &Path, html: &str) -> Result<()> {
    write_atomic(path, html.as_bytes())
}
