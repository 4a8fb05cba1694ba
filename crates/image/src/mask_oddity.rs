//! What is odd about a mask that can be read.

use std::fmt;

/// The share of an image that a mask may mark before somebody should look whether it is inverted.
const NEARLY_ALL: f64 = 0.8;

/// What a person should know of a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskOddity {
    /// Not one pixel is marked.
    Empty,
    /// What is marked lies outside of what is seen of the image.
    Outside,
    /// So many per cent of the image are marked: the mask may be inverted.
    NearlyAll(u32),
    /// It was drawn on the pixels as they are stored, and was turned with them.
    Turned,
    /// The orientation tag turned the image, and the mask fits it either way.
    PerhapsNotTurned,
}

impl MaskOddity {
    /// What the number of marked pixels says.
    pub(crate) fn of_area(marked: usize, pixels: usize) -> Option<Self> {
        let share = marked as f64 / pixels.max(1) as f64;
        match marked {
            0 => Some(Self::Empty),
            _ if share > NEARLY_ALL => Some(Self::NearlyAll((100.0 * share).round() as u32)),
            _ => None,
        }
    }
}

/// In words that follow the name of the mask.
impl fmt::Display for MaskOddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "marks no pixel"),
            Self::Outside => write!(f, "marks only what lies outside of the crop"),
            Self::NearlyAll(percent) => {
                write!(f, "marks {percent} % of the image; is it inverted?")
            }
            Self::Turned => write!(
                f,
                "is turned with its image, as that one's orientation tag says"
            ),
            Self::PerhapsNotTurned => write!(
                f,
                "is taken as drawn on the image as it is shown; its size does not tell whether it was \
                 drawn before the orientation tag turned that"
            ),
        }
    }
}
