//! What people's disks hold beside images: odd names, pipes and devices, models that were changed.

use std::fs;

use kizumi_compute::artifact::Artifact;
use serde_json::Value;

use crate::cli::{Place, QUICK, Ran};
use crate::common::pictures;

/// The rows of `results.jsonl` in a folder.
fn rows(place: &Place, folder: &str) -> Vec<Value> {
    let table = fs::read_to_string(place.path(folder).join("results.jsonl")).expect("a table");
    let rows = table
        .lines()
        .map(|row| serde_json::from_str(row).expect("JSON"));
    rows.collect()
}

#[cfg(unix)]
mod odd {
    use std::collections::HashSet;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::process::Command;

    use super::*;

    #[test]
    fn names_that_differ_in_bytes_that_are_no_text_have_rows_and_pictures_of_their_own() {
        let place = Place::with_model(1);
        place.save("many/plain.png", &pictures(1, 1).remove(0));
        for name in [&b"part-\xff.png"[..], b"part-\xfe.png"] {
            let path = place.path("many").join(OsStr::from_bytes(name));
            fs::copy(place.path("many/plain.png"), path).expect("a copy");
        }
        let broken = OsStr::from_bytes(b"broken-\xff\x1b.png");
        fs::write(place.path("many").join(broken), b"no image").expect("writes");
        let ran = place
            .inspect(&["many", "--pictures", "map", "--json"])
            .ends_with(1);
        ran.says("broken-\\xff\\u{1b}.png: is no PNG");
        let rows = rows(&place, "results");
        let of = |key: &str| -> HashSet<String> {
            let values = rows.iter().map(|row| row[key].as_str().expect("text"));
            values.map(ToOwned::to_owned).collect()
        };
        let paths = of("path");
        assert!(paths.contains("many/part-\\xff.png") && paths.contains("many/part-\\xfe.png"));
        let maps = of("map");
        assert_eq!(maps.len(), 3);
        assert!(maps.contains("part-%ff_map.tiff"), "{maps:?}");
        assert!(
            maps.iter()
                .all(|map| place.path("results").join(map).is_file())
        );
    }

    #[test]
    fn a_folder_and_a_model_whose_names_are_no_text_are_trained_and_gone_on_with() {
        let place = Place::with_data(1);
        let data = OsStr::from_bytes(b"data-\xff\n");
        fs::rename(place.path("data"), place.path("").join(data)).expect("renames");
        let model = OsStr::from_bytes(b"model-\xfe.safetensors");
        let train = |more: &[&str]| {
            let mut command = place.command(&["train"]);
            command.arg(data).arg("--out").arg(model).args(more);
            Ran(command.output().expect("the program starts"))
        };
        let quick = [&QUICK[..], &["--images", "16", "--json"]].concat();
        let trained = train(&quick).succeeds().json();
        assert_eq!(trained["model"], "model-\\xfe.safetensors");
        let mut inspect = place.command(&["inspect", "--device", "cpu", "--out", "results"]);
        inspect.arg(model).arg(data);
        Ran(inspect.output().expect("the program starts")).succeeds();
        let paths = rows(&place, "results");
        assert_eq!(paths[0]["path"], "data-\\xff\n/test/good/12.png");
    }

