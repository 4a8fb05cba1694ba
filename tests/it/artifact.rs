//! The model file: round trip, atomic, and hard to fool.

use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use kizumi_compute::artifact::{Artifact, DatasetSummary, FORMAT, Header};
use kizumi_compute::memories::{Memories, MemoriesBuilder, Remembered};
use kizumi_compute::trainer::Trainer;
use kizumi_dataset::batches::Batch;
use kizumi_image::crop::Area;
use kizumi_image::picture::Picture;
use kizumi_image::placement::Placement;
use kizumi_image::view::FeatureView;
use kizumi_method::calibration::{Calibration, MapVersion};
use kizumi_method::config::{
    DataConfig, FeatureConfig, MapConfig, Mode, ProjectionConfig, TrainingConfig,
};
use kizumi_method::joint::UsualChange;
use kizumi_method::maker::ModelMark;
use proptest::prelude::*;

use crate::common::{SIZE_PX, pictures, tiny, weight_bits};

/// A small model that was trained one step.
pub fn artifact() -> Artifact {
    let mut trainer = Trainer::new(&tiny(1), &TrainingConfig::default(), &Device::flex());
    let pixels = pictures(1, 2)
        .into_iter()
        .flat_map(|picture| picture.pixels)
        .collect();
    trainer.step(Batch::clean(pixels, 2));
    Artifact {
        header: Header {
            format: FORMAT,
            program: Header::this_program(),
            network: tiny(1),
            data: DataConfig {
                size_px: SIZE_PX,
                ..Default::default()
            },
            features: FeatureConfig::NONE,
            training: TrainingConfig::default(),
            step: 1,
            images_seen: 2,
            calibration: Some(Calibration {
                stop_threshold: 1.5,
                ..Default::default()
            }),
            outdated: None,
            dataset: DatasetSummary {
                name: "stripes".into(),
                ..Default::default()
            },
        },
        network: trainer.network(),
        optimiser: trainer.optimiser(),
        ignored: None,
        memories: None,
        normal_mean: None,
    }
}

/// Why a model is not written: what reading it would complain about.
fn refusal(model: &Artifact) -> String {
    let error = model.to_bytes().expect_err("it could not be read again");
    error.to_string()
}

fn reason(bytes: &[u8]) -> String {
    let unfit = Artifact::from_bytes(bytes, &Device::flex()).expect_err("this is not a model");
    unfit.to_string()
}

#[test]
fn a_saved_model_is_the_same_when_loaded() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("model.safetensors");
    let saved = artifact();
    saved.save(&path).expect("saves");
    let loaded = Artifact::load(&path, &Device::flex()).expect("loads");
    assert_eq!(loaded.header, saved.header);
    assert_eq!(weight_bits(&loaded.network), weight_bits(&saved.network));
    let (a, b) = (
        loaded.optimiser.expect("an optimiser's state"),
        saved.optimiser.expect("an optimiser's state"),
    );
    assert_eq!(a.len(), b.len());
    for (a, b) in [
        (&a[3].weight.value, &b[3].weight.value),
        (&a[3].weight.first, &b[3].weight.first),
        (&a[3].weight.second, &b[3].weight.second),
    ] {
        assert_eq!(a.to_data(), b.to_data());
    }
}

#[test]
fn ignored_regions_are_kept_and_checked() {
    let mut model = artifact();
    let side = SIZE_PX;
    let region = Picture::from_fn(1, side, side, |_, y, x| f32::from(u8::from(y < x)));
    model.ignored = Some(region.clone());
    let bytes = model.to_bytes().expect("reads back");
    let loaded = Artifact::from_bytes(&bytes, &Device::flex()).expect("loads");
    assert_eq!(loaded.ignored, Some(region));

    model.ignored = Some(Picture::filled(1, side, side, 0.5));
    assert!(refusal(&model).contains("'ignored'"));
    model.ignored = Some(Picture::filled(1, 8, 8, 1.0));
    assert!(refusal(&model).contains("[8, 8]"));
    model.ignored = Some(Picture::filled(1, side, side, 1.0));
    model.header.data.mode = Mode::Texture;
    assert!(refusal(&model).contains("texture"));
}

