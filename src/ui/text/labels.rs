//! What people say of single images.

use super::plural;
use crate::ui::state::labelling::LabelFilter;
use kizumi_dataset::labels::{Label, LabelCounts, Missing};
use kizumi_report::words;

words! {
    /// What people say of single images.
    pub struct Labels;

    ok = "OK", "OK";
    ng = "NG", "NG";
    left_out = "left out", "除外";
    /// Buttons.
    set_ok = "Label OK", "OKにする";
    set_ok_help = "It is normal: training learns from it.", "良品です。学習に使います。";
    set_ng = "Label NG", "NGにする";
    set_ng_help = "It is defective: training never learns from it.", "不良品です。学習には使いません。";
    leave_out = "Leave out of training", "学習から除外";
    leave_out_help = "Training does not learn from it; nothing is said of what it shows.",
        "学習に使いません。良品か不良品かは問いません。";
    remove = "Remove the label", "ラベルを消す";
    kind = "Kind of defect", "欠陥の種類";
    new_kind = "New kind", "新しい種類";
    new_kind_help = "Enter labels the image NG, of this kind.", "Enterで、この種類のNGにします。";
    after_key = "After a key the next image is shown. Ctrl+Z takes labels back.",
        "キーを押すと次の画像に進みます。Ctrl+Zで取り消せます。";
    filter = "Labels", "ラベル";
    filters: [&'static str; 3] = ["All", "Labelled", "Not labelled"],
        ["すべて", "ラベルあり", "ラベルなし"];
    heading = "Labels", "ラベル";
    /// How many say what.
    counts: fn(&LabelCounts) -> String =
        |counts| format!("{} OK · {} NG · {} left out", counts.ok, counts.ng, counts.left_out),
        |counts| format!("OK {}・NG {}・除外 {}", counts.ok, counts.ng, counts.left_out);
    unmatched: fn(usize) -> String =
        |number| plural(
            number,
            "1 label is kept and not used",
            "{} labels are kept and not used",
        ),
        |number| format!("使われていないラベルが{number}件あります（保存されています）");
    /// What the file of labels calls an image, and why its label is not used.
    why_not_used: fn(&str, Missing) -> String =
        |image, why| format!("{image}: the image {}", why.words()),
        |image, why| {
            let why = match why {
                Missing::Gone => "画像がありません",
                Missing::Changed => "画像の中身が変わっています",
                Missing::Unused => "データセットで使われていない画像です",
            };
            format!("{image}：{why}")
        };
    /// What the file of labels calls an image, and its name now.
    renamed: fn(&str, &str) -> String =
        |from, to| format!("{from} is {to} by now: the content is the same"),
        |from, to| format!("{from} は現在 {to} です（内容は同じ）");
    /// Why they are not beside the images, and the file.
    kept_aside: fn(&str, &str) -> String =
        |why, path| format!("Labels cannot be kept beside the images ({why}). They are kept in {path}."),
        |why, path| format!("ラベルを画像の隣に保存できません（{why}）。{path} に保存しました。");
    not_kept: fn(&str) -> String =
        |why| format!("Labels are not saved: {why}. They are tried again with the next one."),
        |why| format!("ラベルを保存できません：{why}。次のラベルと一緒に再度保存します。");
}

impl Labels {
    /// A label in a word or two: its kind, where it has one.
    pub fn label(&self, label: &Label) -> String {
        match label {
            Label::Ok => self.ok.into(),
            Label::Ng { kind: None } => self.ng.into(),
            Label::Ng { kind: Some(kind) } => format!("{} {kind}", self.ng),
            Label::LeftOut => self.left_out.into(),
        }
    }

    /// Which images are listed.
    pub fn filter(&self, filter: LabelFilter) -> &'static str {
        self.filters[filter as usize]
    }
}
