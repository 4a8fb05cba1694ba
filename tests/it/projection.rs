//! What must hold for every projection.

use burn::tensor::Device;
use kizumi_compute::calibrator::Calibrator;
use kizumi_compute::device;
use kizumi_compute::inspector::{Inspector, Subject};
use kizumi_compute::network::Vae;
use kizumi_compute::projector::{Masks, Pair, Projection};
use kizumi_compute::tensors::ComputeError;
use kizumi_image::inpaint::fill_with_noise;
use kizumi_image::picture::Picture;
use kizumi_kernel::isa::Isa;
use kizumi_kernel::ssim::Ssim;
use kizumi_method::config::{
    DataConfig, DeviceChoice, Distance, MapConfig, Mode, ProjectionConfig, Regulariser, StepRule,
};
use kizumi_method::iterate::{Iterate, StopRule};
use kizumi_method::maker::ModelMark;

use crate::common::{SIZE_PX, network, pictures, trajectory_of, weight_bits};

fn config() -> ProjectionConfig {
    ProjectionConfig {
        iterations: 6,
        stop_early: false,
        ..Default::default()
    }
}

/// Every iterate of every image, x_0 first.
fn trajectory(network: &Vae, images: u64, config: ProjectionConfig) -> Vec<Vec<Iterate>> {
    let x = pictures(network.config.channels, images);
    let projection = Projection::new(network, &x, Masks::default(), config, 0.0);
    trajectory_of(projection.expect("the pictures fit"))
}

#[test]
fn alpha_zero_is_the_identity() {
    let network = network(3, &Device::flex());
    let all = trajectory(
        &network,
        2,
        ProjectionConfig {
            alpha: 0.0,
            ..config()
        },
    );
    assert_eq!(all.len(), 7);
    for (last, original) in all[6].iter().zip(pictures(3, 2)) {
        assert_eq!(last.iterate, original);
        assert_eq!(last.scalars.regulariser, 0.0);
    }
}

#[test]
fn iterates_move_stay_in_range_and_lower_the_energy() {
    let network = network(1, &Device::flex());
    for step in [StepRule::WEIGHTED, StepRule::PLAIN] {
        let alpha = if step == StepRule::PLAIN { 0.01 } else { 0.2 };
        let all = trajectory(
            &network,
            2,
            ProjectionConfig {
                alpha,
                step,
                ..config()
            },
        );
        for (first, last) in all[0].iter().zip(&all[6]) {
            assert!(last.scalars.energy < first.scalars.energy);
            assert!(last.scalars.largest_change > 0.0);
            assert!(last.scalars.reconstruction_shift > 0.0);
            assert!(
                last.iterate
                    .pixels
                    .iter()
                    .all(|value| (0.0..=1.0).contains(value))
            );
        }
    }
}

/// L_r by its definition, in double precision.
fn distance_between(distance: Distance, x: &Picture, f: &Picture) -> f32 {
    let double = |picture: &Picture| -> Vec<f64> {
        let pixels = picture.pixels.iter();
        pixels.map(|value| f64::from(*value)).collect()
    };
    let (x, f) = (double(x), double(f));
    let sum = |term: fn(f64, f64) -> f64| -> f64 {
        let pairs = x.iter().zip(&f);
        pairs.map(|(x, f)| term(*x, *f)).sum()
    };
    let total = match distance {
        Distance::SquaredError => sum(|x, f| (x - f).powi(2)),
        Distance::AbsoluteError => sum(|x, f| (x - f).abs()),
        Distance::CrossEntropy => sum(|x, f| -(x * f.ln() + (1.0 - x) * (1.0 - f).ln())),
        Distance::Dissimilarity => Ssim::new(Isa::Portable, SIZE_PX).value(&x, &f, None),
    };
    total as f32
}

#[test]
fn the_stop_threshold_is_the_smallest_distance_of_training_images() {
    let network = network(3, &Device::flex());
    let inputs = pictures(3, 4);
    let reconstructions = Projection::new(&network, &inputs, Masks::default(), config(), 0.0);
    let reconstructions = reconstructions.expect("the pictures fit");
    let observed = reconstructions.observe().expect("observes").iterates;
    for distance in Distance::ALL {
        let projection = ProjectionConfig {
            distance,
            ..config()
        };
        let data = DataConfig {
            size_px: SIZE_PX,
            ..Default::default()
        };
        let map = MapConfig::default();
        let mut calibrator =
            Calibrator::new(&network, ModelMark::default(), &data, projection, map);
        let subject = |picture: &Picture| Subject::new(picture.clone(), None);
        let subjects: Vec<Subject> = inputs.iter().map(subject).collect();
        for some in subjects.chunks(3) {
            calibrator.measure_training(some).expect("measures");
        }
        let expected = inputs
            .iter()
            .zip(&observed)
            .map(|(x, at)| distance_between(distance, x, &at.reconstruction))
            .fold(f32::INFINITY, f32::min);
        let threshold = calibrator.finish().stop_threshold;
        let error = (threshold - expected).abs() / expected;
        assert!(error < 1e-4, "{distance:?}: {threshold} against {expected}");
    }
}

