//! What there is to see of an inspection.

use serde::{Deserialize, Serialize};

/// A picture of an inspection, in the order of the digit keys: 1 to 9, then 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// x_0.
    #[default]
    Original,
    /// f(x_0).
    Reconstruction,
    /// x_t.
    Iterate,
    /// f(x_t).
    IterateReconstruction,
    /// |x_0 - x_t|.
    Heatmap,
    /// x_t - x_0: what was added, what was removed.
    Difference,
    /// (x_t - f(x_t))^2, which weighs the step in every pixel.
    Gate,
    /// The gradient of E at x_t.
    Gradient,
    /// The ground truth over the original.
    Truth,
    /// The heatmap over the original.
    Overlay,
}

impl Layer {
    /// How many there are.
    pub const COUNT: usize = 10;

    /// All of them, in the order of their keys.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Original,
        Self::Reconstruction,
        Self::Iterate,
        Self::IterateReconstruction,
        Self::Heatmap,
        Self::Difference,
        Self::Gate,
        Self::Gradient,
        Self::Truth,
        Self::Overlay,
    ];

    /// The six of the grid, by place: the inputs above what the network makes of them.
    pub const GRID: [Self; 6] = [
        Self::Original,
        Self::Iterate,
        Self::Heatmap,
        Self::Reconstruction,
        Self::IterateReconstruction,
        Self::Overlay,
    ];

    /// The digit that shows it.
    pub fn digit(self) -> usize {
        (self as usize + 1) % Self::COUNT
    }

    /// Whether its colours stand for numbers.
    pub fn is_map(self) -> bool {
        matches!(
            self,
            Self::Heatmap | Self::Difference | Self::Gate | Self::Gradient
        )
    }

    /// Whether its values have both signs.
    pub fn is_signed(self) -> bool {
        matches!(self, Self::Difference | Self::Gradient)
    }

    /// Whether the regions above the threshold are outlined on it.
    pub fn has_regions(self) -> bool {
        matches!(self, Self::Heatmap | Self::Overlay)
    }

    /// Whether the outline of the ground truth helps on it.
    pub fn is_outlined(self) -> bool {
        matches!(
            self,
            Self::Original | Self::Heatmap | Self::Difference | Self::Overlay
        )
    }
}

/// Where the values of a map's lowest and highest colour come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// The held-out normals.
    Normals,
    /// The image itself, because a person wants it so or there is no calibration.
    #[default]
    ThisImage,
    /// Set by hand.
    Custom,
}

/// The values of a map's lowest and highest colour.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Range {
    /// Value of the lowest colour.
    pub low: f32,
    /// Value of the highest colour, above `low`.
    pub high: f32,
    /// Where they come from.
    pub scale: Scale,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_lie_on_the_digits_in_their_order() {
        let digits = Layer::ALL.map(Layer::digit);
        assert_eq!(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
        for (index, layer) in Layer::ALL.into_iter().enumerate() {
            assert_eq!(layer as usize, index);
        }
    }
}
