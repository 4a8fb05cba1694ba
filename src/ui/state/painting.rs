//! Painting on the open image: defects that are to vanish, holes to be filled, and regions that do
//! not count.

use serde::{Deserialize, Serialize};

use kizumi_engine::message::OpenedImage;
use kizumi_image::brush::{Brush, MaskBrush, Painting};
use kizumi_image::inpaint::fill_with_noise;
use kizumi_image::picture::Picture;

/// What the pointer does on a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Looks: drags the view, pins pixels.
    #[default]
    Look,
    /// Draws what is truly defective, to be kept with the image.
    Truth,
    /// Paints a defect, to be projected.
    Paint,
    /// Makes a hole that the projection fills.
    Fill,
    /// Marks regions that do not count.
    Ignore,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Look,
        Self::Truth,
        Self::Paint,
        Self::Fill,
        Self::Ignore,
    ];
}

/// How brushes look; remembered between starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Brushes {
    /// For defects.
    pub paint: Brush,
    /// Whether the brush for holes takes away.
    pub erase_hole: bool,
    /// Whether the brush for regions takes away.
    pub erase_ignored: bool,
    /// For true defects; its width is in pixels of the photograph.
    pub truth: MaskBrush,
    /// How they are drawn.
    pub shape: MaskShape,
}

/// How true defects are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaskShape {
    /// With strokes.
    #[default]
    Brush,
    /// Corner by corner.
    Polygon,
    /// What the map has found below a click.
    Region,
}

impl MaskShape {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Brush, Self::Polygon, Self::Region];
}

/// A piece of a stroke, in picture pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stroke {
    /// It begins here.
    Begin((f32, f32)),
    /// It goes on to here.
    To((f32, f32)),
    /// It ends.
    End,
}

/// Decides the noise in a hole.
const NOISE_SEED: u64 = 0;

/// What is painted.
#[derive(Debug, Default)]
pub struct Painter {
    /// What the pointer does.
    pub tool: Tool,
    painting: Option<Painting>,
    /// The ground truth that the file has.
    truth: Option<Picture>,
    /// What is to be filled: one channel, 1 there.
    hole: Option<Picture>,
    /// The regions as they are being marked, until they are handed to the model.
    ignored: Option<Picture>,
    /// Where the stroke is that is being drawn.
    at: Option<(f32, f32)>,
    generation: u64,
}

impl Painter {
    /// Whether a stroke is being drawn.
    pub fn is_drawing(&self) -> bool {
        self.at.is_some()
    }

    /// Whether there is paint on the image, or a hole in it.
    pub fn is_painted(&self) -> bool {
        let painting = self.painting.as_ref();
        self.hole.is_some() || painting.is_some_and(|painting| !painting.is_clean())
    }

    /// The regions as they are being marked: one channel, 1 where nothing counts.
    pub fn ignored(&self) -> Option<&Picture> {
        self.ignored.as_ref()
    }

    /// Changes whenever other regions are marked.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Another image is open, or the file's pixels are back.
    pub fn forget(&mut self) {
        self.painting = None;
        self.truth = None;
        self.hole = None;
        self.at = None;
    }

    /// The regions that are being marked are the model's, or given up.
    pub fn forget_ignored(&mut self) {
        self.ignored = None;
        self.generation += 1;
    }

    /// Marks no region any more.
    pub fn clear_ignored(&mut self, image: &OpenedImage) {
        let (height, width) = (image.picture.height, image.picture.width);
        self.ignored = Some(Picture::filled(1, height, width, 0.0));
        self.generation += 1;
    }

    /// Draws on the image. Says whether its pixels changed.
    pub fn paint(&mut self, stroke: Stroke, brush: Brush, image: &mut OpenedImage) -> bool {
        let drawing = self.is_drawing();
        let painting = self.begin(image);
        match stroke {
            Stroke::Begin(place) => {
                painting.begin(brush);
                painting.draw_to(place);
                self.at = Some(place);
            }
            Stroke::To(place) if drawing => {
                painting.draw_to(place);
                self.at = Some(place);
            }
            Stroke::To(_) => return false,
            Stroke::End => {
                painting.end();
                self.at = None;
                return false;
            }
        }
        self.show_on(image);
        true
    }

    /// Makes the hole larger or smaller. Says whether it changed.
    pub fn dig(&mut self, stroke: Stroke, brush: MaskBrush, image: &mut OpenedImage) -> bool {
        self.begin(image);
        let (height, width) = (image.picture.height, image.picture.width);
        let Some((from, to)) = self.line(stroke) else {
            return false;
        };
        let blank = || Picture::filled(1, height, width, 0.0);
        let mut hole = self.hole.take().unwrap_or_else(blank);
        let changes = brush.draw(&mut hole, from, to);
        self.hole = hole.pixels.contains(&1.0).then_some(hole);
        self.show_on(image);
        changes
    }

    /// What is painted on: the image as its file has it, from the first stroke on.
    fn begin(&mut self, image: &OpenedImage) -> &mut Painting {
        let known = self.painting.take();
        let known = known.filter(|painting| same_size(painting.original(), &image.picture));
        let painting = known.unwrap_or_else(|| {
            self.truth.clone_from(&image.mask);
            self.hole = None;
            Painting::new(image.picture.clone())
        });
        self.painting.insert(painting)
    }

