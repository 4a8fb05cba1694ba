//! Going back, comparing two runs, the contact sheet, curves and what they say.

use crate::ui::settings::PlotTab;
use crate::ui::state::marks::{Divergence, MarkKind};
use kizumi_method::iterate::StopRule;

/// Going back, comparing two runs, the contact sheet, curves and what they say.
pub struct Runs {
    pub undo: &'static str,
    pub redo: &'static str,
    pub copy_settings: &'static str,
    pub paste_settings: &'static str,
    pub paste_failed: fn(&str) -> String,

    pub compare_heading: &'static str,
    pub keep_as_a: &'static str,
    pub keep_as_a_help: &'static str,
    pub a: &'static str,
    pub b: &'static str,
    pub both: &'static str,
    pub side_help: &'static str,
    pub swap: &'static str,
    pub drop_a: &'static str,
    pub adopt_a: &'static str,
    pub same_settings: &'static str,
    pub score: &'static str,
    pub iterations: &'static str,
    pub ended: &'static str,
    pub pixel_auroc: &'static str,
    pub pixel_auroc_help: &'static str,
    pub best_iou: &'static str,
    pub best_iou_help: &'static str,
    pub on: &'static str,
    pub off: &'static str,
    /// In the order of [`StopRule`].
    pub stops: [&'static str; 4],
    pub runs_still: &'static str,

    pub open_sheet: &'static str,
    pub open_sheet_help: &'static str,
    pub sheet_heading: &'static str,
    pub sheet_help: &'static str,
    pub close_sheet: &'static str,
    pub recentre: &'static str,
    pub recentre_help: &'static str,
    pub page_help: &'static str,
    pub heatmaps: &'static str,
    pub iterates: &'static str,
    pub columns: &'static str,
    pub rows: &'static str,
    pub span_count: fn(&str) -> String,
    pub span_low: fn(&str) -> String,
    pub span_high: fn(&str) -> String,
    pub cell: fn(f32, f32) -> String,
    pub present: &'static str,
    pub waiting: &'static str,
    pub scale: fn(&str) -> String,

    pub diverged: fn(Divergence) -> String,
    pub diverged_help: &'static str,
    pub halve_alpha: &'static str,
    pub halve_alpha_help: &'static str,

    /// Titles and formulas, in the order of [`PlotTab`].
    pub tabs: [(&'static str, &'static str); 3],
    pub show_curve: fn(&str) -> String,
    pub back_off: &'static str,
    pub speed: &'static str,
    pub repeat: &'static str,
}

impl Runs {
    pub fn stop(&self, stop: StopRule) -> &'static str {
        let [threshold, iterations, not_finite, cancelled] = self.stops;
        match stop {
            StopRule::Threshold => threshold,
            StopRule::Iterations => iterations,
            StopRule::NotFinite => not_finite,
            StopRule::Cancelled => cancelled,
        }
    }

    pub fn tab(&self, tab: PlotTab) -> (&'static str, &'static str) {
        let [movement, largest_change, step_size] = self.tabs;
        match tab {
            PlotTab::Movement => movement,
            PlotTab::LargestChange => largest_change,
            PlotTab::StepSize => step_size,
        }
    }

    pub fn mark(&self, kind: MarkKind) -> &'static str {
        match kind {
            MarkKind::BackOff => self.back_off,
            MarkKind::Stop(rule) => self.stop(rule),
        }
    }

    pub fn switch(&self, on: bool) -> &'static str {
        if on { self.on } else { self.off }
    }
}

