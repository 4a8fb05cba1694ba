//! What the window remembers from one start to the next.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use kizumi_dataset::exclusions::Exclusions;
use kizumi_dataset::scan::Roles;
use kizumi_image::colormap::Colormap;
use kizumi_method::config::{MapConfig, ProjectionConfig, TrainingConfig};
use kizumi_method::decision::Decision;
use kizumi_method::maker::{Fingerprint, Maker};

use super::project::is_chosen_file;
use super::state::painting::Brushes;
use super::state::timeline::Playback;
use super::viewing::Viewing;

pub use super::language::LanguageChoice;
/// What the training form sets.
pub use kizumi_method::config::Recipe as TrainForm;

/// How many entries of each kind the recent list keeps.
const RECENT_MAX: usize = 8;

/// How many projects are listed: none is asked for again that was open not long ago.
const PROJECTS_MAX: usize = 30;

/// Folders of which is kept what a person said: more than are listed, for it is asked again otherwise.
const ROLES_MAX: usize = 100;

/// Everything that outlives the window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light, dark, or as the desktop.
    pub theme: ThemeChoice,
    /// English, Japanese, or as the desktop.
    pub language: LanguageChoice,
    /// How large everything is.
    pub scale: Scale,
    /// Which panels there are, and how wide.
    pub layout: Layout,
    /// The window's place, when it was known.
    pub window: Option<WindowPlace>,
    /// What was opened lately.
    pub recent: Recent,
    /// The training form.
    pub train: TrainForm,
    /// How a model that is there already is trained further.
    pub further: Further,
    /// The projection's parameters.
    pub projection: ProjectionConfig,
    /// How maps become scores, for models that are trained. Under another name than in earlier versions,
    /// which kept their own default here for ever.
    #[serde(rename = "maps")]
    pub map: MapConfig,
    /// What an earlier version kept of that, until a person was told that it is in force no longer.
    #[serde(rename = "map", skip_serializing)]
    pub former_map: Option<MapConfig>,
    /// How results are drawn.
    pub display: Display,
    /// How iterates are played.
    pub playback: Playback,
    /// Which curves are drawn.
    pub plots: Plots,
    /// How brushes look.
    pub brushes: Brushes,
    /// How pictures are arranged and compared.
    pub viewing: Viewing,
    /// How scores become verdicts.
    pub decision: Decision,
    /// Whether heatmaps are laid over the thumbnails of an inspected set.
    pub thumbnail_heatmaps: bool,
    /// What thresholds set by hand belong to.
    pub thresholds_of: Maker,
    /// The weights of the model whose calibrated projection was taken over last.
    pub projection_of: Option<Fingerprint>,
    /// The newest report of a panic that a person was told of, by its file name.
    pub fault_told: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let train = TrainForm::default();
        Self {
            theme: ThemeChoice::default(),
            language: LanguageChoice::default(),
            scale: Scale::default(),
            layout: Layout::default(),
            window: None,
            recent: Recent::default(),
            further: Further::default(),
            // What a model of that form begins with.
            projection: train.projection(),
            train,
            map: MapConfig::default(),
            former_map: None,
            display: Display::default(),
            playback: Playback::default(),
            plots: Plots::default(),
            brushes: Brushes::default(),
            viewing: Viewing::default(),
            decision: Decision::default(),
            thumbnail_heatmaps: false,
            thresholds_of: Maker::default(),
            projection_of: None,
            fault_told: None,
        }
    }
}

impl Settings {
    /// Lets go of what an earlier version kept about maps. Says whether it asked for maps of another kind
    /// than models make by themselves.
    pub fn leave_former_map(&mut self) -> bool {
        let former = self.former_map.take();
        former.is_some_and(|former| former.kind != self.map.kind)
    }
}

/// How a model that is there already is trained further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Further {
    /// Training images that it sees then.
    pub images: u64,
}

impl Default for Further {
    fn default() -> Self {
        let images = TrainingConfig::default().images_per_epoch;
        Self { images }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    /// As the desktop says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl ThemeChoice {
    /// The choice that a click on the theme button brings.
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// How large everything is, in percent of the usual size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scale(u16);

impl Default for Scale {
    fn default() -> Self {
        Self(100)
    }
}

impl Scale {
    const STEP_PERCENT: u16 = 10;

    /// In percent, `80..=200`.
    pub fn percent(self) -> u16 {
        self.0.clamp(80, 200)
    }

    /// Points on screen for a point of the layout.
    pub fn factor(self) -> f32 {
        f32::from(self.percent()) / 100.0
    }

    /// A step larger.
    pub fn larger(self) -> Self {
        Self(Self(self.percent() + Self::STEP_PERCENT).percent())
    }

    /// A step smaller.
    pub fn smaller(self) -> Self {
        Self(Self(self.percent() - Self::STEP_PERCENT).percent())
    }
}

/// Which panels there are, and how wide.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// Whether the controls on the left are away.
    pub controls_hidden: bool,
    /// Width of the controls on the left, in points.
    pub controls_width_pt: f32,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            controls_hidden: false,
            controls_width_pt: 324.0,
        }
    }
}

