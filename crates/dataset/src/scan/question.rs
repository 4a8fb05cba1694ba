//! When a person is asked which images are normal.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use kizumi_image::shown::shown;

use super::arrangement::{Arrangement, Order};
use super::camera_record::is_of_camera;
use super::common_folder::common_folder;
use super::dated::names_without_dates;
use super::deciding::{Candidate, Scanned};
use super::doubt::Doubt;
use super::error::{Group, ScanError};
use super::lookalikes::lookalikes;
use super::made::made;
use super::mask_names::{image_names, is_of_interest};
use super::named_otherwise::named_otherwise;
use super::names::{Word, is_called_normal, word};
use super::names_below;
use super::neutral::{are_neutral, is_place_or_time, neutral_names};
use super::one_each::one_each;
use super::reading::Use;
use super::role::Role;
use super::serial::{CLASSES_MAX, is_serial, letters, may_be_class};
use super::series::Series;
use super::xmp::judged;
use crate::catalog::{Kind, Layout};
use crate::few::Few;
use crate::file_name::{comparable, readable, stem};
use crate::left_out::{LeftOut, Reason};
use crate::natural::natural_cmp;
use crate::note::Note;

/// How many images of a group are shown.
const SAMPLES: usize = 6;

/// Folders that images are parted by, at most.
const DEEPEST: usize = 6;

/// Endings of what cameras and programs for photographs keep beside each of them: settings, thumbnails, the places
/// of pixels on a map, sound and films of the same moment, and what the sensor saw.
const OF_PICTURES: [&str; 42] = [
    ".xmp", ".thm", ".aae", ".pp3", ".dop", ".on1", ".cos", ".nksc", ".nksv", ".rrdata", ".arp",
    ".exif", ".exv", ".lrv", ".lrf", ".mov", ".mp4", ".wav", ".pgw", ".jgw", ".tfw", ".bpw",
    ".heic", ".heif", ".hif", ".avif", ".dng", ".arw", ".cr2", ".cr3", ".crw", ".nef", ".nrw",
    ".hdr", ".orf", ".rw2", ".raf", ".pef", ".srw", ".x3f", ".3fr", ".iiq",
];

/// Asks, when what the folders are called leaves open which of their images are normal, or when `unread` files,
/// that name images and that are not understood, may say it where nothing else does. Nobody is asked about the
/// `labelled` images, of which a person has said it. Gives a note of folders whose names are taken to say nothing.
///
/// # Errors
/// [`ScanError::Ambiguous`].
pub(super) fn ask(
    root: &Path,
    arrangement: &Arrangement,
    layout: Layout,
    scanned: &Scanned,
    unread: Vec<PathBuf>,
    labelled: &HashSet<PathBuf>,
) -> Result<Option<Note>, ScanError> {
    let all = scanned.images.iter().map(|image| image.path.as_path());
    let all: Vec<&Path> = all.collect();
    let mut images = all.clone();
    images.retain(|path| !labelled.contains(*path));
    if images.is_empty() {
        return Ok(None);
    }
    let above = |images: &[&Path]| {
        let common = common_folder(images.iter().copied());
        common.unwrap_or_else(|| root.to_owned())
    };
    let (common, above_all) = (above(&images), above(&all));
    let doubts = doubts(root, scanned, &images, labelled);
    let is_doubted = !doubts.is_empty()
        || !unread.is_empty()
        || scanned.is_assumed && trains_on_classes(scanned, arrangement);
    let groups = match arrangement.order {
        Order::Loose if scanned.has_questions() => grouped(&images, root, usize::MAX),
        Order::Loose if layout == Layout::Plain => match tell_apart(&all, &above_all) {
            Some(groups) if is_doubted || !are_neutral(&groups, &above_all) => groups,
            None if is_doubted => grouped(&images, &common, 1),
            _ => return Ok(neutral(&images, &common)),
        },
        _ if !scanned.has_questions() && !is_doubted => return Ok(None),
        Order::Splits => parted(scanned, &arrangement.base, 2),
        Order::GoodBad => parted(scanned, &arrangement.base, 1),
        Order::Loose => grouped(&images, &common, 1),
    };
    let asked = scanned.images.iter();
    let asked = asked.filter(|image| image.is_for == Use::Ask);
    let asked: HashSet<&Path> = asked.map(|image| image.path.as_path()).collect();
    let groups = groups.into_iter().filter_map(|(folder, mut images)| {
        images.retain(|path| !labelled.contains(*path));
        (!images.is_empty()).then(|| group(folder, &images, &asked))
    });
    let groups: Vec<Group> = groups.collect();
    let mut doubts = doubts;
    if doubts.is_empty() && unread.is_empty() {
        doubts.extend(unsaid(root, &groups));
    }
    Err(ScanError::Ambiguous {
        path: root.into(),
        groups,
        doubts,
        unread,
    })
}

