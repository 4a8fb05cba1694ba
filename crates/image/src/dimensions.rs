//! How large an image file is, without its pixels.

use std::path::Path;

use image::metadata::Orientation;
use image::{ImageDecoder, ImageReader};

use super::guarded::guarded;

/// Width and height of an image file in pixels, upright; `None` where its head does not say. Whether the
/// rest of it can be read is another question.
pub fn size_px(path: &Path) -> Option<(usize, usize)> {
    // Opening a pipe would wait for a writer.
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    guarded(|| {
        let reader = ImageReader::open(path).ok()?.with_guessed_format().ok()?;
        let mut decoder = reader.into_decoder().ok()?;
        let (width, height) = decoder.dimensions();
        let (width, height) = (width as usize, height as usize);
        let turned = matches!(
            decoder.orientation(),
            Ok(Orientation::Rotate90
                | Orientation::Rotate270
                | Orientation::Rotate90FlipH
                | Orientation::Rotate270FlipH)
        );
        Some(if turned {
            (height, width)
        } else {
            (width, height)
        })
    })
    .flatten()
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
}
