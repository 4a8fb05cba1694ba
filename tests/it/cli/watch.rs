//! `kizumi watch`.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use kizumi_dataset::labels::{Change, Label, save};
use serde_json::Value;

use super::{Place, Ran};

/// What watches, until nothing new is there.
fn watch(place: &Place, more: &[&str]) -> Ran {
    let arguments = ["watch", "in", "--out", "out", "--device", "cpu", "--once"];
    place.run(&[&arguments[..], more].concat())
}

/// An image of the data set comes into the folder, a while ago.
fn comes(place: &Place, image: &str, name: &str, age_secs: u64) {
    let bytes = fs::read(place.path(image)).expect("an image");
    place.write(name, &bytes);
    aged(place, name, age_secs);
}

fn aged(place: &Place, name: &str, secs: u64) {
    let file = File::options().write(true).open(place.path(name));
    let then = SystemTime::now() - Duration::from_secs(secs);
    file.expect("a file").set_modified(then).expect("its time");
}

fn rows(place: &Place) -> Vec<Value> {
    let rows = fs::read_to_string(place.path("out/results.jsonl")).unwrap_or_default();
    let rows = rows
        .lines()
        .map(|row| serde_json::from_str(row).expect("JSON"));
    rows.collect()
}

/// The names of the files of the rows, and whether each was inspected.
fn files(place: &Place) -> Vec<(String, bool)> {
    let row = |row: &Value| {
        let path = row["path"].as_str().expect("a path").replace('\\', "/");
        let name = path.rsplit('/').next().expect("a name").to_owned();
        (
            name,
            row["error"].is_null() && row["projected_score"].is_number(),
        )
    };
    rows(place).iter().map(row).collect()
}

fn names(expected: &[(&str, bool)]) -> Vec<(String, bool)> {
    let owned = expected
        .iter()
        .map(|(name, read)| ((*name).to_owned(), *read));
    owned.collect()
}

#[test]
fn labels_say_what_files_show_and_what_holds_the_same_is_known() {
    let place = Place::with_model(1);
    comes(&place, "data/test/good/12.png", "in/first.png", 300);
    let root = place.path("in");
    let ng = Change::of("first.png", root.join("first.png"), Some(Label::NG));
    save(&root, &[ng]).expect("the folder can be written to");
    comes(&place, "data/test/good/12.png", "in/twin.png", 200);
    comes(&place, "data/test/good/13.png", "in/other.png", 100);
    watch(&place, &["--model", "model.safetensors"]).succeeds();
    let kinds = rows(&place);
    let kinds = kinds.iter().map(|row| row["kind"].as_str());
    assert!(kinds.eq([Some("NG"), Some("NG"), None]));
}

#[test]
fn each_file_has_a_row_and_each_that_is_written_anew_another() {
    let place = Place::with_model(1);
    comes(&place, "data/test/good/12.png", "in/late.png", 100);
    comes(&place, "data/test/good/13.png", "in/below/early.png", 200);
    place.write("in/notes.txt", b"no image");
    let model = ["--model", "model.safetensors"];
    watch(&place, &model).succeeds().says("2 images inspected");
    let first = [("early.png", true), ("late.png", true)];
    assert_eq!(
        files(&place),
        names(&first),
        "those written first come first"
    );

    // From another folder, and without naming the model again.
    let arguments = [
        "watch", "../in", "--out", "../out", "--device", "cpu", "--once",
    ];
    let mut again = place.command(&arguments);
    let again = Ran(again
        .current_dir(place.path("data"))
        .output()
        .expect("it starts"));
    again
        .succeeds()
        .says("2 rows before")
        .says("0 images inspected");
    assert_eq!(files(&place), names(&first));

    comes(&place, "data/test/scratch/15.png", "in/late.png", 50);
    watch(&place, &["--json"]).succeeds();
    let now = [&first[..], &[("late.png", true)]].concat();
    assert_eq!(files(&place), names(&now));
    let table = csv::Reader::from_path(place.path("out/results.csv"));
    assert_eq!(table.expect("a table").records().count(), 3);
}

#[test]
fn what_cannot_be_read_has_a_row_that_says_so() {
    let place = Place::with_model(1);
    let image = fs::read(place.path("data/test/good/12.png")).expect("an image");
    place.write("in/cut.png", &image[..image.len() / 2]);
    aged(&place, "in/cut.png", 100);
    let model = ["--model", "model.safetensors"];
    watch(&place, &model)
        .ends_with(1)
        .says("cut.png: is cut off");
    assert_eq!(files(&place), names(&[("cut.png", false)]));
    assert!(
        rows(&place)[0]["error"]
            .as_str()
            .is_some_and(|why| why.contains("cut off"))
    );
    // It was only slow.
    place.write("in/cut.png", &image);
    aged(&place, "in/cut.png", 50);
    watch(&place, &[]).succeeds();
    assert_eq!(
        files(&place),
        names(&[("cut.png", false), ("cut.png", true)])
    );
}

