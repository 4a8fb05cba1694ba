//! Pictures as PNG files, each either whole or not there.

use std::path::Path;

use anyhow::{Context, Result};
use png::{BitDepth, ColorType};

use super::atomic::write_atomic;
use super::iterate::Inspection;
use super::picture::Picture;
use super::rgb8::Rgb8;

/// Separators of the strip, in pixels of its panels.
const STRIP_GAP_PX: usize = 4;

/// Writes an 8-bit RGB image as PNG.
///
/// # Errors
/// If the image has no pixels or the file cannot be written; the text names the file, and what was
/// there before stays as it was.
pub fn save_rgb8(path: &Path, image: &Rgb8) -> Result<()> {
    let header = Header {
        size: (image.width, image.height),
        color: ColorType::Rgb,
        depth: BitDepth::Eight,
        texts: &[],
    };
    save(path, &header, &image.bytes)
}

/// Writes a picture as 8-bit PNG, grey or RGB as its channels are; values are clamped to
/// `0.0..=1.0`.
///
/// # Errors
/// As [`save_rgb8`].
pub fn save_picture(path: &Path, picture: &Picture) -> Result<()> {
    if picture.channels != 1 {
        return save_rgb8(path, &Rgb8::from(picture));
    }
    let header = Header {
        size: (picture.width, picture.height),
        color: ColorType::Grayscale,
        depth: BitDepth::Eight,
        texts: &[],
    };
    let bytes: Vec<u8> = picture.to_rgb8().into_iter().step_by(3).collect();
    save(path, &header, &bytes)
}

/// Writes the values of a one-channel map as 16-bit grey PNG, for measuring.
///
/// White (65535) stands for `full_scale`; a value is `sample / 65535 * full_scale`. Values outside
/// `0..=full_scale` are clamped. The scale is in the file as text chunk `full_scale`.
///
/// # Errors
/// As [`save_rgb8`], and if `full_scale` is not a positive number.
pub fn save_map16(path: &Path, map: &Picture, full_scale: f32) -> Result<()> {
    if !(full_scale.is_finite() && full_scale > 0.0) {
        anyhow::bail!(
            "cannot write {}: the map's scale is {full_scale}, not a positive number",
            path.display()
        );
    }
    let scale = full_scale.to_string();
    let header = Header {
        size: (map.width, map.height),
        color: ColorType::Grayscale,
        depth: BitDepth::Sixteen,
        texts: &[
            (
                "Description",
                "anomaly map: value = sample / 65535 * full_scale",
            ),
            ("full_scale", &scale),
        ],
    };
    let bytes: Vec<u8> = map
        .pixels
        .iter()
        .map(|value| ((value / full_scale).clamp(0.0, 1.0) * 65_535.0).round() as u16)
        .flat_map(u16::to_be_bytes)
        .collect();
    save(path, &header, &bytes)
}

/// What an inspection shows, from left to right: original, plain reconstruction, projected image,
/// heatmap, overlay.
pub fn inspection_strip(
    original: &Picture,
    inspection: &Inspection,
    heatmap: Rgb8,
    overlay: Rgb8,
) -> Rgb8 {
    let panels = [
        Rgb8::from(original),
        Rgb8::from(&inspection.reconstruction),
        Rgb8::from(&inspection.projected),
        heatmap,
        overlay,
    ];
    Rgb8::side_by_side(&panels, STRIP_GAP_PX)
}

struct Header<'a> {
    /// Width and height, in pixels.
    size: (usize, usize),
    color: ColorType,
    depth: BitDepth,
    /// Keyword and text of each text chunk.
    texts: &'a [(&'a str, &'a str)],
}

fn save(path: &Path, header: &Header<'_>, samples: &[u8]) -> Result<()> {
    let file = encode(header, samples)
        .with_context(|| format!("cannot make a PNG for {}", path.display()))?;
    write_atomic(path, &file)
}

