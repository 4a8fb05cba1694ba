//! What the pictures of an image are called.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::safe_name::{self, NameHash, name_hash, safe_name, shortened};

/// The longest name of an image's pictures, in bytes: `-1234567_projected.png` may follow.
const NAME_BYTES_MAX: usize = safe_name::NAME_BYTES_MAX - 27;

/// A name for the pictures of an image: its path below the folder that was named, without its
/// ending, folders joined by underscores; one that is too long is shortened.
pub fn picture_name(relative: &Path) -> String {
    shortened(&joined(relative), NAME_BYTES_MAX).into_owned()
}

/// Whether the pictures of an image have a shortened name.
pub fn is_shortened(relative: &Path) -> bool {
    joined(relative).len() > NAME_BYTES_MAX
}

fn joined(relative: &Path) -> String {
    let names: Vec<_> = relative
        .with_extension("")
        .components()
        .map(|component| safe_name(Path::new(component.as_os_str())))
        .collect();
    names.join("_")
}

/// Tells apart what would get the same name, on file systems that ignore case, too.
///
/// Names are decided by the whole list before anything is read: neither a broken image nor a part
/// of the list that is inspected elsewhere changes the others' names. Only the exceptions are kept.
#[derive(Debug, Default)]
pub struct UniqueNames {
    /// The number behind a name that an image before has, by index.
    numbers: HashMap<usize, usize>,
}

impl UniqueNames {
    /// Decides for all `count` `names`, in the order of the images.
    pub fn new(count: usize, names: impl Iterator<Item = String> + Clone) -> Self {
        let mut wanted: Vec<NameHash> = Vec::with_capacity(count);
        wanted.extend(names.clone().map(|name| name_hash(&name)));
        wanted.sort_unstable();
        let repeated: HashSet<NameHash> = wanted
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .map(|pair| pair[0])
            .collect();
        let mut numbers = HashMap::new();
        if repeated.is_empty() {
            return Self { numbers };
        }
        // The number last used behind each of the repeated names, 1 for the name itself.
        let mut last: HashMap<NameHash, usize> = HashMap::new();
        let mut given = HashSet::new();
        for (index, name) in names.enumerate() {
            let hashed = name_hash(&name);
            if !repeated.contains(&hashed) {
                continue;
            }
            let Some(number) = last.get_mut(&hashed) else {
                last.insert(hashed, 1);
                continue;
            };
            loop {
                *number += 1;
                let numbered = name_hash(&with_number(&name, *number));
                if wanted.binary_search(&numbered).is_err() && given.insert(numbered) {
                    break;
                }
            }
            numbers.insert(index, *number);
        }
        Self { numbers }
    }

    /// The name of image number `index`, which is `name` unless another image has that.
    pub fn unique(&self, index: usize, name: String) -> String {
        match self.numbers.get(&index) {
            Some(&number) => with_number(&name, number),
            None => name,
        }
    }
}

fn with_number(name: &str, number: usize) -> String {
    format!("{name}-{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unique<const N: usize>(names: [&str; N]) -> [String; N] {
        let unique = UniqueNames::new(N, names.iter().map(|name| (*name).to_owned()));
        std::array::from_fn(|index| unique.unique(index, names[index].to_owned()))
    }

    #[test]
    fn names_say_where_an_image_lay() {
        let name = |path: &str| picture_name(Path::new(path));
        assert_eq!(name("scratch/007.png"), "scratch_007");
        assert_eq!(name("007.final.png"), "007.final");
    }

    #[test]
    fn long_names_are_shortened_and_stay_apart() {
        let name = |folder: &str, file: &str| {
            let path = Path::new(folder).join(file).with_extension("png");
            assert_eq!(is_shortened(&path), path.as_os_str().len() > 232);
            picture_name(&path)
        };
        let long = "傷".repeat(80);
        let (one, other) = (name("a", &long), name("a", &format!("{long}b")));
        assert_ne!(one, other);
        assert!(one.starts_with("a_傷傷") && one.len() <= NAME_BYTES_MAX);
        assert!(one.len() > NAME_BYTES_MAX - 4, "no shorter than it must be");
        assert_eq!(name("a", "傷"), "a_傷");
    }

    #[test]
    fn equal_names_get_numbers() {
        assert_eq!(
            unique(["a", "A", "a", "a-2", "b", "A-2"]),
            ["a", "A-3", "a-4", "a-2", "b", "A-2-2"]
        );
        assert_eq!(unique(["a", "b-2", "c"]), ["a", "b-2", "c"]);
    }
}
