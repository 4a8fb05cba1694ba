//! Holes in a picture, to be filled by a projection (Dehaene et al., ICLR 2020, section 4.4): noise
//! is all that is known inside.

use image::DynamicImage;
use rand::RngExt;

use super::on_source::OnSource;
use super::picture::Picture;
use super::placement::Placement;
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
/// photograph is its source. The hole's pixels cover it, with an edge half a canvas pixel soft; all
/// others stay as they are. Gives RGB of 16 bits a sample where the photograph has more than 8.
///
/// # Panics
/// If the sizes differ.
pub fn lay_over(
    photograph: DynamicImage,
    filled: &Picture,
    hole: &Picture,
    placement: &Placement,
) -> DynamicImage {
    let size_px = (photograph.width() as usize, photograph.height() as usize);
    assert_eq!(
        size_px, placement.source_px,
        "the photograph is the placement's source"
    );
    match photograph {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => {
            let mut pixels = photograph.into_rgb8();
            let share = |share: f32| (share * 255.0).round() as u8;
            cover(&mut pixels, share, filled, hole, placement);
            pixels.into()
        }
        _ => {
            let mut pixels = photograph.into_rgb16();
            let share = |share: f32| (share * 65_535.0).round() as u16;
            cover(&mut pixels, share, filled, hole, placement);
            pixels.into()
        }
    }
}

/// The same, in place; `sample` stands for a value in `0.0..=1.0`, the largest one for 1.
fn cover<S: Copy + Into<f32>>(
    samples: &mut [S],
    sample: impl Fn(f32) -> S,
    filled: &Picture,
    hole: &Picture,
    placement: &Placement,
) {
    let white: f32 = sample(1.0).into();
    let planes = (0..filled.channels).map(|channel| {
        let plane = filled.plane(channel).to_vec();
        Picture::new(1, filled.height, filled.width, plane)
    });
    let planes: Vec<Picture> = planes.collect();
    let planes: Vec<OnSource<'_>> = planes
        .iter()
        .map(|plane| OnSource::new(plane, placement))
        .collect();
    let hole = OnSource::new(hole, placement);
    for (i, pixel) in samples.chunks_exact_mut(3).enumerate() {
        let (x, y) = (i % placement.source_px.0, i / placement.source_px.0);
        let Some(tap) = hole.tap(x, y) else {
            continue;
        };
        let share = (2.0 * hole.value(&tap)).min(1.0);
        if share > 0.0 {
            for (channel, own) in pixel.iter_mut().enumerate() {
                let value = planes[channel.min(planes.len() - 1)].value(&tap);
                let known = (*own).into() / white;
                *own = sample(known + share * (value - known));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crop::Area;
    use image::{ImageBuffer, Luma, Rgb, RgbImage};

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
            seen: Area::whole((32, 16)),
            pose: None,
            canvas_px: (8, 8),
            x: 0,
            y: 2,
            width: 8,
            height: 4,
        };
        let filled = Picture::filled(1, 8, 8, 1.0);
        // One canvas pixel: 4 x 4 of the photograph's.
        let hole = Picture::from_fn(1, 8, 8, |_, y, x| f32::from(u8::from((y, x) == (3, 2))));
        let eight = RgbImage::from_pixel(32, 16, Rgb([10, 20, 30]));
        let sixteen = ImageBuffer::from_pixel(32, 16, Rgb([2570_u16, 5141, 7710]));
        let grey = ImageBuffer::from_pixel(32, 16, Luma([1001_u16]));
        for (photograph, known, bright) in [
            (DynamicImage::from(eight), [10, 20, 30], 100),
            (sixteen.into(), [2570, 5141, 7710], 25_700),
            (grey.into(), [1001; 3], 25_700),
        ] {
            let laid = lay_over(photograph, &filled, &hole, &placement);
            let at = |x: usize, y: usize| match &laid {
                DynamicImage::ImageRgb8(pixels) => {
                    pixels.get_pixel(x as u32, y as u32).0.map(u16::from)
                }
                DynamicImage::ImageRgb16(pixels) => pixels.get_pixel(x as u32, y as u32).0,
                other => panic!("{:?}", other.color()),
            };
            for (x, y) in (0..16).flat_map(|y| (0..32).map(move |x| (x, y))) {
                if (8..12).contains(&x) && (4..8).contains(&y) {
                    assert!(at(x, y)[0] > bright, "{x}, {y}: {:?}", at(x, y));
                } else if !(6..14).contains(&x) || !(2..10).contains(&y) {
                    assert_eq!(at(x, y), known, "{x}, {y}");
                }
            }
        }
    }
}
