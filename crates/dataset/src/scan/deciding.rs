//! What becomes of each image, once its folders are read and its mask is found.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use kizumi_image::file_error::FileError;
use kizumi_image::mask_look::marks_anything;
use kizumi_image::mask_source::MaskSource;
use kizumi_image::read_all::read_all;

use super::error::ScanError;
use super::mask_names::may_be_of_interest;
use super::notes;
use super::pairing::{Called, MaskFile, Paired, pair};
use super::reading::{Split, Use};
use super::twins::Twins;
use crate::catalog::{Catalog, Entry, Kind, Layout};
use crate::left_out::{LeftOut, Reason};
use crate::list_fault::ListFault;
use crate::natural::natural_cmp;

/// What a defect is called that only a mask knows of.
const NAMELESS: &str = "defect";

/// An image, and what its folders say it is for.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub path: PathBuf,
    pub is_for: Use,
}

/// Images with their masks.
pub(super) struct Scanned {
    pub images: Vec<Candidate>,
    masks: Vec<Option<MaskSource>>,
    pub left_out: Vec<LeftOut>,
    /// Whether some images are taken as normal because nothing says anything else.
    pub is_assumed: bool,
    /// Masks that mark something, each called as one of a region to look at may be.
    pub regions: Vec<PathBuf>,
}

/// What masks say where names say nothing, of the images of one split.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Evidence {
    /// Some image has a mask that marks something.
    marks: bool,
    /// Some image has a mask that says: nothing.
    clears: bool,
}

impl Scanned {
    /// Gives each image its masks, and decides by them what names leave open.
    pub fn new(images: Vec<Candidate>, masks: &[MaskFile], mut left_out: Vec<LeftOut>) -> Self {
        // Masks are of what is tested, and of what is called defective first. Only what no image of those may have may belong
        // to others, and last to images that are trained on.
        let group_of = |image: &Candidate| match image.is_for {
            Use::Test(Kind::Defect(_)) => 0,
            Use::Train | Use::LeftOut(_) => 2,
            _ => 1,
        };
        let groups = [0, 1, 2].map(|group| -> Vec<usize> {
            let those = 0..images.len();
            those.filter(|at| group_of(&images[*at]) == group).collect()
        });
        let mut of_image: Vec<Option<MaskSource>> = vec![None; images.len()];
        let mut unused: BTreeMap<PathBuf, Reason> = BTreeMap::new();
        let mut free = masks.to_vec();
        for (number, group) in groups.into_iter().enumerate() {
            let before = images.iter().filter(|image| group_of(image) < number);
            let before = Called::new(before.map(|image| image.path.as_path()));
            free.retain(|mask| !before.may_have(mask));
            let paths: Vec<&Path> = group.iter().map(|&at| images[at].path.as_path()).collect();
            let Paired { masks, left_out } = pair(&paths, &free);
            for (at, mask) in group.into_iter().zip(masks) {
                of_image[at] = mask;
            }
            let still: BTreeSet<&Path> = left_out.iter().map(|one| one.path.as_path()).collect();
            let is_free = |mask: &MaskFile| still.contains(mask.path.as_path());
            for mask in free.iter().filter(|mask| !is_free(mask)) {
                unused.remove(&mask.path);
            }
            // What lies beside a marked one is a copy of the image, and no mask of another.
            let copies = left_out.iter().filter(|one| one.reason == Reason::MaskCopy);
            let copies: BTreeSet<&Path> = copies.map(|one| one.path.as_path()).collect();
            free.retain(|mask| is_free(mask) && !copies.contains(mask.path.as_path()));
            for LeftOut { path, reason } in left_out {
                let known = unused.entry(path).or_insert_with(|| reason.clone());
                // Why it is none of an image to test with says more.
                if *known == Reason::MaskWithoutImage && number < 2 {
                    *known = reason;
                }
            }
        }
        let unused = unused.into_iter();
        left_out.extend(unused.map(|(path, reason)| LeftOut { path, reason }));
        let mut scanned = Self {
            images,
            masks: of_image,
            left_out,
            is_assumed: false,
            regions: Vec::new(),
        };
        scanned.look();
        scanned
    }

    /// Images that were decided on, each with its mask. One that is called normal and whose mask marks something is
    /// not learned from.
    pub fn decided(
        mut images: Vec<(Candidate, Option<MaskSource>)>,
        left_out: Vec<LeftOut>,
    ) -> Self {
        images.sort_by(|(a, _), (b, _)| natural_cmp(&a.path, &b.path));
        let (images, masks) = images.into_iter().unzip();
        let mut scanned = Self {
            images,
            masks,
            left_out,
            is_assumed: false,
            regions: Vec::new(),
        };
        scanned.look();
        scanned
    }

