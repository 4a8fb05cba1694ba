//! What people say of single images, and what is odd about it.

use kizumi_dataset::labels::{KindFault, Label, LabelCounts, Missing, Remark, WhyUnused};
use kizumi_image::shown::{escaped, shown};

use super::Worded;

/// A label in a word or two.
fn label(label: &Label) -> String {
    match label {
        Label::Ok => "OK".into(),
        Label::Ng { kind: None } => "NG".into(),
        Label::Ng { kind: Some(kind) } => format!("NG {}", escaped(kind)),
        Label::LeftOut => "除外".into(),
    }
}

/// Why a label is applied to no image, in Japanese.
pub fn missing(why: Missing) -> &'static str {
    match why {
        Missing::Gone => "画像がありません",
        Missing::Changed => "画像の中身が変わっています",
        Missing::Unused => "データセットで使われていない画像です",
    }
}

/// Why a drawn mask is applied to no image, in Japanese.
pub fn why_unused(why: WhyUnused) -> &'static str {
    match why {
        WhyUnused::Gone => "マスクのファイルがありません",
        WhyUnused::NotNamed => "対応するラベルがありません",
    }
}

/// Why something is no name of a kind of defect, in Japanese.
pub fn kind_fault(fault: KindFault) -> &'static str {
    match fault {
        KindFault::Separator => "「/」や「\\」が含まれています",
        KindFault::Folder => "フォルダを表す記号です",
        KindFault::Control => "表示されない文字が含まれています",
        KindFault::Long => "長すぎます",
    }
}

impl Worded for LabelCounts {
    fn japanese(&self) -> String {
        let mut parts = vec![format!("OK {}枚", self.ok), format!("NG {}枚", self.ng)];
        let mut some = |count: usize, what: &str| {
            if count > 0 {
                parts.push(format!("{what} {count}枚"));
            }
        };
        some(self.left_out, "除外");
        some(self.drawn, "描いたマスクあり");
        some(self.gone, "画像なし");
        some(self.changed, "画像の中身が変化");
        some(self.unused, "使われていない画像");
        parts.join("、")
    }
}

impl Worded for Remark {
    /// Without a full stop.
    fn japanese(&self) -> String {
        match self {
            Self::Above { file, labels } => {
                format!(
                    "上のフォルダのラベルを{labels}件使っています：{}",
                    shown(file)
                )
            }
            Self::AboveUnread { file, reason } => format!(
                "上のフォルダのラベルを読み込めないため、使っていません：{}（{reason}）",
                shown(file)
            ),
            Self::Twice {
                image,
                used,
                unused,
            } => format!(
                "{} にはラベルが2つあります（{}と{}）。後のものを使います",
                escaped(image),
                label(unused),
                label(used)
            ),
            Self::Contradicted {
                image,
                used,
                unused,
                file,
            } => format!(
                "{} のラベルは{}ですが、{} では{}です。近い方の{}を使います",
                escaped(image),
                label(used),
                shown(file),
                label(unused),
                label(used)
            ),
            Self::KindRefused { image, kind, fault } => format!(
                "{} は種類不明のNGとします。「{}」は種類の名前に使えません（{}）",
                escaped(image),
                escaped(kind),
                kind_fault(*fault)
            ),
        }
    }
}
