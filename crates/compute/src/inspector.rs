//! From a test image to its anomaly maps: tiles where needed, projection, maps, scores.

use super::blending::IterateBlend;
use super::network::Vae;
use super::projector::{Masks, Observation, Pair, Projection, own_gates};
use super::tensors::ComputeError;
use super::tiling::Tiling;
use kizumi_image::picture::Picture;
use kizumi_image::remark::FileDoubt;
use kizumi_method::anomaly_map::valid;
use kizumi_method::config::{DataConfig, Mode, ProjectionConfig};
use kizumi_method::gate::feature_gate;
use kizumi_method::iterate::{Inspection, Iterate, StopRule};
use kizumi_method::likeness::Unlike;
use kizumi_method::mapper::{Mapper, Seen};

/// A test image as the network sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// x_0: of the network's size in object mode, at least that in texture mode.
    pub picture: Picture,
    /// 1 where a pixel counts, 0 where it is ignored or padding; one channel, the same size.
    pub counted: Option<Picture>,
    /// Inpainting: 1 in a hole to be filled, 0 where the picture is known; one channel, the same
    /// size. The hole alone moves, and nothing keeps it close to what it was; scores leave it out.
    pub hole: Option<Picture>,
    /// How far the features of x_0 are from normal ones, 1 what 99 % of the patches of normal images do not
    /// exceed; one channel, the same size. The gate of features is made of it; without it, of what the
    /// network's own feature distance says.
    pub distance: Option<Picture>,
    /// That gate where it is known already; one channel, the same size. It reaches beyond what it is made
    /// of, so a piece of an image has a piece of the whole image's.
    pub gate: Option<Picture>,
    /// Why a person has to look, whatever the scores are: x_0 may not be what was photographed, or not all of it.
    pub doubt: Option<Unlike>,
}

impl Subject {
    /// A picture all of which is known.
    pub fn new(picture: Picture, counted: Option<Picture>) -> Self {
        Self {
            picture,
            counted,
            hole: None,
            distance: None,
            gate: None,
            doubt: None,
        }
    }

    /// The same with what is known of its features.
    #[must_use]
    pub fn with_distance(self, distance: Option<Picture>) -> Self {
        Self { distance, ..self }
    }

    /// The same of a file that a person has to look at, for this reason.
    #[must_use]
    pub fn doubted(self, doubt: Option<FileDoubt>) -> Self {
        Self {
            doubt: doubt.map(Unlike::from),
            ..self
        }
    }

    /// 1 where maps and scores look, `None` for everywhere: see [`valid`].
    pub fn valid(&self) -> Option<Picture> {
        valid(self.counted.as_ref(), self.hole.as_ref())
    }
}

/// The projection of some images, each of which may be cut into tiles; all tiles are one batch.
pub struct Inspector {
    subjects: Vec<Subject>,
    tilings: Vec<Tiling>,
    projection: Projection,
    first: Vec<Iterate>,
    mapper: Mapper,
}

/// One iterate of every image.
pub struct Step {
    /// In the order of the subjects.
    pub iterates: Vec<Iterate>,
    /// Why each image no longer moves, if it does not.
    pub stopped: Vec<Option<StopRule>>,
}

impl Inspector {
    /// Starts at the images themselves; the first observation is t = 0.
    ///
    /// `stop_threshold` is the smallest L_r of the training inputs: see [`Projection::new`].
    ///
    /// # Errors
    /// [`ComputeError::Input`] when a picture does not fit the network or is not finite,
    /// [`ComputeError::Device`] when the device fails.
    pub fn new(
        network: &Vae,
        data: &DataConfig,
        subjects: Vec<Subject>,
        config: ProjectionConfig,
        mapper: impl Into<Mapper>,
        stop_threshold: f32,
    ) -> Result<Self, ComputeError> {
        let subjects = subjects.into_iter();
        let subjects = subjects
            .map(|subject| (subject, Pair::from(&config)))
            .collect();
        Self::with_pairs(network, data, subjects, config, mapper, stop_threshold)
    }

