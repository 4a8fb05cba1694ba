//! The term of the energy that is computed elsewhere: how far the features of a picture are from those
//! of normal ones.

use std::fmt::Debug;
use std::sync::Arc;

use kizumi_image::bilinear::Bilinear;
use kizumi_image::picture::Picture;
use kizumi_method::config::ProjectionConfig;
use kizumi_method::gate::feature_gate;

use crate::tensors::ComputeError;

/// D(x): the squared distances of a picture's patches to normal ones, summed. Computed on the processor,
/// wherever the network is.
pub trait FeatureDistance: Debug + Send + Sync {
    /// D at a picture of the network's shape, `[channels, size, size]`, values in `0.0..=1.0`. Patches
    /// where `counted` is 0, `[1, size, size]`, are left out.
    fn at(&self, x: &Picture, counted: Option<&Picture>) -> FeaturesAt;
}

/// D at one x.
#[derive(Clone, Debug)]
pub struct FeaturesAt {
    /// D.
    pub distance: f32,
    /// Its gradient with respect to x, of x's shape.
    pub gradient: Picture,
    /// The root of each patch's part of D, one channel, as large as the grid of patches.
    pub patches: Picture,
}

impl FeaturesAt {
    /// The distance of the patches, as large as a picture.
    pub fn map(&self, height: usize, width: usize) -> Picture {
        enlarged(&self.patches, height, width)
    }
}

/// A map of patches as large as a picture.
pub(super) fn enlarged(patches: &Picture, height: usize, width: usize) -> Picture {
    Bilinear::new((patches.height, patches.width), (height, width)).apply(patches)
}

/// The gates that the features of pictures x_0 make, where their distance is not known otherwise.
///
/// # Errors
/// [`ComputeError::Input`] where nothing knows features.
pub fn own_gates(
    originals: &[Picture],
    features: Option<&Arc<dyn FeatureDistance>>,
) -> Result<Vec<Picture>, ComputeError> {
    let features = features.ok_or_else(|| {
        ComputeError::Input(
            "this model has no features of normal images: the projection's gate cannot be made of them"
                .into(),
        )
    })?;
    let gate = |x: &Picture| feature_gate(&features.at(x, None).map(x.height, x.width), x.height);
    Ok(originals.iter().map(gate).collect())
}

/// What computes D, where it is part of the energy.
///
/// # Errors
/// [`ComputeError::Input`] where there is nothing that could.
pub(super) fn needed(
    config: &ProjectionConfig,
    features: Option<&Arc<dyn FeatureDistance>>,
) -> Result<Option<Arc<dyn FeatureDistance>>, ComputeError> {
    match (config.omega > 0.0, features) {
        (false, _) => Ok(None),
        (true, Some(features)) => Ok(Some(features.clone())),
        (true, None) => Err(ComputeError::Input(
            "this model has no features of normal images: the projection's omega must be 0".into(),
        )),
    }
}
