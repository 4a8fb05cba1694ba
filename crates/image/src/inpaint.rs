//! Holes in a picture, to be filled by a projection (Dehaene et al., ICLR 2020, section 4.4): noise
//! is all that is known inside.

use rand::RngExt;

use super::enlarged::Enlarged;
use super::picture::Picture;
use super::placement::Placement;
use super::rgb8::Rgb8;
use super::seeded;

/// Replaces a picture's values by uniform noise in `0.0..1.0` where the hole is 1: one channel, the
/// picture's size. A pixel's noise depends on the seed and its place alone, so a hole may grow
/// without changing what is there.
///
/// # Panics
/// If the sizes differ.
pub fn fill_with_noise(picture: &mut Picture, hole: &Picture, seed: u64) {
    assert_eq!(
        (picture.height, picture.width),
        (hole.height, hole.width),
        "a hole has the picture's size"
    );
    let mut rng = seeded::rng(seed, "inpaint noise", 0);
    for plane in picture.pixels.chunks_exact_mut(hole.pixels.len()) {
        for (value, hole) in plane.iter_mut().zip(&hole.pixels) {
            let noise = rng.random::<f32>();
            if *hole > 0.5 {
                *value = noise;
            }
        }
    }
}

/// Lays what fills a hole over a photograph: `filled` and `hole` are of the placement's canvas, the
/// photograph is its source. The hole's pixels cover it, with an edge half a canvas pixel soft.
///
/// # Panics
/// If the sizes differ.
pub fn lay_over(photograph: &mut Rgb8, filled: &Picture, hole: &Picture, placement: &Placement) {
    assert_eq!(
        (photograph.width, photograph.height),
        placement.source_px,
        "the photograph is the placement's source"
    );
    let width = photograph.width;
    let mut cover = Vec::with_capacity(width * photograph.height);
    Enlarged::new(hole, placement, None).for_each_row(|_, row| {
        cover.extend(row.iter().map(|share| (2.0 * share).min(1.0)));
    });
    for channel in 0..3 {
        let plane = filled.plane(channel.min(filled.channels - 1)).to_vec();
        let plane = Picture::new(1, filled.height, filled.width, plane);
        Enlarged::new(&plane, placement, None).for_each_row(|y, row| {
            let bytes = photograph.bytes[y * width * 3..].iter_mut();
            let bytes = bytes.skip(channel).step_by(3);
            for ((byte, value), share) in bytes.zip(row).zip(&cover[y * width..]) {
                let known = f32::from(*byte);
                *byte = (known + share * (255.0 * value - known)).round() as u8;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_in_the_hole_alone_and_stays_when_it_grows() {
        let clean = Picture::filled(3, 8, 8, 0.5);
        let hole = |to| Picture::from_fn(1, 8, 8, move |_, _, x| f32::from(u8::from(x < to)));
        let filled = |to| {
            let mut picture = clean.clone();
            fill_with_noise(&mut picture, &hole(to), 3);
            picture
        };
        let (small, large) = (filled(2), filled(5));
        for (channel, y, x) in (0..3 * 64).map(|i| (i / 64, i / 8 % 8, i % 8)) {
            let (a, b) = (small.at(channel, y, x), large.at(channel, y, x));
            match x {
                0..2 => assert!(a == b && (0.0..1.0).contains(&a)),
                2..5 => assert!(a == 0.5 && b != 0.5),
                _ => assert!(a == 0.5 && b == 0.5),
            }
        }
    }

    #[test]
    fn the_photograph_changes_in_the_hole_alone() {
        let placement = Placement {
            source_px: (32, 16),
            canvas_px: (8, 8),
            x: 0,
            y: 2,
            width: 8,
            height: 4,
        };
        let mut photograph = Rgb8::filled(32, 16, [10, 20, 30]);
        let filled = Picture::filled(1, 8, 8, 1.0);
        // One canvas pixel: 4 x 4 of the photograph's.
        let hole = Picture::from_fn(1, 8, 8, |_, y, x| f32::from(u8::from((y, x) == (3, 2))));
        lay_over(&mut photograph, &filled, &hole, &placement);
        let at = |x: usize, y: usize| &photograph.bytes[(y * 32 + x) * 3..][..3];
        for (x, y) in (0..16).flat_map(|y| (0..32).map(move |x| (x, y))) {
            if (8..12).contains(&x) && (4..8).contains(&y) {
                assert!(at(x, y)[0] > 100, "{x}, {y}: {:?}", at(x, y));
            } else if !(6..14).contains(&x) || !(2..10).contains(&y) {
                assert_eq!(at(x, y), [10, 20, 30], "{x}, {y}");
            }
        }
    }
}
