//! How much the structure of two pictures differs, place by place (Z. Wang, A. Bovik, H. Sheikh,
//! E. Simoncelli, "Image quality assessment: from error visibility to structural similarity", IEEE
//! Transactions on Image Processing 13(4), 2004).

use super::picture::Picture;
use super::smooth::gaussian;

/// Standard deviation of the Gaussian window, in pixels.
const WINDOW_PX: f32 = 1.5;
/// Keeps the brightness term finite: (0.01)^2.
const C1: f32 = 1e-4;
/// Keeps the contrast term finite: (0.03)^2.
const C2: f32 = 9e-4;

/// `(1 - SSIM) / 2`, the mean over channels, in `0.0..=1.0`; one channel.
///
/// # Panics
/// If the shapes differ.
pub fn dissimilarity(a: &Picture, b: &Picture) -> Picture {
    assert_eq!(
        (a.channels, a.height, a.width),
        (b.channels, b.height, b.width),
        "both pictures must have one shape"
    );
    let mut map = Picture::filled(1, a.height, a.width, 0.0);
    let share = 0.5 / a.channels.max(1) as f32;
    for channel in 0..a.channels {
        let (a, b) = (a.plane(channel), b.plane(channel));
        let blurred = |of: &dyn Fn(f32, f32) -> f32| {
            let values = a.iter().zip(b).map(|(a, b)| of(*a, *b)).collect();
            gaussian(&Picture::new(1, map.height, map.width, values), WINDOW_PX).pixels
        };
        let (mean_a, mean_b) = (blurred(&|a, _| a), blurred(&|_, b| b));
        let (squares_a, squares_b) = (blurred(&|a, _| a * a), blurred(&|_, b| b * b));
        let products = blurred(&|a, b| a * b);
        for (i, value) in map.pixels.iter_mut().enumerate() {
            let (ma, mb) = (mean_a[i], mean_b[i]);
            let variances = squares_a[i] - ma * ma + squares_b[i] - mb * mb;
            let covariance = products[i] - ma * mb;
            let similarity = (2.0 * ma * mb + C1) * (2.0 * covariance + C2)
                / ((ma * ma + mb * mb + C1) * (variances.max(0.0) + C2));
            *value += share * (1.0 - similarity.clamp(-1.0, 1.0));
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_pictures_do_not_differ() {
        let picture = Picture::from_fn(3, 20, 30, |c, y, x| {
            ((c + 3 * y + 7 * x) % 11) as f32 / 10.0
        });
        assert!(dissimilarity(&picture, &picture).max() < 1e-3);
    }

    /// Of constant pictures only the brightness term is left: (2ab + c1) / (a^2 + b^2 + c1).
    #[test]
    fn constant_pictures_differ_by_their_brightness() {
        let (a, b) = (
            Picture::filled(1, 16, 16, 0.2),
            Picture::filled(1, 16, 16, 0.6),
        );
        let expected = 0.5 * (1.0 - (0.24 + 1e-4) / (0.40 + 1e-4));
        for value in dissimilarity(&a, &b).pixels {
            assert!((value - expected).abs() < 1e-3, "{value} is not {expected}");
        }
    }

    #[test]
    fn an_inverted_texture_is_as_different_as_can_be() {
        let texture = |sign: f32| {
            Picture::from_fn(1, 32, 32, |_, y, x| {
                0.5 + sign * 0.4 * if (x + y) % 2 == 0 { 1.0 } else { -1.0 }
            })
        };
        let map = dissimilarity(&texture(1.0), &texture(-1.0));
        assert!(map.pixels.iter().all(|value| *value > 0.95));
    }
}
