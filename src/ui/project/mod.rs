//! A project ties in one file what belongs to a data set: its folder, what was said of it, the model,
//! the image and the step on screen, parameters, thresholds and the results of the last review. It is
//! reopened as it was left.

pub mod keeper;
mod kept_review;
mod moving;
mod storing;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use kizumi_dataset::catalog::Entry;
use kizumi_dataset::exclusions::Exclusions;
use kizumi_dataset::scan::Roles;
use kizumi_image::mask_source::MaskSource;
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::decision::Decision;
use kizumi_method::maker::{Fingerprint, Maker};

use super::Startup;
use super::perform::absolute;
use super::settings::{Settings, TrainForm};
use super::state::restoring::RunSettings;
use super::state::review_view::ReviewView;
use super::state::watching::WatchForm;
use super::state::{State, Step, file_name};

pub use kept_review::KeptReview;
pub use storing::{Stored, read};

/// How the names of project files end.
pub const ENDING: &str = "kizumi";

/// The version of project files, and of the file that says which project was open.
const VERSION: u32 = 3;

/// A version that this program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Version(u32);

impl Default for Version {
    fn default() -> Self {
        Self(VERSION)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            VERSION => Ok(Self(VERSION)),
            other => Err(D::Error::custom(format!(
                "version {other}; this program reads {VERSION}"
            ))),
        }
    }
}

/// What belongs to one data set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Project {
    version: Version,
    /// Where it was saved: what lies beside it is found again when both are moved.
    #[serde(default)]
    saved_as: PathBuf,
    /// Folder of the data set.
    #[serde(default)]
    pub data: Option<PathBuf>,
    /// What a person said of its folders.
    #[serde(default)]
    pub roles: Roles,
    /// Which of its normal images are learned from.
    #[serde(default)]
    pub exclusions: Exclusions,
    /// How it is trained: the crop and the alignment, too.
    #[serde(default)]
    pub train: TrainForm,
    /// Model file.
    #[serde(default)]
    pub model: Option<PathBuf>,
    /// The projection's parameters.
    #[serde(default)]
    pub projection: ProjectionConfig,
    /// The weights of the model whose calibrated projection was taken over last.
    #[serde(default)]
    pub projection_of: Option<Fingerprint>,
    /// How maps become scores, for models that are trained.
    #[serde(default)]
    pub map: MapConfig,
    /// How scores become verdicts.
    #[serde(default)]
    pub decision: Decision,
    /// What thresholds set by hand belong to.
    #[serde(default)]
    pub thresholds_of: Maker,
    /// The image on screen, with its kind and its mask.
    #[serde(default)]
    pub image: Option<Entry>,
    /// The run of the image that was put aside to compare others with.
    #[serde(default)]
    pub a: Option<RunSettings>,
    /// The step on screen.
    #[serde(default)]
    pub step: Step,
    /// What was looked at of the review.
    #[serde(default)]
    pub review: ReviewView,
    /// The folders that were named to be watched.
    #[serde(default)]
    pub watch: WatchForm,
    /// The results of the last review.
    #[serde(default)]
    pub results: Results,
}

/// Results that projects share as long as they stay the same: telling whether they do takes no look at
/// them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Results(pub Option<Arc<KeptReview>>);

impl PartialEq for Results {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(these), Some(those)) => Arc::ptr_eq(these, those),
            (None, None) => true,
            _ => false,
        }
    }
}

impl Project {
    /// What is open now, and what is still on its way from the last time, with these results. A path
    /// that is no text cannot be written down.
    pub fn of(state: &State, results: Results) -> Self {
        let coming = state.restoring.as_ref();
        let text = |path: &PathBuf| is_text(path);
        let dataset = state.dataset.as_ref();
        let data = dataset.map(|dataset| dataset.catalog.root.clone());
        let data = data
            .or_else(|| coming?.data.clone())
            .filter(|path| is_text(path));
        let model = state.model.as_ref().and_then(|model| model.path.clone());
        let opened = state.inspecting.opened.as_ref();
        let image = opened.map(|opened| opened.entry.clone());
        let own_a = state
            .inspecting
            .a()
            .filter(|_| !state.inspecting.a_is_of_rival());
        let a = own_a.map(|run| RunSettings {
            projection: run.projection,
            map: run.map,
        });
        let settings = &state.settings;
        let folder = data.as_deref().unwrap_or(Path::new(""));
        Self {
            version: Version::default(),
            saved_as: PathBuf::new(),
            roles: settings.recent.roles(folder),
            exclusions: settings.recent.exclusions(folder),
            train: settings.train.clone(),
            model: model.or_else(|| coming?.model.clone()).filter(text),
            projection: settings.projection,
            projection_of: settings.projection_of,
            map: settings.map,
            decision: settings.decision,
            thresholds_of: settings.thresholds_of,
            image: image
                .or_else(|| coming?.image.clone())
                .filter(paths_are_text),
            a: a.or_else(|| coming?.a),
            step: state.step,
            review: state.review.clone(),
            watch: state.watching.form.clone(),
            results,
            data,
        }
    }

