//! What only the files of a data set tell: which of them are no images, which masks somebody should look at, and
//! how many bits are used.

use std::mem::discriminant;
use std::path::{Path, PathBuf};

use image::metadata::Orientation;
use kizumi_image::decode::Limits;
use kizumi_image::depth::Depth;
use kizumi_image::dimensions::{orientation, size_px};
use kizumi_image::file_error::FileError;
use kizumi_image::mask::{Photograph, load_mask_regions_within};
use kizumi_image::placement::Placement;
use kizumi_image::read_all::read_all;
use kizumi_image::shown::shown;

use super::catalog::{Catalog, Entry};
use super::depth_search::{DepthSearch, Found};
use super::few::Few;
use super::load_note::LoadMatter;
use super::note::Note;
use super::truth::{MaskMatter, MaskNote, truth_of};

/// Images a step; a few for each thread.
const CHUNK: usize = 16;

/// Looks at the files, a few a step. Of images the heads are read, of test images the masks, too; images of
/// 16 bits a value are decoded.
pub struct CloserLook {
    root: PathBuf,
    images: Vec<Entry>,
    /// How many of them are to learn from; they come first.
    training: usize,
    /// How many were looked at.
    at: usize,
    broken: Vec<PathBuf>,
    masks: Vec<MaskNote>,
    depth: DepthSearch,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    root: PathBuf,
    /// Images that are none from their first bytes on. What else is broken shows when they are used.
    pub broken: Vec<PathBuf>,
    /// What a person should know of masks.
    pub masks: Vec<MaskNote>,
    /// How many bits the images use.
    pub depth: Found,
}

/// What was seen of an image.
struct Seen {
    is_broken: bool,
    masks: Vec<MaskNote>,
}

impl CloserLook {
    /// Nothing read yet.
    pub fn new(catalog: &Catalog) -> Self {
        let images = catalog.train.iter().chain(&catalog.test);
        Self {
            root: catalog.root.clone(),
            images: images.cloned().collect(),
            training: catalog.train.len(),
            at: 0,
            broken: Vec::new(),
            masks: Vec::new(),
            depth: DepthSearch::new(catalog),
        }
    }

    /// Whether everything was looked at.
    pub fn is_done(&self) -> bool {
        self.at == self.images.len() && self.depth.is_done()
    }

    /// Images whose heads and masks were looked at, and images in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.at, self.images.len())
    }

    /// Looks at the next few files.
    pub fn step(&mut self) {
        if self.at == self.images.len() {
            self.depth.step();
            return;
        }
        let end = (self.at + CHUNK).min(self.images.len());
        let chunk: Vec<(usize, &Entry)> = (self.at..end).zip(&self.images[self.at..end]).collect();
        let seen = read_all(&chunk, |(place, entry), limits| {
            look(entry, *place >= self.training, limits)
        });
        for ((_, entry), seen) in chunk.into_iter().zip(seen) {
            match seen {
                Ok(seen) => {
                    self.broken
                        .extend(seen.is_broken.then(|| entry.path.clone()));
                    self.masks.extend(seen.masks);
                }
                Err(error) => self.masks.push(MaskNote::Unusable(error)),
            }
        }
        self.at = end;
    }

    /// What was found; what is left to look at is looked at first.
    pub fn finish(mut self) -> Findings {
        while !self.is_done() {
            self.step();
        }
        Findings {
            root: self.root,
            broken: self.broken,
            masks: self.masks,
            depth: self.depth.finish(),
        }
    }
}

/// Reads the head of an image, and its mask if it `is_test`.
fn look(entry: &Entry, is_test: bool, limits: Limits) -> Result<Seen, FileError> {
    let size_px = size_px(&entry.path);
    let masks = match size_px.filter(|_| is_test && entry.mask.is_some()) {
        Some(size_px) => mask_notes(entry, size_px, limits)?,
        None => Vec::new(),
    };
    Ok(Seen {
        is_broken: size_px.is_none(),
        masks,
    })
}

fn mask_notes(
    entry: &Entry,
    size_px: (usize, usize),
    limits: Limits,
) -> Result<Vec<MaskNote>, FileError> {
    let of = Photograph {
        path: &entry.path,
        reoriented: orientation(&entry.path) != Orientation::NoTransforms,
    };
    let whole = Placement::whole(size_px);
    let load = |mask: &_| load_mask_regions_within(mask, of, &whole, limits);
    let notes = truth_of(entry, load).notes;
    match &notes[..] {
        [MaskNote::Unusable(error)] => Err(error.clone()),
        _ => Ok(notes),
    }
}

