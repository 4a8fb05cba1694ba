//! What an image is for, by the names of the folders that it lies in.

use std::collections::{BTreeSet, HashSet};

use super::arrangement::Order;
use super::names::{Word, word};
use super::neutral::is_neutral;
use super::qualifiers::{is_doubtful, qualifiers};
use super::role::{Role, may_test};
use super::serial::is_serial;
use super::siblings::Siblings;
use crate::catalog::Kind;
use crate::left_out::Reason;

/// What an image is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// To learn from.
    Train,
    /// To test with.
    Test(Kind),
    /// Its mask says what it shows; without one, `Split` says what is to be thought of it.
    Look(Split, Option<String>),
    /// A person has to say it.
    Ask,
    /// For nothing.
    LeftOut(Reason),
}

/// What images are for whose names do not say what they show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Split {
    /// For training, if they are normal.
    Train,
    /// For the test.
    Test,
    /// For training: a person says that they are normal.
    Given,
    /// Nobody has said.
    Open,
}

/// What images for validation are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Validation {
    /// To learn from: there are others to test with.
    Train,
    /// To test with: nothing else is, and names say that some are defective.
    Test,
    /// A person has to say it: nothing else is to test with, and no name says what they show.
    Open,
}

impl Validation {
    /// In a data set with images in these folders, each named from the base down.
    fn of(filled: &HashSet<Vec<String>>, has_train: bool) -> Self {
        let splits = || filled.iter().filter_map(|names| names.split_first());
        let is_test = |name: &String| match Role::of(name) {
            Role::Test | Role::Private => true,
            Role::Other => has_train && may_test(name),
            Role::Truth(said) => said.is_bad(),
            _ => false,
        };
        let below = || splits().filter(|(name, _)| Role::of(name) == Role::Validation);
        let mut below_names = below().flat_map(|(_, rest)| rest).map(|name| word(name));
        if splits().any(|(name, _)| is_test(name)) {
            Self::Train
        } else if below_names.any(|said| said.is_some_and(Word::is_bad)) {
            Self::Test
        } else {
            Self::Open
        }
    }
}

/// Reads the names of a data set's folders.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// What the folders say.
    pub order: Order,
    /// Whether some folder below one for training says "normal": what lies beside it is not.
    pub train_is_sorted: bool,
    /// Whether there is a folder for training.
    pub has_train: bool,
    /// What images for validation are for.
    validation: Validation,
    /// Names that say "normal" with a word more than others do: it may say that it is not.
    doubtful: HashSet<String>,
    /// What folders are called below those of normal images.
    siblings: Siblings,
}

impl Reading {
    /// Of a data set with images in these folders, each named from the base down.
    pub fn new(order: Order, folders: impl Iterator<Item = Vec<String>>) -> Self {
        let filled: HashSet<Vec<String>> = folders.collect();
        let mut reading = Self {
            order,
            train_is_sorted: false,
            has_train: false,
            validation: Validation::Train,
            doubtful: doubtful(filled.iter().flatten()),
            siblings: Siblings::default(),
        };
        if order == Order::Splits {
            for names in &filled {
                if let Some((first, rest)) = names.split_first()
                    && Role::of(first) == Role::Train
                {
                    reading.has_train = true;
                    let says = saying(rest).first();
                    reading.train_is_sorted |=
                        says.is_some_and(|name| word(name) == Some(Word::Normal));
                }
            }
            reading.validation = Validation::of(&filled, reading.has_train);
        }
        let is_normal = |folders: &&Vec<String>| {
            let is_for = reading.by_names(folders);
            let is_normal = matches!(
                is_for,
                Use::Train | Use::Test(Kind::Normal) | Use::Look(Split::Train, _)
            );
            is_normal && !folders.iter().any(|name| is_unlabelled(name))
        };
        reading.siblings = Siblings::new(filled.iter().filter(is_normal), filled.iter());
        reading
    }

