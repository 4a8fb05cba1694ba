//! COCO: one JSON file for all images of a data set.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use super::points::{flat, point};
use super::{Annotation, AnnotationError, read, without_bom};
use crate::scan::says_defective;
use kizumi_image::outlines::{MAX_POINTS, Runs, Shape};

#[derive(Deserialize)]
struct Document {
    images: Vec<Image>,
    #[serde(default)]
    annotations: Vec<Drawn>,
    #[serde(default)]
    categories: Vec<Category>,
}

#[derive(Deserialize)]
struct Image {
    id: u64,
    file_name: String,
    width: usize,
    height: usize,
    /// What was said of the image as a whole.
    #[serde(default)]
    attributes: serde_json::Value,
    #[serde(flatten)]
    others: serde_json::Map<String, serde_json::Value>,
}

#[derive(Deserialize)]
struct Category {
    id: u64,
    name: String,
}

#[derive(Deserialize)]
struct Drawn {
    image_id: u64,
    category_id: Option<u64>,
    segmentation: Option<Segmentation>,
    #[serde(default)]
    bbox: Vec<f32>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Segmentation {
    Polygons(Vec<Vec<f32>>),
    Runs(Encoded),
}

/// A mask as runs of pixels.
#[derive(Deserialize)]
pub(super) struct Encoded {
    /// Height and width.
    pub size: [usize; 2],
    counts: Counts,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Counts {
    Plain(Vec<u32>),
    Compressed(String),
}

/// Reads the annotations of many images, each with its file's name as it stands there; `None` when the file
/// is JSON of another kind. An image without annotations is a normal one.
///
/// # Errors
/// When it is no JSON, or says what cannot be.
pub fn parse(file: &Path) -> Result<Option<Vec<(String, Annotation)>>, AnnotationError> {
    let bytes = read(file)?;
    parse_bytes(file, without_bom(&bytes)).map_err(|reason| AnnotationError {
        file: file.into(),
        reason,
    })
}

/// Words that stand before a colon in files of COCO, and in few others: one of its parts, and what stands in
/// them. What a detector found has the latter alone.
const PARTS: [&str; 3] = ["images", "annotations", "categories"];
const INNER: [&str; 3] = ["file_name", "image_id", "category_id"];

/// Whether a text, of which the end may be missing, begins as a file of COCO does.
pub fn begins_so(text: &str) -> bool {
    let has = |key: &&str| {
        let quoted = format!("\"{key}\"");
        text.match_indices(&quoted)
            .any(|(at, _)| text[at + quoted.len()..].trim_start().starts_with(':'))
    };
    let parts = PARTS.iter().filter(|key| has(key)).count();
    parts > 1 || parts > 0 && INNER.iter().any(has)
}

fn parse_bytes(file: &Path, bytes: &[u8]) -> Result<Option<Vec<(String, Annotation)>>, String> {
    /// What tells it from the JSON of other programs.
    #[derive(Deserialize)]
    struct Probe {
        images: Option<serde::de::IgnoredAny>,
        annotations: Option<serde::de::IgnoredAny>,
    }
    let damaged = |error: serde_json::Error| format!("is no COCO annotation: {error}");
    match serde_json::from_slice::<Probe>(bytes) {
        Ok(Probe {
            images: Some(_),
            annotations: Some(_),
        }) => {}
        Ok(_) => return Ok(None),
        // A list, a number: sound, but something else.
        Err(error) if error.is_data() => return Ok(None),
        Err(error) => return Err(damaged(error)),
    }
    let document: Document = serde_json::from_slice(bytes).map_err(damaged)?;
    let categories = document.categories.into_iter();
    let categories: HashMap<u64, String> = categories.map(|one| (one.id, one.name)).collect();
    let mut places = HashMap::new();
    let mut images = Vec::with_capacity(document.images.len());
    for (index, image) in document.images.into_iter().enumerate() {
        if places.insert(image.id, index).is_some() {
            return Err(format!("has two images of the number {}", image.id));
        }
        let mut annotation = Annotation::nothing(file, Some((image.width, image.height)));
        for said in said_bad(&image.attributes) {
            annotation.add_label(said);
        }
        for (field, value) in &image.others {
            annotation.take_field(field, value);
        }
        images.push((image.file_name, annotation));
    }
    for (index, drawn) in document.annotations.iter().enumerate() {
        let place = places.get(&drawn.image_id).copied();
        let Some((name, annotation)) = place.and_then(|place| images.get_mut(place)) else {
            let image = drawn.image_id;
            return Err(format!(
                "annotation {} is of image {image}, which is missing",
                index + 1
            ));
        };
        let wrong = |reason: String| format!("annotation {} ({name}) {reason}", index + 1);
        let size_px = annotation.outlines.size_px.unwrap_or_default();
        let (shapes, is_box) = drawn.shapes(size_px).map_err(wrong)?;
        let category = drawn.category_id.and_then(|id| categories.get(&id));
        match (category, shapes.is_empty()) {
            // It classifies the image.
            (Some(category), true) => annotation.take_word(category),
            _ => annotation.draw(category.map_or("defect", String::as_str), shapes, is_box),
        }
    }
    Ok(Some(images))
}

/// What attributes of an image call a defect: words, and names of what is true.
fn said_bad(attributes: &serde_json::Value) -> Vec<&str> {
    let fields = attributes.as_object().into_iter().flatten();
    let said = fields.filter_map(|(name, value)| match value {
        serde_json::Value::Bool(true) => Some(name.as_str()),
        value => value.as_str(),
    });
    said.filter(|said| says_defective(said)).collect()
}

impl Encoded {
    /// As a shape on an image of a width and a height.
    ///
    /// # Errors
    /// When it is damaged, or of another size.
    pub fn shape(&self, size_px: (usize, usize)) -> Result<Shape, String> {
        let [height, width] = self.size;
        if (width, height) != size_px {
            return Err(format!(
                "is of {width} x {height} pixels in an image of {} x {}",
                size_px.0, size_px.1
            ));
        }
        let runs = match &self.counts {
            Counts::Plain(counts) => Runs::new(size_px, counts.clone()),
            Counts::Compressed(text) => Runs::from_text(size_px, text),
        };
        let runs = runs.map_err(|reason| format!("is damaged: {reason}"))?;
        Ok(Shape::Runs(runs))
    }
}

impl Drawn {
    /// The shapes, and whether there is but a box.
    fn shapes(&self, size_px: (usize, usize)) -> Result<(Vec<Shape>, bool), String> {
        match &self.segmentation {
            Some(Segmentation::Polygons(polygons)) if !polygons.is_empty() => {
                let values: usize = polygons.iter().map(Vec::len).sum();
                if values / 2 > MAX_POINTS {
                    return Err(format!("has more than {MAX_POINTS} points"));
                }
                let polygons = polygons.iter();
                let polygons = polygons.map(|values| Ok(Shape::Polygon(flat(values)?)));
                Ok((polygons.collect::<Result<_, String>>()?, false))
            }
            Some(Segmentation::Runs(runs)) => Ok((vec![runs.shape(size_px)?], false)),
            _ => match self.bbox[..] {
                [x, y, width, height] => {
                    let corners = (point(x, y)?, point(x + width, y + height)?);
                    Ok((vec![Shape::rectangle(corners.0, corners.1)], true))
                }
                // It is about the whole image.
                [] if self.category_id.is_some() => Ok((Vec::new(), false)),
                _ => Err("draws nothing".into()),
            },
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Kind;

    fn parsed(text: &str) -> Result<Option<Vec<(String, Annotation)>>, String> {
        parse_bytes(Path::new("instances.json"), text.as_bytes())
    }

    fn document(annotations: &str) -> String {
        format!(
            r#"{{"info": {{}}, "images": [
                {{"id": 3, "file_name": "a.png", "width": 6, "height": 4}},
                {{"id": 9, "file_name": "sub/b.png", "width": 6, "height": 4}}],
            "annotations": [{annotations}],
            "categories": [{{"id": 1, "name": "dent", "supercategory": ""}}]}}"#
        )
    }