    /// As [`Inspector::new`], with a step size and a weight for each image; those of `config` are
    /// not used.
    ///
    /// # Errors
    /// As [`Inspector::new`].
    pub fn with_pairs(
        network: &Vae,
        data: &DataConfig,
        subjects: Vec<(Subject, Pair)>,
        config: ProjectionConfig,
        mapper: impl Into<Mapper>,
        stop_threshold: f32,
    ) -> Result<Self, ComputeError> {
        let (subjects, pairs): (Vec<Subject>, Vec<Pair>) = subjects.into_iter().unzip();
        let size = network.config.size_px;
        let any = |has: fn(&Subject) -> bool| subjects.iter().any(has);
        let mut tilings = Vec::new();
        let (mut tiles, mut tile_pairs) = (Vec::new(), Vec::new());
        let (mut counted, mut moving, mut gate) = (Vec::new(), Vec::new(), Vec::new());
        for (subject, pair) in subjects.iter().zip(pairs) {
            let tiling = tiling_of(network, data, &subject.picture)?;
            tiles.extend(tiling.cut(&subject.picture));
            let add = |masks: &mut Vec<Picture>, mask: &Option<Picture>| match mask {
                Some(mask) => masks.extend(tiling.cut(mask)),
                None => masks.resize(tiles.len(), Picture::filled(1, size, size, 1.0)),
            };
            if any(|one| one.counted.is_some()) {
                add(&mut counted, &subject.counted);
            }
            if any(|one| one.hole.is_some()) {
                add(&mut moving, &subject.hole);
            }
            if config.step.gate.of_features() {
                gate.extend(match (&subject.gate, &subject.distance) {
                    (Some(gate), _) => tiling.cut(gate),
                    (None, Some(distance)) => tiling.cut(&feature_gate(distance, size)),
                    (None, None) => {
                        own_gates(&tiling.cut(&subject.picture), network.feature_distance())?
                    }
                });
            }
            // Nothing is known of a hole that it could stay close to.
            let lambda = subject.hole.as_ref().map_or(pair.lambda, |_| 0.0);
            let pair = Pair { lambda, ..pair };
            tile_pairs.extend(std::iter::repeat_n(pair, tiling.len()));
            tilings.push(tiling);
        }
        let masks = Masks {
            counted: Some(counted).filter(|masks| !masks.is_empty()),
            moving: Some(moving).filter(|masks| !masks.is_empty()),
            gate: Some(gate).filter(|masks| !masks.is_empty()),
        };
        let projection =
            Projection::with_pairs(network, &tiles, masks, &tile_pairs, config, stop_threshold)?;
        let mapper = mapper.into();
        for subject in &subjects {
            check_distance(subject, &mapper)?;
        }
        let mut inspector = Self {
            subjects,
            tilings,
            projection,
            first: Vec::new(),
            mapper,
        };
        inspector.first = inspector.observe()?.iterates;
        Ok(inspector)
    }

    /// The images, as they were given.
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// Iterations done.
    pub fn t(&self) -> usize {
        self.projection.t()
    }

    /// The parameters in force.
    pub fn config(&self) -> &ProjectionConfig {
        self.projection.config()
    }

    /// Whether the iteration cap is reached. Images may have stopped before: see
    /// [`Inspector::observe`].
    pub fn is_capped(&self) -> bool {
        self.projection.is_capped()
    }

    /// Raises or lowers the iteration cap.
    pub fn set_iterations(&mut self, iterations: usize) {
        self.projection.set_iterations(iterations);
    }

    /// One iteration of every image that still moves. Reads nothing back.
    pub fn step(&mut self) {
        self.projection.step();
    }

    /// The current iterate of every image.
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver.
    pub fn observe(&self) -> Result<Step, ComputeError> {
        Ok(self.blended(self.projection.observe()?))
    }

    /// As [`Inspector::observe`], with the next step under way: see [`Projection::observe_ahead`].
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver.
    pub fn observe_ahead(&mut self) -> Result<Step, ComputeError> {
        let observation = self.projection.observe_ahead()?;
        Ok(self.blended(observation))
    }

    /// The iterates of images from those of their tiles.
    fn blended(&self, observation: Observation) -> Step {
        let mut tiles = observation.iterates.into_iter();
        let mut stops = observation.stopped.as_slice();
        let (mut iterates, mut stopped) = (Vec::new(), Vec::new());
        for (tiling, subject) in self.tilings.iter().zip(&self.subjects) {
            let (own, others) = stops.split_at(tiling.len());
            stopped.push(stop_of_tiles(own));
            stops = others;
            let own = tiles.by_ref().take(tiling.len());
            let mut blend = IterateBlend::new(tiling, subject.picture.channels, true);
            for (index, tile) in own.enumerate() {
                blend.add(index, &tile);
            }
            iterates.push(blend.finish());
        }
        Step { iterates, stopped }
    }