#[test]
fn scalars_are_those_of_the_pictures() {
    let network = network(3, &Device::flex());
    for (distance, regulariser) in [
        (Distance::SquaredError, Regulariser::L1),
        (Distance::SquaredError, Regulariser::L2),
        (Distance::AbsoluteError, Regulariser::L1),
        (Distance::CrossEntropy, Regulariser::L1),
        (Distance::Dissimilarity, Regulariser::L1),
    ] {
        let config = ProjectionConfig {
            alpha: 0.1,
            distance,
            regulariser,
            ..config()
        };
        let all = trajectory(&network, 2, config);
        let (first, last) = (&all[0][1], &all[6][1]);
        let error = distance_between(distance, &last.iterate, &last.reconstruction);
        let pairs = last.iterate.pixels.iter().zip(&first.iterate.pixels);
        let penalty: f32 = pairs
            .map(|(x, x0)| match regulariser {
                Regulariser::L1 => (x - x0).abs(),
                Regulariser::L2 => (x - x0).powi(2),
            })
            .sum();
        let close = |a: f32, b: f32| (a - b).abs() <= 1e-4 * b.abs().max(1e-3);
        assert!(close(last.scalars.reconstruction_error, error));
        assert!(close(last.scalars.regulariser, penalty));
        assert!(close(last.scalars.energy, error + config.lambda * penalty));
    }
}

#[test]
fn with_back_off_the_energy_never_rises() {
    let network = network(1, &Device::flex());
    let wild = ProjectionConfig {
        alpha: 50.0,
        step: StepRule::PLAIN,
        back_off: true,
        iterations: 12,
        ..config()
    };
    let all = trajectory(&network, 3, wild);
    for image in 0..3 {
        let energies: Vec<f32> = all.iter().map(|step| step[image].scalars.energy).collect();
        assert!(
            energies.windows(2).all(|pair| pair[1] <= pair[0]),
            "{energies:?}"
        );
    }
    assert!(all[12][0].scalars.alpha < 50.0, "the step size was halved");
}

#[test]
fn projecting_leaves_the_weights_bit_equal() {
    let network = network(3, &Device::flex());
    let before = weight_bits(&network);
    trajectory(&network, 2, config());
    assert_eq!(before, weight_bits(&network));
}

#[test]
fn ignored_pixels_neither_move_nor_count() {
    let device = Device::flex();
    let network = network(1, &device);
    let picture = pictures(1, 1).remove(0);
    let counted = Picture::from_fn(
        1,
        SIZE_PX,
        SIZE_PX,
        |_, y, _| if y < 20 { 0.0 } else { 1.0 },
    );
    let x = std::slice::from_ref(&picture);
    let masks = Masks::counting(vec![counted]);
    let mut projection = Projection::new(&network, x, masks, config(), 0.0).expect("fits");
    projection.step();
    projection.step();
    let last = projection.observe().expect("observes").iterates.remove(0);
    let ignored = 20 * SIZE_PX;
    assert_eq!(last.iterate.pixels[..ignored], picture.pixels[..ignored]);
    assert_ne!(last.iterate.pixels[ignored..], picture.pixels[ignored..]);
    let pairs = last
        .iterate
        .pixels
        .iter()
        .zip(&last.reconstruction.pixels)
        .skip(ignored);
    let error: f32 = pairs.map(|(x, f)| (x - f).powi(2)).sum();
    assert!((last.scalars.reconstruction_error - error).abs() < 1e-3 * error);
}

#[test]
fn a_hole_alone_moves_and_is_filled() {
    let network = network(1, &Device::flex());
    let known = pictures(1, 1).remove(0);
    let inside = |y: usize, x: usize| (20..40).contains(&y) && (10..50).contains(&x);
    let hole = Picture::from_fn(1, SIZE_PX, SIZE_PX, |_, y, x| {
        f32::from(u8::from(inside(y, x)))
    });
    let mut picture = known.clone();
    fill_with_noise(&mut picture, &hole, 1);
    let subject = Subject {
        hole: Some(hole.clone()),
        ..Subject::new(picture.clone(), None)
    };
    let data = DataConfig {
        size_px: SIZE_PX,
        ..Default::default()
    };
    // Lambda would hold the noise where it is.
    let held = ProjectionConfig {
        lambda: 1e3,
        ..config()
    };
    let map = MapConfig::paper();
    let mut inspector =
        Inspector::new(&network, &data, vec![subject], held, map, 0.0).expect("fits");
    let error = |x: &Picture, f: &Picture| -> f32 {
        let pairs = x.pixels.iter().zip(&f.pixels).zip(&hole.pixels);
        pairs.map(|((x, f), hole)| hole * (x - f).powi(2)).sum()
    };
    let first = inspector.observe().expect("observes").iterates.remove(0);
    while !inspector.is_capped() {
        inspector.step();
    }
    let step = inspector.observe().expect("observes");
    let result = inspector.inspections(&step).remove(0);
    let last = &step.iterates[0];
    let places = (0..SIZE_PX * SIZE_PX).map(|i| (i / SIZE_PX, i % SIZE_PX));
    for (y, x) in places {
        if !inside(y, x) {
            assert_eq!(last.iterate.at(0, y, x), known.at(0, y, x), "({y}, {x})");
        }
    }
    let (before, after) = (
        error(&picture, &first.reconstruction),
        error(&last.iterate, &last.reconstruction),
    );
    assert!(after < 0.7 * before, "{before} to {after}");
    // Nothing else moved, and the hole is left out.
    assert_eq!(result.projected_score.value, 0.0);
}

