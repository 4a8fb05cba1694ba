//! The features of a view at two scales.
//!
//! A fine view shows small defects, a coarse one what belongs together: a part that is missing or lies
//! wrong. Neither sees all of what the other does.

use std::borrow::Borrow;

use rayon::prelude::*;

use kizumi_image::picture::Picture;
use kizumi_image::resize::resize_picture;
use kizumi_image::view::FeatureView;
use kizumi_kernel::features::{FeatureMap, FeatureNetwork};

/// The coarse scale, as the side of a square of the same area.
const COARSE_PX: usize = 256;

/// A view has a coarse scale, too, if its side is so many times as long.
const FINER: f64 = 1.3;

/// Features of one view.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// Of the view as it is.
    pub fine: FeatureMap,
    /// Of the view shrunk, if it is large enough for that to tell something new.
    pub coarse: Option<FeatureMap>,
}

impl Sight {
    /// The features of a view, whose sides are multiples of 16.
    ///
    /// # Panics
    /// As [`FeatureNetwork::embed`].
    pub fn of(network: &FeatureNetwork, view: &Picture) -> Self {
        Self {
            fine: network.embed(view),
            coarse: coarse(view).map(|coarse| network.embed(&coarse)),
        }
    }

    /// The features of many views, as [`Sight::of`].
    ///
    /// # Panics
    /// As there.
    pub fn of_all<P: Borrow<Picture> + Sync>(network: &FeatureNetwork, views: &[P]) -> Vec<Self> {
        let shrunk: Vec<Option<Picture>> =
            views.par_iter().map(|view| coarse(view.borrow())).collect();
        let are_large: Vec<bool> = shrunk.iter().map(Option::is_some).collect();
        let shrunk: Vec<Picture> = shrunk.into_iter().flatten().collect();
        let mut coarse = network.embed_all(&shrunk).into_iter();
        let fine = network.embed_all(views).into_iter();
        fine.zip(are_large)
            .map(|(fine, is_large)| Self {
                fine,
                coarse: is_large.then(|| coarse.next()).flatten(),
            })
            .collect()
    }

    /// Which patches of the coarse scale count, of those of the fine scale that do.
    pub(crate) fn counted_coarse(&self, fine: &[bool]) -> Vec<bool> {
        let Some(coarse) = &self.coarse else {
            return Vec::new();
        };
        let inside = |i: usize, coarse: usize, fine: usize| (2 * i + 1) * fine / (2 * coarse);
        let patches = 0..coarse.height * coarse.width;
        patches
            .map(|i| {
                let row = inside(i / coarse.width, coarse.height, self.fine.height);
                let column = inside(i % coarse.width, coarse.width, self.fine.width);
                fine[row * self.fine.width + column]
            })
            .collect()
    }
}

/// A view at the coarse scale.
fn coarse(view: &Picture) -> Option<Picture> {
    let side = ((view.width * view.height) as f64).sqrt();
    let FeatureView {
        width_px,
        height_px,
    } = FeatureView::new((view.width, view.height), COARSE_PX);
    let fine = side >= FINER * COARSE_PX as f64;
    fine.then(|| resize_picture(view, width_px, height_px))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kizumi_image::view::PATCH_PX;

    fn sight(width: usize, height: usize) -> Sight {
        let view = Picture::from_fn(1, height, width, |_, y, x| ((x * y) % 7) as f32 / 7.0);
        Sight::of(&FeatureNetwork::lite0(), &view)
    }

    #[test]
    fn a_large_view_is_seen_at_two_scales_and_a_small_one_at_one() {
        let large = sight(704, 368);
        assert_eq!((large.fine.height, large.fine.width), (46, 88));
        let coarse = large.coarse.expect("it is large");
        let (height, width) = (coarse.height * PATCH_PX, coarse.width * PATCH_PX);
        let shape = FeatureView::new((704, 368), 256);
        assert_eq!((width, height), (shape.width_px, shape.height_px));
        assert_eq!(sight(320, 320).coarse, None);
    }

    #[test]
    fn many_views_are_seen_as_each_alone() {
        let view = |width: usize, height: usize| {
            Picture::from_fn(1, height, width, |_, y, x| ((x * y) % 7) as f32 / 7.0)
        };
        let views = [view(96, 64), view(704, 368), view(256, 256), view(512, 512)];
        let network = FeatureNetwork::lite0();
        let alone: Vec<Sight> = views.iter().map(|one| Sight::of(&network, one)).collect();
        assert_eq!(Sight::of_all(&network, &views), alone);
    }

    #[test]
    fn what_counts_at_the_fine_scale_counts_at_the_coarse_one() {
        let sight = sight(512, 512);
        let left: Vec<bool> = (0..64 * 64).map(|i| i % 64 < 20).collect();
        let counted = sight.counted_coarse(&left);
        assert_eq!(counted.len(), 32 * 32);
        let expected = |i: usize| i % 32 < 10;
        assert!(
            counted
                .iter()
                .enumerate()
                .all(|(i, counts)| *counts == expected(i))
        );
    }
}
