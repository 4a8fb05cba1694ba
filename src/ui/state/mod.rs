//! All that the window knows. Events change it in [`State::apply`], people in the methods that
//! `action.rs` calls; there are no clocks, files or widgets in here.

mod belonging;
pub mod comparing;
mod conversation;
mod due;
mod events;
pub mod history;
pub mod inspecting;
pub mod jobs;
pub mod kept_model;
pub mod label_news;
pub mod labelling;
pub mod lesson;
pub mod list;
pub mod marks;
pub mod masking;
pub mod notice;
pub mod overlay;
pub mod painting;
pub mod part;
mod progress;
pub mod question;
pub mod restoring;
pub mod review_view;
pub mod runs;
pub mod set;
pub mod sheet;
pub mod small_map;
pub mod sorting;
pub mod suspects;
pub mod timeline;
pub mod training;
pub mod tuning;
pub mod viewer;
pub mod watching;

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use kizumi_dataset::catalog::{Catalog, Entry, Note};
use kizumi_dataset::counts::Tally;
use kizumi_dataset::labels::Labels;
use kizumi_engine::message::{
    Broken, Command, DatasetId, DeviceInfo, Ids, Interrupted, ModelId, ModelInfo, OpenedImage,
};
use kizumi_image::shown::shown;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{DeviceChoice, MapConfig, ProjectionConfig, TrainingPlan};
use kizumi_method::mapper::Mapper;
use kizumi_method::settings_text::SettingsText;

use super::layer::Layer;
use super::settings::Settings;
use belonging::Asked;
use history::{History, Moment, Recalled, Snapshot};
use inspecting::Inspecting;
use jobs::Jobs;
use kept_model::KeptModel;
use labelling::{LabelFilter, Unsaved};
use lesson::OpenLesson;
use list::images_of;
use masking::Masking;
use notice::Notices;
use overlay::Overlay;
use painting::{Painter, Tool};
use part::Part;
use question::Question;
use restoring::Restoring;
use review_view::ReviewView;
use set::{Conditions, InspectedSet, Source, Stale};
use sheet::ContactSheet;
use sorting::SortForm;
use suspects::Selection;
use training::Training;
use tuning::TuningView;
use viewer::Viewer;
use watching::Watching;

/// The steps from images to verdicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Choose images.
    #[default]
    Data,
    /// Learn what is normal.
    Train,
    /// Look at test images.
    Inspect,
    /// Inspect many images and decide.
    Review,
}

impl Step {
    /// In order.
    pub const ALL: [Self; 4] = [Self::Data, Self::Train, Self::Inspect, Self::Review];
}

/// The data set that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Which one.
    pub id: DatasetId,
    /// Its images, as its folders say.
    pub catalog: Catalog,
    /// What people said of single ones.
    pub labels: Labels,
    /// The images in a sentence.
    pub summary: String,
    /// Files that could not be used.
    pub broken: Vec<Broken>,
    /// Which of its normal images are learned from.
    pub selection: Selection,
    /// Where its images are in the catalog, by name: whether among those to learn from, and which one.
    places: HashMap<String, (bool, usize)>,
    /// How many of them are for what, by their labels.
    tally: Tally,
    /// What a person should know of them, as they are labelled.
    notes: Vec<Note>,
    /// Those that are not used, because something else is said of others that hold the same.
    contradicted: HashSet<String>,
}

impl Dataset {
    /// The folder's name.
    pub fn name(&self) -> String {
        file_name(&self.catalog.root)
    }

    /// The images of a source, or the normal ones where there are no others.
    pub fn images(&self, source: Source) -> &[Entry] {
        images_of(&self.catalog, source)
    }
}

/// A project with a file that a person has chosen: what is open is kept there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedProject {
    /// Its file.
    pub path: PathBuf,
    /// Folder of its data set; another one belongs to another project.
    pub data: Option<PathBuf>,
}