    /// Whether there is nothing to come back to.
    pub fn is_empty(&self) -> bool {
        self.data.is_none() && self.model.is_none() && self.image.is_none()
    }

    /// What people call it, by its folder or else by its model.
    pub fn name(&self) -> String {
        let named_after = self.data.as_deref().or(self.model.as_deref());
        named_after.map_or_else(|| "kizumi".into(), file_name)
    }

    /// What of it the window opens with: all of it when the command line names nothing else, and
    /// nothing when that names another data set or model.
    pub fn beside(self, startup: &Startup) -> Option<Self> {
        let fits = |given: &Option<PathBuf>, known: &Option<PathBuf>| match given {
            Some(given) => Some(absolute(given.clone())) == *known,
            None => true,
        };
        if !fits(&startup.data, &self.data) || !fits(&startup.model, &self.model) {
            return None;
        }
        let image = self.image.clone().filter(|_| startup.image.is_none());
        let known = Self { image, ..self };
        (!known.is_empty()).then_some(known)
    }

    /// Takes over what it says of settings.
    pub fn set_up(&self, settings: &mut Settings) {
        if let Some(folder) = &self.data {
            let recent = &mut settings.recent;
            recent.remember_roles(folder, self.roles.clone());
            recent.remember_recipe(folder, &self.train, &self.exclusions);
        }
        settings.train = self.train.clone();
        settings.projection = self.projection;
        settings.projection_of = self.projection_of;
        settings.map = self.map;
        settings.decision = self.decision;
        settings.thresholds_of = self.thresholds_of;
    }
}

/// Whether a person gave a project this file: those that nobody did are named by a hash, too.
pub fn is_chosen_file(path: &Path) -> bool {
    path.parent().and_then(Path::file_name) != Some(keeper::FOLDER.as_ref())
}

fn is_text(path: &Path) -> bool {
    path.to_str().is_some()
}

/// Whether all files of an image can be written down.
fn paths_are_text(image: &Entry) -> bool {
    is_text(&image.path) && image.mask.iter().flat_map(MaskSource::paths).all(is_text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn project() -> Project {
        Project {
            data: Some("/data/washer".into()),
            model: Some("/models/washer.safetensors".into()),
            step: Step::Review,
            ..Project::default()
        }
    }

    #[test]
    fn what_the_command_line_names_wins() {
        let startup = |data: Option<&str>, model: Option<&str>| Startup {
            data: data.map(Into::into),
            model: model.map(Into::into),
            ..Startup::default()
        };
        let same = "/data/washer";
        assert_eq!(project().beside(&startup(None, None)), Some(project()));
        assert_eq!(
            project().beside(&startup(Some(same), None)),
            Some(project())
        );
        assert_eq!(project().beside(&startup(Some("/data/line3"), None)), None);
        assert_eq!(project().beside(&startup(None, Some("/other"))), None);
        let nothing = Project::default();
        assert_eq!(nothing.beside(&Startup::default()), None);
    }

    #[test]
    fn settings_of_a_project_come_back_with_it() {
        let mut settings = Settings::default();
        let mut kept = project();
        kept.projection.alpha = 0.125;
        kept.train.width = 24;
        kept.exclusions.excluded.insert("003.png".into());
        kept.set_up(&mut settings);
        let folder = Path::new("/data/washer");
        assert_eq!(settings.projection.alpha, 0.125);
        assert_eq!(settings.recent.recipe(folder), Some(&kept.train));
        assert_eq!(settings.recent.exclusions(folder), kept.exclusions);
    }
}
