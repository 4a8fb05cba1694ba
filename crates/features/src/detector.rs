//! What is normal at both scales of a view.

use safetensors::tensor::SafeTensors;

use kizumi_kernel::features::{FeatureMap, FeatureNetwork};
use kizumi_method::maker::Fingerprint;

use crate::builder::{MemoryBuilder, MemoryConfig, MemoryKind};
use crate::distances::Distances;
use crate::leave_out::{Built, Measuring, in_common_unit};
use crate::memory::Memory;
use crate::place_learning::PlaceLearning;
use crate::places::Places;
use crate::sight::Sight;
use crate::tensors::{Stored, unit_from_tensor, unit_to_tensor};
use crate::undecided::Undecided;

/// Names of the scales in a model file.
const FINE: &str = "fine.";
const COARSE: &str = "coarse.";

/// What the names of the tensors of places begin with.
const PLACES: &str = "places.";

/// A scale's memories, in this order.
const KINDS: [MemoryKind; 2] = [MemoryKind::Patches, MemoryKind::Gaussians];

/// Memories of each scale. Clones share the patches.
#[derive(Clone, Debug)]
pub struct Detector {
    fine: Scale,
    coarse: Option<Scale>,
    /// Of the distances that all memories together give: what 99 of 100 patches of normal images stay below.
    unit: f32,
    /// What is normal in each place, at the coarse scale if there is one; `None` where place explains little.
    pub(crate) places: Option<Places>,
}

/// Two memories of one scale: patches find small defects exactly, Gaussians know better which images have any.
#[derive(Clone, Debug)]
struct Scale {
    patches: Memory,
    gaussians: Memory,
}

/// A detector of all images, and what each of them is like to the others.
pub struct Detected {
    /// The detector of all images.
    pub detector: Detector,
    /// The distances of each image to what the others make normal; `None` where they are not known.
    pub leave_out: Vec<Option<Distances>>,
}

impl Scale {
    fn distances(&self, features: &FeatureMap) -> Distances {
        let [patches, gaussians] = Memory::distances_of_each(self.memories(), features);
        patches.with_roots_of(&gaussians)
    }

    fn memories(&self) -> [&Memory; 2] {
        [&self.patches, &self.gaussians]
    }

    fn to_tensors(&self, prefix: &str) -> Vec<Stored> {
        let tensors = self.memories().into_iter().zip(KINDS);
        let tensors = tensors.map(|(memory, kind)| memory.to_tensors(&named(prefix, kind)));
        tensors.flatten().collect()
    }

    fn from_tensors(tensors: &SafeTensors<'_>, prefix: &str) -> Result<Option<Self>, String> {
        let channels = FeatureNetwork::CHANNELS;
        let [patches, gaussians] =
            KINDS.map(|kind| Memory::from_tensors(tensors, &named(prefix, kind), channels));
        match (patches?, gaussians?) {
            (None, None) => Ok(None),
            (Some(patches), Some(gaussians)) => Ok(Some(Self { patches, gaussians })),
            _ => Err(format!("only one of both memories '{prefix}' is there")),
        }
    }
}

/// What the names of the tensors of one of a scale's memories begin with.
fn named(prefix: &str, kind: MemoryKind) -> String {
    match kind {
        MemoryKind::Patches => format!("{prefix}patches."),
        MemoryKind::Gaussians => format!("{prefix}gaussians."),
    }
}

impl Detector {
    /// How far each patch of a view is from normal ones: at the scale where it is farther, on the grid of the
    /// fine one. 1 is hardly exceeded by patches of normal images. The nearest patches are those of the fine
    /// scale.
    ///
    /// # Panics
    /// If the features are of another network.
    pub fn distances(&self, sight: &Sight) -> Distances {
        let joined = self.by_memories(sight);
        match (&self.places, self.overview(sight)) {
            (Some(places), Some(features)) => places.joined(joined, features),
            _ => joined,
        }
    }

    /// The same by the memories alone.
    pub(crate) fn by_memories(&self, sight: &Sight) -> Distances {
        let fine = self.fine.distances(&sight.fine);
        let joined = match (&self.coarse, &sight.coarse) {
            (Some(scale), Some(features)) => fine.or_larger(&scale.distances(features)),
            _ => fine,
        };
        joined.in_units_of(self.unit)
    }

