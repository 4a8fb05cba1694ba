//! The test images that tell most about a model, chosen while they pass by.

use kizumi_dataset::catalog::{Entry, Kind};
use kizumi_image::picture::Picture;

/// The defective images with the highest and with the lowest scores, and the normal images with
/// the highest. Memory is bounded by their number.
#[derive(Clone, Debug)]
pub struct Picks {
    count: usize,
    defective: usize,
    found: Vec<Pick>,
    missed: Vec<Pick>,
    alarming: Vec<Pick>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    /// Its file, and what is known of it.
    pub entry: Entry,
    /// Its image score.
    pub score: f32,
    /// Its map.
    pub map: Picture,
}

/// Why images were picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Defective, with a high score.
    Found,
    /// Defective, with a low score.
    Missed,
    /// Normal, with a high score.
    Alarming,
}

impl Picks {
    /// At most `count` for each reason.
    pub fn new(count: usize) -> Self {
        Self {
            count,
            defective: 0,
            found: Vec::new(),
            missed: Vec::new(),
            alarming: Vec::new(),
        }
    }

    /// Considers an image; its map is asked for when it is picked, for now.
    pub fn consider(&mut self, entry: &Entry, score: f32, map: impl Fn() -> Picture) {
        // A score that is not a number is as suspicious as can be.
        let rank = |score: f32, sign: f32| sign * score.min(f32::INFINITY);
        let keep = |picks: &mut Vec<Pick>, sign: f32| {
            let own = rank(score, sign);
            let at = picks.partition_point(|pick| rank(pick.score, sign) >= own);
            if at < self.count {
                let entry = entry.clone();
                let map = map();
                picks.insert(at, Pick { entry, score, map });
                picks.truncate(self.count);
            }
        };
        match entry.kind {
            Kind::Normal => keep(&mut self.alarming, 1.0),
            Kind::Defect(_) => {
                keep(&mut self.found, 1.0);
                keep(&mut self.missed, -1.0);
                self.defective += 1;
            }
            Kind::Unknown => {}
        }
    }

    /// The images by reason, the most extreme first; no image twice. What has none is left out.
    pub fn finish(mut self) -> Vec<(Reason, Vec<Pick>)> {
        self.found.truncate(self.defective.div_ceil(2));
        self.missed.truncate(self.defective / 2);
        let mut groups = vec![
            (Reason::Found, self.found),
            (Reason::Missed, self.missed),
            (Reason::Alarming, self.alarming),
        ];
        groups.retain(|(_, picks)| !picks.is_empty());
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(count: usize, scores: &[(bool, f32)]) -> Vec<(Reason, Vec<f32>)> {
        let mut picks = Picks::new(count);
        for &(defective, score) in scores {
            let entry = Entry {
                kind: match defective {
                    true => Kind::Defect("dent".into()),
                    false => Kind::Normal,
                },
                ..Entry::normal("a.png".into())
            };
            picks.consider(&entry, score, Picture::default);
        }
        let groups = picks.finish().into_iter();
        groups
            .map(|(reason, picks)| (reason, picks.iter().map(|pick| pick.score).collect()))
            .collect()
    }

    #[test]
    fn the_extremes_are_kept_in_order() {
        let scores = [0.5, 0.1, 0.9, 0.3, 0.7, 0.2].map(|score| (true, score));
        let normals = [0.4, 0.6, 0.0].map(|score| (false, score));
        assert_eq!(
            picked(2, &[scores.as_slice(), &normals].concat()),
            [
                (Reason::Found, vec![0.9, 0.7]),
                (Reason::Missed, vec![0.1, 0.2]),
                (Reason::Alarming, vec![0.6, 0.4]),
            ]
        );
    }

    #[test]
    fn no_image_comes_twice() {
        let scores = [0.5, 0.1, 0.9].map(|score| (true, score));
        assert_eq!(
            picked(8, &scores),
            [(Reason::Found, vec![0.9, 0.5]), (Reason::Missed, vec![0.1]),]
        );
        assert_eq!(picked(8, &scores[..1]), [(Reason::Found, vec![0.5])]);
        assert_eq!(picked(8, &[]), []);
    }

    #[test]
    fn a_score_that_is_no_number_is_suspicious() {
        let groups = picked(1, &[(true, 0.5), (true, f32::NAN), (true, 0.7)]);
        assert!(groups[0].1[0].is_nan());
        assert_eq!(groups[1], (Reason::Missed, vec![0.5]));
    }
}
