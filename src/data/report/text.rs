//! The words of reports. The compiler sees to it that no language lacks one.

use super::figure::{ScaleBasis, Subject};
use crate::data::catalog::Kind;
use crate::data::decision::Verdict;
use crate::data::iterate::StopRule;

/// All words of a language.
#[allow(missing_docs)] // Names and values say what each word is for.
pub struct Text {
    /// BCP 47 tag of the document.
    pub lang: &'static str,
    pub image_report: &'static str,
    pub folder_report: &'static str,

    pub file: &'static str,
    pub folder: &'static str,
    pub size: &'static str,
    pub date: &'static str,
    pub ground_truth: &'static str,
    pub normal: &'static str,
    pub defective: &'static str,
    pub unknown: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub in_all: &'static str,

    pub verdict_heading: &'static str,
    /// Pass, review, reject.
    pub verdicts: [&'static str; 3],
    /// Verdict, score, review and reject threshold.
    pub why: fn(Verdict, &str, &str, &str) -> String,
    /// Stop rule, iterations.
    pub ended_by: fn(StopRule, usize) -> String,

    pub figures_heading: &'static str,
    /// Title and alternative text, by [`Subject::ALL`].
    pub figures: [(&'static str, &'static str); 7],
    /// By normals, image, person.
    pub scale_bases: [&'static str; 3],
    /// Lowest and highest value.
    pub bar_alt: fn(&str, &str) -> String,

    pub scores_heading: &'static str,
    pub plain_map: &'static str,
    pub projected_map: &'static str,
    pub plain_score: &'static str,
    pub projected_score: &'static str,
    pub raw_score: &'static str,
    pub normalised_score: &'static str,
    pub review_above: &'static str,
    pub reject_above: &'static str,
    /// Number of normals.
    pub above_normals: fn(usize) -> String,

    pub regions_heading: &'static str,
    /// Regions, filtered ones, threshold.
    pub regions_summary: fn(usize, usize, &str) -> String,
    pub area: &'static str,
    pub peak: &'static str,
    pub position: &'static str,
    pub extent: &'static str,
    pub source_position: &'static str,

    pub run_heading: &'static str,
    pub energy_heading: &'static str,
    /// First energy, last energy, iterations.
    pub energy_alt: fn(&str, &str, usize) -> String,
    pub iteration: &'static str,
    pub iterations: &'static str,
    pub energy: &'static str,
    pub reconstruction_error: &'static str,
    pub weighted_regulariser: &'static str,
    pub reconstruction_shift: &'static str,
    pub largest_change: &'static str,

    pub settings_heading: &'static str,
    pub alpha: &'static str,
    pub lambda: &'static str,
    pub max_iterations: &'static str,
    pub step_rule: &'static str,
    pub step_weighted: &'static str,
    pub step_plain: &'static str,
    pub regulariser: &'static str,
    pub stop_early: &'static str,
    pub back_off: &'static str,
    pub smoothing: &'static str,
    pub image_score: &'static str,
    pub percentile_of_map: fn(f32) -> String,
    pub accepted_false_alarms: &'static str,
    pub accepted_reviews: &'static str,
    pub accepted_false_pixels: &'static str,
    pub pixel_threshold: &'static str,
    pub by_hand: &'static str,
    pub min_area: &'static str,

    pub model_heading: &'static str,
    pub not_saved: &'static str,
    pub network: &'static str,
    pub latent: &'static str,
    pub width: &'static str,
    pub beta: &'static str,
    pub mode: &'static str,
    pub mode_stretch: &'static str,
    pub mode_letterbox: &'static str,
    pub mode_texture: &'static str,
    pub images_seen: &'static str,
    pub seed: &'static str,
    pub calibration_normals: &'static str,
    pub training_data: &'static str,
    pub device: &'static str,

    pub summary_heading: &'static str,
    pub inspected: &'static str,
    pub failed_heading: &'static str,
    pub confusion_heading: &'static str,
    pub missed: &'static str,
    pub false_alarm: &'static str,
    pub recall: &'static str,
    pub precision: &'static str,
    pub false_alarm_rate: &'static str,
    pub review_rate: &'static str,
    pub kinds_heading: &'static str,
    pub kind_heading: &'static str,
    pub pixel_auroc: &'static str,
    pub curves_heading: &'static str,
    pub roc_heading: &'static str,
    pub pr_heading: &'static str,
    pub at_threshold: &'static str,
    pub histogram_heading: &'static str,
    pub images: &'static str,
    pub images_heading: &'static str,
    pub pictures: &'static str,
    pub heatmap_of: fn(&str) -> String,
    pub reason: &'static str,
}

impl Text {
    /// The word for a verdict.
    pub fn verdict(&self, verdict: Verdict) -> &'static str {
        let [pass, review, reject] = self.verdicts;
        match verdict {
            Verdict::Pass => pass,
            Verdict::Review => review,
            Verdict::Reject => reject,
        }
    }

    /// What an image shows; kinds of defects have the names of their folders.
    pub fn kind(&self, kind: &Kind) -> String {
        match kind {
            Kind::Normal => self.normal.into(),
            Kind::Defect(name) => name.clone(),
        }
    }

    /// Title and alternative text of a figure.
    pub fn figure(&self, subject: Subject) -> (&'static str, &'static str) {
        self.figures[subject as usize]
    }

    /// Where a colour scale comes from.
    pub fn basis(&self, basis: ScaleBasis) -> &'static str {
        self.scale_bases[basis as usize]
    }
}

