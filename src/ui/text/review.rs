//! Step 4: inspecting a whole folder and deciding.

use crate::ui::panels::numbers::{count, duration};
use crate::ui::state::review_view::{CurveKind, Sort};
use crate::ui::state::set::Stale;
use kizumi_method::decision::Verdict;

/// Step 4: inspecting a whole folder and deciding.
pub struct Review {
    pub images_heading: &'static str,
    pub source_test: fn(usize) -> String,
    pub source_normals: fn(usize) -> String,
    pub source_help: &'static str,
    pub inspect_all: fn(usize) -> String,
    pub inspect_again: fn(usize) -> String,
    pub pause: &'static str,
    pub resume: &'static str,
    pub stop: &'static str,
    pub stop_help: &'static str,
    pub asked: &'static str,
    pub paused: &'static str,
    /// Images done, images in all, seconds left.
    pub progress: fn(usize, usize, Option<f64>) -> String,
    pub stopped: fn(usize, usize) -> String,
    pub waits_for_training: &'static str,

    pub empty: &'static str,
    pub empty_no_data: &'static str,
    pub empty_no_model: &'static str,
    pub nothing_admitted: &'static str,
    pub show_all: &'static str,
    pub stale: [&'static str; 3],

    pub decision_heading: &'static str,
    pub question: &'static str,
    pub question_help: &'static str,
    pub unsure: &'static str,
    pub unsure_help: &'static str,
    pub review_above: &'static str,
    pub review_above_help: &'static str,
    pub reject_above: &'static str,
    pub reject_above_help: &'static str,
    pub by_hand: &'static str,
    pub automatic: &'static str,
    pub held_out: fn(usize) -> String,
    pub held_out_help: &'static str,
    pub other_parameters: &'static str,
    pub measure_again: &'static str,
    pub this_set: fn(usize) -> String,
    pub no_normals: &'static str,
    /// Normals there are, normals it takes.
    pub too_few: fn(usize, usize) -> String,

    pub verdicts: [&'static str; 3],
    /// Review and reject.
    pub thresholds: fn(&str, &str) -> String,
    pub no_verdict: &'static str,
    pub truths: [&'static str; 2],
    pub normalised_help: &'static str,

    pub summary: fn(&Summary) -> String,
    pub summary_part: fn(usize, usize) -> String,
    /// Names of the curves' areas.
    pub areas: [&'static str; 2],
    pub areas_help: &'static str,
    pub only_normals: &'static str,

    pub histogram_heading: &'static str,
    pub histogram_name: &'static str,
    pub histogram_help: &'static str,
    pub held_out_legend: &'static str,
    pub histogram_empty: &'static str,
    pub confusion_heading: &'static str,
    pub confusion_help: &'static str,
    pub cell: fn(&str, &str, u64) -> String,
    pub broken: fn(usize) -> String,
    pub changed: fn(usize) -> String,
    pub changed_help: &'static str,
    pub curves: [&'static str; 2],
    pub curve_names: [&'static str; 2],
    pub curve_axes: [(&'static str, &'static str); 2],
    pub curve_help: &'static str,
    pub curve_plain: &'static str,
    pub curve_projected: &'static str,
    pub curve_empty: &'static str,

    pub sort: &'static str,
    pub sorts: [&'static str; 3],
    pub reversed: &'static str,
    pub search: &'static str,
    pub kind: &'static str,
    pub any_kind: &'static str,
    pub defective: &'static str,
    pub verdict: &'static str,
    pub any_verdict: &'static str,
    pub fate_changed: &'static str,
    pub fate_broken: &'static str,
    pub fate_waiting: &'static str,
    pub overlay: &'static str,
    pub shown: fn(usize, usize) -> String,
    pub wall_help: &'static str,
    pub tile_scores: fn(&TileScores<'_>) -> String,
    pub tile_broken: &'static str,
    pub tile_waiting: &'static str,

    pub pixels_heading: &'static str,
    pub pixels_empty: &'static str,
    pub pixels_no_defects: &'static str,
    pub pixel_auroc: &'static str,
    pub pixel_auroc_help: &'static str,
    pub pixel_share: &'static str,
    pub pixel_share_help: &'static str,
    pub pixel_threshold: &'static str,
    pub pixel_threshold_help: &'static str,
    pub pixel_precision: &'static str,
    pub pixel_precision_help: &'static str,
    pub pixel_recall: &'static str,
    pub pixel_recall_help: &'static str,

    pub status_none: &'static str,
    pub status_done: fn(usize) -> String,
    pub status_running: fn(usize, usize) -> String,
}

/// Shares of good and of defective parts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// Good parts rejected.
    pub false_alarms: Option<f64>,
    /// Good parts to be looked at.
    pub good_unsure: Option<f64>,
    /// Defective parts rejected.
    pub found: Option<f64>,
    /// Defective parts to be looked at.
    pub defective_unsure: Option<f64>,
}

/// What a tile's tooltip says.
#[derive(Clone, Copy, Debug)]
pub struct TileScores<'a> {
    /// The file.
    pub path: &'a str,
    /// Good, or which defect.
    pub kind: &'a str,
    /// Raw and normalised projected score.
    pub projected: (&'a str, &'a str),
    /// Raw and normalised plain score.
    pub plain: (&'a str, &'a str),
    /// What the plain score would have said, when it differs.
    pub plain_verdict: Option<&'a str>,
}

impl Review {
    pub fn verdict_word(&self, verdict: Verdict) -> &'static str {
        self.verdicts[verdict as usize]
    }

    pub fn stale(&self, stale: Stale) -> &'static str {
        let [model, parameters, images] = self.stale;
        match stale {
            Stale::Model => model,
            Stale::Parameters => parameters,
            Stale::Images => images,
        }
    }

    pub fn sort_word(&self, sort: Sort) -> &'static str {
        let [score, name, change] = self.sorts;
        match sort {
            Sort::Score => score,
            Sort::Name => name,
            Sort::Change => change,
        }
    }

    pub fn curve(&self, curve: CurveKind) -> &'static str {
        self.curves[curve as usize]
    }
}

/// A share in percent, as fine as it has to be.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if (percent - percent.round()).abs() < 0.05 || percent >= 10.0 {
        format!("{percent:.0} %")
    } else {
        format!("{percent:.1} %")
    }
}

