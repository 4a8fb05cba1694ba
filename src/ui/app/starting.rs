//! What the window begins with: what the command line names, and what the last session left.

use std::path::PathBuf;

use kizumi_engine::message::Command;

use super::{App, Folders};
use crate::ui::Startup;
use crate::ui::action::Action;
use crate::ui::perform::absolute;
use crate::ui::session::{Keeper, Session};
use crate::ui::state::Step;
use crate::ui::state::notice::Level;
use crate::ui::state::restoring::Restoring;

impl App {
    /// What the last session left, if it is this window's: the window that owns the settings owns
    /// the session, too.
    pub(super) fn session(&mut self, folders: &Folders, startup: &Startup) -> Option<Session> {
        let folder = folders.state.as_deref()?;
        if folders.settings.is_some() && !self.persist.is_saving() {
            return None;
        }
        let (keeper, (session, review, warnings)) = Keeper::open(folder);
        self.keeper = keeper;
        for warning in warnings {
            self.notify(Level::Warning, warning, None);
        }
        let session = session.beside(startup)?;
        self.state.review = session.review.clone();
        self.state.restoring = Some(Restoring::asked_for(
            session.data.clone(),
            session.model.clone(),
            session.image.clone(),
            review.map(Box::new),
        ));
        Some(session)
    }

    /// Asks for what the command line named, and for what the last session left.
    pub(super) fn start(&mut self, mut startup: Startup, session: Option<Session>) {
        self.engine.send(Command::UseDevice(startup.device));
        let folders = self.model_folders();
        self.engine.send(Command::FindInterrupted(folders));
        if let Some(session) = session {
            startup.data = startup.data.or(session.data);
            startup.model = startup.model.or(session.model);
            self.open(startup);
            self.actions.extend(session.image.map(Action::Select));
            self.actions.push(Action::GoTo(session.step));
        } else {
            self.open(startup);
        }
    }

    fn open(&mut self, startup: Startup) {
        if let Some(folder) = startup.data {
            self.actions.push(Action::OpenDataset(folder));
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
