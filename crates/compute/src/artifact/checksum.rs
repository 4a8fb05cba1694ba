//! What tells a model file that was changed since it was written.

use std::collections::HashMap;

use safetensors::tensor::TensorView;

/// The metadata key of the checksum.
pub(super) const CHECKSUM_KEY: &str = "kizumi.checksum";

/// BLAKE3, in hex, of everything in a model file that means something: its metadata but the checksum
/// itself, and name, type, shape and numbers of each tensor; each in the order of the names.
pub(super) fn checksum<'a>(
    metadata: &HashMap<String, String>,
    tensors: impl IntoIterator<Item = (&'a str, &'a TensorView<'a>)>,
) -> String {
    let mut hasher = blake3::Hasher::new();
    // Lengths first, so that nothing can move from one piece to the next.
    let mut add = |piece: &[u8]| {
        hasher.update(&(piece.len() as u64).to_le_bytes());
        hasher.update(piece);
    };
    let mut entries: Vec<_> = metadata.iter().collect();
    entries.retain(|(key, _)| *key != CHECKSUM_KEY);
    entries.sort();
    for (key, text) in entries {
        add(key.as_bytes());
        add(text.as_bytes());
    }
    let mut tensors: Vec<_> = tensors.into_iter().collect();
    tensors.sort_by_key(|(name, _)| *name);
    for (name, view) in tensors {
        add(name.as_bytes());
        add(format!("{:?} {:?}", view.dtype(), view.shape()).as_bytes());
        add(view.data());
    }
    hasher.finalize().to_hex().to_string()
}
