//! What people say of single images, whatever the folders say: labels, in one small file beside the images, which
//! are left alone.

mod above;
mod alike;
mod applied;
mod content;
mod counts;
mod file;
mod kind_name;
mod masks;
mod matching;
pub mod pattern;
mod place;
mod remark;
pub mod save_as;
pub mod suggest;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kizumi_image::drawn_mask::DrawnMask;
use serde::{Deserialize, Serialize};

pub use alike::{Alike, Read};
pub use applied::Standing;
pub use counts::LabelCounts;
pub use file::{Change, LabelError, NewMask, Saved, add_contents, save, save_labels};
pub use kind_name::{KindFault, kind_fault};
pub use masks::{UnusedMask, WhyUnused, mask_file};
pub use place::{FILE_NAME, MASKS_FOLDER};
pub use remark::Remark;

/// What a person says of an image.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "label", rename_all = "kebab-case")]
pub enum Label {
    /// It is normal: it is learned from, unless its folder set it apart as a normal image to test with.
    Ok,
    /// It is defective: it is never learned from.
    Ng {
        /// Which defect, where somebody has said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
    },
    /// It is not learned from; nothing is said of what it shows.
    LeftOut,
}

impl Label {
    /// Defective; nobody has said in what way.
    pub const NG: Self = Self::Ng { kind: None };
}

/// The labels of a data set, by what it calls its images now ([`crate::catalog::Catalog::name_of`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    of: BTreeMap<String, Label>,
    /// Masks that people drew of these images.
    drawn: BTreeMap<String, DrawnMask>,
    /// Those that belong to no image that is there: they are kept in the file, and applied to nothing.
    pub unmatched: Vec<Unmatched>,
    /// The names without endings of images that were called defective before they were saved anew.
    #[serde(default)]
    lapsed: BTreeSet<String>,
    /// Images that have another name by now: what the file calls them, and what they are called. The file learns it
    /// when a label is changed.
    pub renamed: Vec<(String, String)>,
    /// Drawn masks that belong to no image that is there.
    pub unused_masks: Vec<UnusedMask>,
    /// The images that hold the same as labelled ones, so far as that was looked for.
    #[serde(default)]
    pub alike: Alike,
    /// What a person should know of them.
    #[serde(default)]
    pub remarks: Vec<Remark>,
}

/// A label that is applied to no image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmatched {
    /// What the file calls the image.
    pub image: String,
    /// What was said of it.
    #[serde(flatten)]
    pub label: Label,
    /// Why it is not applied.
    pub why: Missing,
}

/// Why a label is applied to no image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// No image has that name or that content.
    Gone,
    /// The image of that name holds something else by now.
    Changed,
    /// The file is there, and the data set does not use it.
    Unused,
}

impl Missing {
    /// In English, behind the name of the image.
    pub fn words(self) -> &'static str {
        match self {
            Self::Gone => "is gone",
            Self::Changed => "holds something else by now",
            Self::Unused => "is not used by the data set",
        }
    }
}

impl Labels {
    /// The label of an image.
    pub fn get(&self, name: &str) -> Option<&Label> {
        self.of.get(name)
    }

    /// Labels an image, or takes its label away; gives the one from before.
    pub fn set(&mut self, name: &str, label: Option<Label>) -> Option<Label> {
        match label {
            Some(label) => self.of.insert(name.to_owned(), label),
            None => self.of.remove(name),
        }
    }

    /// The mask that somebody drew of an image. It counts for as long as the image is labelled defective.
    pub fn drawn(&self, name: &str) -> Option<&DrawnMask> {
        self.drawn.get(name)
    }

    /// Gives an image a drawn mask, or takes it away.
    pub fn set_drawn(&mut self, name: &str, mask: Option<DrawnMask>) {
        match mask {
            Some(mask) => drop(self.drawn.insert(name.to_owned(), mask)),
            None => drop(self.drawn.remove(name)),
        }
    }

    /// All of them, by the names of their images.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Label)> {
        self.of.iter().map(|(name, label)| (name.as_str(), label))
    }

    /// Whether an image of this name, with any ending, was called defective before it was saved anew: then what its folder says
    /// of it is open until somebody says it again.
    pub fn is_lapsed(&self, name: &str) -> bool {
        !self.lapsed.is_empty() && self.lapsed.contains(&without_ending(name))
    }

    /// Whether every image is what its folder says.
    pub fn change_nothing(&self) -> bool {
        self.is_empty() && self.lapsed.is_empty()
    }

    /// Whether nothing is said of any image that is there.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The images that are not to be learned from, by name.
    pub fn left_out(&self) -> BTreeSet<String> {
        let left_out = self.iter().filter(|(_, label)| **label == Label::LeftOut);
        left_out.map(|(name, _)| name.to_owned()).collect()
    }

    /// The kinds of defects that were named, in order.
    pub fn kinds(&self) -> BTreeSet<&str> {
        let kind = |(_, label)| match label {
            &Label::Ng {
                kind: Some(ref kind),
            } => Some(kind.as_str()),
            _ => None,
        };
        self.iter().filter_map(kind).collect()
    }
}

/// The name of an image, with its folders and without its ending.
fn without_ending(name: &str) -> String {
    let path = Path::new(name).with_extension("");
    path.to_string_lossy().to_lowercase()
}

impl FromIterator<(String, Label)> for Labels {
    fn from_iter<T: IntoIterator<Item = (String, Label)>>(labels: T) -> Self {
        Self {
            of: labels.into_iter().collect(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod twins_tests;
