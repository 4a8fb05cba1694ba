//! A long list in short.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The first few of several things; displays as "a, b, c and 2 more".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Few<T = String> {
    /// The first three, or all of them where there are not so many.
    pub first: Vec<T>,
    /// How many there are besides.
    pub more: usize,
}

impl<T> Few<T> {
    const SHOWN: usize = 3;

    /// How many there are in all.
    pub fn count(&self) -> usize {
        self.first.len() + self.more
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut items = items.into_iter();
        Self {
            first: items.by_ref().take(Self::SHOWN).collect(),
            more: items.count(),
        }
    }
}

impl<T: fmt::Display> fmt::Display for Few<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, item) in self.first.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{item}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_are_named_and_the_others_counted() {
        fn few(items: &[&'static str]) -> Few<&'static str> {
            items.iter().copied().collect()
        }
        assert_eq!(few(&[]).count(), 0);
        assert_eq!(few(&["a", "b", "c"]).to_string(), "a, b, c");
        let five = few(&["a", "b", "c", "d", "e"]);
        assert_eq!((five.count(), five.more), (5, 2));
        assert_eq!(five.to_string(), "a, b, c and 2 more");
    }
}
