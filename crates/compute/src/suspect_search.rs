//! Which normal images are unlike the others: each is measured by a memory of the others, without a model.

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use kizumi_dataset::catalog::Entry;
use kizumi_dataset::loader::{LoadError, Loaded, Loader};
use kizumi_features::{DetectorBuilder, MemoryConfig, Sight};
use kizumi_image::dimensions::size_px;
use kizumi_image::file_error::FileError;
use kizumi_image::view::FeatureView;
use kizumi_kernel::features::FeatureNetwork;
use kizumi_method::anomaly_map::percentile;
use kizumi_method::config::{DataConfig, FeatureResolution};
use kizumi_method::suspects::Crowd;

/// The percentile of its patches' distances that an image is scored by: strange is what is strange
/// somewhere.
const SCORE_PERCENTILE: f32 = 99.0;

/// Bytes of features of either scale that are held at most until images are compared: those of 800 images
/// at 512 px, of 3 000 at 256 px.
const KEPT_BYTES: usize = 1 << 30;

/// A search in the making, some files a step.
pub struct SuspectSearch {
    loader: Loader,
    network: Arc<FeatureNetwork>,
    builder: DetectorBuilder,
}

/// How strange images are.
#[derive(Debug)]
pub struct Suspects {
    /// The strangest first.
    pub ranking: Vec<Strangeness>,
    /// The others; `None` when there was nothing to compare.
    pub crowd: Option<Crowd>,
    /// Images that were not compared, because there are so many.
    pub unmeasured: usize,
    /// The files that could not be used.
    pub broken: Vec<FileError>,
}

/// How strange an image is.
#[derive(Clone, Debug, PartialEq)]
pub struct Strangeness {
    /// Its file.
    pub path: PathBuf,
    /// Distance of its strangest patches to those of the other images; 1 is what one of a hundred patches
    /// exceeds.
    pub score: f32,
    /// Whether it is unlike the others.
    pub is_suspect: bool,
}

impl SuspectSearch {
    /// Nothing decoded yet. All files are looked at in one size.
    pub fn new(entries: Vec<Entry>, resolution: FeatureResolution) -> Self {
        let sizes = entries.iter().filter_map(|entry| size_px(&entry.path));
        let sizes: Vec<(usize, usize)> = sizes.collect();
        let data = DataConfig {
            view: FeatureView::of_files(&sizes, resolution.side_px()),
            ..DataConfig::default()
        };
        let config = MemoryConfig {
            kept_bytes: KEPT_BYTES,
            ..MemoryConfig::default()
        };
        Self {
            loader: Loader::new(entries, &data, None),
            network: FeatureNetwork::lite0(),
            builder: DetectorBuilder::new(config),
        }
    }

    /// Files done, and files in all.
    pub fn progress(&self) -> (usize, usize) {
        self.loader.progress()
    }

    /// Whether every file was tried.
    pub fn is_done(&self) -> bool {
        self.loader.is_done()
    }

    /// Looks at the next few files.
    pub fn step(&mut self) {
        self.loader.step();
        let views = self.loader.take_views();
        let views = views.par_iter();
        let sights = views.map(|view| Sight::of(&self.network, &view.picture.to_picture()));
        for sight in sights.collect::<Vec<Sight>>() {
            self.builder.add(&sight, None);
        }
    }

    /// Compares the images.
    ///
    /// # Errors
    /// [`LoadError`] when not one can be used.
    pub fn finish(mut self) -> Result<Suspects, LoadError> {
        while !self.is_done() {
            self.step();
        }
        let Loaded {
            entries, broken, ..
        } = self.loader.finish()?;
        let leave_out = self.builder.finish().map(|built| built.leave_out);
        let score = |image: usize| {
            let distances = leave_out.as_ref()?.get(image)?.as_ref()?;
            percentile(distances.values.clone(), SCORE_PERCENTILE)
        };
        let scores: Vec<Option<f32>> = (0..entries.len()).map(score).collect();
        let measured: Vec<f32> = scores.iter().copied().flatten().collect();
        let crowd = Crowd::of(&measured);
        let images = entries.into_iter().zip(&scores);
        let mut ranking: Vec<Strangeness> = images
            .filter_map(|(entry, score)| {
                Some(Strangeness {
                    path: entry.path,
                    score: (*score)?,
                    is_suspect: crowd?.is_suspect((*score)?),
                })
            })
            .collect();
        ranking.sort_by(|a, b| b.score.total_cmp(&a.score));
        Ok(Suspects {
            unmeasured: scores.len() - ranking.len(),
            ranking,
            crowd,
            broken,
        })
    }
}
