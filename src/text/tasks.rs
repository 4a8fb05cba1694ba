//! What could not be done with a file or a folder.

use kizumi_dataset::labels::save_as::SaveAsError;
use kizumi_image::shown::shown;
use kizumi_image::undone::{Task, Undone};
use kizumi_report::Occupied;

use super::Worded;

impl Worded for Undone {
    /// Without its cause.
    fn japanese(&self) -> String {
        let path = shown(&self.path);
        match self.task {
            Task::Read => format!("{path} を読み込めません"),
            Task::List => format!("フォルダ {path} を読み込めません"),
            Task::Write => format!("{path} に書き込めません"),
            Task::WriteIn => format!("フォルダ {path} に書き込めません"),
            Task::MakeFolder => format!("フォルダ {path} を作成できません"),
            Task::Remove => format!("{path} を削除できません"),
        }
    }
}

impl Worded for Occupied {
    fn japanese(&self) -> String {
        match self {
            Self::ByWatching(folder) => format!(
                "{}：監視フォルダの結果があります。続きは'kizumi watch'で行います",
                shown(folder)
            ),
            Self::ByOtherTable(table) => format!("{}：別の内容の表があります", shown(table)),
        }
    }
}

impl Worded for SaveAsError {
    fn japanese(&self) -> String {
        match self {
            Self::Inside(folder) => format!(
                "{}：データセットの中です。別のフォルダを指定してください",
                shown(folder)
            ),
            Self::NotEmpty(folder) => format!("{}：空ではありません", shown(folder)),
            Self::Stopped(folder) => format!("{}：中止しました", shown(folder)),
        }
    }
}