    /// Why each image no longer moves, if it does not: see [`Projection::stopped`].
    ///
    /// # Errors
    /// [`ComputeError::Device`] when the device cannot deliver.
    pub fn stopped(&self) -> Result<Vec<Option<StopRule>>, ComputeError> {
        let tiles = self.projection.stopped()?;
        let mut rest = tiles.as_slice();
        let mut stopped = Vec::new();
        for tiling in &self.tilings {
            let (own, others) = rest.split_at(tiling.len());
            stopped.push(stop_of_tiles(own));
            rest = others;
        }
        Ok(stopped)
    }

    /// Maps and scores of every image at an observed step.
    pub fn inspections(&self, step: &Step) -> Vec<Inspection> {
        let mapper = self.mapper.clone().after(self.config().iterations);
        let images = self.subjects.iter().zip(&self.first);
        let now = step.iterates.iter().zip(&step.stopped);
        images
            .zip(now)
            .map(|((subject, first), (iterate, stopped))| {
                inspection(
                    subject,
                    first.reconstruction.clone(),
                    iterate.clone(),
                    stopped.unwrap_or(StopRule::Cancelled),
                    &mapper,
                )
            })
            .collect()
    }

    /// f(x_0) of every image.
    pub(super) fn first_reconstructions(&self) -> impl Iterator<Item = &Picture> {
        self.first.iter().map(|first| &first.reconstruction)
    }
}

/// How a picture is cut into what a network takes; in object mode it is one tile.
///
/// # Errors
/// [`ComputeError::Input`] when it does not fit the network.
pub(super) fn tiling_of(
    network: &Vae,
    data: &DataConfig,
    picture: &Picture,
) -> Result<Tiling, ComputeError> {
    let (size, channels) = (network.config.size_px, network.config.channels);
    let (height, width) = (picture.height, picture.width);
    let fits = match data.mode {
        Mode::Object => (height, width) == (size, size),
        Mode::Texture => height >= size && width >= size,
    };
    if !fits || picture.channels != channels {
        return Err(ComputeError::Input(format!(
            "a picture of {} x {width} x {height} does not fit a network of {channels} x {size} x {size}",
            picture.channels
        )));
    }
    Ok(Tiling::new(height, width, size))
}

/// # Errors
/// [`ComputeError::Input`] when the maps are of features, and those of the image are not known.
pub(super) fn check_distance(subject: &Subject, mapper: &Mapper) -> Result<(), ComputeError> {
    if mapper.needs_distance() && subject.distance.is_none() {
        let text = "the distance of this image's features is not known, which its map is made of";
        return Err(ComputeError::Input(text.into()));
    }
    Ok(())
}

/// Maps and scores of an image at its last iterate; `reconstruction` is f(x_0).
pub(super) fn inspection(
    subject: &Subject,
    reconstruction: Picture,
    iterate: Iterate,
    stop: StopRule,
    mapper: &Mapper,
) -> Inspection {
    let valid = subject.valid();
    let valid = valid.as_ref();
    let seen = Seen {
        original: &subject.picture,
        distance: subject.distance.as_ref(),
        valid,
    };
    let plain = mapper.plain(&seen, &reconstruction);
    let projected = mapper.projected(&seen, &iterate);
    Inspection {
        unlike: subject
            .doubt
            .or_else(|| mapper.unlike(&subject.picture, valid)),
        plain_score: mapper.score(&plain, valid),
        projected_score: mapper.score(&projected, valid),
        plain_map: plain,
        projected_map: projected,
        projected: iterate.iterate,
        reconstruction,
        iterations: iterate.scalars.t,
        stop,
        mapper: mapper.clone(),
    }
}

/// An image has stopped when all its tiles have: not finite before cap before threshold.
pub(super) fn stop_of_tiles(tiles: &[Option<StopRule>]) -> Option<StopRule> {
    let any = |rule| tiles.contains(&Some(rule));
    if any(StopRule::NotFinite) {
        Some(StopRule::NotFinite)
    } else if tiles.contains(&None) {
        None
    } else if any(StopRule::Iterations) {
        Some(StopRule::Iterations)
    } else {
        Some(StopRule::Threshold)
    }
}
