//! What there is to see of an inspection.

use serde::{Deserialize, Serialize};

/// A picture of an inspection. Its key is in [`Layer::key`].
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
    /// |x_0 - f(x_0)|: what the plain reconstruction leaves.
    Residual,
    /// |x_0 - x_t|.
    Heatmap,
    /// x_t - x_0: what was added, what was removed.
    Difference,
    /// (x_t - f(x_t))^2, which weighs the step in every pixel.
    Gate,
    /// How far the features of x_t are from normal ones.
    Distance,
    /// The gradient of E at x_t.
    Gradient,
    /// The ground truth over the original.
    Truth,
    /// The heatmap over the original.
    Overlay,
}

impl Layer {
    /// How many there are.
    pub const COUNT: usize = 12;

    /// All of them, as they lie beside each other.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Original,
        Self::Reconstruction,
        Self::Iterate,
        Self::IterateReconstruction,
        Self::Residual,
        Self::Heatmap,
        Self::Difference,
        Self::Gate,
        Self::Distance,
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

    /// Whether a network that has learned nothing leaves it as it is.
    pub fn is_without_network(self) -> bool {
        matches!(
            self,
            Self::Original | Self::Heatmap | Self::Distance | Self::Truth | Self::Overlay
        )
    }

    /// The key that shows it.
    pub fn key(self) -> char {
        match self {
            Self::Original => '1',
            Self::Reconstruction => '2',
            Self::Iterate => '3',
            Self::IterateReconstruction => '4',
            Self::Heatmap => '5',
            Self::Difference => '6',
            Self::Gate => '7',
            Self::Gradient => '8',
            Self::Truth => '9',
            Self::Overlay => '0',
            Self::Distance => 'Q',
            Self::Residual => 'R',
        }
    }

    /// Whether it is the photograph, or lies over it, where that is shown.
    pub fn shows_photograph(self) -> bool {
        matches!(self, Self::Original | Self::Overlay | Self::Truth)
    }

    /// Whether its colours stand for numbers.
    pub fn is_map(self) -> bool {
        matches!(
            self,
            Self::Residual
                | Self::Heatmap
                | Self::Difference
                | Self::Gate
                | Self::Distance
                | Self::Gradient
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
            Self::Original
                | Self::Residual
                | Self::Heatmap
                | Self::Difference
                | Self::Distance
                | Self::Overlay
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
    fn every_layer_has_a_key_and_a_place_of_its_own() {
        let mut keys = Layer::ALL.map(Layer::key);
        assert_eq!(keys[..3], ['1', '2', '3']);
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
        for (index, layer) in Layer::ALL.into_iter().enumerate() {
            assert_eq!(layer as usize, index);
        }
    }
}
