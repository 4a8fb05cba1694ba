//! PNG: 8 bit for show, 16 bit for measuring.

use std::borrow::Cow;
use std::path::Path;

use anyhow::{Context, Result, bail};
use image::DynamicImage;
use png::{BitDepth, ColorType};

use crate::atomic::write_atomic;
use crate::bitmap::Bitmap;
use crate::picture::Picture;
use crate::rgb8::Rgb8;

/// Writes an 8-bit RGB image as PNG.
///
/// # Errors
/// If the image has no pixels or the file cannot be written; the text names the file, and what was
/// there before stays as it was.
pub fn save_rgb8(path: &Path, image: &Rgb8) -> Result<()> {
    save(path, &Header::rgb8(image), &image.bytes)
}

/// The same as bytes, for pictures inside other files.
///
/// # Errors
/// If the image has no pixels.
pub fn png_rgb8(image: &Rgb8) -> Result<Vec<u8>> {
    encode(&Header::rgb8(image), &image.bytes)
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

/// Writes marked pixels as 8-bit grey PNG: 255 where they are, else 0.
///
/// # Errors
/// As [`save_rgb8`].
pub fn save_marks(path: &Path, marks: &Bitmap) -> Result<()> {
    let header = Header {
        size: marks.size_px,
        color: ColorType::Grayscale,
        depth: BitDepth::Eight,
        texts: &[],
    };
    let bytes = marks.marked.iter().map(|marked| 255 * u8::from(*marked));
    save(path, &header, &bytes.collect::<Vec<_>>())
}

/// Writes a photograph, 8-bit or 16-bit RGB, as PNG of the same depth.
///
/// # Errors
/// As [`save_rgb8`], and if the image is of another kind.
pub fn save_photograph(path: &Path, image: &DynamicImage) -> Result<()> {
    let (depth, samples) = match image {
        DynamicImage::ImageRgb8(pixels) => {
            (BitDepth::Eight, Cow::Borrowed(pixels.as_raw().as_slice()))
        }
        DynamicImage::ImageRgb16(pixels) => {
            let bytes = pixels.iter().copied().flat_map(u16::to_be_bytes);
            (BitDepth::Sixteen, Cow::Owned(bytes.collect()))
        }
        other => bail!("cannot write {}: {:?}", path.display(), other.color()),
    };
    let header = Header {
        size: (image.width() as usize, image.height() as usize),
        color: ColorType::Rgb,
        depth,
        texts: &[],
    };
    save(path, &header, &samples)
}

/// Writes the values of a picture of one or three channels as 16-bit PNG, for measuring.
///
/// Black (0) stands for `low` and white (65535) for `high`: a value is
/// `low + sample / 65535 * (high - low)`, within half a step. Values outside are clamped, NaN
/// becomes `low`. Both ends are in the file as text chunks `low` and `high`, and what the values are
/// as `unit`, where that is given.
///
/// # Errors
/// As [`save_rgb8`], and if `low..high` is not a finite range or the picture has two channels or
/// more than three.
pub fn save_png16(
    path: &Path,
    picture: &Picture,
    (low, high): (f32, f32),
    unit: Option<&str>,
) -> Result<()> {
    let extent = high - low;
    if !(extent.is_finite() && extent > 0.0) {
        bail!(
            "cannot write {}: {low} to {high} is no range of values",
            path.display()
        );
    }
    let color = match picture.channels {
        1 => ColorType::Grayscale,
        3 => ColorType::Rgb,
        other => bail!("cannot write {}: {other} channels", path.display()),
    };
    let (low_text, high_text) = (low.to_string(), high.to_string());
    let mut texts = vec![
        ("Description", "value = low + sample / 65535 * (high - low)"),
        ("low", &low_text),
        ("high", &high_text),
    ];
    texts.extend(unit.map(|unit| ("unit", unit)));
    let header = Header {
        size: (picture.width, picture.height),
        color,
        depth: BitDepth::Sixteen,
        texts: &texts,
    };
    let bytes: Vec<u8> = picture
        .interleaved()
        // A NaN becomes 0 in this conversion.
        .map(|value| (((value - low) / extent).clamp(0.0, 1.0) * 65_535.0).round() as u16)
        .flat_map(u16::to_be_bytes)
        .collect();
    save(path, &header, &bytes)
}

struct Header<'a> {
    /// Width and height, in pixels.
    size: (usize, usize),
    color: ColorType,
    depth: BitDepth,
    /// Keyword and text of each text chunk.
    texts: &'a [(&'a str, &'a str)],
}

