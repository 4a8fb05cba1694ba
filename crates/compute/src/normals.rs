//! The normal images of a data set in memory: what is trained on, and what is held out.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use super::artifact::DatasetSummary;
use super::feature_distance::feature_distance;
use super::held_out::HeldOut;
use super::inspector::Subject;
use super::memories::{Learned, Memories, MemoriesBuilder, MemoriesMaking, Remembered, counted};
use super::network::Vae;
use super::refusal::Refusal;
use super::suspects::{Suspects, strangeness_of};
use super::tiling::Tiling;
use kizumi_dataset::catalog::{Catalog, Entry};
use kizumi_dataset::depth_search::{DepthSearch, Found};
use kizumi_dataset::fingerprint::dataset_hash;
use kizumi_dataset::load_note::{LoadMatter, LoadNote};
use kizumi_dataset::loader::{LoadError, Loaded, Loader, View};
use kizumi_dataset::split::{Parting, Split, split};
use kizumi_features::Distances;
use kizumi_image::compact::CompactPicture;
use kizumi_image::depth::Depth;
use kizumi_image::file_error::FileError;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_method::config::{DataConfig, Mode};
use kizumi_method::maker::ModelMark;

/// Loaded images.
pub struct Normals {
    /// Images to train on.
    pub training: Arc<[CompactPicture]>,
    /// Where their files' pixels lie in them.
    pub training_placements: Vec<Placement>,
    /// Images that are never trained on.
    pub held_out: Vec<HeldOut>,
    /// What was learned of the features of those to train on, where the configuration asks for it.
    pub learned: Option<Learned>,
    /// Which of all are unlike the others, where features were learned.
    pub suspects: Option<Suspects>,
    /// The mean of the images to train on; `None` in texture mode, where pixels of two images have
    /// nothing in common.
    pub mean: Option<Picture>,
    /// 1 or 3.
    pub channels: usize,
    /// How files became inputs, the depth of the images among it.
    pub data: DataConfig,
    /// What they are, in short.
    pub dataset: DatasetSummary,
    /// The files that could not be used.
    pub broken: Vec<FileError>,
    /// What a person should know: how many were converted.
    pub notes: Vec<LoadNote>,
}

impl Normals {
    /// A training image as the network sees it: in texture mode one of its tiles.
    ///
    /// # Panics
    /// If there are not that many.
    pub fn training_subject(
        &self,
        index: usize,
        size_px: usize,
        ignored: Option<&Picture>,
    ) -> Subject {
        let placement = &self.training_placements[index];
        let tile = |picture: Picture| one_tile(&picture, size_px, index);
        let distances = self.left_out(index);
        let distance = distances.map(|distances| tile(distances.on_canvas(placement)));
        Subject::new(
            tile(self.training[index].to_picture()),
            placement.counted(ignored),
        )
        .with_distance(distance)
    }

    /// What was learned of their features.
    pub fn memories(&self) -> Option<&Memories> {
        let learned = self.learned.as_ref()?;
        Some(&learned.memories)
    }

    /// A network, and the model that it makes, with what was learned here in the place of what was remembered
    /// before.
    pub fn remembered_by(&self, network: &Vae, mark: ModelMark) -> (Vae, ModelMark) {
        let Some(memories) = self.memories() else {
            return (network.clone(), mark);
        };
        let mark = ModelMark {
            memory: memories.fingerprint(),
            ..mark
        };
        let distance = feature_distance(Some(memories));
        (network.clone().with_features(distance), mark)
    }

    /// How far the features of a training image are from those of the others; `None` where that is not
    /// known.
    fn left_out(&self, index: usize) -> Option<&Distances> {
        self.learned.as_ref()?.left_out(index)
    }

    /// The training images whose features were measured by others: maps of features can be made of them.
    pub fn measured_training(&self) -> Vec<usize> {
        let all = 0..self.training.len();
        all.filter(|index| self.left_out(*index).is_some())
            .collect()
    }
}

/// Training images as they are remembered.
fn remembered(views: Vec<View>, loader: &Loader, size_px: usize) -> Vec<Remembered> {
    let pictures = loader.so_far();
    let placements = loader.placements_so_far();
    let views = views.into_par_iter().map(|View { index, picture }| {
        let canvas = pictures[index].to_picture().with_channels(picture.channels);
        Remembered {
            image: index,
            view: picture.to_picture(),
            input: one_tile(&canvas, size_px, index),
            placement: placements[index],
        }
    });
    views.collect()
}

/// One of an image's tiles, another one for each index; in object mode the image itself.
pub fn one_tile(picture: &Picture, size_px: usize, index: usize) -> Picture {
    let tiling = Tiling::new(picture.height, picture.width, size_px);
    tiling.tile(picture, index % tiling.len())
}

