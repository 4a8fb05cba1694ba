//! A worker that answers from a script.

use super::*;

/// Remembers what it was asked for and says what it is told to say.
#[derive(Clone, Default)]
pub(super) struct Script {
    asked: Rc<RefCell<Vec<Command>>>,
    says: Rc<RefCell<VecDeque<Event>>>,
    pub(super) tickets: Rc<RefCell<Tickets>>,
}

/// What was asked for last: what the script says is the answer to that.
#[derive(Default)]
pub(super) struct Tickets {
    dataset: DatasetId,
    image: ImageId,
    /// The model that was told last.
    model: ModelId,
    pub(super) run: RunTicket,
    projection: ProjectionConfig,
    sheet: SheetId,
    pub(super) set: SetId,
    tuning: TuningId,
    preview: PreviewId,
}

impl Tickets {
    fn ask(&mut self, command: &Command) {
        match command {
            Command::OpenDataset { dataset, .. } | Command::OpenDemo { dataset, .. } => {
                self.dataset = *dataset;
            }
            Command::OpenImage { image, then, .. } => {
                self.image = *image;
                if let Some(request) = then {
                    (self.run, self.projection) = (request.ticket, request.projection);
                }
            }
            Command::Repaint { image, .. } => self.image = *image,
            Command::Project(request) => {
                (self.run, self.projection) = (request.ticket, request.projection);
            }
            Command::ProjectSheet { sheet, .. } => self.sheet = *sheet,
            Command::InspectSet(request) => self.set = request.set,
            Command::Tune { tuning, .. } => self.tuning = *tuning,
            Command::PreviewInput(request) => self.preview = request.preview,
            _ => {}
        }
    }

    /// The event as an answer to what was asked for last.
    fn answer(&mut self, mut event: Event) -> Event {
        match &mut event {
            Event::DatasetOpened { dataset, .. }
            | Event::DatasetUnclear { dataset, .. }
            | Event::Suspects { dataset, .. } => {
                *dataset = self.dataset;
            }
            Event::ModelReady(model) => self.model = model.id,
            Event::ImageOpened(opened) => {
                (opened.id, opened.model) = (self.image, Some(self.model));
            }
            Event::SourceOpened(source) => source.id = self.image,
            Event::TruthRead(truth) => truth.image = self.image,
            Event::ImageRefused(refused) => refused.image = self.image,
            Event::InputPreviewed(input) => input.preview = self.preview,
            Event::Iterated { of, .. } => *of = self.run,
            Event::Inspected { of, inspection } => {
                *of = self.run;
                sign(inspection, mapper(self.projection));
            }
            Event::Sheet(sheet) => sheet.id = self.sheet,
            Event::SetInspected(result) => result.set = self.set,
            Event::SetPixels(pixels) => pixels.set = self.set,
            Event::SetPaused(set) | Event::SetResumed(set) => *set = self.set,
            Event::Tried { tuning, .. } | Event::Tuned { tuning, .. } => *tuning = self.tuning,
            Event::Started(job) | Event::Ended(job, _) => match job {
                Job::Projecting(run) => *run = self.run.run,
                Job::Sheet(sheet) => *sheet = self.sheet,
                Job::InspectingSet(set) => *set = self.set,
                Job::Tuning(tuning) => *tuning = self.tuning,
                Job::FindingSuspects(dataset) => *dataset = self.dataset,
                _ => {}
            },
            _ => {}
        }
        event
    }
}

/// Says that these settings made an outcome.
fn sign(inspection: &mut Inspection, mapper: Mapper) {
    let (plain, projected) = (mapper.plain_maker(), mapper.projected_maker());
    (inspection.plain_map.maker, inspection.plain_score.by) = (plain, plain);
    (
        inspection.projected_map.maker,
        inspection.projected_score.by,
    ) = (projected, projected);
    inspection.mapper = mapper;
}

impl Engine for Script {
    fn send(&mut self, command: Command) {
        self.tickets.borrow_mut().ask(&command);
        self.asked.borrow_mut().push(command);
    }

    fn poll(&mut self) -> Option<Event> {
        self.says.borrow_mut().pop_front()
    }
}

impl Script {
    pub(super) fn say(&self, events: impl IntoIterator<Item = Event>) {
        let mut tickets = self.tickets.borrow_mut();
        let events = events.into_iter().map(|event| tickets.answer(event));
        self.says.borrow_mut().extend(events);
    }

    /// What was asked for since the last time.
    pub(super) fn asked(&self) -> Vec<Command> {
        self.asked.borrow_mut().drain(..).collect()
    }
}

pub(super) fn window(size: [f32; 2]) -> (Harness<'static, App>, Script) {
    let script = Script::default();
    let engine = script.clone();
    let folders = Folders {
        home: PathBuf::from("/home/of/kizumi"),
        settings: None,
        state: None,
    };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_max_steps(30)
        .with_step_dt(1.0 / 60.0)
        .build_eframe(move |creation| {
            let ctx = &creation.egui_ctx;
            App::new(ctx, Box::new(engine), &folders, Startup::default())
        });
    // The samples' photographs are not there to be read.
    harness.state_mut().state_mut().settings.viewing.photograph = Some(false);
    harness.run_steps(2);
    assert_eq!(
        script.asked(),
        [
            Command::UseDevice(DeviceChoice::Auto),
            Command::FindInterrupted(vec!["/home/of/kizumi/models".into()])
        ]
    );
    (harness, script)
}
