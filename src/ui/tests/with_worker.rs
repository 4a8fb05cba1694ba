//! The window's state with the real worker: whatever a person does and however the worker's news come
//! in between, what is on screen belongs together.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use kizumi_compute::artifact::{Artifact, DatasetSummary, FORMAT, Header};
use kizumi_compute::device::{self, Device};
use kizumi_compute::inspector::Subject;
use kizumi_compute::network::Vae;
use kizumi_compute::rounds::Rounds;
use kizumi_dataset::catalog::Entry;
use kizumi_dataset::scan::Roles;
use kizumi_engine::Engine as Worker;
use kizumi_engine::message::{Command, Event, ModelId};
use kizumi_method::calibration::Calibration;
use kizumi_method::config::FeatureConfig;
use kizumi_method::config::{
    DataConfig, DeviceChoice, NetworkConfig, ProjectionConfig, TrainingConfig,
};
use kizumi_method::maker::Score;
use kizumi_method::mapper::Mapper;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

use crate::ui::action::Action;
use crate::ui::language::Language;
use crate::ui::perform::{Surroundings, perform};
use crate::ui::settings::Settings;
use crate::ui::state::State;
use crate::ui::state::history::Moment;
use crate::ui::state::painting::{Stroke, Tool};
use crate::ui::text::Text;
use crate::ui::timing::Timing;

/// Far more than an answer takes: only what never comes reaches it.
const PATIENCE: Duration = Duration::from_secs(60);
/// Images that can be read; one more cannot.
const IMAGES: usize = 4;
const MODELS: usize = 2;

/// Files that every case uses and none changes.
struct Files {
    folder: TempDir,
    device: Device,
}

impl Files {
    fn get() -> &'static Self {
        static FILES: OnceLock<Files> = OnceLock::new();
        FILES.get_or_init(|| {
            let files = Self {
                folder: tempfile::tempdir().unwrap(),
                device: device::open(DeviceChoice::Cpu).unwrap().device,
            };
            std::fs::create_dir(files.images()).unwrap();
            for index in 0..IMAGES {
                let image = image::GrayImage::from_fn(16, 16, |x, y| {
                    let wave = x * (index as u32 + 3) + y * 7;
                    image::Luma([(wave % 200 + 20) as u8])
                });
                image.save(files.image(index)).unwrap();
            }
            std::fs::write(files.image(IMAGES), "no picture").unwrap();
            for index in 0..MODELS {
                files.made_model(index).save(&files.model(index)).unwrap();
            }
            files
        })
    }

    fn images(&self) -> PathBuf {
        self.folder.path().join("images")
    }

    /// The last one is broken.
    fn image(&self, index: usize) -> PathBuf {
        self.images().join(format!("{index}.png"))
    }

    fn model(&self, index: usize) -> PathBuf {
        self.folder.path().join(format!("{index}.safetensors"))
    }

    fn made_model(&self, index: usize) -> Artifact {
        let network = NetworkConfig {
            channels: 1,
            size_px: 64,
            latent: 2,
            width: 2,
            skips: 0,
        };
        let mut rng = ChaCha8Rng::seed_from_u64(index as u64);
        let scores: Vec<f32> = (1..=20).map(|i| (i + index) as f32 * 0.01).collect();
        Artifact {
            network: Vae::random(&network, &mut rng, &self.device),
            optimiser: None,
            ignored: None,
            memories: None,
            normal_mean: None,
            header: Header {
                format: FORMAT,
                program: Header::this_program(),
                data: DataConfig {
                    size_px: 64,
                    ..DataConfig::default()
                },
                network,
                features: FeatureConfig::NONE,
                training: TrainingConfig::default(),
                step: 0,
                images_seen: 0,
                calibration: Some(Calibration {
                    plain_scores: scores.clone(),
                    projected_scores: scores,
                    projection: ProjectionConfig {
                        iterations: 3 + index,
                        stop_early: false,
                        ..Default::default()
                    },
                    ..Default::default()
                }),
                outdated: None,
                dataset: DatasetSummary::default(),
            },
        }
    }
}