/// Says which folders there are of normal images, where there are several that have names.
fn neutral(images: &[&Path], common: &Path) -> Option<Note> {
    let folders: BTreeSet<&Path> = images.iter().filter_map(|image| image.parent()).collect();
    // Images beside folders may be of another kind than those in them, whatever these are called.
    let has_both = folders.contains(common);
    let names = match has_both {
        true => inside(&folders, common),
        false => neutral_names(folders.into_iter(), common),
    };
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort_by(|a, b| natural_cmp(Path::new(a), Path::new(b)));
    let least = if has_both { 1 } else { 2 };
    let folders: Few = names
        .iter()
        .map(|name| shown(Path::new(name)).to_string())
        .collect();
    (folders.count() >= least).then_some(Note::Neutral(folders))
}

/// What the folders directly in `common` are called.
fn inside(folders: &BTreeSet<&Path>, common: &Path) -> BTreeSet<String> {
    let below = folders
        .iter()
        .filter_map(|folder| folder.strip_prefix(common).ok());
    let first = below.filter_map(|below| below.iter().next());
    first.map(readable).collect()
}

/// What makes it doubtful which of the images are normal, beside the names of folders that nobody knows.
fn doubts(
    root: &Path,
    scanned: &Scanned,
    images: &[&Path],
    labelled: &HashSet<PathBuf>,
) -> Vec<Doubt> {
    let that_are = |is_for: Use| {
        let those = scanned
            .images
            .iter()
            .filter(move |one| one.is_for == is_for);
        those.map(|image| image.path.as_path())
    };
    let is_asked = |path: &&Path| !labelled.contains(*path);
    let learned: Vec<&Path> = that_are(Use::Train).filter(is_asked).collect();
    let mut made = made(&learned, images);
    // Masks in a folder called after training are learned from, and their images lie beside it.
    let aside = that_are(Use::LeftOut(Reason::Beside));
    let with_aside: Vec<&Path> = learned.iter().copied().chain(aside).collect();
    let mut alike = lookalikes(&with_aside);
    if !alike.is_empty() {
        let learned: HashSet<&Path> = learned.iter().copied().collect();
        alike.retain(|path| learned.contains(path));
    }
    let name = |path: &Path| shown(path.strip_prefix(root).unwrap_or(path)).to_string();
    let few = |paths: Vec<&Path>| paths.into_iter().map(name).collect();
    let series = Series::among(&learned);
    made.of_image.extend(series.made);
    let others = [&made.of_image, &made.bad, &alike, &series.of_other_sensors];
    let others: HashSet<&Path> = others.into_iter().flatten().copied().collect();
    let rest = learned
        .iter()
        .copied()
        .filter(|path| !others.contains(path));
    let is_assumed = |folder: &Path| scanned.is_assumed && !is_called_normal_below(folder, root);
    // An image is called otherwise than the others beside it, whether anything is known of these or not.
    let known = labelled.iter().map(PathBuf::as_path);
    let mut otherwise = named_otherwise(&rest.chain(known).collect::<Vec<_>>(), is_assumed);
    otherwise.retain(|path| !labelled.contains(*path));
    let mut doubts = vec![
        Doubt::Folders(few(doubtful_folders(root, scanned))),
        Doubt::Made(few(made.of_image)),
        Doubt::NamedBad(few(made.bad)),
        Doubt::NamedOtherwise(few(otherwise)),
        Doubt::Lookalikes(few(alike)),
        Doubt::OtherSensors(few(series.of_other_sensors)),
        Doubt::Twins(few(scanned.twins_of_all())),
        Doubt::Regions(few(regions(scanned, images.len()))),
    ];
    if scanned.is_assumed {
        doubts.push(Doubt::Unpaired(few(other_masks(scanned))));
    }
    // Where nothing is defective, outlines of images of other names may say what is.
    let is_defective = |image: &Candidate| matches!(image.is_for, Use::Test(Kind::Defect(_)));
    if scanned.is_assumed || !scanned.images.iter().any(is_defective) {
        doubts.push(Doubt::Unopened(few(annotations(root, scanned))));
    }
    doubts.retain(|doubt| doubt.names().count() > 0);
    doubts
}

