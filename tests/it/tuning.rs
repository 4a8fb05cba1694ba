//! Choosing settings by synthetic defects.

use std::path::Path;

use burn::tensor::Device;
use kizumi_compute::artifact::Artifact;
use kizumi_compute::recalibration::Recalibration;
use kizumi_compute::training::run::{Phase, TrainingRun};
use kizumi_compute::tuning::{FEWEST_HELD_OUT, HealingRun, Tuning, TuningOptions};
use kizumi_dataset::catalog::Catalog;
use kizumi_dataset::scan::scan;
use kizumi_engine::message::{Command, Event, Job, Outcome};
use kizumi_image::picture::Picture;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::FeatureConfig;
use kizumi_method::config::{
    DataConfig, MapConfig, Mode, ProjectionConfig, Recipe, StepRule, TrainingConfig, TrainingLimit,
    TrainingPlan,
};
use kizumi_method::metrics::Healing;
use kizumi_method::tuning::{Round, Trial, TuningResult};
use tempfile::TempDir;

use crate::common::SIZE_PX;
use crate::rig::{Rig, outcome, projection_ended, saved, tuning_ended, write_images};

const OPTIONS: TuningOptions = TuningOptions { seed: 1, images: 8 };

/// A folder with images, and a small model of them.
struct Model {
    folder: TempDir,
    artifact: Artifact,
}

impl Model {
    fn new(mode: Mode, held_out: f32) -> Self {
        Self::with_features(mode, held_out, FeatureConfig::NONE)
    }

    fn with_features(mode: Mode, held_out: f32, features: FeatureConfig) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write_images(folder.path(), 24);
        let plan = TrainingPlan {
            recipe: Recipe {
                data: DataConfig {
                    mode,
                    size_px: SIZE_PX,
                    texture_side_px: SIZE_PX,
                    validation_fraction: held_out,
                    ..Default::default()
                },
                latent: 4,
                width: 4,
                skips: 0,
                features,
                training: TrainingConfig {
                    batch: 8,
                    learning_rate: 2e-3,
                    limit: TrainingLimit {
                        images: Some(800),
                        ..Default::default()
                    },
                    ..Default::default()
                },
            },
            projection: ProjectionConfig {
                iterations: 10,
                // The network is too small to tell: all images would be normal enough.
                stop_early: false,
                ..Default::default()
            },
            map: MapConfig::default(),
        };
        let catalog = scan(folder.path()).expect("images");
        let mut run = TrainingRun::new(&catalog, plan, &Device::flex()).expect("a plan");
        while run.phase() != Phase::Done {
            run.step().expect("it learns");
        }
        let artifact = run.artifact().expect("a model");
        Self { folder, artifact }
    }

    fn catalog(&self) -> Catalog {
        scan(self.folder.path()).expect("images")
    }

    /// As if it had been calibrated like this.
    fn started_with(mut self, projection: ProjectionConfig, map: MapConfig) -> Self {
        let calibration = self.artifact.header.calibration.take();
        self.artifact.header.calibration = Some(Calibration {
            projection,
            map,
            ..calibration.expect("it is calibrated")
        });
        self
    }

    fn tuning(&self, options: TuningOptions) -> Tuning {
        Tuning::new(&self.artifact, &self.catalog(), options).expect("it can be tuned")
    }

    fn tuned(&self, options: TuningOptions) -> TuningResult {
        to_the_end(self.tuning(options))
    }
}

fn to_the_end(mut tuning: Tuning) -> TuningResult {
    loop {
        if let Some(result) = tuning.step().expect("it tunes") {
            return result;
        }
        let (done, total) = tuning.progress();
        assert!(done <= total, "{done} of {total}");
    }
}

fn of_round(result: &TuningResult, round: Round) -> Vec<&Trial> {
    let of_round = result.tried.iter().filter(|trial| trial.round == round);
    of_round.collect()
}

#[test]
fn a_projection_that_moves_nothing_loses() {
    // Alpha 0 leaves every image as it is: its maps of pixels are empty, whatever the defect.
    let nothing = ProjectionConfig {
        alpha: 0.0,
        iterations: 10,
        stop_early: false,
        ..Default::default()
    };
    let model = Model::new(Mode::Object, 0.25).started_with(nothing, MapConfig::paper());
    // Few images tell little: enough of them that luck does not decide.
    let result = model.tuned(TuningOptions {
        images: 24,
        ..OPTIONS
    });
    let start: Vec<&Trial> = result
        .tried
        .iter()
        .filter(|trial| trial.setting() == result.start)
        .collect();
    assert_eq!(start.len(), 3, "once a round");
    for trial in start {
        let figures = &trial.figures;
        assert_eq!((figures.pixel_auroc, figures.image_auroc), (0.5, 0.5));
    }
    assert!(result.is_change());
    assert!(result.best.0.alpha > 0.0);
    let comparison = result.comparison.expect("something was better");
    assert!(comparison.found.criterion() > 0.6, "{comparison:?}");
    assert_eq!((comparison.projection, comparison.map), result.best);
}

