//! Every word on screen, a domain a file. Each holds its words as a struct and every language's value
//! of it side by side; the compiler sees to it that none of them lacks a word. Formulas mark what is
//! lowered with `_`.

mod common;
mod data;
mod inspect;
mod review;
mod status;
mod steps;
mod train;

pub use common::Common;
pub use data::Data;
pub use inspect::Inspect;
pub use review::{Review, Summary, TileScores};
pub use status::Status;
pub use steps::Steps;
pub use train::Train;

/// All words of a language.
pub struct Text {
    pub common: &'static Common,
    pub steps: &'static Steps,
    pub data: &'static Data,
    pub train: &'static Train,
    pub inspect: &'static Inspect,
    pub review: &'static Review,
    pub status: &'static Status,
}

/// English.
pub static ENGLISH: Text = Text {
    common: &common::ENGLISH,
    steps: &steps::ENGLISH,
    data: &data::ENGLISH,
    train: &train::ENGLISH,
    inspect: &inspect::ENGLISH,
    review: &review::ENGLISH,
    status: &status::ENGLISH,
};