/// The folders that do not say what their images show, where others do.
fn unsaid(root: &Path, groups: &[Group]) -> Option<Doubt> {
    let is_unsaid = |group: &&Group| group.guess == Kind::Unknown;
    let folders = groups.iter().filter(is_unsaid);
    let name = |group: &Group| match group.folder.strip_prefix(root) {
        Ok(below) if !below.as_os_str().is_empty() => shown(below).to_string(),
        _ => readable(root.file_name().unwrap_or_default()),
    };
    let names: Few = folders.map(name).collect();
    let says_some = names.count() > 0 && names.count() < groups.len();
    says_some.then_some(Doubt::Unsaid(names))
}

/// The folders of images that are asked about although some folder says "normal" of them.
fn doubtful_folders<'a>(root: &Path, scanned: &'a Scanned) -> Vec<&'a Path> {
    let asked = scanned.images.iter();
    let asked = asked.filter(|image| image.is_for == Use::Ask);
    let folders = asked.filter_map(|image| image.path.parent());
    let folders: BTreeSet<&Path> = folders.collect();
    let folders = folders.into_iter();
    let folders = folders.filter(|folder| is_called_normal_below(folder, root));
    folders.collect()
}

/// Asks again about folders of images, because of one more `doubt`.
pub(super) fn again(root: &Path, groups: BTreeMap<&Path, Vec<&Path>>, doubt: Doubt) -> ScanError {
    let mut groups: Vec<_> = groups
        .into_iter()
        .filter(|(_, images)| !images.is_empty())
        .collect();
    groups.sort_by(|(a, _), (b, _)| natural_cmp(a, b));
    let groups = groups.into_iter();
    let groups = groups.map(|(folder, images)| group(folder.to_owned(), &images, &HashSet::new()));
    ScanError::Ambiguous {
        path: root.into(),
        groups: groups.collect(),
        doubts: vec![doubt],
        unread: Vec::new(),
    }
}

/// Asks about images, because of files that may say which of them are defective.
pub(super) fn about(root: &Path, images: &[&Path], unread: Vec<PathBuf>) -> ScanError {
    let common = common_folder(images.iter().copied()).unwrap_or(root.to_owned());
    let groups = grouped(images, &common, 1).into_iter();
    let groups = groups.map(|(folder, images)| group(folder, &images, &HashSet::new()));
    ScanError::Ambiguous {
        path: root.into(),
        groups: groups.collect(),
        doubts: Vec::new(),
        unread,
    }
}

