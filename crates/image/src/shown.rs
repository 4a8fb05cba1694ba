//! How names of files are shown. They may hold anything: commands to a terminal, line breaks, bytes that
//! are no text. What is shown commands nothing, stays in its line, and tells two names apart.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter, Write};
use std::path::Path;

/// `text` with everything spelled out that a terminal or an editor would act on: line breaks, other
/// control characters, and those that turn the direction of writing.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match acts(letter) {
            true => safe.extend(letter.escape_default()),
            false => safe.push(letter),
        }
    }
    safe.into()
}

/// The same of a text in JSON, which means what it meant: whatever acts and is left in it stands in a string.
pub fn escaped_json(json: &str) -> Cow<'_, str> {
    if !json.chars().any(acts) {
        return json.into();
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for letter in json.chars() {
        match acts(letter) {
            // None of them is beyond four digits.
            true => safe += &format!("\\u{:04x}", u32::from(letter)),
            false => safe.push(letter),
        }
    }
    safe.into()
}

/// Whether a terminal or an editor acts on a character instead of showing it.
pub fn acts(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}')
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A path for people: [`escaped`], and bytes that are no UTF-8 as `\xff`; a name that holds just that as
/// text has `\x5c` for its backslash.
pub fn shown(path: &Path) -> Shown<'_> {
    Shown(path)
}

/// What [`shown`] gives.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(&'a Path);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        in_text(self.0, f, |text, f| f.write_str(&escaped(text)))
    }
}

/// A path for tables and keys: its text, whatever it holds, and bytes that are no UTF-8 as [`shown`] has them, so
/// that no two files have one.
pub fn path_text(path: &Path) -> Cow<'_, str> {
    if let Some(text) = path.to_str() {
        return unambiguous(text);
    }
    let mut all = String::new();
    // Writing to a text cannot fail.
    let _ = in_text(path, &mut all, |text, all| all.write_str(text));
    all.into()
}

/// A text as a cell of a table that spreadsheets open: they run one that begins like a formula; a quote in
/// front makes it text. Some begin one by full-width signs, too, and pass over a line break before it.
pub fn cell_text(text: &str) -> Cow<'_, str> {
    const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    match text.starts_with(BEGINNINGS) {
        true => format!("'{text}").into(),
        false => text.into(),
    }
}

/// `text` with the backslash of what looks like a byte spelled out as one. Where backslashes part folders no name
/// holds one, and every byte is text.
fn unambiguous(text: &str) -> Cow<'_, str> {
    if cfg!(windows) || !text.contains("\\x") {
        return text.into();
    }
    let mut pieces = text.split("\\x");
    let mut clear = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.bytes().take(2);
        let is_like_a_byte = digits.filter(u8::is_ascii_hexdigit).count() == 2;
        clear += if is_like_a_byte { "\\x5cx" } else { "\\x" };
        clear += piece;
    }
    clear.into()
}

/// Writes a path: what is UTF-8 by `write`, each other byte as `\xff`.
fn in_text<W: Write>(
    path: &Path,
    to: &mut W,
    write: impl Fn(&str, &mut W) -> fmt::Result,
) -> fmt::Result {
    for piece in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        write(&unambiguous(piece.valid()), to)?;
        for byte in piece.invalid() {
            write!(to, "\\x{byte:02x}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_spelled_out_and_the_rest_stays() {
        assert!(matches!(escaped("部品/é 1.png"), Cow::Borrowed(_)));
        assert_eq!(escaped("a\r\nb\tc"), "a\\r\\nb\\tc");
        assert_eq!(
            escaped("\u{1b}[31m\u{7f}\u{9b}"),
            "\\u{1b}[31m\\u{7f}\\u{9b}"
        );
        assert_eq!(escaped("gpj\u{202e}.exe"), "gpj\\u{202e}.exe");
    }

    #[test]
    fn json_on_a_terminal_commands_nothing_and_means_the_same() {
        let name = "a\u{1b}[2J\u{9b}\u{7f}\u{202e}部品";
        let json = serde_json::to_string(name).expect("a text");
        let safe = escaped_json(&json);
        assert!(!safe.chars().any(acts), "{safe}");
        assert!(safe.contains("部品"));
        assert_eq!(serde_json::from_str::<String>(&safe).expect("JSON"), name);
    }

    #[test]
    fn formulas_are_disarmed() {
        for text in [
            "=1+1", "+a", "-a", "@a", "\ta", "\ra", "\n=a", "＝a", "＋a", "－a", "＠a",
        ] {
            assert_eq!(cell_text(text), format!("'{text}"));
        }
        assert_eq!(cell_text("a=b\n=c"), "a=b\n=c");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_differ_in_bytes_that_are_no_text_stay_apart() {
        use std::os::unix::ffi::OsStrExt;
        let path = |name: &'static [u8]| Path::new(std::ffi::OsStr::from_bytes(name));
        let (one, other) = (path(b"a\n\xff.png"), path(b"a\n\xfe.png"));
        assert_eq!(shown(one).to_string(), "a\\n\\xff.png");
        assert_eq!(shown(other).to_string(), "a\\n\\xfe.png");
        assert_eq!(path_text(one), "a\n\\xff.png");
        assert_ne!(path_text(one), path_text(other));
        assert!(matches!(path_text(path(b"a\nb")), Cow::Borrowed("a\nb")));
        // The same as text is another file, and so is that one's own text.
        let names: [&[u8]; 5] = [
            b"a\xff.png",
            b"a\\xff.png",
            b"a\\x5cxff.png",
            b"a\\\\xff.png",
            b"a\\x\xff.png",
        ];
        let texts = names.map(|name| path_text(path(name)));
        let all: std::collections::BTreeSet<_> = texts.iter().collect();
        assert_eq!(all.len(), names.len(), "{texts:?}");
        assert_eq!(texts[..2], ["a\\xff.png", "a\\x5cxff.png"]);
        assert_eq!(path_text(path(b"a\\xyz\\x")), "a\\xyz\\x");
        // A character that is cut off, and what follows it.
        assert_eq!(shown(path(b"\xe5\x82.png")).to_string(), "\\xe5\\x82.png");
    }
}
