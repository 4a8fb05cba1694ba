//! An inspection in one picture.

use crate::picture::Picture;
use crate::rgb8::Rgb8;

/// Separators of the strip, in pixels of its panels.
const STRIP_GAP_PX: usize = 4;

/// What an inspection shows, from left to right: original, plain reconstruction, projected image,
/// heatmap, overlay.
pub fn inspection_strip(
    original: &Picture,
    reconstruction: &Picture,
    projected: &Picture,
    heatmap: Rgb8,
    overlay: Rgb8,
) -> Rgb8 {
    let panels = [
        Rgb8::from(original),
        Rgb8::from(reconstruction),
        Rgb8::from(projected),
        heatmap,
        overlay,
    ];
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
            &picture(0.2),
            &picture(0.4),
            panel(7),
            panel(9),
        );
        assert_eq!((strip.width, strip.height), (5 * 2 + 4 * STRIP_GAP_PX, 2));
        let firsts: Vec<u8> = (0..5)
            .map(|i| strip.bytes[3 * i * (2 + STRIP_GAP_PX)])
            .collect();
        assert_eq!(firsts, [0, 51, 102, 7, 9]);
    }
}
