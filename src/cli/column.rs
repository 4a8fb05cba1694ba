//! Columns of text on a terminal.

/// How many columns a text takes.
pub fn columns_of(text: &str) -> usize {
    let is_wide = |letter: &char| matches!(letter, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}');
    text.chars().count() + text.chars().filter(is_wide).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!(columns_of("map"), 3);
        assert_eq!(columns_of("良品3枚（ok）"), 13);
        assert_eq!(columns_of("ｶﾅ×…"), 4);
    }
}
