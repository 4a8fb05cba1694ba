//! What people say of single images.

use super::plural;
use crate::text::{Worded as _, kind_fault, missing, why_unused};
use crate::ui::panels::image_list::Moved;
use crate::ui::state::label_news::LabelNews;
use crate::ui::state::labelling::LabelFilter;
use kizumi_dataset::labels::{
    KindFault, Label, LabelCounts, MASKS_FOLDER, Missing, Remark, WhyUnused,
};
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
    /// In the order of [`LabelFilter::ALL`].
    filters: [&'static str; 6] = ["Any label", "Labelled", "Not labelled", "OK", "NG", "Left out"],
        ["ラベル不問", "ラベルあり", "ラベルなし", "OK", "NG", "除外"];
    /// For how many kinds of defects there are keys where this one has none yet.
    no_kind: fn(usize) -> String =
        |known| match known {
            0 => "No kind of defect is known yet: name one under “Kind of defect”, and F2 gives it to images.".into(),
            1 => "Only one kind of defect is known (F2): name another under “Kind of defect”.".into(),
            known => format!("Only {known} kinds of defects are known (F2 to F{}): name another under “Kind of defect”.", known + 1),
        },
        |known| match known {
            0 => "欠陥の種類がまだありません。「欠陥の種類」で名前を付けると、F2で付けられます。".into(),
            1 => "欠陥の種類は1つだけです（F2）。「欠陥の種類」で追加できます。".into(),
            known => format!("欠陥の種類は{known}つです（F2～F{}）。「欠陥の種類」で追加できます。", known + 1),
        };
    sort = "Label by file name…", "ファイル名でラベルを付ける…";
    sort_help = "* stands for any letters, ? for one; capitals do not matter. The first pattern that fits counts.",
        "*は任意の文字列、?は任意の1文字です（大文字・小文字は区別しません）。最初に当てはまったものを使います。";
    sort_pattern: fn(usize) -> String = |number| format!("Pattern {number}"),
        |number| format!("パターン{number}");
    sort_label: fn(usize) -> String = |number| format!("Label of pattern {number}"),
        |number| format!("パターン{number}のラベル");
    sort_kind: fn(usize) -> String = |number| format!("Kind of pattern {number}"),
        |number| format!("パターン{number}の種類");
    sort_drop: fn(usize) -> String = |number| format!("Remove pattern {number}"),
        |number| format!("パターン{number}を削除");
    sort_count: fn(usize) -> String = |number| plural(number, "1 image", "{} images"),
        |number| format!("{number}枚");
    sort_add = "Add a pattern", "パターンを追加";
    sort_relabels = "Also images that have another label", "別のラベルが付いた画像も変更する";
    /// Images that keep another label, and those that fit no pattern.
    sort_rest: fn(usize, usize) -> String =
        |kept, unfit| {
            let kept = plural(kept, "1 keeps another label", "{} keep another label");
            kept + &plural(unfit, ", 1 fits no pattern", ", {} fit no pattern")
        },
        |kept, unfit| format!("別のラベルのまま {kept}枚、該当なし {unfit}枚");
    sort_apply: fn(usize) -> String = |number| plural(number, "Label 1 image", "Label {} images"),
        |number| format!("{number}枚にラベルを付ける");
    sort_close = "Close", "閉じる";
    heading = "Labels", "ラベル";
    /// Images of a folder's kind, how many there are, and what labels made of them.
    group: fn(&str, usize, Moved) -> String =
        |kind, count, moved| group(kind, count, moved, " of "),
        |kind, count, moved| group(kind, count, moved, "／");
    /// How many say what.
    counts: fn(&LabelCounts) -> String =
        |counts| {
            let drawn = match counts.drawn {
                0 => String::new(),
                drawn => format!(" · {}", plural(drawn, "1 mask drawn", "{} masks drawn")),
            };
            format!("{} OK · {} NG · {} left out{drawn}", counts.ok, counts.ng, counts.left_out)
        },
        |counts| {
            let drawn = match counts.drawn {
                0 => String::new(),
                drawn => format!("・描いたマスク {drawn}"),
            };
            format!("OK {}・NG {}・除外 {}{drawn}", counts.ok, counts.ng, counts.left_out)
        };
    /// What has changed since the model was trained.
    set_apart = "This image is OK by its folder already, among those set apart to test with. Training does not learn from it, \
         or the figures would no longer say what an unseen image meets. To learn from it, move its file to the training images.",
        "この画像は、フォルダの分類でもともと評価用の良品です。評価の数値が意味を失わないよう、学習には使いません。\
         学習に使うには、ファイルを学習用の良品フォルダへ移してください。";
    news: fn(&LabelNews) -> String =
        |news| {
            let joined = match news.joined {
                0 => None,
                number => Some(plural(number, "1 more image is normal", "{} more images are normal")),
            };
            let left = match news.left {
                0 => None,
                number => Some(plural(
                    number,
                    "1 image that it learned from is not to be learned from",
                    "{} images that it learned from are not to be learned from",
                )),
            };
            let both: Vec<String> = joined.into_iter().chain(left).collect();
            format!("Since the model was trained: {}.", both.join("; "))
        },
        |news| {
            let joined = (news.joined > 0).then(|| format!("良品が{}枚増えました", news.joined));
            let left = (news.left > 0).then(|| format!("学習に使った{}枚が学習の対象外になりました", news.left));
            let both: Vec<String> = joined.into_iter().chain(left).collect();
            format!("モデルの学習後の変更：{}。", both.join("、"))
        };
    train_again: fn(&LabelNews) -> String =
        |news| match (news.joined, news.left) {
            (joined, 0) => format!("Train again with {joined} more"),
            (0, left) => format!("Train again without {left}"),
            (joined, left) => format!("Train again with {joined} more and without {left}"),
        },
        |news| match (news.joined, news.left) {
            (joined, 0) => format!("{joined}枚を加えて再学習"),
            (0, left) => format!("{left}枚を除いて再学習"),
            (joined, left) => format!("{joined}枚を加え{left}枚を除いて再学習"),
        };
    train_again_help = "Learns a new model from the normal images as they are labelled now.",
        "現在のラベルの良品から新しいモデルを学習します。";
    measure_again = "Measure thresholds again", "しきい値を再測定";
    measure_again_help = "The model stays as it is; its thresholds are measured with these images, too.",
        "モデルはそのままで、これらの画像も加えてしきい値を測定します。";
    save_as = "Save as a data set…", "データセットとして保存…";
    save_as_help = "Writes train/good, test/good, test/<kind> and ground_truth/<kind> to a new folder.",
        "train/good、test/good、test/<種類>、ground_truth/<種類>を新しいフォルダに書き出します。";
    save_copies = "With copies of the images…", "画像をコピーして保存…";
    save_links = "With links to the images…", "画像へのリンクで保存…";
    unknown_not_saved: fn(usize) -> String =
        |number| plural(
            number,
            "1 image without a label is not written: nobody has said what it shows.",
            "{} images without a label are not written: nobody has said what they show.",
        ),
        |number| format!("ラベルのない{number}枚は書き出しません（良品か不良品か不明です）。");
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
            let why = missing(why);
            format!("{image}：{why}")
        };
    masks_not_used: fn(usize) -> String =
        |number| plural(
            number,
            "1 drawn mask is not used",
            "{} drawn masks are not used",
        ),
        |number| format!("使われていない描画マスクが{number}件あります");
    /// The name of a drawn mask, and why it is not used.
    why_mask_not_used: fn(&str, WhyUnused) -> String =
        |mask, why| format!("{MASKS_FOLDER}/{mask}: the mask {}", why.words()),
        |mask, why| {
            let why = why_unused(why);
            format!("{MASKS_FOLDER}/{mask}：{why}")
        };
    /// What the file of labels calls an image, and its name now.
    renamed: fn(&str, &str) -> String =
        |from, to| format!("{from} is {to} by now: the content is the same"),
        |from, to| format!("{from} は現在 {to} です（内容は同じ）");
    /// What is odd about them, without a full stop.
    remark: fn(&Remark) -> String = |remark| remark.to_string(), Remark::japanese;
    /// Why what was typed names no kind.
    kind_refused: fn(KindFault) -> String =
        |fault| format!("No name of a kind: it {}.", fault.words()),
        |fault| format!("種類の名前に使えません：{}。", kind_fault(fault));
    remarks: fn(usize) -> String =
        |number| plural(number, "1 remark on labels", "{} remarks on labels"),
        |number| format!("ラベルについての注意が{number}件あります");
    /// Why they are not beside the images, and the file.
    kept_aside: fn(&str, &str) -> String =
        |why, path| format!("Labels cannot be kept beside the images ({why}). They are kept in {path}."),
        |why, path| format!("ラベルを画像の隣に保存できません（{why}）。{path} に保存しました。");
    not_above: fn(&str) -> String =
        |why| format!("Labels of a folder above still say what they did: {why}."),
        |why| format!("上のフォルダのラベルを書き換えられませんでした：{why}。");
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

/// "unknown  (8 of 13) · OK 3 · NG 2"; "unknown  (13)" where labels say nothing else.
fn group(kind: &str, count: usize, moved: Moved, of: &str) -> String {
    let rest = count - moved.ok - moved.ng;
    if rest == count {
        return format!("{kind}  ({count})");
    }
    let part = |word: &str, number: usize| match number {
        0 => String::new(),
        number => format!(" · {word} {number}"),
    };
    let (ok, ng) = (part("OK", moved.ok), part("NG", moved.ng));
    format!("{kind}  ({rest}{of}{count}){ok}{ng}")
}