/// The images by the folder that they lie in, `depth` below `base` at most.
fn grouped<'a>(images: &[&'a Path], base: &Path, depth: usize) -> Vec<(PathBuf, Vec<&'a Path>)> {
    let mut groups: BTreeMap<PathBuf, Vec<&Path>> = BTreeMap::new();
    for image in images {
        let folder = image.parent().unwrap_or(image);
        if let Ok(below) = folder.strip_prefix(base) {
            let mut group = base.to_owned();
            group.extend(below.iter().take(depth));
            groups.entry(group).or_default().push(image);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|(a, _), (b, _)| natural_cmp(a, b));
    groups
}

/// The images by the folder that they lie in, `depth` below `base` and, where some are asked about, as much more
/// as parts those from the others and by what their folders are called.
fn parted<'a>(scanned: &'a Scanned, base: &Path, depth: usize) -> Vec<(PathBuf, Vec<&'a Path>)> {
    let paths = |is_asked: bool| -> Vec<&Path> {
        let images = scanned.images.iter();
        let images = images.filter(|image| (image.is_for == Use::Ask) == is_asked);
        images.map(|image| image.path.as_path()).collect()
    };
    let (asked, others) = (paths(true), paths(false));
    let is_parted = |depth: &usize| {
        let groups = grouped(&asked, base, *depth);
        let others = grouped(&others, base, *depth);
        let others: HashSet<&PathBuf> = others.iter().map(|(folder, _)| folder).collect();
        groups.iter().all(|(folder, images)| {
            let folders: HashSet<&Path> =
                images.iter().filter_map(|image| image.parent()).collect();
            let said: HashSet<_> = folders.into_iter().map(|one| said(one, folder)).collect();
            said.len() == 1 && !others.contains(folder)
        })
    };
    let deeper = (depth..DEEPEST).find(is_parted).unwrap_or(DEEPEST);
    let images = scanned.images.iter().map(|image| image.path.as_path());
    let groups = grouped(&images.collect::<Vec<_>>(), base, depth).into_iter();
    let asked: HashSet<&Path> = asked.iter().copied().collect();
    let groups = groups.flat_map(|(folder, images)| {
        match images.iter().any(|image| asked.contains(image)) {
            true => grouped(&images, base, deeper),
            false => vec![(folder, images)],
        }
    });
    groups.collect()
}

/// The images by folders whose names tell kinds of them apart, as few folders as do: `alt` and `neu` do,
/// also in one folder for each day, and so do `class0` and `class1` or `2026-11-29` and `RMA-20261130`; `2026-11-29`
/// and `2026-11-30` do not, and neither do `left` and `right` or `images`. A few short numbers may be those of classes.
fn tell_apart<'a>(images: &[&'a Path], common: &Path) -> Option<Vec<(PathBuf, Vec<&'a Path>)>> {
    [1, 2, usize::MAX].into_iter().find_map(|depth| {
        let groups = grouped(images, common, depth);
        let mut said = groups.iter().map(|(folder, _)| said(folder, common));
        let first = said.next();
        let differs = said.any(|said| first.as_ref() != Some(&said));
        let folders = groups.iter().map(|(folder, _)| folder.as_path());
        (differs || are_classes(folders, common)).then_some(groups)
    })
}

/// What the names of the folders below `common` say of the images in `folder`, if anything.
fn said(folder: &Path, common: &Path) -> Vec<String> {
    let names = names_without_dates(folder, common).into_iter();
    let names = names.filter(|name| Role::of(name) != Role::Container && !is_place_or_time(name));
    let said = names.map(|name| match is_serial(&name) {
        true => letters(&name),
        false => comparable(&name),
    });
    said.filter(|said| !said.is_empty()).collect()
}

/// Whether folders are told apart by numbers that may be those of classes.
fn are_classes<'f>(folders: impl Iterator<Item = &'f Path>, common: &Path) -> bool {
    let numbers = folders.map(|folder| {
        let names = names_without_dates(folder, common).into_iter();
        let names = names.filter(|name| may_be_class(name));
        names.collect::<Vec<String>>()
    });
    let numbers: HashSet<Vec<String>> = numbers.collect();
    (2..=CLASSES_MAX).contains(&numbers.len())
}

/// Whether images to learn from lie in numbered folders of one for training, as those of classes do.
fn trains_on_classes(scanned: &Scanned, arrangement: &Arrangement) -> bool {
    let learned = scanned.images.iter();
    let learned = learned.filter(|image| image.is_for == Use::Train);
    let folders = learned.filter_map(|image| image.path.parent());
    let folders = folders.filter(|folder| !is_called_normal_below(folder, &arrangement.base));
    arrangement.order == Order::Splits && are_classes(folders, &arrangement.base)
}

/// Whether one of the folders from `base` down to this one says "normal".
fn is_called_normal_below(folder: &Path, base: &Path) -> bool {
    let names = names_below(folder, base).unwrap_or_default();
    names.iter().any(|name| is_called_normal(name))
}

