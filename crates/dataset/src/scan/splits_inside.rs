//! Folders that say what images show before they say whether those are for training: `good/train`, or both at
//! once, as `train_ok` does.

use std::path::Path;

use super::names::word;
use super::role::Role;
use crate::file_name::readable;
use crate::walk::subfolders;

/// What may stand between the two words of a name.
const SEPARATORS: [char; 4] = ['_', '-', '.', ' '];

/// Whether some of these folders set images apart for training in such a way.
pub(super) fn any_sets_apart(folders: &[impl AsRef<Path>]) -> bool {
    let name = |folder: &Path| readable(folder.file_name().unwrap_or_default());
    folders.iter().any(|folder| {
        let own = name(folder.as_ref());
        let trains = |names: &[String]| matches!(split_first(names), Some(Role::Train));
        word(&own).is_some()
            && (trains(std::slice::from_ref(&own))
                || subfolders(folder.as_ref())
                    .iter()
                    .any(|inner| trains(&[own.clone(), name(inner)])))
    })
}

/// What images are for by the first two of these names, when it is these that set them apart.
fn split_first(names: &[String]) -> Option<Role> {
    let turned = turned(names);
    (turned != names).then(|| Role::of(&turned[0]))
}

/// The names with that of the split first, as in `train/ok`; others as they are.
pub(super) fn turned(names: &[String]) -> Vec<String> {
    let says = |name: &str| word(name).is_some();
    match names {
        [own, rest @ ..] if says(own) => {
            if let Some((split, truth)) = both(own) {
                return [&[split, truth], rest].concat();
            }
            match rest {
                [inner, rest @ ..] if Role::of(inner).is_split() => {
                    [&[inner.clone(), own.clone()], rest].concat()
                }
                _ => names.to_vec(),
            }
        }
        _ => names.to_vec(),
    }
}

/// The two names in one, that of the split first.
fn both(name: &str) -> Option<(String, String)> {
    name.match_indices(SEPARATORS).find_map(|(at, separator)| {
        let (left, right) = (&name[..at], &name[at + separator.len()..]);
        [(left, right), (right, left)]
            .into_iter()
            .find(|(split, truth)| Role::of(split).is_split() && word(truth).is_some())
            .map(|(split, truth)| (split.to_owned(), truth.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_split_comes_first() {
        for (names, expected) in [
            (&["train_ok"][..], &["train", "ok"][..]),
            (&["NG-test", "a"], &["test", "NG", "a"]),
            (&["良品_学習用"], &["学習用", "良品"]),
            (&["good", "test"], &["test", "good"]),
            (&["good", "a"], &["good", "a"]),
            (&["train", "good"], &["train", "good"]),
            (&["training", "ok_test"], &["training", "ok_test"]),
            (&["ok_front"], &["ok_front"]),
        ] {
            let owned =
                |names: &[&str]| -> Vec<String> { names.iter().map(ToString::to_string).collect() };
            assert_eq!(turned(&owned(names)), owned(expected), "{names:?}");
        }
    }
}
