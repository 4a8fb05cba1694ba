//! Picked test images beside each other, as a picture.

use super::picks::Pick;
use kizumi_image::colormap::{Colormap, overlay};
use kizumi_image::crop::Area;
use kizumi_image::decode::Limits;
use kizumi_image::depth::photograph;
use kizumi_image::enlarged::Enlarged;
use kizumi_image::file_error::FileError;
use kizumi_image::input::DataConfig;
use kizumi_image::mask::{Marked, Photograph, load_mask};
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_image::resize::resize;
use kizumi_image::rgb8::Rgb8;

/// The longer side of a picture.
const SIDE_PX: usize = 256;

/// Between the two pictures of an image.
const INNER_GAP_PX: usize = 2;
/// Between images.
const GAP_PX: usize = 8;
/// Between images that were picked for other reasons.
const WIDE_GAP_PX: usize = 48;
/// Images beside each other.
const COLUMNS: usize = 4;

/// The outline of a mask: seen on photographs, and not among the heatmap's colours.
const OUTLINE: [u8; 3] = [0, 230, 118];

/// How a heatmap is laid over a photograph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heat {
    /// Colours from normal to defective.
    pub colormap: Colormap,
    /// The map's value at the upper end; `None` takes each map's largest.
    pub high: Option<f32>,
    /// Strongest cover, `0.0..=1.0`.
    pub opacity: f32,
}

/// The map of an image at the size that it has on a contact sheet, in the proportions of what is seen of its file.
///
/// # Panics
/// If map or `counted` have another size than the canvas.
pub fn small_map(map: &Picture, placement: &Placement, counted: Option<&Picture>) -> Picture {
    let (width, height) = fitted(placement.seen.size_px());
    let shown = Placement {
        source_px: (width, height),
        seen: Area::whole((width, height)),
        pose: None,
        ..*placement
    };
    let mut pixels = Vec::with_capacity(width * height);
    Enlarged::new(map, &shown, counted).for_each_row(|_, row| pixels.extend(row));
    Picture::new(1, height, width, pixels)
}

/// Width and height with the longer side [`SIDE_PX`].
fn fitted((width, height): (usize, usize)) -> (usize, usize) {
    let scale = SIDE_PX as f64 / width.max(height) as f64;
    let side = |length: usize| ((length as f64 * scale).round() as usize).max(1);
    (side(width), side(height))
}

/// What is seen of the picked image, and beside it the same with its heatmap; on both the outline of its mask, if
/// it has one that fits. Its map is that of [`small_map`]; `data` is how the model sees files.
///
/// # Errors
/// If the file cannot be read any more, or is another one.
pub fn pair(pick: &Pick, heat: Heat, data: &DataConfig) -> Result<Rgb8, FileError> {
    let path = &pick.entry.path;
    let decoded = photograph(path, Limits::HARD, data.depth)?;
    let image = decoded.image;
    let placement = Placement::of_image(&image, data).map_err(|reason| reason.of(path))?;
    let (width, height) = (pick.map.width, pick.map.height);
    let photograph = resize(&placement.seen_of(image), width, height)
        .map_err(|reason| reason.of(path))?
        .to_picture();
    let high = heat.high.unwrap_or_else(|| pick.map.max()).max(1e-6);
    let (map, opacity) = (&pick.map, heat.opacity);
    let hot = overlay(&photograph, map, 0.0, high, opacity, heat.colormap);
    let mut pictures = [Rgb8::from(&photograph), Rgb8::new(width, height, hot)];
    let placement = Placement {
        canvas_px: (width, height),
        x: 0,
        y: 0,
        width,
        height,
        ..placement
    };
    let mask = pick.entry.mask.as_ref();
    let of = Photograph::new(path, &decoded.remarks);
    if let Some(Ok(Marked { mask, .. })) = mask.map(|mask| load_mask(mask, of, &placement)) {
        for picture in &mut pictures {
            draw_outline(picture, &mask);
        }
    }
    Ok(Rgb8::side_by_side(&pictures, INNER_GAP_PX))
}

/// Colours the pixels that touch a mask of the same size, so that nothing of the defect is covered.
fn draw_outline(image: &mut Rgb8, mask: &Picture) {
    let is_inside = |x: usize, y: usize| mask.at(0, y, x) > 0.5;
    for (i, pixel) in image.bytes.chunks_exact_mut(3).enumerate() {
        let (x, y) = (i % mask.width, i / mask.width);
        let near = |at: usize, end: usize| at.saturating_sub(1)..(at + 2).min(end);
        let touches = || near(y, mask.height).any(|y| near(x, mask.width).any(|x| is_inside(x, y)));
        if !is_inside(x, y) && touches() {
            pixel.copy_from_slice(&OUTLINE);
        }
    }
}