#[test]
fn the_same_seed_tries_the_same_and_finds_the_same() {
    let model = Model::new(Mode::Object, 0.25);
    let one = model.tuned(OPTIONS);
    let other = model.tuned(OPTIONS);
    assert_eq!(one.tried, other.tried);
    assert_eq!((one.best, one.comparison), (other.best, other.comparison));
    let seeded = model.tuned(TuningOptions { seed: 2, ..OPTIONS });
    assert_ne!(one.tried, seeded.tried);

    // What is taken is the start, or was better on the new defects.
    for result in [&one, &seeded] {
        let last = of_round(result, Round::Final);
        if result.is_change() {
            let [start, found] = last[..] else {
                panic!("two were compared: {last:?}");
            };
            assert_eq!(start.setting(), result.start);
            assert_eq!(found.setting(), result.best);
            assert!(found.figures.criterion() > start.figures.criterion());
        } else {
            assert_eq!(result.best, result.start);
        }
        let tried = |setting| result.tried.iter().any(|trial| trial.setting() == setting);
        assert!(tried(result.start) && tried(result.best));
    }
    // Rounds get more thorough.
    let images = |round| of_round(&one, round).first().map(|trial| trial.images);
    assert!(images(Round::Coarse) < images(Round::Fine));
}

#[test]
fn a_shorter_projection_is_what_the_longer_one_passed_through() {
    let model = Model::new(Mode::Object, 0.25);
    let result = model.tuned(OPTIONS);
    // The start's trial after 10 of 50 iterations is that of a projection that ends there.
    let start = ProjectionConfig {
        iterations: 5,
        ..result.start.0
    };
    let shorter = Model {
        folder: model.folder,
        artifact: model.artifact,
    }
    .started_with(start, result.start.1);
    let again = shorter.tuned(OPTIONS);
    let coarse = |result: &TuningResult, iterations: usize| -> Vec<Trial> {
        let trials = result.tried.iter().cloned();
        let own = trials.filter(|trial| {
            trial.round == Round::Coarse
                && trial.projection
                    == ProjectionConfig {
                        iterations,
                        ..start
                    }
        });
        own.collect()
    };
    assert_eq!(coarse(&result, 5), coarse(&again, 5));
    assert_eq!(coarse(&result, 5).len(), 3, "one for each kind of map");
    assert_ne!(
        coarse(&result, 5)[0].figures,
        coarse(&result, 25)[0].figures
    );
}

#[test]
fn a_hurried_search_still_compares() {
    let nothing = ProjectionConfig {
        alpha: 0.0,
        iterations: 10,
        stop_early: false,
        ..Default::default()
    };
    let start = (nothing, MapConfig::paper());
    let model = Model::new(Mode::Object, 0.25).started_with(start.0, start.1);
    let mut tuning = model.tuning(OPTIONS);
    // Until something is better than doing nothing.
    let better = |tried: &[Trial]| {
        let start = tried.iter().find(|trial| trial.setting() == start);
        start.is_some_and(|start| {
            tried.iter().any(|trial| {
                let (tried, start) = (&trial.figures, &start.figures);
                tried.criterion() > start.criterion() && tried.is_nowhere_worse_than(start)
            })
        })
    };
    while !better(tuning.tried()) {
        assert!(tuning.step().expect("it tunes").is_none());
    }
    tuning.hurry();
    let result = to_the_end(tuning);
    assert!(of_round(&result, Round::Fine).is_empty());
    assert_eq!(of_round(&result, Round::Final).len(), 2);
    let comparison = result.comparison.expect("something was better");
    assert!(comparison.gain() > 0.0, "{comparison:?}");
    // Hurried from the beginning there is the start alone.
    let mut tuning = model.tuning(OPTIONS);
    tuning.hurry();
    let result = to_the_end(tuning);
    assert!(
        result
            .tried
            .iter()
            .all(|trial| trial.projection.alpha == 0.0)
    );
}

#[test]
fn settings_are_tried_with_the_memory_that_is_kept_with_the_result() {
    let mut model = Model::with_features(Mode::Object, 0.25, FeatureConfig::default());
    let (projection, map) = (ProjectionConfig::healing(), MapConfig::default());
    // The memory is from before these regions were left out.
    let upper_half = |y: usize| f32::from(u8::from(y < SIZE_PX / 2));
    let ignored = Picture::from_fn(1, SIZE_PX, SIZE_PX, |_, y, _| upper_half(y));
    model.artifact.set_ignored(Some(ignored));
    let tuned = |model: &Model| {
        let mut tuning = model.tuning(OPTIONS);
        tuning.hurry();
        to_the_end(tuning)
    };
    let before = tuned(&model);
    assert!(!before.tried.is_empty());

    let run = Recalibration::new(&model.artifact, &model.catalog(), projection, map);
    let mut run = run.expect("its data set");
    let made = loop {
        if let Some(made) = run.step().expect("it measures") {
            break made;
        }
    };
    let calibration = model.artifact.header.calibration.clone();
    model.artifact.recalibrated(made);
    model.artifact.header.calibration = calibration;
    assert_eq!(tuned(&model).tried, before.tried);
}

