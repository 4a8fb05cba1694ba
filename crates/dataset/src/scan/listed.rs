//! Data sets that lists beside the images describe.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use kizumi_image::mask_source::MaskSource;

use super::deciding::{Candidate, Scanned};
use super::described::{documents, is_for_test};
use super::error::ScanError;
use super::found::Found;
use super::lists::{self, Contents, ListedImage, Part, Told};
use super::names_below;
use super::part_masks;
use super::reading::{Use, says_bad};
use crate::catalog::{Catalog, Entry, Kind, Layout};
use crate::left_out::{LeftOut, Reason};
use crate::list_fault::ListFault;
use crate::note::Note;

/// Where VisA keeps the list of a folder: in the folder beside it.
const LIST_OF_VISA: &str = "../split_csv/1cls.csv";

/// What the lists of a folder say.
pub(super) struct List<'r> {
    root: &'r Path,
    contents: Contents,
}

impl<'r> List<'r> {
    /// Looks for lists that name images of the folder. Of one that holds several data sets (`is_above`) only
    /// those count that lie in none of them.
    pub fn find(root: &'r Path, found: &Found, is_above: bool) -> Option<Self> {
        let below = |path: &'_ PathBuf| path.strip_prefix(root).ok().map(Path::to_owned);
        let images: Vec<PathBuf> = found.images.iter().filter_map(below).collect();
        let masks = found.masks.iter().map(|mask| &mask.path);
        let masks: Vec<PathBuf> = masks.filter_map(below).collect();
        let mut documents = documents(root, &found.left_out);
        match is_above {
            true => documents.retain(|path| is_of_all(path, &images)),
            false => documents.push(Path::new(LIST_OF_VISA)),
        }
        let [images, masks] = [&images, &masks].map(|paths| paths.iter().map(PathBuf::as_path));
        let (images, masks): (Vec<_>, Vec<_>) = (images.collect(), masks.collect());
        let contents = lists::find(root, &images, &masks, &documents)?;
        Some(Self { root, contents })
    }

    /// What lies in the folder beside the lists and the masks that they name.
    pub fn others(&self, found: &Found) -> Found {
        let mut found = found.clone();
        let files = self.files();
        found.left_out.retain(|one| !files.contains(&one.path));
        let masks = self.contents.images.iter().flat_map(|image| &image.masks);
        let masks: BTreeSet<PathBuf> = masks.map(|mask| self.root.join(mask)).collect();
        found.images.retain(|path| !masks.contains(path));
        found.masks.retain(|mask| !masks.contains(&mask.path));
        found
    }

    /// The images that the lists call defective, or of which they say two things.
    pub fn defective(&self) -> impl Iterator<Item = PathBuf> {
        let is_defective =
            |image: &&ListedImage| matches!(image.told, Told::Known(Kind::Defect(_)));
        let called = self.contents.images.iter().filter(is_defective);
        let called = called.map(|image| &image.path);
        let is_contradicted = |fault: &ListFault| {
            matches!(fault, ListFault::Contradiction | ListFault::Contradictions)
        };
        let left_out = self.contents.left_out.iter();
        let contradicted = left_out.filter(move |(_, fault)| is_contradicted(fault));
        let all = called.chain(contradicted.map(|(path, _)| path));
        all.map(|path| self.root.join(path))
    }

    fn files(&self) -> BTreeSet<PathBuf> {
        let files = self.contents.files.iter();
        files.map(|file| self.root.join(file)).collect()
    }

    /// The data set. What the lists leave open is taken from the `rest`: the data set without them.
    ///
    /// # Errors
    /// When there is not one image to use, and that of the rest where the lists do not say what images show.
    pub fn into_catalog(
        mut self,
        found: &Found,
        rest: Result<Catalog, ScanError>,
    ) -> Result<Catalog, ScanError> {
        let mut images = self.contents.images.iter();
        let says_kinds = images.any(|image| image.told != Told::Unsaid);
        let mut rest = match rest {
            Err(error) if !says_kinds => return Err(error),
            rest => Rest::of(rest.ok()),
        };
        let mut notes = self.notes(says_kinds);
        self.leave_out_masks_of_parts(&mut rest);
        let mut decided = self.listed(&found.images, &mut rest);
        let faults = self.contents.left_out.iter();
        let mut left_out: Vec<LeftOut> = faults
            .map(|(path, fault)| LeftOut {
                path: self.root.join(path),
                reason: Reason::Listed(*fault),
            })
            .collect();
        let mut named = used(&decided);
        named.extend(left_out.iter().map(|one| one.path.clone()));
        let others = found.images.iter().filter(|path| !named.contains(*path));
        let others = self.unlisted(others, &mut rest);
        if let by_rest @ 1.. = others
            .iter()
            .filter(|(_, _, is_by_rest)| *is_by_rest)
            .count()
        {
            notes.push(Note::Unlisted { images: by_rest });
        }
        decided.extend(others.into_iter().map(|(image, mask, _)| (image, mask)));
        named.extend(used(&decided));
        named.extend(self.files());
        let unused = found.masks.iter().map(|mask| LeftOut {
            path: mask.path.clone(),
            reason: Reason::NotListed,
        });
        let unused = unused.chain(found.left_out.iter().cloned());
        left_out.extend(unused.filter(|one| !named.contains(&one.path)));
        let scanned = Scanned::decided(decided, left_out);
        let mut catalog = scanned.into_catalog(self.root, Layout::Listed)?;
        catalog.notes.splice(0..0, notes);
        Ok(catalog)
    }

