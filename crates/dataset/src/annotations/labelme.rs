//! LabelMe: a JSON file for each image, `X.json` for `X.png`.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use super::points::point;
use super::{Annotation, AnnotationError, read, without_bom};
use kizumi_image::outlines::{MAX_POINTS, Runs, Shape};

/// How wide LabelMe draws a line in a mask, and how far from its centre a point reaches
/// (`labelme.utils.shape_to_mask`).
const LINE_WIDTH_PX: f32 = 10.0;
const POINT_RADIUS_PX: f32 = 5.0;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    shapes: Vec<Drawn>,
    image_width: Option<usize>,
    image_height: Option<usize>,
    /// What is said of the whole image: names of what is set, and of what is not.
    #[serde(default)]
    flags: Value,
    #[serde(default)]
    description: Value,
}

#[derive(Deserialize)]
struct Drawn {
    label: Option<String>,
    #[serde(default)]
    points: Vec<[f32; 2]>,
    shape_type: Option<String>,
    /// A picture file in base64.
    mask: Option<String>,
}

/// Reads the annotation of an image; `None` when the file is JSON of another kind.
///
/// # Errors
/// When it is no JSON, or says what cannot be.
pub fn parse(file: &Path) -> Result<Option<Annotation>, AnnotationError> {
    let bytes = read(file)?;
    parse_bytes(file, without_bom(&bytes)).map_err(|reason| AnnotationError {
        file: file.into(),
        reason,
    })
}

fn parse_bytes(file: &Path, bytes: &[u8]) -> Result<Option<Annotation>, String> {
    /// An object: what it holds tells it from the JSON of other programs.
    type Probe = BTreeMap<String, serde::de::IgnoredAny>;
    let damaged = |error: serde_json::Error| format!("is no LabelMe annotation: {error}");
    match serde_json::from_slice::<Probe>(bytes) {
        Ok(object) if !object.contains_key("shapes") => return Ok(None),
        // A list, a number: sound, but something else.
        Err(error) if error.is_data() => return Ok(None),
        Err(error) => return Err(damaged(error)),
        Ok(_) => {}
    }
    let document: Document = serde_json::from_slice(bytes).map_err(damaged)?;
    let size_px = match (document.image_width, document.image_height) {
        (Some(width), Some(height)) => (width, height),
        _ if document.shapes.is_empty() => (0, 0),
        _ => return Err("does not say how large the image is".into()),
    };
    let points: usize = document.shapes.iter().map(|one| one.points.len()).sum();
    if points > MAX_POINTS {
        return Err(format!(
            "has {points} points; at most {MAX_POINTS} are read"
        ));
    }
    let mut annotation = Annotation::nothing(file, Some(size_px));
    for (index, drawn) in document.shapes.iter().enumerate() {
        let shapes = drawn.shapes();
        let shapes = shapes.map_err(|reason| format!("shape {} {reason}", index + 1))?;
        annotation.draw(drawn.label.as_deref().unwrap_or("defect"), shapes, false);
    }
    annotation.take_field("flags", &document.flags);
    annotation.take_field("description", &document.description);
    Ok(Some(annotation))
}

impl Drawn {
    fn shapes(&self) -> Result<Vec<Shape>, String> {
        let points = self.points.iter().map(|[x, y]| point(*x, *y));
        let points = points.collect::<Result<Vec<_>, _>>()?;
        let kind = self.shape_type.as_deref().unwrap_or("polygon");
        Ok(match (kind, &points[..]) {
            ("polygon", [_, _, _, ..]) => vec![Shape::Polygon(points)],
            ("rectangle", [one, other]) => vec![Shape::rectangle(*one, *other)],
            // Later versions write all four corners.
            ("rectangle", [_, _, _, _]) => vec![Shape::Polygon(points)],
            ("circle", [centre, rim]) => {
                let radius = (centre[0] - rim[0]).hypot(centre[1] - rim[1]);
                vec![Shape::circle(*centre, radius)]
            }
            ("line" | "linestrip", [_, _, ..]) => Shape::line(&points, LINE_WIDTH_PX),
            ("point" | "points", [_, ..]) => {
                let points = points.iter();
                points
                    .map(|point| Shape::circle(*point, POINT_RADIUS_PX))
                    .collect()
            }
            ("mask", [corner, ..]) => vec![self.picture(*corner)?],
            _ => {
                let count = points.len();
                return Err(format!("is a {kind} of {count} points, which is not read"));
            }
        })
    }

