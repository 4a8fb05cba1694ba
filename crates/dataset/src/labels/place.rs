//! Where labels are kept.

use std::path::{Path, PathBuf};

use kizumi_image::safe_name::safe_name;

/// The file in the folder of the data set. It is no image, no annotation and no list: whatever looks through the
/// folder passes it by.
pub const FILE_NAME: &str = "kizumi-labels.json";

/// The folder of masks that people drew, in that of the data set: no image of it is one of the data set.
pub const MASKS_FOLDER: &str = "kizumi-masks";

/// Letters of the hash that tells folders of one name apart.
const HASH_LETTERS: usize = 16;

pub(super) fn beside(root: &Path) -> PathBuf {
    root.join(FILE_NAME)
}

pub(super) fn masks_beside(root: &Path) -> PathBuf {
    root.join(MASKS_FOLDER)
}

/// The file in this program's own folder, for a data set whose folder cannot be written to; `None` on a system
/// without such folders.
pub(super) fn spare(root: &Path) -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "kizumi")?;
    let whole = root.canonicalize().ok()?;
    let hash = blake3::hash(whole.as_os_str().as_encoded_bytes()).to_hex();
    let name = safe_name(Path::new(whole.file_name().unwrap_or_default()));
    let name = format!("{name}-{}.json", &hash[..HASH_LETTERS]);
    Some(folders.data_dir().join("labels").join(name))
}

/// The folder of masks beside such a file.
pub(super) fn masks_spare(spare: &Path) -> PathBuf {
    let name = spare.file_stem().unwrap_or_default().to_string_lossy();
    spare.with_file_name(format!("{name}-masks"))
}