/// The window's size, in points of the usual size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowPlace {
    /// Width of its inside.
    pub width_pt: f32,
    /// Height of its inside.
    pub height_pt: f32,
    /// Whether it fills the screen.
    pub maximized: bool,
}

/// What was opened lately, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recent {
    /// Folders of data sets.
    pub datasets: Vec<PathBuf>,
    /// Model files.
    pub models: Vec<PathBuf>,
    /// Single images.
    pub images: Vec<PathBuf>,
    /// Projects.
    pub projects: Vec<RecentProject>,
    /// How each data set was trained.
    pub recipes: Vec<FolderRecipe>,
    /// What a person said about folders whose names do not say it.
    pub roles: Vec<FolderRoles>,
}

/// A project that was open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecentProject {
    /// Its file.
    pub path: PathBuf,
    /// Folder of its data set.
    pub data: Option<PathBuf>,
    /// Its model.
    pub model: Option<PathBuf>,
}

/// Which folders of a data set hold what, where a person has said it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FolderRoles {
    /// The data set's folder.
    pub folder: PathBuf,
    /// What was said.
    pub roles: Roles,
}

/// How a data set is trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FolderRecipe {
    /// The data set's folder.
    pub folder: PathBuf,
    /// The training form.
    pub recipe: TrainForm,
    /// Which of its normal images are learned from.
    #[serde(flatten)]
    pub exclusions: Exclusions,
}

impl Recent {
    /// What a person said about a folder; nothing by default.
    pub fn roles(&self, folder: &Path) -> Roles {
        let known = self.roles.iter().find(|known| known.folder == folder);
        known.map_or_else(Roles::default, |known| known.roles.clone())
    }

    /// Keeps it, or forgets it where nothing was said. Paths that are no text cannot be written down.
    pub fn remember_roles(&mut self, folder: &Path, roles: Roles) {
        self.roles.retain(|known| known.folder != folder);
        let is_text = |path: &Path| path.to_str().is_some();
        let can_be_written = is_text(folder) && roles.folders().all(is_text);
        if can_be_written && !roles.is_empty() {
            let folder = folder.to_path_buf();
            self.roles.insert(0, FolderRoles { folder, roles });
            self.roles.truncate(ROLES_MAX);
        }
    }

    /// Puts a project at the head of its list. One without a model is not listed beside what became of it.
    pub fn remember_project(&mut self, project: RecentProject) {
        if self.projects.first() == Some(&project) || project.path.to_str().is_none() {
            return;
        }
        let is_of_it = |known: &RecentProject| known.data == project.data;
        // A file that somebody chose is listed whatever else there is.
        let is_passing =
            |known: &RecentProject| known.model.is_none() && !is_chosen_file(&known.path);
        if is_passing(&project) && self.projects.iter().any(is_of_it) {
            return;
        }
        let became = |known: &RecentProject| is_passing(known) && is_of_it(known);
        self.projects
            .retain(|known| known.path != project.path && !became(known));
        self.projects.insert(0, project);
        self.projects.truncate(PROJECTS_MAX);
    }

    /// The project that was open last with this folder.
    pub fn project_of(&self, folder: &Path) -> Option<&Path> {
        let mut projects = self.projects.iter();
        let known = projects.find(|known| known.data.as_deref() == Some(folder));
        known.map(|known| known.path.as_path())
    }

    fn known(&self, folder: &Path) -> Option<&FolderRecipe> {
        self.recipes.iter().find(|known| known.folder == folder)
    }

    /// The training form that belongs to a folder, if one is known.
    pub fn recipe(&self, folder: &Path) -> Option<&TrainForm> {
        self.known(folder).map(|known| &known.recipe)
    }

    /// Which normal images of a folder are learned from.
    pub fn exclusions(&self, folder: &Path) -> Exclusions {
        let known = self.known(folder);
        known.map_or_else(Exclusions::default, |known| known.exclusions.clone())
    }

