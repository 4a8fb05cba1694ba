//! Looks for normal images that are unlike the others: each is measured by a memory of the others, without a
//! model.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::suspects::{Suspects, strangeness_of};
use kizumi_dataset::catalog::{Catalog, Entry};
use kizumi_dataset::depth_search::DepthSearch;
use kizumi_dataset::load_note::LoadNote;
use kizumi_features::detector::Finishing;
use kizumi_features::{DetectorBuilder, MemoryConfig, Sight};
use kizumi_image::compact::CompactPicture;
use kizumi_image::depth::Depth;
use kizumi_image::dimensions::size_px;
use kizumi_image::file_error::FileError;
use kizumi_image::prepare::prepare_all_compact;
use kizumi_image::remark::Remarks;
use kizumi_image::view::FeatureView;
use kizumi_kernel::features::FeatureNetwork;
use kizumi_method::config::{DataConfig, FeatureResolution};

/// Bytes of features of either scale that are held at most until images are compared: those of 800 images
/// at 512 px, of 3 000 at 256 px.
const KEPT_BYTES: usize = 1 << 30;

/// A search in the making. Of the files only what their features say is held.
pub struct SuspectSearch {
    data: DataConfig,
    /// Until the depth of the files is known.
    depth: Option<DepthSearch>,
    network: Arc<FeatureNetwork>,
    files: usize,
    pending: std::vec::IntoIter<Entry>,
    /// Those that could be used.
    usable: Vec<PathBuf>,
    broken: Vec<FileError>,
    /// What a person should know of their depth.
    notes: Vec<LoadNote>,
    remarks: Remarks,
    /// Until every file was looked at.
    looking: Option<Box<DetectorBuilder>>,
    /// From then on.
    comparing: Option<Box<Finishing>>,
}

impl SuspectSearch {
    /// Nothing decoded yet. All training images are looked at in one size.
    pub fn new(catalog: &Catalog, resolution: FeatureResolution) -> Self {
        let entries = catalog.train.clone();
        let sizes = entries.iter().filter_map(|entry| size_px(&entry.path));
        let sizes: Vec<(usize, usize)> = sizes.collect();
        let config = MemoryConfig {
            kept_bytes: KEPT_BYTES,
            ..MemoryConfig::default()
        };
        Self {
            data: DataConfig {
                view: FeatureView::of_files(&sizes, resolution.side_px()),
                ..DataConfig::default()
            },
            depth: Some(DepthSearch::new(catalog)),
            network: FeatureNetwork::lite0(),
            files: entries.len(),
            pending: entries.into_iter(),
            usable: Vec::new(),
            broken: Vec::new(),
            notes: Vec::new(),
            remarks: Remarks::default(),
            looking: Some(Box::new(DetectorBuilder::new(config))),
            comparing: None,
        }
    }

    /// Files looked at and files compared, and twice the files: either is about half of the work.
    pub fn progress(&self) -> (usize, usize) {
        let looked_at = self.files - self.pending.len();
        let compared = self.comparing.as_ref().map_or(0, |comparing| {
            let (done, total) = comparing.progress();
            self.files * done / total.max(1)
        });
        (looked_at + compared, 2 * self.files)
    }

    /// Whether nothing is left to do but to [finish](Self::finish).
    pub fn is_done(&self) -> bool {
        let comparing = self.comparing.as_ref();
        comparing.is_some_and(|comparing| comparing.is_done())
    }

    /// Looks at the next few files, first for their depth, or does a part of a second's comparing.
    pub fn step(&mut self) {
        if let Some(search) = &mut self.depth {
            search.step();
            if let Some(search) = self.depth.take_if(|search| search.is_done()) {
                let found = search.finish();
                self.data.depth = found.depth;
                self.notes = found.notes;
            }
        } else if let Some(looking) = self.looking.take_if(|_| self.pending.len() == 0) {
            self.comparing = Some(Box::new(looking.close()));
        } else if let Some(comparing) = &mut self.comparing {
            comparing.step();
        } else {
            self.look();
        }
    }

    /// One file a thread, so that it takes about as long as one.
    fn look(&mut self) {
        let Some(looking) = &mut self.looking else {
            return;
        };
        let files = self.pending.by_ref().take(rayon::current_num_threads());
        let files: Vec<PathBuf> = files.map(|entry| entry.path).collect();
        let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
        let views = prepare_all_compact(&paths, &self.data).into_par_iter();
        let sights = views.map(|file| {
            let file = file?;
            let view: CompactPicture = file.view.unwrap_or(file.picture);
            Ok((Sight::of(&self.network, &view.to_picture()), file.remarks))
        });
        let sights: Vec<Result<_, FileError>> = sights.collect();
        for (path, sight) in files.into_iter().zip(sights) {
            match sight {
                Ok((sight, remarks)) => {
                    self.remarks.add(&remarks);
                    looking.add(&sight, None);
                    self.usable.push(path);
                }
                Err(error) => self.broken.push(error),
            }
        }
    }

    /// The files that could not be used, as far as they were looked at.
    pub fn broken(&self) -> &[FileError] {
        &self.broken
    }

    /// What is odd about the files that were looked at.
    pub fn notes(&self) -> impl Iterator<Item = LoadNote> {
        let of_files = LoadNote::of_files(&self.remarks);
        self.notes.iter().cloned().chain(of_files)
    }

    /// The depth of the files, once it is known.
    pub fn depth(&self) -> Depth {
        self.data.depth
    }

    /// What came of it, after what is left to do was done.
    pub fn finish(mut self) -> Suspects {
        while !self.is_done() {
            self.step();
        }
        let compared = self.comparing.and_then(|comparing| comparing.finish());
        let mut distances =
            compared.map_or_else(Vec::new, |learned| learned.with_usual_share().leave_out);
        distances.resize_with(self.usable.len(), || None);
        let scores = distances.iter().map(|own| strangeness_of(own.as_ref()?));
        Suspects::of(self.usable.into_iter().zip(scores))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_dataset::catalog::Layout;
    use kizumi_image::export::save_picture;
    use kizumi_image::picture::Picture;

    #[test]
    fn progress_goes_on_while_images_are_compared() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = |i: usize| Entry::normal(folder.path().join(format!("{i}.png")));
        for i in 0..6 {
            let wave = |x: usize| 0.5 + 0.4 * (0.3 * x as f32 + i as f32).sin();
            let picture = Picture::from_fn(1, 64, 64, |_, y, x| wave(x + y));
            save_picture(&file(i).path, &picture).expect("a picture can be saved");
        }
        std::fs::write(folder.path().join("6.png"), "no picture").expect("a file");
        let catalog = Catalog {
            root: folder.path().to_owned(),
            layout: Layout::Plain,
            train: (0..7).map(file).collect(),
            test: Vec::new(),
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: Default::default(),
            joined: Default::default(),
        };
        let mut search = SuspectSearch::new(&catalog, FeatureResolution::default());
        let mut told = vec![search.progress()];
        while !search.is_done() {
            search.step();
            told.push(search.progress());
        }
        assert!(told.is_sorted(), "{told:?}");
        assert_eq!((told[0], told[told.len() - 1]), ((0, 14), (14, 14)));
        let comparing = told.iter().filter(|(done, _)| (8..14).contains(done));
        assert!(comparing.count() > 2, "{told:?}");
        assert_eq!(search.broken().len(), 1);
        assert_eq!(search.finish().ranking.len(), 6);
    }
}
