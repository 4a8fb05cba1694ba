//! The window's side of the worker.

use kizumi_engine::message::{Command, Event};

/// What the window needs of a worker: it is asked, and it is heard.
pub trait Engine {
    /// Asks for something; never waits.
    fn send(&mut self, command: Command);
    /// The next event, if there is one; never waits.
    fn poll(&mut self) -> Option<Event>;
}

impl Engine for kizumi_engine::Engine {
    fn send(&mut self, command: Command) {
        Self::send(self, command);
    }

    fn poll(&mut self) -> Option<Event> {
        self.try_recv()
    }
}
