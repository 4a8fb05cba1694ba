//! Gaussian smoothing of one-channel pictures.

use super::picture::Picture;

/// The kernel ends this many standard deviations from its centre.
const RADIUS_SIGMAS: f32 = 4.0;

/// Convolves a one-channel picture with a Gaussian of standard deviation `sigma_px`.
///
/// The kernel is cut at four standard deviations and sums to one. Beyond an edge the picture is
/// mirrored, the edge pixel included (`c b a | a b c`), so smoothing keeps the picture's sum. A
/// sigma of zero (or below, or NaN) returns the picture as it is; along an axis it acts as at most
/// the axis' length, beyond which everything is flat anyway.
///
/// # Panics
/// If the picture has more than one channel.
pub fn gaussian(map: &Picture, sigma_px: f32) -> Picture {
    assert_eq!(map.channels, 1, "only one-channel pictures are smoothed");
    if sigma_px.is_nan() || sigma_px <= 0.0 || map.pixels.is_empty() {
        return map.clone();
    }
    let rows = along_rows(map, &half_kernel(sigma_px, map.width));
    along_columns(&rows, &half_kernel(sigma_px, map.height))
}

/// Smooths only what counts: pixels where `valid` is zero neither spread nor receive anything and
/// come out as zero. Next to them the kernel is renormalised over the pixels that count.
///
/// # Panics
/// If the shapes differ or there is more than one channel.
pub fn gaussian_where(map: &Picture, sigma_px: f32, valid: &Picture) -> Picture {
    assert_eq!(
        (map.channels, map.height, map.width),
        (valid.channels, valid.height, valid.width),
        "the validity mask must have the map's shape"
    );
    let with_pixels = |value: &dyn Fn(usize) -> f32| Picture {
        pixels: (0..map.pixels.len()).map(value).collect(),
        ..*map
    };
    let counts = |i: usize| valid.pixels[i] != 0.0;
    let kept = with_pixels(&|i| if counts(i) { map.pixels[i] } else { 0.0 });
    let weights = with_pixels(&|i| if counts(i) { 1.0 } else { 0.0 });
    let sums = gaussian(&kept, sigma_px);
    let norms = gaussian(&weights, sigma_px);
    // A pixel that counts has at least the kernel's centre as its norm.
    with_pixels(&|i| {
        if counts(i) {
            sums.pixels[i] / norms.pixels[i]
        } else {
            0.0
        }
    })
}

/// Kernel weights from the centre outwards.
fn half_kernel(sigma_px: f32, axis_len: usize) -> Vec<f32> {
    let sigma = sigma_px.min(axis_len as f32);
    let radius = (RADIUS_SIGMAS * sigma + 0.5) as usize;
    let weights: Vec<f32> = (0..=radius)
        .map(|distance| (-0.5 * (distance as f32 / sigma).powi(2)).exp())
        .collect();
    let sum = 2.0 * weights.iter().sum::<f32>() - weights[0];
    weights.iter().map(|weight| weight / sum).collect()
}

/// The index inside `0..len` that a mirrored index falls on.
fn mirrored(index: isize, len: usize) -> usize {
    let period = 2 * len;
    let folded = index.rem_euclid(period as isize) as usize;
    folded.min(period - 1 - folded)
}

fn along_rows(map: &Picture, half: &[f32]) -> Picture {
    let radius = half.len() - 1;
    let sources: Vec<usize> = (0..map.width + 2 * radius)
        .map(|i| mirrored(i as isize - radius as isize, map.width))
        .collect();
    let mut padded = vec![0.0; sources.len()];
    let mut out = Picture::filled(1, map.height, map.width, 0.0);
    for (row, out_row) in map
        .pixels
        .chunks_exact(map.width)
        .zip(out.pixels.chunks_exact_mut(map.width))
    {
        for (value, &source) in padded.iter_mut().zip(&sources) {
            *value = row[source];
        }
        add_pairs(out_row, half, |offset| {
            let start = radius.wrapping_add_signed(offset);
            &padded[start..start + row.len()]
        });
    }
    out
}

fn along_columns(map: &Picture, half: &[f32]) -> Picture {
    let mut out = Picture::filled(1, map.height, map.width, 0.0);
    for (y, out_row) in out.pixels.chunks_exact_mut(map.width).enumerate() {
        add_pairs(out_row, half, |offset| {
            let start = mirrored(y as isize + offset, map.height) * map.width;
            &map.pixels[start..start + map.width]
        });
    }
    out
}

