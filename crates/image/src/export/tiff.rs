//! Float TIFF: every value exactly as it was computed.

use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, Result, bail};
use tiff::encoder::TiffEncoder;
use tiff::encoder::colortype::{ColorType, Gray32Float, RGB32Float};
use tiff::tags::Tag;

use crate::atomic::write_atomic;
use crate::picture::Picture;

/// Writes the values of a picture of one or three channels as TIFF of 32-bit floats, exactly:
/// signed differences, gradients, values above 1. Not compressed, so that every program reads it.
/// `unit` says in the file's description what the values are.
///
/// # Errors
/// If the picture has no pixels or another number of channels, or the file cannot be written; the
/// text names the file, and what was there before stays as it was.
pub fn save_tiff32(path: &Path, picture: &Picture, unit: Option<&str>) -> Result<()> {
    let file = encode(picture, unit)
        .with_context(|| format!("cannot make a TIFF for {}", path.display()))?;
    write_atomic(path, &file)
}

fn encode(picture: &Picture, unit: Option<&str>) -> Result<Vec<u8>> {
    if picture.plane_len() == 0 {
        bail!("the picture has no pixels");
    }
    let (width, height) = (picture.width.try_into()?, picture.height.try_into()?);
    let values: Vec<f32> = picture.interleaved().collect();
    let mut file = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut file)?;
    let size = (width, height);
    match picture.channels {
        1 => write::<Gray32Float>(&mut encoder, size, &values, unit)?,
        3 => write::<RGB32Float>(&mut encoder, size, &values, unit)?,
        other => bail!("{other} channels"),
    }
    Ok(file.into_inner())
}

fn write<C: ColorType<Inner = f32>>(
    encoder: &mut TiffEncoder<&mut Cursor<Vec<u8>>>,
    (width, height): (u32, u32),
    values: &[f32],
    unit: Option<&str>,
) -> Result<()> {
    let mut image = encoder.new_image::<C>(width, height)?;
    if let Some(unit) = unit {
        let description = format!("unit: {unit}");
        let directory = image.encoder();
        directory.write_tag(Tag::ImageDescription, description.as_str())?;
    }
    Ok(image.write_data(values)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;
    use tiff::ColorType;
    use tiff::decoder::{Decoder, DecodingResult};

    fn decoded(path: &Path) -> (ColorType, (u32, u32), Vec<f32>) {
        let mut decoder = Decoder::new(fs::File::open(path).unwrap()).unwrap();
        let DecodingResult::F32(values) = decoder.read_image().unwrap() else {
            panic!("not floats");
        };
        (
            decoder.colortype().unwrap(),
            decoder.dimensions().unwrap(),
            values,
        )
    }

    #[test]
    fn a_signed_difference_comes_back_bit_by_bit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("difference.tiff");
        let values = vec![-0.1, 1e-30, -0.0, 7.25, f32::MIN_POSITIVE / 2.0, -1.0 / 3.0];
        let picture = Picture::new(1, 2, 3, values.clone());
        save_tiff32(&path, &picture, Some("usual")).unwrap();
        let mut file = Decoder::new(fs::File::open(&path).unwrap()).unwrap();
        let description = file.get_tag_ascii_string(Tag::ImageDescription).unwrap();
        assert_eq!(description, "unit: usual");
        let (color, size, read) = decoded(&path);
        assert_eq!((color, size), (ColorType::Gray(32), (3, 2)));
        let bits = |values: &[f32]| -> Vec<u32> { values.iter().map(|v| v.to_bits()).collect() };
        assert_eq!(bits(&read), bits(&values));
    }

    #[test]
    fn three_planes_become_rgb() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rgb.tiff");
        let values = vec![0.1, 0.2, -0.3, -0.4, 5.0, 6.0];
        save_tiff32(&path, &Picture::new(3, 2, 1, values), None).unwrap();
        let (color, size, read) = decoded(&path);
        assert_eq!((color, size), (ColorType::RGB(32), (1, 2)));
        assert_eq!(read, [0.1, -0.3, 5.0, 0.2, -0.4, 6.0]);
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tiff");
        fs::write(&path, "precious").unwrap();
        for picture in [Picture::default(), Picture::filled(2, 1, 1, 0.0)] {
            let error = format!("{:#}", save_tiff32(&path, &picture, None).unwrap_err());
            assert!(error.contains(&path.display().to_string()), "{error}");
        }
        assert_eq!(fs::read(&path).unwrap(), b"precious");
    }
}
