//! Many paths in little memory.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Paths in one block.
const BLOCK: usize = 256;

/// A list of paths: a few bytes each beside their text.
///
/// It grows by small blocks: a buffer that doubles would leave as much again behind in the
/// allocator.
#[derive(Clone, Debug, Default)]
pub struct PathList {
    /// In the order in which they came; all but the last one full.
    blocks: Vec<Block>,
    /// Number of each path among those that came; empty while that is the order.
    order: Vec<usize>,
    /// The few that are no Unicode, by number; their text is empty.
    others: HashMap<usize, PathBuf>,
    len: usize,
}

/// The text of one path after the other, and where each one ends.
#[derive(Clone, Debug, Default)]
struct Block {
    text: String,
    ends: Vec<usize>,
}

impl PathList {
    /// Appends a path.
    pub fn push(&mut self, path: &Path) {
        if self.len.is_multiple_of(BLOCK) {
            if let Some(full) = self.blocks.last_mut() {
                full.text.shrink_to_fit();
            }
            self.blocks.push(Block::default());
        }
        let text = path.to_str();
        if text.is_none() {
            self.others.insert(self.len, path.to_owned());
        }
        if let Some(block) = self.blocks.last_mut() {
            block.text.push_str(text.unwrap_or_default());
            block.ends.push(block.text.len());
        }
        if !self.order.is_empty() {
            self.order.push(self.len);
        }
        self.len += 1;
    }

    /// Sorts by `compare`, in which no two paths should be equal.
    pub fn sort_by(&mut self, compare: impl Fn(&Path, &Path) -> Ordering) {
        let mut order: Vec<usize> = (0..self.len).collect();
        order.sort_unstable_by(|&a, &b| compare(self.came(a), self.came(b)));
        self.order = order;
    }

    /// Number of paths.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Path number `index`, counted from 0; `None` beyond the end.
    pub fn get(&self, index: usize) -> Option<&Path> {
        let number = self.order.get(index).copied().unwrap_or(index);
        (index < self.len).then(|| self.came(number))
    }

    /// All paths in order.
    pub fn iter(&self) -> impl Iterator<Item = &Path> + Clone {
        (0..self.len).filter_map(|index| self.get(index))
    }

    /// The path that came as number `number`, which must be below the length.
    fn came(&self, number: usize) -> &Path {
        if let Some(other) = self.others.get(&number) {
            return other;
        }
        let (block, at) = (&self.blocks[number / BLOCK], number % BLOCK);
        let start = match at {
            0 => 0,
            _ => block.ends[at - 1],
        };
        Path::new(&block.text[start..block.ends[at]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths() -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = ["a/0.png", "", "é.png", "b"].map(PathBuf::from).into();
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            let odd = std::ffi::OsStr::from_bytes(b"odd-\xff.png");
            paths.insert(2, PathBuf::from(odd));
        }
        paths
    }

    #[test]
    fn gives_back_what_was_put_in() {
        let mut list = PathList::default();
        assert!(list.is_empty());
        for path in paths() {
            list.push(&path);
        }
        assert_eq!(list.len(), paths().len());
        for (index, path) in paths().iter().enumerate() {
            assert_eq!(list.get(index), Some(path.as_path()));
        }
        assert_eq!(list.get(list.len()), None);
    }

    #[test]
    fn sorts_across_blocks_and_goes_on_growing() {
        let mut expected = paths();
        let long = |i: usize| PathBuf::from(format!("{}.png", (i * 7919) % 1000));
        expected.extend((0..2 * BLOCK + 3).map(long));
        let mut list = PathList::default();
        for path in &expected {
            list.push(path);
        }
        list.sort_by(|a, b| b.cmp(a));
        expected.sort_by(|a, b| b.cmp(a));
        list.push(Path::new("last"));
        expected.push("last".into());
        assert!(list.iter().eq(expected.iter().map(PathBuf::as_path)));
    }
}
