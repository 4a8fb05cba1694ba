//! The other way round: the command line that does what was done in the window.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::language::Language;
use kizumi_dataset::scan::Roles;
use kizumi_method::config::{MapConfig, ProjectionConfig};

/// Where `kizumi inspect` writes, when nobody has said where.
const OUT: &str = "results";

/// An inspection.
#[derive(Clone, Debug)]
pub struct InspectLine<'a> {
    /// The model file.
    pub model: &'a Path,
    /// Images and folders.
    pub images: &'a [PathBuf],
    /// What was said of the folders.
    pub roles: &'a Roles,
    /// The settings that the model brings along.
    pub usual: (ProjectionConfig, MapConfig),
    /// Those that the images were inspected with.
    pub wanted: (ProjectionConfig, MapConfig),
}

/// Something that no option can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsaid {
    /// A path that is no text.
    Path,
    /// Folders that were said to hold defective images, or not to be used.
    Roles,
    /// The model's projection halves alpha, and this one did not.
    BackOff,
    /// The model's maps are absolute, and these are not.
    Relative,
}

impl InspectLine<'_> {
    /// The words of the line, the program first, and what they cannot say.
    pub fn words(&self) -> (Vec<String>, Vec<Unsaid>) {
        let mut unsaid = Vec::new();
        let mut path = |path: &Path| {
            if path.to_str().is_none() && !unsaid.contains(&Unsaid::Path) {
                unsaid.push(Unsaid::Path);
            }
            path.to_string_lossy().into_owned()
        };
        let mut words = vec!["kizumi".to_owned(), "inspect".to_owned(), path(self.model)];
        words.extend(self.images.iter().map(|image| path(image)));
        let roles = self.roles;
        for (option, folders) in [
            ("--normal", &roles.normal),
            ("--test", &roles.test),
            ("--masks", &roles.masks),
        ] {
            for folder in folders {
                words.extend([option.to_owned(), path(folder)]);
            }
        }
        if !roles.defective.is_empty() || !roles.unused.is_empty() {
            unsaid.push(Unsaid::Roles);
        }
        words.extend(["--out".to_owned(), OUT.to_owned()]);
        let (settings, unsaid_settings) = settings_words(self.usual, self.wanted);
        words.extend(settings);
        unsaid.extend(unsaid_settings);
        (words, unsaid)
    }
}

/// The options for settings that differ from those that a model brings along, and what they cannot say.
pub fn settings_words(
    (usual, usual_map): (ProjectionConfig, MapConfig),
    (wanted, map): (ProjectionConfig, MapConfig),
) -> (Vec<String>, Vec<Unsaid>) {
    let (mut words, mut unsaid) = (Vec::new(), Vec::new());
    let mut option = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            words.extend([name.to_owned(), value]);
        }
    };
    option("--alpha", number(usual.alpha, wanted.alpha));
    option("--lambda", number(usual.lambda, wanted.lambda));
    option("--iterations", number(usual.iterations, wanted.iterations));
    option("--step", name(&usual.step, &wanted.step));
    option("--omega", number(usual.omega, wanted.omega));
    let period = number(usual.feature_period, wanted.feature_period);
    option("--feature-period", period);
    option("--distance", name(&usual.distance, &wanted.distance));
    option(
        "--regulariser",
        name(&usual.regulariser, &wanted.regulariser),
    );
    option("--map", name(&usual_map.kind, &map.kind));
    option(
        "--smoothing",
        number(usual_map.smoothing_px, map.smoothing_px),
    );
    let percentile = number(usual_map.score_percentile, map.score_percentile);
    option("--score-percentile", percentile);
    let mut flag = |name: &str, is: bool| words.extend(is.then(|| name.to_owned()));
    flag("--back-off", wanted.back_off && !usual.back_off);
    flag("--early-stop", wanted.stop_early && !usual.stop_early);
    flag("--no-early-stop", usual.stop_early && !wanted.stop_early);
    flag("--absolute", usual_map.relative && !map.relative);
    unsaid.extend((usual.back_off && !wanted.back_off).then_some(Unsaid::BackOff));
    unsaid.extend((map.relative && !usual_map.relative).then_some(Unsaid::Relative));
    (words, unsaid)
}

