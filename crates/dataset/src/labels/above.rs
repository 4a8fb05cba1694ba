//! Labels in the folders above the one that was opened: those of the images in it count, too.

use std::path::{Path, PathBuf, absolute};

use super::file::{Change, LabelError, Record, file_of, read_from, save_to};
use crate::catalog::name_below;

/// A file of labels in a folder above, and what it calls the folder that was opened, with a `/` behind it.
struct Above {
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
            if !found.iter().any(|one| one.file == file) {
                found.push(Above { file, prefix });
            }
        }
    }
    found
}

/// What a file above says of images below the folder, by their names there.
pub(super) struct Said {
    /// The file.
    pub file: PathBuf,
    /// What it says, or why it cannot be read.
    pub records: Result<Vec<Record>, LabelError>,
}

/// What the files above say, the nearest first.
pub(super) fn read(root: &Path) -> Vec<Said> {
    let said = files(root).into_iter().map(|Above { file, prefix }| {
        let below = |record: Record| {
            let image = record.image.strip_prefix(&prefix)?.to_owned();
            Some(Record { image, ..record })
        };
        let records = read_from(&file);
        let records = records.map(|records| records.into_iter().filter_map(below).collect());
        Said { file, records }
    });
    said.collect()
}

/// Brings changes to the files above that say something of the same images: they would contradict them, and a label
/// that was taken away would be back.
pub(super) fn carry(root: &Path, changes: &[Change]) -> Result<(), LabelError> {
    for Above { file, prefix } in files(root) {
        // What cannot be read says nothing, which is said where it is read.
        let Ok(records) = read_from(&file) else {
            continue;
        };
        let named = |name: &String| format!("{prefix}{name}");
        let is_known = |name: &String| records.iter().any(|record| record.image == *name);
        let above = changes.iter().filter_map(|change| {
            let (image, earlier) = (
                named(&change.image),
                change.earlier_name.as_ref().map(named),
            );
            (is_known(&image) || earlier.as_ref().is_some_and(is_known)).then(|| Change {
                image,
                path: change.path.clone(),
                label: change.label.clone(),
                earlier_name: earlier,
                // Masks stay where they were drawn: beside the folder that was open then.
                mask: None,
                unwanted: None,
            })
        });
        let above: Vec<Change> = above.collect();
        if !above.is_empty() {
            save_to(&file, Ok(records), &above)?;
        }
    }
    Ok(())
}
