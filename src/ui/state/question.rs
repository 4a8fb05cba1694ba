//! Which images of a folder are normal, while a person is asked.

use std::path::{Path, PathBuf};

use kizumi_dataset::catalog::Kind;
use kizumi_dataset::scan::{Doubt, Roles};
use kizumi_engine::message::{DatasetId, UnclearGroup};

use super::{State, Step};

/// What a person says of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Its images are normal, to be learned from.
    Normal,
    /// They are defective, and to be inspected.
    Defective,
    /// They are to be inspected; what they show is not known, or folders in it say it.
    Test,
    /// They are not used.
    Unused,
}

impl Answer {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Defective, Self::Test, Self::Unused];
}

/// A folder of which nothing says which images are normal.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The folder.
    pub folder: PathBuf,
    /// Its images, by the folder that they are in.
    pub groups: Vec<UnclearGroup>,
    /// What makes it doubtful, beside what those folders are called.
    pub doubts: Vec<Doubt>,
    /// Files that name some of them and that are not understood.
    pub unread: Vec<PathBuf>,
    /// What was said of each of them so far; what was said the last time, else what names say, is there from the start.
    pub answers: Vec<Option<Answer>>,
    /// Tells drawn pictures of this question from those of the one before.
    pub generation: u64,
}

impl Question {
    fn new(
        folder: PathBuf,
        groups: Vec<UnclearGroup>,
        doubts: Vec<Doubt>,
        unread: Vec<PathBuf>,
        said: &Roles,
        generation: u64,
    ) -> Self {
        let guess = |group: &UnclearGroup| match group.guess {
            _ if said.normal.contains(&group.folder) => Some(Answer::Normal),
            _ if said.defective.contains(&group.folder) => Some(Answer::Defective),
            _ if said.test.contains(&group.folder) => Some(Answer::Test),
            _ if said.unused.contains(&group.folder) => Some(Answer::Unused),
            Kind::Normal => Some(Answer::Normal),
            Kind::Defect(_) => Some(Answer::Defective),
            Kind::Unknown => None,
        };
        Self {
            answers: groups.iter().map(guess).collect(),
            folder,
            groups,
            doubts,
            unread,
            generation,
        }
    }

    /// What a group is called: its place in the folder, `None` for images directly in it.
    pub fn name(&self, group: &UnclearGroup) -> Option<String> {
        let below = self.below(&group.folder);
        (!below.as_os_str().is_empty()).then(|| below.display().to_string())
    }

    /// The place in the folder of what lies in it.
    pub fn below<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.folder).unwrap_or(path)
    }

    /// Whether names say of every group what it holds, so that something else is in doubt.
    pub fn is_named(&self) -> bool {
        let mut guesses = self.groups.iter().map(|group| &group.guess);
        guesses.all(|guess| *guess != Kind::Unknown)
    }

    /// The answer, once something was said of every group and one of them is normal.
    pub fn roles(&self) -> Option<Roles> {
        let answers: Option<Vec<Answer>> = self.answers.iter().copied().collect();
        let answers = answers?;
        let of = |wanted: Answer| {
            let pairs = self.groups.iter().zip(&answers);
            let wanted = pairs.filter(|(_, answer)| **answer == wanted);
            wanted.map(|(group, _)| group.folder.clone()).collect()
        };
        let roles = Roles {
            normal: of(Answer::Normal),
            defective: of(Answer::Defective),
            test: of(Answer::Test),
            unused: of(Answer::Unused),
            masks: Vec::new(),
            of_all: true,
            to_inspect: false,
        };
        (!roles.normal.is_empty()).then_some(roles)
    }
}

impl State {
    /// Nothing says which images are normal: a person is asked, unless another folder was asked for since.
    pub(super) fn dataset_unclear(
        &mut self,
        dataset: DatasetId,
        folder: PathBuf,
        groups: Vec<UnclearGroup>,
        doubts: Vec<Doubt>,
        unread: Vec<PathBuf>,
    ) {
        if self.asked.dataset == dataset {
            self.path_input = folder.display().to_string();
            // Where it is asked.
            self.step = Step::Data;
            self.questions += 1;
            let said = self.roles_of(&folder);
            let question = Question::new(folder, groups, doubts, unread, &said, self.questions);
            self.question = Some(question);
        }
    }

