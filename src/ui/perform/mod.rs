//! The one place that does what a person wants.

mod adjusting;
mod labelling;
mod opening;
mod painting;
mod training;

use std::path::Path;

use kizumi_engine::message::Command;
use kizumi_method::config::ProjectionConfig;

use super::action::{ALPHA_MIN, Action, Browse, Want, WindowRequest, Zoom};
use super::engine_port::Engine;
use super::layers::Layer;
use super::saving::Export;
use super::settings::{Layout, Scale};
use super::state::comparing::AbSide;
use super::state::history::Moment;
use super::state::notice::{Level, Scope};
use super::state::training::Phase;
use super::state::viewer::Place;
use super::state::{State, Step, watching};
use super::text::Text;
use super::timing::Timing;
use super::view::View;
use super::viewing::{Arrangement, Sampling};
use adjusting::{recalibrate, set_display, set_projection, tune};
use labelling::{label, label_as, set_kind};
use opening::{
    Ending, ask_again, go_on, inspect_set, open_dataset, open_demo, open_folder, open_in_slot,
    open_model, select,
};
use painting::{draw, set_tool};
use training::{resume_interrupted, start_training, stop_training, train_further};

pub use opening::absolute;

/// What performing may need besides state and worker.
pub struct Surroundings<'a> {
    /// Now.
    pub moment: Moment,
    /// Folder for sample data and models.
    pub home: &'a Path,
    /// The words on screen.
    pub text: &'static Text,
    /// What is wanted that needs more than the state.
    pub wants: &'a mut Vec<Want>,
    /// The places of the inspected images that are shown, in the order of the wall.
    pub order: &'a [usize],
    /// How quickly the window answers.
    pub timing: &'a mut Timing,
    /// Opens a file dialog, which later reports by itself.
    pub browse: &'a mut dyn FnMut(Browse),
    /// Puts text on the clipboard.
    pub copy: &'a mut dyn FnMut(String),
    /// Asks the desktop for what is on the clipboard.
    pub ask_for_paste: &'a mut dyn FnMut(),
    /// Asks the window for something.
    pub window: &'a mut dyn FnMut(WindowRequest),
}

