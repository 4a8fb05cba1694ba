//! What the name of a folder of images alone, and what lies around it, say of them: somebody may have opened one folder of a
//! data set instead of all of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kizumi_image::decode::{Backdrop, Limits, decode};
use kizumi_image::shown::shown;
use unicode_normalization::UnicodeNormalization;

use super::names::{Word, word};
use super::odd_ones::odd_ones;
use super::role::Role;
use super::said_beside::said_beside;
use super::serial::is_serial;
use super::tokens::words_of;
use crate::catalog::Catalog;
use crate::few::Few;
use crate::file_name::readable;
use crate::note::Note;
use crate::walk::subfolders;

/// Images that are looked at.
const LOOKED_AT: usize = 3;

/// Words for what holds good parts and bad ones, or such as came back or were worked on again.
const UNSURE: &str = "mixed mix gemischt gemischte mélange mélangé mezcla mezclado mezcladas misto misti mista mistura misturado \
     smíchané karışık returned returns return retoure retouren rückläufer ruecklaeufer reklamation reklamationen retour retours \
     devolución devoluciones devolucion resi reso devolvido devoluções rework reworked rework nacharbeit nachgearbeitet retouche \
     retouches retrabajo reproceso rilavorazione retrabalho complaint complaints claim claims rma";

/// The same in scripts without spaces, anywhere in a name.
const UNSURE_UNSPACED: &str =
    "混在 混合 混载 返品 戻り品 手直し 再加工 クレーム 退货 退回 返工 返修 客诉 반품 재작업 혼합";

/// What a person should know of a folder of images alone, all of which are taken as normal.
pub(super) fn notes(catalog: &Catalog) -> Vec<Note> {
    let root = catalog.root.canonicalize();
    let root = root.as_deref().unwrap_or(&catalog.root);
    let name = readable(root.file_name().unwrap_or_default());
    let folder = shown(Path::new(&name)).to_string();
    let images = catalog.train.iter().map(|entry| entry.path.clone());
    let images: Vec<PathBuf> = images.collect();
    let mut notes = Vec::new();
    if is_unsure(&name) {
        let folder = folder.clone();
        notes.push(Note::FolderNamedUnsure { folder });
    }
    if are_masks(&images) {
        notes.push(Note::LikeMasks { folder });
    } else if let Some(beside) = set_aside_from(root, &name) {
        notes.push(Note::OpenedAside { folder, beside });
    }
    let odd: Few = odd_ones(&images)
        .into_iter()
        .map(|path| catalog.name_of(path))
        .collect();
    if odd.count() > 0 {
        notes.push(Note::OddImages(odd));
    }
    let said = said_beside(root, &images);
    if !said.is_empty() {
        let below = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default();
            shown(Path::new(name)).to_string()
        };
        let files = said.iter().map(below).collect();
        notes.push(Note::SaidBeside { files });
    }
    notes
}

/// Whether a name says that nobody knows what the images show, or that bad ones may be among them.
fn is_unsure(name: &str) -> bool {
    let composed: String = name.nfkc().collect();
    let is = |(text, _): &(String, _)| UNSURE.split_whitespace().any(|known| known == text);
    let mut unspaced = UNSURE_UNSPACED.split_whitespace();
    word(name) == Some(Word::Unlabelled)
        || words_of(&composed).iter().any(is)
        || unspaced.any(|known| composed.contains(known))
}

/// Whether some images, looked at here and there, are all like masks: black, and of one other value where they mark something.
fn are_masks(images: &[PathBuf]) -> bool {
    let shown = images.len().min(LOOKED_AT);
    let some = (0..shown).map(|at| values(&images[at * images.len() / shown]));
    let some: Option<Vec<BTreeSet<u8>>> = some.collect();
    some.is_some_and(|some| {
        let is_mask = |values: &BTreeSet<u8>| values.contains(&0) && values.len() <= 2;
        some.iter().all(is_mask) && some.iter().any(|values| values.len() == 2)
    })
}

/// The values of a picture in grey; three of them where there are more.
fn values(image: &Path) -> Option<BTreeSet<u8>> {
    let decoded = decode(image, Limits::PARALLEL, Backdrop::Black).ok()?;
    let mut values = BTreeSet::new();
    for value in decoded.image.to_luma8().into_raw() {
        values.insert(value);
        if values.len() > 2 {
            break;
        }
    }
    Some(values)
}

/// The folder for a test that this one lies in, or the one beside it that is called normal and after which this one, whose name
/// says nothing, may be one of defects.
fn set_aside_from(root: &Path, name: &str) -> Option<String> {
    let above = root.parent()?;
    let name_of = |folder: &Path| readable(folder.file_name().unwrap_or_default());
    if word(name).is_some() || Role::of(name) != Role::Other || is_serial(name) {
        return None;
    }
    let shown = |name: String| shown(Path::new(&name)).to_string();
    let above_name = name_of(above);
    if matches!(Role::of(&above_name), Role::Test | Role::Private) {
        return Some(shown(above_name));
    }
    let beside = subfolders(above).into_iter().map(|folder| name_of(&folder));
    let mut normal = beside.filter(|other| word(other) == Some(Word::Normal));
    normal.next().map(shown)
}
