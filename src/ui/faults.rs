//! Faults of the program itself, which leave reports: who was told of which.

use std::path::{Path, PathBuf};

use crate::logging::panics;

/// Knows which report of this run was told of.
#[derive(Debug, Default)]
pub struct Faults {
    told: Option<PathBuf>,
}

impl Faults {
    /// The newest report of an earlier run in a folder, unless it is `told` or older; it is from now on.
    pub fn of_last_run(&self, folder: &Path, told: &mut Option<String>) -> Option<PathBuf> {
        let report = panics::newest_of_window(folder)?;
        let name = report.file_name()?.to_string_lossy().into_owned();
        // Names begin with the time.
        (Some(&name) > told.as_ref()).then(|| {
            *told = Some(name);
            report
        })
    }

    /// The newest report of this run, once.
    pub fn of_this_run(&mut self, told: &mut Option<String>) -> Option<PathBuf> {
        let report = panics::newest_of_this_run()?;
        if self.told.as_ref() == Some(&report) {
            return None;
        }
        *told = Some(report.file_name()?.to_string_lossy().into_owned());
        self.told = Some(report.clone());
        Some(report)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_the_last_run_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| std::fs::write(folder.path().join(name), "").unwrap();
        let mut told = None;
        let faults = Faults::default();
        assert_eq!(faults.of_last_run(folder.path(), &mut told), None);
        write("panic-command-20261129T150000-1-1.txt");
        assert_eq!(faults.of_last_run(folder.path(), &mut told), None);
        for second in ["20261129T150000", "20261129T150001"] {
            let name = format!("panic-window-{second}-1-1.txt");
            write(&name);
            let report = faults.of_last_run(folder.path(), &mut told);
            assert_eq!(report, Some(folder.path().join(name)));
            assert_eq!(faults.of_last_run(folder.path(), &mut told), None);
        }
    }
}
