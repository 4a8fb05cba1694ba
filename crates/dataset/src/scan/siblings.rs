//! Folders below one of normal images, or of images to learn from, that are called otherwise than those beside them.

use std::collections::{HashMap, HashSet};

use super::names::{Word, word};
use super::neutral::is_neutral;
use super::qualifiers::{names_test, says_normal};
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

    /// Whether a folder is called otherwise than one beside it, or after a test, below one of normal images: `別件`
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

/// The names down to the first that says "normal", or to that of the split, and those below.
fn split(folder: &[String]) -> (&[String], &[String]) {
    let is_normal = |name: &String| word(name) == Some(Word::Normal);
    let normal = folder.iter().position(is_normal);
    folder.split_at(normal.map_or(folder.len().min(1), |at| at + 1))
}

/// Whether a name tells several of normal parts apart.
fn tells_apart(name: &str) -> bool {
    let is_direction = ["l", "r", "n", "s"].contains(&&*name.to_lowercase());
    is_direction || is_neutral(name)
}

/// The words of folders that say something; neither where and when parts are seen, nor what is merely counted, nor
/// "normal" again.
fn called(below: &[String]) -> Vec<String> {
    let says = |name: &&String| {
        let is_plain = Role::of(name) == Role::Container || tells_apart(name);
        !is_plain && !says_normal(name)
    };
    let called = below.iter().filter(says).map(|name| letters(name));
    called.filter(|letters| !letters.is_empty()).collect()
}
