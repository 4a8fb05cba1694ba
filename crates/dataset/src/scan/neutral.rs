//! Names of folders that tell several of one kind apart, and say nothing of whether what lies in them is good: cavities,
//! machines, shifts, sides, colours.

use std::collections::BTreeSet;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::dated::names_without_dates;
use super::names::word;
use super::plain::{self, NAMELESS, Plain, is_counted, is_light, is_star};
use super::role::Role;
use super::serial::{is_serial, letters, may_be_class};
use super::series::Look;
use super::tokens::words_of;

/// Letters before the number of a machine, a line, a station, a mould.
const NUMBERED: &str = "m mc l ln st wz op ws";

/// Letters that stand for directions, where these stand beside one another and no others do.
const DIRECTIONS: [&str; 6] = ["l r", "n s", "e n s w", "n o s w", "e n o s", "o w"];

/// Folders of which images are looked at, at most.
const LOOKED_AT: usize = 12;

/// Whether all words of a name are of places and times, or letters that tell several of them apart: `cam-L`, `Schicht A`,
/// `A面`.
pub(super) fn is_place_or_time(name: &str) -> bool {
    let words = words_in(name);
    let is_plain = |word: &String| plain::is_place_or_time(word);
    let is_letter = |word: &String| word.chars().count() == 1;
    let is_first = words.first().is_some_and(|first| {
        // `image A` may be one of a class.
        is_plain(first) && (!NAMELESS.contains(&&**first) || !words.iter().any(is_letter))
    });
    // `B product` may be one of the second grade.
    let is_last = words.last().is_some_and(|last| {
        Plain::of(last) == Some(Plain::View) || is_counted(last) && !NAMELESS.contains(&&**last)
    });
    let is_side = is_last && words.first().is_some_and(is_letter) && !is_product(&words);
    (is_first || is_side) && words.iter().all(|word| is_plain(word) || is_letter(word))
}

/// Whether what is counted may have grades.
fn is_product(words: &[String]) -> bool {
    let products = "part parts teil teile piece pieces pcs product sample samples lot los batch 部品 製品 产品 제품 サンプル \
                    ロット 批 批次 order orden auftrag";
    let is = |word: &String| products.split_whitespace().any(|product| product == word);
    words.iter().any(is)
}

/// Whether a name tells several of one kind apart, where nothing else speaks against it: as [`is_place_or_time`], by a
/// colour, or by the number of a machine.
pub(super) fn is_neutral(name: &str) -> bool {
    let words = words_in(name);
    let is_plain = |word: &String| {
        plain::is_place_or_time(word)
            || matches!(Plain::of(word), Some(Plain::Colour | Plain::Maker))
    };
    let is_numbered = |word: &String| {
        words.len() == 1
            && name.contains(char::is_numeric)
            && NUMBERED.split_whitespace().any(|known| known == word)
    };
    let is_said = words
        .first()
        .is_some_and(|first| !NAMELESS.contains(&&**first));
    word(name).is_none()
        && (is_place_or_time(name)
            || is_said && words.iter().all(|word| is_plain(word) || is_numbered(word)))
}

fn words_in(name: &str) -> Vec<String> {
    let name: String = name.nfkc().collect();
    let words = words_of(name.trim()).into_iter();
    words.map(|(word, _)| word).collect()
}

/// What the folders are called below the one that all images lie in, where that is more than numbers and days.
pub(super) fn neutral_names<'f>(
    folders: impl Iterator<Item = &'f Path>,
    common: &Path,
) -> BTreeSet<String> {
    let names = folders.flat_map(|folder| names_without_dates(folder, common));
    let says =
        |name: &String| Role::of(name) != Role::Container && name.contains(char::is_alphabetic);
    names.filter(says).collect()
}

/// Whether the folders of these groups tell several of one kind apart, and their images look as if they were of one kind.
pub(super) fn are_neutral(groups: &[(std::path::PathBuf, Vec<&Path>)], common: &Path) -> bool {
    let folders = groups.iter().flat_map(|(_, images)| images);
    let folders: BTreeSet<&Path> = folders.filter_map(|image| image.parent()).collect();
    let names: Vec<Vec<String>> = folders
        .iter()
        .map(|folder| names_without_dates(folder, common))
        .collect();
    let deepest = names.iter().map(Vec::len).max().unwrap_or(0);
    let are_named = (0..deepest).all(|depth| {
        let names: BTreeSet<&String> = names.iter().filter_map(|names| names.get(depth)).collect();
        are_of_series(&names)
    });
    // Images beside folders are of another kind than those in them.
    let is_one_depth = names.iter().all(|names| names.len() == deepest);
    are_named && is_one_depth && look_alike(groups)
}

