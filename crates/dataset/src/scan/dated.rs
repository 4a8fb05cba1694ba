//! Folders that are called after days: `2024/05/13`, `2024-05/13`.

use std::path::Path;

use crate::file_name::readable;

/// The names of the folders from `base` down to `folder`, without those that are the month or the day of the year above
/// them, which may be `base` or lie above it; none where `folder` lies elsewhere.
pub(super) fn names_without_dates(folder: &Path, base: &Path) -> Vec<String> {
    let Ok(below) = folder.strip_prefix(base) else {
        return Vec::new();
    };
    let names: Vec<String> = folder.iter().map(readable).collect();
    let first = names.len() - below.iter().count();
    let undated = (first..names.len()).filter(|at| !is_of_date(&names[..=*at]));
    undated.map(|at| names[at].clone()).collect()
}

/// Whether the last of these names is a month or a day of the date that those before it are.
fn is_of_date(names: &[String]) -> bool {
    match names {
        [.., year, month, day] if is_year(year) && is_two_digits(month, 12) => {
            is_two_digits(day, 31)
        }
        [.., before, last] if is_year(before) => is_two_digits(last, 12),
        [.., before, last] => is_month(before) && is_two_digits(last, 31),
        _ => false,
    }
}

fn is_year(name: &str) -> bool {
    name.len() == 4 && (name.starts_with("19") || name.starts_with("20")) && is_number(name)
}

/// `2024-05`, `202405`.
fn is_month(name: &str) -> bool {
    let (year, month) = name.split_at_checked(4).unwrap_or_default();
    is_year(year) && is_two_digits(month.trim_start_matches(['-', '_', '.']), 12)
}

/// Classes are numbered without a zero in front.
fn is_two_digits(name: &str, most: u32) -> bool {
    let number = name.parse().unwrap_or(0);
    name.len() == 2 && is_number(name) && (1..=most).contains(&number)
}

fn is_number(name: &str) -> bool {
    name.bytes().all(|one| one.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days_below_their_year_are_no_names_of_their_own() {
        for (folder, base, expected) in [
            ("/d/2024/05/13", "/d", &["2024"][..]),
            ("/d/2024/05/13", "/d/2024/05", &[]),
            ("/d/2024-05/13/a", "/d", &["2024-05", "a"]),
            ("/d/2024/5", "/d", &["2024", "5"]),
            ("/d/2024/13", "/d", &["2024", "13"]),
            ("/d/13", "/d", &["13"]),
        ] {
            let found = names_without_dates(Path::new(folder), Path::new(base));
            assert_eq!(found, expected, "{folder}");
        }
    }
}
