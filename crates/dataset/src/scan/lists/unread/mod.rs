//! Files that may say what the images of a data set show, and that nothing was read from.

mod endings;
mod names;
mod numbers;
mod places;
mod sentences;

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use kizumi_image::regular;

use super::text::text_of;
use super::{parquet, spreadsheet};
use crate::file_name::stem;
use crate::left_out::LeftOut;
use crate::natural::natural_cmp;
use crate::scan::camera_record::{is_of_camera, is_table_of_camera};
use crate::scan::names::{Word, word};
use endings::{ABOUT_IMAGES, ABOUT_OTHER, CLOSED, DOCUMENTS, SENTENCES, TABLES, TEXTS};
use names::{Names, is_of_this_program, tells_good_from_bad};
use numbers::Numbers;
use places::{Place, all};
use sentences::says_bad;

/// How much of a text is looked into.
const MAX_READ_BYTES: u64 = 1 << 20;

/// The most texts that are looked into, those nearest to the folder that was opened.
const MAX_READ: usize = 256;

/// The files in and beside a data set that may say which of its images are defective, and that nobody has read, in
/// natural order:
///
/// * texts and tables that name two of its images or more, one with a word for a defect, or all by numbers; that
///   are called as those are; that say "good" of some things and "bad" of others;
/// * what cannot be looked into: archives, databases, spreadsheets that are damaged or protected by a password, and
///   documents that are called after such a list.
///
/// Hidden files and those in the folder above count, too. Results of this program, lists of all images that say
/// nothing more, licences and the like are none of them.
pub(in crate::scan) fn unread(
    root: &Path,
    images: &[PathBuf],
    left_out: &[LeftOut],
) -> Vec<PathBuf> {
    let files = all(root, left_out);
    let mut unread: BTreeSet<&Path> = BTreeSet::new();
    let mut texts = Vec::new();
    for file in &files {
        let is = |endings: &[&str]| endings.contains(&file.ending.as_str());
        if is(&CLOSED) {
            unread.extend((file.place == Place::Below).then_some(file.path.as_path()));
        } else if is(&DOCUMENTS) {
            let counts = file.place == Place::Below && is_about_images(&file.path);
            unread.extend(counts.then_some(file.path.as_path()));
        } else {
            texts.push(file);
        }
    }
    if !texts.is_empty() {
        let (names, numbers) = (Names::of(images), Numbers::of(images));
        let is_of_one = |file: &&&places::File| {
            file.place == Place::Below
                && TEXTS.contains(&file.ending.as_str())
                && names.is_called_as_one(&file.path)
        };
        let of_one: Vec<&Path> = texts
            .iter()
            .filter(is_of_one)
            .map(|one| &*one.path)
            .filter(|path| !is_of_camera(path))
            .collect();
        // One of several images may have the name of anything.
        if of_one.len() > 1 {
            unread.extend(of_one);
        }
        texts.retain(|file| !is_of_one(&file));
        texts.sort_by_key(|file| file.path.components().count());
        let others = texts.split_off(texts.len().min(MAX_READ));
        let others = others.into_iter().map(|file| file.path.as_path());
        unread.extend(others.filter(|path| is_about_images(path)));
        let may_say = texts
            .into_iter()
            .filter(|file| file.may_say(&names, &numbers));
        unread.extend(may_say.map(|file| file.path.as_path()));
    }
    let mut unread: Vec<PathBuf> = unread.into_iter().map(Path::to_owned).collect();
    unread.sort_by(|a, b| natural_cmp(a, b));
    unread
}

/// Files that may say otherwise than what is known of images.
#[derive(Debug, Default)]
pub(in crate::scan) struct Doubts {
    /// The files, in natural order.
    pub files: Vec<PathBuf>,
    /// The images that they set apart, by their numbers: those that a line with a word for a defect names, and those
    /// that a file names which names fewer than half of all.
    pub set_apart: BTreeSet<usize>,
}

