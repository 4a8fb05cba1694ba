//! What settings are tried on: held-out normals, clean and with synthetic defects.

use rand::RngExt;
use rand::seq::SliceRandom;

use crate::held_out::HeldOut;
use crate::inspector::Subject;
use crate::memories::Memories;
use crate::normals::Normals;
use kizumi_dataset::corrupt::corrupt_always;
use kizumi_image::picture::Picture;
use kizumi_image::seeded;
use kizumi_method::config::{DataConfig, Mode};
use kizumi_method::gate::feature_gate;
use kizumi_method::metrics::{Healed, Healing};

/// The most spoilt versions of one image.
pub const VERSIONS: usize = 4;

/// The most pixels of one class of one image that are ranked; they stand for the others.
const PIXELS: usize = 512;

/// What the defective pixels of an image weigh together, as a share of all its pixels: a small defect
/// says as much as a large one. By their areas the few that fill half an image would decide alone.
const DEFECT_SHARE: f32 = 0.02;

/// A defect of fewer pixels that count is drawn anew.
const SMALLEST_DEFECT: usize = 4;

/// How often.
const ATTEMPTS: usize = 8;

/// How much is tried on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Images with synthetic defects; [`VERSIONS`] for each held-out image at most.
    pub spoilt: usize,
    /// Training images that tell, with the clean ones, what maps of normal images show.
    pub others: usize,
}

/// What an image is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A held-out normal image.
    Clean,
    /// One with synthetic defects.
    Spoilt,
    /// A training image: it is not ranked.
    Other,
}

/// An image to project.
pub struct Case {
    /// The image, of the network's size.
    pub subject: Subject,
    /// What it is for.
    pub role: Role,
    /// The place of its clean version among the cases; its own if it is one.
    pub clean: usize,
    /// Which held-out image it comes from.
    pub cluster: usize,
    /// The pixels that are ranked.
    pub pixels: Vec<Pixel>,
    /// 1 where its defects are, one channel; `None` without any.
    pub mask: Option<Picture>,
}

/// A pixel that is ranked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pixel {
    /// Its place in a map.
    pub index: usize,
    /// Whether it is defective.
    pub defective: bool,
    /// How much it counts.
    pub weight: f32,
}

/// The images of a round.
pub struct Cases {
    /// All of them.
    pub all: Vec<Case>,
    /// How many held-out images they come from.
    pub clusters: usize,
}

impl Cases {
    /// Draws defects onto the held-out images: the same for the same seed and `draw`. What `memories` say
    /// of them is taken again.
    pub fn new(
        normals: &Normals,
        data: &DataConfig,
        ignored: Option<&Picture>,
        memories: Option<&Memories>,
        amount: Amount,
        seed: u64,
        draw: &str,
    ) -> Self {
        let held_out: Vec<&HeldOut> = match memories {
            Some(_) => normals
                .held_out
                .iter()
                .filter(|image| image.view.is_some())
                .collect(),
            None => normals.held_out.iter().collect(),
        };
        let mut order: Vec<usize> = (0..held_out.len()).collect();
        order.shuffle(&mut seeded::rng(seed, "tuning images", 0));
        let spoilt = amount.spoilt.min(VERSIONS * held_out.len());
        let mut cases = Self {
            clusters: spoilt.min(held_out.len()),
            all: Vec::new(),
        };
        for version in 0..spoilt {
            let cluster = version % held_out.len();
            let image = held_out[order[cluster]];
            let mut rng = seeded::rng(seed, draw, version as u64);
            let (clean, tile) = if data.mode == Mode::Object && version >= held_out.len() {
                (cluster_case(&cases.all, cluster), 0)
            } else {
                // In texture mode another tile each time.
                let tile = rng.random_range(0..1 << 20);
                let subject = image.tile_subject(tile, data.size_px, ignored);
                let pixels = pixels(&subject, None, &mut rng);
                let clean = cases.all.len();
                cases.all.push(Case {
                    subject,
                    role: Role::Clean,
                    clean,
                    cluster,
                    pixels,
                    mask: None,
                });
                (clean, tile)
            };
            let donor = rng.random_range(0..normals.training.len());
            let donor = normals.training_subject(donor, data.size_px, None).picture;
            let subject = &cases.all[clean].subject;
            if let Some((mut subject, mask)) = spoil(subject, &donor, &mut rng) {
                subject.distance = memories
                    .and_then(|memories| image.distance_with(memories, &subject.picture, tile));
                let pixels = pixels(&subject, Some(&mask), &mut rng);
                let Picture { height, width, .. } = subject.picture;
                cases.all.push(Case {
                    subject,
                    role: Role::Spoilt,
                    clean,
                    cluster,
                    pixels,
                    mask: Some(Picture::new(1, height, width, mask)),
                });
            }
        }
        let mut others: Vec<usize> = match memories {
            Some(_) => normals.measured_training(),
            None => (0..normals.training.len()).collect(),
        };
        others.shuffle(&mut seeded::rng(seed, "tuning others", 0));
        for index in others.into_iter().take(amount.others) {
            let clean = cases.all.len();
            cases.all.push(Case {
                subject: normals.training_subject(index, data.size_px, ignored),
                role: Role::Other,
                clean,
                cluster: 0,
                pixels: Vec::new(),
                mask: None,
            });
        }
        cases
    }

