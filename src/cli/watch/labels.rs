//! What people have said of images in the folder that is watched.

use std::path::Path;

use kizumi_dataset::labels::Labels;
use kizumi_dataset::path_list::PathList;

use super::super::output::worded;
use super::super::progress::Progress;
use super::super::said::said;
use super::incoming::Complete;

/// Reads the labels of the folder for images that have come, and says once what is odd about them.
#[derive(Default)]
pub struct WatchedLabels {
    said: Vec<String>,
}

impl WatchedLabels {
    /// The labels of the folder, also of images that hold the same as labelled ones.
    pub fn of(&mut self, folder: &Path, complete: &[Complete], progress: &Progress) -> Labels {
        let mut images = PathList::default();
        for one in complete {
            images.push(one.path.strip_prefix(folder).unwrap_or(&one.path));
        }
        let labels = match Labels::of_new(folder, &images) {
            Ok(labels) => labels,
            Err(error) => {
                let error = worded(&error);
                let line = said!(
                    "labels are not used: {error}",
                    "ラベルを使いません：{error}"
                );
                self.say(progress, line);
                return Labels::default();
            }
        };
        for remark in &labels.remarks {
            let remark = worded(remark);
            self.say(progress, said!("note: {remark}.", "注：{remark}。"));
        }
        labels
    }

    fn say(&mut self, progress: &Progress, line: String) {
        if !self.said.contains(&line) {
            progress.say(&line);
            self.said.push(line);
        }
    }
}