    /// Says what a group holds.
    pub fn answer(&mut self, group: usize, answer: Answer) {
        let question = self.question.as_mut();
        if let Some(said) = question.and_then(|question| question.answers.get_mut(group)) {
            *said = Some(answer);
        }
    }

    /// Takes the answer, and keeps it for the next time. The folder to open now.
    pub fn take_answer(&mut self) -> Option<PathBuf> {
        let roles = self.question.as_ref()?.roles()?;
        let folder = self.question.take()?.folder;
        self.settings.recent.remember_roles(&folder, roles);
        Some(folder)
    }

    /// What a person said of a folder that is opened.
    pub fn roles_of(&self, folder: &Path) -> Roles {
        self.settings.recent.roles(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(folder: &str, guess: Kind) -> UnclearGroup {
        UnclearGroup {
            folder: folder.into(),
            images: 3,
            guess,
            samples: Vec::new(),
        }
    }

    fn asked() -> State {
        let mut state = State::default();
        let groups = vec![
            group("/parts", Kind::Unknown),
            group("/parts/left", Kind::Unknown),
            group("/parts/bad", Kind::Defect("bad".into())),
        ];
        state.dataset_unclear(
            DatasetId::default(),
            "/parts".into(),
            groups,
            Vec::new(),
            Vec::new(),
        );
        state
    }

    #[test]
    fn nothing_is_opened_before_something_was_said_of_everything_and_something_is_normal() {
        let mut state = asked();
        assert_eq!((state.step, state.take_answer()), (Step::Data, None));
        state.answer(0, Answer::Unused);
        state.answer(1, Answer::Test);
        assert_eq!(state.take_answer(), None);
        state.answer(1, Answer::Normal);
        assert_eq!(state.take_answer(), Some("/parts".into()));
        assert_eq!(state.question, None);
        let roles = state.roles_of(Path::new("/parts"));
        assert_eq!(roles.normal, [PathBuf::from("/parts/left")]);
        assert_eq!(roles.defective, [PathBuf::from("/parts/bad")]);
        assert!(roles.of_all, "a folder that comes later is asked about");
        assert_eq!(roles.unused, [PathBuf::from("/parts")]);
        assert!(state.roles_of(Path::new("/other")).is_empty());
    }

    #[test]
    fn what_was_said_the_last_time_is_there_when_it_is_asked_again() {
        let mut state = asked();
        for (group, answer) in [Answer::Unused, Answer::Normal, Answer::Unused]
            .into_iter()
            .enumerate()
        {
            state.answer(group, answer);
        }
        let said = state
            .question
            .as_ref()
            .map(|question| question.answers.clone());
        state.take_answer();
        let groups = ["/parts", "/parts/left", "/parts/bad"];
        let groups = groups
            .map(|folder| group(folder, Kind::Defect("bad".into())))
            .to_vec();
        let dataset = DatasetId::default();
        state.dataset_unclear(dataset, "/parts".into(), groups, Vec::new(), Vec::new());
        assert_eq!(state.question.map(|question| question.answers), said);
    }

    #[test]
    fn groups_are_called_by_their_place_in_the_folder() {
        let state = asked();
        let question = state.question.expect("it was asked");
        let names: Vec<_> = question
            .groups
            .iter()
            .map(|group| question.name(group))
            .collect();
        assert_eq!(names, [None, Some("left".into()), Some("bad".into())]);
    }

    #[test]
    fn a_question_about_a_folder_that_is_no_longer_asked_for_is_dropped() {
        let mut state = State::default();
        state.dataset_asked_for(2.into(), None, Roles::default());
        state.dataset_unclear(
            1.into(),
            "/parts".into(),
            Vec::new(),
            Vec::new(),
            Vec::new(),
        );
        assert_eq!(state.question, None);
    }
}
