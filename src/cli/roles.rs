//! Which folders of a data set hold what, where their names do not say it.

use std::path::{Path, PathBuf};

use clap::Args;

use kizumi_dataset::scan::Roles;

/// What a person says of the folders.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Folders (default: what their names say; each in DATA, or anywhere)")]
pub struct RoleOptions {
    /// Folder of normal images; as often as needed
    #[arg(long, value_name = "DIR", num_args = 1.., action = clap::ArgAction::Append)]
    normal: Vec<PathBuf>,
    /// Folder of images to test with; folders in it are named after what they show
    #[arg(long, value_name = "DIR", num_args = 1.., action = clap::ArgAction::Append)]
    test: Vec<PathBuf>,
    /// Folder of the masks of test images
    #[arg(long, value_name = "DIR", num_args = 1.., action = clap::ArgAction::Append)]
    masks: Vec<PathBuf>,
}

impl RoleOptions {
    /// What is said of the data set at `data`: its own folders go before others of the same name.
    pub fn of(&self, data: &Path) -> Roles {
        let found = |folders: &[PathBuf]| {
            let found = folders.iter().map(|folder| {
                let own = data.join(folder);
                match own.is_dir() {
                    true => own,
                    false => folder.clone(),
                }
            });
            found.collect()
        };
        Roles {
            normal: found(&self.normal),
            test: found(&self.test),
            masks: found(&self.masks),
            ..Roles::default()
        }
    }
}
