//! Datumaro: a JSON file for all images of a part of a data set, as Geti and CVAT export it.

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::coco::Encoded;
use super::points::{flat, point};
use super::{Annotation, AnnotationError, read, without_bom};
use crate::scan::says_normal;
use kizumi_image::outlines::{MAX_POINTS, Shape};

/// How wide a line is drawn, and how far from its centre a point reaches: Datumaro says neither.
const LINE_WIDTH_PX: f32 = 10.0;
const POINT_RADIUS_PX: f32 = 5.0;

/// The most corners that an ellipse is drawn with.
const ELLIPSE_CORNERS: usize = 64;

/// Labels of images that show nothing of what was looked for, in Geti.
const NOTHING: [&str; 4] = ["no object", "no class", "empty", "background"];

#[derive(Deserialize)]
struct Document {
    categories: Categories,
    items: Vec<Item>,
}

#[derive(Default, Deserialize)]
struct Categories {
    #[serde(default)]
    label: Labels,
}

#[derive(Default, Deserialize)]
struct Labels {
    #[serde(default)]
    labels: Vec<Label>,
}

#[derive(Deserialize)]
struct Label {
    name: String,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    image: Option<Media>,
    media: Option<Media>,
    #[serde(default)]
    annotations: Vec<Drawn>,
}

#[derive(Deserialize)]
struct Media {
    path: Option<String>,
    /// Height and width.
    size: Option<[usize; 2]>,
}

#[derive(Deserialize)]
struct Drawn {
    #[serde(rename = "type")]
    kind: String,
    label_id: Option<usize>,
    #[serde(default)]
    points: Vec<f32>,
    #[serde(default)]
    bbox: Vec<f32>,
    rle: Option<Encoded>,
}

/// What is said of images, each by the name of its file.
pub type Parsed = Vec<(String, Option<Annotation>)>;

/// Reads the annotations of many images, each with its file's name as it stands there, and `None` for one of which
/// nothing is said. `None` as a whole when the file is JSON of another kind, or labels images with words of which
/// none says that they are normal.
///
/// # Errors
/// When it is no JSON, or says what cannot be.
pub fn parse(file: &Path) -> Result<Option<Parsed>, AnnotationError> {
    let bytes = read(file)?;
    parse_bytes(file, without_bom(&bytes)).map_err(|reason| AnnotationError {
        file: file.into(),
        reason,
    })
}

fn parse_bytes(file: &Path, bytes: &[u8]) -> Result<Option<Parsed>, String> {
    /// What tells it from the JSON of other programs.
    #[derive(Deserialize)]
    struct Probe {
        categories: Option<IgnoredAny>,
        items: Option<IgnoredAny>,
    }
    let damaged = |error: serde_json::Error| format!("is no Datumaro annotation: {error}");
    match serde_json::from_slice::<Probe>(bytes) {
        Ok(Probe {
            categories: Some(_),
            items: Some(_),
        }) => {}
        Ok(_) => return Ok(None),
        Err(error) if error.is_data() => return Ok(None),
        Err(error) => return Err(damaged(error)),
    }
    let document: Document = match serde_json::from_slice(bytes) {
        Ok(document) => document,
        // Its words mean something else.
        Err(error) if error.is_data() => return Ok(None),
        Err(error) => return Err(damaged(error)),
    };
    let labels = &document.categories.label.labels;
    let says_nothing = |label: &Label| says_nothing(&label.name);
    let mut drawn = document.items.iter().flat_map(|item| &item.annotations);
    // Those that outline defects leave the other images alone; those that label images label all of them.
    let labels_images = drawn.any(|drawn| drawn.kind == "label");
    if labels_images && !labels.iter().any(says_nothing) {
        return Ok(None);
    }
    let mut parsed = Vec::with_capacity(document.items.len());
    for item in document.items {
        let is_open = labels_images && item.annotations.iter().all(|drawn| drawn.says_nothing());
        let name = item.name().to_owned();
        let annotation = item.annotation(file, labels);
        let annotation = annotation.map_err(|reason| format!("{name} {reason}"))?;
        parsed.push((name, Some(annotation).filter(|_| !is_open)));
    }
    Ok(Some(parsed))
}