    fn picture(&self, [left, top]: [f32; 2]) -> Result<Shape, String> {
        let text = self.mask.as_deref().ok_or("is a mask without pixels")?;
        let bytes = STANDARD.decode(text);
        let bytes = bytes.map_err(|error| format!("has a mask that is no base64: {error}"))?;
        let at = (left.round() as i64, top.round() as i64);
        let runs = Runs::from_picture(at, &bytes);
        Ok(Shape::Runs(
            runs.map_err(|reason| format!("has a mask that {reason}"))?,
        ))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Kind;

    fn parsed(text: &str) -> Result<Option<Annotation>, String> {
        parse_bytes(Path::new("a.json"), text.as_bytes())
    }

    fn document(shapes: &str) -> String {
        format!(
            r#"{{"version": "5.4.1", "flags": {{}}, "shapes": [{shapes}], "imagePath": "a.png",
            "imageData": null, "imageHeight": 20, "imageWidth": 30}}"#
        )
    }

    fn area(shape: &str) -> usize {
        let annotation = parsed(&document(shape)).unwrap().unwrap();
        let drawn = annotation.outlines.draw((30, 20));
        drawn.iter().filter(|one| **one).count()
    }

    #[test]
    fn every_shape_of_labelme_is_drawn() {
        let polygon = r#"{"label": "dent", "points": [[1, 1], [5, 1], [5, 4], [1, 4]], "shape_type": "polygon"}"#;
        assert_eq!(area(polygon), 12);
        let rectangle =
            r#"{"label": "dent", "points": [[5, 4], [1, 1]], "shape_type": "rectangle"}"#;
        assert_eq!(area(rectangle), 12);
        let circle = r#"{"label": "dent", "points": [[10, 10], [10, 14]], "shape_type": "circle"}"#;
        assert!((45..56).contains(&area(circle)), "{}", area(circle));
        let line =
            r#"{"label": "dent", "points": [[10, 10], [20, 10]], "shape_type": "linestrip"}"#;
        assert!((150..200).contains(&area(line)), "{}", area(line));
        let point = r#"{"label": "dent", "points": [[10, 10]], "shape_type": "point"}"#;
        assert!((70..90).contains(&area(point)), "{}", area(point));
        // Without a type it is a polygon, as the first versions wrote it.
        assert_eq!(
            area(r#"{"label": "dent", "points": [[1, 1], [5, 1], [5, 4], [1, 4]]}"#),
            12
        );
    }

    #[test]
    fn a_mask_is_the_picture_in_its_box() {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let picture = image::GrayImage::from_pixel(3, 2, image::Luma([255]));
        picture
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        let text = STANDARD.encode(bytes.get_ref());
        let shape = format!(
            r#"{{"label": "dent", "points": [[4, 5], [6, 6]], "shape_type": "mask", "mask": "{text}"}}"#
        );
        assert_eq!(area(&shape), 6);
        let broken = shape.replace(&text, "AAAA");
        let error = parsed(&document(&broken)).unwrap_err();
        assert!(error.contains("shape 1 has a mask that"), "{error}");
    }

    #[test]
    fn labels_say_the_kind_and_nothing_drawn_is_normal() {
        let dent = r#"{"label": "dent", "points": [[1, 1], [5, 1], [5, 4]]}"#;
        let shapes = format!("{dent}, {}, {dent}", dent.replace("dent", "scratch"));
        let annotation = parsed(&document(&shapes)).unwrap().unwrap();
        assert_eq!(annotation.kind(), Kind::Defect("dent, scratch".into()));
        let normal = parsed(&document("")).unwrap().unwrap();
        assert_eq!(normal.kind(), Kind::Normal);
        assert_eq!(normal.mask(), None);
    }

    #[test]
    fn a_flag_or_a_description_says_what_an_image_shows_without_shapes() {
        let said = |flags: &str, description: &str| {
            let flags = document("").replace(r#""flags": {}"#, &format!(r#""flags": {flags}"#));
            let text = flags.replacen('{', &format!(r#"{{"description": "{description}","#), 1);
            let annotation = parsed(&text).unwrap().unwrap();
            (annotation.kind(), !annotation.unclear.is_empty())
        };
        let defect = |name: &str| (Kind::Defect(name.into()), false);
        assert_eq!(said(r#"{"OK": false, "NG": true}"#, ""), defect("NG"));
        assert_eq!(said(r#"{"scratch": true}"#, ""), defect("scratch"));
        assert_eq!(said("{}", "scratch"), defect("scratch"));
        for flags in [
            r#"{"OK": true, "NG": false}"#,
            r#"{"verified": true}"#,
            "{}",
            "null",
        ] {
            assert_eq!(said(flags, ""), (Kind::Normal, false), "{flags}");
        }
        assert_eq!(said(r#"{"F17": true}"#, ""), (Kind::Normal, true));
    }

    #[test]
    fn other_json_is_no_annotation_and_damaged_json_is_refused_with_its_reason() {
        assert_eq!(parsed(r#"{"settings": 1}"#), Ok(None));
        assert_eq!(parsed("[1, 2]"), Ok(None));
        for (text, reason) in [
            ("{", "is no LabelMe annotation"),
            (r#"{"shapes": 7}"#, "is no LabelMe annotation"),
            (
                r#"{"shapes": [{"points": [[1, 1], [2, 2], [3, 1]]}]}"#,
                "how large the image is",
            ),
            (
                &document(r#"{"points": [[1e30, 1], [2, 2], [3, 1]]}"#),
                "shape 1 has a point",
            ),
            (&document(r#"{"points": [[1, 1]]}"#), "polygon of 1 points"),
            (
                &document(r#"{"points": [], "shape_type": "mask"}"#),
                "mask of 0 points",
            ),
            (
                &document(r#"{"points": [[1, 1]], "shape_type": "star"}"#),
                "star of 1 points",
            ),
        ] {
            let error = parsed(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
