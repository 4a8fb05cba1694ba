//! What another model made of the same images, to compare with.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use kizumi_dataset::catalog::Entry;
use kizumi_method::decision::Verdict;
use kizumi_method::maker::ModelMark;
use kizumi_method::metrics::auroc;

use super::Review;
use super::judge::{Judged, Judgement};
use super::table::{Table, Truth};
use crate::ui::state::State;
use crate::ui::state::set::Inspected;

/// The verdicts of a model, as they were when they were put aside: A, when those of the model at hand are B.
#[derive(Clone, Debug)]
pub struct Rival {
    /// What the model is called.
    pub name: String,
    /// Its file, to come back to it.
    pub model: Option<PathBuf>,
    /// Which model it is.
    pub mark: ModelMark,
    /// The value of the highest colour in its maps.
    pub colour_high: Option<f32>,
    /// The data set's folder: what is of another one is not compared.
    root: PathBuf,
    images: HashMap<PathBuf, RivalImage>,
}

/// What became of one image.
#[derive(Clone, Debug)]
pub struct RivalImage {
    /// Its scores and what they meant.
    pub judgement: Judgement,
    /// Its projected score over the reject threshold; `None` where there was none.
    pub ratio: Option<f32>,
    /// Its small pictures.
    pub inspected: Inspected,
}

/// Two models on the images that both have judged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Duel {
    /// Images with verdicts of both.
    pub shared: usize,
    /// Those whose verdicts differ.
    pub differing: usize,
    /// Of A, over the shared images.
    pub a: Figures,
    /// Of B, likewise.
    pub b: Figures,
    /// Each image that has both scores.
    pub points: Vec<Point>,
}

/// What a model is worth on images whose truth is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Area under the ROC curve of projected scores; `None` unless good and defective parts are among them.
    pub auroc: Option<f64>,
    /// Good parts that are rejected.
    pub false_alarms: u64,
    /// Defective parts that pass.
    pub missed: u64,
    /// Parts for a person to look at, of unknown truth, too.
    pub to_review: u64,
}

/// An image by what both models say of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Its place in the set.
    pub index: usize,
    /// Projected scores over the reject thresholds, of A and of B.
    pub ratios: [f32; 2],
    /// What it shows, where that is known.
    pub truth: Option<Truth>,
    /// Whether the verdicts differ.
    pub differs: bool,
}

impl Rival {
    /// The review as it is; `None` where nothing is judged.
    pub fn of(state: &State, review: &Review) -> Option<Self> {
        let conditions = state.set.conditions()?;
        let dataset = state.dataset.as_ref()?;
        let results = state.set.images().iter().zip(state.set.current_results());
        let images = results
            .zip(&review.judged)
            .filter_map(|((entry, result), judged)| {
                let (Some(Ok(inspected)), Judged::Scored(judgement)) = (result, judged) else {
                    return None;
                };
                judgement.verdict?;
                let of_it = RivalImage {
                    judgement: *judgement,
                    ratio: review.ratio(judgement),
                    inspected: inspected.clone(),
                };
                Some((entry.path.clone(), of_it))
            });
        let images: HashMap<_, _> = images.collect();
        let model = state.model.as_ref().and_then(|model| model.path.clone());
        (!images.is_empty()).then(|| Self {
            name: conditions.model_name.clone().unwrap_or_default(),
            model,
            mark: conditions.model,
            colour_high: review.colour_high(&state.set),
            root: dataset.catalog.root.clone(),
            images,
        })
    }

    /// What it made of an image.
    pub fn image(&self, path: &Path) -> Option<&RivalImage> {
        self.images.get(path)
    }

    /// Whether it is of the data set that is open.
    pub fn is_of(&self, state: &State) -> bool {
        let dataset = state.dataset.as_ref();
        dataset.is_some_and(|dataset| dataset.catalog.root == self.root)
    }

    /// Whether the verdicts on an image differ; `false` where one of them is missing.
    pub fn differs(&self, path: &Path, judged: &Judged) -> bool {
        let Judged::Scored(b) = judged else {
            return false;
        };
        let a = self.image(path).and_then(|image| image.judgement.verdict);
        matches!((a, b.verdict), (Some(a), Some(b)) if a != b)
    }

    /// By how much the confidences in an image differ; 0 where one of them is missing.
    pub fn difference(&self, path: &Path, judgement: &Judgement) -> f32 {
        let a = self
            .image(path)
            .and_then(|image| image.judgement.confidence);
        match (a, judgement.confidence) {
            (Some(a), Some(b)) if (a - b).is_finite() => (a - b).abs(),
            _ => 0.0,
        }
    }
}

impl Duel {
    /// Compares both; `images` have what is known of them by now.
    pub fn of(rival: &Rival, images: &[Entry], review: &Review) -> Self {
        let mut duel = Self::default();
        let mut shared = Vec::new();
        let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
        for (index, (entry, judged)) in images.iter().zip(&review.judged).enumerate() {
            let (Some(a), Judged::Scored(b)) = (rival.image(&entry.path), judged) else {
                continue;
            };
            if b.verdict.is_none() {
                continue;
            }
            let differs = rival.differs(&entry.path, judged);
            duel.shared += 1;
            duel.differing += usize::from(differs);
            if let (Some(a), Some(b)) = (a.ratio, review.ratio(b)) {
                duel.points.push(Point {
                    index,
                    ratios: [a, b],
                    truth: Truth::of(&entry.kind),
                    differs,
                });
            }
            shared.push(entry.clone());
            of_a.push(Judged::Scored(a.judgement));
            of_b.push(*judged);
        }
        duel.a = Figures::of(&Table::of(&shared, &of_a));
        duel.b = Figures::of(&Table::of(&shared, &of_b));
        duel
    }
}

impl Figures {
    fn of(table: &Table) -> Self {
        let [normal, defective] = &table.projected;
        Self {
            auroc: auroc(normal, defective),
            false_alarms: table.count(Truth::Normal, Verdict::Reject),
            missed: table.count(Truth::Defective, Verdict::Pass),
            to_review: Truth::ALL
                .map(|truth| table.count(truth, Verdict::Review))
                .iter()
                .sum::<u64>()
                + table.count_unknown(Verdict::Review),
        }
    }
}
