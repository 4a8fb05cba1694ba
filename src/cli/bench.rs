//! `kizumi bench`: milliseconds per image for the paper's network on this machine.
//!
//! Forward pass, projection iteration and training step, and the frozen network's features on the
//! processor, each the median of several timed blocks after one block of warm-up, beside the
//! machine's speed in plain matrix products.

use std::time::Instant;

use anyhow::Result;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::options::DeviceOption;
use super::output::{print, print_json};
use super::said::said;
use kizumi_compute::device::Compute;
use kizumi_compute::features::FeatureNetwork;
use kizumi_compute::matrix_product::MatrixProduct;
use kizumi_compute::network::Vae;
use kizumi_compute::projector::{Masks, Projection};
use kizumi_compute::tensors::ComputeError;
use kizumi_compute::trainer::Trainer;
use kizumi_dataset::batches::Batch;
use kizumi_image::picture::Picture;
use kizumi_method::config::{NetworkConfig, ProjectionConfig, TrainingConfig};

/// Iterations in one timed block.
const BLOCK: usize = 10;
/// Timed blocks, of which the median counts.
const REPEATS: usize = 5;
/// Sides of the pictures whose features are measured.
const FEATURE_SIDES_PX: [usize; 2] = [256, 512];
/// Side of the square matrices whose product shows the machine's peak.
const GEMM_SIDE: usize = 1024;

/// Options of `kizumi bench`.
#[derive(Args, Debug)]
pub struct Options {
    /// Lines of JSON on stdout instead of text
    #[arg(long)]
    json: bool,
    /// Batch sizes
    #[arg(long, value_name = "N", num_args = 1.., default_values_t = [1, 16],
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    batch: Vec<usize>,
    /// Channels of the images
    #[arg(long, value_parser = number(&["1", "3"]), default_value = "3")]
    channels: usize,
    /// Side of the images, in pixels
    #[arg(long, value_parser = number(&["64", "128", "256"]), default_value = "128")]
    size: usize,
    #[command(flatten)]
    device: DeviceOption,
}

fn number(values: &'static [&'static str]) -> impl TypedValueParser<Value = usize> {
    PossibleValuesParser::new(values).map(|value| value.parse().expect("the values are numbers"))
}

/// The figures of one batch size, in milliseconds per image.
#[derive(Serialize)]
struct Row {
    batch: usize,
    channels: usize,
    size: usize,
    threads: usize,
    device: String,
    forward_ms: f64,
    projection_ms: f64,
    train_ms: f64,
}

/// The frozen network's figures for one size of picture, in milliseconds an image; `gradient_ms`
/// is that of the forward pass and the gradient together.
#[derive(Serialize)]
struct FeatureRow {
    features_px: usize,
    threads: usize,
    forward_ms: f64,
    gradient_ms: f64,
}

/// The machine's speed in plain matrix products, in 10^9 operations a second (a multiply-add
/// counts as two).
#[derive(Serialize)]
struct Peak {
    gemm_gflops: f64,
}

/// Measures and prints.
///
/// # Errors
/// When the device fails.
pub fn run(options: &Options) -> Result<()> {
    let compute = options.device.open()?;
    let network = NetworkConfig {
        channels: options.channels,
        size_px: options.size,
        ..NetworkConfig::default()
    };
    for &batch in &options.batch {
        let mut row = measure(&network, batch, &compute)?;
        row.device = compute.info.name.clone();
        if options.json {
            print_json(&row)?;
        } else {
            let Row {
                channels,
                size,
                forward_ms,
                projection_ms,
                train_ms,
                ..
            } = row;
            print(said!(
                "batch {batch:3}: forward {forward_ms:.2} ms, projection iteration {projection_ms:.2} ms, training \
                 step {train_ms:.2} ms per image of {channels} x {size} x {size}",
                "バッチ{batch:3}：再構成 {forward_ms:.2} ms、投影の1反復 {projection_ms:.2} ms、学習の1ステップ \
                 {train_ms:.2} ms（{channels} x {size} x {size}の画像1枚あたり）"
            ))?;
        }
    }
    for side in FEATURE_SIDES_PX {
        let row = measure_features(side)?;
        if options.json {
            print_json(&row)?;
        } else {
            let (forward, gradient) = (row.forward_ms, row.gradient_ms);
            print(said!(
                "features of {side} x {side}: forward {forward:.2} ms, with the gradient {gradient:.2} ms",
                "{side} x {side}の特徴：計算 {forward:.2} ms、勾配を含めて {gradient:.2} ms"
            ))?;
        }
    }
    let peak = Peak {
        gemm_gflops: gemm_gflops(&compute)?,
    };
    if options.json {
        print_json(&peak)
    } else {
        let gflops = peak.gemm_gflops;
        print(said!(
            "matrix product: {gflops:.0} GFLOP/s ({GEMM_SIDE} x {GEMM_SIDE}, f32)",
            "行列積：{gflops:.0} GFLOP/s（{GEMM_SIDE} x {GEMM_SIDE}、f32）"
        ))
    }
}

