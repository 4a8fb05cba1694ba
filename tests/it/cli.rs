//! The built program, run as a person or a script would.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use kizumi_compute::artifact::Artifact;
use kizumi_image::export::save_picture;
use kizumi_image::picture::Picture;
use kizumi_method::config::{Aspect, Mode, Objective};
use kizumi_method::tuning::Setting;
use serde_json::Value;
use tempfile::TempDir;

use crate::common::{SIZE_PX, pictures};
use crate::maps::read_tiff;

/// The smallest training there is.
pub const QUICK: [&str; 12] = [
    "--features",
    "none",
    "--size",
    "64",
    "--width",
    "4",
    "--latent",
    "4",
    "--batch",
    "8",
    "--device",
    "cpu",
];

/// A folder with images to run the program in.
pub struct Place(TempDir);

impl Place {
    pub fn empty() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder can be made"))
    }

    /// `data` in MVTec layout: 12 normals to learn from, 3 normal and 3 scratched ones for test.
    pub fn with_data(channels: usize) -> Self {
        let place = Self::empty();
        let all = pictures(channels, 18);
        for (i, picture) in all.iter().enumerate() {
            match i {
                0..12 => place.save(&format!("data/train/good/{i}.png"), picture),
                12..15 => place.save(&format!("data/test/good/{i}.png"), picture),
                _ => {
                    let (scratched, mask) = scratched(picture);
                    place.save(&format!("data/test/scratch/{i}.png"), &scratched);
                    place.save(&format!("data/ground_truth/scratch/{i}_mask.png"), &mask);
                }
            }
        }
        place
    }

    /// The same, with `model.safetensors` trained on it.
    pub fn with_model(channels: usize) -> Self {
        let place = Self::with_data(channels);
        place.train(&["--images", "64"]).succeeds();
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn save(&self, name: &str, picture: &Picture) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("it can be made");
        save_picture(&path, picture).expect("a picture can be saved");
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("it can be made");
        fs::write(path, bytes).expect("a file can be written");
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kizumi"));
        command.args(arguments).current_dir(self.0.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran(self
            .command(arguments)
            .output()
            .expect("the program starts"))
    }

    pub fn train(&self, more: &[&str]) -> Ran {
        let arguments = ["train", "data", "--out", "model.safetensors"];
        self.run(&[&arguments, &QUICK[..], more].concat())
    }

    pub fn inspect(&self, more: &[&str]) -> Ran {
        self.inspect_into(&[&["--out", "results"], more].concat())
    }

    /// As [`Place::inspect`], with another folder for the results among the arguments.
    pub fn inspect_into(&self, more: &[&str]) -> Ran {
        let arguments = ["inspect", "model.safetensors", "--device", "cpu"];
        self.run(&[&arguments[..], more].concat())
    }

    pub fn evaluate(&self, more: &[&str]) -> Ran {
        let arguments = ["evaluate", "model.safetensors", "data", "--device", "cpu"];
        self.run(&[&arguments[..], more].concat())
    }

    pub fn model(&self, name: &str) -> Artifact {
        Artifact::load(&self.path(name), &burn::tensor::Device::flex()).expect("a model")
    }
}

/// A picture with a bright bar, and where it is.
fn scratched(picture: &Picture) -> (Picture, Picture) {
    let bar = |y: usize, x: usize| (20..44).contains(&x) && (30..34).contains(&y);
    let (channels, height, width) = (picture.channels, picture.height, picture.width);
    let scratched = Picture::from_fn(channels, height, width, |c, y, x| match bar(y, x) {
        true => 1.0 - picture.at(c, y, x),
        false => picture.at(c, y, x),
    });
    let mask = Picture::from_fn(1, height, width, |_, y, x| f32::from(u8::from(bar(y, x))));
    (scratched, mask)
}

/// How the program ended.
#[derive(Debug)]
pub struct Ran(pub Output);

impl Ran {
    pub fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).expect("stdout is text")
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    #[track_caller]
    pub fn ends_with(self, status: i32) -> Self {
        let stderr = self.stderr();
        assert_eq!(self.0.status.code(), Some(status), "stderr: {stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
        self
    }

    #[track_caller]
    pub fn succeeds(self) -> Self {
        self.ends_with(0)
    }

    /// Exit status 1 and one line that says why.
    #[track_caller]
    pub fn fails_saying(self, reasons: &[&str]) -> Self {
        let ran = self.ends_with(1);
        let stderr = ran.stderr();
        let complaints: Vec<&str> = stderr
            .lines()
            .filter(|l| l.starts_with("kizumi: "))
            .collect();
        let [complaint] = complaints[..] else {
            panic!("one complaint is wanted: {stderr}");
        };
        for reason in reasons {
            assert!(
                complaint.contains(reason),
                "'{reason}' is not in: {complaint}"
            );
        }
        ran
    }

    #[track_caller]
    pub fn says(self, what: &str) -> Self {
        let stderr = self.stderr();
        assert!(stderr.contains(what), "'{what}' is not in: {stderr}");
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        let stdout = self.stdout();
        let last = stdout.lines().last().expect("there is a line");
        serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {stdout}"))
    }
}

