//! The worker by hand, slice by slice.

use std::path::Path;

use crossbeam_channel::{Receiver, bounded};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::message::{Cause, Failure, ImageId, Job, RunId, RunTicket, TrainRequest};
use crate::slice;
use kizumi_compute::artifact::{DatasetSummary, FORMAT, Header};
use kizumi_compute::device::{self, Device};
use kizumi_compute::network::Vae;
use kizumi_compute::training::autosave::interrupted;
use kizumi_dataset::catalog::Entry;
use kizumi_dataset::sample::Set;
use kizumi_dataset::scan::Roles;
use kizumi_image::export::save_picture;
use kizumi_image::picture::Picture;
use kizumi_image::stamp::Stamp;
use kizumi_method::config::FeatureConfig;
use kizumi_method::config::{
    DataConfig, NetworkConfig, ProjectionConfig, Recipe, TrainingConfig, TrainingLimit,
    TrainingPlan,
};

fn worker(spare_models: Option<PathBuf>) -> (Worker, Receiver<Event>) {
    let (sender, events) = bounded(1000);
    let out = Outbox::new(sender, std::sync::Arc::new(|| {}));
    (Worker::new(out, spare_models), events)
}

fn artifact(device: &Device) -> Artifact {
    let network = NetworkConfig {
        channels: 1,
        size_px: 64,
        latent: 2,
        width: 2,
        skips: 0,
    };
    Artifact {
        network: Vae::random(&network, &mut ChaCha8Rng::seed_from_u64(0), device),
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
            calibration: None,
            outdated: None,
            dataset: DatasetSummary::default(),
        },
    }
}

#[test]
fn after_a_lost_device_the_cpu_goes_on_with_the_same_model() {
    let (mut worker, events) = worker(None);
    worker.obey(Command::UseDevice(DeviceChoice::Cpu));
    let cpu = device::open(DeviceChoice::Cpu)
        .expect("there is a CPU")
        .device;
    let model = ModelId::from(1);
    worker
        .set_model(model, artifact(&cpu), None)
        .expect("a model");

    worker.device_failed("out of memory");
    let lost = Event::DeviceLost(Failure::new(Cause::Device, "out of memory"));
    assert!(events.try_iter().any(|event| event == lost));
    assert!(!worker.is_busy());

    worker.obey(Command::UseDevice(DeviceChoice::Cpu));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.safetensors");
    worker.obey(Command::SaveModel {
        model,
        path: path.clone(),
    });
    let news: Vec<Event> = events.try_iter().collect();
    let saved = Event::ModelSaved {
        model,
        path: path.clone(),
    };
    assert!(news.contains(&saved), "{news:?}");
    assert!(Artifact::load(&path, &cpu).is_ok());
}

/// A folder of images, and a worker that has opened it.
struct Bench {
    folder: tempfile::TempDir,
    worker: Worker,
    events: Receiver<Event>,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("normals");
        std::fs::create_dir(&data).expect("a folder");
        for i in 0..12 {
            let picture = Picture::from_fn(1, 64, 64, |_, y, x| ((x * y + i) % 64) as f32 / 64.0);
            save_picture(&data.join(format!("{i}.png")), &picture).expect("it saves");
        }
        let spare_models = folder.path().join("spare");
        let (worker, events) = worker(Some(spare_models));
        let mut bench = Self {
            folder,
            worker,
            events,
        };
        bench.slice(Command::UseDevice(DeviceChoice::Cpu));
        bench.slice(Command::OpenDataset {
            dataset: DatasetId::default(),
            path: data,
            roles: Roles::default(),
        });
        // Its files are compared beside everything else.
        let compared = Event::Ended(Job::Checking(DatasetId::default()), Outcome::Done);
        while bench.events.recv().expect("a worker") != compared {}
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// From now on the processor passes for a graphics card.
    fn on_a_graphics_card(&mut self) {
        let device = self.worker.device.as_mut();
        device.expect("a device").info.gpu = true;
    }