/// English.
pub static ENGLISH: Text = Text {
    lang: "en",
    image_report: "Inspection report",
    folder_report: "Inspection report of a folder",

    file: "File",
    folder: "Folder",
    size: "Image size",
    date: "Date",
    ground_truth: "Ground truth",
    normal: "good",
    defective: "defective",
    unknown: "unknown",
    yes: "yes",
    no: "no",
    in_all: "in all",

    verdict_heading: "Verdict",
    verdicts: ["Pass", "Review", "Reject"],
    why: |verdict, score, review, reject| match verdict {
        Verdict::Reject => {
            format!("The score of {score} is above the rejection threshold of {reject}.")
        }
        Verdict::Review => format!(
            "The score of {score} lies between the thresholds of {review} and {reject}: a person should look."
        ),
        Verdict::Pass => format!("The score of {score} is not above the threshold of {review}."),
    },
    ended_by: |stop, iterations| {
        let count = match iterations {
            1 => "1 iteration".into(),
            count => format!("{count} iterations"),
        };
        match stop {
            StopRule::Iterations => format!("{count}, the limit"),
            StopRule::Threshold => format!("{count}, then as normal as a training image"),
            StopRule::NotFinite => {
                format!("diverged after {count}; the last finite iterate counts")
            }
            StopRule::Cancelled => format!("stopped by a person after {count}"),
        }
    },

    figures_heading: "Pictures",
    figures: [
        ("Original", "The inspected image as the network sees it."),
        (
            "Plain reconstruction",
            "What the network makes of the image in one pass.",
        ),
        (
            "Projected image",
            "What the image would look like if it were normal.",
        ),
        (
            "Its reconstruction",
            "What the network makes of the projected image.",
        ),
        (
            "Heatmap",
            "How far each pixel moved in the projection; bright is far.",
        ),
        (
            "Overlay with regions",
            "The heatmap over the original, regions above the threshold outlined.",
        ),
        (
            "Ground truth",
            "The mask of the defect, drawn by a person; white is defective.",
        ),
    ],
    scale_bases: [
        "Scale of the normal images, the same for all",
        "Scale of this image alone",
        "Scale set by hand",
    ],
    bar_alt: |low, high| format!("Colours from {low} to {high}"),

    scores_heading: "Scores",
    plain_map: "plain",
    projected_map: "projected",
    plain_score: "Plain score",
    projected_score: "Projected score",
    raw_score: "Raw score",
    normalised_score: "Normalised (0.5 is the threshold)",
    review_above: "Review above",
    reject_above: "Reject above",
    above_normals: |count| match count {
        1 => "Higher than, of 1 normal image".into(),
        count => format!("Higher than, of {count} normal images"),
    },

    regions_heading: "Regions",
    regions_summary: |count, filtered, threshold| {
        let regions = match count {
            0 => "No region".into(),
            1 => "1 region".into(),
            count => format!("{count} regions"),
        };
        let filtered = match filtered {
            0 => String::new(),
            count => format!("; {count} below the minimum area, dashed in the overlay"),
        };
        format!("{regions} above {threshold}{filtered}.")
    },
    area: "Area, px",
    peak: "Peak",
    position: "Centre x, y",
    extent: "Size, px",
    source_position: "In the file x, y",

    run_heading: "Projection",
    energy_heading: "Energy over the iterations",
    energy_alt: |first, last, t| {
        format!("The energy goes from {first} to {last} in {t} iterations.")
    },
    iteration: "Iteration t",
    iterations: "Iterations",
    energy: "Energy",
    reconstruction_error: "Reconstruction error",
    weighted_regulariser: "Regulariser, weighted",
    reconstruction_shift: "Movement of the reconstruction",
    largest_change: "Largest change of a pixel",

    settings_heading: "Settings",
    alpha: "Step size α",
    lambda: "Weight λ",
    max_iterations: "Iterations at most",
    step_rule: "Step",
    step_weighted: "weighted by (x − f(x))²",
    step_plain: "plain",
    regulariser: "Regulariser",
    stop_early: "Stops when normal",
    back_off: "Halves α when E rises",
    smoothing: "Smoothing of the map",
    image_score: "Image score",
    percentile_of_map: |percent| match percent {
        100.0 => "maximum of the map".into(),
        percent => format!("{percent} % percentile of the map"),
    },
    accepted_false_alarms: "Accepted false alarms",
    accepted_reviews: "Accepted reviews of good parts",
    accepted_false_pixels: "Accepted false pixels",
    pixel_threshold: "Pixel threshold",
    by_hand: "set by hand",
    min_area: "Minimum area of a region",

    model_heading: "Model",
    not_saved: "not saved",
    network: "Network",
    latent: "Latent size",
    width: "Width",
    beta: "Weight β of the KL term",
    mode: "Input",
    mode_stretch: "whole image, stretched",
    mode_letterbox: "whole image, letterboxed",
    mode_texture: "texture, in tiles",
    images_seen: "Training images seen",
    seed: "Seed",
    calibration_normals: "Held-out normal images",
    training_data: "Data set",
    device: "Computed on",

    summary_heading: "Summary",
    inspected: "inspected",
    failed_heading: "Not inspected",
    confusion_heading: "Verdicts against ground truth",
    missed: "missed",
    false_alarm: "false alarm",
    recall: "Found defects (recall)",
    precision: "Precision",
    false_alarm_rate: "False alarm rate",
    review_rate: "Share to review",
    kinds_heading: "By kind",
    kind_heading: "Kind",
    pixel_auroc: "Pixel AUROC",
    curves_heading: "Detection at every threshold",
    roc_heading: "ROC curve",
    pr_heading: "Precision and recall",
    at_threshold: "at the threshold",
    histogram_heading: "Scores of the images",
    images: "Images",
    images_heading: "Images, the most conspicuous first",
    pictures: "Image, heatmap",
    heatmap_of: |name| format!("Heatmap of {name}"),
    reason: "Reason",
};

