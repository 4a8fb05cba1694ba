//! The parts of the energy and of the update: E(x_t) = L_r + λ R + ω D, and x_t+1 = x_t − α ∇E · gate.

use super::layer::Layer;

/// A part of one of the formulas above the curves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// E(x_t).
    Energy,
    /// L_r(x_t), the distance between x_t and f(x_t).
    Reconstruction,
    /// λ times the regulariser.
    Regulariser,
    /// ω times the distance of features.
    Features,
    /// x_t+1.
    Next,
    /// x_t.
    Iterate,
    /// The step size.
    Alpha,
    /// The gradient of E at x_t.
    Gradient,
    /// What each pixel's step is multiplied by.
    Gate,
}

impl Term {
    /// How many there are.
    pub const COUNT: usize = 9;

    /// The terms that a layer shows, or is made of.
    pub fn of_layer(layer: Layer) -> &'static [Self] {
        match layer {
            Layer::Original | Layer::Truth => &[],
            Layer::Iterate => &[Self::Iterate],
            Layer::Reconstruction | Layer::IterateReconstruction | Layer::Residual => {
                &[Self::Reconstruction]
            }
            Layer::Heatmap | Layer::Overlay | Layer::Difference => &[Self::Regulariser],
            Layer::Gate => &[Self::Gate],
            Layer::Distance => &[Self::Features],
            Layer::Gradient => &[Self::Gradient],
        }
    }

    /// The layer that shows the term pixel by pixel.
    pub fn layer(self) -> Option<Layer> {
        match self {
            Self::Iterate => Some(Layer::Iterate),
            Self::Gradient => Some(Layer::Gradient),
            Self::Gate => Some(Layer::Gate),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layer_of_a_term_shows_that_term() {
        let terms = [Term::Iterate, Term::Gradient, Term::Gate];
        for term in terms {
            let layer = term.layer().expect("each has one");
            assert_eq!(Term::of_layer(layer), [term]);
        }
    }
}