    /// Gives test images without a mask the one that `mask_of` knows.
    pub fn add_masks(&mut self, mask_of: impl Fn(&Path) -> Option<MaskSource>) {
        for (image, mask) in self.images.iter().zip(&mut self.masks) {
            if mask.is_none() && matches!(image.is_for, Use::Test(_)) {
                *mask = mask_of(&image.path);
            }
        }
    }

    /// Decides what an image is for by its mask, where its folders do not say it.
    fn look(&mut self) {
        let pairs: Vec<(&Candidate, &Option<MaskSource>)> =
            self.images.iter().zip(&self.masks).collect();
        let looks = read_all(&pairs, |(image, mask), limits| {
            match (&image.is_for, mask) {
                (Use::Look(..) | Use::Train, Some(mask)) => marks_anything(mask, limits).map(Some),
                _ => Ok(None),
            }
        });
        let looks = looks.into_iter().map(Result::transpose);
        let looks: Vec<Option<Result<bool, FileError>>> = looks.collect();
        self.regions = regions(&self.masks, &looks);
        let mut evidence: HashMap<Split, Evidence> = HashMap::new();
        for (image, look) in self.images.iter().zip(&looks) {
            if let (Use::Look(split, _), Some(Ok(marks))) = (&image.is_for, look) {
                let evidence = evidence.entry(*split).or_default();
                evidence.marks |= marks;
                evidence.clears |= !marks;
            }
        }
        for (at, look) in looks.into_iter().enumerate() {
            let (split, kind) = match &self.images[at].is_for {
                Use::Look(split, kind) => (*split, kind.as_deref()),
                // Called normal: its own mask may say that it is not.
                Use::Train if look.is_some() => (Split::Given, None),
                _ => continue,
            };
            let evidence = evidence.get(&split).copied().unwrap_or_default();
            // A mask that was looked at is no assumption.
            let is_said = look.is_some() || evidence != Evidence::default();
            let decided = match look {
                Some(Ok(true)) => defective(split, kind),
                Some(Ok(false)) => {
                    self.masks[at] = None;
                    normal(split)
                }
                Some(Err(why)) => {
                    let mask = self.masks[at].take();
                    let paths = mask.iter().flat_map(MaskSource::paths);
                    self.left_out.extend(paths.map(|path| LeftOut {
                        path: path.to_owned(),
                        reason: Reason::MaskUnreadable(why.to_string()),
                    }));
                    unknown(split)
                }
                None => without_mask(split, kind.is_some(), evidence),
            };
            self.is_assumed |= decided == Use::Train && !is_said;
            self.images[at].is_for = decided;
        }
    }

    /// The normal images that are among the defective ones, too, where all of one of them are: nobody sorted these by
    /// mistake.
    pub fn twins_of_all(&self) -> Vec<&Path> {
        let twins = twins_among(&self.images);
        let [normal, _] = sides(&self.images);
        let found = normal.iter().enumerate();
        let found =
            found.filter(|(at, _)| twins.are_all_of_a_side && twins.of_sides[0].contains(at));
        found
            .map(|(_, at)| self.images[*at].path.as_path())
            .collect()
    }

    /// Whether a person has to say what some images are for.
    pub fn has_questions(&self) -> bool {
        self.images.iter().any(|image| image.is_for == Use::Ask)
    }

    /// The data set.
    ///
    /// # Errors
    /// When there is not one image to use.
    pub fn into_catalog(self, root: &Path, layout: Layout) -> Result<Catalog, ScanError> {
        let Self {
            mut images,
            masks,
            mut left_out,
            ..
        } = self;
        leave_out_twins(&mut images);
        let (mut train, mut test) = (Vec::new(), Vec::new());
        for (Candidate { path, is_for }, mask) in images.into_iter().zip(masks) {
            match is_for {
                Use::Train => train.push(Entry {
                    path,
                    kind: Kind::Normal,
                    mask,
                }),
                Use::Test(kind) => test.push(Entry { path, kind, mask }),
                Use::LeftOut(reason) => left_out.push(LeftOut { path, reason }),
                Use::Look(..) | Use::Ask => left_out.push(LeftOut {
                    path,
                    reason: Reason::NotKnownNormal,
                }),
            }
        }
        if train.is_empty() && test.is_empty() {
            return Err(notes::no_images(root, &left_out));
        }
        // Stable: natural order stays within a kind. Normal sorts first, what is unknown last.
        test.sort_by(|a, b| a.kind.cmp(&b.kind));
        left_out.sort_by(|a, b| natural_cmp(&a.path, &b.path));
        let mut catalog = Catalog {
            root: root.into(),
            layout,
            train,
            test,
            notes: Vec::new(),
            left_out,
            excluded: BTreeSet::new(),
            joined: Default::default(),
        };
        catalog.notes = notes::of(&catalog);
        Ok(catalog)
    }
}

