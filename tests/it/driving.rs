//! The driver of training, on a clock of the test's own: when it ends, what it keeps.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use burn::tensor::Device;
use kizumi_compute::artifact::Artifact;
use kizumi_compute::training::autosave::{self, Autosave, Interrupted, interrupted};
use kizumi_compute::training::driver::{AUTOSAVE_EVERY, TrainingDriver};
use kizumi_compute::training::keeping::Keeping;
use kizumi_compute::training::news::{Advance, Ending, Finished, Kept, News, TrainingError};
use kizumi_compute::training::run::{Phase, TrainingRun};
use kizumi_dataset::load_note::LoadNote;
use kizumi_dataset::scan::scan;
use kizumi_dataset::split::{Parting, split};
use kizumi_method::config::FeatureConfig;
use kizumi_method::config::{
    DataConfig, ProjectionConfig, Recipe, TrainingConfig, TrainingLimit, TrainingPlan,
};
use tempfile::TempDir;

use crate::common::{SIZE_PX, weight_bits};
use crate::rig::write_images;

/// Images in a step.
const BATCH: u64 = 4;

/// A folder with images, and a clock that stands still unless it is set.
struct Desk {
    folder: TempDir,
    now_ms: Arc<AtomicU64>,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        write_images(&folder.path().join("washer"), 12);
        Self {
            folder,
            now_ms: Arc::default(),
        }
    }

    fn images(&self) -> PathBuf {
        self.folder.path().join("washer")
    }

    fn models(&self) -> PathBuf {
        self.folder.path().join("models")
    }

    fn target(&self) -> PathBuf {
        self.models().join("washer.safetensors")
    }

    /// The names of all models and autosaves.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.models()).expect("a folder");
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<_> = entries.flatten().map(name).collect();
        names.sort();
        names
    }

    fn wait(&self, time: Duration) {
        let ms = time.as_millis() as u64;
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }

    fn driver(&self, run: TrainingRun, keeping: Keeping) -> TrainingDriver {
        let now_ms = self.now_ms.clone();
        let clock = move || Duration::from_millis(now_ms.load(Ordering::Relaxed));
        TrainingDriver::new(run, Some(keeping), Box::new(clock))
    }

    fn train(&self, training: TrainingConfig) -> TrainingDriver {
        let catalog = scan(&self.images()).expect("images");
        let run = TrainingRun::new(&catalog, plan(training), &Device::flex()).expect("a plan");
        self.driver(run, Keeping::new(&self.target()).expect("writable"))
    }

    fn resume(&self, interrupted: &Interrupted) -> TrainingDriver {
        let (artifact, record) =
            autosave::load(&interrupted.autosave, &Device::flex()).expect("a model");
        let record = record.expect("it says how it goes on");
        let catalog = scan(&record.data).expect("images");
        let run = TrainingRun::go_on(artifact, &record, &catalog, &Device::flex());
        let keeping = Keeping::take_over(&interrupted.autosave, record, &interrupted.target);
        self.driver(run.expect("a plan"), keeping.expect("nobody trains it"))
    }

    /// The one training here that was interrupted.
    fn interrupted(&self) -> Interrupted {
        let mut found = interrupted(&self.models());
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }
}

fn plan(training: TrainingConfig) -> TrainingPlan {
    TrainingPlan {
        recipe: Recipe {
            data: DataConfig {
                size_px: SIZE_PX,
                validation_fraction: 0.25,
                ..Default::default()
            },
            latent: 4,
            width: 4,
            skips: 0,
            features: FeatureConfig::NONE,
            training,
        },
        projection: ProjectionConfig {
            iterations: 2,
            ..Default::default()
        },
        ..Default::default()
    }
}

fn training(limit: TrainingLimit) -> TrainingConfig {
    TrainingConfig {
        batch: BATCH as usize,
        limit,
        ..Default::default()
    }
}

fn images(images: u64) -> TrainingConfig {
    training(TrainingLimit {
        images: Some(images),
        ..Default::default()
    })
}

fn endless() -> TrainingConfig {
    images(1_000_000)
}

fn advance(driver: &mut TrainingDriver) -> Result<Advance, TrainingError> {
    driver.advance(|_| {})
}

fn to_the_end(mut driver: TrainingDriver) -> Finished {
    loop {
        if let Advance::Finished(finished) = advance(&mut driver).expect("it trains") {
            return *finished;
        }
    }
}

fn until(driver: &mut TrainingDriver, phase: Phase) {
    while driver.phase() != phase {
        advance(driver).expect("it trains");
    }
}

fn until_images(driver: &mut TrainingDriver, images: u64) {
    let seen = |driver: &TrainingDriver| driver.run().trainer().map_or(0, |t| t.images_seen());
    while seen(driver) < images {
        advance(driver).expect("it trains");
    }
}

