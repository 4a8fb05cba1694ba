//! Errors with their causes, in one line.

use std::error::Error;
use std::io;

use kizumi_compute::artifact::ArtifactError;
use kizumi_compute::model_normals::RecalibrationError;
use kizumi_compute::refusal::Refusal;
use kizumi_compute::tensors::ComputeError;
use kizumi_compute::training::autosave::Running;
use kizumi_compute::training::news::TrainingError;
use kizumi_compute::training::run::RunError;
use kizumi_dataset::labels::LabelError;
use kizumi_dataset::labels::save_as::SaveAsError;
use kizumi_dataset::loader::LoadError;
use kizumi_dataset::scan::ScanError;
use kizumi_image::file_error::{FileError, Reason};
use kizumi_image::setting::InvalidSetting;
use kizumi_image::shown::shown;
use kizumi_image::undone::Undone;
use kizumi_method::settings_text::SettingsTextError;
use kizumi_report::Occupied;

use super::Worded;
use crate::language::Language;

/// The error and its causes in one line. Some errors have their cause in their own text already; it is said once.
pub fn error_line(error: &anyhow::Error, language: Language) -> String {
    match language {
        Language::English => line(error, ": ", ToString::to_string),
        Language::Japanese => japanese_line(error),
    }
}

/// In Japanese what is known; rather in English than not at all.
pub(super) fn japanese_line(error: &anyhow::Error) -> String {
    line(error, "：", |cause| {
        let words = in_japanese(cause).unwrap_or_else(|| cause.to_string());
        words.trim_end_matches('。').to_owned()
    })
}

/// Whether a cause was said already, its English text tells in any language.
fn line(
    error: &anyhow::Error,
    colon: &str,
    words: impl Fn(&(dyn Error + 'static)) -> String,
) -> String {
    let (mut english, mut parts) = (String::new(), Vec::new());
    for cause in error.chain() {
        let text = cause.to_string();
        if parts.is_empty() || !english.contains(&text) {
            english = format!("{english}: {text}");
            parts.push(words(cause));
        }
    }
    parts.join(colon)
}

fn in_japanese(cause: &(dyn Error + 'static)) -> Option<String> {
    fn of<E: Worded + Error + 'static>(cause: &(dyn Error + 'static)) -> Option<String> {
        cause.downcast_ref::<E>().map(Worded::japanese)
    }
    let known = [
        of::<Undone>,
        of::<Occupied>,
        of::<SaveAsError>,
        of::<io::Error>,
        of::<FileError>,
        of::<Reason>,
        of::<ScanError>,
        of::<LabelError>,
        of::<ArtifactError>,
        of::<ComputeError>,
        of::<LoadError>,
        of::<RecalibrationError>,
        of::<TrainingError>,
        of::<RunError>,
        of::<Refusal>,
        of::<InvalidSetting>,
        of::<SettingsTextError>,
        of::<Running>,
    ];
    known.into_iter().find_map(|of| of(cause))
}

impl Worded for LabelError {
    fn japanese(&self) -> String {
        let why = super::system::answer(&self.reason);
        format!("{}：ラベルを読み書きできません（{why}）", shown(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use kizumi_image::undone::{Doing as _, Task};

    use super::*;

    #[test]
    fn causes_are_said_once_in_both_languages() {
        let inner = anyhow::anyhow!("no space left");
        let error = inner
            .context("cannot write a.csv: no space left")
            .context("row 3");
        let said = error_line(&error, Language::English);
        assert_eq!(said, "row 3: cannot write a.csv: no space left");
        let said = error_line(&error, Language::Japanese);
        assert_eq!(said, "row 3：cannot write a.csv: no space left");
    }

    #[test]
    #[cfg(unix)]
    fn known_causes_are_said_in_japanese_wherever_they_stand() {
        let gone: io::Result<()> = Err(io::Error::from_raw_os_error(2));
        let error = gone
            .doing(Task::Write, Path::new("a.csv"))
            .expect_err("it failed")
            .context("row 3");
        assert_eq!(
            error_line(&error, Language::Japanese),
            "row 3：a.csv に書き込めません：ファイルまたはフォルダがありません（os error 2）"
        );
        assert_eq!(
            error_line(&error, Language::English),
            "row 3: cannot write a.csv: No such file or directory (os error 2)"
        );
        let file = anyhow::Error::from(Reason::UnknownFormat.of("a.txt"));
        assert_eq!(
            error_line(&file, Language::Japanese),
            "a.txt：PNG、JPEG、BMP、TIFF、WebPの画像ではありません"
        );
    }
}