fn measure(network: &NetworkConfig, batch: usize, compute: &Compute) -> Result<Row> {
    let device = &compute.device;
    let (channels, size) = (network.channels, network.size_px);
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let pictures: Vec<Picture> = (0..batch)
        .map(|_| Picture::from_fn(channels, size, size, |_, _, _| rng.random::<f32>()))
        .collect();
    let pixels: Vec<f32> = pictures
        .iter()
        .flat_map(|picture| picture.pixels.clone())
        .collect();
    let images = (batch * BLOCK) as f64;
    let per_image = |secs: f64| secs * 1e3 / images;

    let mut trainer = Trainer::new(network, &TrainingConfig::default(), device);
    let train_ms = per_image(median_secs(|| {
        for _ in 0..BLOCK {
            trainer.step(Batch::clean(pixels.clone(), batch));
        }
        trainer.observe().map(|_| ())
    })?);

    let vae = Vae::random(network, &mut rng, device);
    let forward_ms = per_image(median_secs(|| {
        for _ in 0..BLOCK {
            // Read back each time, as whoever wants a reconstruction does.
            vae.reconstruct(&pictures)?;
        }
        Ok(())
    })?);

    let endless = ProjectionConfig {
        iterations: usize::MAX,
        stop_early: false,
        ..ProjectionConfig::default()
    };
    let mut projection = Projection::new(&vae, &pictures, Masks::default(), endless, 0.0)?;
    let projection_ms = per_image(median_secs(|| {
        for _ in 0..BLOCK {
            projection.step();
        }
        projection.observe().map(|_| ())
    })?);

    Ok(Row {
        batch,
        channels,
        size,
        threads: rayon::current_num_threads(),
        device: String::new(),
        forward_ms,
        projection_ms,
        train_ms,
    })
}

fn measure_features(side: usize) -> Result<FeatureRow> {
    let network = FeatureNetwork::lite0();
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let picture = Picture::from_fn(3, side, side, |_, _, _| rng.random());
    let per_image = |secs: f64| secs * 1e3 / BLOCK as f64;
    let forward_ms = per_image(median_secs(|| {
        for _ in 0..BLOCK {
            network.embed(&picture);
        }
        Ok(())
    })?);
    let gradient_ms = per_image(median_secs(|| {
        for _ in 0..BLOCK {
            let trace = network.trace(&picture);
            trace.back(trace.features());
        }
        Ok(())
    })?);
    Ok(FeatureRow {
        features_px: side,
        threads: rayon::current_num_threads(),
        forward_ms,
        gradient_ms,
    })
}

fn gemm_gflops(compute: &Compute) -> Result<f64> {
    let product = MatrixProduct::new(GEMM_SIDE, &compute.device);
    let secs = median_secs(|| product.run(BLOCK))?;
    Ok(product.operations() * BLOCK as f64 / secs / 1e9)
}

/// The median time of a block, after one block of warm-up.
fn median_secs(mut block: impl FnMut() -> Result<(), ComputeError>) -> Result<f64> {
    block()?;
    let mut secs = Vec::new();
    for _ in 0..REPEATS {
        let start = Instant::now();
        block()?;
        secs.push(start.elapsed().as_secs_f64());
    }
    secs.sort_by(f64::total_cmp);
    secs.get(REPEATS / 2).copied().ok_or_else(|| {
        anyhow::Error::msg(said!("nothing was measured", "何も測定できませんでした"))
    })
}