#[test]
fn the_mean_image_is_kept_and_checked() {
    let mut model = artifact();
    let mean = pictures(1, 1).remove(0);
    model.normal_mean = Some(mean.clone());
    let bytes = model.to_bytes().expect("reads back");
    let loaded = Artifact::from_bytes(&bytes, &Device::flex()).expect("loads");
    assert_eq!(loaded.normal_mean, Some(mean.clone()));

    model.normal_mean = Some(mean.with_channels(3));
    assert!(refusal(&model).contains("'normal_mean' has shape [3, 64, 64]"));
    model.normal_mean = Some(Picture::filled(1, SIZE_PX, SIZE_PX, f32::NAN));
    assert!(refusal(&model).contains("'normal_mean' holds NaN"));
    model.normal_mean = Some(Picture::filled(1, SIZE_PX, SIZE_PX, 0.5));
    model.header.data.mode = Mode::Texture;
    assert!(refusal(&model).contains("texture"));
}

#[test]
fn how_much_the_network_changes_is_kept_and_checked() {
    let mut model = artifact();
    let of = |change| {
        Some(Calibration {
            usual_change: Some(Arc::new(UsualChange::new(change))),
            ..Default::default()
        })
    };
    model.header.calibration = of(Picture::from_fn(1, SIZE_PX, SIZE_PX, |_, y, x| {
        0.01 * (1 + x + y) as f32
    }));
    let bytes = model.to_bytes().expect("reads back");
    let loaded = Artifact::from_bytes(&bytes, &Device::flex()).expect("loads");
    assert_eq!(loaded.header.calibration, model.header.calibration);
    model.header.calibration = of(Picture::filled(1, SIZE_PX, SIZE_PX, 0.0));
    assert!(refusal(&model).contains("'usual_change' holds values that are not positive"));
}

