//! Which model and settings made a map, a score or a threshold: what it may be compared with.

use serde::{Deserialize, Serialize};

use super::config::{MapConfig, ProjectionConfig};
use kizumi_image::picture::Picture;

/// Stands for values: equal ones have equal fingerprints, on every machine and in every version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Of values that come in several blocks; how they are divided does not matter.
    pub fn of<'a>(blocks: impl IntoIterator<Item = &'a [f32]>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for block in blocks {
            let bytes: Vec<u8> = block.iter().copied().flat_map(f32::to_le_bytes).collect();
            hasher.update(&bytes);
        }
        Self::finished(&hasher)
    }

    /// Of two things that belong together.
    pub fn both(one: Self, other: Self) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in [one, other] {
            hasher.update(&part.0.to_le_bytes());
        }
        Self::finished(&hasher)
    }

    fn finished(hasher: &blake3::Hasher) -> Self {
        let mut bytes = [0; 8];
        hasher.finalize_xof().fill(&mut bytes);
        // 53 bits: every reader of JSON keeps them.
        Self(u64::from_le_bytes(bytes) >> 11)
    }
}

/// Which network, and which regions of its input it leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelMark {
    /// Of the network's weights.
    pub weights: Fingerprint,
    /// Of the regions that are left out: see [`ModelMark::regions_of`].
    pub regions: Fingerprint,
    /// Of what it remembers of normal features; zero where it remembers none.
    #[serde(default)]
    pub memory: Fingerprint,
    /// Whether its network has learned nothing yet, so that its maps are of features alone.
    #[serde(default)]
    pub features_only: bool,
}

impl ModelMark {
    /// Whether it remembers normal features.
    pub fn memory_is_there(&self) -> bool {
        self.memory != Fingerprint::default()
    }

    /// Whether it is the same model, whatever regions are left out: untrained networks have the same weights and remember
    /// other images.
    pub fn is_model(&self, other: &Self) -> bool {
        (self.weights, self.memory) == (other.weights, other.memory)
    }

    /// The fingerprint of regions that are left out, 1 where they are; zero where there are none.
    pub fn regions_of(ignored: Option<&Picture>) -> Fingerprint {
        ignored.map_or_else(Fingerprint::default, |ignored| {
            Fingerprint::of([ignored.pixels.as_slice()])
        })
    }
}

/// Which model and settings made something. What different makers made is never compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Maker(Fingerprint);

/// All that a map depends on besides its image.
#[derive(Clone, Copy, Debug)]
pub struct Making<'a> {
    /// Which model.
    pub model: ModelMark,
    /// The projection; `None` for plain maps, which know none.
    pub projection: Option<&'a ProjectionConfig>,
    /// The reconstruction error below which a projection stops; 0 where none stops early.
    pub stop_threshold: f32,
    /// The map's settings.
    pub map: &'a MapConfig,
    /// Of what normal images show, as far as the map is measured by it.
    pub measures: Fingerprint,
}

impl From<Making<'_>> for Maker {
    fn from(making: Making<'_>) -> Self {
        let Making {
            model,
            projection,
            stop_threshold,
            map,
            measures,
        } = making;
        let mut hasher = blake3::Hasher::new();
        for part in [model.weights, model.regions, measures] {
            hasher.update(&part.0.to_le_bytes());
        }
        if map.kind.of_features() || projection.is_some_and(ProjectionConfig::needs_features) {
            hasher.update(&model.memory.0.to_le_bytes());
        }
        hasher.update(&stop_threshold.to_le_bytes());
        let settings = serde_json::to_vec(&(projection, map)).expect("settings are plain data");
        hasher.update(&settings);
        Self(Fingerprint::finished(&hasher))
    }
}

/// Something that holds for what one maker made, and for nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made<T> {
    /// What it is.
    pub value: T,
    /// Whom it belongs to.
    pub by: Maker,
}