fn encode(header: &Header<'_>, samples: &[u8]) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    let (width, height) = header.size;
    let mut encoder = png::Encoder::new(&mut file, width.try_into()?, height.try_into()?);
    encoder.set_color(header.color);
    encoder.set_depth(header.depth);
    for (keyword, text) in header.texts {
        encoder.add_text_chunk((*keyword).into(), (*text).into())?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(samples)?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::data::iterate::StopRule;
    use std::fs;

    struct Decoded {
        info: png::Info<'static>,
        samples: Vec<u8>,
    }

    fn decoded(path: &Path) -> Decoded {
        let file = std::io::BufReader::new(fs::File::open(path).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut samples).unwrap();
        Decoded {
            info: reader.info().clone(),
            samples,
        }
    }

    #[test]
    fn rgb_and_grey_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let rgb = Picture::from_fn(3, 2, 3, |c, y, x| (c * 6 + y * 3 + x) as f32 / 20.0);
        save_picture(&path, &rgb).unwrap();
        let file = decoded(&path);
        assert_eq!((file.info.width, file.info.height), (3, 2));
        assert_eq!(file.info.color_type, ColorType::Rgb);
        assert_eq!(file.samples, rgb.to_rgb8());

        save_picture(&path, &Picture::new(1, 1, 3, vec![0.0, 0.5, 9.0])).unwrap();
        let file = decoded(&path);
        assert_eq!(file.info.color_type, ColorType::Grayscale);
        assert_eq!(file.samples, [0, 128, 255]);
    }

    #[test]
    fn a_map_keeps_its_values_and_its_scale() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.png");
        let map = Picture::new(1, 2, 2, vec![0.0, 0.00123, 0.02, 0.04]);
        save_map16(&path, &map, 0.02).unwrap();
        let file = decoded(&path);
        let text = |keyword: &str| {
            let chunks = &file.info.uncompressed_latin1_text;
            let chunk = chunks.iter().find(|chunk| chunk.keyword == keyword);
            chunk.unwrap().text.clone()
        };
        let scale: f32 = text("full_scale").parse().unwrap();
        assert_eq!(scale, 0.02);
        let values: Vec<f32> = file
            .samples
            .chunks_exact(2)
            .map(|pair| f32::from(u16::from_be_bytes([pair[0], pair[1]])) / 65_535.0 * scale)
            .collect();
        for (value, expected) in values.iter().zip([0.0, 0.00123, 0.02, 0.02]) {
            assert!((value - expected).abs() < 2e-7, "{value} {expected}");
        }
        assert!(save_map16(&path, &map, 0.0).is_err());
        assert!(save_map16(&path, &map, f32::NAN).is_err());
    }

    #[test]
    fn errors_name_the_file_and_leave_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        save_picture(&path, &Picture::filled(1, 1, 1, 0.5)).unwrap();
        let before = fs::read(&path).unwrap();
        let error = format!("{:#}", save_rgb8(&path, &Rgb8::default()).unwrap_err());
        assert!(error.contains(&path.display().to_string()), "{error}");
        assert_eq!(fs::read(&path).unwrap(), before);

        let below = path.join("b.png");
        let error = save_picture(&below, &Picture::filled(1, 1, 1, 0.5)).unwrap_err();
        let error = format!("{error:#}");
        assert!(error.contains(&below.display().to_string()), "{error}");
    }

    #[test]
    fn the_strip_has_five_panels_in_order() {
        let picture = |value| Picture::filled(1, 2, 2, value);
        let inspection = Inspection {
            plain_map: picture(0.0),
            projected_map: picture(0.0),
            projected: picture(0.4),
            reconstruction: picture(0.2),
            plain_score: 0.0,
            projected_score: 0.0,
            iterations: 0,
            stop: StopRule::Iterations,
        };
        let panel = |level| Rgb8::filled(2, 2, [level; 3]);
        let strip = inspection_strip(&picture(0.0), &inspection, panel(7), panel(9));
        assert_eq!((strip.width, strip.height), (5 * 2 + 4 * STRIP_GAP_PX, 2));
        let firsts: Vec<u8> = (0..5)
            .map(|i| strip.bytes[3 * i * (2 + STRIP_GAP_PX)])
            .collect();
        assert_eq!(firsts, [0, 51, 102, 7, 9]);
    }
}
