//! The defective pixels of a ground-truth mask, and which of them belong together.

use std::ops::Range;

/// A mask as runs of defective pixels, which takes little memory however large the mask is, with
/// the connected region that each belongs to. Pixels that touch at a corner are connected, unless
/// they came from different masks, which may overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaskRegions {
    size_px: (usize, usize),
    runs: Vec<Run>,
    count: usize,
}

/// Defective pixels side by side in one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The row.
    pub y: u32,
    /// The first column.
    pub start: u32,
    /// The column after the last.
    pub end: u32,
    /// The number of the region, counted from 0 in the order of the regions' first pixels, mask after
    /// mask.
    pub region: u32,
}

impl Run {
    /// The columns.
    pub fn columns(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl MaskRegions {
    /// The regions of a mask: for each pixel, row after row, whether it is defective. Linear time.
    ///
    /// # Panics
    /// If the rows are not all `width` long.
    pub fn new(width: usize, defective: &[bool]) -> Self {
        assert_eq!(
            defective.len() % width.max(1),
            0,
            "a mask consists of whole rows"
        );
        let mut runs: Vec<Run> = Vec::new();
        // A run's parent is connected with it and comes before it, or is itself.
        let mut parents: Vec<usize> = Vec::new();
        let mut above = 0..0;
        for (y, row) in defective.chunks_exact(width.max(1)).enumerate() {
            let first = runs.len();
            for columns in runs_of(row) {
                let index = runs.len();
                parents.push(index);
                let (start, end) = (columns.start as u32, columns.end as u32);
                // What ends before this run cannot touch the next one either.
                while !above.is_empty() && runs[above.start].end < start {
                    above.start += 1;
                }
                for near in above.clone().take_while(|&near| runs[near].start <= end) {
                    unite(&mut parents, near, index);
                }
                runs.push(Run {
                    y: y as u32,
                    start,
                    end,
                    region: 0,
                });
            }
            above = first..runs.len();
        }
        let mut count = 0;
        for index in 0..runs.len() {
            let root = root(&mut parents, index);
            runs[index].region = match root == index {
                true => {
                    count += 1;
                    count - 1
                }
                false => runs[root].region,
            };
        }
        Self {
            size_px: (width, defective.len() / width.max(1)),
            runs,
            count: count as usize,
        }
    }

    /// Width and height of the mask.
    pub fn size_px(&self) -> (usize, usize) {
        self.size_px
    }

    /// Takes in another mask of the same size. Its regions stay regions of their own, whatever they touch.
    ///
    /// # Panics
    /// If the sizes differ.
    pub fn add(&mut self, other: Self) {
        assert_eq!(self.size_px, other.size_px, "masks of one image");
        let before = self.count as u32;
        self.runs.extend(other.runs.into_iter().map(|run| Run {
            region: before + run.region,
            ..run
        }));
        self.runs.sort_by_key(|run| (run.y, run.start));
        self.count += other.count;
    }

    /// The runs, row after row, by their first column. Those of different masks may overlap.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// How many regions there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many pixels each region has, of those that count.
    pub fn areas(&self, counts: impl Fn(usize, usize) -> bool) -> Vec<u64> {
        let mut areas = vec![0; self.count];
        for run in &self.runs {
            let counted = run.columns().filter(|&x| counts(x, run.y as usize));
            areas[run.region as usize] += counted.count() as u64;
        }
        areas
    }
}

/// Where a row is defective.
fn runs_of(row: &[bool]) -> impl Iterator<Item = Range<usize>> {
    let mut x = 0;
    std::iter::from_fn(move || {
        let start = x + row[x..].iter().position(|defective| *defective)?;
        let rest = row[start..].iter().position(|defective| !defective);
        x = rest.map_or(row.len(), |length| start + length);
        Some(start..x)
    })
}

/// The first run of the region that a run belongs to, as far as is known.
fn root(parents: &mut [usize], mut index: usize) -> usize {
    while parents[index] != index {
        parents[index] = parents[parents[index]];
        index = parents[index];
    }
    index
}

fn unite(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parents, a), root(parents, b));
    parents[a.max(b)] = a.min(b);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::picture::Picture;
    use crate::regions::regions;
    use proptest::prelude::*;

    fn drawn(rows: &[&str]) -> MaskRegions {
        let defective: Vec<bool> = rows.concat().bytes().map(|cell| cell == b'#').collect();
        MaskRegions::new(rows[0].len(), &defective)
    }

    fn areas(rows: &[&str]) -> Vec<u64> {
        drawn(rows).areas(|_, _| true)
    }

    #[test]
    fn corners_connect_and_rows_do_not_wrap() {
        assert_eq!(areas(&["#..", ".#.", "..#"]), [3]);
        assert_eq!(areas(&["..#", ".#.", "#.."]), [3]);
        assert_eq!(areas(&["#..#", "#..#"]), [2, 2]);
        assert_eq!(areas(&["..#", "#..", "..."]), [1, 1]);
        // Met from two sides only further down; and a region inside another.
        assert_eq!(areas(&["#...#", "#...#", ".#.#.", "..#.."]), [7]);
        assert_eq!(
            areas(&["#####", "#...#", "#.#.#", "#...#", "#####"]),
            [16, 1]
        );
    }

    #[test]
    fn runs_say_where_they_lie() {
        let mask = drawn(&["....", "##.#", "...#"]);
        assert_eq!((mask.size_px(), mask.count()), ((4, 3), 2));
        let runs: Vec<_> = mask
            .runs()
            .iter()
            .map(|run| (run.y, run.columns(), run.region))
            .collect();
        assert_eq!(runs, [(1, 0..2, 0), (1, 3..4, 1), (2, 3..4, 1)]);
        assert_eq!(mask.areas(|x, _| x > 0), [1, 2]);
    }

    #[test]
    fn nothing_has_no_regions() {
        assert_eq!(drawn(&["...", "..."]).count(), 0);
        assert_eq!(MaskRegions::new(0, &[]), MaskRegions::default());
    }

    proptest! {
        #[test]
        fn they_are_the_regions_of_the_same_map(
            (width, values) in (1usize..12).prop_flat_map(|width| {
                (Just(width), prop::collection::vec(0u8..5, width * 9))
            }),
        ) {
            let defective: Vec<bool> = values.iter().map(|&value| value > 2).collect();
            let mask = MaskRegions::new(width, &defective);
            let pixels = defective.iter().map(|&one| f32::from(u8::from(one))).collect();
            let flooded = regions(&Picture::new(1, 9, width, pixels), 0.5, 0);
            // Equal peaks leave them in the order of their first pixels.
            let expected: Vec<u64> = flooded.iter().map(|region| region.area_px as u64).collect();
            prop_assert_eq!(mask.areas(|_, _| true), expected);
        }
    }
}
