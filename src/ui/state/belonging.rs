//! What belongs together: a data set with its images, their review and the model that was trained on
//! it. When one goes, what belongs to it goes with it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use kizumi_dataset::catalog::{Catalog, Entry, Kind, Layout};
use kizumi_dataset::counts::Tally;
use kizumi_dataset::labels::Labels;
use kizumi_dataset::scan::Roles;
use kizumi_engine::message::{Command, DatasetId, Extent};
use kizumi_method::config::{DataConfig, TrainingConfig, TrainingLimit};

use super::labelling::{LabelFilter, places_of};
use super::list::images_of;
use super::notice::Scope;
use super::set::Source;
use super::suspects::Selection;
use super::{Dataset, State, file_name};
use crate::ui::settings::{TrainForm, remember};

/// What a data set was asked for with.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Asked {
    /// Which data set.
    pub(super) dataset: DatasetId,
    /// The image that was chosen then.
    image: Option<Entry>,
    /// The training form that comes with it.
    recipe: Option<TrainForm>,
    /// What is known of its folders.
    roles: Roles,
}

impl State {
    /// Whether images are open that can be learned from.
    pub fn has_normal_images(&self) -> bool {
        let dataset = self.dataset.as_ref();
        dataset.is_some_and(|dataset| dataset.tally().train > 0)
    }

    /// A data set is asked for, which may bring its training form: the image that is chosen now
    /// will belong to the one before.
    pub fn dataset_asked_for(
        &mut self,
        dataset: DatasetId,
        recipe: Option<TrainForm>,
        roles: Roles,
    ) {
        self.question = None;
        self.asked = Asked {
            dataset,
            image: self.inspecting.selected.clone(),
            recipe,
            roles,
        };
    }

    /// Sets the training form; the data set that is open comes back with it.
    pub fn set_train_form(&mut self, form: TrainForm) {
        if let Some(dataset) = &self.dataset {
            let (root, exclusions) = (&dataset.catalog.root, &dataset.selection.exclusions);
            self.settings
                .recent
                .remember_recipe(root, &form, exclusions);
        }
        self.settings.train = form;
    }

    /// A data set was recognised and takes the place of the one before.
    pub(super) fn dataset_opened(&mut self, id: DatasetId, catalog: Catalog, summary: String) {
        // Another one may have been asked for since.
        let asked = (self.asked.dataset == id).then(|| std::mem::take(&mut self.asked));
        let asked = asked.unwrap_or_default();
        remember(&mut self.settings.recent.datasets, &catalog.root);
        self.path_input = catalog.root.display().to_string();
        self.notices.leave(Scope::Dataset);
        self.belong_to_project(&catalog.root);
        self.adopt(&catalog);
        let root = |dataset: &Dataset| dataset.catalog.root == catalog.root;
        if self.dataset.as_ref().is_some_and(root) {
            if let Some(conditions) = self.set.conditions() {
                let source = conditions.source;
                self.set.compare(images_of(&catalog, source));
                self.look_for_changed_files();
            }
        } else {
            self.leave_dataset(&catalog, asked.image.as_ref());
        }
        if is_to_inspect(&catalog) && self.roles_of(&catalog.root).is_empty() {
            // It stays what it is when it is opened again, be it before a model is.
            let roles = asked.roles.clone();
            self.settings.recent.remember_roles(&catalog.root, roles);
        }
        let known = self.settings.recent.recipe(&catalog.root).cloned();
        let recipe = asked.recipe.or(known);
        let exclusions = self.settings.recent.exclusions(&catalog.root);
        self.dataset = Some(Dataset {
            id,
            selection: Selection::new(&catalog, exclusions),
            places: places_of(&catalog),
            tally: Tally::of(&catalog),
            notes: catalog.notes.clone(),
            contradicted: HashSet::new(),
            catalog,
            labels: Labels::default(),
            summary,
            broken: Vec::new(),
        });
        self.join_exclusions();
        // Where the part lies in other photographs, and how large it is there, this one does not say.
        let usual = || {
            let mut form = self.settings.train.clone();
            form.data.crop = None;
            form.data.mm_per_px = None;
            form.data.align = None;
            form
        };
        self.set_train_form(recipe.unwrap_or_else(usual));
    }

