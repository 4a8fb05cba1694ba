//! A look into mask files, before they are needed as masks.

use std::collections::HashSet;
use std::path::Path;

use super::decode::{Backdrop, Limits, decode};
use super::file_error::FileError;
use super::mask_layers::defective_pixels;
use super::mask_source::MaskSource;

/// A picture with more colours than this is no mask: masks have one colour for each kind of defect.
const COLOURS_MAX: usize = 16;

/// Whether a mask marks anything at all: one that does not says that its image is normal.
///
/// # Errors
/// Those of [`decode`].
pub fn marks_anything(mask: &MaskSource) -> Result<bool, FileError> {
    match mask {
        MaskSource::Files(files) => {
            for file in files {
                let decoded = decode(file, Limits::HARD, Backdrop::Black)?;
                if defective_pixels(&decoded).contains(&true) {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        MaskSource::Outlines(outlines) => Ok(!outlines.shapes.is_empty()),
    }
}

/// Whether a file has as few colours as a mask; not, when it cannot be read.
pub fn looks_like_mask(file: &Path) -> bool {
    let Ok(decoded) = decode(file, Limits::HARD, Backdrop::Black) else {
        return false;
    };
    let mut colours = HashSet::new();
    decoded.image.to_rgb8().pixels().all(|pixel| {
        colours.insert(pixel.0);
        colours.len() <= COLOURS_MAX
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{GrayImage, Luma};

    use super::*;

    #[test]
    fn black_masks_mark_nothing_and_photographs_are_no_masks() {
        let folder = tempfile::tempdir().unwrap();
        let save = |name: &str, value: fn(u32, u32) -> u8| {
            let path = folder.path().join(name);
            let image = GrayImage::from_fn(32, 32, |x, y| Luma([value(x, y)]));
            image.save(&path).unwrap();
            path
        };
        let black = save("black.png", |_, _| 0);
        let corner = save("corner.png", |x, y| 255 * u8::from(x + y < 9));
        let photograph = save("photograph.png", |x, y| (7 * x + y) as u8);
        assert!(!marks_anything(&black.clone().into()).unwrap());
        assert!(marks_anything(&corner.clone().into()).unwrap());
        let both = MaskSource::Files(vec![black.clone(), corner.clone()]);
        assert!(marks_anything(&both).unwrap());
        let gone = folder.path().join("gone.png");
        assert!(marks_anything(&gone.clone().into()).is_err());

        assert!(looks_like_mask(&black) && looks_like_mask(&corner));
        assert!(!looks_like_mask(&photograph) && !looks_like_mask(&gone));
    }
}
