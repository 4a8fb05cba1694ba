//! How a person likes to look: arrangement, comparison, sampling. Remembered between starts.

use serde::{Deserialize, Serialize};

use super::layer::Layer;

/// Times a second that flicker changes sides, at most: faster than this is a health risk.
pub const FLICKER_MAX_HZ: f32 = 3.0;

/// How pictures are arranged and compared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Viewing {
    /// One large picture, or six of one size.
    pub arrangement: Arrangement,
    /// What the large view shows.
    pub layer: Layer,
    /// What it is compared with.
    pub reference: Layer,
    /// How it is compared.
    pub compare: Compare,
    /// Swipe: where the divider is, share of the panel's width. The reference lies left of it.
    pub divider: f32,
    /// Onion skin: share of the layer over the reference.
    pub onion: f32,
    /// Flicker: changes of side a second, up to [`FLICKER_MAX_HZ`].
    pub flicker_hz: f32,
    /// How pixels are enlarged.
    pub sampling: Sampling,
    /// Whether the loupe and the table of values follow the pointer.
    pub probe: bool,
    /// Whether the large view shows the photograph at its own size where it can; until a person says so,
    /// where the network's input looks unlike it.
    pub photograph: Option<bool>,
    /// What is plotted of the pinned pixels.
    pub pin_chart: PinChart,
}

/// What is plotted of the pinned pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PinChart {
    /// The course of x_t and f(x_t).
    #[default]
    Values,
    /// The course of the gate.
    Gate,
    /// Values along the line between the last two.
    Profile,
}

impl Default for Viewing {
    fn default() -> Self {
        Self {
            arrangement: Arrangement::default(),
            layer: Layer::Overlay,
            reference: Layer::Residual,
            compare: Compare::default(),
            divider: 0.5,
            onion: 0.5,
            flicker_hz: 1.5,
            sampling: Sampling::default(),
            probe: true,
            photograph: None,
            pin_chart: PinChart::default(),
        }
    }
}

impl Viewing {
    /// What the layer is compared with: never itself, which would show nothing.
    pub fn compared_with(&self) -> Layer {
        match (self.reference == self.layer, self.layer) {
            (false, _) => self.reference,
            (true, Layer::Original) => Layer::Iterate,
            (true, _) => Layer::Original,
        }
    }

    /// Whether flicker shows the reference at this time of the window's clock.
    pub fn flickers_to_reference(&self, now_secs: f64) -> bool {
        (now_secs * f64::from(self.rate_hz())) as u64 % 2 == 1
    }

    /// Seconds until flicker changes sides.
    pub fn next_flicker_secs(&self, now_secs: f64) -> f64 {
        let rate = f64::from(self.rate_hz());
        ((now_secs * rate).floor() + 1.0) / rate - now_secs
    }

    fn rate_hz(&self) -> f32 {
        self.flicker_hz.clamp(0.2, FLICKER_MAX_HZ)
    }
}

/// Where the pictures are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arrangement {
    /// One large picture, all layers small beside it.
    #[default]
    Large,
    /// Six of one size.
    Grid,
}

/// How two pictures are shown in one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    /// Only one.
    #[default]
    Single,
    /// Left and right of a divider.
    Swipe,
    /// One shining through the other.
    Onion,
    /// In turn.
    Flicker,
}

impl Compare {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Single, Self::Swipe, Self::Onion, Self::Flicker];
}

/// How pixels are enlarged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sampling {
    /// As squares.
    #[default]
    Nearest,
    /// Smoothly.
    Linear,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_never_compared_with_itself() {
        for layer in Layer::ALL {
            for reference in Layer::ALL {
                let viewing = Viewing {
                    layer,
                    reference,
                    ..Default::default()
                };
                assert_ne!(viewing.compared_with(), layer);
                assert!(layer == reference || viewing.compared_with() == reference);
            }
        }
    }

    #[test]
    fn flicker_shows_both_sides_for_the_same_time() {
        let viewing = Viewing {
            flicker_hz: 2.0,
            ..Viewing::default()
        };
        let sides: Vec<bool> = (0..8)
            .map(|i| viewing.flickers_to_reference(0.25 + f64::from(i) * 0.5))
            .collect();
        assert_eq!(sides, [false, true, false, true, false, true, false, true]);
        assert!((viewing.next_flicker_secs(0.3) - 0.2).abs() < 1e-6);
    }

    #[test]
    fn flicker_is_never_dangerously_fast() {
        let viewing = Viewing {
            flicker_hz: 1e9,
            ..Viewing::default()
        };
        assert!(viewing.next_flicker_secs(0.0) >= 1.0 / 3.0 - 1e-6);
    }
}
