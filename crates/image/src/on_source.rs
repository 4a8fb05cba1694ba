//! A map looked at with the pixels of the photograph that it belongs to.

use super::picture::Picture;
use super::placement::Placement;

/// A one-channel map of what a placement's canvas shows, of any size, between its four nearest pixels and constant
/// beyond the outermost ones. The padding around the photograph has no part in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnSource<'a> {
    map: &'a Picture,
    placement: &'a Placement,
    /// The rectangle of the map that shows the source: its first and last columns and rows.
    columns: (usize, usize),
    rows: (usize, usize),
    /// Pixels of the map for one of the canvas.
    scale: (f64, f64),
}

impl<'a> OnSource<'a> {
    /// Of a map with pixels.
    pub fn new(map: &'a Picture, placement: &'a Placement) -> Self {
        let (wide, high) = placement.canvas_px;
        let scale = (
            map.width as f64 / wide as f64,
            map.height as f64 / high as f64,
        );
        let span = |start: usize, length: usize, scale: f64, own: usize| {
            let first = ((start as f64 * scale).round() as usize).min(own - 1);
            let end = ((start + length) as f64 * scale).round() as usize;
            (first, end.clamp(first + 1, own) - 1)
        };
        Self {
            map,
            placement,
            columns: span(placement.x, placement.width, scale.0, map.width),
            rows: span(placement.y, placement.height, scale.1, map.height),
            scale,
        }
    }

    /// Where the middle of a pixel of the source lies on the map; `None` where it is not seen.
    pub fn tap(&self, x: usize, y: usize) -> Option<Tap> {
        let placement = self.placement;
        let (x, y) = placement.canvas_from_source(x as f64 + 0.5, y as f64 + 0.5);
        let is_seen = |at: f64, start: usize, length: usize| {
            at >= start as f64 && at <= (start + length) as f64
        };
        if !is_seen(x, placement.x, placement.width) || !is_seen(y, placement.y, placement.height) {
            return None;
        }
        let along = |at: f64, (first, last): (usize, usize)| {
            let at = (at - 0.5).clamp(first as f64, last as f64);
            let low = at as usize;
            (low, (low + 1).min(last), (at - low as f64) as f32)
        };
        Some(Tap {
            column: along(x * self.scale.0, self.columns),
            row: along(y * self.scale.1, self.rows),
        })
    }

    /// The map's value there.
    pub fn value(&self, tap: &Tap) -> f32 {
        let (left, right, across) = tap.column;
        let (above, below, down) = tap.row;
        let along = |y: usize| {
            let row = &self.map.pixels[y * self.map.width..];
            row[left] + across * (row[right] - row[left])
        };
        let (above, below) = (along(above), along(below));
        above + down * (below - above)
    }
}

/// Four pixels of a map, and how near a point is to the second ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tap {
    column: (usize, usize, f32),
    row: (usize, usize, f32),
}

impl Tap {
    /// Whether one of the four lies inside, of a map of this width.
    pub fn touches(&self, inside: &[bool], width: usize) -> bool {
        let (columns, rows) = ((self.column.0, self.column.1), (self.row.0, self.row.1));
        [rows.0, rows.1]
            .iter()
            .any(|y| inside[y * width + columns.0] || inside[y * width + columns.1])
    }
}