#[test]
fn textures_are_tuned_on_tiles() {
    let model = Model::new(Mode::Texture, 0.25);
    let result = model.tuned(TuningOptions {
        images: 4,
        ..OPTIONS
    });
    assert!(of_round(&result, Round::Fine).len() > 15);
    assert!(result.tried.iter().all(|trial| trial.images > 0));
}

#[test]
fn what_cannot_be_tuned_is_refused() {
    let few = Model::new(Mode::Object, 0.1);
    let refusal = |model: &Model, folder: &Path| {
        let catalog = scan(folder).expect("images");
        let tuning = Tuning::new(&model.artifact, &catalog, OPTIONS);
        let mut tuning = match tuning {
            Ok(tuning) => tuning,
            Err(reason) => return reason.to_string(),
        };
        loop {
            match tuning.step() {
                Ok(None) => {}
                Ok(Some(result)) => panic!("it was tuned: {result:?}"),
                Err(error) => return error.to_string(),
            }
        }
    };
    let reason = refusal(&few, few.folder.path());
    assert!(reason.contains("normal images: 2"), "{reason}");
    assert!(reason.contains(&FEWEST_HELD_OUT.to_string()), "{reason}");

    let model = Model::new(Mode::Object, 0.25);
    let others = tempfile::tempdir().expect("a temporary folder");
    let others = others.path();
    write_images(others, 5);
    let reason = refusal(&model, others);
    assert!(reason.contains("not the data set"), "{reason}");
    write_images(others, 25);
    std::fs::remove_file(others.join("000.png")).expect("removes");
    let reason = refusal(&model, others);
    assert!(reason.contains("not the data set"), "{reason}");

    let endless = ProjectionConfig {
        iterations: 10_000,
        ..Default::default()
    };
    let model = model.started_with(endless, MapConfig::default());
    let reason = refusal(&model, model.folder.path());
    assert!(reason.contains("10000"), "{reason}");
}

/// A rig whose model can be tuned.
fn rig() -> Rig {
    // A quarter of these is held out: enough.
    let rig = Rig::with_data(24);
    rig.train(32);
    rig.until(saved);
    rig
}

#[test]
fn the_worker_tunes_and_leaves_the_model_as_it_was() {
    let rig = rig();
    let file = std::fs::read(rig.model_file()).expect("a model");
    rig.tune();
    let events = rig.until(tuning_ended);
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::Started(Job::Tuning(_))))
    );
    assert_eq!(outcome(&events, tuning_ended), Some(&Outcome::Done));
    let mut tried = Vec::new();
    let mut tuned = None;
    for event in events {
        match event {
            Event::Tried { trials, .. } => tried.extend(trials),
            Event::Tuned { result, .. } => tuned = Some(*result),
            _ => {}
        }
    }
    let result = tuned.expect("a result");
    assert_eq!(tried, result.tried);
    assert_eq!(std::fs::read(rig.model_file()).expect("a model"), file);
}

#[test]
fn tuning_gives_way_and_can_be_stopped() {
    let rig = rig();
    rig.tune();
    rig.until(|event| matches!(event, Event::Tried { .. }));
    rig.open(rig.image_file());
    rig.project(2);
    let events = rig.until(projection_ended);
    assert!(!events.iter().any(tuning_ended));
    for cancels_all in [false, true] {
        let tuning = rig.tune();
        let stop = match cancels_all {
            false => Command::StopTuning(tuning),
            true => Command::CancelAll,
        };
        rig.until(|event| matches!(event, Event::Started(Job::Tuning(_))));
        rig.engine.send(stop);
        let events = rig.until(tuning_ended);
        assert_eq!(outcome(&events, tuning_ended), Some(&Outcome::Stopped));
    }
    // Another model ends it, too.
    rig.tune();
    rig.until(|event| matches!(event, Event::Started(Job::Tuning(_))));
    rig.open_model(rig.model_file());
    rig.until(tuning_ended);

    let nothing = Rig::new();
    nothing.tune();
    assert!(nothing.complaint().contains("model"));
    nothing.open_model(rig.model_file());
    nothing.tune();
    assert!(nothing.complaint().contains("data set"));
}

#[test]
fn what_a_projection_heals_is_measured_on_spoilt_held_out_images() {
    let model = Model::new(Mode::Object, 0.25);
    let healing = |model: &Model| {
        let mut run = HealingRun::new(&model.artifact, &model.catalog()).expect("held-out images");
        while !run.is_done() {
            run.step().expect("it measures");
        }
        run.finish().expect("there are defects")
    };
    let still = ProjectionConfig {
        alpha: 0.0,
        ..Default::default()
    };
    let model = model.started_with(still, MapConfig::default());
    let nothing = Healing {
        within: 1.0,
        outside: healing(&model).outside,
        untouched: 1.0,
        ..Healing::default()
    };
    assert_eq!(healing(&model), nothing);
    let all_the_way = ProjectionConfig {
        step: StepRule::HELD,
        ..ProjectionConfig::healing()
    };
    let moved = healing(&model.started_with(all_the_way, MapConfig::default()));
    assert!(moved.within != 1.0 && moved.untouched < 1.0, "{moved:?}");
    assert!(moved.outside > nothing.outside);
}