/// English.
pub static ENGLISH: Review = Review {
    images_heading: "Images",
    source_test: |number| format!("Test images ({})", count(number as u64)),
    source_normals: |number| format!("Normal images ({})", count(number as u64)),
    source_help: "Which images are inspected. Most of the normal ones were trained on, so their \
        scores are lower than those of new parts.",
    inspect_all: |number| match number {
        1 => "Inspect 1 image".to_owned(),
        _ => format!("Inspect all {} images", count(number as u64)),
    },
    inspect_again: |number| match number {
        1 => "Inspect 1 image again".to_owned(),
        _ => format!("Inspect {} images again", count(number as u64)),
    },
    pause: "Pause",
    resume: "Resume",
    stop: "Stop",
    stop_help: "Ends inspecting; what was inspected stays.",
    asked: "The first image is on its way…",
    paused: "Paused",
    progress: |done, all, left_secs| {
        let done = format!("{} of {}", count(done as u64), count(all as u64));
        match left_secs {
            Some(seconds) => format!("{done}, {} left", duration(seconds)),
            None => done,
        }
    },
    stopped: |done, all| {
        format!(
            "Stopped after {} of {} images.",
            count(done as u64),
            count(all as u64)
        )
    },
    waits_for_training: "Inspecting waits until training has ended.",

    empty: "Inspect all images of the folder, then choose how many false alarms are acceptable.",
    empty_no_data: "Open a folder of images to inspect all of them at once.",
    empty_no_model: "A model is needed to inspect these images.",
    nothing_admitted: "No image is like that.",
    show_all: "Show all",
    stale: [
        "These results were made with another model.",
        "These results were made with other settings.",
        "These results are of other images.",
    ],

    decision_heading: "Decision",
    question: "How many false alarms on good parts are acceptable?",
    question_help: "The share of good parts that may be rejected. The threshold follows from the \
        scores of normal images.",
    unsure: "Unsure",
    unsure_help: "A further share of good parts that a person may look at. 0 is no unsure band.",
    review_above: "Review above",
    review_above_help: "Images with a higher projected score should be looked at by a person.",
    reject_above: "Reject above",
    reject_above_help: "Images with a higher projected score are rejected. Normalised scores have \
        0.5 here.",
    by_hand: "Thresholds set by hand",
    automatic: "Follow the question again",
    held_out: |number| match number {
        1 => "Measured on 1 held-out normal image.".to_owned(),
        _ => format!(
            "Measured on {} held-out normal images.",
            count(number as u64)
        ),
    },
    held_out_help: "Normal images that were kept out of training.",
    other_parameters: "They were projected with other settings.",
    measure_again: "Measure them again",
    this_set: |number| {
        format!(
            "The model has no held-out normals: measured on the {} normal images of this set.",
            count(number as u64)
        )
    },
    no_normals: "There are no scores of normal images to measure a threshold on.",
    too_few: |there, needed| {
        format!("Too few to measure such a share: {there} normals, it takes {needed}.")
    },

    verdicts: ["Pass", "Review", "Reject"],
    thresholds: |review, reject| format!("Review above {review}, reject above {reject}."),
    no_verdict: "No verdict",
    truths: ["Good parts", "Defective"],
    normalised_help: "Normalised: 0.5 is the reject threshold, 1 is infinitely far above it.",

    summary: |summary| {
        let mut parts = Vec::new();
        if let Some(share) = summary.false_alarms {
            parts.push(format!("{} of good parts rejected", percent(share)));
        }
        if let Some(share) = summary.found {
            parts.push(format!("{} of defective found", percent(share)));
        }
        let unsure: Vec<String> = [
            (summary.good_unsure, "good"),
            (summary.defective_unsure, "defective"),
        ]
        .into_iter()
        .filter_map(|(share, kind)| Some((share.filter(|share| *share > 0.0)?, kind)))
        .map(|(share, kind)| format!("{} of {kind}", percent(share)))
        .collect();
        let mut sentence = parts.join(", ");
        if !unsure.is_empty() {
            sentence = format!("{sentence}; to be looked at: {}", unsure.join(", "));
        }
        sentence + "."
    },
    summary_part: |done, all| {
        format!(
            "So far {} of {} images.",
            count(done as u64),
            count(all as u64)
        )
    },
    areas: ["AUROC", "AP"],
    areas_help: "AUROC: the chance that a defective image scores higher than a good one; 0.5 is \
        guessing. AP: average precision, the area under the precision–recall curve.",
    only_normals: "There are no defective images in this set, so only false alarms can be counted.",

    histogram_heading: "Scores",
    histogram_name: "Histogram of projected scores",
    histogram_help: "How many images have which projected score, in shares of their kind. Drag the \
        two lines: above Review a person should look, above Reject a part is rejected.",
    held_out_legend: "held-out",
    histogram_empty: "Scores appear with the first image.",
    confusion_heading: "Verdicts",
    confusion_help: "A click shows these images; another one shows all again.",
    cell: |truth, verdict, number| format!("{truth}, {verdict}: {number}"),
    broken: |number| match number {
        1 => "1 file could not be inspected".to_owned(),
        _ => format!("{} files could not be inspected", count(number as u64)),
    },
    changed: |number| match number {
        1 => "1 changed by projection".to_owned(),
        _ => format!("{} changed by projection", count(number as u64)),
    },
    changed_help: "The plain score, with a threshold of its own for the same false alarms, would \
        have said something else.",
    curves: ["ROC", "PR"],
    curve_names: ["ROC curve", "Precision–recall curve"],
    curve_axes: [
        ("good parts rejected", "defective found"),
        ("defective found", "rejected that are defective"),
    ],
    curve_help: "Every point is a threshold. Drag the point to set the reject threshold.",
    curve_plain: "plain",
    curve_projected: "projected",
    curve_empty: "The curve needs good and defective images.",

    sort: "Sort by",
    sorts: ["Score", "Name", "Change by projection"],
    reversed: "Reverse the order",
    search: "Search names",
    kind: "Kind",
    any_kind: "All kinds",
    defective: "Defective",
    verdict: "Verdict",
    any_verdict: "All verdicts",
    fate_changed: "Changed by projection",
    fate_broken: "Not inspectable",
    fate_waiting: "Waiting",
    overlay: "Heatmap",
    shown: |shown, all| match shown == all {
        true => count(all as u64),
        false => format!("{} of {}", count(shown as u64), count(all as u64)),
    },
    wall_help: "Arrow keys move, Enter or a click looks closely.",
    tile_scores: |tile| {
        let mut lines = format!(
            "{}\n{}\nProjected: {} (normalised {})\nPlain: {} (normalised {})",
            tile.path, tile.kind, tile.projected.0, tile.projected.1, tile.plain.0, tile.plain.1
        );
        if let Some(verdict) = tile.plain_verdict {
            lines.push_str(&format!("\nThe plain score alone would say: {verdict}"));
        }
        lines
    },
    tile_broken: "Error",
    tile_waiting: "waiting",

    pixels_heading: "Pixels",
    pixels_empty: "Counted while images are inspected.",
    pixels_no_defects: "No defective pixels are known: masks of the defects are needed.",
    pixel_auroc: "AUROC",
    pixel_auroc_help: "The chance that a defective pixel is brighter in the heatmap than a normal \
        one: plain, then projected.",
    pixel_share: "Flagged normals",
    pixel_share_help: "The share of normal pixels that may be flagged.",
    pixel_threshold: "Threshold",
    pixel_threshold_help: "Map values above it are flagged.",
    pixel_precision: "Precision",
    pixel_precision_help: "Share of the flagged pixels that are defective.",
    pixel_recall: "Recall",
    pixel_recall_help: "Share of the defective pixels that are flagged.",

    status_none: "Not inspected yet",
    status_done: |number| match number {
        1 => "1 image inspected".to_owned(),
        _ => format!("{} images inspected", count(number as u64)),
    },
    status_running: |done, all| format!("{} of {}", count(done as u64), count(all as u64)),
};

