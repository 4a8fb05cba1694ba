//! The words of reports. The compiler sees to it that no language lacks one.

pub mod judging;

use super::figure::{ScaleBasis, Subject};
use crate::picks::Reason;
use crate::words;
use kizumi_dataset::catalog::Kind;
use kizumi_method::decision::Verdict;
use kizumi_method::iterate::StopRule;

/// A title with a sentence that says more.
type Titled = (&'static str, &'static str);

words! {
    /// All words of a language.
    pub struct Text;

    /// BCP 47 tag of the document.
    lang = "en", "ja";
    judging: &'static judging::Judging = &judging::ENGLISH, &judging::JAPANESE;
    image_report = "Inspection report", "検査レポート";
    folder_report = "Inspection report of a folder", "フォルダの検査レポート";
    contact_sheet = "Contact sheet", "コンタクトシート";

    file = "File", "ファイル";
    folder = "Folder", "フォルダ";
    size = "Image size", "画像サイズ";
    date = "Date", "作成日時";
    ground_truth = "Ground truth", "正解ラベル";
    normal = "good", "良品";
    defective = "defective", "不良品";
    unknown = "unknown", "不明";
    yes = "yes", "はい";
    no = "no", "いいえ";
    in_all = "in all", "合計";

    verdict_heading = "Verdict", "判定";
    /// Pass, review, reject.
    verdicts: [&'static str; 3] = ["Pass", "Review", "Reject"], ["合格", "要確認", "不合格"];
    /// Verdict, score, review and reject threshold.
    why: fn(Verdict, &str, &str, &str) -> String =
        |verdict, score, review, reject| match verdict {
            Verdict::Reject => {
                format!("The score of {score} is above the rejection threshold of {reject}.")
            }
            Verdict::Review => format!(
                "The score of {score} lies between the thresholds of {review} and {reject}: a person should look."
            ),
            Verdict::Pass => format!("The score of {score} is not above the threshold of {review}."),
        },
        |verdict, score, review, reject| match verdict {
            Verdict::Reject => format!("異常度 {score} は不合格のしきい値 {reject} を超えています。"),
            Verdict::Review => format!(
                "異常度 {score} はしきい値 {review} と {reject} の間です。人による確認が必要です。"
            ),
            Verdict::Pass => format!("異常度 {score} はしきい値 {review} 以下です。"),
        };
    /// Stop rule, iterations.
    ended_by: fn(StopRule, usize) -> String =
        |stop, iterations| {
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
        |stop, iterations| match stop {
            StopRule::Iterations => format!("上限の{iterations}回で終了"),
            StopRule::Threshold => format!("{iterations}回で正常とみなせる状態に到達"),
            StopRule::NotFinite => format!("{iterations}回で発散（最後の有限な反復を使用）"),
            StopRule::Cancelled => format!("{iterations}回で中止"),
        };

    figures_heading = "Pictures", "画像";
    // Titles and alternative texts of pictures.
    figure_original: Titled =
        ("Original", "The inspected image as the network sees it."),
        ("元画像", "ネットワークに入力された検査画像です。");
    figure_reconstruction: Titled =
        ("Plain reconstruction", "What the network makes of the image in one pass."),
        ("再構成", "ネットワークが1回で再構成した画像です。");
    figure_projected: Titled =
        ("Projected image", "What the image would look like if it were normal."),
        ("投影", "正常であればこう見える、という投影結果の画像です。");
    figure_projected_reconstruction: Titled =
        ("Its reconstruction", "What the network makes of the projected image."),
        ("投影の再構成", "投影結果をネットワークが再構成した画像です。");
    figure_heatmap: Titled =
        ("Heatmap", "How far each pixel moved in the projection; bright is far."),
        ("ヒートマップ", "投影で各画素が動いた量です。明るいほど大きく動いています。");
    figure_overlay: Titled =
        ("Overlay with regions", "The heatmap over the original, regions above the threshold outlined."),
        ("重ね合わせと領域", "元画像にヒートマップを重ね、しきい値を超えた領域を輪郭で示しています。");
    figure_ground_truth: Titled =
        ("Ground truth", "The mask of the defect, drawn by a person; white is defective."),
        ("正解マスク", "人が描いた欠陥のマスクです。白が欠陥です。");
    /// By normals, image, person.
    scale_bases: [&'static str; 3] =
        [
            "Scale of the normal images, the same for all",
            "Scale of this image alone",
            "Scale set by hand",
        ],
        ["良品画像に基づく共通のスケール", "この画像だけのスケール", "手動で指定したスケール"];
    /// Lowest and highest value.
    bar_alt: fn(&str, &str) -> String = |low, high| format!("Colours from {low} to {high}"),
        |low, high| format!("{low} から {high} までの配色");

    scores_heading = "Scores", "異常度";
    plain_map = "plain", "再構成";
    projected_map = "projected", "投影";
    plain_score = "Plain score", "再構成の異常度";
    projected_score = "Projected score", "投影の異常度";
    raw_score = "Raw score", "値";
    confidence = "Confidence that it is a defect (0.5 is the threshold)", "不良の確信度（0.5がしきい値）";
    review_above = "Review above", "要確認のしきい値";
    reject_above = "Reject above", "不合格のしきい値";
    /// Number of normals.
    above_normals: fn(usize) -> String =
        |count| match count {
            1 => "Higher than, of 1 normal image".into(),
            count => format!("Higher than, of {count} normal images"),
        },
        |count| format!("良品{count}枚のうち下回る割合");

    regions_heading = "Regions", "領域";
    /// Regions, filtered ones, threshold.
    regions_summary: fn(usize, usize, &str) -> String =
        |count, filtered, threshold| {
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
        |count, filtered, threshold| {
            let filtered = match filtered {
                0 => String::new(),
                count => format!("ほかに最小面積未満が{count}個あり、破線で示しています。"),
            };
            match count {
                0 => format!("しきい値 {threshold} を超える領域はありません。{filtered}"),
                count => format!("しきい値 {threshold} を超える領域は{count}個です。{filtered}"),
            }
        };
    area = "Area, px", "面積 (px)";
    peak = "Peak", "最大値";
    position = "Centre x, y", "中心 x, y";
    extent = "Size, px", "大きさ (px)";
    source_position = "In the file x, y", "ファイル上の x, y";

    run_heading = "Projection", "投影";
    energy_heading = "Energy over the iterations", "反復ごとのエネルギー";
    /// First energy, last energy, iterations.
    energy_alt: fn(&str, &str, usize) -> String =
        |first, last, t| format!("The energy goes from {first} to {last} in {t} iterations."),
        |first, last, t| format!("エネルギーは{t}回の反復で {first} から {last} になりました。");
    iteration = "Iteration t", "反復 t";
    iterations = "Iterations", "反復回数";
    energy = "Energy", "エネルギー";
    reconstruction_error = "Reconstruction error", "再構成誤差";
    weighted_regulariser = "Regulariser, weighted", "重み付き正則化項";
    reconstruction_shift = "Movement of the reconstruction", "再構成の移動量";
    largest_change = "Largest change of a pixel", "画素の最大変化量";

    settings_heading = "Settings", "設定";
    alpha = "Step size α", "ステップ幅 α";
    lambda = "Weight λ", "正則化 λ";
    max_iterations = "Iterations at most", "最大反復回数";
    step_rule = "Step", "更新則";
    step_weighted = "weighted by (x − f(x))²", "重み付き (x − f(x))²";
    step_plain = "plain", "勾配のみ";
    step_features = "gated by the features of x_0", "x_0 の特徴量で重み付け";
    step_both = "gated by the features of x_0 and (x − f(x))²", "x_0 の特徴量と (x − f(x))² で重み付け";
    /// From how the step is gated: with f(x) held fixed.
    step_held: fn(&str) -> String = |gate| format!("{gate}, f(x) held fixed"),
        |gate| format!("{gate}（f(x) を固定）");
    omega = "Weight ω of the features", "特徴量の重み ω";
    feature_period = "Looks at the features every", "特徴量を調べる間隔";
    feature_iterations: fn(usize) -> String = |period| format!("{period} iterations"),
        |period| format!("{period} 反復");
    distance_squared = "squared (x − f(x))²", "二乗誤差 (x − f(x))²";
    distance_absolute = "absolute |x − f(x)|", "絶対誤差 |x − f(x)|";
    distance_cross_entropy = "cross-entropy", "交差エントロピー";
    distance_dissimilarity = "structural 1 − SSIM", "構造の違い 1 − SSIM";
    regulariser = "Regulariser", "正則化項";
    stop_early = "Stops when normal", "正常になったら停止";
    back_off = "Halves α when E rises", "Eが増えたらαを半減";
    map = "Map", "マップ";
    map_pixels = "movement |x_T − x_0|", "移動量 |x_T − x_0|";
    map_structure = "structure 1 − SSIM", "構造の違い 1 − SSIM";
    map_features = "distance of features", "特徴の距離";
    map_joint = "distance of features, sharpened by what the autoencoder changes", "特徴の距離（自己符号化器による変化で鮮明化）";
    map_fused = "movement, residual and structure", "移動量、残差、構造の違いの組み合わせ";
    /// From what the map is of: measured by normal images.
    map_relative: fn(&str) -> String = |map| format!("{map}, in multiples of normal"),
        |map| format!("{map}（正常時に対する倍率）");
    smoothing = "Smoothing of the map", "マップの平滑化";
    image_score = "Image score", "画像の異常度";
    percentile_of_map: fn(f32) -> String =
        |percent| match percent {
            100.0 => "maximum of the map".into(),
            percent => format!("{percent} % percentile of the map"),
        },
        |percent| match percent {
            100.0 => "マップの最大値".into(),
            percent => format!("マップの{percent}パーセンタイル"),
        };
    accepted_false_alarms = "Accepted false alarms", "許容する過検出率";
    accepted_reviews = "Accepted reviews of good parts", "許容する良品の要確認率";
    accepted_false_pixels = "Accepted false pixels", "許容する画素の過検出率";
    pixel_threshold = "Pixel threshold", "画素のしきい値";
    by_hand = "set by hand", "手動";
    min_area = "Minimum area of a region", "領域の最小面積";

    model_heading = "Model", "モデル";
    not_saved = "not saved", "未保存";
    network = "Network", "ネットワーク";
    latent = "Latent size", "潜在次元数";
    width = "Width", "チャネル幅";
    objective = "Objective", "目的関数";
    objective_vae = "VAE", "VAE";
    objective_gamma_vae = "γ-VAE", "γ-VAE";
    objective_autoencoder = "autoencoder", "自己符号化器";
    objective_dssim = "DSAE (1 − SSIM)", "DSAE (1 − SSIM)";
    objective_restoring = "restoring autoencoder", "復元型自己符号化器";
    beta = "Weight β of the KL term", "KLの重み β";
    mode = "Input", "入力";
    mode_stretch = "whole image, stretched", "画像全体（引き伸ばし）";
    mode_letterbox = "whole image, letterboxed", "画像全体（余白付き）";
    mode_texture = "texture, in tiles", "テクスチャ（タイル）";
    crop = "Crop", "切り出し範囲";
    alignment = "Alignment", "位置合わせ";
    aligned_turned = "the part is moved and turned to where it lies in the normal images", "部品の位置と向きを良品画像に合わせる";
    aligned_moved = "the part, which has no angle, is moved to where it lies in the normal images", "部品の位置を良品画像に合わせる（向きのない部品）";
    images_seen = "Training images seen", "学習した画像の延べ枚数";
    seed = "Seed", "乱数シード";
    calibration_normals = "Held-out normal images", "検証用の良品画像数";
    training_data = "Data set", "データセット";
    device = "Computed on", "計算デバイス";

    summary_heading = "Summary", "概要";
    inspected = "inspected", "検査済み";
    inspected_heading = "Inspected", "検査済み";
    failed = "Not inspected", "検査不可";
    failed_heading = "Not inspected", "検査できなかった画像";
    /// Number of files.
    left_out: fn(usize) -> String =
        |count| match count {
            1 => "1 file has changed since it was inspected and is left out.".into(),
            count => format!("{count} files have changed since they were inspected and are left out."),
        },
        |count| format!("検査した後に変更された{count}個のファイルは除いています。");
    confusion_heading = "Verdicts against ground truth", "判定と正解の比較";
    missed = "missed", "見逃し";
    false_alarm = "false alarm", "過検出";
    recall = "Found defects (recall)", "検出率（再現率）";
    precision = "Precision", "適合率";
    false_alarm_rate = "False alarm rate", "過検出率";
    review_rate = "Share to review", "要確認の割合";
    kinds_heading = "By kind", "種類別";
    kind_heading = "Kind", "種類";
    pixel_auroc = "Pixel AUROC", "画素AUROC";
    /// Number of images.
    pixels_left_out: fn(usize) -> String =
        |count| match count {
            1 => "1 defective image has no mask that can be used and is left out of it.".into(),
            count => format!("{count} defective images have no mask that can be used and are left out of it."),
        },
        |count| format!("使えるマスクがない不良画像{count}枚は、画素の指標に含めていません。");
    /// Number of masks.
    masks_to_look_at: fn(usize) -> String =
        |count| match count {
            1 => "1 mask to look at".into(),
            count => format!("{count} masks to look at"),
        },
        |count| format!("確認が必要なマスク：{count}件");
    curves_heading = "Detection at every threshold", "しきい値ごとの検出性能";
    roc_heading = "ROC curve", "ROC曲線";
    pr_heading = "Precision and recall", "適合率と再現率";
    at_threshold = "at the threshold", "現在のしきい値";
    histogram_heading = "Scores of the images", "画像の異常度の分布";
    images = "Images", "画像数";
    images_heading = "Images, the most conspicuous first", "画像一覧（異常度の高い順）";
    pictures = "Image, heatmap", "画像・ヒートマップ";
    heatmap_of: fn(&str) -> String = |name| format!("Heatmap of {name}"),
        |name| format!("{name} のヒートマップ");
    reason = "Reason", "理由";

    sheet_legend = "Left the image, right the heatmap of the projection over it. Outlined is the \
        ground truth. Scores are those of the projected map.",
        "左は元画像、右は投影のヒートマップを重ねた画像です。輪郭は正解マスク、\
        異常度は投影によるものです。";
    /// Found, missed, alarming.
    reasons: [&'static str; 3] =
        [
            "Defects with the highest scores",
            "Defects with the lowest scores",
            "Normal images with the highest scores",
        ],
        ["異常度の高い不良品", "異常度の低い不良品", "異常度の高い良品"];
    /// Name, kind.
    pair_alt: fn(&str, &str) -> String =
        |name, kind| format!("{name} ({kind}), plain and with its heatmap."),
        |name, kind| format!("{name}（{kind}）の元画像とヒートマップ");
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
            Kind::Unknown => self.unknown.into(),
        }
    }

    /// Title and alternative text of a figure.
    pub fn figure(&self, subject: Subject) -> Titled {
        match subject {
            Subject::Original => self.figure_original,
            Subject::Reconstruction => self.figure_reconstruction,
            Subject::Projected => self.figure_projected,
            Subject::ProjectedReconstruction => self.figure_projected_reconstruction,
            Subject::Heatmap => self.figure_heatmap,
            Subject::Overlay => self.figure_overlay,
            Subject::GroundTruth => self.figure_ground_truth,
        }
    }

    /// Why images were picked, as a heading.
    pub fn picked(&self, reason: Reason) -> &'static str {
        self.reasons[reason as usize]
    }

    /// Where a colour scale comes from.
    pub fn basis(&self, basis: ScaleBasis) -> &'static str {
        self.scale_bases[basis as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