#[test]
fn what_another_version_was_set_to_stays_so_without_its_figures() {
    let mut model = artifact();
    let projection = ProjectionConfig {
        alpha: 0.25,
        ..ProjectionConfig::healing()
    };
    model.header.calibration = Some(Calibration {
        projection,
        map: MapConfig::paper(),
        ..Default::default()
    });
    let bytes = model.to_bytes().expect("reads back");
    let version = format!(r#"\"map_version\":{}"#, MapVersion::default().number());
    let older = format!(r#"\"map_version\":{}"#, 1);
    let old = changed(&bytes, version.as_bytes(), older.as_bytes());
    let loaded = Artifact::from_bytes(&old, &Device::flex()).expect("loads");
    assert_eq!(loaded.header.calibration, None);
    assert_eq!(loaded.header.settings(), (projection, MapConfig::paper()));
    // Nor is it forgotten when the file is written again for another reason.
    let bytes = loaded.to_bytes().expect("reads back");
    let again = Artifact::from_bytes(&bytes, &Device::flex()).expect("loads");
    assert_eq!(again.header, loaded.header);
}

/// What is remembered of a few images.
fn memories() -> Memories {
    let view = FeatureView::new((SIZE_PX, SIZE_PX), SIZE_PX);
    let mut builder = MemoriesBuilder::new(4, view, 0, None);
    let placement = Placement {
        source_px: (SIZE_PX, SIZE_PX),
        seen: Area::whole((SIZE_PX, SIZE_PX)),
        pose: None,
        canvas_px: (SIZE_PX, SIZE_PX),
        x: 0,
        y: 0,
        width: SIZE_PX,
        height: SIZE_PX,
    };
    let images = pictures(1, 4).into_iter().enumerate();
    let images: Vec<Remembered> = images
        .map(|(image, picture)| Remembered {
            image,
            view: picture.clone(),
            input: picture,
            placement,
        })
        .collect();
    builder.add(&images);
    let learned = builder.close().finish().expect("there are images");
    learned.memories
}

#[test]
fn memories_are_kept_and_checked() {
    let mut model = artifact();
    let before = model.mark().expect("weights");
    model.memories = Some(memories());
    assert!(refusal(&model).contains("not of which view"));
    model.header.data.view = Some(FeatureView {
        width_px: SIZE_PX,
        height_px: SIZE_PX,
    });
    let mark = model.mark().expect("weights");
    assert_ne!(mark.memory, before.memory);
    assert!(!mark.features_only, "its network has learned something");
    let bytes = model.to_bytes().expect("reads back");
    let loaded = Artifact::from_bytes(&bytes, &Device::flex()).expect("loads");
    assert_eq!(loaded.mark().expect("weights"), mark);
    for part in [
        "memory.energy.patches",
        "memory.detection.fine.patches.unit",
    ] {
        let other = part.replace('m', "n");
        let missing = changed(&bytes, part.as_bytes(), other.as_bytes());
        let text = reason(&missing);
        assert!(text.contains("incomplete") || text.contains(part), "{text}");
    }
    model.header.data.view = Some(FeatureView {
        width_px: 100,
        height_px: SIZE_PX,
    });
    assert!(refusal(&model).contains("side of 100 px"));
    model.memories = None;
    model.header.data.view = None;
    model.header.images_seen = 0;
    assert!(!model.features_only(), "nothing is remembered");
}

#[test]
fn a_model_from_before_there_were_features_remembers_none() {
    let bytes = artifact().to_bytes().expect("bytes");
    let field = br#"\"features\":{\"network\":\"none\",\"resolution\":\"auto\"},"#;
    let old = changed(&bytes, field, &vec![b' '; field.len()]);
    let model = Artifact::from_bytes(&old, &Device::flex()).expect("loads");
    assert_eq!(model.header.features, FeatureConfig::NONE);
    assert!(model.memories.is_none() && model.header.data.view.is_none());
}

#[test]
fn files_of_another_kind_are_named_with_the_reason() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let missing = folder.path().join("missing.safetensors");
    let error = Artifact::load(&missing, &Device::flex()).expect_err("no such file");
    assert!(error.to_string().contains("missing.safetensors"));

    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "these are not the weights you are looking for").expect("writes");
    let error = Artifact::load(&text, &Device::flex()).expect_err("not a model");
    assert!(
        error
            .to_string()
            .contains("notes.txt: not a .safetensors file"),
        "{error}"
    );

    assert!(reason(b"").contains("shorter than 8 bytes"));
    let foreign = safetensors::serialize(
        [(
            "a",
            safetensors::tensor::TensorView::new(safetensors::Dtype::F32, vec![1], &[0; 4])
                .expect("a view"),
        )],
        None,
    )
    .expect("serialises");
    assert!(reason(&foreign).contains("not a Kizumi model"));
}

#[test]
fn a_truncated_model_is_refused() {
    let bytes = artifact().to_bytes().expect("bytes");
    for share in [1, 8, 100, bytes.len() / 2, bytes.len() - 1] {
        assert!(!reason(&bytes[..share]).is_empty());
    }
}

#[test]
fn a_model_that_could_not_be_read_is_not_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("model.safetensors");
    artifact().save(&path).expect("saves");
    let good = std::fs::read(&path).expect("it is there");
    let change = |f: fn(&mut Artifact)| {
        let mut changed = artifact();
        f(&mut changed);
        assert!(changed.save(&path).is_err());
        assert_eq!(
            std::fs::read(&path).expect("reads"),
            good,
            "the old one stays"
        );
        refusal(&changed)
    };
    let text = change(|model| model.header.network.latent = 5);
    assert!(
        text.contains("mean.weight") && text.contains("shape"),
        "{text}"
    );
    assert!(change(|model| model.header.format = 99).contains("format 99"));
    assert!(change(|model| model.header.network.size_px = 100).contains("size in pixels 100"));
    let text = change(|model| {
        let weight = model.network.layers()[2].weight.clone();
        model.network.layers_mut()[2].weight = weight * f32::INFINITY;
    });
    assert!(
        text.contains("encoder.2.weight") && text.contains("NaN or infinite"),
        "{text}"
    );
    fn calibrated(model: &mut Artifact, f: fn(&mut Calibration)) {
        f(model.header.calibration.as_mut().expect("it is calibrated"));
    }
    let text = change(|model| calibrated(model, |made| made.plain_scores = vec![f32::NAN]));
    assert!(text.contains("plain scores are not finite"), "{text}");
    let text = change(|model| calibrated(model, |made| made.stop_threshold = f32::NAN));
    assert!(text.contains("stop threshold NaN"), "{text}");
    let text = change(|model| calibrated(model, |made| made.projection.alpha = -1.0));
    assert!(text.contains("alpha -1"), "{text}");
    let text = change(|model| calibrated(model, |made| made.map.smoothing_px = 1e9));
    assert!(text.contains("smoothing"), "{text}");
    let text = change(|model| calibrated(model, |made| made.plain_scores = vec![2.0, 1.0]));
    assert!(text.contains("ascending"), "{text}");
}

