//! Images by their names, and which of several images of one name a file is of.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::file_name::{comparable, stem};

/// Why a file is of no image that is called so.
const OF_SEVERAL: &str = "annotates an image of which there are several of that name";
const ELSEWHERE: &str = "its folder is called after another one than that of the image of its name";

/// Which images of one name lie where folders are called so.
type Known<'a> = HashMap<(String, BTreeSet<String>), Result<Vec<&'a Path>, &'static str>>;

/// Images by their names without endings, and the folders that they lie in.
pub(super) struct ByName<'a> {
    /// Those of one name in the order of their folders.
    images: HashMap<String, Vec<&'a Path>>,
    /// The folders with images whose paths have a name in them.
    folders: HashMap<String, Vec<&'a Path>>,
    /// Where folders tell little, many files are of the same images.
    known: Mutex<Known<'a>>,
}

impl<'a> ByName<'a> {
    pub fn new(images: &[&'a Path]) -> Self {
        let mut found = Self {
            images: HashMap::new(),
            folders: HashMap::new(),
            known: Mutex::default(),
        };
        let mut folders = BTreeSet::new();
        for image in images {
            found.images.entry(stem(image)).or_default().push(image);
            if let Some(folder) = image.parent()
                && folders.insert(folder)
            {
                for name in folders_of(image).collect::<BTreeSet<_>>() {
                    found.folders.entry(name).or_default().push(folder);
                }
            }
        }
        for called in found.images.values_mut() {
            called.sort_by_key(|image| image.parent());
        }
        found
    }

    /// The images that are called as a file is.
    pub fn called(&self, file: &Path) -> &[&'a Path] {
        self.images.get(&stem(file)).map_or(&[], Vec::as_slice)
    }

    /// Of the images that are called as a file is, those in folders of the rarest of these names. They may lie below
    /// folders of the other names, too; that is not looked at here.
    pub fn called_below<'n>(
        &self,
        file: &Path,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Vec<&'a Path> {
        let called = self.called(file);
        let folders = names
            .into_iter()
            .map(|name| self.folders.get(name).map_or(&[][..], Vec::as_slice));
        match folders.min_by_key(|folders| folders.len()) {
            Some(folders) if folders.len() < called.len() => {
                let there = folders
                    .iter()
                    .flat_map(|folder| beside(called, Some(folder)));
                there.copied().collect()
            }
            _ => called.to_vec(),
        }
    }

    /// Of the images that are called as a file is those that it is of: the ones that lie beside it, else those in
    /// the folders that its own are called after, as `cam1_json/a.json` is of `cam1/a.png`. Several of them lie
    /// in one folder, and are one picture in several formats.
    ///
    /// # Errors
    /// That there is no such image, in words that follow the name of the file.
    pub fn images_of(&self, file: &Path) -> Result<Vec<&'a Path>, &'static str> {
        let beside = beside(self.called(file), file.parent());
        if !beside.is_empty() {
            return Ok(beside.to_vec());
        }
        let named: BTreeSet<String> = folders_of(file)
            .filter_map(|folder| self.called_after(&folder))
            .collect();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let of_these = known.entry((stem(file), named));
        let of_these = of_these.or_insert_with_key(|(_, named)| self.called_after_all(file, named));
        of_these.clone()
    }

    /// The images that are called as a file is, in the folders of these names, and the fewest others.
    fn called_after_all(
        &self,
        file: &Path,
        named: &BTreeSet<String>,
    ) -> Result<Vec<&'a Path>, &'static str> {
        // Folders in common, and the fewest others.
        let nearness = |image: &Path| {
            let own: Vec<String> = folders_of(image).collect();
            let common = own.iter().filter(|folder| named.contains(*folder)).count();
            let is_there = named.iter().all(|folder| own.contains(folder));
            is_there.then_some((common, std::cmp::Reverse(own.len() - common)))
        };
        let mut near: Vec<(_, &Path)> = self
            .called_below(file, named.iter().map(String::as_str))
            .into_iter()
            .filter_map(|image| Some((nearness(image)?, image)))
            .collect();
        near.sort_by_key(|(nearness, _)| std::cmp::Reverse(*nearness));
        let Some((best, image)) = near.first().copied() else {
            return Err(ELSEWHERE);
        };
        let mut best = near.iter().take_while(|(nearness, _)| *nearness == best);
        match best.all(|(_, other)| other.parent() == image.parent()) {
            true => Ok(beside(self.called(file), image.parent()).to_vec()),
            false => Err(OF_SEVERAL),
        }
    }

    /// The folder of images that a folder has the name of, or that and another word: `cam1_json` is called after
    /// `cam1`. Of several the longest.
    fn called_after(&self, folder: &str) -> Option<String> {
        let separators = folder
            .char_indices()
            .filter(|(_, letter)| !letter.is_alphanumeric());
        let parts =
            separators.flat_map(|(at, letter)| [&folder[..at], &folder[at + letter.len_utf8()..]]);
        let names = std::iter::once(folder).chain(parts);
        let known = names.filter(|name| self.folders.contains_key(*name));
        known.max_by_key(|name| name.len()).map(str::to_owned)
    }
}

/// Those of images in the order of their folders that lie in one folder.
fn beside<'s, 'a>(images: &'s [&'a Path], folder: Option<&Path>) -> &'s [&'a Path] {
    let start = images.partition_point(|image| image.parent() < folder);
    let rest = &images[start..];
    &rest[..rest.partition_point(|image| image.parent() == folder)]
}

/// The names of the folders that a file lies in.
fn folders_of(file: &Path) -> impl Iterator<Item = String> + '_ {
    let folders = file.parent().into_iter().flat_map(Path::iter);
    folders.map(|folder| comparable(&folder.to_string_lossy()))
}
