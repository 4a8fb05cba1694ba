//! The work that is going on.

use kizumi_engine::message::{Job, TuningId};

/// A job that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Which one.
    pub job: Job,
    /// Units done and units in all, once it has said so.
    pub progress: Option<(u64, u64)>,
}

impl Running {
    /// Share done, `0.0..=1.0`, when it is known.
    pub fn share(&self) -> Option<f32> {
        let (done, total) = self.progress?;
        (total > 0).then(|| (done as f64 / total as f64).min(1.0) as f32)
    }
}

/// The jobs that run; mostly one or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jobs(Vec<Running>);

impl Jobs {
    /// A job began.
    pub fn start(&mut self, job: Job) {
        self.end(job);
        self.0.push(Running {
            job,
            progress: None,
        });
    }

    /// A job reports; ignored when it does not run.
    pub fn progress(&mut self, job: Job, done: u64, total: u64) {
        if let Some(running) = self.0.iter_mut().find(|running| running.job == job) {
            running.progress = Some((done, total));
        }
    }

    /// A job ended.
    pub fn end(&mut self, job: Job) {
        self.0.retain(|running| running.job != job);
    }

    /// Every job ended, with the device.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether a projection of the open image runs.
    pub fn are_projecting(&self) -> bool {
        let projects = |running: &Running| matches!(running.job, Job::Projecting(_));
        self.0.iter().any(projects)
    }

    /// The search for settings, when one runs.
    pub fn tuning(&self) -> Option<(TuningId, &Running)> {
        self.0.iter().find_map(|running| match running.job {
            Job::Tuning(id) => Some((id, running)),
            _ => None,
        })
    }

    /// The comparison of the normal images, when one runs.
    pub fn finding_suspects(&self) -> Option<&Running> {
        let finds = |running: &&Running| matches!(running.job, Job::FindingSuspects(_));
        self.0.iter().find(finds)
    }

    /// Units done and in all of a job that runs, once it has said so.
    pub fn progress_of(&self, job: Job) -> Option<(u64, u64)> {
        self.0.iter().find(|running| running.job == job)?.progress
    }

    /// Whether something runs that a projection has to wait for. What is to be waited for of a training
    /// depends on the model: [`State::waits_for_training`](super::State::waits_for_training).
    pub fn block_projection(&self) -> bool {
        let gives_way = |job| {
            matches!(
                job,
                Job::Training
                    | Job::Finishing
                    | Job::Projecting(_)
                    | Job::Sheet(_)
                    | Job::InspectingSet(_)
                    | Job::Tuning(_)
                    | Job::Checking(_)
                    | Job::FindingSuspects(_)
            )
        };
        self.0.iter().any(|running| !gives_way(running.job))
    }

    /// The job that a person most wants to know about.
    pub fn foremost(&self) -> Option<&Running> {
        self.0.iter().max_by_key(|running| match running.job {
            Job::Training => 10,
            Job::Finishing => 9,
            Job::Calibrating => 8,
            Job::Loading | Job::Features => 7,
            Job::Demo => 6,
            Job::Device => 5,
            Job::Tuning(_) | Job::FindingSuspects(_) => 4,
            Job::InspectingSet(_) => 3,
            Job::Sheet(_) => 2,
            Job::Projecting(_) => 1,
            Job::Checking(_) => 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_engine::message::RunId;

    #[test]
    fn the_foremost_job_is_shown_and_late_progress_is_ignored() {
        let mut jobs = Jobs::default();
        let projecting = Job::Projecting(RunId::from(1));
        jobs.start(projecting);
        jobs.start(Job::Training);
        jobs.progress(Job::Training, 1, 4);
        jobs.progress(Job::Loading, 9, 9);
        assert_eq!(jobs.foremost().and_then(Running::share), Some(0.25));
        jobs.end(Job::Training);
        jobs.progress(Job::Training, 2, 4);
        assert_eq!(jobs.foremost().map(|running| running.job), Some(projecting));
        assert!(!jobs.block_projection());
        jobs.end(Job::Projecting(RunId::from(2)));
        assert!(jobs.are_projecting(), "another one ended");
    }

    #[test]
    fn a_share_needs_a_total() {
        let running = Running {
            job: Job::Loading,
            progress: Some((0, 0)),
        };
        assert_eq!(running.share(), None);
    }
}
