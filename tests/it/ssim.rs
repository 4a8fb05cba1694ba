//! The structural dissimilarity against float64 values by the definition (see
//! `tests/golden/make_ssim.py`), and the tensors against the processor's own loops.

use burn::tensor::{Device, Tensor};
use kizumi_compute::ssim::dissimilarity;
use kizumi_compute::tensors::host_values;
use kizumi_kernel::isa::Isa;
use kizumi_kernel::ssim::Ssim;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use safetensors::{Dtype, SafeTensors};

const SIDE: usize = 22;

fn golden(name: &str) -> Vec<f64> {
    let bytes: &[u8] = include_bytes!("../golden/ssim.safetensors");
    let tensors = SafeTensors::deserialize(bytes).expect("a safetensors file");
    let view = tensors.tensor(name).expect("is there");
    let data = view.data();
    match view.dtype() {
        Dtype::F64 => {
            let (values, _) = data.as_chunks();
            values.iter().map(|b| f64::from_le_bytes(*b)).collect()
        }
        Dtype::U8 => data.iter().map(|byte| f64::from(*byte)).collect(),
        other => panic!("{name} has type {other:?}"),
    }
}

fn picture(name: &str) -> Vec<f64> {
    golden(name).iter().map(|byte| byte / 256.0).collect()
}

fn narrow(values: &[f64]) -> Vec<f32> {
    values.iter().map(|value| *value as f32).collect()
}

/// The largest difference, relative to the largest value.
fn difference(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let scale = b.iter().fold(0.0, |most: f64, value| value.abs().max(most));
    let pairs = a.iter().zip(b);
    // NaN is a difference: `max` would pass over it.
    let differences = pairs.map(|(a, b)| (a - b).abs());
    differences.fold(0.0, |most: f64, one| if one <= most { most } else { one }) / scale
}

#[test]
fn the_loops_agree_with_the_definition() {
    let (x, y, counted) = (picture("x"), picture("y"), golden("counted"));
    let mut ssim = Ssim::new(Isa::Portable, SIDE);
    let value = ssim.value(&x, &y, None);
    assert!(difference(&[value], &golden("value")) < 1e-12);
    let (mut by_x, mut by_y) = (vec![0.0; x.len()], vec![0.0; y.len()]);
    let value = ssim.gradients(&x, &y, Some(&counted), &mut by_x, &mut by_y);
    assert!(difference(&[value], &golden("value_counted")) < 1e-12);
    assert!(difference(&by_x, &golden("gradient_x")) < 1e-10);
    assert!(difference(&by_y, &golden("gradient_y")) < 1e-10);
    let mut map = vec![0.0; SIDE * SIDE];
    ssim.map(&x, &y, None, &mut map);
    let terms = golden("terms");
    let (first, second) = terms.split_at(SIDE * SIDE);
    let expected: Vec<f64> = first
        .iter()
        .zip(second)
        .map(|(a, b)| (a + b) / 4.0)
        .collect();
    assert!(difference(&map, &expected) < 1e-11);
}

#[test]
fn the_tensors_agree_with_the_definition() {
    let device = Device::flex().autodiff();
    let tensor = |values: &[f64], channels: i32| {
        let values = narrow(values);
        Tensor::<1>::from_floats(values.as_slice(), &device).reshape([1, channels, 22, 22])
    };
    let x = tensor(&picture("x"), 2).require_grad();
    let y = tensor(&picture("y"), 2).require_grad();
    let terms = dissimilarity(x.clone(), y.clone());
    let mut gradients = (terms.clone() * tensor(&golden("counted"), 1))
        .sum()
        .backward();
    let wide = |tensor: Tensor<4>| -> Vec<f64> {
        let values = host_values(tensor).expect("reads back");
        values.into_iter().map(f64::from).collect()
    };
    assert!(difference(&wide(terms.inner()), &golden("terms")) < 1e-4);
    for (picture, name) in [(x, "gradient_x"), (y, "gradient_y")] {
        let gradient = picture.grad_remove(&mut gradients).expect("is tracked");
        assert!(difference(&wide(gradient), &golden(name)) < 1e-4, "{name}");
    }
}

#[test]
fn the_loops_agree_with_the_tensors_on_a_batch() {
    const SHAPE: [usize; 4] = [2, 3, 64, 64];
    let length = SHAPE[1] * SHAPE[2] * SHAPE[3];
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for i in 0..SHAPE[0] * length {
        let wave = 0.5 + 0.4 * (i as f32 * 0.1).sin();
        x.push(wave);
        y.push((wave + rng.random_range(-0.2..0.2)).clamp(0.0, 1.0));
    }
    let device = Device::flex().autodiff();
    let tensor = |values: &[f32]| {
        Tensor::<1>::from_floats(values, &device)
            .reshape(SHAPE)
            .require_grad()
    };
    let (tracked_x, tracked_y) = (tensor(&x), tensor(&y));
    let total = dissimilarity(tracked_x.clone(), tracked_y.clone()).sum();
    let mut gradients = total.clone().backward();
    let mut expected = |tracked: Tensor<4>| {
        let gradient = tracked.grad_remove(&mut gradients).expect("is tracked");
        host_values(gradient).expect("reads back")
    };
    let (expected_x, expected_y) = (expected(tracked_x), expected(tracked_y));
    let expected_total = f64::from(host_values(total.inner()).expect("reads back")[0]);

    let wide = |values: &[f32]| -> Vec<f64> { values.iter().map(|v| f64::from(*v)).collect() };
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        let mut ssim = Ssim::new(isa, 64);
        let (mut by_x, mut by_y) = (vec![0.0; x.len()], vec![0.0; y.len()]);
        let mut total = 0.0;
        for image in 0..SHAPE[0] {
            let range = image * length..(image + 1) * length;
            total += f64::from(ssim.gradients(
                &x[range.clone()],
                &y[range.clone()],
                None,
                &mut by_x[range.clone()],
                &mut by_y[range],
            ));
        }
        assert!((total - expected_total).abs() < 1e-4 * expected_total);
        assert!(difference(&wide(&by_x), &wide(&expected_x)) < 1e-4);
        assert!(difference(&wide(&by_y), &wide(&expected_y)) < 1e-4);
    }
}
