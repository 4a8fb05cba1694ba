//! The ground truth of the open image as it is drawn, in pixels of its file.

use std::path::Component;

use kizumi_dataset::catalog::Entry;
use kizumi_dataset::labels::{Label, mask_file};
use kizumi_engine::message::{Command, OpenedTruth};
use kizumi_image::bitmap::Bitmap;
use kizumi_image::brush::MaskBrush;
use kizumi_image::drawn_mask::DrawnMask;
use kizumi_image::outlines::{Runs, Shape};

use super::State;
use super::labelling::Said;
use super::notice::{Level, Scope};
use super::painting::{Stroke, Tool};

/// What is marked, and the stroke that is being drawn.
#[derive(Debug, Default)]
pub struct Masking {
    /// `None` until the worker has read what is known.
    marks: Option<Bitmap>,
    /// What it has read, at first.
    read: Option<Runs>,
    /// Whether there is a mask that cannot be read.
    is_unreadable: bool,
    /// Whether the worker is to be asked what is known now.
    is_due: bool,
    /// Whether it was asked.
    is_asked: bool,
    /// Where the stroke is, and whether it has changed anything.
    stroke: Option<((f32, f32), bool)>,
    /// Those of a polygon that is not closed yet, in pixels of the file.
    corners: Vec<(f32, f32)>,
    generation: u64,
}

/// Why nothing can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The image is none of the folder that is open: its truth would be kept nowhere.
    OfNoDataset,
    /// There is paint on the image.
    Painted,
    /// What is known of it is still being read.
    Waiting,
    /// It has a mask that cannot be read, and drawing would replace it.
    Unreadable,
}

impl Masking {
    /// What is marked of the open image, as far as it is known.
    pub fn marks(&self) -> Option<&Bitmap> {
        self.marks.as_ref()
    }

    /// Changes whenever something else is marked.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether a stroke is being drawn.
    pub fn is_drawing(&self) -> bool {
        self.stroke.is_some()
    }

    /// The corners of a polygon that is not closed yet, in pixels of the file.
    pub fn corners(&self) -> &[(f32, f32)] {
        &self.corners
    }

    /// Takes the last corner back.
    pub fn drop_corner(&mut self) {
        self.corners.pop();
    }

    /// Gives the polygon up.
    pub fn leave_shape(&mut self) {
        self.corners.clear();
    }

    /// Another image is open, or other things are known of this one; they are read where they are `wanted`.
    pub fn forget(&mut self, wanted: bool) {
        *self = Self {
            is_due: wanted,
            generation: self.generation + 1,
            ..Self::default()
        };
    }

    /// Draws on; places are in pixels of the file. Gives whether a stroke has ended that changed something.
    fn draw(&mut self, stroke: Stroke, brush: MaskBrush) -> bool {
        let Some(marks) = &mut self.marks else {
            return false;
        };
        let (from, to, before) = match (stroke, self.stroke) {
            (Stroke::Begin(place), _) => (place, place, false),
            (Stroke::To(place), Some((last, changed))) => (last, place, changed),
            (Stroke::To(_), None) => return false,
            (Stroke::End, stroke) => {
                self.stroke = None;
                return stroke.is_some_and(|(_, changed)| changed);
            }
        };
        let changed = brush.mark(marks, from, to);
        self.stroke = Some((to, before || changed));
        self.generation += u64::from(changed);
        false
    }
}

impl State {
    /// Whether a stroke of any tool is being drawn.
    pub fn is_drawing(&self) -> bool {
        self.painter.is_drawing() || self.masking.is_drawing()
    }

    /// Why the true defect of the open image cannot be drawn.
    pub fn mask_obstacle(&self) -> Option<Obstacle> {
        let opened = self.inspecting.opened.as_ref()?;
        let root = self.dataset.as_ref().map(|open| &open.catalog.root);
        let below = root.and_then(|root| opened.entry.path.strip_prefix(root).ok());
        let is_named = below.is_some_and(|below| {
            let mut parts = below.components();
            parts.all(|part| matches!(part, Component::Normal(_)))
        });
        match (is_named, opened.painted || self.painter.is_painted()) {
            (false, _) => Some(Obstacle::OfNoDataset),
            (true, true) => Some(Obstacle::Painted),
            (true, false) if self.masking.is_unreadable => Some(Obstacle::Unreadable),
            (true, false) => self.masking.marks.is_none().then_some(Obstacle::Waiting),
        }
    }

    /// Pixels of the file below a place of the picture.
    fn file_place(&self, place: (f32, f32)) -> Option<(f32, f32)> {
        let opened = self.inspecting.opened.as_ref()?;
        let (x, y) = (f64::from(place.0), f64::from(place.1));
        let (x, y) = opened.placement.source_from_canvas(x, y);
        Some((x as f32, y as f32))
    }

    /// Draws the true defect; what was drawn is kept when the stroke ends.
    pub fn draw_truth(&mut self, stroke: Stroke) {
        let place = match stroke {
            Stroke::Begin(place) => self.file_place(place).map(Stroke::Begin),
            Stroke::To(place) => self.file_place(place).map(Stroke::To),
            Stroke::End => Some(Stroke::End),
        };
        let brush = self.settings.brushes.truth;
        if self.mask_obstacle().is_none()
            && place.is_some_and(|stroke| self.masking.draw(stroke, brush))
        {
            self.keep_marks();
        }
    }

