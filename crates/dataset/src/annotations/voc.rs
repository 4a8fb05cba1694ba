//! Pascal VOC: an XML file for each image, `X.xml` for `X.png`, with a box around each object.

use std::path::Path;

use quick_xml::Reader;
use quick_xml::de::from_str;
use quick_xml::events::Event;
use serde::Deserialize;

use super::points::point;
use super::{Annotation, AnnotationError, read, without_bom};
use kizumi_image::outlines::{MAX_POINTS, Shape};

/// By the name of the outermost element.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Root {
    Annotation(Document),
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Document {
    size: Option<Size>,
    #[serde(default)]
    object: Vec<Object>,
}

#[derive(Deserialize)]
struct Size {
    width: usize,
    height: usize,
}

#[derive(Deserialize)]
struct Object {
    name: Option<String>,
    bndbox: Option<Bounds>,
}

#[derive(Deserialize)]
struct Bounds {
    xmin: f32,
    ymin: f32,
    xmax: f32,
    ymax: f32,
}

/// Reads the annotation of an image; `None` when the file is XML of another kind, which an annotation is, too,
/// that says neither how large the image is nor what is on it.
///
/// # Errors
/// When it is no XML, or says what cannot be.
pub fn parse(file: &Path) -> Result<Option<Annotation>, AnnotationError> {
    let bytes = read(file)?;
    let text = String::from_utf8_lossy(without_bom(&bytes));
    parse_text(file, &text).map_err(|reason| AnnotationError {
        file: file.into(),
        reason,
    })
}

fn parse_text(file: &Path, text: &str) -> Result<Option<Annotation>, String> {
    let root = from_str(text).map_err(|error| format!("is no VOC annotation: {error}"))?;
    let Root::Annotation(document) = root else {
        return Ok(None);
    };
    let size_px = match document.size {
        Some(Size { width, height }) => (width, height),
        None if document.object.is_empty() => return Ok(None),
        None => return Err("does not say how large the image is".into()),
    };
    let count = document.object.len();
    if count > MAX_POINTS {
        return Err(format!("has {count} boxes; at most {MAX_POINTS} are read"));
    }
    let mut annotation = Annotation::nothing(file, Some(size_px));
    for (field, said) in fields(text)? {
        annotation.take_field(&field, &said.into());
    }
    for (index, object) in document.object.iter().enumerate() {
        let shape = object.shape();
        let shape = shape.map_err(|reason| format!("object {} {reason}", index + 1))?;
        annotation.draw(object.name.as_deref().unwrap_or("defect"), [shape], true);
    }
    Ok(Some(annotation))
}

/// The texts that stand directly in the annotation, each with the name of its element.
fn fields(text: &str) -> Result<Vec<(String, String)>, String> {
    let damaged = |error: quick_xml::Error| format!("is no VOC annotation: {error}");
    let mut reader = Reader::from_str(text);
    let mut open: Vec<String> = Vec::new();
    let mut fields = Vec::new();
    loop {
        match reader.read_event().map_err(damaged)? {
            Event::Start(element) => {
                let name = element.local_name();
                open.push(String::from_utf8_lossy(name.as_ref()).into_owned());
            }
            Event::End(_) => drop(open.pop()),
            Event::Text(said) => {
                if let [_, field] = &open[..] {
                    let said = String::from_utf8_lossy(&said).into_owned();
                    fields.push((field.clone(), said));
                }
            }
            Event::Eof => return Ok(fields),
            _ => {}
        }
    }
}

impl Object {
    /// The box: its pixels are counted from 1, and those of both corners belong to it (VOC development kit).
    fn shape(&self) -> Result<Shape, String> {
        let Some(Bounds {
            xmin,
            ymin,
            xmax,
            ymax,
        }) = self.bndbox
        else {
            return Err("has no upright box".into());
        };
        let corners = (point(xmin - 1.0, ymin - 1.0)?, point(xmax, ymax)?);
        Ok(Shape::rectangle(corners.0, corners.1))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Kind;

    fn parsed(text: &str) -> Result<Option<Annotation>, String> {
        parse_text(Path::new("a.xml"), text)
    }

    const SIZE: &str = "<size><width>30</width><height>20</height><depth>3</depth></size>";

    fn document(objects: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<annotation verified=\"yes\">\n <folder>x</folder>\n \
            <filename>a.png</filename>\n {SIZE}\n {objects}</annotation>\n"
        )
    }

    const DENT: &str = "<object>\n <name>dent</name><pose/><difficult>0</difficult>\n <bndbox> \
        <xmin> 3 </xmin><ymin>2</ymin><xmax>5</xmax><ymax>3.0</ymax></bndbox></object>";

    #[test]
    fn boxes_are_drawn_and_known_as_boxes() {
        let scratch = DENT.replace("dent", "scratch");
        let objects = format!("{DENT}<owner>me</owner>{scratch}{DENT}");
        let annotation = parsed(&document(&objects)).unwrap().unwrap();
        assert!(annotation.has_boxes);
        assert_eq!(annotation.kind(), Kind::Defect("dent, scratch".into()));
        let drawn = annotation.outlines.draw((30, 20));
        assert_eq!(drawn.iter().filter(|one| **one).count(), 3 * 2);
        assert!(drawn[30 + 2], "the third pixel of the second row");
    }

    #[test]
    fn without_a_box_the_image_is_normal() {
        let annotation = parsed(&document("")).unwrap().unwrap();
        assert_eq!(annotation.kind(), Kind::Normal);
    }

    #[test]
    fn a_field_says_what_an_image_shows_without_a_box() {
        let said = |field: &str| {
            let annotation = parsed(&document(field)).unwrap().unwrap();
            (annotation.kind(), !annotation.unclear.is_empty())
        };
        let defect = |name: &str| (Kind::Defect(name.into()), false);
        assert_eq!(said("<quality>NG</quality>"), defect("NG"));
        assert_eq!(said("<tag> scratch </tag>"), defect("scratch"));
        assert_eq!(said("<quality>F17</quality>"), (Kind::Normal, true));
        for field in [
            "<quality>OK</quality>",
            "<tag></tag>",
            "<owner>NG</owner>",
            "<source><tag>NG</tag></source>",
        ] {
            assert_eq!(said(field), (Kind::Normal, false), "{field}");
        }
    }

    #[test]
    fn other_xml_is_no_annotation_and_what_cannot_be_is_refused_with_its_reason() {
        for text in [
            "<annotation/>",
            "<annotations><image/></annotations>",
            "<settings>4</settings>",
            "made in spring",
        ] {
            assert_eq!(parsed(text), Ok(None), "{text}");
        }
        let far = DENT.replace(" 3 ", "3e30");
        for (text, reason) in [
            ("<annotation><size>", "is no VOC annotation"),
            (
                &document(&DENT.replace(" 3 ", "x"))[..],
                "is no VOC annotation",
            ),
            (
                &document(DENT).replace(SIZE, "")[..],
                "how large the image is",
            ),
            (
                &document("<object><robndbox/></object>")[..],
                "object 1 has no upright box",
            ),
            (&document(&far)[..], "object 1 has a point at"),
        ] {
            let error = parsed(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
