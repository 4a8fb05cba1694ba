//! One image file, decoded and resized in one go: the original's pixels are freed before the
//! function returns.

use std::path::Path;

use rayon::prelude::*;

use super::compact::CompactPicture;
use super::decode::Limits;
use super::depth::photograph;
use super::file_error::FileError;
use super::picture::Picture;
use super::placement::Placement;
use super::remark::{FileDoubt, Remark};
use super::resize::resize;
use crate::input::DataConfig;

/// An image as the network sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The network's square input, or in texture mode the resized image.
    pub picture: Picture,
    /// What is seen of the photograph at the resolution of [`DataConfig::view`], in the same channels.
    pub view: Option<Picture>,
    /// Where the file's pixels lie in it.
    pub placement: Placement,
    /// Channels of the file: 1 or 3.
    pub source_channels: usize,
    /// BLAKE3 of the file.
    pub file_hash: blake3::Hash,
    /// What a person should know: converted to grey, turned.
    pub remarks: Vec<Remark>,
}

impl Prepared {
    /// Why no verdict on it is to be relied on, if so; the foremost reason.
    pub fn doubt(&self) -> Option<FileDoubt> {
        self.remarks.iter().find_map(Remark::doubt)
    }
}

/// Decodes and resizes an image file for inspection; with `channels` (1 or 3) it is converted.
///
/// # Errors
/// Those of [`crate::decode::decode`] and of [`Placement::of_image`].
pub fn prepare(
    path: &Path,
    config: &DataConfig,
    channels: Option<usize>,
) -> Result<Prepared, FileError> {
    prepare_within(path, config, channels, Limits::HARD)
}

/// As [`prepare`], within `limits`.
///
/// # Errors
/// As [`prepare`]; [`super::file_error::Reason::exceeds_limits`] when `limits` are too narrow.
pub fn prepare_within(
    path: &Path,
    config: &DataConfig,
    channels: Option<usize>,
    limits: Limits,
) -> Result<Prepared, FileError> {
    let resized = prepare_compact(path, config, limits)?;
    Ok(Prepared::new(resized, channels))
}

/// As [`prepare`], for several files at once on all cores; the results are in their order.
///
/// Memory stays within [`Limits::PARALLEL`] a thread: files larger than that are decoded one after
/// the other.
pub fn prepare_all(
    paths: &[&Path],
    config: &DataConfig,
    channels: Option<usize>,
) -> Vec<Result<Prepared, FileError>> {
    let resized = prepare_all_compact(paths, config).into_iter();
    resized
        .map(|resized| Ok(Prepared::new(resized?, channels)))
        .collect()
}

impl Prepared {
    fn new(resized: Resized, channels: Option<usize>) -> Self {
        let source_channels = resized.picture.channels;
        let mut remarks = resized.remarks;
        match (source_channels, channels) {
            (3, Some(1)) => remarks.push(Remark::ToGrey),
            (1, Some(3)) => remarks.push(Remark::ToRgb),
            _ => {}
        }
        let converted = |picture: CompactPicture| {
            let channels = channels.unwrap_or(source_channels);
            picture.with_channels(channels).to_picture()
        };
        Self {
            picture: converted(resized.picture),
            view: resized.view.map(converted),
            placement: resized.placement,
            source_channels,
            file_hash: resized.file_hash,
            remarks,
        }
    }
}

/// What [`prepare_compact`] gives.
pub struct Resized {
    /// In the channels and precision of the file.
    pub picture: CompactPicture,
    /// What is seen of the photograph at the resolution of [`DataConfig::view`], likewise.
    pub view: Option<CompactPicture>,
    /// Where it lies in the canvas.
    pub placement: Placement,
    /// Of the file's bytes.
    pub file_hash: blake3::Hash,
    /// What is odd about it.
    pub remarks: Vec<Remark>,
}

/// As [`prepare`], in the channels and precision of the file and within `limits`.
pub fn prepare_compact(
    path: &Path,
    config: &DataConfig,
    limits: Limits,
) -> Result<Resized, FileError> {
    let decoded = photograph(path, limits, config.depth)?;
    let placed = Placement::with_remark(&decoded.image, config);
    let (placement, remark) = placed.map_err(|reason| reason.of(path))?;
    let mut remarks = decoded.remarks;
    remarks.extend(remark);
    let seen = placement.seen_of(decoded.image);
    let resized = |width, height| resize(&seen, width, height).map_err(|reason| reason.of(path));
    let picture = resized(placement.width, placement.height)?.on_canvas(&placement);
    let view = config.view.map(|view| {
        let view = view.of_file(placement.seen.size_px(), config.mode);
        resized(view.width_px, view.height_px)
    });
    Ok(Resized {
        picture,
        view: view.transpose()?,
        placement,
        file_hash: decoded.file_hash,
        remarks,
    })
}

