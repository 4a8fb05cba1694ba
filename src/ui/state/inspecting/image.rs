//! Which image is open: chosen, on its way, there, painted on.

use kizumi_dataset::catalog::Entry;
use kizumi_engine::message::{ImageId, ModelId, OpenedImage, Preview, Refused, RunRequest, Source};
use kizumi_image::picture::Picture;
use kizumi_method::config::{MapConfig, ProjectionConfig};

use super::{Inspecting, Photograph};

impl Inspecting {
    /// The open image at its own size, once it was read.
    pub fn source(&self) -> Option<&Source> {
        match &self.photograph {
            Photograph::Here(source) => Some(source),
            _ => None,
        }
    }

    /// The image whose photograph is to be read and was not asked for; asks.
    pub fn ask_for_source(&mut self) -> Option<ImageId> {
        let id = self.settled_image()?;
        if !matches!(self.photograph, Photograph::Unread) {
            return None;
        }
        self.photograph = Photograph::Asked;
        Some(id)
    }

    /// The photograph was read.
    pub fn source_opened(&mut self, source: Source) {
        if self
            .opened
            .as_ref()
            .is_some_and(|opened| opened.id == source.id)
        {
            self.photograph = Photograph::Here(Box::new(source));
        }
    }

    /// The ground truth of an image, as it is known now. Gives whether that is the open one.
    pub fn truth_read(&mut self, image: ImageId, mask: Option<Picture>) -> bool {
        let opened = self.opened.as_mut().filter(|opened| opened.id == image);
        let Some(opened) = opened else {
            return false;
        };
        opened.mask = mask;
        self.generation += 1;
        self.refresh_outcome();
        self.refresh_kept();
        true
    }

    pub(super) fn is_of(&self, image: ImageId) -> bool {
        self.opened
            .as_ref()
            .is_some_and(|opened| opened.id == image)
    }

    /// The open image, if the worker has the same, and no other one is on its way.
    pub fn settled_image(&self) -> Option<ImageId> {
        let id = self.opened.as_ref()?.id;
        (self.coming.is_none() && self.heard == Some(id)).then_some(id)
    }

    /// The open image, about to be painted on: what is drawn of it is no longer right. Nothing is
    /// painted on an image that is about to be left.
    pub fn opened_for_painting(&mut self) -> Option<&mut OpenedImage> {
        if self.coming.is_some() {
            return None;
        }
        self.generation += 1;
        self.opened.as_mut()
    }

    /// Its pixels change: from now on it is another image.
    pub fn painting_begins(&mut self, becomes: ImageId) {
        if self.coming.is_none()
            && let Some(opened) = &mut self.opened
        {
            opened.id = becomes;
        }
    }

    /// What the worker calls the picture that was painted on, and what it is called now; the worker
    /// is about to be told.
    pub fn painting_ended(&mut self) -> Option<(ImageId, ImageId)> {
        let becomes = self.opened.as_ref()?.id;
        let of = self.told.replace(becomes)?;
        Some((of, becomes))
    }

    /// Whether another image than the open one is on its way.
    pub fn is_coming(&self) -> bool {
        self.coming.is_some() && self.opened.is_some()
    }

    /// No image is open or chosen any more. What is still told of those before is ignored; gives
    /// the last of them.
    pub fn close(&mut self) -> Option<ImageId> {
        let coming = self.coming.take().map(|(id, _)| id);
        let left = [self.heard.take(), self.told.take(), coming, self.left];
        self.left = left.into_iter().flatten().max();
        self.selected = None;
        self.passed_over = None;
        self.refused = None;
        self.opened = None;
        self.photograph = Photograph::Unread;
        self.forget_trajectory();
        self.left
    }

    /// A person chose an image; the worker is asked for it, and for a projection along with it.
    pub fn select(&mut self, image: ImageId, entry: Entry, then: Option<RunRequest>) {
        self.selected = Some(entry);
        self.coming = Some((image, then));
        self.passed_over = None;
        self.refused = None;
    }

    /// An image was decoded, or a model sees the open one in its own way. `now` are the present
    /// parameters.
    ///
    /// Gives whether another picture is shown: the worker may be behind one that is being painted.
    pub fn image_opened(&mut self, image: OpenedImage, now: (ProjectionConfig, MapConfig)) -> bool {
        let opened = self.opened.as_ref();
        if opened.is_some_and(|opened| image.id < opened.id) || Some(image.id) <= self.left {
            return false;
        }
        let then = match self.coming.take_if(|(id, _)| *id == image.id) {
            Some((_, then)) => then,
            None => None,
        };
        if self.coming.is_none() {
            self.selected = Some(image.entry.clone());
        }
        (self.heard, self.told) = (Some(image.id), Some(image.id));
        self.photograph = Photograph::Unread;
        self.forget_trajectory();
        // What was asked for along with the image may no longer be what is wanted.
        let (projection, map) = now;
        let then = then.filter(|then| {
            image.model == Some(then.ticket.model) && (then.projection, then.map) == now
        });
        if let Some(RunRequest { ticket, .. }) = then {
            self.runs.begin(ticket, projection, map);
            self.asked = Some(ticket.run);
        }
        self.limit = projection.iterations;
        self.conversation.restart(self.asked);
        self.opened = Some(image);
        true
    }

    /// An image could not be opened: what is open stays. Gives it when the worker has another
    /// picture of it than the one that is shown, which then has to be opened again.
    pub fn image_failed(&mut self, id: ImageId) -> Option<Entry> {
        let opened = self.opened.as_ref();
        if self.coming.take_if(|(coming, _)| *coming == id).is_some() {
            let entry = opened.map(|opened| opened.entry.clone());
            self.passed_over = std::mem::replace(&mut self.selected, entry);
        }
        let entry = opened.filter(|opened| opened.id == id)?.entry.clone();
        self.selected.get_or_insert(entry);
        self.selected.clone().filter(|_| self.coming.is_none())
    }

    /// An image on its way can be read and not be shown to the network.
    pub fn image_refused(&mut self, refused: Refused) {
        if self
            .coming
            .as_ref()
            .is_some_and(|(coming, _)| *coming == refused.image)
        {
            self.refused = Some(refused);
        }
    }

    /// The network's view of the image, from before there is a trajectory.
    pub fn preview(&mut self, image: ImageId, model: ModelId, preview: &Preview) {
        let opened = self.opened.as_ref();
        if opened.is_some_and(|opened| opened.id == image && opened.model == Some(model)) {
            self.reconstruction = Some(preview.reconstruction.clone());
            self.generation += 1;
        }
    }
}
