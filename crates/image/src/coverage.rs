//! How much of each pixel is marked when a mask is resized.

/// The defective share of each target pixel's area, row after row; sizes are (width, height).
pub(super) fn coverage(defective: &[bool], from: (usize, usize), to: (usize, usize)) -> Vec<f32> {
    let columns = overlaps(from.0, to.0);
    let rows = overlaps(from.1, to.1);
    let mut shares = vec![0.0; to.0 * to.1];
    let mut row_shares = vec![0.0; to.0];
    let mut summed_row = None;
    for &(source_y, target_y, height) in &rows {
        // Enlarging meets the same source row many times.
        if summed_row != Some(source_y) {
            let row = &defective[source_y * from.0..(source_y + 1) * from.0];
            row_shares.fill(0.0);
            for &(source_x, target_x, width) in &columns {
                if row[source_x] {
                    row_shares[target_x] += width;
                }
            }
            summed_row = Some(source_y);
        }
        let target = &mut shares[target_y * to.0..(target_y + 1) * to.0];
        for (share, row_share) in target.iter_mut().zip(&row_shares) {
            *share += height * row_share;
        }
    }
    shares
}

/// Every pair of a source and a target cell that overlap when `from` cells are laid over `to`
/// cells, with the overlap as a share of the target cell.
fn overlaps(from: usize, to: usize) -> Vec<(usize, usize, f32)> {
    // In units of 1 / (from * to) of the whole length everything is an integer.
    let mut pairs = Vec::with_capacity(from + to);
    let (mut source, mut target, mut at) = (0, 0, 0);
    while source < from && target < to {
        let end = ((source + 1) * to).min((target + 1) * from);
        pairs.push((source, target, (end - at) as f32 / from as f32));
        at = end;
        if end == (source + 1) * to {
            source += 1;
        }
        if end == (target + 1) * from {
            target += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_cover_every_target_exactly_once() {
        for (from, to) in [(1, 1), (7, 3), (3, 7), (1000, 16), (16, 16), (1, 9)] {
            let mut sums = vec![0.0; to];
            for (source, target, share) in overlaps(from, to) {
                assert!(source < from);
                sums[target] += share;
            }
            assert!(
                sums.iter().all(|sum: &f32| (sum - 1.0).abs() < 1e-4),
                "{from} {to}"
            );
        }
    }
}