#[derive(Clone, Debug)]
enum Act {
    Open(usize),
    Next(isize),
    Alpha(u8),
    Iterations(usize),
    /// A dab of paint; the window hears so many news after its begin and before its end.
    Dab(u8, usize),
    Cancel,
    OpenModel(usize),
    OpenBrokenModel,
    SaveNowhere,
    /// So much news is heard, so much time passes.
    Hear(usize, f64),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..=IMAGES).prop_map(Act::Open),
        3 => prop_oneof![Just(1), Just(-1)].prop_map(Act::Next),
        4 => (1..5u8).prop_map(Act::Alpha),
        2 => (1..7usize).prop_map(Act::Iterations),
        3 => (8..56u8, 0..4usize).prop_map(|(x, heard)| Act::Dab(x, heard)),
        1 => Just(Act::Cancel),
        2 => (0..MODELS).prop_map(Act::OpenModel),
        1 => Just(Act::OpenBrokenModel),
        1 => Just(Act::SaveNowhere),
        8 => (0..9usize, 0.0..0.2f64).prop_map(|(heard, secs)| Act::Hear(heard, secs)),
    ]
}

/// The window, without its pictures, and the worker.
struct Desk {
    state: State,
    worker: Worker,
    now_secs: f64,
    timing: Timing,
    models: Vec<Artifact>,
    /// Which file a model came from.
    files_of: HashMap<ModelId, usize>,
    /// The last image and the last model that were chosen and can be read.
    wanted: (usize, usize),
}

impl Desk {
    fn new() -> Self {
        let files = Files::get();
        let mut desk = Self {
            state: State::new(Settings::default()),
            worker: Worker::spawn(|| {}, None).unwrap(),
            now_secs: 0.0,
            timing: Timing::default(),
            models: (0..MODELS).map(|index| files.made_model(index)).collect(),
            files_of: HashMap::new(),
            wanted: (0, 0),
        };
        desk.worker.send(Command::UseDevice(DeviceChoice::Cpu));
        desk.perform(Action::OpenDataset(files.images()));
        desk.act(&Act::OpenModel(0));
        desk.act(&Act::Open(0));
        desk.settle();
        desk.state.painter.tool = Tool::Paint;
        desk
    }

    fn perform(&mut self, action: Action) {
        let home = Files::get().folder.path();
        let mut wants = Vec::new();
        let mut around = Surroundings {
            moment: Moment {
                now_secs: self.now_secs,
                held: false,
            },
            home,
            text: Text::of(Language::English),
            wants: &mut wants,
            order: &[],
            timing: &mut self.timing,
            browse: &mut |_| {},
            copy: &mut |_| {},
            ask_for_paste: &mut || {},
            window: &mut |_| {},
        };
        perform(action, &mut self.state, &mut self.worker, &mut around);
    }

    fn act(&mut self, act: &Act) {
        let files = Files::get();
        let projection = self.state.settings.projection;
        match *act {
            Act::Open(index) => {
                let entry = self.state.entry_of(&files.image(index));
                self.perform(Action::Select(entry));
            }
            Act::Next(by) => self.perform(Action::SelectNeighbour(by)),
            Act::Alpha(step) => self.perform(Action::SetProjection(ProjectionConfig {
                alpha: 0.1 * f32::from(step),
                ..projection
            })),
            Act::Iterations(iterations) => self.perform(Action::SetProjection(ProjectionConfig {
                iterations,
                ..projection
            })),
            Act::Dab(x, heard) => {
                let x = f32::from(x);
                self.perform(Action::Draw(Stroke::Begin((x, 20.0))));
                self.hear(heard, 0.0);
                self.perform(Action::Draw(Stroke::To((x, 40.0))));
                self.hear(heard, 0.0);
                self.perform(Action::Draw(Stroke::End));
            }
            Act::Cancel => self.perform(Action::CancelAll),
            Act::OpenModel(index) => {
                self.perform(Action::OpenModel(files.model(index)));
                self.wanted.1 = index;
            }
            Act::OpenBrokenModel => self.perform(Action::OpenModel(files.image(0))),
            Act::SaveNowhere => {
                let nowhere = files.image(0).join("model.safetensors");
                self.perform(Action::SaveModel(nowhere));
            }
            Act::Hear(heard, secs) => self.hear(heard, secs),
        }
        if let Act::Open(_) | Act::Next(_) = act {
            let chosen = self.state.inspecting.selected.as_ref();
            let index = |entry: &Entry| (0..IMAGES).find(|index| files.image(*index) == entry.path);
            self.wanted.0 = chosen.and_then(index).unwrap_or(self.wanted.0);
        }
    }

