//! Alignment: where the part lies in a photograph, and how it is turned, against a reference.
//!
//! The part is found by the directions of its edges, as in shape-based matching (Steger, "Occlusion, clutter, and
//! illumination invariant object recognition", ISPRS 2002): whether an edge is dark on light or light on dark makes
//! no difference, light and ground hardly any, and a piece that is missing takes no more than its share. How it is turned
//! is told by that and by what lies on rings around its centre, so that a turned part with a few letters on it has
//! an angle, too.

mod directions;
mod field_mean;
mod ground;
mod large;
mod learn;
mod photo;
mod pose;
mod ring;
mod shape;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod warp;

pub use learn::{LearnError, Learned, Learner};
pub use pose::Pose;
pub use template::{Found, Template};
pub(crate) use warp::{seen_of_image, seen_of_rows};

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// That the part is looked for in every photograph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Align {
    /// The photograph whose part all others are turned and moved to, in which a crop is meant; `None` for the first
    /// normal one. Forgotten once the part is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<PathBuf>,
    /// What the part looks like; `None` until it was learned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Arc<Template>>,
}

impl Align {
    /// To this part.
    pub fn to(template: Template) -> Self {
        Self {
            reference: None,
            template: Some(Arc::new(template)),
        }
    }

    /// # Errors
    /// What is wrong with the template.
    pub fn validate(&self) -> Result<(), String> {
        self.template
            .as_ref()
            .map_or(Ok(()), |template| template.validate())
    }
}