/// Replaces a piece of the file by one of the same length, as a program does that knows no checksum.
fn changed(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    without_checksum(&damaged(bytes, from, to))
}

/// The file as it was before there was a checksum in it.
fn without_checksum(bytes: &[u8]) -> Vec<u8> {
    match bytes.windows(CHECKSUM.len()).any(|piece| piece == CHECKSUM) {
        true => damaged(bytes, CHECKSUM, b"somebody.else's"),
        false => bytes.to_vec(),
    }
}

/// The metadata key of the checksum.
const CHECKSUM: &[u8] = b"kizumi.checksum";

/// Replaces a piece of the file by one of the same length.
fn damaged(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let place = bytes.windows(from.len()).position(|piece| piece == from);
    let place = place.expect("it is in the file");
    [&bytes[..place], to, &bytes[place + to.len()..]].concat()
}

/// Everything of a model that a file could change.
fn all_of(model: &Artifact) -> Vec<u8> {
    let bytes = model.to_bytes().expect("it was read");
    let (length, rest) = bytes.split_first_chunk::<8>().expect("a header");
    let header = &rest[..u64::from_le_bytes(*length) as usize];
    let mut header: serde_json::Value = serde_json::from_slice(header).expect("JSON");
    header["__metadata__"]["kizumi.checksum"].take();
    let tensors = &rest[u64::from_le_bytes(*length) as usize..];
    [header.to_string().as_bytes(), tensors].concat()
}

#[test]
fn a_changed_byte_is_noticed_wherever_it_is() {
    let model = artifact();
    let bytes = model.to_bytes().expect("bytes");
    let whole = all_of(&model);
    let header_bytes = 8 + u64::from_le_bytes(*bytes.first_chunk().expect("8 bytes"));
    let mut refused = 0;
    for number in 0..500_usize {
        let mut state = number as u64 + 1;
        let mut random = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        let reach = [header_bytes as usize, bytes.len()][number % 2];
        let (_, at) = (random(), random() % reach);
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (random() % 8);
        match Artifact::from_bytes(&changed, &Device::flex()) {
            Err(_) => refused += 1,
            Ok(read) => assert!(all_of(&read) == whole, "byte {at} of {header_bytes} + ..."),
        }
    }
    // The checksum's own name may change, and nothing else.
    assert!(refused > 480, "{refused}");
    let weight = weight_bits(&model.network)[0].to_le_bytes();
    let mut other = weight;
    other[0] ^= 1;
    let text = reason(&damaged(&bytes, &weight, &other));
    assert!(
        text.contains("damaged") && text.contains("checksum"),
        "{text}"
    );
}

#[test]
fn a_model_from_before_there_was_a_checksum_loads() {
    let model = artifact();
    let old = without_checksum(&model.to_bytes().expect("bytes"));
    let read = Artifact::from_bytes(&old, &Device::flex()).expect("loads");
    assert_eq!(weight_bits(&read.network), weight_bits(&model.network));
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_no_regular_file_is_no_model_and_keeps_nobody_waiting() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    let made = std::process::Command::new("mkfifo")
        .arg(path("pipe"))
        .status();
    assert!(made.expect("mkfifo").success());
    let _socket = std::os::unix::net::UnixListener::bind(path("socket")).expect("a socket");
    std::os::unix::fs::symlink("/dev/zero", path("endless")).expect("a link");
    std::fs::create_dir(path("folder")).expect("a folder");
    // Sparse: it takes no space.
    for (name, bytes) in [("huge", 10_u64 << 30), ("zeros", 1 << 30)] {
        let file = std::fs::File::create(path(name)).expect("a file");
        file.set_len(bytes).expect("its length");
    }
    for (name, what) in [
        ("pipe", "a pipe, not a file"),
        ("socket", "a socket, not a file"),
        ("endless", "a device, not a file"),
        ("folder", "directory"),
        ("huge", "10.7 GB are too many for a model, at most 2.1 GB"),
        ("zeros", "not a .safetensors file"),
    ] {
        let error = Artifact::load(&path(name), &Device::flex()).expect_err(name);
        let text = error.to_string();
        let named = text.starts_with(&format!("{}: ", path(name).display()));
        assert!(named && text.contains(what), "{text}");
        assert!(kizumi_compute::artifact::read_note(&path(name), "kizumi.run").is_none());
    }
}

