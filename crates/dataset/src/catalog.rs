//! Which images a folder holds and what they are: names only, nothing is decoded.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kizumi_image::mask_source::MaskSource;
use kizumi_image::shown::path_text;
use serde::{Deserialize, Serialize};

pub use super::counts::Counts;
pub use super::left_out::LeftOut;
pub use super::note::Note;
pub use kizumi_method::kind::Kind;

/// One image of a data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The image file.
    pub path: PathBuf,
    /// Normal, or which defect.
    pub kind: Kind,
    /// Its ground-truth mask; [`kizumi_image::mask::load_mask`] says which pixels are defective.
    pub mask: Option<MaskSource>,
}

impl Entry {
    /// A normal image, without a mask.
    pub fn normal(path: PathBuf) -> Self {
        Self {
            kind: Kind::Normal,
            ..Self::alone(path)
        }
    }

    /// An image of which nobody has said what it shows.
    pub fn alone(path: PathBuf) -> Self {
        Self {
            path,
            kind: Kind::Unknown,
            mask: None,
        }
    }
}

/// How the folder is organised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Folders for training and for a test, such as `train/good`, `test/<kind>`, `ground_truth/<kind>`.
    Mvtec,
    /// Folders of normal and of defective images, such as `OK` and `NG`.
    GoodBad,
    /// Images with masks, which say what they show.
    Masked,
    /// Normal images, in nested folders or not.
    Plain,
    /// As a list in it says.
    Listed,
    /// As a person said.
    Given,
}

/// A recognised data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// The folder that was opened.
    pub root: PathBuf,
    /// How it is organised.
    pub layout: Layout,
    /// Normal images to learn from, in natural order.
    pub train: Vec<Entry>,
    /// Images to inspect, in natural order, grouped by kind.
    pub test: Vec<Entry>,
    /// What a person should know: few normals, masks without images, files that were left out.
    pub notes: Vec<Note>,
    /// Every file and folder below the root that is not used, in natural order.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// Images that a person wants left out of training, or calls defective among the normal ones, by [`Catalog::name_of`]: none is in
    /// [`Catalog::train`], and some may be away at the moment.
    #[serde(default)]
    pub excluded: BTreeSet<String>,
    /// Images of [`Catalog::train`] that are there because a person called them normal, whatever their folder says.
    #[serde(default)]
    pub joined: BTreeSet<String>,
}

impl Catalog {
    /// What an image of it is called wherever the folder lies: its path below the root, with `/` between the
    /// parts on every system. Bytes in it that are no text are spelled out.
    pub fn name_of(&self, path: &Path) -> String {
        name_below(&self.root, path)
    }

    /// What an inspection of the folder is of: the test images, and the normal ones before them where nobody
    /// set any apart for training.
    pub fn inspected(&self) -> impl Iterator<Item = &Entry> {
        let without_train = match self.layout {
            Layout::Mvtec | Layout::Given => true,
            // Without normal images to test with it does not say which are for what.
            Layout::Listed => self.test.iter().any(|entry| entry.kind == Kind::Normal),
            Layout::GoodBad | Layout::Masked | Layout::Plain => false,
        };
        let train = if without_train {
            &[][..]
        } else {
            &self.train[..]
        };
        train.iter().chain(&self.test)
    }

    /// The test images of which is known what they show: only they can be measured.
    pub fn labelled(&self) -> impl ExactSizeIterator<Item = &Entry> + Clone {
        let labelled = self.test.iter().filter(|entry| entry.kind != Kind::Unknown);
        labelled.collect::<Vec<_>>().into_iter()
    }

    /// The same without the normal images of these names, on top of those that are left out already. A name
    /// that none of them has is kept: the image may come back.
    #[must_use]
    pub fn without(&self, names: &BTreeSet<String>) -> Self {
        let mut catalog = self.clone();
        let stays = |entry: &Entry| !names.contains(&self.name_of(&entry.path));
        catalog.train.retain(stays);
        catalog.joined.retain(|name| !names.contains(name));
        catalog.excluded.extend(names.iter().cloned());
        catalog
    }

    /// The files of the images that are left out.
    pub fn excluded_files(&self) -> Vec<PathBuf> {
        let names = self.excluded.iter();
        names.map(|name| self.root.join(name)).collect()
    }
}

/// What an image below a folder is called wherever that lies: see [`Catalog::name_of`].
pub fn name_below(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts = below.components();
    let parts: Vec<_> = parts
        .map(|part| path_text(Path::new(part.as_os_str())))
        .collect();
    parts.join("/")
}

/// "1 mask", "2 masks".
pub(crate) fn count_of(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_is_away_stays_left_out_for_when_it_comes_back() {
        let mut catalog = Catalog {
            root: "/data".into(),
            layout: Layout::Plain,
            train: vec![Entry::normal("/data/1.png".into())],
            test: Vec::new(),
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: BTreeSet::new(),
            joined: Default::default(),
        };
        let left_out = catalog.without(&["2.png".to_owned()].into()).excluded;
        catalog.train.push(Entry::normal("/data/2.png".into()));
        let names = catalog.without(&left_out).train;
        assert_eq!(names, [Entry::normal("/data/1.png".into())]);
    }

    #[test]
    fn images_that_are_left_out_are_known_by_their_names_below_the_folder() {
        let root = PathBuf::from("/data/washer");
        let at = |root: &Path| {
            let names = ["train/good/1.png", "train/good/2.png", "train/good/3.png"];
            let entry = |name: &str| Entry::normal(root.join(name));
            Catalog {
                root: root.to_owned(),
                layout: Layout::Mvtec,
                train: names.map(entry).to_vec(),
                test: vec![entry("test/good/1.png")],
                notes: Vec::new(),
                left_out: Vec::new(),
                excluded: BTreeSet::new(),
                joined: Default::default(),
            }
        };
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let catalog =
            at(&root).without(&names(&["train/good/2.png", "gone.png", "test/good/1.png"]));
        assert_eq!((catalog.train.len(), catalog.test.len()), (2, 1));
        let fewer = catalog.without(&names(&["train/good/3.png"]));
        assert_eq!(fewer.train.len(), 1);
        let moved = at(Path::new("/elsewhere/washer")).without(&fewer.excluded);
        assert_eq!(moved.train.len(), 1);
    }
}
