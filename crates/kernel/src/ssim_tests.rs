use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;

/// Two pictures that resemble each other, smooth in places and rough in others.
fn pair(channels: usize, side: usize) -> (Vec<f64>, Vec<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for i in 0..channels * side * side {
        let (row, column) = (i / side % side, i % side);
        let wave = 0.5 + 0.3 * (row as f64 * 0.4).sin() * (column as f64 * 0.3).cos();
        let rough = if column > side / 2 { 0.15 } else { 0.01 };
        x.push(wave + rough * rng.random_range(-1.0..1.0));
        y.push(0.9 * wave + rough * rng.random_range(-1.0..1.0));
    }
    (x, y)
}

/// 0 and 1 in stripes.
fn stripes(side: usize) -> Vec<f64> {
    (0..side * side)
        .map(|i| f64::from(u8::from(i % 7 > 2)))
        .collect()
}

#[test]
fn the_window_sums_to_one_and_loses_its_tails_at_the_borders() {
    let window = window();
    assert!((window.iter().sum::<f64>() - 1.0).abs() < 1e-15);
    // exp(-0.5 (1 / 1.5)^2)
    assert!((window[6] / window[5] - 0.800_737_402_916_808_1).abs() < 1e-14);
    let inside = inside(20);
    assert!((inside[10] - 1.0).abs() < 1e-15);
    assert!((inside[0] - window[5..].iter().sum::<f64>()).abs() < 1e-15);
    assert!((inside[19] - inside[0]).abs() < 1e-15);
    // Narrower than the window.
    assert!((super::inside(1)[0] - window[5]).abs() < 1e-15);
}

#[test]
fn equal_pictures_do_not_differ_and_opposite_ones_do() {
    let mut ssim = Ssim::new(Isa::Portable, 16);
    let (x, _) = pair(1, 16);
    let mut gradient = vec![1.0; x.len()];
    assert!(ssim.gradient(&x, &x, None, &mut gradient).abs() < 1e-10);
    assert!(gradient.iter().all(|value| value.abs() < 1e-10));
    // Of plain pictures only the means count.
    let (grey, white) = (vec![0.5; 256], vec![1.0; 256]);
    let expected = 1.0 - (2.0 * 0.5 + 1e-4) / (0.25 + 1.0 + 1e-4);
    let actual = ssim.value(&grey, &white, None) / 256.0;
    assert!((actual - expected).abs() < 1e-12, "{actual}");
    // A checkerboard and its negative: as different as can be.
    let board: Vec<f64> = (0..256)
        .map(|i| f64::from((i / 16 + i) as u8 % 2))
        .collect();
    let negative: Vec<f64> = board.iter().map(|value| 1.0 - value).collect();
    assert!(ssim.value(&board, &negative, None) / 256.0 > 1.9);
}

#[test]
fn gradients_agree_with_central_differences() {
    // Whole parts and a rest, wider and narrower than the window.
    for (channels, side) in [(3, 32), (1, 19), (2, 7)] {
        let (x, y) = pair(channels, side);
        let stripes = stripes(side);
        for counted in [None, Some(&stripes[..])] {
            let mut ssim = Ssim::new(Isa::Portable, side);
            let (mut by_x, mut by_y) = (vec![0.0; x.len()], vec![0.0; x.len()]);
            let total = ssim.gradients(&x, &y, counted, &mut by_x, &mut by_y);
            assert!((ssim.value(&x, &y, counted) - total).abs() < 1e-12);
            let mut alone = vec![0.0; x.len()];
            ssim.gradient(&x, &y, counted, &mut alone);
            assert_eq!(alone, by_y);
            let mut difference = |at: usize, of_x: bool| {
                let h = 1e-6;
                let mut value = |h: f64| {
                    let (mut x, mut y) = (x.clone(), y.clone());
                    if of_x {
                        x[at] += h;
                    } else {
                        y[at] += h;
                    }
                    ssim.value(&x, &y, counted)
                };
                (value(h) - value(-h)) / (2.0 * h)
            };
            let scale = by_y.iter().fold(0.0, |most: f64, g| g.abs().max(most));
            assert!(scale > 0.01, "the gradient is alive: {scale}");
            for at in (0..x.len()).step_by(x.len() / 40) {
                for (of_x, gradient) in [(true, by_x[at]), (false, by_y[at])] {
                    let expected = difference(at, of_x);
                    let error = (gradient - expected).abs() / scale;
                    assert!(error < 1e-6, "{side}, {at}: {gradient}, {expected}");
                }
            }
        }
    }
}

#[test]
fn the_map_is_made_of_the_terms() {
    let (x, y) = pair(3, 20);
    let stripes = stripes(20);
    let mut ssim = Ssim::new(Isa::Portable, 20);
    let mut map = vec![7.0; 400];
    let total = ssim.map(&x, &y, Some(&stripes), &mut map);
    assert!((map.iter().sum::<f64>() * 6.0 - total).abs() < 1e-10);
    assert!(map.iter().all(|value| (-1e-12..=1.0).contains(value)));
    assert!(
        map.iter()
            .zip(&stripes)
            .all(|(m, s)| *s == 1.0 || *m == 0.0)
    );
}

#[test]
fn every_instruction_set_says_the_same_in_single_precision() {
    for side in [64, 37] {
        let (x, y) = pair(3, side);
        let (mut by_x, mut by_y) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        let expected = Ssim::new(Isa::Portable, side).gradients(&x, &y, None, &mut by_x, &mut by_y);
        let largest = by_y.iter().fold(0.0, |most: f64, g| g.abs().max(most));
        let narrow = |values: &[f64]| -> Vec<f32> { values.iter().map(|v| *v as f32).collect() };
        let (x, y) = (narrow(&x), narrow(&y));
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
            let (mut own_x, mut own_y) = (vec![0.0; x.len()], vec![0.0; x.len()]);
            let total = Ssim::new(isa, side).gradients(&x, &y, None, &mut own_x, &mut own_y);
            assert!((f64::from(total) - expected).abs() < 1e-5 * expected);
            let pairs = own_x.iter().zip(&by_x).chain(own_y.iter().zip(&by_y));
            for (own, exact) in pairs {
                assert!((f64::from(*own) - exact).abs() < 1e-4 * largest);
            }
        }
    }
}
