//! What the worker says, in the log: one place for all of it, since everything that matters passes
//! by on its way to the window.

use super::message::{Event, Job, Outcome};

/// Logs an event, if it is one that somebody may ask about later.
pub fn note(event: &Event) {
    match event {
        Event::DeviceReady(device) => {
            tracing::info!("computing on {}: {}", device.name, device.reason);
        }
        Event::Started(Job::Training) => tracing::info!("training begins"),
        Event::Started(job) => tracing::debug!("began: {job:?}"),
        Event::Ended(job, Outcome::Done) => tracing::debug!("done: {job:?}"),
        Event::Ended(job, Outcome::Stopped) => tracing::info!("stopped: {job:?}"),
        Event::Ended(job, Outcome::Failed(reason)) => tracing::error!("failed: {job:?}: {reason}"),
        Event::DatasetOpened {
            catalog, summary, ..
        } => {
            tracing::info!("opened the data set {}: {summary}", catalog.root.display());
        }
        Event::DatasetUnclear { path, groups, .. } => tracing::info!(
            "asked which of {} folders of {} are normal",
            groups.len(),
            path.display()
        ),
        Event::Suspects { suspects, .. } => {
            for image in suspects.strange() {
                let (path, score) = (image.path.display(), image.score);
                tracing::info!("unlike the other training images: {path} ({score:.3})");
            }
        }
        Event::BrokenFiles(broken) => {
            for file in broken {
                tracing::warn!("cannot use {}: {}", file.path.display(), file.reason);
            }
        }
        Event::ModelReady(model) => {
            let path = model.path.as_deref().map(|path| path.display());
            let name = path.map_or("not saved yet".into(), |path| path.to_string());
            tracing::info!("the model is {name}, {} images seen", model.images_seen);
        }
        Event::ModelGone => tracing::info!("there is no model any more"),
        Event::ModelSaved { path, .. } => tracing::info!("saved the model {}", path.display()),
        Event::ImageOpened(image) => tracing::debug!("opened {}", image.entry.path.display()),
        Event::SetInspected(result) => {
            if let Err(reason) = &result.outcome {
                tracing::warn!("not inspected: {reason}");
            }
        }
        Event::Warning(text) => tracing::warn!("{text}"),
        Event::Failed { about, reason } => tracing::error!("{about:?}: {reason}"),
        Event::DeviceLost(text) => tracing::error!("the device is lost: {text}"),
        _ => {}
    }
}