/// The texts and tables below a data set that name some of these images, and that nothing was read from, though
/// something else says what its images show: they may say otherwise. Files about single images are none of them.
pub(in crate::scan) fn doubts(root: &Path, images: &[PathBuf], left_out: &[LeftOut]) -> Doubts {
    let files = all(root, left_out).into_iter();
    let is_open = |file: &places::File| {
        let ending = file.ending.as_str();
        file.place == Place::Below && !CLOSED.contains(&ending) && !DOCUMENTS.contains(&ending)
    };
    let mut files: Vec<places::File> = files.filter(is_open).collect();
    let mut doubts = Doubts::default();
    if files.is_empty() {
        return doubts;
    }
    let (names, numbers) = (Names::of(images), Numbers::of(images));
    files.retain(|file| !names.is_called_as_one(&file.path));
    files.sort_by_key(|file| file.path.components().count());
    files.truncate(MAX_READ);
    files.retain(|file| {
        let name = stem(&file.path);
        let is_other = ABOUT_OTHER.iter().any(|other| name.contains(other));
        match file.seen(&names) {
            Seen::Text(text) if is_of_this_program(&text) => false,
            Seen::Text(text) => {
                let mut named = names.named(&text, false);
                let in_sentences = !names.bad_in_sentences(&text, false).is_empty() && !is_other;
                // Mere numbers in JSON may be those of anything.
                let sentences = match file.ending.as_str() {
                    ".json" => without_numbers(&text),
                    _ => text.clone(),
                };
                let mut bad = names.bad_in_sentences(&sentences, false);
                // They speak of data sets, in numbers that are those of some image.
                [&mut named, &mut bad]
                    .into_iter()
                    .for_each(|names| names.retain(|_| !is_other));
                bad.extend(names.bad(&text));
                bad.extend(numbers.in_bad_ranges(&text));
                let is_prose = SENTENCES.contains(&file.ending.as_str());
                let is_parted = is_prose && numbers.are_parted_in_prose(&text, is_other);
                let says = !named.is_empty() || !bad.is_empty() || in_sentences || is_parted;
                let all = |named| with_same_name(images, &named);
                let named = Some(all(named)).filter(|named| 2 * named.len() < images.len());
                doubts.set_apart.extend(named.into_iter().flatten());
                doubts.set_apart.extend(all(bad));
                says
            }
            Seen::Bytes => false,
            Seen::Nothing => is_about_images(&file.path),
        }
    });
    doubts.files = files.into_iter().map(|file| file.path).collect();
    doubts.files.sort_by(|a, b| natural_cmp(a, b));
    doubts
}

/// Of files beside a folder of images the lists that name some of these, and say more than that these are all; a few files are
/// looked into.
pub(in crate::scan) fn lists_of_some(files: Vec<PathBuf>, images: &[PathBuf]) -> Vec<PathBuf> {
    let lists = places::lists_among(files.into_iter(), Place::Above);
    if lists.is_empty() {
        return Vec::new();
    }
    let names = Names::of(images);
    let of_some = lists.into_iter().filter(|file| {
        let name = stem(&file.path);
        let is_other = ABOUT_OTHER.iter().any(|other| name.contains(other));
        let is_labels = file.path.file_name() == Some(crate::labels::FILE_NAME.as_ref());
        match file.seen(&names) {
            Seen::Text(text) if !is_other && !is_labels && !is_of_this_program(&text) => {
                names.are_some(&text, word(&name).is_some_and(Word::is_bad))
            }
            _ => false,
        }
    });
    of_some.map(|file| file.path).collect()
}

/// The texts below a data set that speak of defects, but for licences and the like.
pub(in crate::scan) fn speak_of_defects(root: &Path, left_out: &[LeftOut]) -> Vec<PathBuf> {
    let files = all(root, left_out).into_iter();
    let files = files.filter(|file| {
        let name = stem(&file.path);
        let is_other = ABOUT_OTHER.iter().any(|other| name.contains(other));
        file.place == Place::Below && SENTENCES.contains(&file.ending.as_str()) && !is_other
    });
    let names = Names::of(&[]);
    let speaks = |file: &places::File| match file.seen(&names) {
        Seen::Text(_) if is_in_other_letters(&file.path) => true,
        Seen::Text(text) => !is_of_camera(&file.path) && text.lines().any(says_bad),
        Seen::Bytes | Seen::Nothing => false,
    };
    files
        .take(MAX_READ)
        .filter(speaks)
        .map(|file| file.path)
        .collect()
}

/// JSON without the numbers that do not stand in quotes.
fn without_numbers(text: &str) -> String {
    let mut is_quoted = false;
    let kept = text.chars().map(|one| {
        is_quoted ^= one == '"';
        match !is_quoted && one.is_ascii_digit() {
            true => ' ',
            false => one,
        }
    });
    kept.collect()
}