#[test]
fn what_is_copied_lies_below_its_verdict_with_its_pictures() {
    let place = Place::with_model(1);
    comes(&place, "data/test/good/12.png", "in/a/1.png", 100);
    comes(&place, "data/test/scratch/15.png", "in/a_1.png", 50);
    let options = [
        "--model",
        "model.safetensors",
        "--copy",
        "pass,review,reject",
    ];
    watch(&place, &options).succeeds();
    let rows = rows(&place);
    let text = |row: &Value, key: &str| row[key].as_str().expect(key).to_owned();
    for (row, (name, image)) in rows.iter().zip([
        ("a_1", "data/test/good/12.png"),
        ("a_1-2", "data/test/scratch/15.png"),
    ]) {
        let folder = text(row, "verdict");
        assert_eq!(text(row, "copy"), format!("{folder}/{name}.png"));
        let copied = fs::read(place.path("out").join(text(row, "copy"))).expect("a copy");
        assert_eq!(copied, fs::read(place.path(image)).expect("an image"));
        assert_eq!(text(row, "overlay"), format!("{folder}/{name}_overlay.png"));
        assert!(place.path("out").join(text(row, "overlay")).is_file());
        assert!(row["strip"].is_null());
    }
    assert_eq!(rows.len(), 2);
}

#[test]
fn results_of_something_else_and_a_missing_model_are_refused() {
    let place = Place::with_model(1);
    comes(&place, "data/test/good/12.png", "in/1.png", 100);
    watch(&place, &[]).ends_with(2).says("--model is needed");
    place.inspect_into(&["in", "--out", "other"]).succeeds();
    let arguments = ["watch", "in", "--out", "other", "--device", "cpu", "--once"];
    let before = fs::read(place.path("other/results.jsonl")).expect("rows");
    let refused = place.run(&[&arguments[..], &["--model", "model.safetensors"]].concat());
    refused.ends_with(1).says("is not of a watched folder");
    assert_eq!(
        fs::read(place.path("other/results.jsonl")).expect("rows"),
        before
    );
    watch(&place, &["--model", "model.safetensors"]).succeeds();
    let before = rows(&place);
    let over = place.inspect_into(&["in", "--out", "out"]).ends_with(1);
    over.says("the results of a watched folder are there");
    assert_eq!(rows(&place), before);
    let itself = [
        "watch",
        "in",
        "--out",
        "data/../in",
        "--model",
        "model.safetensors",
    ];
    place.run(&itself).ends_with(2).says("would be inspected");
    let file = ["watch", "in/1.png", "--out", "out"];
    place.run(&file).ends_with(1).says("a file, where a folder");
    let other = [
        "watch",
        "data/test/good",
        "--out",
        "out",
        "--device",
        "cpu",
        "--once",
    ];
    place
        .run(&other)
        .succeeds()
        .says("1 of these are of another folder");
    let gone = [
        "watch",
        "nowhere",
        "--out",
        "out",
        "--model",
        "model.safetensors",
    ];
    place.run(&gone).ends_with(1).says("nowhere");
}

#[cfg(unix)]
#[test]
fn a_file_that_comes_later_is_seen_until_it_is_asked_to_end() {
    let place = Place::with_model(1);
    comes(&place, "data/test/good/12.png", "in/1.png", 100);
    let arguments = ["watch", "in", "--out", "out", "--device", "cpu"];
    let mut command = place.command(&[&arguments[..], &["--model", "model.safetensors"]].concat());
    let mut child = command
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    wait_for_rows(&place, &mut child, 1);
    comes(&place, "data/test/good/13.png", "in/2.png", 0);
    wait_for_rows(&place, &mut child, 2);
    // A second one would write between the first one's lines.
    watch(&place, &[]).ends_with(1).says("another run writes");
    let signalled = std::process::Command::new("sh")
        .args(["-c", &format!("kill -TERM {}", child.id())])
        .status();
    assert!(signalled.expect("a shell").success());
    let ended = Ran(child.wait_with_output().expect("it ends"));
    ended.succeeds().says("2 images inspected");
}

#[cfg(unix)]
fn wait_for_rows(place: &Place, child: &mut Child, count: usize) {
    while rows(place).len() < count {
        assert_eq!(child.try_wait().expect("its status"), None, "it has ended");
        sleep(Duration::from_millis(100));
    }
}

#[test]
fn what_started_it_ends_it_with_its_stdin() {
    let place = Place::with_model(1);
    comes(&place, "data/test/good/12.png", "in/a.png", 100);
    let arguments = [
        "watch",
        "in",
        "--out",
        "out",
        "--device",
        "cpu",
        "--model",
        "model.safetensors",
    ];
    let more = ["--json", "--until-stdin-ends"];
    let mut command = place.command(&[&arguments[..], &more].concat());
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut rows = BufReader::new(child.stdout.take().expect("its rows"));
    let mut row = String::new();
    rows.read_line(&mut row).expect("a row");
    let row: Value = serde_json::from_str(&row).expect("JSON");
    assert!(
        row["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("a.png"))
    );
    assert!(matches!(child.try_wait(), Ok(None)), "it goes on");
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success());
    assert_eq!(files(&place), names(&[("a.png", true)]));
}