// The main job.

#[test]
fn train_inspect_evaluate() {
    let place = Place::with_data(3);
    let trained = place.train(&["--images", "64"]).succeeds();
    assert!(
        trained
            .stdout()
            .starts_with("model.safetensors: 64 training images")
    );
    let trained = trained
        .says("data: 12 normal for training, 3 normal and 3 defective (1 kind) for test, 3 masks.")
        .says("Computing on CPU (Flex)");
    assert!(
        !trained.stderr().contains('\u{1b}'),
        "no progress bar without a terminal"
    );
    let header = place.model("model.safetensors").header;
    assert_eq!((header.images_seen, header.step), (64, 8));
    assert_eq!(header.network.channels, 3);
    assert!(header.calibration.is_some());
    let mean = place.model("model.safetensors").normal_mean;
    assert_eq!(mean.map(|mean| (mean.channels, mean.width)), Some((3, 64)));
    let files: HashSet<_> = fs::read_dir(place.0.path())
        .expect("the folder can be read")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(files.len(), 2, "data and model alone: {files:?}");

    let inspected = place
        .inspect(&["data", "--json"])
        .succeeds()
        .says("6 images inspected")
        .says("how high, 1 normal image does not tell");
    let rows = fs::read_to_string(place.path("results/results.jsonl")).expect("rows");
    assert_eq!(inspected.stdout(), rows);
    let rows: Vec<Value> = rows
        .lines()
        .map(|row| serde_json::from_str(row).expect("a row is JSON"))
        .collect();
    let mut table = csv::Reader::from_path(place.path("results/results.csv")).expect("a table");
    let columns = table.headers().expect("it has a header").clone();
    let records: Vec<_> = table
        .records()
        .map(|record| record.expect("a record"))
        .collect();
    assert_eq!((rows.len(), records.len()), (6, 6));
    for (row, record) in rows.iter().zip(&records) {
        assert_eq!(row.as_object().map(|row| row.len()), Some(columns.len()));
        assert_eq!(row["path"], record[0]);
        let score = |name: &str| row[name].as_f64().expect("a number");
        assert!(score("plain_score") > 0.0);
        assert!(score("projected_score") > 0.0, "no map is empty");
        // Confidence is what score, threshold and scale make of each other.
        let off = (score("projected_score") - score("threshold")) / score("scale");
        assert!((score("confidence") - 1.0 / (1.0 + (-off).exp())).abs() < 1e-4);
        assert!(score("review_threshold") <= score("threshold"));
        // One held-out normal bounds nothing.
        assert_eq!(score("threshold_low"), 0.0);
        assert!(row["threshold_high"].is_null());
        let verdict = row["verdict"].as_str().expect("a verdict");
        let reasons = row["reasons"].as_str().expect("reasons");
        assert_eq!(verdict == "pass", reasons.is_empty(), "{row}");
        assert_eq!(verdict == "reject", reasons == "above-threshold", "{row}");
        assert!(row["projected_percentile"].is_number());
        for picture in ["heatmap", "overlay", "projected", "strip"] {
            let name = row[picture].as_str().expect("a name");
            image::open(place.path("results").join(name)).expect("it is an image");
        }
        let map = row["map"].as_str().expect("a name");
        let (map, _) = read_tiff(&place.path("results").join(map));
        assert_eq!((map.width, map.height), (64, 64));
    }
    assert_eq!(
        (&rows[0]["kind"], &rows[5]["kind"]),
        (&"normal".into(), &"scratch".into())
    );

    let evaluation = place.evaluate(&["--json"]).succeeds().json();
    assert_eq!(evaluation["images"]["normal"], 3);
    assert_eq!(evaluation["images"]["defective"], 3);
    for block in [&evaluation, &evaluation["kinds"]["scratch"]] {
        for map in ["plain", "projected", "mean_image"] {
            for auroc in [
                "pixel_auroc",
                "aupro",
                "image_auroc",
                "image_average_precision",
            ] {
                let value = block[map][auroc].as_f64().expect("a number");
                assert!((0.0..=1.0).contains(&value), "{map} {auroc} {value}");
            }
        }
    }
    assert!(evaluation.get("healing").is_none(), "nobody asked");
    let healing = place.evaluate(&["--json", "--healing"]).succeeds().json()["healing"].clone();
    let share = healing["untouched"].as_f64().expect("a number");
    assert!((0.0..=1.0).contains(&share) && healing["within"].as_f64() > Some(0.0));
    // Of other images than the model's it cannot be measured, which is said; the rest is.
    std::fs::remove_file(place.path("data/train/good/0.png")).expect("it can be removed");
    let other = place.evaluate(&["--json", "--healing"]).succeeds();
    assert!(
        other
            .stderr()
            .contains("open that one to measure how it heals"),
        "{}",
        other.stderr()
    );
    let other = other.json();
    assert!(other.get("healing").is_none() && other["images"] == evaluation["images"]);
    let table = place.evaluate(&[]).succeeds().stdout();
    assert!(
        table.contains("AUPRO") && table.contains("The projection"),
        "{table}"
    );
}

