//! How a data set is organised, and how many images it has for what.

use std::fmt;

use kizumi_dataset::catalog::{Catalog, Counts, Layout};
use kizumi_dataset::counts::Tally;

use super::Worded;
use crate::language::Language;

/// How a data set is organised, in a few words.
pub fn layout(layout: Layout, language: Language) -> &'static str {
    let [english, japanese] = match layout {
        Layout::Mvtec => [
            "folders for training and for a test",
            "学習用とテスト用のフォルダ",
        ],
        Layout::GoodBad => [
            "folders of normal and of defective images",
            "良品と不良品のフォルダ",
        ],
        Layout::Masked => [
            "images with masks, which say what they show",
            "良否をマスクが示す画像",
        ],
        Layout::Plain => [
            "images, all taken as normal",
            "画像だけ（すべて良品とみなす）",
        ],
        Layout::Listed => ["a list of images", "画像の一覧表"],
        Layout::Given => ["as the options say", "オプションの指定どおり"],
    };
    match language {
        Language::English => english,
        Language::Japanese => japanese,
    }
}

/// How many images of a data set are for what; displays as a sentence without its full stop.
pub struct Summary(Tally);

impl From<&Tally> for Summary {
    fn from(tally: &Tally) -> Self {
        Self(tally.clone())
    }
}

impl From<&Catalog> for Summary {
    fn from(catalog: &Catalog) -> Self {
        Self(Tally::of(catalog))
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.summary())
    }
}

impl Worded for Summary {
    fn japanese(&self) -> String {
        let Tally { train, test } = &self.0;
        let Counts {
            normal,
            defective,
            unknown,
            kinds,
            masks,
            without_mask: _,
        } = test;
        let unknown = match unknown {
            0 => String::new(),
            unknown => format!("・不明{unknown}枚"),
        };
        match test.all() {
            0 => format!("学習用 良品{train}枚"),
            _ => format!(
                "学習用 良品{train}枚、テスト用 良品{normal}枚・欠陥品{defective}枚\
                 （{}種類）{unknown}、マスク{masks}枚",
                kinds.len()
            ),
        }
    }
}
