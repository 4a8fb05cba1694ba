//! What labels have changed since the model at hand was trained.

use kizumi_dataset::catalog::Kind;
use kizumi_dataset::labels::Label;

use super::State;

/// What labels have changed since the model was trained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LabelNews {
    /// Images that are normal by now, and that it has not learned from.
    pub joined: usize,
    /// Images that it learned from, and that are not to be learned from by now.
    pub left: usize,
    /// Those that joined and that its thresholds were not measured with.
    pub unmeasured: usize,
}

impl State {
    /// What labels have changed since the model was trained on the data set that is open; `None` where nothing has.
    pub fn label_news(&self) -> Option<LabelNews> {
        let (model, open) = (self.model.as_ref()?, self.dataset.as_ref()?);
        if !self.model_fits_dataset() || (open.labels.is_empty() && model.joined.is_empty()) {
            return None;
        }
        let mut news = LabelNews::default();
        for (name, label) in open.labels.iter() {
            let Some((by_folder, is_train)) = open.by_folder(name) else {
                continue;
            };
            let would_join = !is_train && by_folder.kind != Kind::Normal;
            match label {
                _ if open.is_contradicted(name) => {
                    news.left += usize::from(is_train && !model.excluded.contains(name));
                }
                Label::Ok if would_join && !model.joined.contains(name) => {
                    news.joined += 1;
                    news.unmeasured += usize::from(!model.also_measured.contains(name));
                }
                Label::Ng { .. } | Label::LeftOut if is_train => {
                    news.left += usize::from(!model.excluded.contains(name));
                }
                _ => {}
            }
        }
        let stays = |name: &&String| open.labels.get(name) == Some(&Label::Ok);
        news.left += model.joined.iter().filter(|name| !stays(name)).count();
        (news != LabelNews::default()).then_some(news)
    }
}