/// Whether a text is in an encoding that it does not tell: what it says was guessed.
fn is_in_other_letters(file: &Path) -> bool {
    const MARKS: [&[u8]; 2] = [&[0xff, 0xfe], &[0xfe, 0xff]];
    let bytes = regular::beginning(file, MAX_READ_BYTES).unwrap_or_default();
    let is_marked = MARKS.iter().any(|mark| bytes.starts_with(mark)) || bytes.contains(&0);
    // A letter may be cut off at the end.
    let is_other = |error: std::str::Utf8Error| error.error_len().is_some();
    !is_marked && std::str::from_utf8(&bytes).is_err_and(is_other)
}

/// All images that are called as these are: folders may hold others of their names.
fn with_same_name(images: &[PathBuf], named: &HashSet<usize>) -> Vec<usize> {
    let named: HashSet<_> = named.iter().map(|at| images[*at].file_name()).collect();
    let images = images.iter().enumerate();
    let alike = images.filter(|(_, path)| named.contains(&path.file_name()));
    alike.map(|(at, _)| at).collect()
}

fn is_about_images(path: &Path) -> bool {
    let name = stem(path);
    word(&name).is_some() || ABOUT_IMAGES.iter().any(|about| name.contains(about))
}

/// What can be seen of a file.
enum Seen {
    Text(String),
    /// It is no text.
    Bytes,
    /// It cannot be opened, or it is damaged.
    Nothing,
}

impl places::File {
    /// Whether it says something of several of the images.
    fn may_say(&self, names: &Names, numbers: &Numbers) -> bool {
        let is_above = self.place == Place::Above;
        let text = match self.seen(names) {
            Seen::Text(text) => text,
            Seen::Bytes => return !is_above && is_about_images(&self.path),
            // A list is one whatever it is called.
            Seen::Nothing if TABLES[2..].contains(&self.ending.as_str()) => return !is_above,
            Seen::Nothing => return !is_above && is_about_images(&self.path),
        };
        if is_of_this_program(&text) {
            return false;
        }
        if is_above {
            return names.are_most(&text);
        }
        let name = stem(&self.path);
        let is_other = ABOUT_OTHER.iter().any(|other| name.contains(other));
        // What one sentence says may stand on many lines.
        let sentences = match self.ending.as_str() {
            ".json" => text.replace(['\r', '\n'], " "),
            _ => text.clone(),
        };
        let is_bad = !names.bad(&text).is_empty()
            || !names.bad_in_sentences(&sentences, !is_other).is_empty()
            || !numbers.in_bad_ranges(&text).is_empty();
        let is_prose = SENTENCES.contains(&self.ending.as_str());
        let is_parted = || numbers.are_parted_in_prose(&text, is_other);
        if is_bad || is_prose && (names.are_in_foreign_sentences(&text, !is_other) || is_parted()) {
            return true;
        }
        if is_other {
            return false;
        }
        if self.ending == ".json" && numbers.are_in_array(&text) {
            return true;
        }
        if names.are_told_the_same(&text) || is_table_of_camera(&text) {
            return false;
        }
        let is_table = TABLES.contains(&self.ending.as_str());
        let min = if is_table { 1 } else { 2 };
        !names.named(&text, is_about_images(&self.path)).is_empty()
            || tells_good_from_bad(&text, min)
            || numbers.are_told_apart(&text)
    }

    fn seen(&self, names: &Names) -> Seen {
        let rows = match self.ending.trim_start_matches('.') {
            "parquet" => Some(parquet::rows(&self.path)),
            ending if spreadsheet::ENDINGS.contains(&ending) => {
                let sheets = spreadsheet::sheets(&self.path);
                Some(sheets.map(|sheets| sheets.into_iter().flat_map(|one| one.rows).collect()))
            }
            _ => None,
        };
        if let Some(rows) = rows {
            let lines = |rows: Vec<Vec<String>>| {
                let lines = rows.into_iter().map(|row| row.join("\t"));
                lines.collect::<Vec<_>>().join("\n")
            };
            return rows.map_or(Seen::Nothing, |rows| Seen::Text(lines(rows)));
        }
        let Ok(bytes) = regular::beginning(&self.path, MAX_READ_BYTES) else {
            return Seen::Nothing;
        };
        let is_text = TEXTS.contains(&self.ending.as_str()) || !bytes.contains(&0);
        match is_text {
            true => Seen::Text(text_of(&bytes, &|cell| names.whole(cell).is_some())),
            false => Seen::Bytes,
        }
    }
}

#[cfg(test)]
mod tests;