    fn pipe(place: &Place, name: &str) {
        let path = place.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        let made = Command::new("mkfifo").arg(path).status();
        assert!(made.expect("mkfifo").success());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_no_file_is_said_and_keeps_nobody_waiting() {
        use std::os::unix::fs::symlink;
        let place = Place::with_model(1);
        for part in ["train/good", "test/scratch"] {
            pipe(&place, &format!("data/{part}/pipe.png"));
            let link = |to: &str, name: &str| {
                symlink(to, place.path(&format!("data/{part}/{name}"))).expect("a link");
            };
            link("/dev/zero", "endless.png");
            link("/proc/kmsg", "silent.png");
            link("/proc/self/status", "kernel.png");
        }
        fs::remove_file(place.path("data/ground_truth/scratch/15_mask.png")).expect("a mask");
        pipe(&place, "data/ground_truth/scratch/15_mask.png");
        let ran = place.train(&["--images", "8"]).succeeds();
        ran.says("pipe.png: cannot be read: it is a pipe")
            .says("kernel.png: is empty");
        place
            .evaluate(&[])
            .succeeds()
            .says("endless.png: cannot be read: it is a device");
        place
            .inspect(&["data"])
            .ends_with(1)
            .says("silent.png: is empty");

        pipe(&place, "pipe");
        symlink("/dev/zero", place.path("endless")).expect("a link");
        for (name, what) in [("pipe", "it is a pipe"), ("endless", "it is a device")] {
            for arguments in [
                vec!["inspect", name, "data/test", "--out", "results"],
                vec!["evaluate", name, "data"],
                vec!["calibrate", name, "data"],
                vec!["train", "data", "--out", "new", "--resume", name],
                vec!["train", "data", "--out", name, "--images", "8"],
                vec!["train", "data", "--out", "new", "--exclude-list", name],
            ] {
                let arguments = [&arguments[..], &["--device", "cpu"]].concat();
                place.run(&arguments).fails_saying(&[name, what]);
            }
        }
    }
}

#[test]
fn what_a_shell_puts_on_the_command_line_commands_no_terminal() {
    let place = Place::empty();
    for odd in ["odd\u{1b}[2J\u{202e}", "--odd\u{1b}[2J\u{202e}"] {
        let stderr = place.run(&[odd]).ends_with(2).stderr();
        assert!(stderr.contains("odd\\u{202e}"), "{stderr}");
        assert!(!stderr.contains('\u{1b}') && !stderr.contains('\u{202e}'));
    }
}

#[test]
fn a_model_that_was_changed_is_refused_by_its_name() {
    let place = Place::with_model(1);
    let mut bytes = fs::read(place.path("model.safetensors")).expect("a model");
    let last = bytes.len() - 2;
    bytes[last] ^= 1;
    place.write("changed.safetensors", &bytes);
    for arguments in [
        ["inspect", "changed.safetensors", "data"],
        ["evaluate", "changed.safetensors", "data"],
    ] {
        let arguments = [&arguments[..], &["--device", "cpu", "--out", "results"]].concat();
        place
            .run(&arguments)
            .fails_saying(&["changed.safetensors: damaged", "checksum"]);
    }
}

#[test]
fn settings_of_a_model_that_make_no_sense_are_a_fault_of_its_file() {
    let place = Place::with_model(1);
    let bytes = fs::read(place.path("model.safetensors")).expect("a model");
    let replace = |bytes: &[u8], from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = bytes
            .windows(from.len())
            .position(|piece| piece == from.as_bytes());
        let at = at.unwrap_or_else(|| panic!("{from} is not in the file"));
        [&bytes[..at], to.as_bytes(), &bytes[at + to.len()..]].concat()
    };
    let old = replace(&bytes, "kizumi.checksum", "somebody.else's");
    for (from, to, what) in [
        (r#"\"batch\":8,"#, r#"\"batch\":0,"#, "batch 0 is not"),
        (r#"\"latent\":4"#, r#"\"latent\":0"#, "latent length 0"),
    ] {
        place.write("odd.safetensors", &replace(&old, from, to));
        let inspect = [
            "inspect",
            "odd.safetensors",
            "data",
            "--device",
            "cpu",
            "--out",
            "results",
        ];
        place
            .run(&inspect)
            .fails_saying(&["odd.safetensors: ", what]);
    }
}

#[test]
fn scores_that_are_no_numbers_are_to_be_looked_at_and_never_kept() {
    let place = Place::with_model(1);
    let mut model = place.model("model.safetensors");
    for layer in model.network.layers_mut() {
        layer.weight = layer.weight.clone() * 1e25;
    }
    model
        .save(&place.path("model.safetensors"))
        .expect("its weights are finite");
    let ran = place.inspect(&["data", "--pictures", "none"]).succeeds();
    let stdout = ran.stdout();
    assert!(!stdout.contains("higher than"), "{stdout}");
    for line in stdout.lines() {
        assert!(
            line.contains("Review") && line.contains("no number"),
            "{line}"
        );
    }
    for row in rows(&place, "results") {
        assert_eq!(row["verdict"], "review", "{row}");
        assert_eq!(row["reasons"], "not-a-number");
        assert!(row["projected_score"].is_null() && row["projected_percentile"].is_null());
        assert!(row["confidence"].is_null());
    }
    let before = fs::read(place.path("model.safetensors")).expect("a model");
    let calibrate = ["calibrate", "model.safetensors", "data", "--device", "cpu"];
    place
        .run(&calibrate)
        .fails_saying(&["model.safetensors", "NaN or infinite"]);
    let after = fs::read(place.path("model.safetensors")).expect("it is there still");
    assert!(before == after, "the model is as it was");
    let loaded = Artifact::load(
        &place.path("model.safetensors"),
        &burn::tensor::Device::flex(),
    );
    assert!(loaded.is_ok());
}

#[test]
fn tables_for_spreadsheets_begin_with_a_mark_on_request_and_in_japan() {
    let place = Place::with_model(1);
    let begins = |options: &[&str], locale: &str| {
        let arguments = [
            "inspect",
            "model.safetensors",
            "data",
            "--device",
            "cpu",
            "--out",
            "results",
        ];
        let arguments = [&arguments[..], &["--pictures", "none"], options].concat();
        let mut command = place.command(&arguments);
        command.env_remove("LC_CTYPE").env("LC_ALL", locale);
        Ran(command.output().expect("the program starts")).succeeds();
        let read = |name: &str| fs::read_to_string(place.path("results").join(name)).expect("text");
        assert!(read("results.jsonl").starts_with('{'));
        read("results.csv").starts_with("\u{feff}path,kind,")
    };
    assert!(!begins(&[], "C"));
    assert!(begins(&["--csv-bom"], "C"));
    assert!(begins(&[], "ja_JP.UTF-8"));
    assert!(!begins(&["--no-csv-bom"], "ja_JP.UTF-8"));
    // A part that continues another has no beginning.
    assert!(!begins(&["--csv-bom", "--shard", "2/2"], "C"));
}