    /// That folder is trained with this form and without these images. Forms are kept of the latest folders
    /// alone, but whoever chose images by hand finds that again.
    pub fn remember_recipe(&mut self, folder: &Path, recipe: &TrainForm, exclusions: &Exclusions) {
        let now = FolderRecipe {
            folder: folder.to_path_buf(),
            recipe: recipe.clone(),
            exclusions: exclusions.clone(),
        };
        if self.known(folder) == Some(&now) || folder.to_str().is_none() {
            return;
        }
        self.recipes.retain(|known| known.folder != folder);
        self.recipes.insert(0, now);
        let mut forms_alone = 0;
        self.recipes.retain(|known| {
            let is_form_alone = known.exclusions == Exclusions::default();
            forms_alone += usize::from(is_form_alone);
            !is_form_alone || forms_alone <= RECENT_MAX
        });
    }
}

/// Puts a path at the head of a recent list.
///
/// One that is no text cannot be written to the settings file, and would keep everything else out.
pub fn remember(list: &mut Vec<PathBuf>, path: &Path) {
    if path.to_str().is_none() {
        return;
    }
    list.retain(|known| known != path);
    list.insert(0, path.to_path_buf());
    list.truncate(RECENT_MAX);
}

/// How results are drawn; nothing of it is ever computed again by the worker.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Display {
    /// Colours of the heatmap.
    pub colormap: Colormap,
    /// Which value gets the highest colour.
    pub range: MapRange,
    /// The lowest value when the range is set by hand; below it the overlay is transparent.
    pub custom_low: f32,
    /// The highest value when the range is set by hand.
    pub custom_high: f32,
    /// Share of the heatmap's colour in the overlay, `0.0..=1.0`.
    pub opacity: f32,
    /// Standard deviation of the Gaussian that smooths the heatmap, in pixels; 0 is off.
    pub smoothing_px: f32,
    /// Whether the ground truth is outlined.
    pub show_mask: bool,
    /// Whether the regions above the threshold are outlined.
    pub show_regions: bool,
    /// Whether the curves have a logarithmic axis.
    pub log_curves: bool,
}

impl Default for Display {
    fn default() -> Self {
        Self {
            colormap: Colormap::default(),
            range: MapRange::Normals,
            custom_low: 0.0,
            custom_high: 0.1,
            opacity: 0.75,
            smoothing_px: MapConfig::without_features().smoothing_px,
            show_mask: true,
            show_regions: true,
            log_curves: false,
        }
    }
}

/// Which map value gets the highest colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MapRange {
    /// The 99.5th percentile of normal images: the same colour means the same everywhere.
    #[default]
    Normals,
    /// The largest value of the map that is shown.
    ThisImage,
    /// A value set by hand.
    Custom,
}

/// Which curves are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plots {
    /// Beside the energy.
    pub tab: PlotTab,
    /// E.
    pub energy: bool,
    /// L_r.
    pub reconstruction: bool,
    /// The weighted regulariser.
    pub regulariser: bool,
    /// The weighted distance of features, where it is part of the energy.
    pub features: bool,
}

impl Default for Plots {
    fn default() -> Self {
        Self {
            tab: PlotTab::default(),
            energy: true,
            reconstruction: true,
            regulariser: true,
            features: true,
        }
    }
}

/// What is plotted beside the energy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlotTab {
    /// How far f(x_t) is from f(x_0).
    #[default]
    Movement,
    /// The largest change of a pixel in each step.
    LargestChange,
    /// The step size in force.
    StepSize,
    /// How far the features are from normal ones.
    Features,
}

