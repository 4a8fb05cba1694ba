//! A settings file that survives crashes, broken contents and a second running program.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde::de::DeserializeOwned;

use kizumi_image::atomic::write_atomic;
use kizumi_image::held::Held;
use kizumi_image::regular;
use kizumi_image::shown::shown;

/// Far more than any of these files has. What is larger is something else.
pub const BYTES_MAX: u64 = 256 << 20;

/// A JSON file of settings.
///
/// The first program that opens it owns it until the value is dropped: it holds a lock on a sibling
/// (`settings.lock`), not on the file, since saving replaces the file. Others read and never save.
#[derive(Debug)]
pub struct SettingsFile {
    path: PathBuf,
    /// What people call it.
    what: &'static str,
    /// Held, not read. `None` if this program must not save.
    lock: Option<Held>,
}

/// What opening a settings file gives: always something to work with.
#[derive(Debug)]
pub struct OpenedSettings<T> {
    /// Where to save.
    pub file: SettingsFile,
    /// The settings read, or the defaults.
    pub settings: T,
    /// What a person should know, in sentences.
    pub warnings: Vec<String>,
}

/// `settings.json` in the user's configuration folder (`~/.config/kizumi` on Linux); `None` if the
/// user has no home.
pub fn default_path() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "kizumi")?;
    Some(folders.config_dir().join("settings.json"))
}

impl SettingsFile {
    /// Reads the settings at `path`, making its folder if need be, and takes the right to save them.
    /// `what` is what people call them: "settings".
    ///
    /// A missing file gives the defaults. So does a broken one, which is renamed
    /// (`settings.json` to `settings.broken.json`) and reported. A file that cannot be read is left
    /// alone and never saved over.
    pub fn open<T>(path: &Path, what: &'static str) -> OpenedSettings<T>
    where
        T: DeserializeOwned + Default,
    {
        let (mut file, warning) = Self::take(path, what);
        let mut warnings = Vec::from_iter(warning);
        let settings = match regular::read(path, BYTES_MAX) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                warnings.push(file.set_aside(&error));
                T::default()
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => T::default(),
            Err(error) => {
                file.lock = None;
                warnings.push(format!(
                    "The {what} cannot be read and will not be saved: {}: {error}.",
                    shown(path)
                ));
                T::default()
            }
        };
        OpenedSettings {
            file,
            settings,
            warnings,
        }
    }

    /// Takes the right to save the file at `path`, making its folder if need be, whatever it holds. Says why it will
    /// not be saved, if so.
    pub fn take(path: &Path, what: &'static str) -> (Self, Option<String>) {
        let lock = acquire(path);
        let warning = lock.as_ref().err();
        let warning = warning.map(|reason| format!("The {what} will not be saved: {reason}."));
        let file = Self {
            path: path.to_owned(),
            what,
            lock: lock.ok(),
        };
        (file, warning)
    }

    /// Whether [`SettingsFile::save`] writes.
    pub fn is_saving(&self) -> bool {
        self.lock.is_some()
    }

    /// Replaces the file, or does nothing if another program owns it.
    ///
    /// # Errors
    /// If the settings would not come back (a float that is not finite becomes `null` in JSON) or
    /// the file cannot be written; the text names it. The old file stays as it was.
    pub fn save<T: Serialize + DeserializeOwned>(&self, settings: &T) -> Result<()> {
        if !self.is_saving() {
            return Ok(());
        }
        let bytes = serde_json::to_vec_pretty(settings)
            .with_context(|| format!("cannot write {}", shown(&self.path)))?;
        ensure!(
            serde_json::from_slice::<T>(&bytes).is_ok(),
            "cannot write {}: the settings would not be readable again",
            shown(&self.path)
        );
        write_atomic(&self.path, &bytes)
    }

    /// Moves a file that is not valid out of the way and says so.
    fn set_aside(&mut self, error: &serde_json::Error) -> String {
        let (what, path) = (self.what, shown(&self.path));
        if !self.is_saving() {
            return format!("The {what} cannot be used: {path} is broken ({error}).");
        }
        let aside = self.path.with_extension("broken.json");
        match fs::rename(&self.path, &aside) {
            Ok(()) => format!(
                "The {what} cannot be used: {path} was broken ({error}) and is kept as {}.",
                shown(&aside)
            ),
            Err(renaming) => {
                // Saving would destroy what could not be moved.
                self.lock = None;
                format!(
                    "The {what} cannot be used and will not be saved: {path} is broken ({error}) \
                     and cannot be renamed ({renaming})."
                )
            }
        }
    }
}