/// Everything the window shows.
#[derive(Debug, Default)]
pub struct State {
    /// What is remembered for the next start.
    pub settings: Settings,
    /// The step on screen.
    pub step: Step,
    /// What was asked to compute.
    pub device_choice: DeviceChoice,
    /// What computes, once it is known.
    pub device: Option<DeviceInfo>,
    /// The work that is going on.
    pub jobs: Jobs,
    /// The data set that is open.
    pub dataset: Option<Dataset>,
    /// What a person is asked about a folder before it is opened.
    pub question: Option<Question>,
    questions: u64,
    /// What is known of training.
    pub training: Training,
    /// Trainings that ended before their time, the latest first.
    pub interrupted: Vec<Interrupted>,
    /// The autosave of one of them, while a person is asked whether to give it up.
    pub to_discard: Option<PathBuf>,
    /// Whether the training form is about the open model, to be trained further.
    pub trains_more: bool,
    /// Which images of the data set are listed.
    pub listed: Source,
    /// Which of them, by their labels.
    pub label_filter: LabelFilter,
    /// Labels by the names of files, while a person fills that in.
    pub sorting: Option<SortForm>,
    /// Labels that are not written yet.
    pub unsaved_labels: Vec<Unsaved>,
    /// Changes with the labels.
    pub labels_generation: u64,
    /// Which part of the photographs a network sees, while a person looks at that.
    pub part: Part,
    /// The model in memory.
    pub model: Option<ModelInfo>,
    /// The image under inspection.
    pub inspecting: Inspecting,
    /// The grid of its projections.
    pub sheet: ContactSheet,
    /// The search for settings.
    pub tuning: TuningView,
    /// What can be undone.
    pub history: History,
    /// The images that were inspected one after another.
    pub set: InspectedSet,
    /// Images that are copied to a folder: how many are done, and how many there are.
    pub copying: Option<(usize, usize)>,
    /// What is looked at of them.
    pub review: ReviewView,
    /// Whether the open image was chosen in the review: the next one is the next there.
    pub examines: bool,
    /// The model that was put aside to compare with.
    pub kept_model: Option<KeptModel>,
    /// The folder that is watched.
    pub watching: Watching,
    /// Banners.
    pub notices: Notices,
    /// What is looked at.
    pub viewer: Viewer,
    /// What is painted.
    pub painter: Painter,
    /// The ground truth as it is drawn.
    pub masking: Masking,
    /// What is being typed as a path.
    pub path_input: String,
    /// Whether the frame times are shown.
    pub timing_open: bool,
    /// Whether a file dialog is open.
    pub dialog_open: bool,
    /// What lies over the window.
    pub overlay: Option<Overlay>,
    /// The lesson that is open.
    pub lesson: Option<OpenLesson>,
    /// How often the layout was reset: panels forget the sizes that they were dragged to.
    pub layout_generation: u32,
    /// Names for what the worker is asked for.
    pub ids: Ids,
    /// The model that is on its way.
    opening: Option<ModelId>,
    /// An image to be opened anew: its kind has become known, or the worker has lost it.
    reopen: Option<Entry>,
    /// What was open the last time and is still on its way.
    pub restoring: Option<Restoring>,
    /// The project that a person has given a file.
    pub project: Option<NamedProject>,
    /// The project whose folder a person is looking for.
    pub sought: Option<PathBuf>,
    /// What the next data set was asked for with.
    asked: Asked,
    /// What the worker is asked for next: to close something, or, when it is a new one, to open what
    /// the one before had open.
    pending: VecDeque<Command>,
}

impl State {
    /// The state before anything happened.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// The projection to go back to: the model's own, as it was calibrated, or else that of the recipe
    /// of a model.
    pub fn usual_projection(&self) -> ProjectionConfig {
        self.model_settings().map_or_else(
            || {
                self.model_recipe()
                    .as_ref()
                    .unwrap_or(&self.settings.train)
                    .projection()
            },
            |(projection, _)| projection,
        )
    }