#[test]
fn an_evaluation_leaves_figures_curves_and_pictures() {
    let place = Place::with_model(1);
    // One defect without a mask, one mask that does not fit.
    fs::remove_file(place.path("data/ground_truth/scratch/16_mask.png")).expect("it is there");
    let small = Picture::filled(1, 32, 32, 1.0);
    place.save("data/ground_truth/scratch/15_mask.png", &small);
    let evaluated = place.evaluate(&["--json", "--out", "out/new"]).succeeds();
    let read = |name: &str| fs::read_to_string(place.path("out/new").join(name)).expect(name);
    let json: Value = serde_json::from_str(&read("evaluation.json")).expect("it is JSON");
    assert_eq!(json, evaluated.json());

    let rows = |name: &str| -> Vec<Vec<String>> {
        let text = read(name);
        let reader = csv::Reader::from_reader(text.as_bytes());
        let rows = reader.into_deserialize();
        rows.map(|row| row.expect("a row")).collect()
    };
    let figures = rows("evaluation.csv");
    let names: Vec<_> = figures.iter().map(|row| row[..2].join(", ")).collect();
    assert_eq!(names.len(), 2 * 3, "{names:?}");
    assert_eq!(names[4], "all defects, projected");
    let aupro: f64 = figures[4][3].parse().expect("a number");
    // JSON is read to the last digit but one.
    let in_json = json["projected"]["aupro"].as_f64().expect("a number");
    assert!((in_json - aupro).abs() < 1e-12, "{in_json} {aupro}");
    let curves = rows("curves.csv");
    for curve in ["pixel-roc", "pixel-precision-recall", "pro", "image-roc"] {
        let count = curves.iter().filter(|row| row[2] == curve).count();
        assert!((12..6 * 500).contains(&count), "{curve}: {count} points");
    }

    let sheet = image::open(place.path("out/new/contact_sheet.png")).expect("a picture");
    // Two found beside each other, one missed, three normal ones.
    let pair = 2 * 256 + 2;
    assert_eq!(
        (sheet.width(), sheet.height()),
        (3 * pair + 2 * 8, 3 * 256 + 2 * 48)
    );
    let page = read("contact_sheet.html");
    for name in [
        "test/good/12.png",
        "test/scratch/15.png",
        "test/scratch/16.png",
    ] {
        assert_eq!(page.matches(name).count(), 1, "{name}");
    }
}

#[test]
fn a_model_is_the_same_each_time_and_goes_on_where_it_was() {
    let place = Place::with_data(1);
    let losses = |ran: Ran| {
        let summary = ran.succeeds().json();
        assert_eq!(summary["event"], "finished");
        assert_eq!(summary["ending"], "limit");
        summary["validation"].as_f64().expect("a loss")
    };
    let whole = losses(place.train(&[
        "--json",
        "--images",
        "128",
        "--seed",
        "4",
        "--schedule",
        "constant",
    ]));
    assert_eq!(
        whole,
        losses(place.train(&[
            "--json",
            "--images",
            "128",
            "--seed",
            "4",
            "--schedule",
            "constant"
        ]))
    );
    let half = losses(place.train(&[
        "--json",
        "--images",
        "64",
        "--seed",
        "4",
        "--schedule",
        "constant",
    ]));
    let more = [
        "train",
        "data",
        "--out",
        "more.safetensors",
        "--device",
        "cpu",
        "--json",
    ];
    let resume = ["--resume", "model.safetensors", "--images", "64"];
    let resumed = losses(place.run(&[&more[..], &resume].concat()));
    assert_ne!(half, whole);
    assert!(resumed < 1.2 * half, "{resumed} after {half}");
    assert_eq!(place.model("more.safetensors").header.images_seen, 128);
}

#[test]
fn the_first_limit_ends_training() {
    let place = Place::with_data(1);
    let limits = [
        "--epochs",
        "5",
        "--images",
        "1000000",
        "--time-budget",
        "1s",
        "--json",
    ];
    let summary = place.train(&limits).succeeds().json();
    assert_eq!(summary["ending"], "time-budget");
    assert!(
        summary["images"]
            .as_u64()
            .is_some_and(|images| images < 50_000),
        "{summary}"
    );
}

#[test]
fn settings_reach_the_model() {
    let place = Place::empty();
    for (i, picture) in pictures(1, 4).into_iter().enumerate() {
        let wide = Picture::from_fn(1, 64, 96, |c, y, x| picture.at(c, y, x * 2 / 3));
        place.save(&format!("data/{i}.png"), &wide);
    }
    for (mode, aspect) in [("texture", "stretch"), ("object", "letterbox")] {
        let shape = ["--mode", mode, "--aspect", aspect, "--images", "16"];
        let augment = [
            "--flip-vertical",
            "--rotation-deg",
            "9",
            "--beta",
            "0.5",
            "--seed",
            "3",
        ];
        place.train(&[&shape[..], &augment].concat()).succeeds();
        let model = place.model("model.safetensors");
        assert_eq!(model.normal_mean.is_some(), mode == "object");
        let header = model.header;
        let (expected_mode, expected_aspect) = match mode {
            "texture" => (Mode::Texture, Aspect::Stretch),
            _ => (Mode::Object, Aspect::Letterbox),
        };
        assert_eq!(
            (header.data.mode, header.data.aspect),
            (expected_mode, expected_aspect)
        );
        assert_eq!((header.network.channels, header.network.width), (1, 4));
        assert!(header.training.augment.flip_vertical && !header.training.augment.flip_horizontal);
        assert_eq!(
            (header.training.augment.rotation_deg, header.training.seed),
            (9.0, 3)
        );
        place.inspect(&["data"]).succeeds();
        let (map, _) = read_tiff(&place.path("results/0_map.tiff"));
        let width = if mode == "texture" { 96 } else { 64 };
        assert_eq!((map.width, map.height), (width, 64));
    }
}

