//! What a person looks at of an inspected set: which images, in which order.

use std::collections::BTreeSet;

use kizumi_dataset::catalog::Kind;
use kizumi_method::decision::Verdict;
use serde::{Deserialize, Serialize};

use super::labelling::LabelFilter;
use super::set::Source;

/// What the review shows; none of it is ever computed by the worker.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewView {
    /// Which images are inspected next.
    pub source: Source,
    /// The order of the images.
    pub sort: Sort,
    /// Whether the order is the other way round.
    pub reversed: bool,
    /// Only images of this kind.
    pub kind: Option<KindFilter>,
    /// Only images of which this became.
    pub fate: Option<Fate>,
    /// Only images with a label, or only those without.
    pub labels: LabelFilter,
    /// Only images whose name has this in it.
    pub search: String,
    /// Which curve is shown.
    pub curve: CurveKind,
    /// Whether the histogram's scores have a logarithmic axis.
    pub log_scores: bool,
    /// The image that the keys are at, by its place in the set.
    pub cursor: Option<usize>,
    /// Whether the scores of both models that are compared are charted in the curve's place.
    #[serde(skip)]
    pub shows_duel: bool,
    /// Whether the wall shows what the model made that is compared with: A, not B.
    #[serde(skip)]
    pub of_rival: bool,
    /// Images that were chosen together, likewise.
    #[serde(skip)]
    pub chosen: BTreeSet<usize>,
}

/// An order of the images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// The highest projected score first.
    #[default]
    Score,
    /// As in the folder.
    Name,
    /// First those whose verdict the projection changed, then by how much it changed the
    /// confidence.
    Change,
    /// First those of which two models think otherwise, then by how far their confidences lie apart.
    Difference,
}

/// Which kinds of images.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KindFilter {
    /// Good parts.
    Normal,
    /// All defective ones.
    Defective,
    /// One kind of defect.
    Named(String),
    /// Those of which nobody has said what they show.
    Unknown,
}

impl KindFilter {
    /// Whether an image of this kind is shown.
    pub fn admits(&self, kind: &Kind) -> bool {
        match (self, kind) {
            (Self::Normal, Kind::Normal)
            | (Self::Defective, Kind::Defect(_))
            | (Self::Unknown, Kind::Unknown) => true,
            (Self::Named(wanted), Kind::Defect(name)) => wanted == name,
            _ => false,
        }
    }
}

/// What became of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// This verdict.
    Verdict(Verdict),
    /// It does not pass: rejected, or to be looked at.
    NotPassed,
    /// Another verdict than the plain score would have given.
    Changed,
    /// Another verdict than that of the model that is compared with.
    Differs,
    /// It could not be inspected.
    Broken,
    /// Not inspected yet.
    Waiting,
}

/// A curve over all thresholds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CurveKind {
    /// Share of defective parts found over share of good parts flagged.
    #[default]
    Roc,
    /// Share of flagged parts that are defective over share of defective parts found.
    PrecisionRecall,
}

impl ReviewView {
    /// Everything is shown again.
    pub fn clear_filters(&mut self) {
        self.kind = None;
        self.fate = None;
        self.labels = LabelFilter::All;
        self.search.clear();
    }

    /// Nothing is compared any more.
    pub fn leave_rival(&mut self) {
        self.of_rival = false;
        if self.fate == Some(Fate::Differs) {
            self.fate = None;
        }
        if self.sort == Sort::Difference {
            self.sort = Sort::default();
        }
        self.shows_duel = false;
    }

    /// Whether some images may be hidden.
    pub fn is_filtered(&self) -> bool {
        self.kind.is_some()
            || self.fate.is_some()
            || self.labels != LabelFilter::All
            || !self.search.is_empty()
    }

    /// Shows one cell of the confusion matrix, or everything again when it is shown already.
    pub fn toggle_cell(&mut self, kind: Option<KindFilter>, fate: Option<Fate>) {
        let shown = self.kind == kind && self.fate == fate;
        (self.kind, self.fate) = if shown { (None, None) } else { (kind, fate) };
    }
}
