//! YOLO: a text file for each image, `labels/X.txt` for `images/X.jpg`, one shape a line.

use std::path::Path;

use super::points::flat;
use super::{Annotation, AnnotationError, read, without_bom};
use kizumi_image::outlines::{MAX_POINTS, Shape};

/// Shares of the image's width and height lie between 0 and 1, but for rounding.
const SHARES: std::ops::RangeInclusive<f32> = -0.1..=1.1;

/// Reads the labels of an image: a class and the corners of a polygon, or the centre and the size of a box.
/// Classes are called by their places in `names`; an empty file is a normal image.
///
/// # Errors
/// When a line is something else.
pub fn parse(file: &Path, names: &[String]) -> Result<Annotation, AnnotationError> {
    let bytes = read(file)?;
    let text = String::from_utf8_lossy(without_bom(&bytes));
    parse_text(file, &text, names).map_err(|reason| AnnotationError {
        file: file.into(),
        reason,
    })
}

fn parse_text(file: &Path, text: &str, names: &[String]) -> Result<Annotation, String> {
    let mut annotation = Annotation::nothing(file, None);
    let mut points = 0;
    for (index, line) in text.lines().enumerate() {
        let mut words = line.split_whitespace();
        let Some(class) = words.next() else { continue };
        let wrong = |reason: String| format!("line {}: {reason}", index + 1);
        let class: usize = class
            .parse()
            .map_err(|_| wrong(format!("{class} is no number of a class")))?;
        let values = words.map(|word| {
            let value = word.parse().ok();
            let value = value.filter(|value| SHARES.contains(value));
            value.ok_or_else(|| format!("{word} is no share of the image"))
        });
        let values = values.collect::<Result<Vec<f32>, _>>().map_err(wrong)?;
        let (shape, is_box) = match values[..] {
            [x, y, width, height] => {
                let (width, height) = (width / 2.0, height / 2.0);
                let corners = ([x - width, y - height], [x + width, y + height]);
                (Shape::rectangle(corners.0, corners.1), true)
            }
            [_, _, _, _, _, _, ..] => (Shape::Polygon(flat(&values).map_err(wrong)?), false),
            _ => {
                let count = values.len();
                let reason = format!("{count} numbers are neither a box nor a polygon");
                return Err(wrong(reason));
            }
        };
        points += values.len() / 2;
        if points > MAX_POINTS {
            return Err(format!("has more than {MAX_POINTS} points"));
        }
        let numbered = || format!("class {class}");
        let label = names.get(class).cloned().unwrap_or_else(numbered);
        annotation.draw(&label, [shape], is_box);
    }
    Ok(annotation)
}

/// The names of classes as they stand in `classes.txt` or `obj.names`, one a line, or under `names:` in
/// `data.yaml`: a list in brackets, or a line for each with a dash or its number.
pub fn class_names(text: &str) -> Vec<String> {
    let clean = |word: &str| word.trim().trim_matches(['"', '\'']).trim().to_owned();
    let mut lines = text.lines();
    let Some(rest) = lines
        .by_ref()
        .find_map(|line| line.trim_start().strip_prefix("names:"))
    else {
        let lines = text.lines().map(clean);
        return match text.contains(':') {
            true => Vec::new(),
            false => lines.filter(|line| !line.is_empty()).collect(),
        };
    };
    let rest = rest.trim();
    if let Some(list) = rest.strip_prefix('[') {
        let list = list.trim_end_matches(']');
        return list.split(',').map(clean).collect();
    }
    let item = |line: &str| {
        let line = line.trim();
        let dashed = line.strip_prefix("- ");
        let numbered = || {
            let (number, name) = line.split_once(':')?;
            number.parse::<usize>().ok().map(|_| name)
        };
        dashed.or_else(numbered).map(clean)
    };
    lines.map_while(item).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalog::Kind;

    fn parsed(text: &str) -> Result<Annotation, String> {
        let names = ["dent".to_owned(), "scratch".to_owned()];
        parse_text(Path::new("a.txt"), text, &names)
    }

    #[test]
    fn polygons_are_shares_of_the_image() {
        let annotation = parsed("1 0.25 0 0.75 0 0.75 1 0.25 1\r\n\n").unwrap();
        assert!(!annotation.has_boxes);
        assert_eq!(annotation.kind(), Kind::Defect("scratch".into()));
        let drawn = annotation.outlines.draw((8, 2));
        assert_eq!(drawn.iter().filter(|one| **one).count(), 8);
    }

    #[test]
    fn boxes_are_drawn_and_known_as_boxes() {
        let annotation = parsed("0 0.5 0.5 0.5 1\n7 0.1 0.1 0.1 0.1").unwrap();
        assert!(annotation.has_boxes);
        assert_eq!(annotation.kind(), Kind::Defect("dent, class 7".into()));
        let drawn = annotation.outlines.draw((8, 2));
        // The second one, in which no pixel has its centre, is as large as the two that it touches.
        assert_eq!(drawn.iter().filter(|one| **one).count(), 8 + 2);
    }

    #[test]
    fn an_empty_file_is_a_normal_image() {
        assert_eq!(parsed("").unwrap().kind(), Kind::Normal);
        assert_eq!(parsed("\n \n").unwrap().kind(), Kind::Normal);
    }

    #[test]
    fn what_is_no_label_is_refused_with_its_line() {
        for (text, reason) in [
            (
                "0 0.1 0.1 0.2 0.2\nmade by hand",
                "line 2: made is no number",
            ),
            ("0 0.1 0.1 0.2 0.2 0.3 0.3 0.4", "an odd number"),
            ("0 0.1 0.2", "line 1: 2 numbers are neither"),
            ("0 10 20 30 40", "line 1: 10 is no share"),
            ("0 NaN 0 0 0", "NaN is no share"),
            ("-1 0 0 0 0", "-1 is no number of a class"),
        ] {
            let error = parsed(text).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn names_of_classes_are_found_however_they_are_written() {
        for text in [
            "dent\nbent edge\n",
            "train: images\nnc: 2\nnames: ['dent', \"bent edge\"]\n",
            "names:\n  - dent\n  - 'bent edge'\nnc: 2\n",
            "names:\n  0: dent\n  1: bent edge\n\npath: x\n",
        ] {
            assert_eq!(class_names(text), ["dent", "bent edge"], "{text}");
        }
        assert_eq!(class_names("nc: 2\n"), [] as [&str; 0]);
    }
}