    /// Masks of parts are masks of no defects, whoever pairs them with images.
    fn leave_out_masks_of_parts(&mut self, rest: &mut Rest) {
        if part_masks::show_parts(self.root, &self.contents.images) {
            let images = self.contents.images.iter_mut();
            let masks = images.flat_map(|image| std::mem::take(&mut image.masks));
            let masks = masks.map(|mask| (mask, ListFault::MaskOfPart));
            self.contents.left_out.extend(masks);
            rest.has_masks = false;
        }
    }

    /// What the images are for that lists name.
    fn listed(&self, all: &[PathBuf], rest: &mut Rest) -> Vec<(Candidate, Option<MaskSource>)> {
        let images = self.contents.images.iter();
        // A folder called "test" in which all images lie sets none apart.
        let is_in_test = |path: &Path| folders_of(path).iter().any(|name| is_for_test(name));
        let below = |path: &PathBuf| path.strip_prefix(self.root).unwrap_or(path).to_owned();
        let parts_by_folders = all.iter().any(|path| !is_in_test(&below(path)));
        let decided = images.map(|image| {
            let path = self.root.join(&image.path);
            let said = rest.said.remove(&path);
            let is_tested = parts_by_folders && is_in_test(&image.path);
            let is_for = use_of(image, said.as_ref(), rest, is_tested);
            let masks = image.masks.iter().map(|mask| self.root.join(mask));
            let masks: Vec<PathBuf> = masks.collect();
            let mask = match (masks.is_empty(), &is_for) {
                (false, _) => Some(MaskSource::Files(masks)),
                (true, Use::Test(Kind::Defect(_))) if rest.has_masks => said.and_then(Said::mask),
                (true, _) => None,
            };
            (Candidate { path, is_for }, mask)
        });
        decided.collect()
    }

    /// What the others are for, and whether the rest says it.
    fn unlisted<'p>(
        &self,
        images: impl Iterator<Item = &'p PathBuf>,
        rest: &mut Rest,
    ) -> Vec<(Candidate, Option<MaskSource>, bool)> {
        let decided = images.map(|path| {
            let path = path.clone();
            let said = rest
                .said
                .remove(&path)
                .filter(|_| !self.contents.is_complete);
            let is_by_rest = said.is_some();
            let (is_for, mask) = match said {
                Some(Said::Trained) => (Use::Train, None),
                Some(Said::Tested(entry)) => (Use::Test(entry.kind), entry.mask),
                Some(Said::LeftOut(reason)) => (Use::LeftOut(reason), None),
                None if self.contents.is_complete => (Use::LeftOut(Reason::NotListed), None),
                None => (Use::Test(Kind::Unknown), None),
            };
            (Candidate { path, is_for }, mask, is_by_rest)
        });
        decided.collect()
    }

    fn notes(&self, says_kinds: bool) -> Vec<Note> {
        let files = self.contents.files.iter();
        let lists = files.map(|file| file.display().to_string()).collect();
        let mut notes = vec![match says_kinds {
            true => Note::Listed { lists },
            false => Note::PartsListed { lists },
        }];
        if !self.contents.by_number.is_empty() {
            let files = self.contents.by_number.iter();
            let lists = files.map(|file| file.display().to_string()).collect();
            notes.push(Note::ByNumber { lists });
        }
        if let rows @ 1.. = self.contents.elsewhere {
            notes.push(Note::ListedElsewhere { rows });
        }
        notes
    }
}

/// The images and their masks.
fn used(decided: &[(Candidate, Option<MaskSource>)]) -> BTreeSet<PathBuf> {
    let masks = decided.iter().flat_map(|(_, mask)| mask);
    let masks = masks.flat_map(MaskSource::paths).map(Path::to_owned);
    let images = decided.iter().map(|(image, _)| image.path.clone());
    images.chain(masks).collect()
}