impl Findings {
    /// The same in short, what belongs together in one note.
    pub fn notes(&self) -> Vec<Note> {
        let name = |path: &Path| shown(path.strip_prefix(&self.root).unwrap_or(path)).to_string();
        let mut notes = Vec::new();
        if !self.broken.is_empty() {
            let files = self.broken.iter().map(|path| name(path)).collect();
            notes.push(Note::Broken(files));
        }
        let mut by_matter: Vec<(Option<MaskMatter>, Vec<String>)> = Vec::new();
        for note in &self.masks {
            let (matter, mut name) = match note {
                MaskNote::Unusable(error) => (None, name(&error.path)),
                MaskNote::Odd(path, matter) => (Some(*matter), name(path)),
            };
            if let Some(MaskMatter::NearlyAll(percent)) = matter {
                name += &format!(" ({percent} %)");
            }
            let is_alike = |known: &Option<MaskMatter>| {
                known.as_ref().map(discriminant) == matter.as_ref().map(discriminant)
            };
            match by_matter.iter_mut().find(|(known, _)| is_alike(known)) {
                Some((_, names)) => names.push(name),
                None => by_matter.push((matter, vec![name])),
            }
        }
        notes.extend(by_matter.into_iter().map(|(matter, names)| {
            let masks: Few = names.into_iter().collect();
            match matter {
                Some(matter) => Note::OddMasks { matter, masks },
                None => Note::UnusableMasks(masks),
            }
        }));
        if let Depth::Sixteen { used_bits } = self.depth.depth {
            notes.push(Note::Bits { used_bits });
        }
        notes.extend(self.depth.notes.iter().filter_map(|note| {
            let LoadMatter::BitsOfTest { value, of_training } = note.matter else {
                return None;
            };
            Some(Note::BitsOfTest {
                value,
                of_training,
                file: note.file.as_deref().map(name).unwrap_or_default(),
            })
        }));
        notes
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{GrayImage, ImageBuffer, Luma};

    use super::*;
    use crate::scan::scan;
    use crate::test_folder::test_folder;

    #[test]
    fn masks_bits_and_broken_images_are_found_and_said_in_short() {
        let dir = test_folder();
        let root = dir.path();
        let deep = |name: &str, largest: u16| {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            // Each shows something else.
            let own = name
                .bytes()
                .fold(7, |sum, byte| (sum * 31 + u16::from(byte)) % 251);
            let image =
                ImageBuffer::from_fn(8, 8, |x, _| Luma([if x == 7 { largest } else { own }]));
            image.save(path).unwrap();
        };
        for name in ["train/good/0.png", "train/good/1.png", "test/good/2.png"] {
            deep(name, 4000);
        }
        let marks = |name: &str, marked: u32| {
            deep(&format!("test/dent/{name}.png"), 4000);
            let path = root.join(format!("ground_truth/dent/{name}_mask.png"));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let mask = GrayImage::from_fn(8, 8, |_, y| Luma([255 * u8::from(y < marked)]));
            mask.save(path).unwrap();
        };
        marks("right", 2);
        marks("black", 0);
        marks("inverted", 7);
        marks("whole", 8);
        std::fs::write(root.join("test/good/3.png"), b"no image").unwrap();
        let catalog = scan(root).unwrap();
        let found = CloserLook::new(&catalog).finish();
        assert_eq!(found.broken, [root.join("test/good/3.png")]);
        assert_eq!(found.depth.depth, Depth::Sixteen { used_bits: 12 });
        let said: Vec<String> = found.notes().iter().map(Note::to_string).collect();
        assert_eq!(said.len(), 4, "{said:?}");
        for (said, words) in said.iter().zip([
            "cannot be read: test/good/3.png",
            "1 mask marks nothing",
            "ground_truth/dent/inverted_mask.png (88 %), ground_truth/dent/whole_mask.png (100 %)",
            "12 are used: 4095 is white",
        ]) {
            assert!(said.contains(words), "{words} in {said}");
        }
    }
}
