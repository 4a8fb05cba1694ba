//! What a data set is once its labels are taken into account: what a person says of an image goes before its folder.

use std::collections::HashMap;

use super::{Label, Labels};
use crate::catalog::{Catalog, Entry, Kind};
use crate::left_out::{self, LeftOut, Reason};
use crate::natural::natural_cmp;
use crate::scan::recount;
use kizumi_image::mask_source::MaskSource;

/// What a defect is called of which nobody has said which it is.
const NAMELESS: &str = "NG";

/// What an image is for, with what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// To learn from.
    Train(Entry),
    /// To test with.
    Test(Entry),
    /// Neither.
    LeftOut,
}

impl Labels {
    /// What an image shows. One of which nothing is known that holds the same as a defective one is as that one is.
    pub fn kind(&self, image: &str, by_folder: &Kind) -> Kind {
        let label = match (self.get(image), by_folder) {
            (None, Kind::Unknown) => self.defective_twin(image),
            (own, _) => own,
        };
        match (label, by_folder) {
            (None, Kind::Normal) if self.is_lapsed(image) => Kind::Unknown,
            (None | Some(Label::LeftOut), known) => known.clone(),
            (Some(Label::Ok), _) => Kind::Normal,
            (Some(Label::Ng { kind: Some(kind) }), _) => Kind::Defect(kind.clone()),
            (Some(Label::Ng { kind: None }), Kind::Defect(kind)) => Kind::Defect(kind.clone()),
            (Some(Label::Ng { kind: None }), _) => Kind::Defect(NAMELESS.into()),
        }
    }

    /// An image with what it shows. A drawn mask of a defective one goes before that of a folder; the mask of one that
    /// is called normal goes.
    pub fn entry(&self, image: &str, entry: &Entry) -> Entry {
        let kind = self.kind(image, &entry.kind);
        let is_defective = matches!(self.get(image), Some(Label::Ng { .. }));
        let mask = match self.drawn(image).filter(|_| is_defective) {
            Some(drawn) => Some(MaskSource::Drawn(drawn.clone())),
            None => entry.mask.clone(),
        };
        Entry {
            path: entry.path.clone(),
            mask: mask.filter(|_| kind != Kind::Normal || entry.kind == kind),
            kind,
        }
    }

    /// What becomes of an image of the data set, which its folder has among the normal ones to learn from, or not. Normal
    /// images join those to learn from, unless they were set apart as normal ones to test with; defective ones
    /// leave them for the test; what is left out is not learned from.
    pub fn standing(&self, image: &str, entry: &Entry, is_train: bool) -> Standing {
        let label = self.get(image);
        let now = self.entry(image, entry);
        let joins = is_train || (label == Some(&Label::Ok) && entry.kind != Kind::Normal);
        match label {
            Some(Label::LeftOut) if is_train => Standing::LeftOut,
            _ if joins && now.kind == Kind::Normal => Standing::Train(now),
            _ => Standing::Test(now),
        }
    }

    /// The labels of other images that hold the same.
    fn of_twins<'a>(&'a self, image: &'a str) -> impl Iterator<Item = &'a Label> {
        let twins = self.alike.others(image);
        twins.filter_map(|twin| self.get(twin))
    }

    fn defective_twin<'a>(&'a self, image: &'a str) -> Option<&'a Label> {
        self.of_twins(image)
            .find(|label| matches!(label, Label::Ng { .. }))
    }

    /// Why an image is not used although its folder or its label would have it so: of one that holds the same a person
    /// has said otherwise, or its folder says it. `kinds` are those by the folders.
    fn contradicted(
        &self,
        name: &str,
        entry: &Entry,
        kinds: &HashMap<&str, &Kind>,
    ) -> Option<Reason> {
        let has_twin = |wanted: fn(&Label) -> bool| self.of_twins(name).any(wanted);
        match (self.get(name), &entry.kind) {
            (Some(Label::Ok), _) => {
                let mut twins = self.alike.others(name);
                let by_folder = |twin: &String| {
                    self.get(twin).is_none()
                        && matches!(kinds.get(twin.as_str()), Some(Kind::Defect(_)))
                };
                let is_defective =
                    has_twin(|label| matches!(label, Label::Ng { .. })) || twins.any(by_folder);
                is_defective.then_some(Reason::NormalAndDefective)
            }
            (Some(Label::Ng { .. }), _) => {
                has_twin(|label| *label == Label::Ok).then_some(Reason::NormalAndDefective)
            }
            (None, Kind::Normal) if self.defective_twin(name).is_some() => {
                Some(Reason::SameAsDefective)
            }
            (None, Kind::Normal) => {
                has_twin(|label| *label == Label::LeftOut).then_some(Reason::Unwanted)
            }
            _ => None,
        }
    }

    /// The data set with these labels: normal images join those to learn from, unless they were set apart as normal
    /// ones to test with; defective ones leave them for the test; what is left out is not learned from. Nor is what
    /// holds the same as an image of which something else is said, where that was [looked for](Labels::find_alike).
    #[must_use]
    pub fn applied(&self, catalog: &Catalog) -> Catalog {
        if self.change_nothing() {
            return catalog.clone();
        }
        let mut labelled = catalog.clone();
        (labelled.train, labelled.test) = (Vec::new(), Vec::new());
        let mut contradicted = Vec::new();
        let named = |entries: &'_ [Entry]| -> Vec<String> {
            let names = entries.iter().map(|entry| catalog.name_of(&entry.path));
            names.collect()
        };
        let names = [named(&catalog.train), named(&catalog.test)];
        let entries = catalog.train.iter().chain(&catalog.test);
        let kinds = names.iter().flatten().zip(entries);
        let kinds = kinds.filter(|(name, _)| self.alike.others(name).next().is_some());
        let kinds: HashMap<&str, &Kind> = kinds
            .map(|(name, entry)| (name.as_str(), &entry.kind))
            .collect();
        for (entries, names, is_train) in [
            (&catalog.train, &names[0], true),
            (&catalog.test, &names[1], false),
        ] {
            for (entry, name) in entries.iter().zip(names) {
                if let Some(reason) = self.contradicted(name, entry, &kinds) {
                    if is_train {
                        labelled.excluded.insert(name.clone());
                    }
                    contradicted.push(LeftOut {
                        path: entry.path.clone(),
                        reason,
                    });
                    continue;
                }
                let standing = self.standing(name, entry, is_train);
                let is_learned = matches!(standing, Standing::Train(_));
                match standing {
                    Standing::Train(now) => labelled.train.push(now),
                    Standing::Test(now) => labelled.test.push(now),
                    Standing::LeftOut => {}
                }
                match (is_train, is_learned) {
                    (true, false) => drop(labelled.excluded.insert(name.clone())),
                    (false, true) => drop(labelled.joined.insert(name.clone())),
                    _ => {}
                }
            }
        }
        labelled.train.sort_by(|a, b| natural_cmp(&a.path, &b.path));
        // Stable: within a kind the order stays.
        labelled.test.sort_by(|a, b| a.kind.cmp(&b.kind));
        recount(&mut labelled);
        labelled
            .notes
            .extend(left_out::notes(&catalog.root, &contradicted));
        labelled.left_out.extend(contradicted);
        labelled
    }
}