/// The masks that are called as those of regions to look at may be, unless one of them says that there is nothing:
/// then they are of defects.
fn regions(
    masks: &[Option<MaskSource>],
    looks: &[Option<Result<bool, FileError>>],
) -> Vec<PathBuf> {
    let looked_at = masks.iter().zip(looks).filter(|(_, look)| look.is_some());
    let of_mask = |(mask, look): (&Option<MaskSource>, &Option<Result<bool, FileError>>)| {
        let mut paths = mask.iter().flat_map(MaskSource::paths);
        let path = paths.find(|path| may_be_of_interest(path))?;
        Some((path.to_owned(), !matches!(look, Some(Ok(false)))))
    };
    let found: Option<Vec<PathBuf>> = looked_at
        .filter_map(of_mask)
        .map(|(path, marks)| marks.then_some(path))
        .collect();
    found.unwrap_or_default()
}

/// The images that are called normal, and those that are called defective, by their numbers.
fn sides(images: &[Candidate]) -> [Vec<usize>; 2] {
    let of = |wanted: fn(&Use) -> bool| -> Vec<usize> {
        let images = images.iter().enumerate();
        let wanted = images.filter(|(_, image)| wanted(&image.is_for));
        wanted.map(|(at, _)| at).collect()
    };
    [
        of(|is_for| matches!(is_for, Use::Train | Use::Test(Kind::Normal))),
        of(|is_for| {
            matches!(
                is_for,
                Use::Test(Kind::Defect(_))
                    | Use::LeftOut(
                        Reason::DefectInTraining | Reason::Listed(ListFault::DefectInTraining)
                    )
            )
        }),
    ]
}

/// Of these images those that are the same pictures.
fn twins_among(images: &[Candidate]) -> Twins {
    let [normal, defective] = sides(images).map(|side| {
        let paths = side.iter().map(|at| images[*at].path.as_path());
        paths.collect::<Vec<&Path>>()
    });
    Twins::between(&normal, &defective)
}

/// Of a picture that is called normal and defective nobody knows which it is: it is not learned from, nor measured.
fn leave_out_twins(images: &mut [Candidate]) {
    let twins = twins_among(images);
    for (side, twins) in sides(images).iter().zip(twins.of_sides) {
        for twin in twins {
            let is_for = &mut images[side[twin]].is_for;
            // Why it is left out already says more.
            if !matches!(is_for, Use::LeftOut(_)) {
                *is_for = Use::LeftOut(Reason::NormalAndDefective);
            }
        }
    }
}

fn defective(split: Split, kind: Option<&str>) -> Use {
    match split {
        Split::Train | Split::Given => Use::LeftOut(Reason::DefectInTraining),
        Split::Test | Split::Open => Use::Test(Kind::Defect(kind.unwrap_or(NAMELESS).to_owned())),
    }
}

fn normal(split: Split) -> Use {
    match split {
        Split::Train | Split::Open | Split::Given => Use::Train,
        Split::Test => Use::Test(Kind::Normal),
    }
}

fn unknown(split: Split) -> Use {
    match split {
        Split::Train | Split::Given => Use::LeftOut(Reason::NotKnownNormal),
        Split::Test | Split::Open => Use::Test(Kind::Unknown),
    }
}

/// An image without a mask. Where all masks mark something, only defects have masks; where one says that
/// nothing is wrong, images without a mask have merely not been looked at.
fn without_mask(split: Split, has_name: bool, evidence: Evidence) -> Use {
    match split {
        Split::Given => Use::Train,
        Split::Open if has_name => Use::Ask,
        Split::Open | Split::Train if !evidence.marks && !evidence.clears => Use::Train,
        Split::Train | Split::Test if evidence.marks && !evidence.clears => normal(split),
        _ => unknown(split),
    }
}
