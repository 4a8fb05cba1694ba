//! The worker's projection job: one iterate a slice, each one sent to the window.

use kizumi_compute::inspector::{Inspector, Step, Subject};
use kizumi_compute::projector::Pair;
use kizumi_compute::tensors::ComputeError;
use kizumi_method::iterate::StopRule;

use super::detector::Detector;
use super::message::{Event, Job, Outcome, RunRequest, RunTicket};
use super::outbox::Outbox;

/// A projection of the open image. It stays after its end, so that more iterations can follow.
pub struct ProjectionJob {
    ticket: RunTicket,
    inspector: Inspector,
    last: Step,
    /// Iterations done at `last`; the inspector may be one ahead.
    seen: usize,
    running: bool,
}

impl ProjectionJob {
    /// Begins at x_0 and reports it.
    pub fn start(
        detector: &Detector,
        subject: Subject,
        request: RunRequest,
        out: &mut Outbox,
    ) -> Result<Self, ComputeError> {
        let RunRequest {
            ticket,
            projection,
            map,
        } = request;
        let subjects = vec![(subject, Pair::from(&projection))];
        let mut inspector = detector.inspect(subjects, projection, map)?;
        let seen = inspector.t();
        let last = inspector.observe_ahead()?;
        out.send_along(Event::Started(Job::Projecting(ticket.run)));
        // x_0 is on screen already.
        for first in &last.iterates {
            out.send_along(Event::Iterated {
                of: ticket,
                iterate: Box::new(first.clone()),
            });
        }
        Ok(Self {
            ticket,
            inspector,
            last,
            seen,
            running: true,
        })
    }

    /// What it is of.
    pub fn ticket(&self) -> RunTicket {
        self.ticket
    }

    /// Whether there is something left to do.
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// Goes on from the last iterate to a new total of iterations. A run that is that far already, or
    /// that stopped by itself, only ends once more.
    pub fn extend(&mut self, iterations: usize, out: &mut Outbox) -> Result<(), ComputeError> {
        self.inspector.set_iterations(iterations);
        self.last = self.inspector.observe()?;
        if self.seen < self.inspector.t() {
            self.seen = self.inspector.t();
            self.report(out);
        }
        if !std::mem::replace(&mut self.running, true) {
            out.send(Event::Started(Job::Projecting(self.ticket.run)));
        }
        Ok(())
    }

    /// One iteration.
    pub fn advance(&mut self, out: &mut Outbox) -> Result<(), ComputeError> {
        if self.stop().is_some() {
            self.finish(Outcome::Done, out);
            return Ok(());
        }
        if self.inspector.t() == self.seen {
            self.inspector.step();
        }
        self.seen = self.inspector.t();
        self.last = self.inspector.observe_ahead()?;
        // An iterate that is not finite was taken back: it repeats the one before.
        if self.stop() != Some(StopRule::NotFinite) {
            self.report(out);
        }
        Ok(())
    }

    /// Cancels between two iterations; what was reached is reported.
    pub fn cancel(&mut self, out: &mut Outbox) {
        if self.running {
            self.finish(Outcome::Stopped, out);
        }
    }

    fn finish(&mut self, outcome: Outcome, out: &mut Outbox) {
        self.running = false;
        if let Some(inspection) = self.inspector.inspections(&self.last).pop() {
            out.send(Event::Inspected {
                of: self.ticket,
                inspection: Box::new(inspection),
            });
        }
        out.send(Event::Ended(Job::Projecting(self.ticket.run), outcome));
    }

    fn stop(&self) -> Option<StopRule> {
        self.last.stopped.first().copied().flatten()
    }

    fn report(&self, out: &mut Outbox) {
        if let Some(iterate) = self.last.iterates.first() {
            out.send(Event::Iterated {
                of: self.ticket,
                iterate: Box::new(iterate.clone()),
            });
        }
        let (done, total) = (self.seen, self.inspector.config().iterations);
        let (done, total) = (done as u64, total as u64);
        out.offer(Event::Progress {
            job: Job::Projecting(self.ticket.run),
            done,
            total,
        });
    }
}
