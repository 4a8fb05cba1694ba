//! The window's program: takes in what the worker says, draws, does what was asked for.

mod projects;
mod saving;
mod starting;
mod watching;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use eframe::Frame;
use egui::{Context, Ui, ViewportCommand};
use kizumi_image::shown::shown;

use crate::logging;

use super::action::{Action, Browse, Want, WindowRequest};
use super::commands::held::Held;
use super::commands::keys;
use super::dialog::{Dialogs, Picked};
use super::engine_port::Engine;
use super::faults::Faults;
use super::language::Language;
use super::layers::Layers;
use super::opener::Opener;
use super::panels::{self, Panel};
use super::perform::{Surroundings, perform};
use super::persist::Persist;
use super::project::keeper::Keeper;
use super::review::Review;
use super::saving::Saver;
use super::saving::copies::Copier;
use super::saving::labels::LabelKeeper;
use super::settings::{Settings, WindowPlace};
use super::state::comparing::AbSide;
use super::state::history::Moment;
use super::state::notice::{Level, Remedy};
use super::state::overlay::{Overlay, PathAsk};
use super::state::restoring::Shortfall;
use super::state::{State, Step};
use super::text::Text;
use super::thumbs::Thumbs;
use super::timing::Timing;
use super::watching::Watcher;
use super::watching::pictures::SmallPictures;
use super::{Startup, theme};

/// The longest that events are taken in before a frame is drawn.
const DRAIN_BUDGET: Duration = Duration::from_millis(4);

/// Where the program keeps its things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// For sample data and models.
    pub home: PathBuf,
    /// The settings file, if there is to be one.
    pub settings: Option<PathBuf>,
    /// For the log and reports of panics, if there are to be any.
    pub state: Option<PathBuf>,
}

