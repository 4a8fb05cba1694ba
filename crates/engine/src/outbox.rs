//! The worker's way out.

use std::sync::Arc;

use crossbeam_channel::{Sender, TrySendError};

use super::journal;
use super::message::Event;

/// Sends events and wakes the window.
#[derive(Clone)]
pub struct Outbox {
    events: Sender<Event>,
    wake: Arc<dyn Fn() + Send + Sync>,
    abandoned: bool,
}

impl Outbox {
    pub(super) fn new(events: Sender<Event>, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self {
            events,
            wake,
            abandoned: false,
        }
    }

    /// Sends an event that must arrive; waits while the window is behind.
    pub fn send(&mut self, event: Event) {
        journal::note(&event);
        if self.events.send(event).is_err() {
            self.abandoned = true;
        }
        (self.wake)();
    }

    /// Sends an event that must arrive but shows nothing by itself: it is seen with the next one.
    /// A frame drawn for it would only keep the processor from computing that.
    pub fn send_along(&mut self, event: Event) {
        if self.events.send(event).is_err() {
            self.abandoned = true;
        }
    }

    /// Sends an event that may be dropped when the window is behind.
    pub fn offer(&mut self, event: Event) {
        match self.events.try_send(event) {
            Ok(()) => (self.wake)(),
            Err(TrySendError::Full(_)) => {}
            Err(TrySendError::Disconnected(_)) => self.abandoned = true,
        }
    }

    /// Whether the window has taken every event: what is large and may be dropped is worth making
    /// only then, or a window that is behind would have a queue of it.
    pub fn is_idle(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether nobody listens any more.
    pub fn is_abandoned(&self) -> bool {
        self.abandoned
    }
}
