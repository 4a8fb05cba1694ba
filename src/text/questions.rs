//! Why a folder is no data set, and what a person is asked of one.

use std::path::{Path, PathBuf};

use kizumi_dataset::scan::{Group, ScanError, names_in};
use kizumi_image::shown::shown;

use super::system::answer;
use super::{Worded, few};

impl Worded for ScanError {
    fn japanese(&self) -> String {
        match self {
            Self::Unreadable { path, reason } => {
                format!("{}：読み込めません（{}）。", shown(path), answer(reason))
            }
            Self::NotAFolder { path } => format!(
                "{}：フォルダではなくファイルです。画像のあるフォルダを指定してください。",
                shown(path)
            ),
            Self::NoImages { path, seen } => {
                let path = shown(path);
                let seen = seen.as_ref().map(Worded::japanese).unwrap_or_default();
                format!(
                    "{path}：画像がありません。PNG、JPEG、BMP、TIFF、WebPのファイルを、train/goodとtest/<種類>、\
                     良品と不良品のフォルダ、またはその下のどこかから探しました。{seen}"
                )
            }
            Self::NoneUsed { path, why } => {
                let why: String = why.iter().map(Worded::japanese).collect();
                format!("{}：使える画像がありません。{why}", shown(path))
            }
            Self::GivenTwice { path } => format!(
                "{}：2つの用途に指定されています。フォルダは良品、テスト画像、マスクのどれか1つにしてください。",
                shown(path)
            ),
            Self::HoldsDatasets { path, names } => format!(
                "{}：複数のデータセットがあります。どれか1つを指定してください：{}",
                shown(path),
                names.join("、")
            ),
            Self::Annotation { path, reason } => {
                format!(
                    "{}：アノテーションを読み込めません（{reason}）。",
                    shown(path)
                )
            }
            Self::TooManyFiles { path } => format!(
                "{}：ファイルが100万件を超えています。下のフォルダを指定してください。",
                shown(path)
            ),
            Self::Ambiguous {
                path,
                groups,
                doubts,
                unread,
            } => {
                let doubts: Vec<String> =
                    doubts.iter().map(|doubt| doubt.japanese() + "。").collect();
                format!(
                    "{}：どの画像が良品か判断できません：{}。{}{}良品は--normal DIR、\
                     それ以外は--test DIR、マスクは--masks DIRで指定してください。",
                    shown(path),
                    listed(path, groups),
                    doubts.concat(),
                    not_understood(path, unread)
                )
            }
        }
    }
}

/// "left（12枚）、right（5枚）".
fn listed(root: &Path, groups: &[Group]) -> String {
    let one = |Group { folder, images, .. }: &Group| {
        let below = folder.strip_prefix(root).unwrap_or(folder);
        match below.as_os_str().is_empty() {
            true => format!("フォルダ直下（{images}枚）"),
            false => format!("{}（{images}枚）", shown(below)),
        }
    };
    let all: Vec<String> = groups.iter().map(one).collect();
    all.join("、")
}

/// What may say it, in a sentence; or nothing.
fn not_understood(root: &Path, unread: &[PathBuf]) -> String {
    if unread.is_empty() {
        return String::new();
    }
    format!(
        "良否が書かれている可能性のあるファイルを読み取れません：{}。imageとlabelの列を持つCSVなら読み取れます。",
        few(&names_in(root, unread))
    )
}