/// An image score.
pub type Score = Made<f32>;

impl<T> Made<T> {
    /// The value, if the other one is of the same maker: only then may the two be compared.
    pub fn with<U>(&self, other: &Made<U>) -> Option<&T> {
        (self.by == other.by).then_some(&self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MapKind;

    #[test]
    fn a_fingerprint_depends_on_values_and_not_on_their_division() {
        let whole = Fingerprint::of([&[1.0, 2.0, 3.0][..]]);
        assert_eq!(whole, Fingerprint::of([&[1.0][..], &[2.0, 3.0]]));
        assert_ne!(whole, Fingerprint::of([&[1.0, 2.0, 3.5][..]]));
        // The same on every machine and in every version: it is kept in files.
        assert_eq!(whole, Fingerprint(6_552_289_451_520_185));
        let regions = Picture::filled(1, 2, 2, 1.0);
        assert_ne!(
            ModelMark::regions_of(Some(&regions)),
            Fingerprint::default()
        );
        assert_eq!(ModelMark::regions_of(None), Fingerprint::default());
    }

    #[test]
    fn what_is_remembered_makes_maps_where_something_is_made_of_it() {
        let fused = MapConfig {
            kind: MapKind::Fused,
            ..MapConfig::default()
        };
        let (healing, paper) = (ProjectionConfig::healing(), ProjectionConfig::default());
        let maker = |memory, projection| {
            let model = ModelMark {
                memory,
                ..ModelMark::default()
            };
            Maker::from(Making {
                model,
                projection,
                stop_threshold: 0.0,
                map: &fused,
                measures: Fingerprint::default(),
            })
        };
        let [one, other] = [1.0, 2.0].map(|value| Fingerprint::of([&[value][..]]));
        let alike = |projection| maker(one, projection) == maker(other, projection);
        assert!(alike(None) && alike(Some(&paper)), "nothing is made of it");
        assert!(!alike(Some(&healing)), "its gate is");
    }

    #[test]
    fn whatever_changes_a_map_changes_its_maker() {
        let (projection, map) = (ProjectionConfig::default(), MapConfig::default());
        let usual = Making {
            model: ModelMark::default(),
            projection: Some(&projection),
            stop_threshold: 0.5,
            map: &map,
            measures: Fingerprint::default(),
        };
        let other = Fingerprint::of([&[1.0][..]]);
        let fewer = ProjectionConfig {
            iterations: projection.iterations - 1,
            ..projection
        };
        let smoother = MapConfig {
            smoothing_px: 9.0,
            ..map
        };
        let model = |weights, regions| ModelMark {
            weights,
            regions,
            ..ModelMark::default()
        };
        let none = Fingerprint::default();
        let makers = [
            usual,
            Making {
                model: model(other, none),
                ..usual
            },
            Making {
                model: model(none, other),
                ..usual
            },
            Making {
                model: ModelMark {
                    memory: other,
                    ..ModelMark::default()
                },
                ..usual
            },
            Making {
                projection: Some(&fewer),
                ..usual
            },
            Making {
                projection: None,
                ..usual
            },
            Making {
                stop_threshold: 0.25,
                ..usual
            },
            Making {
                map: &smoother,
                ..usual
            },
            Making {
                measures: other,
                ..usual
            },
        ]
        .map(Maker::from);
        for (i, maker) in makers.iter().enumerate() {
            assert!(!makers[..i].contains(maker), "number {i} is like another");
        }
        assert_eq!(Maker::from(usual), makers[0]);
    }

    #[test]
    fn only_what_one_maker_made_is_compared() {
        let by = Maker(Fingerprint(1));
        let score = Score { value: 0.5, by };
        assert_eq!(Made { value: "a", by }.with(&score), Some(&"a"));
        let foreign = Maker::default();
        assert_eq!(
            Made {
                value: "a",
                by: foreign
            }
            .with(&score),
            None
        );
    }
}
