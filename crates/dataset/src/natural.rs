//! Natural order: `part2` before `part10`, whatever order the file system gives.

use std::cmp::Ordering;
use std::iter::from_fn;
use std::path::Path;

/// Compares two paths; folders compare name by name, letters without regard to case.
///
/// The order is total: paths that are otherwise equal are told apart by their bytes. Nothing is
/// kept for a path, so that the lists being sorted may be long.
pub fn natural_cmp(a: &Path, b: &Path) -> Ordering {
    let (mut names, mut others) = (a.iter(), b.iter());
    loop {
        let order = match (names.next(), others.next()) {
            (Some(name), Some(other)) if name == other => continue,
            (Some(name), Some(other)) => {
                let (name, other) = (name.to_string_lossy(), other.to_string_lossy());
                tokens(&name).cmp(tokens(&other))
            }
            (None, None) => return a.cmp(b),
            (name, other) => name.is_some().cmp(&other.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

enum Token<'a> {
    /// Digits without leading zeros.
    Number(&'a str),
    Text(&'a str),
}

impl PartialEq for Token<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Token<'_> {}

impl Ord for Token<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            // Of two numbers the longer one is larger.
            (Self::Number(a), Self::Number(b)) => (a.len(), a).cmp(&(b.len(), b)),
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
            (Self::Text(a), Self::Text(b)) => lower_case(a).cmp(lower_case(b)),
        }
    }
}

impl PartialOrd for Token<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn lower_case(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

fn tokens(name: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = name;
    from_fn(move || {
        let is_number = rest.chars().next()?.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != is_number)
            .unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(if is_number {
            Token::Number(run.trim_start_matches('0'))
        } else {
            Token::Text(run)
        })
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

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
        shuffled.sort_by(|a, b| natural_cmp(a, b));
        assert_eq!(shuffled, sorted.map(PathBuf::from));
    }

    #[test]
    fn numbers_beyond_every_integer_type_compare() {
        let huge = |last: char| PathBuf::from(format!("{}{last}", "9".repeat(60)));
        assert_eq!(natural_cmp(&huge('1'), &huge('2')), Ordering::Less);
        assert!(natural_cmp(Path::new("7"), Path::new("07")).is_ne());
    }
}