    fn drawn(segmentation: &str) -> usize {
        let text = document(&format!(
            r#"{{"id": 1, "image_id": 3, "category_id": 1, "bbox": [1, 1, 2, 2],
            "iscrowd": 0, "segmentation": {segmentation}}}"#
        ));
        let images = parsed(&text).unwrap().unwrap();
        assert_eq!(images[0].1.kind(), Kind::Defect("dent".into()));
        let drawn = images[0].1.outlines.draw((6, 4));
        drawn.iter().filter(|one| **one).count()
    }

    #[test]
    fn polygons_and_both_kinds_of_runs_are_drawn() {
        assert_eq!(drawn("[[1, 1, 5, 1, 5, 3, 1, 3]]"), 8);
        assert_eq!(
            drawn("[[0, 0, 2, 0, 2, 1, 0, 1], [4, 3, 6, 3, 6, 4, 4, 4]]"),
            4
        );
        assert_eq!(drawn(r#"{"size": [4, 6], "counts": [5, 2, 17]}"#), 2);
        // 5 2 17 as pycocotools writes it.
        assert_eq!(drawn(r#"{"size": [4, 6], "counts": "52a0"}"#), 2);
    }

    #[test]
    fn a_box_alone_is_drawn_and_known_as_a_box() {
        assert_eq!(drawn("[]"), 4);
        let text = document(r#"{"image_id": 9, "category_id": 7, "bbox": [0, 0, 6, 4]}"#);
        let images = parsed(&text).unwrap().unwrap();
        assert!(images[1].1.has_boxes);
        assert_eq!(images[1].1.kind(), Kind::Defect("defect".into()));
    }

    #[test]
    fn an_image_without_annotations_is_normal() {
        let images = parsed(&document("")).unwrap().unwrap();
        let kinds: Vec<_> = images
            .iter()
            .map(|(name, annotation)| (name.as_str(), annotation.kind()))
            .collect();
        let expected = [("a.png", Kind::Normal), ("sub/b.png", Kind::Normal)];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn an_image_with_an_attribute_for_bad_is_defective() {
        for (attribute, is_bad) in [
            (r#""judge": "NG""#, true),
            (r#""defect": true"#, true),
            (r#""judge": "OK""#, false),
            (r#""defect": false, "rotated": true"#, false),
        ] {
            let named = r#""file_name": "a.png","#;
            let text = format!(r#"{named} "attributes": {{{attribute}}},"#);
            let text = document("").replace(named, &text);
            let images = parsed(&text).unwrap().unwrap();
            assert_eq!(images[0].1.kind() != Kind::Normal, is_bad, "{attribute}");
            assert_eq!(images[1].1.kind(), Kind::Normal);
        }
    }

    #[test]
    fn an_image_with_a_tag_for_bad_is_defective_and_with_an_unknown_one_unclear() {
        let said = |field: &str| {
            let named = r#""file_name": "a.png","#;
            let text = document("").replace(named, &format!("{named} {field},"));
            let images = parsed(&text).unwrap().unwrap();
            (images[0].1.kind(), !images[0].1.unclear.is_empty())
        };
        let defect = (Kind::Defect("NG".into()), false);
        assert_eq!(said(r#""tag": "NG""#), defect);
        assert_eq!(said(r#""tags": ["NG"]"#), defect);
        assert_eq!(said(r#""tag": "OK", "license": 1"#), (Kind::Normal, false));
        assert_eq!(said(r#""tag": "F17""#), (Kind::Normal, true));
    }

    #[test]
    fn an_annotation_that_draws_nothing_classifies_its_image() {
        let kind = |name: &str| {
            let text = document(r#"{"image_id": 3, "category_id": 1}"#);
            let categories = format!(r#""categories": [{{"id": 1, "name": "{name}"}}]"#);
            let start = text.find(r#""categories""#).unwrap();
            let end = start + text[start..].find(']').unwrap() + 1;
            let text = text.replace(&text[start..end], &categories);
            let images = parsed(&text).unwrap().unwrap();
            (images[0].1.kind(), images[0].1.unclear.len())
        };
        assert_eq!(kind("OK"), (Kind::Normal, 0));
        assert_eq!(kind("NG"), (Kind::Defect("NG".into()), 0));
        assert_eq!(kind("F17"), (Kind::Normal, 1));
    }

    #[test]
    fn other_json_is_no_annotation_and_damaged_json_is_refused_with_its_reason() {
        assert_eq!(parsed(r#"{"images": 3}"#), Ok(None));
        assert_eq!(parsed("[]"), Ok(None));
        for (text, reason) in [
            ("{\"images\": [", "is no COCO annotation"),
            (&document("7"), "is no COCO annotation"),
            (&document(r#"{"image_id": 4}"#), "image 4, which is missing"),
            (
                &document(r#"{"image_id": 3}"#),
                "annotation 1 (a.png) draws nothing",
            ),
            (
                &document(r#"{"image_id": 3, "segmentation": [[1, 2, 3]]}"#),
                "an odd number",
            ),
            (
                &document(r#"{"image_id": 3, "segmentation": [[1, 2, 3e30, 4, 5, 5]]}"#),
                "has a point at",
            ),
            (
                &document(r#"{"image_id": 3, "segmentation": {"size": [4, 5], "counts": [20]}}"#),
                "5 x 4 pixels in an image of 6 x 4",
            ),
            (
                &document(r#"{"image_id": 3, "segmentation": {"size": [4, 6], "counts": [20]}}"#),
                "20 pixels, not 6 x 4",
            ),
        ] {
            let error = parsed(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