/// The lock file, locked; the error says why this program must not save.
fn acquire(path: &Path) -> Result<Held, String> {
    let lock_path = path.with_extension("lock");
    let named = |error: io::Error| format!("{}: {error}", shown(&lock_path));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", shown(folder)))?;
    }
    if let Ok(metadata) = fs::metadata(&lock_path) {
        regular::check(&metadata).map_err(named)?;
    }
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock_path)
        .map_err(named)?;
    // Where files cannot be locked two programs may overwrite each other's settings, which is better than
    // never to save any.
    Held::take(file).ok_or_else(|| "another window is open and saves its own".into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Settings {
        alpha: f32,
        recent: Vec<String>,
    }

    fn some() -> Settings {
        Settings {
            alpha: 0.25,
            recent: vec!["a/b".into()],
        }
    }

    #[test]
    fn settings_round_trip_and_make_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/settings.json");
        let opened = SettingsFile::open::<Settings>(&path, "settings");
        assert_eq!(opened.settings, Settings::default());
        assert_eq!(opened.warnings, Vec::<String>::new());
        opened.file.save(&some()).unwrap();
        drop(opened);
        let again = SettingsFile::open::<Settings>(&path, "settings");
        assert_eq!(again.settings, some());
        assert!(again.warnings.is_empty() && again.file.is_saving());
    }

    #[test]
    fn a_broken_file_is_kept_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        for broken in [&b"{\"alpha\": 0.2"[..], b"", b"\xff\xfe", b"[1, 2]"] {
            fs::write(&path, broken).unwrap();
            let opened = SettingsFile::open::<Settings>(&path, "settings");
            assert_eq!(opened.settings, Settings::default());
            assert!(opened.warnings[0].contains("settings.broken.json"));
            let aside = folder.path().join("settings.broken.json");
            assert_eq!(fs::read(aside).unwrap(), broken);
            opened.file.save(&some()).unwrap();
        }
    }

    #[test]
    fn the_second_program_reads_and_does_not_save() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let first = SettingsFile::open::<Settings>(&path, "settings");
        first.file.save(&some()).unwrap();

        let second = SettingsFile::open::<Settings>(&path, "settings");
        assert_eq!(second.settings, some());
        assert!(!second.file.is_saving());
        assert!(second.warnings[0].contains("another window"));
        second.file.save(&Settings::default()).unwrap();
        assert_eq!(
            serde_json::from_slice::<Settings>(&fs::read(&path).unwrap()).unwrap(),
            some()
        );

        drop(first);
        assert!(
            SettingsFile::open::<Settings>(&path, "settings")
                .file
                .is_saving()
        );
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        fs::create_dir(&path).unwrap();
        let opened = SettingsFile::open::<Settings>(&path, "settings");
        assert!(opened.warnings[0].contains(&path.display().to_string()));
        assert!(!opened.file.is_saving());

        let file = folder.path().join("file");
        fs::write(&file, "x").unwrap();
        let opened = SettingsFile::open::<Settings>(&file.join("settings.json"), "settings");
        assert!(!opened.warnings.is_empty() && !opened.file.is_saving());
        assert_eq!(fs::read(&file).unwrap(), b"x");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_no_file_keeps_nobody_waiting_and_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["pipe.json", "locked.lock"] {
            let made = std::process::Command::new("mkfifo")
                .arg(path(name))
                .status();
            assert!(made.unwrap().success());
        }
        std::os::unix::fs::symlink("/dev/zero", path("endless.json")).unwrap();
        for (name, what) in [
            ("pipe.json", "a pipe"),
            ("endless.json", "a device"),
            ("locked.json", "a pipe"),
        ] {
            let opened = SettingsFile::open::<Settings>(&path(name), "settings");
            assert_eq!(opened.settings, Settings::default());
            assert!(!opened.file.is_saving());
            assert!(opened.warnings[0].contains(what), "{:?}", opened.warnings);
        }
    }

    #[test]
    fn settings_that_would_not_come_back_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let opened = SettingsFile::open::<Settings>(&path, "settings");
        opened.file.save(&some()).unwrap();
        let poisoned = Settings {
            alpha: f32::NAN,
            ..some()
        };
        assert!(opened.file.save(&poisoned).is_err());
        drop(opened);
        assert_eq!(
            SettingsFile::open::<Settings>(&path, "settings").settings,
            some()
        );
    }
}
