//! What a data set is once its labels are taken into account: what a person says of an image goes before its folder.

use super::{Label, Labels};
use crate::catalog::{Catalog, Entry, Kind};
use crate::natural::natural_cmp;
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

    /// The data set with these labels.
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
                let standing = self.standing(&name, entry, is_train);
                let is_learned = matches!(standing, Standing::Train(_));
                match standing {
                    Standing::Train(now) => labelled.train.push(now),
                    Standing::Test(now) => labelled.test.push(now),
                    Standing::LeftOut => {}
                }
                match (is_train, is_learned) {
                    (true, false) => drop(labelled.excluded.insert(name)),
                    (false, true) => drop(labelled.joined.insert(name)),
                    _ => {}
                }
            }
        }
        labelled.train.sort_by(|a, b| natural_cmp(&a.path, &b.path));
        // Stable: within a kind the order stays.
        labelled.test.sort_by(|a, b| a.kind.cmp(&b.kind));
        labelled
    }
}
