//! The structural dissimilarity with tensors: what [`kizumi_kernel::ssim`] computes on the processor,
//! for graphics cards, and the reference that the tests hold the other one against. Gradients are
//! autodiff's.

use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, TensorData};

use kizumi_kernel::ssim::{C1, C2, MIDDLE, RADIUS, inside, window};

/// `1 - SSIM` of each pixel and channel, in `0.0..=2.0`; both pictures and the result are
/// `[n, channels, height, width]`, on one device, values in `0.0..=1.0`. The sum is D(x, y).
pub fn dissimilarity(x: Tensor<4>, y: Tensor<4>) -> Tensor<4> {
    let [images, channels, height, width] = x.dims();
    let planes = images * channels;
    let as_planes = |picture: Tensor<4>| {
        let centred = picture.sub_scalar(MIDDLE);
        centred.reshape([planes, 1, height, width])
    };
    let (x, y) = (as_planes(x), as_planes(y));
    let squares = x.clone().square() + y.clone().square();
    let product = x.clone() * y.clone();
    let means = blur(Tensor::cat(vec![x, y, squares, product], 0));
    let [u, v, squares, product] =
        [0, 1, 2, 3].map(|part| means.clone().narrow(0, part * planes, planes));
    let both = u.clone() * v.clone();
    let energy = u.clone().square() + v.clone().square();
    let covariance = product - both;
    let variances = squares - energy;
    let (mean_x, mean_y) = (u.add_scalar(MIDDLE), v.add_scalar(MIDDLE));
    let luminance = (mean_x.clone() * mean_y.clone())
        .mul_scalar(2.0)
        .add_scalar(C1)
        / (mean_x.square() + mean_y.square()).add_scalar(C1);
    let structure = covariance.mul_scalar(2.0).add_scalar(C2) / variances.add_scalar(C2);
    (luminance * structure)
        .neg()
        .add_scalar(1.0)
        .reshape([images, channels, height, width])
}

/// The window's means of planes `[n, 1, height, width]`.
fn blur(planes: Tensor<4>) -> Tensor<4> {
    let [_, _, height, width] = planes.dims();
    let device = planes.device();
    let taps = 2 * RADIUS + 1;
    let down = constant(window().to_vec(), [1, 1, taps, 1], &device);
    let across = constant(window().to_vec(), [1, 1, 1, taps], &device);
    let scale = inside(height)
        .iter()
        .flat_map(|down| {
            inside(width)
                .into_iter()
                .map(move |across| 1.0 / (down * across))
        })
        .collect();
    let along_columns = ConvOptions::new([1, 1], [RADIUS, 0], [1, 1], 1);
    let along_rows = ConvOptions::new([1, 1], [0, RADIUS], [1, 1], 1);
    let sums = conv2d(planes, down, None, along_columns);
    let sums = conv2d(sums, across, None, along_rows);
    sums * constant(scale, [1, 1, height, width], &device)
}

fn constant(values: Vec<f64>, shape: [usize; 4], device: &Device) -> Tensor<4> {
    Tensor::from_data(TensorData::new(values, shape), device)
}
