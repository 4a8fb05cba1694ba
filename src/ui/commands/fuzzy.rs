//! Finds names by some of their letters.

/// How well a name matches what was typed: more is better, `None` is not at all. The letters must
/// come in order, with any others between them; those at the beginning of a word and those that
/// follow the last one directly count more, letters skipped count less.
pub fn score(typed: &str, name: &str) -> Option<i32> {
    let name: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    let mut score = 0;
    let mut next = 0;
    let typed = typed.chars().filter(|letter| !letter.is_whitespace());
    for letter in typed.flat_map(char::to_lowercase) {
        let begins = |at: usize| at == 0 || !name[at - 1].is_alphanumeric();
        let rest = next..name.len();
        let follows = rest.clone().next().filter(|at| name[*at] == letter);
        let begin = || rest.clone().find(|at| name[*at] == letter && begins(*at));
        let any = || rest.clone().find(|at| name[*at] == letter);
        let at = follows.or_else(begin).or_else(any)?;
        score += match (begins(at), at == next) {
            (true, _) => 8,
            (_, true) => 5,
            _ => 1,
        };
        score -= i32::try_from(at - next).unwrap_or(i32::MAX).min(4);
        next = at + 1;
    }
    Some(score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_must_come_in_order() {
        assert!(score("nxt", "Next image").is_some());
        assert!(score("NEXT im", "Next image").is_some());
        assert!(score("txen", "Next image").is_none());
        assert_eq!(score("", "anything"), Some(0));
        assert!(score("画像", "次の画像").is_some());
    }

    #[test]
    fn beginnings_and_runs_of_letters_come_first() {
        assert!(score("td", "Theme: dark") > score("td", "Outline the true defect"));
        assert!(score("image", "Next image") > score("image", "Iteration magnified"));
    }
}
