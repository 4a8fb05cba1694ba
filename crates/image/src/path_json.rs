//! Paths in JSON, for `#[serde(with = "...")]`: as text where they are text, which most are, else as the list of
//! their bytes, so that the same path comes back.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written<'a> {
    Text(Cow<'a, str>),
    Bytes(Vec<u8>),
}

/// Writes a path.
///
/// # Errors
/// Those of the serialiser.
pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    let written = match path.to_str() {
        Some(text) => Written::Text(text.into()),
        None => Written::Bytes(path.as_os_str().as_encoded_bytes().to_vec()),
    };
    written.serialize(serializer)
}

/// Reads a path.
///
/// # Errors
/// Those of the deserialiser.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    Ok(match Written::deserialize(deserializer)? {
        Written::Text(text) => PathBuf::from(text.into_owned()),
        Written::Bytes(bytes) => of_bytes(bytes),
    })
}

#[cfg(unix)]
fn of_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn of_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Kept(#[serde(with = "super")] PathBuf);

    #[test]
    fn a_path_that_is_no_text_comes_back() {
        let mut paths = vec![PathBuf::from("/部品/a\nb.png")];
        #[cfg(unix)]
        paths.push(of_bytes(b"/data/\xff\xfe".to_vec()));
        for path in paths {
            let json = serde_json::to_string(&Kept(path.clone())).unwrap();
            assert_eq!(serde_json::from_str::<Kept>(&json).unwrap(), Kept(path));
        }
        let before = r#""/data/washer""#;
        let kept: Kept = serde_json::from_str(before).unwrap();
        assert_eq!(kept.0, Path::new("/data/washer"));
    }
}