    fn image(&self) -> Command {
        Command::OpenImage {
            image: ImageId::from(7),
            entry: Entry::alone(self.path("normals/0.png")),
            then: None,
        }
    }

    fn model(&self) -> PathBuf {
        self.path("models/washer.safetensors")
    }

    fn train(&mut self, images: u64) {
        let recipe = Recipe {
            data: DataConfig {
                size_px: 64,
                validation_fraction: 0.25,
                ..Default::default()
            },
            latent: 2,
            width: 2,
            skips: 0,
            features: FeatureConfig::NONE,
            training: TrainingConfig {
                batch: 4,
                limit: TrainingLimit {
                    images: Some(images),
                    ..Default::default()
                },
                ..Default::default()
            },
        };
        let request = TrainRequest {
            plan: TrainingPlan {
                recipe,
                projection: ProjectionConfig {
                    iterations: 2,
                    ..Default::default()
                },
                ..Default::default()
            },
            save_to: Some(self.model()),
            ..Default::default()
        };
        self.slice(Command::Train(Box::new(request)));
    }

    /// A command, as the thread would carry it out.
    fn slice(&mut self, command: Command) {
        slice(&mut self.worker, Some(command));
    }

    /// Works until an event comes; all events until then.
    fn until(&mut self, matches: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut seen = Vec::new();
        for _ in 0..10_000 {
            for event in self.events.try_iter() {
                let found = matches(&event);
                seen.push(event);
                if found {
                    return seen;
                }
            }
            slice(&mut self.worker, None);
        }
        panic!("waited in vain after {seen:#?}");
    }

    fn until_learning(&mut self) {
        self.until(|event| matches!(event, Event::Training(_)));
    }

    fn until_measuring(&mut self) {
        self.until(|event| *event == Event::Started(Job::Finishing));
    }

    fn news(&self) -> Vec<Event> {
        self.events.try_iter().collect()
    }

    fn loads(&self, path: &Path) -> Artifact {
        let device = device::open(DeviceChoice::Cpu).expect("there is a CPU");
        Artifact::load(path, &device.device).expect("a model")
    }
}

fn reason(events: &[Event], job: Job) -> &str {
    let ended = events.iter().find_map(|event| match event {
        Event::Ended(of, Outcome::Failed(reason)) if *of == job => Some(&*reason.text),
        _ => None,
    });
    ended.unwrap_or_else(|| panic!("{job:?} has not failed: {events:?}"))
}

#[test]
fn a_mistake_while_an_image_is_read_leaves_training_going() {
    let mut bench = Bench::new();
    bench.train(1_000_000);
    bench.until_learning();
    bench.worker.sabotaged = Some(Doing::Image);
    bench.slice(bench.image());
    let news = bench.news();
    let failed = |event: &Event| match event {
        Event::Failed { about, reason } => {
            *about == About::Image(ImageId::from(7)) && reason.text.contains("sabotaged")
        }
        _ => false,
    };
    assert!(news.iter().any(failed), "{news:?}");
    bench.until_learning();
    bench.worker.sabotaged = None;
    bench.slice(bench.image());
    bench.until(|event| matches!(event, Event::ImageOpened(_)));
    bench.until_learning();
}

#[test]
fn a_mistake_while_sample_data_is_written_ends_that_alone() {
    let mut bench = Bench::new();
    bench.train(1_000_000);
    bench.until_learning();
    bench.worker.sabotaged = Some(Doing::Demo);
    bench.slice(Command::OpenDemo {
        dataset: DatasetId::from(2),
        into: bench.path("samples"),
        set: Set::Washer,
    });
    let events = bench.until(|event| matches!(event, Event::Ended(Job::Demo, _)));
    assert!(reason(&events, Job::Demo).contains("sabotaged"));
    bench.until_learning();
}

