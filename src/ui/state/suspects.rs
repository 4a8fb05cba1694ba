//! Which normal images are learned from: what is known of those that look unlike the others, and those that a
//! person leaves out.

use std::collections::BTreeSet;
use std::path::PathBuf;

use kizumi_dataset::catalog::Catalog;
use kizumi_dataset::exclusions::Exclusions;
use kizumi_engine::message::{Command, DatasetId, Suspects};
use kizumi_image::compact::CompactPicture;

use super::State;

/// What is known of the normal images of a data set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// What comparing them found; `None` before.
    pub found: Option<Suspects>,
    /// The first of [`Suspects::shown`], small; `None` for one that cannot be read.
    pub thumbnails: Vec<Option<CompactPicture>>,
    /// Counts what was found, so that drawn pictures can be told from new ones.
    pub generation: u64,
    /// Which of all are learned from.
    pub exclusions: Exclusions,
    /// Whether a person looks at the list of both.
    pub is_listed: bool,
    listed: Vec<Listed>,
}

/// An image of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its file.
    pub path: PathBuf,
    /// What the data set calls it.
    pub name: String,
    /// Its place among the strangest, if it is one of them.
    pub place: Option<usize>,
    /// How strange it is, if it was compared.
    pub score: Option<f32>,
    /// Whether it looks unlike the others.
    pub is_suspect: bool,
    /// Whether training leaves it out.
    pub is_excluded: bool,
}

impl Selection {
    /// Nothing compared yet.
    pub fn new(catalog: &Catalog, exclusions: Exclusions) -> Self {
        let mut selection = Self {
            exclusions,
            ..Self::default()
        };
        selection.list(catalog);
        selection
    }

    /// How many images look unlike the others.
    pub fn suspects(&self) -> usize {
        self.found.as_ref().map_or(0, |found| found.strange().len())
    }

    /// Whether there is anything to list.
    pub fn has_list(&self) -> bool {
        self.found.is_some() || !self.exclusions.excluded.is_empty()
    }

    /// The strangest images first, then whatever else is left out.
    pub fn listed(&self) -> &[Listed] {
        &self.listed
    }

    /// Makes the list anew.
    fn list(&mut self, catalog: &Catalog) {
        let excluded = &self.exclusions.excluded;
        let ranking = self.found.as_ref().map_or(&[][..], |found| &found.ranking);
        let first = self.found.as_ref().map_or(0, |found| found.shown().len());
        let compared = ranking.iter().enumerate().map(|(place, image)| {
            let name = catalog.name_of(&image.path);
            Listed {
                path: image.path.clone(),
                place: (place < first).then_some(place),
                score: Some(image.score),
                is_suspect: image.is_suspect,
                is_excluded: excluded.contains(&name),
                name,
            }
        });
        let mut listed: Vec<Listed> = compared
            .filter(|image| image.place.is_some() || image.is_excluded)
            .collect();
        let known: BTreeSet<&String> = listed.iter().map(|image| &image.name).collect();
        let others = excluded.iter().filter(|name| !known.contains(name));
        let others: Vec<Listed> = others
            .map(|name| Listed {
                path: catalog.root.join(name),
                name: name.clone(),
                place: None,
                score: None,
                is_suspect: false,
                is_excluded: true,
            })
            .collect();
        listed.extend(others);
        self.listed = listed;
    }
}

impl State {
    /// Compares the normal images: what to ask for.
    pub fn find_suspects(&self) -> Option<Command> {
        let dataset = self.dataset.as_ref()?;
        let command = Command::FindSuspects {
            dataset: dataset.id,
            resolution: self.settings.train.features.resolution,
        };
        (!self.training.is_active()).then_some(command)
    }

    /// The normal images were compared. Whoever asked for it sees what was found.
    pub(super) fn suspects_found(
        &mut self,
        id: DatasetId,
        suspects: Suspects,
        thumbnails: Vec<Option<CompactPicture>>,
    ) {
        // Never one that another data set had: pictures are kept by it.
        let generation = self.ids.give();
        let asked = self.jobs.finding_suspects().is_some();
        if let Some(open) = self.dataset.as_mut().filter(|open| open.id == id) {
            open.selection.found = Some(suspects);
            open.selection.thumbnails = thumbnails;
            open.selection.generation = generation;
            open.selection.is_listed |= asked && open.selection.suspects() > 0;
            open.selection.list(&open.catalog);
        }
    }

    /// Brings the list on screen, or takes it off.
    pub fn list_suspects(&mut self, is_listed: bool) {
        if let Some(open) = &mut self.dataset {
            open.selection.is_listed = is_listed;
        }
    }

    /// Training leaves out what is labelled so from now on, and no more; the data set comes back with it.
    pub(super) fn leave_out_as_labelled(&mut self) {
        if let Some(open) = &mut self.dataset {
            open.selection.exclusions.leave_out(open.labels.left_out());
            open.selection.list(&open.catalog);
            let (root, recipe) = (&open.catalog.root, &self.settings.train);
            let recent = &mut self.settings.recent;
            recent.remember_recipe(root, recipe, &open.selection.exclusions);
        }
    }

