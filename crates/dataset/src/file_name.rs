//! Names of files and folders, as people read them and as they are compared.

use std::ffi::OsStr;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use kizumi_image::shown::path_text;

/// A name as it is compared with others: composed, in lower case, without spaces at its ends.
pub(crate) fn comparable(name: &str) -> String {
    name.trim().nfc().flat_map(char::to_lowercase).collect()
}

/// A name as a person reads it.
pub(crate) fn readable(name: &OsStr) -> String {
    path_text(Path::new(name)).trim().nfc().collect()
}

/// The name of a file without its ending, as it is compared with others.
pub(crate) fn stem(file: &Path) -> String {
    compared(file.file_stem())
}

/// The ending of a file's name without its dot, as it is compared with others.
pub(crate) fn ending(file: &Path) -> String {
    compared(file.extension())
}

/// The name of a file, as it is compared with others.
pub(crate) fn whole(file: &Path) -> String {
    compared(file.file_name())
}

fn compared(part: Option<&OsStr>) -> String {
    comparable(&path_text(Path::new(part.unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_composed_or_not() {
        assert_eq!(comparable(" Sch\u{e4}den "), comparable("scha\u{308}den"));
        assert_eq!(stem(Path::new("a/Scha\u{308}den.PNG")), "sch\u{e4}den");
        assert_eq!(ending(Path::new("a/b.PNG")), "png");
    }
}
