//! The part of the photographs that a network sees, while it is looked at: what was asked of the worker for it, and
//! what came.

use std::path::{Path, PathBuf};

use kizumi_engine::message::{Command, Failure, Ids, InputPreview, PreviewId, PreviewRequest};
use kizumi_image::align::Align;
use kizumi_image::crop::{Area, Crop};
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_method::config::DataConfig;

use super::{State, Step};

/// What a network gets of an image.
pub type Previewed = Result<(Picture, Placement), Failure>;

/// The part, on screen or not.
#[derive(Debug, Default)]
pub struct Part {
    /// Whether a person looks at it.
    pub is_open: bool,
    /// Of which file and how, and what the question was called.
    asked: Option<(PathBuf, DataConfig, PreviewId)>,
    /// The answer to it.
    previewed: Option<Previewed>,
    /// How many there were.
    pub generation: u64,
}

impl Part {
    /// What to ask for, unless it was asked for.
    fn due(
        &mut self,
        path: &Path,
        data: &DataConfig,
        normals: impl FnOnce() -> Vec<PathBuf>,
        ids: &mut Ids,
    ) -> Option<Command> {
        let is_asked = |asked: &(PathBuf, DataConfig, _)| asked.0 == path && asked.1 == *data;
        if self.asked.as_ref().is_some_and(is_asked) {
            return None;
        }
        let preview = ids.give();
        self.asked = Some((path.to_owned(), data.clone(), preview));
        self.previewed = None;
        Some(Command::PreviewInput(Box::new(PreviewRequest {
            preview,
            path: path.to_owned(),
            data: data.clone(),
            normals: normals(),
        })))
    }

    /// The worker has prepared an image.
    pub fn previewed(&mut self, preview: InputPreview) {
        let asked = self.asked.as_ref();
        if asked.is_some_and(|(_, _, asked)| *asked == preview.preview) {
            self.previewed = Some(preview.outcome);
            self.generation += 1;
        }
    }

    /// What the network gets of the image that is open; `None` while that is not known.
    pub fn preview(&self) -> Option<&Previewed> {
        self.previewed.as_ref()
    }

    /// A new worker knows nothing of what was asked for.
    pub fn forget(&mut self) {
        self.asked = None;
        self.previewed = None;
    }
}

impl State {
    /// Whether the part is on screen.
    pub fn shows_part(&self) -> bool {
        let is_free = self.step == Step::Train && !self.training.is_active();
        self.part.is_open && is_free && self.inspecting.opened.is_some()
    }

    /// What to ask for to show it.
    pub(super) fn due_for_part(&mut self) -> Option<Command> {
        if !self.shows_part() {
            return None;
        }
        let opened = self.inspecting.opened.as_ref()?;
        let (form, _) = self.shown_recipe();
        let dataset = self.dataset.as_ref();
        let normals = || {
            let train = dataset.map_or(&[][..], |dataset| &dataset.catalog.train);
            train.iter().map(|entry| entry.path.clone()).collect()
        };
        let path = &opened.entry.path;
        self.part.due(path, &form.data, normals, &mut self.ids)
    }
}

/// The same with another crop, drawn in this photograph.
pub fn with_crop(data: &DataConfig, area: Option<Area>, photograph: &Path) -> DataConfig {
    let align = data.align.as_ref().map(|_| Align {
        reference: area.map(|_| photograph.to_owned()),
        template: None,
    });
    DataConfig {
        crop: area.map(Crop::new),
        align,
        ..data.clone()
    }
}

/// The same with alignment or without; where there is a crop, to this photograph.
pub fn aligned(data: &DataConfig, aligns: bool, photograph: Option<&Path>) -> DataConfig {
    let reference = photograph.filter(|_| data.crop.is_some());
    DataConfig {
        align: aligns.then(|| Align {
            reference: reference.map(Path::to_owned),
            template: None,
        }),
        ..data.clone()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_for_the_question_that_was_asked_last() {
        let (mut part, mut ids) = (Part::default(), Ids::default());
        let path = Path::new("/parts/a.png");
        let mut ask = |part: &mut Part, data: &DataConfig| {
            let command = part.due(path, data, Vec::new, &mut ids);
            command.map(|command| match command {
                Command::PreviewInput(request) => request.preview,
                other => panic!("{other:?}"),
            })
        };
        let plain = DataConfig::default();
        let first = ask(&mut part, &plain).unwrap();
        assert_eq!(ask(&mut part, &plain), None, "it was asked for");
        let cropped = with_crop(&plain, Some("0,0,40,40".parse().unwrap()), path);
        let second = ask(&mut part, &cropped).unwrap();
        let answer = |preview| InputPreview {
            preview,
            outcome: Err("no".into()),
        };
        part.previewed(answer(first));
        assert_eq!(part.preview(), None);
        part.previewed(answer(second));
        assert_eq!(part.preview(), Some(&Err("no".into())));
        part.forget();
        assert!(ask(&mut part, &cropped).is_some());
    }

    #[test]
    fn a_crop_is_meant_in_the_photograph_that_it_was_drawn_in() {
        let (a, b) = (Path::new("/parts/a.png"), Path::new("/parts/b.png"));
        let area: Area = "10,20,40,40".parse().unwrap();
        let data = aligned(&DataConfig::default(), true, Some(a));
        let reference = |data: &DataConfig| data.align.clone().unwrap().reference;
        assert_eq!(reference(&data), None, "there is no crop yet");
        let data = with_crop(&data, Some(area), b);
        assert_eq!(reference(&data).as_deref(), Some(b));
        assert_eq!(reference(&with_crop(&data, None, a)), None);
        assert_eq!(aligned(&data, false, Some(b)).align, None);
        assert_eq!(
            reference(&aligned(&data, true, Some(a))).as_deref(),
            Some(a)
        );
    }
}