#[test]
fn projection_options_are_used() {
    let place = Place::with_model(1);
    let image = "data/test/scratch/15.png";
    let options = [
        "--alpha",
        "0.25",
        "--lambda",
        "0",
        "--iterations",
        "3",
        "--no-early-stop",
    ];
    let more = [
        "--step",
        "plain",
        "--regulariser",
        "l2",
        "--smoothing",
        "0",
        "--json",
    ];
    let row = place
        .inspect(&[&[image], &options[..], &more].concat())
        .succeeds();
    let row = row.says("calibrated with other settings").json();
    assert_eq!((&row["alpha"], &row["lambda"]), (&0.25.into(), &0.0.into()));
    assert_eq!(
        (&row["iterations"], &row["stop"]),
        (&3.into(), &"iterations".into())
    );
    assert!(row["projected_percentile"].is_null() && row["kind"].is_null());
}

#[test]
fn the_distance_and_the_objective_are_chosen() {
    let place = Place::with_data(1);
    place
        .train(&["--images", "16", "--objective", "dssim"])
        .succeeds();
    let header = place.model("model.safetensors").header;
    assert_eq!(header.training.objective, Objective::Dssim);

    let score = |distance: &[&str]| {
        let image = ["data/test/scratch/15.png", "--json", "--lambda", "0"];
        let row = place.inspect(&[&image, distance].concat()).succeeds();
        row.json()["projected_score"].as_f64().expect("a score")
    };
    let mut scores = vec![score(&[])];
    for name in ["absolute-error", "cross-entropy", "dissimilarity"] {
        scores.push(score(&["--distance", name]));
    }
    assert_eq!(score(&["--distance", "squared-error"]), scores[0]);
    for (index, one) in scores.iter().enumerate() {
        assert!(
            one.is_finite() && !scores[..index].contains(one),
            "{scores:?}"
        );
    }
    place
        .inspect(&["data", "--distance", "euclidean"])
        .ends_with(2);
}

#[test]
fn regions_that_the_model_ignores_are_left_out() {
    let place = Place::with_model(1);
    let auroc =
        || place.evaluate(&["--json"]).succeeds().json()["projected"]["pixel_auroc"].clone();
    assert!(auroc().is_number());
    let mut model = place.model("model.safetensors");
    let (_, bar) = scratched(&pictures(1, 1)[0]);
    model.set_ignored(Some(bar.clone()));
    model.save(&place.path("model.safetensors")).expect("saves");
    assert!(auroc().is_null(), "all defective pixels are ignored");

    place.inspect(&["data/test/scratch"]).succeeds();
    let files = fs::read_dir(place.path("results")).expect("results");
    let maps = files.flatten().map(|file| file.path());
    let maps: Vec<_> = maps
        .filter(|path| path.to_string_lossy().ends_with("_map.tiff"))
        .collect();
    assert_eq!(maps.len(), 3);
    for path in maps {
        let (map, _) = read_tiff(&path);
        for (value, bar) in map.pixels.iter().zip(&bar.pixels) {
            assert!(*bar == 0.0 || *value == 0.0);
        }
        assert!(map.max() > 0.0);
    }
}

#[test]
fn names_are_unique_across_folders() {
    let place = Place::with_model(1);
    let both = ["data/test/good/12.png", "data/test/good", "data/test"];
    place.inspect(&both).succeeds();
    let rows = fs::read_to_string(place.path("results/results.jsonl")).expect("rows");
    let names: HashSet<String> = rows
        .lines()
        .map(|row| serde_json::from_str::<Value>(row).expect("JSON")["heatmap"].to_string())
        .collect();
    assert_eq!(names.len(), 1 + 3 + 6);
}

#[test]
fn devices_are_listed() {
    let listing = Place::empty().run(&["devices", "--json"]).succeeds().json();
    assert_eq!(listing["devices"][0]["option"], "cpu");
    assert!(
        listing["auto"]["reason"]
            .as_str()
            .is_some_and(|reason| !reason.is_empty())
    );
}

