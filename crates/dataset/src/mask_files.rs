//! Which ground-truth file belongs to which test image.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Ground-truth files by kind, subfolder and name.
#[derive(Default)]
pub(super) struct MaskFiles {
    /// The file, and whether an image has it.
    by_name: HashMap<MaskKey, (PathBuf, bool)>,
    root: PathBuf,
}

/// The folder below `test` or `ground_truth` and the file's stem, in lower case.
type MaskKey = (String, String);

impl MaskFiles {
    /// The files below the ground truth's folder `root`.
    pub fn new(root: &Path, files: Vec<PathBuf>) -> Self {
        let mut by_name = HashMap::new();
        // `X_mask.png` goes before `X.png`: with both, the latter may be a copy of the image.
        let (marked, unmarked): (Vec<PathBuf>, Vec<PathBuf>) = files
            .into_iter()
            .partition(|path| stem(path).ends_with("_mask"));
        for path in marked {
            let (folder, stem) = mask_key(&path, root);
            let stem = stem.trim_end_matches("_mask").to_owned();
            by_name.entry((folder, stem)).or_insert((path, false));
        }
        for path in unmarked {
            by_name
                .entry(mask_key(&path, root))
                .or_insert((path, false));
        }
        Self {
            by_name,
            root: root.into(),
        }
    }

    /// The mask of an image below `test`.
    pub fn take(&mut self, image: &Path, test: &Path) -> Option<PathBuf> {
        let (mask, taken) = self.by_name.get_mut(&mask_key(image, test))?;
        *taken = true;
        Some(mask.clone())
    }

    /// The masks that nobody took, below the ground truth's folder, in order.
    pub fn unused(&self) -> Vec<String> {
        let mut unused: Vec<String> = self
            .by_name
            .values()
            .filter(|(_, taken)| !taken)
            .map(|(path, _)| {
                let relative = path.strip_prefix(&self.root).unwrap_or(path);
                relative.display().to_string()
            })
            .collect();
        unused.sort();
        unused
    }
}

fn mask_key(path: &Path, root: &Path) -> MaskKey {
    let folder = path.parent().unwrap_or(path);
    let folder = folder.strip_prefix(root).unwrap_or(folder);
    (folder.to_string_lossy().to_lowercase(), stem(path))
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase()
}
