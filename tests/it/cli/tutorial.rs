//! The tutorials: their commands work as they stand there.

use std::fs;
use std::path::Path;
use std::process::Command;

const ENGLISH: &str = include_str!("../../../docs/tutorial.md");
const JAPANESE: &str = include_str!("../../../docs/tutorial.ja.md");

/// The commands of a tutorial, in order.
fn commands(tutorial: &str) -> String {
    let blocks = tutorial.split("```sh\n").skip(1);
    let commands = blocks.map(|block| block.split("```").next().unwrap_or_default());
    commands.collect()
}

#[test]
fn the_commands_of_the_tutorial_do_what_it_says() {
    let script = commands(ENGLISH);
    assert_eq!(script, commands(JAPANESE), "both languages do the same");
    assert!(script.lines().count() > 10, "{script}");
    let folder = tempfile::tempdir().expect("a folder");
    let program = Path::new(env!("CARGO_BIN_EXE_kizumi"));
    let beside = program.parent().expect("it lies in a folder");
    let path = std::env::var("PATH").expect("there are programs");
    let ran = Command::new("sh")
        .args(["-e", "-c", &script])
        .current_dir(folder.path())
        .env("PATH", format!("{}:{path}", beside.display()))
        .env("HOME", folder.path())
        .output()
        .expect("there is a shell");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect(name);
    for results in ["first", "second", "inspected"] {
        let rows = read(&format!("{results}/results.jsonl"));
        let verdict = |image: &str| {
            let row = rows.lines().find(|row| row.contains(image)).expect(image);
            let row: serde_json::Value = serde_json::from_str(row).expect("a row is JSON");
            row["verdict"].as_str().expect("a verdict").to_owned()
        };
        assert_eq!(verdict("incoming/rust.png"), "reject", "{results}");
        assert_eq!(verdict("incoming/chip.png"), "reject", "{results}");
        assert_eq!(verdict("incoming/001.png"), "pass", "{results}");
    }
    for picture in ["second/rust_strip.png", "inspected/reject/rust_overlay.png"] {
        assert!(folder.path().join(picture).is_file(), "{picture}");
    }
}