#[test]
fn bench_measures_what_it_says() {
    let arguments = [
        "bench",
        "--json",
        "--batch",
        "2",
        "--size",
        "64",
        "--channels",
        "1",
    ];
    let ran = Place::empty()
        .run(&[&arguments[..], &["--device", "cpu"]].concat())
        .succeeds();
    let stdout = ran.stdout();
    let row: Value = serde_json::from_str(stdout.lines().next().expect("a row")).expect("JSON");
    assert_eq!(
        (&row["batch"], &row["channels"], &row["size"]),
        (&2.into(), &1.into(), &64.into())
    );
    assert!(row["threads"].is_u64() && row["device"].is_string());
    for figure in ["forward_ms", "projection_ms", "train_ms"] {
        assert!(
            row[figure].as_f64().is_some_and(|value| value > 0.0),
            "{figure}: {row}"
        );
    }
    let features = stdout.lines().filter(|line| line.contains("features_px"));
    let sides = features.map(|line| {
        let row: Value = serde_json::from_str(line).expect("JSON");
        assert!(row["forward_ms"].as_f64() > Some(0.0) && row["gradient_ms"].as_f64() > Some(0.0));
        row["features_px"].as_u64()
    });
    assert_eq!(sides.collect::<Vec<_>>(), [Some(256), Some(512)]);
    // A step needs the forward pass, too.
    assert!(row["train_ms"].as_f64() > row["forward_ms"].as_f64());
    assert!(
        ran.json()["gemm_gflops"]
            .as_f64()
            .is_some_and(|value| value > 0.0)
    );
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let mut child = Place::empty()
        .command(&["devices"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    Ran(child.wait_with_output().expect("it ends")).succeeds();
}

// Bad input.

#[test]
fn usage_errors_have_their_own_status() {
    let place = Place::with_model(1);
    for arguments in [
        "frobnicate",
        "train data",
        "train data --out x --size 100",
        "train data --out x --device tpu",
        "train data --out x --time-budget soon",
        "train data --out x --epochs 0",
        "train data --out x --latent 0",
        "train data --out x --learning-rate 0",
        "train data --out x --validation-fraction 2",
        "train data --out x --resume model.safetensors --size 64",
        "train data --out x --no-augmentation --shift 0.1",
        "inspect model.safetensors --out x",
        "inspect model.safetensors data --out x --alpha=-1",
        "inspect model.safetensors data --out x --opacity 2",
        "evaluate model.safetensors data --smoothing nan",
        "bench --batch 0",
        "--data data devices",
    ] {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let ran = place.run(&arguments).ends_with(2);
        assert!(
            !ran.stderr().is_empty() && ran.stdout().is_empty(),
            "{arguments:?}"
        );
        assert!(!place.path("x").exists(), "{arguments:?}");
    }
}

#[test]
fn quiet_says_nothing_but_errors_and_verbose_says_what_is_done() {
    let place = Place::with_data(1);
    let train = |flags: &[&str]| place.train(&[&["--images", "8"], flags].concat());
    let usual = train(&[]).succeeds().stderr();
    assert!(
        usual.contains("Computing on") && !usual.contains("INFO"),
        "{usual}"
    );
    assert_eq!(train(&["-q"]).succeeds().stderr(), "");
    let before = ["-q", "train", "data", "--out", "model.safetensors"];
    let images = ["--images", "8"];
    let quiet = place.run(&[&before[..], &QUICK, &images].concat());
    assert_eq!(quiet.succeeds().stderr(), "");
    place
        .run(&["-q", "train", "missing", "--out", "x"])
        .fails_saying(&["missing"]);
    let verbose = train(&["-v"]).succeeds().stderr();
    assert!(verbose.contains("INFO kizumi: Kizumi"), "{verbose}");
    place.run(&["-q", "-v", "devices"]).ends_with(2);
}

#[test]
fn folders_without_images_are_refused() {
    let place = Place::empty();
    fs::create_dir(place.path("empty")).expect("a folder can be made");
    place.write("texts/readme.txt", b"no image");
    place.write("file", b"no folder");
    let train = |data: &str| {
        place.run(&[&["train", data, "--out", "model.safetensors"], &QUICK[..]].concat())
    };
    train("missing").fails_saying(&["missing", "No such file"]);
    train("empty").fails_saying(&["empty", "no images found", "PNG", "train/good"]);
    train("texts").fails_saying(&["texts", "no images found", "1 .txt"]);
    train("file").fails_saying(&["file", "is a file"]);
    assert!(!place.path("model.safetensors").exists());

    let place = Place::with_model(1);
    fs::create_dir(place.path("empty")).expect("a folder can be made");
    place
        .inspect(&["missing"])
        .fails_saying(&["missing", "No such file"]);
    place
        .inspect(&["empty"])
        .fails_saying(&["empty", "no images found"]);
    place
        .run(&["evaluate", "model.safetensors", "empty", "--device", "cpu"])
        .fails_saying(&["empty", "no images found"]);
}

#[test]
fn broken_files_are_listed_and_the_rest_is_used() {
    let place = Place::with_data(1);
    let good = fs::read(place.path("data/test/good/12.png")).expect("an image");
    for split in ["train", "test"] {
        place.write(&format!("data/{split}/good/zero.png"), b"");
        place.write(
            &format!("data/{split}/good/text.png"),
            b"this is no image at all",
        );
        place.write(
            &format!("data/{split}/good/cut.png"),
            &good[..good.len() / 2],
        );
        place.write(&format!("data/{split}/good/bomb.png"), &bomb());
    }
    let trained = place.train(&["--images", "16"]).succeeds();
    trained
        .says("4 files could not be used")
        .says("zero.png: is empty")
        .says("text.png: is no PNG")
        .says("cut.png: is cut off")
        .says("bomb.png: is too large");
    place
        .inspect(&["data"])
        .says("zero.png: is empty")
        .says("6 images inspected, 4 could not be used")
        .fails_saying(&["4 of what may be images could not be read"]);
    place
        .evaluate(&[])
        .succeeds()
        .says("4 test images could not be used");
    place
        .inspect(&["data/test/good/zero.png", "data/test/good/text.png"])
        .says("zero.png: is empty")
        .fails_saying(&["none of 2 images"]);

    let place = Place::empty();
    for i in 0..3 {
        place.write(&format!("data/{i}.png"), b"this is no image at all");
    }
    place
        .train(&["--images", "16"])
        .fails_saying(&["can be used"]);
}

#[test]
fn names_too_long_for_pictures_are_shortened_and_end_no_run() {
    let place = Place::with_model(1);
    let picture = pictures(1, 1).remove(0);
    let long = "n".repeat(250);
    for last in ["1", "2"] {
        place.save(&format!("many/{long}{last}.png"), &picture);
    }
    place.save("many/short.png", &picture);
    let ran = place.inspect(&["many", "--pictures", "map"]).succeeds();
    ran.says("names of 2 images are too long")
        .says("3 images inspected");
    let table = fs::read_to_string(place.path("results/results.jsonl")).expect("a table");
    let maps: Vec<Value> = table
        .lines()
        .map(|row| {
            let row: Value = serde_json::from_str(row).expect("JSON");
            row["map"].clone()
        })
        .collect();
    let files: HashSet<&str> = maps.iter().filter_map(Value::as_str).collect();
    assert_eq!(files.len(), 3, "{table}");
    for file in files {
        assert!(place.path("results").join(file).is_file(), "{file}");
    }
}

#[cfg(unix)]
#[test]
fn names_of_files_forge_no_line_and_command_no_terminal() {
    let place = Place::with_model(1);
    let name = "a\nkizumi: forged\u{1b}[2J\u{202e}";
    place.save(&format!("many/{name}.png"), &pictures(1, 1).remove(0));
    place.write(
        &format!("many/{name}-broken.png"),
        b"this is no image at all",
    );
    let ran = place.inspect(&["many", "--pictures", "none"]).ends_with(1);
    for text in [ran.stdout(), ran.stderr()] {
        assert!(
            text.contains("a\\nkizumi: forged\\u{1b}[2J\\u{202e}"),
            "{text}"
        );
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}'),
            "{text}"
        );
        assert!(!text.lines().any(|line| line.starts_with("kizumi: forged")));
    }
}

