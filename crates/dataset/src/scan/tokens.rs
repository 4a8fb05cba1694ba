//! The words of a name.

use super::words::{Meaning, longest_at, meaning_of, negated};

/// The words of a name, and what they mean.
pub(super) fn words_of(name: &str) -> Vec<(String, Meaning)> {
    let tokens = tokens(name);
    tokens.iter().flat_map(|token| meanings(token)).collect()
}

/// The words of a name in lower case: letters of one kind, up to a change of case as in `NODefect` and
/// `goodParts`.
fn tokens(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut tokens: Vec<String> = Vec::new();
    let mut before = None;
    for (at, &letter) in letters.iter().enumerate() {
        let kind = Script::of(letter);
        let starts = match (before, kind) {
            (Some((_, Script::Spaced)), Script::Spaced) => {
                let was_upper = at > 0 && letters[at - 1].is_uppercase();
                let lower_follows = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
                letter.is_uppercase() && (!was_upper || lower_follows)
            }
            (Some((_, script)), kind) => script != kind,
            (None, _) => true,
        };
        before = Some((letter, kind));
        if kind == Script::None {
            // `No.1` is a number, and negates nothing.
            if let Some(last) = tokens.last_mut()
                && letter.is_numeric()
                && last == "no"
            {
                last.push(letter);
            }
            continue;
        }
        if starts || tokens.is_empty() {
            tokens.push(String::new());
        }
        if let Some(token) = tokens.last_mut() {
            token.extend(letter.to_lowercase());
        }
    }
    tokens
}

/// How a letter's script separates words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// By spaces.
    Spaced,
    /// Not at all.
    Unspaced,
    /// It is no letter.
    None,
}

impl Script {
    fn of(letter: char) -> Self {
        match letter {
            _ if !letter.is_alphabetic() => Self::None,
            // From the radicals of Chinese characters on: kana, Chinese characters, Hangul.
            '\u{2e80}'.. => Self::Unspaced,
            _ => Self::Spaced,
        }
    }
}

/// Whether a letter is of a script that does not separate words.
pub(super) fn is_unspaced(letter: char) -> bool {
    Script::of(letter) == Script::Unspaced
}

/// The words of a token, one after the other, and what they mean. What is not known between known ones is one
/// word.
fn meanings(token: &str) -> Vec<(String, Meaning)> {
    let spaced = meaning_of(token);
    if spaced.is_none()
        && let Some(two) = negated(token)
    {
        return two.map(|(word, meaning)| (word.to_owned(), meaning)).into();
    }
    let is_spaced = token.chars().any(|letter| !is_unspaced(letter));
    if spaced.is_some() || is_spaced {
        return vec![(token.to_owned(), spaced.unwrap_or(Meaning::Other))];
    }
    let mut found: Vec<(String, Meaning)> = Vec::new();
    let mut is_unknown = false;
    let mut rest = token;
    while let Some(first) = rest.chars().next() {
        let longest = longest_at(rest);
        let (text, tail) = rest.split_at(longest.map_or(first.len_utf8(), |(word, _)| word.len()));
        match (found.last_mut(), longest) {
            (Some((before, _)), None) if is_unknown => before.push_str(text),
            (_, longest) => {
                let meaning = longest.map_or(Meaning::Other, |(_, meaning)| meaning);
                found.push((text.to_owned(), meaning));
            }
        }
        is_unknown = longest.is_none();
        rest = tail;
    }
    found
}