impl Header<'_> {
    fn rgb8(image: &Rgb8) -> Self {
        Self {
            size: (image.width, image.height),
            color: ColorType::Rgb,
            depth: BitDepth::Eight,
            texts: &[],
        }
    }
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
    use std::fs;

    struct Decoded {
        info: png::Info<'static>,
        samples: Vec<u8>,
    }

    impl Decoded {
        fn of(path: &Path) -> Self {
            let file = std::io::BufReader::new(fs::File::open(path).unwrap());
            let mut reader = png::Decoder::new(file).read_info().unwrap();
            let mut samples = vec![0; reader.output_buffer_size().unwrap()];
            reader.next_frame(&mut samples).unwrap();
            Self {
                info: reader.info().clone(),
                samples,
            }
        }

        fn text(&self, keyword: &str) -> f32 {
            let chunks = &self.info.uncompressed_latin1_text;
            let chunk = chunks.iter().find(|chunk| chunk.keyword == keyword);
            chunk.unwrap().text.parse().unwrap()
        }

        /// What the documentation says that the samples stand for.
        fn values(&self) -> Vec<f32> {
            let (low, high) = (self.text("low"), self.text("high"));
            let value = |pair: &[u8]| {
                low + f32::from(u16::from_be_bytes([pair[0], pair[1]])) / 65_535.0 * (high - low)
            };
            self.samples.chunks_exact(2).map(value).collect()
        }
    }

    #[test]
    fn rgb_and_grey_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let rgb = Picture::from_fn(3, 2, 3, |c, y, x| (c * 6 + y * 3 + x) as f32 / 20.0);
        save_picture(&path, &rgb).unwrap();
        let file = Decoded::of(&path);
        assert_eq!((file.info.width, file.info.height), (3, 2));
        assert_eq!(file.info.color_type, ColorType::Rgb);
        assert_eq!(file.samples, rgb.to_rgb8());

        save_picture(&path, &Picture::new(1, 1, 3, vec![0.0, 0.5, 9.0])).unwrap();
        let file = Decoded::of(&path);
        assert_eq!(file.info.color_type, ColorType::Grayscale);
        assert_eq!(file.samples, [0, 128, 255]);
    }

    #[test]
    fn a_map_keeps_its_values_and_its_range() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.png");
        let map = Picture::new(1, 2, 2, vec![0.0, 0.00123, 0.02, 0.04]);
        save_png16(&path, &map, (0.0, 0.02), Some("usual")).unwrap();
        let file = Decoded::of(&path);
        assert_eq!(file.info.color_type, ColorType::Grayscale);
        assert_eq!((file.text("low"), file.text("high")), (0.0, 0.02));
        for (value, expected) in file.values().iter().zip([0.0, 0.00123, 0.02, 0.02]) {
            assert!((value - expected).abs() < 2e-7, "{value} {expected}");
        }
        for (low, high) in [
            (0.0, 0.0),
            (1.0, 0.0),
            (0.0, f32::NAN),
            (f32::MIN, f32::MAX),
        ] {
            assert!(
                save_png16(&path, &map, (low, high), None).is_err(),
                "{low} {high}"
            );
        }
    }

    #[test]
    fn a_signed_rgb_difference_keeps_its_values() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("difference.png");
        let values = vec![-1.0, 1.0, -0.25, 0.5, f32::NAN, 3.0];
        save_png16(&path, &Picture::new(3, 1, 2, values), (-1.0, 1.0), None).unwrap();
        let file = Decoded::of(&path);
        assert_eq!(file.info.color_type, ColorType::Rgb);
        let expected = [-1.0, -0.25, -1.0, 1.0, 0.5, 1.0];
        for (value, expected) in file.values().iter().zip(expected) {
            assert!((value - expected).abs() < 1.6e-5, "{value} {expected}");
        }
    }

    #[test]
    fn errors_name_the_file_and_leave_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        save_picture(&path, &Picture::filled(1, 1, 1, 0.5)).unwrap();
        let before = fs::read(&path).unwrap();
        let two_channels = Picture::filled(2, 1, 1, 0.5);
        for result in [
            save_rgb8(&path, &Rgb8::default()),
            save_png16(&path, &two_channels, (0.0, 1.0), None),
        ] {
            let error = format!("{:#}", result.unwrap_err());
            assert!(error.contains(&path.display().to_string()), "{error}");
            assert_eq!(fs::read(&path).unwrap(), before);
        }

        let below = path.join("b.png");
        let error = save_picture(&below, &Picture::filled(1, 1, 1, 0.5)).unwrap_err();
        let error = format!("{error:#}");
        assert!(error.contains(&below.display().to_string()), "{error}");
    }
}