    /// Which images training leaves out.
    pub fn exclusions(&self) -> Exclusions {
        let open = self.dataset.as_ref();
        open.map_or_else(Exclusions::default, |open| {
            open.selection.exclusions.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::settings::Settings;
    use kizumi_dataset::catalog::{Entry, Layout};
    use kizumi_engine::message::{Event, Job, Outcome};
    use kizumi_image::picture::Picture;
    use kizumi_image::thumbnail::thumbnail;

    fn opened(id: u64, root: &str) -> Event {
        let path = |i| Entry::normal(format!("{root}/{i}.png").into());
        Event::DatasetOpened {
            dataset: id.into(),
            catalog: Catalog {
                root: root.into(),
                layout: Layout::Plain,
                train: (0..9).map(path).collect(),
                test: Vec::new(),
                notes: Vec::new(),
                left_out: Vec::new(),
                excluded: BTreeSet::new(),
                joined: Default::default(),
            },
            summary: String::new(),
        }
    }

    fn found(id: u64, strange: &[usize]) -> Event {
        let score = |i: usize| {
            if strange.contains(&i) {
                5.0 + i as f32
            } else {
                1.0
            }
        };
        let scores = (0..9).map(|i| (format!("/a/{i}.png").into(), Some(score(i))));
        Event::Suspects {
            dataset: id.into(),
            suspects: Box::new(Suspects::of(scores)),
            thumbnails: Vec::new(),
        }
    }

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(ToString::to_string).collect()
    }

    fn listed(state: &State) -> Vec<(String, bool, bool)> {
        let dataset = state.dataset.as_ref();
        let images = dataset
            .map_or(&[][..], |open| open.selection.listed())
            .iter();
        images
            .map(|image| (image.name.clone(), image.is_suspect, image.is_excluded))
            .collect()
    }

    #[test]
    fn suspects_are_listed_for_whoever_asked_and_only_of_the_open_data_set() {
        let mut state = State::default();
        state.apply(opened(1, "/a"));
        state.apply(found(2, &[3]));
        assert_eq!(listed(&state), [], "of another data set");
        // A training tells them, too.
        state.apply(found(1, &[3]));
        let selection = |state: &State| state.dataset.as_ref().map(|open| open.selection.clone());
        assert!(selection(&state).is_some_and(|known| !known.is_listed && known.suspects() == 1));
        let job = Job::FindingSuspects(1.into());
        state.apply(Event::Started(job));
        state.apply(found(1, &[3, 7]));
        state.apply(Event::Ended(job, Outcome::Done));
        assert!(selection(&state).is_some_and(|known| known.is_listed));
        let listed = listed(&state);
        assert_eq!(listed.len(), 5);
        assert_eq!(listed[0], ("7.png".into(), true, false));
        assert_eq!((listed[1].1, listed[2].1), (true, false));
    }

    #[test]
    fn small_pictures_are_those_of_the_list_that_is_shown() {
        let mut state = State::default();
        let mut generations = BTreeSet::new();
        let small = |value| Some(thumbnail(&Picture::filled(1, 4, 4, value), 4));
        for (number, root) in [(1, "/a"), (2, "/b"), (3, "/a")] {
            state.apply(opened(number, root));
            let selection =
                |state: &State| state.dataset.as_ref().map(|open| open.selection.clone());
            assert_eq!(
                selection(&state).map(|known| known.thumbnails),
                Some(Vec::new())
            );
            for again in 0..2 {
                let value = (2 * number + again) as f32 / 10.0;
                let mut event = found(number, &[3]);
                if let Event::Suspects { thumbnails, .. } = &mut event {
                    *thumbnails = vec![small(value)];
                }
                state.apply(event);
                // One that comes late.
                state.apply(found(number + 10, &[7]));
                let known = selection(&state).unwrap_or_default();
                assert_eq!(known.thumbnails, [small(value)]);
                // Textures are kept by it.
                assert!(generations.insert(known.generation), "{generations:?}");
            }
        }
    }

    #[test]
    fn what_is_left_out_comes_back_with_its_folder_and_can_be_taken_back() {
        let mut state = State::default();
        state.apply(opened(1, "/a"));
        // One of them is away at the moment.
        state.set_excluded(names(&["3.png", "gone.png"]));
        state.apply(opened(2, "/b"));
        assert_eq!(state.exclusions(), Exclusions::default());
        let text = serde_json::to_string(&state.settings).expect("settings are plain data");
        let settings: Settings = serde_json::from_str(&text).expect("they can be read again");
        let mut state = State::new(settings);
        state.apply(opened(1, "/a"));
        assert_eq!(state.exclusions().excluded, names(&["3.png", "gone.png"]));
        let left_out = |name: &str| (name.to_owned(), false, true);
        let both = [left_out("3.png"), left_out("gone.png")];
        assert_eq!(listed(&state), both);
        // A training that left it out has not compared it.
        state.apply(Event::Suspects {
            dataset: 1.into(),
            suspects: Box::default(),
            thumbnails: Vec::new(),
        });
        assert_eq!(listed(&state), both);
        state.set_excluded(names(&["gone.png"]));
        assert_eq!(listed(&state), both[1..]);
        let mut again = State::new(state.settings);
        again.apply(opened(1, "/a"));
        assert_eq!(again.exclusions().excluded, names(&["gone.png"]));
        assert_eq!(again.exclusions().taken_back, names(&["3.png"]));
    }

    #[test]
    fn comparing_waits_for_the_end_of_a_training() {
        let mut state = State::default();
        assert_eq!(state.find_suspects(), None);
        state.apply(opened(1, "/a"));
        assert!(state.find_suspects().is_some());
        state.apply(Event::Started(Job::Training));
        assert_eq!(state.find_suspects(), None);
    }
}
