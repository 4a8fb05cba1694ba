//! Training images that are unlike the others, by what memories of the others make of them.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use kizumi_features::Distances;
use kizumi_method::anomaly_map::percentile;
use kizumi_method::suspects::Crowd;

/// The percentile of its patches' distances that an image is scored by: strange is what is strange
/// somewhere.
const SCORE_PERCENTILE: f32 = 99.0;

/// Images that are worth a look where fewer are suspects.
const SHOWN_MIN: usize = 5;

/// How strange the images of a data set are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Suspects {
    /// The strangest first.
    pub ranking: Vec<Strangeness>,
    /// All of them; `None` when there was nothing to compare.
    pub crowd: Option<Crowd>,
    /// Images that were not compared, because there are so many.
    pub unmeasured: usize,
}

/// How strange an image is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Strangeness {
    /// Its file.
    pub path: PathBuf,
    /// Distance of its strangest patches to those of the other images; 1 is what one of a hundred patches
    /// exceeds.
    pub score: f32,
    /// Whether it is unlike the others.
    pub is_suspect: bool,
}

/// What an image scores whose patches are so far from those of the others; `None` without patches.
pub fn strangeness_of(distances: &Distances) -> Option<f32> {
    percentile(distances.values.clone(), SCORE_PERCENTILE)
}

impl Suspects {
    /// Images and what they score, in any order; `None` is one that was not compared.
    pub fn of(scores: impl IntoIterator<Item = (PathBuf, Option<f32>)>) -> Self {
        let scores = scores.into_iter();
        let scores: Vec<(PathBuf, Option<f32>)> = scores
            .map(|(path, score)| (path, score.filter(|score| score.is_finite())))
            .collect();
        let measured: Vec<f32> = scores.iter().filter_map(|(_, score)| *score).collect();
        let crowd = Crowd::of(&measured);
        let unmeasured = scores.len() - measured.len();
        let images = scores.into_iter().filter_map(|(path, score)| {
            let score = score?;
            Some(Strangeness {
                path,
                score,
                is_suspect: crowd?.is_suspect(score),
            })
        });
        let mut ranking: Vec<Strangeness> = images.collect();
        ranking.sort_by(|a, b| b.score.total_cmp(&a.score));
        Self {
            ranking,
            crowd,
            unmeasured,
        }
    }

    /// Those that are unlike the others, the strangest first.
    pub fn strange(&self) -> &[Strangeness] {
        let count = self.ranking.partition_point(|image| image.is_suspect);
        &self.ranking[..count]
    }

    /// Those to look at: all that are unlike the others, or the strangest few where there are fewer.
    pub fn shown(&self) -> &[Strangeness] {
        let count = self.strange().len().max(SHOWN_MIN);
        &self.ranking[..count.min(self.ranking.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suspects_come_first_and_what_was_not_compared_is_counted() {
        let mut scores: Vec<_> = (0..8)
            .map(|i| (PathBuf::from(format!("{i}.png")), Some(1.0)))
            .collect();
        scores[3].1 = Some(4.0);
        scores[5].1 = Some(7.0);
        scores[6].1 = Some(f32::NAN);
        let suspects = Suspects::of(scores);
        let strange: Vec<&str> = suspects
            .strange()
            .iter()
            .filter_map(|image| image.path.to_str())
            .collect();
        assert_eq!(strange, ["5.png", "3.png"]);
        assert_eq!((suspects.ranking.len(), suspects.unmeasured), (7, 1));
        assert_eq!(suspects.shown().len(), SHOWN_MIN);
        assert_eq!(Suspects::of(Vec::new()), Suspects::default());
    }
}
