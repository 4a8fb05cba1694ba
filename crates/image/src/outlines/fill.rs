//! Filling a polygon.

/// An edge that goes down, by the rows whose middle it crosses.
struct Edge {
    first_row: usize,
    end_row: usize,
    /// Where it crosses the middle of row 0, and how much further right each row below.
    x: f64,
    slope: f64,
}

impl Edge {
    /// `None` where it crosses the middle of no row of the image.
    fn new((ax, ay): (f64, f64), (bx, by): (f64, f64), height: usize) -> Option<Self> {
        let ((ax, ay), (bx, by)) = match ay <= by {
            true => ((ax, ay), (bx, by)),
            false => ((bx, by), (ax, ay)),
        };
        let row = |y: f64| (y - 0.5).ceil().clamp(0.0, height as f64) as usize;
        let (first_row, end_row) = (row(ay), row(by));
        let slope = (bx - ax) / (by - ay);
        (first_row < end_row && slope.is_finite()).then_some(Self {
            first_row,
            end_row,
            x: ax + (0.5 - ay) * slope,
            slope,
        })
    }

    fn at(&self, row: usize) -> f64 {
        self.x + row as f64 * self.slope
    }
}

/// Marks the pixels whose centres lie in a polygon, by the even-odd rule; where there are none, those in
/// which its corners lie. `size_px` is (width, height).
pub(super) fn fill(defective: &mut [bool], size_px: (usize, usize), corners: &[(f64, f64)]) {
    let (width, height) = size_px;
    let next = corners.iter().cycle().skip(1);
    let edges = corners.iter().zip(next);
    let mut edges: Vec<Edge> = edges
        .filter_map(|(a, b)| Edge::new(*a, *b, height))
        .collect();
    edges.sort_by_key(|edge| edge.first_row);
    let mut coming = edges.into_iter().peekable();
    let (mut crossed, mut crossings): (Vec<Edge>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut is_empty = true;
    let mut row = coming.peek().map_or(height, |edge| edge.first_row);
    while row < height && (!crossed.is_empty() || coming.peek().is_some()) {
        while let Some(edge) = coming.next_if(|edge| edge.first_row <= row) {
            crossed.push(edge);
        }
        crossed.retain(|edge| edge.end_row > row);
        crossings.clear();
        crossings.extend(crossed.iter().map(|edge| edge.at(row)));
        crossings.sort_by(f64::total_cmp);
        let column = |x: f64| (x - 0.5).ceil().clamp(0.0, width as f64) as usize;
        for pair in crossings.as_chunks::<2>().0 {
            let (start, end) = (column(pair[0]), column(pair[1]));
            if start < end {
                defective[row * width + start..row * width + end].fill(true);
                is_empty = false;
            }
        }
        row += 1;
    }
    if is_empty {
        for (x, y) in corners {
            if let (Some(x), Some(y)) = (cell(*x, width), cell(*y, height)) {
                defective[y * width + x] = true;
            }
        }
    }
}

/// The pixel that a coordinate lies in; the far border of the image belongs to the last one.
fn cell(at: f64, cells: usize) -> Option<usize> {
    let inside = cells > 0 && at >= 0.0 && at <= cells as f64;
    inside.then(|| (at as usize).min(cells - 1))
}