/// The window.
pub struct App {
    state: State,
    engine: Box<dyn Engine>,
    persist: Persist<Settings>,
    keeper: Keeper,
    home: PathBuf,
    /// Where the log and reports of panics are.
    state_folder: Option<PathBuf>,
    /// What the desktop speaks.
    desktop: Language,
    text: &'static Text,
    dialogs: Dialogs,
    layers: Layers,
    other_layers: Layers,
    review: Review,
    thumbs: Thumbs,
    pictures: panels::Pictures,
    watcher: Watcher,
    watched: SmallPictures,
    timing: Timing,
    saver: Saver,
    copier: Copier,
    labels: LabelKeeper,
    opener: Opener,
    faults: Faults,
    held: Held,
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
            Some(path) => Persist::open(path, "settings"),
            None => (Persist::default(), Settings::default(), Vec::new()),
        };
        let desktop = Language::default();
        let language = settings.language.on(desktop);
        theme::install(ctx, language);
        let mut app = Self {
            state: State::new(settings),
            engine,
            persist,
            keeper: Keeper::default(),
            home: folders.home.clone(),
            state_folder: folders.state.clone(),
            desktop,
            text: Text::of(language),
            dialogs: Dialogs::default(),
            layers: Layers::default(),
            other_layers: Layers::default(),
            review: Review::default(),
            thumbs: Thumbs::default(),
            pictures: panels::Pictures::default(),
            watcher: Watcher::default(),
            watched: SmallPictures::default(),
            timing: Timing::default(),
            saver: Saver::default(),
            copier: Copier::default(),
            labels: match folders.settings {
                Some(_) => LabelKeeper::new(),
                None => LabelKeeper::default(),
            },
            opener: Opener::default(),
            faults: Faults::default(),
            held: Held::default(),
            actions: Vec::new(),
        };
        for warning in warnings {
            app.notify(Level::Warning, warning, None);
        }
        if app.state.settings.leave_former_map() {
            let words = app.text.inspect.former_map;
            app.notify(Level::Info, words, None);
        }
        app.tell_of_the_last_run();
        let project = app.first_project(folders, &startup);
        app.start(startup, project);
        app
    }

    /// Shows a banner, and logs it.
    fn notify(&mut self, level: Level, text: impl Into<String>, remedy: Option<Remedy>) {
        let text = text.into();
        match level {
            Level::Info => tracing::info!("{text}"),
            Level::Warning => tracing::warn!("{text}"),
            Level::Error => tracing::error!("{text}"),
        }
        self.state.notices.push(level, text, remedy);
    }

    /// Says so if the program ended by a panic last time.
    fn tell_of_the_last_run(&mut self) {
        let told = &mut self.state.settings.fault_told;
        let folder = self.state_folder.as_deref();
        if let Some(report) = folder.and_then(|folder| self.faults.of_last_run(folder, told)) {
            let text = (self.text.common.ended_unexpectedly)(&shown(&report).to_string());
            self.notify(Level::Warning, text, Some(Remedy::Show(report)));
        }
    }

    /// Says so if something panicked and the window is still there.
    fn tell_of_faults(&mut self) {
        if self.state_folder.is_none() {
            return;
        }
        let told = &mut self.state.settings.fault_told;
        if let Some(report) = self.faults.of_this_run(told) {
            let text = (self.text.common.fault)(&shown(&report).to_string());
            self.notify(Level::Error, text, Some(Remedy::Show(report)));
        }
    }

    /// Says what of the last session does not come back.
    fn tell_of_shortfall(&mut self) {
        if let Some(shortfall) = self.state.shortfall() {
            let text = match shortfall {
                Shortfall::NotOpened => self.text.common.not_restored,
                Shortfall::OtherModel => self.text.common.review_not_restored,
            };
            self.notify(Level::Warning, text, None);
        }
    }

    /// Shows a file with the desktop's program for it.
    fn show_file(&self, ctx: &Context, path: PathBuf) {
        let wake = ctx.clone();
        self.opener.show(path, move || wake.request_repaint());
    }

    fn show_state(&mut self, ctx: &Context, name: Option<&str>) {
        match &self.state_folder {
            Some(folder) => self.show_file(ctx, name.map_or(folder.clone(), |it| folder.join(it))),
            None => self.notify(Level::Warning, self.text.common.no_log, None),
        }
    }

    fn take_in_shown(&mut self) {
        while let Some((path, reason)) = self.opener.poll() {
            tracing::info!("the desktop does not show {}: {reason}", shown(&path));
            let text = (self.text.common.not_shown)(&shown(&path).to_string());
            self.state
                .notices
                .push(Level::Info, text, Some(Remedy::CopyPath(path)));
        }
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

    /// What follows from the inspected images, for tests.
    #[cfg(test)]
    pub(super) fn review(&self) -> &Review {
        &self.review
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

    fn take_in_dialog(&mut self, ctx: &Context) {
        if let Some(picked) = self.dialogs.poll() {
            self.take_in_picked(ctx, picked);
        }
    }

    /// Does with what was chosen what it was to be chosen for.
    pub(super) fn take_in_picked(&mut self, ctx: &Context, picked: Picked) {
        self.state.dialog_open = false;
        match picked {
            Picked::Path(Browse::Dataset, path) => self.actions.push(Action::OpenDataset(path)),
            Picked::Path(Browse::Model, path) => self.actions.push(Action::OpenModel(path)),
            Picked::Path(Browse::Image, path) => self.actions.push(Action::OpenPath(path)),
            Picked::Path(Browse::SaveModel, path) => self.actions.push(Action::SaveModel(path)),
            Picked::Path(Browse::Project, path) => self.actions.push(Action::OpenProject(path)),
            Picked::Path(Browse::SaveProject, path) => self.save_project(ctx, path),
            Picked::Path(Browse::FindFolder, folder) => self.found_folder(&folder),
            Picked::Nothing => {}
            Picked::Path(Browse::Save(export), path) => self.save(ctx, export, path),
            Picked::Path(what @ (Browse::WatchFolder | Browse::WatchResults), folder) => {
                self.name_watched(what, &folder);
            }
            Picked::Path(Browse::CopyImages, folder) => self.copy_images(ctx, folder),
            Picked::Path(Browse::SaveDataset(transfer), folder) => {
                self.save_dataset(ctx, folder, transfer);
            }
            // What has no dialog is asked for in the window itself.
            Picked::Unavailable(what) => {
                let typed = self.proposed(what).display().to_string();
                let ask = PathAsk { what, typed };
                self.state.overlay = Some(Overlay::AskPath(ask));
            }
        }
    }

    fn take_in_drops(&mut self, ctx: &Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.clone());
        let paths = dropped.iter().map(|file| file.path().to_path_buf());
        self.actions.extend(paths.map(Action::OpenPath));
    }

    /// Text that is pasted beside all fields may be settings.
    fn take_in_paste(&mut self, ctx: &Context) {
        if self.state.step != Step::Inspect || ctx.text_edit_focused() {
            return;
        }
        let pasted = ctx.input(|input| {
            input.events.iter().find_map(|event| match event {
                egui::Event::Paste(text) => Some(text.clone()),
                _ => None,
            })
        });
        self.actions.extend(pasted.map(Action::PasteSettings));
    }

    fn perform_all(&mut self, ctx: &Context, frame: &Frame) {
        let moment = ctx.input(|input| Moment {
            now_secs: input.time,
            held: input.pointer.any_down(),
        });
        if !moment.held {
            self.state.history.released();
        }
        if self.actions.iter().any(Action::opens_something) {
            // What is left belongs to the project that it was open in.
            self.save_project_now();
        }
        let start_in = self.start_folder();
        let project_name = self.project_file_name();
        let Self {
            state,
            engine,
            dialogs,
            text,
            home,
            actions,
            timing,
            review,
            ..
        } = self;
        let mut browse = |what: Browse| {
            let wake = ctx.clone();
            let title = text.browse_title(what);
            let name = match what {
                Browse::SaveProject => project_name.as_str(),
                _ => "model.safetensors",
            };
            let wake = move || wake.request_repaint();
            dialogs.open(what, start_in.as_deref(), (title, name), frame, wake);
        };
        let mut wants = Vec::new();
        let mut copy = |text: String| ctx.copy_text(text);
        let mut ask_for_paste = || ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
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
            moment,
            home,
            text,
            wants: &mut wants,
            order: &review.order,
            timing,
            browse: &mut browse,
            copy: &mut copy,
            ask_for_paste: &mut ask_for_paste,
            window: &mut window,
        };
        for action in actions.drain(..) {
            perform(action, state, engine.as_mut(), &mut around);
            ctx.request_repaint();
        }
        let unsaved = std::mem::take(&mut state.unsaved_labels);
        let wake = ctx.clone();
        self.labels.keep(unsaved, move || wake.request_repaint());
        for want in wants {
            match want {
                Want::Save(export) => self.ask_where(ctx, frame, export),
                Want::Copy(layer) => self.copy(ctx, layer),
                Want::StopCopying => self.copier.stop(),
                Want::CopyList => self.copy_list(ctx),
                Want::KeepReview => self.review.keep_as_rival(&self.state),
                Want::DropRival => self.review.drop_rival(),
                Want::StartWatching => self.start_watching(ctx),
                Want::StopWatching => self.watcher.stop(),
                Want::Show(path) => self.show_file(ctx, path),
                Want::Picked(what, path) => self.take_in_picked(ctx, Picked::Path(what, path)),
                Want::OpenProject(path) => self.open_project(&path, None),
                Want::ShowLog => self.show_state(ctx, Some(logging::FILE_NAME)),
                Want::ShowStateFolder => self.show_state(ctx, None),
            }
        }
    }

    /// Where a file dialog starts: beside what was opened last.
    fn start_folder(&self) -> Option<PathBuf> {
        let last = self.state.settings.recent.datasets.first()?;
        last.parent().map(Path::to_path_buf)
    }

    fn send_due(&mut self, now_secs: f64) {
        while let Some(command) = self.state.due(now_secs) {
            self.engine.send(command);
        }
    }

    /// Sends what is due, and asks for the frame in which the next thing is.
    fn keep_time(&mut self, ctx: &Context) {
        let now_secs = ctx.input(|input| input.time);
        self.send_due(now_secs);
        let last = self.state.last_shown();
        let playback = self.state.settings.playback;
        let timeline = &mut self.state.inspecting.timeline;
        let tick = timeline.tick(now_secs, last, playback);
        let due = self.state.next_due_secs(now_secs);
        for wait_secs in [tick, due].into_iter().flatten() {
            ctx.request_repaint_after_secs(wait_secs.max(0.001) as f32);
        }
        self.persist.keep(&self.state.settings, now_secs);
        self.keep_project(now_secs);
    }

    /// Brings the pictures up to date: of the side on screen, and of the one that it is compared with.
    fn update_layers(&mut self, threshold: Option<f32>) {
        let state = &self.state;
        let side = state.inspecting.ab_side();
        let threshold_of = |side| state.threshold_of(side, threshold);
        self.layers.update(state, side, threshold_of(side));
        let other = match side {
            AbSide::A => AbSide::B,
            AbSide::B | AbSide::Both => AbSide::A,
        };
        if state.inspecting.a().is_none() {
            return self.layers.join(None);
        }
        self.other_layers.update(state, other, threshold_of(other));
        let (highs, others) = (self.layers.highs(), self.other_layers.highs());
        self.layers.join(others);
        self.other_layers.join(highs);
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
    fn raw_input_hook(&mut self, _: &Context, input: &mut egui::RawInput) {
        self.held.let_go(input);
    }

    fn logic(&mut self, ctx: &Context, frame: &mut Frame) {
        self.take_in_events(ctx);
        self.take_in_dialog(ctx);
        self.take_in_saved();
        self.take_in_copied();
        self.take_in_labels();
        self.take_in_shown();
        self.take_in_watched(ctx);
        self.tell_of_faults();
        self.tell_of_shortfall();
        self.take_in_drops(ctx);
        self.take_in_paste(ctx);
        self.perform_all(ctx, frame);
        self.keep_time(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut Frame) {
        let ctx = ui.ctx().clone();
        theme::choose(&ctx, self.state.settings.theme);
        ctx.set_zoom_factor(self.state.settings.scale.factor());
        self.choose_language(&ctx);
        self.review.update(&self.state);
        let threshold = self.review.pixels.threshold;
        self.update_layers(threshold);
        self.thumbs.update(&self.state, &self.review);
        keys::pressed(&ctx, &self.state, &mut self.actions);
        let mut panel = Panel {
            state: &self.state,
            text: self.text,
            layers: &mut self.layers,
            other_layers: &mut self.other_layers,
            review: &self.review,
            thumbs: &mut self.thumbs,
            pictures: &mut self.pictures,
            watched: &mut self.watched,
            timing: &self.timing,
            pointed: Vec::new(),
            actions: &mut self.actions,
        };
        panels::show(ui, &mut panel);
        self.perform_all(&ctx, frame);
        // While this frame is drawn the worker can begin.
        self.send_due(ctx.input(|input| input.time));
        self.remember_window(&ctx);
        let last_secs = frame.info().cpu_usage;
        self.timing.frame_drawn(&self.state, last_secs);
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        self.state.close_lessons();
        self.save_project_now();
        self.persist.finish(&self.state.settings);
        self.keeper.finish(&self.state);
        self.labels.finish();
        self.watcher.finish();
        tracing::info!("the window closes");
    }
}
