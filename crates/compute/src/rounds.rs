//! Images projected to the end, a few tiles at a time: what is held besides the pictures themselves
//! does not grow with them.

use std::collections::VecDeque;

use super::blending::{Blend, IterateBlend};
use super::inspector::{Inspector, Subject, check_distance, inspection, stop_of_tiles, tiling_of};
use super::network::Vae;
use super::tensors::ComputeError;
use super::tiling::Tiling;
use kizumi_image::picture::Picture;
use kizumi_method::config::{DataConfig, MapConfig, ProjectionConfig};
use kizumi_method::gate::feature_gate;
use kizumi_method::iterate::{Inspection, StopRule};
use kizumi_method::mapper::Mapper;

/// Tiles that are projected together.
pub const TILES_TOGETHER: usize = 64;

/// The projection of some images from beginning to end. Nothing is seen of the iterates in between:
/// for that there is [`Inspector`].
pub struct Rounds {
    network: Vae,
    data: DataConfig,
    config: ProjectionConfig,
    mapper: Mapper,
    stop_threshold: f32,
    /// Those that are not done; they get done in order.
    images: VecDeque<Image>,
    /// The tiles that are not begun: of which image, counted from the first one given, and which of
    /// its tiles.
    waiting: VecDeque<(usize, usize)>,
    round: Option<Round>,
    /// Iterations between two questions whether all tiles have stopped.
    ask_every: usize,
    done: Vec<(Subject, Inspection)>,
}

/// An image, and what is known of its tiles.
struct Image {
    subject: Subject,
    /// The gate of features, of the whole image.
    gate: Option<Picture>,
    tiling: Tiling,
    blends: Option<Blends>,
    stops: Vec<Option<StopRule>>,
}

/// The pictures of an image some of whose tiles are done.
struct Blends {
    reconstruction: Blend,
    last: IterateBlend,
}

/// Tiles that are being projected.
struct Round {
    tiles: Vec<(usize, usize)>,
    inspector: Inspector,
}

impl Rounds {
    /// Nothing projected yet; the parameters are those of [`Inspector::new`].
    ///
    /// # Errors
    /// [`ComputeError::Input`] when a picture does not fit the network.
    pub fn new(
        network: &Vae,
        data: &DataConfig,
        subjects: Vec<Subject>,
        config: ProjectionConfig,
        mapper: impl Into<Mapper>,
        stop_threshold: f32,
    ) -> Result<Self, ComputeError> {
        let mapper = mapper.into();
        let mut images = VecDeque::new();
        let mut waiting = VecDeque::new();
        for subject in subjects {
            check_distance(&subject, &mapper)?;
            let tiling = tiling_of(network, data, &subject.picture)?;
            let image = images.len();
            waiting.extend((0..tiling.len()).map(|tile| (image, tile)));
            let made = || {
                let distance = subject.distance.as_ref()?;
                Some(feature_gate(distance, network.config.size_px))
            };
            let gate = match config.step.gate.of_features() {
                true => subject.gate.clone().or_else(made),
                false => None,
            };
            images.push_back(Image {
                gate,
                subject,
                tiling,
                blends: None,
                stops: Vec::new(),
            });
        }
        Ok(Self {
            network: network.clone(),
            data: data.clone(),
            config,
            mapper,
            stop_threshold,
            images,
            waiting,
            round: None,
            ask_every: 1,
            done: Vec::new(),
        })
    }

    /// One iteration of some tiles; at the end all images, in the order in which they were given, with
    /// their maps and scores.
    ///
    /// # Errors
    /// [`ComputeError::Input`] when a picture is not finite, [`ComputeError::Device`] when the device
    /// fails.
    pub fn step(&mut self) -> Result<Option<Vec<(Subject, Inspection)>>, ComputeError> {
        match self.round.take() {
            Some(mut round) if self.goes_on(&round.inspector)? => {
                round.inspector.step();
                self.round = Some(round);
            }
            Some(round) => self.take(round)?,
            None => self.round = self.begin()?,
        }
        let over = self.round.is_none() && self.waiting.is_empty();
        Ok(over.then(|| std::mem::take(&mut self.done)))
    }

    /// Projects to the end.
    ///
    /// # Errors
    /// As [`Rounds::step`].
    pub fn run(mut self) -> Result<Vec<(Subject, Inspection)>, ComputeError> {
        // Asking costs little on the CPU and a wait on a GPU; nobody else waits for it here.
        self.ask_every = 8;
        loop {
            if let Some(done) = self.step()? {
                return Ok(done);
            }
        }
    }

    /// Asking also keeps a queue of work from building up before a more urgent request.
    fn goes_on(&self, inspector: &Inspector) -> Result<bool, ComputeError> {
        if inspector.is_capped() {
            return Ok(false);
        }
        let asks = inspector.t().is_multiple_of(self.ask_every);
        Ok(!asks || inspector.stopped()?.contains(&None))
    }

    fn begin(&mut self) -> Result<Option<Round>, ComputeError> {
        let together = TILES_TOGETHER.min(self.waiting.len());
        let tiles: Vec<_> = self.waiting.drain(..together).collect();
        let subjects: Vec<_> = tiles
            .iter()
            .map(|&(image, tile)| self.images[image - self.done.len()].tile(tile))
            .collect();
        if subjects.is_empty() {
            return Ok(None);
        }
        let inspector = Inspector::new(
            &self.network,
            &self.data,
            subjects,
            self.config,
            MapConfig::default(),
            self.stop_threshold,
        )?;
        Ok(Some(Round { tiles, inspector }))
    }

    /// Takes what became of some tiles, and finishes the images that are complete.
    fn take(&mut self, round: Round) -> Result<(), ComputeError> {
        let step = round.inspector.observe()?;
        let firsts = round.inspector.first_reconstructions();
        let ends = step.iterates.iter().zip(step.stopped).zip(firsts);
        for ((image, tile), ((iterate, stop), first)) in round.tiles.into_iter().zip(ends) {
            let image = &mut self.images[image - self.done.len()];
            let (tiling, channels) = (&image.tiling, image.subject.picture.channels);
            let blends = image.blends.get_or_insert_with(|| Blends {
                reconstruction: Blend::new(tiling, channels),
                last: IterateBlend::new(tiling, channels, false),
            });
            blends.reconstruction.add(tile, first);
            blends.last.add(tile, iterate);
            image.stops.push(stop);
            if image.stops.len() == image.tiling.len()
                && let Some(image) = self.images.pop_front()
            {
                self.done.extend(image.finish(&self.mapper));
            }
        }
        Ok(())
    }
}

impl Image {
    /// `None` before a tile was projected.
    fn finish(self, mapper: &Mapper) -> Option<(Subject, Inspection)> {
        let blends = self.blends?;
        let inspection = inspection(
            &self.subject,
            blends.reconstruction.finish(),
            blends.last.finish(),
            stop_of_tiles(&self.stops).unwrap_or(StopRule::Cancelled),
            mapper,
        );
        Some((self.subject, inspection))
    }

    /// One tile, to be projected on its own.
    fn tile(&self, index: usize) -> Subject {
        let cut = |picture: &Picture| self.tiling.tile(picture, index);
        Subject {
            picture: cut(&self.subject.picture),
            counted: self.subject.counted.as_ref().map(cut),
            hole: self.subject.hole.as_ref().map(cut),
            distance: self.subject.distance.as_ref().map(cut),
            gate: self.gate.as_ref().map(cut),
            doubt: self.subject.doubt,
        }
    }
}
