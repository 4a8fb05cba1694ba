//! Where patches lie, for a memory in which a patch is compared with those of near places alone.

use std::ops::Range;

/// The places of patches that are ordered by them, row after row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    height: usize,
    width: usize,
    radius: usize,
    /// Where each place's patches begin, and where those of the last one end.
    starts: Vec<u32>,
}

impl Places {
    /// Places on a grid with so many patches each, row after row. A patch is compared with those at most
    /// `radius` rows and columns away.
    ///
    /// # Panics
    /// If these are not the patches of each place.
    pub(crate) fn new(height: usize, width: usize, radius: usize, counts: &[u32]) -> Self {
        assert_eq!(counts.len(), height * width, "a count for each place");
        let mut starts = vec![0];
        let mut sum = 0;
        for count in counts {
            sum += count;
            starts.push(sum);
        }
        Self {
            height,
            width,
            radius,
            starts,
        }
    }

    /// Rows and columns of the grid.
    pub fn grid(&self) -> (usize, usize) {
        (self.height, self.width)
    }

    /// How many rows and columns away a patch is compared.
    pub fn radius(&self) -> usize {
        self.radius
    }

    /// Patches of all places together.
    pub fn count(&self) -> usize {
        *self.starts.last().unwrap_or(&0) as usize
    }

    /// Patches of each place, row after row.
    pub(crate) fn counts(&self) -> Vec<u32> {
        self.starts
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .collect()
    }

    /// All of it as numbers, for a fingerprint.
    pub(crate) fn numbers(&self) -> Vec<f32> {
        let sizes = [self.height, self.width, self.radius].map(|size| size as f32);
        let counts = self.counts().into_iter().map(|count| count as f32);
        sizes.into_iter().chain(counts).collect()
    }

    /// The patches near those of a row of an image, whose grid may be another one: for every row of places
    /// within reach, a run for each patch of the row.
    pub(crate) fn runs(
        &self,
        row: usize,
        height: usize,
        width: usize,
    ) -> impl Iterator<Item = Vec<Range<usize>>> {
        let place = |i: usize, patches: usize, places: usize| (2 * i + 1) * places / (2 * patches);
        let near = |place: usize, places: usize| {
            place.saturating_sub(self.radius)..(place + self.radius + 1).min(places)
        };
        let rows = near(place(row, height, self.height), self.height);
        rows.map(move |y| {
            let run = |column| {
                let columns = near(place(column, width, self.width), self.width);
                let at = |x: usize| self.starts[y * self.width + x] as usize;
                at(columns.start)..at(columns.end)
            };
            (0..width).map(run).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_sees_the_places_around_its_own() {
        let places = Places::new(3, 4, 1, &[1, 0, 2, 1, 3, 0, 0, 1, 1, 1, 1, 1]);
        assert_eq!(places.count(), 12);
        let first: Vec<_> = places.runs(0, 3, 4).collect();
        assert_eq!(first, [[0..1, 0..3, 1..4, 1..4], [4..7, 4..7, 7..8, 7..8]]);
        assert_eq!(places.runs(1, 3, 4).count(), 3);
        assert_eq!(Places::new(3, 4, 1, &places.counts()), places);
    }

    #[test]
    fn another_grid_is_laid_over_the_same_places() {
        let places = Places::new(2, 2, 0, &[1; 4]);
        let row = |row| places.runs(row, 4, 4).collect::<Vec<_>>().concat();
        assert_eq!(row(0), [0..1, 0..1, 1..2, 1..2]);
        assert_eq!(row(3), [2..3, 2..3, 3..4, 3..4]);
    }
}
