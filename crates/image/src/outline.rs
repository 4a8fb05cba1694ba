//! The borders of regions, as line segments.

use super::picture::Picture;

/// A line from `(x, y)` to `(x, y)` in picture pixels: pixel `(x, y)` covers `x..x + 1`, `y..y + 1`.
pub type Segment = [(f32, f32); 2];

/// The edges between the pixels of a one-channel mask that are above 0.5 and all others, runs of
/// them joined into one segment each; what touches the picture's border is closed there.
pub fn outline(mask: &Picture) -> Vec<Segment> {
    let mut segments = Vec::new();
    trace(
        mask.width,
        mask.height,
        |x, y| u32::from(mask.at(0, y, x) > 0.5),
        |_, segment| segments.push(segment),
    );
    segments
}

/// Hands out the border segments of labelled regions with the label they belong to, in linear time.
/// Label 0 is the background; regions of two labels must not share an edge.
pub(super) fn trace(
    width: usize,
    height: usize,
    label: impl Fn(usize, usize) -> u32,
    mut found: impl FnMut(u32, Segment),
) {
    let at = |x: Option<usize>, y: Option<usize>| match (x, y) {
        (Some(x), Some(y)) if x < width && y < height => label(x, y),
        _ => 0,
    };
    for line in 0..=height {
        let edge = |x| edge_owner(at(Some(x), line.checked_sub(1)), at(Some(x), Some(line)));
        runs(width, edge, |owner, from, to| {
            let y = line as f32;
            found(owner, [(from as f32, y), (to as f32, y)]);
        });
    }
    for line in 0..=width {
        let edge = |y| edge_owner(at(line.checked_sub(1), Some(y)), at(Some(line), Some(y)));
        runs(height, edge, |owner, from, to| {
            let x = line as f32;
            found(owner, [(x, from as f32), (x, to as f32)]);
        });
    }
}

/// The region that ends between two neighbours; 0 if none does.
fn edge_owner(a: u32, b: u32) -> u32 {
    if a == b { 0 } else { a.max(b) }
}

/// Runs of one owner that is not 0.
fn runs(len: usize, owner: impl Fn(usize) -> u32, mut run: impl FnMut(u32, usize, usize)) {
    let (mut current, mut from) = (0, 0);
    for place in 0..=len {
        let next = if place < len { owner(place) } else { 0 };
        if next != current {
            if current != 0 {
                run(current, from, place);
            }
            (current, from) = (next, place);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A mask of `#` and anything else.
    pub(in super::super) fn drawn(rows: &[&str]) -> Picture {
        let cells: Vec<&[u8]> = rows.iter().map(|row| row.as_bytes()).collect();
        Picture::from_fn(1, rows.len(), cells[0].len(), |_, y, x| {
            f32::from(u8::from(cells[y][x] == b'#'))
        })
    }

    fn length(segments: &[Segment]) -> f32 {
        segments
            .iter()
            .map(|[a, b]| (b.0 - a.0) + (b.1 - a.1))
            .sum()
    }

    #[test]
    fn a_block_has_four_sides() {
        let segments = outline(&drawn(&["......", ".####.", ".####.", "......"]));
        let expected = [
            [(1.0, 1.0), (5.0, 1.0)],
            [(1.0, 3.0), (5.0, 3.0)],
            [(1.0, 1.0), (1.0, 3.0)],
            [(5.0, 1.0), (5.0, 3.0)],
        ];
        assert_eq!(segments, expected);
    }

    #[test]
    fn a_ring_has_an_inner_border_too() {
        let segments = outline(&drawn(&["###", "#.#", "###"]));
        assert_eq!((segments.len(), length(&segments)), (8, 16.0));
    }

    #[test]
    fn the_pictures_border_closes() {
        let segments = outline(&drawn(&["##", "##"]));
        assert_eq!((segments.len(), length(&segments)), (4, 8.0));
    }

    #[test]
    fn nothing_has_no_border() {
        assert!(outline(&drawn(&["...", "..."])).is_empty());
        assert!(outline(&Picture::filled(1, 0, 0, 0.0)).is_empty());
        assert!(outline(&Picture::filled(1, 2, 2, f32::NAN)).is_empty());
    }
}
