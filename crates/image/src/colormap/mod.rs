//! Colours for values: every map is even to the eye and safe for the colour-blind.

pub mod diverging;
mod overlay;

use serde::{Deserialize, Serialize};

pub use overlay::{glow, overlay, overlay_on_photograph};

use super::picture::Picture;

/// Viridis, by N. Smith, S. van der Walt and E. Firing for matplotlib; CC0. As all of these tables:
/// the published colours, red, green and blue each, evenly spaced from low to high.
const VIRIDIS: &[u8; 768] = include_bytes!("viridis.rgb");
/// Inferno, by N. Smith and S. van der Walt for matplotlib; CC0.
const INFERNO: &[u8; 768] = include_bytes!("inferno.rgb");
/// Cividis, by J. Nuñez, C. Anderton and R. Renslow (doi:10.1371/journal.pone.0199239), published
/// free of all copyright.
const CIVIDIS: &[u8; 768] = include_bytes!("cividis.rgb");

/// A sequence of colours from low to high; lightness rises all the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colormap {
    /// Black over purple and orange to pale yellow: nothing is dark, so defects glow.
    #[default]
    Inferno,
    /// Purple over green to yellow.
    Viridis,
    /// Blue over grey to yellow; looks the same with and without red-green blindness.
    Cividis,
    /// Black to white.
    Grey,
}

impl Colormap {
    /// All of them, for a choice.
    pub const ALL: [Self; 4] = [Self::Inferno, Self::Viridis, Self::Cividis, Self::Grey];

    /// The name in lower case, as in settings files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inferno => "inferno",
            Self::Viridis => "viridis",
            Self::Cividis => "cividis",
            Self::Grey => "grey",
        }
    }

    /// The colour of a value in `0.0..=1.0`; values outside, and NaN, take the nearest end's (NaN
    /// the low one's).
    pub fn rgb(self, value: f32) -> [u8; 3] {
        // Rounds to nearest; a NaN becomes 0 in this conversion.
        let index = (value.clamp(0.0, 1.0) * 255.0 + 0.5) as usize;
        let table = match self {
            Self::Inferno => INFERNO,
            Self::Viridis => VIRIDIS,
            Self::Cividis => CIVIDIS,
            Self::Grey => return [index as u8; 3],
        };
        table.as_chunks::<3>().0[index]
    }

    /// A one-channel map as interleaved RGB8, `height * width * 3` bytes, with `low` at the low end
    /// of the colours and `high` at the high one. If `high` is not above `low`, values above `low`
    /// get the highest colour and all others the lowest.
    ///
    /// # Panics
    /// If the map has more than one channel.
    pub fn apply(self, map: &Picture, low: f32, high: f32) -> Vec<u8> {
        assert!(map.channels <= 1, "only one-channel pictures are coloured");
        let mut bytes = Vec::with_capacity(map.pixels.len() * 3);
        for &value in &map.pixels {
            bytes.extend(self.rgb(normalised(value, low, high)));
        }
        bytes
    }
}

/// The value's place between `low` (0) and `high` (1), not limited.
fn normalised(value: f32, low: f32, high: f32) -> f32 {
    if high > low {
        (value - low) / (high - low)
    } else {
        f32::from(value > low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of an sRGB colour.
    fn luminance(rgb: [u8; 3]) -> f32 {
        let linear = |byte: u8| (f32::from(byte) / 255.0).powf(2.2);
        0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2])
    }

    #[test]
    fn colours_are_the_published_ones() {
        // matplotlib: round(255 * colormaps[name](i)) for i = 0, 128, 255.
        for (map, colours) in [
            (Colormap::Viridis, [0x440154, 0x21918c, 0xfde725]),
            (Colormap::Inferno, [0x000004, 0xbc3754, 0xfcffa4]),
            (Colormap::Cividis, [0x00224e, 0x7d7c78, 0xfee838]),
            (Colormap::Grey, [0x000000, 0x808080, 0xffffff]),
        ] {
            for (value, colour) in [0.0, 128.0 / 255.0, 1.0].into_iter().zip(colours) {
                let [red, green, blue] = map.rgb(value).map(u32::from);
                assert_eq!(red << 16 | green << 8 | blue, colour, "{map:?} {value}");
            }
        }
    }

    #[test]
    fn lightness_rises_all_the_way() {
        for map in Colormap::ALL {
            let values: Vec<f32> = (0..256)
                .map(|i| luminance(map.rgb(i as f32 / 255.0)))
                .collect();
            for pair in values.windows(2) {
                // Rounding to bytes lets neighbours differ by a trifle the other way.
                assert!(pair[1] > pair[0] - 5e-4, "{map:?} {pair:?}");
            }
        }
    }

    #[test]
    fn names_are_the_serialised_ones() {
        for map in Colormap::ALL {
            let text = serde_json::to_string(&map).expect("a unit variant serialises");
            assert_eq!(text, format!("\"{}\"", map.name()));
        }
    }

    #[test]
    fn odd_values_take_an_end() {
        let map = Colormap::Viridis;
        assert_eq!(map.rgb(-3.0), map.rgb(0.0));
        assert_eq!(map.rgb(f32::NAN), map.rgb(0.0));
        assert_eq!(map.rgb(f32::INFINITY), map.rgb(1.0));
    }

    #[test]
    fn range_spans_the_colours() {
        let map = Picture::new(1, 1, 4, vec![0.0, 1.0, 1.5, 2.0]);
        assert_eq!(
            Colormap::Grey.apply(&map, 1.0, 2.0),
            [0, 0, 0, 0, 0, 0, 128, 128, 128, 255, 255, 255]
        );
        // A degenerate range is a threshold.
        let bytes = Colormap::Grey.apply(&map, 1.0, 1.0);
        assert_eq!(
            bytes.iter().step_by(3).collect::<Vec<_>>(),
            [&0, &0, &255, &255]
        );
    }
}
