//! How large an image file is, without its pixels.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use image::metadata::Orientation;
use image::{ImageDecoder, ImageFormat, ImageReader};

use super::decode::format_of;
use super::exif::{exif_orientation, png_extras, webp_orientation};
use super::guarded::guarded;
use super::tiff_file;

/// Width and height of an image file in pixels, upright; `None` where its head does not say. Whether the
/// rest of it can be read is another question.
pub fn size_px(path: &Path) -> Option<(usize, usize)> {
    let (size_px, orientation) = head(path)?;
    Some(match lies_on_its_side(orientation) {
        true => (size_px.1, size_px.0),
        false => size_px,
    })
}

/// How the pixels of an image file are to be turned and mirrored; as they are where its head does not say.
pub fn orientation(path: &Path) -> Orientation {
    head(path).map_or(Orientation::NoTransforms, |(_, orientation)| orientation)
}

/// Whether width and height change places when the pixels are turned.
pub fn lies_on_its_side(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// Width and height as they are stored, and the orientation.
fn head(path: &Path) -> Option<((usize, usize), Orientation)> {
    // Opening a pipe would wait for a writer, reading the kernel's own files, which say that they are empty, for
    // what comes.
    let metadata = std::fs::metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() == 0 {
        return None;
    }
    guarded(|| stored(path)).flatten()
}

/// Width and height as they are stored, and how they are to be turned.
fn stored(path: &Path) -> Option<((usize, usize), Orientation)> {
    let mut file = BufReader::new(File::open(path).ok()?);
    let mut head = Vec::new();
    file.by_ref().take(16).read_to_end(&mut head).ok()?;
    let format = format_of(&head)?;
    file.rewind().ok()?;
    if format == ImageFormat::Tiff {
        let head = tiff_file::head(file).ok()?;
        let (width, height) = head.size_px;
        let size = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
        let orientation = Orientation::from_exif(head.orientation);
        return Some((size, orientation.unwrap_or(Orientation::NoTransforms)));
    }
    let reader = ImageReader::with_format(&mut file, format);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let own = match format {
        // As it is read where the pixels are.
        ImageFormat::Jpeg => {
            let exif = decoder.exif_metadata().ok().flatten();
            exif.map_or(Orientation::NoTransforms, |exif| exif_orientation(&exif))
        }
        _ => decoder.orientation().unwrap_or(Orientation::NoTransforms),
    };
    drop(decoder);
    file.rewind().ok()?;
    let orientation = match format {
        ImageFormat::Png => png_extras(file).orientation,
        ImageFormat::WebP => webp_orientation(file),
        _ => own,
    };
    Some(((width as usize, height as usize), orientation))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_that_of_the_head_and_nothing_for_what_is_no_image() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("image.png");
        image::GrayImage::new(40, 20).save(&path).unwrap();
        assert_eq!(size_px(&path), Some((40, 20)));
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 10]).unwrap();
        assert_eq!(size_px(&path), Some((40, 20)), "the rest is not read");
        std::fs::write(&path, b"no image").unwrap();
        assert_eq!(size_px(&path), None);
        assert_eq!(size_px(dir.path()), None);
    }

    #[test]
    fn an_orientation_behind_the_pixels_turns_the_size_as_well() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("image.png");
        image::GrayImage::new(40, 20).save(&path).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let end = bytes.len() - 12;
        let mut chunk =
            b"\0\0\0\x1aeXIfII\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0".to_vec();
        chunk.resize(chunk.len() + 4 + 4, 0);
        bytes.splice(end..end, chunk);
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(size_px(&path), Some((20, 40)));
    }

    #[test]
    fn the_size_of_a_tiff_is_that_of_its_picture() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("image.tif");
        image::GrayImage::new(40, 20).save(&path).unwrap();
        assert_eq!(size_px(&path), Some((40, 20)));
    }
}
