//! How far the work is: one share for every bar that shows it.

use kizumi_engine::message::Job;
use kizumi_method::config::Features as Frozen;

use super::State;
use super::jobs::Running;
use super::training::{Features, Phase};

/// About how much of the time of learning features is spent reading images.
const READING_SHARE: f32 = 0.4;

impl State {
    /// Share of a job that is done, `0.0..=1.0`, where it is known. Reading images is the beginning of learning their
    /// features, where those are learned.
    pub fn share_of(&self, running: &Running) -> Option<f32> {
        match running.job {
            Job::Loading | Job::Features if self.learns_features() => self.features_share(),
            Job::Training => self.network_share(),
            Job::InspectingSet(_) => {
                let all = self.set.images().len();
                (all > 0).then(|| self.set.done() as f32 / all as f32)
            }
            Job::Projecting(_) => {
                let iterations = self.settings.projection.iterations.max(1);
                let done = self.last_shown() as f32 / iterations as f32;
                running.share().or(Some(done.min(1.0)))
            }
            _ => running.share(),
        }
    }

    /// Whether a training goes on that makes a model with features, and these are not learned yet.
    pub fn learns_features(&self) -> bool {
        let training = &self.training;
        let recipe = training.recipe.as_ref();
        match training.features {
            Features::Ready => false,
            Features::Learning => training.is_active(),
            Features::Absent => {
                training.phase == Phase::Preparing
                    && recipe.is_some_and(|recipe| recipe.features.network != Frozen::None)
            }
        }
    }

    /// How much of the features in the making is learned: they are read, then each is measured by the others.
    pub fn features_share(&self) -> Option<f32> {
        let share = |job| {
            let (done, total) = self.jobs.progress_of(job)?;
            (total > 0).then(|| (done as f32 / total as f32).min(1.0))
        };
        match self.training.features {
            Features::Ready => Some(1.0),
            Features::Learning => {
                let measured = share(Job::Features).unwrap_or(0.0);
                Some(READING_SHARE + (1.0 - READING_SHARE) * measured)
            }
            Features::Absent => share(Job::Loading).map(|read| READING_SHARE * read),
        }
    }

    /// How much of its training the network has behind it; `None` where nobody knows when it ends.
    pub fn network_share(&self) -> Option<f32> {
        let progress = self.training.progress.as_ref()?;
        let limit = progress.images_limit.filter(|limit| *limit > 0)?;
        Some((progress.images as f32 / limit as f32).min(1.0))
    }
}
