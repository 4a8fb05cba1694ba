//! Names of files that are made from the names of others.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

use crate::shown::acts;

/// The longest name that file systems take, in bytes.
pub const NAME_BYTES_MAX: usize = 255;

/// Stands for a name without regard to case, the same on every machine.
pub type NameHash = [u8; 8];

/// The hash of a name.
pub fn name_hash(name: &str) -> NameHash {
    let mut short = NameHash::default();
    blake3::Hasher::new()
        .update(name.to_lowercase().as_bytes())
        .finalize_xof()
        .fill(&mut short);
    short
}

/// A part of a path for the name of another file: bytes that are no text, and those of characters that a
/// terminal would act on, stand as `%1b`.
pub fn safe_name(part: &Path) -> String {
    let mut name = String::new();
    for piece in part.as_os_str().as_encoded_bytes().utf8_chunks() {
        for letter in piece.valid().chars() {
            match acts(letter) {
                true => spell(letter.encode_utf8(&mut [0; 4]).as_bytes(), &mut name),
                false => name.push(letter),
            }
        }
        spell(piece.invalid(), &mut name);
    }
    name
}

fn spell(bytes: &[u8], name: &mut String) {
    for byte in bytes {
        // Writing to a text cannot fail.
        let _ = write!(name, "%{byte:02x}");
    }
}

/// A name of at most so many bytes: of one that is longer the beginning is kept, and a number that the
/// whole of it makes.
///
/// # Panics
/// When not even that number fits, 17 bytes.
pub fn shortened(name: &str, bytes_max: usize) -> Cow<'_, str> {
    if name.len() <= bytes_max {
        return name.into();
    }
    let hash = name_hash(name)
        .into_iter()
        .map(|byte| format!("{byte:02x}"));
    let mark: String = std::iter::once("~".to_owned()).chain(hash).collect();
    let kept = bytes_max
        .checked_sub(mark.len())
        .expect("there is room for the mark");
    let kept = &name[..name.floor_char_boundary(kept)];
    format!("{kept}{mark}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_shortened_and_stay_apart() {
        let long = "傷".repeat(85);
        assert_eq!(shortened(&long, NAME_BYTES_MAX), long);
        let (one, other) = (shortened(&long, 200), format!("{long}b"));
        let other = shortened(&other, 200);
        assert!(
            one.len() <= 200 && one.len() > 196,
            "no shorter than it must be"
        );
        assert!(one.starts_with("傷傷") && one != other);
    }

    #[test]
    fn what_would_act_is_spelled_out() {
        assert_eq!(safe_name(Path::new("部品 1")), "部品 1");
        assert_eq!(
            safe_name(Path::new("a\n\u{1b}[2J\u{9b}")),
            "a%0a%1b[2J%c2%9b"
        );
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_spelled_out() {
        use std::os::unix::ffi::OsStrExt;
        let name = Path::new(std::ffi::OsStr::from_bytes(b"a\xff\xe5\x82b"));
        assert_eq!(safe_name(name), "a%ff%e5%82b");
    }
}