#[test]
fn a_mistake_in_reading_is_no_loss_of_the_graphics_card() {
    let mut bench = Bench::new();
    bench.train(1_000_000);
    bench.until_learning();
    bench.on_a_graphics_card();
    let lost = |event: &Event| matches!(event, Event::DeviceLost(_));
    bench.worker.sabotaged = Some(Doing::Image);
    bench.slice(bench.image());
    bench.worker.sabotaged = Some(Doing::Demo);
    bench.slice(Command::OpenDemo {
        dataset: DatasetId::from(2),
        into: bench.path("samples"),
        set: Set::Washer,
    });
    let events = bench.until(|event| matches!(event, Event::Ended(Job::Demo, _)));
    assert!(!events.iter().any(lost), "{events:?}");
    bench.until_learning();
    // What computes may well have lost it.
    bench.worker.sabotaged = Some(Doing::Training);
    bench.until(lost);
}

#[test]
fn a_fault_in_telling_of_a_fault_ends_the_worker_alone() {
    let (sender, _events) = bounded(10);
    let nobody = std::sync::Arc::new(|| panic!("there is no window"));
    let mut worker = Worker::new(Outbox::new(sender, nobody), None);
    let refused = Command::OpenSource(ImageId::default());
    assert!(!slice(&mut worker, Some(refused)), "it cannot go on");
}

#[test]
fn the_comparison_of_files_ends_when_all_work_is_cancelled() {
    let mut bench = Bench::new();
    let parts = bench.path("parts");
    std::fs::create_dir(&parts).expect("a folder");
    for name in ["0.png", "1.png"] {
        // Alike in all samples, and far too long to be read before anybody cancels.
        let file = std::fs::File::create(parts.join(name)).expect("a file");
        file.set_len(1 << 36).expect("without a block on the disk");
    }
    let dataset = DatasetId::from(2);
    bench.slice(Command::OpenDataset {
        dataset,
        path: parts,
        roles: Roles::default(),
    });
    bench.slice(Command::CancelAll);
    let stopped = Event::Ended(Job::Checking(dataset), Outcome::Stopped);
    assert!(bench.news().contains(&stopped));
}

#[test]
fn a_mistake_in_training_keeps_what_was_learned_and_says_where() {
    let mut bench = Bench::new();
    bench.train(1_000_000);
    bench.until_learning();
    bench.until_learning();
    bench.worker.sabotaged = Some(Doing::Training);
    let events = bench.until(|event| matches!(event, Event::Ended(Job::Training, _)));
    let reason = reason(&events, Job::Training);
    let offered = interrupted(&bench.path("models"));
    assert_eq!(offered.len(), 1, "{offered:?}");
    let autosave = &offered[0].autosave;
    assert!(reason.contains(&autosave.display().to_string()), "{reason}");
    assert!(bench.loads(autosave).header.images_seen > 0);
    assert!(!bench.worker.is_busy());
}

#[test]
fn a_lost_device_keeps_what_was_learned_and_says_where() {
    let mut bench = Bench::new();
    bench.train(1_000_000);
    bench.until_learning();
    bench.until_learning();
    bench.worker.device_failed("out of memory");
    let events = bench.news();
    let reason = reason(&events, Job::Training);
    let offered = interrupted(&bench.path("models"));
    let autosave = offered[0].autosave.display().to_string();
    assert!(reason.contains("out of memory") && reason.contains(&autosave));
    assert!(events.contains(&Event::DeviceLost(Failure::new(
        Cause::Device,
        "out of memory"
    ))));
}

#[test]
fn a_lost_device_ends_the_search_for_suspects() {
    let (mut bench, job) = searching();
    bench.worker.device_failed("out of memory");
    let events = bench.news();
    assert_eq!(reason(&events, job), "out of memory");
    assert!(!bench.worker.is_busy());
    // Another one can be asked for.
    bench.slice(Command::UseDevice(DeviceChoice::Cpu));
    bench.slice(find_suspects(DatasetId::default()));
    let events = bench.until(|event| *event == Event::Ended(job, Outcome::Done));
    let found = events.iter().find_map(|event| match event {
        Event::Suspects { suspects, .. } => Some(suspects.ranking.len()),
        _ => None,
    });
    assert_eq!(found, Some(12));
}

