//! Folders of images: what they hold, and the batches that training learns from, with synthetic
//! defects where an objective wants them. Also the sample data that Kizumi makes itself.

mod annotations;
pub mod augment;
pub mod batches;
pub mod catalog;
pub mod closer_look;
pub mod corrupt;
pub mod counts;
pub mod depth_search;
pub mod exclusions;
pub mod few;
mod file_name;
pub mod fingerprint;
pub mod labels;
pub mod left_out;
pub mod list_fault;
pub mod load_note;
pub mod loader;
pub mod natural;
pub mod note;
pub mod opening;
pub mod path_list;
pub mod prefetch;
pub mod sample;
pub mod scan;
pub mod split;
#[cfg(test)]
mod test_folder;
pub mod truth;
pub mod walk;
mod warp;
