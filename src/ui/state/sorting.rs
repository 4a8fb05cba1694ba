//! Labels by the names of files, as a person is about to give them.

use std::path::PathBuf;

use kizumi_dataset::labels::Label;
use kizumi_dataset::labels::pattern::{Rule, Sorting};
use kizumi_dataset::labels::suggest::suggested;

use super::State;
use super::labelling::Said;

/// What is being filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct SortForm {
    /// A pattern and a label each; the first one that fits an image counts.
    pub rules: Vec<Rule>,
    /// Whether images that have another label get this one.
    pub relabels: bool,
}

impl State {
    /// Begins to sort by names, with what these suggest; or ends it.
    pub fn show_sorting(&mut self, shows: bool) {
        let images = self.images_to_sort();
        let mut rules = suggested(images.iter().map(|(name, _)| name.as_str()));
        if rules.is_empty() {
            rules.push(Rule {
                pattern: String::new(),
                label: Label::NG,
            });
        }
        self.sorting = shows.then_some(SortForm {
            rules,
            relabels: false,
        });
    }

    /// What a form would do now; `None` without a data set.
    pub fn sorted(&self, form: &SortForm) -> Option<Sorting> {
        let open = self.dataset.as_ref()?;
        let images = self.images_to_sort();
        let names = images.iter().map(|(name, _)| name.as_str());
        Some(Sorting::new(
            &form.rules,
            names,
            &open.labels,
            form.relabels,
        ))
    }

    /// Labels images as the form says: one step for undo.
    pub fn sort_by_name(&mut self) {
        let sorting = self.sorting.as_ref().and_then(|form| self.sorted(form));
        let (Some(sorting), Some(open)) = (sorting, &self.dataset) else {
            return;
        };
        let images = self.images_to_sort();
        let said = sorting.labels.into_iter().map(|(place, label)| {
            let (name, path) = images[place].clone();
            let mask = open.labels.drawn(&name).cloned();
            let label = Some(label);
            (name, path, Said { label, mask })
        });
        let said = said.collect();
        self.say(said);
        self.sorting = None;
    }

    /// The images below the folder that is open, by name.
    fn images_to_sort(&self) -> Vec<(String, PathBuf)> {
        let catalog = self.dataset.as_ref().map(|open| &open.catalog);
        let named = catalog.into_iter().flat_map(|catalog| {
            let entries = catalog.train.iter().chain(&catalog.test);
            let own = entries.filter(|entry| entry.path.starts_with(&catalog.root));
            own.map(|entry| (catalog.name_of(&entry.path), entry.path.clone()))
        });
        named.collect()
    }
}