/// The masks of regions to look at, where they may be of defects: some images have none.
fn regions(scanned: &Scanned, images: usize) -> Vec<&Path> {
    let is_of_interest =
        |one: &&LeftOut| one.reason == Reason::MaskWithoutImage && is_of_interest(&stem(&one.path));
    let unused = scanned.left_out.iter().filter(is_of_interest);
    let unused: Vec<&Path> = unused.map(|one| one.path.as_path()).collect();
    let are_of_some = scanned.is_assumed && unused.len() < images;
    let named = scanned.regions.iter().map(PathBuf::as_path);
    named
        .chain(unused.into_iter().filter(|_| are_of_some))
        .collect()
}

/// The masks of which it is not known what image each is of.
fn other_masks(scanned: &Scanned) -> Vec<&Path> {
    let is_other = |one: &&LeftOut| {
        one.reason == Reason::MaskWithoutImage && !is_of_interest(&stem(&one.path))
    };
    let others = scanned.left_out.iter().filter(is_other);
    others.map(|one| one.path.as_path()).collect()
}

/// The files that are not read in folders called as those of masks are, such as outlines in another program's
/// words, and those with the name of the image that they lie beside, as those of Pascal VOC have, or with that of
/// a mask of it, or one of which there is one for each image: they may say that images show defects.
fn annotations<'a>(root: &Path, scanned: &'a Scanned) -> Vec<&'a Path> {
    let images = scanned.images.iter();
    let images: HashSet<PathBuf> = images.map(|image| image.path.with_extension("")).collect();
    // As a mask even what cameras keep may be one.
    let is_beside = |one: &LeftOut, ending: &str| {
        let bare = one.path.with_extension("");
        let name = stem(&one.path);
        let mut of_mask = image_names(&name).map(|image| bare.with_file_name(image));
        images.contains(&bare) && !OF_PICTURES.contains(&ending)
            || of_mask.any(|image| images.contains(&image))
    };
    let is_annotation = |one: &&LeftOut| {
        let below = one
            .path
            .parent()
            .and_then(|folder| folder.strip_prefix(root).ok());
        let mut names = below.into_iter().flatten().map(readable);
        match &one.reason {
            Reason::NotAnImage(ending)
                if scanned.is_assumed && is_beside(one, ending) && !is_of_camera(&one.path) =>
            {
                true
            }
            Reason::NotAnImage(_) => names.any(|name| Role::of(&name) == Role::Masks),
            _ => false,
        }
    };
    let found = scanned.left_out.iter().filter(is_annotation);
    let mut found: BTreeSet<&Path> = found.map(|one| one.path.as_path()).collect();
    if scanned.is_assumed {
        let images = scanned.images.iter().map(|image| image.path.as_path());
        let is_file = |one: &&LeftOut| match &one.reason {
            Reason::NotAnImage(ending) => !OF_PICTURES.contains(&ending.as_str()),
            _ => false,
        };
        let files = scanned.left_out.iter().filter(is_file);
        let files: Vec<&Path> = files.map(|one| one.path.as_path()).collect();
        found.extend(one_each(&images.collect::<Vec<_>>(), &files));
        let of_photographs = scanned.left_out.iter();
        let of_photographs =
            of_photographs.filter(|one| one.reason == Reason::NotAnImage(".xmp".into()));
        let of_photographs: Vec<&Path> = of_photographs.map(|one| one.path.as_path()).collect();
        found.extend(judged(&of_photographs));
    }
    let mut found: Vec<&Path> = found.into_iter().collect();
    found.sort_by(|a, b| natural_cmp(a, b));
    found
}

/// A group as it is shown. Where images are `asked` about although a name says "normal", it is not guessed again.
fn group(folder: PathBuf, images: &[&Path], asked: &HashSet<&Path>) -> Group {
    let name = readable(folder.file_name().unwrap_or_default());
    let shown = images.len().min(SAMPLES);
    let samples = (0..shown).map(|at| images[at * images.len() / shown].to_owned());
    Group {
        images: images.len(),
        samples: samples.collect(),
        guess: match word(&name) {
            Some(Word::Normal) if images.iter().any(|image| asked.contains(image)) => Kind::Unknown,
            Some(Word::Normal) => Kind::Normal,
            Some(Word::Defective | Word::Defect) => Kind::Defect(name),
            Some(Word::Unlabelled) | None => Kind::Unknown,
        },
        folder,
    }
}