/// The arguments with which another program, which reads rows and says when to end, has a folder watched; what is said
/// to people is in its language.
pub fn watch_arguments(
    folder: &Path,
    model: &Path,
    out: &Path,
    options: &[String],
    language: Language,
) -> Vec<OsString> {
    let paths: [&OsStr; 6] = [
        "watch".as_ref(),
        folder.as_os_str(),
        "--model".as_ref(),
        model.as_os_str(),
        "--out".as_ref(),
        out.as_os_str(),
    ];
    let words = paths.into_iter().map(OsStr::to_owned);
    let fixed = ["--json", "--until-stdin-ends", "--lang", language.code()].map(OsString::from);
    words
        .chain(fixed)
        .chain(options.iter().map(OsString::from))
        .collect()
}

/// A number where it differs; its shortest form is read as the same number again.
fn number<T: PartialEq + ToString>(usual: T, wanted: T) -> Option<String> {
    (wanted != usual).then(|| wanted.to_string())
}

/// The serialised name where it differs.
fn name<T: PartialEq + Serialize>(usual: &T, wanted: &T) -> Option<String> {
    let name = serde_json::to_value(wanted).ok()?;
    (wanted != usual).then(|| name.as_str().map(ToOwned::to_owned))?
}

/// The words as one line, for the shell of this system.
pub fn quoted(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted_word(word)).collect();
    words.join(" ")
}