    /// The project that a folder belongs to, to be opened with it: where nothing is open, or on its way, that would
    /// go.
    pub fn project_to_reopen(&self, folder: &Path) -> Option<PathBuf> {
        let has_model = self.model.is_some() || self.opening.is_some();
        let is_free = !has_model && self.dataset.is_none() && !self.training.is_active();
        let known = self.settings.recent.project_of(folder);
        known
            .filter(|_| is_free && self.project.is_none())
            .map(Path::to_owned)
    }

    /// A project has one data set, which is the first that is opened in it.
    fn belong_to_project(&mut self, root: &Path) {
        if let Some(project) = &mut self.project {
            let own = project.data.get_or_insert_with(|| root.to_owned());
            if own != root {
                self.project = None;
            }
        }
    }

    /// Asks whether the files of the review still hold what was inspected.
    pub(super) fn look_for_changed_files(&mut self) {
        let stamps = self.set.stamps();
        if !stamps.is_empty() {
            self.pending.push_back(Command::FindChanged(stamps));
        }
    }

    /// Closes what belongs to the data set before `next`, which was asked for when `chosen` was.
    fn leave_dataset(&mut self, next: &Catalog, chosen: Option<&Entry>) {
        let selected = self.inspecting.selected.as_ref();
        // Whoever chose an image after asking for the data set wants that one.
        if selected == chosen && !selected.is_some_and(|entry| holds(next, entry)) {
            self.close_image();
        }
        if self.set.conditions().is_some() || self.set.is_active() {
            self.close_set();
        }
        if !self.training.is_active() {
            self.training.clear();
        }
        self.trains_more = false;
        self.history.forget_labels();
        self.listed = Source::default();
        self.label_filter = LabelFilter::default();
        self.sorting = None;
    }

    /// Closes the image, here and in the worker.
    fn close_image(&mut self) {
        if self.inspecting.selected.is_none() && self.inspecting.opened.is_none() {
            return;
        }
        let left = self.inspecting.close();
        self.painter.forget();
        self.masking.forget(false);
        self.sheet.forget();
        self.sheet.close();
        self.viewer.clear_pins();
        let close = left.map(|image| Command::Close(Extent::Image(image)));
        self.pending.extend(close);
    }

    /// Closes the review, and ends what it waits for.
    fn close_set(&mut self) {
        self.pending
            .extend(self.set.at_work().map(Command::StopSet));
        self.set.close();
        self.review.cursor = None;
        self.review.source = Source::default();
        self.review.clear_filters();
    }

    /// Closes the model. The worker answers.
    pub fn close_model(&mut self) {
        let model = self.model.as_ref().filter(|_| !self.training.is_active());
        let close = model.map(|model| Command::Close(Extent::Model(model.id)));
        self.pending.extend(close);
    }

    /// Closes everything, as if the window had just been opened.
    pub fn start_fresh(&mut self) {
        if self.training.is_active() {
            return;
        }
        self.restoring = None;
        self.project = None;
        self.close_image();
        self.close_set();
        self.dataset = None;
        self.sorting = None;
        self.history.forget_labels();
        self.question = None;
        self.model = None;
        self.opening = None;
        self.training.clear();
        self.trains_more = false;
        self.tuning.forget();
        self.watching.form = Default::default();
        self.notices.clear();
        self.path_input.clear();
        self.pending.clear();
        self.pending.push_back(Command::Close(Extent::Everything));
    }

