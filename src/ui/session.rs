//! What was open when the window closed: it reopens as it was left.
//!
//! Two files in the state folder, written like the settings: `session.json` names what was open,
//! `review.json` holds the results of the last review, which may be large and change seldom.

use std::path::{Path, PathBuf};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use kizumi_dataset::catalog::Entry;
use kizumi_engine::message::{Outcome, SetPixels};
use kizumi_image::mask_source::MaskSource;
use kizumi_method::config::{MapConfig, ProjectionConfig};
use kizumi_method::maker::Maker;

use super::Startup;
use super::perform::absolute;
use super::persist::Persist;
use super::state::review_view::ReviewView;
use super::state::set::{ImageResult, Inspected, Source, Stale};
use super::state::{State, Step};

/// The version of both files. Files of another one are kept aside.
const VERSION: u32 = 2;

/// Bytes of thumbnails and small maps that are kept; where there are more, none are.
const PICTURES_BYTES_MAX: usize = 8 << 20;

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

/// What was open.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    version: Version,
    /// Folder of the data set.
    pub data: Option<PathBuf>,
    /// Model file.
    pub model: Option<PathBuf>,
    /// The image, with its kind and its mask.
    pub image: Option<Entry>,
    /// The step on screen.
    pub step: Step,
    /// What was looked at of the review.
    pub review: ReviewView,
}

impl Session {
    /// What is open now, and what is still on its way from the last time. A path that is no text
    /// cannot be written down.
    pub fn of(state: &State) -> Self {
        let coming = state.restoring.as_ref();
        let text = |path: &PathBuf| is_text(path);
        let dataset = state.dataset.as_ref();
        let data = dataset.map(|dataset| dataset.catalog.root.clone());
        let model = state.model.as_ref().and_then(|model| model.path.clone());
        let opened = state.inspecting.opened.as_ref();
        let image = opened.map(|opened| opened.entry.clone());
        Self {
            version: Version::default(),
            data: data.or_else(|| coming?.data.clone()).filter(text),
            model: model.or_else(|| coming?.model.clone()).filter(text),
            image: image
                .or_else(|| coming?.image.clone())
                .filter(paths_are_text),
            step: state.step,
            review: state.review.clone(),
        }
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
        let image = self.image.filter(|_| startup.image.is_none());
        let is_something = self.data.is_some() || self.model.is_some() || image.is_some();
        is_something.then_some(Self { image, ..self })
    }
}

fn is_text(path: &Path) -> bool {
    path.to_str().is_some()
}

/// Whether all files of an image can be written down.
fn paths_are_text(image: &Entry) -> bool {
    is_text(&image.path) && image.mask.iter().flat_map(MaskSource::paths).all(is_text)
}

/// The results of the last review, and what they depend on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptReview {
    version: Version,
    /// Which model and settings made the scores: they are shown beside no others.
    pub maker: Maker,
    /// Which images of the data set.
    pub source: Source,
    /// The projection's parameters.
    pub projection: ProjectionConfig,
    /// How maps became scores.
    pub map: MapConfig,
    /// The images and what became of them.
    pub images: Vec<(Entry, ImageResult)>,
    /// How inspecting them ended, when it did.
    pub outcome: Option<Outcome>,
    /// The pixels of images whose kind is known.
    pub pixels: Option<SetPixels>,
}

impl KeptReview {
    /// The review as it is; `None` when nothing was inspected, or with a model that could not be
    /// opened again.
    pub fn of(state: &State) -> Option<Self> {
        let set = &state.set;
        let conditions = set.conditions()?;
        state.model.as_ref()?.path.as_ref()?;
        let is_text = set.images().iter().all(paths_are_text);
        if set.done() == 0 || !is_text || state.set_stale() == Some(Stale::Model) {
            return None;
        }
        let results = set.results().iter().flatten().flatten();
        let bytes: usize = results.map(Inspected::picture_bytes).sum();
        let keep = |result: &ImageResult| match result {
            Some(Ok(inspected)) if bytes > PICTURES_BYTES_MAX => {
                Some(Ok(inspected.without_pictures()))
            }
            result => result.clone(),
        };
        let images = set.images().iter().cloned();
        Some(Self {
            version: Version::default(),
            maker: conditions.mapper.projected_maker(),
            source: conditions.source,
            projection: conditions.projection,
            map: conditions.mapper.config,
            images: images.zip(set.results().iter().map(keep)).collect(),
            outcome: set.outcome().cloned(),
            pixels: set.pixels().cloned(),
        })
    }
}

/// Keeps both files up to date.
#[derive(Debug, Default)]
pub struct Keeper {
    session: Persist<Session>,
    review: Persist<Option<KeptReview>>,
    /// The set's run and generation when its review was kept.
    kept: Option<(u64, u64)>,
}

/// What was kept, and what a person should know, in sentences.
pub type Kept = (Session, Option<KeptReview>, Vec<String>);

impl Keeper {
    /// Reads both files in the state folder and keeps them up to date from then on.
    pub fn open(folder: &Path) -> (Self, Kept) {
        let file = |name: &str| folder.join(name);
        let (session, kept, mut warnings) = Persist::open(&file("session.json"), "session");
        let (review, kept_review, more) = Persist::open(&file("review.json"), "review");
        warnings.extend(more);
        let keeper = Self {
            session,
            review,
            kept: None,
        };
        (keeper, (kept, kept_review, warnings))
    }

    /// Saves what changed, now and then; a review when it has ended.
    pub fn keep(&mut self, state: &State, now_secs: f64) {
        if self.session.is_due(now_secs) {
            self.session.keep(&Session::of(state), now_secs);
            if !state.set.is_active() {
                self.keep_review(state);
            }
        }
    }

    /// Saves what changed and waits until it is written.
    pub fn finish(&mut self, state: &State) {
        self.session.finish(&Session::of(state));
        self.keep_review(state);
        self.review.close();
    }

    fn keep_review(&mut self, state: &State) {
        let is_coming = state
            .restoring
            .as_ref()
            .is_some_and(|it| it.review.is_some());
        let key = (state.set.run(), state.set.generation());
        if !is_coming && self.kept != Some(key) {
            self.kept = Some(key);
            self.review.save(&KeptReview::of(state));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn session() -> Session {
        Session {
            data: Some("/data/washer".into()),
            model: Some("/models/washer.safetensors".into()),
            step: Step::Review,
            ..Session::default()
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
        assert_eq!(session().beside(&startup(None, None)), Some(session()));
        assert_eq!(
            session().beside(&startup(Some(same), None)),
            Some(session())
        );
        assert_eq!(session().beside(&startup(Some("/data/line3"), None)), None);
        assert_eq!(session().beside(&startup(None, Some("/other"))), None);
        let nothing = Session::default();
        assert_eq!(nothing.beside(&Startup::default()), None);
    }

    #[test]
    fn a_file_of_a_later_version_is_kept_aside_and_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("session.json");
        std::fs::write(&path, r#"{"version": 3, "data": "/data/washer"}"#).unwrap();
        let (_, (kept, review, warnings)) = Keeper::open(folder.path());
        assert_eq!((kept, review), (Session::default(), None));
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("version 3") && warnings[0].contains("session.broken.json"));
        assert!(folder.path().join("session.broken.json").is_file());
    }
}
