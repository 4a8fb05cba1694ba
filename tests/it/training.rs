//! Training: seeded, resumable, and safe when it diverges.

use burn::tensor::Device;
use kizumi_compute::tensors::ComputeError;
use kizumi_compute::trainer::{TrainObservation, Trainer};
use kizumi_dataset::batches::Batch;
use kizumi_method::config::{Schedule, TrainingConfig};

use crate::common::{pictures, tiny, weight_bits};

const BATCH: usize = 4;

fn pixels(step: u64) -> Vec<f32> {
    let all = pictures(1, 12);
    (0..BATCH)
        .flat_map(|i| all[(step as usize * BATCH + i) % all.len()].pixels.clone())
        .collect()
}

fn train(trainer: &mut Trainer, steps: u64) -> Vec<TrainObservation> {
    (0..steps)
        .map(|_| {
            trainer.step(Batch::clean(pixels(trainer.step_count()), BATCH));
            trainer.observe().expect("training is finite")
        })
        .collect()
}

fn config(seed: u64) -> TrainingConfig {
    TrainingConfig {
        learning_rate: 2e-3,
        schedule: Schedule::Constant,
        seed,
        ..Default::default()
    }
}

#[test]
fn the_loss_falls() {
    let mut trainer = Trainer::new(&tiny(1), &config(1), &Device::flex());
    let losses = train(&mut trainer, 150);
    let (first, last) = (losses[0].reconstruction, losses[149].reconstruction);
    assert!(last < 0.3 * first, "{first} to {last}");
    assert_eq!((losses[149].step, losses[149].images), (150, 600));
}

#[test]
fn the_same_seed_gives_the_same_losses_and_another_does_not() {
    let run = |seed| {
        train(
            &mut Trainer::new(&tiny(1), &config(seed), &Device::flex()),
            5,
        )
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_resumed_run_equals_an_uninterrupted_one() {
    let device = Device::flex();
    let mut whole = Trainer::new(&tiny(1), &config(5), &device);
    let expected = train(&mut whole, 8);

    let mut first = Trainer::new(&tiny(1), &config(5), &device);
    train(&mut first, 4);
    let mut second = Trainer::resume(
        first.network(),
        first.optimiser(),
        first.step_count(),
        first.images_seen(),
        &config(5),
        &device,
    );
    assert_eq!(train(&mut second, 4), expected[4..]);
    assert_eq!(
        weight_bits(&second.network()),
        weight_bits(&whole.network())
    );
}

#[test]
fn divergence_keeps_the_last_good_weights() {
    let mut trainer = Trainer::new(&tiny(1), &config(1), &Device::flex());
    train(&mut trainer, 3);
    let mut poisoned = pixels(3);
    poisoned[5] = f32::NAN;
    trainer.step(Batch::clean(poisoned, BATCH));
    trainer.step(Batch::clean(pixels(4), BATCH));
    let error = trainer.observe().expect_err("the loss is NaN");
    assert!(matches!(error, ComputeError::NotFinite(_)), "{error}");
    let kept = weight_bits(&trainer.network());
    assert!(kept.iter().all(|bits| f32::from_bits(*bits).is_finite()));
    assert!(trainer.step_count() <= 3);
    train(&mut trainer, 1);
}

#[test]
fn a_step_that_was_not_done_to_its_end_can_be_taken_back() {
    let mut trainer = Trainer::new(&tiny(1), &config(1), &Device::flex());
    train(&mut trainer, 3);
    let mut poisoned = pixels(3);
    poisoned[5] = f32::NAN;
    trainer.step(Batch::clean(poisoned, BATCH));
    trainer.return_to_good();
    let kept = weight_bits(&trainer.network());
    assert!(kept.iter().all(|bits| f32::from_bits(*bits).is_finite()));
    assert_eq!(trainer.step_count(), 2, "the last that is known to be good");
    let losses = train(&mut trainer, 1);
    assert!(losses[0].reconstruction.is_finite());
}
