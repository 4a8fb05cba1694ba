//! Normal images that a person wants left out of training.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use super::output::{count_of, say};
use kizumi_dataset::catalog::Catalog;

/// Which they are.
#[derive(Args, Clone, Debug)]
pub struct ExcludeOptions {
    /// Leave this normal image of DATA out of training; as often as needed. The model remembers it
    #[arg(long, value_name = "IMAGE")]
    exclude: Vec<PathBuf>,
    /// Leave those out that this file names, one a line, as 'kizumi check --list' prints them
    #[arg(long, value_name = "FILE")]
    exclude_list: Option<PathBuf>,
    /// With --resume: learn from this normal image again, which the model left out; as often as needed
    #[arg(long, value_name = "IMAGE")]
    take_back: Vec<PathBuf>,
}

impl ExcludeOptions {
    /// The data set without them; says how many there are.
    ///
    /// # Errors
    /// When the list cannot be read, or names something that is no normal image of the data set.
    pub fn apply(&self, catalog: Catalog) -> Result<Catalog> {
        let mut images = self.exclude.clone();
        if let Some(list) = &self.exclude_list {
            let text = fs::read_to_string(list)
                .with_context(|| format!("{}: cannot be read", list.display()))?;
            let lines = text.lines().filter(|line| !line.is_empty());
            images.extend(lines.map(PathBuf::from));
        }
        let names = names(&catalog, &images)?;
        if !names.is_empty() {
            let count = count_of(names.len(), "normal image");
            say(format_args!("{count} left out."));
        }
        Ok(catalog.without(&names))
    }

    /// Whether a model is to learn from images that it left out.
    pub fn takes_back(&self) -> bool {
        !self.take_back.is_empty()
    }

    /// The images that a model is to leave out no longer.
    ///
    /// # Errors
    /// When one is no normal image of the data set.
    pub fn taken_back(&self, catalog: &Catalog) -> Result<BTreeSet<String>> {
        names(catalog, &self.take_back)
    }
}

fn names(catalog: &Catalog, images: &[PathBuf]) -> Result<BTreeSet<String>> {
    images.iter().map(|image| name(catalog, image)).collect()
}

/// What the data set calls an image that is given as anybody may write it: from here, from the root on, or
/// from the data set's folder.
fn name(catalog: &Catalog, image: &Path) -> Result<String> {
    let mut names = vec![catalog.name_of(image)];
    let root = std::path::absolute(&catalog.root);
    if let (Ok(root), Ok(image)) = (root, std::path::absolute(image))
        && let Ok(below) = image.strip_prefix(root)
    {
        names.push(catalog.name_of(below));
    }
    let is_one = |name: &String| {
        let train = &catalog.train;
        train
            .iter()
            .any(|entry| catalog.name_of(&entry.path) == *name)
    };
    match names.into_iter().find(is_one) {
        Some(name) => Ok(name),
        None => bail!(
            "{}: is none of the normal images of {}",
            image.display(),
            catalog.root.display()
        ),
    }
}
