//! The house keeps its floors: each layer names only what lies below it.

use std::fs;
use std::path::{Path, PathBuf};

/// A layer, the layers it may name, and the crates it must not.
const LAYERS: [(&str, &[&str], &[&str]); 5] = [
    ("data", &["data"], &["burn", "egui", "eframe", "wgpu"]),
    (
        "compute",
        &["compute", "data"],
        &["egui", "eframe", "crossbeam_channel"],
    ),
    (
        "engine",
        &["engine", "compute", "data"],
        &["burn", "egui", "eframe", "wgpu"],
    ),
    ("cli", &["cli", "compute", "data"], &["egui", "eframe"]),
    ("ui", &["ui", "engine", "data"], &["burn", "wgpu"]),
];

/// Words that a layer's code must not contain, with the reason.
const FORBIDDEN: [(&str, &str, &str); 5] = [
    (
        "compute",
        "thread::spawn",
        "steppers start no threads of their own",
    ),
    ("compute", "Instant", "steppers have no clocks"),
    ("compute", "SystemTime", "steppers have no clocks"),
    ("ui/state", "Instant", "state changes by events alone"),
    ("ui/panels", "Instant", "panels read egui's time"),
];

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

fn layer(name: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name);
    let files = sources(&folder);
    assert!(!files.is_empty(), "layer '{name}' has sources");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("readable source");
        let code: Vec<&str> = text
            .lines()
            .map(|line| line.split("//").next().unwrap_or_default())
            .collect();
        (path, code.join("\n"))
    };
    files.into_iter().map(read).collect()
}

/// What follows each `crate::` in a text; in a group the first names of its members.
fn named_layers(code: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let mut named = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => {
                let mut depth = 0;
                let mut member = String::new();
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => named.push(word(&std::mem::take(&mut member))),
                        _ if depth == 0 => member.push(c),
                        _ => {}
                    }
                }
                named.push(word(&member));
            }
            None => named.push(word(rest)),
        }
    }
    named.retain(|name| LAYERS.iter().any(|(layer, ..)| layer == name));
    named
}

#[test]
fn layers_name_only_what_lies_below() {
    for (name, allowed, forbidden_crates) in LAYERS {
        for (path, code) in layer(name) {
            let path = path.display();
            for other in named_layers(&code) {
                assert!(
                    allowed.contains(&other.as_str()),
                    "{path} names the layer '{other}'"
                );
            }
            for other in forbidden_crates {
                let used = code.contains(&format!("{other}::"))
                    && code.match_indices(&format!("{other}::")).any(|(at, _)| {
                        !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                    });
                assert!(!used, "{path} names the crate '{other}'");
            }
        }
    }
}

#[test]
fn steppers_have_no_threads_and_no_clocks() {
    for (name, word, reason) in FORBIDDEN {
        for (path, code) in layer(name) {
            assert!(
                !code.contains(word),
                "{}: '{word}': {reason}",
                path.display()
            );
        }
    }
}

#[test]
fn the_search_itself_finds_names() {
    let code = "use crate::{data::picture, ui::{self, state}};\nlet x = crate::engine::Engine;";
    assert_eq!(named_layers(code), ["data", "ui", "engine"]);
}