fn load(path: &Path) -> Artifact {
    Artifact::load(path, &Device::flex()).expect("a model")
}

#[test]
fn patience_ends_a_training_with_a_calibrated_model() {
    let desk = Desk::new();
    let finished = to_the_end(desk.train(TrainingConfig {
        // Nothing is learned, so the first look at the validation images is the best one.
        learning_rate: 1e-12,
        images_per_epoch: 500,
        ..training(TrainingLimit {
            epochs: Some(1000),
            patience_epochs: Some(1),
            ..Default::default()
        })
    }));
    assert_eq!(finished.ending, Ending::Settled);
    assert_eq!(
        finished.saved.as_ref().expect("it is saved"),
        &Some(desk.target())
    );
    let saved = load(&desk.target()).header;
    assert!(saved.calibration.is_some());
    assert_eq!(saved.images_seen, 125 * BATCH, "the best weights are kept");
    assert_eq!(desk.files(), ["washer.safetensors"]);
}

#[test]
fn the_clock_decides_when_a_training_is_saved_and_when_it_ends() {
    let desk = Desk::new();
    let mut driver = desk.train(training(TrainingLimit {
        seconds: Some(100.0),
        ..Default::default()
    }));
    until_images(&mut driver, 8 * BATCH);
    let autosave = desk.models().join(&desk.files()[0]);
    assert_eq!(fs::metadata(&autosave).expect("a file").len(), 0);

    desk.wait(AUTOSAVE_EVERY);
    advance(&mut driver).expect("it trains");
    let images_seen = load(&autosave).header.images_seen;
    assert_eq!(images_seen, 9 * BATCH);
    for _ in 0..20 {
        advance(&mut driver).expect("it trains");
    }
    assert_eq!(load(&autosave).header.images_seen, images_seen, "not yet");

    // A pause is no time spent training.
    driver.stand_aside();
    desk.wait(Duration::from_secs(1000));
    advance(&mut driver).expect("it trains");
    assert_eq!(driver.phase(), Phase::Training);
    desk.wait(Duration::from_secs(70));
    let finished = to_the_end(driver);
    assert_eq!(finished.ending, Ending::TimeBudget);
    assert!(finished.artifact.header.calibration.is_some());
}

#[test]
fn a_panic_while_training_leaves_the_weights_in_a_file_and_says_where() {
    let desk = Desk::new();
    let mut driver = desk.train(images(400));
    let mut reports = 0;
    let error = loop {
        let advance = driver.advance(|news| {
            if matches!(news, News::Training(_)) {
                reports += 1;
                assert!(reports < 5, "out of memory");
            }
        });
        if let Err(error) = advance {
            break error;
        }
    };
    assert!(error.panicked);
    let Some(Kept::Autosave(kept)) = error.kept.clone() else {
        panic!("{error:?}");
    };
    assert!(error.to_string().contains("out of memory"), "{error}");
    assert!(error.to_string().contains(&kept.display().to_string()));
    let artifact = load(&kept);
    let bits = weight_bits(&artifact.network);
    assert!(bits.iter().all(|bits| f32::from_bits(*bits).is_finite()));
    // The last state whose loss was known to be finite is one observation old.
    assert_eq!(artifact.header.images_seen, 4 * 8 * BATCH);

    drop(driver);
    let offered = desk.interrupted();
    assert_eq!((offered.autosave, offered.images), (kept, 128));
    assert_eq!(offered.data, desk.images());
    assert_eq!(offered.share, Some(0.32));
}

#[test]
fn an_interrupted_training_ends_as_if_it_had_not_been() {
    let desk = Desk::new();
    let whole = to_the_end(desk.train(images(200))).artifact;
    let mut driver = desk.train(images(200));
    until_images(&mut driver, 60);
    let kept = driver.close().expect("writable").expect("something");
    let offered = desk.interrupted();
    assert_eq!((&offered.autosave, offered.images), (&kept, 60));
    assert_eq!(offered.share, Some(0.3));

    let finished = to_the_end(desk.resume(&offered));
    let resumed = finished.artifact;
    assert_eq!(
        weight_bits(&resumed.network),
        weight_bits(&whole.network),
        "weights, moments and the place in the run are kept"
    );
    let (resumed, whole) = (resumed.header, whole.header);
    assert_eq!((resumed.step, resumed.images_seen), (50, 200));
    assert!(resumed.calibration == whole.calibration);
    assert_eq!(
        finished.saved.as_ref().expect("it is saved"),
        &Some(desk.target())
    );
    assert_eq!(desk.files(), ["washer.safetensors"]);
}

