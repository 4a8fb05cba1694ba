//! Images by their names, and which of several images of one name a file is of.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

/// Why a file is of no image that is called so.
const OF_SEVERAL: &str = "annotates an image of which there are several of that name";
const ELSEWHERE: &str = "its folder is called after another one than that of the image of its name";

/// A name as it is compared: composed, in small letters.
pub(super) fn comparable(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).collect()
}

/// Images by their names without endings, and the folders that they lie in.
pub(super) struct ByName<'a> {
    images: HashMap<String, Vec<&'a Path>>,
    folders: HashSet<String>,
}

impl<'a> ByName<'a> {
    pub fn new(images: &[&'a Path]) -> Self {
        let mut found = Self {
            images: HashMap::new(),
            folders: HashSet::new(),
        };
        let mut last = None;
        for image in images {
            found.images.entry(stem(image)).or_default().push(image);
            let folder = image.parent();
            if folder != last {
                found.folders.extend(folders_of(image));
                last = folder;
            }
        }
        found
    }

    /// The images that are called as a file is.
    pub fn called(&self, file: &Path) -> &[&'a Path] {
        self.images.get(&stem(file)).map_or(&[], Vec::as_slice)
    }

    /// Of the images that are called as a file is those that it is of: the ones that lie beside it, else those in
    /// the folders that its own are called after, as `cam1_json/a.json` is of `cam1/a.png`. Several of them lie
    /// in one folder, and are one picture in several formats.
    ///
    /// # Errors
    /// That there is no such image, in words that follow the name of the file.
    pub fn images_of(&self, file: &Path) -> Result<Vec<&'a Path>, &'static str> {
        let called = self.called(file);
        let of_folder = |folder: Option<&Path>| {
            let there = called.iter().filter(|image| image.parent() == folder);
            there.copied().collect::<Vec<_>>()
        };
        let beside = of_folder(file.parent());
        if !beside.is_empty() {
            return Ok(beside);
        }
        let named: HashSet<String> = folders_of(file)
            .filter_map(|folder| self.called_after(&folder))
            .collect();
        // Folders in common, and the fewest others.
        let nearness = |image: &Path| {
            let own: Vec<String> = folders_of(image).collect();
            let common = own.iter().filter(|folder| named.contains(*folder)).count();
            let is_there = named.iter().all(|folder| own.contains(folder));
            is_there.then_some((common, std::cmp::Reverse(own.len() - common)))
        };
        let mut near: Vec<(_, &Path)> = called
            .iter()
            .filter_map(|image| Some((nearness(image)?, *image)))
            .collect();
        near.sort_by_key(|(nearness, _)| std::cmp::Reverse(*nearness));
        let Some((best, image)) = near.first().copied() else {
            return Err(ELSEWHERE);
        };
        let mut best = near.iter().take_while(|(nearness, _)| *nearness == best);
        match best.all(|(_, other)| other.parent() == image.parent()) {
            true => Ok(of_folder(image.parent())),
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
        let known = names.filter(|name| self.folders.contains(*name));
        known.max_by_key(|name| name.len()).map(str::to_owned)
    }
}

/// The names of the folders that a file lies in.
fn folders_of(file: &Path) -> impl Iterator<Item = String> + '_ {
    let folders = file.parent().into_iter().flat_map(Path::iter);
    folders.map(|folder| comparable(&folder.to_string_lossy()))
}

pub(super) fn stem(path: &Path) -> String {
    comparable(&path.file_stem().unwrap_or_default().to_string_lossy())
}
