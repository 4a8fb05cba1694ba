//! Names that tell one of many alike from the others.

use unicode_normalization::UnicodeNormalization;

use super::names::word;
use super::plain::{NAMELESS, is_counted};
use super::qualifiers::is_doubting;
use super::tokens::is_unspaced;

/// A number of so many digits is no class; with more letters than that it may be the number of a kind.
const SERIAL_DIGITS: usize = 3;
const SERIAL_LETTERS: usize = 3;

/// Of more numbers than this beside one another none is that of a class.
pub(super) const CLASSES_MAX: usize = 20;

/// The letters of a name in lower case, and the signs with which a person is not sure; none where they are of
/// something that is counted. Serial names beside one another are alike only if theirs are: `RMA-1129` is no day.
pub(super) fn letters(name: &str) -> String {
    let says = |letter: &char| letter.is_alphabetic() || is_doubting(*letter);
    let letters: String = name
        .nfkc()
        .filter(says)
        .flat_map(char::to_lowercase)
        .collect();
    match is_counted(&letters) {
        true => String::new(),
        false => letters,
    }
}

/// Whether a name tells one of many alike from the others, such as `S0001`, `cam2` or `2026-11-30`. `0`,
/// `class1` and `A2` do not: numbers of classes and grades say what images show, and not in words. Neither does
/// `返品1129`: a few letters of a script without spaces are a word.
pub(super) fn is_serial(name: &str) -> bool {
    let name: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let digits = name.chars().filter(|letter| letter.is_numeric()).count();
    let letters: String = name
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    let is_long = digits >= SERIAL_DIGITS
        && letters.chars().count() <= SERIAL_LETTERS
        && !letters.contains(is_unspaced);
    // Cameras number images behind the word; a digit in front of it is that of a class.
    let is_class = digits == 1
        && name.starts_with(char::is_numeric)
        && ["img", "image", "images"].contains(&letters.as_str());
    let is_numbered = digits > 0 && is_counted(&letters) && !is_class;
    (is_long || is_numbered || is_of_camera(&name)) && word(&name).is_none()
}

/// Whether a folder in small letters is called as cameras call theirs: `100canon`, `101msdcf`, `102_0513` (DCF, section 3.2).
fn is_of_camera(name: &str) -> bool {
    let (number, rest) = name.split_at_checked(3).unwrap_or_default();
    let is_free = |one: u8| one.is_ascii_alphanumeric() || one == b'_';
    let number: u32 = number.parse().unwrap_or(0);
    (100..1000).contains(&number) && rest.len() == 5 && rest.bytes().all(is_free)
}

/// Whether a serial name may be the number of a class all the same, where few lie beside one another: `001` and
/// `images_1` may, `S0001`, `cam2` and `2026-11-30` do not.
pub(super) fn may_be_class(name: &str) -> bool {
    let name: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let letters: String = name.chars().filter(|one| one.is_alphabetic()).collect();
    let mut numbers = name.split(|one: char| !one.is_numeric());
    let mut numbers = numbers.by_ref().filter(|number| !number.is_empty());
    let is_short = |number: &str| number.chars().count() <= SERIAL_DIGITS;
    let is_one = numbers.next().is_some_and(is_short) && numbers.next().is_none();
    is_one && !is_of_camera(&name) && (NAMELESS.contains(&&*letters) || !is_counted(&letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_of_nothing_in_particular_may_be_those_of_classes() {
        for name in ["001", "12", "images_0", "img-003", "No. 2", "c001"] {
            assert!(may_be_class(name), "{name}");
        }
        for name in [
            "S0001",
            "2026-11-30",
            "cam2",
            "Lot 7",
            "11月30日",
            "1041",
            "left",
            "KW 7",
            "100CANON",
        ] {
            assert!(!may_be_class(name), "{name}");
        }
    }

    #[test]
    fn serial_names_have_numbers_and_no_words() {
        for name in [
            "S0001",
            "2026-11-30",
            "cam2",
            "Lot 7",
            "11月30日",
            "3号機",
            "kos001",
            "KW20",
            "Linie 2",
            "100CANON",
        ] {
            assert!(is_serial(name), "{name}");
        }
        for name in [
            "0_good",
            "left",
            "0",
            "1",
            "class0",
            "A1",
            "1_a",
            "type12",
            "返品1129",
            "报废20261129",
            "",
        ] {
            assert!(!is_serial(name), "{name}");
        }
    }
}