#[test]
fn an_image_below_the_threshold_stops_while_others_go_on() {
    let device = Device::flex();
    let network = network(1, &device);
    let errors: Vec<f32> = trajectory(&network, 3, config())[0]
        .iter()
        .map(|iterate| iterate.scalars.reconstruction_error)
        .collect();
    // Between the smallest and the others: exactly one image starts below it.
    let mut sorted = errors.clone();
    sorted.sort_by(f32::total_cmp);
    let threshold = (sorted[0] + sorted[1]) / 2.0;
    let early = ProjectionConfig {
        stop_early: true,
        iterations: 2,
        alpha: 1e-5,
        ..config()
    };
    let mut projection = Projection::new(
        &network,
        &pictures(1, 3),
        Masks::default(),
        early,
        threshold,
    )
    .expect("the pictures fit");
    while !projection.is_capped() {
        projection.step();
    }
    let last = projection.observe().expect("observes");
    for (i, error) in errors.iter().enumerate() {
        let (rule, steps) = match *error < threshold {
            true => (StopRule::Threshold, 1),
            false => (StopRule::Iterations, 2),
        };
        assert_eq!(last.stopped[i], Some(rule));
        assert_eq!(last.iterates[i].scalars.t, steps);
    }
}

#[test]
fn no_image_stops_before_its_first_step() {
    let network = network(1, &Device::flex());
    let early = ProjectionConfig {
        stop_early: true,
        ..config()
    };
    // Every image is as good as the training images.
    let (images, threshold) = (pictures(1, 2), f32::INFINITY);
    let pairs = [Pair::from(&early); 2];
    let masks = Masks::default;
    for projection in [
        Projection::new(&network, &images, masks(), early, threshold),
        Projection::on_tensors(&network, &images, masks(), &pairs, early, threshold),
    ] {
        let mut projection = projection.expect("the pictures fit");
        assert_eq!(projection.stopped().expect("observes"), [None; 2]);
        projection.step();
        let end = projection.observe().expect("observes");
        assert_eq!(end.stopped, [Some(StopRule::Threshold); 2]);
        for (iterate, original) in end.iterates.iter().zip(&images) {
            assert_ne!(iterate.iterate, *original, "its map would be empty");
        }
    }
}

#[test]
fn a_step_to_infinity_is_taken_back_and_reported() {
    let device = Device::flex();
    let mut network = network(1, &device);
    let last = network.layers_mut().last_mut().expect("there are layers");
    last.weight = last.weight.clone() * f32::NAN;
    let broken = trajectory(&network, 1, config());
    assert_eq!(
        broken[6][0].iterate,
        pictures(1, 1)[0],
        "the last finite state is x_0"
    );
    let mut projection =
        Projection::new(&network, &pictures(1, 1), Masks::default(), config(), 0.0)
            .expect("the picture fits");
    projection.step();
    let observation = projection.observe().expect("observes");
    assert_eq!(observation.stopped[0], Some(StopRule::NotFinite));
}

#[test]
fn a_mask_of_another_size_is_refused() {
    let network = network(1, &Device::flex());
    let x = pictures(1, 2);
    for masks in [
        vec![Picture::filled(1, SIZE_PX, SIZE_PX - 1, 1.0); 2],
        vec![Picture::filled(1, SIZE_PX, SIZE_PX, 1.0)],
    ] {
        let masks = Masks::counting(masks);
        let refused = Projection::new(&network, &x, masks, config(), 0.0).err();
        assert!(
            matches!(refused, Some(ComputeError::Input(_))),
            "{refused:?}"
        );
    }
}

