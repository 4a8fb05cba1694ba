//! Paths as people type and paste them.

use std::path::PathBuf;

/// A typed or pasted path: without quotes around it or blanks at its ends, `~` as the home folder.
pub fn typed_path(input: &str) -> PathBuf {
    let trimmed = input.trim().trim_matches(['"', '\'']);
    let trimmed = trimmed.strip_prefix("file://").unwrap_or(trimmed);
    match (trimmed.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(trimmed),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn pasted_paths_lose_quotes_and_blanks() {
        assert_eq!(typed_path("  /data/a b \n"), Path::new("/data/a b"));
        assert_eq!(typed_path("'/data/x'"), Path::new("/data/x"));
        assert_eq!(typed_path("file:///data/x"), Path::new("/data/x"));
        assert!(!typed_path("~/x").starts_with("~"));
    }
}
