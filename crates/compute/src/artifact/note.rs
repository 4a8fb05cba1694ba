//! Notes in the metadata of a model file, for those who know their key.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;

use super::METADATA_KEY;
use super::header::{Header, parse_header};
use super::read::HEADER_LIMIT_BYTES;
use kizumi_image::regular;

/// The JSON that a `.safetensors` file begins with; its other keys are the tensors.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "__metadata__")]
    metadata: HashMap<String, String>,
}

/// Reads the header of a model file and one of its notes
/// ([`to_bytes_with`](super::Artifact::to_bytes_with)), no tensors; `None` when this is no model file, or
/// none with that note.
pub fn read_note(path: &Path, key: &str) -> Option<(Header, String)> {
    let mut file = regular::open(path).ok()?;
    let mut size = [0; 8];
    file.read_exact(&mut size).ok()?;
    let header_bytes = u64::from_le_bytes(size);
    if header_bytes > HEADER_LIMIT_BYTES {
        return None;
    }
    let mut bytes = Vec::new();
    file.take(header_bytes).read_to_end(&mut bytes).ok()?;
    let Head { mut metadata } = serde_json::from_slice(&bytes).ok()?;
    let header = parse_header(metadata.get(METADATA_KEY)?).ok()?;
    Some((header, metadata.remove(key)?))
}
