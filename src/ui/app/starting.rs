//! What the window begins with: what the command line names, and what the last session left.

use std::path::{Path, PathBuf};

use kizumi_engine::message::Command;

use super::{App, Folders};
use crate::ui::Startup;
use crate::ui::action::Action;
use crate::ui::perform::absolute;
use crate::ui::project::keeper::Keeper;
use crate::ui::project::{Stored, read};
use crate::ui::state::Step;
use crate::ui::state::notice::Level;

impl App {
    /// The project that the window begins with: the one that the command line names, or else what was open the last
    /// time or last with the folder that it names. The window that owns the settings owns the projects in the state
    /// folder, too.
    pub(super) fn first_project(
        &mut self,
        folders: &Folders,
        startup: &Startup,
    ) -> Option<(PathBuf, Stored)> {
        let owns = folders.settings.is_none() || self.persist.is_saving();
        let folder = folders.state.as_deref().filter(|_| owns);
        let last = folder.and_then(|folder| {
            let (keeper, last, warnings) = Keeper::open(folder);
            self.keeper = keeper;
            for warning in warnings {
                self.notify(Level::Warning, warning, None);
            }
            last
        });
        if let Some(named) = &startup.project {
            let path = absolute(named.clone());
            let project = self.read_project(&path)?;
            return Some((path, project));
        }
        let data = startup.data.clone().map(absolute);
        let recent = &self.state.settings.recent;
        let with_data = recent.projects.iter().filter(|known| known.data == data);
        let with_data = with_data.filter(|_| data.is_some());
        let with_data: Vec<PathBuf> = with_data.map(|known| known.path.clone()).collect();
        last.into_iter().chain(with_data).find_map(|path| {
            let Stored { project, has_moved } = self.read_project(&path)?;
            let project = project.beside(startup)?;
            Some((path, Stored { project, has_moved }))
        })
    }

    fn read_project(&mut self, path: &Path) -> Option<Stored> {
        let project = read(path, None);
        let complaint = project.as_ref().err().map(|error| format!("{error:#}"));
        if let Some(complaint) = complaint {
            self.notify(Level::Warning, complaint, None);
        }
        project.ok()
    }

    /// Asks for what the command line named, and for what the project ties together.
    pub(super) fn start(&mut self, mut startup: Startup, project: Option<(PathBuf, Stored)>) {
        self.state.device_choice = startup.device;
        self.engine.send(Command::UseDevice(startup.device));
        let folders = self.model_folders();
        self.engine.send(Command::FindInterrupted(folders));
        if let Some((path, project)) = project {
            // The project asks for both, and what the command line names of them is in it.
            (startup.data, startup.model) = (None, None);
            self.take_up(&path, project);
        }
        self.open(startup);
    }

    fn open(&mut self, startup: Startup) {
        if let Some(folder) = startup.data {
            // The project that it belongs to was looked for already.
            self.actions.push(Action::OpenDatasetAlone(folder));
            self.actions.push(Action::GoTo(Step::Data));
        }
        if let Some(file) = startup.model {
            self.actions.push(Action::OpenModel(file));
        }
        if let Some(file) = startup.image {
            let entry = self.state.entry_of(&absolute(file));
            self.actions.push(Action::Select(entry));
            self.actions.push(Action::GoTo(Step::Inspect));
        }
    }

    /// Where trainings left their models so far.
    fn model_folders(&self) -> Vec<PathBuf> {
        let recent = self.state.settings.recent.models.iter();
        let mut folders: Vec<_> = recent
            .filter_map(|path| Some(path.parent()?.to_owned()))
            .collect();
        folders.push(self.home.join("models"));
        folders
    }
}
