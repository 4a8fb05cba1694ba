//! How many labels say what.

use std::fmt;

use super::{Label, Labels, Missing};

/// How many labels say what; displays as "12 OK, 3 NG, 2 left out".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LabelCounts {
    /// Normal images.
    pub ok: usize,
    /// Defective ones.
    pub ng: usize,
    /// Those that are not learned from.
    pub left_out: usize,
    /// Defective ones of which somebody drew what is.
    pub drawn: usize,
    /// Labels of images that are gone.
    pub gone: usize,
    /// Labels of images that hold something else by now.
    pub changed: usize,
    /// Labels of files that the data set does not use.
    pub unused: usize,
}

impl Labels {
    /// How many labels say what.
    pub fn counts(&self) -> LabelCounts {
        let mut counts = LabelCounts::default();
        for (name, label) in self.iter() {
            match label {
                Label::Ok => counts.ok += 1,
                Label::Ng { .. } => {
                    counts.ng += 1;
                    counts.drawn += usize::from(self.drawn(name).is_some());
                }
                Label::LeftOut => counts.left_out += 1,
            }
        }
        for one in &self.unmatched {
            match one.why {
                Missing::Gone => counts.gone += 1,
                Missing::Changed => counts.changed += 1,
                Missing::Unused => counts.unused += 1,
            }
        }
        counts
    }
}

impl fmt::Display for LabelCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = vec![format!("{} OK", self.ok), format!("{} NG", self.ng)];
        if self.left_out > 0 {
            parts.push(format!("{} left out", self.left_out));
        }
        if self.drawn > 0 {
            parts.push(format!("{} with a drawn mask", self.drawn));
        }
        let are = |count: usize, one: &str, more: &str| match count {
            0 => None,
            1 => Some(format!("1 of an image that {one}")),
            _ => Some(format!("{count} of images that {more}")),
        };
        parts.extend(are(self.gone, "is gone", "are gone"));
        parts.extend(are(self.changed, "has changed", "have changed"));
        parts.extend(are(self.unused, "is not used", "are not used"));
        f.write_str(&parts.join(", "))
    }
}
