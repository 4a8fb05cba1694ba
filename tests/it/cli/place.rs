//! A folder to run the program in, and how it ended.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use kizumi_compute::artifact::Artifact;
use kizumi_image::export::save_picture;
use kizumi_image::picture::Picture;
use serde_json::Value;
use tempfile::TempDir;

use crate::common::pictures;

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
        // Not the language of whoever runs the tests.
        for variable in ["LC_ALL", "LC_MESSAGES", "LC_CTYPE"] {
            command.env_remove(variable);
        }
        command.env("LANG", "C.UTF-8");
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
pub fn scratched(picture: &Picture) -> (Picture, Picture) {
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