/// English.
pub static ENGLISH: Runs = Runs {
    undo: "Undo",
    redo: "Redo",
    copy_settings: "Copy settings as text",
    paste_settings: "Paste settings",
    paste_failed: |reason| format!("The clipboard holds no settings: {reason}"),

    compare_heading: "Compare",
    keep_as_a: "Keep as A",
    keep_as_a_help: "Puts this run aside. Change the parameters, and compare the new run, B, with it.",
    a: "A",
    b: "B",
    both: "A | B",
    side_help: "Which run the pictures show (B flips).",
    swap: "Swap A and B",
    drop_a: "End the comparison",
    adopt_a: "Go back to A's parameters",
    same_settings: "The parameters are the same.",
    score: "Projected score",
    iterations: "Iterations done",
    ended: "Ended",
    pixel_auroc: "Pixel AUROC",
    pixel_auroc_help: "How well the difference tells defective pixels from normal ones, by the \
        ground truth. 1 is perfect, 0.5 is guessing.",
    best_iou: "Best IoU",
    best_iou_help: "Overlap of the thresholded difference and the ground truth, at the threshold \
        where it is largest.",
    on: "on",
    off: "off",
    stops: ["normal enough", "at the limit", "overflow", "cancelled"],
    runs_still: "running…",

    open_sheet: "Contact sheet…",
    open_sheet_help: "Projects this image with many step sizes and weights at once.",
    sheet_heading: "Contact sheet",
    sheet_help: "Below each: score and E. Click takes over its parameters, double click also closes.",
    close_sheet: "Close (Esc)",
    recentre: "Recentre",
    recentre_help: "A grid around the present parameters.",
    page_help: "How the distance to the original is measured.",
    heatmaps: "Difference",
    iterates: "Projected",
    columns: "α",
    rows: "λ",
    span_count: |name| format!("Number of {name}"),
    span_low: |name| format!("Smallest {name}"),
    span_high: |name| format!("Largest {name}"),
    cell: |alpha, lambda| format!("α {alpha}, λ {lambda}"),
    present: "present",
    waiting: "…",
    scale: |high| format!("one scale: 0 to {high}"),

    diverged: |divergence| match divergence {
        Divergence::Overflow => "Diverged: overflow".to_owned(),
        Divergence::Rise(factor) if factor < 1e4 => format!("Diverging: E rose {factor:.1}-fold"),
        Divergence::Rise(_) => "Diverging: E rose without bound".to_owned(),
    },
    diverged_help: "The steps are too long: the energy rises instead of falling.",
    halve_alpha: "Halve α",
    halve_alpha_help: "Runs again with half the step size.",

    tabs: [
        ("Movement", "|f(x_t) − f(x_0)|"),
        ("Change", "largest |x_t − x_t_−_1|"),
        ("Step size", "α"),
    ],
    show_curve: |curve| format!("Curve {curve}"),
    back_off: "α halved",
    speed: "Speed",
    repeat: "Repeat",
};

/// Japanese.
pub static JAPANESE: Runs = Runs {
    undo: "元に戻す",
    redo: "やり直す",
    copy_settings: "設定をテキストでコピー",
    paste_settings: "設定を貼り付け",
    paste_failed: |reason| format!("クリップボードに設定がありません: {reason}"),

    compare_heading: "比較",
    keep_as_a: "A として保持",
    keep_as_a_help: "現在の実行結果を A として残します。パラメータを変えると、新しい結果 B と比較できます。",
    a: "A",
    b: "B",
    both: "A | B",
    side_help: "画像に表示する結果を選びます。",
    swap: "A と B を入れ替え",
    drop_a: "比較を終了",
    adopt_a: "A のパラメータに戻す",
    same_settings: "パラメータは同じです。",
    score: "投影スコア",
    iterations: "反復回数",
    ended: "終了理由",
    pixel_auroc: "画素 AUROC",
    pixel_auroc_help: "正解マスクに対し、差分が欠陥画素と正常画素をどれだけ区別できるかを示します。1 が完全、0.5 は偶然と同じです。",
    best_iou: "最大 IoU",
    best_iou_help: "しきい値処理した差分と正解マスクの重なりです。最も大きくなるしきい値での値を示します。",
    on: "オン",
    off: "オフ",
    stops: ["正常と判定", "上限に到達", "オーバーフロー", "中止"],
    runs_still: "実行中…",

    open_sheet: "一覧比較…",
    open_sheet_help: "多数の α と λ の組み合わせで、この画像をまとめて投影します。",
    sheet_heading: "一覧比較",
    sheet_help: "各画像の下はスコアと E です。クリックでパラメータを採用、ダブルクリックで採用して閉じます。",
    close_sheet: "閉じる (Esc)",
    recentre: "現在値を中心に",
    recentre_help: "現在のパラメータを中心に一覧を作り直します。",
    page_help: "元画像との距離の測り方です。",
    heatmaps: "差分",
    iterates: "投影画像",
    columns: "α",
    rows: "λ",
    span_count: |name| format!("{name} の数"),
    span_low: |name| format!("{name} の最小値"),
    span_high: |name| format!("{name} の最大値"),
    cell: |alpha, lambda| format!("α {alpha}、λ {lambda}"),
    present: "現在値",
    waiting: "…",
    scale: |high| format!("共通スケール: 0 ~ {high}"),

    diverged: |divergence| match divergence {
        Divergence::Overflow => "発散: オーバーフロー".to_owned(),
        Divergence::Rise(factor) if factor < 1e4 => format!("発散中: E が {factor:.1} 倍に増加"),
        Divergence::Rise(_) => "発散中: E が際限なく増加".to_owned(),
    },
    diverged_help: "ステップが大きすぎるため、エネルギーが下がらずに上がっています。",
    halve_alpha: "α を半分に",
    halve_alpha_help: "ステップ幅を半分にして再実行します。",

    tabs: [
        ("移動量", "|f(x_t) − f(x_0)|"),
        ("変化量", "最大の |x_t − x_t_−_1|"),
        ("ステップ幅", "α"),
    ],
    show_curve: |curve| format!("曲線 {curve}"),
    back_off: "α を半減",
    speed: "再生速度",
    repeat: "繰り返し再生",
};
