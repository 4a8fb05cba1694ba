//! Project files, read and found.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use kizumi_image::regular;
use kizumi_image::safe_name::safe_name;
use kizumi_image::shown::shown;

use super::{ENDING, Project, moving};
use crate::ui::settings_file::BYTES_MAX;

/// A project as it was read.
#[derive(Debug)]
pub struct Stored {
    /// With the paths as they are now.
    pub project: Project,
    /// Whether those differ from the paths in the file.
    pub has_moved: bool,
}

/// Reads a project. `data` is its folder where a person says that it lies there by now; else that is looked for
/// beside the project where it is not where it was.
///
/// # Errors
/// No file, not a project, or one of another version; the text names the file.
pub fn read(path: &Path, data: Option<&Path>) -> Result<Stored> {
    let what = || format!("cannot open the project {}", shown(path));
    let bytes = regular::read(path, BYTES_MAX).with_context(what)?;
    let project: Project = serde_json::from_slice(&bytes).with_context(what)?;
    let said = project.data.clone().zip(data.map(Path::to_owned));
    let Some((from, to)) = said.or_else(|| moving::beside(&project, path)) else {
        let has_moved = false;
        return Ok(Stored { project, has_moved });
    };
    let project = moving::moved(&project, &from, &to).with_context(what)?;
    let has_moved = true;
    Ok(Stored { project, has_moved })
}

/// Where a project is kept that nobody has given a file: one for each data set and model.
pub fn own_path(folder: &Path, project: &Project) -> Option<PathBuf> {
    let mut hasher = blake3::Hasher::new();
    for part in [&project.data, &project.model] {
        let bytes = part.as_deref().unwrap_or(Path::new("")).as_os_str();
        hasher.update(bytes.as_encoded_bytes());
        hasher.update(&[0]);
    }
    let hash = hasher.finalize().to_hex();
    let name = safe_name(Path::new(&project.name()));
    let short: String = name.chars().take(40).collect();
    let is_something = project.data.is_some() || project.model.is_some();
    is_something.then(|| folder.join(format!("{short}-{}.{ENDING}", &hash[..12])))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_project_is_named_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("line.kizumi");
        for (contents, why) in [
            ("", "EOF"),
            ("{}", "version"),
            (r#"{"version": 4}"#, "version 4; this program reads 3"),
            ("\u{0}\u{1}", "expected value"),
        ] {
            std::fs::write(&path, contents).unwrap();
            let error = format!("{:#}", read(&path, None).unwrap_err());
            assert!(error.contains("line.kizumi"), "{error}");
            assert!(error.contains(why), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), contents);
        }
    }

    #[test]
    fn every_folder_has_a_project_with_every_model() {
        let of = |data: &str, model: Option<&str>| {
            let project = Project {
                data: Some(data.into()),
                model: model.map(Into::into),
                ..Project::default()
            };
            own_path(Path::new("/state"), &project).unwrap()
        };
        assert_ne!(of("/a/parts", None), of("/b/parts", None));
        assert_ne!(of("/a/parts", Some("/m")), of("/a/parts", Some("/n")));
        assert_ne!(of("/a/parts", Some("/m")), of("/a/parts", None));
        assert_eq!(of("/a/parts", Some("/m")), of("/a/parts", Some("/m")));
        assert_eq!(own_path(Path::new("/state"), &Project::default()), None);
    }
}