/// As [`prepare_all`], in the channels and precision of the files.
pub fn prepare_all_compact(
    paths: &[&Path],
    config: &DataConfig,
) -> Vec<Result<Resized, FileError>> {
    let results: Vec<_> = paths
        .par_iter()
        .map(|path| prepare_compact(path, config, Limits::PARALLEL))
        .collect();
    let results = paths.iter().zip(results);
    results
        .map(|(path, result)| match result {
            Err(error) if error.reason.exceeds_limits() => {
                prepare_compact(path, config, Limits::HARD)
            }
            result => result,
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use image::{GrayImage, Luma, Rgb, RgbImage};

    use super::*;
    use crate::crop::Crop;
    use crate::input::{Aspect, Mode};
    use crate::view::FeatureView;

    #[test]
    fn letterbox_pads_with_black() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wide.png");
        RgbImage::from_pixel(40, 20, Rgb([255, 128, 0]))
            .save(&path)
            .unwrap();
        let config = DataConfig {
            size_px: 16,
            aspect: Aspect::Letterbox,
            ..DataConfig::default()
        };
        let prepared = prepare(&path, &config, None).unwrap();
        assert_eq!(prepared.placement.source_px, (40, 20));
        assert_eq!(prepared.source_channels, 3);
        let validity = prepared.placement.validity();
        assert_eq!(prepared.picture.plane(0), validity.plane(0));
        assert_eq!(prepared.picture.at(2, 8, 8), 0.0);
    }

    #[test]
    fn channels_are_converted_and_that_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let (grey, rgb) = (dir.path().join("grey.png"), dir.path().join("rgb.png"));
        GrayImage::from_pixel(8, 8, Luma([51])).save(&grey).unwrap();
        RgbImage::from_pixel(8, 8, Rgb([255, 0, 0]))
            .save(&rgb)
            .unwrap();
        let config = DataConfig::default();

        let repeated = prepare(&grey, &config, Some(3)).unwrap();
        assert_eq!(
            (repeated.picture.channels, repeated.source_channels),
            (3, 1)
        );
        assert_eq!(repeated.remarks, [Remark::ToRgb]);
        let luma = prepare(&rgb, &config, Some(1)).unwrap();
        assert!((luma.picture.at(0, 3, 3) - 0.299).abs() < 0.5 / 255.0);
        assert_eq!(luma.remarks, [Remark::ToGrey]);
        assert_eq!(prepare(&rgb, &config, Some(3)).unwrap().remarks, []);
    }

    #[test]
    fn a_view_is_of_the_whole_file_in_its_shape() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wide.png");
        GrayImage::from_fn(400, 200, |x, _| Luma([if x < 200 { 0 } else { 255 }]))
            .save(&path)
            .unwrap();
        let mut config = DataConfig {
            size_px: 64,
            aspect: Aspect::Letterbox,
            ..DataConfig::default()
        };
        assert_eq!(prepare(&path, &config, None).unwrap().view, None);
        config.view = Some(FeatureView::new((400, 200), 256));
        let view = prepare(&path, &config, Some(3)).unwrap().view.unwrap();
        assert_eq!((view.channels, view.height, view.width), (3, 176, 368));
        // No padding, unlike the canvas.
        assert_eq!((view.at(0, 0, 0), view.at(2, 175, 367)), (0.0, 1.0));
    }

    #[test]
    fn texture_mode_keeps_the_aspect() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("weave.bmp");
        GrayImage::from_fn(90, 60, |x, y| Luma([(x * y) as u8]))
            .save(&path)
            .unwrap();
        let config = DataConfig {
            mode: Mode::Texture,
            size_px: 16,
            texture_side_px: 30,
            ..DataConfig::default()
        };
        let picture = prepare(&path, &config, None).unwrap().picture;
        assert_eq!(
            (picture.channels, picture.height, picture.width),
            (1, 30, 45)
        );
    }

    #[test]
    fn a_crop_gives_what_a_photograph_cut_beforehand_gives() {
        let dir = tempfile::tempdir().unwrap();
        let (whole, cut) = (dir.path().join("whole.png"), dir.path().join("cut.png"));
        let photograph = RgbImage::from_fn(300, 200, |x, y| Rgb([x as u8, y as u8, (x * y) as u8]));
        photograph.save(&whole).unwrap();
        let part = image::imageops::crop_imm(&photograph, 70, 30, 160, 90).to_image();
        part.save(&cut).unwrap();
        let crop = Crop::new("70,30,160,90".parse().unwrap());
        for (mode, aspect) in [
            (Mode::Object, Aspect::Stretch),
            (Mode::Object, Aspect::Letterbox),
            (Mode::Texture, Aspect::Stretch),
        ] {
            let alone = DataConfig {
                mode,
                aspect,
                size_px: 64,
                view: Some(FeatureView::new((160, 90), 256)),
                ..DataConfig::default()
            };
            let cropped = DataConfig {
                crop: Some(crop),
                ..alone.clone()
            };
            let of_whole = prepare(&whole, &cropped, None).unwrap();
            let of_cut = prepare(&cut, &alone, None).unwrap();
            assert_eq!(of_whole.picture, of_cut.picture);
            assert_eq!(of_whole.view, of_cut.view);
            assert_eq!(of_whole.placement.source_px, (300, 200));
        }
        let crop = Crop::new("200,30,160,90".parse().unwrap());
        let beyond = DataConfig {
            crop: Some(crop),
            ..DataConfig::default()
        };
        let error = prepare(&whole, &beyond, None).unwrap_err().to_string();
        assert!(
            error.contains("whole.png") && error.contains("300 x 200"),
            "{error}"
        );
    }
}