/// A PNG that claims 100 000 x 100 000 pixels.
fn bomb() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = b"IHDR".to_vec();
    header.extend(100_000u32.to_be_bytes());
    header.extend(100_000u32.to_be_bytes());
    header.extend([8, 0, 0, 0, 0]);
    bytes.extend(13u32.to_be_bytes());
    bytes.extend(&header);
    bytes.extend(crc32(&header).to_be_bytes());
    for empty in [b"IDAT", b"IEND"] {
        bytes.extend([0, 0, 0, 0]);
        bytes.extend(empty);
        bytes.extend(crc32(empty).to_be_bytes());
    }
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    })
}

#[test]
fn few_normals_are_warned_about() {
    let place = Place::empty();
    for (i, picture) in pictures(1, 3).iter().enumerate() {
        place.save(&format!("data/{i}.png"), picture);
    }
    place
        .train(&["--images", "16"])
        .succeeds()
        .says("Only 3 normal images");
    // Normals alone: everything but the figures works.
    let evaluated = place.evaluate(&["--json"]).succeeds().json();
    assert!(evaluated["plain"]["pixel_auroc"].is_null());
    assert!(evaluated["projected"]["image_auroc"].is_null());
    assert!(
        place
            .evaluate(&[])
            .succeeds()
            .stdout()
            .contains("needs defect images")
    );
    place
        .inspect(&["data"])
        .succeeds()
        .says("3 images inspected");
}

#[test]
fn an_odd_mask_is_reported_and_left_out() {
    let place = Place::with_model(1);
    let small = Picture::filled(1, 32, 32, 1.0);
    place.save("data/ground_truth/scratch/15_mask.png", &small);
    place.save("data/ground_truth/scratch/99_mask.png", &small);
    fs::remove_file(place.path("data/ground_truth/scratch/16_mask.png")).expect("it is there");
    let evaluated = place.evaluate(&["--json"]).succeeds();
    assert_eq!(evaluated.json()["images"]["left_out_of_pixel_auroc"], 2);
    assert!(evaluated.json()["plain"]["pixel_auroc"].is_number());
    evaluated
        .says("15_mask.png: is a mask of 32 x 32 pixels for an image of 64 x 64")
        .says("mask without an image")
        .says("without a mask");
}