#[test]
fn suspects_are_those_of_the_data_set_that_is_open() {
    let (mut bench, job) = searching();
    bench.slice(Command::OpenDataset {
        dataset: DatasetId::from(2),
        path: bench.path("normals"),
        roles: Roles::default(),
    });
    bench.slice(find_suspects(DatasetId::default()));
    let refused = |event: &Event| match event {
        Event::Failed { reason, .. } => reason.text.contains("Another data set"),
        _ => false,
    };
    let events = bench.until(refused);
    assert!(events.contains(&Event::Ended(job, Outcome::Stopped)));
    let found = |event: &Event| matches!(event, Event::Suspects { .. });
    assert!(!events.iter().any(found), "{events:?}");
    assert!(!bench.worker.is_busy());
}

/// A bench whose normal images are being compared.
fn searching() -> (Bench, Job) {
    let mut bench = Bench::new();
    let job = Job::FindingSuspects(DatasetId::default());
    bench.slice(find_suspects(DatasetId::default()));
    bench.until(|event| matches!(event, Event::Progress { job: of, .. } if *of == job));
    (bench, job)
}

fn find_suspects(dataset: DatasetId) -> Command {
    Command::FindSuspects {
        dataset,
        resolution: Default::default(),
    }
}

#[test]
fn a_mistake_while_the_device_warms_up_costs_no_finished_model() {
    let mut bench = Bench::new();
    bench.train(16);
    bench.until_measuring();
    bench.worker.sabotaged = Some(Doing::Device);
    let events = bench.until(|event| matches!(event, Event::Failed { .. }));
    let ready = |event: &Event| matches!(event, Event::ModelReady(_));
    assert!(events.iter().any(ready), "{events:?}");
    assert!(bench.loads(&bench.model()).header.calibration.is_some());
    bench.worker.sabotaged = None;
    bench.slice(bench.image());
    bench.until(|event| matches!(event, Event::ImageOpened(_)));
}

#[test]
fn stopping_after_the_end_changes_nothing() {
    let mut bench = Bench::new();
    bench.train(16);
    bench.until_measuring();
    bench.slice(Command::Stop { keep: true });
    let events = bench.until(|event| matches!(event, Event::ModelSaved { .. }));
    assert!(events.contains(&Event::Ended(Job::Finishing, Outcome::Done)));
    assert!(bench.loads(&bench.model()).header.calibration.is_some());
    for keep in [true, false] {
        bench.slice(Command::Stop { keep });
        assert_eq!(bench.news(), []);
    }
    assert!(!bench.worker.is_busy());
}

#[test]
fn a_change_of_device_obeys_while_the_normal_images_are_measured() {
    let mut bench = Bench::new();
    bench.train(16);
    bench.until_measuring();
    bench.slice(Command::UseDevice(DeviceChoice::Cpu));
    assert!(bench.worker.training.is_some(), "nothing was waited for");
    bench.slice(bench.image());
    let opened = |event: &Event| matches!(event, Event::ImageOpened(_));
    assert!(bench.news().iter().any(opened));
    let events = bench.until(|event| matches!(event, Event::DeviceReady(_)));
    let saved = Event::ModelSaved {
        model: ModelId::default(),
        path: bench.model(),
    };
    assert!(events.contains(&saved), "{events:?}");

    bench.train(16);
    bench.until_measuring();
    bench.slice(Command::UseDevice(DeviceChoice::Cpu));
    bench.slice(Command::SkipMeasuring);
    slice(&mut bench.worker, None);
    let ready = |event: &Event| matches!(event, Event::DeviceReady(_));
    assert!(bench.news().iter().any(ready), "measuring was left out");
}