#[test]
fn a_file_with_values_out_of_range_is_refused() {
    let bytes = artifact().to_bytes().expect("bytes");
    let [weight, ..] = weight_bits(&artifact().network)[..] else {
        panic!("there are weights");
    };
    let no_number = changed(&bytes, &weight.to_le_bytes(), &f32::NAN.to_le_bytes());
    let text = reason(&no_number);
    assert!(text.contains("NaN or infinite"), "{text}");
    let text = reason(&changed(
        &bytes,
        b"smoothing_px\\\":0.0",
        b"smoothing_px\\\":-15",
    ));
    assert!(text.contains("smoothing in pixels -15"), "{text}");
}

#[test]
fn the_stop_threshold_outlives_other_regions_and_holds_for_its_own() {
    let mut model = artifact();
    let threshold = |model: &Artifact| {
        let made = model.header.calibration.as_ref().expect("a calibration");
        let regions = ModelMark::regions_of(model.ignored.as_ref());
        let stops = ProjectionConfig {
            stop_early: true,
            ..made.projection
        };
        made.stop_threshold_of(&stops, regions)
    };
    assert_eq!(threshold(&model), 1.5);
    let left = Picture::from_fn(1, SIZE_PX, SIZE_PX, |_, _, x| f32::from(u8::from(x < 9)));
    model.set_ignored(Some(left));
    assert_eq!(threshold(&model), 0.0, "it sums other pixels");
    let bytes = model.to_bytes().expect("bytes");
    let mut again = Artifact::from_bytes(&bytes, &Device::flex()).expect("a model");
    again.set_ignored(None);
    assert_eq!(threshold(&again), 1.5);
}

#[test]
fn a_mark_tells_models_and_regions_apart() {
    let model = artifact();
    let mark = model.mark().expect("weights");
    let bytes = model.to_bytes().expect("bytes");
    let mut again = Artifact::from_bytes(&bytes, &Device::flex()).expect("a model");
    assert_eq!(again.mark().expect("weights"), mark);
    again.set_ignored(Some(Picture::filled(1, SIZE_PX, SIZE_PX, 1.0)));
    let ignoring = again.mark().expect("weights");
    assert_eq!(ignoring.weights, mark.weights);
    assert_ne!(ignoring.regions, mark.regions);
    let weight = again.network.layers()[2].weight.clone();
    again.network.layers_mut()[2].weight = weight * 1.0001;
    assert_ne!(again.mark().expect("weights").weights, mark.weights);
}

#[test]
fn an_impossible_target_damages_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "precious").expect("writes");
    let error = artifact()
        .save(&file.join("model.safetensors"))
        .expect_err("file is no folder");
    assert!(error.to_string().contains("model.safetensors"), "{error}");
    assert_eq!(std::fs::read(&file).expect("reads"), b"precious");
    assert!(artifact().save(Path::new("/dev/full")).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever happens to the bytes: an error or a finite model, never a panic.
    #[test]
    fn mutated_bytes_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20), in_header: bool) {
        let mut bytes = artifact().to_bytes().expect("bytes");
        let reach = if in_header { 1500 } else { bytes.len() };
        for (index, value) in changes {
            let at = index.index(reach);
            bytes[at] = value;
        }
        if let Ok(model) = Artifact::from_bytes(&bytes, &Device::flex()) {
            prop_assert!(weight_bits(&model.network).iter().all(|bits| f32::from_bits(*bits).is_finite()));
        }
    }
}
