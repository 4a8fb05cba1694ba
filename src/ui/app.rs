//! The window's program: takes in what the worker says, draws, does what was asked for.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use eframe::Frame;
use egui::{Context, Ui, ViewportCommand};

use crate::data::catalog::Kind;
use crate::engine::message::{Command, Event};

use super::action::{Action, Browse, Surroundings, WindowRequest, perform};
use super::commands::keys;
use super::dialog::{Dialogs, Picked};
use super::language::Language;
use super::layers::Layers;
use super::panels::{self, Panel};
use super::persist::Persist;
use super::settings::{Settings, WindowPlace};
use super::state::notice::Level;
use super::state::{State, Step};
use super::text::Text;
use super::timing::Timing;
use super::{Startup, theme};

/// The longest that events are taken in before a frame is drawn.
const DRAIN_BUDGET: Duration = Duration::from_millis(4);

/// What the window needs of a worker: it is asked, and it is heard.
pub trait Engine {
    /// Asks for something; never waits.
    fn send(&mut self, command: Command);
    /// The next event, if there is one; never waits.
    fn poll(&mut self) -> Option<Event>;
}

impl Engine for crate::engine::Engine {
    fn send(&mut self, command: Command) {
        Self::send(self, command);
    }

    fn poll(&mut self) -> Option<Event> {
        self.try_recv()
    }
}

/// Where the program keeps its things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// For sample data and models.
    pub home: PathBuf,
    /// The settings file, if there is to be one.
    pub settings: Option<PathBuf>,
}

/// The window.
pub struct App {
    state: State,
    engine: Box<dyn Engine>,
    persist: Persist,
    home: PathBuf,
    /// What the desktop speaks.
    desktop: Language,
    text: &'static Text,
    dialogs: Dialogs,
    layers: Layers,
    pictures: panels::Pictures,
    timing: Timing,
    actions: Vec<Action>,
}

impl App {
    /// A window that talks to this worker.
    pub fn new(
        ctx: &Context,
        engine: Box<dyn Engine>,
        folders: &Folders,
        startup: Startup,
    ) -> Self {
        let (persist, settings, warnings) = match &folders.settings {
            Some(path) => Persist::open(path),
            None => (Persist::default(), Settings::default(), Vec::new()),
        };
        let desktop = Language::default();
        let language = settings.language.on(desktop);
        theme::install(ctx, language);
        let mut app = Self {
            state: State::new(settings),
            engine,
            persist,
            home: folders.home.clone(),
            desktop,
            text: Text::of(language),
            dialogs: Dialogs::default(),
            layers: Layers::default(),
            pictures: panels::Pictures::default(),
            timing: Timing::default(),
            actions: Vec::new(),
        };
        for warning in warnings {
            app.state.notices.push(Level::Warning, warning, None);
        }
        app.start(startup);
        app
    }

    /// The same window on a desktop of that language.
    pub fn on_desktop(self, desktop: Language) -> Self {
        Self { desktop, ..self }
    }

    /// Speaks the language that is chosen now.
    fn choose_language(&mut self, ctx: &Context) {
        let language = self.state.settings.language.on(self.desktop);
        if self.text.language != language {
            self.text = Text::of(language);
            theme::set_fonts(ctx, language);
        }
    }

    /// Asks for what the command line named.
    fn start(&mut self, startup: Startup) {
        self.engine.send(Command::UseDevice(startup.device));
        if let Some(folder) = startup.data {
            self.actions.push(Action::OpenDataset(folder));
            self.actions.push(Action::GoTo(Step::Data));
        }
        if let Some(file) = startup.model {
            self.actions.push(Action::OpenModel(file));
        }
        if let Some(file) = startup.image {
            let entry = self.state.entry_of(&file);
            self.actions.push(Action::Select(entry));
            self.actions.push(Action::GoTo(Step::Inspect));
        }
    }

    /// What the window knows, for tests.
    #[cfg(test)]
    pub(super) fn state(&self) -> &State {
        &self.state
    }

    /// What the window knows, for tests.
    #[cfg(test)]
    pub(super) fn state_mut(&mut self) -> &mut State {
        &mut self.state
    }

    fn take_in_events(&mut self, ctx: &Context) {
        let began = Instant::now();
        while let Some(event) = self.engine.poll() {
            self.state.apply(event);
            if began.elapsed() >= DRAIN_BUDGET {
                ctx.request_repaint();
                break;
            }
        }
    }

