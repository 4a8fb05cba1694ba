//! How many images of which kind became what.

use kizumi_dataset::catalog::{Entry, Kind};
use kizumi_method::decision::Verdict;
use kizumi_method::metrics::Confusion;

use super::judge::Judged;

/// What an image really shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// A good part.
    Normal,
    /// A defective one.
    Defective,
}

impl Truth {
    /// Both, good first.
    pub const ALL: [Self; 2] = [Self::Normal, Self::Defective];

    /// Of an image of this kind; `None` where nobody has said.
    pub fn of(kind: &Kind) -> Option<Self> {
        match kind {
            Kind::Normal => Some(Self::Normal),
            Kind::Defect(_) => Some(Self::Defective),
            Kind::Unknown => None,
        }
    }
}

/// Counts of an inspected set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Verdicts on good and on defective parts.
    pub confusion: Confusion,
    /// Projected scores of good and of defective parts.
    pub projected: [Vec<f32>; 2],
    /// Plain scores of good and of defective parts.
    pub plain: [Vec<f32>; 2],
    /// Files that could not be inspected.
    pub broken: usize,
    /// Images not inspected yet.
    pub waiting: usize,
    /// Images whose verdict the projection changed.
    pub changed: usize,
    /// Projected scores of images of which nobody has said what they show: no other figure is made of them.
    pub unknown: Vec<f32>,
    /// How many of these have which verdict.
    unknown_verdicts: [u64; Verdict::ALL.len()],
}

impl Table {
    /// Counts.
    pub fn of(images: &[Entry], judged: &[Judged]) -> Self {
        let mut table = Self::default();
        for (entry, judged) in images.iter().zip(judged) {
            match judged {
                Judged::Waiting => table.waiting += 1,
                Judged::Broken => table.broken += 1,
                Judged::Scored(scored) => {
                    table.changed += usize::from(scored.is_changed());
                    let Some(truth) = Truth::of(&entry.kind) else {
                        table.unknown.push(scored.projected);
                        if let Some(verdict) = scored.verdict {
                            table.unknown_verdicts[verdict as usize] += 1;
                        }
                        continue;
                    };
                    table.plain[truth as usize].push(scored.plain);
                    table.projected[truth as usize].push(scored.projected);
                    if let Some(verdict) = scored.verdict {
                        table.confusion.add(truth == Truth::Defective, verdict);
                    }
                }
            }
        }
        table
    }

    /// Images of this kind with this verdict.
    pub fn count(&self, truth: Truth, verdict: Verdict) -> u64 {
        self.confusion.cell(truth == Truth::Defective, verdict)
    }

    /// Images with this verdict of which nobody has said what they show.
    pub fn count_unknown(&self, verdict: Verdict) -> u64 {
        self.unknown_verdicts[verdict as usize]
    }

    /// Images of this kind with scores.
    pub fn scored(&self, truth: Truth) -> usize {
        self.projected[truth as usize].len()
    }

    /// Share of the images of this kind with this verdict; `None` without any of them.
    pub fn share(&self, truth: Truth, verdict: Verdict) -> Option<f64> {
        let all = match truth {
            Truth::Normal => self.confusion.normals(),
            Truth::Defective => self.confusion.defective(),
        };
        (all > 0).then(|| self.count(truth, verdict) as f64 / all as f64)
    }
}
