//! Starting, cancelling and advancing a grid of projections.

use super::Worker;
use crate::message::{
    Denial, Event, Failure, ImageId, Job, ModelId, Outcome, SheetId, SheetRequest,
};
use crate::pace::Pace;
use crate::sheet::SheetJob;

impl Worker {
    pub(super) fn project_sheet(
        &mut self,
        id: SheetId,
        (image, model): (ImageId, ModelId),
        request: SheetRequest,
    ) -> Result<(), Failure> {
        let open = self.image.as_ref().ok_or(Denial::NoImage)?;
        let subject = open.subject();
        let detector = self.detector()?;
        let job = Job::Sheet(id);
        if !self.is_at_hand(image, model) {
            self.out.send(Event::Ended(job, Outcome::Stopped));
            return Ok(());
        }
        let pace = Pace::of(&self.device()?.info);
        let sheet = SheetJob::new(id, detector, subject, request, pace)?;
        self.cancel_sheet();
        self.out.send(Event::Started(job));
        self.sheet = Some(sheet);
        Ok(())
    }

    pub(super) fn cancel_sheet(&mut self) {
        self.end_sheet(Outcome::Stopped);
    }

    pub(super) fn end_sheet(&mut self, outcome: Outcome) {
        if let Some(job) = self.sheet.take() {
            job.finish(outcome, &mut self.out);
        }
    }

    pub(super) fn advance_sheet(&mut self) {
        let Some(job) = &mut self.sheet else {
            return;
        };
        match job.advance(&mut self.out) {
            Ok(false) => {}
            Ok(true) => self.end_sheet(Outcome::Done),
            Err(error) => self.end_sheet(Outcome::Failed(error.into())),
        }
    }
}