#[test]
fn a_model_whose_name_was_taken_meanwhile_gets_another() {
    let mut bench = Bench::new();
    bench.train(16);
    bench.until_measuring();
    std::fs::create_dir(bench.model()).expect("a folder");
    std::fs::write(bench.model().join("in the way"), "").expect("writes");
    let events =
        bench.until(|event| matches!(event, Event::ModelSaved { .. } | Event::Failed { .. }));
    let ready = |event: &Event| matches!(event, Event::ModelReady(_));
    assert!(events.iter().any(ready));
    let saved = Event::ModelSaved {
        model: ModelId::default(),
        path: bench.path("models/washer-2.safetensors"),
    };
    assert_eq!(events.last(), Some(&saved));
}

#[test]
fn a_model_that_cannot_be_written_in_its_place_is_kept_elsewhere() {
    let mut bench = Bench::new();
    bench.train(16);
    bench.until_measuring();
    std::fs::remove_dir_all(bench.path("models")).expect("it can be removed");
    std::fs::write(bench.path("models"), "in the way").expect("writes");
    let failed = |event: &Event| matches!(event, Event::Failed { .. });
    let events = bench.until(failed);
    let path = bench.path("spare/washer.safetensors");
    let model = ModelId::default();
    let saved = Event::ModelSaved {
        model,
        path: path.clone(),
    };
    assert!(events.contains(&saved), "{events:?}");
    let says = |event: &Event| match event {
        Event::Failed { about, reason } => {
            let named = ["models", &path.display().to_string()];
            *about == About::Saving(model) && named.iter().all(|name| reason.text.contains(name))
        }
        _ => false,
    };
    assert!(events.iter().any(says), "{events:?}");
    assert!(bench.loads(&path).header.calibration.is_some());
}

#[test]
fn a_folder_whose_normal_images_nobody_knows_is_asked_about_and_opened_as_answered() {
    let mut bench = Bench::new();
    let picture = Picture::filled(1, 64, 48, 0.5);
    for (folder, images) in [("alt", 3), ("neu", 2)] {
        std::fs::create_dir_all(bench.path("parts").join(folder)).expect("a folder");
        for i in 0..images {
            let path = bench.path("parts").join(folder).join(format!("{i}.png"));
            save_picture(&path, &picture).expect("it saves");
        }
    }
    std::fs::write(bench.path("parts/neu/1.png"), b"no image").expect("it writes");
    let open = |bench: &mut Bench, roles| {
        bench.slice(Command::OpenDataset {
            dataset: DatasetId::from(5),
            path: bench.path("parts"),
            roles,
        });
    };
    open(&mut bench, Roles::default());
    let events = bench.until(|event| matches!(event, Event::DatasetUnclear { .. }));
    let Some(Event::DatasetUnclear { groups, .. }) = events.last() else {
        panic!("nobody is asked");
    };
    let read = |at: usize| -> Vec<bool> {
        let samples = groups[at].samples.iter();
        samples.map(Option::is_some).collect()
    };
    assert_eq!((groups[0].images, read(0)), (3, vec![true; 3]));
    assert_eq!((groups[1].images, read(1)), (2, vec![true, false]));
    let roles = Roles {
        normal: vec![groups[0].folder.clone()],
        unused: vec![groups[1].folder.clone()],
        ..Roles::default()
    };
    open(&mut bench, roles);
    let events = bench.until(|event| matches!(event, Event::DatasetOpened { .. }));
    let Some(Event::DatasetOpened { catalog, .. }) = events.last() else {
        panic!("it is not opened");
    };
    assert_eq!((catalog.train.len(), catalog.test.len()), (3, 0));
}