    /// What the model would be trained further with: what it was trained with. Its limit is
    /// [`Further`](crate::ui::settings::Further).
    pub fn model_recipe(&self) -> Option<TrainForm> {
        let model = self.model.as_ref()?;
        let network = &model.network;
        Some(TrainForm {
            data: DataConfig {
                channels: Some(network.channels),
                ..model.data.clone()
            },
            latent: network.latent,
            width: network.width,
            skips: network.skips,
            features: model.features,
            training: TrainingConfig {
                limit: TrainingLimit {
                    images: Some(self.settings.further.images),
                    ..TrainingLimit::default()
                },
                ..model.training.clone()
            },
        })
    }

    /// Whether training would go on with the open model.
    pub fn would_train_more(&self) -> bool {
        self.trains_more && self.model.is_some()
    }

    /// What the training form shows: what is being trained, or else would be; and whether a person
    /// may change it.
    pub fn shown_recipe(&self) -> (TrainForm, bool) {
        let own = &self.settings.train;
        let fixed = match self.training.is_active() {
            true => self.training.recipe.clone(),
            false if self.would_train_more() => self.model_recipe(),
            false => return (own.clone(), true),
        };
        (fixed.unwrap_or_else(|| own.clone()), false)
    }

    /// Whether the model was trained on the data set that is open; `false` without either.
    pub fn model_fits_dataset(&self) -> bool {
        let (Some(model), Some(dataset)) = (&self.model, &self.dataset) else {
            return false;
        };
        // Files that could not be read then are missing in the model's count.
        let joined = dataset.labels.counts().ok;
        // Of a folder that is to be inspected, what is normal may lie in another one.
        let roles = self.roles_of(&dataset.catalog.root);
        let own = [dataset.name()].into_iter();
        let mut names = own.chain(roles.normal.iter().map(|folder| file_name(folder)));
        names.any(|name| name == model.trained_on)
            && model.normal_images <= dataset.catalog.train.len() + joined
    }

    /// Whether the model was trained on another data set than the one that is open.
    pub fn model_is_foreign(&self) -> bool {
        let dataset = self.dataset.as_ref();
        let has_own = dataset.is_some_and(|dataset| !dataset.is_to_inspect());
        self.model.is_some() && has_own && !self.model_fits_dataset()
    }

    /// What a folder that is opened now is there for where nobody has said it: one of images alone is to be inspected
    /// when there is a model, and that was trained on another folder. Where the folder that it was trained on is open,
    /// its normal images stay beside those to inspect.
    pub fn roles_by_model(&self, folder: &Path) -> Roles {
        let model = self.model.as_ref();
        if model.is_none_or(|model| model.trained_on == file_name(folder)) {
            return Roles::default();
        }
        let open = self.dataset.as_ref().filter(|_| self.model_fits_dataset());
        let normal = open.map(|open| &open.catalog.root).filter(|root| {
            // What its folders hold has to be clear by their names.
            root.as_path() != folder && self.roles_of(root).is_empty()
        });
        let of_open = open.map(|open| self.roles_of(&open.catalog.root));
        let of_open = of_open.filter(|roles| roles.to_inspect);
        Roles {
            normal: normal
                .map(|root| vec![root.clone()])
                .or(of_open.map(|roles| roles.normal))
                .unwrap_or_default(),
            to_inspect: true,
            ..Roles::default()
        }
    }
}

impl Dataset {
    /// Whether nobody knows of any of its images what it shows, but for what labels say.
    pub fn is_to_inspect(&self) -> bool {
        is_to_inspect(&self.catalog)
    }
}

fn is_to_inspect(catalog: &Catalog) -> bool {
    let (mut train, mut test) = (catalog.train.iter(), catalog.test.iter());
    catalog.layout == Layout::Given
        && train.all(|entry| !entry.path.starts_with(&catalog.root))
        && test.all(|entry| entry.kind == Kind::Unknown)
}

fn holds(catalog: &Catalog, entry: &Entry) -> bool {
    let mut entries = catalog.test.iter().chain(&catalog.train);
    entries.any(|known| known.path == entry.path)
}

#[cfg(test)]
#[path = "belonging_tests.rs"]
mod tests;
