//! Small versions of pictures and maps, for lists of many.

use std::ops::Range;

use super::compact::{CompactPicture, Sample, Samples};
use super::picture::Picture;

/// The picture with no side longer than `side_px` (at least 1), in 8 bit: each value is the mean of
/// the pixels below it. A smaller picture keeps its size.
pub fn thumbnail(picture: &Picture, side_px: usize) -> CompactPicture {
    let small = pooled(picture, side_px, |values| {
        let (mut sum, mut count) = (0.0, 0.0);
        for value in values {
            sum += value;
            count += 1.0;
        }
        sum / count
    });
    CompactPicture {
        channels: small.channels,
        height: small.height,
        width: small.width,
        samples: Samples::U8(
            small
                .pixels
                .iter()
                .map(|value| u8::from_unit(*value))
                .collect(),
        ),
    }
}

/// The map at the size of [`thumbnail`], each value the largest below it: a defect of one pixel
/// stays visible.
pub fn max_pooled(map: &Picture, side_px: usize) -> Picture {
    pooled(map, side_px, |values| {
        values.fold(f32::NEG_INFINITY, f32::max)
    })
}

fn pooled(
    picture: &Picture,
    side_px: usize,
    of: impl Fn(&mut dyn Iterator<Item = f32>) -> f32,
) -> Picture {
    let longer = picture.height.max(picture.width);
    if longer <= side_px {
        return picture.clone();
    }
    let small = |length: usize| (length * side_px).div_ceil(longer).max(1);
    let (height, width) = (small(picture.height), small(picture.width));
    Picture::from_fn(picture.channels, height, width, |channel, y, x| {
        let rows = below(y, height, picture.height);
        let columns = below(x, width, picture.width);
        let mut values = rows.flat_map(|y| columns.clone().map(move |x| picture.at(channel, y, x)));
        of(&mut values)
    })
}

/// The source pixels that a pixel of a smaller picture covers, in one direction; at least one, and
/// together all.
fn below(at: usize, small: usize, large: usize) -> Range<usize> {
    at * large / small..((at + 1) * large).div_ceil(small)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_side_shrinks_and_proportions_stay() {
        let picture = Picture::from_fn(3, 96, 128, |_, _, x| f32::from(u8::from(x < 64)));
        let small = thumbnail(&picture, 64);
        assert_eq!((small.channels, small.height, small.width), (3, 48, 64));
        let small = small.to_picture();
        assert_eq!((small.at(2, 10, 31), small.at(2, 10, 32)), (1.0, 0.0));
        let sliver = thumbnail(&Picture::filled(1, 1, 1000, 0.5), 64);
        assert_eq!((sliver.height, sliver.width), (1, 64));
    }

    #[test]
    fn a_small_picture_keeps_its_size() {
        let map = Picture::filled(1, 20, 64, 3.0);
        assert_eq!(max_pooled(&map, 64), map);
    }

    #[test]
    fn no_pixel_of_a_map_is_lost() {
        for (height, width) in [(128, 128), (100, 77), (65, 200)] {
            for at in [0, height * width / 2 + 3, height * width - 1] {
                let mut map = Picture::filled(1, height, width, 0.0);
                map.pixels[at] = 2.5;
                assert_eq!(max_pooled(&map, 64).max(), 2.5, "{height} {width} {at}");
            }
        }
    }
}
