//! Every kind of message has Japanese words, with its values.

use std::io;
use std::path::{Path, PathBuf};

use kizumi_compute::artifact::{ArtifactError, Unfit};
use kizumi_compute::tensors::ComputeError;
use kizumi_compute::training::autosave::Running;
use kizumi_compute::training::news::{Kept, TrainingError};
use kizumi_compute::training::run::RunError;
use kizumi_dataset::catalog::{Kind, Layout};
use kizumi_dataset::labels::LabelCounts;
use kizumi_dataset::labels::save_as::SaveAsError;
use kizumi_dataset::loader::LoadError;
use kizumi_dataset::scan::{Doubt, Group, ScanError};
use kizumi_image::file_error::Reason;
use kizumi_image::undone::{Doing as _, Task};
use kizumi_report::Occupied;

use super::*;

#[track_caller]
fn says(message: &impl Worded, values: &[&str]) {
    let (english, japanese) = (message.to_string(), message.japanese());
    assert!(!is_japanese(&english), "{english}");
    assert!(is_japanese(&japanese), "{japanese}");
    for value in values {
        assert!(english.contains(value), "{value} in {english}");
        assert!(japanese.contains(value), "{value} in {japanese}");
    }
}

fn set() -> PathBuf {
    "/set".into()
}

#[test]
fn what_keeps_a_folder_from_being_a_data_set_is_said() {
    let path = set;
    let group = |name: &str, images| Group {
        folder: path().join(name),
        images,
        samples: Vec::new(),
        guess: Kind::Unknown,
    };
    let reason = || "odd 17".to_owned();
    for (error, values) in [
        (
            ScanError::Unreadable {
                path: path(),
                reason: reason(),
            },
            vec!["odd 17"],
        ),
        (ScanError::NotAFolder { path: path() }, vec![]),
        (
            ScanError::NoImages {
                path: path(),
                seen: None,
            },
            vec!["PNG", "WebP", "train/good"],
        ),
        (
            ScanError::NoneUsed {
                path: path(),
                why: vec![kizumi_dataset::catalog::Note::Unlisted { images: 17 }],
            },
            vec!["17"],
        ),
        (ScanError::GivenTwice { path: path() }, vec![]),
        (
            ScanError::HoldsDatasets {
                path: path(),
                names: vec!["one".into(), "two".into()],
            },
            vec!["one", "two"],
        ),
        (
            ScanError::Annotation {
                path: path(),
                reason: reason(),
            },
            vec!["odd 17"],
        ),
        (ScanError::TooManyFiles { path: path() }, vec![]),
        (
            ScanError::Ambiguous {
                path: path(),
                groups: vec![group("left", 12), group("", 5)],
                doubts: vec![Doubt::Folders(["OK?".to_owned()].into_iter().collect())],
                unread: vec![path().join("memo.txt")],
            },
            vec![
                "left",
                "12",
                "5",
                "OK?",
                "memo.txt",
                "--normal DIR",
                "image",
            ],
        ),
    ] {
        says(&error, &[&["/set"], &values[..]].concat());
    }
}

#[test]
fn what_could_not_be_done_with_files_is_said() {
    for task in [
        Task::Read,
        Task::List,
        Task::Write,
        Task::WriteIn,
        Task::MakeFolder,
        Task::Remove,
    ] {
        let failed: io::Result<()> = Err(io::ErrorKind::NotFound.into());
        let error = failed
            .doing(task, Path::new("/set"))
            .expect_err("it failed");
        let japanese = error_line(&error, Language::Japanese);
        assert!(
            japanese.contains("/set") && is_japanese(&japanese),
            "{japanese}"
        );
    }
    says(&Occupied::ByWatching(set()), &["/set", "'kizumi watch'"]);
    says(&Occupied::ByOtherTable(set()), &["/set"]);
    says(&SaveAsError::Inside(set()), &["/set"]);
    says(&SaveAsError::NotEmpty(set()), &["/set"]);
    says(&SaveAsError::Stopped(set()), &["/set"]);
    says(&Running(set()), &["/set"]);
}

#[test]
fn what_fails_with_a_model_is_said() {
    let why = || "odd 17".to_owned();
    let device = || ComputeError::Device(why());
    says(&device(), &["odd 17"]);
    says(&ComputeError::Input(why()), &[]);
    says(&ComputeError::NotFinite(why()), &[]);
    says(&ArtifactError::Unreadable(why()), &["odd 17"]);
    says(&ArtifactError::Compute(device()), &["odd 17"]);
    for reason in [Unfit::Format(17), Unfit::Damaged(why())] {
        let path = set();
        says(&ArtifactError::Invalid { path, reason }, &["/set", "17"]);
    }
    says(&LoadError::NoImages, &[]);
    let broken = || LoadError::AllBroken {
        count: 17,
        first: Reason::UnknownFormat.of("/set"),
    };
    says(&broken(), &["17", "/set"]);
    says(&RunError::Load(broken()), &["17", "/set"]);
    says(&RunError::Batches, &[]);
    says(&RunError::Compute(device()), &["odd 17"]);
    for kept in [Kept::Autosave(set()), Kept::Model(set())] {
        let error = TrainingError {
            reason: why(),
            error: Some(std::sync::Arc::new(RunError::Load(broken()).into())),
            panicked: false,
            kept: Some(kept),
        };
        let japanese = error.japanese();
        assert!(is_japanese(&japanese), "{japanese}");
        assert!(japanese.contains("17枚") && japanese.contains("/set"));
    }
}

#[test]
fn a_data_set_and_its_labels_are_counted() {
    let counts = LabelCounts {
        ok: 11,
        ng: 12,
        left_out: 13,
        drawn: 14,
        gone: 15,
        changed: 16,
        unused: 17,
    };
    says(&counts, &["11", "12", "13", "14", "15", "16", "17"]);
    for one in [
        Layout::Mvtec,
        Layout::GoodBad,
        Layout::Masked,
        Layout::Plain,
        Layout::Listed,
        Layout::Given,
    ] {
        assert!(is_japanese(layout(one, Language::Japanese)));
        assert!(!is_japanese(layout(one, Language::English)));
    }
}
