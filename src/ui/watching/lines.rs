//! Lines of text from another program, however long they are.

use std::io::{BufRead, ErrorKind, Read};

/// Bytes of a line that are kept: rows have some hundred, or some thousand with many regions.
const LINE_BYTES: u64 = 1 << 20;

/// Hands each line to `each`, without its end; what is beyond the longest line is left out. What is no UTF-8 is
/// replaced. Ends with the text, or when it cannot be read.
pub fn for_each_line(mut text: impl BufRead, mut each: impl FnMut(&str)) {
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut text).take(LINE_BYTES).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return,
        }
        let is_whole = line.last() == Some(&b'\n');
        each(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
        if !is_whole && text.skip_until(b'\n').is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        for_each_line(text, |line| lines.push(line.to_owned()));
        lines
    }

    #[test]
    fn lines_come_one_by_one() {
        assert_eq!(lines(b""), Vec::<String>::new());
        assert_eq!(lines(b"a\r\n\nb"), ["a", "", "b"]);
        assert_eq!(lines(b"\xff\nc\n"), ["\u{fffd}", "c"]);
    }

    #[test]
    fn a_line_without_an_end_takes_no_memory() {
        let endless = vec![b'x'; 3 * LINE_BYTES as usize];
        let text = [&endless[..], b"\nafter\n"].concat();
        let lines = lines(&text);
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].len(), LINE_BYTES as usize);
        assert_eq!(lines[1], "after");
    }
}
