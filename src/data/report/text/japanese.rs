//! Japanese: terms of visual inspection.

use super::Text;
use crate::data::decision::Verdict;
use crate::data::iterate::StopRule;

/// Japanese.
pub static JAPANESE: Text = Text {
    lang: "ja",
    image_report: "検査レポート",
    folder_report: "フォルダの検査レポート",
    contact_sheet: "コンタクトシート",

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
    distance_squared: "二乗誤差 (x − f(x))²",
    distance_absolute: "絶対誤差 |x − f(x)|",
    distance_cross_entropy: "交差エントロピー",
    distance_dissimilarity: "構造の違い 1 − SSIM",
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
    objective: "目的関数",
    objective_vae: "VAE",
    objective_gamma_vae: "γ-VAE",
    objective_autoencoder: "自己符号化器",
    objective_dssim: "DSAE (1 − SSIM)",
    objective_restoring: "復元型自己符号化器",
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

    sheet_legend: "左は元画像、右は投影のヒートマップを重ねた画像です。輪郭は正解マスク、異常度は投影によるものです。",
    reasons: [
        "異常度の高い不良品",
        "異常度の低い不良品",
        "異常度の高い良品",
    ],
    pair_alt: |name, kind| format!("{name}（{kind}）の元画像とヒートマップ"),
};