    /// The features that places are known at.
    pub(crate) fn overview<'a>(&self, sight: &'a Sight) -> Option<&'a FeatureMap> {
        match &self.coarse {
            Some(_) => sight.coarse.as_ref(),
            None => Some(&sight.fine),
        }
    }

    fn memories(&self) -> impl Iterator<Item = &Memory> {
        let scales = std::iter::once(&self.fine).chain(&self.coarse);
        scales.flat_map(Scale::memories)
    }

    /// Stands for all of it.
    pub fn fingerprint(&self) -> Fingerprint {
        let memories = self.memories().flat_map(Memory::blocks);
        let places = self.places.iter().flat_map(Places::blocks);
        Fingerprint::of(
            memories
                .chain([std::slice::from_ref(&self.unit)])
                .chain(places),
        )
    }

    /// The tensors that it is kept as; their names begin with `prefix`.
    pub fn to_tensors(&self, prefix: &str) -> Vec<Stored> {
        let mut tensors = self.fine.to_tensors(&format!("{prefix}{FINE}"));
        if let Some(coarse) = &self.coarse {
            tensors.extend(coarse.to_tensors(&format!("{prefix}{COARSE}")));
        }
        tensors.push(unit_to_tensor(prefix, self.unit));
        if let Some(places) = &self.places {
            tensors.extend(places.to_tensors(&format!("{prefix}{PLACES}")));
        }
        tensors
    }

    /// The one that was kept with names that begin with `prefix`; `None` if there is none.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn from_tensors(tensors: &SafeTensors<'_>, prefix: &str) -> Result<Option<Self>, String> {
        let scale = |name: &str| Scale::from_tensors(tensors, &format!("{prefix}{name}"));
        let Some(fine) = scale(FINE)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            fine,
            coarse: scale(COARSE)?,
            // Files from before there was one measure by the units of their memories.
            unit: unit_from_tensor(tensors, prefix)?.unwrap_or(1.0),
            places: Places::from_tensors(
                tensors,
                &format!("{prefix}{PLACES}"),
                FeatureNetwork::CHANNELS,
            )?,
        }))
    }
}

/// Takes normal images one by one; what it holds is bounded, however many there are.
pub struct DetectorBuilder {
    fine: MemoryBuilder,
    coarse: MemoryBuilder,
}

impl DetectorBuilder {
    /// Nothing taken yet. Memories of both kinds are made, whatever the configuration says.
    pub fn new(config: MemoryConfig) -> Self {
        let builder = || MemoryBuilder::new(FeatureNetwork::CHANNELS, config);
        Self {
            fine: builder(),
            coarse: builder(),
        }
    }

    /// Images taken.
    pub fn images(&self) -> usize {
        self.fine.images()
    }

    /// Takes the next image. `counted` says which patches of the fine scale count, row after row; without
    /// it all do.
    ///
    /// # Panics
    /// If the features are of another network, or `counted` has another length.
    pub fn add(&mut self, sight: &Sight, counted: Option<Vec<bool>>) {
        if let Some(coarse) = &sight.coarse {
            let counted = counted.as_ref().map(|fine| sight.counted_coarse(fine));
            self.coarse.add(coarse, counted);
        }
        self.fine.add(&sight.fine, counted);
    }

    /// All images are taken: what is left to do with them, some of it a step.
    pub fn close(self) -> Finishing {
        // Where some views are small, the coarse scale knows nothing of them.
        let images = self.fine.images();
        let coarse = self.coarse.images() == images;
        let coarse = coarse.then(|| self.coarse.close_as(KINDS));
        let fine = self.fine.close_as(KINDS);
        Finishing {
            places: PlaceLearning::new(coarse.as_ref().unwrap_or(&fine), images),
            coarse,
            fine,
        }
    }

    /// The detector of all, in which places have their usual share, and each image measured by the others; `None` when
    /// no patch counts.
    pub fn finish(self) -> Option<Detected> {
        Some(self.close().finish()?.with_usual_share())
    }
}

/// Makes the memories and measures the images.
pub struct Finishing {
    fine: Measuring<2>,
    coarse: Option<Measuring<2>>,
    /// At the coarse scale if there is one.
    places: Option<PlaceLearning>,
}

impl Finishing {
    /// How much is done, and how much there is to do; the unit is about the time that measuring an image at
    /// one scale takes.
    pub fn progress(&self) -> (usize, usize) {
        let (done, total) = self.fine.progress();
        let coarse = self.coarse.as_ref().map(Measuring::progress);
        let places = self.places.as_ref();
        let places = places.map(|places| places.progress(self.overview()));
        let others = [coarse, places].into_iter().flatten();
        others.fold((done, total), |(done, total), (more_done, more)| {
            (done + more_done, total + more)
        })
    }

    /// The scale at which places are learned.
    fn overview(&self) -> &Measuring<2> {
        self.coarse.as_ref().unwrap_or(&self.fine)
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        let places = self.places.as_ref();
        self.fine.is_done()
            && self.coarse.as_ref().is_none_or(Measuring::is_done)
            && places.is_none_or(|places| places.is_done(self.overview()))
    }

    /// Does a part of a second's work at both scales.
    pub fn step(&mut self) {
        // Not `overview`: the places are borrowed besides.
        let overview = self.coarse.as_ref().unwrap_or(&self.fine);
        if let Some(places) = &mut self.places
            && !places.is_done(overview)
        {
            places.step(overview);
            return;
        }
        let (fine, coarse) = (&mut self.fine, &mut self.coarse);
        rayon::join(
            || fine.step(),
            || coarse.iter_mut().for_each(Measuring::step),
        );
    }

