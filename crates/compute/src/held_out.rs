//! A normal image that is never trained on.

use super::inspector::Subject;
use super::memories::{Memories, view_with_change};
use super::normals::one_tile;
use super::tiling::Tiling;
use kizumi_features::Distances;
use kizumi_image::compact::CompactPicture;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;

/// A normal image that is never trained on.
#[derive(Clone, Debug)]
pub struct HeldOut {
    /// Its pixels.
    pub picture: CompactPicture,
    /// Where the file's pixels lie in them.
    pub placement: Placement,
    /// How far its features are from those of the training images.
    pub distances: Option<Distances>,
    /// Its second view, of the first few if they were asked for.
    pub view: Option<CompactPicture>,
}

impl HeldOut {
    /// The image, ready to be projected.
    pub fn subject(&self, ignored: Option<&Picture>) -> Subject {
        let distances = self.distances.as_ref();
        let distance = distances.map(|distances| distances.on_canvas(&self.placement));
        Subject::new(self.picture.to_picture(), self.placement.counted(ignored))
            .with_distance(distance)
    }

    /// One of the image's tiles, ready to be projected; in object mode the image itself.
    pub fn tile_subject(&self, index: usize, size_px: usize, ignored: Option<&Picture>) -> Subject {
        let Subject {
            picture,
            counted,
            distance,
            ..
        } = self.subject(ignored);
        let tile = |picture: Picture| one_tile(&picture, size_px, index);
        Subject::new(tile(picture), counted.map(tile)).with_distance(distance.map(tile))
    }

    /// How far the features are from those that are remembered once a tile has been replaced, on that
    /// tile; `None` without a view of the file.
    pub fn distance_with(
        &self,
        memories: &Memories,
        replaced: &Picture,
        index: usize,
    ) -> Option<Picture> {
        let view = self.view.as_ref()?.to_picture();
        let before = self.picture.to_picture();
        let after = with_tile(&before, replaced, index);
        let view = view_with_change(&view, &before, &after, &self.placement);
        let distance = memories.distance_map(&view, &self.placement);
        Some(one_tile(&distance, replaced.height, index))
    }
}

/// A picture one of whose tiles is replaced: see [`one_tile`].
fn with_tile(picture: &Picture, tile: &Picture, index: usize) -> Picture {
    let tiling = Tiling::new(picture.height, picture.width, tile.height);
    let (top, left) = tiling.corner(index % tiling.len());
    let mut whole = picture.clone();
    for (row, values) in tile.pixels.chunks_exact(tile.width).enumerate() {
        let (channel, y) = (row / tile.height, row % tile.height);
        let start = (channel * whole.height + top + y) * whole.width + left;
        whole.pixels[start..start + tile.width].copy_from_slice(values);
    }
    whole
}