/// Pairs in one picture, row after row, those of each further group below; `None` without any.
pub fn sheet(groups: &[Vec<&Rgb8>]) -> Option<Rgb8> {
    let block = |pairs: &Vec<&Rgb8>| {
        let rows = pairs.chunks(COLUMNS);
        let rows: Vec<Rgb8> = rows.map(|row| Rgb8::side_by_side(row, GAP_PX)).collect();
        Rgb8::stacked(&rows, GAP_PX)
    };
    let blocks: Vec<Rgb8> = groups.iter().map(block).collect();
    (!blocks.is_empty()).then(|| Rgb8::stacked(&blocks, WIDE_GAP_PX))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use kizumi_dataset::catalog::{Entry, Kind};
    use kizumi_image::export::save_picture;

    const HEAT: Heat = Heat {
        colormap: Colormap::Grey,
        high: Some(1.0),
        opacity: 1.0,
    };

    /// A black image of 64 x 32 pixels whose lower right quarter is defective, picked.
    fn pick(folder: &std::path::Path) -> Pick {
        let (path, mask) = (folder.join("a.png"), folder.join("a_mask.png"));
        save_picture(&path, &Picture::filled(1, 32, 64, 0.0)).unwrap();
        let inside = |y, x| y >= 16 && x >= 32;
        let quarter = Picture::from_fn(1, 32, 64, |_, y, x| f32::from(u8::from(inside(y, x))));
        save_picture(&mask, &quarter).unwrap();
        let placement = Placement {
            source_px: (64, 32),
            seen: Area::whole((64, 32)),
            pose: None,
            canvas_px: (4, 4),
            x: 0,
            y: 1,
            width: 4,
            height: 2,
        };
        // Padding, which is not to be seen, and a bright left half.
        let map = Picture::from_fn(1, 4, 4, |_, y, x| match y {
            1 | 2 => f32::from(u8::from(x < 2)),
            _ => 9.0,
        });
        Pick {
            entry: Entry {
                path,
                kind: Kind::Defect("dent".into()),
                mask: Some(mask.into()),
            },
            score: 1.0,
            map: small_map(&map, &placement, None),
        }
    }

    #[test]
    fn photograph_and_heatmap_have_the_files_proportions_and_the_outline() {
        let folder = tempfile::tempdir().unwrap();
        let pair = pair(&pick(folder.path()), HEAT, &DataConfig::default()).unwrap();
        assert_eq!((pair.width, pair.height), (2 * 256 + INNER_GAP_PX, 128));
        let pixel = |x: usize, y: usize| -> [u8; 3] {
            let at = (y * pair.width + x) * 3;
            pair.bytes[at..at + 3].try_into().unwrap()
        };
        let heat = 256 + INNER_GAP_PX;
        assert_eq!((pixel(20, 20), pixel(200, 100)), ([0; 3], [0; 3]));
        assert_eq!(
            (pixel(heat + 20, 20), pixel(heat + 200, 20)),
            ([255; 3], [0; 3])
        );
        for left in [0, heat] {
            // Just outside of the defect, not on it.
            assert_eq!(pixel(left + 127, 100), OUTLINE);
            assert_eq!(pixel(left + 200, 63), OUTLINE);
            assert_eq!(pixel(left + 200, 64), [0; 3]);
        }
    }

    #[test]
    fn a_file_that_is_gone_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let pick = pick(folder.path());
        drop(folder);
        let error = pair(&pick, HEAT, &DataConfig::default())
            .unwrap_err()
            .to_string();
        assert!(error.contains("a.png"), "{error}");
    }

    #[test]
    fn rows_are_filled_from_left_to_right() {
        let one = Rgb8::filled(10, 6, [1; 3]);
        let groups = [[&one; 5].to_vec(), vec![&one]];
        let sheet = sheet(&groups).unwrap();
        assert_eq!(sheet.width, 4 * 10 + 3 * GAP_PX);
        assert_eq!(sheet.height, 3 * 6 + GAP_PX + WIDE_GAP_PX);
        assert_eq!(super::sheet(&[]), None);
    }
}