#[test]
fn channels_are_converted_and_it_is_said_once() {
    let (grey, colour) = (Place::with_model(1), Place::with_model(3));
    let colour_test = colour.path("data/test").display().to_string();
    let grey_test = grey.path("data/test").display().to_string();
    let to_grey = grey
        .inspect(&[&colour_test])
        .succeeds()
        .says("converted to grey");
    assert_eq!(to_grey.stderr().matches("converted to grey").count(), 1);
    let to_colour = colour
        .inspect(&[&grey_test])
        .succeeds()
        .says("repeated to RGB");
    assert_eq!(to_colour.stderr().matches("repeated to RGB").count(), 1);
}

#[test]
fn test_images_that_were_trained_on_are_reported() {
    let place = Place::with_data(1);
    fs::copy(
        place.path("data/train/good/3.png"),
        place.path("data/test/good/leak.png"),
    )
    .expect("a file can be copied");
    let trained = place.train(&["--images", "16"]).succeeds();
    trained
        .says("1 test image is identical")
        .says("leak.png = ");
}

#[test]
fn divergence_stops_and_damages_nothing() {
    let place = Place::with_model(1);
    let before = fs::read(place.path("model.safetensors")).expect("a model");
    place
        .train(&["--images", "800", "--learning-rate", "1e30"])
        .fails_saying(&["nothing was learned", "diverged"]);
    assert_eq!(
        fs::read(place.path("model.safetensors")).expect("a model"),
        before
    );
}

#[test]
fn impossible_targets_are_told_before_the_work() {
    let place = Place::with_model(1);
    place.write("file", b"in the way");
    let train = |out: &str| {
        place.run(
            &[
                &["train", "data", "--out", out, "--images", "8"],
                &QUICK[..],
            ]
            .concat(),
        )
    };
    train("file/model.safetensors").fails_saying(&["file/model.safetensors", "not a folder"]);
    train("data").fails_saying(&["data", "it is a folder"]);
    let inspect = [
        "inspect",
        "model.safetensors",
        "data",
        "--device",
        "cpu",
        "--out",
    ];
    place
        .run(&[&inspect[..], &["file"]].concat())
        .fails_saying(&["file"]);
    place
        .evaluate(&["--out", "file/below"])
        .fails_saying(&["cannot make the folder file/below"]);
    place.run(&["sample-data", "file"]).fails_saying(&["file"]);
    assert_eq!(
        fs::read(place.path("file")).expect("it is there"),
        b"in the way"
    );
    // Read-only for everybody, root included.
    train("/proc/model.safetensors").fails_saying(&["/proc/model.safetensors"]);
}

#[test]
fn foreign_and_truncated_models_are_refused() {
    let place = Place::with_model(1);
    let model = fs::read(place.path("model.safetensors")).expect("a model");
    place.write("cut.safetensors", &model[..model.len() / 2]);
    place.write(
        "text.safetensors",
        b"this is a text, and a rather long one at that",
    );
    place.write("empty.safetensors", b"");
    for (name, reason) in [
        ("cut.safetensors", "truncated"),
        ("text.safetensors", "not a .safetensors file"),
        ("empty.safetensors", "not a model file"),
        ("missing.safetensors", "No such file"),
        ("data", "data"),
    ] {
        for arguments in [
            vec!["inspect", name, "data/test", "--out", "results"],
            vec!["evaluate", name, "data"],
            vec!["train", "data", "--out", "new", "--resume", name],
        ] {
            let arguments = [&arguments[..], &["--device", "cpu"]].concat();
            place.run(&arguments).fails_saying(&[name, reason]);
        }
    }
    assert!(!place.path("new").exists() && !place.path("results").exists());
}

#[test]
fn without_a_display_one_sentence_names_the_headless_command() {
    let place = Place::empty();
    let mut command = place.command(&[]);
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(name);
    }
    for (locale, words) in [
        ("C", "no display"),
        ("ja_JP.UTF-8", "ディスプレイがありません"),
    ] {
        let ran = command.env("LC_ALL", locale).output();
        let ran = Ran(ran.expect("the program starts"));
        ran.fails_saying(&[words, "kizumi inspect"]);
    }
}

// Tuning.

#[test]
fn tune_reports_and_writes_only_what_is_asked_for() {
    let place = Place::with_data(1);
    let train = |share: &str| {
        place
            .train(&["--images", "256", "--validation-fraction", share])
            .succeeds()
    };
    let tune = |more: &[&str]| {
        let arguments = [
            "tune",
            "model.safetensors",
            "data",
            "--device",
            "cpu",
            "--images",
            "4",
        ];
        place.run(&[&arguments[..], more].concat())
    };
    train("0.1");
    tune(&[]).fails_saying(&["normal images: 1"]);

    train("0.4");
    let before = fs::read(place.path("model.safetensors")).expect("a model");
    let told = tune(&[]).succeeds().stdout();
    assert!(told.contains("as before"), "{told}");
    assert!(told.contains("settings tried"), "{told}");
    let ran = tune(&["--json", "--out", "tuned.safetensors"]).succeeds();
    let report = ran.json();
    assert_eq!(
        fs::read(place.path("model.safetensors")).expect("a model"),
        before
    );
    let calibration = place.model("tuned.safetensors").header.calibration;
    let calibration = calibration.expect("calibrated");
    let best: Setting = serde_json::from_value(report["best"].clone()).expect("a setting");
    assert_eq!(best, (calibration.projection, calibration.map));
    assert_eq!(report["changed"], report["best"] != report["start"]);

    tune(&["--adopt", "--out", "x.safetensors"]).ends_with(2);
    tune(&["--out", "data"]).fails_saying(&["data", "folder"]);
    place.write("other/0.png", b"no image");
    let arguments = ["tune", "model.safetensors", "other", "--device", "cpu"];
    place.run(&arguments).fails_saying(&["not the data set"]);
}