fn says_nothing(label: &str) -> bool {
    says_normal(label) || NOTHING.contains(&label.trim().to_lowercase().as_str())
}

impl Item {
    fn media(&self) -> impl Iterator<Item = &Media> {
        self.image.iter().chain(&self.media)
    }

    /// The path of its file; else its name without ending.
    fn name(&self) -> &str {
        let mut paths = self.media().filter_map(|media| media.path.as_deref());
        paths.find(|path| !path.is_empty()).unwrap_or(&self.id)
    }

    fn annotation(&self, file: &Path, labels: &[Label]) -> Result<Annotation, String> {
        let own = self.media().find_map(|media| media.size);
        let mut masks = self
            .annotations
            .iter()
            .filter_map(|drawn| drawn.rle.as_ref());
        let size = own.or_else(|| Some(masks.next()?.size));
        let size_px = size.map(|[height, width]| (width, height));
        let mut annotation = Annotation::nothing(file, size_px);
        for drawn in &self.annotations {
            let label = drawn.label_id.and_then(|id| labels.get(id));
            let label = match (label, drawn.kind.as_str()) {
                (Some(label), _) if says_nothing(&label.name) => continue,
                (Some(label), _) => label.name.as_str(),
                // What is said in words beside the image.
                (None, "label" | "caption") => continue,
                (None, _) => "defect",
            };
            let shapes = drawn.shapes(size_px)?;
            annotation.draw(label, shapes, drawn.kind == "bbox");
        }
        Ok(annotation)
    }
}

impl Drawn {
    /// Whether it is of an image of which it does not say what it shows.
    fn says_nothing(&self) -> bool {
        self.label_id.is_none() && matches!(self.kind.as_str(), "label" | "caption")
    }

    /// The shapes: none of a label of the whole image, nor of what has its size in space.
    fn shapes(&self, size_px: Option<(usize, usize)>) -> Result<Vec<Shape>, String> {
        if self.points.len() / 2 > MAX_POINTS {
            return Err(format!("has more than {MAX_POINTS} points"));
        }
        let shapes = match self.kind.as_str() {
            "polygon" => vec![Shape::Polygon(flat(&self.points)?)],
            "polyline" => Shape::line(&flat(&self.points)?, LINE_WIDTH_PX),
            "points" => {
                let points = flat(&self.points)?.into_iter();
                let points = points.map(|point| Shape::circle(point, POINT_RADIUS_PX));
                points.collect()
            }
            "bbox" => match self.bbox[..] {
                [x, y, width, height] => {
                    let corners = (point(x, y)?, point(x + width, y + height)?);
                    vec![Shape::rectangle(corners.0, corners.1)]
                }
                _ => return Err("has a box that is none".into()),
            },
            "ellipse" => match flat(&self.points)?[..] {
                [one, other] => vec![ellipse(one, other)],
                _ => return Err("has an ellipse that is none".into()),
            },
            "mask" => match (&self.rle, size_px) {
                (Some(rle), Some(size_px)) => vec![rle.shape(size_px)?],
                _ => return Err("has a mask that is none".into()),
            },
            _ => Vec::new(),
        };
        match shapes.is_empty() || size_px.is_some() {
            true => Ok(shapes),
            false => Err("is drawn on, and its size is not said".into()),
        }
    }
}

/// The ellipse in the upright rectangle between two opposite corners.
fn ellipse([left, top]: [f32; 2], [right, bottom]: [f32; 2]) -> Shape {
    let corner = |index: usize| {
        let angle = std::f32::consts::TAU * index as f32 / ELLIPSE_CORNERS as f32;
        [
            (left + right + (right - left) * angle.cos()) / 2.0,
            (top + bottom + (bottom - top) * angle.sin()) / 2.0,
        ]
    };
    Shape::Polygon((0..ELLIPSE_CORNERS).map(corner).collect())
}

#[cfg(test)]
#[path = "datumaro_tests.rs"]
mod tests;