    /// The window's turn: at most so much of what the worker has said by now.
    fn hear(&mut self, count: usize, secs: f64) {
        for _ in 0..count {
            match self.worker.recv_timeout(Duration::from_millis(2)) {
                Some(event) => self.state.apply(event),
                None => break,
            }
            self.note_model();
        }
        self.now_secs += secs;
        while let Some(command) = self.state.due(self.now_secs) {
            self.worker.send(command);
        }
    }

    fn note_model(&mut self) {
        if let Some(model) = &self.state.model {
            let files = Files::get();
            let index = (0..MODELS).find(|index| model.path == Some(files.model(*index)));
            self.files_of.extend(index.map(|index| (model.id, index)));
        }
    }

    /// Until everything that was asked for is answered. The worker's answer to the last request says
    /// that those before it were heard.
    fn settle(&mut self) {
        for _ in 0..4 {
            self.hear(0, 1.0);
            let nowhere = Files::get().folder.path().join("nowhere");
            let dataset = self.state.ids.give();
            let question = Command::OpenDataset {
                roles: Roles::default(),
                dataset,
                path: nowhere,
            };
            let answer = question.about();
            self.worker.send(question);
            loop {
                let event = self.worker.recv_timeout(PATIENCE).expect("an answer");
                let is_answer = matches!(&event, Event::Failed { about, .. } if *about == answer);
                self.state.apply(event);
                self.note_model();
                if is_answer {
                    break;
                }
            }
        }
        while self.state.jobs.are_projecting() || self.state.inspecting.is_waiting() {
            let event = self.worker.recv_timeout(PATIENCE).expect("an iterate");
            self.state.apply(event);
            self.hear(0, 1.0);
        }
    }

    /// What is on screen carries one image, one model and one set of parameters.
    fn belongs_together(&self) -> Result<(), TestCaseError> {
        let inspecting = &self.state.inspecting;
        let (Some(opened), Some(model)) = (&inspecting.opened, &self.state.model) else {
            return Ok(());
        };
        let Some(run) = inspecting.current() else {
            prop_assert!(inspecting.result.is_none() && inspecting.recording().is_empty());
            return Ok(());
        };
        if inspecting.is_stale() {
            prop_assert!(
                inspecting.judged().is_none(),
                "no verdict for what is dimmed"
            );
            return Ok(());
        }
        let of = run.ticket();
        prop_assert_eq!((of.image, of.model), (opened.id, model.id));
        prop_assert_eq!(opened.model, Some(model.id));
        if let Some(calibration) = &model.calibration {
            let calibrated = Mapper::calibrated(model.mark, calibration);
            let maker = self.state.settings.thresholds_of;
            prop_assert_eq!(maker, calibrated.projected_maker());
        }
        let projection = self.state.settings.projection;
        let same_length = ProjectionConfig {
            iterations: projection.iterations,
            ..run.projection
        };
        prop_assert_eq!(same_length, projection);
        prop_assert_eq!(run.map, self.state.score_map());
        if let Some(judged) = inspecting.judged() {
            prop_assert_eq!(judged.iterations, projection.iterations);
            let (plain, projected) = self.measured();
            let close = |a: f32, b: f32| (a - b).abs() < 1e-3 * b.max(1.0);
            prop_assert!(close(judged.plain_score.value, plain.value));
            prop_assert!(close(judged.projected_score.value, projected.value));
            prop_assert_eq!(judged.plain_score.by, plain.by);
            prop_assert_eq!(judged.projected_score.by, projected.by);
        }
        Ok(())
    }

