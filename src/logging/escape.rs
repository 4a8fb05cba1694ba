//! Names of files and texts of libraries may hold anything; a line of the log stays one line, and
//! commands a terminal to nothing.

use std::borrow::Cow;
use std::io::{self, Write};

/// The longest line, in bytes: a text that is longer is cut.
const LINE_BYTES_MAX: usize = 16 << 10;

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

fn acts(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}')
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Takes each event of the log in one piece, as `tracing-subscriber` writes them, and writes it as
/// one line.
pub struct EscapedLine<W>(pub W);

impl<W: Write> Write for EscapedLine<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let kept = &text[..text.floor_char_boundary(LINE_BYTES_MAX)];
        let cut = if kept.len() < text.len() { " …" } else { "" };
        let line = format!("{}{cut}\n", escaped(kept));
        self.0.write_all(line.as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
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
    fn an_endless_text_becomes_a_line_of_bounded_length() {
        let mut line = Vec::new();
        let endless = "傷".repeat(100_000);
        EscapedLine(&mut line)
            .write_all(endless.as_bytes())
            .unwrap();
        assert!(line.len() <= LINE_BYTES_MAX + 8);
        assert!(String::from_utf8(line).unwrap().ends_with("傷 …\n"));
    }
}
