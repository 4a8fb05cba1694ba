//! Small pictures of a few files.

use std::path::Path;

use kizumi_image::compact::CompactPicture;
use kizumi_image::depth::Depth;
use kizumi_image::prepare::prepare_all_compact;
use kizumi_method::config::{Aspect, DataConfig};

use crate::message::THUMBNAIL_PX;

/// Those of these files, in their shape, where `depth` is that of all; `None` for one that cannot be read.
pub(super) fn of(paths: &[&Path], depth: Depth) -> Vec<Option<CompactPicture>> {
    let small = DataConfig {
        size_px: THUMBNAIL_PX,
        aspect: Aspect::Letterbox,
        depth,
        ..DataConfig::default()
    };
    let files = prepare_all_compact(paths, &small).into_iter();
    files.map(|file| Some(file.ok()?.picture)).collect()
}