/// Whether names beside one another are all neutral, and can be read neither as classes nor as tags.
fn are_of_series(names: &BTreeSet<&String>) -> bool {
    let letters_of = |name: &&String| name.nfkc().collect::<String>().trim().to_lowercase();
    let directions: BTreeSet<String> = names.iter().map(letters_of).collect();
    let directions: Vec<String> = directions.into_iter().collect();
    if DIRECTIONS.contains(&&*directions.join(" ")) {
        return true;
    }
    let is_plain = |name: &&String| {
        // Numbered images may be those of classes.
        let is_nameless = name.contains(char::is_alphanumeric)
            && words_in(name)
                .iter()
                .all(|word| NAMELESS.contains(&&**word));
        match Role::of(name) {
            Role::Container => !name.contains(char::is_numeric),
            _ if is_nameless => !may_be_class(name) && letters(name).is_empty(),
            _ if is_neutral(name) => true,
            _ => is_serial(name) && letters(name).is_empty() && !may_be_class(name),
        }
    };
    let words: BTreeSet<String> = names.iter().flat_map(|name| words_in(name)).collect();
    let several = |are: fn(&str) -> bool| words.iter().filter(|word| are(word)).count() > 1;
    names.iter().all(is_plain) && !several(is_light) && !several(is_star)
}

/// Whether images of each group are alike in their colours, depth and size; those of a few groups are looked at.
fn look_alike(groups: &[(std::path::PathBuf, Vec<&Path>)]) -> bool {
    let shown = groups.len().min(LOOKED_AT);
    let mut looks = (0..shown).map(|at| Look::of(&groups[at * groups.len() / shown].1));
    let Some(Some(first)) = looks.next() else {
        return false;
    };
    looks.all(|look| look.is_some_and(|look| !look.is_other_than(&first)))
}

#[cfg(test)]
mod tests {
    fn are_of_series(names: &[&str]) -> bool {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        super::are_of_series(&names.iter().collect())
    }

    #[test]
    fn names_of_cavities_machines_shifts_sides_suppliers_and_colours_say_nothing() {
        for names in [
            &["cavity1", "cavity2"][..],
            &["Cav_A", "Cav_B"],
            &["Nest1", "Nest2", "Nest3"],
            &["M01", "M02"],
            &["turno1", "turno2"],
            &["1号機", "2号機"],
            &["A面", "B面"],
            &["A-Seite", "B-Seite"],
            &["side A", "side B"],
            &["L", "R"],
            &["N", "S"],
            &["黒", "青"],
            &["Basler_1", "Basler_2"],
            &["Cognex", "Keyence"],
            &["supplierA", "supplierB"],
            &["Lieferant 1", "Lieferant 2"],
            &["型1", "型2"],
            &["早番", "遅番"],
        ] {
            assert!(are_of_series(names), "{names:?}");
        }
    }

    #[test]
    fn names_that_can_be_read_as_classes_or_tags_are_no_series() {
        for names in [
            &["0", "1"][..],
            &["1", "2"],
            &["A", "B"],
            &["A1", "A2"],
            &["P", "N"],
            &["pos", "neg"],
            &["red", "green"],
            &["red", "blue"],
            &["赤", "青"],
            &["白", "黒"],
            &["緑", "黄", "赤"],
            &["alt", "neu"],
            &["class1", "class2"],
            &["grade A", "grade B"],
            &["A品", "B品"],
            &["A product", "B product"],
            &["image A", "image B"],
            &["images_0", "images_1"],
            &["0_images", "1_images"],
            &["No. 1", "No. 2"],
            &["L", "M"],
            &["cavity1", "returned"],
            &["cavity1", "cavity2_NG"],
            &["Bosch", "Siemens"],
        ] {
            assert!(!are_of_series(names), "{names:?}");
        }
    }
}