    /// One more corner of a polygon, at a place of the picture.
    pub fn add_corner(&mut self, place: (f32, f32)) {
        let place = self
            .file_place(place)
            .filter(|(x, y)| x.is_finite() && y.is_finite());
        if let (None, Some(place)) = (self.mask_obstacle(), place)
            && self.masking.corners.last() != Some(&place)
        {
            self.masking.corners.push(place);
        }
    }

    /// Closes the polygon: what it covers is marked, or no longer. Fewer than three corners cover nothing, and stay.
    pub fn close_shape(&mut self) {
        let Some(marks) = &self.masking.marks else {
            return;
        };
        if self.masking.corners.len() < 3 {
            return;
        }
        let corners = std::mem::take(&mut self.masking.corners);
        let corners = corners.into_iter().map(|(x, y)| [x, y]);
        let shape = Shape::Polygon(corners.collect());
        let covered = Bitmap::of_shapes(marks.size_px, vec![shape]);
        self.mark(&covered);
    }

    /// Marks these pixels of the file, or takes them away where the eraser is in hand.
    pub fn mark(&mut self, covered: &Bitmap) {
        let erase = self.settings.brushes.truth.erase;
        if self.mask_obstacle().is_none()
            && let Some(marks) = &mut self.masking.marks
            && marks.combine(covered, erase)
        {
            self.masking.generation += 1;
            self.keep_marks();
        }
    }

    /// A mask of an earlier day is in memory from now on, in as far as it was read: undoing what replaces or removes it
    /// brings it back.
    fn remember_mask(&mut self) {
        let read = self.masking.read.take();
        let (Some(open), Some(image)) = (&mut self.dataset, &self.inspecting.opened) else {
            return;
        };
        let name = open.catalog.name_of(&image.entry.path);
        let kept = open.labels.drawn(&name);
        let kept = kept.filter(|mask| !mask.is_in_memory());
        if let Some((file, runs)) = kept.map(|mask| mask.file.clone()).zip(read) {
            let known = DrawnMask::read(file, runs);
            open.labels.set_drawn(&name, Some(known));
        }
    }

    /// The image is defective where it is marked: its label says so from now on.
    fn keep_marks(&mut self) {
        self.remember_mask();
        let marks = self.masking.marks.take();
        if let (Some(marks), Some(open), Some(image)) =
            (&marks, &self.dataset, &self.inspecting.opened)
        {
            let path = image.entry.path.clone();
            let name = open.catalog.name_of(&path);
            let before = Said::of(&open.labels, &name);
            // Where a folder has a mask, nothing marked says something else than no mask.
            let is_said = !marks.is_empty() || image.entry.mask.is_some();
            let mask = is_said.then(|| DrawnMask::new(mask_file(&open.catalog.root, &name), marks));
            let label = match (before.label, &mask) {
                (Some(label @ Label::Ng { .. }), _) => Some(label),
                (label, None) => label,
                (_, Some(_)) => Some(Label::NG),
            };
            self.say(vec![(name, path, Said { label, mask })]);
        }
        self.masking.marks = marks;
    }

    /// Takes the drawn mask of the open image away: what its folder says holds again.
    pub fn remove_drawn_mask(&mut self) {
        self.remember_mask();
        let (Some(open), Some(image)) = (&self.dataset, &self.inspecting.opened) else {
            return;
        };
        let path = image.entry.path.clone();
        let name = open.catalog.name_of(&path);
        let label = open.labels.get(&name).cloned();
        self.say(vec![(name, path, Said { label, mask: None })]);
    }

    /// Whether somebody drew the mask of the open image.
    pub fn has_drawn_mask(&self) -> bool {
        let both = self.dataset.as_ref().zip(self.inspecting.opened.as_ref());
        both.is_some_and(|(open, image)| {
            let name = open.catalog.name_of(&image.entry.path);
            open.labels.drawn(&name).is_some()
        })
    }

    /// The open image with what is known of it now.
    fn opened_as_known(&self) -> Option<Entry> {
        let opened = self.inspecting.opened.as_ref()?;
        Some(self.labelled(&opened.entry).into_owned())
    }

    /// Another image was opened, or labels have changed: its truth may not be what the worker has read.
    pub(super) fn truth_may_differ(&mut self) {
        let opened = self.inspecting.opened.as_ref();
        let differs = opened.is_some_and(|image| *self.labelled(&image.entry) != image.entry);
        self.masking.forget(differs);
    }

    /// What the worker is to be asked about the truth of the open image.
    pub(super) fn due_for_truth(&mut self) -> Option<Command> {
        let draws = self.painter.tool == Tool::Truth;
        let Masking {
            marks,
            is_due,
            is_asked,
            ..
        } = &self.masking;
        let wanted = *is_due || draws && marks.is_none() && !*is_asked;
        let image = self.inspecting.settled_image().filter(|_| wanted)?;
        let entry = self.opened_as_known()?;
        (self.masking.is_due, self.masking.is_asked) = (false, true);
        Some(Command::ReadTruth { image, entry })
    }

    /// The worker has read the truth of an image.
    pub(super) fn truth_read(&mut self, truth: OpenedTruth) {
        // Something else may have been said since: the answer to that is on its way.
        let is_known = self.opened_as_known().as_ref() == Some(&truth.entry);
        if !is_known || !self.inspecting.truth_read(truth.image, truth.mask) {
            return;
        }
        self.masking.is_unreadable = truth.marks.is_none();
        if let (None, Some(marks)) = (&self.masking.marks, truth.marks) {
            self.masking.marks = Some(marks.bitmap());
            self.masking.read = Some(marks);
            self.masking.generation += 1;
        }
        for note in truth.notes {
            self.notices.push_about(Scope::Image, Level::Info, note);
        }
    }
}