/// The size in the middle of some, by area.
pub(super) fn middle(sizes: impl Iterator<Item = (usize, usize)>) -> Option<(usize, usize)> {
    let mut sizes: Vec<(usize, usize)> = sizes.collect();
    sizes.sort_by_key(|(width, height)| (width * height, *width));
    sizes.get(sizes.len() / 2).copied()
}

/// What a person should know of images that are not remembered.
fn remembered_note(remembered: usize, images: usize) -> Option<LoadNote> {
    (remembered < images).then(|| LoadMatter::Remembered { remembered, images }.into())
}

/// The mean of pictures of one size, pixel by pixel; `None` without any.
fn mean(pictures: &[CompactPicture]) -> Option<Picture> {
    let first = pictures.first()?;
    let (channels, height, width) = (first.channels, first.height, first.width);
    let mut sums = vec![0.0f64; channels * height * width];
    for picture in pictures {
        for (sum, value) in sums.iter_mut().zip(picture.to_picture().pixels) {
            *sum += f64::from(value);
        }
    }
    let share = 1.0 / pictures.len() as f64;
    let means = sums.into_iter().map(|sum| (sum * share) as f32);
    Some(Picture::new(channels, height, width, means.collect()))
}

/// What learning the features of images that are read counts as in progress.
const LEARNING_UNITS: usize = 100;

/// Loads the normal images of a data set, some files a step, and learns their features on the way.
pub struct NormalsLoader {
    name: String,
    excluded: BTreeSet<String>,
    joined: BTreeSet<String>,
    /// Held-out images that are no part of what the model was trained on.
    more: BTreeSet<PathBuf>,
    data: DataConfig,
    /// Until the depth of the images is known.
    depth: Option<DepthSearch>,
    training: Loader,
    held_out: Loader,
    /// Until the training images are in.
    learning: Option<Learning>,
    learned: Option<Learned>,
    /// What held-out images are measured by, if not by what is learned here.
    known: Option<Memories>,
    measured: Vec<(usize, Distances, Option<CompactPicture>)>,
    /// Held-out images whose views are kept.
    kept_views: usize,
    held_out_below: Option<u64>,
    /// 1 where nothing is remembered, of a canvas.
    ignored: Option<Picture>,
    notes: Vec<LoadNote>,
}

/// Memories on their way, until the training images are in and measured.
enum Learning {
    Taking(Box<MemoriesBuilder>),
    Making(Box<MemoriesMaking>),
}

