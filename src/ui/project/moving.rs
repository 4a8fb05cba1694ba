//! Projects whose folders have been moved.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::Value;

use super::Project;

/// The folder that a project lay in and the one that it lies in now, where its data set has been moved along
/// with it. Paths are asked for, so it may take a while.
pub fn beside(project: &Project, now_at: &Path) -> Option<(PathBuf, PathBuf)> {
    let data = project.data.as_deref()?;
    let (from, to) = (project.saved_as.parent()?, now_at.parent()?);
    let there_now = to.join(data.strip_prefix(from).ok()?);
    (from != to && !data.exists() && there_now.exists()).then(|| (from.to_owned(), to.to_owned()))
}

/// The project with every path below `from` below `to` instead.
///
/// # Errors
/// A path that is no text.
pub fn moved(project: &Project, from: &Path, to: &Path) -> Result<Project> {
    let mut value = serde_json::to_value(project)?;
    move_all(&mut value, from, to);
    Ok(serde_json::from_value(value)?)
}

/// Every text that is a path from the root on and lies below `from` is one: names are relative.
fn move_all(value: &mut Value, from: &Path, to: &Path) {
    match value {
        Value::String(text) => {
            let path = Path::new(text.as_str());
            if let Ok(rest) = path.strip_prefix(from)
                && let Some(moved) = joined(to, rest).to_str()
            {
                *text = moved.to_owned();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|it| move_all(it, from, to)),
        Value::Object(fields) => fields.values_mut().for_each(|it| move_all(it, from, to)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Without the separator that joining nothing would leave behind.
fn joined(to: &Path, rest: &Path) -> PathBuf {
    match rest.as_os_str().is_empty() {
        true => to.to_owned(),
        false => to.join(rest),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kizumi_dataset::catalog::{Entry, Kind};

    #[test]
    fn a_folder_that_was_moved_takes_its_images_and_masks_along() {
        let entry = Entry {
            path: "/old/parts/test/dent/1.png".into(),
            kind: Kind::Defect("dent".into()),
            mask: Some(PathBuf::from("/old/parts/ground_truth/dent/1.png").into()),
        };
        let mut project = Project {
            data: Some("/old/parts".into()),
            model: Some("/models/parts.safetensors".into()),
            image: Some(entry),
            ..Project::default()
        };
        project.roles.normal = vec!["/old/parts/a".into(), "/old/parts-2/b".into()];
        let moved = moved(&project, Path::new("/old/parts"), Path::new("/new")).unwrap();
        assert_eq!(moved.data, Some("/new".into()));
        assert_eq!(moved.model, project.model, "it lies elsewhere");
        let image = moved.image.unwrap();
        assert_eq!(image.path, Path::new("/new/test/dent/1.png"));
        let mask = image.mask.unwrap();
        assert_eq!(
            mask.paths().next(),
            Some(Path::new("/new/ground_truth/dent/1.png"))
        );
        let normal = ["/new/a", "/old/parts-2/b"].map(PathBuf::from);
        assert_eq!(moved.roles.normal, normal);
    }

    #[test]
    fn a_project_that_is_moved_with_its_data_finds_it() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        std::fs::create_dir_all(new.join("parts")).unwrap();
        let project = Project {
            saved_as: old.join("line.kizumi"),
            data: Some(old.join("parts")),
            ..Project::default()
        };
        let found = beside(&project, &new.join("line.kizumi"));
        assert_eq!(found, Some((old.clone(), new.clone())));
        std::fs::create_dir_all(old.join("parts")).unwrap();
        assert_eq!(
            beside(&project, &new.join("line.kizumi")),
            None,
            "it never moved"
        );
    }
}
