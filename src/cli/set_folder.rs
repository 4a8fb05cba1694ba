//! Which folder of a benchmark belongs to which data set.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::said::said;

use kizumi_image::atomic::write_atomic;
use kizumi_image::regular;
use kizumi_image::safe_name::{NAME_BYTES_MAX, safe_name, shortened};
use kizumi_image::shown::shown;
use kizumi_image::undone::{Doing as _, Task};

/// Room for a number behind a name, in bytes.
const NUMBER_BYTES: usize = 8;

/// Far more than the path of a folder has.
const OWNER_BYTES_MAX: u64 = 1 << 20;

/// Names the data set that a folder's runs are of.
const NAME_FILE: &str = "data_set.txt";

/// The folder below `out` for the runs of the data set at `data`, made if need be: it has the data set's name,
/// and a number behind it where another data set has that name already.
///
/// # Errors
/// If files cannot be read or written; names them.
pub fn set_folder(out: &Path, data: &Path) -> Result<PathBuf> {
    // Of "." the name is known only then.
    let data = data.canonicalize().with_context(|| {
        let data = shown(data);
        said!("{data}: cannot be read", "{data}：読み込めません")
    })?;
    let name = safe_name(Path::new(data.file_name().unwrap_or_default()));
    let name = shortened(&name, NAME_BYTES_MAX - NUMBER_BYTES);
    let name = match name.is_empty() {
        true => "data",
        false => &*name,
    };
    let owner = shown(&data).to_string();
    for number in 1.. {
        let folder = match number {
            1 => out.join(name),
            number => out.join(format!("{name}-{number}")),
        };
        let file = folder.join(NAME_FILE);
        match regular::read_text(&file, OWNER_BYTES_MAX) {
            Ok(other) if other.trim_end() != owner => continue,
            Ok(_) => {}
            Err(_) => {
                fs::create_dir_all(&folder).doing(Task::MakeFolder, &folder)?;
                write_atomic(&file, format!("{owner}\n").as_bytes())?;
            }
        }
        return Ok(folder);
    }
    Ok(out.join(name))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn data_sets_of_one_name_have_folders_of_their_own_and_keep_them() {
        let place = tempfile::tempdir().unwrap();
        let sets = ["a/washer", "b/washer"].map(|name| place.path().join(name));
        sets.iter().for_each(|set| fs::create_dir_all(set).unwrap());
        let out = place.path().join("out");
        let folder = |set: &Path| set_folder(&out, set).unwrap();
        assert_eq!(folder(&sets[0]), out.join("washer"));
        assert_eq!(folder(&sets[1]), out.join("washer-2"));
        assert_eq!(folder(&sets[0].join("../washer")), out.join("washer"));
        assert!(set_folder(&out, &place.path().join("gone")).is_err());
    }
}