    /// Shows paint and hole on the image.
    fn show_on(&self, image: &mut OpenedImage) {
        let Some(painting) = &self.painting else {
            return;
        };
        image.picture.clone_from(painting.painted());
        image.mask = Some(with_truth(painting.mask(), self.truth.as_ref()));
        if let Some(hole) = &self.hole {
            fill_with_noise(&mut image.picture, hole, NOISE_SEED);
        }
        image.hole.clone_from(&self.hole);
    }

    /// The straight piece that a stroke goes on by; at its end there is none.
    fn line(&mut self, stroke: Stroke) -> Option<((f32, f32), (f32, f32))> {
        let line = match stroke {
            Stroke::Begin(place) => Some((place, place)),
            Stroke::To(place) => Some((self.at.unwrap_or(place), place)),
            Stroke::End => None,
        };
        self.at = line.map(|(_, to)| to);
        line
    }

    /// Marks or unmarks regions; `known` are those that the model has.
    pub fn mark(
        &mut self,
        stroke: Stroke,
        brush: MaskBrush,
        known: Option<&Picture>,
        image: &OpenedImage,
    ) {
        let Some((from, to)) = self.line(stroke) else {
            return;
        };
        let (height, width) = (image.picture.height, image.picture.width);
        let blank = || Picture::filled(1, height, width, 0.0);
        let fits = |mask: &&Picture| (mask.height, mask.width) == (height, width);
        let mask = self
            .ignored
            .get_or_insert_with(|| known.filter(fits).map_or_else(blank, Clone::clone));
        if (mask.height, mask.width) != (height, width) {
            *mask = blank();
        }
        brush.draw(mask, from, to);
        self.generation += 1;
    }
}

/// What is painted is defective, and what was so already stays so.
fn with_truth(mut painted: Picture, truth: Option<&Picture>) -> Picture {
    if let Some(truth) = truth.filter(|truth| same_size(truth, &painted)) {
        for (value, known) in painted.pixels.iter_mut().zip(&truth.pixels) {
            *value = value.max(*known);
        }
    }
    painted
}

fn same_size(a: &Picture, b: &Picture) -> bool {
    (a.height, a.width) == (b.height, b.width)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use kizumi_dataset::catalog::{Entry, Kind};
    use kizumi_image::placement::Placement;

    fn image() -> OpenedImage {
        OpenedImage {
            id: Default::default(),
            model: None,
            entry: Entry {
                path: PathBuf::from("a.png"),
                kind: Kind::Normal,
                mask: None,
            },
            picture: Picture::filled(1, 16, 16, 0.5),
            mask: None,
            counted: None,
            painted: false,
            hole: None,
            distance: None,
            gate: None,
            placement: Placement::whole((16, 16)),
            notes: Vec::new(),
        }
    }

    #[test]
    fn paint_changes_the_picture_and_becomes_the_truth() {
        let (mut painter, mut image) = (Painter::default(), image());
        let brush = Brush::default();
        assert!(painter.paint(Stroke::Begin((4.0, 8.0)), brush, &mut image));
        assert!(painter.paint(Stroke::To((12.0, 8.0)), brush, &mut image));
        assert!(painter.is_drawing() && painter.is_painted());
        assert!(!painter.paint(Stroke::End, brush, &mut image));
        assert!(!painter.is_drawing());
        assert_eq!(image.picture.at(0, 8, 8), 0.0);
        assert_eq!(image.picture.at(0, 1, 8), 0.5);
        let mask = image.mask.clone().expect("a ground truth");
        assert_eq!((mask.at(0, 8, 8), mask.at(0, 1, 8)), (1.0, 0.0));
        assert!(
            !painter.paint(Stroke::To((1.0, 1.0)), brush, &mut image),
            "no stroke"
        );
        painter.forget();
        assert!(!painter.is_painted());
    }

    #[test]
    fn what_was_defective_stays_defective() {
        let (mut painter, mut image) = (Painter::default(), image());
        let corner = |_, y, x| f32::from(u8::from(x == 0 && y == 0));
        image.mask = Some(Picture::from_fn(1, 16, 16, corner));
        painter.paint(Stroke::Begin((8.0, 8.0)), Brush::default(), &mut image);
        let mask = image.mask.expect("a ground truth");
        assert_eq!((mask.at(0, 0, 0), mask.at(0, 8, 8)), (1.0, 1.0));
    }

    #[test]
    fn regions_grow_from_those_of_the_model_and_shrink() {
        let (mut painter, image) = (Painter::default(), image());
        let known = Picture::from_fn(1, 16, 16, |_, _, x| f32::from(u8::from(x < 2)));
        let brush = |erase| MaskBrush {
            radius_px: 1.5,
            erase,
        };
        painter.mark(
            Stroke::Begin((8.0, 8.0)),
            brush(false),
            Some(&known),
            &image,
        );
        painter.mark(Stroke::To((12.0, 8.0)), brush(false), Some(&known), &image);
        painter.mark(Stroke::End, brush(false), Some(&known), &image);
        let at = |painter: &Painter, x| painter.ignored().map(|mask| mask.at(0, 8, x));
        assert_eq!([at(&painter, 0), at(&painter, 10)], [Some(1.0); 2]);
        assert_eq!(at(&painter, 5), Some(0.0));
        painter.mark(Stroke::Begin((0.5, 8.0)), brush(true), Some(&known), &image);
        assert_eq!(at(&painter, 0), Some(0.0));
        let before = painter.generation();
        painter.forget_ignored();
        assert!(painter.ignored().is_none() && painter.generation() != before);
    }
}
