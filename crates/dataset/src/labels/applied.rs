//! What a data set is once its labels are taken into account: what a person says of an image goes before its folder.

use super::{Label, Labels};
use crate::catalog::{Catalog, Entry, Kind};
use crate::natural::natural_cmp;

/// What a defect is called of which nobody has said which it is.
const NAMELESS: &str = "NG";

impl Labels {
    /// What an image shows.
    pub fn kind(&self, image: &str, by_folder: &Kind) -> Kind {
        match (self.get(image), by_folder) {
            (None | Some(Label::LeftOut), known) => known.clone(),
            (Some(Label::Ok), _) => Kind::Normal,
            (Some(Label::Ng { kind: Some(kind) }), _) => Kind::Defect(kind.clone()),
            (Some(Label::Ng { kind: None }), Kind::Defect(kind)) => Kind::Defect(kind.clone()),
            (Some(Label::Ng { kind: None }), _) => Kind::Defect(NAMELESS.into()),
        }
    }

    /// An image with what it shows. The mask of one that is called normal goes.
    pub fn entry(&self, image: &str, entry: &Entry) -> Entry {
        let kind = self.kind(image, &entry.kind);
        Entry {
            path: entry.path.clone(),
            mask: entry
                .mask
                .clone()
                .filter(|_| kind != Kind::Normal || entry.kind == kind),
            kind,
        }
    }

    /// The data set with these labels: normal images join those to learn from, unless they were set apart as normal
    /// ones to test with; defective ones leave them for the test; what is left out is not learned from.
    #[must_use]
    pub fn applied(&self, catalog: &Catalog) -> Catalog {
        if self.is_empty() {
            return catalog.clone();
        }
        let mut labelled = catalog.clone();
        (labelled.train, labelled.test) = (Vec::new(), Vec::new());
        for (entries, is_train) in [(&catalog.train, true), (&catalog.test, false)] {
            for entry in entries {
                let name = catalog.name_of(&entry.path);
                let now = self.entry(&name, entry);
                let label = self.get(&name);
                let joins = is_train || (label == Some(&Label::Ok) && entry.kind != Kind::Normal);
                match label {
                    Some(Label::LeftOut) if is_train => drop(labelled.excluded.insert(name)),
                    _ if joins && now.kind == Kind::Normal => {
                        if !is_train {
                            labelled.joined.insert(name);
                        }
                        labelled.train.push(now);
                    }
                    _ => {
                        if is_train {
                            labelled.excluded.insert(name);
                        }
                        labelled.test.push(now);
                    }
                }
            }
        }
        labelled.train.sort_by(|a, b| natural_cmp(&a.path, &b.path));
        // Stable: within a kind the order stays.
        labelled.test.sort_by(|a, b| a.kind.cmp(&b.kind));
        labelled
    }
}