/// Adds the kernel's weighted sum of shifted rows. The inner loops run along memory, so that the
/// compiler makes vector instructions of them.
fn add_pairs<'a>(out: &mut [f32], half: &[f32], shifted: impl Fn(isize) -> &'a [f32]) {
    for (out, centre) in out.iter_mut().zip(shifted(0)) {
        *out += half[0] * centre;
    }
    for (distance, weight) in half.iter().enumerate().skip(1) {
        let (before, after) = (shifted(-(distance as isize)), shifted(distance as isize));
        for ((out, before), after) in out.iter_mut().zip(before).zip(after) {
            *out += weight * (before + after);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn assert_close(a: &[f32], b: &[f32], tolerance: f32) {
        for (i, (a, b)) in a.iter().zip(b).enumerate() {
            assert!((a - b).abs() <= tolerance, "at {i}: {a} and {b}");
        }
    }

    /// The definition: a two-dimensional sum for every pixel.
    fn naive(map: &Picture, sigma: f32) -> Picture {
        let weights = |len| half_kernel(sigma, len);
        let (wx, wy) = (weights(map.width), weights(map.height));
        Picture::from_fn(1, map.height, map.width, |_, y, x| {
            let mut sum = 0.0;
            for dy in -(wy.len() as isize - 1)..wy.len() as isize {
                for dx in -(wx.len() as isize - 1)..wx.len() as isize {
                    sum += wy[dy.unsigned_abs()]
                        * wx[dx.unsigned_abs()]
                        * map.at(
                            0,
                            mirrored(y as isize + dy, map.height),
                            mirrored(x as isize + dx, map.width),
                        );
                }
            }
            sum
        })
    }

    #[test]
    fn agrees_with_scipy() {
        // scipy.ndimage.gaussian_filter(a, 1.3), a[y, x] = (3 y + 5 x) % 7, 4 rows of 5.
        let map = Picture::from_fn(1, 4, 5, |_, y, x| ((3 * y + 5 * x) % 7) as f32);
        let expected = [
            2.54280, 2.87778, 3.15175, 3.33276, 3.54035, 2.84708, 2.98808, 3.09500, 3.15393,
            3.24947, 2.98158, 2.96010, 2.93446, 2.87781, 2.84764, 2.82010, 2.78994, 2.77729,
            2.67800, 2.55408,
        ];
        assert_close(&gaussian(&map, 1.3).pixels, &expected, 1e-5);
    }

    #[test]
    fn zero_sigma_is_the_identity() {
        let map = Picture::from_fn(1, 3, 4, |_, y, x| (y * x) as f32);
        for sigma in [0.0, -1.0, f32::NAN] {
            assert_eq!(gaussian(&map, sigma), map);
        }
    }

    #[test]
    fn a_huge_sigma_flattens_instead_of_hanging() {
        let map = Picture::from_fn(1, 16, 8, |_, y, _| f32::from(y < 8));
        let out = gaussian(&map, f32::INFINITY);
        assert_close(&out.pixels, &[0.5; 128], 0.01);
    }

    #[test]
    fn what_does_not_count_does_not_spread() {
        let map = Picture::from_fn(1, 8, 8, |_, _, x| if x < 4 { 1.0 } else { 1e6 });
        let valid = Picture::from_fn(1, 8, 8, |_, _, x| f32::from(x < 4));
        let out = gaussian_where(&map, 2.0, &valid);
        let expected = Picture::from_fn(1, 8, 8, |_, _, x| f32::from(x < 4));
        assert_close(&out.pixels, &expected.pixels, 1e-5);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn separable_is_two_dimensional_and_keeps_the_sum(
            height in 1usize..9, width in 1usize..9, sigma in 0.1f32..3.0,
            values in prop::collection::vec(0.0f32..1.0, 64),
        ) {
            let map = Picture::from_fn(1, height, width, |_, y, x| values[y * width + x]);
            let out = gaussian(&map, sigma);
            assert_close(&out.pixels, &naive(&map, sigma).pixels, 1e-5);
            let sum = |picture: &Picture| picture.pixels.iter().sum::<f32>();
            prop_assert!((sum(&out) - sum(&map)).abs() < 1e-3);
        }
    }
}
