//! Images projected to the end, a few tiles at a time.

use burn::tensor::Device;
use kizumi_compute::inspector::{Inspector, Subject};
use kizumi_compute::network::Vae;
use kizumi_compute::rounds::{Rounds, TILES_TOGETHER};
use kizumi_compute::tiling::Tiling;
use kizumi_image::picture::Picture;
use kizumi_method::config::{DataConfig, MapConfig, Mode, ProjectionConfig, StepRule};
use kizumi_method::iterate::Inspection;

use crate::common::{SIZE_PX, network};

fn data() -> DataConfig {
    DataConfig {
        size_px: SIZE_PX,
        mode: Mode::Texture,
        ..Default::default()
    }
}

fn config() -> ProjectionConfig {
    ProjectionConfig {
        iterations: 3,
        ..Default::default()
    }
}

/// Gated by features, whose gate reaches from tile to tile.
fn gated() -> ProjectionConfig {
    ProjectionConfig {
        step: StepRule::HELD_FEATURES,
        alpha: 0.5,
        ..config()
    }
}

fn texture(height: usize, width: usize) -> Subject {
    let picture = Picture::from_fn(1, height, width, |_, y, x| ((x * y) % 13) as f32 / 12.0);
    let counted = Picture::from_fn(1, height, width, |_, y, x| {
        f32::from(u8::from(y > 7 || x > 9))
    });
    // Far from normal in spots that lie across the borders of tiles.
    let distance = Picture::from_fn(1, height, width, |_, y, x| {
        if (y / 4 + x / 4) % 7 == 0 { 1.6 } else { 0.5 }
    });
    Subject::new(picture, Some(counted)).with_distance(Some(distance))
}

/// All tiles of an image at once.
fn at_once(network: &Vae, subject: Subject, config: ProjectionConfig) -> Inspection {
    let map = MapConfig::default();
    let mut inspector =
        Inspector::new(network, &data(), vec![subject], config, map, 0.0).expect("it fits");
    while !inspector.is_capped() {
        inspector.step();
    }
    let last = inspector.observe().expect("observes");
    inspector.inspections(&last).remove(0)
}

#[test]
fn rounds_find_what_all_tiles_at_once_find() {
    rounds_agree(config());
}

#[test]
fn a_tile_has_its_piece_of_the_gate_of_the_whole_image() {
    rounds_agree(gated());
}

fn rounds_agree(config: ProjectionConfig) {
    let network = network(1, &Device::flex());
    // The second one begins in one round and ends in another.
    let subjects = [texture(70, 64), texture(460, 500), texture(64, 64)];
    assert!(Tiling::new(460, 500, SIZE_PX).len() > TILES_TOGETHER);
    let rounds = Rounds::new(
        &network,
        &data(),
        subjects.to_vec(),
        config,
        MapConfig::default(),
        0.0,
    );
    let done = rounds.expect("they fit").run().expect("projects");
    assert_eq!(done.len(), 3);
    for (subject, (same, inspection)) in subjects.into_iter().zip(done) {
        assert_eq!(subject, same, "in the order in which they were given");
        let expected = at_once(&network, subject, config);
        assert!(expected.projected_score.value > 0.0);
        assert_eq!(
            (inspection.iterations, inspection.stop),
            (expected.iterations, expected.stop)
        );
        let pictures = |one: Inspection| {
            [
                one.plain_map.values,
                one.projected_map.values,
                one.projected,
                one.reconstruction,
            ]
        };
        for (a, b) in pictures(inspection).iter().zip(pictures(expected)) {
            assert_eq!((a.height, a.width), (b.height, b.width));
            for (a, b) in a.pixels.iter().zip(&b.pixels) {
                assert!((a - b).abs() < 1e-5, "{a} is not {b}");
            }
        }
    }
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_nothing() {
    let network = network(1, &Device::flex());
    let rounds = |subjects: Vec<Subject>| {
        let map = MapConfig::default();
        Rounds::new(&network, &data(), subjects, config(), map, 0.0)
    };
    let refused = rounds(vec![texture(SIZE_PX - 1, 100)]).err();
    assert!(refused.is_some_and(|error| error.to_string().contains("does not fit")));
    let done = rounds(Vec::new()).expect("nothing fits").run();
    assert!(done.expect("projects").is_empty());
    let mut broken = texture(SIZE_PX, SIZE_PX);
    broken.picture.pixels[5] = f32::NAN;
    let failed = rounds(vec![broken]).expect("it fits").run();
    assert!(failed.is_err_and(|error| error.to_string().contains("NaN")));
}