    /// The scores of the picture on screen by the model on screen with the parameters on screen.
    fn measured(&self) -> (Score, Score) {
        let opened = self.state.inspecting.opened.as_ref().unwrap();
        let model = &self.models[self.files_of[&self.state.model.as_ref().unwrap().id]];
        let subject = Subject::new(opened.picture.clone(), opened.counted.clone());
        let projection = self.state.settings.projection;
        let mapper = Mapper::new(
            model.mark().unwrap(),
            projection,
            self.state.score_map(),
            model.header.calibration.as_ref(),
        );
        let data = &model.header.data;
        let rounds = Rounds::new(&model.network, data, vec![subject], projection, mapper, 0.0);
        let mut rounds = rounds.unwrap();
        loop {
            if let Some(done) = rounds.step().unwrap() {
                let (_, inspection) = &done[0];
                return (inspection.plain_score, inspection.projected_score);
            }
        }
    }

    /// In the end the image and the model that were chosen last are shown, with a verdict.
    fn shows_what_is_wanted(&mut self) -> Result<(), TestCaseError> {
        // Somebody may have cancelled.
        self.act(&Act::Alpha(9));
        self.settle();
        self.belongs_together()?;
        let files = Files::get();
        let (image, model) = self.wanted;
        let inspecting = &self.state.inspecting;
        let shown = inspecting.opened.as_ref().map(|opened| &opened.entry);
        let path = shown.map(|entry| entry.path.clone());
        prop_assert_eq!(path, Some(files.image(image)));
        prop_assert_eq!(shown, inspecting.selected.as_ref());
        let path = self
            .state
            .model
            .as_ref()
            .and_then(|model| model.path.clone());
        prop_assert_eq!(path, Some(files.model(model)));
        prop_assert!(inspecting.judged().is_some());
        Ok(())
    }
}

#[test]
fn an_unrelated_failure_leaves_window_and_worker_at_the_same_image() {
    let mut desk = Desk::new();
    for act in [
        Act::Open(IMAGES),
        Act::Open(IMAGES),
        Act::Open(2),
        Act::SaveNowhere,
    ] {
        desk.act(&act);
    }
    desk.settle();
    desk.belongs_together().unwrap();
    assert_eq!(desk.wanted.0, 2);
    desk.shows_what_is_wanted().unwrap();
}

#[test]
fn an_image_opened_before_a_broken_one_is_shown_by_both() {
    let mut desk = Desk::new();
    desk.act(&Act::Open(3));
    desk.act(&Act::Open(IMAGES));
    desk.settle();
    desk.shows_what_is_wanted().unwrap();
    assert_eq!(desk.wanted.0, 3);
}

#[test]
fn stop_after_the_end_of_training_leaves_the_window_usable() {
    let mut desk = Desk::new();
    desk.perform(Action::Stop { keep: true });
    assert!(!desk.state.training.is_active());
    desk.shows_what_is_wanted().unwrap();
}

#[test]
fn two_quick_dabs_are_both_projected() {
    let mut desk = Desk::new();
    desk.act(&Act::Dab(16, 0));
    desk.perform(Action::Draw(Stroke::Begin((40.0, 20.0))));
    desk.perform(Action::Draw(Stroke::To((40.0, 40.0))));
    // What the worker says of the first dab comes in the middle of the second.
    loop {
        let event = desk.worker.recv_timeout(PATIENCE).expect("its picture");
        let is_picture = matches!(event, Event::ImageOpened(_));
        desk.state.apply(event);
        if is_picture {
            break;
        }
    }
    desk.perform(Action::Draw(Stroke::End));
    desk.settle();
    let opened = desk.state.inspecting.opened.as_ref().unwrap();
    assert!(opened.painted);
    let mask = opened.mask.as_ref().unwrap();
    assert_eq!((mask.at(0, 30, 16), mask.at(0, 30, 40)), (1.0, 1.0));
    desk.shows_what_is_wanted().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_is_on_screen_belongs_together(acts in prop::collection::vec(any_act(), 0..40)) {
        let mut desk = Desk::new();
        for act in &acts {
            desk.act(act);
            desk.belongs_together()?;
        }
        desk.settle();
        desk.shows_what_is_wanted()?;
    }
}