#[test]
fn a_training_that_was_only_to_be_measured_is_not_trained_further() {
    let desk = Desk::new();
    let mut driver = desk.train(images(40));
    until(&mut driver, Phase::Calibrating);
    driver.close().expect("writable").expect("something");
    let offered = desk.interrupted();
    assert_eq!((offered.images, offered.share), (40, Some(1.0)));
    let finished = to_the_end(desk.resume(&offered));
    assert_eq!(finished.artifact.header.images_seen, 40);
    assert!(finished.artifact.header.calibration.is_some());
    assert_eq!(desk.files(), ["washer.safetensors"]);
}

#[test]
fn a_training_that_was_stopped_twice_can_go_on_to_its_limits() {
    let desk = Desk::new();
    let mut driver = desk.train(images(200));
    until_images(&mut driver, 60);
    driver.finish();
    until(&mut driver, Phase::Calibrating);
    driver.close().expect("writable").expect("something");
    let offered = desk.interrupted();
    assert_eq!((offered.images, offered.share), (60, Some(0.3)));
    let finished = to_the_end(desk.resume(&offered));
    assert_eq!(finished.ending, Ending::Limit);
    assert_eq!(finished.artifact.header.images_seen, 200);
    assert_eq!(desk.files(), ["washer.safetensors"]);
}

#[test]
fn an_autosave_is_left_alone_by_other_trainings_and_while_it_is_trained() {
    let desk = Desk::new();
    let mut running = desk.train(endless());
    until_images(&mut running, 40);
    desk.wait(AUTOSAVE_EVERY);
    until_images(&mut running, 80);
    assert!(interrupted(&desk.models()).is_empty(), "it is running");
    let autosave = desk.models().join(&desk.files()[0]);
    let refused = Autosave::take_over(&autosave).expect_err("it is running");
    assert!(refused.to_string().contains("running"), "{refused}");

    let kept = running.close().expect("writable").expect("something");
    assert_eq!(kept, autosave);
    let bytes = fs::read(&kept).expect("a file");
    to_the_end(desk.train(images(20)));
    assert_eq!(fs::read(&kept).expect("still there"), bytes);
    assert_eq!(desk.interrupted().autosave, kept);
    autosave::discard(&kept).expect("nobody trains it");
    assert_eq!(desk.files(), ["washer.safetensors"]);
}

#[test]
fn a_killed_training_goes_on_from_its_last_autosave() {
    let desk = Desk::new();
    let mut killed = desk.train(images(200));
    until_images(&mut killed, 40);
    desk.wait(AUTOSAVE_EVERY);
    until_images(&mut killed, 60);
    // Nobody asks it to end.
    drop(killed);
    let offered = desk.interrupted();
    assert_eq!(offered.images, 44);
    let finished = to_the_end(desk.resume(&offered));
    assert_eq!(finished.artifact.header.images_seen, 200);
    assert_eq!(desk.files(), ["washer.safetensors"]);
}

#[test]
fn what_killed_saves_left_goes_when_a_training_begins_or_is_looked_for() {
    let desk = Desk::new();
    fs::create_dir(desk.models()).expect("a folder");
    let left = desk.models().join(".kizumi-Killed12AbCd.tmp");
    let leave = || {
        let file = fs::File::create(&left).expect("writable");
        let long_ago = SystemTime::now() - Duration::from_secs(3600);
        file.set_modified(long_ago).expect("it is ours");
    };
    leave();
    interrupted(&desk.models());
    assert!(!left.exists());
    leave();
    desk.train(endless());
    assert!(!left.exists());
}

#[test]
fn two_trainings_of_one_data_set_end_with_two_models() {
    let desk = Desk::new();
    let (one, other) = (desk.train(images(20)), desk.train(images(24)));
    let (one, other) = (to_the_end(one), to_the_end(other));
    let second = desk.models().join("washer-2.safetensors");
    assert_eq!(
        one.saved.as_ref().expect("it is saved"),
        &Some(desk.target())
    );
    assert_eq!(
        other.saved.as_ref().expect("it is saved"),
        &Some(second.clone())
    );
    assert_eq!(load(&desk.target()).header.images_seen, 20);
    assert_eq!(load(&second).header.images_seen, 24);
}

#[test]
fn a_training_that_is_stopped_early_replaces_no_model_but_the_one_it_goes_on_from() {
    let desk = Desk::new();
    to_the_end(desk.train(images(200)));
    let before = fs::read(desk.target()).expect("a model");
    let stop = |mut driver: TrainingDriver, images| {
        until_images(&mut driver, images);
        driver.finish();
        let mut warnings = Vec::new();
        loop {
            let advance = driver.advance(|news| {
                if let News::Warning(warning) = news {
                    warnings.push(warning.to_string());
                }
            });
            if let Advance::Finished(finished) = advance.expect("it trains") {
                return (*finished, warnings);
            }
        }
    };
    let (stopped, warnings) = stop(desk.train(endless()), 8);
    let second = desk.models().join("washer-2.safetensors");
    assert_eq!(
        stopped.saved.as_ref().expect("it is saved"),
        &Some(second.clone())
    );
    assert!(load(&second).header.calibration.is_some());
    assert_eq!(fs::read(desk.target()).expect("a model"), before);
    assert!(warnings[0].contains("washer-2.safetensors"), "{warnings:?}");

    let catalog = scan(&desk.images()).expect("images");
    let more = endless().limit;
    let run = TrainingRun::resume(load(&desk.target()), &catalog, more, &Device::flex());
    let keeping = Keeping::new(&desk.target()).expect("writable");
    let further = desk.driver(run.expect("a plan"), keeping.further(&desk.target()));
    let (stopped, warnings) = stop(further, 208);
    assert_eq!(
        stopped.saved.as_ref().expect("it is saved"),
        &Some(desk.target())
    );
    assert_eq!(load(&desk.target()).header.images_seen, 208);
    assert_eq!(warnings, Vec::<String>::new());
}