#[test]
fn keeping_an_interrupted_training_leaves_the_model_in_its_place_alone() {
    let mut bench = Bench::new();
    bench.train(16);
    bench.until(|event| matches!(event, Event::ModelSaved { .. }));
    let before = std::fs::read(bench.model()).expect("a model");
    bench.train(1_000_000);
    bench.until_learning();
    bench.worker.close();
    let offered = interrupted(&bench.path("models"));
    bench.slice(Command::ResumeInterrupted {
        model: ModelId::from(3),
        dataset: DatasetId::from(3),
        autosave: offered[0].autosave.clone(),
        roles: Roles::default(),
        keep: true,
    });
    let events = bench.until(|event| matches!(event, Event::ModelSaved { .. }));
    let path = bench.path("models/washer-2.safetensors");
    let saved = Event::ModelSaved {
        model: ModelId::from(3),
        path: path.clone(),
    };
    assert_eq!(events.last(), Some(&saved));
    assert_eq!(std::fs::read(bench.model()).expect("a model"), before);
    assert!(bench.loads(&path).header.calibration.is_some());
    let shown = events.iter().find_map(|event| match event {
        Event::Training(status) => Some(status.clone()),
        _ => None,
    });
    let shown = shown.expect("numbers");
    assert_eq!(shown.images, offered[0].images);
    assert_eq!(shown.reconstruction, None, "it was not trained");
}

#[test]
fn a_file_that_has_changed_and_one_that_cannot_be_reached_are_told_apart() {
    let mut bench = Bench::new();
    bench.news();
    let [kept, changed, gone] = ["0", "1", "2"].map(|name| {
        let path = bench.path(&format!("normals/{name}.png"));
        let stamp = Stamp::of(&path).expect("a file");
        (path, stamp)
    });
    let picture = Picture::from_fn(3, 64, 64, |_, y, x| (x * y) as f32 / 4096.0);
    save_picture(&changed.0, &picture).expect("it saves");
    std::fs::remove_file(&gone.0).expect("it can be removed");
    let asked = vec![kept, changed.clone(), gone.clone()];
    bench.slice(Command::FindChanged(asked));
    let found = Event::FilesFound {
        changed: vec![changed],
        unreachable: vec![gone],
    };
    assert_eq!(bench.news(), [found]);
}

#[test]
fn a_model_that_was_kept_projects_images_after_another_has_taken_its_place() {
    let (mut worker, events) = worker(None);
    worker.obey(Command::UseDevice(DeviceChoice::Cpu));
    let cpu = device::open(DeviceChoice::Cpu)
        .expect("there is a CPU")
        .device;
    let (kept, other) = (ModelId::from(1), ModelId::from(2));
    worker
        .set_model(kept, artifact(&cpu), None)
        .expect("a model");
    worker.obey(Command::KeepRival(kept));
    worker
        .set_model(other, artifact(&cpu), None)
        .expect("a model");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("part.png");
    save_picture(&path, &Picture::filled(1, 64, 64, 0.5)).expect("it saves");
    let ticket = RunTicket {
        image: ImageId::from(7),
        model: kept,
        run: RunId::from(9),
    };
    let request = RunRequest {
        ticket,
        projection: ProjectionConfig {
            iterations: 2,
            stop_early: false,
            ..ProjectionConfig::default()
        },
        ..RunRequest::default()
    };
    let project = || Command::ProjectByRival {
        request,
        entry: Entry::alone(path.clone()),
    };
    let _ = events.try_iter().count();
    worker.obey(project());
    while worker.is_busy() {
        worker.advance();
    }
    let news: Vec<Event> = events.try_iter().collect();
    let opened = news.iter().find_map(|event| match event {
        Event::RivalOpened(opened) => Some((opened.id, opened.model)),
        _ => None,
    });
    assert_eq!(opened, Some((ticket.image, Some(kept))), "{news:?}");
    let iterates = news
        .iter()
        .filter(|event| matches!(event, Event::Iterated { of, .. } if *of == ticket));
    assert_eq!(iterates.count(), 3);
    let is_result = |event: &Event| matches!(event, Event::Inspected { of, .. } if *of == ticket);
    assert!(news.iter().any(is_result));
    let over = Event::Ended(Job::Projecting(ticket.run), Outcome::Done);
    assert!(news.contains(&over), "{news:?}");

    worker.obey(Command::DropRival);
    worker.obey(project());
    let news: Vec<Event> = events.try_iter().collect();
    let refused = |event: &Event| {
        let about = About::Run(ticket.run);
        matches!(event, Event::Failed { about: of, .. } if *of == about)
    };
    assert!(news.iter().any(refused), "{news:?}");
}