/// Does what was asked for.
pub fn perform(
    action: Action,
    state: &mut State,
    engine: &mut dyn Engine,
    around: &mut Surroundings<'_>,
) {
    match action {
        Action::GoTo(step) => state.step = step,
        Action::NextTheme => state.settings.theme = state.settings.theme.next(),
        Action::SetTheme(theme) => state.settings.theme = theme,
        Action::SetLanguage(language) => state.settings.language = language,
        Action::Zoom(zoom) => {
            let scale = &mut state.settings.scale;
            *scale = match zoom {
                Zoom::In => scale.larger(),
                Zoom::Out => scale.smaller(),
                Zoom::Reset => Scale::default(),
            };
        }
        Action::ToggleControls => {
            let hidden = &mut state.settings.layout.controls_hidden;
            *hidden = !*hidden;
        }
        Action::SetControlsWidth(width_pt) => state.settings.layout.controls_width_pt = width_pt,
        Action::ResetLayout => {
            state.settings.layout = Layout::default();
            state.layout_generation += 1;
        }
        Action::ToggleFullscreen => (around.window)(WindowRequest::ToggleFullscreen),
        Action::SetOverlay(overlay) => state.overlay = overlay,
        Action::ShowLesson(lesson) => {
            state.show_lesson(lesson, around.moment);
            if lesson.is_some() {
                state.step = Step::Inspect;
            }
        }
        Action::Quit => (around.window)(WindowRequest::Close),
        Action::EditPath(text) => state.path_input = text,
        Action::OpenPath(path) => {
            // The field names the folder that is open.
            let root = state.dataset.as_ref().map(|open| &open.catalog.root);
            let root = root.map(|root| root.display().to_string());
            match Ending::of(&path) {
                Ending::Other => open_folder(path, state, engine, around),
                ending => {
                    state.path_input = root.unwrap_or_default();
                    match ending {
                        Ending::Image => select(state.entry_of(&absolute(path)), state, engine),
                        Ending::Project => around.wants.push(Want::OpenProject(path)),
                        _ => open_model(path, state, engine),
                    }
                }
            }
        }
        Action::OpenDataset(path) => open_folder(path, state, engine, around),
        Action::OpenDatasetAlone(path) => open_dataset(path, around.moment, state, engine),
        Action::OpenProject(path) => around.wants.push(Want::OpenProject(path)),
        Action::FindFolder(project) => {
            state.sought = Some(project);
            if !state.dialog_open {
                state.dialog_open = true;
                (around.browse)(Browse::FindFolder);
            }
        }
        Action::Answer(group, answer) => state.answer(group, answer),
        Action::OpenAsAnswered => {
            if let Some(folder) = state.take_answer() {
                open_dataset(folder, around.moment, state, engine);
            }
        }
        Action::OpenInSlot(folder, slot) => {
            open_in_slot(folder, slot, around.moment, state, engine);
        }
        Action::AskAgain(folder) => ask_again(folder, around.moment, state, engine),
        Action::DropQuestion => state.question = None,
        Action::OpenDemo(set) => open_demo(set, around, state, engine),
        Action::OpenModel(path) => open_model(path, state, engine),
        Action::CloseModel => state.close_model(),
        Action::StartFresh => {
            state.start_fresh();
            state.step = Step::Data;
        }
        Action::SaveModel(path) => {
            if let Some(model) = state.model.as_ref().map(|model| model.id) {
                engine.send(Command::SaveModel { model, path });
            }
        }
        Action::Browse(what) => {
            if !state.dialog_open {
                state.dialog_open = true;
                (around.browse)(what);
            }
        }
        Action::GivePath(what, path) => around.wants.push(Want::Picked(what, absolute(path))),
        Action::Select(entry) => {
            state.examines = false;
            select(entry, state, engine);
        }
        Action::SelectNeighbour(by) => {
            if let Some(next) = state.next_image(by, around.order)
                && state.inspecting.selected.as_ref() != Some(&next.entry)
            {
                go_on(next, state, engine);
            }
        }
        Action::FindSuspects => {
            if let Some(command) = state.find_suspects() {
                // Where it is said what comes of it.
                state.step = Step::Data;
                engine.send(command);
            }
        }
        Action::StopFindingSuspects => {
            if let Some(dataset) = &state.dataset {
                engine.send(Command::StopFindingSuspects(dataset.id));
            }
        }
        Action::ListSuspects(is_listed) => state.list_suspects(is_listed),
        Action::SetExcluded(excluded) => state.set_excluded(excluded),
        Action::Label(given) => {
            let words = around.text.labels;
            label(given.as_ref(), state, engine, (around.order, words));
        }
        Action::SetKind(kind) => set_kind(kind, state),
        Action::LabelAs(nth) => label_as(nth, state, engine, around.order, around.text.labels),
        Action::ShowSorting(shows) => {
            state.show_sorting(shows);
            state.step = Step::Data;
        }
        Action::SetSorting(form) => state.sorting = Some(*form),
        Action::SortByName => state.sort_by_name(),
        Action::SetListed(source) => state.listed = source,
        Action::SetLabelFilter(filter) => state.label_filter = filter,
        Action::SetTrainForm(form) => state.set_train_form(*form),
        Action::ShowPart(shows) => state.part.is_open = shows,
        Action::SetFurther(further) => state.settings.further = further,
        Action::SetTrainsMore(more) => state.trains_more = more,
        Action::StartTraining => start_training(state, engine, around.home),
        Action::ContinueTraining => train_further(state, engine),
        Action::Pause => engine.send(Command::Pause),
        Action::Resume => engine.send(Command::Resume),
        Action::AskToDiscardTraining(asks) => {
            state.training.asks_to_discard = asks && state.training.is_active();
            // Where the question is.
            state.step = Step::Train;
        }
        Action::Stop { keep } => stop_training(keep, state, engine),
        Action::SkipMeasuring => engine.send(Command::SkipMeasuring),
        Action::ResumeInterrupted { autosave, keep } => {
            resume_interrupted(autosave, keep, state, engine)
        }
        Action::AskToDiscard(autosave) => state.to_discard = autosave,
        Action::DiscardInterrupted(autosave) => {
            state.to_discard = None;
            engine.send(Command::DiscardInterrupted(autosave));
        }
        Action::CancelAll => {
            engine.send(Command::CancelAll);
            if state.training.phase == Phase::Finishing {
                engine.send(Command::SkipMeasuring);
            }
        }
        Action::UseDevice(choice) => {
            state.device_choice = choice;
            engine.send(Command::UseDevice(choice));
        }
        Action::SetProjection(projection) => set_projection(projection, state, around),
        Action::ResetProjection => {
            set_projection(state.usual_projection(), state, around);
        }
        Action::SetDisplay(display) => set_display(display, state, around),
        Action::ToggleMask => {
            let mut display = state.settings.display;
            display.show_mask = !display.show_mask;
            set_display(display, state, around);
        }
        Action::ToggleLogCurves => {
            let mut display = state.settings.display;
            display.log_curves = !display.log_curves;
            set_display(display, state, around);
        }
        Action::SetCursor(cursor) => state.inspecting.timeline.set(cursor),
        Action::StepCursor(by) => {
            let last = state.last_shown();
            state.inspecting.timeline.step(by, last);
        }
        Action::TogglePlay => {
            let last = state.last_shown();
            state.inspecting.timeline.toggle_play(last);
        }
        Action::SetPlayback(playback) => state.settings.playback = playback,
        Action::SetPlots(plots) => state.settings.plots = plots,
        Action::Undo => state.undo(around.moment.now_secs),
        Action::Redo => state.redo(around.moment.now_secs),
        Action::CopySettings => (around.copy)(state.settings_text().to_string()),
        Action::AskForPaste => (around.ask_for_paste)(),
        Action::PasteSettings(text) => match state.settings_text().changed_by(&text) {
            Ok(settings) => {
                state.adopt_settings_text(&settings, around.moment);
                if state.score_map() != settings.map {
                    let words = around.text.runs.map_without_effect;
                    state.notices.push(Level::Warning, words, None);
                }
            }
            Err(error) => {
                let reason = (around.text.runs.paste_failed)(&around.text.said(&error));
                state.notices.push(Level::Warning, reason, None);
            }
        },
        Action::KeepAsA => state.keep_as_a(),
        Action::DropA => state.drop_a(),
        Action::SwapAb => state.swap_ab(around.moment),
        Action::AdoptA => state.adopt_a(around.moment),
        Action::SetAbSide(side) => state.inspecting.set_ab_side(side),
        Action::FlipAb => {
            let side = match state.inspecting.ab_side() {
                AbSide::A => AbSide::B,
                AbSide::B | AbSide::Both => AbSide::A,
            };
            state.inspecting.set_ab_side(side);
        }
        Action::HalveAlpha => {
            let mut projection = state.settings.projection;
            projection.alpha = (projection.alpha * 0.5).max(ALPHA_MIN);
            set_projection(projection, state, around);
        }
        Action::OpenSheet => state.sheet.open(&state.settings.projection),
        Action::CloseSheet => state.sheet.close(),
        Action::SetSheetForm(form) => state.sheet.set_form(form),
        Action::AdoptCell(cell) => {
            let projection = ProjectionConfig {
                alpha: cell.alpha,
                lambda: cell.lambda,
                regulariser: cell.regulariser,
                ..state.settings.projection
            };
            set_projection(projection, state, around);
        }
        Action::OpenTuning => {
            state.tuning.open();
            state.sheet.close();
            state.step = Step::Inspect;
            if state.tuning.result().is_none() && state.jobs.tuning().is_none() {
                tune(state, engine);
            }
        }
        Action::Tune => tune(state, engine),
        Action::StopTuning => {
            if let Some((tuning, _)) = state.jobs.tuning() {
                engine.send(Command::StopTuning(tuning));
            }
        }
        Action::CloseTuning => state.tuning.close(),
        Action::AdoptTuned => {
            if let Some((projection, map)) = state.tuning.better() {
                state.tuning.close();
                set_projection(projection, state, around);
                recalibrate((projection, map), state, engine);
            }
        }
        Action::SetView(place, view) => state.viewer.set_view(place, view),
        Action::SetViewing(viewing) => state.settings.viewing = viewing,
        Action::ToggleLink(place) => state.viewer.toggle_link(place),
        Action::TogglePin(pixel) => state.viewer.toggle_pin(pixel),
        Action::ClearPins => state.viewer.clear_pins(),
        Action::ToggleTiming => state.timing_open = !state.timing_open,
        Action::ClearTiming => around.timing.clear(),
        Action::FitView => {
            let large = state.settings.viewing.arrangement == Arrangement::Large;
            let first = Place::Small(Layer::GRID[0]);
            let place = if large { Place::Large } else { first };
            state.viewer.set_view(place, View::default());
        }
        Action::ShowLayer(layer) => {
            let viewing = &mut state.settings.viewing;
            (viewing.layer, viewing.arrangement) = (layer, Arrangement::Large);
        }
        Action::SetCompare(compare) => {
            let viewing = &mut state.settings.viewing;
            (viewing.compare, viewing.arrangement) = (compare, Arrangement::Large);
        }
        Action::ToggleArrangement => {
            let arrangement = &mut state.settings.viewing.arrangement;
            *arrangement = match *arrangement {
                Arrangement::Large => Arrangement::Grid,
                Arrangement::Grid => Arrangement::Large,
            };
        }
        Action::ToggleSampling => {
            let sampling = &mut state.settings.viewing.sampling;
            *sampling = match *sampling {
                Sampling::Nearest => Sampling::Linear,
                Sampling::Linear => Sampling::Nearest,
            };
        }
        Action::ToggleProbe => {
            let probe = &mut state.settings.viewing.probe;
            *probe = !*probe;
        }
        Action::TogglePhotograph => {
            let shown = state.shows_photograph();
            state.settings.viewing.photograph = Some(!shown);
        }
        Action::InspectSet => inspect_set(state, engine),
        Action::PauseSet => {
            if let Some(set) = state.set.at_work() {
                engine.send(Command::PauseSet(set));
            }
        }
        Action::ResumeSet => {
            if let Some(set) = state.set.at_work() {
                engine.send(Command::ResumeSet(set));
            }
        }
        Action::StopSet => {
            if let Some(set) = state.set.at_work() {
                state.set.stopping();
                engine.send(Command::StopSet(set));
            }
        }
        Action::KeepReview => {
            around.wants.push(Want::KeepReview);
            if let Some(command) = state.keep_model() {
                engine.send(command);
            }
        }
        Action::CompareModels(compares) => {
            if compares && state.kept_model.is_none() {
                let words = around.text.rival.maps_gone;
                state
                    .notices
                    .push_about(Scope::Dataset, Level::Warning, words);
            }
            state.compare_models(compares);
        }
        Action::DropRival => {
            around.wants.push(Want::DropRival);
            if let Some(command) = state.drop_kept_model() {
                engine.send(command);
            }
            state.review.leave_rival();
        }
        Action::Recalibrate => {
            let parameters = (state.settings.projection, state.score_map());
            recalibrate(parameters, state, engine);
        }
        Action::SetDecision(decision) => {
            if decision.validate().is_ok() {
                state.settings.decision = decision;
            }
        }
        Action::SetReview(review) => state.review = *review,
        Action::ToggleSetHeatmaps => {
            let on = &mut state.settings.thumbnail_heatmaps;
            *on = !*on;
        }
        Action::SetWatchForm(form) => state.watching.form = form,
        Action::StartWatching => {
            if let (false, Ok(order)) = (state.watching.is_active(), state.watch_order()) {
                state.watching.begin(order);
                state.step = Step::Review;
                around.wants.push(Want::StartWatching);
            }
        }
        Action::StopWatching => {
            if state.watching.is_active() {
                state.watching.phase = watching::Phase::Stopping;
                around.wants.push(Want::StopWatching);
            }
        }
        Action::ShowWatching(shows) => {
            state.watching.is_shown = shows;
            state.step = Step::Review;
        }
        Action::Examine(entry) => {
            if state.inspecting.selected.as_ref() != Some(&entry) {
                select(entry, state, engine);
            }
            state.examines = true;
            state.step = Step::Inspect;
        }
        Action::SetTool(tool) => set_tool(tool, state),
        Action::SetBrushes(brushes) => state.settings.brushes = brushes,
        Action::Draw(stroke) => draw(stroke, state, engine),
        Action::AddCorner(place) => state.add_corner(place),
        Action::CloseShape => state.close_shape(),
        Action::DropCorner => state.masking.drop_corner(),
        Action::LeaveShape => state.masking.leave_shape(),
        Action::MarkRegion(Some(marks)) => state.mark(&marks),
        Action::MarkRegion(None) => {
            let words = around.text.painting.no_region;
            state.notices.push_about(Scope::Image, Level::Info, words);
        }
        Action::RemoveMask => state.remove_drawn_mask(),
        Action::RemovePaint => {
            if let Some(opened) = &state.inspecting.opened {
                let entry = opened.entry.clone();
                engine.send(state.select(entry));
            }
        }
        Action::ApplyIgnored => {
            if let (Some(mask), Some(known)) = (state.painter.ignored(), &state.model) {
                let any = mask.pixels.iter().any(|value| *value > 0.5);
                engine.send(Command::SetIgnored {
                    of: known.id,
                    model: state.ids.give(),
                    mask: any.then(|| mask.clone()),
                });
                state.painter.forget_ignored();
            }
        }
        Action::DiscardIgnored => state.painter.forget_ignored(),
        Action::ClearIgnored => {
            if let Some(opened) = &state.inspecting.opened {
                state.painter.clear_ignored(opened);
            }
        }
        Action::Export(export) => around.wants.push(Want::Save(export)),
        Action::StopCopying => around.wants.push(Want::StopCopying),
        Action::CopyList => around.wants.push(Want::CopyList),
        Action::SaveLarge => {
            let layer = state.settings.viewing.layer;
            around.wants.push(Want::Save(Export::Picture(layer)));
        }
        Action::CopyPicture(layer) => around.wants.push(Want::Copy(layer)),
        Action::CopyLarge => around.wants.push(Want::Copy(state.settings.viewing.layer)),
        Action::SayLack(need) => {
            let words = around.text.commands.need(need);
            state.notices.push_about(Scope::Image, Level::Info, words);
        }
        Action::Dismiss(index) => state.notices.dismiss(index),
        Action::ShowFile(path) => around.wants.push(Want::Show(path)),
        Action::CopyText(text) => (around.copy)(text),
        Action::CopyPath(path) => (around.copy)(path.display().to_string()),
        Action::ShowLog => around.wants.push(Want::ShowLog),
        Action::ShowStateFolder => around.wants.push(Want::ShowStateFolder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::language::Language;
    use kizumi_engine::message::{Event, Job, Outcome};

    struct Asked(Vec<Command>);

    impl Engine for Asked {
        fn send(&mut self, command: Command) {
            self.0.push(command);
        }

        fn poll(&mut self) -> Option<Event> {
            None
        }
    }

    fn performed(action: Action, state: &mut State) -> Vec<Command> {
        let mut engine = Asked(Vec::new());
        let mut around = Surroundings {
            moment: Moment {
                now_secs: 0.0,
                held: false,
            },
            home: Path::new("/home/of/kizumi"),
            text: Text::of(Language::default()),
            wants: &mut Vec::new(),
            order: &[],
            timing: &mut Timing::default(),
            browse: &mut |_| {},
            copy: &mut |_| {},
            ask_for_paste: &mut || {},
            window: &mut |_| {},
        };
        perform(action, state, &mut engine, &mut around);
        engine.0
    }

    #[test]
    fn what_is_opened_by_a_relative_path_is_known_by_the_whole_one() {
        let here = std::env::current_dir().expect("a folder");
        for name in ["parts", "model.safetensors", "image.png"] {
            let asked = performed(Action::OpenPath(name.into()), &mut State::default());
            let path = match &asked[..] {
                [Command::OpenDataset { path, .. } | Command::OpenModel { path, .. }] => path,
                [Command::OpenImage { entry, .. }] => &entry.path,
                _ => panic!("{asked:?}"),
            };
            assert_eq!(*path, here.join(name));
        }
    }

    #[test]
    fn stopping_at_the_last_moment_leaves_the_window_usable() {
        let mut state = State::default();
        let stop = |keep| Action::Stop { keep };
        state.apply(Event::Started(Job::Training));
        // The worker says that training is over in the very frame in which the button is pressed.
        state.apply(Event::Ended(Job::Training, Outcome::Done));
        state.apply(Event::Started(Job::Finishing));
        assert_eq!(performed(stop(true), &mut state), []);
        assert_eq!(state.training.phase, Phase::Finishing);
        state.apply(Event::Ended(Job::Finishing, Outcome::Done));
        assert_eq!(performed(stop(true), &mut state), []);
        assert_eq!(performed(stop(false), &mut state), []);
        assert!(!state.training.is_active());
    }

    #[test]
    fn what_is_being_measured_can_be_discarded_or_left_unmeasured() {
        let mut state = State::default();
        state.apply(Event::Started(Job::Training));
        state.apply(Event::Ended(Job::Training, Outcome::Stopped));
        state.apply(Event::Started(Job::Finishing));
        let discard = Command::Stop { keep: false };
        assert_eq!(
            performed(Action::Stop { keep: false }, &mut state),
            [discard]
        );
        assert_eq!(
            performed(Action::SkipMeasuring, &mut state),
            [Command::SkipMeasuring]
        );
        state.apply(Event::Ended(Job::Finishing, Outcome::Stopped));
        assert!(!state.training.is_active());
    }
}
