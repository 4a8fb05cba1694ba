//! Labels in the folders above the one that was opened: those of the images in it count, too.

use std::collections::HashSet;
use std::path::{Path, PathBuf, absolute};

use super::file::{Change, LabelError, NewMask, Record, file_of, read_from, save_to};
use crate::catalog::name_below;

/// A file of labels in a folder above, and what it calls the folder that was opened, with a `/` behind it.
struct Above {
    root: PathBuf,
    file: PathBuf,
    prefix: String,
}

/// The files of labels above, the nearest first. The folder may be a link: those above the link count, and those above
/// what it leads to.
fn files(root: &Path) -> Vec<Above> {
    let mut found: Vec<Above> = Vec::new();
    let ways = [absolute(root).ok(), root.canonicalize().ok()];
    for way in ways.into_iter().flatten() {
        for folder in way.ancestors().skip(1) {
            let Some(file) = file_of(folder) else {
                continue;
            };
            let prefix = name_below(folder, &way) + "/";
            let is_same = |one: &Above| one.file == file || same_file(&one.file, &file);
            if !found.iter().any(is_same) {
                found.push(Above {
                    root: folder.to_owned(),
                    file,
                    prefix,
                });
            }
        }
    }
    found
}

/// Whether two paths lead to one file.
fn same_file(one: &Path, other: &Path) -> bool {
    let both = one.canonicalize().ok().zip(other.canonicalize().ok());
    both.is_some_and(|(one, other)| one == other)
}

/// What a file above says of images below the folder, by their names there.
pub(super) struct Said {
    /// The folder that it is in.
    pub root: PathBuf,
    /// The file.
    pub file: PathBuf,
    /// What it says, or why it cannot be read.
    pub records: Result<Vec<Record>, LabelError>,
}

/// What the files above say, the nearest first.
pub(super) fn read(root: &Path) -> Vec<Said> {
    let said = files(root).into_iter().map(|Above { root, file, prefix }| {
        let below = |record: Record| {
            let image = record.image.strip_prefix(&prefix)?.to_owned();
            Some(Record { image, ..record })
        };
        let records = read_from(&file);
        let records = records.map(|records| records.into_iter().filter_map(below).collect());
        Said {
            root,
            file,
            records,
        }
    });
    said.collect()
}

/// The files above, the nearest first, and how what they call images of the folder begins.
pub(super) fn named(root: &Path) -> impl Iterator<Item = (PathBuf, String)> {
    files(root).into_iter().map(|one| (one.file, one.prefix))
}

/// What became of changes in the files above.
pub(super) struct Carried {
    /// For each change a file that says it now; `None` where none says anything of its image.
    pub files: Vec<Option<PathBuf>>,
    /// Why one of them does not.
    pub error: Option<LabelError>,
}

/// Brings changes to the files above that say something of the same images: they would contradict them, and a label
/// that was taken away would be back.
pub(super) fn carry(root: &Path, changes: &[Change]) -> Carried {
    let mut carried = Carried {
        files: vec![None; changes.len()],
        error: None,
    };
    for Above { root, file, prefix } in files(root) {
        // What cannot be read says nothing, which is said where it is read.
        let Ok(records) = read_from(&file) else {
            continue;
        };
        let named = |name: &String| format!("{prefix}{name}");
        let known: HashSet<&str> = records.iter().map(|one| one.image.as_str()).collect();
        let mut above = Vec::new();
        let mut numbers = Vec::new();
        for (number, change) in changes.iter().enumerate() {
            let image = named(&change.image);
            let earlier_name = change.earlier_name.as_ref().map(named);
            let is_known = [Some(&image), earlier_name.as_ref()]
                .into_iter()
                .flatten()
                .any(|name| known.contains(name.as_str()));
            if is_known {
                numbers.push(number);
                above.push(Change {
                    image,
                    earlier_name,
                    // A new one is kept beside the folder that is open.
                    mask: match change.mask {
                        NewMask::Drawn(_) => NewMask::Same,
                        _ => change.mask.clone(),
                    },
                    ..change.clone()
                });
            }
        }
        drop(known);
        if above.is_empty() {
            continue;
        }
        match save_to(&root, &file, records, &above) {
            Ok(()) => {
                for number in numbers {
                    carried.files[number].get_or_insert_with(|| file.clone());
                }
            }
            Err(error) => carried.error = Some(error),
        }
    }
    carried
}
