//! An inspection in one picture.

use crate::picture::Picture;
use crate::rgb8::Rgb8;

/// Separators of the strip, in pixels of its panels.
const STRIP_GAP_PX: usize = 4;

/// What an inspection shows, from left to right: original, plain reconstruction and projected image
/// (where a network makes them), heatmap, overlay.
pub fn inspection_strip(
    original: &Picture,
    made: Option<[&Picture; 2]>,
    heatmap: Rgb8,
    overlay: Rgb8,
) -> Rgb8 {
    let mut panels = vec![Rgb8::from(original)];
    panels.extend(made.into_iter().flatten().map(Rgb8::from));
    panels.extend([heatmap, overlay]);
    Rgb8::side_by_side(&panels, STRIP_GAP_PX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strip_has_five_panels_in_order() {
        let picture = |value| Picture::filled(1, 2, 2, value);
        let panel = |level| Rgb8::filled(2, 2, [level; 3]);
        let strip = inspection_strip(
            &picture(0.0),
            Some([&picture(0.2), &picture(0.4)]),
            panel(7),
            panel(9),
        );
        assert_eq!((strip.width, strip.height), (5 * 2 + 4 * STRIP_GAP_PX, 2));
        let firsts: Vec<u8> = (0..5)
            .map(|i| strip.bytes[3 * i * (2 + STRIP_GAP_PX)])
            .collect();
        assert_eq!(firsts, [0, 51, 102, 7, 9]);
        let of_features = inspection_strip(&picture(0.0), None, panel(7), panel(9));
        assert_eq!(of_features.width, 3 * 2 + 2 * STRIP_GAP_PX);
    }
}
