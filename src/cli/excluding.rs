//! Normal images that a person wants left out of training.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use super::output::{count_of, say};
use super::said::{fail, said};
use kizumi_dataset::catalog::{Catalog, Entry};
use kizumi_image::regular;
use kizumi_image::shown::{escaped, shown};

/// A list is refused beyond so many bytes.
const LIST_BYTES_MAX: u64 = 64 << 20;

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
            let text = regular::read_text(list, LIST_BYTES_MAX).with_context(|| {
                let list = shown(list);
                said!("{list}: cannot be read", "{list}：読み込めません")
            })?;
            let lines = text.lines().filter(|line| !line.is_empty());
            images.extend(lines.map(PathBuf::from));
        }
        let names = names(&catalog, &images)?;
        if !names.is_empty() {
            let count = names.len();
            let images = count_of(count, "normal image");
            say(said!(
                "{images} left out.",
                "良品画像{count}枚を除外しました。"
            ));
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
    if images.is_empty() {
        return Ok(BTreeSet::new());
    }
    let known = Names::new(catalog);
    images.iter().map(|image| known.find(image)).collect()
}

/// What a data set calls each of its normal images, by how people may write it: from here, from the root on,
/// from the data set's folder, or as 'kizumi check --list' shows it.
struct Names<'a> {
    catalog: &'a Catalog,
    by_text: HashMap<String, String>,
}

impl<'a> Names<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        let mut by_text = HashMap::new();
        for Entry { path, .. } in &catalog.train {
            let name = catalog.name_of(path);
            by_text.insert(shown(path).to_string(), name.clone());
            by_text.insert(escaped(&name).into_owned(), name.clone());
            by_text.insert(name.clone(), name);
        }
        Self { catalog, by_text }
    }

    fn find(&self, image: &Path) -> Result<String> {
        let Self { catalog, by_text } = self;
        let mut texts = vec![catalog.name_of(image), shown(image).to_string()];
        let root = std::path::absolute(&catalog.root);
        if let (Ok(root), Ok(image)) = (root, std::path::absolute(image))
            && let Ok(below) = image.strip_prefix(root)
        {
            texts.push(catalog.name_of(below));
        }
        match texts.iter().find_map(|text| by_text.get(text)) {
            Some(name) => Ok(name.clone()),
            None => {
                let (image, root) = (shown(image), shown(&catalog.root));
                fail!(
                    "{image}: is none of the normal images of {root}",
                    "{image}：{root} の良品画像ではありません"
                )
            }
        }
    }
}
