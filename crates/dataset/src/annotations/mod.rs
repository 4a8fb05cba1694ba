//! Defects that people outlined with an annotation tool, instead of painting masks.

mod by_name;
mod coco;
mod datumaro;
mod each;
pub(crate) mod find;
mod labelme;
mod labels;
mod points;
mod said;
mod shared;
mod voc;
mod yolo;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::catalog::Kind;
use super::scan::{may_say_normal, says_normal};
use kizumi_image::mask_source::MaskSource;
use kizumi_image::outlines::{Outlines, Shape};
use kizumi_image::regular;

/// The largest annotation file that is read: one with a photograph inside, or those of 100 000 images.
const MAX_BYTES: u64 = 512 << 20;

/// Why an annotation file cannot be used; displays as "PATH: reason".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: {reason}", file.display())]
pub struct AnnotationError {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

/// What an annotation says of one image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// The labels of its shapes, each once, in their order.
    pub labels: Vec<String>,
    /// The shapes; none on a normal image.
    pub outlines: Outlines,
    /// Whether one of them is but the box around a defect.
    pub has_boxes: bool,
    /// Words that nobody here knows, said of the whole image, and labels of shapes that are not kept because they are
    /// called normal with a word that may take it back.
    pub unclear: Vec<String>,
}

impl Annotation {
    /// What a file says that draws nothing; `size_px` as [`Outlines`] has it.
    fn nothing(file: &Path, size_px: Option<(usize, usize)>) -> Self {
        Self {
            labels: Vec::new(),
            outlines: Outlines {
                file: file.into(),
                size_px,
                shapes: Vec::new(),
            },
            has_boxes: false,
            unclear: Vec::new(),
        }
    }

    /// Normal without shapes and labels, else defective in the way that the labels say.
    pub fn kind(&self) -> Kind {
        match self.outlines.shapes.is_empty() && self.labels.is_empty() {
            true => Kind::Normal,
            false => Kind::Defect(self.labels.join(", ")),
        }
    }

    /// The shapes as a mask; `None` without any.
    pub fn mask(self) -> Option<MaskSource> {
        let is_empty = self.outlines.shapes.is_empty();
        (!is_empty).then(|| MaskSource::Outlines(Arc::new(self.outlines)))
    }

    /// What both say of one image.
    ///
    /// # Errors
    /// When they draw on images of two sizes.
    fn joined(mut self, other: Self) -> Result<Self, String> {
        match (self.outlines.shapes.is_empty(), &other.outlines) {
            (_, one) if one.shapes.is_empty() => {}
            (true, _) => self.outlines = other.outlines,
            (false, one) if one.size_px == self.outlines.size_px => {
                self.outlines.shapes.extend(other.outlines.shapes);
            }
            _ => {
                let before = self.outlines.file.display();
                return Err(format!(
                    "draws on an image of another size than {before} does"
                ));
            }
        }
        self.has_boxes |= other.has_boxes;
        self.unclear.extend(other.unclear);
        for label in &other.labels {
            self.add_label(label);
        }
        Ok(self)
    }

    /// Takes shapes of a label, or the box around a defect; none for the label of a whole image. What is labelled as normal shows none: some label whole
    /// images in this way.
    fn draw(&mut self, label: &str, shapes: impl IntoIterator<Item = Shape>, is_box: bool) {
        if says_normal(label) {
            return;
        }
        // "good weld" may be a part that is outlined, and one that is not quite good.
        if may_say_normal(label) {
            self.unclear.push(label.trim().to_owned());
            return;
        }
        self.outlines.shapes.extend(shapes);
        self.has_boxes |= is_box;
        self.add_label(label);
    }

    fn add_label(&mut self, label: &str) {
        let label = label.trim();
        if !self.labels.iter().any(|known| known == label) {
            self.labels.push(label.to_owned());
        }
    }
}

fn read(file: &Path) -> Result<Vec<u8>, AnnotationError> {
    let error = |reason| AnnotationError {
        file: file.into(),
        reason,
    };
    let unreadable = |reason: std::io::Error| error(format!("cannot be read: {reason}"));
    regular::read(file, MAX_BYTES).map_err(unreadable)
}

/// Text that a program of Windows may have begun with a byte order mark.
fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
