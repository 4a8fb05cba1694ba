//! Recognises how a folder of images is organised: by the names of its folders and files, and by what masks
//! say where names say nothing.

mod arrangement;
pub(crate) mod beside;
mod camera_record;
mod common_folder;
mod dated;
mod deciding;
mod described;
mod doubt;
mod drawn;
mod error;
mod found;
mod given;
mod labels_in_names;
mod listed;
mod lists;
mod lookalikes;
mod made;
mod mask_names;
mod named_otherwise;
mod names;
mod neutral;
mod notes;
mod odd_ones;
mod one_each;
mod opened;
mod other_files;
mod pairing;
mod part_masks;
mod per_folder;
mod plain;
mod qualifiers;
mod question;
mod reading;
pub(crate) mod results;
mod role;
mod said_beside;
mod serial;
mod series;
mod siblings;
mod splits_inside;
mod tokens;
mod twins;
mod words;
mod words_more;
mod xmp;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::catalog::{Catalog, Kind, Layout};
use super::file_name::readable;
use super::left_out::{LeftOut, Reason};
use super::note::Note;
use super::path_list::PathList;
use super::walk::walk;
use arrangement::{Arrangement, Order};
use deciding::{Candidate, Scanned};
use described::{Annotations, has_documents};
use error::unreadable;
use found::Found;
use listed::List;
use lists::unread::unread;
use per_folder::PerFolder;
use reading::{Reading, Use};

pub use doubt::Doubt;
pub use error::{Group, ScanError, names_in};
pub(crate) use given::scan_rest_as;
pub use given::{Roles, scan_as};
pub(crate) use names::is_called_normal;
pub(crate) use notes::recount;
pub(crate) use qualifiers::{may_say_normal, says_defective, says_normal};
pub(crate) use role::is_called_after_test;

/// Finds the images of a data set, and what they are for:
///
/// * lists beside the images, in CSV, JSON, Parquet, text or a spreadsheet, go before all names: they say what
///   each image shows, which part it belongs to and where its masks are; what they do not say, the others do, and
///   a folder called "bad" is never overruled;
/// * annotations of COCO, Datumaro, YOLO, LabelMe and Pascal VOC: what is outlined is defective, and the outlines
///   are masks;
/// * folders for training and for a test, such as `train/good`, `test/<kind>`,
///   `ground_truth/<kind>/X_mask.png`, in any language that is known; masks in folders of their own, flat or by
///   kind, or beside their images; validation joins training, `test_private` has no truth;
/// * folders of normal and of defective images, such as `OK` and `NG`: the normal ones are for training;
/// * images with masks alone, which say what they show: where they mark nothing, the image is normal;
/// * images and nothing else, all taken as normal.
///
/// # Errors
/// [`ScanError`], which names the folder and what was looked for, or which folders a person has to say
/// something about.
pub fn scan(root: &Path) -> Result<Catalog, ScanError> {
    scan_rest(root, &HashSet::new())
}

/// The same where a person has said what some images show, the `labelled` ones: nobody is asked about these, and they are
/// there as images to test with of which nothing is known.
///
/// # Errors
/// As [`scan`].
pub(crate) fn scan_rest(root: &Path, labelled: &HashSet<PathBuf>) -> Result<Catalog, ScanError> {
    let arrangement = Arrangement::recognise(root);
    let is_above = matches!(arrangement, Err(ScanError::HoldsDatasets { .. }));
    if let (Err(error), false) = (&arrangement, is_above) {
        return Err(error.clone());
    }
    let found = Found::below(root)?;
    let Some(list) = List::find(root, &found, is_above) else {
        return without_list(root, found, arrangement?, labelled).and_then(other_files::weighed);
    };
    let others = list.others(&found);
    let rest =
        arrangement.and_then(|arrangement| without_list(root, others, arrangement, labelled));
    list.into_catalog(&found, rest)
        .and_then(other_files::weighed)
}