    /// How a spoilt image was healed by the projection that ended with `projected`; `None` of others, and
    /// where nothing of its defect counts.
    pub fn healed(&self, case: usize, projected: &Picture) -> Option<Healing> {
        let Case {
            subject,
            clean,
            mask,
            ..
        } = &self.all[case];
        let distance = subject.distance.as_ref();
        let gate = distance.map(|distance| feature_gate(distance, subject.picture.height));
        Healing::of(Healed {
            clean: &self.all[*clean].subject.picture,
            defective: &subject.picture,
            projected,
            mask: mask.as_ref()?,
            counted: subject.counted.as_ref(),
            gate: gate.as_ref(),
        })
    }

    /// How many have synthetic defects.
    pub fn spoilt(&self) -> usize {
        let spoilt = self.all.iter().filter(|case| case.role == Role::Spoilt);
        spoilt.count()
    }
}

/// The clean case of a held-out image.
fn cluster_case(cases: &[Case], cluster: usize) -> usize {
    let clean = |case: &Case| case.role == Role::Clean && case.cluster == cluster;
    cases.iter().position(clean).unwrap_or(0)
}

/// The image with defects, and where they are; `None` when none would count.
fn spoil(
    clean: &Subject,
    donor: &Picture,
    rng: &mut impl rand::Rng,
) -> Option<(Subject, Vec<f32>)> {
    for _ in 0..ATTEMPTS {
        let mut subject = clean.clone();
        let Picture {
            channels, height, ..
        } = clean.picture;
        let mut mask = corrupt_always(
            &mut subject.picture.pixels,
            channels,
            height,
            &donor.pixels,
            rng,
        );
        // Nothing happens in padding and where the model does not look.
        if let Some(counted) = &clean.counted {
            let plane = counted.pixels.len();
            for (i, pixel) in subject.picture.pixels.iter_mut().enumerate() {
                if counted.pixels[i % plane] == 0.0 {
                    *pixel = clean.picture.pixels[i];
                    mask[i % plane] = 0.0;
                }
            }
        }
        let defective = mask.iter().filter(|value| **value > 0.5).count();
        if defective >= SMALLEST_DEFECT {
            return Some((subject, mask));
        }
    }
    None
}

/// The pixels of an image that are ranked: evenly spread over those of each class that count.
fn pixels(subject: &Subject, mask: Option<&[f32]>, rng: &mut impl rand::Rng) -> Vec<Pixel> {
    let plane = subject.picture.plane_len();
    let counts = |index: &usize| {
        let counted = subject.counted.as_ref();
        counted.is_none_or(|counted| counted.pixels[*index] != 0.0)
    };
    let is_defective = |index: usize| mask.is_some_and(|mask| mask[index] > 0.5);
    let mut chosen = Vec::new();
    for defective in [false, true] {
        let of_class = (0..plane).filter(counts);
        let of_class: Vec<usize> = of_class
            .filter(|index| is_defective(*index) == defective)
            .collect();
        let count = of_class.len().min(PIXELS);
        let start: f64 = rng.random();
        chosen.extend((0..count).map(|i| Pixel {
            index: of_class[((i as f64 + start) * of_class.len() as f64 / count as f64) as usize],
            defective,
            weight: match defective {
                true => DEFECT_SHARE * plane as f32 / count as f32,
                false => of_class.len() as f32 / count as f32,
            },
        }));
    }
    chosen
}
