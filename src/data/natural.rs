//! Natural order: `part2` before `part10`, whatever order the file system gives.

use std::path::{Path, PathBuf};

/// Sort key of a path; folders compare name by name, letters without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NaturalKey {
    names: Vec<Vec<Token>>,
    /// Decides between paths that are otherwise equal, so that the order is total.
    path: PathBuf,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Token {
    /// Digits without leading zeros; of two numbers the longer one is larger.
    Number {
        len: usize,
        digits: String,
    },
    Text(String),
}

/// The key to sort paths by.
pub fn natural_key(path: &Path) -> NaturalKey {
    NaturalKey {
        names: path
            .iter()
            .map(|name| tokens(&name.to_string_lossy()))
            .collect(),
        path: path.to_owned(),
    }
}

fn tokens(name: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != is_number)
            .unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        tokens.push(if is_number {
            let digits = run.trim_start_matches('0').to_owned();
            Token::Number {
                len: digits.len(),
                digits,
            }
        } else {
            Token::Text(run.to_lowercase())
        });
        rest = after;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_and_case_does_not() {
        let sorted = [
            "a/2.png",
            "a/010.png",
            "a/B1.png",
            "a/b2.png",
            "a/b10.png",
            "a/b10x.png",
            "B/1.png",
        ];
        let mut shuffled: Vec<PathBuf> = sorted.iter().rev().map(PathBuf::from).collect();
        shuffled.sort_by_cached_key(|path| natural_key(path));
        assert_eq!(shuffled, sorted.map(PathBuf::from));
    }

    #[test]
    fn numbers_beyond_every_integer_type_compare() {
        let huge = |last: char| PathBuf::from(format!("{}{last}", "9".repeat(60)));
        assert!(natural_key(&huge('1')) < natural_key(&huge('2')));
        assert_ne!(natural_key(Path::new("7")), natural_key(Path::new("07")));
    }
}