impl NormalsLoader {
    /// Parts the normal images, for which a little of each file is read; nothing is decoded yet. What lies
    /// where `ignored` is 1 is not remembered.
    ///
    /// # Errors
    /// When there are none, or none to learn from.
    pub fn new(
        catalog: &Catalog,
        data: &DataConfig,
        seed: u64,
        parting: Parting,
        ignored: Option<&Picture>,
    ) -> Result<Self, Refusal> {
        let root = &catalog.root;
        let folder = || root.clone();
        if catalog.train.is_empty() {
            return Err(Refusal::NoNormals { folder: folder() });
        }
        let Split {
            training,
            held_out,
            below,
        } = split(
            &catalog.train,
            &catalog.excluded_files(),
            data.validation_fraction,
            seed,
            parting,
        );
        if training.is_empty() {
            return Err(Refusal::AllHeldOut { folder: folder() });
        }
        let name = root.file_name().unwrap_or_default();
        let is_unknown = data.depth == Depth::ByFile;
        let learning = data
            .view
            .map(|view| MemoriesBuilder::new(training.len(), view, seed, ignored.cloned()));
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            excluded: catalog.excluded.clone(),
            joined: catalog.joined.clone(),
            more: BTreeSet::new(),
            depth: is_unknown.then(|| DepthSearch::new(catalog)),
            notes: Vec::new(),
            training: Loader::new(training, data, None),
            held_out: Loader::new(held_out, data, None),
            learning: learning.map(|builder| Learning::Taking(Box::new(builder))),
            learned: None,
            known: None,
            measured: Vec::new(),
            kept_views: 0,
            data: data.clone(),
            held_out_below: below,
            ignored: ignored.cloned(),
        })
    }

    /// Holds these images out, too, which a model has never seen: the data set that it was trained on is still the
    /// one without them.
    #[must_use]
    pub fn with_more(mut self, more: Vec<Entry>) -> Self {
        self.more = more.iter().map(|entry| entry.path.clone()).collect();
        self.held_out.add(more);
        self
    }

    /// Measures the held-out images by these memories, not by those that are learned here.
    #[must_use]
    pub fn by(self, known: Option<Memories>) -> Self {
        Self { known, ..self }
    }

    /// Learns no features: they are known, and what one training image is like to the others is of no use.
    #[must_use]
    pub fn without_learning(self) -> Self {
        Self {
            learning: None,
            ..self
        }
    }

    /// Keeps the views of the first few held-out images.
    #[must_use]
    pub fn keeping_views(self, kept_views: usize) -> Self {
        Self { kept_views, ..self }
    }

    /// Images done, and images in all: those to train on, those held out.
    pub fn progress(&self) -> [(usize, usize); 2] {
        [self.training.progress(), self.held_out.progress()]
    }

    /// Whether the training images were read: what their features have in common is being learned.
    pub fn is_learning(&self) -> bool {
        self.training.is_done() && (self.learning.is_some() || self.learned.is_some())
    }

    /// How much of that is learned, and how much there is to learn, in units of its own; nothing where
    /// features are not remembered.
    pub fn learning_progress(&self) -> (usize, usize) {
        let share = match (&self.learning, &self.learned) {
            (None, None) => return (0, 0),
            (None, Some(_)) => 1.0,
            (Some(Learning::Taking(_)), _) => 0.0,
            (Some(Learning::Making(making)), _) => making.share(),
        };
        ((share * LEARNING_UNITS as f32) as usize, LEARNING_UNITS)
    }

    /// Whether every file was tried, and the features are learned.
    pub fn is_done(&self) -> bool {
        self.training.is_done() && self.learning.is_none() && self.held_out.is_done()
    }

    /// Looks for the depth of the images, decodes the next few files, or makes the memories of what was seen.
    pub fn step(&mut self) {
        if let Some(search) = &mut self.depth {
            search.step();
            if let Some(search) = self.depth.take_if(|search| search.is_done()) {
                self.set_depth(search.finish());
            }
        } else if !self.training.is_done() {
            self.training.step();
            // Taken in any case: they are large, and nobody else would.
            let mut views = self.training.take_views();
            if let Some(Learning::Taking(learning)) = &mut self.learning {
                views.retain(|view| learning.wants(view.index));
                learning.add(&remembered(views, &self.training, self.data.size_px));
            }
        } else if let Some(learning) = self.learning.take() {
            match learning {
                Learning::Taking(taken) => {
                    self.learning = Some(Learning::Making(Box::new(taken.close())))
                }
                Learning::Making(mut making) if !making.is_done() => {
                    making.step();
                    self.learning = Some(Learning::Making(making));
                }
                Learning::Making(making) => self.learned = making.finish(),
            }
        } else {
            self.held_out.step();
            self.measure();
        }
    }

    fn set_depth(&mut self, Found { depth, notes }: Found) {
        self.data.depth = depth;
        self.training.set_depth(depth);
        self.held_out.set_depth(depth);
        self.notes.extend(notes);
    }

    /// Measures the held-out images that were just decoded.
    fn measure(&mut self) {
        let learned = self.learned.as_ref().map(|learned| &learned.memories);
        let views = self.held_out.take_views();
        let Some(memories) = self.known.as_ref().or(learned) else {
            return;
        };
        let pictures: Vec<Picture> = views.iter().map(|view| view.picture.to_picture()).collect();
        let distances = memories.distances(&pictures);
        for (view, mut distances) in views.into_iter().zip(distances) {
            // As in training images: what is not remembered is far from everything.
            let placement = &self.held_out.placements_so_far()[view.index];
            let grid = (distances.height, distances.width);
            let ignored = self.ignored.as_ref();
            if let Some(counted) = ignored.and_then(|ignored| counted(ignored, placement, grid)) {
                let values = distances.values.iter_mut().zip(counted);
                values.for_each(|(value, counts)| *value *= f32::from(counts));
            }
            let kept = (view.index < self.kept_views).then_some(view.picture);
            self.measured.push((view.index, distances, kept));
        }
    }

    /// The images.
    ///
    /// # Errors
    /// [`LoadError`] when none can be trained on. Without a usable held-out image there is just
    /// none.
    pub fn finish(mut self) -> Result<Normals, LoadError> {
        if let Some(search) = self.depth.take() {
            self.set_depth(search.finish());
        }
        let training = self.training.finish()?;
        let held_out = self.held_out.finish().unwrap_or_else(|error| Loaded {
            broken: match error {
                LoadError::AllBroken { first, .. } => vec![first],
                LoadError::NoImages => Vec::new(),
            },
            ..Default::default()
        });
        let own = held_out.entries.iter().zip(&held_out.file_hashes);
        let own = own.filter(|(entry, _)| !self.more.contains(&entry.path));
        let own: Vec<blake3::Hash> = own.map(|(_, hash)| *hash).collect();
        let validation_images = own.len();
        let hashes = [training.file_hashes, own].concat();
        let channels = training.channels;
        let suspects = self.learned.as_ref().map(|learned| {
            let scores = training.entries.iter().enumerate().map(|(index, entry)| {
                let own = learned.left_out(index).and_then(strangeness_of);
                (entry.path.clone(), own)
            });
            // Those held out are in no memory.
            let others = self.measured.iter().map(|(index, distances, _)| {
                let path = held_out.entries[*index].path.clone();
                (path, strangeness_of(distances))
            });
            Suspects::of(scores.chain(others))
        });
        let mut measured = self.measured.into_iter().peekable();
        let mut held_out_of = |index: usize, picture: CompactPicture, placement| {
            let own = measured.next_if(|(of, _, _)| *of == index);
            let (distances, view) =
                own.map_or((None, None), |(_, distances, view)| (Some(distances), view));
            HeldOut {
                picture: picture.with_channels(channels),
                placement,
                distances,
                view: view.map(|view| view.with_channels(channels)),
            }
        };
        let remembered_images = self.learned.as_ref().map(Learned::images);
        let mut notes = [self.notes, training.notes].concat();
        notes.extend(
            remembered_images.and_then(|count| remembered_note(count, training.pictures.len())),
        );
        Ok(Normals {
            dataset: DatasetSummary {
                name: self.name,
                training_images: training.pictures.len(),
                validation_images,
                hash: dataset_hash(&hashes).to_hex().to_string(),
                source_px: middle(training.placements.iter().map(|placed| placed.source_px)),
                excluded: self.excluded,
                joined: self.joined,
                also_measured: BTreeSet::new(),
                held_out_below: self.held_out_below,
                remembered_images,
            },
            broken: [training.broken, held_out.broken].concat(),
            notes,
            mean: match self.data.mode {
                Mode::Object => mean(&training.pictures),
                Mode::Texture => None,
            },
            training: training.pictures.into(),
            training_placements: training.placements,
            held_out: held_out
                .pictures
                .into_iter()
                .zip(held_out.placements)
                .enumerate()
                .map(|(index, (picture, placement))| held_out_of(index, picture, placement))
                .collect(),
            learned: self.learned,
            suspects,
            channels,
            data: self.data,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_dataset::catalog::Layout;
    use kizumi_image::compact::Samples;

    #[test]
    fn a_held_out_image_that_is_left_out_makes_no_learned_one_held_out() {
        let image = |i: usize| Entry::normal(format!("folder/{i}.png").into());
        let catalog = Catalog {
            root: "folder".into(),
            layout: Layout::Plain,
            train: (0..24).map(image).collect(),
            test: Vec::new(),
            notes: Vec::new(),
            left_out: Vec::new(),
            excluded: BTreeSet::new(),
            joined: Default::default(),
        };
        let data = DataConfig {
            validation_fraction: 0.25,
            ..DataConfig::default()
        };
        let held_out = |catalog: &Catalog| {
            let loader = NormalsLoader::new(catalog, &data, 7, Parting::ByPlace, None);
            let [_, (_, held_out)] = loader.map(|loader| loader.progress()).unwrap_or_default();
            held_out
        };
        assert_eq!(held_out(&catalog), 6);
        let held_out_without = |i: usize| {
            let names = BTreeSet::from([format!("{i}.png")]);
            held_out(&catalog.without(&names))
        };
        let counts: Vec<usize> = (0..24).map(held_out_without).collect();
        let fewer = counts.iter().filter(|count| **count == 5).count();
        assert_eq!(fewer, 6, "those that were held out: {counts:?}");
    }

    #[test]
    fn images_that_are_not_remembered_are_said() {
        assert_eq!(remembered_note(400, 400), None);
        let note = remembered_note(381, 762)
            .expect("not all of them")
            .to_string();
        assert!(note.contains("381 of 762"), "{note}");
    }

    #[test]
    fn the_mean_is_by_pixel_and_channel() {
        let picture = |samples| CompactPicture {
            channels: 3,
            height: 1,
            width: 2,
            samples,
        };
        let pictures = [
            picture(Samples::U8(vec![0, 255, 51, 0, 0, 102])),
            picture(Samples::U16(vec![65_535, 65_535, 13_107, 0, 0, 0])),
        ];
        let mean = mean(&pictures).expect("there are two");
        assert_eq!((mean.channels, mean.height, mean.width), (3, 1, 2));
        for (value, expected) in mean.pixels.iter().zip([0.5, 1.0, 0.2, 0.0, 0.0, 0.2]) {
            assert!((value - expected).abs() < 1e-6, "{value} and {expected}");
        }
        assert_eq!(super::mean(&[]), None);
    }
}
