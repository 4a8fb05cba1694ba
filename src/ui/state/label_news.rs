//! What labels have changed since the model at hand was trained.

use std::collections::BTreeSet;
use std::path::Path;

use kizumi_dataset::catalog::{Catalog, Kind};
use kizumi_dataset::labels::Label;

use super::State;

/// What labels have changed since the model was trained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LabelNews {
    /// Images that are normal by now, and that it has not learned from.
    pub joined: usize,
    /// Images that it learned from, and that are not to be learned from by now.
    pub left: usize,
    /// Those that joined and that its thresholds were not measured with.
    pub unmeasured: usize,
}

/// Which images of a data set a label makes normal, and which it takes from the normal ones, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sides {
    /// Those that their folders call normal, to learn from.
    normal: BTreeSet<String>,
    /// Those that would join them.
    others: BTreeSet<String>,
}

impl Sides {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let name = |path: &Path| catalog.name_of(path);
        let others = catalog
            .test
            .iter()
            .filter(|entry| entry.kind != Kind::Normal);
        Self {
            normal: catalog
                .train
                .iter()
                .map(|entry| name(&entry.path))
                .collect(),
            others: others.map(|entry| name(&entry.path)).collect(),
        }
    }
}

impl State {
    /// What labels have changed since the model was trained on the data set that is open; `None` where nothing has.
    pub fn label_news(&self) -> Option<LabelNews> {
        let (model, open) = (self.model.as_ref()?, self.dataset.as_ref()?);
        if !self.model_fits_dataset() || (open.labels.is_empty() && model.joined.is_empty()) {
            return None;
        }
        let Sides { normal, others } = &open.sides;
        let mut news = LabelNews::default();
        for (name, label) in open.labels.iter() {
            match label {
                Label::Ok if others.contains(name) && !model.joined.contains(name) => {
                    news.joined += 1;
                    news.unmeasured += usize::from(!model.also_measured.contains(name));
                }
                Label::Ng { .. } | Label::LeftOut if normal.contains(name) => {
                    news.left += usize::from(!model.excluded.contains(name));
                }
                _ => {}
            }
        }
        let stays = |name: &&String| open.labels.get(name) == Some(&Label::Ok);
        news.left += model.joined.iter().filter(|name| !stays(name)).count();
        (news != LabelNews::default()).then_some(news)
    }
}
