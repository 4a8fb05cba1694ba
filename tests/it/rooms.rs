//! The house keeps its rooms apart: what the compiler cannot hold, these tests do. Doors between
//! crates are in their manifests; inside a crate the sources are searched.

use std::fs;
use std::path::{Path, PathBuf};

/// A crate, the crates of the house that it may use, and the foreign ones that it must not.
const ROOMS: [(&str, &[&str], &[&str]); 8] = [
    ("image", &[], &["burn", "wgpu", "egui", "eframe"]),
    ("method", &["image"], &["burn", "wgpu", "egui", "eframe"]),
    (
        "dataset",
        &["image", "method"],
        &["burn", "wgpu", "egui", "eframe"],
    ),
    (
        "kernel",
        &["image", "method"],
        &["burn", "wgpu", "egui", "eframe"],
    ),
    (
        "features",
        &["image", "method", "kernel"],
        &["burn", "wgpu", "egui", "eframe"],
    ),
    (
        "report",
        &["image", "method", "dataset"],
        &["burn", "wgpu", "egui", "eframe"],
    ),
    (
        "compute",
        &["image", "method", "dataset", "kernel", "features"],
        &["egui", "eframe", "crossbeam-channel"],
    ),
    (
        "engine",
        &["image", "method", "dataset", "features", "compute"],
        &["burn", "wgpu", "egui", "eframe"],
    ),
];

/// Words that code in a folder must not contain, with the reason.
const FORBIDDEN: [(&str, &str, &str); 9] = [
    (
        "crates/compute/src",
        "thread::spawn",
        "steppers start no threads of their own",
    ),
    ("crates/compute/src", "Instant", "steppers have no clocks"),
    (
        "crates/compute/src",
        "SystemTime",
        "steppers have no clocks",
    ),
    ("src/ui/state", "Instant", "state changes by events alone"),
    ("src/ui/panels", "Instant", "panels read egui's time"),
    ("src/ui", "crate::cli", "the window needs no command line"),
    ("src/cli", "crate::ui", "the command line needs no window"),
    ("src", "burn::", "only crates/compute names burn"),
    ("src/cli", "egui::", "the command line needs no window"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a source folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// A file's text without comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("readable source");
    let code: Vec<&str> = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect();
    code.join("\n")
}

/// The packages that a crate's program, not its tests, depends on.
fn dependencies(room: &str) -> Vec<String> {
    let path = root().join("crates").join(room).join("Cargo.toml");
    let manifest = fs::read_to_string(path).expect("a manifest");
    let (_, after) = manifest
        .split_once("[dependencies]\n")
        .expect("dependencies");
    let section = after.split("\n[").next().unwrap_or_default();
    let name = |line: &str| line.split(['.', ' ', '=']).next().map(str::to_owned);
    section
        .lines()
        .filter_map(name)
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn doors_lead_down_only() {
    for (room, open, closed) in ROOMS {
        let named = dependencies(room);
        assert!(!named.is_empty(), "{room} depends on nothing");
        for other in named {
            if let Some(other) = other.strip_prefix("kizumi-") {
                assert!(open.contains(&other), "{room} depends on {other}");
            }
            assert!(
                !closed.contains(&other.as_str()),
                "{room} depends on {other}"
            );
        }
    }
}

#[test]
fn unsafe_code_is_in_the_kernel_alone() {
    let crates = fs::read_dir(root().join("crates")).expect("the crates");
    let mut folders: Vec<PathBuf> = crates.flatten().map(|entry| entry.path()).collect();
    folders.retain(|folder| !folder.ends_with("kernel"));
    folders.push(root().join("src"));
    assert!(folders.len() >= ROOMS.len());
    for path in folders.iter().flat_map(|folder| sources(folder)) {
        let allows = code(&path).contains("allow(unsafe_code)");
        assert!(!allows, "{} allows unsafe code", path.display());
    }
}

#[test]
fn words_stay_out_of_where_they_do_not_belong() {
    for (folder, word, reason) in FORBIDDEN {
        let files = sources(&root().join(folder));
        assert!(!files.is_empty(), "{folder} has sources");
        for path in files {
            let found = code(&path).match_indices(word).any(|(at, _)| {
                !code(&path)[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
            });
            assert!(!found, "{}: '{word}': {reason}", path.display());
        }
    }
}