fn quoted_word(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./:=+,@".contains(letter);
    match word {
        plain if !plain.is_empty() && plain.chars().all(is_plain) => plain.to_owned(),
        // Names of files cannot have double quotes there.
        other if cfg!(windows) => format!("\"{other}\""),
        other => format!("'{}'", other.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Arguments, Command};
    use kizumi_method::config::{Distance, Gate, MapKind, Regulariser, StepRule};

    /// What the command line's own parser makes of the settings of a line.
    fn parsed(line: &InspectLine<'_>) -> (ProjectionConfig, MapConfig) {
        let (words, _) = line.words();
        let arguments = Arguments::try_parse_from(&words).unwrap();
        let Some(Command::Inspect(options)) = arguments.command else {
            panic!("{words:?}");
        };
        let (projection, map) = line.usual;
        options.projection().apply(projection, map).unwrap()
    }

    fn line<'a>(
        images: &'a [PathBuf],
        roles: &'a Roles,
        wanted: (ProjectionConfig, MapConfig),
    ) -> InspectLine<'a> {
        InspectLine {
            model: Path::new("/models/m.safetensors"),
            images,
            roles,
            usual: Default::default(),
            wanted,
        }
    }

    fn others() -> (ProjectionConfig, MapConfig) {
        let projection = ProjectionConfig {
            alpha: 0.1,
            lambda: 1.0 / 3.0,
            iterations: 7,
            step: StepRule {
                through: false,
                gate: Gate::Both,
            },
            distance: Distance::Dissimilarity,
            regulariser: Regulariser::L2,
            stop_early: !ProjectionConfig::default().stop_early,
            back_off: true,
            omega: 0.25,
            feature_period: 3,
        };
        let map = MapConfig {
            kind: MapKind::Structure,
            relative: false,
            smoothing_px: 1.5,
            score_percentile: 99.5,
        };
        (projection, map)
    }

    #[test]
    fn every_setting_is_read_as_it_was() {
        let (images, roles) = ([PathBuf::from("/parts")], Roles::default());
        let (projection, map) = others();
        let usual = (ProjectionConfig::default(), MapConfig::default());
        for wanted in [
            usual,
            (projection, map),
            (
                ProjectionConfig {
                    lambda: 0.0,
                    ..usual.0
                },
                usual.1,
            ),
        ] {
            let line = line(&images, &roles, wanted);
            assert_eq!((parsed(&line), line.words().1), (wanted, Vec::new()));
        }
        // A model that was calibrated with them: back to what is usual elsewhere.
        let [relative, absolute] = [true, false].map(|relative| MapConfig {
            relative,
            ..usual.1
        });
        let back = InspectLine {
            usual: (projection, map),
            ..line(&images, &roles, (usual.0, relative))
        };
        let nearest = ProjectionConfig {
            back_off: true,
            ..usual.0
        };
        assert_eq!(parsed(&back), (nearest, absolute));
        assert_eq!(back.words().1, [Unsaid::BackOff, Unsaid::Relative]);
        let back = InspectLine {
            usual: (usual.0, relative),
            ..line(&images, &roles, (usual.0, absolute))
        };
        assert_eq!(parsed(&back), (usual.0, absolute));
        assert_eq!(back.words().1, []);
    }

    #[test]
    fn only_what_differs_from_the_model_is_said() {
        let (images, roles) = ([PathBuf::from("/parts")], Roles::default());
        let line = line(&images, &roles, Default::default());
        let said = quoted(&line.words().0);
        assert_eq!(
            said,
            "kizumi inspect /models/m.safetensors /parts --out results"
        );
    }

    #[test]
    fn what_is_to_be_watched_is_read_as_it_was_meant() {
        let (projection, map) = others();
        let (mut options, _) = settings_words(Default::default(), (projection, map));
        options.extend(["--device", "cpu", "--mm-per-px", "0.05"].map(str::to_owned));
        let [folder, model, out] = ["/in", "/m.safetensors", "/in-results"].map(Path::new);
        let words = watch_arguments(folder, model, out, &options, Language::Japanese);
        let words = std::iter::once(OsString::from("kizumi")).chain(words);
        let read = Arguments::try_parse_from(words).unwrap();
        assert!(matches!(read.command, Some(Command::Watch(_))));
        assert_eq!(read.output.lang, Some(Language::Japanese));
    }

    #[test]
    fn roles_are_said_and_swallow_no_other_path() {
        let images = ["/parts", "/more"].map(PathBuf::from);
        let roles = Roles {
            normal: vec!["/parts/a".into(), "/parts/b".into()],
            masks: vec!["/parts/m".into()],
            ..Roles::default()
        };
        let line = line(&images, &roles, Default::default());
        let Some(Command::Inspect(options)) =
            Arguments::try_parse_from(line.words().0).unwrap().command
        else {
            panic!("it inspects");
        };
        assert_eq!(options.images(), images);
        let read = options.roles().of(Path::new("/parts"));
        assert_eq!(
            (read.normal, read.masks),
            (roles.normal.clone(), roles.masks.clone())
        );
        let roles = Roles {
            unused: vec!["/parts/old".into()],
            ..roles.clone()
        };
        let line = InspectLine {
            roles: &roles,
            ..line.clone()
        };
        assert_eq!(line.words().1, [Unsaid::Roles]);
    }

    #[cfg(unix)]
    #[test]
    fn the_shell_reads_every_word_as_it_was() {
        let hard = [
            "傷 見/it's \"new\"",
            "$HOME `id` *",
            "a\nb",
            "",
            "plain.png",
            "-x;&|<>()#~",
        ];
        let words: Vec<String> = hard.map(str::to_owned).to_vec();
        let script = format!("printf '%s\\0' {}", quoted(&words));
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .output()
            .unwrap();
        let read = String::from_utf8(output.stdout).unwrap();
        let read: Vec<&str> = read.split_terminator('\0').collect();
        assert_eq!(read, hard);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_text_is_said_to_be_that() {
        use std::os::unix::ffi::OsStrExt as _;
        let odd = PathBuf::from(std::ffi::OsStr::from_bytes(b"/\xff"));
        let roles = Roles::default();
        let line = line(std::slice::from_ref(&odd), &roles, Default::default());
        assert_eq!(line.words().1, [Unsaid::Path]);
    }
}