/// A picture without anything to do with the others.
fn strange() -> Picture {
    Picture::from_fn(3, SIZE_PX, SIZE_PX, |c, y, x| {
        let checked = (y / 8 + x / 8) % 2 == c % 2;
        if checked { 0.9 } else { 0.1 }
    })
}

#[test]
fn check_lists_the_training_images_that_are_unlike_the_others() {
    let place = Place::with_data(3);
    let alike = place.run(&["check", "data", "--json"]).succeeds().json();
    assert_eq!(
        (&alike["images"], &alike["suspects"]),
        (&12.into(), &0.into())
    );

    place.save("data/train/good/odd.png", &strange());
    let found = place.run(&["check", "data", "--json"]).succeeds().json();
    assert_eq!(
        (&found["images"], &found["suspects"]),
        (&13.into(), &1.into())
    );
    let first = &found["ranking"][0];
    assert!(
        first["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("odd.png"))
    );
    assert_eq!(first["suspect"], true);
    let strict = place.run(&["check", "data", "--strict"]);
    let strict = strict.fails_saying(&["1 of 13 training images looks unlike the others"]);
    assert!(strict.stdout().contains("odd.png  (suspect)"));
}

#[test]
fn what_check_lists_is_left_out_of_training_and_stays_left_out() {
    let place = Place::with_data(3);
    place.save("data/train/good/odd.png", &strange());
    let list = place.run(&["check", "data", "--list"]).succeeds().stdout();
    assert!(list.lines().eq(["data/train/good/odd.png"]), "{list}");
    place.write("strange.txt", list.as_bytes());
    let leave_out = ["--images", "16", "--exclude-list", "strange.txt"];
    let more = [
        "--exclude",
        "data/train/good/3.png",
        "--exclude",
        "train/good/4.png",
    ];
    let trained = place.train(&[&leave_out[..], &more].concat()).succeeds();
    assert!(trained.stderr().contains("3 normal images left out."));
    let dataset = place.model("model.safetensors").header.dataset;
    assert_eq!(dataset.training_images + dataset.validation_images, 10);
    let names = ["3.png", "4.png", "odd.png"].map(|name| format!("train/good/{name}"));
    assert!(dataset.excluded.iter().eq(&names), "{:?}", dataset.excluded);

    // Whoever measures or trains the model on needs not name them again.
    let calibrate = ["calibrate", "model.safetensors", "data", "--device", "cpu"];
    place.run(&calibrate).succeeds();
    let on = [
        "train",
        "data",
        "--out",
        "on.safetensors",
        "--images",
        "16",
        "--device",
        "cpu",
    ];
    let on = [&on[..], &["--resume", "model.safetensors"]].concat();
    place.run(&on).succeeds();
    assert_eq!(place.model("on.safetensors").header.dataset, dataset);
    // Until they are wanted again.
    let take_back = ["--take-back", "data/train/good/3.png"];
    place.run(&[&on[..], &take_back].concat()).succeeds();
    let more = place.model("on.safetensors").header.dataset;
    assert!(more.excluded.iter().eq(&names[1..]), "{:?}", more.excluded);
    assert_eq!(more.training_images + more.validation_images, 11);
    let alone = place.train(&take_back);
    alone.ends_with(2).says("--take-back needs --resume");

    let wrong = place.train(&["--exclude", "data/test/good/12.png"]);
    wrong.fails_saying(&["data/test/good/12.png: is none of the normal images of data"]);
}

#[test]
fn a_picture_of_something_else_is_to_be_looked_at() {
    let place = Place::with_model(3);
    place.save("blank.png", &Picture::filled(3, SIZE_PX, SIZE_PX, 0.5));
    for (name, reason) in [
        ("blank.png", "unlike-model:contrast"),
        ("data/test/good/12.png", ""),
    ] {
        let row = place.inspect(&[name, "--json", "--pictures", "none"]);
        let row = row.succeeds().json();
        let reasons = row["reasons"].as_str().expect("reasons");
        assert_eq!(
            reasons.contains("unlike-model"),
            !reason.is_empty(),
            "{row}"
        );
        assert!(reasons.contains(reason), "{row}");
        if !reason.is_empty() {
            assert_eq!(row["verdict"], "review");
        }
    }
    let said = place
        .inspect(&["blank.png", "--pictures", "none"])
        .succeeds();
    assert!(said.stdout().contains("blank.png: Review, score"));
    assert!(said.stdout().contains("blank, other contrast"));
}
