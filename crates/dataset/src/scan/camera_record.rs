//! What cameras, microscopes and albums write of each photograph in JSON or in lines, and programs for maps in XML.

use std::path::Path;

use kizumi_image::regular;
use serde_json::Value;

use super::lists::{is_image_name, reduced};
use super::names::word;
use super::tokens::words_of;
use crate::file_name::ending;

/// The largest such file.
const MAX_BYTES: u64 = 64 << 10;

/// Endings of what is looked into.
const ENDINGS: [&str; 4] = ["json", "txt", "ini", "log"];

/// How the files that microscopes of Hitachi write begin.
const SEM: &str = "[SemImageFile]";

/// Words that the names of what is recorded are made of, in lower case.
const WORDS: &[&str] = &[
    "make",
    "model",
    "camera",
    "lens",
    "serial",
    "number",
    "num",
    "id",
    "exposure",
    "time",
    "shutter",
    "speed",
    "aperture",
    "f",
    "iso",
    "ratings",
    "gain",
    "gamma",
    "focal",
    "length",
    "white",
    "balance",
    "flash",
    "metering",
    "mode",
    "program",
    "light",
    "source",
    "sensor",
    "trigger",
    "frame",
    "frames",
    "fps",
    "counter",
    "binning",
    "bits",
    "bit",
    "depth",
    "per",
    "sample",
    "pixel",
    "pixels",
    "format",
    "width",
    "height",
    "size",
    "offset",
    "x",
    "y",
    "resolution",
    "unit",
    "orientation",
    "rotation",
    "color",
    "colour",
    "space",
    "image",
    "file",
    "name",
    "filename",
    "path",
    "bytes",
    "date",
    "original",
    "digitized",
    "create",
    "created",
    "creation",
    "modify",
    "modified",
    "modification",
    "uploaded",
    "upload",
    "taken",
    "photo",
    "formatted",
    "timestamp",
    "utc",
    "timezone",
    "zone",
    "us",
    "ms",
    "ns",
    "s",
    "sec",
    "secs",
    "seconds",
    "db",
    "mm",
    "c",
    "temperature",
    "humidity",
    "device",
    "vendor",
    "firmware",
    "software",
    "version",
    "driver",
    "ip",
    "mac",
    "host",
    "line",
    "rate",
    "exif",
    "gps",
    "geo",
    "data",
    "location",
    "latitude",
    "longitude",
    "altitude",
    "span",
    "title",
    "url",
    "views",
    "google",
    "photos",
    "origin",
    "mobile",
    "people",
    "folder",
    "local",
    "info",
    "meta",
    "metadata",
    "settings",
    "capture",
    "captured",
    "acquisition",
    "compression",
    "bias",
    "value",
    "sub",
];

/// Those of them that are said of nothing else than of taking a picture.
const OF_TAKING: [&str; 22] = [
    "make",
    "camera",
    "lens",
    "exposure",
    "shutter",
    "aperture",
    "iso",
    "gain",
    "gamma",
    "focal",
    "flash",
    "fps",
    "binning",
    "date",
    "timestamp",
    "timezone",
    "temperature",
    "humidity",
    "firmware",
    "latitude",
    "longitude",
    "altitude",
];

/// Whether a file records how the photograph beside it was taken, and says nothing of what it shows.
pub(super) fn is_of_camera(file: &Path) -> bool {
    // GDAL keeps where on a map a picture lies.
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    if name.to_lowercase().ends_with(".aux.xml") {
        return true;
    }
    let ending = ending(file);
    if !ENDINGS.contains(&ending.as_str()) {
        return false;
    }
    let Ok(bytes) = regular::read(file, MAX_BYTES) else {
        return false;
    };
    match ending.as_str() {
        "json" => serde_json::from_slice(&bytes)
            .is_ok_and(|value: Value| value.is_object() && !is_blank(&value) && is_record(&value)),
        _ => are_settings(&String::from_utf8_lossy(&bytes)),
    }
}

/// Whether all columns of a table name images or say how they were taken, in words that are said of nothing else.
pub(super) fn is_table_of_camera(text: &str) -> bool {
    let cells = |line: &'_ str| -> Vec<String> {
        let cells = line.split([',', ';', '\t', '|']);
        cells
            .map(|cell| cell.trim().trim_matches('"').to_owned())
            .collect()
    };
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let names = cells(lines.next().unwrap_or_default());
    let is_of_taking = |name: &String| {
        let mut words = words_of(name).into_iter();
        is_known(name) && words.any(|(word, _)| OF_TAKING.contains(&word.as_str()))
    };
    let (taken, others): (Vec<_>, Vec<_>) = names.iter().partition(|name| is_of_taking(name));
    let are_known = others.iter().all(|name| is_image_name(&reduced(name)));
    let says = |line: &str| cells(line).iter().any(|cell| word(cell).is_some());
    !taken.is_empty() && are_known && !lines.any(says)
}

/// Whether a text is what a scanning electron microscope writes, or names settings of a camera in each line.
fn are_settings(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_setting = |line: &str| {
        let parts = line.split_once(['=', ':']);
        parts.is_some_and(|(name, value)| is_known(name) && word(value).is_none())
    };
    match lines.next() {
        Some(first) if first == SEM => true,
        Some(first) => is_setting(first) && lines.all(is_setting),
        None => false,
    }
}

fn is_record(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields
            .iter()
            .all(|(name, value)| is_blank(value) || is_known(name) && is_record(value)),
        Value::Array(values) => values.iter().all(is_record),
        Value::String(text) => word(text).is_none(),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Whether nothing was filled in, such as a description.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.values().all(is_blank),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn is_known(name: &str) -> bool {
    let words = words_of(name);
    !words.is_empty() && words.iter().all(|(word, _)| WORDS.contains(&word.as_str()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_a_camera_is_told_from_what_is_said_of_the_part() {
        let folder = crate::test_folder::test_folder();
        let file = folder.path().join("1.json");
        let is = |text: &str| {
            std::fs::write(&file, text).unwrap();
            is_of_camera(&file)
        };
        for text in [
            r#"{"Make":"Canon","ExposureTime":"1/100","FNumber":2.8,"DateTimeOriginal":"2026:11:30"}"#,
            r#"{"camera":{"serial":"24012345","gain_db":3.1},"exposure_us":2000,"result":""}"#,
            r#"{"title":"1.png","description":"","photoTakenTime":{"timestamp":"17"}}"#,
        ] {
            assert!(is(text), "{text}");
        }
        for text in [
            r#"{"camera":"a","result":"x"}"#,
            r#"{"Make":"Canon","mode":"NG"}"#,
            r#"{"title":"1.png","description":"scratched"}"#,
            r#"{"camera":"a","shapes":[{"points":[]}]}"#,
            r#"[1, 2]"#,
            "{}",
            r#"{"result":""}"#,
            "",
        ] {
            assert!(!is(text), "{text}");
        }
    }

    #[test]
    fn a_table_of_how_images_were_taken_is_told_from_one_of_what_was_found() {
        for (head, row, expected) in [
            (
                "filename,timestamp,exposure_us,gain",
                "a.png,10:15,1000,0",
                true,
            ),
            ("image;temperature_C", "a.png;20.1", true),
            ("filename,timestamp,value", "a.png,10:15,1", false),
            ("filename,x,y,width,height", "a.png,1,2,3,4", false),
            ("filename,timestamp", "a.png,NG", false),
            ("filename", "a.png", false),
        ] {
            assert_eq!(
                is_table_of_camera(&format!("{head}\n{row}\n")),
                expected,
                "{head}"
            );
        }
    }
}
