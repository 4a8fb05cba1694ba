//! Which normal images of a data set a person wants learned from.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

#[cfg(doc)]
use crate::catalog::Catalog;

/// Names of normal images, by [`Catalog::name_of`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Exclusions {
    /// Those that are left out.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub excluded: BTreeSet<String>,
    /// Those that were: models that left them out learn from them when they are trained further.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub taken_back: BTreeSet<String>,
}

impl Exclusions {
    /// Leaves these out from now on, and no others.
    pub fn leave_out(&mut self, excluded: BTreeSet<String>) {
        let before = std::mem::replace(&mut self.excluded, excluded);
        self.taken_back.extend(before);
        self.taken_back.retain(|name| !self.excluded.contains(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_again_is_not_taken_back() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let mut chosen = Exclusions::default();
        chosen.leave_out(names(&["3.png", "4.png"]));
        assert!(chosen.taken_back.is_empty());
        chosen.leave_out(names(&["4.png"]));
        assert_eq!(chosen.taken_back, names(&["3.png"]));
        chosen.leave_out(names(&["3.png"]));
        assert_eq!(chosen.taken_back, names(&["4.png"]));
    }
}
