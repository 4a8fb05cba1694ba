//! Names of files and texts of libraries may hold anything; a line of the log stays one line, and
//! commands a terminal to nothing.

use std::io::{self, Write};

use kizumi_image::shown::escaped;

/// The longest line, in bytes: a text that is longer is cut.
const LINE_BYTES_MAX: usize = 16 << 10;

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