    /// Does what is left. `None` when there is not one patch that counts.
    pub fn finish(mut self) -> Option<Undecided> {
        while !self.is_done() {
            self.step();
        }
        let placed = self.places.and_then(PlaceLearning::finish);
        let (fine, maps) = scale(self.fine)?;
        let coarse = self.coarse.and_then(scale);
        let (coarse, coarse_maps) = coarse.unzip();
        let mut coarse_maps = coarse_maps.unwrap_or_default().into_iter();
        let joined = maps.into_iter().map(|map| {
            let coarse = coarse_maps.next().flatten();
            Some(match coarse {
                Some(coarse) => map?.or_larger(&coarse),
                None => map?,
            })
        });
        let (maps, unit) = in_common_unit(joined.collect());
        Some(Undecided {
            maps,
            detector: Detector {
                fine,
                coarse,
                unit,
                places: None,
            },
            placed,
        })
    }
}

/// A scale, and the distances of each image without itself.
fn scale(measuring: Measuring<2>) -> Option<(Scale, Vec<Option<Distances>>)> {
    let [patches, gaussians]: [Built; 2] = measuring.finish()?;
    let pairs = patches.leave_out.into_iter().zip(gaussians.leave_out);
    let maps = pairs.map(|(patches, gaussians)| Some(patches?.with_roots_of(&gaussians?)));
    let maps = maps.collect();
    let scale = Scale {
        patches: patches.memory,
        gaussians: gaussians.memory,
    };
    Some((scale, maps))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kizumi_image::picture::Picture;

    /// Waves that differ a little from image to image.
    fn view(image: usize, side: usize) -> Picture {
        Picture::from_fn(1, side, side, |_, y, x| {
            let wave = (0.21 * x as f32 + 0.02 * image as f32).sin() * (0.17 * y as f32).cos();
            0.5 + 0.4 * wave
        })
    }

    fn sight(view: &Picture) -> Sight {
        Sight::of(&FeatureNetwork::lite0(), view)
    }

    fn detected(images: usize, side: usize) -> Detected {
        let mut builder = DetectorBuilder::new(MemoryConfig::default());
        for image in 0..images {
            builder.add(&sight(&view(image, side)), None);
        }
        builder.finish().unwrap()
    }

    #[test]
    fn a_defect_is_far_where_it_is_and_what_is_normal_is_near() {
        let Detected {
            detector,
            leave_out,
        } = detected(4, 336);
        assert!(detector.coarse.is_some());
        let mut spoilt = view(2, 336);
        for (i, value) in spoilt.pixels.iter_mut().enumerate() {
            let (y, x) = (i / 336, i % 336);
            if (160..200).contains(&y) && (80..120).contains(&x) {
                *value = 1.0 - *value;
            }
        }
        let map = detector.distances(&sight(&spoilt)).resampled(336, 336);
        assert!(map.at(0, 180, 100) > 1.5, "{}", map.at(0, 180, 100));
        assert!(map.at(0, 40, 300) < 1.0);
        let own = leave_out[2].as_ref().unwrap();
        assert_eq!((own.height, own.width), (42, 42));
        let sorted = |mut values: Vec<f32>| {
            values.sort_by(f32::total_cmp);
            values
        };
        assert!(sorted(own.values.clone())[42 * 21] < 1.0);
    }

    #[test]
    fn one_in_a_hundred_patches_of_the_normals_is_beyond_the_unit() {
        for side in [256, 336] {
            let Detected { leave_out, .. } = detected(6, side);
            let maps = leave_out.iter().map(|map| map.as_ref().unwrap());
            let values: Vec<f32> = maps.flat_map(|map| map.values.clone()).collect();
            let beyond = values.iter().filter(|value| **value > 1.0).count();
            let expected = values.len() / 100;
            assert!(
                beyond.abs_diff(expected) <= 1,
                "{beyond} of {}",
                values.len()
            );
        }
    }

    #[test]
    fn both_scales_and_places_are_kept_and_read_again() {
        for side in [256, 336] {
            let detector = detected(2, side).detector;
            assert!(detector.places.is_some(), "the waves always lie alike");
            let tensors = detector.to_tensors("d.");
            let views = tensors.iter().map(|one| {
                let shape = one.shape.clone();
                let view = safetensors::tensor::TensorView::new(one.dtype, shape, &one.bytes);
                (one.name.as_str(), view.unwrap())
            });
            let bytes = safetensors::serialize(views, None).unwrap();
            let read = SafeTensors::deserialize(&bytes).unwrap();
            let again = Detector::from_tensors(&read, "d.").unwrap().unwrap();
            assert_eq!(again.fingerprint(), detector.fingerprint());
            assert_eq!(again.coarse.is_some(), side > 332);
            assert_eq!(again.places, detector.places);
            assert!(Detector::from_tensors(&read, "e.").unwrap().is_none());
        }
    }
}