/// The data set by its annotations, its masks and the names of its folders.
fn without_list(
    root: &Path,
    mut found: Found,
    arrangement: Arrangement,
    labelled: &HashSet<PathBuf>,
) -> Result<Catalog, ScanError> {
    let annotations = Annotations::find(root, &found, arrangement.order)?;
    if let Some(annotations) = &annotations {
        annotations.correct(&mut found.left_out);
    }
    let order = arrangement.order;
    let mut folders = PerFolder::new();
    let below = found.images.iter().filter_map(|image| {
        let mut is_new = false;
        let names = folders.of(image, |folder| {
            is_new = true;
            arrangement.names_of(folder)
        });
        names.clone().filter(|_| is_new)
    });
    let reading = Reading::new(order, below);
    let mut uses = PerFolder::new();
    let images = found.images.iter().map(|path| Candidate {
        path: path.clone(),
        is_for: uses
            .of(path, |folder| match arrangement.names_of(folder) {
                Some(names) => reading.of(&names),
                None => Use::LeftOut(Reason::Beside),
            })
            .clone(),
    });
    let images = images.map(|image| match &annotations {
        // What a person says of it is said later.
        _ if matches!(image.is_for, Use::Ask | Use::Look(..)) && labelled.contains(&image.path) => {
            Candidate {
                is_for: Use::Test(Kind::Unknown),
                ..image
            }
        }
        Some(annotations) => annotations.applied(root, image),
        None => image,
    });
    let images: Vec<Candidate> = images.collect();
    let layout = match order {
        _ if annotations.as_ref().is_some_and(Annotations::decides) => Layout::Masked,
        Order::Splits => Layout::Mvtec,
        Order::GoodBad => Layout::GoodBad,
        Order::Loose if found.masks.is_empty() => Layout::Plain,
        Order::Loose => Layout::Masked,
    };
    let mut scanned = Scanned::new(images, &found.masks, found.left_out);
    let unread = match scanned.is_assumed {
        true => unread(root, &found.images, &scanned.left_out),
        false => Vec::new(),
    };
    let neutral = question::ask(root, &arrangement, layout, &scanned, unread, labelled)?;
    if let Some(annotations) = &annotations {
        scanned.add_masks(|image| annotations.mask_of(image));
    }
    let mut catalog = scanned.into_catalog(root, layout)?;
    let first = annotations.map(|annotations| annotations.notes());
    let first: Vec<Note> = first.into_iter().flatten().chain(neutral).collect();
    catalog.notes.splice(0..0, first);
    Ok(catalog)
}

/// What an inspection of a folder is of.
#[derive(Debug)]
pub enum Listed {
    /// Images of which nothing says what they show, as paths below the folder in natural order, in little
    /// memory however many they are; and what is left out.
    Plain(PathList, Vec<LeftOut>),
    /// A data set, of which the test images are inspected.
    Set(Box<Catalog>),
}

/// The images below a folder that are to be inspected: the test images of a data set, else all of them. Nobody
/// is asked which ones are normal, because that makes no difference.
///
/// # Errors
/// As [`scan`].
pub fn list(root: &Path) -> Result<Listed, ScanError> {
    let is_question = |error: &ScanError| match error {
        ScanError::Ambiguous { .. } => true,
        // Normal and defective parts of several lines can be inspected together.
        ScanError::HoldsDatasets { .. } => !Arrangement::holds_splits(root),
        _ => false,
    };
    let scanned = || match scan(root) {
        Err(error) if is_question(&error) => Ok(None),
        scanned => scanned.map(Some),
    };
    let set = |catalog| Listed::Set(Box::new(catalog));
    let order = match Arrangement::recognise(root) {
        Err(error) if is_question(&error) => Order::Loose,
        // A list may say more.
        Err(ScanError::HoldsDatasets { .. }) => return scan(root).map(set),
        recognised => recognised?.order,
    };
    if order != Order::Loose
        && let Some(catalog) = scanned()?
    {
        return Ok(set(catalog));
    }
    let walk = walk(root).map_err(|error| unreadable(root, &error))?;
    if walk.gave_up {
        return Err(ScanError::TooManyFiles { path: root.into() });
    }
    if walk.images.is_empty() {
        return Err(notes::no_images(root, &walk.left_out));
    }
    let has_masks = !walk.masks.is_empty() || found::has_mask_folder(root, &walk.images);
    let says_more = has_masks || has_documents(&walk.left_out);
    let catalog = match says_more && order == Order::Loose {
        true => scanned()?.filter(|catalog| catalog.layout != Layout::Plain),
        false => None,
    };
    Ok(match catalog {
        Some(catalog) => set(catalog),
        None => Listed::Plain(walk.images, walk.left_out),
    })
}

/// The names of the folders from `base` down to `folder`; `None` for one that lies elsewhere.
fn names_below(folder: &Path, base: &Path) -> Option<Vec<String>> {
    let below = folder.strip_prefix(base).ok()?;
    Some(below.iter().map(readable).collect())
}

#[cfg(test)]
mod annotated_tests;
#[cfg(test)]
mod contradiction_tests;
#[cfg(test)]
mod described_tests;
#[cfg(test)]
mod layout_tests;
#[cfg(test)]
mod listed_tests;
#[cfg(test)]
mod tables_tests;
#[cfg(test)]
mod tests;