/// Japanese.
pub static JAPANESE: Text = Text {
    lang: "ja",
    image_report: "検査レポート",
    folder_report: "フォルダの検査レポート",

    file: "ファイル",
    folder: "フォルダ",
    size: "画像サイズ",
    date: "作成日時",
    ground_truth: "正解ラベル",
    normal: "良品",
    defective: "不良品",
    unknown: "不明",
    yes: "はい",
    no: "いいえ",
    in_all: "合計",

    verdict_heading: "判定",
    verdicts: ["合格", "要確認", "不合格"],
    why: |verdict, score, review, reject| match verdict {
        Verdict::Reject => format!("異常度 {score} は不合格のしきい値 {reject} を超えています。"),
        Verdict::Review => format!(
            "異常度 {score} はしきい値 {review} と {reject} の間です。人による確認が必要です。"
        ),
        Verdict::Pass => format!("異常度 {score} はしきい値 {review} 以下です。"),
    },
    ended_by: |stop, iterations| match stop {
        StopRule::Iterations => format!("上限の{iterations}回で終了"),
        StopRule::Threshold => format!("{iterations}回で正常とみなせる状態に到達"),
        StopRule::NotFinite => format!("{iterations}回で発散（最後の有限な反復を使用）"),
        StopRule::Cancelled => format!("{iterations}回で中止"),
    },

    figures_heading: "画像",
    figures: [
        ("元画像", "ネットワークに入力された検査画像です。"),
        ("再構成", "ネットワークが1回で再構成した画像です。"),
        ("投影", "正常であればこう見える、という投影結果の画像です。"),
        (
            "投影の再構成",
            "投影結果をネットワークが再構成した画像です。",
        ),
        (
            "ヒートマップ",
            "投影で各画素が動いた量です。明るいほど大きく動いています。",
        ),
        (
            "重ね合わせと領域",
            "元画像にヒートマップを重ね、しきい値を超えた領域を輪郭で示しています。",
        ),
        ("正解マスク", "人が描いた欠陥のマスクです。白が欠陥です。"),
    ],
    scale_bases: [
        "良品画像に基づく共通のスケール",
        "この画像だけのスケール",
        "手動で指定したスケール",
    ],
    bar_alt: |low, high| format!("{low} から {high} までの配色"),

    scores_heading: "異常度",
    plain_map: "再構成",
    projected_map: "投影",
    plain_score: "再構成の異常度",
    projected_score: "投影の異常度",
    raw_score: "値",
    normalised_score: "正規化（0.5がしきい値）",
    review_above: "要確認のしきい値",
    reject_above: "不合格のしきい値",
    above_normals: |count| format!("良品{count}枚のうち下回る割合"),

    regions_heading: "領域",
    regions_summary: |count, filtered, threshold| {
        let filtered = match filtered {
            0 => String::new(),
            count => format!("ほかに最小面積未満が{count}個あり、破線で示しています。"),
        };
        match count {
            0 => format!("しきい値 {threshold} を超える領域はありません。{filtered}"),
            count => format!("しきい値 {threshold} を超える領域は{count}個です。{filtered}"),
        }
    },
    area: "面積 (px)",
    peak: "最大値",
    position: "中心 x, y",
    extent: "大きさ (px)",
    source_position: "ファイル上の x, y",

    run_heading: "投影",
    energy_heading: "反復ごとのエネルギー",
    energy_alt: |first, last, t| {
        format!("エネルギーは{t}回の反復で {first} から {last} になりました。")
    },
    iteration: "反復 t",
    iterations: "反復回数",
    energy: "エネルギー",
    reconstruction_error: "再構成誤差",
    weighted_regulariser: "重み付き正則化項",
    reconstruction_shift: "再構成の移動量",
    largest_change: "画素の最大変化量",

    settings_heading: "設定",
    alpha: "ステップ幅 α",
    lambda: "正則化 λ",
    max_iterations: "最大反復回数",
    step_rule: "更新則",
    step_weighted: "重み付き (x − f(x))²",
    step_plain: "勾配のみ",
    regulariser: "正則化項",
    stop_early: "正常になったら停止",
    back_off: "Eが増えたらαを半減",
    smoothing: "マップの平滑化",
    image_score: "画像の異常度",
    percentile_of_map: |percent| match percent {
        100.0 => "マップの最大値".into(),
        percent => format!("マップの{percent}パーセンタイル"),
    },
    accepted_false_alarms: "許容する過検出率",
    accepted_reviews: "許容する良品の要確認率",
    accepted_false_pixels: "許容する画素の過検出率",
    pixel_threshold: "画素のしきい値",
    by_hand: "手動",
    min_area: "領域の最小面積",

    model_heading: "モデル",
    not_saved: "未保存",
    network: "ネットワーク",
    latent: "潜在次元数",
    width: "チャネル幅",
    beta: "KLの重み β",
    mode: "入力",
    mode_stretch: "画像全体（引き伸ばし）",
    mode_letterbox: "画像全体（余白付き）",
    mode_texture: "テクスチャ（タイル）",
    images_seen: "学習した画像の延べ枚数",
    seed: "乱数シード",
    calibration_normals: "検証用の良品画像数",
    training_data: "データセット",
    device: "計算デバイス",

    summary_heading: "概要",
    inspected: "検査済み",
    failed_heading: "検査できなかった画像",
    confusion_heading: "判定と正解の比較",
    missed: "見逃し",
    false_alarm: "過検出",
    recall: "検出率（再現率）",
    precision: "適合率",
    false_alarm_rate: "過検出率",
    review_rate: "要確認の割合",
    kinds_heading: "種類別",
    kind_heading: "種類",
    pixel_auroc: "画素AUROC",
    curves_heading: "しきい値ごとの検出性能",
    roc_heading: "ROC曲線",
    pr_heading: "適合率と再現率",
    at_threshold: "現在のしきい値",
    histogram_heading: "画像の異常度の分布",
    images: "画像数",
    images_heading: "画像一覧（異常度の高い順）",
    pictures: "画像・ヒートマップ",
    heatmap_of: |name| format!("{name} のヒートマップ"),
    reason: "理由",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_numbered_as_their_texts() {
        for (index, subject) in Subject::ALL.into_iter().enumerate() {
            assert_eq!(subject as usize, index);
        }
        assert_eq!(ENGLISH.figure(Subject::GroundTruth).0, "Ground truth");
        assert_eq!(ENGLISH.basis(ScaleBasis::Person), "Scale set by hand");
    }

    #[test]
    fn plurals_are_right() {
        let summary = ENGLISH.regions_summary;
        assert_eq!(summary(1, 0, "0.1"), "1 region above 0.1.");
        assert_eq!(
            summary(0, 2, "0.1"),
            "No region above 0.1; 2 below the minimum area, dashed in the overlay."
        );
        assert!((ENGLISH.ended_by)(StopRule::Iterations, 1).starts_with("1 iteration,"));
    }
}