impl PlotTab {
    /// In the order of the tabs.
    pub const ALL: [Self; 4] = [
        Self::Movement,
        Self::LargestChange,
        Self::StepSize,
        Self::Features,
    ];
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_unknown_and_missing_fields() {
        let settings: Settings =
            serde_json::from_str(r#"{"theme": "dark", "from_the_future": 1}"#).unwrap();
        assert_eq!(settings.theme, ThemeChoice::Dark);
        assert_eq!(settings.projection, ProjectionConfig::healing());
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
    }

    #[test]
    fn the_kind_of_maps_of_an_earlier_version_is_left_and_said_once() {
        let file = r#"{"map": {"kind": "fused", "relative": true}, "thumbnail_heatmaps": true}"#;
        let mut settings: Settings = serde_json::from_str(file).unwrap();
        assert_eq!(settings.map, MapConfig::default());
        assert!(settings.leave_former_map() && !settings.leave_former_map());
        settings.map = MapConfig::paper();
        let text = serde_json::to_string(&settings).unwrap();
        let mut again: Settings = serde_json::from_str(&text).unwrap();
        assert_eq!(again, settings, "what is set by now is kept");
        assert!(!again.leave_former_map());
    }

    #[test]
    fn a_project_in_a_chosen_file_is_listed_beside_others_of_its_folder() {
        let project = |path: &str, model: Option<&str>| RecentProject {
            path: path.into(),
            data: Some("/parts".into()),
            model: model.map(Into::into),
        };
        let mut recent = Recent::default();
        let own = |name: &str| format!("/state/projects/{name}.kizumi");
        recent.remember_project(project(&own("parts-1"), None));
        recent.remember_project(project("/mine/line.kizumi", None));
        recent.remember_project(project(&own("parts-2"), Some("/m")));
        recent.remember_project(project(&own("parts-1"), None));
        let listed = recent.projects.iter().map(|known| known.path.clone());
        let wanted = [own("parts-2"), "/mine/line.kizumi".into()].map(PathBuf::from);
        assert_eq!(listed.collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn the_scale_goes_in_steps_and_stays_in_its_range() {
        let usual = Scale::default();
        assert_eq!(usual.larger().percent(), 110);
        assert_eq!(usual.larger().smaller(), usual);
        assert_eq!(Scale(200).larger().percent(), 200);
        assert_eq!(Scale(80).smaller().percent(), 80);
        let scale: Scale = serde_json::from_str("9000").unwrap();
        assert_eq!((scale.percent(), scale.factor()), (200, 2.0));
    }

    #[test]
    fn a_folder_comes_back_with_its_training_form() {
        let mut recent = Recent::default();
        let texture = |latent| TrainForm {
            latent,
            ..TrainForm::default()
        };
        for i in 0..20 {
            let folder = format!("/data/{i}");
            recent.remember_recipe(Path::new(&folder), &texture(i), &Exclusions::default());
        }
        recent.remember_recipe(Path::new("/data/15"), &texture(7), &Exclusions::default());
        let latent = |folder: &str| recent.recipe(Path::new(folder)).map(|form| form.latent);
        assert_eq!(latent("/data/15"), Some(7));
        assert_eq!((latent("/data/19"), latent("/data/2")), (Some(19), None));
        assert_eq!(recent.recipes.len(), RECENT_MAX);
    }

    #[test]
    fn images_that_are_left_out_are_known_of_folders_that_were_open_long_ago() {
        let mut recent = Recent::default();
        let mut chosen = Exclusions::default();
        chosen.leave_out(["3.png".to_owned(), "4.png".to_owned()].into());
        chosen.leave_out(["4.png".to_owned()].into());
        let first = Path::new("/data/first");
        recent.remember_recipe(first, &TrainForm::default(), &chosen);
        for i in 0..20 {
            let folder = format!("/data/{i}");
            let none = Exclusions::default();
            recent.remember_recipe(Path::new(&folder), &TrainForm::default(), &none);
        }
        let text = serde_json::to_string(&recent).unwrap();
        let again: Recent = serde_json::from_str(&text).unwrap();
        assert_eq!(again, recent);
        assert_eq!(again.exclusions(first), chosen);
        assert!(chosen.taken_back.contains("3.png") && chosen.excluded.contains("4.png"));
        assert_eq!(again.recipes.len(), RECENT_MAX + 1);
    }

    #[test]
    fn what_was_said_of_the_oldest_folders_is_forgotten() {
        let mut recent = Recent::default();
        for i in 0..=ROLES_MAX {
            let folder = PathBuf::from(format!("/data/{i}"));
            let roles = Roles {
                normal: vec![folder.join("left")],
                ..Roles::default()
            };
            recent.remember_roles(&folder, roles);
        }
        assert_eq!(recent.roles.len(), ROLES_MAX);
        assert!(recent.roles(Path::new("/data/0")).is_empty());
        assert!(!recent.roles(Path::new("/data/1")).is_empty());
    }

    #[test]
    fn recent_lists_are_short_and_without_repeats() {
        let mut list = Vec::new();
        for i in 0..20 {
            remember(&mut list, Path::new(&format!("/data/{i}")));
        }
        remember(&mut list, Path::new("/data/15"));
        assert_eq!(list.len(), RECENT_MAX);
        assert_eq!(list[0], Path::new("/data/15"));
        assert_eq!(list.iter().filter(|p| p.ends_with("15")).count(), 1);
    }
}