    /// What undo would bring back.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            projection: self.settings.projection,
            display: self.settings.display,
        }
    }

    /// Changes what an inspection shows, and notes it for undo.
    pub fn change(&mut self, new: Snapshot, moment: Moment) {
        self.history.record(self.snapshot(), new, moment);
        self.put(new, moment.now_secs);
    }

    /// Changes the projection alone.
    pub fn change_projection(&mut self, projection: ProjectionConfig, moment: Moment) {
        let new = Snapshot {
            projection,
            ..self.snapshot()
        };
        self.change(new, moment);
    }

    /// One step back.
    pub fn undo(&mut self, now_secs: f64) {
        if let Some(earlier) = self.history.undo(self.snapshot()) {
            self.recall(earlier, now_secs);
        }
    }

    /// One step on, after an undo.
    pub fn redo(&mut self, now_secs: f64) {
        if let Some(later) = self.history.redo(self.snapshot()) {
            self.recall(later, now_secs);
        }
    }

    fn recall(&mut self, recalled: Recalled, now_secs: f64) {
        match recalled {
            Recalled::Settings(settings) => self.put(settings, now_secs),
            Recalled::Labels(labels) => self.recall_labels(&labels),
        }
    }

    fn put(&mut self, new: Snapshot, now_secs: f64) {
        let projects = new.projection != self.settings.projection;
        self.settings.projection = new.projection;
        self.settings.display = new.display;
        if projects {
            self.forget_a_to_come();
            let map = self.score_map();
            self.inspecting.want(new.projection, map, now_secs);
        }
    }

    /// The settings that people copy as text: those in force.
    pub fn settings_text(&self) -> SettingsText {
        SettingsText {
            projection: self.settings.projection,
            map: self.score_map(),
            decision: self.settings.decision,
        }
    }

    /// Takes settings over from text. Those of maps wait for the next training while there is a
    /// calibrated model, whose own are in force.
    pub fn adopt_settings_text(&mut self, text: &SettingsText, moment: Moment) {
        if text.map != self.score_map() {
            self.settings.map = text.map;
        }
        self.settings.decision = text.decision;
        self.change_projection(text.projection, moment);
        let map = self.score_map();
        self.inspecting.want(text.projection, map, moment.now_secs);
    }

    /// Puts the current run aside as A.
    pub fn keep_as_a(&mut self) {
        self.compare_models(false);
        self.inspecting.keep_as_a(self.settings.projection);
    }

    /// Goes back to A's parameters.
    pub fn adopt_a(&mut self, moment: Moment) {
        if let Some(projection) = self.inspecting.recall_a() {
            self.change_projection(projection, moment);
        }
    }

    /// A becomes the current run, the current run becomes A.
    pub fn swap_ab(&mut self, moment: Moment) {
        if self.inspecting.current().is_none() || self.inspecting.is_stale() {
            return;
        }
        if let Some(projection) = self.inspecting.recall_a() {
            let new = Snapshot {
                projection,
                ..self.snapshot()
            };
            self.inspecting.keep_as_a(self.settings.projection);
            self.change(new, moment);
        }
    }

    /// How maps become scores: as the calibration did it, so that its percentages hold.
    pub fn score_map(&self) -> MapConfig {
        self.model_settings()
            .map_or(self.settings.map, |(_, map)| map)
    }

    /// How the maps that are scored are made, with the parameters as they are now.
    pub fn mapper(&self) -> Mapper {
        self.mapper_of(self.score_map())
    }

    /// How the heatmap's maps are made: as those that are scored, with the smoothing of the display.
    pub fn shown_mapper(&self) -> Mapper {
        self.mapper_of(MapConfig {
            smoothing_px: self.settings.display.smoothing_px,
            ..self.score_map()
        })
    }

    fn mapper_of(&self, map: MapConfig) -> Mapper {
        let mark = self.model.as_ref().map(|model| model.mark);
        let projection = self.settings.projection;
        Mapper::new(
            mark.unwrap_or_default(),
            projection,
            map,
            self.calibration(),
        )
    }

    /// What the model at hand was set to, if it was calibrated.
    fn model_settings(&self) -> Option<(ProjectionConfig, MapConfig)> {
        self.model.as_ref()?.settings()
    }

    /// The calibration of the model at hand.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.model.as_ref()?.calibration.as_ref()
    }

    /// Whether the model at hand remembers features of normal images.
    pub fn has_features(&self) -> bool {
        let model = self.model.as_ref();
        model.is_some_and(|model| model.mark.memory_is_there())
    }

    /// Whether inspecting has to wait for a training. It has not once there is a first model, which tells
    /// by features alone.
    pub fn waits_for_training(&self) -> bool {
        self.training.is_active() && !self.tells_by_features()
    }

    /// Whether the model at hand tells by features alone: its network has learned nothing yet.
    pub fn tells_by_features(&self) -> bool {
        let model = self.model.as_ref();
        model.is_some_and(|model| model.mark.features_only)
    }

    /// The layers that there are to look at.
    pub fn layers(&self) -> Vec<Layer> {
        let mut layers = Layer::ALL.to_vec();
        layers.retain(|layer| *layer != Layer::Distance || self.has_features());
        if self.tells_by_features() {
            layers.retain(|layer| layer.is_without_network());
        }
        layers
    }

    /// Whether the large view shows the photograph: while its defects are drawn, where a person wants it, or has not said and the
    /// network's input is squeezed or much coarser.
    pub fn shows_photograph(&self) -> bool {
        let by_itself = || {
            let opened = self.inspecting.opened.as_ref();
            opened.is_some_and(is_unlike_file)
        };
        // A defect is drawn where it was photographed.
        self.painter.tool == Tool::Truth
            || self.settings.viewing.photograph.unwrap_or_else(by_itself)
    }

    /// Whether step 1 shows the file itself: the network's input looks unlike it.
    pub fn previews_photograph(&self) -> bool {
        let opened = self.inspecting.opened.as_ref();
        let differs =
            |opened: &OpenedImage| is_unlike_file(opened) || opened.placement.is_cropped();
        self.step == Step::Data && opened.is_some_and(differs)
    }

    /// Millimetres in a pixel of the files, where a person has said so, of these images or when the model was trained.
    pub fn mm_per_px(&self) -> Option<f32> {
        let of_model = self.model.as_ref().and_then(|model| model.data.mm_per_px);
        // The training form is that of the folder that is open.
        match self.dataset {
            Some(_) => self.settings.train.data.mm_per_px.or(of_model),
            None => of_model,
        }
    }

    /// The images that would be inspected now.
    pub fn set_images(&self) -> &[Entry] {
        let catalog = self.dataset.as_ref().map(|dataset| &dataset.catalog);
        catalog.map_or(&[], |catalog| images_of(catalog, self.review.source))
    }

    /// The conditions under which images would be inspected now; `None` without a model.
    pub fn set_conditions(&self) -> Option<Conditions> {
        let model = self.model.as_ref()?;
        let mapper = self.mapper();
        Some(Conditions {
            source: self.review.source,
            model: model.mark,
            model_name: model.path.as_deref().map(file_name),
            projection: self.settings.projection,
            pixel_threshold: self.pixel_threshold(&mapper),
            mapper,
        })
    }

    /// What pixels of defects are above in projected maps that are made like this, where normal images were
    /// measured with the same.
    fn pixel_threshold(&self, mapper: &Mapper) -> Option<f32> {
        let model = self.model.as_ref()?;
        let decision = &self.settings.decision;
        let Some(calibration) = &model.calibration else {
            return decision.pixel_by_hand;
        };
        let measured = Mapper::calibrated(model.mark, calibration).projected_maker();
        (measured == mapper.projected_maker())
            .then(|| decision.pixel_threshold(&calibration.projected_pixels))?
    }

    /// Why the inspected images are not what inspecting them now would give.
    pub fn set_stale(&self) -> Option<Stale> {
        let now = self.set_conditions();
        self.set.stale(now.as_ref())
    }

    /// What the training form asks for.
    pub fn training_plan(&self) -> TrainingPlan {
        let recipe = self.settings.train.clone();
        let chosen = self.settings.projection;
        // Nobody has chosen what a model brought along, or what was there from the start.
        let starts = [ProjectionConfig::healing(), ProjectionConfig::default()];
        let unchosen = chosen == self.usual_projection() || starts.contains(&chosen);
        TrainingPlan {
            projection: match unchosen {
                true => recipe.projection(),
                false => chosen,
            },
            recipe,
            map: self.settings.map,
        }
    }

    /// The newest iterate that is shown.
    pub fn last_shown(&self) -> usize {
        self.inspecting
            .last_shown(self.settings.projection.iterations)
    }

    /// The iterate that is shown.
    pub fn shown(&self) -> usize {
        self.inspecting.shown(self.settings.projection.iterations)
    }
}

/// How much longer one side of a photograph must be for its square to look squeezed.
const SQUEEZED: f32 = 1.15;
/// How many pixels of a photograph must share one of the network's input, along a side, for that to look
/// coarse.
const COARSE: f32 = 2.0;

/// Whether what the network sees looks unlike the file that it was made from.
fn is_unlike_file(opened: &OpenedImage) -> bool {
    let source_px = opened.placement.source_px;
    let (width, height) = (source_px.0 as f32, source_px.1 as f32);
    let across = width / opened.picture.width.max(1) as f32;
    let down = height / opened.picture.height.max(1) as f32;
    let (least, most) = (across.min(down), across.max(down));
    most > SQUEEZED * least || most > COARSE
}

/// The last part of a path, for people.
pub fn file_name(path: &Path) -> String {
    shown(path.file_name().map_or(path, Path::new)).to_string()
}

#[cfg(test)]
mod tests;
