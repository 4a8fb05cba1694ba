//! Pixels in JSON: as one text instead of a number each, which takes a third of the room.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use kizumi_image::compact::{CompactPicture, Samples};

/// A thumbnail with 8 bits a value.
pub mod thumbnail {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Packed {
        channels: usize,
        height: usize,
        width: usize,
        #[serde(with = "super::bytes")]
        pixels: Vec<u8>,
    }

    pub fn serialize<S: Serializer>(
        picture: &CompactPicture,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let pixels = match &picture.samples {
            Samples::U8(samples) => samples.clone(),
            _ => {
                let units = picture.to_picture().pixels;
                units
                    .iter()
                    .map(|unit| (unit * 255.0).round() as u8)
                    .collect()
            }
        };
        let packed = Packed {
            channels: picture.channels,
            height: picture.height,
            width: picture.width,
            pixels,
        };
        packed.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<CompactPicture, D::Error> {
        let packed = Packed::deserialize(deserializer)?;
        let len = packed.height.checked_mul(packed.width);
        let len = len.and_then(|len| len.checked_mul(packed.channels));
        if len != Some(packed.pixels.len()) || !matches!(packed.channels, 1 | 3) {
            return Err(D::Error::custom(
                "a thumbnail has another size than it says",
            ));
        }
        Ok(CompactPicture {
            channels: packed.channels,
            height: packed.height,
            width: packed.width,
            samples: Samples::U8(packed.pixels),
        })
    }
}

/// Bytes as base64.
pub mod bytes {
    use super::*;

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(D::Error::custom)
    }
}

/// 16-bit values as base64 of their bytes, the low one first.
pub mod words {
    use super::*;

    pub fn serialize<S: Serializer>(words: &[u16], serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        super::bytes::serialize(&bytes, serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u16>, D::Error> {
        let bytes = super::bytes::deserialize(deserializer)?;
        let (words, rest) = bytes.as_chunks::<2>();
        match rest {
            [] => Ok(words.iter().map(|word| u16::from_le_bytes(*word)).collect()),
            _ => Err(D::Error::custom("half a value is left over")),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Both {
        #[serde(with = "super::thumbnail")]
        picture: CompactPicture,
        #[serde(with = "super::words")]
        words: Vec<u16>,
    }

    #[test]
    fn pixels_come_back_and_nonsense_is_refused() {
        let both = Both {
            picture: CompactPicture {
                channels: 3,
                height: 2,
                width: 1,
                samples: Samples::U8(vec![0, 1, 2, 253, 254, 255]),
            },
            words: vec![0, 1, 256, u16::MAX],
        };
        let text = serde_json::to_string(&both).unwrap();
        assert_eq!(serde_json::from_str::<Both>(&text).unwrap(), both);
        for (known, other) in [
            ("\"height\":2", "\"height\":3"),
            ("AAEC", "AAE"),
            ("\"channels\":3", "\"channels\":6"),
        ] {
            assert!(text.contains(known));
            let broken = text.replace(known, other);
            assert!(serde_json::from_str::<Both>(&broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn deep_pixels_become_bytes() {
        let both = Both {
            picture: CompactPicture {
                channels: 1,
                height: 1,
                width: 2,
                samples: Samples::U16(vec![0, u16::MAX]),
            },
            words: Vec::new(),
        };
        let text = serde_json::to_string(&both).unwrap();
        let again: Both = serde_json::from_str(&text).unwrap();
        assert_eq!(again.picture.samples, Samples::U8(vec![0, 255]));
    }
}