    /// What an image is for that lies in folders of these names, from the base down.
    pub fn of(&self, folders: &[String]) -> Use {
        let is_for = self.by_names(folders);
        match is_for {
            Use::Train | Use::Test(Kind::Normal) | Use::Look(Split::Open, None)
                if folders.iter().any(|name| is_unlabelled(name)) =>
            {
                return Use::Test(Kind::Unknown);
            }
            Use::Train | Use::Test(Kind::Normal) | Use::Look(Split::Train, _) => {}
            _ => return is_for,
        }
        let is_doubtful = folders.iter().any(|name| self.doubtful.contains(name));
        match is_doubtful || self.siblings.lies_aside(folders) {
            true => Use::Ask,
            false => is_for,
        }
    }

    fn by_names(&self, folders: &[String]) -> Use {
        match self.order {
            Order::Splits => self.in_splits(folders),
            Order::GoodBad => in_good_bad(folders),
            // Too deep down to be read as a rule; not to be overlooked either.
            Order::Loose => {
                let bad = folders
                    .iter()
                    .find(|name| word(name) == Some(Word::Defective));
                Use::Look(Split::Open, bad.cloned())
            }
        }
    }

    fn in_splits(&self, folders: &[String]) -> Use {
        let Some((first, rest)) = folders.split_first() else {
            return Use::LeftOut(Reason::Beside);
        };
        match Role::of(first) {
            Role::Train => self.in_train(rest),
            Role::Validation => match (self.validation, self.in_train(rest)) {
                (Validation::Test, _) => in_test(rest),
                (Validation::Open, Use::Look(..)) => Use::Ask,
                (_, is_for) => is_for,
            },
            Role::Test => in_test(rest),
            Role::Private => Use::Test(Kind::Unknown),
            // Beside a folder for training.
            Role::Other if self.has_train && may_test(first) => in_test(rest),
            Role::Truth(Word::Normal) if !self.has_train => in_good_bad(folders),
            Role::Truth(Word::Defective | Word::Defect) => Use::Test(kind_of(folders)),
            _ => Use::LeftOut(Reason::Beside),
        }
    }

    fn in_train(&self, folders: &[String]) -> Use {
        if says_bad(folders) {
            return Use::LeftOut(Reason::DefectInTraining);
        }
        match saying(folders).first() {
            Some(name) => match word(name) {
                Some(Word::Normal) => Use::Train,
                Some(_) => Use::LeftOut(Reason::NotKnownNormal),
                None if self.train_is_sorted => Use::LeftOut(Reason::NotKnownNormal),
                None => Use::Ask,
            },
            None if self.train_is_sorted => Use::LeftOut(Reason::NotKnownNormal),
            None => Use::Look(Split::Train, None),
        }
    }
}

fn is_unlabelled(name: &str) -> bool {
    word(name) == Some(Word::Unlabelled)
}

/// Of names those that say "normal" and take it back, or may: with words that others do without. Words that names
/// for defective images have, too, are those of parts, where all say "normal" with one.
fn doubtful<'n>(names: impl Iterator<Item = &'n String>) -> HashSet<String> {
    let names: HashSet<&String> = names.collect();
    let with = |wanted: Word| -> Vec<(&String, BTreeSet<String>)> {
        let names = names.iter().filter(|name| word(name) == Some(wanted));
        names.map(|name| (*name, qualifiers(name))).collect()
    };
    let (normal, bad) = (with(Word::Normal), with(Word::Defective));
    // Thousands of folders may say "good" in a few ways.
    let ways = |names: &[(&String, BTreeSet<String>)]| -> HashSet<BTreeSet<String>> {
        names.iter().map(|(_, said)| said.clone()).collect()
    };
    let (ways, of_bad) = (ways(&normal), ways(&bad));
    let says_more = |qualifiers: &BTreeSet<String>| {
        let is_more = |other: &BTreeSet<String>| {
            let is_part = of_bad.contains(qualifiers) && !other.is_subset(qualifiers);
            !qualifiers.is_subset(other) && !is_part
        };
        ways.iter().any(is_more)
    };
    let doubtful = normal
        .iter()
        .filter(|(name, qualifiers)| is_doubtful(name) || says_more(qualifiers));
    doubtful.map(|(name, _)| (*name).clone()).collect()
}