/// Japanese.
pub static JAPANESE: Review = Review {
    images_heading: "画像",
    source_test: |number| format!("テスト画像（{}枚）", count(number as u64)),
    source_normals: |number| format!("良品画像（{}枚）", count(number as u64)),
    source_help: "検査する画像を選びます。良品画像の大半は学習に使われているため、スコアは新しい部品より低めに\
        出ます。",
    inspect_all: |number| format!("{}枚をすべて検査", count(number as u64)),
    inspect_again: |number| format!("{}枚を再検査", count(number as u64)),
    pause: "一時停止",
    resume: "再開",
    stop: "中止",
    stop_help: "検査を中止します。検査済みの結果は残ります。",
    asked: "最初の画像を処理しています…",
    paused: "一時停止中",
    progress: |done, all, left_secs| {
        let done = format!("{} / {}枚", count(done as u64), count(all as u64));
        match left_secs {
            Some(seconds) => format!("{done}、残り {}", duration(seconds)),
            None => done,
        }
    },
    stopped: |done, all| {
        format!(
            "{}枚中{}枚で中止しました。",
            count(all as u64),
            count(done as u64)
        )
    },
    waits_for_training: "学習が終わるまで検査は待機します。",

    empty: "フォルダ内の画像をすべて検査し、許容できる過検出の割合を決めます。",
    empty_no_data: "画像のフォルダを開くと、すべての画像をまとめて検査できます。",
    empty_no_model: "検査にはモデルが必要です。",
    nothing_admitted: "該当する画像はありません。",
    show_all: "すべて表示",
    stale: [
        "この結果は別のモデルで得たものです。",
        "この結果は別の設定で得たものです。",
        "この結果は別の画像のものです。",
    ],

    decision_heading: "判定",
    question: "良品の過検出はどれだけ許容できますか？",
    question_help: "不良と判定されてもよい良品の割合です。しきい値は良品画像のスコアから決まります。",
    unsure: "要確認の幅",
    unsure_help: "さらに人が確認してもよい良品の割合です。0なら要確認はありません。",
    review_above: "要確認しきい値",
    review_above_help: "投影スコアがこれを超える画像は人が確認します。",
    reject_above: "不良しきい値",
    reject_above_help: "投影スコアがこれを超える画像は不良と判定します。正規化スコアではここが0.5です。",
    by_hand: "しきい値は手動設定です",
    automatic: "許容割合に戻す",
    held_out: |number| {
        format!(
            "学習に使っていない良品{}枚で測定しました。",
            count(number as u64)
        )
    },
    held_out_help: "学習から除いておいた良品画像です。",
    other_parameters: "良品は別の設定で投影されています。",
    measure_again: "良品を再測定",
    this_set: |number| {
        format!(
            "モデルに較正用の良品がないため、この一覧の良品{}枚で測定しました。",
            count(number as u64)
        )
    },
    no_normals: "しきい値を決めるための良品のスコアがありません。",
    too_few: |there, needed| {
        format!("この割合を測るには良品が足りません（{there}枚、必要数は{needed}枚）。")
    },

    verdicts: ["良品", "要確認", "不良"],
    thresholds: |review, reject| format!("{review}超で要確認、{reject}超で不良です。"),
    no_verdict: "判定なし",
    truths: ["実際は良品", "実際は不良"],
    normalised_help: "正規化スコア：0.5が不良しきい値、1は無限に大きいスコアです。",

    summary: |summary| {
        let mut parts = Vec::new();
        if let Some(share) = summary.false_alarms {
            parts.push(format!("良品の{}を不良と判定", percent(share)));
        }
        if let Some(share) = summary.found {
            parts.push(format!("不良品の{}を検出", percent(share)));
        }
        let unsure: Vec<String> = [
            (summary.good_unsure, "良品"),
            (summary.defective_unsure, "不良品"),
        ]
        .into_iter()
        .filter_map(|(share, kind)| Some((share.filter(|share| *share > 0.0)?, kind)))
        .map(|(share, kind)| format!("{kind}の{}", percent(share)))
        .collect();
        let mut sentence = parts.join("、");
        if !unsure.is_empty() {
            sentence = format!("{sentence}。要確認は{}", unsure.join("、"));
        }
        sentence + "。"
    },
    summary_part: |done, all| format!("現在{} / {}枚です。", count(done as u64), count(all as u64)),
    areas: ["AUROC", "AP"],
    areas_help: "AUROC：不良画像のスコアが良品画像より高い確率です。0.5は当て推量と同じです。AP：平均\
        適合率（適合率・再現率曲線の面積）です。",
    only_normals: "この一覧に不良画像はないため、過検出だけを数えています。",

    histogram_heading: "スコア分布",
    histogram_name: "投影スコアのヒストグラム",
    histogram_help: "投影スコアの分布を種類ごとの割合で示します。2本の線をドラッグできます。要確認を超える\
        と人が確認し、不良を超えると不良と判定します。",
    held_out_legend: "較正用良品",
    histogram_empty: "最初の画像の検査が終わると表示されます。",
    confusion_heading: "判定結果",
    confusion_help: "クリックするとその画像だけを表示し、もう一度クリックすると戻ります。",
    cell: |truth, verdict, number| format!("{truth}、{verdict}：{number}"),
    broken: |number| format!("検査できないファイル：{}件", count(number as u64)),
    changed: |number| format!("投影で変化：{}枚", count(number as u64)),
    changed_help: "同じ過検出の割合で決めた再構成スコアのしきい値では、別の判定になります。",
    curves: ["ROC", "PR"],
    curve_names: ["ROC曲線", "適合率・再現率曲線"],
    curve_axes: [("過検出率", "検出率"), ("検出率（再現率）", "適合率")],
    curve_help: "各点が1つのしきい値です。点をドラッグすると不良しきい値が変わります。",
    curve_plain: "再構成",
    curve_projected: "投影",
    curve_empty: "曲線には良品と不良の両方の画像が必要です。",

    sort: "並べ替え",
    sorts: ["スコア", "名前", "投影による変化"],
    reversed: "逆順にする",
    search: "名前で検索",
    kind: "種類",
    any_kind: "すべての種類",
    defective: "不良",
    verdict: "判定",
    any_verdict: "すべての判定",
    fate_changed: "投影で変化",
    fate_broken: "検査不可",
    fate_waiting: "未検査",
    overlay: "ヒートマップ",
    shown: |shown, all| match shown == all {
        true => format!("{}枚", count(all as u64)),
        false => format!("{} / {}枚", count(shown as u64), count(all as u64)),
    },
    wall_help: "矢印キーで移動、Enterまたはクリックで詳しく見ます。",
    tile_scores: |tile| {
        let mut lines = format!(
            "{}\n{}\n投影：{}（正規化 {}）\n再構成：{}（正規化 {}）",
            tile.path, tile.kind, tile.projected.0, tile.projected.1, tile.plain.0, tile.plain.1
        );
        if let Some(verdict) = tile.plain_verdict {
            lines.push_str(&format!("\n再構成スコアだけなら：{verdict}"));
        }
        lines
    },
    tile_broken: "エラー",
    tile_waiting: "未検査",

    pixels_heading: "画素",
    pixels_empty: "検査中に集計されます。",
    pixels_no_defects: "不良画素がわかりません。欠陥のマスク画像が必要です。",
    pixel_auroc: "AUROC",
    pixel_auroc_help: "不良画素の値が正常画素より高い確率です。再構成、投影の順に示します。",
    pixel_share: "正常画素の許容",
    pixel_share_help: "異常と判定されてもよい正常画素の割合です。",
    pixel_threshold: "しきい値",
    pixel_threshold_help: "これを超える値の画素を異常とします。",
    pixel_precision: "適合率",
    pixel_precision_help: "異常とされた画素のうち、実際に不良の割合です。",
    pixel_recall: "再現率",
    pixel_recall_help: "不良画素のうち、異常とされた割合です。",

    status_none: "まだ検査していません",
    status_done: |number| format!("{}枚を検査済み", count(number as u64)),
    status_running: |done, all| format!("{} / {}枚", count(done as u64), count(all as u64)),
};