    fn take_in_dialog(&mut self) {
        let Some(picked) = self.dialogs.poll() else {
            return;
        };
        self.state.dialog_open = false;
        match picked {
            Picked::Path(Browse::Dataset, path) => self.actions.push(Action::OpenDataset(path)),
            Picked::Path(Browse::Model, path) => self.actions.push(Action::OpenModel(path)),
            Picked::Path(Browse::Image, path) => self.actions.push(Action::OpenPath(path)),
            Picked::Path(Browse::SaveModel, path) => self.actions.push(Action::SaveModel(path)),
            Picked::Nothing => {}
            Picked::Unavailable => {
                let text = self.text.common.no_file_dialog;
                self.state.notices.push(Level::Warning, text, None);
            }
        }
    }

    fn take_in_drops(&mut self, ctx: &Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.clone());
        let paths = dropped.iter().map(|file| file.path().to_path_buf());
        self.actions.extend(paths.map(Action::OpenPath));
    }

    fn perform_all(&mut self, ctx: &Context, frame: &Frame) {
        let now_secs = ctx.input(|input| input.time);
        let start_in = self.start_folder();
        let Self {
            state,
            engine,
            dialogs,
            text,
            home,
            actions,
            timing,
            ..
        } = self;
        let mut browse = |what: Browse| {
            let wake = ctx.clone();
            let title = text.common.browse_title(what);
            let wake = move || wake.request_repaint();
            dialogs.open(what, start_in.as_deref(), title, frame, wake);
        };
        let mut window = |request| {
            ctx.send_viewport_cmd(match request {
                WindowRequest::Close => ViewportCommand::Close,
                WindowRequest::ToggleFullscreen => {
                    let is = ctx.input(|input| input.viewport().fullscreen == Some(true));
                    ViewportCommand::Fullscreen(!is)
                }
            });
        };
        let mut around = Surroundings {
            now_secs,
            home,
            timing,
            browse: &mut browse,
            window: &mut window,
        };
        for action in actions.drain(..) {
            perform(action, state, engine.as_mut(), &mut around);
            ctx.request_repaint();
        }
    }

    /// Where a file dialog starts: beside what was opened last.
    fn start_folder(&self) -> Option<PathBuf> {
        let last = self.state.settings.recent.datasets.first()?;
        last.parent().map(Path::to_path_buf)
    }

    /// Sends what is due, and asks for the frame in which the next thing is.
    fn keep_time(&mut self, ctx: &Context) {
        let now_secs = ctx.input(|input| input.time);
        while let Some(command) = self.state.due(now_secs) {
            self.engine.send(command);
        }
        let last = self.state.last_shown();
        let tick = self.state.inspecting.timeline.tick(now_secs, last);
        let due = self.state.inspecting.next_due_secs(now_secs);
        let due = due.filter(|_| self.state.model.is_some() && !self.state.training.is_active());
        for wait_secs in [tick, due].into_iter().flatten() {
            ctx.request_repaint_after_secs(wait_secs.max(0.001) as f32);
        }
        self.persist.keep(&self.state.settings, now_secs);
    }

    fn remember_window(&mut self, ctx: &Context) {
        let scale = ctx.zoom_factor();
        let place = ctx.input(|input| {
            let viewport = input.viewport();
            let size = viewport.inner_rect?.size() * scale;
            Some(WindowPlace {
                width_pt: size.x,
                height_pt: size.y,
                maximized: viewport.maximized.unwrap_or(false),
            })
        });
        let Some(place) = place else { return };
        let known = &mut self.state.settings.window;
        // While maximized the size to come back to is the one from before.
        match known {
            Some(known) if place.maximized => known.maximized = true,
            _ => *known = Some(place),
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, frame: &mut Frame) {
        self.take_in_events(ctx);
        self.take_in_dialog();
        self.take_in_drops(ctx);
        self.perform_all(ctx, frame);
        self.keep_time(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame) {
        let ctx = ui.ctx().clone();
        theme::choose(&ctx, self.state.settings.theme);
        ctx.set_zoom_factor(self.state.settings.scale.factor());
        self.choose_language(&ctx);
        self.layers.update(&self.state);
        keys::pressed(&ctx, &self.state, &mut self.actions);
        let mut panel = Panel {
            state: &self.state,
            text: self.text,
            layers: &mut self.layers,
            pictures: &mut self.pictures,
            timing: &self.timing,
            actions: &mut self.actions,
        };
        panels::show(ui, &mut panel);
        self.perform_all(&ctx, frame);
        self.remember_window(&ctx);
        let last_secs = frame.info().cpu_usage;
        self.timing.frame_drawn(&self.state, last_secs);
    }

    fn on_exit(&mut self) {
        self.persist.finish(&self.state.settings);
    }
}

/// Whether an image's kind is known, because it belongs to the data set.
pub(super) fn known_kind<'a>(
    state: &State,
    entry: &'a crate::data::catalog::Entry,
) -> Option<&'a Kind> {
    let dataset = state.dataset.as_ref()?;
    entry
        .path
        .starts_with(&dataset.catalog.root)
        .then_some(&entry.kind)
}
