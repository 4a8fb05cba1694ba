//! Opening, saving and keeping projects.

use std::path::{Path, PathBuf};

use egui::Context;
use kizumi_image::shown::shown;

use super::App;
use crate::ui::action::Action;
use crate::ui::commands::Need;
use crate::ui::perform::absolute;
use crate::ui::project::keeper::News;
use crate::ui::project::{ENDING, Project, Stored, read};
use crate::ui::settings::RecentProject;
use crate::ui::state::notice::{Level, Remedy};
use crate::ui::state::restoring::Restoring;
use crate::ui::state::{NamedProject, file_name};

impl App {
    /// Opens a project as it was left, in place of what is open. `data` is where its folder is by now, when a person
    /// has said so.
    pub(super) fn open_project(&mut self, path: &Path, data: Option<&Path>) {
        if self.state.training.is_active() {
            let words = self.text.commands.need(Need::Idle);
            self.notify(Level::Warning, words, None);
            return;
        }
        let path = absolute(path.to_owned());
        match read(&path, data) {
            Ok(stored) => {
                self.save_project_now();
                self.state.start_fresh();
                self.take_up(&path, stored);
            }
            Err(error) => {
                let recent = &mut self.state.settings.recent.projects;
                recent.retain(|known| known.path != path || path.exists());
                self.notify(Level::Error, format!("{error:#}"), None);
            }
        }
    }

    /// Asks for all that a project ties together, and keeps it from then on.
    pub(super) fn take_up(&mut self, path: &Path, stored: Stored) {
        let warning = self.keeper.follow(path, Some(&stored));
        let project = stored.project;
        self.tell_of_project(News {
            warning,
            found: None,
        });
        let state = &mut self.state;
        project.set_up(&mut state.settings);
        let is_own = self.keeper.is_own(path);
        state.project = (!is_own).then(|| NamedProject {
            path: path.to_owned(),
            data: project.data.clone(),
        });
        state.review = project.review.clone();
        state.review.leave_rival();
        state.watching.form = project.watch.clone();
        state.restoring = Some(Restoring::asked_for(&project));
        if let Some(folder) = project.data.as_ref().filter(|folder| !folder.exists()) {
            let words = (self.text.project.moved)(&shown(folder).to_string());
            let remedy = Remedy::FindFolder(path.to_owned());
            self.notify(Level::Warning, words, Some(remedy));
        }
        self.actions
            .extend(project.data.map(Action::OpenDatasetAlone));
        self.actions.extend(project.model.map(Action::OpenModel));
        self.actions.extend(project.image.map(Action::Select));
        self.actions.push(Action::GoTo(project.step));
    }

    /// The folder of the project that is looked for lies here by now.
    pub(super) fn found_folder(&mut self, folder: &Path) {
        if let Some(project) = self.state.sought.take() {
            self.open_project(&project, Some(&absolute(folder.to_owned())));
        }
    }

    /// Keeps what is open in this file from now on.
    pub(super) fn save_project(&mut self, ctx: &Context, path: PathBuf) {
        let path = match path.extension() {
            Some(ending) if ending.eq_ignore_ascii_case(ENDING) => path,
            _ => {
                let mut name = path.into_os_string();
                name.push(format!(".{ENDING}"));
                PathBuf::from(name)
            }
        };
        let path = absolute(path);
        self.save_project_now();
        let data = self.state.dataset.as_ref();
        let data = data.map(|dataset| dataset.catalog.root.clone());
        self.state.project = Some(NamedProject {
            path: path.clone(),
            data,
        });
        let news = self.keeper.save(&self.state);
        let is_saved = news.warning.is_none();
        self.tell_of_project(news);
        if is_saved {
            let words = (self.text.project.kept_in)(&shown(&path).to_string());
            self.notify(Level::Info, words, None);
        }
        ctx.request_repaint();
    }

    /// What a project's file is called by default.
    pub(super) fn project_file_name(&self) -> String {
        let dataset = self.state.dataset.as_ref().map(|dataset| dataset.name());
        let model = self.state.model.as_ref();
        let model = || Some(file_name(model?.path.as_deref()?));
        let name = dataset.or_else(model).unwrap_or_else(|| "kizumi".into());
        format!("{name}.{ENDING}")
    }

    /// Does this in the next frame, for tests.
    #[cfg(test)]
    pub fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// Keeps the project in this file as if a dialog had named it, for tests.
    #[cfg(test)]
    pub fn keep_in(&mut self, path: &Path) {
        self.save_project(&Context::default(), path.to_owned());
    }

    /// Saves what changed now, for tests.
    #[cfg(test)]
    pub fn keep_now(&mut self) {
        self.save_project_now();
    }

    /// Finds the folder that is looked for here, for tests.
    #[cfg(test)]
    pub fn find(&mut self, folder: &Path) {
        self.found_folder(folder);
    }

    /// Saves what changed of the project, now and then.
    pub(super) fn keep_project(&mut self, now_secs: f64) {
        if let Some(news) = self.keeper.keep(&self.state, now_secs) {
            self.tell_of_project(news);
        }
    }

    /// Saves what changed of the project.
    pub(super) fn save_project_now(&mut self) {
        let news = self.keeper.save(&self.state);
        self.tell_of_project(news);
    }

    fn tell_of_project(&mut self, news: News) {
        if let Some(warning) = news.warning {
            self.notify(Level::Warning, warning, None);
        }
        if let Some(project) = news.found {
            self.state.find_review(*project);
        }
        if let Some(path) = self.keeper.path() {
            let project = Project::of(&self.state, Default::default());
            self.state.settings.recent.remember_project(RecentProject {
                path: path.to_owned(),
                data: project.data,
                model: project.model,
            });
        }
    }
}