#[test]
fn training_on_with_other_images_is_said_and_holds_out_none_that_was_learned() {
    let desk = Desk::new();
    to_the_end(desk.train(images(20)));
    let model = load(&desk.target());
    let catalog = scan(&desk.images()).expect("images");
    let (data, training) = (&model.header.data, &model.header.training);
    let parts = split(
        &catalog.train,
        &[],
        data.validation_fraction,
        training.seed,
        Parting::New,
    );
    assert_eq!(parts.held_out.len(), model.header.dataset.validation_images);
    let gone = parts
        .held_out
        .iter()
        .map(|entry| catalog.name_of(&entry.path));
    let rest = catalog.without(&gone.collect());
    let limit = images(20).limit;
    let mut run = TrainingRun::resume(model, &rest, limit, &Device::flex()).expect("a plan");
    while run.phase() == Phase::Loading {
        run.step().expect("it loads");
    }
    let dataset = run.artifact().expect("a model").header.dataset;
    assert_eq!((dataset.training_images, dataset.validation_images), (9, 0));
    let is_said = |note: &LoadNote| {
        note.to_string()
            .contains("9 to learn from and 3 held out then, 9 and 0 now")
    };
    assert!(run.notes().iter().any(is_said), "{:?}", run.notes());
}

#[test]
fn a_measured_model_does_not_give_way_to_one_that_is_not() {
    let desk = Desk::new();
    let leave_out_measuring = |mut driver: TrainingDriver| {
        until(&mut driver, Phase::Calibrating);
        driver.skip_measuring();
        to_the_end(driver)
    };
    let first = leave_out_measuring(desk.train(images(20)));
    assert_eq!(
        first.saved.as_ref().expect("it is saved"),
        &Some(desk.target()),
        "better than nothing"
    );
    assert!(load(&desk.target()).header.calibration.is_none());

    to_the_end(desk.train(images(20)));
    let before = fs::read(desk.target()).expect("a model");
    let error = leave_out_measuring(desk.train(images(40)))
        .saved
        .expect_err("it was not measured");
    assert_eq!(fs::read(desk.target()).expect("a model"), before);
    let Some(Kept::Autosave(kept)) = error.kept else {
        panic!("{error:?}");
    };
    assert_eq!(load(&kept).header.images_seen, 40);
}

#[test]
fn a_training_that_is_stopped_before_it_begins_leaves_nothing() {
    let desk = Desk::new();
    let mut driver = desk.train(endless());
    advance(&mut driver).expect("it reads images");
    driver.finish();
    let error = advance(&mut driver).expect_err("there is nothing to keep");
    assert!(error.reason.contains("nothing was saved"), "{error}");
    assert_eq!(error.kept, None);
    drop(driver);
    assert!(desk.files().is_empty());
}

#[test]
fn closing_says_that_what_was_learned_cannot_be_written() {
    let desk = Desk::new();
    let mut driver = desk.train(endless());
    until_images(&mut driver, 40);
    fs::remove_dir_all(desk.models()).expect("it can be removed");
    let error = driver.close().expect_err("there is no folder");
    assert!(error.reason.contains("washer.autosave-"), "{error}");
    assert_eq!(error.kept, None);
}

#[test]
fn an_autosave_that_cannot_be_written_is_said_once_and_training_goes_on() {
    let desk = Desk::new();
    let mut driver = desk.train(images(2000));
    until_images(&mut driver, 4);
    fs::remove_dir_all(desk.models()).expect("it can be removed");
    let mut warnings = Vec::new();
    while driver.phase() == Phase::Training {
        desk.wait(AUTOSAVE_EVERY / 4);
        driver
            .advance(|news| {
                if let News::Warning(warning) = news {
                    warnings.push(warning.to_string());
                }
            })
            .expect("it goes on");
    }
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("washer.autosave-"), "{warnings:?}");
    assert_eq!(
        to_the_end(driver).saved.as_ref().expect("it is saved"),
        &Some(desk.target())
    );
}
