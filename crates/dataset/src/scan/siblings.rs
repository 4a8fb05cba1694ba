//! Folders below one of normal images, or of images to learn from, that are called otherwise than those beside them.

use std::collections::{HashMap, HashSet};

use super::names::{Word, word};
use super::qualifiers::{is_view, names_test};
use super::role::Role;
use super::serial::letters;

/// What the folders below those of normal images, or of images to learn from, are called.
#[derive(Clone, Debug, Default)]
pub(super) struct Siblings {
    /// By the folder that they lie below; empty for what lies directly in it, or is told apart by its number alone.
    called: HashMap<Vec<String>, HashSet<Vec<String>>>,
    /// The same of folders below those of defective images: what both have are parts.
    of_bad: HashSet<Vec<String>>,
}

impl Siblings {
    /// Of folders of normal images and of images to learn from, and of all folders, each named from the base down.
    pub fn new<'f>(
        normal: impl Iterator<Item = &'f Vec<String>>,
        all: impl Iterator<Item = &'f Vec<String>>,
    ) -> Self {
        let mut siblings = Self::default();
        for folder in normal {
            let (above, below) = split(folder);
            let beside = siblings.called.entry(above.to_vec()).or_default();
            beside.insert(called(below));
        }
        for folder in all {
            let is_bad = |name: &String| word(name) == Some(Word::Defective);
            if let Some(bad) = folder.iter().position(is_bad) {
                let called = called(&folder[bad + 1..]);
                let ends = 1..=called.len();
                siblings
                    .of_bad
                    .extend(ends.map(|end| called[..end].to_vec()));
            }
        }
        siblings
    }

    /// Whether a folder is called otherwise than one beside it, or after a test, below one of normal images: `要確認`
    /// beside `確認済`, and `RMA-20261129` beside `20261128`. Parts of which there are defective ones, too, are not.
    pub fn lies_aside(&self, folder: &[String]) -> bool {
        let (above, below) = split(folder);
        let is_normal = above
            .last()
            .is_some_and(|name| word(name) == Some(Word::Normal));
        if is_normal && below.iter().any(|name| names_test(name)) {
            return true;
        }
        let called = called(below);
        let Some(beside) = self.called.get(above).filter(|_| !called.is_empty()) else {
            return false;
        };
        let is_part = !beside.contains(&Vec::new()) && self.of_bad.contains(&called);
        beside.len() > 1 && !is_part
    }
}

/// The names down to the last that says "normal", or to that of the split, and those below.
fn split(folder: &[String]) -> (&[String], &[String]) {
    let is_normal = |name: &String| word(name) == Some(Word::Normal);
    let normal = folder.iter().rposition(is_normal);
    folder.split_at(normal.map_or(folder.len().min(1), |at| at + 1))
}

/// The words of folders that say something; neither from where parts are seen nor what is merely counted.
fn called(below: &[String]) -> Vec<String> {
    let says = |name: &&String| Role::of(name) != Role::Container && !is_view(name);
    let called = below.iter().filter(says).map(|name| letters(name));
    called.filter(|letters| !letters.is_empty()).collect()
}