/// Below a folder for the test.
pub(super) fn in_test(folders: &[String]) -> Use {
    // Without a name that says something the first one is that of the kind.
    let said = match saying(folders) {
        [] => folders,
        said => said,
    };
    let Some(name) = said.iter().find(|name| Role::of(name) != Role::Container) else {
        return Use::Look(Split::Test, None);
    };
    match word(name) {
        Some(Word::Normal) if !says_bad(folders) => Use::Test(Kind::Normal),
        Some(Word::Unlabelled) => Use::Test(Kind::Unknown),
        // The class of normal images, or the first kind of defect.
        None if name.chars().all(|letter| letter == '0') => Use::Ask,
        _ => Use::Test(kind_of(said)),
    }
}

fn in_good_bad(folders: &[String]) -> Use {
    let folders = after_places(folders);
    let Some(first) = decisive(folders).first().or(folders.first()) else {
        return Use::LeftOut(Reason::Beside);
    };
    match Role::of(first) {
        Role::Truth(Word::Normal) if !says_bad(folders) => Use::Train,
        Role::Truth(Word::Unlabelled) => Use::Test(Kind::Unknown),
        Role::Truth(_) => Use::Test(kind_of(folders)),
        _ => Use::Look(Split::Open, Some(first.clone())),
    }
}

/// The names from the first that is not that of a shift, a line or the like, where a name behind it says more.
fn after_places(folders: &[String]) -> &[String] {
    let at = folders.iter().position(|name| word(name).is_some());
    match at {
        Some(at)
            if folders[..at]
                .iter()
                .all(|name| is_neutral(name) || is_serial(name)) =>
        {
            &folders[at..]
        }
        _ => folders,
    }
}

/// Whether a folder says "bad", however deep: whatever lies in it is not learned from.
pub(super) fn says_bad(folders: &[String]) -> bool {
    let mut is_normal = false;
    folders.iter().any(|name| match word(name) {
        Some(Word::Defective) => true,
        // Such words are names of parts, too, but not below "good".
        Some(Word::Defect) => is_normal,
        said => {
            is_normal |= said == Some(Word::Normal);
            false
        }
    })
}

/// The names from the first that is neither a number nor "images".
fn decisive(folders: &[String]) -> &[String] {
    let at = folders
        .iter()
        .position(|name| Role::of(name) != Role::Container && !is_serial(name));
    &folders[at.unwrap_or(folders.len())..]
}

/// The names from the first that says what images show, as in `bolt/good`; without such a name those that are
/// [`decisive`].
fn saying(folders: &[String]) -> &[String] {
    match folders.iter().position(|name| word(name).is_some()) {
        Some(at) => &folders[at..],
        None => decisive(folders),
    }
}

/// A kind of defect: the folder's name, or that of the one in it where it says no more than "bad".
fn kind_of(folders: &[String]) -> Kind {
    let is = |wanted: Word| move |name: &String| word(name) == Some(wanted);
    let said = decisive(folders);
    let inner = |bad: usize| {
        let inner = decisive(&said[bad + 1..]).first();
        inner.filter(|name| !is(Word::Defective)(name))
    };
    let name = match said.iter().position(is(Word::Defective)) {
        Some(bad) => inner(bad).or(said.get(bad)),
        None => said.iter().find(|name| is(Word::Defect)(name)),
    };
    let name = name.or(said.first()).or(folders.first());
    name.map_or(Kind::Unknown, |name| Kind::Defect(name.clone()))
}
