//! Going back, comparing two runs, the contact sheet, curves and what they say.

use crate::ui::settings::PlotTab;
use crate::ui::state::marks::{Divergence, MarkKind};
use kizumi_method::iterate::StopRule;
use kizumi_report::words;

words! {
    /// Going back, comparing two runs, the contact sheet, curves and what they say.
    pub struct Runs;

    undo = "Undo", "元に戻す";
    redo = "Redo", "やり直す";
    copy_settings = "Copy settings as text", "設定をテキストでコピー";
    paste_settings = "Paste settings", "設定を貼り付け";
    paste_failed: fn(&str) -> String =
        |reason| format!("The clipboard holds no settings: {reason}"),
        |reason| format!("クリップボードに設定がありません: {reason}");
    map_without_effect = "The pasted map settings have no effect on this model, whose normal \
        images were measured with others. They are kept for the next model that is trained.",
        "貼り付けたマップの設定はこのモデルには効きません。良品が別の設定で測定されているためです。\
        次に学習するモデルで使われます。";

    compare_heading = "Compare", "比較";
    keep_as_a = "Keep as A", "A として保持";
    keep_as_a_help = "Puts this run aside. Change the parameters, and compare the new run, B, with \
        it.",
        "現在の実行結果を A として残します。パラメータを変えると、新しい結果 B と比較できます。";
    a = "A", "A";
    b = "B", "B";
    both = "A | B", "A | B";
    side_help = "Which run the pictures show (B flips).", "画像に表示する結果を選びます。";
    swap = "Swap A and B", "A と B を入れ替え";
    drop_a = "End the comparison", "比較を終了";
    adopt_a = "Go back to A's parameters", "A のパラメータに戻す";
    same_settings = "The parameters are the same.", "パラメータは同じです。";
    score = "Projected score", "投影スコア";
    iterations = "Iterations done", "反復回数";
    ended = "Ended", "終了理由";
    pixel_auroc = "Pixel AUROC", "画素 AUROC";
    pixel_auroc_help = "How well the difference tells defective pixels from normal ones, by the \
        ground truth. 1 is perfect, 0.5 is guessing.",
        "正解マスクに対し、差分が欠陥画素と正常画素をどれだけ区別できるかを示します。1 が完全、\
        0.5 は偶然と同じです。";
    best_iou = "Best IoU", "最大 IoU";
    best_iou_help = "Overlap of the thresholded difference and the ground truth, at the threshold \
        where it is largest.",
        "しきい値処理した差分と正解マスクの重なりです。最も大きくなるしきい値での値を示します。";
    on = "on", "オン";
    off = "off", "オフ";
    /// In the order of [`StopRule`].
    stops: [&'static str; 4] = ["normal enough", "at the limit", "overflow", "stopped"],
        ["正常と判定", "上限に到達", "オーバーフロー", "中止"];
    runs_still = "running…", "実行中…";

    open_sheet = "Contact sheet…", "一覧比較…";
    open_sheet_help = "Projects this image with many step sizes and weights at once.",
        "多数の α と λ の組み合わせで、この画像をまとめて投影します。";
    sheet_heading = "Contact sheet", "一覧比較";
    sheet_help = "Below each: score and E. Click takes over its parameters, double click also \
        closes.",
        "各画像の下はスコアと E です。クリックでパラメータを採用、\
        ダブルクリックで採用して閉じます。";
    close_sheet = "Close (Esc)", "閉じる (Esc)";
    recentre = "Recentre", "現在値を中心に";
    recentre_help = "A grid around the present parameters.",
        "現在のパラメータを中心に一覧を作り直します。";
    page_help = "How the distance to the original is measured.", "元画像との距離の測り方です。";
    heatmaps = "Heatmap", "ヒートマップ";
    deviations = "What differs", "違い";
    deviations_help = "Each map less the mean of all: maps of features hardly change with α and λ, and look alike.",
        "各マップと全体の平均との差です。特徴量によるマップはαやλでほとんど変わらず、同じように見えます。";
    /// The most by which a map is off the mean of all.
    differ_by: fn(&str) -> String = |most| format!("off their mean by {most} at most"),
        |most| format!("平均との差は最大{most}");
    iterates = "Projected", "投影画像";
    columns = "α", "α";
    rows = "λ", "λ";
    span_count: fn(&str) -> String = |name| format!("Number of {name}"),
        |name| format!("{name} の数");
    span_low: fn(&str) -> String = |name| format!("Smallest {name}"),
        |name| format!("{name} の最小値");
    span_high: fn(&str) -> String = |name| format!("Largest {name}"),
        |name| format!("{name} の最大値");
    cell: fn(f32, f32) -> String = |alpha, lambda| format!("α {alpha}, λ {lambda}"),
        |alpha, lambda| format!("α {alpha}、λ {lambda}");
    present = "present", "現在値";
    waiting = "…", "…";
    scale: fn(&str) -> String = |high| format!("one scale: 0 to {high}"),
        |high| format!("共通スケール: 0 ~ {high}");

    diverged: fn(Divergence) -> String =
        |divergence| match divergence {
            Divergence::Overflow => "Diverged: overflow".to_owned(),
            Divergence::Rise(factor) if factor < 1e4 => format!("Diverging: E rose {factor:.1}-fold"),
            Divergence::Rise(_) => "Diverging: E rose without bound".to_owned(),
        },
        |divergence| match divergence {
            Divergence::Overflow => "発散: オーバーフロー".to_owned(),
            Divergence::Rise(factor) if factor < 1e4 => format!("発散中: E が {factor:.1} 倍に増加"),
            Divergence::Rise(_) => "発散中: E が際限なく増加".to_owned(),
        };
    diverged_help = "The steps are too long: the energy rises instead of falling.",
        "ステップが大きすぎるため、エネルギーが下がらずに上がっています。";
    halve_alpha = "Halve α", "α を半分に";
    halve_alpha_help = "Runs again with half the step size.",
        "ステップ幅を半分にして再実行します。";

    /// Titles and formulas, in the order of [`PlotTab`].
    tabs: [(&'static str, &'static str); 4] =
        [
            ("Movement", "|f(x_t) − f(x_0)| / |x_0 − f(x_0)|"),
            ("Change", "largest |x_t − x_t_−_1|"),
            ("Step size", "α"),
            ("Features", "D(x_t)"),
        ],
        [
            ("移動量", "|f(x_t) − f(x_0)| / |x_0 − f(x_0)|"),
            ("変化量", "最大の |x_t − x_t_−_1|"),
            ("ステップ幅", "α"),
            ("特徴量", "D(x_t)"),
        ];
    show_curve: fn(&str) -> String = |curve| format!("Curve {curve}"),
        |curve| format!("曲線 {curve}");
    back_off = "α halved", "α を半減";
    speed = "Speed", "再生速度";
    repeat = "Repeat", "繰り返し再生";
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
        let [movement, largest_change, step_size, features] = self.tabs;
        match tab {
            PlotTab::Movement => movement,
            PlotTab::LargestChange => largest_change,
            PlotTab::StepSize => step_size,
            PlotTab::Features => features,
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
