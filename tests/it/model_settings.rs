//! Whatever stands in a model file where its settings should: an error that names the file, or a model.

use std::path::Path;

use burn::tensor::Device;
use kizumi_compute::artifact::Artifact;
use kizumi_method::calibration::Calibration;
use kizumi_method::config::{MapConfig, ProjectionConfig};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::artifact::artifact;

/// What may stand in the place of a setting: JSON, also such as no program writes. Nothing: the setting is missing.
const VALUES: [&str; 20] = [
    "",
    "null",
    "true",
    "\"\"",
    "\"none\"",
    "[]",
    "[1, 1]",
    "[-1, 1e30]",
    "{}",
    "NaN",
    "1e999",
    "-1e999",
    "0",
    "-1",
    "0.5",
    "1e-40",
    "3.4e38",
    "1e39",
    "4294967296",
    "18446744073709551615",
];

/// A model file in pieces: its head, the settings in it, and the tensors.
struct File {
    head: Value,
    settings: Value,
    tensors: Vec<u8>,
}

impl File {
    fn of(model: &Artifact) -> Self {
        let bytes = model.to_bytes().expect("it can be written");
        let (length, rest) = bytes.split_first_chunk::<8>().expect("a head");
        let (head, tensors) = rest.split_at(u64::from_le_bytes(*length) as usize);
        let mut head: Value = serde_json::from_slice(head).expect("JSON");
        let entries = head["__metadata__"].as_object_mut().expect("entries");
        entries.retain(|key, _| key == "kizumi");
        let settings = entries["kizumi"].as_str().expect("text");
        let settings = serde_json::from_str(settings).expect("JSON");
        Self {
            head,
            settings,
            tensors: tensors.to_vec(),
        }
    }

    /// Its bytes with other settings in it.
    fn with(&self, settings: &str) -> Vec<u8> {
        let mut head = self.head.clone();
        head["__metadata__"]["kizumi"] = settings.into();
        let head = head.to_string().into_bytes();
        let length = (head.len() as u64).to_le_bytes();
        [&length[..], &head, &self.tensors].concat()
    }
}

/// The place of every setting, and of every group of them, as JSON pointers.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    let within: Vec<(String, &Value)> = match value {
        Value::Object(fields) => {
            let fields = fields.iter();
            fields.map(|(key, value)| (key.clone(), value)).collect()
        }
        Value::Array(values) => {
            let values = values.iter().enumerate();
            values.map(|(i, value)| (i.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in within {
        let place = format!("{at}/{key}");
        places(value, &place, all);
        all.push(place);
    }
}

/// Settings with these in other places.
fn changed(settings: &Value, changes: &[(&str, &str)]) -> String {
    const HERE: &str = "what stands here";
    let mut settings = settings.clone();
    for (number, (place, value)) in changes.iter().enumerate() {
        let (group, key) = place.rsplit_once('/').expect("a pointer");
        // A change before may have taken it away.
        match settings.pointer_mut(group) {
            Some(Value::Object(fields)) if value.is_empty() => {
                fields.remove(key);
            }
            Some(group) => {
                if let Some(setting) = group.pointer_mut(&format!("/{key}")) {
                    *setting = format!("{HERE} {number}").into();
                }
            }
            None => {}
        }
    }
    let mut text = settings.to_string();
    for (number, (_, value)) in changes.iter().enumerate() {
        let value = if value.is_empty() { "null" } else { value };
        text = text.replace(&format!("\"{HERE} {number}\""), value);
    }
    text
}

/// Loads it. What can be loaded can be used, and saved so that it is loaded again.
fn is_loaded(path: &Path, bytes: &[u8]) -> bool {
    std::fs::write(path, bytes).expect("it can be written");
    let model = match Artifact::load(path, &Device::flex()) {
        Ok(model) => model,
        Err(error) => {
            let error = error.to_string();
            assert!(error.contains("other.safetensors"), "{error}");
            return false;
        }
    };
    let (projection, map) = model.header.settings();
    assert_eq!((projection.validate(), map.validate()), (Ok(()), Ok(())));
    assert_eq!(model.header.validate(), Ok(()));
    let rate = model.header.training.learning_rate_at(1, 0.5);
    assert!(rate.is_finite() && rate > 0.0, "{rate}");
    let seconds = model.header.training.limit.seconds;
    assert!(seconds.is_none_or(|seconds| seconds.is_finite() && seconds > 0.0));
    let scales = model.header.scales();
    assert!(!scales.is_some_and(|scales| scales.to_string().contains("NaN")));
    let again = model.to_bytes().expect("what was loaded can be saved");
    let again = Artifact::from_bytes(&again, &Device::flex()).expect("and loaded again");
    assert_eq!(again.header, model.header);
    true
}

#[test]
fn any_settings_in_a_model_make_an_error_that_names_it_or_a_model() {
    let mut model = artifact();
    model.header.dataset.source_px = Some((640, 480));
    model.header.training.limit.seconds = Some(60.0);
    model.header.outdated = Some((ProjectionConfig::healing(), MapConfig::default()));
    model.header.calibration = Some(Calibration {
        plain_scores: vec![1.0, 2.0],
        projected_scores: vec![1.0, 2.0],
        ..Default::default()
    });
    let file = File::of(&model);
    let mut all = Vec::new();
    places(&file.settings, "", &mut all);
    assert!(all.len() > 60, "{all:?}");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("other.safetensors");
    assert!(is_loaded(&path, &file.with(&file.settings.to_string())));
    for place in &all {
        for value in VALUES {
            is_loaded(
                &path,
                &file.with(&changed(&file.settings, &[(place, value)])),
            );
        }
    }
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for _ in 0..500 {
        let some = [(); 3].map(|()| {
            let place = &all[random.random_range(0..all.len())];
            (place.as_str(), VALUES[random.random_range(0..VALUES.len())])
        });
        is_loaded(&path, &file.with(&changed(&file.settings, &some)));
    }
}