#[test]
fn pixels_that_are_not_finite_are_refused() {
    let network = network(1, &Device::flex());
    let mut picture = pictures(1, 1).remove(0);
    picture.pixels[7] = f32::NAN;
    let subjects = vec![Subject::new(picture, None)];
    let data = DataConfig {
        size_px: SIZE_PX,
        ..Default::default()
    };
    let error = Inspector::new(
        &network,
        &data,
        subjects,
        config(),
        MapConfig::default(),
        0.0,
    );
    assert!(
        error
            .err()
            .is_some_and(|error| error.to_string().contains("NaN"))
    );
}

#[test]
fn a_texture_is_projected_in_blended_tiles() {
    let network = network(1, &Device::flex());
    let picture = Picture::from_fn(1, 100, 150, |_, y, x| ((x * y) % 13) as f32 / 12.0);
    let data = DataConfig {
        size_px: SIZE_PX,
        mode: Mode::Texture,
        ..Default::default()
    };
    let subjects = vec![Subject::new(picture.clone(), None)];
    let mut inspector = Inspector::new(
        &network,
        &data,
        subjects,
        config(),
        MapConfig::default(),
        0.0,
    )
    .expect("a texture may have any size");
    let first = inspector.observe().expect("observes");
    for (a, b) in first.iterates[0].iterate.pixels.iter().zip(&picture.pixels) {
        assert!((a - b).abs() < 1e-5, "t = 0 is the image itself");
    }
    while !inspector.is_capped() {
        inspector.step();
    }
    let last = inspector.observe().expect("observes");
    let inspection = inspector.inspections(&last).remove(0);
    assert_eq!(
        (
            inspection.projected_map.height,
            inspection.projected_map.width
        ),
        (100, 150)
    );
    assert!(inspection.projected_score.value > 0.0);
    assert_eq!(inspection.stop, StopRule::Iterations);
}

/// The software adapter comes with the test machine's packages; without one this must fail, not
/// pass silently.
#[test]
fn the_gpu_path_agrees_with_the_cpu_over_five_iterates() {
    let config = ProjectionConfig {
        iterations: 5,
        ..config()
    };
    let expected = trajectory(&network(3, &Device::flex()), 2, config);
    let gpu = device::open(DeviceChoice::SoftwareGpu).expect("mesa-vulkan-drivers is installed");
    assert!(gpu.info.gpu && gpu.info.software);
    let network = network(3, &gpu.device);
    assert_same(&expected, &trajectory(&network, 2, config));
    assert_same(&expected, &ahead(&network, 2, config));
}

/// Holds iterates to a root mean square of 1e-4, and energies to 1e-3.
///
/// Not each pixel: the gradient jumps where a pixel crosses x_0 or a feature crosses zero, and which
/// side rounding leaves them on depends on the kernels that a device happens to find quickest.
fn assert_same(expected: &[Vec<Iterate>], actual: &[Vec<Iterate>]) {
    assert_eq!(expected.len(), actual.len());
    for (expected, actual) in expected.iter().flatten().zip(actual.iter().flatten()) {
        let (a, b) = (&expected.iterate.pixels, &actual.iterate.pixels);
        let squares = a.iter().zip(b).map(|(a, b)| (a - b).powi(2));
        let distance = (squares.sum::<f32>() / a.len() as f32).sqrt();
        assert!(distance < 1e-4, "x_{}: {distance}", expected.scalars.t);
        let (a, b) = (expected.scalars.energy, actual.scalars.energy);
        let near = (a - b).abs() < 1e-3 * a.abs();
        assert!(near, "E(x_{}): {a}, {b}", expected.scalars.t);
    }
}

/// As [`trajectory`], on tensors, with the next step under way while an iterate is fetched.
fn ahead(network: &Vae, images: u64, config: ProjectionConfig) -> Vec<Vec<Iterate>> {
    let x = pictures(network.config.channels, images);
    let pairs = vec![Pair::from(&config); x.len()];
    let masks = Masks::default();
    let projection = Projection::on_tensors(network, &x, masks, &pairs, config, 0.0);
    let mut projection = projection.expect("the pictures fit");
    let mut all = Vec::new();
    loop {
        let last = projection.is_capped();
        all.push(projection.observe_ahead().expect("observes").iterates);
        if last {
            return all;
        }
    }
}

#[test]
fn an_iterate_read_ahead_is_the_iterate() {
    let network = network(1, &Device::flex());
    let expected = trajectory(&network, 2, config());
    assert_same(&expected, &ahead(&network, 2, config()));
}

#[test]
fn a_software_adapter_is_not_taken_for_a_gpu() {
    let chosen = device::open(DeviceChoice::Auto).expect("the CPU is always there");
    let real = device::adapters().iter().any(|adapter| !adapter.software);
    assert_eq!(chosen.info.gpu, real);
    assert!(!chosen.info.reason.to_string().is_empty());
    let absent = device::open(DeviceChoice::Gpu(99)).expect_err("there are not that many");
    assert!(absent.to_string().contains("GPU"));
}