/// Whether a list lies directly in the folder, or in one of it that holds no images.
fn is_of_all(list: &Path, images: &[PathBuf]) -> bool {
    let mut folders = list.components();
    let first = folders.next().map(|part| Path::new(part.as_os_str()));
    let holds_images = |folder| images.iter().any(|image| image.starts_with(folder));
    folders.next().is_none() || !first.is_some_and(holds_images)
}

fn folders_of(image: &Path) -> Vec<String> {
    let folder = image.parent().unwrap_or(image);
    names_below(folder, Path::new("")).unwrap_or_default()
}

/// What a data set would be without its lists.
struct Rest {
    said: HashMap<PathBuf, Said>,
    /// Nothing says what its images show.
    is_plain: bool,
    /// Masks or outlines say it, and not the names of folders.
    is_masked: bool,
    /// Whether its masks are of defects.
    has_masks: bool,
}

/// What it says of an image.
enum Said {
    Trained,
    Tested(Entry),
    LeftOut(Reason),
}

impl Rest {
    fn of(catalog: Option<Catalog>) -> Self {
        let layout = catalog.as_ref().map(|catalog| catalog.layout);
        let is_plain = layout == Some(Layout::Plain);
        let mut said = HashMap::new();
        for Catalog {
            train,
            test,
            left_out,
            ..
        } in catalog.into_iter().filter(|_| !is_plain)
        {
            said.extend(train.into_iter().map(|entry| (entry.path, Said::Trained)));
            said.extend(
                test.into_iter()
                    .map(|entry| (entry.path.clone(), Said::Tested(entry))),
            );
            said.extend(
                left_out
                    .into_iter()
                    .map(|one| (one.path, Said::LeftOut(one.reason))),
            );
        }
        Self {
            said,
            is_plain,
            is_masked: layout == Some(Layout::Masked),
            has_masks: true,
        }
    }
}

impl Said {
    fn kind(&self) -> Option<Kind> {
        match self {
            Self::Trained => Some(Kind::Normal),
            Self::Tested(entry) => Some(entry.kind.clone()),
            Self::LeftOut(Reason::Beside) => None,
            Self::LeftOut(_) => Some(Kind::Unknown),
        }
    }

    fn mask(self) -> Option<MaskSource> {
        match self {
            Self::Tested(entry) => entry.mask,
            Self::Trained | Self::LeftOut(_) => None,
        }
    }
}

/// What a listed image is for. A list does not make normal what lies in a folder that says "bad".
fn use_of(image: &ListedImage, said: Option<&Said>, rest: &Rest, is_tested: bool) -> Use {
    let is_bad = says_bad(&folders_of(&image.path));
    let by_rest = said.and_then(Said::kind);
    let is_marked = rest.is_masked && matches!(by_rest, Some(Kind::Defect(_)));
    let left_out = |fault| Use::LeftOut(Reason::Listed(fault));
    let kind = match &image.told {
        Told::Known(Kind::Normal) if is_bad => {
            return left_out(ListFault::NormalInBadFolder);
        }
        Told::Known(Kind::Normal) if is_marked => {
            return left_out(ListFault::NormalWithMarks);
        }
        Told::Known(kind) => kind.clone(),
        Told::Open | Told::Contradiction => Kind::Unknown,
        Told::Unmasked if !is_bad => by_rest.unwrap_or(Kind::Normal),
        // To be for training says it where nothing else does.
        Told::Unsaid if rest.is_plain && image.part == Some(Part::Train) && !is_bad => Kind::Normal,
        Told::Unmasked | Told::Unsaid => match by_rest {
            Some(Kind::Normal) if is_bad => Kind::Unknown,
            by_rest => by_rest.unwrap_or(Kind::Unknown),
        },
    };
    let is_said = matches!(image.told, Told::Known(_));
    match (image.part, kind) {
        (Some(Part::Train), Kind::Normal) => Use::Train,
        (Some(Part::Train), Kind::Defect(_)) if is_said => left_out(ListFault::DefectInTraining),
        (Some(Part::Train), Kind::Unknown) => left_out(ListFault::NotKnownNormal),
        (Some(Part::Test), kind) => Use::Test(kind),
        (None, Kind::Normal) if is_tested => Use::Test(Kind::Normal),
        // Validation is for choosing settings, for which the normal images of training are used here.
        (None | Some(Part::Validation), Kind::Normal) => Use::Train,
        // Those who set defects apart for another kind of training: here they are for the test.
        (_, kind) => Use::Test(kind),
    }
}
